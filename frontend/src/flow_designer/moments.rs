//! A moment that a field of the record holds, moved or not.

use engine::flow::document::FieldMoment;
use engine::flow::{FormInfo, Holds, InForm};
use leptos::prelude::*;

use super::people::field_name;
use super::span::{SpanInput, Unit};
use super::state::FlowDesigner;
use crate::t;
use crate::ui::{Choice, Field, Segment, Segmented, Select};

/// The fields of the record that hold dates and instants.
pub fn moments(designer: FlowDesigner) -> Vec<Choice> {
    let (form, catalogue) = (designer.published_form(), designer.catalogue.get());
    let about = InForm { form: &form, catalogue: &*catalogue };
    let own = form.fields().map(|column| column.path.clone());
    let system = ["$created_at", "$updated_at"].map(String::from);
    let holds = |path: &String| about.holds(path) == Some(Holds::Moments);
    own.chain(system).filter(holds).map(|path| Choice::new(&path, field_name(designer, &path))).collect()
}

/// How far a moment is from what the field holds: its direction, and its length without a sign.
fn parts_of(offset: &str) -> (&'static str, String) {
    match offset.strip_prefix('-') {
        Some(length) => ("before", length.to_string()),
        None if offset.is_empty() => ("at", String::new()),
        None => ("after", offset.to_string()),
    }
}

/// The offset that they make; nothing for the moment itself.
fn offset_of(direction: &str, length: &str) -> Option<String> {
    match direction {
        "before" => Some(format!("-{length}")),
        "after" => Some(length.to_string()),
        _ => None,
    }
}

/// Chooses the field, and how long before or after it.
#[component]
pub fn MomentOfField(
    designer: FlowDesigner,
    #[prop(into)] value: Signal<Option<FieldMoment>>,
    #[prop(into)] on_change: Callback<FieldMoment>,
) -> impl IntoView {
    let choices = Signal::derive(move || moments(designer));
    let field =
        Signal::derive(move || value.get().map(|moment| moment.field).filter(|field| !field.is_empty()));
    let parts = Memo::new(move |_| {
        let offset = value.get().and_then(|moment| moment.offset).unwrap_or_default();
        parts_of(&offset)
    });
    let say = move |field: Option<String>, offset: Option<String>| {
        let known = value.get_untracked();
        let field = field.or_else(|| known.map(|known| known.field)).unwrap_or_default();
        on_change.run(FieldMoment { field, offset });
    };
    let own_offset = move || value.get_untracked().and_then(|moment| moment.offset);
    let choose = move |field: Option<String>| {
        if field.is_some() {
            say(field, own_offset());
        }
    };
    let turn = move |direction: &'static str| {
        let (_, length) = parts.get_untracked();
        let length = if length.is_empty() { "P1D".to_string() } else { length };
        say(None, offset_of(direction, &length));
    };
    let enter = move |length: String| say(None, offset_of(parts.get_untracked().0, &length));
    let units = Signal::stored(Unit::ALL.to_vec());
    let segment = |key: &'static str, words: fn() -> String| Segment::new(key, words);
    view! {
        <Field label=t!("flows-moment-field")>
            <Select choices=choices value=field on_change=choose/>
        </Field>
        <Segmented
            segments=vec![
                segment("before", || crate::text!("flows-before")),
                segment("at", || crate::text!("flows-at")),
                segment("after", || crate::text!("flows-after")),
            ]
            selected=Signal::derive(move || parts.get().0.to_string())
            on_select=turn
            label=Signal::derive(t!("flows-moment-field"))
        />
        <Show when=move || parts.get().0 != "at">
            <SpanInput value=Signal::derive(move || parts.get().1) units=units on_change=enter label=Signal::derive(t!("flows-how-long"))/>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_goes_apart_and_together_again() {
        for offset in ["-P1D", "PT2H"] {
            let (direction, length) = parts_of(offset);
            assert_eq!(offset_of(direction, &length).as_deref(), Some(offset));
        }
        assert_eq!(parts_of(""), ("at", String::new()));
        assert_eq!(offset_of("at", "P1D"), None);
    }
}
