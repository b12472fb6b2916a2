//! What has to be right before a step can be completed: formulas of its own, besides those of the form.

use engine::form::{FormulaInput, Validation};
use engine::formula::Type;
use engine::text::{Fault, Label};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FlowDesigner;
use crate::designer::{text_in, with_text};
use crate::fill::sentence;
use crate::ui::{Button, ButtonKind, ControlSize, Field, IconButton, TextArea, TextInput};
use crate::{i18n, t, text};

/// A key that no check has.
fn free_key(checks: &[Validation]) -> String {
    let mut keys = (1u32..).map(|number| format!("check_{number}"));
    keys.find(|key| checks.iter().all(|check| check.key != *key)).unwrap_or_default()
}

/// Asks the engine about a formula on the record of the flow.
fn ask<T>(designer: FlowDesigner, question: impl FnOnce(&FormulaInput<'_>) -> T) -> T {
    let (form, catalogue) = (designer.published_form(), designer.catalogue.get());
    let input = FormulaInput {
        sketch: &form.sketch,
        catalogue: &*catalogue,
        of: "",
        language: i18n::language(),
        initials: None,
    };
    question(&input)
}

/// An input for a formula over the record: written with labels, kept with keys, and kept only while it is right.
#[component]
pub fn FormulaLine(
    designer: FlowDesigner,
    #[prop(into)] label: Signal<String>,
    /// The formula as it is kept.
    #[prop(into)]
    value: Signal<String>,
    /// What it has to give.
    wanted: Type,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let wanted = StoredValue::new(wanted);
    let typed = RwSignal::new(None::<String>);
    let shown = Signal::derive(move || {
        typed.get().unwrap_or_else(|| ask(designer, |input| input.to_labels(&value.get())))
    });
    let fault = Signal::derive(move || {
        let source = typed.get()?;
        let checked = wanted.with_value(|wanted| ask(designer, |input| input.check(&source, wanted)));
        checked.err().map(|fault| sentence(&Fault::from(fault)))
    });
    let finish = move |source: String| {
        let checked =
            untrack(|| wanted.with_value(|wanted| ask(designer, |input| input.check(&source, wanted))));
        match checked {
            Ok(formula) => {
                typed.set(None);
                on_change.run(formula);
            }
            // What is wrong stays in sight until it is right.
            Err(_) => typed.set(Some(source)),
        }
    };
    view! {
        <Field label=label error=fault help=Signal::derive(t!("flows-formula-help"))>
            <TextArea value=shown on_change=finish rows=2/>
        </Field>
    }
}

/// The tab with the checks of a step.
#[component]
pub fn Checks(designer: FlowDesigner, step: String) -> impl IntoView {
    let member = designer.member(&step, "validate");
    let checks =
        Memo::new(move |_| serde_json::from_value::<Vec<Validation>>(member.get()).unwrap_or_default());
    let at = StoredValue::new(step);
    let set = move |checks: Vec<Validation>| {
        let value =
            if checks.is_empty() { Json::Null } else { serde_json::to_value(checks).unwrap_or_default() };
        at.with_value(|step| designer.set(step, "validate", value));
    };
    let add = move |_| {
        let mut all = checks.get_untracked();
        let message = Label::Plain(text!("flows-check-message-new"));
        all.push(Validation { key: free_key(&all), formula: "TRUE".to_string(), message });
        set(all);
    };
    let change = move |key: &str, change: &dyn Fn(&mut Validation)| {
        let mut all = checks.get_untracked();
        all.iter_mut().filter(|check| check.key == key).for_each(change);
        set(all);
    };
    let line = move |key: String| {
        let key = StoredValue::new(key);
        let own = Memo::new(move |_| {
            checks.with(|all| key.with_value(|key| all.iter().find(|check| check.key == *key).cloned()))
        });
        let formula = Signal::derive(move || own.get().map(|check| check.formula).unwrap_or_default());
        let message = Memo::new(move |_| {
            own.get().and_then(|check| serde_json::to_value(check.message).ok()).unwrap_or_default()
        });
        let write = move |formula: String| {
            key.with_value(|key| change(key, &|check| check.formula = formula.clone()));
        };
        let say = move |words: String| {
            let label = with_text(&message.get_untracked(), words.trim());
            if let Ok(label) = serde_json::from_value::<Label>(label) {
                key.with_value(|key| change(key, &|check| check.message = label.clone()));
            }
        };
        let remove = move |_| {
            let mut all = checks.get_untracked();
            key.with_value(|key| all.retain(|check| check.key != *key));
            set(all);
        };
        view! {
            <div class="rule-card stack g3">
                <div class="row">
                    <b class="strong">{t!("flows-check")}</b>
                    <span class="push"><IconButton icon="close" label=t!("flows-remove-check") size=ControlSize::Small on_press=remove/></span>
                </div>
                <FormulaLine designer=designer label=Signal::derive(t!("flows-check-formula")) value=formula wanted=Type::Bool on_change=write/>
                <Field label=t!("flows-check-message")>
                    <TextInput value=Signal::derive(move || text_in(&message.get())) on_change=say/>
                </Field>
            </div>
        }
    };
    let keys = move || checks.with(|all| all.iter().map(|check| check.key.clone()).collect::<Vec<_>>());
    view! {
        <div class="stack g4 prop-top">
            <span class="help">{t!("flows-checks-help")}</span>
            <For each=keys key=String::clone children=line/>
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("flows-add-check")}</Button></div>
        </div>
    }
}

/// A value that an action sets, as a formula or as it is.
pub fn formula_in(value: &Json) -> Option<&str> {
    value.get("formula").and_then(Json::as_str)
}

/// A formula as a value that an action sets.
pub fn as_formula(formula: String) -> Json {
    json!({ "formula": formula })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_check_has_a_key_of_its_own() {
        let check =
            |key: &str| Validation { key: key.into(), formula: "TRUE".into(), message: Label::default() };
        assert_eq!(free_key(&[]), "check_1");
        assert_eq!(free_key(&[check("check_1"), check("check_3")]), "check_2");
    }
}
