//! Text.

use super::Takes::{Bool, Formattable, Number, Text, Values};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{
    Answer, Arguments, Halt, MAX_ITEMS, MAX_TEXT, list_value, text_of, text_value,
};
use crate::value::{Decimal, ErrorValue, Value, fold, half_width, parse_decimal};

const T: Topic = Topic::Text;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "CONCATENATE",
        T,
        &[Values],
        Gives::Text,
        concatenate,
        &[("CONCATENATE(\"No. \", 7, blank)", "No. 7"), ("CONCATENATE(lines.item)", "peninkpen")],
    )
    .repeats(1),
    Function::new(
        "CONCAT",
        T,
        &[Values],
        Gives::Text,
        concatenate,
        &[("CONCAT(state, \"-\", 1.50)", "won-1.5")],
    )
    .repeats(1),
    Function::new(
        "TEXTJOIN",
        T,
        &[Text, Bool, Values],
        Gives::Text,
        text_join,
        &[
            ("TEXTJOIN(\", \", TRUE, lines.note, \"end\")", "gift, end"),
            ("TEXTJOIN(\"-\", FALSE, \"a\", blank, \"b\")", "a--b"),
        ],
    )
    .repeats(1),
    Function::new(
        "JOIN",
        T,
        &[Values, Text],
        Gives::Text,
        |a| {
            let separator = if a.len() > 1 { a.text(1)? } else { ", ".into() };
            joined(a, a.items(0), &separator, true)
        },
        &[("JOIN(lines.item, \"/\")", "pen/ink/pen"), ("JOIN(lines.item)", "pen, ink, pen")],
    )
    .optional(1),
    Function::new(
        "SPLIT",
        T,
        &[Text, Text],
        Gives::TextList,
        split,
        &[("INDEX(SPLIT(\"a,b,c\", \",\"), 2)", "b"), ("SPLIT(\"a b\", \" \")", "a, b")],
    ),
    Function::new(
        "LEFT",
        T,
        &[Text, Number],
        Gives::Text,
        |a| cut(a, 0, count_or(a, 1, 1)?),
        &[("LEFT(\"流程表单\", 2)", "流程"), ("LEFT(\"abc\")", "a"), ("LEFT(\"abc\", -1)", "#NUM!")],
    )
    .optional(1),
    Function::new(
        "RIGHT",
        T,
        &[Text, Number],
        Gives::Text,
        |a| {
            let count = count_or(a, 1, 1)?;
            let length = a.text(0)?.chars().count();
            cut(a, length.saturating_sub(count), count)
        },
        &[("RIGHT(\"abcd\", 2)", "cd"), ("RIGHT(\"abc\", 9)", "abc")],
    )
    .optional(1),
    Function::new(
        "MID",
        T,
        &[Text, Number, Number],
        Gives::Text,
        |a| cut(a, start_of(a, 1)?, count_or(a, 2, 0)?),
        &[("MID(\"abcdef\", 2, 3)", "bcd"), ("MID(\"abc\", 9, 1)", ""), ("MID(\"abc\", 0, 1)", "#NUM!")],
    ),
    Function::new(
        "LEN",
        T,
        &[Text],
        Gives::Number,
        |a| Ok(Value::number(a.text(0)?.chars().count() as u64)),
        &[("LEN(\"流程 ab\")", "5"), ("LEN(blank)", "0")],
    ),
    Function::new(
        "LENB",
        T,
        &[Text],
        Gives::Number,
        |a| Ok(Value::number(a.text(0)?.chars().map(|c| if c.is_ascii() { 1u64 } else { 2 }).sum::<u64>())),
        &[("LENB(\"流程 ab\")", "7"), ("LENB(blank)", "0")],
    ),
    Function::new(
        "TRIM",
        T,
        &[Text],
        Gives::Text,
        |a| Ok(text_value(a.text(0)?.split_whitespace().collect::<Vec<_>>().join(" "))),
        &[("TRIM(\"  a   b \")", "a b")],
    ),
    Function::new(
        "CLEAN",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, |text| text.chars().filter(|c| !c.is_control()).collect()),
        &[("CLEAN(\"a\" & CHAR(10) & \"b\")", "ab")],
    ),
    Function::new(
        "UPPER",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, str::to_uppercase),
        &[("UPPER(\"abc\")", "ABC")],
    ),
    Function::new(
        "LOWER",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, str::to_lowercase),
        &[("LOWER(\"ABC\")", "abc")],
    ),
    Function::new(
        "PROPER",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, proper),
        &[("PROPER(\"tom o'neil\")", "Tom O'Neil"), ("PROPER(\"ANNA LEE\")", "Anna Lee")],
    ),
    Function::new(
        "HALFWIDTH",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, half_width),
        &[("HALFWIDTH(\"ＡＢ１２\")", "AB12")],
    ),
    Function::new(
        "NORMALIZE",
        T,
        &[Text],
        Gives::Text,
        |a| changed(a, |text| fold(text).split_whitespace().collect::<Vec<_>>().join(" ")),
        &[("NORMALIZE(\"  ＡＢＣ　Trading  co \")", "abc trading co"), ("NORMALIZE(blank)", "")],
    ),
    Function::new(
        "REPLACE",
        T,
        &[Text, Number, Number, Text],
        Gives::Text,
        replace,
        &[("REPLACE(\"13912345678\", 4, 4, \"****\")", "139****5678")],
    ),
    Function::new(
        "SUBSTITUTE",
        T,
        &[Text, Text, Text, Number],
        Gives::Text,
        substitute,
        &[
            ("SUBSTITUTE(\"a-b-c\", \"-\", \"+\")", "a+b+c"),
            ("SUBSTITUTE(\"a-b-c\", \"-\", \"\", 2)", "a-bc"),
        ],
    )
    .optional(1),
    Function::new(
        "FIND",
        T,
        &[Text, Text, Number],
        Gives::Number,
        |a| position(a, |c| c),
        &[
            ("FIND(\"c\", \"abcabc\")", "3"),
            ("FIND(\"c\", \"abcabc\", 4)", "6"),
            ("FIND(\"C\", \"abc\")", "#N/A"),
        ],
    )
    .optional(1),
    Function::new(
        "SEARCH",
        T,
        &[Text, Text, Number],
        Gives::Number,
        |a| position(a, without_case),
        &[
            ("SEARCH(\"C\", \"abc\")", "3"),
            ("SEARCH(\"单\", \"表单\")", "2"),
            ("IFERROR(SEARCH(\"x\", \"abc\"), 0)", "0"),
        ],
    )
    .optional(1),
    Function::new(
        "TEXTBEFORE",
        T,
        &[Text, Text, Number],
        Gives::Text,
        |a| {
            let (at, _) = mark_of(a)?;
            let text = a.text(0)?;
            a.frame.room_for_text(at)?;
            Ok(text_value(&text[..at]))
        },
        &[
            ("TEXTBEFORE(\"SO-2026-001\", \"-\")", "SO"),
            ("TEXTBEFORE(\"SO-2026-001\", \"-\", 2)", "SO-2026"),
            ("TEXTBEFORE(\"a.tar.gz\", \".\", -1)", "a.tar"),
            ("TEXTBEFORE(\"abc\", \"-\")", "#N/A"),
        ],
    )
    .optional(1),
    Function::new(
        "TEXTAFTER",
        T,
        &[Text, Text, Number],
        Gives::Text,
        |a| {
            let (_, end) = mark_of(a)?;
            let text = a.text(0)?;
            a.frame.room_for_text(text.len() - end)?;
            Ok(text_value(&text[end..]))
        },
        &[
            ("TEXTAFTER(\"tom@example.com\", \"@\")", "example.com"),
            ("TEXTAFTER(\"a.tar.gz\", \".\", -1)", "gz"),
            ("TEXTAFTER(\"abc\", \"\")", "#VALUE!"),
            ("TEXTAFTER(\"abc\", \"b\", 0)", "#NUM!"),
        ],
    )
    .optional(1),
    Function::new(
        "CONTAINS",
        T,
        &[Values, Text],
        Gives::Bool,
        contains,
        &[
            ("CONTAINS(\"Shanghai\", \"hai\")", "TRUE"),
            ("CONTAINS(tags, \"vip\")", "TRUE"),
            ("CONTAINS(tags, \"vi\")", "FALSE"),
        ],
    ),
    Function::new(
        "STARTSWITH",
        T,
        &[Text, Text],
        Gives::Bool,
        |a| Ok(Value::Bool(fold(&a.text(0)?).starts_with(&fold(&a.text(1)?)))),
        &[("STARTSWITH(\"SO-001\", \"so\")", "TRUE")],
    ),
    Function::new(
        "ENDSWITH",
        T,
        &[Text, Text],
        Gives::Bool,
        |a| Ok(Value::Bool(fold(&a.text(0)?).ends_with(&fold(&a.text(1)?)))),
        &[("ENDSWITH(\"a.PDF\", \".pdf\")", "TRUE")],
    ),
    Function::new(
        "EXACT",
        T,
        &[Text, Text],
        Gives::Bool,
        |a| Ok(Value::Bool(a.text(0)? == a.text(1)?)),
        &[("EXACT(\"a\", \"A\")", "FALSE"), ("EXACT(\"a\", \"a\")", "TRUE")],
    ),
    Function::new(
        "REPT",
        T,
        &[Text, Number],
        Gives::Text,
        repeated,
        &[("REPT(\"ab\", 3)", "ababab"), ("REPT(\"x\", 1000000)", "#LIMIT!"), ("REPT(\"x\", 0)", "")],
    ),
    Function::new(
        "TEXT",
        T,
        &[Formattable, Text],
        Gives::Text,
        super::format::text,
        &[
            ("TEXT(1234.5, \"#,##0.00\")", "1,234.50"),
            ("TEXT(0.255, \"0.0%\")", "25.5%"),
            ("TEXT(7, \"000\")", "007"),
            ("TEXT(day, \"yyyy-mm-dd\")", "2026-11-22"),
            ("TEXT(day, \"yyyy年m月d日 aaaa\")", "2026年11月22日 星期日"),
            ("TEXT(at, \"hh:mm\")", "16:05"),
            ("TEXT(at - day, \"[h]:mm\")", "16:05"),
            ("TEXT(1234.5, \"[DBNum2]\")", "壹仟贰佰叁拾肆.伍"),
            ("TEXT(1205, \"[DBNum1]0\")", "一二〇五"),
            ("TEXT(day, \"[DBNum1]yyyy年m月d日\")", "二〇二六年十一月二十二日"),
            ("TEXT(1234, IF(paid, \"0.00E+00\", \"# ?/?\"))", "#VALUE!"),
        ],
    )
    .literal(1, super::pattern::suits)
    .words(1, &["0.00", "#,##0", "0.0%", "000", "yyyy-mm-dd", "yyyy年m月d日", "aaaa", "hh:mm", "[h]:mm"]),
    Function::new(
        "VALUE",
        T,
        &[Text],
        Gives::Number,
        |a| match a.get(0) {
            empty if empty.is_empty() => Ok(Value::Empty),
            _ => read_number(&a.text(0)?),
        },
        &[("VALUE(\"1,234.5\")", "1234.5"), ("VALUE(\"12%\")", "0.12"), ("VALUE(\"abc\")", "#VALUE!")],
    ),
    Function::new(
        "CHAR",
        T,
        &[Number],
        Gives::Text,
        |a| {
            let code = u32::try_from(a.integer(0)?).ok().filter(|code| *code > 0);
            let c = code.and_then(char::from_u32).ok_or(ErrorValue::Num)?;
            Ok(text_value(c))
        },
        &[("CHAR(65)", "A"), ("LEN(CHAR(10))", "1")],
    ),
    Function::new(
        "CODE",
        T,
        &[Text],
        Gives::Number,
        |a| {
            let first = a.text(0)?.chars().next().ok_or(Halt::Empty)?;
            Ok(Value::number(u32::from(first)))
        },
        &[("CODE(\"A\")", "65")],
    ),
];

/// A number of characters that must not be negative.
fn count_or(a: &Arguments, place: usize, otherwise: i64) -> Result<usize, Halt> {
    usize::try_from(a.integer_or(place, otherwise)?).map_err(|_| ErrorValue::Num.into())
}

/// A place counted from 1, as the number of characters before it.
fn start_of(a: &Arguments, place: usize) -> Result<usize, Halt> {
    let start = usize::try_from(a.integer_or(place, 1)?).map_err(|_| ErrorValue::Num)?;
    start.checked_sub(1).ok_or(ErrorValue::Num.into())
}

/// `count` characters of the first argument from the one after `start` on.
fn cut(a: &Arguments, start: usize, count: usize) -> Answer {
    let text = a.text(0)?;
    a.frame.charge(text.len() as u64 / 64)?;
    let byte_at = |text: &str, place: usize| text.char_indices().nth(place).map_or(text.len(), |(at, _)| at);
    let rest = &text[byte_at(&text, start)..];
    let part = &rest[..byte_at(rest, count)];
    a.frame.room_for_text(part.len())?;
    Ok(text_value(part))
}

fn concatenate(a: &Arguments) -> Answer {
    joined(a, a.items_from(0), "", true)
}

fn text_join(a: &Arguments) -> Answer {
    let separator = a.text(0)?;
    joined(a, a.items_from(2), &separator, a.truth(1)?)
}

fn joined(a: &Arguments, items: Vec<&Value>, separator: &str, skip_empty: bool) -> Answer {
    let kept = items.into_iter().filter(|item| !(skip_empty && item.is_empty()));
    let parts = kept.map(|item| text_of(item, a.frame)).collect::<Result<Vec<_>, _>>()?;
    let separators = separator.len().saturating_mul(parts.len().saturating_sub(1));
    a.frame.room_for_text(parts.iter().map(|part| part.len()).sum::<usize>().saturating_add(separators))?;
    Ok(text_value(parts.join(separator)))
}

fn split(a: &Arguments) -> Answer {
    let (text, separator) = (a.text(0)?, a.text(1)?);
    if text.is_empty() {
        return Ok(Value::Empty);
    }
    if separator.is_empty() {
        return list_value(vec![text_value(text)]);
    }
    a.frame.room_for_text(text.len())?;
    let parts: Vec<Value> = text.split(&*separator).take(MAX_ITEMS + 1).map(text_value).collect();
    a.frame.charge(parts.len() as u64)?;
    list_value(parts)
}

/// A change that makes a text at most three times as long, which is found out only afterwards.
fn changed(a: &Arguments, change: impl Fn(&str) -> String) -> Answer {
    let text = a.text(0)?;
    a.frame.room_for_text(text.len())?;
    let changed = change(&text);
    if changed.len() > MAX_TEXT {
        return Err(ErrorValue::Limit.into());
    }
    a.frame.room_for_text(changed.len().saturating_sub(text.len()))?;
    Ok(text_value(changed))
}

fn proper(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut in_word = false;
    for c in text.chars() {
        if in_word {
            result.extend(c.to_lowercase());
        } else {
            result.extend(c.to_uppercase());
        }
        in_word = c.is_alphabetic();
    }
    result
}

fn replace(a: &Arguments) -> Answer {
    let (text, new) = (a.text(0)?, a.text(3)?);
    let (start, count) = (start_of(a, 1)?, count_or(a, 2, 0)?);
    a.frame.room_for_text(text.len() + new.len())?;
    let before: String = text.chars().take(start).collect();
    let after: String = text.chars().skip(start.saturating_add(count)).collect();
    Ok(text_value(format!("{before}{new}{after}")))
}

/// The size of the result is known before it is made: the number of matches times the difference.
fn substitute(a: &Arguments) -> Answer {
    let (text, old, new) = (a.text(0)?, a.text(1)?, a.text(2)?);
    if old.is_empty() {
        return Ok(text_value(text));
    }
    a.frame.charge(text.len() as u64 / 64)?;
    if a.has(3) {
        let place = start_of(a, 3)?;
        let Some((at, _)) = text.match_indices(&*old).nth(place) else { return Ok(text_value(text)) };
        a.frame.room_for_text(text.len() - old.len() + new.len())?;
        return Ok(text_value(format!("{}{new}{}", &text[..at], &text[at + old.len()..])));
    }
    let matches = text.matches(&*old).count();
    let size = (text.len() - matches * old.len()).saturating_add(matches.saturating_mul(new.len()));
    a.frame.room_for_text(size)?;
    Ok(text_value(text.replace(&*old, &new)))
}

/// The letter as searching sees it; one character stays one.
fn without_case(c: char) -> char {
    let c = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

fn position(a: &Arguments, seen_as: fn(char) -> char) -> Answer {
    let (part, text) = (a.text(0)?, a.text(1)?);
    let skip = start_of(a, 2)?;
    a.frame.charge((part.len() + text.len()) as u64 / 64)?;
    let part: String = part.chars().map(seen_as).collect();
    let rest: String = text.chars().skip(skip).map(seen_as).collect();
    let at = rest.find(&part).ok_or(ErrorValue::NotAvailable)?;
    Ok(Value::number((rest[..at].chars().count() + skip + 1) as u64))
}

/// Where the mark of TEXTBEFORE and TEXTAFTER begins and ends; from the end with a negative place.
fn mark_of(a: &Arguments) -> Result<(usize, usize), Halt> {
    let (text, mark) = (a.text(0)?, a.text(1)?);
    if mark.is_empty() {
        return Err(ErrorValue::Value.into());
    }
    a.frame.charge(text.len() as u64 / 64)?;
    let place = a.integer_or(2, 1)?;
    let skip = usize::try_from(place.unsigned_abs()).ok().and_then(|place| place.checked_sub(1));
    let skip = skip.ok_or(ErrorValue::Num)?;
    let found =
        if place > 0 { text.match_indices(&*mark).nth(skip) } else { text.rmatch_indices(&*mark).nth(skip) };
    let (at, _) = found.ok_or(ErrorValue::NotAvailable)?;
    Ok((at, at + mark.len()))
}

/// In a list an item must be the text; in a text it may be a part. Case and width do not matter in a text, as in
/// conditions.
fn contains(a: &Arguments) -> Answer {
    let wanted = a.text(1)?;
    let found = match a.get(0) {
        Value::List(_) => {
            let mut found = false;
            for item in a.items(0) {
                found |= text_of(item, a.frame)? == wanted;
            }
            found
        }
        _ => fold(&a.text(0)?).contains(&fold(&wanted)),
    };
    Ok(Value::Bool(found))
}

fn repeated(a: &Arguments) -> Answer {
    let text = a.text(0)?;
    let times = usize::try_from(a.integer(1)?).map_err(|_| ErrorValue::Num)?;
    a.frame.room_for_text(text.len().saturating_mul(times))?;
    Ok(text_value(text.repeat(times)))
}

fn read_number(text: &str) -> Answer {
    let text = half_width(text.trim());
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits, true),
        None => (text.as_str(), false),
    };
    let digits = digits.trim_start_matches(['¥', '$', '€', '￥', ' ']);
    let number = parse_decimal(digits).map_err(|_| ErrorValue::Value)?;
    Ok(Value::Number(if percent { number / Decimal::ONE_HUNDRED } else { number }))
}
