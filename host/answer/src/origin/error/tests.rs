//! Statuses and sentences of failed fetches.

use url::Url;

use super::*;

fn name(url: &str) -> OriginName {
    OriginName::of(&Url::parse(url).unwrap())
}

fn answered(status: u16) -> FetchError {
    FetchError::OriginStatus {
        origin: name("http://a.test/x.jpg"),
        status: StatusCode::from_u16(status).unwrap(),
        retry_after: None,
    }
}

#[test]
fn a_client_error_of_the_origin_keeps_its_status_and_nothing_else_does() {
    for (origin, ours) in [
        (204, 502),
        (206, 502),
        (304, 502),
        (399, 502),
        (400, 400),
        (401, 401),
        (404, 404),
        (410, 410),
        (429, 429),
        (499, 499),
        (500, 502),
        (503, 502),
        (504, 502),
        (600, 502),
        (999, 502),
    ] {
        assert_eq!(answered(origin).status().as_u16(), ours, "{origin}");
    }
}

#[test]
fn messages_are_the_ones_clients_of_imaginary_know() {
    let origin = || name("http://user:pass@a.test/b.jpg?secret=1");
    for (error, message) in [
        (
            answered(404),
            "error fetching remote http image: (status=404) (url=http://a.test/x.jpg)",
        ),
        (
            FetchError::OriginNotAllowed(origin()),
            "not allowed remote URL origin: a.test/b.jpg",
        ),
        (FetchError::InvalidUrl, "Invalid image URL"),
        (
            FetchError::InvalidFile(io::ErrorKind::NotFound.into()),
            "Invalid file path",
        ),
        (FetchError::Empty, "Empty or unreadable image"),
        (
            FetchError::DeclaredTooLarge {
                bytes: 1024,
                bytes_max: 1023,
            },
            "Content-Length 1024 exceeds maximum allowed 1023 bytes",
        ),
    ] {
        assert_eq!(error.public_message(), message);
    }
}
