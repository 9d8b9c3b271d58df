//! The programs that sign a URL, one a language, for the README and the page to try things on. The
//! server's tests run them; nothing here does.

/// A program that takes a key and a target, and prints the signed target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snippet {
    /// The language, as people write it.
    pub language: &'static str,
    /// What a fence of Markdown calls it.
    pub fence: &'static str,
    /// The program.
    pub code: &'static str,
}

/// All of them.
pub const SNIPPETS: [Snippet; 5] = [
    Snippet {
        language: "JavaScript",
        fence: "js",
        code: include_str!("../../signing/sign.mjs"),
    },
    Snippet {
        language: "Python",
        fence: "python",
        code: include_str!("../../signing/sign.py"),
    },
    Snippet {
        language: "Go",
        fence: "go",
        code: include_str!("../../signing/sign.go"),
    },
    Snippet {
        language: "PHP",
        fence: "php",
        code: include_str!("../../signing/sign.php"),
    },
    Snippet {
        language: "Ruby",
        fence: "ruby",
        code: include_str!("../../signing/sign.rb"),
    },
];

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const BEGIN: &str =
        "<!-- snippets: begin (UPDATE_README=1 cargo test -p request snippets) -->\n";
    const END: &str = "<!-- snippets: end -->\n";

    fn markdown() -> String {
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

    /// Written anew by `UPDATE_README=1 cargo test -p request snippets`; by itself, since another test writes
    /// into the same file.
    #[test]
    fn the_readme_holds_the_programs() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
        let readme = std::fs::read_to_string(file).unwrap();
        let (before, rest) = readme.split_once(BEGIN).unwrap();
        let (inside, after) = rest.split_once(END).unwrap();
        let expected = markdown();
        if std::env::var_os("UPDATE_README").is_some() {
            std::fs::write(file, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        } else {
            assert_eq!(inside, expected, "the README is not what the programs are");
        }
    }
}
