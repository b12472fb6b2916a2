//! Who changed what of a record, newest first.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::field::{Reference, Shape};
use engine::form::{Column, Form, system_label};
use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use wire::records::{Change, HistoryEntry, Record};

use super::loaders;
use super::row_changes::{RowChange, RowSort, row_changes, rows};
use crate::api::forms::OpenForm;
use crate::api::{people, records};
use crate::fill::{Titles, computed, value_text};
use crate::i18n;
use crate::inbox::flow_state_name;
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonKind, ConfirmDialog, ControlSize, Empty, Icon, Loaded, toast,
};
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
    /// Hears that the record holds an earlier version's values again; where nobody does, none can be brought back.
    on_restored: Option<Callback<Record>>,
) -> impl IntoView {
    let id = form.info.id;
    let shared = StoredValue::new(Arc::new(form));
    // The version that is to come back, and from when it is.
    let wanted = RwSignal::new(None::<(i64, String)>);
    let asking = RwSignal::new(false);
    // The newest version that is listed: what comes back is written over that one and no later one.
    let seen = StoredValue::new(0i64);
    let entries = LocalResource::new(move || {
        round.track();
        async move {
            let entries = records::history(id, record).await?;
            learn_names(shared.get_value(), &entries, titles).await;
            Ok(entries)
        }
    });
    let ask = Callback::new(move |which: (i64, String)| {
        wanted.set(Some(which));
        asking.set(true);
    });
    let list = move |entries: Vec<HistoryEntry>| {
        if entries.is_empty() {
            return view! { <Empty icon="history" title=t!("record-no-history")/> }.into_any();
        }
        let newest = entries.iter().map(|entry| entry.version).max();
        seen.set_value(newest.unwrap_or_default());
        let entry = |entry: HistoryEntry| {
            let comes_back = Some(entry.version) != newest && sort_of(&entry) != Sort::Deleted;
            let ask = on_restored.filter(|_| comes_back).map(|_| ask);
            view! { <Entry form=shared.get_value() entry=entry titles=titles ask=ask/> }
        };
        view! { <ol class="timeline">{entries.into_iter().map(entry).collect_view()}</ol> }.into_any()
    };
    let busy = RwSignal::new(false);
    let restore = move |()| {
        let (Some((version, _)), Some(on_restored)) = (wanted.get_untracked(), on_restored) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = records::restore_version(id, record, version, seen.get_value()).await;
            // The page may be left by now.
            let _ = busy.try_set(false);
            match answer {
                Ok(record) => {
                    let _ = asking.try_set(false);
                    toast::show(text!("history-went-back-done"));
                    let _ = on_restored.try_run(record);
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let question = Signal::derive(move || {
        let at = wanted.get().map(|(_, at)| at).unwrap_or_default();
        text!("history-restore-question", at = at)
    });
    view! {
        <Loaded answer=entries view=list/>
        <ConfirmDialog open=asking title=question action=Signal::derive(t!("history-restore")) kind=ButtonKind::Primary busy=busy on_confirm=restore>
            <p>{t!("history-restore-text")}</p>
        </ConfirmDialog>
    }
}

/// Asks for the names of the people and records that the entries mention and nobody has named yet.
async fn learn_names(form: Arc<OpenForm>, entries: &[HistoryEntry], titles: Titles) {
    /// Linked records that are asked for at most.
    const MOST: usize = 20;
    let unknown = |id: &Id| untrack(|| titles.known(*id)).is_none();
    let mut members: BTreeSet<Id> = entries.iter().filter_map(|entry| entry.who).collect();
    let mut departments: BTreeSet<Id> = BTreeSet::new();
    let mut linked: BTreeSet<(Id, Id)> = BTreeSet::new();
    for (key, change) in entries.iter().filter(|entry| entry.version > 1).flat_map(|entry| &entry.changes) {
        if key == "$department" {
            departments.extend([&change.old, &change.new].into_iter().flat_map(ids_in));
        } else if key.starts_with('$') {
            members.extend([&change.old, &change.new].into_iter().flat_map(ids_in));
        }
        for (column, json) in said(&form.form, key, change) {
            match (column.field.kind.reference(), column.target) {
                (Some(Reference::Record), Some(target)) => {
                    linked.extend(ids_in(json).into_iter().map(|id| (target, id)));
                }
                (Some(Reference::Member), _) => members.extend(ids_in(json)),
                (Some(Reference::Department), _) => departments.extend(ids_in(json)),
                _ => {}
            }
        }
    }
    if members.iter().any(unknown)
        && let Ok(list) = people::members().await
    {
        for member in list.items {
            titles.learn_one(member.id, member.name);
        }
    }
    if departments.iter().any(unknown)
        && let Ok(list) = people::departments().await
    {
        for department in list.items {
            titles.learn_one(department.id, department.name);
        }
    }
    let loaders = loaders(&form, titles);
    // Who may not see a record reads that.
    let linked: Vec<(Id, Id)> = linked.into_iter().filter(|(_, id)| unknown(id)).take(MOST).collect();
    if !linked.is_empty() {
        loaders.linked.run(linked).await;
    }
}

/// The values that a change names, those in rows by their columns.
fn said<'a>(form: &'a Form, key: &str, change: &'a Change) -> Vec<(&'a Column, &'a Json)> {
    let both = [&change.old, &change.new];
    match form.column(key) {
        Some(column) if column.shape == Shape::Rows => {
            let rows = both.into_iter().flat_map(rows);
            let cells = rows.flat_map(|row| {
                form.columns_of(&column.path)
                    .filter_map(move |inner| Some((inner, row.get(&inner.field.key)?)))
            });
            cells.collect()
        }
        Some(column) => both.into_iter().map(|json| (column, json)).collect(),
        None => Vec::new(),
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
fn Entry(
    form: Arc<OpenForm>,
    entry: HistoryEntry,
    titles: Titles,
    /// Asks whether this version is to come back, where it may.
    ask: Option<Callback<(i64, String)>>,
) -> impl IntoView {
    let who = entry.who;
    // What somebody is called who is none of the members.
    let outside = match entry.path.as_str() {
        "public_form" => Some("history-visitor"),
        "hook" => Some("history-other-system"),
        _ => None,
    };
    let name = Signal::derive(move || match (who, outside) {
        // By the name of their link or hook, where that is known.
        (Some(who), Some(outside)) => titles.known(who).unwrap_or_else(|| i18n::lookup(outside, &[])),
        (Some(who), None) => titles.of(who),
        (None, Some(outside)) => i18n::lookup(outside, &[]),
        (None, None) => text!("history-automatic"),
    });
    let at = parse_timestamp(&entry.at).map(i18n::date_time).unwrap_or(entry.at.clone());
    let created = entry.version <= 1;
    let (icon, mark) = match sort_of(&entry) {
        Sort::Created => ("plus", "mark success"),
        Sort::Deleted => ("trash", "mark danger"),
        Sort::Restored | Sort::WentBack => ("undo", "mark"),
        Sort::Voided => ("refused", "mark danger"),
        Sort::Changed => ("edit", "mark"),
    };
    let sort = sort_of(&entry);
    let what = move || match sort {
        Sort::Created => text!("history-created"),
        Sort::Deleted => text!("history-deleted"),
        Sort::Restored => text!("history-restored"),
        Sort::WentBack => text!("history-went-back"),
        Sort::Voided => text!("history-voided"),
        Sort::Changed => text!("history-changed"),
    };
    let way = way_text(&entry.path).map(|way| {
        view! { <div class="note muted">{move || i18n::lookup(way, &[])}</div> }
    });
    let (version, moment) = (entry.version, at.clone());
    let back = ask.map(|ask| {
        let press = move |_| ask.run((version, moment.clone()));
        view! { <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="undo" on_press=press>{t!("history-restore")}</Button> }
    });
    let lines: Vec<AnyView> = match created {
        true => Vec::new(),
        false => in_order(&form.form, &entry)
            .into_iter()
            .flat_map(|(key, change)| lines(&form, key, change, titles))
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
                {way}
                {entry.reason.clone().map(|reason| view! { <p class="said">{reason}</p> })}
                {(!first.is_empty()).then(|| view! {
                    <div class="changes">
                        {first}
                        {(more > 0).then(|| view! {
                            <details><summary class="link">{t!("history-more", count = more)}</summary>{rest}</details>
                        })}
                    </div>
                })}
                {back}
            </div>
        </li>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Created,
    Deleted,
    /// Taken out of the recycle bin.
    Restored,
    /// Given the values of an earlier version.
    WentBack,
    Voided,
    Changed,
}

fn sort_of(entry: &HistoryEntry) -> Sort {
    match entry.changes.get("$deleted_at") {
        _ if entry.version <= 1 => Sort::Created,
        Some(change) if change.new.is_null() => Sort::Restored,
        Some(_) => Sort::Deleted,
        None if entry.path == "restore" => Sort::WentBack,
        None if entry.changes.contains_key("$voided_at") => Sort::Voided,
        None => Sort::Changed,
    }
}

/// The text that says how a save came, where that is not by hand on a page.
fn way_text(path: &str) -> Option<&'static str> {
    Some(match path {
        "public_form" => "history-by-public-form",
        "hook" => "history-by-hook",
        "api" => "history-by-api",
        "import" => "history-by-import",
        "bulk_edit" => "history-by-bulk-edit",
        "task" => "history-by-task",
        "flow" => "history-by-flow",
        "script" => "history-by-script",
        "consequence" => "history-by-consequence",
        "demo" => "history-by-demo",
        // What it did says it all.
        _web_or_restore => return None,
    })
}

/// The changes as people look for them: what was entered in the order of the form, then what follows from it by formulas,
/// then the flow and the like.
fn in_order<'a>(form: &Form, entry: &'a HistoryEntry) -> Vec<(&'a str, &'a Change)> {
    let shown = entry.changes.iter().filter(|(key, _)| !matches!(key.as_str(), "$deleted_at" | "$version"));
    let mut changes: Vec<(&str, &Change)> = shown.map(|(key, change)| (key.as_str(), change)).collect();
    changes.sort_by_key(|(key, _)| {
        let place = form.fields().position(|column| column.path == *key);
        let follows = form.column(key).is_some_and(computed);
        (place.is_none(), follows, place)
    });
    changes
}

/// What became of one field; nothing for what nobody has a word for. Rows follow one by one.
fn lines(form: &Arc<OpenForm>, key: &str, change: &Change, titles: Titles) -> Vec<AnyView> {
    if key.starts_with('$') {
        let name = key.to_string();
        if system_label(key, i18n::language_now()).is_empty() {
            return Vec::new();
        }
        let label = (move || system_label(&name, i18n::language())).into_any();
        let (old, new) = (system_text(key, &change.old, titles), system_text(key, &change.new, titles));
        return vec![line(label, turned(old, new))];
    }
    let Some(column) = form.form.column(key) else { return Vec::new() };
    if column.shape == Shape::Rows {
        return row_lines(form, column, change, titles);
    }
    let (old, new) = (text_at(form, key, &change.old, titles), text_at(form, key, &change.new, titles));
    vec![line(name_of(column), turned(old, new))]
}

fn line(label: AnyView, change: AnyView) -> AnyView {
    view! { <div class="change"><span class="muted">{label}</span>" "{change}</div> }.into_any()
}

fn name_of(column: &Column) -> AnyView {
    let label = column.field.label.clone();
    (move || label.get(i18n::language()).to_string()).into_any()
}

/// How many rows came, changed and went, and then each of them.
fn row_lines(form: &Arc<OpenForm>, subform: &Column, change: &Change, titles: Titles) -> Vec<AnyView> {
    let (after, entered): (Vec<&Column>, Vec<&Column>) =
        form.form.columns_of(&subform.path).partition(|column| computed(column));
    let columns: Vec<String> = entered.iter().chain(&after).map(|column| column.field.key.clone()).collect();
    let changes = row_changes(&columns, &change.old, &change.new);
    let rows = RowsChanged::of(&changes);
    let first = line(name_of(subform), (move || rows.sentence()).into_any());
    let each = changes.into_iter().map(|change| row_line(form, &subform.path, change, titles));
    std::iter::once(first).chain(each).collect()
}

/// One row: its cells before and after, or what was in it when it came or went.
fn row_line(form: &Arc<OpenForm>, subform: &str, change: RowChange, titles: Titles) -> AnyView {
    let RowChange { sort, number, cells } = change;
    let head = move || match sort {
        RowSort::Added => text!("history-row-added", row = number),
        RowSort::Changed => text!("history-row-changed", row = number),
        RowSort::Removed => text!("history-row-removed", row = number),
    };
    let cells = cells.into_iter().filter_map(|cell| {
        let path = format!("{subform}.{}", cell.column);
        let name = name_of(form.form.column(&path)?);
        let (old, new) = (text_at(form, &path, &cell.old, titles), text_at(form, &path, &cell.new, titles));
        let said = match sort {
            RowSort::Added => view! { <span>{new}</span> }.into_any(),
            RowSort::Changed => turned(old, new),
            RowSort::Removed => view! { <span class="muted">{old}</span> }.into_any(),
        };
        Some(view! { <div class="cell"><span class="muted">{name}</span>" "{said}</div> })
    });
    let cells = cells.collect_view();
    view! { <div class="change of-row"><span class="muted">{head}</span>{cells}</div> }.into_any()
}

/// A value of a column as people read it.
fn text_at(form: &Arc<OpenForm>, path: &str, json: &Json, titles: Titles) -> Signal<String> {
    let (form, path, json) = (form.clone(), path.to_string(), json.clone());
    Signal::derive(move || {
        form.form.column(&path).map(|column| text_of(column, &json, titles)).unwrap_or_default()
    })
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
            Signal::derive(move || i18n::listed(ids.iter().map(|id| titles.of(*id))))
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
    fn of(changes: &[RowChange]) -> RowsChanged {
        let count = |sort: RowSort| changes.iter().filter(|change| change.sort == sort).count();
        RowsChanged {
            added: count(RowSort::Added),
            changed: count(RowSort::Changed),
            removed: count(RowSort::Removed),
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
    fn a_save_that_deletes_or_restores_says_so() {
        let by = |path: &str, version: i64, changes: Json| HistoryEntry {
            version,
            at: String::new(),
            who: None,
            on_behalf_of: None,
            path: path.into(),
            batch: None,
            changes: serde_json::from_value(changes).unwrap(),
            reason: None,
        };
        let entry = |version: i64, changes: Json| by("web", version, changes);
        assert_eq!(sort_of(&entry(1, json!({"a": {"old": null, "new": "1"}}))), Sort::Created);
        assert_eq!(sort_of(&entry(2, json!({"a": {"old": "1", "new": "2"}}))), Sort::Changed);
        let deleted = json!({"$deleted_at": {"old": null, "new": "2026-01-01T00:00:00Z"}});
        assert_eq!(sort_of(&entry(3, deleted)), Sort::Deleted);
        let restored = json!({"$deleted_at": {"old": "2026-01-01T00:00:00Z", "new": null}});
        assert_eq!(sort_of(&entry(4, restored.clone())), Sort::Restored);
        let voided = json!({"$voided_at": {"old": null, "new": "2026-01-01T00:00:00Z"}});
        assert_eq!(sort_of(&entry(4, voided)), Sort::Voided);
        assert_eq!(sort_of(&by("restore", 4, restored)), Sort::Restored);
        assert_eq!(sort_of(&by("restore", 5, json!({"a": {"old": "2", "new": "1"}}))), Sort::WentBack);
    }
}
