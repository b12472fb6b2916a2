//! The name of a column or a field, word by word.

use super::senses::{BETWEEN, ENDINGS, beginning, sense_of};
use crate::value::{fold, sound};

/// A name that is longer says nothing more.
const MOST_CHARACTERS: usize = 60;

/// A word of a name: a known one, another one of letters, or one Chinese character.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    sense: String,
    /// Whether it is one of those that are known by their sense.
    is_known: bool,
}

/// A name in its words. What stands in brackets behind it, as the unit of an amount, is no part of it; of 「kind of
/// leave」 the leave comes first, as in 「leave kind」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words(Vec<Word>);

/// What of a name was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    /// A last word that says no more than 「日期」.
    Ending,
    /// Words before the last ones: 「请假类型」 is a 「类型」.
    Beginning,
}

impl Words {
    pub fn of(name: &str) -> Words {
        let shortened: String = name.chars().take(MOST_CHARACTERS).collect();
        let folded = fold(&parted(&shortened));
        let bare = without_brackets(&folded);
        match bare.split_once(" of ") {
            Some((what, whose)) => Words([read(whose), read(what)].concat()),
            None => Words(read(&bare)),
        }
    }

    /// The words behind those with which the form's own name begins, too: 「订单」 of 「订单金额」.
    pub fn behind(&self, of_form: &Words) -> Option<Words> {
        let same =
            self.0.iter().zip(&of_form.0).take_while(|(mine, theirs)| mine.sense == theirs.sense).count();
        let rest = self.0.get(same..).filter(|rest| same > 0 && !rest.is_empty())?;
        Some(Words(rest.to_vec()))
    }

    /// Without a last word that may be left out.
    pub fn without_ending(&self) -> Option<Words> {
        let (last, rest) = self.0.split_last()?;
        (ENDINGS.contains(&last.sense.as_str()) && !rest.is_empty()).then(|| Words(rest.to_vec()))
    }

    /// The name itself, and what else it may be called: with words before left out, or the ending.
    pub fn shorter(&self) -> Vec<(Words, Left)> {
        let whole = (self.clone(), Left::Nothing);
        let ending = self.without_ending().map(|words| (words, Left::Ending));
        let last = (1..self.0.len()).filter_map(|from| self.0.get(from..));
        let last = last.map(|words| (Words(words.to_vec()), Left::Beginning));
        // One character of Chinese is no name, and neither is one letter.
        let is_name =
            |(words, left): &(Words, Left)| *left == Left::Nothing || words.text().chars().count() >= 2;
        [whole].into_iter().chain(ending).chain(last).filter(is_name).collect()
    }

    /// Whether a word of known sense says something that neither the other name says nor `granted` is.
    pub fn says_more_than(&self, other: &Words, granted: &str) -> bool {
        let is_said = |sense: &str| sense == granted || other.0.iter().any(|word| word.sense == sense);
        self.0.iter().any(|word| word.is_known && !is_said(&word.sense))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As it is written, without what stands between the words.
    pub fn text(&self) -> String {
        self.0.iter().map(|word| word.text.as_str()).collect()
    }

    /// What it means: the same for names that differ in words of one sense alone.
    pub fn sense(&self) -> String {
        let senses: Vec<&str> = self.0.iter().map(|word| word.sense.as_str()).collect();
        senses.join(&BETWEEN.to_string())
    }

    /// How it is typed in pinyin: whole, and by its initials. Nothing for a name without Chinese characters.
    pub fn typed(&self) -> Option<(String, String)> {
        let sound = sound(&self.text())?;
        let syllables = sound.syllables.split('\u{1}').next().unwrap_or_default();
        Some((syllables.chars().filter(|sign| !sign.is_whitespace()).collect(), sound.initials))
    }
}

/// With a blank before each capital that begins a word: `startDate`.
fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len());
    let mut was_small = false;
    for sign in name.chars() {
        if was_small && sign.is_uppercase() {
            parted.push(' ');
        }
        was_small = sign.is_lowercase();
        parted.push(sign);
    }
    parted
}

/// Without what stands in brackets, unless nothing else is there.
fn without_brackets(name: &str) -> String {
    let mut depth = 0u32;
    let mut bare = String::with_capacity(name.len());
    for sign in name.chars() {
        match sign {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(sign),
            _inside => {}
        }
    }
    if bare.trim().is_empty() { name.to_string() } else { bare }
}

fn read(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if is_chinese(first) {
            let known = beginning(rest);
            let word =
                known.map_or_else(|| rest.get(..first.len_utf8()).unwrap_or_default(), |(word, _)| word);
            let sense = known.map_or(word, |(_, sense)| sense).to_string();
            words.push(Word { text: word.to_string(), sense, is_known: known.is_some() });
            word.len()
        } else if first.is_alphanumeric() {
            let end =
                rest.find(|sign: char| is_chinese(sign) || !sign.is_alphanumeric()).unwrap_or(rest.len());
            let word = rest.get(..end).unwrap_or_default();
            if !matches!(word, "the" | "a" | "an") {
                let known = sense_of(word);
                let sense = known.unwrap_or(word).to_string();
                words.push(Word { text: word.to_string(), sense, is_known: known.is_some() });
            }
            end
        } else {
            first.len_utf8()
        };
        rest = rest.get(length.max(1)..).unwrap_or_default();
    }
    words
}

fn is_chinese(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn senses(name: &str) -> String {
        Words::of(name).sense().replace(BETWEEN, " ")
    }

    #[test]
    fn names_are_read_word_by_word() {
        for (name, expected) in [
            ("请假类型", "leave type"),
            ("Kind of leave", "leave type"),
            ("假别", "leave type"),
            ("开始日期", "start date"),
            ("startDate", "start date"),
            ("start_date", "start date"),
            ("金额（元）", "amount"),
            ("（备注）", "note"),
            ("The Amount*", "amount"),
            ("電話 2", "phone 2"),
            ("币种", "币 种"),
            ("---", ""),
        ] {
            assert_eq!(senses(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_may_be_said_shorter() {
        let shorter: Vec<(String, Left)> = Words::of("请假开始日期")
            .shorter()
            .into_iter()
            .map(|(words, left)| (words.sense().replace(BETWEEN, " "), left))
            .collect();
        assert_eq!(
            shorter,
            [
                ("leave start date".to_string(), Left::Nothing),
                ("leave start".to_string(), Left::Ending),
                ("start date".to_string(), Left::Beginning),
                ("date".to_string(), Left::Beginning),
            ]
        );
        let of_form = Words::of("订单");
        assert_eq!(
            Words::of("订单金额").behind(&of_form).map(|words| words.sense()),
            Some("amount".to_string())
        );
        assert_eq!(Words::of("金额").behind(&of_form), None);
        assert_eq!(Words::of("订单").behind(&of_form), None);
    }

    #[test]
    fn a_long_name_is_read_to_an_end() {
        assert!(Words::of(&"长".repeat(10_000)).shorter().len() <= MOST_CHARACTERS + 1);
    }
}
