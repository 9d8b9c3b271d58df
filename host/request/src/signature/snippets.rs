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
