//! What a ZIP's central directory says: names and sizes, read without opening anything (PKWARE APPNOTE 4.3.12, 4.3.16).

/// One entry as declared; nothing of it is to be believed without a limit of one's own.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    /// Name inside, as stored.
    pub(super) name: &'a [u8],
    /// Bytes when opened.
    pub(super) inflated: u64,
}

/// Bytes of a directory's end record without its comment.
const END: usize = 22;
/// Bytes of an entry's header before its name.
const HEADER: usize = 46;

/// Entries in order; none when the directory is absent, as in a file that is cut off.
pub(super) fn entries(bytes: &[u8]) -> impl Iterator<Item = Declared<'_>> {
    let mut at = start(bytes);
    std::iter::from_fn(move || {
        let here = at?;
        let entry = bytes.get(here..).filter(|b| b.starts_with(b"PK\x01\x02"))?;
        let name = number(entry, 28, 2)?;
        let rest = number(entry, 30, 2)? + number(entry, 32, 2)?;
        at = here.checked_add(HEADER + name + rest);
        Some(Declared {
            name: entry.get(HEADER..HEADER + name)?,
            inflated: number(entry, 24, 4)? as u64,
        })
    })
}

/// Sum of the declared sizes; `None` when there is no directory.
pub(super) fn inflated(bytes: &[u8]) -> Option<u64> {
    start(bytes)?;
    Some(entries(bytes).fold(0, |sum, e| sum.saturating_add(e.inflated)))
}

fn start(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(66_000);
    let end = (from..(bytes.len() + 1).saturating_sub(END))
        .rev()
        .find(|&i| bytes[i..].starts_with(b"PK\x05\x06"))?;
    number(&bytes[end..], 16, 4)
}

fn number(bytes: &[u8], at: usize, n: usize) -> Option<usize> {
    let slice = bytes.get(at..at + n)?;
    Some(slice.iter().rev().fold(0, |sum, b| sum << 8 | usize::from(*b)))
}
