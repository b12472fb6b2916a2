//! Who changed what of a record, newest first.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::field::{FieldKind, Shape};
use engine::form::{Column, system_label};
use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::{Change, HistoryEntry};

use super::loaders;
use crate::api::forms::OpenForm;
use crate::api::{people, records};
use crate::fill::{Titles, value_text};
use crate::i18n;
use crate::inbox::flow_state_name;
use crate::ui::{Avatar, AvatarSize, Empty, Icon, Loaded};
use crate::{t, text};

/// Changes of one save that are shown before one asks for the rest.
const SHOWN: usize = 6;

/// The history of a record. Raise `round` to ask anew.
#[component]
pub fn History(
    form: OpenForm,
    record: Id,
    titles: Titles,
    #[prop(optional, into)] round: Signal<u32>,
) -> impl IntoView {
    let id = form.info.id;
    let shared = StoredValue::new(Arc::new(form));
    let entries = LocalResource::new(move || {
        round.track();
        async move {
            let entries = records::history(id, record).await?;
            learn_names(shared.get_value(), &entries, titles).await;
            Ok(entries)
        }
    });
    let entry =
        move |entry: HistoryEntry| view! { <Entry form=shared.get_value() entry=entry titles=titles/> };
    let list = move |entries: Vec<HistoryEntry>| {
        if entries.is_empty() {
            view! { <Empty icon="history" title=t!("record-no-history")/> }.into_any()
        } else {
            view! { <ol class="timeline">{entries.into_iter().map(entry).collect_view()}</ol> }.into_any()
        }
    };
    view! { <Loaded answer=entries view=list/> }
}

/// Asks for the names of the people and records that the entries mention and nobody has named yet.
async fn learn_names(form: Arc<OpenForm>, entries: &[HistoryEntry], titles: Titles) {
    /// Linked records that are asked for at most.
    const MOST: usize = 20;
    let unknown = |id: &Id| untrack(|| titles.known(*id)).is_none();
    let mut members: BTreeSet<Id> = entries.iter().filter_map(|entry| entry.who).collect();
    let mut linked: BTreeSet<(Id, Id)> = BTreeSet::new();
    for (key, change) in entries.iter().filter(|entry| entry.version > 1).flat_map(|entry| &entry.changes) {
        let column = form.form.column(key);
        let ids = [&change.old, &change.new].into_iter().flat_map(ids_in);
        match column.map(|column| (&column.field.kind, column.target)) {
            Some((FieldKind::Link(_), Some(target))) => linked.extend(ids.map(|id| (target, id))),
            Some((FieldKind::Member(_), _)) => members.extend(ids),
            None if key.starts_with('$') => members.extend(ids),
            _ => {}
        }
    }
    if members.iter().any(unknown)
        && let Ok(list) = people::members().await
    {
        for member in list.items {
            titles.learn_one(member.id, member.name);
        }
    }
    let loaders = loaders(&form, titles);
    // Who may not see a record reads that.
    let linked: Vec<(Id, Id)> = linked.into_iter().filter(|(_, id)| unknown(id)).take(MOST).collect();
    if !linked.is_empty() {
        loaders.linked.run(linked).await;
    }
}

fn ids_in(json: &Json) -> Vec<Id> {
    match json {
        Json::String(text) => text.parse().ok().into_iter().collect(),
        Json::Array(items) => items.iter().flat_map(ids_in).collect(),
        _ => Vec::new(),
    }
}

/// One save.
#[component]
fn Entry(form: Arc<OpenForm>, entry: HistoryEntry, titles: Titles) -> impl IntoView {
    let who = entry.who;
    let name =
        Signal::derive(move || who.map(|who| titles.of(who)).unwrap_or_else(|| text!("history-automatic")));
    let at = parse_timestamp(&entry.at).map(i18n::date_time).unwrap_or(entry.at.clone());
    let created = entry.version <= 1;
    let (icon, mark) = match sort_of(&entry) {
        Sort::Created => ("plus", "mark success"),
        Sort::Deleted => ("trash", "mark danger"),
        Sort::Restored => ("undo", "mark"),
        Sort::Changed => ("edit", "mark"),
    };
    let sort = sort_of(&entry);
    let what = move || match sort {
        Sort::Created => text!("history-created"),
        Sort::Deleted => text!("history-deleted"),
        Sort::Restored => text!("history-restored"),
        Sort::Changed => text!("history-changed"),
    };
    let lines: Vec<AnyView> = match created {
        true => Vec::new(),
        false => entry
            .changes
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "$deleted_at" | "$version"))
            .filter_map(|(key, change)| line(&form, key, change, titles))
            .collect(),
    };
    let mut lines = lines.into_iter();
    let first: Vec<AnyView> = lines.by_ref().take(SHOWN).collect();
    let rest: Vec<AnyView> = lines.collect();
    let more = rest.len();
    view! {
        <li>
            <span class=mark><Icon name=icon/></span>
            <div>
                <div class="what"><b>{what}</b><span class="when">{at}</span></div>
                <div class="who"><span class="person"><Avatar name=name size=AvatarSize::Small/>{name}</span></div>
                {(!first.is_empty()).then(|| view! {
                    <div class="changes">
                        {first}
                        {(more > 0).then(|| view! {
                            <details><summary class="link">{t!("history-more", count = more)}</summary>{rest}</details>
                        })}
                    </div>
                })}
            </div>
        </li>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Created,
    Deleted,
    Restored,
    Changed,
}

fn sort_of(entry: &HistoryEntry) -> Sort {
    match entry.changes.get("$deleted_at") {
        _ if entry.version <= 1 => Sort::Created,
        Some(change) if change.new.is_null() => Sort::Restored,
        Some(_) => Sort::Deleted,
        None => Sort::Changed,
    }
}

/// What became of one field; nothing for what nobody has a word for.
fn line(form: &Arc<OpenForm>, key: &str, change: &Change, titles: Titles) -> Option<AnyView> {
    let line = |label: AnyView, change: AnyView| {
        view! { <div class="change"><span class="muted">{label}</span>" "{change}</div> }.into_any()
    };
    if key.starts_with('$') {
        let name = key.to_string();
        if system_label(key, i18n::language_now()).is_empty() {
            return None;
        }
        let label = (move || system_label(&name, i18n::language())).into_any();
        let (old, new) = (system_text(key, &change.old, titles), system_text(key, &change.new, titles));
        return Some(line(label, turned(old, new)));
    }
    let column = form.form.column(key)?;
    let label = column.field.label.clone();
    let label = (move || label.get(i18n::language()).to_string()).into_any();
    if column.shape == Shape::Rows {
        let rows = RowsChanged::between(&change.old, &change.new);
        return Some(line(label, (move || rows.sentence()).into_any()));
    }
    let shown = |json: &Json| {
        let (form, key, json) = (form.clone(), key.to_string(), json.clone());
        Signal::derive(move || {
            form.form.column(&key).map(|column| text_of(column, &json, titles)).unwrap_or_default()
        })
    };
    Some(line(label, turned(shown(&change.old), shown(&change.new))))
}

/// `old → new`; what is empty says so.
fn turned(old: Signal<String>, new: Signal<String>) -> AnyView {
    let said = |text: Signal<String>| {
        move || Some(text.get()).filter(|text| !text.is_empty()).unwrap_or_else(|| text!("history-empty"))
    };
    view! { <span class="muted">{said(old)}</span>" → "<span>{said(new)}</span> }.into_any()
}

fn text_of(column: &Column, json: &Json, titles: Titles) -> String {
    let value = column.read_kind.read(json);
    value_text(column, &value, titles, i18n::language())
}

fn system_text(key: &str, json: &Json, titles: Titles) -> Signal<String> {
    let text = json.as_str().unwrap_or_default().to_string();
    match key {
        "$flow_state" => Signal::derive(move || match text.as_str() {
            "" => String::new(),
            state => flow_state_name(state),
        }),
        "$voided_at" => {
            let at = parse_timestamp(&text).map(i18n::date_time).unwrap_or(text);
            Signal::stored(at)
        }
        _ => {
            let ids = ids_in(json);
            Signal::derive(move || ids.iter().map(|id| titles.of(*id)).collect::<Vec<_>>().join("、"))
        }
    }
}

/// What became of the rows of a sub-form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RowsChanged {
    added: usize,
    changed: usize,
    removed: usize,
}

impl RowsChanged {
    fn between(old: &Json, new: &Json) -> RowsChanged {
        let rows = |json: &Json| json.as_array().cloned().unwrap_or_default();
        let (old, new) = (rows(old), rows(new));
        let same = |a: &Json, b: &Json| a.get("id") == b.get("id");
        let before = |row: &Json| old.iter().find(|known| same(known, row));
        RowsChanged {
            added: new.iter().filter(|row| before(row).is_none()).count(),
            changed: new.iter().filter(|row| before(row).is_some_and(|known| known != *row)).count(),
            removed: old.iter().filter(|row| !new.iter().any(|known| same(known, row))).count(),
        }
    }

    fn sentence(self) -> String {
        let parts = [
            (self.added > 0).then(|| text!("history-rows-added", count = self.added)),
            (self.changed > 0).then(|| text!("history-rows-changed", count = self.changed)),
            (self.removed > 0).then(|| text!("history-rows-removed", count = self.removed)),
        ];
        let said = parts.into_iter().flatten().collect::<Vec<_>>();
        if said.is_empty() { text!("history-rows-moved") } else { said.join(&text!("history-and")) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_known_by_their_ids() {
        let old = json!([{"id": "a", "qty": "1"}, {"id": "b", "qty": "2"}, {"id": "c", "qty": "3"}]);
        let new = json!([{"id": "a", "qty": "1"}, {"id": "c", "qty": "4"}, {"id": "d", "qty": "5"}]);
        assert_eq!(RowsChanged::between(&old, &new), RowsChanged { added: 1, changed: 1, removed: 1 });
        assert_eq!(RowsChanged::between(&Json::Null, &new).added, 3);
    }

    #[test]
    fn a_save_that_deletes_or_restores_says_so() {
        let entry = |version: i64, changes: Json| HistoryEntry {
            version,
            at: String::new(),
            who: None,
            on_behalf_of: None,
            path: "web".into(),
            changes: serde_json::from_value(changes).unwrap(),
        };
        assert_eq!(sort_of(&entry(1, json!({"a": {"old": null, "new": "1"}}))), Sort::Created);
        assert_eq!(sort_of(&entry(2, json!({"a": {"old": "1", "new": "2"}}))), Sort::Changed);
        let deleted = json!({"$deleted_at": {"old": null, "new": "2026-01-01T00:00:00Z"}});
        assert_eq!(sort_of(&entry(3, deleted)), Sort::Deleted);
        let restored = json!({"$deleted_at": {"old": "2026-01-01T00:00:00Z", "new": null}});
        assert_eq!(sort_of(&entry(4, restored)), Sort::Restored);
    }
}
