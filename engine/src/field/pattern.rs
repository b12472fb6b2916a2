//! Patterns that designers write: regular expressions, read once, that cost only so much (reliability.md F2 and T31).
//!
//! What matches them never goes back and forth: a character of a text costs at most as many steps as the pattern has parts,
//! once its repetitions are written out. So a pattern has an end, and so has a text that is held against one.

use std::sync::OnceLock;

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::text::Fault;

/// Longest pattern, in bytes as it is written.
const LONGEST: usize = 500;
/// Largest pattern, in bytes as it is matched: about thirteen hundred parts.
const LARGEST: usize = 64 * 1024;
/// The same of a pattern of parts of a text, of which a document has many.
const LARGEST_OF_PART: usize = 16 * 1024;
/// What stands around the pattern of a whole text.
const AROUND: usize = 1024;
/// Longest text that is held against a pattern, in characters.
pub(super) const LONGEST_MATCHED: u32 = 500;

/// The pattern of a whole text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    written: String,
    /// Nothing where it is none.
    read: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// What is wrong with it; without a path.
    pub(super) fn fault(&self) -> Option<Fault> {
        refused(&self.written)
    }

    /// Whether it is too much work to be matched; without a path.
    pub(super) fn excess(&self) -> Option<Fault> {
        excess(&self.written, LARGEST)
    }

    /// Whether the whole text matches. Nothing matches what is no pattern, or too much work.
    pub(super) fn holds(&self, text: &str) -> bool {
        let whole = || read(&format!("^(?:{})$", self.written), LARGEST + AROUND).ok();
        self.read.get_or_init(whole).as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.written == other.written
    }
}

impl From<String> for Pattern {
    fn from(written: String) -> Pattern {
        Pattern { written, read: OnceLock::new() }
    }
}

impl From<&str> for Pattern {
    fn from(written: &str) -> Pattern {
        Pattern::from(written.to_string())
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.written
    }
}

/// A pattern of a part of a text; nothing where it is none, or too much work.
pub(super) fn part(written: &str) -> Option<Regex> {
    read(written, LARGEST_OF_PART).ok()
}

/// What is wrong with a pattern; without a path. That it is too much work is said apart.
pub(super) fn refused(written: &str) -> Option<Fault> {
    if written.len() > LONGEST {
        return Some(Fault::new("", "too_long").arg("max", LONGEST));
    }
    let error = read(written, LARGEST).err().filter(|error| !is_excess(error))?;
    Some(Fault::new("", "bad_pattern").arg("detail", error))
}

/// Whether a pattern of parts of a text, right otherwise, is too much work; without a path.
pub(super) fn excess_of_part(written: &str) -> Option<Fault> {
    excess(written, LARGEST_OF_PART)
}

fn excess(written: &str, largest: usize) -> Option<Fault> {
    let error = read(written, largest).err()?;
    is_excess(&error).then(|| Fault::new("", "pattern_too_much"))
}

fn read(written: &str, largest: usize) -> Result<Regex, regex_lite::Error> {
    RegexBuilder::new(written).size_limit(largest).build()
}

/// The library tells its faults in words alone.
fn is_excess(error: &regex_lite::Error) -> bool {
    error.to_string().contains("size limit")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn code(written: &str) -> String {
        let fault = refused(written).or_else(|| excess(written, LARGEST));
        fault.map_or_else(String::new, |fault| fault.code.to_string())
    }

    #[test]
    fn t31_a_pattern_and_the_texts_against_it_cost_only_so_much() {
        for (written, expected) in [
            ("[A-Z]{2}-\\d{4,8}", ""),
            ("[a-zA-Z0-9._%+-]{1,64}@[a-zA-Z0-9.-]{1,255}\\.[a-z]{2,10}", ""),
            ("[\\x{4e00}-\\x{9fa5}]{2,200}", ""),
            ("(a+)+$", ""),
            ("(a|aa)+$", ""),
            ("(a*)*b*c", ""),
            ("(.*)(.*)(.*)(.*)(.*)x", ""),
            ("(?:(?:a{1,20}){1,20})*x", ""),
            ("(?:(?:a{1,30}){1,30})*x", "pattern_too_much"),
            ("([a-z]{1,100}){1,100}x", "pattern_too_much"),
            ("(?:[a-z]{100}){200}", "pattern_too_much"),
            ("((((a{1,90}){1,90}){1,90}){1,90}){1,90}", "pattern_too_much"),
            ("(", "bad_pattern"),
            ("a**{2,1}", "bad_pattern"),
            ("(?=a)", "bad_pattern"),
            ("(a)\\1", "bad_pattern"),
        ] {
            assert_eq!(code(written), expected, "{written}");
            let (pattern, longest) = (Pattern::from(written), LONGEST_MATCHED as usize);
            let started = Instant::now();
            pattern.holds(&"a".repeat(longest));
            pattern.holds(&("a".repeat(longest - 1) + "b"));
            // A clock on a machine that does other things too only finds what does not end.
            assert!(started.elapsed() < Duration::from_secs(2), "{written} takes {:?}", started.elapsed());
        }
        assert_eq!(code(&"a".repeat(LONGEST)), "");
        assert_eq!(code(&"a".repeat(LONGEST + 1)), "too_long");
    }

    #[test]
    fn a_pattern_is_that_of_the_whole_text_and_is_kept_as_it_was_written() {
        let pattern = Pattern::from("a|bb");
        for (text, holds) in [("a", true), ("bb", true), ("ab", false), ("b", false), ("", false)] {
            assert_eq!(pattern.holds(text), holds, "{text}");
        }
        // The same in a copy, read or not.
        assert!(
            pattern.clone().holds("bb") && pattern == Pattern::from("a|bb") && pattern != Pattern::from("a")
        );
        assert_eq!(serde_json::to_value(&pattern).unwrap(), serde_json::json!("a|bb"));
        assert_eq!(serde_json::from_value::<Pattern>(serde_json::json!("a|bb")).unwrap(), pattern);
        assert!(!Pattern::from("(").holds("("));
    }
}
