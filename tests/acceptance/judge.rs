//! What was seen of one file against what the manifest expects of it.

use std::time::Duration;

use tests::corpus::Line;
use tests::eyes;

/// Longest answer for a picture, and for what is refused or meant to hurt.
const PICTURE_TIME_MAX: Duration = Duration::from_secs(5);
const REFUSAL_TIME_MAX: Duration = Duration::from_secs(1);
/// Most memory that such a file may cost.
const GROWTH_MAX: u64 = 300 << 20;

/// One answer.
pub(crate) struct Answer {
    pub(crate) operation: &'static str,
    pub(crate) media: &'static str,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) body: Vec<u8>,
}

/// All that was seen of one file.
pub(crate) struct Seen {
    pub(crate) answers: Vec<Answer>,
    /// Bytes of memory at the most, above what there was before.
    pub(crate) grown: u64,
}

impl Seen {
    pub(crate) fn slowest(&self) -> Duration {
        self.answers
            .iter()
            .map(|answer| answer.took)
            .max()
            .unwrap_or_default()
    }
}

/// What is wrong, if anything.
pub(crate) fn judge(line: &Line, seen: &Seen) -> Vec<String> {
    let mut faults: Vec<String> = seen
        .answers
        .iter()
        .filter_map(|answer| of_one(line, answer))
        .collect();
    faults.extend(stored_size(line, seen));
    let refuses = !line.expect.starts_with("ok");
    let time_max = if refuses {
        REFUSAL_TIME_MAX
    } else {
        PICTURE_TIME_MAX
    };
    if seen.slowest() > time_max {
        faults.push(format!("{:.1} s", seen.slowest().as_secs_f64()));
    }
    let is_meant_to_hurt = ["bombs/", "hostile/", "corrupt/", "fuzz/"];
    let is_meant_to_hurt = is_meant_to_hurt
        .iter()
        .any(|folder| line.file.starts_with(folder));
    if is_meant_to_hurt && seen.grown > GROWTH_MAX {
        faults.push(format!("{} MB", seen.grown >> 20));
    }
    faults
}

fn of_one(line: &Line, answer: &Answer) -> Option<String> {
    let is_right = || is_right(answer);
    // A header may be whole although the picture is not.
    let is_whole_header = answer.operation == "info" && answer.status == 200 && is_right();
    let fine = line.allows(answer.status, is_right) || is_whole_header;
    let text = if answer.status == 200 {
        String::new()
    } else {
        String::from_utf8_lossy(&answer.body).into_owned()
    };
    (!fine).then(|| format!("{} {} {text}", answer.operation, answer.status))
}

/// Whether an answer is what its operation gives: of the right kind, and not larger than asked.
fn is_right(answer: &Answer) -> bool {
    if answer.operation == "info" {
        return size_of(&answer.body).is_some();
    }
    if eyes::media_type(&answer.body) != answer.media {
        return false;
    }
    let (width, height) = eyes::size(&answer.body);
    match answer.operation {
        "resize" => (1..=400).contains(&width),
        "crop" => (1..=120).contains(&width) && (1..=80).contains(&height),
        "webp" => (1..=200).contains(&width),
        _ => (1..=64).contains(&width),
    }
}

/// Width and height that `/info` says.
fn size_of(body: &[u8]) -> Option<(u64, u64)> {
    let info: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some((info["width"].as_u64()?, info["height"].as_u64()?))
}

/// Of a picture that must work, `/info` says the size that the manifest knows.
fn stored_size(line: &Line, seen: &Seen) -> Option<String> {
    let (width, height) = line.pixels.split_once('x')?;
    let known = (width.parse::<u64>().ok()?, height.parse::<u64>().ok()?);
    let info = seen
        .answers
        .iter()
        .find(|answer| answer.operation == "info")?;
    if !line.expect.starts_with("ok") || info.status != 200 {
        return None;
    }
    let said = size_of(&info.body)?;
    (said != known).then(|| format!("info says {}x{}", said.0, said.1))
}
