//! Our JPEG decoder against libjpeg-turbo's `djpeg`: the same files go through both, and the pixels
//! must agree. Over every JPEG of the corpus, where it is there, and over synthetic ones made with
//! `cjpeg`; `DARKROOM_JPEG_CASES=2000` asks for more of these. Fails where the tools are missing.

#[path = "jpeg_differential/corpus.rs"]
mod corpus;
#[path = "jpeg_differential/synthetic.rs"]
mod synthetic;
#[path = "jpeg_differential/reduced.rs"]
mod reduced;
#[path = "jpeg_differential/compare.rs"]
mod compare;
