//! Whole numbers: odd and even, divisors, ways to choose.

use super::Takes::{Number, Numbers};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, integer, number_value};
use crate::value::{Decimal, ErrorValue, Rounding, Value, round};

const T: Topic = Topic::Number;

/// The last number whose factorial a decimal holds.
const LAST_FACTORIAL: i64 = 27;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "EVEN",
        T,
        &[Number],
        Gives::Number,
        |a| {
            let pairs = round(a.number(0)? / Decimal::TWO, 0, Rounding::Up);
            number_value(pairs.checked_mul(Decimal::TWO))
        },
        &[("EVEN(3)", "4"), ("EVEN(-1.5)", "-2"), ("EVEN(2)", "2")],
    ),
    Function::new(
        "ODD",
        T,
        &[Number],
        Gives::Number,
        odd,
        &[("ODD(2)", "3"), ("ODD(-1.5)", "-3"), ("ODD(0)", "1"), ("ODD(3)", "3")],
    ),
    Function::new(
        "ISEVEN",
        T,
        &[Number],
        Gives::Bool,
        |a| Ok(Value::Bool(is_even(a.number(0)?))),
        &[("ISEVEN(4)", "TRUE"), ("ISEVEN(-3.9)", "FALSE")],
    ),
    Function::new(
        "ISODD",
        T,
        &[Number],
        Gives::Bool,
        |a| Ok(Value::Bool(!is_even(a.number(0)?))),
        &[("ISODD(4)", "FALSE"), ("ISODD(-3.9)", "TRUE")],
    ),
    Function::new(
        "GCD",
        T,
        &[Numbers],
        Gives::Number,
        |a| fold_whole(a, |x, y| Some(divisor(x, y))),
        &[("GCD(24, 36)", "12"), ("GCD(7, 5)", "1"), ("GCD(-4, 2)", "#NUM!")],
    )
    .repeats(1),
    Function::new(
        "LCM",
        T,
        &[Numbers],
        Gives::Number,
        |a| fold_whole(a, |x, y| if y == 0 { Some(0) } else { (x / divisor(x, y)).checked_mul(y) }),
        &[("LCM(4, 6)", "12"), ("LCM(lines.qty)", "30"), ("LCM(3, 0)", "0")],
    )
    .repeats(1),
    Function::new(
        "FACT",
        T,
        &[Number],
        Gives::Number,
        factorial,
        &[("FACT(5)", "120"), ("FACT(0)", "1"), ("FACT(-1)", "#NUM!"), ("FACT(28)", "#LIMIT!")],
    ),
    Function::new(
        "COMBIN",
        T,
        &[Number, Number],
        Gives::Number,
        combinations,
        &[("COMBIN(5, 2)", "10"), ("COMBIN(52, 5)", "2598960"), ("COMBIN(2, 3)", "#NUM!")],
    ),
    Function::new(
        "PERMUT",
        T,
        &[Number, Number],
        Gives::Number,
        permutations,
        &[("PERMUT(5, 2)", "20"), ("PERMUT(5, 0)", "1"), ("PERMUT(100, 50)", "#LIMIT!")],
    ),
];

/// Away from zero; nought becomes one.
fn odd(a: &Arguments) -> Answer {
    let number = a.number(0)?;
    let pairs = round((number.abs() - Decimal::ONE) / Decimal::TWO, 0, Rounding::Ceiling);
    let size =
        pairs.max(Decimal::ZERO).checked_mul(Decimal::TWO).and_then(|even| even.checked_add(Decimal::ONE));
    number_value(size.map(|size| if number.is_sign_negative() { -size } else { size }))
}

/// Of the whole part.
fn is_even(number: Decimal) -> bool {
    (number.trunc() % Decimal::TWO).is_zero()
}

/// All numbers together, two by two; they must be whole and not negative.
fn fold_whole(a: &Arguments, join: fn(u64, u64) -> Option<u64>) -> Answer {
    let mut all: Option<u64> = None;
    for number in a.numbers_from(0)? {
        a.frame.charge(4)?;
        let whole = u64::try_from(integer(number)?).map_err(|_| ErrorValue::Num)?;
        all = Some(match all {
            None => whole,
            Some(so_far) => join(so_far, whole).ok_or(ErrorValue::Limit)?,
        });
    }
    Ok(all.map_or(Value::Empty, Value::number))
}

/// The greatest common divisor.
fn divisor(mut x: u64, mut y: u64) -> u64 {
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x
}

fn factorial(a: &Arguments) -> Answer {
    let last = counted(a, 0)?;
    if last > LAST_FACTORIAL {
        return Err(ErrorValue::Limit.into());
    }
    number_value((2..=last).try_fold(Decimal::ONE, |product, n| product.checked_mul(Decimal::from(n))))
}

/// How many of how many: both whole, not negative, and no more chosen than there are.
fn choice(a: &Arguments) -> Result<(i64, i64), Halt> {
    let (all, chosen) = (counted(a, 0)?, counted(a, 1)?);
    if chosen > all { Err(ErrorValue::Num.into()) } else { Ok((all, chosen)) }
}

fn counted(a: &Arguments, place: usize) -> Result<i64, Halt> {
    let number = a.integer(place)?;
    if number < 0 { Err(ErrorValue::Num.into()) } else { Ok(number) }
}

/// After n steps there are at least 2 to the power of n ways, so that they overflow before it takes long.
fn combinations(a: &Arguments) -> Answer {
    let (all, chosen) = choice(a)?;
    let mut ways = Decimal::ONE;
    for n in 0..chosen.min(all - chosen) {
        a.frame.charge(1)?;
        let more = ways.checked_mul(Decimal::from(all - n)).ok_or(ErrorValue::Limit)?;
        ways = more / Decimal::from(n + 1);
    }
    Ok(Value::Number(ways))
}

fn permutations(a: &Arguments) -> Answer {
    let (all, chosen) = choice(a)?;
    let mut ways = Decimal::ONE;
    for n in 0..chosen {
        a.frame.charge(1)?;
        ways = ways.checked_mul(Decimal::from(all - n)).ok_or(ErrorValue::Limit)?;
    }
    Ok(Value::Number(ways))
}
