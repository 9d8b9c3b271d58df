//! What a component asks for and what it offers, read from its bytes before anything is compiled: what could
//! never run is refused in one sentence. Whether it is valid in every part is the sandbox's to find out.

use wasmparser::{Encoding, Parser, Payload};

use super::Error;

/// What a transformer offers.
const INTERFACE: &str = "darkroom:image/transform@0.1.0";

/// Names of interfaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Surface {
    /// What it asks for.
    pub(super) imports: Vec<String>,
    /// What it offers.
    pub(super) exports: Vec<String>,
}

impl Surface {
    /// Of the outermost component; those inside it are its own matter.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let mut surface = Self::default();
        let mut depth = 0_u32;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::Version {
                    encoding: Encoding::Module,
                    ..
                } if depth == 0 => return Err(Error::CoreModule),
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section {
                        surface.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section {
                        surface.exports.push(export?.name.name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(surface)
    }

    /// A transformer asks for nothing and offers one interface.
    pub(super) fn is_a_transformers(&self) -> Result<(), Error> {
        if !self.imports.is_empty() {
            return Err(Error::Imports(self.imports.join(", ")));
        }
        if self.exports != [INTERFACE] {
            return Err(Error::Exports {
                exports: self.exports.join(", "),
                expected: INTERFACE,
            });
        }
        Ok(())
    }
}
