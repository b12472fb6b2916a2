//! How values are spread: the middle, shares, variance.

use std::collections::BTreeMap;

use rust_decimal::MathematicalOps;

use super::Takes::{Number, NumberList, Numbers};
use super::statistics::average;
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, number, number_value};
use crate::formula::operators::{divide, exponential, square_root};
use crate::value::{Decimal, ErrorValue, Rounding, Value, round};

const T: Topic = Topic::Statistics;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "MEDIAN",
        T,
        &[Numbers],
        Gives::Number,
        median,
        &[("MEDIAN(lines.price)", "10"), ("MEDIAN(1, 2, 3, 10)", "2.5")],
    )
    .repeats(1),
    Function::new(
        "MODE",
        T,
        &[Numbers],
        Gives::Number,
        mode,
        &[("MODE(4, 2, 4, 2, 4)", "4"), ("MODE(2, 4, 4, 2)", "2"), ("MODE(lines.qty)", "#N/A")],
    )
    .repeats(1),
    Function::new(
        "PERCENTILE",
        T,
        &[Numbers, Number],
        Gives::Number,
        |a| percentile(a, a.number(1)?),
        &[
            ("PERCENTILE(lines.price, 0.5)", "10"),
            ("PERCENTILE(lines.qty, 0.75)", "4"),
            ("PERCENTILE(lines.qty, 1.1)", "#NUM!"),
        ],
    ),
    Function::new(
        "QUARTILE",
        T,
        &[Numbers, Number],
        Gives::Number,
        |a| percentile(a, Decimal::from(a.integer(1)?) / Decimal::from(4)),
        &[
            ("QUARTILE(lines.qty, 1)", "2.5"),
            ("QUARTILE(lines.qty, 4)", "5"),
            ("QUARTILE(lines.qty, 5)", "#NUM!"),
        ],
    ),
    Function::new(
        "TRIMMEAN",
        T,
        &[Numbers, Number],
        Gives::Number,
        trimmed_mean,
        &[
            ("TRIMMEAN(SEQUENCE(5), 0.4)", "3"),
            ("TRIMMEAN(lines.price, 0.7)", "10"),
            ("TRIMMEAN(lines.price, 1)", "#NUM!"),
        ],
    ),
    Function::new(
        "GEOMEAN",
        T,
        &[Numbers],
        Gives::Number,
        geometric_mean,
        &[("GEOMEAN(4, 9)", "6"), ("GEOMEAN(1, 0)", "#NUM!"), ("GEOMEAN(blank)", "")],
    )
    .repeats(1),
    Function::new(
        "VAR",
        T,
        &[Numbers],
        Gives::Number,
        |a| variance(&a.numbers_from(0)?, 1),
        &[("VAR(1, 2, 3, 4, 5)", "2.5"), ("VAR(7)", "#DIV/0!")],
    )
    .repeats(1),
    Function::new(
        "VARP",
        T,
        &[Numbers],
        Gives::Number,
        |a| variance(&a.numbers_from(0)?, 0),
        &[("VARP(2, 4, 6, 8)", "5"), ("VARP(7)", "0")],
    )
    .repeats(1),
    Function::new(
        "STDEV",
        T,
        &[Numbers],
        Gives::Number,
        |a| deviation(&a.numbers_from(0)?, 1),
        &[("STDEV(1, 3, 5)", "2"), ("STDEV(blank)", "")],
    )
    .repeats(1),
    Function::new(
        "STDEVP",
        T,
        &[Numbers],
        Gives::Number,
        |a| deviation(&a.numbers_from(0)?, 0),
        &[("STDEVP(1, 1, 3, 3)", "1")],
    )
    .repeats(1),
    Function::new(
        "CORREL",
        T,
        &[NumberList, NumberList],
        Gives::Number,
        correlation,
        &[
            ("CORREL(lines.qty, lines.qty)", "1"),
            ("ROUND(CORREL(lines.qty, lines.price), 4)", "-0.5291"),
            ("CORREL(SEQUENCE(2, 5, 0), SEQUENCE(2))", "#DIV/0!"),
        ],
    ),
];

fn median(a: &Arguments) -> Answer {
    let mut numbers = a.numbers_from(0)?;
    numbers.sort_unstable();
    let (lower, upper) = numbers.split_at(numbers.len() / 2);
    match (lower.last(), upper.first()) {
        (_, None) => Ok(Value::Empty),
        (Some(below), Some(above)) if lower.len() == upper.len() => {
            let sum = above.checked_add(*below).ok_or(ErrorValue::Limit)?;
            Ok(Value::Number(divide(sum, Decimal::TWO)?))
        }
        (_, Some(number)) => Ok(Value::Number(*number)),
    }
}

/// The number that comes most often; of several the first. Without any that comes again there is none.
fn mode(a: &Arguments) -> Answer {
    let numbers = a.numbers_from(0)?;
    let mut counts: BTreeMap<Decimal, usize> = BTreeMap::new();
    for number in &numbers {
        *counts.entry(*number).or_default() += 1;
    }
    let most = counts.values().copied().max().filter(|most| *most > 1);
    let first = numbers.iter().find(|number| counts.get(*number).copied() == most);
    match first {
        Some(number) => Ok(Value::Number(*number)),
        None if numbers.is_empty() => Ok(Value::Empty),
        None => Err(ErrorValue::NotAvailable.into()),
    }
}

/// The number below which a share of the others lies; between two numbers in proportion.
fn percentile(a: &Arguments, share: Decimal) -> Answer {
    if share < Decimal::ZERO || share > Decimal::ONE {
        return Err(ErrorValue::Num.into());
    }
    let mut numbers = a.numbers(0)?;
    numbers.sort_unstable();
    let Some(last) = numbers.len().checked_sub(1) else { return Ok(Value::Empty) };
    let place = share * Decimal::from(last);
    let below = usize::try_from(place.trunc()).map_err(|_| ErrorValue::Num)?;
    let (low, high) = match (numbers.get(below), numbers.get(below + 1)) {
        (Some(low), Some(high)) => (*low, *high),
        (low, _) => return Ok(low.map_or(Value::Empty, |low| Value::Number(*low))),
    };
    let step = high.checked_sub(low).and_then(|between| between.checked_mul(place.fract()));
    number_value(step.and_then(|step| low.checked_add(step)))
}

/// The average without a share of the numbers, half of it from each end.
fn trimmed_mean(a: &Arguments) -> Answer {
    let share = a.number(1)?;
    if share < Decimal::ZERO || share >= Decimal::ONE {
        return Err(ErrorValue::Num.into());
    }
    let mut numbers = a.numbers(0)?;
    numbers.sort_unstable();
    let cut = (share * Decimal::from(numbers.len()) / Decimal::TWO).trunc();
    let cut = usize::try_from(cut).map_err(|_| ErrorValue::Num)?;
    average(numbers.get(cut..numbers.len() - cut).unwrap_or_default())
}

/// By logarithms, so that the product of all may be larger than any decimal; to fifteen digits. Logarithms are dear: they
/// are taken of products that stay well within a decimal's digits, not of every number.
fn geometric_mean(a: &Arguments) -> Answer {
    const COST: u64 = 100;
    let numbers = a.numbers_from(0)?;
    if numbers.is_empty() {
        return Ok(Value::Empty);
    }
    let within = Decimal::new(1, 9)..=Decimal::from(1_000_000_000);
    let logarithm = |product: Decimal| -> Result<Decimal, Halt> {
        a.frame.charge(COST)?;
        product.checked_ln().ok_or(Halt::Error(ErrorValue::Num))
    };
    let (mut sum, mut product) = (Decimal::ZERO, Decimal::ONE);
    for number in &numbers {
        if *number <= Decimal::ZERO {
            return Err(ErrorValue::Num.into());
        }
        match product.checked_mul(*number).filter(|next| within.contains(next)) {
            Some(next) => product = next,
            None => {
                sum += logarithm(product)?;
                product = *number;
            }
        }
    }
    sum += logarithm(product)?;
    let mean = divide(sum, Decimal::from(numbers.len()))?;
    Ok(Value::Number(round(exponential(mean)?, 15, Rounding::HalfUp)))
}

/// The mean of the squares of the distances from the mean; over one less for a sample.
fn variance(numbers: &[Decimal], less: usize) -> Answer {
    let mean = average(numbers)?.as_number().ok_or(Halt::Empty)?;
    let distances = distances(numbers, mean)?;
    Ok(Value::Number(divide(product_sum(&distances, &distances)?, Decimal::from(numbers.len() - less))?))
}

fn deviation(numbers: &[Decimal], less: usize) -> Answer {
    let variance = variance(numbers, less)?.as_number().ok_or(Halt::Empty)?;
    Ok(Value::Number(square_root(variance)?))
}

fn distances(numbers: &[Decimal], from: Decimal) -> Result<Vec<Decimal>, Halt> {
    numbers.iter().map(|number| number.checked_sub(from).ok_or(Halt::Error(ErrorValue::Limit))).collect()
}

fn product_sum(left: &[Decimal], right: &[Decimal]) -> Result<Decimal, ErrorValue> {
    left.iter().zip(right).try_fold(Decimal::ZERO, |sum, (x, y)| {
        x.checked_mul(*y).and_then(|product| sum.checked_add(product)).ok_or(ErrorValue::Limit)
    })
}

/// How two columns go together, from -1 to 1, over the rows in which both have a number.
fn correlation(a: &Arguments) -> Answer {
    let (left, right) = (a.items(0), a.items(1));
    if left.len() != right.len() {
        return Err(ErrorValue::Value.into());
    }
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for (x, y) in left.into_iter().zip(right) {
        if let (Some(x), Some(y)) = (number(x)?, number(y)?) {
            xs.push(x);
            ys.push(y);
        }
    }
    let centred = |numbers: &[Decimal]| -> Result<Vec<Decimal>, Halt> {
        distances(numbers, average(numbers)?.as_number().ok_or(Halt::Empty)?)
    };
    let (xs, ys) = (centred(&xs)?, centred(&ys)?);
    let spread = square_root(product_sum(&xs, &xs)?)?.checked_mul(square_root(product_sum(&ys, &ys)?)?);
    let together = divide(product_sum(&xs, &ys)?, spread.ok_or(ErrorValue::Limit)?)?;
    Ok(Value::Number(round(together, 15, Rounding::HalfUp)))
}
