//! The pictures that lie in the mount, by name, for the page to offer. Names only, of one directory, and
//! only so many; what is in them is read by the way of every other request. Blocks.

use std::path::Path;

use request::limits::SOURCE_BYTES_MAX;

/// As many as a page shows without scrolling for long.
const NAMES_MAX: usize = 48;
/// Directory entries that are looked at: a mount can hold millions.
const ENTRIES_MAX: usize = 10_000;
/// What pictures that can be read are called.
const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "webp", "gif", "avif"];

/// Names in order, and how many more there are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Samples {
    pub(super) names: Vec<String>,
    pub(super) more: usize,
}

/// What lies in `mount` itself. A directory that cannot be read has no samples.
pub(super) fn list(mount: &Path) -> Samples {
    let entries = std::fs::read_dir(mount).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .take(ENTRIES_MAX)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_picture(name) && name.len() <= SOURCE_BYTES_MAX)
        .collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMES_MAX);
    names.truncate(NAMES_MAX);
    Samples { names, more }
}

fn is_picture(name: &str) -> bool {
    Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_listed_in_order_and_only_so_many() {
        let mount = tempfile::tempdir().unwrap();
        for name in ["b.PNG", "a.jpg", "notes.txt", "jpg"] {
            std::fs::write(mount.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(mount.path().join("c.jpg")).unwrap();
        let expected = Samples {
            names: vec!["a.jpg".into(), "b.PNG".into()],
            more: 0,
        };
        assert_eq!(list(mount.path()), expected);
        for number in 0..NAMES_MAX {
            std::fs::write(mount.path().join(format!("c{number}.webp")), "x").unwrap();
        }
        let listed = list(mount.path());
        assert_eq!((listed.names.len(), listed.more), (NAMES_MAX, 2));
    }

    #[test]
    fn a_directory_that_is_gone_has_no_samples() {
        assert_eq!(list(Path::new("/no/such/place")).names.len(), 0);
    }
}
