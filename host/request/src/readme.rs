//! The parts of the README that stand in the code: the reference, and the programs that sign. Written anew
//! by `UPDATE_README=1 cargo test -p request readme`.

use std::fmt::Write as _;

use crate::dialect::imaginary::reference;
use crate::signature::SNIPPETS;

fn programs() -> String {
    let mut text = String::new();
    for snippet in SNIPPETS {
        let _ = write!(
            text,
            "\n<details><summary>{}</summary>\n\n```{}\n{}```\n\n</details>\n",
            snippet.language, snippet.fence, snippet.code
        );
    }
    text
}

#[test]
fn the_readme_holds_what_the_code_says() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let mut readme = std::fs::read_to_string(file).unwrap();
    for (part, expected) in [("snippets", programs()), ("reference", reference())] {
        let begin =
            format!("<!-- {part}: begin (UPDATE_README=1 cargo test -p request readme) -->\n");
        let end = format!("<!-- {part}: end -->\n");
        let (before, rest) = readme.split_once(&begin).expect(part);
        let (inside, after) = rest.split_once(&end).expect(part);
        if std::env::var_os("UPDATE_README").is_some() {
            readme = format!("{before}{begin}{expected}{end}{after}");
            std::fs::write(file, &readme).unwrap();
        } else {
            assert_eq!(
                inside, expected,
                "{part}: the README is not what the code says"
            );
        }
    }
}
