//! The list of what lies in the bin, with the ways out of it.

use std::collections::BTreeSet;

use engine::text::Label;
use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{BinRestore, BinResult, Binned, BinnedKind};

use super::filter::{FilterRow, kind_name};
use super::pages::Pages;
use crate::api::bin::{self, BinFilter};
use crate::ui::{Banner, Button, ButtonKind, Checkbox, ConfirmDialog, ControlSize, Tone, toast};
use crate::{i18n, t, text};

/// What keeps a thing in the bin after somebody wanted to take it out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub sentence: String,
    /// A key that is free, where its own is not.
    pub free_key: Option<String>,
}

/// The list with its tools.
#[derive(Clone, Copy)]
struct List {
    pages: Pages,
    picked: RwSignal<BTreeSet<Id>>,
    /// What stays, by its id.
    kept: RwSignal<Vec<(Id, Kept)>>,
    /// What forms are called that came back with their app and rest.
    resting: RwSignal<Vec<Label>>,
    busy: RwSignal<bool>,
    /// What is to go for good, once that is confirmed.
    purging: RwSignal<Vec<Id>>,
    asking: RwSignal<bool>,
    on_restored: Callback<()>,
}

/// How a result keeps a thing in the bin; nothing where it went.
pub(super) fn kept_by(result: &BinResult) -> Option<Kept> {
    let problem = result.problem.as_ref()?;
    let text = |member: &str| problem.get(member).and_then(|text| text.as_str()).map(str::to_string);
    // Of a key that is taken the detail says only that, not what one can do.
    let first = if text("code").as_deref() == Some("key_taken") { "title" } else { "detail" };
    let sentence = text(first).or_else(|| text("title")).unwrap_or_default();
    Some(Kept { sentence, free_key: text("free_key") })
}

impl List {
    fn restore(self, items: Vec<BinRestore>) {
        self.busy.set(true);
        spawn_local(async move {
            let answer = bin::restore(items).await;
            let went = self.hear(answer, |count| text!("bin-restored-count", count = count));
            if went {
                let _ = self.on_restored.try_run(());
            }
        });
    }

    fn purge(self) {
        self.busy.set(true);
        let ids = self.purging.get_untracked();
        spawn_local(async move {
            let answer = bin::purge(ids).await;
            self.hear(answer, |count| text!("bin-purged-count", count = count));
            let _ = self.asking.try_set(false);
        });
    }

    /// Takes what went out of the list, and keeps why the rest did not; whether anything went.
    fn hear(self, answer: Result<Vec<BinResult>, crate::api::Problem>, said: impl Fn(i64) -> String) -> bool {
        // The page may be left by now.
        if self.busy.try_set(false).is_some() {
            return answer.is_ok();
        }
        let results = match answer {
            Ok(results) => results,
            Err(problem) => {
                toast::refused(&problem);
                return false;
            }
        };
        let kept: Vec<(Id, Kept)> =
            results.iter().filter_map(|result| Some((result.id, kept_by(result)?))).collect();
        let gone: BTreeSet<Id> =
            results.iter().filter(|result| result.problem.is_none()).map(|result| result.id).collect();
        self.picked.update(|picked| picked.retain(|id| !gone.contains(id)));
        self.pages.take_out(&gone);
        let resting = results.iter().flat_map(|result| result.resting.iter());
        self.resting.set(resting.map(|form| form.label.clone()).collect());
        let (went, stayed) = (gone.len(), kept.len());
        self.kept.set(kept);
        match stayed {
            0 => toast::show(said(i64::try_from(went).unwrap_or_default())),
            _ => toast::show(text!("bin-some-stay", count = stayed)),
        }
        went > 0
    }

    fn ask_to_purge(self, ids: Vec<Id>) {
        self.purging.set(ids);
        self.asking.set(true);
    }

    fn chosen(self) -> Vec<Id> {
        let picked = self.picked.get_untracked();
        let all = self.pages.items().into_iter().map(|item| item.id);
        all.filter(|id| picked.contains(id)).collect()
    }
}

/// What lies in the bin, with the ways out of it.
#[component]
pub(super) fn BinList(
    /// The app whose things alone are shown.
    app: Option<Id>,
    /// Something came back.
    on_restored: Callback<()>,
) -> impl IntoView {
    let filter = RwSignal::new(BinFilter { app: app.map(|app| app.to_string()), ..BinFilter::default() });
    let pages = Pages::of(filter);
    let list = List {
        pages,
        picked: RwSignal::new(BTreeSet::new()),
        kept: RwSignal::new(Vec::new()),
        resting: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        purging: RwSignal::new(Vec::new()),
        asking: RwSignal::new(false),
        on_restored,
    };
    let title = Signal::derive(move || {
        let ids = list.purging.get();
        let named = list.pages.found.with(|found| {
            let of_id = |id: &Id| found.iter().flatten().find(|item| item.id == *id).map(name_of);
            match ids.as_slice() {
                [one] => of_id(one),
                _ => None,
            }
        });
        match named {
            Some(name) => text!("bin-purge-question", name = name),
            None => text!("bin-purge-many", count = ids.len()),
        }
    });
    let line = move |item: Binned| view! { <Line list=list item=item/> };
    let role = move || pages.has_some().then_some("list");
    let confirm = move |()| list.purge();
    let resting = move || {
        let labels = list.resting.get();
        let names: Vec<String> = labels.iter().map(|label| label.get(i18n::language()).to_string()).collect();
        let told = text!("bin-resting", names = i18n::listed(&names), count = names.len());
        (!names.is_empty()).then(|| view! { <Banner tone=Tone::Warning>{told}</Banner> })
    };
    view! {
        <FilterRow filter=filter with_app=app.is_none()/>
        {resting}
        <Several list=list/>
        <div class="stack bin">
            {move || pages.instead()}
            <div role=role>
                <For each=move || pages.items() key=|item| item.id.to_string() children=line/>
            </div>
            {move || pages.more()}
        </div>
        <ConfirmDialog open=list.asking title=title action=Signal::derive(t!("bin-purge")) busy=list.busy on_confirm=confirm>
            <p>{t!("bin-purge-text")}</p>
        </ConfirmDialog>
    }
}

fn name_of(item: &Binned) -> String {
    item.label.get(i18n::language()).to_string()
}

/// Restores or removes several things at once; nothing where there are not several.
#[component]
fn Several(list: List) -> impl IntoView {
    let all = Memo::new(move |_| {
        list.pages.found.with(|found| found.iter().flatten().map(|item| item.id).collect::<BTreeSet<Id>>())
    });
    let picked = list.picked;
    let count = move || picked.with(BTreeSet::len);
    let is_all = Signal::derive(move || {
        all.with(|all| !all.is_empty() && picked.with(|picked| all.is_subset(picked)))
    });
    let is_part = Signal::derive(move || !is_all.get() && count() > 0);
    let turn = move |on: bool| picked.set(if on { all.get_untracked() } else { BTreeSet::new() });
    let obstacle = Signal::derive(move || (count() == 0).then(|| text!("grid-choose-first")));
    let restore = move |_| {
        let items = list.chosen().into_iter().map(|id| BinRestore { id, key: None });
        list.restore(items.collect());
    };
    let purge = move |_| list.ask_to_purge(list.chosen());
    move || {
        all.with(|all| all.len() > 1).then(|| {
            view! {
                <div class="row wrap">
                    <Checkbox checked=is_all mixed=is_part on_change=turn>{t!("grid-bin-choose-all")}</Checkbox>
                    <span class="push row">
                        <Button size=ControlSize::Small busy=list.busy disabled_reason=obstacle on_press=restore>
                            {move || text!("grid-bin-restore-chosen", count = count())}
                        </Button>
                        <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small busy=list.busy disabled_reason=obstacle on_press=purge>
                            {move || text!("bin-purge-chosen", count = count())}
                        </Button>
                    </span>
                </div>
            }
        })
    }
}

/// What a thing is and where it belongs, when it was deleted by whom, and until when it lies here.
fn told(item: &Binned) -> String {
    let day = |text: &str| parse_timestamp(text).map(i18n::date_time).unwrap_or_default();
    let what = match item.version {
        Some(version) => format!("{} {version}", kind_name(item.kind)),
        None => kind_name(item.kind),
    };
    let app = item.app_label.get(i18n::language()).to_string();
    let place =
        if item.kind == BinnedKind::App || app.is_empty() { String::new() } else { format!(" · {app}") };
    let (at, until) = (day(&item.deleted_at), day(&item.purged_at));
    let when = match &item.deleted_by_name {
        Some(who) => text!("bin-deleted-by", who = who.clone(), at = at, until = until),
        None => text!("bin-deleted", at = at, until = until),
    };
    format!("{what}{place} · {when}")
}

#[component]
fn Line(list: List, item: Binned) -> impl IntoView {
    let id = item.id;
    let label = item.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let words = move || told(&item);
    let is_picked = Signal::derive(move || list.picked.with(|picked| picked.contains(&id)));
    let turn = move |on: bool| {
        list.picked.update(|picked| {
            if on {
                picked.insert(id)
            } else {
                picked.remove(&id)
            };
        });
    };
    let kept = Memo::new(move |_| {
        list.kept.with(|kept| kept.iter().find(|(of, _)| *of == id).map(|(_, kept)| kept.clone()))
    });
    let problem = move || {
        let Kept { sentence, free_key } = kept.get()?;
        let other = free_key.map(|key| {
            let (wanted, shown) = (key.clone(), key);
            let take = move |_| list.restore(vec![BinRestore { id, key: Some(wanted.clone()) }]);
            view! {
                <Button size=ControlSize::Small busy=list.busy on_press=take>
                    {move || text!("bin-restore-as", key = shown.clone())}<span class="sr">" "{name}</span>
                </Button>
            }
        });
        Some(
            view! { <span class="row wrap error" role="alert"><span class="grow">{sentence}</span>{other}</span> },
        )
    };
    let choose = Signal::derive(move || text!("grid-bin-choose", name = name.get()));
    let restore = move |_| list.restore(vec![BinRestore { id, key: None }]);
    let purge = move |_| list.ask_to_purge(vec![id]);
    view! {
        <div class="bin-line" role="listitem">
            <Checkbox checked=is_picked on_change=turn label=choose/>
            <span class="grow stack g1">
                <b class="clip">{name}</b>
                <span class="note muted">{words}</span>
                {problem}
            </span>
            <Button size=ControlSize::Small busy=list.busy on_press=restore>
                {t!("grid-bin-restore")}<span class="sr">" "{name}</span>
            </Button>
            <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small on_press=purge>
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
    fn what_stays_says_why_and_offers_a_free_key() {
        let id = Id::from_i64(1).unwrap();
        let result = |problem| BinResult { id, key: None, problem, resting: Vec::new() };
        assert_eq!(kept_by(&result(None)), None);
        let problem =
            json!({"code": "key_taken", "title": "Taken", "detail": "Taken by now", "free_key": "sales_2"});
        let kept = Kept { sentence: "Taken".into(), free_key: Some("sales_2".into()) };
        assert_eq!(kept_by(&result(Some(problem))), Some(kept));
        let kept = kept_by(&result(Some(json!({"title": "Not found"})))).unwrap();
        assert_eq!((kept.sentence.as_str(), kept.free_key), ("Not found", None));
    }

    #[test]
    fn a_thing_is_told_with_its_sort_its_app_and_who_deleted_it() {
        i18n::set_language(i18n::Language::En);
        let id = Id::from_i64(1).unwrap();
        let item = |more: serde_json::Value| {
            let mut item = json!({"id": id, "kind": "flow_version", "app": id, "app_label": "Office", "key": "leave",
                "label": "Leave", "version": 3, "deleted_at": "2026-11-22T08:00:00Z",
                "purged_at": "2026-12-22T08:00:00Z"});
            item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            serde_json::from_value::<Binned>(item).unwrap()
        };
        let words = told(&item(json!({"deleted_by_name": "Ann"})));
        assert!(words.starts_with("Flow version 3 · Office · Deleted by Ann, "), "{words}");
        let words = told(&item(json!({"kind": "app", "version": null})));
        assert!(words.starts_with("App · Deleted "), "{words}");
    }
}
