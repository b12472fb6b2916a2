//! What of a record is worth knowing at a glance.

use crate::field::{FieldKind, Shape};
use crate::form::{Column, Compiled, Form};

/// The most facts that are shown.
const MOST: usize = 4;

/// The fields that tell most of a record beside its title, the most telling first: its state, its amounts, a share, who
/// is in charge, a date. For the head of a record, the list of tasks, a card.
pub fn key_facts(form: &Form) -> Vec<&Column> {
    facts_among(form, &|_| true)
}

/// The same where it stands beside how far the approval is: a state that is computed from that alone would say it twice, and
/// takes the place of nothing else.
pub fn key_facts_beside_approval(form: &Form) -> Vec<&Column> {
    facts_among(form, &|column| !repeats_approval(column))
}

/// Whether a field says how far the approval is, and nothing more.
fn repeats_approval(column: &Column) -> bool {
    let mut reads = column.compute.iter().flat_map(Compiled::reaches).peekable();
    reads.peek().is_some() && reads.all(|reach| reach.own_path() == "$flow_state")
}

fn facts_among<'f>(form: &'f Form, is_meant: &dyn Fn(&Column) -> bool) -> Vec<&'f Column> {
    const TURNS: [(Class, usize); 8] = [
        (Class::State, 0),
        (Class::Amount, 0),
        (Class::Share, 0),
        (Class::Amount, 1),
        (Class::Share, 1),
        (Class::Person, 0),
        (Class::Day, 0),
        (Class::Figure, 0),
    ];
    let pattern = form.sketch.document.title.as_deref().unwrap_or_default();
    let in_title = |column: &Column| pattern.contains(&format!("{{{}}}", column.path));
    let known: Vec<(Class, &Column)> = form
        .fields()
        .filter(|column| !in_title(column) && is_meant(column))
        .filter_map(|column| Some((class_of(column)?, column)))
        .collect();
    let pick = |(class, place): &(Class, usize)| {
        let mut of_class: Vec<&Column> =
            known.iter().filter(|(known, _)| known == class).map(|(_, column)| *column).collect();
        of_class.sort_by_key(|column| weight(column));
        of_class.get(*place).copied()
    };
    TURNS.iter().filter_map(pick).take(MOST).collect()
}

/// Its place among fields of the same class. What must be entered is what the record is about: a weighted or converted
/// amount is but derived from it. Otherwise what is computed sums up what was entered.
fn weight(column: &Column) -> u8 {
    match (column.field.is_input(), column.field.required) {
        (true, true) => 0,
        (false, _) => 1,
        (true, false) => 2,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    State,
    Amount,
    Share,
    Person,
    Day,
    Figure,
}

fn class_of(column: &Column) -> Option<Class> {
    /// Money with more decimals is the price of a unit.
    const OF_AMOUNTS: u32 = 2;
    match &column.read_kind {
        FieldKind::Select(select) => {
            select.choices.iter().any(|choice| choice.color.is_some()).then_some(Class::State)
        }
        FieldKind::Money(money) => (money.scale <= OF_AMOUNTS).then_some(Class::Amount),
        FieldKind::Percent(_) => Some(Class::Share),
        FieldKind::Member(_) => Some(Class::Person),
        FieldKind::Number(_) if !column.field.is_input() => Some(Class::Figure),
        kind => (kind.shape() == Shape::Day).then_some(Class::Day),
    }
}
