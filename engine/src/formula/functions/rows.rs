//! What the formula of a column reads of the rows around it. They are read, not computed: see `formula::check`.

use super::Takes::{Anything, Number};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments};
use crate::value::ErrorValue;

const T: Topic = Topic::List;

/// Their examples stand in the last of the three lines of the [sample](crate::formula::sample).
pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "PREV",
        T,
        &[Anything],
        Gives::Same(0),
        read,
        &[
            ("qty - PREV(qty)", "2"),
            ("PREV(item)", "ink"),
            ("ISEMPTY(PREV(note))", "TRUE"),
            ("PREV(day)", "2026-02-10"),
        ],
    )
    .over_rows(),
    Function::new(
        "RUNNING",
        T,
        &[Number],
        Gives::Number,
        read,
        &[("RUNNING(qty)", "10"), ("amount + RUNNING(price)", "155"), ("qty / RUNNING(qty)", "0.5")],
    )
    .over_rows(),
];

/// Nothing calls it: the call is a name by the time that the formula runs.
fn read(_: &Arguments) -> Answer {
    Err(ErrorValue::Ref.into())
}
