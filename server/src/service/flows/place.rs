//! Where a page of the inbox starts.

use std::fmt;
use std::str::FromStr;

use engine::value::{Id, Timestamp};

/// A place in a list of the inbox. What was handled goes by the moment of its decision, and by its id where several have one
/// moment; the other lists go by ids alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub handled: Option<Timestamp>,
    pub id: Id,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(moment) = self.handled {
            write!(f, "{}.", moment.as_microsecond())?;
        }
        fmt::Display::fmt(&self.id, f)
    }
}

/// The text is no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl FromStr for Place {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Place, NotAPlace> {
        let (handled, id) = match text.split_once('.') {
            Some((moment, id)) => {
                let moment = moment.parse().map_err(|_| NotAPlace)?;
                (Some(Timestamp::from_microsecond(moment).map_err(|_| NotAPlace)?), id)
            }
            None => (None, text),
        };
        Ok(Place { handled, id: id.parse().map_err(|_| NotAPlace)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let id = Id::from_i64(7).unwrap();
        let moment = Timestamp::from_microsecond(1_790_000_000_123_456).unwrap();
        for place in [Place { handled: None, id }, Place { handled: Some(moment), id }] {
            assert_eq!(place.to_string().parse::<Place>(), Ok(place));
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", ".", "7", "1.", ".0000000000007", "9223372036854775807.0000000000007"] {
            assert_eq!(text.parse::<Place>(), Err(NotAPlace), "{text}");
        }
    }
}
