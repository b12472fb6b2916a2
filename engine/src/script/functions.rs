//! The functions that scripts have (automations.md 1), and no others.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map, NativeCallContext, Position};
use serde_json::{Value as Json, json};

use super::held::{self, Moment, Own, Seen, Wrong, fields, to_script, wrong};
use super::operators::{self, round, split};
use super::question::{Question, Said, SortBy, Told, Which};
use super::run::{Halt, Refused, State};
use super::weight;
use crate::criteria::Condition;
use crate::value::{Decimal, Id, Value, is_key};

/// Characters of an argument of a refusal.
const LONGEST_ARGUMENT: usize = 200;
/// Arguments of a refusal.
const MOST_ARGUMENTS: usize = 20;

/// The member that names an aggregate table in the place of a form.
pub(super) const AGGREGATE: &str = "aggregate";
/// Bytes of a value that are written to a log in one step.
const LOGGED_IN_A_STEP: u64 = 64;
/// Characters of a line of a log.
const LONGEST_LINE: usize = 500;

/// The members that make a `where` a condition. One with `field` and `op` is one too.
pub(super) fn is_condition<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> bool {
    let has = |name: &str| keys.clone().any(|key| key == name);
    has("all") || has("any") || has("not") || (has("field") && has("op"))
}

pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    operators::register(engine);
    looking(engine, state);
    reading(engine, state);
    aggregated(engine, state);
    writing(engine, state);
    refusing(engine, state);
    around(engine, state);
}

/// Fields of records.
fn looking(engine: &mut Engine, state: &Arc<State>) {
    let counting = state.clone();
    engine.register_indexer_get(move |seen: &mut Seen, name: ImmutableString| -> Result<Dynamic, Wrong> {
        counting.within(counting.budget.step(seen.rows(&name)))?;
        match seen.behind(&name) {
            None => seen.field(&name),
            Some((_, None)) => Ok(Dynamic::UNIT),
            Some((table, Some(id))) => behind(&counting, table, id, &name),
        }
    });
    engine.register_indexer_get(|own: &mut Own, name: ImmutableString| -> Result<Dynamic, Wrong> {
        own.state.within(own.state.budget.step(own.seen.rows(&name)))?;
        own.state.set_in(&name).map_or_else(|| own.seen.field(&name), Ok)
    });
    engine.register_indexer_set(
        |own: &mut Own, name: ImmutableString, value: Dynamic| -> Result<(), Wrong> {
            if !own.seen.has(&name) {
                return Err(EvalAltResult::ErrorPropertyNotFound(name.to_string(), Position::NONE).into());
            }
            own.state.put(&name, value)
        },
    );
    engine.register_fn("==", |left: Seen, right: Seen| held::text(&left.id()) == held::text(&right.id()));
    engine.register_fn("!=", |left: Seen, right: Seen| held::text(&left.id()) != held::text(&right.id()));
}

fn reading(engine: &mut Engine, state: &Arc<State>) {
    let here = state.clone();
    engine.register_fn("get", move |form: ImmutableString, id: Dynamic| -> Result<Dynamic, Wrong> {
        let id = held::id(&id)?;
        let found = records(&here, Question::Get { form: form.to_string(), id })?;
        Ok(found.into_iter().next().map_or(Dynamic::UNIT, Dynamic::from))
    });
    let here = state.clone();
    engine.register_fn("first", move |form: ImmutableString, which: Map| -> Result<Dynamic, Wrong> {
        let found = find(&here, &form, &which, Vec::new(), 1)?;
        Ok(found.into_iter().next().map_or(Dynamic::UNIT, Dynamic::from))
    });
    let here = state.clone();
    engine.register_fn("find", move |form: ImmutableString, which: Map| {
        listed(find(&here, &form, &which, Vec::new(), usize::MAX))
    });
    let here = state.clone();
    engine.register_fn("find", move |form: ImmutableString, which: Map, how: Map| {
        let (sort, limit) = order(&how)?;
        listed(find(&here, &form, &which, sort, limit))
    });
    let here = state.clone();
    engine.register_fn("count", move |form: ImmutableString, which: Map| -> Result<i64, Wrong> {
        let which = selection(&which)?;
        let count = total(&here, Question::Count { form: form.to_string(), which })?;
        i64::try_from(count).map_err(|_| wrong("there are too many"))
    });
    let here = state.clone();
    engine.register_fn("sum", move |form: ImmutableString, which: Map, field: ImmutableString| {
        let which = selection(&which)?;
        total(&here, Question::Sum { form: form.to_string(), which, field: field.to_string() })
    });
}

/// The same for groups of aggregate tables.
fn aggregated(engine: &mut Engine, state: &Arc<State>) {
    let here = state.clone();
    engine.register_fn("aggregate", move |table: ImmutableString, which: Map| -> Result<Dynamic, Wrong> {
        let found = groups(&here, &table, &which, Vec::new(), 1)?;
        Ok(found.into_iter().next().map_or(Dynamic::UNIT, Dynamic::from))
    });
    let here = state.clone();
    engine.register_fn("first", move |table: Map, which: Map| -> Result<Dynamic, Wrong> {
        let found = groups(&here, &table_of(&table)?, &which, Vec::new(), 1)?;
        Ok(found.into_iter().next().map_or(Dynamic::UNIT, Dynamic::from))
    });
    let here = state.clone();
    engine.register_fn("find", move |table: Map, which: Map| {
        listed(groups(&here, &table_of(&table)?, &which, Vec::new(), usize::MAX))
    });
    let here = state.clone();
    engine.register_fn("find", move |table: Map, which: Map, how: Map| {
        let (sort, limit) = order(&how)?;
        listed(groups(&here, &table_of(&table)?, &which, sort, limit))
    });
    let here = state.clone();
    engine.register_fn("count", move |table: Map, which: Map| -> Result<i64, Wrong> {
        let found = groups(&here, &table_of(&table)?, &which, Vec::new(), usize::MAX)?;
        i64::try_from(found.len()).map_err(|_| wrong("there are too many"))
    });
    let here = state.clone();
    engine.register_fn("sum", move |table: Map, which: Map, measure: ImmutableString| {
        let found = groups(&here, &table_of(&table)?, &which, Vec::new(), usize::MAX)?;
        found.iter().try_fold(Decimal::ZERO, |sum, group| {
            let value = held::number(&group.field(&measure)?).unwrap_or_default();
            sum.checked_add(value).ok_or_else(|| wrong("the sum is too large"))
        })
    });
}

/// The table that `#{aggregate: "stock"}` names.
fn table_of(table: &Map) -> Result<String, Wrong> {
    let named = table.get(AGGREGATE).and_then(held::string).filter(|_| table.len() == 1);
    let named = named.ok_or_else(|| wrong("a form is named by a text, a table by #{aggregate: key}"))?;
    Ok(named.to_string())
}

fn groups(
    state: &State,
    table: &str,
    which: &Map,
    sort: Vec<SortBy>,
    limit: usize,
) -> Result<Vec<Seen>, Wrong> {
    let which = selection(which)?;
    let left = usize::try_from(state.budget.reads_left()).unwrap_or(usize::MAX).saturating_add(1);
    records(state, Question::Groups { table: table.to_string(), which, sort, limit: limit.min(left) })
}

/// What lies behind a link dimension of a group.
fn behind(state: &State, table: String, id: Id, path: &str) -> Result<Dynamic, Wrong> {
    match state.ask(Question::Behind { table, id, path: path.to_string() })? {
        Told::Value(value) => Ok(to_script(&value)),
        Told::Records(_) | Told::Number(_) | Told::Made(_) | Told::Done => Err(state.end(Halt::Stopped)),
    }
}

fn listed(found: Result<Vec<Seen>, Wrong>) -> Result<Dynamic, Wrong> {
    found.map(|found| Dynamic::from_array(found.into_iter().map(Dynamic::from).collect()))
}

/// Sort and limit of a `find`: `#{sort: "-date", limit: 5}`.
fn order(how: &Map) -> Result<(Vec<SortBy>, usize), Wrong> {
    let (mut sort, mut limit) = (Vec::new(), usize::MAX);
    for (name, value) in how {
        match (name.as_str(), held::string(value), value.as_int()) {
            ("sort", Some(keys), _) => {
                let keys = keys.split(',').map(str::trim).filter(|key| !key.is_empty());
                sort = keys
                    .map(|key| SortBy {
                        field: key.trim_start_matches('-').to_string(),
                        descending: key.starts_with('-'),
                    })
                    .collect();
            }
            ("limit", _, Ok(most)) if most > 0 => limit = usize::try_from(most).unwrap_or(usize::MAX),
            _ => return Err(wrong("a third argument has `sort`, a text, and `limit`, a number above zero")),
        }
    }
    Ok((sort, limit))
}

fn find(state: &State, form: &str, which: &Map, sort: Vec<SortBy>, limit: usize) -> Result<Vec<Seen>, Wrong> {
    let which = selection(which)?;
    // One more than there may be shows that there are too many.
    let left = usize::try_from(state.budget.reads_left()).unwrap_or(usize::MAX).saturating_add(1);
    records(state, Question::Find { form: form.to_string(), which, sort, limit: limit.min(left) })
}

/// The records that are found. The host has counted what it read.
fn records(state: &State, question: Question) -> Result<Vec<Seen>, Wrong> {
    match state.ask(question)? {
        Told::Records(found) => Ok(found),
        Told::Number(_) | Told::Value(_) | Told::Made(_) | Told::Done => Err(state.end(Halt::Stopped)),
    }
}

fn total(state: &State, question: Question) -> Result<Decimal, Wrong> {
    state.within(state.budget.read(1, 0))?;
    match state.ask(question)? {
        Told::Number(number) => Ok(number),
        Told::Records(_) | Told::Value(_) | Told::Made(_) | Told::Done => Err(state.end(Halt::Stopped)),
    }
}

/// What a `where` says: fields that are equal, or a condition.
fn selection(which: &Map) -> Result<Which, Wrong> {
    let read = |json: Json| {
        serde_json::from_value::<Condition>(json).map_err(|error| wrong(format!("the condition: {error}")))
    };
    let members = fields(which)?;
    if is_condition(which.keys().map(|key| key.as_str())) {
        return Ok(Which { condition: read(Json::Object(members))?, equal: BTreeMap::new() });
    }
    let test = |(field, value): (&String, &Json)| match value {
        Json::Null => Ok(json!({"field": field, "op": "is_empty"})),
        Json::Array(_) | Json::Object(_) => {
            Err(wrong(format!("“{field}” is compared with one value; a list stands in a condition")))
        }
        value => Ok(json!({"field": field, "op": "eq", "value": value})),
    };
    let tests = members.iter().map(test).collect::<Result<Vec<Json>, Wrong>>()?;
    let condition = read(json!({"all": tests}))?;
    Ok(Which { condition, equal: members.into_iter().collect() })
}

fn writing(engine: &mut Engine, state: &Arc<State>) {
    let here = state.clone();
    engine.register_fn("create", move |form: ImmutableString, map: Map| create(&here, &form, &map, true));
    let here = state.clone();
    engine.register_fn("create", move |form: ImmutableString, map: Map, how: Map| {
        create(&here, &form, &map, starts_flow(&how)?)
    });
    let here = state.clone();
    engine.register_fn(
        "update",
        move |form: ImmutableString, id: Dynamic, map: Map| -> Result<ImmutableString, Wrong> {
            here.within(here.budget.write())?;
            let id = held::id(&id)?;
            here.ask(Question::Update { form: form.to_string(), id, fields: fields(&map)? })?;
            Ok(id.to_string().into())
        },
    );
    let here = state.clone();
    engine.register_fn(
        "remove",
        move |form: ImmutableString, id: Dynamic| -> Result<ImmutableString, Wrong> {
            here.within(here.budget.write())?;
            let id = held::id(&id)?;
            here.ask(Question::Remove { form: form.to_string(), id })?;
            Ok(id.to_string().into())
        },
    );
}

fn create(state: &State, form: &str, map: &Map, start_flow: bool) -> Result<ImmutableString, Wrong> {
    state.within(state.budget.write())?;
    match state.ask(Question::Create { form: form.to_string(), fields: fields(map)?, start_flow })? {
        Told::Made(id) => Ok(id.to_string().into()),
        Told::Records(_) | Told::Number(_) | Told::Value(_) | Told::Done => Err(state.end(Halt::Stopped)),
    }
}

/// What a `create` says of the flow of its form: `#{start_flow: false}`.
fn starts_flow(how: &Map) -> Result<bool, Wrong> {
    let mut starts = true;
    for (name, value) in how {
        match (name.as_str(), value.as_bool()) {
            ("start_flow", Ok(said)) => starts = said,
            _ => return Err(wrong("a third argument has `start_flow`, true or false")),
        }
    }
    Ok(starts)
}

fn refusing(engine: &mut Engine, state: &Arc<State>) {
    let here = state.clone();
    engine.register_fn("refuse", move |code: ImmutableString| refuse(&here, &code, &Map::new(), 409));
    let here = state.clone();
    engine.register_fn("refuse", move |code: ImmutableString, args: Map| refuse(&here, &code, &args, 409));
    let here = state.clone();
    engine.register_fn("refuse", move |code: ImmutableString, args: Map, status: i64| {
        refuse(&here, &code, &args, status)
    });
}

fn refuse(state: &State, code: &str, args: &Map, status: i64) -> Result<(), Wrong> {
    if !is_key(code) || !matches!(status, 409 | 422) || args.len() > MOST_ARGUMENTS {
        return Err(wrong("refuse takes a code of small letters, some arguments, and 409 or 422"));
    }
    let told = |value: &Dynamic| -> String { held::text(value).chars().take(LONGEST_ARGUMENT).collect() };
    let args = args.iter().map(|(name, value)| (name.to_string(), told(value))).collect();
    let refused = Refused { code: code.to_string(), args, is_invalid: status == 422 };
    Err(state.end(Halt::Refused(refused)))
}

/// What surrounds the save, and arithmetic.
fn around(engine: &mut Engine, state: &Arc<State>) {
    let here = state.clone();
    engine.register_fn("param", move |key: ImmutableString| -> Result<Dynamic, Wrong> {
        let value = here.context.params.get(key.as_str());
        value.map(to_script).ok_or_else(|| wrong(format!("there is no parameter “{key}”")))
    });
    let here = state.clone();
    engine.register_fn("today", move || Moment(Value::Date(here.context.today())));
    let here = state.clone();
    engine.register_fn("now", move || Moment(Value::DateTime(here.context.now)));
    let here = state.clone();
    engine.register_fn("user", move || here.context.user.map_or(Dynamic::UNIT, |id| id.to_string().into()));
    engine.register_fn("round", |value: Dynamic, digits: i64| round(&value, digits));
    let here = state.clone();
    engine.register_fn("log", move |call: NativeCallContext, value: Dynamic| -> Result<(), Wrong> {
        let weight = weight::of_dynamic(&value).unwrap_or(u64::MAX);
        here.within(here.budget.step(weight / LOGGED_IN_A_STEP))?;
        let text: String = held::shown(&value).chars().take(LONGEST_LINE).collect();
        here.host.hear(Said::Logged { line: call.call_position().line().unwrap_or(1), text });
        Ok(())
    });
    let here = state.clone();
    engine.register_fn("split", move |total: Dynamic, shares: Array, digits: i64| {
        here.within(here.budget.step(shares.len() as u64))?;
        split(&total, &shares, digits)
    });
}
