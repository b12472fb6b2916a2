//! Sums, counts and what else is said of many values. Empty values are left out (semantics.md 9).

use std::cmp::Ordering;

use super::Takes::{Anything, Number, NumberList, Numbers, Ordered, Single, Values};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, number, number_value};
use crate::formula::criterion::Criterion;
use crate::formula::operators::{divide, order};
use crate::value::{Decimal, ErrorValue, Value};

const T: Topic = Topic::Statistics;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "SUM",
        T,
        &[Numbers],
        Gives::Number,
        |a| number_value(sum(&a.numbers_from(0)?)),
        &[("SUM(lines.qty)", "10"), ("SUM(1, blank, 0.1, 0.2)", "1.3"), ("SUM(blank)", "0")],
    )
    .repeats(1),
    Function::new(
        "SUMIF",
        T,
        &[Values, Single, Numbers],
        Gives::Number,
        sum_if,
        &[
            ("SUMIF(lines.qty, \">2\")", "8"),
            ("SUMIF(lines.item, \"pen\", lines.qty)", "7"),
            ("SUMIF(lines.item, \"<>pen\", lines.qty)", "3"),
        ],
    )
    .optional(1),
    Function::new(
        "SUMIFS",
        T,
        &[Numbers, Values, Single],
        Gives::Number,
        sum_ifs,
        &[("SUMIFS(lines.qty, lines.item, \"pen\", lines.price, \">5\")", "2")],
    )
    .repeats(2),
    Function::new(
        "SUMPRODUCT",
        T,
        &[NumberList],
        Gives::Number,
        sum_product,
        &[("SUMPRODUCT(lines.qty, lines.price)", "101.5"), ("SUMPRODUCT(lines.qty)", "10")],
    )
    .repeats(1),
    Function::new(
        "COUNT",
        T,
        &[Values],
        Gives::Number,
        |a| Ok(Value::number(a.items_from(0).iter().filter(|item| is_countable(item)).count() as u64)),
        &[("COUNT(lines.qty)", "3"), ("COUNT(1, \"a\", blank)", "1")],
    )
    .repeats(1),
    Function::new(
        "COUNTA",
        T,
        &[Anything],
        Gives::Number,
        count_filled,
        &[("COUNTA(lines.item)", "3"), ("COUNTA(1, \"a\", blank)", "2"), ("COUNTA(lines)", "3")],
    )
    .repeats(1),
    Function::new(
        "COUNTBLANK",
        T,
        &[Values],
        Gives::Number,
        |a| Ok(Value::number(a.items_from(0).iter().filter(|item| item.is_empty()).count() as u64)),
        &[("COUNTBLANK(lines.note)", "2")],
    )
    .repeats(1),
    Function::new(
        "COUNTIF",
        T,
        &[Values, Single],
        Gives::Number,
        count_ifs,
        &[
            ("COUNTIF(lines.item, \"pen\")", "2"),
            ("COUNTIF(lines.qty, \">=3\")", "2"),
            ("COUNTIF(lines.item, \"p*\")", "2"),
            ("COUNTIF(lines.note, \"<>\")", "1"),
            ("COUNTIF(lines.day, \">=2026/2/1\")", "2"),
            ("COUNTIF(at, \">2026-11-22 16:00\")", "1"),
            ("COUNTIF(at, \"2026-11-22T08:05:00Z\")", "1"),
            ("COUNTIF(TIME(9, 30), \"<9:31\")", "1"),
            ("COUNTIF(TIME(9, 30), \">9:31\")", "0"),
        ],
    ),
    Function::new(
        "COUNTIFS",
        T,
        &[Values, Single],
        Gives::Number,
        count_ifs,
        &[("COUNTIFS(lines.item, \"pen\", lines.qty, \">2\")", "1")],
    )
    .repeats(2),
    Function::new(
        "COUNTUNIQUE",
        T,
        &[Values],
        Gives::Number,
        |a| Ok(Value::number(super::list::distinct(a, 0)?.len() as u64)),
        &[("COUNTUNIQUE(lines.item)", "2")],
    ),
    Function::new(
        "AVERAGE",
        T,
        &[Numbers],
        Gives::Number,
        |a| average(&a.numbers_from(0)?),
        &[
            ("AVERAGE(1, 2)", "1.5"),
            ("AVERAGE(lines.price)", "11.5"),
            ("AVERAGE(1, blank)", "1"),
            ("AVERAGE(blank)", ""),
        ],
    )
    .repeats(1),
    Function::new(
        "AVERAGEIF",
        T,
        &[Values, Single, Numbers],
        Gives::Number,
        average_if,
        &[("AVERAGEIF(lines.item, \"pen\", lines.qty)", "3.5"), ("AVERAGEIF(lines.qty, \">9\")", "")],
    )
    .optional(1),
    Function::new(
        "AVERAGEIFS",
        T,
        &[Numbers, Values, Single],
        Gives::Number,
        |a| average(&picked(a, 0, 1)?),
        &[("AVERAGEIFS(lines.qty, lines.item, \"pen\")", "3.5")],
    )
    .repeats(2),
    Function::new(
        "MIN",
        T,
        &[Ordered],
        Gives::ItemOf(0),
        |a| extreme(a, Ordering::Less),
        &[
            ("MIN(lines.price)", "4"),
            ("MIN(3, 1, blank)", "1"),
            ("MIN(lines.day)", "2026-01-15"),
            ("MIN(blank)", ""),
        ],
    )
    .repeats(1),
    Function::new(
        "MAX",
        T,
        &[Ordered],
        Gives::ItemOf(0),
        |a| extreme(a, Ordering::Greater),
        &[("MAX(lines.price)", "20.5"), ("MAX(lines.day)", "2026-03-01"), ("MAX(blank)", "")],
    )
    .repeats(1),
    Function::new(
        "MINIFS",
        T,
        &[Numbers, Values, Single],
        Gives::Number,
        |a| Ok(picked(a, 0, 1)?.into_iter().min().map_or(Value::Empty, Value::Number)),
        &[("MINIFS(lines.price, lines.item, \"pen\")", "4")],
    )
    .repeats(2),
    Function::new(
        "MAXIFS",
        T,
        &[Numbers, Values, Single],
        Gives::Number,
        |a| Ok(picked(a, 0, 1)?.into_iter().max().map_or(Value::Empty, Value::Number)),
        &[("MAXIFS(lines.price, lines.item, \"pen\")", "10")],
    )
    .repeats(2),
    Function::new(
        "PRODUCT",
        T,
        &[Numbers],
        Gives::Number,
        product,
        &[("PRODUCT(lines.qty)", "30"), ("PRODUCT(blank)", "")],
    )
    .repeats(1),
    Function::new(
        "LARGE",
        T,
        &[Numbers, Number],
        Gives::Number,
        |a| nth(a, true),
        &[("LARGE(lines.price, 2)", "10"), ("LARGE(lines.price, 4)", "#NUM!")],
    ),
    Function::new(
        "SMALL",
        T,
        &[Numbers, Number],
        Gives::Number,
        |a| nth(a, false),
        &[("SMALL(lines.price, 1)", "4")],
    ),
    Function::new(
        "RANK",
        T,
        &[Number, Numbers, Number],
        Gives::Number,
        rank,
        &[
            ("RANK(10, lines.price)", "2"),
            ("RANK(10, lines.price, 1)", "2"),
            ("RANK(4, lines.price)", "3"),
            ("RANK(9, lines.price)", "#N/A"),
        ],
    )
    .optional(1),
];

fn sum(numbers: &[Decimal]) -> Option<Decimal> {
    numbers.iter().try_fold(Decimal::ZERO, |sum, number| sum.checked_add(*number))
}

/// Of nothing there is no average.
pub(super) fn average(numbers: &[Decimal]) -> Answer {
    if numbers.is_empty() {
        return Ok(Value::Empty);
    }
    let sum = sum(numbers).ok_or(ErrorValue::Limit)?;
    Ok(Value::Number(divide(sum, Decimal::from(numbers.len()))?))
}

fn is_countable(item: &Value) -> bool {
    matches!(item, Value::Number(_) | Value::Date(_) | Value::DateTime(_) | Value::Time(_))
}

fn count_filled(a: &Arguments) -> Answer {
    let count = |item: &&Value| match item {
        Value::Rows(rows) => rows.len(),
        item => usize::from(!item.is_empty()),
    };
    Ok(Value::number(a.items_from(0).iter().map(count).sum::<usize>() as u64))
}

/// The numbers of argument `from` at the places where the pairs of list and criterion from `criteria` on hold.
fn picked(a: &Arguments, from: usize, criteria: usize) -> Result<Vec<Decimal>, Halt> {
    numbers_where(a.items(from), holding(a, criteria)?)
}

fn numbers_where(items: Vec<&Value>, holds: Vec<bool>) -> Result<Vec<Decimal>, Halt> {
    if items.len() != holds.len() {
        return Err(ErrorValue::Value.into());
    }
    let picked = items.into_iter().zip(holds).filter(|(_, holds)| *holds);
    picked.filter_map(|(item, _)| number(item).transpose()).collect()
}

/// At which places all pairs of list and criterion from `criteria` on hold.
pub(super) fn holding(a: &Arguments, criteria: usize) -> Result<Vec<bool>, Halt> {
    let mut all: Option<Vec<bool>> = None;
    for place in (criteria..a.len()).step_by(2) {
        let criterion = Criterion::new(a.get(place + 1), a.frame)?;
        let holds: Vec<bool> = a
            .items(place)
            .into_iter()
            .map(|item| criterion.holds(item, a.frame))
            .collect::<Result<_, _>>()?;
        all = Some(match all {
            None => holds,
            Some(before) if before.len() == holds.len() => {
                before.into_iter().zip(holds).map(|(a, b)| a && b).collect()
            }
            Some(_) => return Err(ErrorValue::Value.into()),
        });
    }
    Ok(all.unwrap_or_default())
}

/// The numbers that SUMIF and AVERAGEIF mean: of a list of their own, or those that are tested.
fn picked_by_one(a: &Arguments) -> Result<Vec<Decimal>, Halt> {
    let test = Arguments { frame: a.frame, values: a.values.get(..2).unwrap_or_default() };
    numbers_where(a.items(if a.len() > 2 { 2 } else { 0 }), holding(&test, 0)?)
}

fn sum_if(a: &Arguments) -> Answer {
    number_value(sum(&picked_by_one(a)?))
}

fn average_if(a: &Arguments) -> Answer {
    average(&picked_by_one(a)?)
}

fn sum_ifs(a: &Arguments) -> Answer {
    number_value(sum(&picked(a, 0, 1)?))
}

fn count_ifs(a: &Arguments) -> Answer {
    Ok(Value::number(holding(a, 0)?.into_iter().filter(|holds| *holds).count() as u64))
}

/// Place by place; an empty place counts as nothing.
fn sum_product(a: &Arguments) -> Answer {
    let lists: Vec<Vec<&Value>> = (0..a.len()).map(|place| a.items(place)).collect();
    let length = lists.first().map_or(0, Vec::len);
    if lists.iter().any(|list| list.len() != length) {
        return Err(ErrorValue::Value.into());
    }
    let mut total = Decimal::ZERO;
    for place in 0..length {
        let mut part = Decimal::ONE;
        for value in lists.iter().filter_map(|list| list.get(place)) {
            let factor = number(value)?.unwrap_or_default();
            part = part.checked_mul(factor).ok_or(ErrorValue::Limit)?;
        }
        total = total.checked_add(part).ok_or(ErrorValue::Limit)?;
    }
    Ok(Value::Number(total))
}

fn product(a: &Arguments) -> Answer {
    let numbers = a.numbers_from(0)?;
    if numbers.is_empty() {
        return Ok(Value::Empty);
    }
    number_value(numbers.iter().try_fold(Decimal::ONE, |product, number| product.checked_mul(*number)))
}

/// The first or last of the values in their order.
fn extreme(a: &Arguments, wanted: Ordering) -> Answer {
    let mut best: Option<&Value> = None;
    for item in a.items_from(0).into_iter().filter(|item| !item.is_empty()) {
        if !is_countable(item) {
            return Err(ErrorValue::Value.into());
        }
        best = match best {
            None => Some(item),
            Some(so_far) => {
                let better = order(item, so_far, a.frame).ok_or(ErrorValue::Value)? == wanted;
                Some(if better { item } else { so_far })
            }
        };
    }
    Ok(best.cloned().unwrap_or_default())
}

fn nth(a: &Arguments, from_above: bool) -> Answer {
    let mut numbers = a.numbers(0)?;
    numbers.sort_unstable();
    if from_above {
        numbers.reverse();
    }
    let place = usize::try_from(a.integer(1)? - 1).map_err(|_| ErrorValue::Num)?;
    numbers.get(place).map(|number| Value::Number(*number)).ok_or(ErrorValue::Num.into())
}

/// Equal numbers share the better rank.
fn rank(a: &Arguments) -> Answer {
    let number = a.number(0)?;
    let others = a.numbers(1)?;
    let ascending = !a.number_or(2, 0)?.is_zero();
    if !others.contains(&number) {
        return Err(ErrorValue::NotAvailable.into());
    }
    let before = others.iter().filter(|other| if ascending { **other < number } else { **other > number });
    Ok(Value::number(before.count() as u64 + 1))
}
