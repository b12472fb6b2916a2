//! A condition typed against a form.

use crate::context::Context;
use crate::criteria::{self, Condition, Match, Operator, Relative, Variable};
use crate::field::{FieldKind, Reference, Shape};
use crate::text::{Fault, Faults};
use crate::value::{Date, Id, Value};

/// Values of one list at most: more than a person picks, fewer than a database stumbles over.
const MOST_ITEMS: usize = 1_000;
/// Characters of a text that is looked for within others.
const LONGEST_TEXT: usize = 500;

/// Where a value is found, seen from a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reach {
    /// The sub-form whose rows are walked, if any.
    pub rows: Option<String>,
    /// The sub-form in whose current row the path starts, if any. Not together with `rows`.
    pub in_row: Option<String>,
    /// The links that are followed: the link's field key, and the form it leads to.
    pub hops: Vec<(String, Id)>,
    /// The key of the field, or a system field with its `$`.
    pub field: String,
}

impl Reach {
    /// The sub-form that the path starts in, walked or in its current row.
    pub fn subform(&self) -> Option<&str> {
        self.rows.as_deref().or(self.in_row.as_deref())
    }

    /// The path of the record's own field or column that is read first: the field, or the link followed first.
    pub fn own_path(&self) -> String {
        let first = self.hops.first().map_or(&self.field, |(link, _)| link);
        match self.subform() {
            Some(subform) => format!("{subform}.{first}"),
            None => first.clone(),
        }
    }

    /// A field of the record itself.
    pub fn own(field: &str) -> Reach {
        Reach { rows: None, in_row: None, hops: Vec::new(), field: field.to_string() }
    }
}

/// What a condition is typed against: it finds the field that a path names.
pub trait Fields {
    /// The field that `path` names: where it is and its kind. Lookups, rollups and formulas answer with the kind of
    /// what they show where it is known.
    ///
    /// # Errors
    /// One fault without a path.
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault>;

    /// What `{"field": path}` in place of a value is looked for in, where the condition is asked by another record than
    /// the ones that it is about: by the one in which a query or a default stands.
    fn asker(&self) -> Option<&dyn Fields> {
        None
    }
}

/// A condition whose paths are resolved and whose literals are read.
#[derive(Clone, Debug, PartialEq)]
pub enum Checked {
    All(Vec<Checked>),
    Any(Vec<Checked>),
    Not(Box<Checked>),
    Test(Box<Test>),
}

/// One typed comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub reach: Reach,
    pub kind: FieldKind,
    pub op: Operator,
    pub operand: Operand,
    /// Over the rows of `reach.rows`.
    pub matching: Match,
}

/// What the field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// For `is_empty` and `not_empty`.
    Nothing,
    Value(Value),
    /// For `in`, `has_any` …; both ends for `between`; first day and the day after the last for `within`, empty where
    /// the period is open.
    List(Vec<Value>),
    Var(Variable),
    Relative(Relative, u32),
    /// Another field of the record, and its kind.
    Field(Reach, FieldKind),
    /// A field of the record that asks, and its kind. It holds nowhere until it is [bound](Checked::bound).
    Asker(Reach, FieldKind),
    Param(String),
}

/// The first day of a period, and the day after its last; absent where it is open.
pub type Days = (Option<Date>, Option<Date>);

impl Test {
    pub fn shape(&self) -> Shape {
        self.kind.shape()
    }

    /// Whether it is about departments.
    pub fn is_of_departments(&self) -> bool {
        self.kind.reference() == Some(Reference::Department)
    }

    /// The ids that `named` stand for where departments are meant with their parts; all others as they are.
    pub fn with_parts(&self, named: Vec<Value>, context: &Context) -> Vec<Value> {
        if self.op != Operator::Within || !self.is_of_departments() {
            return named;
        }
        let all = context.with_parts(named.iter().filter_map(Value::as_ref_id));
        all.into_iter().map(Value::Ref).collect()
    }

    /// Whether it is compared with a list: as its operator says, or as departments with their parts.
    fn takes_several(&self) -> bool {
        self.op.takes_list() || self.op == Operator::Within
    }

    /// The period that `within` was given as a list of its two ends, either of which may be empty.
    pub fn period(&self, ends: &[Value]) -> Option<Days> {
        match ends {
            [from, to] => Some((from.as_date(), to.as_date())),
            _ => None,
        }
    }
}

impl Checked {
    /// Types `condition` against `fields`.
    ///
    /// # Errors
    /// Every fault found: unknown fields, operators that a kind has not, values that do not fit.
    pub fn new(condition: &Condition, fields: &dyn Fields) -> Result<Checked, Faults> {
        match condition {
            Condition::All(parts) => all(parts, fields).map(Checked::All),
            Condition::Any(parts) => all(parts, fields).map(Checked::Any),
            Condition::Not(part) => Ok(Checked::Not(Box::new(Checked::new(part, fields)?))),
            Condition::Test(test) => check_test(test, fields)
                .map(|test| Checked::Test(Box::new(test)))
                .map_err(|fault| vec![fault]),
        }
    }

    /// Holds for every record.
    pub fn always() -> Checked {
        Checked::All(Vec::new())
    }

    /// Both hold.
    pub fn and(self, other: Checked) -> Checked {
        match (self, other) {
            (Checked::All(parts), other) if parts.is_empty() => other,
            (this, Checked::All(parts)) if parts.is_empty() => this,
            (this, other) => Checked::All(vec![this, other]),
        }
    }

    /// Every typed comparison in it.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Checked::All(parts) | Checked::Any(parts) => parts.iter().flat_map(Checked::tests).collect(),
            Checked::Not(part) => part.tests(),
            Checked::Test(test) => vec![test],
        }
    }

    /// Every place that it reads.
    pub fn reaches(&self) -> Vec<Reach> {
        let mut found = Vec::new();
        for test in self.tests() {
            found.push(test.reach.clone());
            if let Operand::Field(reach, _) = &test.operand {
                found.push(reach.clone());
            }
        }
        found
    }

    /// What it reads of the record that asks.
    pub fn asker_reaches(&self) -> Vec<Reach> {
        let asked = |test: &Test| match &test.operand {
            Operand::Asker(reach, _) => Some(reach.clone()),
            _ => None,
        };
        self.tests().into_iter().filter_map(asked).collect()
    }

    /// The same with the values that the record which asks has: a condition on the others alone.
    #[must_use]
    pub fn bound(&self, value: &dyn Fn(&Reach) -> Value) -> Checked {
        let all = |parts: &[Checked]| parts.iter().map(|part| part.bound(value)).collect();
        match self {
            Checked::All(parts) => Checked::All(all(parts)),
            Checked::Any(parts) => Checked::Any(all(parts)),
            Checked::Not(part) => Checked::Not(Box::new(part.bound(value))),
            Checked::Test(test) => {
                let Operand::Asker(reach, _) = &test.operand else { return self.clone() };
                let operand = match value(reach) {
                    // What could not be computed is compared with nothing, as what is empty is.
                    Value::Error(_) => Operand::Value(Value::Empty),
                    value if value.is_empty() => Operand::Value(Value::Empty),
                    value if test.takes_several() => Operand::List(value.items().to_vec()),
                    value => Operand::Value(value),
                };
                Checked::Test(Box::new(Test { operand, ..(**test).clone() }))
            }
        }
    }

    /// The condition for whoever asks without a record: what is compared with one is left out, and nothing is that this would
    /// make narrower.
    #[must_use]
    pub fn without_asker(&self) -> Checked {
        self.widened().unwrap_or_else(Checked::always)
    }

    fn widened(&self) -> Option<Checked> {
        if self.asker_reaches().is_empty() {
            return Some(self.clone());
        }
        match self {
            Checked::All(parts) => Some(Checked::All(parts.iter().filter_map(Checked::widened).collect())),
            Checked::Any(parts) => {
                let parts = parts.iter().map(Checked::widened).collect::<Option<Vec<Checked>>>();
                parts.map(Checked::Any)
            }
            Checked::Not(_) | Checked::Test(_) => None,
        }
    }

    /// Whether its outcome can change without a write to a record: it looks at today, at who asks, or at which
    /// departments are parts of others.
    pub fn depends_on_moment_or_viewer(&self) -> bool {
        self.tests().iter().any(|test| {
            let is_of_parts = test.op == Operator::Within && test.is_of_departments();
            is_of_parts || matches!(test.operand, Operand::Var(_) | Operand::Relative(..))
        })
    }

    /// The condition without the tests whose parameter has no value: such a test is left out (documents.md,
    /// reports); others get the parameter's value.
    pub fn with_params(&self, value: &dyn Fn(&str) -> Option<Value>) -> Option<Checked> {
        match self {
            Checked::All(parts) => {
                Some(Checked::All(parts.iter().filter_map(|part| part.with_params(value)).collect()))
            }
            Checked::Any(parts) => {
                let kept: Vec<Checked> = parts.iter().filter_map(|part| part.with_params(value)).collect();
                (!kept.is_empty() || parts.is_empty()).then_some(Checked::Any(kept))
            }
            Checked::Not(part) => part.with_params(value).map(|part| Checked::Not(Box::new(part))),
            Checked::Test(test) => {
                let Operand::Param(name) = &test.operand else { return Some(self.clone()) };
                let operand = match value(name)? {
                    Value::Empty => return None,
                    Value::List(items) => Operand::List(items),
                    one => Operand::Value(one),
                };
                Some(Checked::Test(Box::new(Test { operand, ..(**test).clone() })))
            }
        }
    }
}

fn all(parts: &[Condition], fields: &dyn Fields) -> Result<Vec<Checked>, Faults> {
    let mut checked = Vec::with_capacity(parts.len());
    let mut faults = Faults::new();
    for part in parts {
        match Checked::new(part, fields) {
            Ok(part) => checked.push(part),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(checked) } else { Err(faults) }
}

fn check_test(test: &criteria::Test, fields: &dyn Fields) -> Result<Test, Fault> {
    let (reach, kind) = fields.find(&test.field).map_err(|fault| fault.under(""))?;
    let bad = |code| Fault::new("", code).arg("field", &test.field).arg("operator", test.op.name());
    if !kind.operators().contains(&test.op) {
        return Err(bad("unknown_operator"));
    }
    if test.matching.is_some() && reach.rows.is_none() {
        return Err(bad("not_a_subform"));
    }
    if let (Operator::Within, Some(criteria::Operand::Literal(json)), true) =
        (test.op, &test.value, kind.shape() == Shape::Key)
    {
        // What lies at or below a choice is a list of choices.
        let below = kind.at_or_below(json).ok_or_else(|| bad("bad_operand"))?;
        let matching = test.matching.unwrap_or_default();
        return Ok(Test { reach, kind, op: Operator::In, operand: Operand::List(below), matching });
    }
    let operand = match (&test.value, test.op.is_unary()) {
        (None, true) => Operand::Nothing,
        (Some(_), true) | (None, false) => return Err(bad("bad_operand")),
        (Some(value), false) => check_operand(value, test, &kind, fields)?,
    };
    Ok(Test { reach, kind, op: test.op, operand, matching: test.matching.unwrap_or_default() })
}

fn check_operand(
    operand: &criteria::Operand,
    test: &criteria::Test,
    kind: &FieldKind,
    fields: &dyn Fields,
) -> Result<Operand, Fault> {
    let bad = || Fault::new("", "bad_operand").arg("field", &test.field);
    let is_time = matches!(kind.shape(), Shape::Day | Shape::Instant);
    match operand {
        criteria::Operand::Literal(json) => check_literal(json, test, kind),
        criteria::Operand::Relative(relative, n) => {
            let counts = matches!(relative, Relative::LastNDays | Relative::NextNDays);
            if is_time && n.is_some() == counts {
                Ok(Operand::Relative(*relative, n.unwrap_or(1)))
            } else {
                Err(bad())
            }
        }
        criteria::Operand::Var(variable) => {
            let fits = match variable {
                Variable::Me => matches!(kind.shape(), Shape::Ref | Shape::Refs),
                Variable::MyDepartments | Variable::MyOwnDepartments | Variable::MySubordinates => {
                    let takes = test.op.takes_list() || test.op == Operator::Within;
                    matches!(kind.shape(), Shape::Ref | Shape::Refs) && takes
                }
                Variable::Today => kind.shape() == Shape::Day && !test.op.takes_list(),
                Variable::Now => kind.shape() == Shape::Instant && !test.op.takes_list(),
            };
            if fits { Ok(Operand::Var(*variable)) } else { Err(bad()) }
        }
        criteria::Operand::Field(path) => {
            if let Some(asker) = fields.asker() {
                let (reach, other) = asker.find(path)?;
                let fits = reach.rows.is_none() && is_askable(test.op, kind, &other);
                return if fits { Ok(Operand::Asker(reach, other)) } else { Err(bad()) };
            }
            let (reach, other) = fields.find(path)?;
            let comparable = comparable(kind.shape(), other.shape())
                && !test.op.takes_list()
                && reach.rows.is_none()
                && test.op != Operator::Within;
            if comparable { Ok(Operand::Field(reach, other)) } else { Err(bad()) }
        }
        criteria::Operand::Param(name) => Ok(Operand::Param(name.clone())),
    }
}

fn check_literal(
    json: &serde_json::Value,
    test: &criteria::Test,
    kind: &FieldKind,
) -> Result<Operand, Fault> {
    let bad = || Fault::new("", "bad_operand").arg("field", &test.field);
    if json.is_null() {
        return Err(Fault::new("", "eq_null").arg("field", &test.field));
    }
    // Searching looks for a part of the text, which need not itself be a value of the kind.
    if matches!(
        test.op,
        Operator::Contains | Operator::NotContains | Operator::StartsWith | Operator::EndsWith
    ) {
        let text = json.as_str().filter(|text| !text.is_empty()).ok_or_else(bad)?;
        if text.chars().count() > LONGEST_TEXT {
            return Err(Fault::new("", "too_long").arg("max", LONGEST_TEXT));
        }
        return Ok(Operand::Value(Value::text(crate::value::nfc(text))));
    }
    let read = |item: &serde_json::Value| match kind.parse_wire(item) {
        Ok(Value::Empty) | Err(_) => Err(bad()),
        Ok(Value::List(mut items)) if items.len() == 1 => items.pop().ok_or_else(bad),
        Ok(value) => Ok(value),
    };
    let many = matches!(kind.shape(), Shape::Keys | Shape::Refs);
    let one = |item: &serde_json::Value| if many { read(&serde_json::json!([item])) } else { read(item) };
    let is_department = kind.reference() == Some(Reference::Department);
    if test.op == Operator::Within && is_department && !json.is_array() {
        return one(json).map(|department| Operand::List(vec![department]));
    }
    if test.op.takes_list() || (test.op == Operator::Within && is_department) {
        let items = json.as_array().ok_or_else(bad)?;
        if items.len() > MOST_ITEMS {
            return Err(Fault::new("", "too_many").arg("max", MOST_ITEMS));
        }
        let values = items.iter().map(one).collect::<Result<Vec<_>, Fault>>()?;
        if test.op == Operator::Between && values.len() != 2 {
            return Err(bad());
        }
        return Ok(Operand::List(values));
    }
    if test.op == Operator::Within {
        return Err(bad());
    }
    read(json).map(Operand::Value)
}

/// Whether values of two shapes can be held against each other.
fn comparable(a: Shape, b: Shape) -> bool {
    class(a) != 0 && class(a) == class(b)
}

/// Shapes of one class can be compared; 0 is for those that can't be with anything.
fn class(shape: Shape) -> u8 {
    match shape {
        Shape::Text | Shape::LongText | Shape::Key => 1,
        Shape::Decimal(_) => 2,
        Shape::Day => 3,
        Shape::Instant => 4,
        Shape::TimeOfDay => 5,
        Shape::Bool => 6,
        Shape::Ref => 7,
        Shape::Parts => 8,
        Shape::Nothing | Shape::Markup | Shape::Keys | Shape::Refs | Shape::Rows => 0,
    }
}

/// Whether a field of `kind` can be held against one of the record that asks. An operator that takes several takes what
/// that record has several of, or its one value; ids are of one sort on both sides.
fn is_askable(op: Operator, kind: &FieldKind, asker: &FieldKind) -> bool {
    let item = |shape: Shape| match shape {
        Shape::Keys => Shape::Key,
        Shape::Refs => Shape::Ref,
        shape => shape,
    };
    let (own, asked) = (kind.shape(), asker.shape());
    let is_known = |kind: &FieldKind| kind.reference().is_some();
    let alike = kind.reference() == asker.reference() || !is_known(kind) || !is_known(asker);
    let is_list = op.takes_list() && op != Operator::Between;
    let is_within = op == Operator::Within && kind.reference() == Some(Reference::Department);
    match is_list || is_within {
        true => comparable(item(own), item(asked)) && alike,
        false => op != Operator::Between && op != Operator::Within && comparable(own, asked) && alike,
    }
}
