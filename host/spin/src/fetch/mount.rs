//! A file of the mount. The host opens nothing outside of the folders that it granted, wherever links lead;
//! here only names are kept below the one that was configured.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use answer::origin::FetchError;
use answer::path;
use bytes::Bytes;

/// The bytes of the file `name` below `mount`.
pub(super) fn read(mount: &str, name: &str, bytes_max: u64) -> Result<Bytes, FetchError> {
    let open = || {
        let inside = path::inside(name).ok_or(io::ErrorKind::PermissionDenied)?;
        let path = Path::new(mount).join(inside);
        // Opening alone can have an effect on a device, so look first.
        let length = regular(
            path.metadata()?.file_type().is_file(),
            path.metadata()?.len(),
        )?;
        Ok((File::open(path)?, length))
    };
    let (file, length) = open().map_err(FetchError::InvalidFile)?;
    if length > bytes_max {
        return Err(FetchError::TooLarge { bytes_max });
    }
    let mut bytes = Vec::with_capacity(length as usize);
    // A file can grow while it is read; one byte more than allowed is enough to see it.
    file.take(bytes_max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(FetchError::InvalidFile)?;
    match bytes.len() as u64 {
        0 => Err(FetchError::Empty),
        read if read > bytes_max => Err(FetchError::TooLarge { bytes_max }),
        _ => Ok(bytes.into()),
    }
}

fn regular(is_file: bool, length: u64) -> io::Result<u64> {
    if is_file {
        Ok(length)
    } else {
        Err(io::ErrorKind::IsADirectory.into())
    }
}
