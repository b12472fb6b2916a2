//! The mark of a field of the canvas that a rule shows or requires, which leads to the rule.

use engine::condition::Condition;
use engine::form::{FormDocument, Rule};
use leptos::prelude::*;

use super::state::{Designer, Selected};
use crate::conditions::{Words, subjects};
use crate::draft_editor::SETTINGS;
use crate::ui::Icon;
use crate::{browser, t, text};

/// The pane that is shown where there is room for one alone.
#[derive(Clone, Copy)]
pub struct ShownPane(pub RwSignal<&'static str>);

/// What a rule does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Shown,
    Required,
}

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the field itself, in this member.
    Field(&'static str),
    /// Among those of the form.
    Form(usize),
}

/// The rule that a field takes part in: one that shows it before one that requires it, its own before one of the form.
pub fn rule_of(document: &FormDocument, path: &str) -> Option<(Part, Place)> {
    let field = document.field(path)?;
    let of_form = |names: &dyn Fn(&Rule) -> &[String]| {
        let mut rules = document.rules.iter();
        rules.position(|rule| names(rule).iter().any(|named| named == path)).map(Place::Form)
    };
    let own = |is_there: bool, member: &'static str| is_there.then_some(Place::Field(member));
    let shown = own(field.visible_when.is_some(), "visible_when").or_else(|| of_form(&|rule| &rule.show));
    let required =
        own(field.required_when.is_some(), "required_when").or_else(|| of_form(&|rule| &rule.require));
    let shown = shown.map(|place| (Part::Shown, place));
    shown.or(required.map(|place| (Part::Required, place)))
}

impl Place {
    /// What the rule asks, of the field at a path where it is not of the form.
    fn condition(self, document: &FormDocument, path: &str) -> Option<Condition> {
        let condition = match self {
            Place::Field("visible_when") => document.field(path)?.visible_when.clone()?,
            Place::Field(_) => document.field(path)?.required_when.clone()?,
            Place::Form(place) => document.rules.get(place)?.when.clone(),
        };
        // One line is the line itself.
        match condition {
            Condition::All(mut parts) if parts.len() == 1 => parts.pop(),
            other => Some(other),
        }
    }

    /// Where the rule is found among the settings.
    fn selector(self) -> String {
        match self {
            Place::Field(member) => format!(".pane.right [data-member=\"{member}\"] > summary"),
            Place::Form(place) => format!(".pane.right [data-rule=\"{place}\"]"),
        }
    }

    /// Opens the rule; it is of the field at a path where it is not of the form.
    fn open(self, designer: Designer, path: &str, pane: Option<ShownPane>) {
        designer.more.set(Default::default());
        designer.selected.set(match self {
            Place::Field(_) => Selected::Field(path.to_string()),
            Place::Form(_) => Selected::Form,
        });
        if let Some(ShownPane(pane)) = pane {
            pane.set(SETTINGS);
        }
        // Its settings are there by then.
        request_animation_frame(move || browser::unfold_at(&self.selector()));
    }
}

/// The mark, where a rule shows or requires the field; a press opens the rule.
#[component]
pub fn RuleBadge(
    designer: Designer,
    path: String,
    part: Part,
    place: Place,
    /// Whether the field is not shown with what is filled in now.
    #[prop(into)]
    hidden: Signal<bool>,
) -> impl IntoView {
    let pane = use_context::<ShownPane>();
    let path = StoredValue::new(path);
    let words = move || match (hidden.get(), part) {
        (true, _) => t!("designer-hidden-now")(),
        (false, Part::Shown) => t!("designer-has-rule")(),
        (false, Part::Required) => t!("designer-rule-requires-it")(),
    };
    let asked = move || {
        let form = designer.form.get()?;
        let condition =
            designer.document.with(|document| path.with_value(|path| place.condition(document, path)))?;
        let Words { subject, rest } = Words::of(&condition, &subjects(&form));
        Some(text!("designer-rule-if", condition = format!("{subject} {rest}").trim()))
    };
    let tip = move || asked().unwrap_or_else(t!("designer-open-rule"));
    let open = move |event: leptos::ev::MouseEvent| {
        // The field itself is not what is meant.
        event.stop_propagation();
        event.prevent_default();
        path.with_value(|path| place.open(designer, path, pane));
    };
    view! {
        <button type="button" class="rule-badge" data-tip=tip on:click=open>
            <Icon name="branch"/>
            {words}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn document(field: Json, rules: Json) -> FormDocument {
        serde_json::from_value(json!({"key": "f", "label": "F", "rules": rules, "fields": [
            {"key": "b", "label": "B", "kind": "text"}, field]}))
        .unwrap()
    }

    #[test]
    fn a_field_is_led_to_the_rule_that_it_takes_part_in() {
        let when = json!({"field": "b", "op": "eq", "value": "x"});
        let rule = |member: &str, key: &str| json!({"when": when, member: [key]});
        let plain = || json!({"key": "a", "label": "A", "kind": "text"});
        let with = |member: &str| {
            let mut field = plain();
            field[member] = when.clone();
            field
        };
        let of = |field: Json, rules: Json| rule_of(&document(field, rules), "a");
        assert_eq!(of(plain(), json!([rule("show", "b")])), None);
        assert_eq!(
            of(with("visible_when"), json!([rule("show", "a")])),
            Some((Part::Shown, Place::Field("visible_when")))
        );
        assert_eq!(
            of(with("required_when"), json!([])),
            Some((Part::Required, Place::Field("required_when")))
        );
        let both = json!([rule("require", "a"), rule("show", "b"), rule("show", "a")]);
        assert_eq!(of(plain(), both), Some((Part::Shown, Place::Form(2))), "what shows it comes first");
        assert_eq!(
            of(plain(), json!([rule("show", "b"), rule("require", "a")])),
            Some((Part::Required, Place::Form(1)))
        );
        assert_eq!(rule_of(&document(plain(), json!([])), "gone"), None);
    }
}
