//! Cases that a script is tried with: a record, what happens to it, and what has to come of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::ScriptEvent;
use crate::value::{Decimal, Id};

/// Cases of one script at most.
pub const MOST_CASES: usize = 30;
/// Characters of the name of a case.
pub const LONGEST_NAME: usize = 100;

/// One case. It is kept with its script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub tried: Tried,
    pub expected: Effects,
}

/// What a script is tried with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The form, as a script of the app names it.
    pub form: String,
    pub on: ScriptEvent,
    /// A stored record; without one, a record of these fields that is gone afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Id>,
    /// What a new record held before, where it is its change that is tried.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub old: Map<String, Json>,
    /// What it holds, or what changes in the stored one.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Json>,
}

/// What a script does to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    Remove,
}

/// One record that a script has made, changed or removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    #[serde(rename = "do")]
    pub verb: Verb,
    /// The form, as a script of the app names it.
    pub form: String,
    /// What it holds, or what was changed in it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Json>,
}

/// What comes of a script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effects {
    /// The code with which it refuses, or is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// The fields of its record that it sets.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub sets: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// Where something else came of a script than was expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    Refused {
        expected: Option<String>,
        was: Option<String>,
    },
    /// A field of its record.
    Field {
        field: String,
        expected: Json,
        was: Json,
    },
    Missing {
        effect: Effect,
    },
    Unexpected {
        effect: Effect,
    },
}

/// What differs between what was expected and what came. Of an effect, the fields that are expected count; an effect that
/// nobody expects is a difference.
pub fn differences(expected: &Effects, was: &Effects) -> Vec<Difference> {
    if expected.refused != was.refused {
        return vec![Difference::Refused { expected: expected.refused.clone(), was: was.refused.clone() }];
    }
    if expected.refused.is_some() {
        return Vec::new();
    }
    let mut found: Vec<Difference> = Vec::new();
    let fields: BTreeSet<&String> = expected.sets.keys().chain(was.sets.keys()).collect();
    for field in fields {
        let (wanted, got) = (held(&expected.sets, field), held(&was.sets, field));
        if !same(&wanted, &got) {
            found.push(Difference::Field { field: field.clone(), expected: wanted, was: got });
        }
    }
    let mut left: Vec<&Effect> = was.effects.iter().collect();
    for wanted in &expected.effects {
        match left.iter().position(|effect| fits(wanted, effect)) {
            Some(place) => drop(left.remove(place)),
            None => found.push(Difference::Missing { effect: wanted.clone() }),
        }
    }
    found.extend(left.into_iter().map(|effect| Difference::Unexpected { effect: effect.clone() }));
    found
}

fn held(fields: &Map<String, Json>, field: &str) -> Json {
    fields.get(field).cloned().unwrap_or_default()
}

fn fits(wanted: &Effect, effect: &Effect) -> bool {
    wanted.verb == effect.verb
        && wanted.form == effect.form
        && wanted.fields.iter().all(|(field, value)| same(value, &held(&effect.fields, field)))
}

/// Whether two values in wire form are the same. A number may be written without quotes; what is absent is empty.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.keys().chain(right.keys()).all(|key| same(&held(left, key), &held(right, key)))
        }
        (Json::Number(_), _) | (_, Json::Number(_)) => {
            matches!((number(left), number(right)), (Some(left), Some(right)) if left == right)
        }
        (left, right) => left == right,
    }
}

fn number(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => number.to_string().parse().ok(),
        Json::String(text) => text.parse().ok(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn effects(json: Json) -> Effects {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_is_expected_is_found_once_each_and_nothing_besides() {
        let was = effects(json!({"sets": {"posted": true, "after": "5.00"}, "effects": [
            {"do": "create", "form": "entry", "fields": {"qty": "2", "note": null}},
            {"do": "create", "form": "entry", "fields": {"qty": "3"}}]}));
        let same = effects(json!({"sets": {"after": 5, "posted": true}, "effects": [
            {"do": "create", "form": "entry", "fields": {"qty": 3}},
            {"do": "create", "form": "entry", "fields": {"qty": "2"}}]}));
        assert_eq!(differences(&same, &was), Vec::new());
        let twice = effects(json!({"sets": {"after": "5.00", "posted": true}, "effects": [
            {"do": "create", "form": "entry", "fields": {"qty": 3}},
            {"do": "create", "form": "entry", "fields": {"qty": 3}}]}));
        let found = differences(&twice, &was);
        assert!(matches!(found.as_slice(), [Difference::Missing { .. }, Difference::Unexpected { effect }]
            if effect.fields["qty"] == "2"));
        let fewer = effects(json!({"sets": {"posted": false}}));
        let found: Vec<Json> =
            differences(&fewer, &was).into_iter().map(|one| serde_json::to_value(one).unwrap()).collect();
        assert_eq!(found[0], json!({"field": {"field": "after", "expected": null, "was": "5.00"}}));
        assert_eq!((found[1]["field"]["field"].as_str(), found.len()), (Some("posted"), 4));
    }

    #[test]
    fn a_refusal_is_known_by_its_code_alone() {
        let refused = |code: &str| effects(json!({"refused": code, "sets": {"a": 1}}));
        assert_eq!(differences(&refused("full"), &effects(json!({"refused": "full"}))), Vec::new());
        for (expected, was) in [(refused("full"), Effects::default()), (refused("full"), refused("closed"))] {
            assert!(matches!(differences(&expected, &was).as_slice(), [Difference::Refused { .. }]));
        }
    }

    #[test]
    fn a_case_is_written_as_it_is_read() {
        let case = json!({"name": "too few",
            "tried": {"form": "receipt", "on": "submit", "fields": {"qty": "-1"}},
            "expected": {"refused": "too_few"}});
        let read: Case = serde_json::from_value(case.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), case);
    }
}
