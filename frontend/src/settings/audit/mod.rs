//! The audit trail: who did what, found by kind, person and day, and taken away as a file.

mod details;
mod entry;
mod words;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Audit, AuditExportInput, AuditFilter, ExportFormat, Exported, List};

use crate::api::jobs::{self, JobState};
use crate::api::{Problem, audit, files, people};
use crate::ui::{
    Banner, Button, Choice, DateInput, Empty, Field, Icon, Loaded, MenuButton, MenuItem, Placement, Select,
    Tone, toast,
};
use crate::{t, text};

use entry::rows;
use words::{KINDS, kind_word};

#[component]
pub fn AuditPage() -> impl IntoView {
    let asked = Asked::new();
    let filter = Memo::new(move |_| asked.filter());
    // Pages behind the first.
    let further = RwSignal::new(Vec::<List<Audit>>::new());
    Effect::new(move || {
        filter.track();
        further.set(Vec::new());
    });
    let first = LocalResource::new(move || {
        let filter = filter.get();
        async move { audit::entries(&filter, None).await }
    });
    let table = move |page: List<Audit>| view! { <Entries page=page further=further filter=filter/> };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("audit-title")}</h2>
                <ExportMenu filter=filter/>
            </div>
            <div class="card-body stack g4">
                <p class="soft-text">{t!("audit-text")}</p>
                <Filters asked=asked/>
            </div>
            <Loaded answer=first view=table/>
        </section>
    }
}

/// What the reader looks for.
#[derive(Clone, Copy)]
struct Asked {
    kind: RwSignal<Option<String>>,
    who: RwSignal<Option<String>>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Asked {
    fn new() -> Asked {
        Asked {
            kind: RwSignal::new(None),
            who: RwSignal::new(None),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
        }
    }

    fn filter(self) -> AuditFilter {
        // What is no day yet is still being typed.
        let day = |text: String| engine::value::parse_date(&text).map(|_| text);
        AuditFilter {
            kind: self.kind.get(),
            who: self.who.get().and_then(|who| who.parse().ok()),
            from: day(self.from.get()),
            to: day(self.to.get()),
            ..AuditFilter::default()
        }
    }
}

#[component]
fn Filters(asked: Asked) -> impl IntoView {
    let members = LocalResource::new(people::members);
    let kinds =
        Signal::derive(|| KINDS.iter().map(|kind| Choice::new(*kind, kind_word(kind))).collect::<Vec<_>>());
    let people = Signal::derive(move || {
        let members = members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        members.into_iter().map(|member| Choice::new(member.id.to_string(), member.name)).collect::<Vec<_>>()
    });
    let (anything, anybody) = (Signal::derive(t!("audit-anything")), Signal::derive(t!("audit-anybody")));
    view! {
        <div class="row wrap">
            <Field label=t!("audit-kind")>
                <Select choices=kinds value=asked.kind on_change=move |kind| asked.kind.set(kind) placeholder=anything clearable=true/>
            </Field>
            <Field label=t!("audit-who")>
                <Select choices=people value=asked.who on_change=move |who| asked.who.set(who) placeholder=anybody clearable=true/>
            </Field>
            <Field label=t!("audit-from")>
                <DateInput value=asked.from on_change=move |day| asked.from.set(day)/>
            </Field>
            <Field label=t!("audit-to")>
                <DateInput value=asked.to on_change=move |day| asked.to.set(day)/>
            </Field>
        </div>
    }
}

#[component]
fn Entries(
    page: List<Audit>,
    further: RwSignal<Vec<List<Audit>>>,
    filter: Memo<AuditFilter>,
) -> impl IntoView {
    if page.items.is_empty() {
        let text = Signal::derive(t!("audit-empty-text"));
        return view! { <Empty icon="shield" title=t!("audit-empty") text=text/> }.into_any();
    }
    let first_next = page.next.clone();
    let next = Memo::new(move |_| {
        further.with(|pages| pages.last().map_or_else(|| first_next.clone(), |page| page.next.clone()))
    });
    let busy = RwSignal::new(false);
    let load = move |_| {
        let Some(cursor) = next.get_untracked() else { return };
        let asked = filter.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = audit::entries(&asked, Some(&cursor)).await;
            let _ = busy.try_set(false);
            match answer {
                // Another filter was chosen meanwhile: this page is none of it.
                Ok(page) if filter.try_get_untracked().is_some_and(|now| now == asked) => {
                    let _ = further.try_update(|pages| pages.push(page));
                }
                Ok(_) => {}
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let more = move || {
        let pages = further.get();
        pages.into_iter().map(|page| rows(page.items)).collect_view()
    };
    view! {
        <div class="sub-scroll">
            <table class="grid plain auto">
                <thead>
                    <tr>
                        <th>{t!("audit-at")}</th>
                        <th>{t!("audit-who")}</th>
                        <th>{t!("audit-action")}</th>
                        <th>{t!("audit-object")}</th>
                        <th>{t!("audit-way")}</th>
                        <th>{t!("audit-details")}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows(page.items)}
                    {more}
                </tbody>
            </table>
        </div>
        {move || next.get().map(|_| view! {
            <div class="card-body">
                <Button busy=busy on_press=load>{t!("audit-more")}</Button>
            </div>
        })}
    }
    .into_any()
}

/// The entries that are shown, and those behind them, as a file.
#[component]
fn ExportMenu(filter: Memo<AuditFilter>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let ready = RwSignal::new(None::<Exported>);
    let start = move |format: ExportFormat| {
        let input = AuditExportInput { filter: filter.get_untracked(), format };
        busy.set(true);
        ready.set(None);
        spawn_local(async move {
            let answer = exported(&input).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(done) => drop(ready.try_set(Some(done))),
                Err(sentence) => toast::show(sentence),
            }
        });
    };
    let link = move || {
        ready.get().map(|ready| {
            let (file, named) = (ready.name.clone(), ready.name);
            view! {
                <a class="btn sm" href=files::address(ready.file) download=file>
                    <Icon name="download"/>
                    {t!("export-download", name = named)}
                </a>
            }
        })
    };
    view! {
        <div class="row">
            {link}
            {move || busy.get().then(|| view! { <Banner tone=Tone::Info>{t!("export-running")}</Banner> })}
            <MenuButton icon="export" label=t!("audit-export") placement=Placement::End>
                <MenuItem icon="table" on_choose=move |()| start(ExportFormat::Xlsx)>{t!("export-xlsx")}</MenuItem>
                <MenuItem icon="table" on_choose=move |()| start(ExportFormat::Csv)>{t!("export-csv")}</MenuItem>
                <MenuItem icon="table" on_choose=move |()| start(ExportFormat::Json)>{t!("export-json")}</MenuItem>
            </MenuButton>
        </div>
    }
}

/// Has a file made; a sentence that says why there is none.
async fn exported(input: &AuditExportInput) -> Result<Exported, String> {
    let said = |problem: Problem| problem.sentence();
    let id = audit::export(input).await.map_err(said)?;
    let job = jobs::watch(&id, |_| {}).await.map_err(said)?;
    match (job.state, serde_json::from_value(job.result)) {
        (JobState::Done, Ok(exported)) => Ok(exported),
        _ => Err(job.problem.map_or_else(|| text!("import-failed"), |problem| problem.sentence())),
    }
}
