//! Every format that is written, read back by a decoder that is not ours: right size, right channels,
//! close enough to what went in, and exactly what went in where there is no loss.

#![expect(
    clippy::unwrap_used,
    reason = "a picture that cannot be read back is the failure looked for"
)]

mod encode_formats {
    mod bounds;
    mod harness;
    mod palettes;
    mod with_loss;
    mod without_loss;
}
