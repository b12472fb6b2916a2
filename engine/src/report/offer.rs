//! What a filter of a dashboard offers: the values that are there.

use std::collections::BTreeMap;

use super::answer::Titles;
use super::groups::{name, order, text_of};
use super::publish::DataGroup;
use crate::text::Language;
use crate::value::Value;

/// A value that may be chosen: in the wire form, and as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub key: String,
    pub label: String,
}

/// These values, each once and in their order. Nothing is no value, and what the viewer knows no name of is left out.
pub fn offered(
    by: &DataGroup,
    values: impl IntoIterator<Item = Value>,
    titles: &Titles,
    language: Language,
) -> Vec<Offered> {
    let told = values.into_iter().filter(|value| is_told(value, titles));
    let distinct: BTreeMap<String, Value> = told.map(|value| (text_of(&value), value)).collect();
    let mut distinct: Vec<Value> = distinct.into_values().collect();
    distinct.sort_by(|a, b| order(by, a, b, titles));
    let named = distinct.iter().map(|value| {
        let (key, label) = name(by, value, titles, language);
        Offered { key, label }
    });
    named.collect()
}

fn is_told(value: &Value, titles: &Titles) -> bool {
    match value {
        Value::Error(_) => false,
        Value::Ref(id) => titles.get(id).is_some_and(|title| !title.is_empty()),
        value => !value.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Reach;
    use crate::field::{FieldKind, options};
    use crate::value::Id;

    fn by(kind: FieldKind) -> DataGroup {
        DataGroup { key: "by".to_string(), reach: Reach::own("by"), kind, unit: None }
    }

    fn said(kind: FieldKind, values: Vec<Value>, titles: &Titles) -> Vec<(String, String)> {
        let offered = offered(&by(kind), values, titles, Language::En);
        offered.into_iter().map(|offered| (offered.key, offered.label)).collect()
    }

    #[test]
    fn values_are_offered_once_and_in_their_order() {
        let values = ["b", "a", "", "b"].map(Value::text).into_iter().chain([Value::Empty]).collect();
        let pair = |text: &str| (text.to_string(), text.to_string());
        assert_eq!(
            said(FieldKind::Text(options::Text::default()), values, &Titles::new()),
            [pair("a"), pair("b")]
        );
    }

    #[test]
    fn records_are_offered_by_their_names_and_those_without_one_not_at_all() {
        let [first, second, unknown] = [1, 2, 3].map(|number| Id::from_i64(number).unwrap());
        let titles = Titles::from([(first, "South".to_string()), (second, "North".to_string())]);
        let values = vec![Value::Ref(first), Value::Ref(unknown), Value::Ref(second)];
        let pair = |id: Id, title: &str| (id.to_string(), title.to_string());
        let kind = FieldKind::Member(options::Member::default());
        assert_eq!(said(kind, values, &titles), [pair(second, "North"), pair(first, "South")]);
    }
}
