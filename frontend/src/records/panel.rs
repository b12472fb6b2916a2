//! One stored record: read, changed in place, saved, merged, deleted.

use std::sync::Arc;

use engine::record::{Draft, Linked};
use engine::value::{Values, get};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{HistoryEntry, Record};

use super::leaving::AskBeforeLeaving;
use super::merge::{Clash, MergeDialog, clashes};
use super::new_page::refuse;
use super::{context, kept_draft, loaders};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::{FaultList, FormState, LiveForm, Titles, value_text};
use crate::ui::{Banner, Button, ButtonKind, ConfirmDialog, Empty, Loaded, Tone, toast};
use crate::{browser, i18n, t, text};

/// A record with its form. `on_gone` is called when it was deleted, `on_saved` after each save.
#[component]
pub fn RecordPanel(
    form: OpenForm,
    record: Record,
    titles: Titles,
    #[prop(into)] on_gone: Callback<()>,
    #[prop(into)] on_saved: Callback<Record>,
) -> impl IntoView {
    let current = RwSignal::new(record);
    let form = StoredValue::new(form);
    // A save makes a new state; what is on the screen starts again from what is stored.
    let round = RwSignal::new(0u32);
    let body = move || {
        round.track();
        let record = current.get_untracked();
        let saved = move |record: Record| {
            current.set(record.clone());
            on_saved.run(record);
            round.update(|round| *round += 1);
        };
        view! { <Editing form=form.get_value() record=record titles=titles on_gone=on_gone on_saved=saved/> }
    };
    view! { <div class="contents">{body}</div> }
}

#[component]
fn Editing(
    form: OpenForm,
    record: Record,
    titles: Titles,
    #[prop(into)] on_gone: Callback<()>,
    #[prop(into)] on_saved: Callback<Record>,
) -> impl IntoView {
    let stored = records::values(&form, &record);
    let draft = Draft::edit(form.form.clone(), context(), Linked::default(), stored.clone(), Values::new());
    let state = FormState::new(draft, loaders(&form, titles), titles);
    let may_edit =
        form.may("edit") && record.system.deleted_at.is_none() && record.system.voided_at.is_none();
    state.editable.set_value(Some(if may_edit { form.editable() } else { Default::default() }));
    state.load_links();
    let (id, form_id) = (record.id, form.info.id);
    let version = StoredValue::new(record.version);
    let base = StoredValue::new(stored);
    let place = StoredValue::new(kept_draft::place(form_id, Some(id)));
    let found =
        RwSignal::new(place.with_value(|place| kept_draft::kept(place, &form.form)).filter(|_| may_edit));
    let busy = RwSignal::new(false);
    let merging = RwSignal::new(false);
    let clashing = RwSignal::new(Vec::<Clash>::new());
    let theirs = StoredValue::new(None::<Record>);
    let asking = RwSignal::new(false);
    let may_delete = form.may("delete");
    let shared = StoredValue::new(form.clone());

    Effect::new(move |before: Option<u32>| {
        let changes = state.changes.get();
        if before.is_some() {
            place.with_value(|place| kept_draft::keep(place, state));
        }
        changes
    });

    let send = move |version: i64, fields: serde_json::Map<String, serde_json::Value>| {
        busy.set(true);
        spawn_local(async move {
            match records::change(form_id, id, version, fields).await {
                Ok(record) => {
                    place.with_value(|place| browser::forget(place));
                    toast::show(text!("record-saved"));
                    on_saved.run(record);
                }
                Err(problem) if problem.status == 412 => {
                    if let Ok(record) = records::get(form_id, &id.to_string()).await {
                        let now = shared.with_value(|form| records::values(form, &record));
                        let found = state.draft.with_untracked(|draft| {
                            base.with_value(|base| clashes(base, draft.values(), &now, draft.form()))
                        });
                        theirs.set_value(Some(record));
                        clashing.set(found);
                        merging.set(true);
                    }
                    busy.set(false);
                }
                Err(problem) => {
                    refuse(state, problem);
                    busy.set(false);
                }
            }
        });
    };
    let save = move || {
        if !busy.get_untracked() && state.check() {
            send(version.get_value(), state.changed_fields());
        }
    };
    let merge = move |kept: Vec<String>| {
        let Some(record) = theirs.get_value() else { return };
        let mut fields = state.changed_fields();
        fields.retain(|key, _| !kept.contains(key));
        send(record.version, fields);
    };
    let delete = move |()| {
        asking.set(false);
        spawn_local(async move {
            match records::delete(form_id, id, version.get_value()).await {
                Ok(()) => {
                    toast::show_with(text!("record-deleted"), text!("ui-undo"), move || {
                        spawn_local(async move {
                            if let Ok(record) = records::restore(form_id, id).await {
                                on_saved.run(record);
                            }
                        });
                    });
                    on_gone.run(());
                }
                Err(problem) => toast::show(problem.detail),
            }
        });
    };
    let changed = Memo::new(move |_| {
        state.changes.track();
        state.is_changed()
    });
    let discard = move |_| {
        place.with_value(|place| browser::forget(place));
        let values = base.get_value();
        let keys: Vec<String> = state
            .draft
            .with_untracked(|draft| draft.form().fields().map(|column| column.path.clone()).collect());
        let all = keys.into_iter().map(|key| (key.clone(), get(&values, &key).clone())).collect();
        state.restore(all);
        state.strict.set(false);
    };
    view! {
        <AskBeforeLeaving unsaved=move || state.is_changed()/>
        <div class="stack g6">
            {move || found.get().map(|values| {
                let values = StoredValue::new(values);
                view! {
                    <Banner tone=Tone::Info>
                        {t!("record-kept-draft")}
                        <Button on_press=move |_| { state.restore(values.get_value()); found.set(None) }>{t!("record-restore-draft")}</Button>
                        <Button kind=ButtonKind::Ghost on_press=move |_| { place.with_value(|place| browser::forget(place)); found.set(None) }>{t!("record-drop-draft")}</Button>
                    </Banner>
                }
            })}
            <FaultList state=state/>
            <LiveForm state=state/>
        </div>
        {move || changed.get().then(|| view! {
            <footer class="save-bar">
                <span class="muted">{t!("record-unsaved")}</span>
                <span class="grow"></span>
                <Button on_press=discard>{t!("record-discard")}</Button>
                <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>{t!("record-save")}</Button>
            </footer>
        })}
        {may_delete.then(|| view! {
            <div class="row"><Button kind=ButtonKind::Ghost icon="trash" on_press=move |_| asking.set(true)>{t!("record-delete")}</Button></div>
        })}
        <ConfirmDialog open=asking title=Signal::derive(t!("record-delete-question")) action=Signal::derive(t!("record-delete")) on_confirm=delete>
            {t!("record-delete-text")}
        </ConfirmDialog>
        <MergeDialog open=merging form=form.form.clone() clashes=clashing titles=titles on_choose=merge/>
    }
}

/// Who changed what, newest first.
#[component]
pub fn History(form: OpenForm, record: engine::value::Id, titles: Titles) -> impl IntoView {
    let id = form.info.id;
    let entries = LocalResource::new(move || async move { records::history(id, record).await });
    let shared = StoredValue::new(Arc::new(form));
    let change = move |key: &str, old: &serde_json::Value, new: &serde_json::Value| {
        shared.with_value(|form| {
            let Some(column) = form.form.column(key) else {
                return (key.to_string(), String::new(), String::new());
            };
            let language = i18n::language();
            let shown = |json: &serde_json::Value| match column.read_kind.parse(json) {
                Ok(value) => value_text(column, &value, titles, language),
                Err(_) => match json {
                    serde_json::Value::Array(rows) => rows.len().to_string(),
                    other => other.to_string(),
                },
            };
            (column.field.label.get(language).to_string(), shown(old), shown(new))
        })
    };
    let entry = move |entry: HistoryEntry| {
        let who = entry.who.map(|who| titles.of(who)).unwrap_or_default();
        let at = engine::value::parse_timestamp(&entry.at).map(i18n::date_time).unwrap_or(entry.at.clone());
        let lines = entry
            .changes
            .iter()
            .map(|(key, value)| {
                let (label, old, new) = change(key, &value.old, &value.new);
                view! { <div class="note"><b>{label}</b>" "<s class="muted">{old}</s>" → "{new}</div> }
            })
            .collect_view();
        view! {
            <div class="event">
                <div class="row"><b class="grow clip">{who}</b><span class="note muted nowrap">{at}</span></div>
                {lines}
            </div>
        }
    };
    let list = move |entries: Vec<HistoryEntry>| {
        if entries.is_empty() {
            view! { <Empty icon="history" title=t!("record-no-history")/> }.into_any()
        } else {
            view! { <div class="stack g4">{entries.into_iter().map(entry).collect_view()}</div> }.into_any()
        }
    };
    view! { <Loaded answer=entries view=list/> }
}
