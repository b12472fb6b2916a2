//! Columns whose names are not those of fields, but much like them.
//!
//! Each likeness has a worth, and below [`LEAST`] there is none: a column that is left out is seen at once, one that goes into
//! the wrong field is not. Where two fields are alike to one column, or two columns to one field, none is taken.

mod senses;
mod words;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use self::words::{Left, Words};
use super::{ColumnProfile, cell_fault};
use crate::field::FieldKind;

/// A likeness that is worth less is none.
const LEAST: u32 = 65;
/// Names written alike, of one meaning, typed in pinyin, and by its initials.
const WRITTEN: u32 = 100;
const MEANT: u32 = 90;
const TYPED: u32 = 90;
const INITIALS: u32 = 80;
/// Initials of fewer syllables are those of too much else.
const FEWEST_INITIALS: usize = 3;
/// What it costs to leave out an ending, or the beginning.
const ENDING: u32 = 10;
const BEGINNING: u32 = 15;
/// All the cells are choices of the field.
const CHOSEN: u32 = 10;

/// A field that a column may go into.
pub(super) struct Offered<'f> {
    /// What it is called, in each language, and its key.
    pub names: Vec<String>,
    pub kind: &'f FieldKind,
}

/// A column of the file.
#[derive(Clone, Copy)]
pub(super) struct Headed<'f> {
    pub header: &'f str,
    /// Its first cells.
    pub cells: &'f [String],
}

/// For each column the field that it is most like, if there is one. `form_names` are those of the form: a column may say
/// them before the name of its field.
pub(super) fn likely(form_names: &[&str], columns: &[Headed], offered: &[Offered]) -> Vec<Option<usize>> {
    let index = Index::of(offered);
    let forms: Vec<Words> = form_names.iter().map(|name| Words::of(name)).collect();
    let worths: Vec<BTreeMap<usize, u32>> =
        columns.iter().map(|column| index.worths(column, &forms, offered)).collect();
    let best = worths.iter().map(|worths| only_best(worths.iter().map(|(field, worth)| (*field, *worth))));
    let best: Vec<Option<(usize, u32)>> = best.collect();
    let wins = |place: usize, field: usize| {
        let rivals = best.iter().enumerate().filter_map(|(rival, best)| {
            let (theirs, worth) = (*best)?;
            (theirs == field).then_some((rival, worth))
        });
        only_best(rivals).is_some_and(|(winner, _)| winner == place)
    };
    let found = best.iter().enumerate();
    found.map(|(place, best)| best.map(|(field, _)| field).filter(|field| wins(place, *field))).collect()
}

/// The one that is worth more than every other.
fn only_best(worths: impl Iterator<Item = (usize, u32)>) -> Option<(usize, u32)> {
    let mut best: Option<(usize, u32)> = None;
    let mut is_only = true;
    for (which, worth) in worths {
        match best {
            Some((_, known)) if known > worth => {}
            Some((_, known)) if known == worth => is_only = false,
            Some(_) | None => (best, is_only) = (Some((which, worth)), true),
        }
    }
    best.filter(|_| is_only)
}

/// Whether the cells are such as the field takes: a column of names is no date. Choices and what is found by its title
/// are looked at by the import itself.
fn fits(kind: &FieldKind, cells: &[String]) -> bool {
    let is_free = kind.reference().is_some() || has_choices(kind) || matches!(kind, FieldKind::Subform(_));
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty());
    let (good, bad): (Vec<_>, Vec<_>) =
        filled.partition(|cell| cell_fault(kind, cell, &TimeZone::UTC).is_none());
    is_free || good.len() >= bad.len()
}

fn has_choices(kind: &FieldKind) -> bool {
    !kind.choices().is_empty() || kind.choices_from().is_some()
}

/// Whether something stands in the cells, and each is a choice of the field.
fn all_chosen(kind: &FieldKind, cells: &[String]) -> bool {
    let is_filled = |cell: &&String| !cell.trim().is_empty();
    !kind.choices().is_empty()
        && cells.iter().any(|cell| is_filled(&cell))
        && cells.iter().filter(is_filled).all(|cell| cell_fault(kind, cell, &TimeZone::UTC).is_none())
}

/// What fields are called, and what else they may be called, each with what was left out of the name.
struct Index {
    written: Names,
    meant: Names,
    typed: Names,
    initials: Names,
}

type Names = BTreeMap<String, Vec<(usize, Left)>>;

impl Index {
    fn of(offered: &[Offered]) -> Index {
        let mut index =
            Index { written: Names::new(), meant: Names::new(), typed: Names::new(), initials: Names::new() };
        for (field, offer) in offered.iter().enumerate() {
            for name in &offer.names {
                let words = Words::of(name);
                if words.is_empty() {
                    continue;
                }
                for (words, left) in words.shorter() {
                    index.take(field, &words, left);
                }
            }
        }
        index
    }

    fn take(&mut self, field: usize, words: &Words, left: Left) {
        self.written.entry(words.text()).or_default().push((field, left));
        self.meant.entry(words.sense()).or_default().push((field, left));
        let Some((whole, initials)) = words.typed() else { return };
        self.typed.entry(whole).or_default().push((field, left));
        if left == Left::Nothing && initials.len() >= FEWEST_INITIALS {
            self.initials.entry(initials).or_default().push((field, left));
        }
    }

    /// What each field is worth to a column, as far as it is like it at all.
    fn worths(&self, column: &Headed, forms: &[Words], offered: &[Offered]) -> BTreeMap<usize, u32> {
        let words = Words::of(column.header);
        let mut worths = BTreeMap::new();
        if words.is_empty() {
            return worths;
        }
        let ending = words.without_ending().map(|words| (words, Left::Ending));
        let behind = forms.iter().filter_map(|form| words.behind(form)).map(|words| (words, Left::Beginning));
        for (called, left) in [(words.clone(), Left::Nothing)].into_iter().chain(ending).chain(behind) {
            let text = called.text();
            let mut sets = vec![(self.written.get(&text), WRITTEN), (self.meant.get(&called.sense()), MEANT)];
            // What is written in Chinese is not typed in pinyin.
            if text.is_ascii() {
                sets.push((self.typed.get(&text), TYPED));
                sets.push((self.initials.get(&text), INITIALS));
            }
            for (set, worth) in sets {
                for (field, of_field) in set.into_iter().flatten() {
                    note(&mut worths, *field, worth, [left, *of_field]);
                }
            }
        }
        worths.retain(|field, worth| {
            let Some(offer) = offered.get(*field).filter(|offer| fits(offer.kind, column.cells)) else {
                return false;
            };
            *worth += if all_chosen(offer.kind, column.cells) { CHOSEN } else { 0 };
            *worth >= LEAST
        });
        worths
    }
}

/// Keeps the most that a field is worth. Two names of which each has something of its own are names of different things.
fn note(worths: &mut BTreeMap<usize, u32>, field: usize, worth: u32, left: [Left; 2]) {
    if left.iter().all(|left| *left != Left::Nothing) {
        return;
    }
    let cost = left.iter().map(|left| match left {
        Left::Nothing => 0,
        Left::Ending => ENDING,
        Left::Beginning => BEGINNING,
    });
    let worth = worth.saturating_sub(cost.sum());
    let known = worths.entry(field).or_default();
    *known = worth.max(*known);
}

/// For each column without a field the one field that holds such values: where the file has one column of addresses for
/// mail, and the form one field for them, nothing else can be meant. Names and numbers may be anything, and say nothing; a
/// column that is called after something else (「生日」 for 「入职日期」) is left out. `is_free` says which columns and
/// which fields have none yet.
pub(super) fn by_kind(
    columns: &[Headed],
    offered: &[Offered],
    is_free: (&dyn Fn(usize) -> bool, &dyn Fn(usize) -> bool),
) -> Vec<(usize, usize)> {
    let (column_is_free, field_is_free) = is_free;
    let kinds = columns.iter().map(|column| {
        let mut profile = ColumnProfile::default();
        column.cells.iter().for_each(|cell| profile.observe(cell));
        Telling::of(&profile.guess(column.header).kind)
    });
    let kinds: Vec<Option<Telling>> = kinds.collect();
    let pair = |telling: Telling| {
        let of_file =
            kinds.iter().enumerate().filter(|(_, kind)| **kind == Some(telling)).map(|(place, _)| place);
        let of_form =
            offered.iter().enumerate().filter(|(_, offer)| Telling::of(offer.kind) == Some(telling));
        let (column, field) = (only(of_file)?, only(of_form.map(|(place, _)| place))?);
        let called = Words::of(columns.get(column)?.header);
        let names = &offered.get(field)?.names;
        let fits = names.iter().any(|name| !called.says_more_than(&Words::of(name), telling.sense()));
        (fits && column_is_free(column) && field_is_free(field)).then_some((column, field))
    };
    Telling::ALL.into_iter().filter_map(pair).collect()
}

fn only(mut places: impl Iterator<Item = usize>) -> Option<usize> {
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

/// Values that tell what they are without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Days, and moments.
    Day,
    Email,
    Phone,
    Url,
}

impl Telling {
    const ALL: [Telling; 4] = [Telling::Day, Telling::Email, Telling::Phone, Telling::Url];

    /// What its column may be called without saying more.
    fn sense(self) -> &'static str {
        match self {
            Telling::Day => "date",
            Telling::Email => "email",
            Telling::Phone => "phone",
            Telling::Url => "",
        }
    }

    fn of(kind: &FieldKind) -> Option<Telling> {
        match kind {
            FieldKind::Date(_) | FieldKind::DateTime(_) => Some(Telling::Day),
            FieldKind::Email(_) => Some(Telling::Email),
            FieldKind::Phone(_) => Some(Telling::Phone),
            FieldKind::Url(_) => Some(Telling::Url),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
