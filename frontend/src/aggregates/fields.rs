//! What the editor of aggregate tables is made of: the document while it is changed, and inputs for its parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::aggregate::{AggregateDocument, AggregateFn};
use engine::field::Shape;
use engine::form::{Form, is_key};
use engine::text::Label;
use leptos::prelude::*;

use crate::conditions::{Subject, subjects};
use crate::i18n;
use crate::t;
use crate::ui::{Choice, ControlSize, Field, IconButton, TextInput};

/// A table while it is designed.
#[derive(Clone, Copy)]
pub struct Editor {
    pub document: RwSignal<AggregateDocument>,
    /// Raised when a part comes or goes: the inputs are made anew then, and only then, so that none loses what is typed.
    pub parts: RwSignal<u32>,
    /// The published forms of the app, by key, as far as they were asked for; nothing for one that can't be opened.
    pub forms: RwSignal<BTreeMap<String, Option<Arc<Form>>>>,
}

impl Editor {
    pub fn of(document: AggregateDocument) -> Editor {
        Editor {
            document: RwSignal::new(document),
            parts: RwSignal::new(0),
            forms: RwSignal::new(BTreeMap::new()),
        }
    }

    /// Changes a value in place; no input is made anew.
    pub fn set(self, change: impl FnOnce(&mut AggregateDocument)) {
        self.document.update(change);
    }

    /// Adds or removes a part.
    pub fn reshape(self, change: impl FnOnce(&mut AggregateDocument)) {
        self.document.update(change);
        self.parts.update(|parts| *parts += 1);
    }

    /// The form that a source names, once it was opened; tracked.
    pub fn form(self, key: &str) -> Option<Arc<Form>> {
        self.forms.with(|forms| forms.get(key).cloned().flatten())
    }

    /// Whether it is known what the form is that a source names; tracked.
    pub fn knows_form(self, key: &str) -> bool {
        self.forms.with(|forms| forms.contains_key(key))
    }
}

/// A label with the text for the language on the screen replaced; one text stays one text.
pub fn with_text(label: &Label, text: &str) -> Label {
    match label {
        Label::Plain(_) => Label::Plain(text.to_string()),
        Label::Translated(texts) => {
            let mut texts = texts.clone();
            texts.insert(i18n::language_now(), text.to_string());
            Label::Translated(texts)
        }
    }
}

/// As [`with_text`], where there need be no label: none is left without a text.
pub fn with_text_or_none(label: Option<&Label>, text: &str) -> Option<Label> {
    let label = with_text(label.unwrap_or(&Label::default()), text);
    (!label.is_blank()).then_some(label)
}

/// A code that none of these has yet.
pub fn free_key<'k>(start: &str, taken: impl Iterator<Item = &'k str> + Clone) -> String {
    let numbered = (1_u32..).map(|number| format!("{start}_{number}"));
    let is_free = |key: &String| !taken.clone().any(|known| known == key);
    numbered.into_iter().find(is_free).unwrap_or_default()
}

/// A code as somebody typed it, if it can be one.
pub fn read_key(text: &str) -> Option<String> {
    let text = text.trim();
    is_key(text).then(|| text.to_string())
}

/// A line of text with its label above.
#[component]
pub fn TextField(
    #[prop(into)] label: Signal<String>,
    /// What it starts with.
    value: String,
    /// Hears the finished text.
    #[prop(into)]
    on_change: Callback<String>,
    #[prop(optional)] name: Option<&'static str>,
) -> impl IntoView {
    let shown = RwSignal::new(value);
    let change = move |text: String| {
        shown.set(text.clone());
        on_change.run(text);
    };
    view! {
        <Field label=label class="grow">
            <TextInput value=shown on_change=change name=name.unwrap_or("part") size=ControlSize::Normal/>
        </Field>
    }
}

/// The cross at the end of a part's line.
#[component]
pub fn RemoveButton(#[prop(into)] on_remove: Callback<()>) -> impl IntoView {
    view! {
        <IconButton
            icon="close"
            label=Signal::derive(t!("ui-remove"))
            size=ControlSize::Small
            on_press=move |_| on_remove.run(())
        />
    }
}

/// The fields of a form that a source with these rows may read, as choices.
pub fn choices_of(form: &Form, rows: Option<&str>, fits: impl Fn(&Subject) -> bool) -> Vec<Choice> {
    let reads = |subject: &Subject| match subject.path.split_once('.') {
        None => true,
        Some((subform, _)) => rows == Some(subform),
    };
    let all = subjects(form).into_iter().filter(|subject| reads(subject) && fits(subject));
    all.map(|subject| Choice::new(subject.path, subject.label)).collect()
}

/// Whether groups can be told apart by values of this shape.
pub fn is_single(shape: Shape) -> bool {
    !matches!(
        shape,
        Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Markup | Shape::Nothing
    )
}

/// Whether values of this shape have a day.
pub fn is_time(shape: Shape) -> bool {
    matches!(shape, Shape::Day | Shape::Instant)
}

/// Whether a function can be applied to values of this shape.
pub fn takes(function: AggregateFn, shape: Shape) -> bool {
    match function {
        AggregateFn::Count | AggregateFn::Distinct => is_single(shape),
        AggregateFn::Sum | AggregateFn::Avg | AggregateFn::Min | AggregateFn::Max => {
            matches!(shape, Shape::Decimal(_))
        }
    }
}

/// Functions with their names on the wire and on the screen.
pub const FUNCTIONS: [(AggregateFn, &str); 6] = [
    (AggregateFn::Sum, "sum"),
    (AggregateFn::Count, "count"),
    (AggregateFn::Avg, "avg"),
    (AggregateFn::Min, "min"),
    (AggregateFn::Max, "max"),
    (AggregateFn::Distinct, "distinct"),
];

/// The choices among [`FUNCTIONS`].
pub fn function_choices() -> Vec<Choice> {
    let choice =
        |(_, key): &(AggregateFn, &str)| Choice::new(*key, i18n::lookup(&format!("aggregate-fn-{key}"), &[]));
    FUNCTIONS.iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_part_has_a_code_of_its_own() {
        let taken = ["measure_1", "measure_3"];
        assert_eq!(free_key("measure", taken.into_iter()), "measure_2");
        assert_eq!(free_key("other", taken.into_iter()), "other_1");
        assert_eq!(read_key(" on_hand "), Some("on_hand".to_string()));
        assert_eq!(read_key("On hand"), None);
    }

    #[test]
    fn functions_fit_what_they_are_of() {
        assert!(takes(AggregateFn::Avg, Shape::Decimal(2)) && !takes(AggregateFn::Max, Shape::Day));
        assert!(takes(AggregateFn::Distinct, Shape::Ref) && !takes(AggregateFn::Distinct, Shape::Refs));
    }

    #[test]
    fn a_label_keeps_its_other_languages() {
        let language = i18n::language_now();
        let other = i18n::Language::ALL.into_iter().find(|known| *known != language).unwrap();
        let label = Label::Translated([(language, "a".to_string()), (other, "b".to_string())].into());
        let changed = with_text(&label, "c");
        assert_eq!((changed.get(language), changed.get(other)), ("c", "b"));
        assert_eq!(with_text_or_none(None, " "), None);
        assert_eq!(with_text_or_none(None, "x"), Some(Label::Plain("x".into())));
    }
}
