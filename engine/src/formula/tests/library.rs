//! Every function: its examples hold, its texts are there.

use std::collections::BTreeSet;

use super::{show, show_in_a_row};
use crate::formula::functions::{self, Topic};
use crate::text::{Language, Texts};

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    for function in functions::all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        for (source, expected) in function.examples {
            assert!(source.contains(function.name), "{source} does not use {}", function.name);
            let found = if function.over_rows { show_in_a_row(source) } else { show(source) };
            if found != *expected {
                wrong.push(format!("{source} gives {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_are_upper_case_and_different() {
    let names: Vec<&str> = functions::all().map(|function| function.name).collect();
    assert!(names.len() >= 190, "{}", names.len());
    assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())));
    let different: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(different.len(), names.len());
}

/// What people know from the product that they come from, and from spreadsheets, by the same name.
const KNOWN_ELSEWHERE: [&str; 8] = [
    "AND OR NOT XOR IF IFS TRUE FALSE",
    "CONCATENATE EXACT LEFT RIGHT MID LEN LOWER UPPER REPLACE REPT SEARCH SPLIT TEXT TRIM VALUE CHAR ISEMPTY UNION",
    "ABS AVERAGE CEILING COUNT COUNTIF COUNTIFS FIXED FLOOR INT LARGE LOG MAX MIN MOD POWER PRODUCT RAND ROUND SMALL \
     SQRT SUM SUMIF SUMIFS SUMPRODUCT SIN COS TAN ASIN ACOS ATAN PI",
    "DATE DATEDELTA DATEDIF DAY DAYS DAYS360 HOUR ISOWEEKNUM MINUTE MONTH NETWORKDAYS NOW SECOND SYSTIME TIME \
     TIMESTAMP TODAY WEEKDAY WEEKNUM WORKDAY YEAR",
    "DISTANCE GETUSERNAME INDEX MAPX RECNO TEXTUSER TEXTDEPT TEXTPHONE TEXTLOCATION UUID RMBCAP",
    "LOOKUP SUBSTITUTE ALLOCATE PARAM",
    "SUMOF COUNTOF AVGOF MINOF MAXOF FIRSTOF LASTOF",
    "IFERROR EOMONTH EDATE MEDIAN STDEV PMT NPV IRR",
];

#[test]
fn what_people_know_from_elsewhere_is_there_by_its_name() {
    let known = KNOWN_ELSEWHERE.iter().flat_map(|names| names.split_whitespace());
    let missing: Vec<&str> = known.filter(|name| functions::find(name).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whoever has to write a word that is known finds it in the help, and each that is named there is known.
#[test]
fn functions_that_know_only_some_words_name_them() {
    for function in functions::all() {
        let Some((place, is_known)) = function.literal else { continue };
        let (named_at, words) = function.known_words().unwrap_or_else(|| panic!("{}", function.name));
        assert_eq!(named_at, place, "{}", function.name);
        for word in words {
            assert!(is_known(word, &[]), "{} does not know {word}", function.name);
        }
    }
}

#[test]
fn every_function_has_its_texts() {
    let no_args = Default::default();
    for language in Language::ALL {
        let texts = Texts::of(language);
        for topic in Topic::ALL {
            assert!(texts.get(topic.text_key(), &no_args).is_some(), "{language} {}", topic.text_key());
        }
        for function in functions::all() {
            assert!(texts.get(&function.text_key(), &no_args).is_some(), "{language} {}", function.name);
            let parameters = texts.get(&function.parameters_key(), &no_args).unwrap_or_default();
            let names = parameters.split(',').filter(|name| !name.trim().is_empty()).count();
            assert_eq!(names, function.named_parameters(), "{language} {}: {parameters}", function.name);
            let meanings = texts.get(&function.words_key(), &no_args).unwrap_or_default();
            let said = meanings.split(',').filter(|meaning| !meaning.trim().is_empty()).count();
            let (place, words) = function.known_words().unwrap_or_default();
            assert_eq!(said, words.len(), "{language} {}: {meanings}", function.name);
            assert!(place < function.named_parameters() || words.is_empty(), "{}", function.name);
        }
    }
}
