//! What a broken constraint says to whoever may see the group that breaks it.

use std::collections::BTreeMap;

use super::publish::{Aggregate, CheckedDimension, Constraint};
use crate::text::{Label, Language, Texts};
use crate::value::{Decimal, Id, Value, group_digits, to_fixed};

/// A group that a change would leave against a constraint.
pub struct Breach<'b> {
    pub aggregate: &'b Aggregate,
    pub constraint: &'b Constraint,
    /// The values of the dimensions.
    pub group: &'b [Value],
    /// Its measures as they are, and as they would be; see [`Aggregate::measures`].
    pub before: &'b BTreeMap<String, Value>,
    pub after: &'b BTreeMap<String, Value>,
}

impl Breach<'_> {
    /// The measure that the constraint is about, with the digits after its point.
    pub fn measure(&self) -> Option<(&str, u32)> {
        let tests = self.constraint.check.tests();
        tests.iter().find_map(|test| {
            let (key, _) = self.after.get_key_value(&test.reach.field)?;
            Some((key.as_str(), self.aggregate.scale_of(key)?))
        })
    }

    /// The designer's sentence, and after it which group it is about, how much is there and how much would be. What
    /// has no title among `titles` is left out: it is not for the reader.
    pub fn message(&self, titles: &BTreeMap<Id, String>) -> Label {
        let texts = Language::ALL.map(|language| (language, self.sentence(titles, language)));
        Label::Translated(texts.into())
    }

    fn sentence(&self, titles: &BTreeMap<Id, String>, language: Language) -> String {
        let message = self.constraint.message.get(language).to_string();
        let Some(mut args) = self.numbers(language) else { return message };
        args.insert("message".to_string(), message.clone());
        let named = self.aggregate.dimensions.iter().zip(self.group);
        let names: Vec<String> =
            named.filter_map(|(dimension, value)| name(dimension, value, titles, language)).collect();
        let key = if names.is_empty() { "breach" } else { "breach-of-group" };
        args.insert("group".to_string(), names.join(" · "));
        Texts::of(language).get(key, &args).unwrap_or(message)
    }

    /// The measure as the table calls it, and its two values.
    fn numbers(&self, language: Language) -> Option<BTreeMap<String, String>> {
        let (key, _) = self.measure()?;
        let label = self.aggregate.label_of(key).map_or(key, |label| label.get(language));
        let text = |measures: &BTreeMap<String, Value>| measures.get(key)?.as_number().map(plain);
        let args =
            [("measure", label.to_string()), ("before", text(self.before)?), ("after", text(self.after)?)];
        Some(args.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }
}

/// A dimension's value as people read it.
fn name(
    dimension: &CheckedDimension,
    value: &Value,
    titles: &BTreeMap<Id, String>,
    language: Language,
) -> Option<String> {
    let name = match (dimension.unit, value) {
        (Some(unit), Value::Date(day)) => unit.name(*day),
        (_, Value::Ref(id)) => titles.get(id)?.clone(),
        (_, value) => dimension.kind.display(value, language),
    };
    Some(name).filter(|name| !name.is_empty())
}

/// A number as people read it, with no more digits than it has.
fn plain(number: Decimal) -> String {
    let number = number.normalize();
    group_digits(&to_fixed(number, number.scale()))
}
