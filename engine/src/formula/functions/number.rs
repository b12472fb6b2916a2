//! Arithmetic.

use rust_decimal::MathematicalOps;

use super::Takes::{Bool, Number, NumberList, Numbers, Text};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, integer, list_value, number, number_value};
use crate::formula::operators::{divide, exponential, power, square_root};
use crate::value::{Decimal, ErrorValue, Rounding, Value, allocate, round};

const T: Topic = Topic::Number;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "ROUND",
        T,
        &[Number, Number],
        Gives::Number,
        |a| rounded(a, Rounding::HalfUp),
        &[
            ("ROUND(2.345, 2)", "2.35"),
            ("ROUND(-2.5)", "-3"),
            ("ROUND(1250, -2)", "1300"),
            ("ROUND(blank, 2)", ""),
        ],
    )
    .optional(1),
    Function::new(
        "ROUNDUP",
        T,
        &[Number, Number],
        Gives::Number,
        |a| rounded(a, Rounding::Up),
        &[("ROUNDUP(2.341, 2)", "2.35"), ("ROUNDUP(-2.1, 0)", "-3")],
    )
    .optional(1),
    Function::new(
        "ROUNDDOWN",
        T,
        &[Number, Number],
        Gives::Number,
        |a| rounded(a, Rounding::Down),
        &[("ROUNDDOWN(2.349, 2)", "2.34"), ("ROUNDDOWN(-2.9, 0)", "-2")],
    )
    .optional(1),
    Function::new(
        "TRUNC",
        T,
        &[Number, Number],
        Gives::Number,
        |a| rounded(a, Rounding::Down),
        &[("TRUNC(-8.9)", "-8"), ("TRUNC(3.14159, 2)", "3.14")],
    )
    .optional(1),
    Function::new(
        "ROUNDEVEN",
        T,
        &[Number, Number],
        Gives::Number,
        |a| rounded(a, Rounding::HalfEven),
        &[
            ("ROUNDEVEN(2.345, 2)", "2.34"),
            ("ROUNDEVEN(2.355, 2)", "2.36"),
            ("ROUNDEVEN(2.5)", "2"),
            ("ROUNDEVEN(250, -2)", "200"),
        ],
    )
    .optional(1),
    Function::new(
        "INT",
        T,
        &[Number],
        Gives::Number,
        |a| Ok(Value::Number(a.number(0)?.floor())),
        &[("INT(8.9)", "8"), ("INT(-8.9)", "-9")],
    ),
    Function::new(
        "DECIMALS",
        T,
        &[Numbers],
        Gives::Number,
        |a| {
            let most = a.numbers_from(0)?.iter().map(|number| number.normalize().scale()).max();
            Ok(Value::number(u64::from(most.unwrap_or_default())))
        },
        &[("DECIMALS(1.50)", "1"), ("DECIMALS(lines.qty)", "0"), ("DECIMALS(2, 0.125, blank)", "3")],
    )
    .repeats(1),
    Function::new(
        "ABS",
        T,
        &[Number],
        Gives::Number,
        |a| Ok(Value::Number(a.number(0)?.abs())),
        &[("ABS(-3.5)", "3.5")],
    ),
    Function::new(
        "SIGN",
        T,
        &[Number],
        Gives::Number,
        sign,
        &[("SIGN(-3.5)", "-1"), ("SIGN(0)", "0"), ("SIGN(2)", "1")],
    ),
    Function::new(
        "MOD",
        T,
        &[Number, Number],
        Gives::Number,
        modulo,
        &[("MOD(7, 3)", "1"), ("MOD(-7, 3)", "2"), ("MOD(7, -3)", "-2"), ("MOD(1, 0)", "#DIV/0!")],
    ),
    Function::new(
        "QUOTIENT",
        T,
        &[Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(divide(a.number(0)?, a.number(1)?)?.trunc())),
        &[("QUOTIENT(7, 2)", "3"), ("QUOTIENT(-7, 2)", "-3")],
    ),
    Function::new(
        "POWER",
        T,
        &[Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(power(a.number(0)?, a.number(1)?)?)),
        &[
            ("POWER(1.1, 2)", "1.21"),
            ("POWER(2, -2)", "0.25"),
            ("POWER(9, 0.5)", "3"),
            ("POWER(10, 40)", "#LIMIT!"),
        ],
    ),
    Function::new(
        "SQRT",
        T,
        &[Number],
        Gives::Number,
        |a| Ok(Value::Number(square_root(a.number(0)?)?)),
        &[
            ("SQRT(2)", "1.4142135623730950488016887242"),
            ("SQRT(1521)", "39"),
            ("SQRT(0)", "0"),
            ("SQRT(-1)", "#NUM!"),
        ],
    ),
    Function::new(
        "EXP",
        T,
        &[Number],
        Gives::Number,
        |a| Ok(Value::Number(exponential(a.number(0)?)?)),
        &[("ROUND(EXP(1), 15)", "2.718281828459045")],
    ),
    Function::new(
        "LN",
        T,
        &[Number],
        Gives::Number,
        ln,
        &[("ROUND(LN(10), 12)", "2.302585092994"), ("LN(0)", "#NUM!")],
    ),
    Function::new(
        "LOG",
        T,
        &[Number, Number],
        Gives::Number,
        log,
        &[
            ("LOG(1000)", "3"),
            ("LOG(8, 2)", "3"),
            ("LOG(0.125, 2)", "-3"),
            ("LOG(8, 4)", "1.5"),
            ("LOG(243, 3)", "5"),
            ("LOG(1.21, 1.1)", "2"),
            ("LOG(1000, 0.1)", "-3"),
            ("LOG(-1)", "#NUM!"),
            ("LOG(2, 1)", "#DIV/0!"),
        ],
    )
    .optional(1),
    Function::new(
        "LOG10",
        T,
        &[Number],
        Gives::Number,
        |a| Ok(Value::Number(a.number(0)?.checked_log10().ok_or(ErrorValue::Num)?)),
        &[("LOG10(1000)", "3"), ("LOG10(0.01)", "-2"), ("LOG10(0)", "#NUM!")],
    ),
    Function::new(
        "CEILING",
        T,
        &[Number, Number],
        Gives::Number,
        |a| to_multiple(a, Rounding::Ceiling),
        &[("CEILING(2.1)", "3"), ("CEILING(17, 5)", "20"), ("CEILING(-17, 5)", "-15")],
    )
    .optional(1),
    Function::new(
        "FLOOR",
        T,
        &[Number, Number],
        Gives::Number,
        |a| to_multiple(a, Rounding::Floor),
        &[("FLOOR(2.9)", "2"), ("FLOOR(19, 5)", "15"), ("FLOOR(1.37, 0.05)", "1.35")],
    )
    .optional(1),
    Function::new(
        "MROUND",
        T,
        &[Number, Number],
        Gives::Number,
        |a| to_multiple(a, Rounding::HalfUp),
        &[("MROUND(17, 5)", "15"), ("MROUND(1.38, 0.05)", "1.4")],
    ),
    Function::new(
        "PI",
        T,
        &[],
        Gives::Number,
        |_| Ok(Value::Number(Decimal::PI)),
        &[("ROUND(PI(), 5)", "3.14159")],
    ),
    Function::new(
        "CLAMP",
        T,
        &[Number, Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(a.number(0)?.min(a.number(2)?).max(a.number(1)?))),
        &[("CLAMP(120, 0, 100)", "100"), ("CLAMP(-5, 0, 100)", "0")],
    ),
    Function::new(
        "BETWEEN",
        T,
        &[super::Takes::Ordered, super::Takes::Ordered, super::Takes::Ordered],
        Gives::Bool,
        between,
        &[("BETWEEN(5, 1, 5)", "TRUE"), ("BETWEEN(day, DATE(2025, 1, 1), DATE(2025, 12, 31))", "FALSE")],
    ),
    Function::new(
        "ALLOCATE",
        T,
        &[Number, NumberList, Number],
        Gives::NumberList,
        split_amount,
        &[
            ("JOIN(ALLOCATE(100, lines.qty, 2), \" + \")", "20 + 30 + 50"),
            ("ALLOCATE(1, lines.price, 2)", "0.29, 0.59, 0.12"),
        ],
    )
    .optional(1),
    Function::new(
        "RMBCAP",
        T,
        &[Number, Text],
        Gives::Text,
        amount_in_capitals,
        &[
            ("RMBCAP(10203.45)", "壹万零贰佰零叁元肆角伍分"),
            ("RMBCAP(100)", "壹佰元整"),
            ("RMBCAP(-16409.02)", "负壹万陆仟肆佰零玖元零贰分"),
            ("RMBCAP(1.5, \"正\")", "壹元伍角正"),
            ("RMBCAP(1, \"!\")", "#NUM!"),
        ],
    )
    .optional(1),
    Function::new(
        "FIXED",
        T,
        &[Number, Number, Bool],
        Gives::Text,
        super::format::fixed,
        &[("FIXED(1234.567, 1)", "1,234.6"), ("FIXED(1234.5, 2, TRUE)", "1234.50")],
    )
    .optional(2),
    Function::new(
        "SUMSQ",
        T,
        &[Numbers],
        Gives::Number,
        |a| {
            let squares = a.numbers_from(0)?.into_iter().map(|number| number.checked_mul(number));
            number_value(squares.into_iter().try_fold(Decimal::ZERO, |sum, square| sum.checked_add(square?)))
        },
        &[("SUMSQ(3, 4)", "25")],
    )
    .repeats(1),
];

fn rounded(a: &Arguments, rounding: Rounding) -> Answer {
    let number = a.number(0)?;
    let digits = a.integer_or(1, 0)?;
    if digits >= 0 {
        let digits = u32::try_from(digits).unwrap_or(u32::MAX).min(28);
        return Ok(Value::Number(round(number, digits, rounding)));
    }
    let Some(unit) = u32::try_from(-digits).ok().filter(|zeros| *zeros < 28).map(|zeros| 10i128.pow(zeros))
    else {
        return Ok(Value::Number(Decimal::ZERO));
    };
    number_value(multiple(number, Decimal::from_i128_with_scale(unit, 0), rounding))
}

/// `number` brought to a multiple of `unit`.
fn multiple(number: Decimal, unit: Decimal, rounding: Rounding) -> Option<Decimal> {
    round(number.checked_div(unit)?, 0, rounding).checked_mul(unit)
}

fn to_multiple(a: &Arguments, rounding: Rounding) -> Answer {
    let (number, unit) = (a.number(0)?, a.number_or(1, 1)?.abs());
    if unit.is_zero() {
        return Ok(Value::Number(Decimal::ZERO));
    }
    number_value(multiple(number, unit, rounding))
}

fn sign(a: &Arguments) -> Answer {
    let number = a.number(0)?;
    Ok(Value::number(match number.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }))
}

/// The sign of the result is that of the divisor.
fn modulo(a: &Arguments) -> Answer {
    let (number, divisor) = (a.number(0)?, a.number(1)?);
    if divisor.is_zero() {
        return Err(ErrorValue::Div0.into());
    }
    let rest = number.checked_rem(divisor).ok_or(ErrorValue::Limit)?;
    let wrong_side = !rest.is_zero() && rest.is_sign_negative() != divisor.is_sign_negative();
    Ok(Value::Number(if wrong_side { rest + divisor } else { rest }))
}

fn ln(a: &Arguments) -> Answer {
    Ok(Value::Number(a.number(0)?.checked_ln().ok_or(ErrorValue::Num)?))
}

fn log(a: &Arguments) -> Answer {
    let number = a.number(0)?;
    let base = a.number_or(1, 10)?;
    if base == Decimal::TEN {
        return Ok(Value::Number(number.checked_log10().ok_or(ErrorValue::Num)?));
    }
    let (of_number, of_base) = (number.checked_ln(), base.checked_ln());
    let logarithm = divide(of_number.ok_or(ErrorValue::Num)?, of_base.ok_or(ErrorValue::Num)?)?;
    let whole = round(logarithm, 0, Rounding::HalfUp);
    if is_power(number, base, whole) {
        return Ok(Value::Number(whole));
    }
    Ok(Value::Number(round(logarithm, LOGARITHM_DIGITS, Rounding::HalfUp)))
}

/// Digits after the point of a logarithm: those behind them are what two rounded logarithms leave.
const LOGARITHM_DIGITS: u32 = 24;
/// No number of 28 digits is a larger power of another one that is not 1, and exactly so.
const LARGEST_EXACT_POWER: i64 = 96;

/// Whether `number` is exactly the power `exponent` of `base`.
fn is_power(number: Decimal, base: Decimal, exponent: Decimal) -> bool {
    let exponent = i64::try_from(exponent).ok().filter(|power| power.abs() <= LARGEST_EXACT_POWER);
    exponent.and_then(|power| base.checked_powi(power)) == Some(number)
}

fn between(a: &Arguments) -> Answer {
    use crate::formula::operators::order;
    if (0..3).any(|place| !a.has(place)) {
        return Ok(Value::Bool(false));
    }
    let compare = |x, y| order(a.get(x), a.get(y), a.frame).ok_or(Halt::Error(ErrorValue::Value));
    Ok(Value::Bool(compare(0, 1)?.is_ge() && compare(0, 2)?.is_le()))
}

fn split_amount(a: &Arguments) -> Answer {
    let total = a.number(0)?;
    let weights: Vec<Decimal> = a
        .items(1)
        .into_iter()
        .map(|item| Ok(number(item)?.unwrap_or_default()))
        .collect::<Result<_, Halt>>()?;
    let scale = integer(a.number_or(2, 2)?)?;
    let scale = u32::try_from(scale).ok().filter(|scale| *scale <= 8).ok_or(ErrorValue::Num)?;
    if weights.is_empty() {
        return Ok(Value::Empty);
    }
    let parts = allocate(total, &weights, scale).ok_or(ErrorValue::Num)?;
    list_value(parts.into_iter().map(Value::Number).collect())
}

/// Ends with 整, or with 正 for those who write that.
fn amount_in_capitals(a: &Arguments) -> Answer {
    let text = super::chinese::capital_amount(a.number(0)?).ok_or(ErrorValue::Num)?;
    match a.text(1)?.trim() {
        "" | "整" => Ok(Value::Text(text)),
        "正" => Ok(Value::Text(text.replace('整', "正"))),
        _ => Err(ErrorValue::Num.into()),
    }
}
