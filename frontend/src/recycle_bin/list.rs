//! The list of what lies in the bin.

use engine::text::Label;
use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Bin;

use crate::api::Problem;
use crate::api::bin::{self, bin};
use crate::api::jobs::{self, JobState};
use crate::ui::{Button, ButtonKind, ConfirmDialog, ControlSize, Empty, Loaded, toast};
use crate::{i18n, t, text};

/// What lies in the bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    App(Id),
    Form(Id),
}

#[derive(Clone)]
struct Entry {
    thing: Thing,
    label: Label,
    deleted_at: String,
    purged_at: String,
}

impl Entry {
    fn name(&self) -> String {
        self.label.get(i18n::language()).to_string()
    }
}

/// The apps and the forms, those of one app alone where `app` says which.
fn entries(bin: Bin, app: Option<Id>) -> Vec<Entry> {
    let apps = bin.apps.into_iter().filter(|_| app.is_none()).map(|it| Entry {
        thing: Thing::App(it.id),
        label: it.label,
        deleted_at: it.deleted_at,
        purged_at: it.purged_at,
    });
    let forms = bin.forms.into_iter().filter(|form| app.is_none_or(|app| form.app == app)).map(|it| Entry {
        thing: Thing::Form(it.id),
        label: it.label,
        deleted_at: it.deleted_at,
        purged_at: it.purged_at,
    });
    apps.chain(forms).collect()
}

impl Thing {
    async fn restore(self) -> Result<(), Problem> {
        match self {
            Thing::App(id) => bin::restore_app(id).await,
            Thing::Form(id) => bin::restore_form(id).await,
        }
    }

    /// Removes it for good, and waits until it is gone.
    async fn purge(self) -> Result<(), String> {
        let started = match self {
            Thing::App(id) => bin::purge_app(id).await,
            Thing::Form(id) => bin::purge_form(id).await,
        };
        let ended = match started {
            Ok(job) => jobs::watch(&job, |_| {}).await,
            Err(problem) => Err(problem),
        };
        match ended {
            Ok(job) if job.state == JobState::Done => Ok(()),
            Ok(job) => Err(job.problem.map_or_else(|| text!("import-failed"), |problem| problem.sentence())),
            Err(problem) => Err(problem.sentence()),
        }
    }
}

/// What lies in the bin, with the ways out of it.
#[component]
pub(super) fn BinList(
    /// The app whose forms alone are shown.
    app: Option<Id>,
    /// Something came back.
    on_restored: Callback<()>,
) -> impl IntoView {
    let found = LocalResource::new(bin);
    let again = Callback::new(move |()| found.refetch());
    let purging = RwSignal::new(None::<Entry>);
    let (asking, busy) = (RwSignal::new(false), RwSignal::new(false));
    let restore = Callback::new(move |thing: Thing| {
        spawn_local(async move {
            match thing.restore().await {
                Ok(()) => {
                    toast::show(text!("grid-bin-restored"));
                    let _ = on_restored.try_run(());
                }
                Err(problem) => toast::show(problem.sentence()),
            }
            let _ = again.try_run(());
        });
    });
    let ask = Callback::new(move |entry: Entry| {
        purging.set(Some(entry));
        asking.set(true);
    });
    let purge = move |()| {
        let Some(entry) = purging.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            match entry.thing.purge().await {
                Ok(()) => toast::show(text!("bin-purged")),
                Err(sentence) => toast::show(sentence),
            }
            // The page may be left by now.
            let _ = (busy.try_set(false), asking.try_set(false));
            let _ = again.try_run(());
        });
    };
    let title = Signal::derive(move || {
        let name = purging.with(|entry| entry.as_ref().map(Entry::name)).unwrap_or_default();
        text!("bin-purge-question", name = name)
    });
    let list = move |bin: Bin| {
        let entries = entries(bin, app);
        if entries.is_empty() {
            let words = Signal::derive(t!("bin-empty-text"));
            return view! { <Empty icon="trash" title=t!("grid-bin-empty") text=words/> }.into_any();
        }
        let line = |entry: Entry| view! { <Line entry=entry restore=restore ask=ask/> };
        view! { <div class="stack bin" role="list">{entries.into_iter().map(line).collect_view()}</div> }
            .into_any()
    };
    view! {
        <Loaded answer=found view=list/>
        <ConfirmDialog open=asking title=title action=Signal::derive(t!("bin-purge")) busy=busy on_confirm=purge>
            <p>{t!("bin-purge-text")}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Line(entry: Entry, restore: Callback<Thing>, ask: Callback<Entry>) -> impl IntoView {
    let thing = entry.thing;
    let day = |text: &str| parse_timestamp(text).map(i18n::date_time).unwrap_or_default();
    let (deleted, purged) = (day(&entry.deleted_at), day(&entry.purged_at));
    let told = move || match thing {
        Thing::App(_) => text!("bin-app", at = deleted, until = purged),
        Thing::Form(_) => text!("bin-form", at = deleted, until = purged),
    };
    let label = entry.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let entry = StoredValue::new(entry);
    view! {
        <div class="bin-line" role="listitem">
            <span class="grow stack g1">
                <b class="clip">{name}</b>
                <span class="note muted">{told}</span>
            </span>
            <Button size=ControlSize::Small on_press=move |_| restore.run(thing)>
                {t!("grid-bin-restore")}<span class="sr">" "{name}</span>
            </Button>
            <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small on_press=move |_| ask.run(entry.get_value())>
                {t!("bin-purge")}<span class="sr">" "{name}</span>
            </Button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_app_shows_its_own_forms_and_the_workspace_everything() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let thing = |number: i64| json!({"id": id(number), "app": id(9), "key": "k", "label": "L", "deleted_at": "", "purged_at": ""});
        let mut other = thing(3);
        other["app"] = json!(id(8));
        let bin = json!({"days": 30, "apps": [thing(1)], "forms": [thing(2), other]});
        let bin: Bin = serde_json::from_value(bin).unwrap();
        let things = |app| entries(bin.clone(), app).iter().map(|entry| entry.thing).collect::<Vec<_>>();
        assert_eq!(things(Some(id(9))), [Thing::Form(id(2))]);
        assert_eq!(things(None), [Thing::App(id(1)), Thing::Form(id(2)), Thing::Form(id(3))]);
    }
}
