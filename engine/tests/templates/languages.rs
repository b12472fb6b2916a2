//! The languages of demo records.

use engine::form::FormDocument;
use engine::text::Language;

use crate::world::read_all;

/// The lines of a demo file, each as its cells.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let lines = reader.records().map(|line| line.expect("is csv"));
    lines.map(|line| line.iter().map(str::to_string).collect()).collect()
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn has_han(text: &str) -> bool {
    text.contains(is_han)
}

/// Whether a column holds a place: places are called as the list of regions calls them, in every language.
fn is_place(form: Option<&FormDocument>, column: &str) -> bool {
    let field = form.and_then(|form| form.fields.iter().find(|field| field.key == column));
    field.is_some_and(|field| field.kind.name() == "address")
}

/// Whoever asks for English gets it: a demo that is in Chinese is there once more, record by record, without a Chinese word.
#[test]
fn every_demo_in_chinese_is_there_in_english() {
    let all = read_all();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (key, package) in &all {
        for ((of, name), text) in &package.demo {
            let owner = if of.is_empty() { key } else { of };
            let form = all.get(owner).and_then(|owner| owner.forms.get(name));
            let chinese = cells(text);
            let columns = chinese.first().cloned().unwrap_or_default();
            let is_told = |line: &Vec<String>| {
                let mut cells = columns.iter().zip(line);
                cells.any(|(column, cell)| !is_place(form, column) && has_han(cell))
            };
            if !chinese.iter().any(is_told) {
                continue;
            }
            asked += 1;
            let place = format!("{key}/demo@en/{of}/{name}.csv");
            let Some(english) = package.demo_in.get(&(Language::En, of.clone(), name.clone())) else {
                wrong.push(format!("{place} is missing"));
                continue;
            };
            let english = cells(english);
            let keys = |lines: &[Vec<String>]| -> Vec<String> {
                lines.iter().filter_map(|line| line.first().cloned()).collect()
            };
            if english.first() != chinese.first() || keys(&english) != keys(&chinese) {
                wrong.push(format!("{place} has other records or columns"));
            }
            let told = english.iter().zip(1..).filter(|(line, _)| is_told(line));
            wrong.extend(told.map(|(_, number)| format!("{place}: line {number} has Chinese words")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(asked > 10, "{asked}");
}
