//! The recycle bin of a form: the records that were deleted, each with its way back.

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Query, Record, SortBy};

use crate::api::forms::OpenForm;
use crate::api::{Problem, records};
use crate::fill::Titles;
use crate::records::title_of;
use crate::ui::{Button, ControlSize, Dialog, Empty, ProblemView, Skeleton, toast};
use crate::{i18n, t, text};

/// Records asked for at once.
const PAGE: u32 = 50;

/// The recycle bin in a dialog, for who may delete. `on_restored` is called after each record that was brought back.
#[component]
pub fn BinDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    #[prop(into)] on_restored: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(t!("grid-bin"))>
            <Bin form=form on_restored=on_restored/>
        </Dialog>
    }
}

/// The deleted records after a cursor, the last deleted first.
fn deleted(cursor: Option<String>) -> Query {
    Query {
        sort: vec![SortBy { field: "$deleted_at".to_string(), desc: true }],
        limit: Some(PAGE),
        cursor,
        titles: true,
        deleted: true,
        ..Query::default()
    }
}

#[component]
fn Bin(form: StoredValue<OpenForm>, on_restored: Callback<()>) -> impl IntoView {
    let titles = Titles::default();
    let found = RwSignal::new(None::<Vec<Record>>);
    let next = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let form_id = form.with_value(|form| form.info.id);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        spawn_local(async move {
            let answer = records::query(form_id, &deleted(cursor)).await;
            // The dialog may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    if let Some(known) = &page.titles {
                        titles.learn(known);
                    }
                    next.set(page.next);
                    found.update(|found| found.get_or_insert_default().extend(page.items));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let gone = Callback::new(move |id: Id| {
        found.update(|found| {
            if let Some(found) = found {
                found.retain(|record| record.id != id);
            }
        });
    });
    let all = move || found.get().unwrap_or_default();
    let line = move |record: Record| {
        view! { <Line form=form record=record titles=titles on_gone=gone on_restored=on_restored/> }
    };
    let is_empty = Memo::new(move |_| found.with(|found| found.as_ref().map(Vec::is_empty)));
    let instead = move || match (problem.get(), is_empty.get()) {
        (Some(problem), _) => Some(view! { <ProblemView problem=problem/> }.into_any()),
        (None, None) => Some(view! { <Skeleton lines=4/> }.into_any()),
        (None, Some(true)) if next.with(Option::is_none) => {
            let words = Signal::derive(t!("grid-bin-empty-text"));
            Some(view! { <Empty icon="trash" title=t!("grid-bin-empty") text=words/> }.into_any())
        }
        (None, Some(_)) => None,
    };
    let more = move || {
        next.get().map(|cursor| {
            let ask = move |_| load(Some(cursor.clone()));
            view! { <Button size=ControlSize::Small busy=busy on_press=ask>{t!("report-more")}</Button> }
        })
    };
    view! {
        <div class="stack bin">
            {instead}
            <div>
                <For each=all key=|record| record.id.to_string() children=line/>
            </div>
            {more}
        </div>
    }
}

/// A record in the bin: how it is called, who deleted it and when, and the way back where the reader may take it.
#[component]
fn Line(
    form: StoredValue<OpenForm>,
    record: Record,
    titles: Titles,
    /// Hears that it is no longer in the bin.
    on_gone: Callback<Id>,
    on_restored: Callback<()>,
) -> impl IntoView {
    let (id, form_id) = (record.id, form.with_value(|form| form.info.id));
    let may_restore = record.may.has("delete");
    let busy = RwSignal::new(false);
    let restore = move |_| {
        busy.set(true);
        spawn_local(async move {
            match records::restore(form_id, id).await {
                Ok(_) => {
                    toast::show(text!("grid-bin-restored"));
                    // The dialog, or the whole page, may be left by now.
                    let _ = on_gone.try_run(id);
                    let _ = on_restored.try_run(());
                }
                Err(problem) => toast::show(problem.detail),
            }
            let _ = busy.try_set(false);
        });
    };
    // Nothing changes a record in the bin: who touched it last has deleted it.
    let (who, at) = (record.system.updated_by, record.system.deleted_at.as_deref().and_then(parse_timestamp));
    let told = move || {
        let at = at.map(i18n::date_time).unwrap_or_default();
        match who.and_then(|who| titles.known(who)) {
            Some(who) => text!("grid-bin-deleted-by", who = who, at = at),
            None => text!("grid-bin-deleted", at = at),
        }
    };
    let name = move || {
        let name = form.with_value(|form| {
            title_of(&form.form, &records::values(form, &record), titles, i18n::language())
        });
        if name.is_empty() { text!("record-untitled") } else { name }
    };
    view! {
        <div class="bin-line">
            <span class="grow stack g1">
                <b class="clip">{name}</b>
                <span class="note muted">{told}</span>
            </span>
            {may_restore.then(|| view! {
                <Button size=ControlSize::Small busy=busy on_press=restore>{t!("grid-bin-restore")}</Button>
            })}
        </div>
    }
}
