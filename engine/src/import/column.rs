//! What the cells of one column have in common, found while they go by once.
//!
//! A kind is proposed when all cells fit it, or nearly all of many: one slip of the pen in a thousand dates is a date to be
//! mended, and no reason to take them all for text.

use std::collections::HashSet;

use crate::field::options::{
    Email, LongText, Money, Month, Number, Percent, Phone, Select, Switch, Text, Url,
};
use crate::field::{Choice, FieldKind, Kind, switch_word};
use crate::text::Label;
use crate::value::{
    fold, half_width, nfc, parse_date, parse_decimal, parse_local_moment, parse_month, parse_timestamp,
    parse_typed_time,
};

/// A list of choices has no more than this many …
const MOST_CHOICES: usize = 40;
/// … and each stands for at least this many cells.
const CELLS_FOR_A_CHOICE: u64 = 5;
/// Longest text of a choice.
const LONGEST_CHOICE: usize = 64;
/// Text that is longer wants a larger input.
const LONGEST_LINE: usize = 200;
/// Numbers with more digits before the point, and none behind it, are names of things: nobody adds them up.
const LONGEST_WHOLE: usize = 12;
/// Digits of a stored number, those behind the point included.
const MOST_DIGITS: usize = 18;
const MOST_SCALE: usize = 8;
/// Years that a column of dates may have; others are numbers that look like dates.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;
const COLOURS: usize = 12;
/// From so many filled cells on, a few that do not fit are exceptions …
const CELLS_FOR_EXCEPTIONS: u64 = 20;
/// … if there is at most one in so many …
const CELLS_FOR_AN_EXCEPTION: u64 = 20;
/// … and not more than this.
const MOST_EXCEPTIONS: u64 = 1_000;

/// What is known of a column after some of its cells.
#[derive(Clone, Debug)]
pub struct ColumnProfile {
    filled: u64,
    blank: u64,
    longest: usize,
    has_lines: bool,
    may: Candidates,
    has_yes: bool,
    has_no: bool,
    /// Different texts in the order in which they came, as long as they may be choices.
    distinct: Vec<String>,
    known: HashSet<String>,
}

/// The kind that is proposed for a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    pub kind: FieldKind,
    /// Whether there are cells that do not look like it. Which of them it refuses [`super::cell_fault`] says.
    pub has_exceptions: bool,
}

/// Kinds that the cells so far could be of.
#[derive(Clone, Debug)]
struct Candidates {
    number: Counted,
    percent: Counted,
    money: Counted,
    date: Fit,
    /// Whether all dates are written with marks between their parts.
    marked_date: bool,
    month: Fit,
    moment: Fit,
    time: Fit,
    url: Fit,
    /// All cells: a third word beside yes and no is a third answer.
    switch: bool,
    email: Fit,
    phone: Fit,
    /// Whether all are telephone numbers beyond doubt.
    plain_phone: bool,
    /// All cells.
    choice: bool,
}

/// How many cells do not fit a kind.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    misses: u64,
}

impl Fit {
    /// Whether cells need to be looked at any more.
    fn is_open(self) -> bool {
        self.misses <= MOST_EXCEPTIONS
    }

    /// Notes whether a cell fits.
    fn note(&mut self, fits: bool) {
        self.misses += u64::from(!fits);
    }
}

/// A kind of numbers: how many cells do not fit, and the digits of those that do.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    fit: Fit,
    digits: Digits,
}

impl Counted {
    /// Looks at a cell, where `number` finds the number in it.
    fn look<'t>(&mut self, cell: &'t str, number: impl Fn(&'t str) -> Option<&'t str>) {
        if self.fit.is_open() {
            let fits = number(cell).is_some_and(|text| self.digits.take(text));
            self.fit.note(fits);
        }
    }
}

/// How strictly a kind is held against the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// Every cell fits.
    All,
    /// All but a few of many.
    Nearly,
}

/// How many digits the numbers of a column need.
#[derive(Clone, Copy, Debug, Default)]
struct Digits {
    whole: usize,
    /// Behind the point, as written.
    written: usize,
    /// Behind the point, without zeros at the end.
    needed: usize,
    longest_whole_number: usize,
    /// Whether there are digits that begin with a zero, as those of codes do.
    has_padded: bool,
}

impl Default for ColumnProfile {
    fn default() -> ColumnProfile {
        let may = Candidates {
            number: Counted::default(),
            percent: Counted::default(),
            money: Counted::default(),
            date: Fit::default(),
            marked_date: true,
            month: Fit::default(),
            moment: Fit::default(),
            time: Fit::default(),
            url: Fit::default(),
            switch: true,
            email: Fit::default(),
            phone: Fit::default(),
            plain_phone: true,
            choice: true,
        };
        ColumnProfile {
            filled: 0,
            blank: 0,
            longest: 0,
            has_lines: false,
            may,
            has_yes: false,
            has_no: false,
            distinct: Vec::new(),
            known: HashSet::new(),
        }
    }
}

impl ColumnProfile {
    /// Takes in one more cell.
    pub fn observe(&mut self, cell: &str) {
        let text = cell.trim();
        if text.is_empty() {
            self.blank += 1;
            return;
        }
        self.filled += 1;
        self.longest = self.longest.max(text.chars().count());
        self.has_lines |= text.contains(['\n', '\r']);
        self.narrow(text);
        self.collect(text);
    }

    /// How many cells have something in them.
    pub fn filled(&self) -> u64 {
        self.filled
    }

    /// How many different texts there are; `None` where they are too many to be choices.
    pub fn distinct(&self) -> Option<usize> {
        self.may.choice.then_some(self.distinct.len())
    }

    fn narrow(&mut self, text: &str) {
        let plain = half_width(text);
        let may = &mut self.may;
        may.number.look(&plain, Some);
        may.percent.look(&plain, |cell| cell.strip_suffix('%').map(str::trim_end));
        may.money.look(&plain, amount);
        if may.date.is_open() {
            let fits = has_short_parts(&plain)
                && parse_date(&plain).is_some_and(|date| YEARS.contains(&date.year()));
            may.date.note(fits);
            may.marked_date &= !fits || !plain.bytes().all(|byte| byte.is_ascii_digit());
        }
        if may.month.is_open() {
            let marked = plain.contains(['-', '/', '年']) && has_short_parts(&plain);
            let fits = marked && parse_month(&plain).is_some_and(|month| YEARS.contains(&month.year()));
            may.month.note(fits);
        }
        if may.moment.is_open() {
            may.moment.note(parse_local_moment(&plain).is_some() || parse_timestamp(&plain).is_some());
        }
        if may.time.is_open() {
            may.time.note(plain.contains([':', '点', '點']) && parse_typed_time(&plain).is_some());
        }
        if may.switch {
            let word = switch_word(text).filter(|_| !matches!(plain.as_str(), "0" | "1"));
            may.switch = word.is_some();
            self.has_yes |= word == Some(true);
            self.has_no |= word == Some(false);
        }
        let json = || serde_json::Value::String(text.to_string());
        if may.url.is_open() {
            may.url.note(plain.contains("://") && Url {}.parse(&json()).is_ok());
        }
        if may.email.is_open() {
            may.email.note(Email {}.parse(&json()).is_ok());
        }
        if may.phone.is_open() {
            let fits = Phone {}.parse(&json()).is_ok();
            may.phone.note(fits);
            may.plain_phone &= !fits || is_plain_phone(&plain);
        }
    }

    fn collect(&mut self, text: &str) {
        if !self.may.choice || self.known.contains(text) {
            return;
        }
        if self.distinct.len() == MOST_CHOICES || text.chars().count() > LONGEST_CHOICE || self.has_lines {
            self.may.choice = false;
            self.distinct = Vec::new();
            self.known = HashSet::new();
            return;
        }
        self.distinct.push(nfc(text));
        self.known.insert(text.to_string());
    }

    /// The kind of field that takes all cells, or nearly all of many, for a column called `header`.
    pub fn guess(&self, header: &str) -> Guess {
        let hint = Hint::of(header);
        let exact = |kind| Guess { kind, has_exceptions: false };
        if self.filled == 0 {
            return exact(FieldKind::Text(Text::default()));
        }
        // A blank beside yes and no is a third answer; beside yes alone it is the no.
        if self.may.switch && !(self.has_yes && self.has_no && self.blank > 0) {
            return exact(FieldKind::Switch(Switch {}));
        }
        if let Some(kind) = self.typed(hint, Measure::All) {
            return exact(kind);
        }
        if let Some(kind) = self.typed(hint, Measure::Nearly) {
            return Guess { kind, has_exceptions: true };
        }
        if self.has_lines || self.longest > LONGEST_LINE {
            return exact(FieldKind::LongText(LongText::default()));
        }
        exact(self.choices().unwrap_or(FieldKind::Text(Text::default())))
    }

    /// The kind with a form of its own that the cells fit by this measure.
    fn typed(&self, hint: Option<Hint>, measure: Measure) -> Option<FieldKind> {
        let may = &self.may;
        if self.fits(may.email, measure) {
            return Some(FieldKind::Email(Email {}));
        }
        if self.fits(may.url, measure) {
            return Some(FieldKind::Url(Url {}));
        }
        if self.fits(may.phone, measure) && (may.plain_phone || hint == Some(Hint::Phone)) {
            return Some(FieldKind::Phone(Phone {}));
        }
        if self.fits(may.date, measure) && (may.marked_date || hint == Some(Hint::Date)) {
            return Some(FieldKind::Date(Default::default()));
        }
        if self.fits(may.month, measure) {
            return Some(FieldKind::Month(Month::default()));
        }
        if self.fits(may.moment, measure) {
            return Some(FieldKind::DateTime(Default::default()));
        }
        if self.fits(may.time, measure) {
            return Some(FieldKind::Time(Default::default()));
        }
        self.number(hint, measure)
    }

    fn fits(&self, fit: Fit, measure: Measure) -> bool {
        match measure {
            Measure::All => fit.misses == 0,
            Measure::Nearly => {
                fit.is_open()
                    && self.filled >= CELLS_FOR_EXCEPTIONS
                    && fit.misses * CELLS_FOR_AN_EXCEPTION <= self.filled
            }
        }
    }

    fn number(&self, hint: Option<Hint>, measure: Measure) -> Option<FieldKind> {
        // Among codes that are mostly digits, one that begins with a zero gives them away.
        let fits = |of: &Counted| self.fits(of.fit, measure) && !of.digits.has_padded;
        let (number, percent, money) = (&self.may.number, &self.may.percent, &self.may.money);
        if fits(percent) {
            let scale = percent.digits.scale()?;
            return Some(FieldKind::Percent(Percent { scale, ..Percent::default() }));
        }
        if fits(number) {
            // Nobody adds up postal codes.
            let is_name = hint == Some(Hint::Name) || number.digits.longest_whole_number > LONGEST_WHOLE;
            let scale = Some(number.digits.scale().filter(|_| !is_name)?);
            return Some(FieldKind::Number(Number { scale, ..Number::default() }));
        }
        if fits(money) {
            let scale = money.digits.scale()?;
            return Some(FieldKind::Money(Money { scale, ..Money::default() }));
        }
        None
    }

    fn choices(&self) -> Option<FieldKind> {
        let mut folded = HashSet::new();
        // One that is written in several ways is one choice, which takes all of them.
        let texts: Vec<&String> = self.distinct.iter().filter(|text| folded.insert(fold(text))).collect();
        let count = texts.len();
        let are_few = self.may.choice && count >= 2 && count as u64 * CELLS_FOR_A_CHOICE <= self.filled;
        are_few.then(|| {
            let choices = texts.into_iter().enumerate().map(|(place, text)| Choice {
                key: text.clone(),
                label: Label::Plain(text.clone()),
                color: Some(format!("o{}", place % COLOURS + 1)),
            });
            FieldKind::Select(Select { choices: choices.collect(), ..Select::default() })
        })
    }
}

impl Digits {
    /// Takes in a number; whether it is one that is counted with and not the name of something.
    fn take(&mut self, text: &str) -> bool {
        let bare = text.trim_start_matches(['+', '-']).replace(',', "");
        let (whole, fraction) = bare.split_once('.').unwrap_or((&bare, ""));
        let is_padded = whole.len() > 1 && whole.starts_with('0');
        self.has_padded |= is_padded && whole.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = !is_padded && !text.contains(['e', 'E']) && parse_decimal(text).is_ok();
        if !is_number {
            return false;
        }
        self.whole = self.whole.max(whole.len());
        self.written = self.written.max(fraction.len());
        self.needed = self.needed.max(fraction.trim_end_matches('0').len());
        if fraction.is_empty() && !text.contains(',') {
            self.longest_whole_number = self.longest_whole_number.max(whole.len());
        }
        true
    }

    /// Digits behind the point that hold all of them; `None` where a number can't.
    fn scale(&self) -> Option<u32> {
        let scale = if self.written <= MOST_SCALE { self.written } else { self.needed };
        let fits = scale <= MOST_SCALE && self.whole + scale <= MOST_DIGITS;
        fits.then_some(scale as u32)
    }
}

/// What the name of a column says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Date,
    Phone,
    /// Digits that name something: postal codes, document numbers.
    Name,
}

impl Hint {
    fn of(header: &str) -> Option<Hint> {
        const DATE: [&str; 5] = ["date", "日期", "时间", "時間", "day"];
        const PHONE: [&str; 10] =
            ["phone", "tel", "mobile", "fax", "电话", "電話", "手机", "手機", "传真", "傳真"];
        const NAME: [&str; 16] = [
            "postal", "postcode", "zip", "邮编", "邮政", "郵遞", "郵政", "编号", "編號", "编码", "編碼",
            "代码", "代碼", "单号", "單號", "code",
        ];
        let header = fold(header);
        let says = |words: &[&str]| words.iter().any(|word| header.contains(word));
        if says(&PHONE) {
            Some(Hint::Phone)
        } else if says(&NAME) {
            Some(Hint::Name)
        } else if says(&DATE) {
            Some(Hint::Date)
        } else {
            None
        }
    }
}

/// Whether what follows the first number has two digits at most, as days and months have; `2024-001` is no month.
fn has_short_parts(text: &str) -> bool {
    let mut runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.next().is_some() && runs.all(|run| run.len() <= 2)
}

/// An amount without its sign: `¥1,234.50`, `1,234.50元`.
fn amount(text: &str) -> Option<&str> {
    let signs = ['¥', '￥', '$', '€', '£'];
    text.strip_prefix(signs).or_else(|| text.strip_suffix('元')).map(str::trim)
}

/// With the sign of a country, or a mobile number of mainland China.
fn is_plain_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let mut first = digits.bytes();
    let is_mobile = digits.len() == 11
        && first.next() == Some(b'1')
        && first.next().is_some_and(|second| (b'3'..=b'9').contains(&second));
    is_mobile || (text.starts_with('+') && digits.len() >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(cells: &[&str]) -> ColumnProfile {
        let mut profile = ColumnProfile::default();
        cells.iter().for_each(|cell| profile.observe(cell));
        profile
    }

    fn kind(header: &str, cells: &[&str]) -> (&'static str, serde_json::Value) {
        let kind = profile(cells).guess(header).kind;
        (kind.name(), kind.options())
    }

    #[test]
    fn kinds_are_guessed_from_all_cells() {
        for (header, cells, expected) in [
            ("a", &["", " "][..], "text"),
            ("a", &["1", "2", ""], "number"),
            ("a", &["１２．５", "1,234.50"], "number"),
            ("a", &["1", "2", "three"], "text"),
            ("a", &["007", "12"], "text"),
            ("a", &["0", "0.5", "-3"], "number"),
            ("a", &["6222021234567890123"], "text"),
            ("a", &["1234567890123"], "text"),
            ("a", &["1E5", "2E7"], "text"),
            ("Postal Code", &["42420", "90036"], "text"),
            ("邮编", &["200000"], "text"),
            ("a", &["0.1234567890123"], "text"),
            ("a", &["2024/9/9", "2024-10-01", "2024年1月2日"], "date"),
            ("a", &["20240909", "20241001"], "number"),
            ("下单日期", &["20240909", "20241001"], "date"),
            ("a", &["2024-02-30"], "text"),
            ("a", &["2024-09", "2024年10月"], "month"),
            ("a", &["2024.09", "2024.10"], "number"),
            ("a", &["2024/9/9 8:30", "2024-09-09T10:00:00Z"], "datetime"),
            ("a", &["8:30", "下午3:05", "9点半"], "time"),
            ("a", &["0830", "0905"], "text"),
            ("a", &["https://example.com", "http://a.cn/b?c"], "url"),
            ("a", &["15%", "２％", "7.5 %"], "percent"),
            ("a", &["15%", "2"], "text"),
            ("a", &["¥1,234.50", "￥20"], "money"),
            ("a", &["是", "否", "是"], "switch"),
            ("a", &["是", ""], "switch"),
            ("a", &["Yes", "no", "N"], "switch"),
            ("a", &["1", "0", "1"], "number"),
            ("a", &["a@b.cn", "c@d.example.com"], "email"),
            ("a", &["13800138000", "138-0013-8001"], "phone"),
            ("a", &["+86 21 5555 0000"], "phone"),
            ("电话", &["5555 0000"], "phone"),
            ("a", &["2024-001", "2024-002"], "text"),
            ("a", &["one\ntwo"], "long_text"),
        ] {
            assert_eq!(kind(header, cells).0, expected, "{header} {cells:?}");
        }
        assert_eq!(kind("a", &["x".repeat(201).as_str()]).0, "long_text");
    }

    #[test]
    fn a_few_cells_that_do_not_fit_are_exceptions_among_many() {
        for (header, cell, odd, expected) in [
            ("a", "2024/9/9", "soon", "date"),
            ("a", "12.5", "n/a", "number"),
            ("a", "15%", "?", "percent"),
            ("a", "¥1,234.50", "free", "money"),
            ("a", "2024-09", "later", "month"),
            ("a", "2024/9/9 8:30", "soon", "datetime"),
            ("a", "ada@example.com", "none", "email"),
            ("a", "13800138000", "none", "phone"),
            // Codes, names and answers: two texts in forty cells are choices.
            ("a", "4711", "0815", "select"),
            ("Postal Code", "42420", "A-1", "select"),
            ("a", "是", "maybe", "select"),
        ] {
            let mut cells = vec![cell; 38];
            cells.insert(7, odd);
            cells.insert(30, odd);
            let guess = profile(&cells).guess(header);
            assert_eq!(guess.kind.name(), expected, "{cell} {odd}");
            assert_eq!(guess.has_exceptions, expected != "select", "{cell} {odd}");
        }
        let mut days: Vec<String> = (1..=19).map(|day| format!("2024-03-{day:02}")).collect();
        days.push("31.3.".to_string());
        let all: Vec<&str> = days.iter().map(String::as_str).collect();
        assert_eq!(kind("a", &all).0, "date", "one of twenty");
        assert_eq!(kind("a", &all[1..]).0, "text", "one of nineteen");
        let mut more = all.clone();
        more.extend(["x", "y"]);
        assert_eq!(kind("a", &more).0, "text", "three of twenty-two");
    }

    #[test]
    fn numbers_get_the_scale_of_their_digits() {
        for (cells, scale) in [
            (&["261.96", "957.5775"][..], 4),
            (&["3", "14"], 0),
            (&["1,234.50", "2.00"], 2),
            (&["0.1000000000", "2"], 1),
        ] {
            let FieldKind::Number(number) = profile(cells).guess("a").kind else { panic!("{cells:?}") };
            assert_eq!(number.scale, Some(scale), "{cells:?}");
        }
    }

    #[test]
    fn few_different_texts_are_choices_and_many_are_not() {
        let mut cells: Vec<&str> = ["West", "East"].into_iter().cycle().take(10).collect();
        let (name, options) = kind("Region", &cells);
        assert_eq!(name, "select");
        assert_eq!(options["choices"][1], serde_json::json!({"key": "East", "label": "East", "color": "o2"}));
        cells.push("North");
        assert_eq!(kind("Region", &cells).0, "text", "3 of 11 are more than a fifth");

        let names: Vec<String> = (0..41).map(|number| format!("name {number}")).collect();
        let many: Vec<&str> = names.iter().map(String::as_str).cycle().take(1000).collect();
        assert_eq!(kind("a", &many).0, "text");
        assert_eq!(kind("a", &many.iter().map(|cell| &cell[..6]).collect::<Vec<_>>()).0, "select");
        let yes_no: Vec<&str> = ["是", "否", "是", "否", ""].into_iter().cycle().take(50).collect();
        assert_eq!(kind("a", &yes_no).0, "select", "nothing said is neither yes nor no");
    }

    #[test]
    fn a_choice_that_is_written_in_several_ways_is_there_once() {
        let cells: Vec<&str> =
            ["West", "EAST", "west", "East", "ｗｅｓｔ"].into_iter().cycle().take(30).collect();
        let (name, options) = kind("Region", &cells);
        let choices = options["choices"].as_array().unwrap();
        let labels: Vec<&str> = choices.iter().filter_map(|choice| choice["label"].as_str()).collect();
        assert_eq!((name, labels), ("select", vec!["West", "EAST"]));
    }

    proptest::proptest! {
        #[test]
        fn the_guessed_kind_takes_every_cell_or_all_but_a_few_of_many(
            cells in proptest::collection::vec("[0-9.,%¥年月/ :-]{0,8}|[a-z@.]{0,8}|是|否|2024-0[1-9]-1[0-9]", 0..30)
        ) {
            let profile = profile(&cells.iter().map(String::as_str).collect::<Vec<_>>());
            let kind = profile.guess("a").kind;
            let utc = jiff::tz::TimeZone::UTC;
            let faults = cells.iter().filter_map(|cell| crate::import::cell_fault(&kind, cell, &utc));
            let refused = faults.count() as u64;
            let few = profile.filled() >= CELLS_FOR_EXCEPTIONS && refused * CELLS_FOR_AN_EXCEPTION <= profile.filled();
            proptest::prop_assert!(refused == 0 || few, "{} {refused} {cells:?}", kind.name());
        }
    }
}
