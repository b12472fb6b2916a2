//! What lives from a form: the condition builder, a formula with its marks, inputs of kinds that no plain component is, rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::condition::{Condition, Operand, Operator, Test};
use engine::form::{Form, FormDocument, Sketch};
use engine::formula::{Span, Type};
use engine::record::Draft;
use engine::value::Id;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::Section;
use crate::api::forms::{self, Related};
use crate::conditions::ConditionBuilder;
use crate::designer::{Designer, FormulaField, FormulaMarks, Written, differences};
use crate::fill::{FormState, LiveForm, Titles};
use crate::records::{context, loaders_of_draft};
use crate::ui::Field;
use crate::{t, text};

/// The formula that is shown, where the fields stand in it, and what is wrong with it.
const FORMULA: &str = "ROUND(qty * price, 2) + tax";
const NAMES: [Span; 2] = [Span { at: 6, length: 3 }, Span { at: 12, length: 5 }];
const FAULT: Span = Span { at: 24, length: 3 };

fn field(key: &str, number: u32, kind: &str, options: Json) -> Json {
    json!({"key": key, "label": text!("gallery-option", number = number), "kind": kind, "options": options})
}

/// A form with the kinds that have a component of their own, in the reader's language.
fn document() -> Json {
    let choice =
        |key: &str, number: u32| json!({"key": key, "label": text!("gallery-option", number = number)});
    let branch = |key: &str, number: u32, below: Json| json!({"key": key, "label": text!("gallery-option", number = number), "children": below});
    let mut total = field("total", 3, "number", json!({}));
    if let Some(members) = total.as_object_mut() {
        members.insert("compute".to_string(), json!({"formula": "qty * price"}));
    }
    let columns = [field("qty", 1, "number", json!({})), field("price", 2, "number", json!({})), total];
    let branches = [branch("a", 1, json!([branch("a1", 2, json!([]))])), branch("b", 3, json!([]))];
    json!({"key": "gallery", "label": text!("gallery-of-forms"), "fields": [
        field("place", 1, "cascader", json!({"choices": branches})),
        field("choice", 2, "select", json!({"choices": [choice("a", 1), choice("b", 2)]})),
        field("at", 3, "datetime", json!({})),
        field("hour", 4, "time", json!({})),
        field("text", 5, "rich_text", json!({})),
        field("amount", 6, "number", json!({})),
        field("limit", 7, "number", json!({})),
        field("lines", 8, "subform", json!({"fields": columns}))]})
}

fn form() -> Option<Arc<Form>> {
    let document: FormDocument = serde_json::from_value(document()).ok()?;
    let sketch = Sketch { id: Id::from_i64(1)?, app: "gallery".to_string(), document };
    forms::usable(&sketch, &[]).map(Arc::new)
}

/// Two lines, one of them against another field, and a group.
fn condition() -> Condition {
    let against = Condition::Test(Test {
        field: "amount".to_string(),
        op: Operator::Gt,
        value: Some(Operand::Field("limit".to_string())),
        matching: None,
    });
    let test = |key: &str| Condition::test("choice", Operator::Eq, key);
    Condition::All(vec![against, Condition::Any(vec![test("a"), test("b")])])
}

/// The editor of formulas, with completion, marks and the dialog; what is written is kept on the page alone.
#[component]
fn OneFormula() -> impl IntoView {
    let value = RwSignal::new("ROUND(amount * 2, 2)".to_string());
    let draft = wire::Draft {
        definition: document(),
        base: 1,
        changed: false,
        edits: 0,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let designer = Id::from_i64(1).and_then(|id| Designer::new(id, "gallery".to_string(), 0, draft));
    designer.map(|designer| {
        let write = move |written: Written| value.set(written.formula);
        view! {
            <Field label=t!("gallery-formula")>
                <FormulaField designer=designer path="limit".to_string() member="compute" wanted=Signal::stored(Type::Number) value=value on_change=write/>
            </Field>
        }
    })
}

/// What tells two versions of a form from each other.
fn compared() -> Option<AnyView> {
    let before = document();
    let mut after = before.clone();
    let fields = after.get_mut("fields")?.as_array_mut()?;
    fields.remove(0);
    fields.push(field("added", 9, "date", json!({})));
    *fields.get_mut(0)?.get_mut("label")? = json!(text!("gallery-option", number = 10));
    let read = |document: Json| serde_json::from_value::<FormDocument>(document).ok();
    Some(differences(&read(before)?, &read(after)?))
}

#[component]
pub fn OfForms() -> impl IntoView {
    // Made anew in another language.
    let body = move || {
        let form = form()?;
        let draft = Draft::new(form.clone(), context(BTreeMap::new()));
        let titles = Titles::default();
        let loaders = loaders_of_draft(form.sketch.id, form.clone(), Arc::new(Related::default()), titles);
        let state = FormState::new(draft, loaders, titles);
        Some(view! {
            <h3>{t!("gallery-conditions")}</h3>
            <ConditionBuilder form=Signal::stored(form) condition=RwSignal::new(Some(condition()))/>
            <h3>{t!("gallery-filling")}</h3>
            <LiveForm state=state/>
        })
    };
    view! {
        <Section title=t!("gallery-of-forms")>
            <h3>{t!("gallery-formula")}</h3>
            <div class="formula" translate="no">
                <FormulaMarks
                    source=Signal::derive(|| FORMULA.to_string())
                    names=Memo::new(|_| NAMES.to_vec())
                    fault=Memo::new(|_| Some(FAULT))
                    top=RwSignal::new(0)
                />
                <textarea class="input code" rows=3 spellcheck="false" aria-label=t!("gallery-formula") prop:value=FORMULA></textarea>
            </div>
            {move || view! { <OneFormula/> }}
            <h3>{t!("gallery-versions")}</h3>
            {move || compared()}
            {body}
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_is_shown_is_one_and_its_condition_is_about_it() {
        Owner::new().with(|| {
            let form = untrack(form).expect("a form that can be used");
            assert_eq!(form.fields().count(), 8);
            for test in condition().tests() {
                assert!(form.column(&test.field).is_some(), "{}", test.field);
            }
        });
        let of = |span: Span| span.of(FORMULA);
        assert_eq!(NAMES.map(of), ["qty", "price"]);
        assert_eq!(of(FAULT), "tax");
    }
}
