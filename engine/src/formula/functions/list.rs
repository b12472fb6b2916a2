//! Lists: columns of sub-forms, choices, what SPLIT gives.

use std::collections::HashSet;

use super::Takes::{Number, Single, Values};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Frame, Halt, list_value, text_of};
use crate::formula::operators::{order, same};
use crate::value::{ErrorValue, Value};

const T: Topic = Topic::List;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "INDEX",
        T,
        &[Values, Number],
        Gives::ItemOf(0),
        index,
        &[
            ("INDEX(lines.item, 2)", "ink"),
            ("INDEX(lines.item, -1)", "pen"),
            ("INDEX(lines.item, 9)", "#REF!"),
        ],
    ),
    Function::new(
        "FIRST",
        T,
        &[Values],
        Gives::ItemOf(0),
        |a| filled(a).first().map_or(Ok(Value::Empty), |item| a.copy(item)),
        &[("FIRST(lines.qty)", "2"), ("FIRST(lines.note)", "gift")],
    ),
    Function::new(
        "LAST",
        T,
        &[Values],
        Gives::ItemOf(0),
        |a| filled(a).last().map_or(Ok(Value::Empty), |item| a.copy(item)),
        &[("LAST(lines.qty)", "5")],
    ),
    Function::new(
        "UNIQUE",
        T,
        &[Values],
        Gives::Same(0),
        |a| list_value(distinct(a, 0)?),
        &[("JOIN(UNIQUE(lines.item))", "pen, ink")],
    ),
    Function::new(
        "SORT",
        T,
        &[Values],
        Gives::Same(0),
        sorted,
        &[("JOIN(SORT(lines.price))", "4, 10, 20.5")],
    ),
    Function::new(
        "MATCH",
        T,
        &[Single, Values],
        Gives::Number,
        |a| Ok(Value::number(place_of(a)? as u64 + 1)),
        &[("MATCH(\"ink\", lines.item)", "2"), ("MATCH(\"cap\", lines.item)", "#N/A")],
    ),
    Function::new(
        "LOOKUP",
        T,
        &[Single, Values, Values],
        Gives::ItemOf(2),
        |a| {
            let place = place_of(a)?;
            a.copy(a.items(2).get(place).ok_or(ErrorValue::Ref)?)
        },
        &[
            ("LOOKUP(\"ink\", lines.item, lines.price)", "20.5"),
            ("LOOKUP(\"cap\", lines.item, lines.price)", "#N/A"),
        ],
    ),
    Function::new(
        "UNION",
        T,
        &[Values],
        Gives::TextList,
        |a| list_value(distinct_values(a.items_from(0), a.frame)?),
        &[("UNION(tags, SPLIT(\"vip,new\", \",\"))", "vip, old, new")],
    )
    .repeats(1),
];

/// Counted from 1, and from the end with negative numbers.
fn index(a: &Arguments) -> Answer {
    let items = a.items(0);
    let place = a.integer(1)?;
    let at = match place {
        0 => None,
        1.. => usize::try_from(place - 1).ok(),
        _ => usize::try_from(place.unsigned_abs()).ok().and_then(|back| items.len().checked_sub(back)),
    };
    a.copy(at.and_then(|at| items.get(at)).ok_or(ErrorValue::Ref)?)
}

fn filled<'a>(a: &Arguments<'a>) -> Vec<&'a Value> {
    a.items(0).into_iter().filter(|item| !item.is_empty()).collect()
}

/// The different values in one argument, each where it comes first; empty ones are left out.
pub(super) fn distinct(a: &Arguments, place: usize) -> Result<Vec<Value>, Halt> {
    distinct_values(a.items(place), a.frame)
}

pub(super) fn distinct_values(items: Vec<&Value>, frame: &Frame) -> Result<Vec<Value>, Halt> {
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        // The kind is a part of what is compared: the number 1 is not the text "1".
        let kind = std::mem::discriminant(item);
        if seen.insert((kind, text_of(item, frame)?)) {
            frame.room_for_copy(item)?;
            values.push(item.clone());
        }
    }
    Ok(values)
}

fn sorted(a: &Arguments) -> Answer {
    let mut items = filled(a).into_iter().map(|item| a.copy(item)).collect::<Result<Vec<_>, _>>()?;
    a.frame.charge(items.len() as u64 * 8)?;
    let comparable = items.windows(2).all(|pair| order(&pair[0], &pair[1], a.frame).is_some());
    if !comparable {
        return Err(ErrorValue::Value.into());
    }
    items.sort_by(|x, y| order(x, y, a.frame).unwrap_or(std::cmp::Ordering::Equal));
    list_value(items)
}

fn place_of(a: &Arguments) -> Result<usize, Halt> {
    let wanted = a.get(0);
    let place = a.items(1).iter().position(|item| same(item, wanted, a.frame));
    place.ok_or(ErrorValue::NotAvailable.into())
}
