//! Handing over what a member has to somebody else, and the report of it.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{HandOver, HandedOver, HeldPlace, Holdings, Member, MemberState};

use super::Known;
use crate::api::{people, session};
use crate::imports::{Run, RunProgress};
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Dialog, Field, Loaded, Select, Tone};
use crate::{i18n, t, text};

#[component]
pub(super) fn HandOverDialog(
    handing_over: RwSignal<Option<Member>>,
    known: Known,
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let to = RwSignal::new(None::<String>);
    let disable = RwSignal::new(false);
    let report = RwSignal::new(None::<HandedOver>);
    let run = Run::new();
    Effect::new(move || {
        let Some(member) = handing_over.get() else { return };
        to.set(member.manager.map(|id| id.to_string()));
        disable.set(member.state != MemberState::Disabled && !is_me(member.id));
        report.set(None);
        run.fault.set(None);
        open.set(true);
    });
    Effect::new(move || {
        if !open.get() {
            handing_over.set(None);
        }
    });
    let id = Signal::derive(move || handing_over.get().map(|member| member.id));
    let begin = move |_| {
        let taken = to.get_untracked().and_then(|key| key.parse::<Id>().ok());
        let (Some(id), Some(to)) = (id.get_untracked(), taken) else { return };
        let input =
            HandOver { to, disable: disable.get_untracked(), records: true, tasks: true, places: true };
        spawn_local(async move {
            let done = run.follow::<HandedOver>(people::hand_over(id, &input), "hand-over-cancelled").await;
            if let Some((_, done)) = done {
                let _ = report.try_set(Some(done));
            }
            let _ = on_done.try_run(());
        });
    };
    let unready = Signal::derive(move || to.get().is_none().then(|| text!("hand-over-to-missing")));
    let is_over = move || report.with(Option::is_some);
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>
                {move || if is_over() { text!("ui-close") } else { text!("ui-cancel") }}
            </Button>
            {move || (!is_over()).then(|| view! {
                <Button kind=ButtonKind::Primary busy=run.running disabled_reason=unready on_press=begin>
                    {t!("hand-over-begin")}
                </Button>
            })}
        }
    };
    let title = Signal::derive(move || {
        let name = handing_over.get().map(|member| member.name).unwrap_or_default();
        text!("hand-over-of", name = name)
    });
    let asking = move || view! { <Asking id=id known=known to=to disable=disable/> };
    let shown = move || match report.get() {
        Some(report) => view! { <Report report=report/> }.into_any(),
        None if run.running.get() => {
            view! { <RunProgress run=run label=Signal::derive(t!("hand-over-running"))/> }.into_any()
        }
        None => asking().into_any(),
    };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || run.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
                {shown}
            </div>
        </Dialog>
    }
}

fn is_me(id: Id) -> bool {
    session::me().is_some_and(|me| me.member.id == id)
}

/// What there is, and who takes it.
#[component]
fn Asking(
    id: Signal<Option<Id>>,
    known: Known,
    to: RwSignal<Option<String>>,
    disable: RwSignal<bool>,
) -> impl IntoView {
    let held = LocalResource::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => people::holdings(id).await,
                None => Ok(Holdings::default()),
            }
        }
    });
    let has_left = move || {
        let all = known.all_members();
        let member = all.iter().find(|member| Some(member.id) == id.get());
        member.is_none_or(|member| member.state == MemberState::Disabled)
    };
    let may_leave = move || !has_left() && !id.get().is_some_and(is_me);
    let list = |held: Holdings| view! { <Held held=held/> };
    view! {
        <Loaded answer=held view=list lines=3/>
        <Field label=t!("hand-over-to") required=true>
            <Select choices=known.member_choices(id) value=to on_change=move |key| to.set(key)/>
        </Field>
        {move || may_leave().then(|| view! {
            <Checkbox checked=disable on_change=move |on| disable.set(on) name="disable">
                {t!("hand-over-disable")}
            </Checkbox>
        })}
    }
}

#[component]
fn Held(held: Holdings) -> impl IntoView {
    let mut lines: Vec<(String, String)> = Vec::new();
    for records in held.records {
        let count = text!("hand-over-records", count = records.count);
        lines.push((records.label.get(i18n::language()).to_string(), count));
    }
    if held.tasks > 0 {
        lines.push((text!("hand-over-tasks"), i18n::whole(held.tasks)));
    }
    let administered = [held.apps, held.forms].concat();
    lines.extend(places(&administered, &held.departments, &held.reports, &held.delegations));
    view! { <Lines lines=lines/> }
}

fn places(
    administered: &[HeldPlace],
    departments: &[HeldPlace],
    reports: &[HeldPlace],
    delegations: &[HeldPlace],
) -> Vec<(String, String)> {
    let named = |places: &[HeldPlace]| {
        let names = places.iter().map(|place| place.label.get(i18n::language()).to_string());
        i18n::listed(names.collect::<Vec<_>>())
    };
    let kinds = [
        (text!("hand-over-apps"), administered),
        (text!("hand-over-departments"), departments),
        (text!("hand-over-reports"), reports),
        (text!("hand-over-delegations"), delegations),
    ];
    let some = kinds.into_iter().filter(|(_, places)| !places.is_empty());
    some.map(|(name, places)| (name, named(places))).collect()
}

/// Names with what stands beside each.
#[component]
fn Lines(lines: Vec<(String, String)>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="soft-text">{t!("hand-over-nothing")}</p> }.into_any();
    }
    let rows = lines.into_iter().map(|(name, value)| {
        view! { <tr><td>{name}</td><td class="text-right">{value}</td></tr> }
    });
    view! { <table class="grid plain auto"><tbody>{rows.collect_view()}</tbody></table> }.into_any()
}

#[component]
fn Report(report: HandedOver) -> impl IntoView {
    let failed = report.tasks_failed + report.records.iter().map(|records| records.failed).sum::<u64>();
    let mut lines: Vec<(String, String)> = Vec::new();
    for records in &report.records {
        let moved = text!("hand-over-records", count = records.moved);
        lines.push((records.label.get(i18n::language()).to_string(), moved));
    }
    if report.tasks > 0 {
        lines.push((text!("hand-over-tasks"), i18n::whole(report.tasks)));
    }
    let administered = [report.apps, report.forms].concat();
    lines.extend(places(&administered, &report.departments, &report.reports, &report.delegations));
    let reasons: Vec<String> = report
        .reasons
        .iter()
        .map(|reason| format!("{} ({})", reason.message, i18n::whole(reason.count)))
        .collect();
    view! {
        <p class="soft-text">{t!("hand-over-done")}</p>
        <Lines lines=lines/>
        {(failed > 0).then(|| view! {
            <Banner tone=Tone::Warning>
                <div class="stack g1">
                    <span>{t!("hand-over-failed", count = failed)}</span>
                    {reasons.into_iter().map(|reason| view! { <span class="note">{reason}</span> }).collect_view()}
                </div>
            </Banner>
        })}
    }
}
