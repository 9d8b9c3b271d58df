//! Tables into the README, between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Everything else
//! in the file stays as it was.

use std::path::Path;

use anyhow::{Context, Result};

/// Replace what stands between the markers of `name`.
pub fn write(readme: &Path, name: &str, table: &str) -> Result<()> {
    let text = std::fs::read_to_string(readme).with_context(|| readme.display().to_string())?;
    std::fs::write(readme, replace(&text, name, table)?)?;
    Ok(())
}

fn replace(text: &str, name: &str, table: &str) -> Result<String> {
    let (open, close) = (
        format!("<!-- bench:{name} -->"),
        format!("<!-- /bench:{name} -->"),
    );
    let start = text
        .find(&open)
        .with_context(|| format!("the README has no {open}"))?
        + open.len();
    let end = start
        + text[start..]
            .find(&close)
            .with_context(|| format!("the README has no {close}"))?;
    Ok(format!(
        "{}\n{}\n{}",
        &text[..start],
        table.trim(),
        &text[end..]
    ))
}

/// A Markdown table.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = head.iter().map(|&cell| cell.to_owned()).collect();
    let rule = vec!["---".to_owned(); head.len()];
    let mut text = line(&head) + &line(&rule);
    for row in rows {
        text += &line(row);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nb";
        assert_eq!(
            replace(text, "x", "new\n").unwrap(),
            "a\n<!-- bench:x -->\nnew\n<!-- /bench:x -->\nb"
        );
        assert!(replace(text, "y", "new").is_err());
    }
}
