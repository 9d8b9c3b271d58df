//! The component that develops pictures, before the sandbox has it: its bytes come out of the program, a file
//! or a registry. How large it may be is decided here; what it may ask for, by the sandbox.

mod publish;
mod pull;
mod surface;

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read as _, stdin};
use std::path::Path;

use crate::config::transformer::Config;

pub(crate) use self::publish::publish;
use self::surface::Surface;

/// Bytes of a component: several times what any of ours has.
const COMPONENT_BYTES_MAX: u64 = 64 << 20;

/// The media type of a layer (CNCF), and what older tools call it.
const LAYER_TYPES: [&str; 2] = [
    "application/wasm",
    "application/vnd.wasm.content.layer.v1+wasm",
];

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The component is too large to be one.
    #[error("it has {bytes} bytes or more, at most {bytes_max} are taken")]
    TooLarge {
        /// What it has, or how much of it came.
        bytes: u64,
        /// Bytes allowed.
        bytes_max: u64,
    },
    /// The registry does not give it.
    #[error("the registry does not give it: {0}")]
    Registry(#[from] oci_client::errors::OciDistributionError),
    /// The registry did not answer in time.
    #[error("the registry took longer than {seconds} s")]
    TooSlow {
        /// Seconds allowed.
        seconds: u64,
    },
    /// What is named is no single component.
    #[error("it is no component: its layers are {0}; one of type application/wasm is expected")]
    Layers(String),
    /// The bytes are no WebAssembly at all.
    #[error("it is no component: {}", .0.message().lines().next().unwrap_or_default())]
    NoComponent(#[from] wasmparser::BinaryReaderError),
    /// The bytes are WebAssembly, and no component.
    #[error("it is no component but a core module")]
    CoreModule,
    /// It asks for something; nothing is given.
    #[error("a transformer must import nothing, and it imports {0}")]
    Imports(String),
    /// It is a component of another kind.
    #[error("a transformer exports {expected} alone, and it exports `{exports}`")]
    Exports {
        /// What it offers.
        exports: String,
        /// What a transformer offers.
        expected: &'static str,
    },
    /// There is no runtime to pull with.
    #[error("no runtime: {0}")]
    Runtime(std::io::Error),
}

/// The bytes of the component that was configured.
pub(crate) fn load(config: &Config) -> Result<Cow<'static, [u8]>, Error> {
    let bytes = match config {
        Config::BuiltIn => return Ok(Cow::Borrowed(guest::COMPONENT)),
        Config::File(path) => read(path)?,
        Config::Pulled(pulled) => pull::pull(pulled)?,
    };
    Surface::read(&bytes)?.is_a_transformers()?;
    Ok(Cow::Owned(bytes))
}

/// A file, or `-` for standard input, no further than it may be long.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let most = COMPONENT_BYTES_MAX + 1;
    if path == Path::new("-") {
        stdin().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    sized(bytes.len() as u64)?;
    Ok(bytes)
}

fn sized(bytes: u64) -> Result<(), Error> {
    if bytes > COMPONENT_BYTES_MAX {
        return Err(Error::TooLarge {
            bytes,
            bytes_max: COMPONENT_BYTES_MAX,
        });
    }
    Ok(())
}
