//! Is a compound file (MS-CFB) of sectors that end? Its tables say of each sector which one follows; a file whose sectors follow each
//! other in a circle has no end, and a reader that believes it fills the memory.

/// Sectors that end a chain, are free or hold the tables themselves (MS-CFB 2.1) begin here.
const SPECIAL: u32 = 0xFFFF_FFFA;
/// Places in the header that name sectors of the table (MS-CFB 2.2).
const IN_HEADER: usize = 109;

/// Whether no chain of sectors, large or small, runs in a circle.
pub(super) fn ends(bytes: &[u8]) -> bool {
    let Some(file) = Compound::of(bytes) else {
        return true;
    };
    let table = file.table();
    is_acyclic(&table) && is_acyclic(&file.small_table(&table))
}

struct Compound<'a> {
    bytes: &'a [u8],
    shift: u32,
}

impl<'a> Compound<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let shift = u32::from(u16::from_le_bytes(bytes.get(30..32)?.try_into().ok()?));
        (7..=16).contains(&shift).then_some(Self { bytes, shift })
    }

    fn number(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?))
    }

    /// The numbers that a sector holds; fewer where the file ends.
    fn sector(&self, n: u32) -> impl Iterator<Item = u32> + '_ {
        let from = (u64::from(n) + 1) << self.shift;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        (0..(1usize << self.shift) / 4).map_while(move |i| self.number(from.checked_add(i * 4)?))
    }

    /// Sectors that fit into the file: no table has more entries.
    fn most(&self) -> usize {
        (self.bytes.len() >> self.shift) + 1
    }

    /// For each sector the one that follows it.
    fn table(&self) -> Vec<u32> {
        let mut places: Vec<u32> = (0..IN_HEADER).filter_map(|i| self.number(76 + i * 4)).collect();
        let mut next = self.number(68).unwrap_or(SPECIAL);
        for _ in 0..self.most() {
            if next >= SPECIAL || places.len() > self.most() {
                break;
            }
            let mut named: Vec<u32> = self.sector(next).collect();
            next = named.pop().unwrap_or(SPECIAL);
            places.extend(named);
        }
        places.retain(|p| *p < SPECIAL);
        places.truncate(self.most());
        let mut out = Vec::new();
        for place in places {
            out.extend(self.sector(place));
        }
        out
    }

    /// The same for small sectors; its own sectors follow each other as `table` says.
    fn small_table(&self, table: &[u32]) -> Vec<u32> {
        let mut out = Vec::new();
        let mut next = self.number(60).unwrap_or(SPECIAL);
        for _ in 0..self.most() {
            if next >= SPECIAL {
                break;
            }
            out.extend(self.sector(next));
            next = table.get(next as usize).copied().unwrap_or(SPECIAL);
        }
        out
    }
}

/// Whether following the entries from anywhere comes to an end.
fn is_acyclic(next: &[u32]) -> bool {
    // By entry: the walk that met it, counted from 1.
    let mut met = vec![0u32; next.len()];
    for start in 0..next.len() {
        let walk = u32::try_from(start).unwrap_or(u32::MAX).saturating_add(1);
        let mut at = start;
        while let Some(slot) = met.get_mut(at).filter(|m| **m == 0) {
            *slot = walk;
            match next[at] {
                n if n < SPECIAL && (n as usize) < next.len() => at = n as usize,
                _ => break,
            }
            if met[at] == walk {
                return false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of a header and one sector that is the table.
    fn file(table: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0u8; 1024];
        bytes[30..32].copy_from_slice(&9u16.to_le_bytes());
        for at in (60..64).chain(68..72) {
            bytes[at] = 0xFF;
        }
        for i in 0..IN_HEADER {
            let place = if i == 0 { 0 } else { 0xFFFF_FFFFu32 };
            bytes[76 + i * 4..80 + i * 4].copy_from_slice(&place.to_le_bytes());
        }
        for i in 0..128 {
            let next = table.get(i).copied().unwrap_or(0xFFFF_FFFF);
            bytes[512 + i * 4..516 + i * 4].copy_from_slice(&next.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn chains_that_end_are_told_from_circles() {
        const END: u32 = 0xFFFF_FFFE;
        assert!(ends(&file(&[0xFFFF_FFFD, 2, 3, END, END])));
        assert!(ends(&file(&[0xFFFF_FFFD, 3, 3, END])), "two chains may join");
        assert!(!ends(&file(&[0xFFFF_FFFD, 2, 1])));
        assert!(!ends(&file(&[0xFFFF_FFFD, 1])));
        assert!(ends(b"short"));
    }

    #[test]
    fn small_sectors_are_looked_at_too() {
        // Sector 1 holds the table of small sectors, of which the first follows itself.
        let mut bytes = file(&[0xFFFF_FFFD, 0xFFFF_FFFE]);
        bytes[60..64].copy_from_slice(&1u32.to_le_bytes());
        bytes.extend(vec![0xFF; 512]);
        assert!(ends(&bytes));
        bytes[1024..1028].copy_from_slice(&0u32.to_le_bytes());
        assert!(!ends(&bytes));
    }
}
