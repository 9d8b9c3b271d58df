//! Which box, met how: every row of the reference's table of sizes, and the rules behind it.

use super::*;

const ROWS: &[(&str, &str)] = &[
    ("resize?width=300", "orient Pad:300x-"),
    ("resize?height=300", "orient Pad:-x300"),
    ("resize?width=300&height=300", "orient Pad:300x300"),
    (
        "resize?width=300&height=300&nocrop=false",
        "orient Cover:300x300",
    ),
    ("resize?width=300&nocrop=false", "orient Cover:300x-"),
    ("resize?width=300&nocrop=", "orient Cover:300x-"),
    ("resize?width=300&nocrop", "orient Cover:300x-"),
    ("resize?width=300&nocrop=true", "orient Pad:300x-"),
    ("resize?width=1000", "orient Pad:1000x-"),
    (
        "resize?width=1000&height=1500&force=true",
        "orient Stretch:1000x1500!",
    ),
    ("resize?width=NaN", "orient"),
    ("resize?width=Inf", "orient"),
    ("resize?width=NaN&height=20", "orient Pad:-x20"),
    ("fit?width=300&height=300", "orient Inside:300x300"),
    (
        "fit?width=300&height=300&embed=true",
        "orient Inside:300x300",
    ),
    (
        "fit?width=300&height=300&force=true",
        "orient Inside:300x300!",
    ),
    ("crop?width=300", "orient Cover:300x-"),
    ("crop?height=300", "orient Cover:-x300"),
    ("crop?width=300&height=300", "orient Cover:300x300"),
    (
        "smartcrop?width=300&height=300",
        "orient Cover:300x300:Smart",
    ),
    (
        "smartcrop?width=300&height=300&gravity=north",
        "orient Cover:300x300:Smart",
    ),
    ("enlarge?width=300&height=200", "orient Cover:300x200!"),
    (
        "enlarge?width=1000&height=1000&nocrop=false",
        "orient Cover:1000x1000!",
    ),
    (
        "enlarge?width=1000&height=1000&nocrop=true",
        "orient Inside:1000x1000!",
    ),
    (
        "enlarge?width=1000&height=1000&nocrop=true&embed=true",
        "orient Pad:1000x1000!",
    ),
    (
        "extract?top=100&left=100&areawidth=200&areaheight=120",
        "orient extract:200x120+100+100",
    ),
    ("extract?areawidth=200&areaheight=120&embed=true", "orient"),
    (
        "extract?areawidth=200&areaheight=120&embed=true&force=1",
        "orient extract:200x120+0+0",
    ),
    (
        "extract?areawidth=200&areaheight=120&gravity=smart",
        "orient",
    ),
    (
        "extract?areawidth=20&areaheight=12&width=300",
        "orient Stretch:300x-! extract:20x12+0+0",
    ),
    (
        "extract?areawidth=20&areaheight=12&rotate=90",
        "Quarter extract:20x12+0+0",
    ),
    ("thumbnail?width=100", "orient Stretch:100x-!"),
    ("thumbnail?height=100", "orient Stretch:-x100!"),
    ("thumbnail?width=100&height=100", "orient Stretch:100x100!"),
    (
        "thumbnail?width=100&height=100&rotate=90",
        "Quarter Inside:100x100",
    ),
    ("thumbnail?width=100&height=100&rotate=45", "Inside:100x100"),
    (
        "thumbnail?width=100&height=100&rotate=90&force=true",
        "Quarter Stretch:100x100!",
    ),
    (
        "thumbnail?width=100&height=100&embed=true",
        "orient Pad:100x100",
    ),
    ("zoom?factor=1", "orient zoom:2"),
    ("zoom?factor=2", "orient zoom:3"),
    ("zoom?factor=1&width=100", "orient zoom:2 Stretch:100x-!"),
    (
        "zoom?factor=1&top=10&areawidth=300",
        "orient zoom:2 extract:300x-+0+10",
    ),
    (
        "zoom?factor=1&left=10&areaheight=300&width=40&height=50",
        "orient zoom:2 Stretch:40x50! extract:40x300+10+0",
    ),
    (
        "zoom?factor=1&areawidth=300&areaheight=300",
        "orient zoom:2",
    ),
    (
        "zoom?factor=1&top=1&areawidth=30&width=40&height=50&nocrop=0",
        "orient zoom:2 Cover:40x50",
    ),
    (
        "zoom?factor=1&width=40&height=50&nocrop=false",
        "orient zoom:2 Stretch:40x50!",
    ),
    ("rotate?rotate=90&width=100", "Quarter Inside:100x-"),
    ("rotate?rotate=45", ""),
    ("autorotate", "orient"),
    (
        "autorotate?width=10&rotate=90&flip=true&norotation=1&type=png&sigma=3",
        "orient",
    ),
    ("convert?type=png", "orient"),
    ("convert?type=png&width=100", "orient Stretch:100x-!"),
    (
        "flip?width=100&height=50&embed=1",
        "orient Horizontal Pad:100x50",
    ),
    ("blur?sigma=2&width=100", "orient Stretch:100x-! blur:2"),
    ("info", "inspect"),
];

#[test]
fn rows_of_the_table_of_sizes() {
    for (call, expected) in ROWS {
        assert_eq!(plan(call), *expected, "{call}");
    }
}

#[test]
fn spellings_of_a_number_are_one_request() {
    let bytes = |value: &str| {
        ask(&format!("/resize?width={value}&file=a"))
            .unwrap()
            .canonical_bytes(None)
    };
    for value in [
        "-100",
        "99.9",
        "0100",
        "1e2",
        "0x64p0",
        "%31%30%30",
        "%2B100",
        "1_00",
        "100&width=5",
    ] {
        assert_eq!(bytes(value), bytes("100"), "{value}");
    }
    // A `+` in a query is a space, and a space is no digit.
    assert!(ask("/resize?width=+100&file=a").is_err());
    assert_ne!(bytes("99.02"), bytes("100"));
}

#[test]
fn absurd_sizes_stay_absurd_for_the_limits_to_see() {
    assert_eq!(
        plan("resize?width=100000000&force=1"),
        "orient Stretch:100000000x-!"
    );
    assert_eq!(
        plan("resize?width=1e30&force=1"),
        format!("orient Stretch:{}x-!", u32::MAX)
    );
    assert_eq!(
        plan("zoom?factor=1e30"),
        format!("orient zoom:{}", u32::MAX)
    );
    assert_eq!(plan("zoom?factor=NaN"), format!("orient zoom:{}", u32::MAX));
    assert_eq!(
        plan("extract?left=NaN&areawidth=1e30&areaheight=Inf"),
        format!("orient extract:{0}x{0}+{0}+0", u32::MAX)
    );
}

#[test]
fn a_ratio_gives_the_other_side_in_whole_numbers() {
    for (call, expected) in [
        ("resize?width=300&aspectratio=16:9", "orient Pad:300x162"),
        ("resize?height=300&aspectratio=16:9", "orient Pad:528x300"),
        (
            "resize?width=300&height=100&aspectratio=16:9",
            "orient Pad:300x100",
        ),
        ("resize?width=10&aspectratio=16:9", "orient Pad:10x-"),
        ("resize?width=300&aspectratio=16:0", "orient Pad:300x-"),
        ("resize?width=300&aspectratio=-16:9", "orient Pad:300x-"),
        ("resize?width=300&aspectratio=", "orient Pad:300x-"),
        ("crop?width=300&aspectratio=1:1:1", "orient Cover:300x300"),
        // Where it is not used it may be anything.
        (
            "resize?width=300&height=100&aspectratio=16",
            "orient Pad:300x100",
        ),
        ("flip?aspectratio=a:b", "orient Horizontal"),
    ] {
        assert_eq!(plan(call), expected, "{call}");
    }
}

#[test]
fn gravity_counts_where_something_is_cut_off() {
    for (gravity, expected) in [
        ("north", ":North"),
        ("%20SOUTH%20", ":South"),
        ("East", ":East"),
        ("west", ":West"),
        ("smart", ":Smart"),
        ("centre", ""),
        ("northwest", ""),
        ("", ""),
    ] {
        let call = format!("crop?width=30&height=20&gravity={gravity}");
        assert_eq!(
            plan(&call),
            format!("orient Cover:30x20{expected}"),
            "{call}"
        );
    }
    assert_eq!(
        plan("resize?width=30&height=20&gravity=north"),
        "orient Pad:30x20"
    );
    assert_eq!(
        plan("resize?width=30&height=20&gravity=smart"),
        "orient Inside:30x20"
    );
    assert_eq!(
        plan("resize?width=30&height=20&gravity=smart&nocrop=false"),
        "orient Cover:30x20:Smart"
    );
    assert_eq!(
        plan("thumbnail?width=30&height=20&gravity=smart"),
        "orient Stretch:30x20!"
    );
    assert_eq!(
        plan("enlarge?width=30&height=20&gravity=smart"),
        "orient Cover:30x20!:Smart"
    );
}

#[test]
fn extend_counts_where_something_is_padded() {
    for (query, expected) in [
        ("extend=copy", ""),
        ("extend=white", ":White"),
        ("extend=%20BLACK", ":Black"),
        ("extend=lastpixel", ":Black"),
        ("extend=lastpixel&background=1,2,3", ":Black flatten:1,2,3"),
        ("extend=background", ":Black"),
        ("extend=background&background=1,2,3", ":1,2,3 flatten:1,2,3"),
        ("extend=background&background=0,0,0", ":Black"),
        ("extend=mirror", ":Mirror"),
        ("extend=", ":Mirror"),
        ("extend=nonsense", ":Mirror"),
        ("", ""),
    ] {
        let call = format!("resize?width=30&height=20&{query}");
        assert_eq!(plan(&call), format!("orient Pad:30x20{expected}"), "{call}");
    }
    assert_eq!(plan("resize?width=30&extend=white"), "orient Pad:30x-");
    assert_eq!(
        plan("crop?width=30&height=20&extend=white"),
        "orient Cover:30x20"
    );
}
