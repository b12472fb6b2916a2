//! Labels that stand in a formula without the brackets that they need.

use super::Type;
use super::fault::{FormulaFault, Span};
use super::lex::{closing_quote, continues_name, is_plain_name, plain};
use super::rename::shown;
use super::scope::Names;

/// The fault, or where it comes of a label without its brackets: that, with how the label is written.
pub(super) fn unbracketed(fault: FormulaFault, source: &str, names: &dyn Names) -> FormulaFault {
    // Of what is too long nothing was read.
    if fault.code == "formula_too_long" {
        return fault;
    }
    match spelled(source, fault.span, &labels(names)) {
        Some((span, like)) => {
            FormulaFault::new("formula_brackets", span).arg("field", span.of(source)).arg("like", like)
        }
        None => fault,
    }
}

/// A label that needs brackets, as it would be without them, and as it is written.
struct Spelling {
    said: String,
    written: String,
}

/// The labels that need brackets: of the form, and of what lies behind its sub-forms and links.
fn labels(names: &dyn Names) -> Vec<Spelling> {
    let top = names.members(&[]);
    let mut found = Vec::new();
    for name in &top {
        let written = shown(name, &top);
        let is_plain = is_plain_name(&name.label);
        if matches!(name.ty, Type::Rows) || name.kind == Some("link") {
            let inner = names.members(&[&name.key]);
            let needing = inner.iter().filter(|column| !is_plain || !is_plain_name(&column.label));
            for column in needing {
                let whole = format!("{written}.{}", shown(column, &inner));
                for before in [&name.label, &written] {
                    found.push(Spelling {
                        said: format!("{before}.{}", column.label),
                        written: whole.clone(),
                    });
                }
            }
        }
        if !is_plain {
            found.push(Spelling { said: name.label.clone(), written });
        }
    }
    found
}

/// Where a label stands without its brackets at the place of a fault, and how it is written.
fn spelled(source: &str, fault: Span, labels: &[Spelling]) -> Option<(Span, String)> {
    let chars: Vec<char> = source.chars().collect();
    let end = fault.at + fault.length.max(1);
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        let goes_on =
            at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|c| continues_name(*c));
        let of = |label: &Spelling| Some((begun(&label.said, rest)?, label.written.clone()));
        let longest = labels.iter().filter(|_| !goes_on).filter_map(of).max_by_key(|(length, _)| *length);
        if let Some((length, written)) = longest {
            if at < end && fault.at < at + length {
                return Some((Span { at, length }, written));
            }
            at += length;
            continue;
        }
        let close = if plain(*c) == '[' { Some(']') } else { closing_quote(*c) };
        let closed =
            |close: char| rest.iter().skip(1).position(|c| *c == close || (*c == '】' && close == ']'));
        match close {
            // From there on nothing is outside.
            Some(close) => at += closed(close)? + 2,
            None => at += 1,
        }
    }
    None
}

/// How many characters of a label stand there: all of it, or as many words as there are, from the second one on.
fn begun(label: &str, there: &[char]) -> Option<usize> {
    let same = |a: char, b: char| plain(a).to_lowercase().eq(plain(b).to_lowercase());
    let length = label.chars().zip(there).take_while(|(a, b)| same(*a, **b)).count();
    let said = there.get(..length)?;
    let trailing = said.iter().rev().take_while(|c| c.is_whitespace()).count();
    let words = said.get(..length - trailing)?;
    let is_whole = length == label.chars().count();
    let is_begun = words.iter().any(|c| c.is_whitespace());
    let ends = trailing > 0 || there.get(length).is_none_or(|c| !continues_name(*c));
    let ends = ends || words.last().is_some_and(|c| !continues_name(*c));
    ((is_whole || is_begun) && ends && !words.is_empty()).then_some(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_begun_by_its_words_and_not_by_a_part_of_one() {
        let length = |label: &str, there: &str| begun(label, &there.chars().collect::<Vec<_>>());
        assert_eq!(length("Unit price", "Unit price * 2"), Some(10));
        assert_eq!(length("Unit price", "unit PRICE*2"), Some(10));
        assert_eq!(length("Unit price", "Unit pric * 2"), Some(9));
        assert_eq!(length("Unit price", "Unit * 2"), None, "one word may be anything");
        assert_eq!(length("Unit price", "Unit prices"), None);
        assert_eq!(length("Unit price net", "Unit price * 2"), Some(10));
        assert_eq!(length("金额(元)", "金额（元）+ 1"), Some(5));
        assert_eq!(length("Unit price", ""), None);
    }
}
