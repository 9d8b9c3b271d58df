//! The sample pictures are named with their licence, and together stay small.

use std::collections::BTreeSet;

use tests::pictures;

#[test]
fn every_sample_stands_in_the_table_with_a_licence() {
    let table = std::fs::read_to_string(pictures().join("README.md")).unwrap();
    let named: BTreeSet<String> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, rest)| {
            let licence = rest
                .trim_end_matches([' ', '|'])
                .rsplit('|')
                .next()
                .unwrap()
                .trim();
            assert!(licence.len() > 2, "{name} has no licence");
            name.to_owned()
        })
        .collect();
    let there: BTreeSet<String> = std::fs::read_dir(pictures())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file() && entry.file_name() != "README.md")
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(named, there);
    let bytes: u64 = there
        .iter()
        .map(|name| pictures().join(name).metadata().unwrap().len())
        .sum();
    assert!(
        bytes < 2_500_000,
        "{bytes} bytes of samples in a repository"
    );
}
