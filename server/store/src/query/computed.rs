//! Live formulas in SQL, as far as the engine says that they have a form there.

use engine::condition::computed::{Computed, Holds, Part};
use engine::condition::{Operator, Reach};
use engine::field::{FieldKind, Shape};
use engine::value::{Value, fold};
use sea_query::{CaseStatement, Expr, ExprTrait};

use super::condition::{Conditions, constant};
use super::locate::{Place, Reading};
use crate::cell::{self, day_number};
use crate::dialect::Dialect;
use crate::error::{Error, Result};

impl Conditions<'_> {
    /// What a live formula of the record gives; nothing for what is stored, and for a formula without such a form.
    pub(super) fn computed(
        &self,
        reach: &Reach,
        kind: &FieldKind,
        reading: Reading,
    ) -> Result<Option<Place>> {
        let is_own = reach.hops.is_empty() && reach.subform().is_none();
        if !is_own || self.base.column(&reach.field).is_some() {
            return Ok(None);
        }
        let stored = |field: &str| self.base.column(field).map(|column| column.shape);
        let Some(Computed { part, shape }) = Computed::of(kind, &stored) else { return Ok(None) };
        let value = self.part(&part, shape, reading)?;
        Ok(Some(Place::One { value, shape }))
    }

    /// A part of a formula that gives values of this shape.
    fn part(&self, part: &Part, shape: Shape, reading: Reading) -> Result<Expr> {
        let number = |value: &Value| cell::encode(self.dialect, shape, value).map(Expr::val);
        Ok(match part {
            Part::Nothing => Expr::val(cell::null(self.dialect, shape)),
            Part::Number(decimal) => number(&Value::Number(*decimal))?,
            Part::Text(text) if reading == Reading::Stored => self.text(text),
            Part::Text(text) => self.text(&fold(text)),
            Part::Field(field) => self.field(field, reading)?,
            Part::Today(later) => Expr::val(day_number(self.context.today()).saturating_add(*later)),
            Part::Days(end, start) => {
                let [end, start] = [end, start].map(|day| self.part(day, Shape::Day, reading));
                let days = end?.sub(start?);
                match (self.dialect, shape) {
                    (Dialect::Postgres, _) => days.cast_as("numeric"),
                    (Dialect::Sqlite, Shape::Decimal(digits)) => days.mul(10i64.saturating_pow(digits)),
                    (Dialect::Sqlite, _) => days,
                }
            }
            Part::Either(holds, then, other) => {
                let (then, other) = (self.part(then, shape, reading)?, self.part(other, shape, reading)?);
                CaseStatement::new().case(self.truth(holds)?, then).finally(other).into()
            }
            Part::Truth(holds) => yes_or_no(self.truth(holds)?),
        })
    }

    /// True where something holds; false or NULL where it does not.
    fn truth(&self, holds: &Holds) -> Result<Expr> {
        Ok(match holds {
            Holds::All(parts) => parts
                .iter()
                .try_fold(constant(true), |all, part| Ok::<_, Error>(all.and(self.truth(part)?)))?,
            Holds::Any(parts) => parts
                .iter()
                .try_fold(constant(false), |any, part| Ok::<_, Error>(any.or(self.truth(part)?)))?,
            Holds::Not(part) => yes_or_no(self.truth(part)?).eq(0i64),
            Holds::On(field) => self.field(field, Reading::Stored)?.eq(1i64),
            Holds::IsEmpty(part, shape) => self.part(part, *shape, Reading::Stored)?.is_null(),
            Holds::Compare(op, (left, one), (right, other)) => {
                let a = self.part(left, *one, Reading::Stored)?;
                let b = self.part(right, *other, Reading::Stored)?;
                let holds = self.fields(*op, (a.clone(), *one), (b.clone(), *other));
                let holds = holds.ok_or_else(|| Error::NotAskable { path: String::new() })?;
                match op {
                    Operator::Eq => holds.or(a.is_null().and(b.is_null())),
                    _ => holds,
                }
            }
        })
    }

    /// A text that is compared by code point, as those in columns are.
    fn text(&self, text: &str) -> Expr {
        match self.dialect {
            Dialect::Sqlite => Expr::val(text),
            Dialect::Postgres => Expr::cust_with_expr("($1 COLLATE \"C\")", Expr::val(text)),
        }
    }

    fn field(&self, field: &str, reading: Reading) -> Result<Expr> {
        match self.placed(&Reach::own(field), reading)? {
            Place::One { value, .. } => Ok(value),
            Place::Many { .. } => Err(Error::NotAskable { path: field.to_string() }),
        }
    }
}

fn yes_or_no(holds: Expr) -> Expr {
    CaseStatement::new().case(holds, 1i64).finally(0i64).into()
}
