//! Who decides in one's place for a while: in all flows or in some, from a day to a day.

use engine::value::{Date, Id, format_timestamp, parse_date, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flows::PassedOn;
use wire::{Delegation, DelegationInput, Form, List, Member, MemberState};

use crate::api::{Problem, apps, delegations, people, session};
use crate::imports::{Run, RunProgress};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Choice, ControlSize, DateInput, Empty, Field, Loaded, MultiSelect,
    Select, Together, Tone, toast,
};
use crate::{i18n, t, text};

#[component]
pub fn DelegationsPage() -> impl IntoView {
    let listed = LocalResource::new(delegations::delegations);
    let flows = LocalResource::new(all_flows);
    let refresh = Callback::new(move |()| listed.refetch());
    let table = move |list: List<Delegation>| {
        if list.items.is_empty() {
            return view! { <Empty icon="transfer" title=t!("delegations-none")/> }.into_any();
        }
        let rows = list.items.into_iter().map(|one| view! { <Row one=one flows=flows refresh=refresh/> });
        view! {
            <div class="sub-scroll">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th scope="col">{t!("delegations-from")}</th>
                            <th scope="col">{t!("delegations-to")}</th>
                            <th scope="col">{t!("delegations-when")}</th>
                            <th scope="col">{t!("delegations-flows")}</th>
                            <th><span class="sr">{t!("member-actions")}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="stack g6">
            <Together>
                <New flows=flows refresh=refresh/>
                <section class="card">
                    <div class="card-head"><h2>{t!("delegations-all")}</h2></div>
                    <Loaded answer=listed view=table/>
                </section>
            </Together>
        </div>
    }
}

/// The forms with a flow that the reader may use.
async fn all_flows() -> Result<Vec<Form>, Problem> {
    let mut all = Vec::new();
    for app in apps::apps().await? {
        all.extend(apps::forms(&app.key).await?.into_iter().filter(|form| form.flow.is_some()));
    }
    Ok(all)
}

type Flows = LocalResource<Result<Vec<Form>, Problem>>;

/// The beginning of a day where the reader lives.
fn midnight(day: Date) -> Option<String> {
    Some(format_timestamp(day.to_zoned_datetime(i18n::zone()).ok()?.timestamp()))
}

/// The moments of a period by its first and its last day, either of which may be missing.
fn period(first: &str, last: &str) -> (Option<String>, Option<String>) {
    let starts = parse_date(first).and_then(midnight);
    let ends = parse_date(last).and_then(|day| day.tomorrow().ok()).and_then(midnight);
    (starts, ends)
}

/// Letting somebody stand in.
#[component]
fn New(flows: Flows, refresh: Callback<()>) -> impl IntoView {
    let members = LocalResource::new(people::members);
    let to = RwSignal::new(None::<String>);
    let (first, last) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let forms = RwSignal::new(Vec::<String>::new());
    let open_tasks = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let run = Run::new();
    let passed = RwSignal::new(None::<PassedOn>);
    let me = session::me().map(|me| me.member.id);
    let colleagues = Signal::derive(move || {
        let all = members.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        let others =
            all.into_iter().filter(|one: &Member| one.state != MemberState::Disabled && Some(one.id) != me);
        others.map(|one| Choice::new(one.id.to_string(), one.name).note(one.email)).collect::<Vec<_>>()
    });
    let flow_choices = Signal::derive(move || {
        let all = flows.get().and_then(Result::ok).unwrap_or_default();
        let choice =
            |form: Form| Choice::new(form.id.to_string(), form.label.get(i18n::language()).to_string());
        all.into_iter().map(choice).collect::<Vec<_>>()
    });
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let not_yet = fault("open_tasks");
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let unready = Signal::derive(move || to.get().is_none().then(|| text!("delegations-to-missing")));
    let begin = move |_| {
        let Some(receiver) = to.get_untracked().and_then(|key| key.parse::<Id>().ok()) else { return };
        let (starts, ends) = period(&first.get_untracked(), &last.get_untracked());
        let input = DelegationInput {
            to: receiver,
            starts,
            ends,
            forms: forms.get_untracked(),
            from: None,
            open_tasks: open_tasks.get_untracked(),
        };
        busy.set(true);
        problem.set(None);
        passed.set(None);
        spawn_local(async move {
            let answer = delegations::delegate(&input).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(made) => {
                    let _ = to.try_set(None);
                    toast::show(text!("delegations-done"));
                    let _ = refresh.try_run(());
                    if let Some(job) = made.job {
                        let started = async move { Ok(job.to_string()) };
                        let done = run.follow::<PassedOn>(started, "delegations-cancelled").await;
                        let _ = passed.try_set(done.map(|(_, done)| done));
                    }
                }
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    };
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("settings-delegations")}</h2></div>
            <div class="card-body stack g4">
                <p class="soft-text">{t!("delegations-text")}</p>
                {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                {move || run.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
                <Field label=t!("delegations-to") required=true error=fault("to")>
                    <Select choices=colleagues value=to on_change=move |key| to.set(key)/>
                </Field>
                <div class="form">
                    <Field label=t!("delegations-first") class="q2" help=Signal::derive(t!("delegations-first-help")) error=fault("starts")>
                        <DateInput value=first on_change=move |day| first.set(day) name="first-day"/>
                    </Field>
                    <Field label=t!("delegations-last") class="q2" help=Signal::derive(t!("delegations-last-help")) error=fault("ends")>
                        <DateInput value=last on_change=move |day| last.set(day) name="last-day"/>
                    </Field>
                </div>
                <Field label=t!("delegations-flows") help=Signal::derive(t!("delegations-flows-help"))>
                    <MultiSelect choices=flow_choices value=forms on_change=move |keys| forms.set(keys)/>
                </Field>
                <Checkbox checked=open_tasks on_change=move |on| open_tasks.set(on) name="open-tasks">
                    {t!("delegations-open-tasks")}
                </Checkbox>
                {move || not_yet.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                {move || run.running.get().then(|| view! {
                    <RunProgress run=run label=Signal::derive(t!("delegations-running"))/>
                })}
                {move || passed.get().map(|passed| view! {
                    <p role="status">{t!("delegations-passed", done = passed.done, failed = passed.failed)}</p>
                })}
                <div class="row">
                    <Button kind=ButtonKind::Primary busy=busy disabled_reason=unready on_press=begin>
                        {t!("delegations-begin")}
                    </Button>
                </div>
            </div>
        </section>
    }
}

/// The days of a period in words.
fn when(one: &Delegation) -> String {
    let moment = |text: &Option<String>| parse_timestamp(text.as_deref()?).map(i18n::date_time);
    match (moment(&one.starts), moment(&one.ends)) {
        (Some(starts), Some(ends)) => text!("delegations-from-to", starts = starts, ends = ends),
        (Some(starts), None) => text!("delegations-since", starts = starts),
        (None, Some(ends)) => text!("delegations-until", ends = ends),
        (None, None) => text!("delegations-always"),
    }
}

#[component]
fn Row(one: Delegation, flows: Flows, refresh: Callback<()>) -> impl IntoView {
    let id = one.id;
    let may_end = session::me().is_some_and(|me| me.member.administrator || me.member.id == one.from);
    let name = |id: Id| one.names.get(&id.to_string()).cloned().unwrap_or_default();
    let (from, to) = (name(one.from), name(one.to));
    let named = one.forms.clone();
    let names = move || {
        if named.is_empty() {
            return text!("delegations-all-flows");
        }
        let all = flows.get().and_then(Result::ok).unwrap_or_default();
        let known = all.into_iter().filter(|form| named.contains(&form.id));
        let labels: Vec<String> = known.map(|form| form.label.get(i18n::language()).to_string()).collect();
        // Of a form that the reader may not use there is no name.
        if labels.len() < named.len() {
            return text!("delegations-some-flows", count = named.len());
        }
        i18n::listed(labels)
    };
    let end = move |_| {
        spawn_local(async move {
            match delegations::end(id).await {
                Ok(()) => {
                    toast::show(text!("delegations-ended"));
                    let _ = refresh.try_run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let period = move || when(&one);
    view! {
        <tr>
            <td class="title">{from}</td>
            <td>{to}</td>
            <td>{period}</td>
            <td>{names}</td>
            <td class="text-right">
                {may_end.then(|| view! {
                    <Button size=ControlSize::Small on_press=end>{t!("delegations-end")}</Button>
                })}
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_with_its_first_day_and_holds_its_last() {
        i18n::read_moments_in(Some("Asia/Taipei"));
        let (starts, ends) = period("2026-11-23", "2026-11-24");
        assert_eq!(starts.as_deref(), Some("2026-11-22T16:00:00Z"));
        assert_eq!(ends.as_deref(), Some("2026-11-24T16:00:00Z"));
        assert_eq!(period("", "soon"), (None, None));
        i18n::read_moments_in(None);
    }
}
