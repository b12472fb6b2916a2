//! Angles, and distances on the globe: series of decimals, which give the same digits on every machine.

use super::Takes::{Number, Text};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, number_value};
use crate::formula::operators::{divide, square_root};
use crate::value::{Decimal, ErrorValue, Rounding, Value, half_width, parse_decimal, round};

const T: Topic = Topic::Number;

/// Digits after the point that are right for every angle that is taken.
const DIGITS: u32 = 20;

/// The largest angle, as in spreadsheets: beyond it the turns take the digits that are wanted.
const LARGEST_ANGLE: i64 = 134_217_728;

/// The operations that one series is.
const STEPS: u64 = 32;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "SIN",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, sine),
        &[
            ("SIN(0)", "0"),
            ("SIN(PI() / 2)", "1"),
            ("SIN(1)", "0.84147098480789650665"),
            ("SIN(1e9)", "#NUM!"),
        ],
    ),
    Function::new(
        "COS",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, cosine),
        &[("COS(0)", "1"), ("COS(PI() / 3)", "0.5"), ("COS(PI())", "-1")],
    ),
    Function::new(
        "TAN",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, tangent),
        &[("TAN(PI() / 4)", "1"), ("TAN(0)", "0"), ("TAN(PI() / 2)", "#DIV/0!")],
    ),
    Function::new(
        "ASIN",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, arcsine),
        &[("ASIN(1) * 2 = ROUND(PI(), 20)", "TRUE"), ("DEGREES(ASIN(-0.5))", "-30"), ("ASIN(2)", "#NUM!")],
    ),
    Function::new(
        "ACOS",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, |cosine| Ok(Decimal::HALF_PI - arcsine(cosine)?)),
        &[("ACOS(1)", "0"), ("DEGREES(ACOS(0.5))", "60"), ("ACOS(-2)", "#NUM!")],
    ),
    Function::new(
        "ATAN",
        T,
        &[Number],
        Gives::Number,
        |a| computed(a, arctangent),
        &[("DEGREES(ATAN(1))", "45"), ("ATAN(2)", "1.10714871779409050302"), ("ATAN(0)", "0")],
    ),
    Function::new(
        "ATAN2",
        T,
        &[Number, Number],
        Gives::Number,
        direction,
        &[
            ("DEGREES(ATAN2(1, 1))", "45"),
            ("DEGREES(ATAN2(-1, 1))", "135"),
            ("DEGREES(ATAN2(-1, -1))", "-135"),
            ("DEGREES(ATAN2(0, -1))", "-90"),
            ("ATAN2(0, 0)", "#DIV/0!"),
        ],
    ),
    Function::new(
        "RADIANS",
        T,
        &[Number],
        Gives::Number,
        |a| shown(radians(a.number(0)?)?),
        &[("RADIANS(180)", "3.14159265358979323846"), ("SIN(RADIANS(30))", "0.5")],
    ),
    Function::new(
        "DEGREES",
        T,
        &[Number],
        Gives::Number,
        |a| {
            let degrees = a.number(0)?.checked_mul(Decimal::from(180)).ok_or(ErrorValue::Limit)?;
            // One digit less than an angle has: a degree is about the sixtieth part of one.
            Ok(Value::Number(round(divide(degrees, Decimal::PI)?, DIGITS - 2, Rounding::HalfUp)))
        },
        &[("DEGREES(PI())", "180"), ("ROUND(DEGREES(1), 6)", "57.29578")],
    ),
    Function::new(
        "DISTANCE",
        T,
        &[Text, Text],
        Gives::Number,
        distance,
        &[
            ("DISTANCE(\"0,0\", \"0,1\")", "111195.08"),
            ("DISTANCE(\"31.2304,121.4737\", \"39.9042,116.4074\")", "1067311.65"),
            ("DISTANCE(\"31.23，121.47\", \"31.23, 121.47\")", "0"),
            ("DISTANCE(\"31.230400,121.473700 Shanghai\", \"31.2304,121.4737\")", "0"),
            ("DISTANCE(blank, \"31.23,121.47\")", ""),
            ("DISTANCE(\"91,0\", \"0,0\")", "#NUM!"),
            ("DISTANCE(\"Shanghai\", \"0,0\")", "#VALUE!"),
        ],
    ),
];

fn computed(a: &Arguments, compute: fn(Decimal) -> Result<Decimal, ErrorValue>) -> Answer {
    let number = a.number(0)?;
    a.frame.charge(STEPS)?;
    shown(compute(number)?)
}

fn shown(number: Decimal) -> Answer {
    Ok(Value::Number(round(number, DIGITS, Rounding::HalfUp)))
}

fn radians(degrees: Decimal) -> Result<Decimal, ErrorValue> {
    divide(degrees.checked_mul(Decimal::PI).ok_or(ErrorValue::Limit)?, Decimal::from(180))
}

/// By its series, once the angle is brought to a quarter turn, where the series is short.
fn sine(angle: Decimal) -> Result<Decimal, ErrorValue> {
    if angle.abs() > Decimal::from(LARGEST_ANGLE) {
        return Err(ErrorValue::Num);
    }
    let mut left = angle.checked_rem(Decimal::TWO_PI).ok_or(ErrorValue::Limit)?;
    if left > Decimal::PI {
        left -= Decimal::TWO_PI;
    } else if left < -Decimal::PI {
        left += Decimal::TWO_PI;
    }
    if left > Decimal::HALF_PI {
        left = Decimal::PI - left;
    } else if left < -Decimal::HALF_PI {
        left = -Decimal::PI - left;
    }
    let square = left * left;
    let (mut term, mut sum) = (left, left);
    for n in (2..60i64).step_by(2) {
        term = -(term * square) / Decimal::from(n * (n + 1));
        if term.is_zero() {
            break;
        }
        sum += term;
    }
    Ok(sum)
}

fn cosine(angle: Decimal) -> Result<Decimal, ErrorValue> {
    sine(Decimal::HALF_PI - angle.abs())
}

fn tangent(angle: Decimal) -> Result<Decimal, ErrorValue> {
    let cosine = cosine(angle)?;
    if round(cosine, DIGITS, Rounding::HalfUp).is_zero() {
        return Err(ErrorValue::Div0);
    }
    divide(sine(angle)?, cosine)
}

fn arcsine(sine: Decimal) -> Result<Decimal, ErrorValue> {
    if sine.abs() > Decimal::ONE {
        return Err(ErrorValue::Num);
    }
    let cosine = square_root((Decimal::ONE - sine) * (Decimal::ONE + sine))?;
    if cosine.is_zero() {
        return Ok(if sine.is_sign_negative() { -Decimal::HALF_PI } else { Decimal::HALF_PI });
    }
    arctangent(divide(sine, cosine)?)
}

/// By its series, for an angle that was halved until the series is short.
fn arctangent(tangent: Decimal) -> Result<Decimal, ErrorValue> {
    const HALVINGS: usize = 3;
    if tangent.abs() > Decimal::ONE {
        let quarter = if tangent.is_sign_negative() { -Decimal::HALF_PI } else { Decimal::HALF_PI };
        return Ok(quarter - arctangent(Decimal::ONE / tangent)?);
    }
    let mut small = tangent;
    for _ in 0..HALVINGS {
        small = divide(small, Decimal::ONE + square_root(Decimal::ONE + small * small)?)?;
    }
    let square = small * small;
    let (mut power, mut sum) = (small, small);
    for n in (3..60i64).step_by(2) {
        power = -(power * square);
        let term = power / Decimal::from(n);
        if term.is_zero() {
            break;
        }
        sum += term;
    }
    Ok(sum * Decimal::from(1i64 << HALVINGS))
}

/// The angle of the way from the origin to a point, `x` first as in spreadsheets.
fn direction(a: &Arguments) -> Answer {
    let (x, y) = (a.number(0)?, a.number(1)?);
    a.frame.charge(STEPS)?;
    let below = y < Decimal::ZERO;
    let upright = if below { -Decimal::HALF_PI } else { Decimal::HALF_PI };
    if x.is_zero() {
        return if y.is_zero() { Err(ErrorValue::Div0.into()) } else { shown(upright) };
    }
    // A quotient that is too large for a decimal is as good as upright.
    let Some(slope) = y.checked_div(x) else { return shown(upright) };
    let angle = arctangent(slope)?;
    shown(match (x < Decimal::ZERO, below) {
        (false, _) => angle,
        (true, false) => angle + Decimal::PI,
        (true, true) => angle - Decimal::PI,
    })
}

/// The metres between two places along the globe.
fn distance(a: &Arguments) -> Answer {
    let (here, there) = (place(a, 0)?, place(a, 1)?);
    a.frame.charge(5 * STEPS)?;
    number_value(Some(round(metres_between(here, there)?, 2, Rounding::HalfUp)))
}

/// The metres between two places along the globe, latitude and longitude in degrees, by the haversine formula over the
/// mean radius of the Earth.
///
/// # Errors
/// None for places on the globe.
pub(crate) fn metres_between(
    here: (Decimal, Decimal),
    there: (Decimal, Decimal),
) -> Result<Decimal, ErrorValue> {
    let half = |from: Decimal, to: Decimal| radians((to - from) / Decimal::TWO).and_then(sine);
    let (north, east) = (half(here.0, there.0)?, half(here.1, there.1)?);
    let narrowing = cosine(radians(here.0)?)? * cosine(radians(there.0)?)?;
    let square = north * north + narrowing * east * east;
    let angle = arcsine(square_root(square.clamp(Decimal::ZERO, Decimal::ONE))?)?;
    let diameter = Decimal::new(127_420_176, 1);
    angle.checked_mul(diameter).ok_or(ErrorValue::Limit)
}

/// Latitude and longitude in degrees, as `31.2304,121.4737`; what a location is called may stand behind them.
fn place(a: &Arguments, place: usize) -> Result<(Decimal, Decimal), Halt> {
    let text = a.text(place)?;
    if text.is_empty() {
        return Err(Halt::Empty);
    }
    a.frame.room_for_text(text.len())?;
    let text = half_width(&text);
    let (latitude, longitude) = text.split_once(',').ok_or(ErrorValue::Value)?;
    let longitude = longitude.split_whitespace().next().unwrap_or_default();
    let read = |text: &str, most: i64| -> Result<Decimal, Halt> {
        let degrees = parse_decimal(text).map_err(|_| ErrorValue::Value)?;
        if degrees.abs() > Decimal::from(most) { Err(ErrorValue::Num.into()) } else { Ok(degrees) }
    };
    Ok((read(latitude, 90)?, read(longitude, 180)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of the last digit that is given.
    fn near(found: Decimal, expected: Decimal) -> bool {
        (found - expected).abs() < Decimal::new(1, DIGITS - 1)
    }

    #[test]
    fn angles_are_right_all_around() {
        for hundredths in (-2_000..=2_000i64).step_by(7) {
            let angle = Decimal::new(hundredths, 2);
            let (sine, cosine) = (sine(angle).unwrap(), cosine(angle).unwrap());
            assert!(near(sine * sine + cosine * cosine, Decimal::ONE), "{angle}");
            let doubled = super::sine(angle * Decimal::TWO).unwrap();
            assert!(near(Decimal::TWO * sine * cosine, doubled), "{angle}");
        }
    }

    #[test]
    fn arcs_lead_back() {
        for hundredths in -157..=157i64 {
            let angle = Decimal::new(hundredths, 2);
            let there_and_back = arctangent(tangent(angle).unwrap()).unwrap();
            assert!(near(there_and_back, angle), "{angle} {there_and_back}");
        }
        for hundredths in -100..=100i64 {
            let sine = Decimal::new(hundredths, 2);
            assert!(near(super::sine(arcsine(sine).unwrap()).unwrap(), sine), "{sine}");
        }
    }

    #[test]
    fn the_farthest_place_is_half_way_round() {
        let metres = |here: &str, there: &str| {
            crate::formula::sample::Sample::show(&format!("DISTANCE(\"{here}\", \"{there}\")")).unwrap()
        };
        assert_eq!(metres("0,0", "0,180"), "20015114.44");
        assert_eq!(metres("90,0", "-90,0"), "20015114.44");
        assert_eq!(metres("31.23,121.47", "39.9,116.4"), metres("39.9,116.4", "31.23,121.47"));
    }
}
