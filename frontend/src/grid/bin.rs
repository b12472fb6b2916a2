//! The recycle bin of a form: the records that were deleted, each with its way back.

use std::collections::BTreeSet;

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Query, Record, SortBy};
use wire::{PurgeInput, Purged};

use super::by_pages::{ByPages, PAGE};
use super::many;
use crate::api::forms::OpenForm;
use crate::api::jobs::{self, JobState};
use crate::api::records;
use crate::fill::Titles;
use crate::records::{app_param, title_of};
use crate::shell::ShellContext;
use crate::ui::{Button, ButtonKind, Checkbox, ConfirmDialog, ControlSize, Dialog, toast};
use crate::{browser, i18n, t, text};

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
    let pages = ByPages::of(form.with_value(|form| form.info.id), deleted);
    let found = pages.found;
    let picked = RwSignal::new(BTreeSet::<Id>::new());
    let gone = Callback::new(move |id: Id| {
        picked.update(|picked| {
            picked.remove(&id);
        });
        let next = found.try_update(|found| found.as_mut().and_then(|found| take_out(found, id))).flatten();
        // The button that was pressed is gone with its line.
        request_animation_frame(move || {
            if browser::focus_is_lost() {
                go_on_with(next);
            }
        });
    });
    let line = move |record: Record| {
        let titles = pages.titles;
        view! { <Line form=form record=record titles=titles picked=picked on_gone=gone on_restored=on_restored/> }
    };
    let instead = move || pages.instead("trash", t!("grid-bin-empty"), t!("grid-bin-empty-text"));
    // A list of nothing is none.
    let role = move || pages.has_some().then_some("list");
    view! {
        <div class="stack bin">
            {instead}
            <Several form=form found=found picked=picked on_restored=on_restored/>
            <div role=role>
                <For each=move || pages.all() key=|record| record.id.to_string() children=line/>
            </div>
            {move || pages.more()}
        </div>
        {move || pages.has_some().then(|| view! { <Emptying form=form on_emptied=move |()| pages.again()/> })}
    }
}

/// Brings several records back at once; nothing where there are not several.
#[component]
fn Several(
    form: StoredValue<OpenForm>,
    found: RwSignal<Option<Vec<Record>>>,
    picked: RwSignal<BTreeSet<Id>>,
    on_restored: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let id = form.with_value(|form| form.info.id);
    let open = Memo::new(move |_| {
        let records = found.with(|found| found.as_deref().map(comes_back));
        records.unwrap_or_default()
    });
    let is_all = Signal::derive(move || open.with(|open| picked.with(|picked| picked.len() == open.len())));
    let is_part = Signal::derive(move || !is_all.get() && picked.with(|picked| !picked.is_empty()));
    let turn = move |on: bool| {
        picked.set(if on { open.get_untracked().into_iter().collect() } else { BTreeSet::new() });
    };
    let restore = move |_| {
        busy.set(true);
        // The last deleted stands first here, and comes back first.
        let picked_now = picked.get_untracked();
        let ids: Vec<Id> =
            open.get_untracked().into_iter().rev().filter(|id| picked_now.contains(id)).collect();
        spawn_local(async move {
            let fate = many::restore(id, &ids).await;
            many::tell_restored(&fate);
            let _ = on_restored.try_run(());
            // The dialog may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            picked.set(BTreeSet::new());
            found.update(|found| {
                if let Some(found) = found {
                    found.retain(|record| !fate.done.contains(&record.id));
                }
            });
        });
    };
    let obstacle =
        Signal::derive(move || picked.with(BTreeSet::is_empty).then(|| text!("grid-choose-first")));
    let words = move || text!("grid-bin-restore-chosen", count = picked.with(BTreeSet::len));
    move || {
        open.with(|open| open.len() > 1).then(|| {
            view! {
                <div class="row">
                    <Checkbox checked=is_all mixed=is_part on_change=turn>{t!("grid-bin-choose-all")}</Checkbox>
                    <span class="push">
                        <Button size=ControlSize::Small busy=busy disabled_reason=obstacle on_press=restore>
                            {words}
                        </Button>
                    </span>
                </div>
            }
        })
    }
}

/// The records that the reader may bring back.
fn comes_back(found: &[Record]) -> Vec<Id> {
    found.iter().filter(|record| record.may.has("delete")).map(|record| record.id).collect()
}

/// Empties the bin for good, for who administers the app.
#[component]
fn Emptying(form: StoredValue<OpenForm>, #[prop(into)] on_emptied: Callback<()>) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let administers = Memo::new(move |_| shell.app(&app.get()).is_some_and(|app| app.administrator));
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let id = form.with_value(|form| form.info.id);
    let empty = move |()| {
        busy.set(true);
        spawn_local(async move {
            let ended = match records::purge(id, &PurgeInput { all: true, ..PurgeInput::default() }).await {
                Ok(job) => jobs::watch(&job, |_| {}).await,
                Err(problem) => Err(problem),
            };
            match ended {
                Ok(job) if job.state == JobState::Done => {
                    let purged = serde_json::from_value::<Purged>(job.result).unwrap_or_default();
                    toast::show(text!("grid-bin-emptied", count = purged.records));
                }
                Ok(job) => {
                    toast::show(job.problem.map_or_else(|| text!("import-failed"), |it| it.sentence()))
                }
                Err(problem) => toast::refused(&problem),
            }
            // The dialog may be closed by now.
            let _ = (busy.try_set(false), asking.try_set(false));
            let _ = on_emptied.try_run(());
        });
    };
    move || {
        administers.get().then(|| {
            view! {
                <div class="row">
                    <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small icon="trash" on_press=move |_| asking.set(true)>
                        {t!("grid-bin-empty-it")}
                    </Button>
                </div>
                <ConfirmDialog open=asking title=Signal::derive(t!("grid-bin-empty-question")) action=Signal::derive(t!("grid-bin-empty-it")) busy=busy on_confirm=empty>
                    <p>{t!("bin-purge-text")}</p>
                </ConfirmDialog>
            }
        })
    }
}

/// The element of a record in the bin.
fn line_id(id: Id) -> String {
    format!("bin-{id}")
}

/// Takes a record out. Gives the one to go on with: the next that can be brought back, else the last before it.
fn take_out(found: &mut Vec<Record>, id: Id) -> Option<Id> {
    let place = found.iter().position(|record| record.id == id)?;
    found.remove(place);
    let comes_back = |record: &&Record| record.may.has("delete");
    let next = found.iter().skip(place).find(comes_back);
    next.or_else(|| found.iter().take(place).rev().find(comes_back)).map(|record| record.id)
}

/// Gives the focus to the button of a line, or to the heading of the dialog where there is none.
fn go_on_with(next: Option<Id>) {
    let is_there = next.is_some_and(|next| browser::focus_inside(&line_id(next)));
    if !is_there {
        browser::focus_at("dialog[open] .dialog-head h2");
    }
}

/// A record in the bin: how it is called, who deleted it and when, and the way back where the reader may take it.
#[component]
fn Line(
    form: StoredValue<OpenForm>,
    record: Record,
    titles: Titles,
    picked: RwSignal<BTreeSet<Id>>,
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
                Ok(back) => {
                    toast::show(text!("grid-bin-restored"));
                    many::tell_left_behind(back.left_behind);
                    // The dialog, or the whole page, may be left by now.
                    let _ = on_gone.try_run(id);
                    let _ = on_restored.try_run(());
                }
                Err(problem) => toast::refused(&problem),
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
    let name = Memo::new(move |_| {
        let name = form.with_value(|form| {
            title_of(&form.form, &records::values(form, &record), titles, i18n::language())
        });
        if name.is_empty() { text!("record-untitled") } else { name }
    });
    let is_picked = Signal::derive(move || picked.with(|picked| picked.contains(&id)));
    let pick = move |on: bool| {
        picked.update(|picked| {
            if on {
                picked.insert(id)
            } else {
                picked.remove(&id)
            };
        });
    };
    view! {
        <div class="bin-line" role="listitem">
            {may_restore.then(|| view! {
                <Checkbox checked=is_picked on_change=pick label=Signal::derive(move || text!("grid-bin-choose", name = name.get()))/>
            })}
            <span class="grow stack g1">
                <b class="clip" title=move || name.get()>{name}</b>
                <span class="note muted">{told}</span>
            </span>
            {may_restore.then(|| view! {
                <span id=line_id(id)>
                    <Button size=ControlSize::Small busy=busy on_press=restore>
                        {t!("grid-bin-restore")}<span class="sr">" "{name}</span>
                    </Button>
                </span>
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(number: i64, may: &[&str]) -> Record {
        let id = Id::from_i64(number).unwrap().to_string();
        serde_json::from_value(json!({"id": id, "version": 1, "fields": {}, "may": {"operations": may},
            "system": {"created_at": "", "updated_at": "", "collaborators": []}}))
        .unwrap()
    }

    #[test]
    fn the_next_that_comes_back_is_gone_on_with() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let mut found: Vec<Record> = [(5, "delete"), (4, "delete"), (3, "view"), (2, "delete")]
            .map(|(id, may)| record(id, &[may]))
            .into();
        assert_eq!(take_out(&mut found, id(4)), Some(id(2)), "one that stays here has no button");
        assert_eq!(take_out(&mut found, id(9)), None);
        assert_eq!(take_out(&mut found, id(2)), Some(id(5)), "after the last one the one before it");
        assert_eq!(take_out(&mut found, id(5)), None);
        assert_eq!(found.len(), 1);
    }
}
