//! What other forms hold: figures over their records. They are asked, not computed: see `formula::figure`.

use super::Takes::{Anything, FieldOf, Form, Key, Records};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments};
use crate::value::ErrorValue;

const T: Topic = Topic::Records;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "SUMOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Number,
        asked,
        &[
            ("SUMOF(payment, payment.state = state, payment.amount)", "250"),
            ("SUMOF(payment, payment.state = state and payment.day > DATE(2026, 2, 1), payment.amount)", "150"),
            ("SUMOF(payment, payment.amount > 1000, payment.amount)", "0"),
        ],
    ),
    Function::new(
        "COUNTOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Number,
        asked,
        &[
            ("COUNTOF(payment, payment.state <> \"won\")", "2"),
            ("COUNTOF(payment, TRUE)", "4"),
            ("COUNTOF(payment, not (payment.state = state or payment.amount < amount / 2), payment.amount)", "1"),
        ],
    )
    .optional(1),
    Function::new(
        "AVGOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Number,
        asked,
        &[
            ("AVGOF(payment, payment.state = \"won\", payment.amount)", "125"),
            ("AVGOF(payment, payment.state = \"none\", payment.amount)", ""),
        ],
    ),
    Function::new(
        "MINOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Any,
        asked,
        &[("MINOF(payment, payment.state = state, payment.amount)", "100")],
    ),
    Function::new(
        "MAXOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Any,
        asked,
        &[("MAXOF(payment, BETWEEN(payment.amount, 50, amount), payment.day)", "2026-03-01")],
    ),
    Function::new(
        "FIRSTOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Any,
        asked,
        &[("FIRSTOF(payment, payment.amount < 100, payment.state)", "lost")],
    ),
    Function::new(
        "LASTOF",
        T,
        &[Form, Records, FieldOf],
        Gives::Any,
        asked,
        &[("LASTOF(payment, STARTSWITH(payment.state, \"w\"), payment.amount)", "150")],
    ),
    Function::new(
        "MAPX",
        T,
        &[Key, Anything, FieldOf, FieldOf],
        Gives::Any,
        asked,
        &[
            ("MAPX(\"sum\", state, payment.state, payment.amount)", "250"),
            ("MAPX(\"count\", \"none\", payment.state, payment.amount)", "0"),
            ("MAPX(\"Last\", \"won\", payment.state, payment.day)", "2026-02-10"),
            ("MAPX(\"avg\", \"none\", payment.state, payment.amount)", ""),
        ],
    )
    .words(0, &["sum", "count", "avg", "min", "max", "first", "last"]),
];

/// Nothing calls it: the call is a figure by the time that the formula runs.
fn asked(_: &Arguments) -> Answer {
    Err(ErrorValue::Ref.into())
}
