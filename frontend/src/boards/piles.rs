//! The columns of a kanban: the values of a field, each with the condition that its records meet.

use std::collections::BTreeMap;

use engine::condition::{Condition, Operator, Test};
use engine::field::FieldKind;
use serde_json::Value as Json;

use crate::fill::choices;
use crate::i18n;
use crate::text;

/// Columns at most: of a field of members those with most records.
pub const MOST: usize = 100;

/// One column of a kanban.
#[derive(Clone, Debug, PartialEq)]
pub struct Pile {
    /// What the field holds; `null` where it is empty.
    pub value: Json,
    /// In the reader's language; empty for somebody whose name comes with their records.
    pub label: String,
    /// The colour of a choice.
    pub colour: Option<u8>,
}

impl Pile {
    /// The same for each value, to know the column by.
    pub fn key(&self) -> String {
        self.value.to_string()
    }

    /// The records that lie in it.
    pub fn condition(&self, field: &str) -> Condition {
        match &self.value {
            Json::Null => test(field, Operator::IsEmpty, None),
            // What was never switched is off.
            Json::Bool(false) => Condition::Not(Box::new(Condition::test(field, Operator::Eq, true))),
            value => Condition::test(field, Operator::Eq, value.clone()),
        }
    }
}

fn test(field: &str, op: Operator, value: Option<engine::condition::Operand>) -> Condition {
    Condition::Test(Test { field: field.to_string(), op, value, matching: None })
}

/// The columns of a board by a field of this kind, whose values have so many records. Where a value is required, records
/// without one have a column only as long as there are any.
pub fn piles(kind: &FieldKind, is_required: bool, counts: &[(Json, u64)]) -> Vec<Pile> {
    let mut found: Vec<Pile> = match kind {
        FieldKind::Switch(_) => {
            let pile = |on: bool, label: String| Pile { value: Json::Bool(on), label, colour: None };
            return vec![pile(false, text!("board-off")), pile(true, text!("board-on"))];
        }
        kind => choices(kind, i18n::language())
            .into_iter()
            .map(|choice| Pile { value: choice.key.into(), label: choice.label, colour: choice.colour })
            .collect(),
    };
    let mut others: Vec<&(Json, u64)> = counts
        .iter()
        .filter(|(value, _)| !value.is_null() && !found.iter().any(|pile| pile.value == *value))
        .collect();
    others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let is_choice = matches!(kind, FieldKind::Select(_));
    found.extend(others.into_iter().map(|(value, _)| {
        // A choice that somebody typed is called as it was typed.
        let label = value.as_str().filter(|_| is_choice).unwrap_or_default().to_string();
        Pile { value: value.clone(), label, colour: None }
    }));
    found.truncate(MOST);
    let counts: BTreeMap<String, u64> =
        counts.iter().map(|(value, count)| (value.to_string(), *count)).collect();
    let without = counts.get("null").copied().unwrap_or_default();
    if !is_required || without > 0 {
        found.insert(0, Pile { value: Json::Null, label: text!("board-empty"), colour: None });
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stages() -> FieldKind {
        let choices =
            json!([{"key": "open", "label": "Open", "color": "o3"}, {"key": "won", "label": "Won"}]);
        FieldKind::from_parts("select", json!({"choices": choices, "allow_other": true})).unwrap()
    }

    fn values(piles: &[Pile]) -> Vec<Json> {
        piles.iter().map(|pile| pile.value.clone()).collect()
    }

    #[test]
    fn every_choice_has_its_column_also_one_that_was_typed() {
        let counts = [(json!("won"), 3), (json!("odd"), 1), (json!("odder"), 2)];
        let found = piles(&stages(), false, &counts);
        assert_eq!(values(&found), [json!(null), json!("open"), json!("won"), json!("odder"), json!("odd")]);
        assert_eq!(
            (found[1].label.as_str(), found[1].colour, found[4].label.as_str()),
            ("Open", Some(3), "odd")
        );
    }

    #[test]
    fn who_must_choose_has_no_column_without_a_choice_unless_something_lies_there() {
        assert_eq!(values(&piles(&stages(), true, &[])), [json!("open"), json!("won")]);
        assert_eq!(values(&piles(&stages(), true, &[(json!(null), 1)]))[0], json!(null));
    }

    #[test]
    fn columns_have_the_conditions_of_their_values() {
        let pile = |value: Json| Pile { value, label: String::new(), colour: None };
        let condition = |value: Json| serde_json::to_value(pile(value).condition("f")).unwrap();
        assert_eq!(condition(json!("a")), json!({"field": "f", "op": "eq", "value": "a"}));
        assert_eq!(condition(json!(null)), json!({"field": "f", "op": "is_empty"}));
        assert_eq!(condition(json!(false)), json!({"not": {"field": "f", "op": "eq", "value": true}}));
        let switch = FieldKind::from_parts("switch", json!({})).unwrap();
        assert_eq!(values(&piles(&switch, false, &[])), [json!(false), json!(true)]);
    }
}
