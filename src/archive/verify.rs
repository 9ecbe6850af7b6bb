//! Has anything been altered since the case was sealed?

use std::path::Path;

use super::manifest;
use super::warc::read_member;
use super::writer::{LARGEST_FILE, archive_files, read_log};
use super::{ArchiveError, sha256};
use crate::files::{self, Unfit};

/// Largest `manifest.sha256` that is read, in bytes.
const LARGEST_SEAL: u64 = 4096;

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File inside the case.
    pub file: String,
    /// What is wrong, in Spanish.
    pub what: String,
}

/// Checks, before a sealed case is used, that its manifest, its evidence and what else is named (`also`, paths in the case) are
/// as they were sealed. A case that is not sealed yet passes: there is nothing to hold it against.
pub fn intact(dir: &Path, also: &[&str]) -> Result<(), ArchiveError> {
    let altered = |file: &str| ArchiveError::Altered {
        dir: dir.to_owned(),
        file: file.to_owned(),
    };
    let path = dir.join("manifest.json");
    let digest = manifest::digest_of(&path).ok();
    let noted = files::read(&dir.join("manifest.sha256"), LARGEST_SEAL).ok();
    let expected = digest.map(|d| format!("{d}  manifest.json\n").into_bytes());
    let kept = noted.is_some() && noted == expected;
    let manifest = match manifest::read(dir) {
        Err(ArchiveError::Damaged { .. }) if !kept => return Err(altered("manifest.json")),
        other => other?,
    };
    if manifest.crawl.is_none() {
        return Ok(());
    }
    if !kept {
        let file = if noted.is_none() {
            "manifest.sha256"
        } else {
            "manifest.json"
        };
        return Err(altered(file));
    }
    for name in manifest::list(dir)?.iter().filter(|n| manifest::is_evidence(n)) {
        if !manifest.files.contains_key(name) {
            return Err(altered(name));
        }
    }
    let counts = |name: &str| manifest::is_evidence(name) || also.contains(&name);
    for (name, digest) in manifest.files.iter().filter(|(n, _)| counts(n)) {
        match manifest::digest_of(&dir.join(name)) {
            Ok(found) if found == *digest => {}
            Err(ArchiveError::Io { path, source }) if source.kind() == std::io::ErrorKind::PermissionDenied => {
                return Err(ArchiveError::Io { path, source });
            }
            _ => return Err(altered(name)),
        }
    }
    Ok(())
}

/// Checks every file against the manifest, every archived record against its digest, and the log against the archive.
pub fn verify(dir: &Path) -> Result<Vec<Problem>, ArchiveError> {
    let mut out = Vec::new();
    let mut tell = |file: &str, what: String| {
        out.push(Problem {
            file: file.to_owned(),
            what,
        });
    };
    let path = dir.join("manifest.json");
    if !path.exists() && dir.join("evidence").is_dir() {
        tell("manifest.json", "falta: sin él no se sabe qué se selló".to_owned());
        return Ok(out);
    }
    let bytes = files::read(&path, manifest::LARGEST).map_err(ArchiveError::part(dir, &path))?;
    let expected = format!("{}  manifest.json\n", sha256(&bytes));
    match files::read(&dir.join("manifest.sha256"), LARGEST_SEAL) {
        Ok(found) if found == expected.as_bytes() => {}
        Ok(_) => tell(
            "manifest.json",
            "no coincide con manifest.sha256: uno de los dos fue alterado".to_owned(),
        ),
        Err(_) => tell("manifest.sha256", "falta".to_owned()),
    }
    let manifest = match manifest::read(dir) {
        Ok(manifest) => manifest,
        Err(ArchiveError::Damaged { why, .. }) => {
            tell("manifest.json", format!("no se puede leer: {why}"));
            return Ok(out);
        }
        Err(other) => return Err(other),
    };
    if manifest.crawl.is_none() {
        tell(
            "manifest.json",
            "el expediente no está sellado: la captura no terminó; reanúdela con el mismo comando".to_owned(),
        );
    }
    let present = manifest::list(dir)?;
    for (name, digest) in &manifest.files {
        if !present.contains(name) {
            tell(name, "falta".to_owned());
            continue;
        }
        match manifest::digest_of(&dir.join(name)) {
            Ok(found) if found == *digest => {}
            Ok(_) => tell(name, "su contenido no es el que se selló".to_owned()),
            Err(ArchiveError::Io { source, .. }) if Unfit::of(&source).is_some() => {
                tell(name, "no es un archivo común: no se leyó".to_owned());
            }
            Err(other) => return Err(other),
        }
    }
    if manifest.crawl.is_some() {
        for name in present.iter().filter(|n| !manifest.files.contains_key(*n)) {
            tell(name, "no estaba cuando se selló".to_owned());
        }
    }
    check_records(dir, &mut tell)?;
    Ok(out)
}

/// Records one after another, and that each line of the log has its own.
fn check_records(dir: &Path, tell: &mut impl FnMut(&str, String)) -> Result<(), ArchiveError> {
    let mut places = std::collections::BTreeSet::new();
    for name in archive_files(dir)? {
        let path = dir.join(&name);
        let bytes = match files::read(&path, LARGEST_FILE) {
            Ok(bytes) => bytes,
            Err(e) if Unfit::of(&e).is_some() => {
                tell(
                    &name,
                    "no es un archivo común de tamaño creíble: sus registros no se leyeron".to_owned(),
                );
                continue;
            }
            Err(e) => return Err(ArchiveError::io(&path)(e)),
        };
        let mut at = 0usize;
        while at < bytes.len() {
            match read_member(&bytes[at..]) {
                Ok(Some((_, length))) => {
                    places.insert((name.clone(), at as u64, length));
                    at += usize::try_from(length).unwrap_or(usize::MAX);
                }
                Ok(None) => {
                    tell(&name, format!("el registro del byte {at} está cortado"));
                    break;
                }
                Err(why) => {
                    tell(&name, format!("el registro del byte {at} está dañado: {why}"));
                    break;
                }
            }
        }
    }
    match read_log(dir) {
        Ok(captures) => {
            for capture in captures {
                let Some(r) = capture.record else { continue };
                if !places.contains(&(r.warc.clone(), r.offset, r.length)) {
                    tell(
                        "crawl.jsonl",
                        format!(
                            "dice que {} está en {} byte {}, y ahí no hay un registro",
                            capture.url, r.warc, r.offset
                        ),
                    );
                }
            }
        }
        Err(ArchiveError::Damaged { offset, why, .. }) => tell(
            "crawl.jsonl",
            format!("el renglón del byte {offset} está dañado: {why}"),
        ),
        Err(ArchiveError::NotACase(_)) => tell("crawl.jsonl", "falta".to_owned()),
        Err(other) => return Err(other),
    }
    Ok(())
}
