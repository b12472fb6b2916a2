//! Decisions, and what to do about empty and wrong values.

use super::Takes::{Anything, Bool, Branch, Key, Number, Single};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, truth};
use crate::formula::operators::same;
use crate::value::{ErrorValue, Value};

const T: Topic = Topic::Logic;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "IF",
        T,
        &[Bool, Branch, Branch],
        Gives::Branches,
        if_,
        &[
            ("IF(amount > 100, \"big\", \"small\")", "big"),
            ("IF(amount = 0, 1 / 0, 1)", "1"),
            ("IF(blank > 1, 1)", ""),
        ],
    )
    .optional(1)
    .sees_errors(),
    Function::new(
        "IFS",
        T,
        &[Bool, Branch],
        Gives::Branches,
        ifs,
        &[("IFS(amount > 1000, \"A\", amount > 100, \"B\", TRUE, \"C\")", "B"), ("IFS(FALSE, 1)", "#N/A")],
    )
    .repeats(2)
    .sees_errors(),
    Function::new(
        "SWITCH",
        T,
        &[Single, Single, Branch],
        Gives::Branches,
        switch,
        &[
            ("SWITCH(state, \"open\", 1, \"won\", 2, 0)", "2"),
            ("SWITCH(state, \"open\", 1, \"lost\", 2, 0)", "0"),
            ("SWITCH(state, \"open\", 1)", "#N/A"),
        ],
    )
    .repeats(2)
    .otherwise(Branch)
    .sees_errors(),
    Function::new(
        "CHOOSE",
        T,
        &[Number, Branch],
        Gives::Branches,
        choose,
        &[
            ("CHOOSE(2, \"low\", \"middle\", \"high\")", "middle"),
            ("CHOOSE(1, 7, 1 / 0)", "7"),
            ("CHOOSE(4, 1, 2, 3)", "#NUM!"),
        ],
    )
    .repeats(1)
    .sees_errors(),
    Function::new(
        "AND",
        T,
        &[Bool],
        Gives::Bool,
        and,
        &[("AND(amount > 1, paid)", "TRUE"), ("AND(FALSE, 1 / 0 > 1)", "FALSE")],
    )
    .repeats(1)
    .sees_errors(),
    Function::new(
        "OR",
        T,
        &[Bool],
        Gives::Bool,
        or,
        &[("OR(amount > 1000, paid)", "TRUE"), ("OR(TRUE, 1 / 0 > 1)", "TRUE")],
    )
    .repeats(1)
    .sees_errors(),
    Function::new("NOT", T, &[Bool], Gives::Bool, not, &[("NOT(paid)", "FALSE"), ("NOT(blank = 1)", "TRUE")]),
    Function::new(
        "XOR",
        T,
        &[Bool],
        Gives::Bool,
        xor,
        &[("XOR(TRUE, FALSE)", "TRUE"), ("XOR(TRUE, TRUE)", "FALSE")],
    )
    .repeats(1),
    Function::new("TRUE", T, &[], Gives::Bool, |_| Ok(Value::Bool(true)), &[("TRUE()", "TRUE")]),
    Function::new("FALSE", T, &[], Gives::Bool, |_| Ok(Value::Bool(false)), &[("FALSE()", "FALSE")]),
    Function::new("EMPTY", T, &[], Gives::Any, |_| Ok(Value::Empty), &[("IF(paid, EMPTY(), 1)", "")]),
    Function::new(
        "ISEMPTY",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(a.get(0).is_empty())),
        &[("ISEMPTY(blank)", "TRUE"), ("ISEMPTY(lines)", "FALSE"), ("ISEMPTY(0)", "FALSE")],
    ),
    Function::new(
        "ISBLANK",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(a.get(0).is_empty())),
        &[("ISBLANK(blank)", "TRUE"), ("ISBLANK(amount)", "FALSE")],
    ),
    Function::new(
        "IFEMPTY",
        T,
        &[Branch, Branch],
        Gives::Branches,
        coalesce,
        &[("IFEMPTY(blank, 0)", "0"), ("IFEMPTY(amount, 0)", "120.5")],
    )
    .sees_errors(),
    Function::new("COALESCE", T, &[Branch], Gives::Branches, coalesce, &[("COALESCE(blank, EMPTY, 3)", "3")])
        .repeats(1)
        .sees_errors(),
    Function::new(
        "IFERROR",
        T,
        &[Branch, Branch],
        Gives::Branches,
        if_error,
        &[("IFERROR(1 / 0, 0)", "0"), ("IFERROR(amount, 0)", "120.5")],
    )
    .sees_errors(),
    Function::new(
        "IFNA",
        T,
        &[Branch, Branch],
        Gives::Branches,
        |a| a.answer(usize::from(is_missing(a.get(0)))),
        &[("IFNA(MATCH(\"cap\", lines.item), 0)", "0"), ("IFNA(1 / 0, 0)", "#DIV/0!"), ("IFNA(3, 0)", "3")],
    )
    .sees_errors(),
    Function::new(
        "ISNA",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(is_missing(a.get(0)))),
        &[("ISNA(NA())", "TRUE"), ("ISNA(1 / 0)", "FALSE")],
    )
    .sees_errors(),
    Function::new(
        "ISERROR",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(matches!(a.get(0), Value::Error(_)))),
        &[("ISERROR(1 / 0)", "TRUE"), ("ISERROR(1)", "FALSE")],
    )
    .sees_errors(),
    Function::new(
        "ISNUMBER",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(matches!(a.get(0), Value::Number(_)))),
        &[("ISNUMBER(amount)", "TRUE"), ("ISNUMBER(\"1\")", "FALSE")],
    )
    .sees_errors(),
    Function::new(
        "ISTEXT",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(matches!(a.get(0), Value::Text(_)))),
        &[("ISTEXT(state)", "TRUE"), ("ISTEXT(1)", "FALSE")],
    )
    .sees_errors(),
    Function::new(
        "ISDATE",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(matches!(a.get(0), Value::Date(_) | Value::DateTime(_)))),
        &[("ISDATE(day)", "TRUE"), ("ISDATE(\"2026-11-22\")", "FALSE")],
    )
    .sees_errors(),
    Function::new(
        "ISLOGICAL",
        T,
        &[Anything],
        Gives::Bool,
        |a| Ok(Value::Bool(matches!(a.get(0), Value::Bool(_)))),
        &[("ISLOGICAL(paid)", "TRUE"), ("ISLOGICAL(0)", "FALSE")],
    )
    .sees_errors(),
    Function::new("NA", T, &[], Gives::Any, |_| Err(ErrorValue::NotAvailable.into()), &[("NA()", "#N/A")]),
    Function::new(
        "PARAM",
        T,
        &[Key],
        Gives::Any,
        |a| a.answer(0),
        &[("amount * PARAM('rate') / 100", "15.665")],
    ),
    Function::new(
        "ME",
        T,
        &[],
        Gives::Ref,
        |a| Ok(a.frame.user.map_or(Value::Empty, Value::Ref)),
        &[("ISEMPTY(ME())", "FALSE"), ("by = ME()", "FALSE")],
    )
    .live(),
];

fn if_(a: &Arguments) -> Answer {
    a.answer(if truth(a.get(0))? { 1 } else { 2 })
}

fn ifs(a: &Arguments) -> Answer {
    for place in (0..a.len()).step_by(2) {
        if truth(a.get(place))? {
            return a.answer(place + 1);
        }
    }
    Err(ErrorValue::NotAvailable.into())
}

fn switch(a: &Arguments) -> Answer {
    let wanted = a.get(0);
    if let Value::Error(error) = wanted {
        return Err((*error).into());
    }
    let mut place = 1;
    while place + 1 < a.len() {
        match a.get(place) {
            Value::Error(error) => return Err((*error).into()),
            case if same(wanted, case, a.frame) => return a.answer(place + 1),
            _ => place += 2,
        }
    }
    if place < a.len() { a.answer(place) } else { Err(ErrorValue::NotAvailable.into()) }
}

/// Counted from 1; what is not chosen may be an error.
fn choose(a: &Arguments) -> Answer {
    let place = usize::try_from(a.integer(0)?).map_err(|_| ErrorValue::Num)?;
    if place == 0 || place >= a.len() { Err(ErrorValue::Num.into()) } else { a.answer(place) }
}

/// From left to right, and no further than it takes: what comes after a false one may be an error.
fn and(a: &Arguments) -> Answer {
    for value in a.values {
        if !truth(value)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn or(a: &Arguments) -> Answer {
    for value in a.values {
        if truth(value)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn not(a: &Arguments) -> Answer {
    Ok(Value::Bool(!a.truth(0)?))
}

fn xor(a: &Arguments) -> Answer {
    let mut odd = false;
    for value in a.values {
        odd ^= truth(value)?;
    }
    Ok(Value::Bool(odd))
}

fn coalesce(a: &Arguments) -> Answer {
    let first = a.values.iter().find(|value| !value.is_empty());
    first.map_or(Ok(Value::Empty), |value| a.copy(value))
}

fn if_error(a: &Arguments) -> Answer {
    a.answer(if let Value::Error(_) = a.get(0) { 1 } else { 0 })
}

fn is_missing(value: &Value) -> bool {
    matches!(value, Value::Error(ErrorValue::NotAvailable))
}
