//! Where the picture comes from.

use super::*;
use crate::limits::SOURCE_BYTES_MAX;

fn source(query: &str) -> Result<Source, (u16, String)> {
    let request = ask(&format!("/flip?{query}"));
    request
        .map(|request| request.source)
        .map_err(|error| (error.status(), error.public_message()))
}

fn file(name: &str) -> Source {
    Source::File(name.to_owned())
}

#[test]
fn files_are_unescaped_twice() {
    for (query, name) in [
        ("file=a.jpg", "a.jpg"),
        ("file=large%20image.jpg", "large image.jpg"),
        ("file=large%2520image.jpg", "large image.jpg"),
        ("file=a%2Bb.jpg", "a b.jpg"),
        ("file=a%252Bb.jpg", "a+b.jpg"),
        ("file=%C3%A9.jpg", "é.jpg"),
        // Whoever opens it has to keep it inside the mount.
        ("file=../x.jpg", "../x.jpg"),
        ("file=%252e%252e%252fx.jpg", "../x.jpg"),
        ("file=%2Fetc%2Fpasswd", "/etc/passwd"),
        // Unescaped twice, and not once more.
        ("file=%25252e%25252e", "%2e%2e"),
    ] {
        assert_eq!(source(query), Ok(file(name)), "{query}");
    }
}

#[test]
fn names_that_are_none() {
    let none = Err((
        400,
        "Cannot process the image due to missing or invalid params".to_owned(),
    ));
    for query in [
        "",
        "file=",
        "url=",
        "file=&url=",
        "file=%25zz",
        "file=%25",
        "url=&width=1",
        "File=a.jpg",
    ] {
        assert_eq!(source(query), none, "{query}");
    }
    let both = source("file=a.jpg&url=http://h/b.jpg");
    assert_eq!(both, none);
    // Only the first of each counts.
    assert_eq!(source("file=a.jpg&file=b.jpg"), Ok(file("a.jpg")));
}

#[test]
fn names_that_cannot_be() {
    let invalid = Err((400, "Invalid file path".to_owned()));
    for query in [
        "file=a%00.jpg",
        "file=a%2500.jpg",
        "file=%25ff.jpg",
        "file=%25c3",
    ] {
        assert_eq!(source(query), invalid, "{query}");
    }
    assert!(
        source("file=%ff.jpg")
            .unwrap_err()
            .1
            .contains("\"file\" with value \"\\xff.jpg\", error: invalid UTF-8")
    );
    let longest = "x".repeat(SOURCE_BYTES_MAX);
    assert_eq!(source(&format!("file={longest}")), Ok(file(&longest)));
    assert_eq!(source(&format!("file={longest}x")), invalid);
}

#[test]
fn urls() {
    for url in [
        "http://h/a.jpg",
        "HTTPS://h:81/a?b=c%26d",
        "http://[::1]/",
        "https://u:p@h",
    ] {
        let escaped: String = url.replace('%', "%25").replace('&', "%26");
        assert_eq!(
            source(&format!("url={escaped}")),
            Ok(Source::Url(url.to_owned())),
            "{url}"
        );
    }
    let invalid = Err((400, "Invalid image URL".to_owned()));
    for url in [
        "h/a.jpg",
        "ftp://h/a",
        "file:///etc/passwd",
        "http:///a",
        "http://",
        "https://?x",
        "http:h",
        "javascript:x",
        "http://h/a%20b",
        "http://h/%0d%0aX",
        "http://h/%00",
        "%20http://h/",
        "//h/a",
        "http://%23",
    ] {
        assert_eq!(source(&format!("url={url}")), invalid, "{url}");
    }
}

#[test]
fn each_source_has_its_own_switch() {
    let parse = |sources: Sources, method: Method, target: &str| {
        let rules = Rules {
            sources,
            ..Rules::default()
        };
        rules
            .parse(&signed(target), method)
            .map(|request| request.source)
            .map_err(|error| error.status())
    };
    let (none, files, urls) = (
        Sources::default(),
        Sources {
            file: true,
            ..Sources::default()
        },
        Sources {
            url: true,
            ..Sources::default()
        },
    );
    assert_eq!(parse(none, Method::Get, "/flip?file=a"), Err(405));
    assert_eq!(parse(none, Method::Get, "/crop?width=x"), Err(405));
    assert_eq!(
        parse(files, Method::Get, "/flip?file=a"),
        Ok(Source::File("a".to_owned()))
    );
    assert_eq!(parse(files, Method::Get, "/flip?url=http://h"), Err(400));
    assert_eq!(
        parse(urls, Method::Get, "/flip?url=http://h"),
        Ok(Source::Url("http://h".to_owned()))
    );
    assert_eq!(parse(urls, Method::Get, "/flip?file=a"), Err(400));
    assert_eq!(
        parse(files, Method::Get, "/flip?file=a&url=http://h"),
        Err(400)
    );
    assert_eq!(parse(none, Method::Get, "/x?file=a"), Err(404));
    for sources in [none, files, urls] {
        assert_eq!(
            parse(sources, Method::Post, "/flip?file=a&url=nonsense"),
            Ok(Source::Upload)
        );
    }
}

#[test]
fn objects_are_sources_where_there_are_buckets() {
    let parse = |sources: Sources, url: &str| {
        let rules = Rules {
            sources,
            ..Rules::default()
        };
        let target = format!("/flip?url={url}");
        rules
            .parse(&signed(&target), Method::Get)
            .map(|request| request.source)
            .map_err(|error| error.status())
    };
    let buckets = Sources {
        bucket: true,
        ..Sources::default()
    };
    let web = Sources {
        url: true,
        ..Sources::default()
    };
    for url in ["s3://b/a.jpg", "gs://b/c/a.jpg", "az://b/a%2Bb.jpg"] {
        let decoded = url.replace("%2B", "+");
        assert_eq!(parse(buckets, url), Ok(Source::Url(decoded)), "{url}");
        assert_eq!(parse(web, url), Err(400), "{url}");
    }
    for url in [
        "http://h/a.jpg",
        "file:///etc/passwd",
        "s3:///a",
        "s3://",
        "s3://b/a%20b",
    ] {
        assert_eq!(parse(buckets, url), Err(400), "{url}");
    }
}

/// What an overlay is, where these are sources of an upload's server.
fn overlay(sources: Sources, image: &str) -> Option<Source> {
    let rules = Rules {
        sources,
        ..Rules::default()
    };
    let target = format!("/watermarkimage?image={image}");
    let request = rules.parse(&signed(&target), Method::Post).ok()?;
    request.overlays.into_iter().next()
}

#[test]
fn overlays_are_what_sources_are() {
    let none = Sources::default();
    let mount = Sources { file: true, ..none };
    let bucket = Sources {
        bucket: true,
        ..none
    };
    let url = |text: &str| Some(Source::Url(text.to_owned()));
    for (sources, image, expected) in [
        (none, "http://h/o.png", url("http://h/o.png")),
        (none, "o.png", None),
        (mount, "o.png", Some(file("o.png"))),
        // Whoever opens it has to keep it inside the mount.
        (mount, "/etc/passwd", Some(file("/etc/passwd"))),
        (mount, "a%2500.png", Some(file("a%00.png"))),
        (mount, "a%00.png", None),
        (mount, "file:///etc/passwd", None),
        (mount, "s3://b/o.png", None),
        (bucket, "s3://b/o.png", url("s3://b/o.png")),
        (mount, "http://h/%00", None),
    ] {
        assert_eq!(overlay(sources, image), expected, "{image}");
    }
    let signed = signed("/watermarkimage?image=o.png");
    let error = Rules::default().parse(&signed, Method::Post).unwrap_err();
    assert_eq!(
        (error.status(), error.public_message().as_str()),
        (
            400,
            "Error while processing the image: Unable to retrieve watermark image. o.png"
        )
    );
}
