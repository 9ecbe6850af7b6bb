//! ZIP containers, opened in memory within limits. Declared sizes are not believed: bytes are counted while they inflate.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Limits;
use crate::model::Fault;

/// Bytes that an entry may always have, however small it is stored.
const SMALL: u64 = 1 << 20;

/// Characters of an entry's name that are kept.
const NAME: usize = 300;

/// An open container.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: Limits,
}

/// What a container says of one of its entries.
pub(super) struct About {
    /// Its name without control characters; shown, never used as a path.
    pub(super) name: String,
    /// Whether it is a folder.
    pub(super) folder: bool,
    /// Whether it asks for a password.
    pub(super) encrypted: bool,
    /// Size that it says to have when opened.
    pub(super) size: u64,
    /// Size as stored.
    stored: u64,
}

impl<'a> Package<'a> {
    /// Opens it by its directory.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Fault> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| why(&e))?;
        Ok(Self { zip, limits: *limits })
    }

    /// Number of entries.
    pub(super) fn len(&self) -> usize {
        self.zip.len()
    }

    /// About an entry.
    pub(super) fn about(&mut self, index: usize) -> Result<About, Fault> {
        let file = self.zip.by_index_raw(index).map_err(|e| why(&e))?;
        let name = match std::str::from_utf8(file.name_raw()) {
            Ok(name) => name.to_owned(),
            Err(_) => file.name().map_or_else(
                |_| String::from_utf8_lossy(file.name_raw()).into_owned(),
                std::borrow::Cow::into_owned,
            ),
        };
        Ok(About {
            name: name.chars().filter(|c| !c.is_control()).take(NAME).collect(),
            folder: file.is_dir(),
            encrypted: file.encrypted(),
            size: file.size(),
            stored: file.compressed_size(),
        })
    }

    /// Inflates an entry; takes what it becomes off `left`, the bytes that may still be inflated.
    pub(super) fn read(&mut self, index: usize, left: &mut u64) -> Result<Vec<u8>, Fault> {
        let about = self.about(index)?;
        if about.encrypted {
            return Err(Fault::Encrypted);
        }
        let by_ratio = about.stored.saturating_mul(self.limits.ratio).max(SMALL);
        let limit = self.limits.entry.min(by_ratio).min(*left);
        let mut bytes = Vec::new();
        let file = self.zip.by_index(index).map_err(|e| why(&e))?;
        let done = file.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        let found = bytes.len() as u64;
        *left = left.saturating_sub(found);
        if found > limit {
            return Err(Fault::TooLarge {
                what: "bytes al abrirse".to_owned(),
                found: about.size.max(found),
                limit,
            });
        }
        done.map_err(|_| Fault::Damaged)?;
        Ok(bytes)
    }

    /// Inflates the entry of a name, if there is one.
    pub(super) fn named(&mut self, name: &str, left: &mut u64) -> Option<Result<Vec<u8>, Fault>> {
        let index = self.zip.index_for_name(name)?;
        Some(self.read(index, left))
    }

    /// Names of all entries.
    pub(super) fn names(&self) -> Vec<String> {
        self.zip
            .file_names()
            .filter_map(Result::ok)
            .map(std::borrow::Cow::into_owned)
            .collect()
    }
}

fn why(error: &ZipError) -> Fault {
    match error {
        ZipError::InvalidPassword => Fault::Encrypted,
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => Fault::Encrypted,
        _ => Fault::Damaged,
    }
}
