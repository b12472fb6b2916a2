//! A condition in words, for chips and lists.

use engine::condition::{Condition, Operand, Operator, Test, Variable};
use engine::field::{FieldKind, Reference, Shape};
use engine::value::Value;
use leptos::prelude::use_context;
use serde_json::Value as Json;

use super::{Subject, operator_name, operator_of};
use crate::fill::Titles;
use crate::i18n;
use crate::text;

/// 「金额」 and 「大于 100」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What is compared; empty for several conditions in one.
    pub subject: String,
    pub rest: String,
}

impl Words {
    /// The words for one part of a filter, in the reader's language.
    pub fn of(condition: &Condition, subjects: &[Subject]) -> Words {
        match condition {
            Condition::Test(test) => {
                let subject = subjects.iter().find(|subject| subject.path == test.field);
                let label = subject.map_or_else(|| test.field.clone(), |subject| subject.label.clone());
                Words {
                    subject: label,
                    rest: comparison(test, subject.map(|subject| &subject.kind), subjects),
                }
            }
            Condition::Any(_) => Words { subject: text!("condition-any-of"), rest: count(condition) },
            Condition::All(_) | Condition::Not(_) => Words { subject: String::new(), rest: count(condition) },
        }
    }
}

fn count(condition: &Condition) -> String {
    text!("condition-count", count = condition.tests().len())
}

fn comparison(test: &Test, kind: Option<&FieldKind>, subjects: &[Subject]) -> String {
    if let (Operator::Between, Some(Operand::Literal(Json::Array(ends)))) = (test.op, &test.value) {
        return ends.iter().map(|end| literal(end, kind)).collect::<Vec<_>>().join(" – ");
    }
    let value = match &test.value {
        Some(Operand::Field(name)) => named(name, subjects),
        value => value.as_ref().map(|value| operand(value, kind)).unwrap_or_default(),
    };
    // 「本月」 needs no verb.
    let verb = match kind {
        Some(kind) if kind.reference() == Some(Reference::Department) => operator_of(test.op, kind),
        _ if test.op == Operator::Within && kind.is_none_or(|kind| kind.shape() != Shape::Key) => {
            String::new()
        }
        Some(kind) => operator_of(test.op, kind),
        None => operator_name(test.op),
    };
    [verb, value].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The field that another one is held against, by its label.
fn named(name: &str, subjects: &[Subject]) -> String {
    let subject = subjects.iter().find(|subject| subject.path == name);
    subject.map_or_else(|| name.to_string(), |subject| subject.label.clone())
}

fn operand(operand: &Operand, kind: Option<&FieldKind>) -> String {
    match operand {
        Operand::Literal(Json::Array(items)) => i18n::listed(items.iter().map(|item| literal(item, kind))),
        Operand::Literal(json) => literal(json, kind),
        Operand::Var(Variable::Me) => text!("condition-me"),
        Operand::Var(Variable::MyDepartments) => text!("condition-my-departments"),
        Operand::Var(Variable::MyOwnDepartments) => text!("condition-my-own-departments"),
        Operand::Var(Variable::MySubordinates) => text!("condition-my-subordinates"),
        Operand::Relative(relative, _) => {
            let name = serde_json::to_value(relative).ok();
            let name = name.as_ref().and_then(Json::as_str).unwrap_or_default().replace('_', "-");
            i18n::lookup(&format!("period-{name}"), &[])
        }
        Operand::Var(variable) => serde_json::to_value(variable)
            .ok()
            .and_then(|name| name.as_str().map(str::to_string))
            .unwrap_or_default(),
        Operand::Field(name) | Operand::Param(name) => name.clone(),
    }
}

fn literal(json: &Json, kind: Option<&FieldKind>) -> String {
    let plain = || json.as_str().map_or_else(|| json.to_string(), str::to_string);
    let Some(kind) = kind else { return plain() };
    let choice = json.as_str().and_then(|key| kind.choices().iter().find(|choice| choice.key == key));
    if let Some(choice) = choice {
        return choice.label.get(i18n::language()).to_string();
    }
    if matches!(kind.shape(), Shape::Ref | Shape::Refs) {
        // The page that shows the condition shares the titles that its pickers learn.
        let titles = use_context::<Titles>().unwrap_or_default();
        return json.as_str().and_then(|id| id.parse().ok()).map_or_else(plain, |id| titles.of(id));
    }
    match kind.parse_wire(json) {
        Ok(Value::DateTime(moment)) => i18n::date_time(moment),
        // What somebody compares with has no digits of the field's.
        Ok(value @ Value::Number(_)) => {
            let text = kind.display(&value, i18n::language());
            let (number, unit) = text.split_once('\u{a0}').unwrap_or((text.as_str(), ""));
            let number = i18n::group_digits(&i18n::trimmed(number, 0));
            if unit.is_empty() { number } else { format!("{number}\u{a0}{unit}") }
        }
        Ok(value) if !value.is_empty() => kind.display(&value, i18n::language()),
        _ => plain(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects() -> Vec<Subject> {
        let kind = |name: &str, options: Json| FieldKind::from_parts(name, options).unwrap();
        let tier = serde_json::json!({"choices": [{"key": "a", "label": "VIP"}, {"key": "b", "label": "B"}]});
        vec![
            Subject { path: "tier".into(), label: "Tier".into(), kind: kind("select", tier) },
            Subject { path: "sent".into(), label: "Sent".into(), kind: kind("datetime", Json::Null) },
            Subject { path: "amount".into(), label: "Amount".into(), kind: kind("number", Json::Null) },
        ]
    }

    #[test]
    fn a_moment_is_told_in_the_zone_of_the_reader() {
        i18n::read_moments_in(Some("Asia/Shanghai"));
        let words = Words::of(&Condition::test("sent", Operator::Gt, "2026-11-18T20:30:00Z"), &subjects());
        i18n::read_moments_in(None);
        assert!(words.rest.ends_with("2026-11-19 04:30"), "{}", words.rest);
    }

    #[test]
    fn a_choice_is_called_by_its_label() {
        let condition = Condition::test("tier", Operator::In, serde_json::json!(["a", "b", "gone"]));
        let words = Words::of(&condition, &subjects());
        assert_eq!(words.subject, "Tier");
        assert!(words.rest.contains("VIP") && words.rest.contains("gone"), "{}", words.rest);
        let words = Words::of(&Condition::test("amount", Operator::Gt, "5"), &subjects());
        assert!(words.rest.ends_with(" 5"), "{}", words.rest);
        let words = Words::of(&Condition::test("amount", Operator::Lt, "0.0000"), &subjects());
        assert!(words.rest.ends_with(" 0"), "{}", words.rest);
        let words = Words::of(&Condition::test("amount", Operator::Lt, "1234.50"), &subjects());
        assert!(words.rest.ends_with(" 1,234.5"), "{}", words.rest);
        let against = Test {
            field: "amount".into(),
            op: Operator::Gt,
            value: Some(Operand::Field("sent".into())),
            matching: None,
        };
        let words = Words::of(&Condition::Test(against), &subjects());
        assert!(words.rest.ends_with("Sent"), "{}", words.rest);
        let several = Condition::Any(vec![condition.clone(), condition]);
        assert!(Words::of(&several, &subjects()).rest.contains('2'));
    }
}
