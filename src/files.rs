//! Files as they are read: regular ones only, and no more of them than a limit. Devices, pipes and folders are told, not waited
//! for; where a walk may go is decided without following links.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

/// Why something that has a file's name is not read; the inner error of the [`io::Error`]s of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// A folder.
    #[error("it is a folder, not a file")]
    Folder,
    /// A device, a pipe, a socket.
    #[error("it is no regular file but a device or a pipe")]
    Special,
    /// Larger than this number of bytes.
    #[error("it has over {0} bytes")]
    TooLarge(u64),
    /// Not text.
    #[error("it is no UTF-8 text (byte {0})")]
    NotText(usize),
}

impl Unfit {
    /// Of an error of this module.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    fn error(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, self)
    }
}

/// Opens a regular file.
pub fn open(path: &Path) -> io::Result<File> {
    // Asked before opening, since a pipe would wait for its writer, and after, since it may have been replaced.
    regular(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    regular(&file.metadata()?)?;
    Ok(file)
}

fn regular(about: &std::fs::Metadata) -> io::Result<()> {
    if about.is_dir() {
        Err(Unfit::Folder.error())
    } else if about.is_file() {
        Ok(())
    } else {
        Err(Unfit::Special.error())
    }
}

/// Reads a regular file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (bytes, more) = read_start(path, limit)?;
    if more {
        return Err(Unfit::TooLarge(limit).error());
    }
    Ok(bytes)
}

/// Reads the first `limit` bytes of a regular file; whether there are more.
pub fn read_start(path: &Path, limit: u64) -> io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let more = bytes.len() as u64 > limit;
    bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((bytes, more))
}

/// Reads a text of at most `limit` bytes.
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    String::from_utf8(read(path, limit)?).map_err(|e| Unfit::NotText(e.utf8_error().valid_up_to()).error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_within_the_limit_are_read() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("a");
        std::fs::write(&path, b"12345\xff").expect("write");
        assert_eq!(read(&path, 6).expect("fits"), b"12345\xff");
        let unfit = |r: io::Result<Vec<u8>>| r.err().as_ref().and_then(Unfit::of);
        assert_eq!(unfit(read(&path, 5)), Some(Unfit::TooLarge(5)));
        assert_eq!(read_start(&path, 5).expect("start"), (b"12345".to_vec(), true));
        assert_eq!(unfit(read(dir.path(), 5)), Some(Unfit::Folder));
        let text = read_text(&path, 9).expect_err("no text");
        assert_eq!(Unfit::of(&text), Some(Unfit::NotText(5)));
        #[cfg(unix)]
        assert_eq!(unfit(read(Path::new("/dev/zero"), 5)), Some(Unfit::Special));
        let absent = read(&dir.path().join("b"), 5).expect_err("absent");
        assert_eq!(absent.kind(), io::ErrorKind::NotFound);
    }
}
