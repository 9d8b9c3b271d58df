//! The reference, row by row. Requests are written as URLs and plans as a line of text.

mod sizes;
mod turns;
mod output;
mod refusals;
mod sources;
mod pipelines;
mod round_trip;

use super::*;
use crate::dialect::{Sources, Unknown};
use crate::operation::{Extend, Operation, Output, Resize};
use crate::signature::Keyring;

fn rules() -> Rules {
    Rules {
        sources: Sources {
            file: true,
            url: true,
            ..Sources::default()
        },
        ..Rules::default()
    }
}

fn strict() -> Rules {
    Rules {
        unknown: Unknown::Refuse,
        ..rules()
    }
}

fn signed(target: &str) -> Signed {
    Keyring::unsigned().verify(target, 0).unwrap()
}

fn ask(target: &str) -> Result<ImageRequest, ParseError> {
    rules().parse(&signed(target), Method::Get)
}

/// Status and message of a refusal.
fn refused(target: &str) -> (u16, String) {
    let error = ask(target).expect_err(target);
    (error.status(), error.public_message())
}

/// The steps that `/endpoint?query` of a file comes down to; ` ; ` between steps.
fn plan(call: &str) -> String {
    let mark = if call.contains('?') { '&' } else { '?' };
    let request =
        ask(&format!("/{call}{mark}file=a.jpg")).unwrap_or_else(|error| panic!("{call}: {error}"));
    let Action::Transform { steps, .. } = request.action else {
        return "inspect".to_owned();
    };
    let steps: Vec<_> = steps.iter().map(line).collect();
    steps.join(" ; ")
}

fn output(call: &str) -> Output {
    let mark = if call.contains('?') { '&' } else { '?' };
    match ask(&format!("/{call}{mark}file=a.jpg")).unwrap().action {
        Action::Transform { output, .. } => output,
        Action::Inspect => panic!("{call}"),
    }
}

fn line(step: &crate::operation::Step) -> String {
    let mut words: Vec<_> = step.operations.iter().map(word).collect();
    if step.on_failure == OnFailure::Skip {
        words.insert(0, "maybe".to_owned());
    }
    words.join(" ")
}

fn word(operation: &Operation) -> String {
    match operation {
        Operation::Orient => "orient".to_owned(),
        Operation::Rotate(turn) => format!("{turn:?}"),
        Operation::Mirror(mirror) => format!("{mirror:?}"),
        Operation::Zoom(factor) => format!("zoom:{factor}"),
        Operation::Resize(resize) => resize_word(resize),
        Operation::Extract(area) => {
            let side =
                |side: Option<u32>| side.map_or_else(|| "-".to_owned(), |side| side.to_string());
            format!(
                "extract:{}x{}+{}+{}",
                side(area.width),
                side(area.height),
                area.left,
                area.top
            )
        }
        Operation::Blur(sigma) => format!("blur:{sigma}"),
        Operation::Flatten(colour) => {
            format!("flatten:{},{},{}", colour.red, colour.green, colour.blue)
        }
        Operation::Greyscale => "grey".to_owned(),
        Operation::WatermarkText(text) => format!("text:{}", text.text),
        Operation::WatermarkImage(image) => {
            format!("image:{}+{}+{}", image.overlay, image.left, image.top)
        }
    }
}

/// `Fit:WxH`, then what is not the default: `!` may enlarge, the gravity, the extend.
fn resize_word(resize: &Resize) -> String {
    use crate::operation::{Enlarge, Gravity};
    let side = |side: Option<u32>| side.map_or_else(|| "-".to_owned(), |side| side.to_string());
    let mut word = format!(
        "{:?}:{}x{}",
        resize.fit,
        side(resize.width),
        side(resize.height)
    );
    if resize.enlarge == Enlarge::Allow {
        word.push('!');
    }
    if resize.gravity != Gravity::Centre {
        word = format!("{word}:{:?}", resize.gravity);
    }
    match resize.extend {
        Extend::Copy => word,
        Extend::Colour(colour) => format!("{word}:{},{},{}", colour.red, colour.green, colour.blue),
        other => format!("{word}:{other:?}"),
    }
}
