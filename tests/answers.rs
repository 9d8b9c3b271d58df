//! How long others may keep what a URL that ends is answered with.

use tests::{Answer, Edge};

fn life(answer: &Answer) -> &str {
    answer.header("cache-control").unwrap_or("none")
}

#[test]
fn a_ttl_never_outlives_the_url() {
    let edge = Edge::builder().set("http-cache-ttl", "31556926").start();
    let answer = edge.get("/resize?width=40&file=dunes.jpg&expires=4102444800");
    assert_eq!(
        life(&answer),
        "public, s-maxage=31556926, max-age=31556926, no-transform"
    );
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let answer = edge.get(&format!(
        "/resize?width=40&file=dunes.jpg&expires={}",
        now + 1000
    ));
    answer.picture();
    let seconds: u64 = life(&answer)
        .split(['=', ','])
        .nth(2)
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=1000).contains(&seconds), "{}", life(&answer));
    edge.get("/resize?width=40&file=dunes.jpg&expires=1000")
        .refused(410);
}
