//! The table as Markdown, for the README. A test compares the two.

use std::fmt::Write as _;

use super::endpoint::Endpoint;
use super::table::{Range, Row, TABLE, Takers};

/// Endpoints and parameters, as two tables.
pub fn markdown() -> String {
    let mut text =
        String::from("### Endpoints\n\n| Endpoint | Needs | What it does |\n|---|---|---|\n");
    for endpoint in Endpoint::ALL {
        let _ = writeln!(
            text,
            "| `/{}` | {} | {} |",
            endpoint.name(),
            endpoint.needs(),
            endpoint.help()
        );
    }
    text.push_str("\n### Parameters\n\n| Name | Type | Default | Range | Endpoints | What it does |\n|---|---|---|---|---|---|\n");
    for row in TABLE {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            row.name,
            row.kind.name(),
            row.default,
            range(row),
            takers(row),
            row.help
        );
    }
    text
}

fn range(row: &Row) -> String {
    match row.range {
        Range::Any => "–".to_owned(),
        Range::Numbers(least, most) => format!("{least}–{most}"),
        Range::Choices(words) => words
            .iter()
            .map(|word| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(" "),
        Range::Bytes(most) => format!("{most} bytes"),
    }
}

fn takers(row: &Row) -> String {
    match row.takers {
        Takers::All => "all".to_owned(),
        Takers::Renditions => "renditions".to_owned(),
        Takers::Only(endpoints) => endpoints
            .iter()
            .map(|endpoint| endpoint.name())
            .collect::<Vec<_>>()
            .join(", "),
    }
}
