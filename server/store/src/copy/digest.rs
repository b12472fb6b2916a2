//! A number for all rows of a table, in whichever order they come.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::column::Cell;

/// How many rows a table has, and the sum of their SHA-256 hashes: two tables with the same of both hold the same rows.
/// Databases sort texts each in their own way, and a sum does not mind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    pub rows: u64,
    sum: [u64; 4],
}

impl Digest {
    pub(super) fn add(&mut self, row: &[Cell]) {
        self.rows += 1;
        let hash = hash_of(row);
        for (sum, part) in self.sum.iter_mut().zip(hash.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*part));
        }
    }
}

/// What a row holds, so that no two rows that differ are alike: each value begins with its sort, and texts with their length.
fn hash_of(row: &[Cell]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for cell in row {
        match cell {
            Cell::Empty => hash.update([0]),
            Cell::Whole(number) => {
                hash.update([1]);
                hash.update(number.to_be_bytes());
            }
            Cell::Text(text) => {
                hash.update([2]);
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
            Cell::Bytes(bytes) => {
                hash.update([3]);
                hash.update((bytes.len() as u64).to_be_bytes());
                hash.update(bytes);
            }
            Cell::Number(count) => {
                hash.update([4]);
                hash.update(count.to_be_bytes());
            }
        }
    }
    hash.finalize().into()
}

/// The sum, in hexadecimal digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sum.iter().try_for_each(|part| write!(f, "{part:016x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Cell]]) -> Digest {
        let mut digest = Digest::default();
        rows.iter().for_each(|row| digest.add(row));
        digest
    }

    #[test]
    fn the_order_of_rows_does_not_count_and_everything_in_them_does() {
        let (a, b) = ([Cell::Whole(1), Cell::Text("a".into())], [Cell::Whole(2), Cell::Empty]);
        assert_eq!(of(&[&a, &b]), of(&[&b, &a]));
        assert_ne!(of(&[&a, &b]), of(&[&a]));
        assert_ne!(of(&[&a]), of(&[&b]));
        assert_ne!(
            of(&[&[Cell::Text("ab".into()), Cell::Text("c".into())]]),
            of(&[&[Cell::Text("a".into()), Cell::Text("bc".into())]])
        );
        assert_ne!(of(&[&[Cell::Whole(1)]]), of(&[&[Cell::Number(1)]]));
        assert_ne!(of(&[&[Cell::Empty]]), of(&[&[Cell::Text(String::new())]]));
        assert_eq!(of(&[&a]).to_string().len(), 64);
    }
}
