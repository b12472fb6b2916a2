//! The same by brute force: what a member may see, worked out record by record from what the specification says
//! (semantics.md 10 and 16), with nothing of the product's own.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::Dice;

pub const REGIONS: [&str; 3] = ["north", "south", "west"];
pub const TIERS: [&str; 3] = ["gold", "iron", "tin"];
const WORDS: [&str; 4] = ["apple", "Pear", "plum", "fig"];
const DAYS: [&str; 5] = ["2025-12-31", "2026-01-05", "2026-01-06", "2026-02-14", "2026-03-01"];

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    Empty,
    Text(String),
    /// In hundredths.
    Number(i64),
    /// The place of a customer.
    Link(usize),
}

pub type Fields = BTreeMap<&'static str, Held>;

/// A record as it is stored.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: String,
    pub fields: Fields,
}

/// Of what sort a field is: which operators it has, and which values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Text,
    Choice(&'static [&'static str]),
    Number,
    Day,
    Link,
}

pub const ORDER: [(&str, Sort); 7] = [
    ("code", Sort::Text),
    ("region", Sort::Choice(&REGIONS)),
    ("amount", Sort::Number),
    ("cost", Sort::Number),
    ("day", Sort::Day),
    ("note", Sort::Text),
    ("customer", Sort::Link),
];
pub const CUSTOMER: [(&str, Sort); 3] =
    [("name", Sort::Text), ("area", Sort::Choice(&REGIONS)), ("tier", Sort::Choice(&TIERS))];

/// A value such as a field of this sort may hold, or be compared with.
pub fn some_value(dice: &mut Dice, sort: Sort) -> Held {
    match sort {
        Sort::Text => Held::Text(dice.pick(&WORDS).to_string()),
        Sort::Choice(choices) => Held::Text(dice.pick(choices).to_string()),
        Sort::Number => Held::Number(dice.roll(9) as i64 * 125 - 250),
        Sort::Day => Held::Text(dice.pick(&DAYS).to_string()),
        Sort::Link => Held::Empty,
    }
}

/// As the wire has it.
pub fn wire(held: &Held) -> Value {
    match held {
        Held::Empty | Held::Link(_) => Value::Null,
        Held::Text(text) => json!(text),
        Held::Number(hundredths) => json!(decimal(*hundredths)),
    }
}

pub fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let plain = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", plain / 100, plain % 100)
}

/// A condition on fields.
#[derive(Clone, Debug)]
pub enum Asked {
    All(Vec<Asked>),
    Any(Vec<Asked>),
    Not(Box<Asked>),
    Test {
        path: &'static str,
        op: &'static str,
        values: Vec<Held>,
    },
    /// A test against what stands for whoever looks: themselves, their departments, those who report to them.
    Own {
        path: &'static str,
        var: &'static str,
        whose: Vec<Held>,
    },
}

/// The path through the link.
pub const AREA: &str = "customer.area";

impl Asked {
    /// Some condition on an order; `through` says whether it may look at its customer.
    pub fn roll(dice: &mut Dice, depth: usize, through: bool) -> Asked {
        let parts = |dice: &mut Dice| -> Vec<Asked> {
            (0..1 + dice.roll(3)).map(|_| Asked::roll(dice, depth - 1, through)).collect()
        };
        match dice.roll(if depth == 0 { 4 } else { 7 }) {
            4 => Asked::All(parts(dice)),
            5 => Asked::Any(parts(dice)),
            6 => Asked::Not(Box::new(Asked::roll(dice, depth - 1, through))),
            _ if through && dice.roll(6) == 0 => Asked::test(dice, AREA, Sort::Choice(&REGIONS)),
            _ => {
                // All but the link.
                let (field, sort) = *dice.pick(&ORDER[..6]);
                Asked::test(dice, field, sort)
            }
        }
    }

    /// Some condition on an order that looks at who it is that looks, with `own` as the tests for that.
    pub fn of_somebody(dice: &mut Dice, own: &[Asked]) -> Asked {
        let (plain, own) = (Asked::roll(dice, 2, true), dice.pick(own).clone());
        match dice.roll(8) {
            0 => own,
            1 => Asked::All(vec![own, plain]),
            2 => Asked::Any(vec![own, plain]),
            3 => Asked::All(vec![Asked::Not(Box::new(own)), plain]),
            _ => plain,
        }
    }

    /// Some test of a customer.
    pub fn of_customer(dice: &mut Dice) -> Asked {
        let (field, sort) = *dice.pick(&CUSTOMER);
        Asked::test(dice, field, sort)
    }

    fn test(dice: &mut Dice, path: &'static str, sort: Sort) -> Asked {
        let op = match sort {
            Sort::Text => *dice.pick(&[
                "eq",
                "ne",
                "in",
                "not_in",
                "contains",
                "not_contains",
                "starts_with",
                "is_empty",
                "not_empty",
            ]),
            Sort::Choice(_) => *dice.pick(&["eq", "ne", "in", "not_in", "is_empty", "not_empty"]),
            Sort::Number | Sort::Day | Sort::Link => {
                *dice.pick(&["eq", "gt", "gte", "lt", "lte", "between", "is_empty", "not_empty"])
            }
        };
        let many = match op {
            "is_empty" | "not_empty" => 0,
            "in" | "not_in" | "between" => 2,
            _ => 1,
        };
        let mut values: Vec<Held> = (0..many).map(|_| some_value(dice, sort)).collect();
        if op == "between" {
            values.sort();
        }
        Asked::Test { path, op, values }
    }

    /// As documents have it.
    pub fn document(&self) -> Value {
        let all = |parts: &[Asked]| parts.iter().map(Asked::document).collect::<Vec<_>>();
        match self {
            Asked::All(parts) => json!({"all": all(parts)}),
            Asked::Any(parts) => json!({"any": all(parts)}),
            Asked::Not(part) => json!({"not": part.document()}),
            Asked::Test { path, op, values } => {
                let values: Vec<Value> = values.iter().map(wire).collect();
                match (*op, values.as_slice()) {
                    ("is_empty" | "not_empty", _) => json!({"field": path, "op": op}),
                    ("in" | "not_in" | "between", _) => json!({"field": path, "op": op, "value": values}),
                    (_, [value]) => json!({"field": path, "op": op, "value": value}),
                    other => panic!("{other:?}"),
                }
            }
            Asked::Own { path, var, .. } => {
                let op = if *var == "me" { "eq" } else { "in" };
                json!({"field": path, "op": op, "value": {"var": var}})
            }
        }
    }

    /// Whether it holds, where `at` says what is at a path.
    pub fn holds(&self, at: &dyn Fn(&str) -> Held) -> bool {
        match self {
            Asked::All(parts) => parts.iter().all(|part| part.holds(at)),
            Asked::Any(parts) => parts.iter().any(|part| part.holds(at)),
            Asked::Not(part) => !part.holds(at),
            Asked::Test { path, op, values } => compare(&at(path), op, values),
            Asked::Own { path, whose, .. } => whose.contains(&at(path)),
        }
    }

    /// The paths that it names.
    pub fn paths(&self, found: &mut Vec<&'static str>) {
        match self {
            Asked::All(parts) | Asked::Any(parts) => parts.iter().for_each(|part| part.paths(found)),
            Asked::Not(part) => part.paths(found),
            Asked::Test { path, .. } | Asked::Own { path, .. } => found.push(path),
        }
    }
}

fn compare(held: &Held, op: &str, values: &[Held]) -> bool {
    let is_empty = *held == Held::Empty;
    let text = |held: &Held| match held {
        Held::Text(text) => text.to_lowercase(),
        other => panic!("{other:?} is no text"),
    };
    match op {
        "is_empty" => is_empty,
        "not_empty" => !is_empty,
        "ne" => *held != values[0],
        "not_in" => !values.contains(held),
        "not_contains" => is_empty || !text(held).contains(&text(&values[0])),
        _ if is_empty => false,
        "eq" => *held == values[0],
        "in" => values.contains(held),
        "contains" => text(held).contains(&text(&values[0])),
        "starts_with" => text(held).starts_with(&text(&values[0])),
        "gt" => *held > values[0],
        "gte" => *held >= values[0],
        "lt" => *held < values[0],
        "lte" => *held <= values[0],
        "between" => *held >= values[0] && *held <= values[1],
        other => panic!("{other}"),
    }
}

/// A permission group of one member.
#[derive(Clone, Debug)]
pub struct Rights {
    pub is_on: bool,
    pub views: bool,
    pub exports: bool,
    /// Whether the rest of the fields is readable.
    pub rest: bool,
    pub fields: BTreeMap<&'static str, bool>,
    pub rows: Option<Asked>,
}

impl Rights {
    pub fn roll(dice: &mut Dice, fields: &[&'static str], rows: impl Fn(&mut Dice) -> Asked) -> Rights {
        let mut named = BTreeMap::new();
        for field in fields {
            if dice.roll(3) == 0 {
                named.insert(*field, dice.roll(2) == 0);
            }
        }
        Rights {
            is_on: dice.roll(8) > 0,
            views: dice.roll(6) > 0,
            exports: dice.roll(3) > 0,
            rest: dice.roll(3) > 0,
            fields: named,
            rows: (dice.roll(4) > 0).then(|| rows(dice)),
        }
    }

    pub fn document(&self, dice: &mut Dice, key: &str, member: &str) -> Value {
        let right = |dice: &mut Dice, is_readable: bool| match is_readable {
            true => *dice.pick(&["read", "edit"]),
            false => "none",
        };
        let mut fields = serde_json::Map::new();
        fields.insert("*".to_owned(), json!(right(dice, self.rest)));
        // A column is held against its sub-form where that is named.
        if self.fields.keys().any(|field| field.starts_with("parts.")) {
            fields.insert("parts".to_owned(), json!(right(dice, self.rest)));
        }
        for (field, is_readable) in &self.fields {
            fields.insert((*field).to_owned(), json!(right(dice, *is_readable)));
        }
        let operations = [("view", self.views), ("export", self.exports), ("create", true)]
            .into_iter()
            .filter(|(_, on)| *on);
        let operations: Vec<&str> = operations.map(|(name, _)| name).collect();
        json!({"format": 1, "key": key, "label": key, "who": {"members": [member]}, "operations": operations,
            "fields": fields, "rows": self.rows.as_ref().map(Asked::document), "enabled": self.is_on})
    }

    /// A column is as open as its sub-form where nothing else is said of it, and never more.
    fn reads(&self, field: &str) -> bool {
        let named = self.fields.get(field).copied();
        match field.split_once('.') {
            Some((subform, _)) => self.reads(subform) && named.unwrap_or(true),
            None => named.unwrap_or(self.rest),
        }
    }
}

/// What one member may, and everything that there is.
pub struct Oracle<'w> {
    pub orders: &'w [Stored],
    pub customers: &'w [Stored],
    pub of_orders: &'w [Rights],
    pub of_customers: &'w [Rights],
}

impl Oracle<'_> {
    /// A field of an order as it is stored, also through its link.
    fn raw(&self, order: &Stored, path: &str) -> Held {
        if path == AREA {
            let Held::Link(customer) = order.fields["customer"] else { return Held::Empty };
            return self.customers[customer].fields["area"].clone();
        }
        order.fields[path].clone()
    }

    fn matches_order<'r>(&'r self, order: &'r Stored) -> impl Iterator<Item = &'r Rights> {
        self.of_orders.iter().filter(move |rights| {
            rights.is_on && rights.rows.as_ref().is_none_or(|rows| rows.holds(&|path| self.raw(order, path)))
        })
    }

    fn matches_customer<'r>(&'r self, customer: &'r Stored) -> impl Iterator<Item = &'r Rights> {
        self.of_customers.iter().filter(move |rights| {
            rights.is_on
                && rights.rows.as_ref().is_none_or(|rows| rows.holds(&|path| customer.fields[path].clone()))
        })
    }

    pub fn sees_order(&self, order: &Stored) -> bool {
        self.matches_order(order).any(|rights| rights.views)
    }

    pub fn exports_order(&self, order: &Stored) -> bool {
        self.matches_order(order).any(|rights| rights.exports)
    }

    pub fn reads_of_order(&self, order: &Stored, field: &str) -> bool {
        self.matches_order(order).any(|rights| rights.reads(field))
    }

    /// Whether a group that lets the order be exported opens the field.
    pub fn exports_field(&self, order: &Stored, field: &str) -> bool {
        self.matches_order(order).any(|rights| rights.exports && rights.reads(field))
    }

    pub fn sees_customer(&self, customer: &Stored) -> bool {
        self.matches_customer(customer).any(|rights| rights.views)
    }

    pub fn reads_of_customer(&self, customer: &Stored, field: &str) -> bool {
        self.matches_customer(customer).any(|rights| rights.reads(field))
    }

    /// What is at a path for the member: empty where it is not readable.
    pub fn shown(&self, order: &Stored, path: &str) -> Held {
        if path != AREA {
            let is_readable = self.reads_of_order(order, path);
            return if is_readable { order.fields[path].clone() } else { Held::Empty };
        }
        let Held::Link(place) = self.shown(order, "customer") else { return Held::Empty };
        let customer = &self.customers[place];
        match self.sees_customer(customer) && self.reads_of_customer(customer, "area") {
            true => customer.fields["area"].clone(),
            false => Held::Empty,
        }
    }

    /// Whether a path exists for the member at all.
    pub fn knows(&self, path: &str) -> bool {
        let reads =
            |groups: &[Rights], field: &str| groups.iter().any(|rights| rights.is_on && rights.reads(field));
        match path == AREA {
            true => {
                let views = self.of_customers.iter().any(|rights| rights.is_on && rights.views);
                reads(self.of_orders, "customer") && views && reads(self.of_customers, "area")
            }
            false => reads(self.of_orders, path),
        }
    }

    /// Whether the member has anything to do with the forms.
    pub fn uses_orders(&self) -> bool {
        self.of_orders.iter().any(|rights| rights.is_on)
    }

    pub fn views_orders(&self) -> bool {
        self.of_orders.iter().any(|rights| rights.is_on && rights.views)
    }

    pub fn views_customers(&self) -> bool {
        self.of_customers.iter().any(|rights| rights.is_on && rights.views)
    }

    pub fn uses_customers(&self) -> bool {
        self.of_customers.iter().any(|rights| rights.is_on)
    }

    /// The orders that a filter leaves.
    pub fn found(&self, filter: Option<&Asked>) -> Vec<&Stored> {
        let holds =
            |order: &&Stored| filter.is_none_or(|filter| filter.holds(&|path| self.shown(order, path)));
        self.orders.iter().filter(|order| self.sees_order(order)).filter(holds).collect()
    }
}
