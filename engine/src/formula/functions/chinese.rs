//! Numbers in Chinese: amounts in the capitals of contracts, and the signs that the patterns `[DBNum1]` and `[DBNum2]` of
//! spreadsheets ask for.

use crate::formula::arguments::plain;
use crate::value::{Decimal, Rounding, round};

/// Above this, numbers are written digit by digit: there is no word for the next place.
const LAST_IN_WORDS: i64 = 9_999_999_999_999_999;

/// One way to write numbers.
#[derive(Debug)]
pub(super) struct Signs {
    digits: [char; 10],
    places: [&'static str; 4],
    /// Whether ten is said without a one before it.
    short_ten: bool,
}

static PLAIN: Signs = Signs {
    digits: ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    places: ["", "十", "百", "千"],
    short_ten: true,
};

static CAPITAL: Signs = Signs {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    places: ["", "拾", "佰", "仟"],
    short_ten: false,
};

impl Signs {
    /// The signs that a pattern asks for at its beginning, and the rest of it without its language.
    pub(super) fn of_pattern(pattern: &str) -> (Option<&'static Signs>, &str) {
        let mut found = None;
        let mut rest = pattern;
        while let Some((mark, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            match mark.to_ascii_lowercase().as_str() {
                "dbnum1" => found = Some(&PLAIN),
                "dbnum2" => found = Some(&CAPITAL),
                language if language.starts_with("$-") => {}
                _ => break,
            }
            rest = after;
        }
        (found, rest)
    }

    /// A number in words, its fraction digit by digit.
    pub(super) fn number(&self, number: Decimal) -> String {
        let text = plain(number);
        let (minus, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole = match whole.parse::<i64>() {
            Ok(0) => self.digits[0].to_string(),
            Ok(number) if number <= LAST_IN_WORDS => self.whole(number),
            _ => self.digits(whole),
        };
        let point = if fraction.is_empty() { "" } else { "." };
        format!("{minus}{whole}{point}{}", self.digits(fraction))
    }

    /// A text with its digits in these signs, one by one.
    pub(super) fn digits(&self, text: &str) -> String {
        let sign = |c: char| c.to_digit(10).and_then(|digit| self.digits.get(digit as usize)).copied();
        text.chars().map(|c| sign(c).unwrap_or(c)).collect()
    }

    /// A part of a date or a time in words, if it is a number.
    pub(super) fn part(&self, text: &str) -> String {
        let Ok(number) = text.parse::<i64>() else { return text.to_string() };
        if number == 0 {
            return self.digits[0].to_string();
        }
        let words = self.whole(number);
        if self.short_ten && (10..20).contains(&number) {
            return words.chars().skip(1).collect();
        }
        words
    }

    /// By groups of four digits; a gap of noughts is read as one.
    fn whole(&self, number: i64) -> String {
        const GROUPS: [&str; 4] = ["", "万", "亿", "万"];
        const GROUP_OF_YI: usize = 2;
        let mut text = String::new();
        let mut gap = false;
        for (group, unit) in GROUPS.iter().enumerate().rev() {
            let four = number / 10_000i64.pow(group as u32) % 10_000;
            if four == 0 {
                gap = !text.is_empty();
                // 亿 is said even where the part between it and 万亿 is nought.
                if group == GROUP_OF_YI && number >= 1_000_000_000_000 {
                    text.push_str(unit);
                }
                continue;
            }
            for (place, name) in self.places.iter().enumerate().rev() {
                let digit = (four / 10i64.pow(place as u32) % 10) as usize;
                if digit == 0 {
                    gap = !text.is_empty();
                    continue;
                }
                if gap {
                    text.push(self.digits[0]);
                    gap = false;
                }
                text.extend(self.digits.get(digit));
                text.push_str(name);
            }
            gap = false;
            text.push_str(unit);
        }
        text
    }
}

/// An amount of yuan in the capitals of cheques and contracts: `壹佰元整`. `None` from ten thousand million million on.
pub fn capital_amount(amount: Decimal) -> Option<String> {
    let cents = round(amount, 2, Rounding::HalfUp).checked_mul(Decimal::ONE_HUNDRED)?.trunc();
    let cents = i64::try_from(cents).ok().filter(|cents| cents.abs() < 1_000_000_000_000_000_000)?;
    let (yuan, jiao, fen) =
        (cents.abs() / 100, (cents.abs() / 10 % 10) as usize, (cents.abs() % 10) as usize);
    let mut text = String::new();
    if cents < 0 {
        text.push('负');
    }
    if yuan > 0 {
        text.push_str(&CAPITAL.whole(yuan));
        text.push('元');
    } else if cents == 0 {
        text.push_str("零元");
    }
    if jiao > 0 {
        text.extend(CAPITAL.digits.get(jiao));
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.extend(CAPITAL.digits.get(fen));
        text.push('分');
    } else {
        text.push('整');
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_in_capitals() {
        for (amount, expected) in [
            ("0", "零元整"),
            ("0.5", "伍角整"),
            ("0.05", "伍分"),
            ("10.05", "壹拾元零伍分"),
            ("1.5", "壹元伍角整"),
            ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
            ("10000", "壹万元整"),
            ("10001", "壹万零壹元整"),
            ("100010", "壹拾万零壹拾元整"),
            ("120034", "壹拾贰万零叁拾肆元整"),
            ("100000000", "壹亿元整"),
            ("100010000", "壹亿零壹万元整"),
            ("1000000010", "壹拾亿零壹拾元整"),
            ("-3", "负叁元整"),
            ("0.004", "零元整"),
            ("-0.004", "零元整"),
            ("0.995", "壹元整"),
            ("-0.5", "负伍角整"),
            // The examples of the People's Bank's rules for filling in bills.
            ("1409.5", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("20000000", "贰仟万元整"),
            ("50000000005", "伍佰亿零伍元整"),
            ("1000000000000", "壹万亿元整"),
            ("1000000050000", "壹万亿零伍万元整"),
            (
                "9999999999999999.99",
                "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
            ),
        ] {
            assert_eq!(capital_amount(dec(amount)).unwrap(), expected, "{amount}");
        }
        assert_eq!(capital_amount(dec("10000000000000000")), None);
    }

    #[test]
    fn numbers_in_words() {
        for (number, plain, capital) in [
            ("0", "〇", "零"),
            ("10", "一十", "壹拾"),
            ("1234.05", "一千二百三十四.〇五", "壹仟贰佰叁拾肆.零伍"),
            ("-10001", "-一万〇一", "-壹万零壹"),
            ("12345678901234567", "一二三四五六七八九〇一二三四五六七", "壹贰叁肆伍陆柒捌玖零壹贰叁肆伍陆柒"),
        ] {
            assert_eq!(PLAIN.number(dec(number)), plain, "{number}");
            assert_eq!(CAPITAL.number(dec(number)), capital, "{number}");
        }
    }

    /// The cents of an amount in capitals.
    fn read_capitals(text: &str) -> i64 {
        fn four(text: &str) -> i64 {
            let (mut sum, mut digit) = (0, 0);
            for c in text.chars() {
                match "零壹贰叁肆伍陆柒捌玖".chars().position(|known| known == c) {
                    Some(found) => digit = found as i64,
                    None => {
                        let place = "拾佰仟".chars().position(|known| known == c).unwrap();
                        sum += digit * 10i64.pow(place as u32 + 1);
                        digit = 0;
                    }
                }
            }
            sum + digit
        }
        let parted = |text: &str, unit: char| match text.split_once(unit) {
            Some((high, low)) => (high.to_string(), low.to_string()),
            None => (String::new(), text.to_string()),
        };
        let thousands = |text: &str| {
            let (high, low) = parted(text, '万');
            four(&high) * 10_000 + four(&low)
        };
        let text = text.trim_end_matches('整');
        let (minus, text) = text.strip_prefix('负').map_or((1, text), |rest| (-1, rest));
        let (yuan, rest) = parted(text, '元');
        let (high, low) = parted(&yuan, '亿');
        let (jiao, fen) = parted(&rest, '角');
        let cents = four(&jiao) * 10 + four(fen.trim_end_matches('分'));
        minus * ((thousands(&high) * 100_000_000 + thousands(&low)) * 100 + cents)
    }

    proptest! {
        #[test]
        fn capitals_are_read_as_the_amount(
            digits in prop::collection::vec(prop::sample::select(vec![0i64, 0, 0, 1, 5, 9]), 1..18),
            negative: bool,
        ) {
            let cents = digits.iter().fold(0i64, |cents, digit| cents * 10 + *digit) * if negative { -1 } else { 1 };
            let text = capital_amount(Decimal::new(cents, 2)).unwrap();
            prop_assert_eq!(read_capitals(&text), cents, "{}", text);
            prop_assert!(!text.contains("零零") && !text.contains("零万"), "{}", text);
        }
    }
}
