//! Values where nobody sets them: words, and no input that is closed.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::record::Draft;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::wholes::form_of;
use crate::api::forms::Related;
use crate::fill::{FormState, Titles, field_reading};
use crate::records::{context, loaders_of_draft};
use crate::text;

/// A value of a kind as a field shows it that is not to be filled in; `options` are in the reader's language.
pub(super) fn read(kind: &'static str, options: fn() -> Json, value: Json) -> AnyView {
    // Made anew in another language.
    let shown = move || reading(kind, options(), value.clone());
    shown.into_any()
}

fn reading(kind: &str, options: Json, value: Json) -> Option<AnyView> {
    let label = text!("gallery-option", number = 1);
    let form = form_of(json!([{"key": "value", "label": label, "kind": kind, "options": options}]))?;
    let draft = Draft::new(form.clone(), context(BTreeMap::new()));
    let titles = Titles::default();
    let related = Arc::new(Related::default());
    let loaders = loaders_of_draft(form.sketch.id, form.clone(), related, titles);
    let state = FormState::new(draft, loaders, titles);
    untrack(|| state.enter("value", value));
    form.column("value").map(|column| field_reading(state, "value", column))
}

/// No options.
pub(super) fn plain() -> Json {
    json!({})
}

/// Three choices.
pub(super) fn choices() -> Json {
    let choice =
        |number: u32| json!({"key": number.to_string(), "label": text!("gallery-option", number = number)});
    json!({"choices": [choice(1), choice(2), choice(3)]})
}

/// A choice within another.
pub(super) fn levels() -> Json {
    let branch = |number: u32, within: Json| json!({"key": number.to_string(), "label": text!("gallery-option", number = number), "children": within});
    json!({"choices": [branch(1, json!([branch(2, json!([]))]))]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_of_kinds_that_there_are() {
        Owner::new().with(|| {
            untrack(|| {
                for (kind, options) in [
                    ("select", choices()),
                    ("multi_select", choices()),
                    ("cascader", levels()),
                    ("rating", plain()),
                ] {
                    let field = json!([{"key": "value", "label": "1", "kind": kind, "options": options}]);
                    assert!(form_of(field).is_some(), "{kind}");
                }
            });
        });
    }
}
