//! Lists: columns of sub-forms, choices, what SPLIT gives.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::mem::{Discriminant, discriminant};

use super::Takes::{Bool, List, Number, Single, Values};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Frame, Halt, MAX_ITEMS, list_value, text_of, work_of};
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
        &[Values, Bool],
        Gives::Same(0),
        sorted,
        &[("JOIN(SORT(lines.price))", "4, 10, 20.5"), ("SORT(lines.price, TRUE)", "20.5, 10, 4")],
    )
    .optional(1),
    Function::new(
        "SORTBY",
        T,
        &[List, List, Bool],
        Gives::Same(0),
        sorted_by,
        &[
            ("SORTBY(lines.item, lines.price)", "pen, pen, ink"),
            ("SORTBY(lines.qty, lines.day, TRUE)", "5, 3, 2"),
            ("SORTBY(lines.qty, tags)", "#VALUE!"),
        ],
    )
    .optional(1),
    Function::new(
        "REVERSE",
        T,
        &[List],
        Gives::Same(0),
        |a| copied(a, a.items(0).into_iter().rev().collect()),
        &[("REVERSE(lines.qty)", "5, 3, 2")],
    ),
    Function::new(
        "TAKE",
        T,
        &[List, Number],
        Gives::Same(0),
        taken,
        &[("TAKE(lines.qty, 2)", "2, 3"), ("TAKE(lines.qty, -2)", "3, 5"), ("TAKE(lines.qty, 9)", "2, 3, 5")],
    ),
    Function::new(
        "FILTER",
        T,
        &[List, List, Single],
        Gives::Same(0),
        filtered,
        &[
            ("FILTER(lines.item, lines.qty, \">2\")", "ink, pen"),
            ("SUM(FILTER(lines.qty, lines.item, \"pen\", lines.note, \"\"))", "5"),
            ("FILTER(lines.item, lines.qty, \">9\")", ""),
            ("FILTER(tags, lines.qty, \">2\")", "#VALUE!"),
        ],
    )
    .repeats(2),
    Function::new(
        "SEQUENCE",
        T,
        &[Number, Number, Number],
        Gives::NumberList,
        sequence,
        &[
            ("SEQUENCE(4)", "1, 2, 3, 4"),
            ("SEQUENCE(3, 10, -0.5)", "10, 9.5, 9"),
            ("SEQUENCE(0)", ""),
            ("SEQUENCE(5001)", "#LIMIT!"),
        ],
    )
    .optional(2),
    Function::new(
        "INTERSECT",
        T,
        &[List, Values],
        Gives::Same(0),
        |a| list_value(common(a, true)?),
        &[("INTERSECT(tags, SPLIT(\"vip,new\", \",\"))", "vip"), ("INTERSECT(tags, \"new\")", "")],
    ),
    Function::new(
        "EXCEPT",
        T,
        &[List, Values],
        Gives::Same(0),
        |a| list_value(common(a, false)?),
        &[("EXCEPT(tags, \"vip\")", "old"), ("EXCEPT(lines.item, tags)", "pen, ink")],
    ),
    Function::new(
        "HASANY",
        T,
        &[Values, Values],
        Gives::Bool,
        |a| Ok(Value::Bool(!common(a, true)?.is_empty())),
        &[("HASANY(tags, SPLIT(\"vip,new\", \",\"))", "TRUE"), ("HASANY(tags, \"new\")", "FALSE")],
    ),
    Function::new(
        "HASALL",
        T,
        &[Values, Values],
        Gives::Bool,
        |a| Ok(Value::Bool(common(a, true)?.len() == distinct(a, 1)?.len())),
        &[
            ("HASALL(tags, SPLIT(\"vip,old\", \",\"))", "TRUE"),
            ("HASALL(tags, SPLIT(\"vip,new\", \",\"))", "FALSE"),
        ],
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
        &[Single, Values, Values, Single],
        Gives::ItemOf(2),
        |a| match place_of(a) {
            Err(Halt::Error(ErrorValue::NotAvailable)) if a.len() > 3 => a.answer(3),
            place => a.copy(a.items(2).get(place?).ok_or(ErrorValue::Ref)?),
        },
        &[
            ("LOOKUP(\"ink\", lines.item, lines.price)", "20.5"),
            ("LOOKUP(\"cap\", lines.item, lines.price)", "#N/A"),
            ("LOOKUP(\"cap\", lines.item, lines.price, 0)", "0"),
        ],
    )
    .optional(1),
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

fn distinct_values(items: Vec<&Value>, frame: &Frame) -> Result<Vec<Value>, Halt> {
    let mut seen = HashSet::new();
    let mut values = Vec::new();
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        if seen.insert(identity(item, frame)?) {
            frame.room_for_copy(item)?;
            values.push(item.clone());
        }
    }
    Ok(values)
}

/// By what two items are the same. The kind is a part of it: the number 1 is not the text "1".
fn identity<'v>(item: &'v Value, frame: &Frame) -> Result<(Discriminant<Value>, Cow<'v, str>), Halt> {
    Ok((discriminant(item), text_of(item, frame)?))
}

/// The different values of the first list that are in the second, or those that are not.
fn common(a: &Arguments, wanted: bool) -> Result<Vec<Value>, Halt> {
    let others: HashSet<_> =
        a.items(1).into_iter().map(|item| identity(item, a.frame)).collect::<Result<_, _>>()?;
    let mut kept = Vec::new();
    for item in a.items(0) {
        if others.contains(&identity(item, a.frame)?) == wanted {
            kept.push(item);
        }
    }
    distinct_values(kept, a.frame)
}

/// Orders items by a key each, equal ones as they were; what has no key comes last.
fn ordered<'v>(
    a: &Arguments,
    mut keyed: Vec<(&'v Value, &'v Value)>,
    descending: bool,
) -> Result<Vec<&'v Value>, Halt> {
    // Each is compared about so many times, and a text is read whole every time.
    let once: u64 = keyed.iter().map(|(key, _)| 1 + work_of(key)).sum();
    a.frame.charge(once * 8)?;
    let known: Vec<&Value> = keyed.iter().map(|(key, _)| *key).filter(|key| !key.is_empty()).collect();
    let mut pairs = known.iter().zip(known.iter().skip(1));
    if pairs.any(|(one, next)| order(one, next, a.frame).is_none()) {
        return Err(ErrorValue::Value.into());
    }
    keyed.sort_by(|(x, _), (y, _)| match (x.is_empty(), y.is_empty()) {
        (false, false) => {
            let order = order(x, y, a.frame).unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
        (x, y) => x.cmp(&y),
    });
    Ok(keyed.into_iter().map(|(_, item)| item).collect())
}

fn sorted(a: &Arguments) -> Answer {
    let keyed = filled(a).into_iter().map(|item| (item, item)).collect();
    copied(a, ordered(a, keyed, a.truth(1)?)?)
}

fn sorted_by(a: &Arguments) -> Answer {
    let (items, keys) = (a.items(0), a.items(1));
    if items.len() != keys.len() {
        return Err(ErrorValue::Value.into());
    }
    copied(a, ordered(a, keys.into_iter().zip(items).collect(), a.truth(2)?)?)
}

fn copied(a: &Arguments, items: Vec<&Value>) -> Answer {
    list_value(items.into_iter().map(|item| a.copy(item)).collect::<Result<_, _>>()?)
}

/// So many items from the start, or from the end with a negative number.
fn taken(a: &Arguments) -> Answer {
    let mut items = a.items(0);
    let count = a.integer(1)?;
    let wanted = usize::try_from(count.unsigned_abs()).map_err(|_| ErrorValue::Num)?.min(items.len());
    if count < 0 {
        items.drain(..items.len() - wanted);
    } else {
        items.truncate(wanted);
    }
    copied(a, items)
}

/// The items in whose rows all pairs of list and criterion hold.
fn filtered(a: &Arguments) -> Answer {
    let (items, holds) = (a.items(0), super::statistics::holding(a, 1)?);
    if items.len() != holds.len() {
        return Err(ErrorValue::Value.into());
    }
    copied(a, items.into_iter().zip(holds).filter_map(|(item, holds)| holds.then_some(item)).collect())
}

/// Numbers at equal steps.
fn sequence(a: &Arguments) -> Answer {
    let count = usize::try_from(a.integer(0)?).map_err(|_| ErrorValue::Num)?;
    if count > MAX_ITEMS {
        return Err(ErrorValue::Limit.into());
    }
    a.frame.charge(count as u64)?;
    let (mut next, step) = (a.number_or(1, 1)?, a.number_or(2, 1)?);
    let mut items = Vec::with_capacity(count);
    for place in 0..count {
        if place > 0 {
            next = next.checked_add(step).ok_or(ErrorValue::Limit)?;
        }
        items.push(Value::Number(next));
    }
    list_value(items)
}

fn place_of(a: &Arguments) -> Result<usize, Halt> {
    let wanted = a.get(0);
    let place = a.items(1).iter().position(|item| same(item, wanted, a.frame));
    place.ok_or(ErrorValue::NotAvailable.into())
}
