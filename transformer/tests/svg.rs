//! Drawings that cost more than they show.

mod limits;

use limits::LIMITS;
use transformer::Sources;
use transformer::options::{Format, Output};

#[test]
fn a_filter_that_looks_far_costs_detail_and_not_the_size() {
    // Each pixel is the darkest of 20,000 by 20,000 around it.
    let drawing = br##"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600">
        <filter id="f"><feMorphology radius="9999"/></filter>
        <rect width="900" height="600" fill="#08f" filter="url(#f)"/></svg>"##;
    let output = Output::new(Format::Png);
    let made = transformer::transform(Sources::alone(drawing), &[], &output, &LIMITS);
    let size = made.map(|made| (made.width, made.height));
    assert!(matches!(size, Ok((900, 600))), "{size:?}");
}
