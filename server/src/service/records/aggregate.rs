//! Groups and measures over the records that somebody may see.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use engine::condition::{Checked, Condition, Fields, Reach, Source, Unit};
use engine::context::Context;
use engine::field::{FieldKind, Shape, options};
use engine::formula::{Budget, Formula, Lookup, Resolved, Scope, Type};
use engine::text::Fault;
use engine::value::{Rounding, Value, round, to_fixed};
use serde_json::Value as Json;
use store::query::{Function, GroupBy, Grouped, Groups, Measure, Shelf};
use wire::records::{AggregateAnswer, AggregateInput, AggregateRow, MeasureInput};

use super::{Order, Search};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Rows of an answer at most, and when nothing is said.
const MOST: u32 = 10_000;
const USUAL: u32 = 1_000;
/// What one question may group by, and add up.
const MOST_GROUPINGS: usize = 10;
const MOST_MEASURES: usize = 50;
/// The scale of a measure's formula that names none.
const FORMULA_SCALE: u32 = 8;

/// # Errors
/// Not found, forbidden; faults of what was asked.
pub async fn aggregate(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: &AggregateInput,
) -> Result<AggregateAnswer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let order = order.by_group(input.permission_group.as_deref())?;
    if !order.access.may(engine::access::Operation::View) {
        return Err(Refusal::forbidden("forbidden"));
    }
    let plan = Plan::new(&order, input)?;
    let filter = order.filter(input.filter.as_ref(), "filter")?;
    let search = Search::new(input.q.as_ref(), input.q_fields.as_ref());
    let mut db = order.reader().await?;
    let groups = Groups {
        shelf: Shelf::Live,
        filter: filter.and(order.searched(&mut db, Shelf::Live, &search).await?),
        group: plan.group.clone(),
        measures: plan.stored.iter().map(|(_, measure, _)| measure.clone()).collect(),
    };
    let found = store::query::groups(&mut db, &order.access, order.table(), &groups, &order.context).await?;
    let mut budget = Budget::for_answer();
    let row = |group: Grouped| plan.row(&order.context, &mut budget, group.group, group.values);
    let mut rows: Vec<Row> = found.into_iter().map(row).collect();
    if let Some(having) = &input.having {
        let having = plan.having(having)?;
        rows.retain(|row| having.holds(row, &order.context));
    }
    plan.sort(&mut rows, input)?;
    let total = rows.len() as u64;
    rows.truncate(input.limit.unwrap_or(USUAL).min(MOST) as usize);
    Ok(AggregateAnswer { rows: rows.iter().map(|row| plan.view(row)).collect(), total })
}

/// What was asked, typed.
struct Plan {
    group: Vec<GroupBy>,
    /// The names of the groupings, for sorts.
    group_names: Vec<String>,
    stored: Vec<(String, Measure, u32)>,
    computed: Vec<(String, Formula, u32)>,
    /// All measures in the order they were asked in, with their scales.
    keys: Vec<(String, u32, Option<FieldKind>)>,
}

/// One group with its measures by key.
struct Row {
    group: Vec<Value>,
    values: BTreeMap<String, Value>,
}

impl Plan {
    fn new(order: &Order, input: &AggregateInput) -> Result<Plan, Refusal> {
        let mut plan = Plan {
            group: Vec::new(),
            group_names: Vec::new(),
            stored: Vec::new(),
            computed: Vec::new(),
            keys: Vec::new(),
        };
        few(input.group.len(), MOST_GROUPINGS, "group")?;
        few(input.measures.len(), MOST_MEASURES, "measures")?;
        for (place, group) in input.group.iter().enumerate() {
            let at = format!("group.{place}");
            let (reach, kind) = order.find(&group.field, &at)?;
            let unit = match &group.unit {
                None => None,
                Some(name) => Some(unit(name, &at)?),
            };
            plan.group.push(GroupBy { reach, kind, unit });
            plan.group_names.push(group.field.clone());
        }
        if input.measures.is_empty() {
            return Err(Refusal::fault("measures", "required"));
        }
        for (place, measure) in input.measures.iter().enumerate() {
            plan.add(order, measure, &format!("measures.{place}"))?;
        }
        for (place, measure) in input.measures.iter().enumerate() {
            if let Some(source) = &measure.formula {
                let at = format!("measures.{place}.formula");
                let formula = Formula::parse(source, &plan, &Type::Number)
                    .map_err(|fault| Refusal::invalid(vec![Fault { path: at, ..Fault::from(fault) }]))?;
                plan.computed.push((measure.key.clone(), formula, measure.scale.unwrap_or(FORMULA_SCALE)));
            }
        }
        Ok(plan)
    }

    fn add(&mut self, order: &Order, measure: &MeasureInput, at: &str) -> Result<(), Refusal> {
        if self.keys.iter().any(|(key, ..)| *key == measure.key) {
            return Err(Refusal::invalid(vec![
                Fault::new(format!("{at}.key"), "duplicate_key").arg("key", &measure.key),
            ]));
        }
        let Some(function) = &measure.function else {
            if measure.formula.is_none() {
                return Err(Refusal::fault(format!("{at}.fn"), "required"));
            }
            self.keys.push((measure.key.clone(), measure.scale.unwrap_or(FORMULA_SCALE), None));
            return Ok(());
        };
        let function = function_named(function, at)?;
        let of = match &measure.field {
            Some(field) => Some(order.find(field, &format!("{at}.field"))?),
            None if function == Function::Count => None,
            None => return Err(Refusal::fault(format!("{at}.field"), "required")),
        };
        let decimals = match of.as_ref().map(|(_, kind)| kind.shape()) {
            Some(Shape::Decimal(scale)) => Some(scale),
            Some(_) | None => None,
        };
        let (scale, kind) = match (function, decimals) {
            (Function::Count | Function::Distinct, _) => (0, None),
            (Function::Sum, Some(scale)) => (scale, None),
            (Function::Avg, Some(scale)) => (scale + 4, None),
            (Function::Sum | Function::Avg, None) => {
                let field = measure.field.clone().unwrap_or_default();
                return Err(Refusal::invalid(vec![
                    Fault::new(format!("{at}.field"), "bad_operand").arg("field", field),
                ]));
            }
            (Function::Min | Function::Max, Some(scale)) => (scale, None),
            (Function::Min | Function::Max, None) => (0, of.as_ref().map(|(_, kind)| kind.clone())),
        };
        self.keys.push((measure.key.clone(), scale, kind));
        self.stored.push((measure.key.clone(), Measure { function, of }, scale));
        Ok(())
    }

    fn row(&self, context: &Context, budget: &mut Budget, group: Vec<Value>, values: Vec<Value>) -> Row {
        let keys = self.stored.iter().map(|(key, _, _)| key.clone());
        let mut row = Row { group, values: keys.zip(values).collect() };
        for (key, formula, scale) in &self.computed {
            let value = match formula.evaluate(&row, context, budget) {
                Value::Number(number) => Value::Number(round(number, *scale, Rounding::HalfUp)),
                other => other,
            };
            row.values.insert(key.clone(), value);
        }
        row
    }

    fn having(&self, condition: &Condition) -> Result<Checked, Refusal> {
        Checked::new(condition, self).map_err(|faults| {
            let at = |fault| Fault { path: "having".to_string(), ..fault };
            Refusal::invalid(faults.into_iter().map(at).collect())
        })
    }

    /// By what was asked, else by the groups themselves.
    fn sort(&self, rows: &mut [Row], input: &AggregateInput) -> Result<(), Refusal> {
        enum By {
            Group(usize),
            Measure(String),
        }
        let mut sorts = Vec::new();
        for (place, sort) in input.sort.iter().enumerate() {
            let by = match self.group_names.iter().position(|name| *name == sort.field) {
                Some(group) => By::Group(group),
                None if self.keys.iter().any(|(key, ..)| *key == sort.field) => {
                    By::Measure(sort.field.clone())
                }
                None => {
                    let fault =
                        Fault::new(format!("sort.{place}"), "unknown_field").arg("field", &sort.field);
                    return Err(Refusal::invalid(vec![fault]));
                }
            };
            sorts.push((by, sort.desc));
        }
        sorts.extend((0..self.group.len()).map(|place| (By::Group(place), false)));
        rows.sort_by(|a, b| {
            sorts.iter().fold(Ordering::Equal, |order, (by, desc)| {
                order.then_with(|| match by {
                    By::Group(place) => {
                        let kind = self.group.get(*place).map(|group| &group.kind);
                        ordered(a.group.get(*place), b.group.get(*place), kind, *desc)
                    }
                    By::Measure(key) => ordered(a.values.get(key), b.values.get(key), None, *desc),
                })
            })
        });
        Ok(())
    }

    fn view(&self, row: &Row) -> AggregateRow {
        let group = self.group.iter().zip(&row.group).map(|(by, value)| match (by.unit, value) {
            (Some(unit), Value::Date(day)) => Json::String(unit.name(*day)),
            (_, value) => by.kind.group_json(value),
        });
        let mut reasons = BTreeMap::new();
        let values = self.keys.iter().map(|(key, scale, kind)| {
            let value = row.values.get(key).cloned().unwrap_or_default();
            let text = match (&value, kind) {
                (Value::Number(number), None) => Some(to_fixed(*number, *scale)),
                (Value::Error(error), _) => {
                    reasons.insert(key.clone(), error.to_string());
                    None
                }
                (Value::Empty, _) => None,
                (value, Some(kind)) => kind.to_json(value).as_str().map(str::to_string),
                (_, None) => None,
            };
            (key.clone(), text)
        });
        let values = values.collect();
        AggregateRow { group: group.collect(), values, reasons }
    }
}

fn few(asked: usize, most: usize, at: &str) -> Result<(), Refusal> {
    if asked > most {
        return Err(Refusal::invalid(vec![Fault::new(at, "too_many").arg("max", most)]));
    }
    Ok(())
}

/// Empty values come last in both directions.
pub fn ordered(a: Option<&Value>, b: Option<&Value>, kind: Option<&FieldKind>, desc: bool) -> Ordering {
    let empty = Value::Empty;
    let (a, b) = (a.unwrap_or(&empty), b.unwrap_or(&empty));
    let order = match (a.is_empty(), b.is_empty(), kind) {
        (true, true, _) => return Ordering::Equal,
        (true, false, _) => return Ordering::Greater,
        (false, true, _) => return Ordering::Less,
        // A period is a date, whatever the field holds.
        (false, false, Some(kind)) if !matches!(a, Value::Date(_)) => kind.order(a, b),
        (false, false, _) => a.compare(b).unwrap_or(Ordering::Equal),
    };
    if desc { order.reverse() } else { order }
}

fn unit(name: &str, at: &str) -> Result<Unit, Refusal> {
    serde_json::from_value(name.into()).map_err(|_| {
        let fault = Fault::new(format!("{at}.unit"), "unknown_choice").arg("choice", name);
        Refusal::invalid(vec![fault])
    })
}

fn function_named(name: &str, at: &str) -> Result<Function, Refusal> {
    match name {
        "count" => Ok(Function::Count),
        "sum" => Ok(Function::Sum),
        "avg" => Ok(Function::Avg),
        "min" => Ok(Function::Min),
        "max" => Ok(Function::Max),
        "distinct" => Ok(Function::Distinct),
        _ => {
            let fault = Fault::new(format!("{at}.fn"), "unknown_choice").arg("choice", name);
            Err(Refusal::invalid(vec![fault]))
        }
    }
}

/// Measures, as formulas of other measures see them.
impl Scope for Plan {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let [key] = path else { return None };
        let stored = self.stored.iter().any(|(known, ..)| known == key);
        stored.then_some(Resolved { ty: Type::Number, live: false })
    }
}

impl Lookup for Row {
    fn value(&self, path: &str) -> Value {
        self.values.get(path).cloned().unwrap_or_default()
    }
}

/// Measures, as `having` sees them.
impl Fields for Plan {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        let known = self.keys.iter().find(|(key, ..)| key == path);
        let (key, scale, kind) = known.ok_or_else(|| Fault::new("", "unknown_field").arg("field", path))?;
        let number =
            || FieldKind::Number(options::Number { scale: Some(*scale), ..options::Number::default() });
        Ok((Reach::own(key), kind.clone().unwrap_or_else(number)))
    }
}

impl Source for Row {
    fn value(&self, reach: &Reach) -> Value {
        self.values.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
