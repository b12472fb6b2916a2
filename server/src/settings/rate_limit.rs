//! How often something may be asked for in a minute, where an operator says so.

use std::num::NonZeroU32;
use std::str::FromStr;

use serde::Deserialize;

/// Requests in a minute at most, or as many as come: `600`, `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct RateLimit(pub Option<NonZeroU32>);

/// As it stands in the file of settings: a number or a word.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(u32),
    Word(String),
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<RateLimit, String> {
        match text {
            "off" => Ok(RateLimit(None)),
            number => {
                let wrong = |_| format!("{number} is neither a number of requests nor off");
                number.parse::<NonZeroU32>().map(|number| RateLimit(Some(number))).map_err(wrong)
            }
        }
    }
}

impl TryFrom<Written> for RateLimit {
    type Error = String;

    fn try_from(written: Written) -> Result<RateLimit, String> {
        match written {
            Written::Number(number) => number.to_string().parse(),
            Written::Word(word) => word.parse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        rate: RateLimit,
    }

    #[test]
    fn a_limit_is_a_number_or_off() {
        let limit = |text: &str| text.parse::<RateLimit>().map(|limit| limit.0.map(NonZeroU32::get));
        assert_eq!((limit("600"), limit("off")), (Ok(Some(600)), Ok(None)));
        let in_file = |text: &str| toml::from_str::<File>(text).ok().map(|file| file.rate);
        assert_eq!(in_file("rate = 600"), Some(RateLimit(NonZeroU32::new(600))));
        assert_eq!(in_file("rate = \"off\""), Some(RateLimit(None)));
        for wrong in ["0", "-1", "many", ""] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
        assert_eq!((in_file("rate = 0"), in_file("rate = -1")), (None, None));
    }
}
