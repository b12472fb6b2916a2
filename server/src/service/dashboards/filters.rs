//! What the reader of a dashboard has chosen.

use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator};
use engine::context::Context;
use engine::report::{Bind, CheckedTile, DashboardDocument, FilterKind, FilterRule};
use engine::text::Fault;
use engine::value::{Date, Value};
use serde_json::{Map, Value as Json};

use crate::service::Refusal;
use crate::service::reports::period_of;

/// Values of one filter at most, as in conditions.
const MOST_VALUES: usize = 1_000;

/// The tile's own filter with what was chosen on top of the page.
///
/// # Errors
/// Faults of what was chosen.
pub fn narrowed(
    document: &DashboardDocument,
    tile: &CheckedTile,
    chosen: &Map<String, Json>,
    context: &Context,
) -> Result<Checked, Refusal> {
    check_known(document, chosen)?;
    let mut filter = tile.filter.clone();
    for rule in &document.filters {
        if let Some(Bind::Field(reach, kind)) = tile.binds.get(&rule.key)
            && let Some((op, operand)) = asked(rule, kind, chosen, context)?
        {
            let test = CheckedTest {
                reach: reach.clone(),
                kind: (**kind).clone(),
                op,
                operand,
                matching: Match::Any,
            };
            filter = filter.and(Checked::Test(Box::new(test)));
        }
    }
    Ok(filter)
}

/// The parameters of the report that a tile shows.
///
/// # Errors
/// A filter that the dashboard does not have.
pub fn parameters(
    document: &DashboardDocument,
    tile: &CheckedTile,
    chosen: &Map<String, Json>,
) -> Result<Map<String, Json>, Refusal> {
    check_known(document, chosen)?;
    let mut params = Map::new();
    for rule in &document.filters {
        if let Some(Bind::Parameter(name)) = tile.binds.get(&rule.key) {
            let value = value_of(rule, chosen);
            // A parameter has one value.
            let one = match value {
                Json::Array(items) => items.first().cloned().unwrap_or(Json::Null),
                value => value.clone(),
            };
            params.insert(name.clone(), one);
        }
    }
    Ok(params)
}

fn check_known(document: &DashboardDocument, chosen: &Map<String, Json>) -> Result<(), Refusal> {
    let unknown = chosen.keys().find(|key| !document.filters.iter().any(|rule| rule.key == **key));
    match unknown {
        None => Ok(()),
        Some(key) => {
            let fault = Fault::new(format!("filters.{key}"), "unknown_member").arg("member", key);
            Err(Refusal::invalid(vec![fault]))
        }
    }
}

fn value_of<'v>(rule: &'v FilterRule, chosen: &'v Map<String, Json>) -> &'v Json {
    chosen.get(&rule.key).filter(|json| !json.is_null()).unwrap_or(&rule.default)
}

/// The comparison that a filter asks for; `None` where nothing was chosen.
fn asked(
    rule: &FilterRule,
    kind: &engine::field::FieldKind,
    chosen: &Map<String, Json>,
    context: &Context,
) -> Result<Option<(Operator, CheckedOperand)>, Refusal> {
    let at = format!("filters.{}", rule.key);
    let value = value_of(rule, chosen);
    match (rule.kind, value) {
        (_, Json::Null) => Ok(None),
        (FilterKind::Period, value) => {
            let end = |day: Option<Date>| day.map_or(Value::Empty, Value::Date);
            Ok(match period_of(value, &at, context)? {
                (None, None) => None,
                (from, to) => Some((Operator::Within, CheckedOperand::List(vec![end(from), end(to)]))),
            })
        }
        (FilterKind::Values, value) => {
            let items = match value {
                Json::Array(items) => items.as_slice(),
                one => std::slice::from_ref(one),
            };
            if items.len() > MOST_VALUES {
                return Err(Refusal::invalid(vec![Fault::new(at, "too_many").arg("max", MOST_VALUES)]));
            }
            let parsed: Result<Vec<Value>, Fault> = items.iter().map(|item| kind.parse_wire(item)).collect();
            let values = parsed.map_err(|fault| Refusal::invalid(vec![Fault { path: at, ..fault }]))?;
            Ok((!values.is_empty()).then_some((Operator::In, CheckedOperand::List(values))))
        }
    }
}
