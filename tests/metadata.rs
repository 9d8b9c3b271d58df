//! What of a source's metadata reaches the rendition, as exiftool sees it: nothing, unless it is asked for, and
//! then only what tells nobody who, where and with which camera of its kind.

use serde_json::Value;
use tests::viewers::{exiftool, tagged};
use tests::{Edge, corpus, eyes};

/// Formats with a place for metadata.
const FORMATS: [&str; 5] = ["jpeg", "png", "webp", "avif", "tiff"];

/// A picture with everything that a camera, a phone and an editor leave.
fn chatty() -> Vec<u8> {
    let jpeg = eyes::encode(&eyes::quarters(64, 48), image::ImageFormat::Jpeg);
    tagged(
        &jpeg,
        &[
            "-EXIF:Artist=Ada Example",
            "-EXIF:Copyright=(c) 2026 Example",
            "-EXIF:Make=Maker",
            "-EXIF:Model=Model 5",
            "-EXIF:ExposureTime=1/250",
            "-EXIF:FNumber=2.8",
            "-EXIF:ISO=400",
            "-EXIF:LensModel=50mm",
            "-EXIF:DateTimeOriginal=2026:01:02 03:04:05",
            "-EXIF:Orientation#=6",
            "-EXIF:ImageDescription=a secret place",
            "-EXIF:UserComment=a secret comment",
            "-EXIF:SerialNumber=S-12345",
            "-EXIF:LensSerialNumber=L-12345",
            "-EXIF:OwnerName=Owner Example",
            "-EXIF:ImageUniqueID=0123456789abcdef0123456789abcdef",
            "-GPS:GPSLatitude=52.5",
            "-GPS:GPSLatitudeRef=N",
            "-GPS:GPSLongitude=13.4",
            "-GPS:GPSLongitudeRef=E",
            "-IPTC:By-line=Ada Example",
            "-IPTC:City=Berlin",
            "-XMP:Creator=Ada Example",
            "-XMP:Location=Berlin",
            "-Comment=a secret remark",
        ],
    )
}

/// Tags that are no property of the pixels or the container: by group, in exiftool's words.
fn spoken(tags: &Value) -> Vec<String> {
    let groups = [
        "IFD0:",
        "IFD1:",
        "ExifIFD:",
        "GPS:",
        "IPTC:",
        "XMP",
        "MakerNotes:",
        "Photoshop:",
        "Interop",
    ];
    let tags = tags.as_object().unwrap().keys();
    let spoken = tags
        .filter(|tag| groups.iter().any(|group| tag.starts_with(group)) || tag.contains("Comment"));
    // What a TIFF is made of stands in the same directory.
    let structure = [
        "ImageWidth",
        "ImageHeight",
        "BitsPerSample",
        "Compression",
        "PhotometricInterpretation",
        "StripOffsets",
        "SamplesPerPixel",
        "RowsPerStrip",
        "StripByteCounts",
        "XResolution",
        "YResolution",
        "PlanarConfiguration",
        "ResolutionUnit",
        "Predictor",
        "ExtraSamples",
        "ExifVersion",
    ];
    let spoken = spoken.filter(|tag| {
        !structure
            .iter()
            .any(|name| tag.ends_with(&format!(":{name}")))
    });
    spoken.cloned().collect()
}

fn tags(parameters: &str, format: &str) -> Value {
    let answer = Edge::shared().post(
        &format!("/resize?width=30&type={format}{parameters}"),
        &chatty(),
    );
    exiftool(answer.picture())
}

#[test]
fn nothing_is_kept_unless_asked_for() {
    assert!(
        spoken(&exiftool(&chatty())).len() > 20,
        "{}",
        exiftool(&chatty())
    );
    for format in FORMATS.into_iter().chain(["gif", "jxl"]) {
        for parameters in ["", "&stripmeta=true", "&keepcopyright=false"] {
            let left = spoken(&tags(parameters, format));
            assert!(left.is_empty(), "{format} {parameters}: {left:?}");
        }
    }
}

#[test]
fn the_copyright_is_kept_where_asked_for() {
    for format in FORMATS {
        let tags = tags("&keepcopyright=true", format);
        assert_eq!(
            tags["IFD0:Copyright"], "(c) 2026 Example",
            "{format}: {tags}"
        );
        assert_eq!(tags["IFD0:Artist"], "Ada Example", "{format}");
        assert_eq!(spoken(&tags).len(), 2, "{format}: {:?}", spoken(&tags));
    }
}

#[test]
fn how_a_picture_was_taken_is_kept_and_not_by_whom_or_where() {
    for format in FORMATS {
        let tags = tags("&stripmeta=false", format);
        for (name, value) in [
            ("IFD0:Copyright", "(c) 2026 Example"),
            ("IFD0:Make", "Maker"),
            ("IFD0:Model", "Model 5"),
            ("ExifIFD:ExposureTime", "1/250"),
            ("ExifIFD:LensModel", "50mm"),
            ("ExifIFD:DateTimeOriginal", "2026:01:02 03:04:05"),
        ] {
            assert_eq!(tags[name], value, "{format}: {tags}");
        }
        assert_eq!(tags["ExifIFD:ISO"], 400, "{format}");
        assert_eq!(tags["ExifIFD:FNumber"], 2.8, "{format}");
        assert_eq!(spoken(&tags).len(), 8, "{format}: {:?}", spoken(&tags));
        let all = tags.to_string();
        for secret in [
            "Ada Example",
            "secret",
            "12345",
            "Berlin",
            "Owner",
            "Orientation",
            "GPS",
        ] {
            assert!(!all.contains(secret), "{format}: {secret} in {all}");
        }
    }
}

#[test]
fn an_animation_keeps_the_copyright_of_its_source() {
    let source = tests::sample("orbit.gif");
    let webp = Edge::shared()
        .post("/convert?type=webp", &source)
        .picture()
        .to_vec();
    let tagged = tagged(
        &webp,
        &[
            "-EXIF:Copyright=(c) 2026 Example",
            "-EXIF:SerialNumber=12345",
        ],
    );
    let kept = Edge::shared().post("/resize?width=50&keepcopyright=true", &tagged);
    let tags = exiftool(kept.picture());
    assert_eq!(tags["IFD0:Copyright"], "(c) 2026 Example", "{tags}");
    assert_eq!(spoken(&tags).len(), 1, "{tags}");
    assert_eq!(tests::viewers::pillow(kept.picture()).frames.len(), 12);
}

#[test]
fn the_corpus_tells_nothing_of_its_owners() {
    let Some(corpus) = corpus() else { return };
    let source = std::fs::read(corpus.join("jpeg/meta_gps_owner.jpg")).unwrap();
    let before = spoken(&exiftool(&source));
    assert!(
        before.iter().any(|tag| tag.starts_with("GPS:")),
        "{before:?}"
    );
    for format in FORMATS {
        let answer = Edge::shared().post(&format!("/resize?width=300&type={format}"), &source);
        let left = spoken(&exiftool(answer.picture()));
        assert!(left.is_empty(), "{format}: {left:?}");
    }
}
