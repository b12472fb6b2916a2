//! What a step or condition says about itself in a few words, for its card.

use engine::condition::{Condition, Operand, Operator, Test};
use engine::flow::document::{FieldMoment, Join, Part, Policy, Ratio, Step};
use engine::form::{Catalogue, Form};
use engine::value::Value;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::people::{field_name, who_words};
use super::span::span_words;
use super::state::FlowDesigner;
use crate::conditions::{operator_name, subjects};
use crate::fill::Titles;
use crate::{i18n, text};

/// When a step with several people is passed, as a mark on its card.
pub fn policy_words(policy: Policy) -> String {
    match policy {
        Policy::Any => text!("flows-policy-any-short"),
        Policy::All => text!("flows-policy-all-short"),
        Policy::Sequential => text!("flows-policy-sequential-short"),
        Policy::Ratio(Ratio::N(count)) => text!("flows-policy-n-short", count = count),
        Policy::Ratio(Ratio::Percent(percent)) => format!("{percent}\u{a0}%"),
    }
}

/// The mark at the right of a card.
pub fn mark_of(step: &Step) -> String {
    match step {
        Step::Approve(step) => policy_words(step.policy),
        Step::Fill(step) => policy_words(step.policy),
        _ => String::new(),
    }
}

/// What a step is about, on its card: whom it asks, what it waits for or does. Empty where it says nothing yet.
pub fn about(designer: FlowDesigner, step: &Step) -> String {
    match step {
        Step::Approve(step) => who_words(designer, &step.who),
        Step::Fill(step) => who_words(designer, &step.who),
        Step::Cc(step) => who_words(designer, &step.who),
        Step::Subflow(step) if step.form.is_empty() => text!("flows-no-form"),
        Step::Subflow(step) => {
            let form = form_name(designer, &step.form);
            match (&step.for_each, step.wait) {
                (None, true) => form,
                (None, false) => text!("flows-about-detached", form = form),
                (Some(_), true) => text!("flows-about-rows", form = form),
                (Some(_), false) => text!("flows-about-rows-detached", form = form),
            }
        }
        Step::Action(step) => {
            let kind = step.action.get("kind").and_then(Json::as_str).unwrap_or_default();
            let does = i18n::lookup(&format!("flows-does-{kind}"), &[]);
            match step.action.get("form").and_then(Json::as_str) {
                Some(form) => format!("{does}\u{a0}· {}", form_name(designer, form)),
                None => does,
            }
        }
        Step::Delay(step) => match (&step.duration, &step.until) {
            (Some(span), _) => text!("flows-about-waits", span = span_words(span)),
            (None, Some(moment)) => moment_words(designer, moment),
            (None, None) => String::new(),
        },
        Step::Branch(_) | Step::Parallel(_) => String::new(),
    }
}

/// Whether a document means a form of its app by a name: its key, the same with the app before it, or its id.
pub fn is_called(form: &wire::Form, name: &str) -> bool {
    let is_whole = name.split_once('/').is_some_and(|(app, key)| app == form.app_key && key == form.key);
    is_whole || form.key == name || form.id.to_string() == name
}

/// What another form is called.
pub fn form_name(designer: FlowDesigner, name: &str) -> String {
    let language = i18n::language();
    let of_app = designer.form.with_value(|of| {
        let known = of.others.iter().find(|known| is_called(known, name));
        known.map(|known| known.label.get(language).to_string())
    });
    of_app.unwrap_or_else(|| {
        let app = designer.form.with_value(|of| of.form.sketch.app.clone());
        let found = designer.catalogue.with(|known| known.form(&app, name));
        found.map_or_else(|| name.to_string(), |form| form.document.label.get(language).to_string())
    })
}

/// A moment that a field holds, moved or not: `开始日期`, `开始日期前 1 天`.
pub fn moment_words(designer: FlowDesigner, moment: &FieldMoment) -> String {
    let field = field_name(designer, &moment.field);
    let offset = moment.offset.as_deref().unwrap_or_default();
    match offset.strip_prefix('-') {
        _ if offset.is_empty() => field,
        Some(before) => text!("flows-moment-before", field = field, span = span_words(before)),
        None => text!("flows-moment-after", field = field, span = span_words(offset)),
    }
}

/// How the arms of a block are taken.
pub fn block_words(step: &Step) -> String {
    use engine::flow::document::BranchMode;
    match step {
        Step::Branch(branch) if branch.mode == BranchMode::Inclusive => text!("flows-branch-inclusive"),
        Step::Branch(_) => text!("flows-branch-exclusive"),
        Step::Parallel(parallel) => match parallel.join {
            Join::All => text!("flows-join-all"),
            Join::Any => text!("flows-join-any"),
            Join::N(count) => text!("flows-join-n", count = count),
        },
        _ => String::new(),
    }
}

/// A condition in words: `金额 大于等于 10,000`. Empty for one that was not given yet.
pub fn condition_words(designer: FlowDesigner, condition: &Condition) -> String {
    let step_name = |key: &str| designer.name_of(&Part::Step(key.to_string()));
    Wording { form: &designer.published_form(), step_name: &step_name }.condition(condition)
}

/// What conditions name.
struct Wording<'w> {
    form: &'w Form,
    /// What a step is called, by its key.
    step_name: &'w dyn Fn(&str) -> String,
}

impl Wording<'_> {
    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) if parts.is_empty() => text!("flows-always"),
            Condition::All(parts) => self.joined(parts, &text!("flows-words-and")),
            Condition::Any(parts) => self.joined(parts, &text!("flows-words-or")),
            Condition::Not(part) => text!("flows-words-not", condition = self.condition(part)),
            Condition::Test(test) => match outcome_step(&test.field) {
                Some(step) => self.outcome(step, test),
                None => test_words(self.form, test),
            },
        }
    }

    fn joined(&self, parts: &[Condition], word: &str) -> String {
        let part = |part: &Condition| match part {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                format!("({})", self.condition(part))
            }
            other => self.condition(other),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    }

    /// A test on how a subflow ended.
    fn outcome(&self, step: &str, test: &Test) -> String {
        let name = text!("flows-outcome-of", name = (self.step_name)(step));
        let said =
            |json: &Json| i18n::lookup(&format!("flows-outcome-{}", json.as_str().unwrap_or_default()), &[]);
        let value = match &test.value {
            Some(Operand::Literal(Json::Array(all))) => i18n::listed(all.iter().map(said)),
            Some(Operand::Literal(one)) => said(one),
            _ => String::new(),
        };
        format!("{name} {} {value}", sign(test.op)).trim_end().to_string()
    }
}

/// The step whose outcome a path names.
pub fn outcome_step(path: &str) -> Option<&str> {
    path.strip_prefix("steps.")?.strip_suffix(".outcome")
}

fn test_words(form: &Form, test: &Test) -> String {
    let subject = subjects(form).into_iter().find(|subject| subject.path == test.field);
    let name = subject.as_ref().map_or_else(|| test.field.clone(), |subject| subject.label.clone());
    let value = match &test.value {
        None => String::new(),
        Some(Operand::Literal(json)) => literal_words(form, &test.field, json, test.op),
        Some(Operand::Var(_)) => text!("condition-me"),
        Some(Operand::Relative(relative, _)) => {
            let name = serde_json::to_value(relative).unwrap_or_default();
            i18n::lookup(&format!("period-{}", name.as_str().unwrap_or_default().replace('_', "-")), &[])
        }
        Some(Operand::Field(other)) => form
            .column(other)
            .map_or_else(|| other.clone(), |column| column.field.label.get(i18n::language()).to_string()),
        Some(Operand::Param(name)) => name.clone(),
    };
    format!("{name} {} {value}", sign(test.op)).trim_end().to_string()
}

/// Comparisons that everybody reads as signs; others in words.
fn sign(op: Operator) -> String {
    let sign = match op {
        Operator::Eq => "=",
        Operator::Ne => "≠",
        Operator::Gt => ">",
        Operator::Gte => "≥",
        Operator::Lt => "<",
        Operator::Lte => "≤",
        _ => return operator_name(op),
    };
    sign.to_string()
}

/// A value of a field as conditions say it.
pub fn literal_words(form: &Form, path: &str, json: &Json, op: Operator) -> String {
    if let Json::Array(items) = json {
        let word = if op == Operator::Between { " – ".to_string() } else { text!("flows-and") };
        return items.iter().map(|item| literal_words(form, path, item, op)).collect::<Vec<_>>().join(&word);
    }
    if let Json::Bool(on) = json {
        return if *on { text!("condition-yes") } else { text!("condition-no") };
    }
    let kind = form.column(path).map(|column| column.read_kind.clone());
    let read = kind.and_then(|kind| Some((kind.parse_wire(json).ok()?, kind)));
    match (read, form.column(path)) {
        (Some((Value::Number(number), kind)), _) => {
            let digits = i18n::group_digits(&number.normalize().to_string());
            if kind.name() == "percent" { format!("{digits}\u{a0}%") } else { digits }
        }
        (Some((value, _)), Some(column)) => {
            crate::fill::value_text(column, &value, Titles::default(), i18n::language())
        }
        _ => json.as_str().map_or_else(|| json.to_string(), str::to_string),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::form::Sketch;
    use serde_json::json;

    use super::*;
    use crate::api::forms::Related;

    #[test]
    fn a_form_is_found_by_every_name_that_documents_have_for_it() {
        let json = json!({"id": "0000000000007", "app": "0000000000001", "app_key": "shop", "key": "order", "label": "Order",
            "version": 1, "state": "published", "flow": null, "may": {"operations": [], "fields": {}}});
        let form: wire::Form = serde_json::from_value(json).unwrap();
        for name in ["order", "shop/order", "0000000000007"] {
            assert!(is_called(&form, name), "{name}");
        }
        for name in ["", "crm/order", "shop/orders", "Order"] {
            assert!(!is_called(&form, name), "{name}");
        }
    }

    #[test]
    fn a_condition_reads_as_people_say_it() {
        let document = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "amount", "label": "Amount", "kind": "money", "options": {"currency": "CNY"}},
            {"key": "rate", "label": "Rate", "kind": "percent"},
            {"key": "level", "label": "Level", "kind": "select", "options": {"choices": [
                {"key": "a", "label": "Gold"}, {"key": "b", "label": "Silver"}]}}]}))
        .unwrap();
        let sketch = Arc::new(Sketch { id: "0000000000001".parse().unwrap(), app: "a".into(), document });
        let form = Form::publish(sketch.clone(), 1, &Related::of(vec![sketch])).unwrap();
        let step_name = |key: &str| format!("“{key}”");
        let wording = Wording { form: &form, step_name: &step_name };
        let words = |json| wording.condition(&serde_json::from_value(json).unwrap());
        i18n::set_language(i18n::Language::En);
        assert_eq!(words(json!({"field": "amount", "op": "gte", "value": "10000"})), "Amount ≥ 10,000");
        let both = json!({"any": [{"field": "amount", "op": "lt", "value": "5.5"},
            {"field": "level", "op": "in", "value": ["a", "b"]}]});
        assert_eq!(words(both), "Amount < 5.5 or Level is one of Gold, Silver");
        assert_eq!(words(json!({"field": "rate", "op": "lte", "value": "5"})), "Rate ≤ 5\u{a0}%");
        assert_eq!(words(json!({"field": "level", "op": "is_empty"})), "Level is empty");
        assert_eq!(words(json!({"any": []})), "");
        let ended = json!({"field": "steps.order.outcome", "op": "in", "value": ["rejected", "terminated"]});
        assert_eq!(words(ended), "“order” ended is one of Rejected, Terminated");
    }
}
