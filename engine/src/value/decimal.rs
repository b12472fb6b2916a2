//! Exact decimals: reading, rounding, splitting.

use std::cmp::Reverse;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::fold::half_width;

/// A stored decimal has at most this many digits, those of its scale included (semantics.md 2).
pub const MAX_DIGITS: u32 = 18;

/// How a formula's result is brought to its field's scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half away from zero.
    #[default]
    HalfUp,
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// Towards plus infinity.
    Ceiling,
    /// Towards minus infinity.
    Floor,
}

/// Why a number can't be taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    NotANumber,
    /// More significant digits after the point than the scale; trailing zeros do not count.
    TooPrecise,
    /// More than [`MAX_DIGITS`] digits.
    OutOfRange,
}

/// Reads a number as people type it or JSON writes it: full-width digits, thousands separators between
/// groups of three, an exponent. Nothing is rounded: what has no exact decimal is not a number.
///
/// # Errors
/// [`NumberFault::NotANumber`], or [`NumberFault::OutOfRange`] for more than 28 digits.
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberFault> {
    let text = half_width(text.trim());
    let plain = strip_thousands(&text).ok_or(NumberFault::NotANumber)?;
    let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
        None => (plain.as_str(), None),
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
    };
    let digits = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !all_digits || (whole.is_empty() && fraction.is_empty()) {
        return Err(NumberFault::NotANumber);
    }
    let exponent = exponent.map_or(Ok(0), read_exponent)?;
    shifted(mantissa.starts_with('-'), whole, fraction, exponent)
}

/// However many digits it has, an exponent is one; few of them lead to a number of 28 digits.
fn read_exponent(text: &str) -> Result<i32, NumberFault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    let exponent: Option<i32> = text.parse().ok();
    exponent.filter(|exponent| (-60..=60).contains(exponent)).ok_or(NumberFault::OutOfRange)
}

/// Puts the point where the exponent says and reads the digits that are left, exactly.
fn shifted(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Result<Decimal, NumberFault> {
    let all: String = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let mut scale = fraction.len() as i32 - exponent;
    let mut digits = significant.to_string();
    while scale > 0 && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    if digits.is_empty() {
        return Ok(Decimal::ZERO);
    }
    while scale < 0 {
        digits.push('0');
        scale += 1;
    }
    if digits.len() > 28 || scale > 28 {
        return Err(NumberFault::OutOfRange);
    }
    let unscaled: i128 = digits.parse().map_err(|_| NumberFault::OutOfRange)?;
    let signed = if negative { -unscaled } else { unscaled };
    Decimal::try_from_i128_with_scale(signed, scale as u32).map_err(|_| NumberFault::OutOfRange)
}

/// Takes out the commas of `1,234,567.89`; `None` if they do not part groups of three.
fn strip_thousands(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_string());
    }
    let (whole, rest) = match text.find('.') {
        Some(point) => text.split_at(point),
        None => (text, ""),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches(['+', '-']);
    let well_parted = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    (well_parted && !rest.contains(',')).then(|| text.replace(',', ""))
}

/// Whether `number` may be stored at `scale` as it is.
///
/// # Errors
/// [`NumberFault::TooPrecise`] or [`NumberFault::OutOfRange`].
pub fn fits(number: Decimal, scale: u32) -> Result<(), NumberFault> {
    let number = number.normalize();
    if number.scale() > scale {
        return Err(NumberFault::TooPrecise);
    }
    let limit = 10i128.pow(MAX_DIGITS);
    // A scale is whatever a document says, before its options are checked.
    let factor = 10i128.checked_pow(scale - number.scale());
    match factor.and_then(|factor| number.mantissa().checked_mul(factor)) {
        Some(scaled) if scaled.abs() < limit => Ok(()),
        _ => Err(NumberFault::OutOfRange),
    }
}

/// Rounds to `scale` digits after the point.
pub fn round(number: Decimal, scale: u32, rounding: Rounding) -> Decimal {
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
        Rounding::Down => RoundingStrategy::ToZero,
        Rounding::Up => RoundingStrategy::AwayFromZero,
        Rounding::Ceiling => RoundingStrategy::ToPositiveInfinity,
        Rounding::Floor => RoundingStrategy::ToNegativeInfinity,
    };
    number.round_dp_with_strategy(scale, strategy)
}

/// The text with exactly `scale` digits after the point, never `-0`.
pub fn to_fixed(number: Decimal, scale: u32) -> String {
    let mut rounded = round(number, scale, Rounding::HalfUp);
    rounded.rescale(scale);
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded.to_string()
}

/// Splits `total` over `weights` at `scale` by largest remainder, so that the parts add up to it. Equal
/// remainders go to the earlier weight; without any positive weight the shares are equal.
/// Source: semantics.md 2 "Allocation", domain.md 4.12.
///
/// Returns `None` when a weight is negative or the numbers are too large.
pub fn allocate(total: Decimal, weights: &[Decimal], scale: u32) -> Option<Vec<Decimal>> {
    if weights.is_empty() || weights.iter().any(|weight| weight.is_sign_negative() && !weight.is_zero()) {
        return None;
    }
    let sum = weights.iter().try_fold(Decimal::ZERO, |sum, weight| sum.checked_add(*weight))?;
    let ones = vec![Decimal::ONE; weights.len()];
    let (weights, sum) =
        if sum.is_zero() { (ones.as_slice(), Decimal::from(ones.len())) } else { (weights, sum) };
    let total = round(total, scale, Rounding::HalfUp);
    let step = Decimal::new(1, scale);
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for weight in weights {
        let exact = total.abs().checked_mul(*weight)?.checked_div(sum)?;
        let part = round(exact, scale, Rounding::Down);
        remainders.push(exact - part);
        parts.push(part);
    }
    let given = parts.iter().try_fold(Decimal::ZERO, |given, part| given.checked_add(*part))?;
    let mut left = (total.abs() - given).checked_div(step)?.round();
    let mut shares: Vec<(&mut Decimal, Decimal)> = parts.iter_mut().zip(remainders).collect();
    // Equal remainders stay in their order.
    shares.sort_by_key(|(_, remainder)| Reverse(*remainder));
    while left > Decimal::ZERO {
        for (part, _) in &mut shares {
            if left <= Decimal::ZERO {
                break;
            }
            **part += step;
            left -= Decimal::ONE;
        }
    }
    if total.is_sign_negative() {
        parts.iter_mut().for_each(|part| *part = -*part);
    }
    parts.iter_mut().for_each(|part| part.rescale(scale));
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_read_from_their_digits() {
        for (text, expected) in [
            ("0.1", "0.1"),
            ("１２．５", "12.5"),
            ("1,234.50", "1234.5"),
            ("1e2", "100"),
            ("-1.5E-3", "-0.0015"),
            ("100.00", "100"),
            ("1234567890123456789012345678", "1234567890123456789012345678"),
        ] {
            assert_eq!(parse_decimal(text), Ok(dec(expected)), "{text}");
        }
        for text in [
            "", "1,23", "abc", "1.2.3", "--1", "0x10", "1,2345", "NaN", "1e", "1e+", "1e1.5", "xe999",
            "1e--5",
        ] {
            assert_eq!(parse_decimal(text), Err(NumberFault::NotANumber), "{text}");
        }
        assert_eq!(parse_decimal("12345678901234567890123456789"), Err(NumberFault::OutOfRange));
        for text in ["1e999", "1E+99999999999999", "1e-99999999999999", "1e400"] {
            assert_eq!(parse_decimal(text), Err(NumberFault::OutOfRange), "{text}");
        }
    }

    #[test]
    fn eighteen_digits_fit_and_not_one_more() {
        assert_eq!(fits(dec("9999999999999999.99"), 2), Ok(()));
        assert_eq!(fits(dec("10000000000000000"), 2), Err(NumberFault::OutOfRange));
        assert_eq!(fits(dec("1.005"), 2), Err(NumberFault::TooPrecise));
        assert_eq!(fits(dec("1.500"), 1), Ok(()));
        assert_eq!(fits(dec("30"), 365), Err(NumberFault::OutOfRange));
        assert_eq!(fits(dec("0"), u32::MAX), Err(NumberFault::OutOfRange));
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(round(dec("0.125"), 2, Rounding::HalfUp), dec("0.13"));
        assert_eq!(round(dec("-0.125"), 2, Rounding::HalfUp), dec("-0.13"));
        assert_eq!(round(dec("0.125"), 2, Rounding::HalfEven), dec("0.12"));
        assert_eq!(to_fixed(dec("-0.001"), 2), "0.00");
        assert_eq!(to_fixed(dec("3"), 2), "3.00");
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let parts = allocate(dec("100"), &[dec("1"), dec("1"), dec("1")], 2).unwrap();
        assert_eq!(parts, [dec("33.34"), dec("33.33"), dec("33.33")]);
        let parts = allocate(dec("-0.05"), &[dec("0"), dec("0")], 2).unwrap();
        assert_eq!(parts.iter().sum::<Decimal>(), dec("-0.05"));
        assert_eq!(allocate(dec("1"), &[dec("-1")], 2), None);
    }
}
