//! Ids: opaque to people, ordered by time of creation inside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of anything stored: a record, a row, a form, a member, a file.
///
/// 63 bits, made by the server: milliseconds since 2020 in the upper 41, a counter and random bits in the
/// lower 22, so that new rows go to the end of an index. On the wire it is 13 characters of Crockford's
/// base 32 in lower case; nobody outside may read anything into them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(i64);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 13;
/// 2020-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH_MS: i64 = 1_577_836_800_000;
const LOW_BITS: u32 = 22;

impl Id {
    /// An id from its stored number; `None` for what can't be one.
    pub fn from_i64(number: i64) -> Option<Id> {
        (number > 0).then_some(Id(number))
    }

    pub fn as_i64(self) -> i64 {
        self.0
    }

    /// The id for an instant (milliseconds since 1970) and `low`, of which 22 bits are used.
    pub fn compose(unix_ms: i64, low: u32) -> Id {
        let ms = (unix_ms - EPOCH_MS).clamp(1, (1 << 41) - 1);
        Id((ms << LOW_BITS) | i64::from(low & ((1 << LOW_BITS) - 1)))
    }
}

impl fmt::Display for Id {
    #[expect(clippy::indexing_slicing, reason = "five bits are always a place in a table of 32")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'0'; LENGTH];
        let mut rest = self.0 as u64;
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        text.iter().try_for_each(|byte| fmt::Write::write_char(f, char::from(*byte)))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for NotAnId {}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Id, NotAnId> {
        if text.len() != LENGTH {
            return Err(NotAnId);
        }
        let mut number: u64 = 0;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|known| *known == byte).ok_or(NotAnId)?;
            if number >> 59 != 0 {
                return Err(NotAnId);
            }
            number = (number << 5) | digit as u64;
        }
        i64::try_from(number).ok().and_then(Id::from_i64).ok_or(NotAnId)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back_is_the_same_id() {
        for number in [1, 31, 32, 1 << 40, i64::MAX] {
            let id = Id::from_i64(number).unwrap();
            assert_eq!(id.to_string().len(), LENGTH);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in ["", "0000000000000", "zzzzzzzzzzzzz", "000000000000u", "00000000000001", "é00000000000"]
        {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        assert!(Id::compose(1_700_000_000_000, u32::MAX) < Id::compose(1_700_000_000_001, 0));
        let (a, b) = (Id::compose(1_700_000_000_000, 5), Id::compose(1_800_000_000_000, 1));
        assert!(a.to_string() < b.to_string());
    }
}
