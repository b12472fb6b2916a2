//! Live formulas in a form that both databases have, so that lists are filtered and sorted by them (semantics.md 9): days and
//! today, comparisons and decisions over stored fields of the record. What has no such form is computed when it is read,
//! and no list goes by it.
//!
//! Nothing here is evaluated: the store writes it as SQL, and gets what the formula gives.

use crate::criteria::Operator;
use crate::field::{FieldKind, ResultType, Shape};
use crate::formula::{self, Node, NodeKind, parse};
use crate::value::{Decimal, fits};

/// Digits after the point of a number that stands in a formula, as of a field.
const MOST_DIGITS: u32 = 8;
/// Days before today, and after it.
const FARTHEST: i64 = 100_000;

/// A live formula in such a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    pub part: Part,
    /// The shape of what it gives: a number with the digits that it has, and not those of its field.
    pub shape: Shape,
}

/// A part of a formula. A number is one of as many digits as the whole that it is a part of.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Nothing,
    Number(Decimal),
    Text(String),
    /// A stored field of the record.
    Field(String),
    /// So many days after today.
    Today(i64),
    /// The days from the second to the first.
    Days(Box<Part>, Box<Part>),
    /// The first where something holds, else the second.
    Either(Box<Holds>, Box<Part>, Box<Part>),
    /// Yes where something holds, else no.
    Truth(Box<Holds>),
}

/// Something that holds of a record or does not.
#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    All(Vec<Holds>),
    Any(Vec<Holds>),
    Not(Box<Holds>),
    /// A switch.
    On(String),
    IsEmpty(Part, Shape),
    /// `Eq`, `Gt` and its kin; two that are both empty are equal, and nothing else is said of what is empty.
    Compare(Operator, (Part, Shape), (Part, Shape)),
}

impl Computed {
    /// The formula of a field of this kind, where it has such a form. `stored` are the shapes of the record's stored fields.
    pub fn of(kind: &FieldKind, stored: &dyn Fn(&str) -> Option<Shape>) -> Option<Computed> {
        let FieldKind::Formula(options) = kind else { return None };
        let node = parse(&options.formula).ok()?;
        let (part, shape) = Reader { stored }.part(&node)?;
        let fits = match (shape, options.result) {
            (Shape::Decimal(digits), ResultType::Number) => digits <= options.scale(),
            (Shape::Day, ResultType::Date)
            | (Shape::Bool, ResultType::Bool)
            | (Shape::Text, ResultType::Text) => true,
            _ => false,
        };
        fits.then_some(Computed { part, shape })
    }
}

/// The fields that a formula which has such a form and is live reads; nothing for one that is stored, and for other kinds.
pub fn computed_of(kind: &FieldKind) -> Vec<String> {
    let FieldKind::Formula(options) = kind else { return Vec::new() };
    let Ok(node) = parse(&options.formula) else { return Vec::new() };
    let mut read = Vec::new();
    if asks_for_today(&node) {
        node.each_path(&mut |path| read.extend(path.first().map(|segment| segment.name.clone())));
    }
    read
}

/// Nothing else that such a form has makes a formula live.
fn asks_for_today(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Call(name, arguments) => name == "TODAY" || arguments.iter().any(asks_for_today),
        NodeKind::Chain(first, rest) => {
            asks_for_today(first) || rest.iter().any(|(_, operand)| asks_for_today(operand))
        }
        NodeKind::Negative(inner) => asks_for_today(inner),
        NodeKind::Figure(_, operands) => operands.iter().any(asks_for_today),
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Bool(_) | NodeKind::Empty | NodeKind::Path(_) => {
            false
        }
    }
}

struct Reader<'s> {
    stored: &'s dyn Fn(&str) -> Option<Shape>,
}

impl Reader<'_> {
    /// A part with the shape of what it gives; `Nothing` for what is empty.
    fn part(&self, node: &Node) -> Option<(Part, Shape)> {
        match &node.kind {
            NodeKind::Empty => Some((Part::Nothing, Shape::Nothing)),
            NodeKind::Number(number) => {
                let number = number.normalize();
                let digits = number.scale();
                let is_short = digits <= MOST_DIGITS && fits(number, digits).is_ok();
                is_short.then_some((Part::Number(number), Shape::Decimal(digits)))
            }
            NodeKind::Text(text) => {
                let is_text = !text.is_empty() && !text.contains('\0');
                is_text.then(|| (Part::Text(text.clone()), Shape::Text))
            }
            NodeKind::Bool(true) => Some(truth(Holds::All(Vec::new()))),
            NodeKind::Bool(false) => Some(truth(Holds::Any(Vec::new()))),
            NodeKind::Path(path) => {
                let [field] = path.as_slice() else { return None };
                self.field(&field.name)
            }
            NodeKind::Chain(first, rest) => match rest.as_slice() {
                [(operator, second)] => self.chain(*operator, first, second),
                _ => None,
            },
            NodeKind::Call(name, arguments) => self.call(name, arguments),
            NodeKind::Negative(_) | NodeKind::Figure(..) => None,
        }
    }

    fn field(&self, name: &str) -> Option<(Part, Shape)> {
        match (self.stored)(name)? {
            Shape::Bool => Some(truth(Holds::On(name.to_string()))),
            shape @ (Shape::Decimal(_) | Shape::Day | Shape::Text | Shape::Key) => {
                Some((Part::Field(name.to_string()), shape))
            }
            _ => None,
        }
    }

    fn chain(&self, operator: formula::Operator, first: &Node, second: &Node) -> Option<(Part, Shape)> {
        use formula::Operator as Sign;
        let (left, right) = (self.part(first)?, self.part(second)?);
        let compared = |op| compared(op, left.clone(), right.clone());
        match operator {
            Sign::Equal => compared(Operator::Eq).map(truth),
            Sign::NotEqual => compared(Operator::Eq).map(|holds| truth(Holds::Not(Box::new(holds)))),
            Sign::Less => compared(Operator::Lt).map(truth),
            Sign::LessOrEqual => compared(Operator::Lte).map(truth),
            Sign::Greater => compared(Operator::Gt).map(truth),
            Sign::GreaterOrEqual => compared(Operator::Gte).map(truth),
            Sign::Subtract if right.1 == Shape::Day => days(left, right),
            Sign::Add | Sign::Subtract => {
                let (Part::Today(from), Part::Number(days)) = (left.0, right.0) else { return None };
                let days = i64::try_from(days).ok().filter(|_| days.scale() == 0)?;
                let days = if operator == Sign::Add { days } else { days.checked_neg()? };
                let after = from.checked_add(days).filter(|after| after.abs() <= FARTHEST)?;
                Some((Part::Today(after), Shape::Day))
            }
            Sign::Multiply | Sign::Divide | Sign::Power | Sign::Join => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Node]) -> Option<(Part, Shape)> {
        match (name, arguments) {
            ("EMPTY", []) => Some((Part::Nothing, Shape::Nothing)),
            ("TODAY", []) => Some((Part::Today(0), Shape::Day)),
            ("DAYS", [end, start]) => days(self.part(end)?, self.part(start)?),
            ("AND", parts) => self.all(parts).map(|parts| truth(Holds::All(parts))),
            ("OR", parts) => self.all(parts).map(|parts| truth(Holds::Any(parts))),
            ("NOT", [part]) => Some(truth(Holds::Not(Box::new(self.holds(part)?)))),
            ("ISEMPTY" | "ISBLANK", [part]) => match self.part(part)? {
                (Part::Truth(_), _) | (_, Shape::Nothing) => None,
                (part, shape) => Some(truth(Holds::IsEmpty(part, shape))),
            },
            ("IF", [test, then]) => {
                either(self.holds(test)?, self.part(then)?, (Part::Nothing, Shape::Nothing))
            }
            ("IF", [test, then, other]) => either(self.holds(test)?, self.part(then)?, self.part(other)?),
            _ => None,
        }
    }

    fn all(&self, nodes: &[Node]) -> Option<Vec<Holds>> {
        nodes.iter().map(|node| self.holds(node)).collect()
    }

    fn holds(&self, node: &Node) -> Option<Holds> {
        match self.part(node)? {
            (Part::Truth(holds), _) => Some(*holds),
            _ => None,
        }
    }
}

fn truth(holds: Holds) -> (Part, Shape) {
    (Part::Truth(Box::new(holds)), Shape::Bool)
}

fn days(end: (Part, Shape), start: (Part, Shape)) -> Option<(Part, Shape)> {
    let are_days = end.1 == Shape::Day && start.1 == Shape::Day;
    are_days.then(|| (Part::Days(Box::new(end.0), Box::new(start.0)), Shape::Decimal(0)))
}

/// Days with days, numbers with numbers; of texts, whose order is nobody's but the formula's, whether they are the same.
fn compared(op: Operator, left: (Part, Shape), right: (Part, Shape)) -> Option<Holds> {
    let are_alike = match (left.1, right.1) {
        (Shape::Day, Shape::Day) | (Shape::Decimal(_), Shape::Decimal(_)) => true,
        (Shape::Text | Shape::Key, Shape::Text | Shape::Key) => op == Operator::Eq,
        _ => false,
    };
    are_alike.then_some(Holds::Compare(op, left, right))
}

fn either(holds: Holds, then: (Part, Shape), other: (Part, Shape)) -> Option<(Part, Shape)> {
    let shape = match (then.1, other.1) {
        (shape @ (Shape::Day | Shape::Text | Shape::Decimal(_)), Shape::Nothing)
        | (Shape::Nothing, shape @ (Shape::Day | Shape::Text | Shape::Decimal(_))) => shape,
        (Shape::Decimal(one), Shape::Decimal(other)) => Shape::Decimal(one.max(other)),
        (one, other) if one == other && matches!(one, Shape::Day | Shape::Text | Shape::Bool) => one,
        _ => return None,
    };
    let has_digits = |part: &(Part, Shape)| match (part.1, shape) {
        (Shape::Decimal(own), Shape::Decimal(all)) => own == all || is_brought_to(&part.0),
        _ => true,
    };
    let fits = has_digits(&then) && has_digits(&other);
    fits.then(|| (Part::Either(Box::new(holds), Box::new(then.0), Box::new(other.0)), shape))
}

/// Whether a number can be given more digits: what a field holds could have too many then.
fn is_brought_to(part: &Part) -> bool {
    match part {
        Part::Number(number) => fits(*number, MOST_DIGITS).is_ok(),
        Part::Days(..) | Part::Nothing => true,
        Part::Either(_, then, other) => is_brought_to(then) && is_brought_to(other),
        Part::Field(_) | Part::Text(_) | Part::Today(_) | Part::Truth(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(formula: &str, result: &str) -> Option<Shape> {
        let options = json!({"formula": formula, "type": result, "scale": 2});
        let kind = FieldKind::from_parts("formula", options).unwrap();
        let stored = |field: &str| match field {
            "due" | "start" => Some(Shape::Day),
            "amount" => Some(Shape::Decimal(2)),
            "fine" => Some(Shape::Decimal(8)),
            "state" => Some(Shape::Key),
            "name" => Some(Shape::Text),
            "paid" => Some(Shape::Bool),
            _ => None,
        };
        Computed::of(&kind, &stored).map(|computed| computed.shape)
    }

    #[test]
    fn days_comparisons_and_decisions_have_a_form_that_databases_have() {
        for (formula, result, expected) in [
            ("due - TODAY()", "number", Shape::Decimal(0)),
            ("DAYS(TODAY(), start)", "number", Shape::Decimal(0)),
            ("due < TODAY()", "bool", Shape::Bool),
            ("due <= TODAY() + 7 and not paid", "bool", Shape::Bool),
            ("IF(due < TODAY() - 30, \"late\", IF(paid, \"paid\", name))", "text", Shape::Text),
            ("IF(state = \"open\" and due < TODAY(), amount, 0)", "number", Shape::Decimal(2)),
            ("IF(paid, EMPTY(), TODAY())", "date", Shape::Day),
            ("IF(ISEMPTY(due), 0, TODAY() - due)", "number", Shape::Decimal(0)),
            ("IF(paid, 0.5, TODAY() - due)", "number", Shape::Decimal(1)),
        ] {
            assert_eq!(shape(formula, result), Some(expected), "{formula}");
        }
    }

    #[test]
    fn what_has_none_says_so() {
        for (formula, result) in [
            ("amount * 2", "number"),
            ("fine + amount", "number"),
            ("IF(paid, fine, 0)", "number"),
            ("IF(paid, amount, 0.001)", "number"),
            ("name & TODAY()", "text"),
            ("name < \"b\"", "bool"),
            ("NOW()", "datetime"),
            ("due + amount", "date"),
            ("due - TODAY() - 1", "number"),
            ("customer.name", "text"),
            ("TODAY() + 200000", "date"),
            ("IF(paid, due)", "text"),
        ] {
            assert_eq!(shape(formula, result), None, "{formula}");
        }
    }

    #[test]
    fn what_a_live_formula_reads_is_known() {
        let read = |formula: &str| {
            computed_of(&FieldKind::from_parts("formula", json!({ "formula": formula })).unwrap())
        };
        assert_eq!(read("IF(paid, due - TODAY(), 0)"), ["paid", "due"]);
        assert_eq!(read("due - start"), [""; 0], "it is stored");
    }
}
