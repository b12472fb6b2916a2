//! Two people changed one record: field by field, whose value stays.

use std::collections::BTreeMap;

use engine::form::Form;
use engine::value::{Value, Values, get};
use leptos::prelude::*;

use crate::fill::{Titles, value_text};
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, Dialog, Radio};

/// A field that both changed: mine and theirs.
#[derive(Clone, PartialEq)]
pub struct Clash {
    pub key: String,
    pub mine: Value,
    pub theirs: Value,
}

/// What both changed since `base`, to different values.
pub fn clashes(base: &Values, mine: &Values, theirs: &Values, form: &Form) -> Vec<Clash> {
    form.fields()
        .filter(|column| column.field.is_input())
        .filter_map(|column| {
            let key = &column.path;
            let (was, my, their) = (get(base, key), get(mine, key), get(theirs, key));
            let both = my != was && their != was && my != their;
            both.then(|| Clash { key: key.clone(), mine: my.clone(), theirs: their.clone() })
        })
        .collect()
}

/// Asks for each field whose value stays.
#[component]
pub fn MergeDialog(
    open: RwSignal<bool>,
    form: std::sync::Arc<Form>,
    clashes: RwSignal<Vec<Clash>>,
    titles: Titles,
    /// Hears the keys of the fields where the other's value stays.
    #[prop(into)]
    on_choose: Callback<Vec<String>>,
) -> impl IntoView {
    let theirs = RwSignal::new(BTreeMap::<String, bool>::new());
    let form = StoredValue::new(form);
    let shown = move |key: &str, value: &Value| {
        form.with_value(|form| {
            form.column(key)
                .map(|column| value_text(column, value, titles, i18n::language()))
                .unwrap_or_default()
        })
    };
    let label = move |key: &str| {
        form.with_value(|form| {
            form.column(key)
                .map(|column| column.field.label.get(i18n::language()).to_string())
                .unwrap_or_default()
        })
    };
    let line = move |clash: Clash| {
        let key = StoredValue::new(clash.key.clone());
        let (mine, other) = (shown(&clash.key, &clash.mine), shown(&clash.key, &clash.theirs));
        let is_theirs =
            move || theirs.with(|theirs| key.with_value(|key| theirs.get(key).copied().unwrap_or(false)));
        let choose = move |other: bool| {
            theirs.update(|theirs| {
                theirs.insert(key.get_value(), other);
            })
        };
        view! {
            <tr>
                <th>{label(&clash.key)}</th>
                <td><Radio name=clash.key.clone() checked=Signal::derive(move || !is_theirs()) on_choose=move |()| choose(false)>{mine}</Radio></td>
                <td><Radio name=clash.key.clone() checked=Signal::derive(is_theirs) on_choose=move |()| choose(true)>{other}</Radio></td>
            </tr>
        }
    };
    let done = move |_| {
        open.set(false);
        let kept = theirs.with_untracked(|theirs| {
            theirs.iter().filter(|(_, other)| **other).map(|(key, _)| key.clone()).collect()
        });
        on_choose.run(kept);
    };
    let foot =
        move || view! { <Button kind=ButtonKind::Primary on_press=done>{t!("record-merge-save")}</Button> };
    view! {
        <Dialog open=open title=Signal::derive(t!("record-merge-title")) foot=Some(ViewFn::from(foot))>
            <p>{t!("record-merge-text")}</p>
            <table class="table">
                <thead><tr><th></th><th>{t!("record-merge-mine")}</th><th>{t!("record-merge-theirs")}</th></tr></thead>
                <tbody>{move || clashes.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::form::{Catalogue, FormDocument, Sketch};

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<std::sync::Arc<Sketch>> {
            None
        }
    }

    #[test]
    fn only_what_both_changed_differently_clashes() {
        let document: FormDocument =
            serde_json::from_value(serde_json::json!({"key": "f", "label": "f", "fields": [
            {"key": "a", "label": "a", "kind": "text"}, {"key": "b", "label": "b", "kind": "text"},
            {"key": "c", "label": "c", "kind": "text"}]}))
            .unwrap();
        let id = engine::value::Id::from_i64(1).unwrap();
        let sketch = Sketch { id, app: "x".into(), document };
        let form = Form::publish(std::sync::Arc::new(sketch), 1, &Alone).unwrap();
        let values = |a: &str, b: &str, c: &str| {
            Values::from([
                ("a".to_string(), Value::text(a)),
                ("b".to_string(), Value::text(b)),
                ("c".to_string(), Value::text(c)),
            ])
        };
        let found = clashes(&values("1", "1", "1"), &values("2", "2", "1"), &values("3", "2", "9"), &form);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].key, "a");
    }
}
