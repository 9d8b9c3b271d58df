//! Paths with more slashes or dots than they need: of a URL, which leads elsewhere as Go's router has it
//! (`//health` is moved to `/health`), and of a file, which may not lead out of its mount.

use std::path::PathBuf;

/// Where `path` leads, if that is not where it points. Always begins with one slash, so that it can never
/// name another host.
pub fn cleaned(path: &str) -> Option<String> {
    let inner = path.strip_prefix('/')?;
    if inner.is_empty() {
        return None;
    }
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if inner
        .strip_suffix('/')
        .unwrap_or(inner)
        .split('/')
        .all(is_plain)
    {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in inner.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let mut clean = format!("/{}", parts.join("/"));
    if path.ends_with('/') && clean.len() > 1 {
        clean.push('/');
    }
    Some(clean)
}

/// `name` without `.` and `..`, below the mount even where it begins with `/`, as imaginary joins
/// it. `None` if it climbs out on its way, even if it came back.
pub fn inside(name: &str) -> Option<PathBuf> {
    if name.contains('\0') {
        return None;
    }
    let mut inside = PathBuf::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if inside.pop() => {}
            ".." => return None,
            part => inside.push(part),
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_moved() {
        for (path, clean) in [
            ("/", None),
            ("/health", None),
            ("/a/b.c/", None),
            ("/a/...", None),
            ("*", None),
            ("//", Some("/")),
            ("//health", Some("/health")),
            ("/api//v1/./health", Some("/api/v1/health")),
            ("/a/../b", Some("/b")),
            ("/../../etc/passwd", Some("/etc/passwd")),
            ("//evil.example/x", Some("/evil.example/x")),
            ("/a/..", Some("/")),
            ("/a//", Some("/a/")),
        ] {
            assert_eq!(cleaned(path).as_deref(), clean, "{path}");
        }
    }
}
