//! What uses a field, in words.

use engine::text::{Label, Language};
use engine::value::Id;
use leptos::prelude::*;
use wire::Dependent;

use crate::i18n;

/// The uses, one a line.
#[component]
pub fn Uses(
    uses: Vec<Dependent>,
    /// The form that is designed: what is in another is said to be.
    form: Id,
) -> impl IntoView {
    let line = move |one: Dependent| view! { <li>{move || said(&one, form, i18n::language())}</li> };
    view! { <ul class="stack g1 uses">{uses.into_iter().map(line).collect_view()}</ul> }
}

fn said(one: &Dependent, form: Id, language: Language) -> String {
    let name = |label: &Option<Label>| {
        label.as_ref().map(|label| label.get(language).to_string()).unwrap_or_default()
    };
    let (label, place) = (name(&one.label), name(&one.place));
    let number = i64::from(one.number.unwrap_or_default());
    let used = one.used_in.replace('_', "-");
    let key = match (one.object.as_str(), place.is_empty()) {
        // Which step or tile it is, may be told to nobody.
        ("flow" | "dashboard", true) => format!("designer-use-{used}-somewhere"),
        _ => format!("designer-use-{used}"),
    };
    let (place, named) = (if place.is_empty() { "…".to_string() } else { place }, label.clone());
    let args = [("place", place.into()), ("name", label.into()), ("number", number.into())];
    let what = i18n::in_language(language, &key, &args);
    if one.object != "form" || one.id == Some(form) {
        return what;
    }
    let key = if one.id.is_some() { "designer-use-elsewhere" } else { "designer-use-in-another" };
    i18n::in_language(language, key, &[("what", what.into()), ("form", named.into())])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn used(json: serde_json::Value) -> String {
        let one = serde_json::from_value(json).unwrap();
        said(&one, Id::from_i64(1).unwrap(), Language::En)
    }

    #[test]
    fn every_use_is_told_with_its_place() {
        let (here, there) = (Id::from_i64(1).unwrap(), Id::from_i64(2).unwrap());
        let own = json!({"object": "form", "used_in": "formula", "id": here, "label": "Order", "place": "Total", "blocks": true});
        assert_eq!(used(own), "Formula of “Total”");
        let other = json!({"object": "form", "used_in": "lookup", "id": there, "label": "Bill", "place": "Price", "blocks": true});
        assert_eq!(used(other), "Looked up by “Price” in the form “Bill”");
        let hidden = json!({"object": "form", "used_in": "rollup", "blocks": true});
        assert_eq!(used(hidden), "Added up by “…” in another form");
        let rule = json!({"object": "form", "used_in": "rule", "id": here, "number": 2, "blocks": true});
        assert_eq!(used(rule), "Rule 2");
        let flow =
            json!({"object": "flow", "used_in": "flow", "id": here, "label": "Approval", "blocks": false});
        assert_eq!(used(flow), "Flow “Approval”");
    }
}
