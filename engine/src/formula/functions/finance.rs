//! Loans, savings, investments and depreciation, as spreadsheets count them: what one pays is negative, what one gets
//! is positive.

use rust_decimal::MathematicalOps;

use super::Takes::{Number, Numbers};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, number, number_value};
use crate::formula::operators::{divide, power};
use crate::value::{Decimal, ErrorValue, Rounding, Value, round};

const T: Topic = Topic::Finance;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "PMT",
        T,
        &[Number, Number, Number, Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(payment(&Loan::of(a, 1, 2)?)?)),
        &[
            ("ROUND(PMT(0.05 / 12, 60, 10000), 2)", "-188.71"),
            ("PMT(0, 10, 1000)", "-100"),
            ("PMT(0.05, 0, 1000)", "#DIV/0!"),
        ],
    )
    .optional(2),
    Function::new(
        "IPMT",
        T,
        &[Number, Number, Number, Number, Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(interest(a)?.0)),
        &[("ROUND(IPMT(0.05 / 12, 1, 60, 10000), 2)", "-41.67"), ("IPMT(0.05, 3, 2, 100)", "#NUM!")],
    )
    .optional(2),
    Function::new(
        "PPMT",
        T,
        &[Number, Number, Number, Number, Number, Number],
        Gives::Number,
        |a| {
            let (interest, payment) = interest(a)?;
            number_value(payment.checked_sub(interest))
        },
        &[("ROUND(PPMT(0.05 / 12, 1, 60, 10000), 2)", "-147.05")],
    )
    .optional(2),
    Function::new(
        "FV",
        T,
        &[Number, Number, Number, Number, Number],
        Gives::Number,
        |a| {
            let growth = Growth::of(a.number(0)?, a.number(1)?, paid_ahead(a, 4)?)?;
            Ok(Value::Number(-growth.of_all(a.number_or(3, 0)?, a.number(2)?)?))
        },
        &[("ROUND(FV(0.06 / 12, 10, -200, -500, 1), 2)", "2581.4"), ("FV(0, 3, -100)", "300")],
    )
    .optional(2),
    Function::new(
        "PV",
        T,
        &[Number, Number, Number, Number, Number],
        Gives::Number,
        |a| {
            let growth = Growth::of(a.number(0)?, a.number(1)?, paid_ahead(a, 4)?)?;
            let future = a.number_or(3, 0)?;
            let paid = growth.paid.checked_mul(a.number(2)?);
            let all = paid.and_then(|paid| paid.checked_add(future)).ok_or(ErrorValue::Limit)?;
            Ok(Value::Number(-divide(all, growth.grown)?))
        },
        &[("ROUND(PV(0.08 / 12, 240, 500), 2)", "-59777.15")],
    )
    .optional(2),
    Function::new(
        "NPER",
        T,
        &[Number, Number, Number, Number, Number],
        Gives::Number,
        periods,
        &[
            ("ROUND(NPER(0.12 / 12, -100, -1000, 10000, 1), 4)", "59.6739"),
            ("NPER(0, -100, 1000)", "10"),
            ("NPER(0.1, -0.5, 10)", "#NUM!"),
        ],
    )
    .optional(2),
    Function::new(
        "NPV",
        T,
        &[Number, Numbers],
        Gives::Number,
        |a| {
            let flows = flows(a, 1)?;
            a.frame.charge(flows.len() as u64)?;
            let worth = worth(&flows, a.number(0)?)?;
            Ok(Value::Number(divide(worth, a.number(0)? + Decimal::ONE)?))
        },
        &[("ROUND(NPV(0.1, -10000, 3000, 4200, 6800), 2)", "1188.44"), ("NPV(-1, 5)", "#DIV/0!")],
    )
    .repeats(1),
    Function::new(
        "IRR",
        T,
        &[Numbers],
        Gives::Number,
        return_rate,
        &[
            ("ROUND(IRR(-70000, 12000, 15000, 18000, 21000, 26000), 4)", "0.0866"),
            ("IRR(-100, 110)", "0.1"),
            ("IRR(100, 110)", "#NUM!"),
        ],
    )
    .repeats(1),
    Function::new(
        "SLN",
        T,
        &[Number, Number, Number],
        Gives::Number,
        |a| Ok(Value::Number(divide(worn(a)?, a.number(2)?)?)),
        &[("SLN(30000, 7500, 10)", "2250"), ("SLN(1, 0, 0)", "#DIV/0!")],
    ),
    Function::new(
        "SYD",
        T,
        &[Number, Number, Number, Number],
        Gives::Number,
        by_years_digits,
        &[("ROUND(SYD(30000, 7500, 10, 1), 2)", "4090.91"), ("SYD(30000, 7500, 10, 11)", "#NUM!")],
    ),
    Function::new(
        "DDB",
        T,
        &[Number, Number, Number, Number, Number],
        Gives::Number,
        by_declining_balance,
        &[("DDB(2400, 300, 10, 1)", "480"), ("DDB(2400, 300, 10, 10)", "22.1225472")],
    )
    .optional(1),
];

/// What money becomes over some periods.
struct Growth {
    /// What one unit grows to.
    grown: Decimal,
    /// What payments of one unit in every period add up to.
    paid: Decimal,
}

impl Growth {
    fn of(rate: Decimal, periods: Decimal, ahead: bool) -> Result<Growth, ErrorValue> {
        if rate.is_zero() {
            return Ok(Growth { grown: Decimal::ONE, paid: periods });
        }
        let factor = rate.checked_add(Decimal::ONE).ok_or(ErrorValue::Limit)?;
        let grown = power(factor, periods)?;
        let paid = divide(grown.checked_sub(Decimal::ONE).ok_or(ErrorValue::Limit)?, rate)?;
        let paid = if ahead { paid.checked_mul(factor).ok_or(ErrorValue::Limit)? } else { paid };
        Ok(Growth { grown, paid })
    }

    /// What a sum at the start and equal payments become together.
    fn of_all(&self, start: Decimal, payment: Decimal) -> Result<Decimal, ErrorValue> {
        let (start, paid) = (start.checked_mul(self.grown), payment.checked_mul(self.paid));
        start.zip(paid).and_then(|(start, paid)| start.checked_add(paid)).ok_or(ErrorValue::Limit)
    }
}

/// A loan or a savings plan.
struct Loan {
    rate: Decimal,
    periods: Decimal,
    present: Decimal,
    future: Decimal,
    ahead: bool,
}

impl Loan {
    /// From the arguments: the rate first, the number of periods at `periods`, the sums and the type from `present` on.
    fn of(a: &Arguments, periods: usize, present: usize) -> Result<Loan, Halt> {
        Ok(Loan {
            rate: a.number(0)?,
            periods: a.number(periods)?,
            present: a.number(present)?,
            future: a.number_or(present + 1, 0)?,
            ahead: paid_ahead(a, present + 2)?,
        })
    }
}

/// Whether payments are made at the start of a period: type 1, not 0.
fn paid_ahead(a: &Arguments, place: usize) -> Result<bool, Halt> {
    match a.integer_or(place, 0)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ErrorValue::Num.into()),
    }
}

fn payment(loan: &Loan) -> Result<Decimal, ErrorValue> {
    let growth = Growth::of(loan.rate, loan.periods, loan.ahead)?;
    let grown = loan.present.checked_mul(growth.grown).and_then(|grown| grown.checked_add(loan.future));
    Ok(-divide(grown.ok_or(ErrorValue::Limit)?, growth.paid)?)
}

/// The interest in the payment of one period, and the whole payment.
fn interest(a: &Arguments) -> Result<(Decimal, Decimal), Halt> {
    let loan = Loan::of(a, 2, 3)?;
    let period = Decimal::from(a.integer(1)?);
    if period < Decimal::ONE || period > loan.periods {
        return Err(ErrorValue::Num.into());
    }
    let payment = payment(&loan)?;
    if loan.ahead && period == Decimal::ONE {
        return Ok((Decimal::ZERO, payment));
    }
    let owed = Growth::of(loan.rate, period - Decimal::ONE, loan.ahead)?.of_all(loan.present, payment)?;
    let interest = -owed.checked_mul(loan.rate).ok_or(ErrorValue::Limit)?;
    let factor = loan.rate.checked_add(Decimal::ONE).ok_or(ErrorValue::Limit)?;
    Ok((if loan.ahead { divide(interest, factor)? } else { interest }, payment))
}

fn periods(a: &Arguments) -> Answer {
    let (rate, payment, present) = (a.number(0)?, a.number(1)?, a.number(2)?);
    let (future, ahead) = (a.number_or(3, 0)?, paid_ahead(a, 4)?);
    if rate.is_zero() {
        let all = present.checked_add(future).ok_or(ErrorValue::Limit)?;
        return Ok(Value::Number(-divide(all, payment)?));
    }
    let factor = rate.checked_add(Decimal::ONE).ok_or(ErrorValue::Limit)?;
    let payment = if ahead { payment.checked_mul(factor).ok_or(ErrorValue::Limit)? } else { payment };
    let for_ever = divide(payment, rate)?;
    let from = for_ever.checked_sub(future).ok_or(ErrorValue::Limit)?;
    let to = for_ever.checked_add(present).ok_or(ErrorValue::Limit)?;
    let ratio = divide(from, to)?.checked_ln().ok_or(ErrorValue::Num)?;
    Ok(Value::Number(divide(ratio, factor.checked_ln().ok_or(ErrorValue::Num)?)?))
}

/// What comes in and goes out, period by period: an empty one is nought, since it has its place in time.
fn flows(a: &Arguments, place: usize) -> Result<Vec<Decimal>, Halt> {
    a.items_from(place).into_iter().map(|item| Ok(number(item)?.unwrap_or_default())).collect()
}

/// What flows are worth at the time of the first of them.
fn worth(flows: &[Decimal], rate: Decimal) -> Result<Decimal, ErrorValue> {
    let factor = rate.checked_add(Decimal::ONE).ok_or(ErrorValue::Limit)?;
    flows.iter().rev().try_fold(Decimal::ZERO, |later, flow| {
        divide(later, factor)?.checked_add(*flow).ok_or(ErrorValue::Limit)
    })
}

/// The rate nearest to nought at which the flows are worth nothing, by halving the interval in which the sign changes.
fn return_rate(a: &Arguments) -> Answer {
    /// Hundredths between which a sign is looked for.
    const BOUNDS: [i64; 14] = [-90, -50, -20, -5, 0, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000];
    const HALVINGS: usize = 64;
    let flows = flows(a, 0)?;
    let worth_at = |rate: Decimal| -> Result<Option<Decimal>, Halt> {
        a.frame.charge(flows.len() as u64)?;
        Ok(worth(&flows, rate).ok())
    };
    let mut best: Option<(Decimal, Decimal)> = None;
    let mut before: Option<(Decimal, Decimal)> = None;
    for bound in BOUNDS {
        let rate = Decimal::new(bound, 2);
        let found = worth_at(rate)?.map(|worth| (rate, worth));
        if let (Some((low, below)), Some((high, above))) = (before, found)
            && below.is_sign_negative() != above.is_sign_negative()
            && best.is_none_or(|(near, far)| (low + high).abs() < (near + far).abs())
        {
            best = Some((low, high));
        }
        before = found;
    }
    let (mut low, mut high) = best.ok_or(ErrorValue::Num)?;
    let rises = worth_at(low)?.is_some_and(|worth| worth.is_sign_negative());
    for _ in 0..HALVINGS {
        let middle = (low + high) / Decimal::TWO;
        let worth = worth_at(middle)?.ok_or(ErrorValue::Limit)?;
        if worth.is_sign_negative() == rises {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(Value::Number(round(high, 12, Rounding::HalfUp)))
}

/// What is written off over the whole life.
fn worn(a: &Arguments) -> Result<Decimal, Halt> {
    a.number(0)?.checked_sub(a.number(1)?).ok_or(ErrorValue::Limit.into())
}

/// The years of a life and the one that is asked for.
fn year_of_life(a: &Arguments) -> Result<(Decimal, i64), Halt> {
    let (life, year) = (a.number(2)?, a.integer(3)?);
    if year < 1 || Decimal::from(year) > life { Err(ErrorValue::Num.into()) } else { Ok((life, year)) }
}

fn by_years_digits(a: &Arguments) -> Answer {
    let (life, year) = year_of_life(a)?;
    let left = life - Decimal::from(year) + Decimal::ONE;
    let digits = life.checked_add(Decimal::ONE).and_then(|next| life.checked_mul(next));
    let part = worn(a)?.checked_mul(left).and_then(|part| part.checked_mul(Decimal::TWO));
    Ok(Value::Number(divide(part.ok_or(ErrorValue::Limit)?, digits.ok_or(ErrorValue::Limit)?)?))
}

/// A share of what is left in every year, until the rest value is reached.
fn by_declining_balance(a: &Arguments) -> Answer {
    let (life, year) = year_of_life(a)?;
    let rest = a.number(1)?;
    let share = divide(a.number_or(4, 2)?, life)?.clamp(Decimal::ZERO, Decimal::ONE);
    let mut left = a.number(0)?;
    let mut written_off = Decimal::ZERO;
    for _ in 0..year {
        a.frame.charge(1)?;
        let most = left.checked_sub(rest).ok_or(ErrorValue::Limit)?.max(Decimal::ZERO);
        written_off = left.checked_mul(share).ok_or(ErrorValue::Limit)?.min(most);
        left -= written_off;
    }
    Ok(Value::Number(written_off))
}
