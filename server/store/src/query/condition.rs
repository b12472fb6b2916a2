//! The second interpreter of conditions: SQL. It agrees with `engine::condition` on every record.
//!
//! SQL's logic has three values and ours has two: a comparison with an empty field does not hold, and `not` inverts
//! that. So `not` never reaches SQL around a comparison: it is pushed down to the comparisons, and a negated one
//! says what it means for empty values.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use engine::condition::{
    Checked, CheckedOperand, CheckedTest, Days, Match, Operator, Reach, Relative, Variable,
};
use engine::context::Context;
use engine::field::Shape;
use engine::value::{Date, Id, Value, fold};
use sea_query::{Expr, ExprTrait, Func, LikeExpr, Query};

use super::locate::{Place, Reading};
use crate::cell::{self, day_number, scaled};
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::record::scoped;
use crate::table::{Part, Table};

/// What conditions over one form need to become SQL.
pub(crate) struct Conditions<'c> {
    pub(super) dialect: Dialect,
    pub(super) base: Arc<Table>,
    /// Tables of the forms that links lead to.
    pub(super) linked: HashMap<Id, Arc<Table>>,
    pub(super) context: &'c Context,
    /// Columns of the record that the planner may look up in an index; all of them without it.
    pub(super) searchable: Option<Vec<Part>>,
}

impl<'c> Conditions<'c> {
    /// Looks up what `conditions` need.
    pub(crate) async fn load(
        db: &mut Reader,
        base: Arc<Table>,
        conditions: &[&Checked],
        context: &'c Context,
    ) -> Result<Conditions<'c>> {
        let mut all =
            Conditions { dialect: db.dialect(), base, linked: HashMap::new(), context, searchable: None };
        for condition in conditions {
            let tests = condition.tests();
            let reaches = tests.iter().flat_map(|test| match &test.operand {
                CheckedOperand::Field(reach, _) => vec![&test.reach, reach],
                _ => vec![&test.reach],
            });
            all.load_reaches(db, reaches).await?;
        }
        Ok(all)
    }

    /// Looks up what paths need.
    pub(crate) async fn load_reaches(
        &mut self,
        db: &mut Reader,
        reaches: impl Iterator<Item = &Reach>,
    ) -> Result<()> {
        let forms: BTreeSet<Id> =
            reaches.flat_map(|reach| reach.hops.iter().map(|(_, form)| *form)).collect();
        for form in forms {
            if !self.linked.contains_key(&form) {
                let table = db.linked_table(self.base.workspace, form).await?;
                self.linked.insert(form, table);
            }
        }
        Ok(())
    }

    /// The condition over record `t`: true exactly where it holds.
    pub(crate) fn holds(&self, condition: &Checked) -> Result<Expr> {
        self.expr(condition, false)
    }

    fn expr(&self, condition: &Checked, negated: bool) -> Result<Expr> {
        match (condition, negated) {
            (Checked::Not(part), _) => self.expr(part, !negated),
            (Checked::Test(test), _) => self.test(test, negated),
            (Checked::All(parts), false) | (Checked::Any(parts), true) => self.every(parts, negated),
            (Checked::All(parts), true) | (Checked::Any(parts), false) => self.some(parts, negated),
        }
    }

    fn every(&self, parts: &[Checked], negated: bool) -> Result<Expr> {
        let mut all = constant(true);
        for (place, part) in parts.iter().enumerate() {
            let part = self.expr(part, negated)?;
            all = if place == 0 { part } else { all.and(part) };
        }
        Ok(all)
    }

    fn some(&self, parts: &[Checked], negated: bool) -> Result<Expr> {
        let mut any = constant(false);
        for (place, part) in parts.iter().enumerate() {
            let part = self.expr(part, negated)?;
            any = if place == 0 { part } else { any.or(part) };
        }
        Ok(any)
    }

    fn test(&self, test: &CheckedTest, negated: bool) -> Result<Expr> {
        let Some(rows) = &test.reach.rows else { return self.compare(test, negated) };
        // Every row passes exactly when no row fails.
        let (exists, row_negated) = match test.matching {
            Match::Any => (!negated, false),
            Match::All => (negated, true),
        };
        let subform = self.base.column(rows).ok_or_else(|| Error::NotAskable { path: rows.clone() })?;
        let mut select = Query::select();
        let of = Expr::col(("r", "record")).eq(Expr::col(("t", "id")));
        select
            .expr(Expr::cust("1"))
            .from_as(self.base.rows_name(subform), "r")
            .and_where(scoped(self.dialect, &self.base, "r", of))
            .and_where(self.compare(test, row_negated)?);
        Ok(if exists { Expr::exists(select) } else { Expr::not_exists(select) })
    }

    /// One comparison of one value.
    fn compare(&self, test: &CheckedTest, negated: bool) -> Result<Expr> {
        let (op, negated) = match test.op {
            Operator::Ne => (Operator::Eq, !negated),
            Operator::NotIn => (Operator::In, !negated),
            Operator::NotContains => (Operator::Contains, !negated),
            Operator::HasNone => (Operator::HasAny, !negated),
            Operator::NotEmpty => (Operator::IsEmpty, !negated),
            op => (op, negated),
        };
        if op == Operator::IsEmpty
            && let Some(rows) = self.rows_at(&test.reach)?
        {
            return Ok(if negated { Expr::exists(rows) } else { Expr::not_exists(rows) });
        }
        let reading = if searches(op) { Reading::Folded } else { Reading::Stored };
        let place = match self.computed(&test.reach, &test.kind, reading)? {
            Some(place) => place,
            None => self.placed(&test.reach, reading)?,
        };
        match place {
            Place::Many { side, table, record, row, shape } => {
                let holds = |values: Option<Vec<Value>>| -> Result<Expr> {
                    let mut select = self.side_rows(&side, table, record.clone(), row.clone())?;
                    if let Some(values) = values {
                        let values =
                            values.iter().filter_map(|value| cell::encode(self.dialect, shape, value).ok());
                        select.and_where(Expr::col(("m", "value")).is_in(values));
                    }
                    Ok(Expr::exists(select))
                };
                self.many(op, test, negated, holds)
            }
            Place::One { value, shape, .. } => self.one(op, test, value, shape, negated),
        }
    }

    /// A comparison of a many-valued field; `holds` says that it has any of some values, or any at all.
    fn many(
        &self,
        op: Operator,
        test: &CheckedTest,
        negated: bool,
        holds: impl Fn(Option<Vec<Value>>) -> Result<Expr>,
    ) -> Result<Expr> {
        let expr = match op {
            Operator::IsEmpty => return Ok(if negated { holds(None)? } else { holds(None)?.not() }),
            Operator::HasAny | Operator::Within => holds(Some(self.operands(test)))?,
            Operator::HasAll => {
                let mut all = holds(None)?;
                for value in self.operands(test) {
                    all = all.and(holds(Some(vec![value]))?);
                }
                all
            }
            _ => return Err(self.not_askable(test)),
        };
        Ok(if negated { expr.not() } else { expr })
    }

    fn one(
        &self,
        op: Operator,
        test: &CheckedTest,
        value: Expr,
        shape: Shape,
        negated: bool,
    ) -> Result<Expr> {
        if op == Operator::IsEmpty {
            return Ok(if negated { value.is_not_null() } else { value.is_null() });
        }
        let is_among = op == Operator::Within && test.is_of_departments();
        let op = if is_among { Operator::In } else { op };
        if let CheckedOperand::Field(reach, _) = &test.operand {
            let reading = if searches(op) { Reading::Folded } else { Reading::Stored };
            let place = self.placed(reach, reading)?;
            let Place::One { value: other, shape: other_shape, .. } = place else {
                return Err(self.not_askable(test));
            };
            let holds = self.fields(op, (value.clone(), shape), (other.clone(), other_shape));
            let holds = holds.ok_or_else(|| self.not_askable(test))?;
            let empty = value.is_null().or(other.is_null());
            return Ok(if negated { empty.or(holds.not()) } else { holds });
        }
        let holds = match (&test.operand, shape) {
            (CheckedOperand::Relative(relative, n), Shape::Day | Shape::Instant) => {
                self.relative(op, &value, shape, *relative, *n)
            }
            (CheckedOperand::List(ends), Shape::Day | Shape::Instant) if op == Operator::Within => {
                test.period(ends).and_then(|days| self.period(&value, shape, days))
            }
            _ => self.literal(op, &value, shape, &self.operands(test)),
        };
        let holds = holds.ok_or_else(|| self.not_askable(test))?;
        Ok(if negated { value.is_null().or(holds.not()) } else { holds })
    }

    /// A comparison with given values. `None` for an operator that has no meaning here.
    fn literal(&self, op: Operator, value: &Expr, shape: Shape, operands: &[Value]) -> Option<Expr> {
        let value = value.clone();
        // An operand of another type than the field, such as a parameter's, equals nothing.
        let encode = |operand: &Value| cell::encode(self.dialect, shape, operand).ok();
        let (first, second) = (operands.first(), operands.get(1));
        // An operand that is empty, such as a parameter without a value, holds nowhere.
        let Some(first) = first.filter(|first| **first != Value::Empty) else {
            return Some(constant(false));
        };
        if let (Shape::Decimal(scale), Dialect::Sqlite) = (shape, self.dialect) {
            return decimals(op, value, scale, operands);
        }
        let one = encode(first);
        let compared = |holds: &dyn Fn(sea_query::Value) -> Expr| one.clone().map_or(constant(false), holds);
        Some(match op {
            Operator::Eq => compared(&|one| value.clone().eq(one)),
            Operator::Gt => compared(&|one| value.clone().gt(one)),
            Operator::Gte => compared(&|one| value.clone().gte(one)),
            Operator::Lt => compared(&|one| value.clone().lt(one)),
            Operator::Lte => compared(&|one| value.clone().lte(one)),
            Operator::Between => match (one.clone(), second.and_then(encode)) {
                (Some(from), Some(to)) => value.between(from, to),
                _ => constant(false),
            },
            Operator::In => value.is_in(operands.iter().filter_map(encode)),
            Operator::Contains | Operator::StartsWith | Operator::EndsWith => {
                let part = fold(first.as_text().unwrap_or_default());
                if part.contains('\0') {
                    // No stored text has it, and PostgreSQL takes none that has.
                    return Some(constant(false));
                }
                if op == Operator::StartsWith {
                    return Some(begins_with(value, &part));
                }
                let part = escaped(&part);
                let pattern = if op == Operator::EndsWith { format!("%{part}") } else { format!("%{part}%") };
                value.like(LikeExpr::new(pattern).escape('\\'))
            }
            _ => return None,
        })
    }

    /// A comparison with a period: `gt` means after its last day, `gte` from its first day on.
    fn relative(&self, op: Operator, value: &Expr, shape: Shape, relative: Relative, n: u32) -> Option<Expr> {
        let (from, to) = relative.range(self.context.today(), n);
        let (from, to) = (self.day_start(from, shape)?, self.day_start(to, shape)?);
        let value = value.clone();
        Some(match op {
            Operator::Eq | Operator::Within | Operator::In | Operator::Between => {
                value.clone().gte(from).and(value.lt(to))
            }
            Operator::Gt => value.gte(to),
            Operator::Gte => value.gte(from),
            Operator::Lt => value.lt(from),
            Operator::Lte => value.lt(to),
            _ => return None,
        })
    }

    /// From the first day of a period to the day before its end.
    fn period(&self, value: &Expr, shape: Shape, (from, to): Days) -> Option<Expr> {
        let mut holds = value.clone().is_not_null();
        if let Some(from) = from {
            holds = holds.and(value.clone().gte(self.day_start(from, shape)?));
        }
        if let Some(to) = to {
            holds = holds.and(value.clone().lt(self.day_start(to, shape)?));
        }
        Some(holds)
    }

    /// Where a day begins, in the unit of a column.
    fn day_start(&self, day: Date, shape: Shape) -> Option<i64> {
        match shape {
            Shape::Day => Some(day_number(day)),
            _ => {
                let start = day.to_zoned_datetime(self.context.zone.clone()).ok()?;
                Some(start.timestamp().as_microsecond())
            }
        }
    }

    /// A comparison of two fields.
    pub(super) fn fields(&self, op: Operator, a: (Expr, Shape), b: (Expr, Shape)) -> Option<Expr> {
        if let (Shape::Decimal(left), Shape::Decimal(right), Dialect::Sqlite) = (a.1, b.1, self.dialect)
            && left != right
        {
            return if left < right {
                scaled_fields(op, a.0, b.0, right - left)
            } else {
                scaled_fields(mirrored(op)?, b.0, a.0, left - right)
            };
        }
        if searches(op) {
            // What is looked for by its folded form is text on both sides.
            let is_text = |shape| matches!(shape, Shape::Text | Shape::LongText);
            return if is_text(a.1) && is_text(b.1) { self.texts(op, a.0, b.0) } else { None };
        }
        let (a, b) = (a.0, b.0);
        Some(match op {
            Operator::Eq => a.eq(b),
            Operator::Gt => a.gt(b),
            Operator::Gte => a.gte(b),
            Operator::Lt => a.lt(b),
            Operator::Lte => a.lte(b),
            _ => return None,
        })
    }

    /// Whether one text holds another, both of them folded.
    fn texts(&self, op: Operator, a: Expr, b: Expr) -> Option<Expr> {
        let call =
            |name: &'static str, arguments: [Expr; 2]| -> Expr { Func::cust(name).args(arguments).into() };
        let length: Expr = Func::cust("length").arg(b.clone()).into();
        let place = self.dialect.place_in();
        Some(match (op, self.dialect) {
            (Operator::Contains, _) => call(place, [a, b]).gt(0i64),
            (Operator::StartsWith, _) => call(place, [a, b]).eq(1i64),
            (Operator::EndsWith, Dialect::Sqlite) => call("substr", [a, Expr::val(0i64).sub(length)]).eq(b),
            (Operator::EndsWith, Dialect::Postgres) => call("right", [a, length]).eq(b),
            _ => return None,
        })
    }

    fn operands(&self, test: &CheckedTest) -> Vec<Value> {
        test.with_parts(self.named(test), self.context)
    }

    /// The values as the condition names them.
    fn named(&self, test: &CheckedTest) -> Vec<Value> {
        let refs = |ids: &[Id]| ids.iter().copied().map(Value::Ref).collect();
        let context = self.context;
        match &test.operand {
            CheckedOperand::Nothing
            | CheckedOperand::Relative(..)
            | CheckedOperand::Field(..)
            | CheckedOperand::Asker(..) => Vec::new(),
            CheckedOperand::Value(value) => vec![value.clone()],
            CheckedOperand::List(values) => values.clone(),
            CheckedOperand::Param(name) => {
                context.params.get(name).map(|value| value.items().to_vec()).unwrap_or_default()
            }
            CheckedOperand::Var(Variable::Me) => context.user.map(Value::Ref).into_iter().collect(),
            CheckedOperand::Var(Variable::MyDepartments) => refs(&context.departments),
            CheckedOperand::Var(Variable::MyOwnDepartments) => refs(&context.own_departments),
            CheckedOperand::Var(Variable::MySubordinates) => refs(&context.subordinates),
            CheckedOperand::Var(Variable::Today) => vec![Value::Date(context.today())],
            CheckedOperand::Var(Variable::Now) => vec![Value::DateTime(context.now)],
        }
    }

    fn not_askable(&self, test: &CheckedTest) -> Error {
        Error::NotAskable { path: test.reach.own_path() }
    }
}

/// Whether an operator looks for a part of a text.
fn searches(op: Operator) -> bool {
    matches!(op, Operator::Contains | Operator::StartsWith | Operator::EndsWith)
}

pub(super) fn constant(holds: bool) -> Expr {
    Expr::cust(if holds { "1 = 1" } else { "1 = 0" })
}

/// Texts that begin so, as a range that an index has: LIKE is looked up in none where a database has rules of its own for
/// it.
pub(super) fn begins_with(value: Expr, prefix: &str) -> Expr {
    let from = value.clone().gte(prefix);
    match after(prefix) {
        Some(end) => from.and(value.lt(end)),
        None => from,
    }
}

/// The first text after all that begin with `prefix`, by code points; `None` where there is none.
fn after(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

/// A text as a part of a LIKE pattern.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Comparisons of whole numbers counted in the last digit of `scale` with exact decimals, which may lie between two
/// counts or beyond all of them.
fn decimals(op: Operator, value: Expr, scale: u32, operands: &[Value]) -> Option<Expr> {
    let bound = |operand: &Value| {
        let number = operand.as_number()?;
        let found = scaled(number, scale);
        let limit = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
        let clamped = |floor: i128| i64::try_from(floor).unwrap_or(limit);
        Some(found.map_or((limit, false), |found| {
            (clamped(found.floor), found.exact && i64::try_from(found.floor).is_ok())
        }))
    };
    let at_least = |value: Expr, (floor, exact): (i64, bool)| {
        if exact { value.gte(floor) } else { value.gt(floor) }
    };
    let first = bound(operands.first()?)?;
    Some(match op {
        Operator::Eq if !first.1 => constant(false),
        Operator::Eq => value.eq(first.0),
        Operator::Gt => value.gt(first.0),
        Operator::Gte => at_least(value, first),
        Operator::Lt if first.1 => value.lt(first.0),
        Operator::Lt | Operator::Lte => value.lte(first.0),
        Operator::Between => {
            let last = bound(operands.get(1)?)?;
            at_least(value.clone(), first).and(value.lte(last.0))
        }
        Operator::In => {
            let exact = operands.iter().filter_map(bound).filter(|(_, exact)| *exact).map(|(count, _)| count);
            value.is_in(exact.collect::<Vec<i64>>())
        }
        _ => return None,
    })
}

/// Compares `a` with `b`, which is counted in a unit `10^digits` finer. Multiplying `a` could overflow, so `b` is
/// divided, and its remainder decides where the quotients are equal. SQLite's `/` and `%` cut towards zero.
fn scaled_fields(op: Operator, a: Expr, b: Expr, digits: u32) -> Option<Expr> {
    let factor = 10i64.checked_pow(digits)?;
    let quotient = b.clone().div(factor);
    let rest = b.modulo(factor);
    let same = a.clone().eq(quotient.clone());
    let more = a.clone().gt(quotient.clone()).or(same.clone().and(rest.clone().lt(0i64)));
    let less = a.lt(quotient).or(same.clone().and(rest.clone().gt(0i64)));
    Some(match op {
        Operator::Eq => same.and(rest.eq(0i64)),
        Operator::Gt => more,
        Operator::Gte => less.not(),
        Operator::Lt => less,
        Operator::Lte => more.not(),
        _ => return None,
    })
}

/// `a op b` as `b mirrored(op) a`.
fn mirrored(op: Operator) -> Option<Operator> {
    Some(match op {
        Operator::Eq => Operator::Eq,
        Operator::Gt => Operator::Lt,
        Operator::Gte => Operator::Lte,
        Operator::Lt => Operator::Gt,
        Operator::Lte => Operator::Gte,
        _ => return None,
    })
}
