//! Handing over what a member has to somebody else, and the report of it.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::bulk_edit::BulkReason;
use wire::{HandOver, HandedOver, HeldPlace, Holdings, Member, MemberState};

use super::Known;
use crate::api::{people, session};
use crate::imports::{Run, RunProgress};
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Dialog, Field, Loaded, Select, Tone};
use crate::{browser, i18n, t, text};

#[component]
pub(super) fn HandOverDialog(
    handing_over: RwSignal<Option<Member>>,
    known: Known,
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let to = RwSignal::new(None::<String>);
    let disable = RwSignal::new(false);
    let administration = RwSignal::new(true);
    let report = RwSignal::new(None::<HandedOver>);
    let run = Run::new();
    Effect::new(move || {
        let Some(member) = handing_over.get() else { return };
        to.set(member.manager.map(|id| id.to_string()));
        disable.set(member.state != MemberState::Disabled && !is_me(member.id));
        administration.set(true);
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
    let name = move || handing_over.get().map(|member| member.name).unwrap_or_default();
    let begin = move |_| {
        let taken = to.get_untracked().and_then(|key| key.parse::<Id>().ok());
        let (Some(id), Some(to)) = (id.get_untracked(), taken) else { return };
        let input = HandOver {
            to,
            disable: disable.get_untracked(),
            records: true,
            tasks: true,
            places: true,
            administration: administration.get_untracked(),
        };
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
    let told = move || report.get().map(|report| Told::of(&report, &known.all_members(), &name()));
    let keep = move |_| {
        if let Some(told) = untrack(told) {
            browser::download("hand-over.txt", "text/plain", &told.text());
        }
    };
    let foot = move || {
        view! {
            {move || is_over().then(|| view! {
                <Button icon="download" on_press=keep>{t!("hand-over-keep")}</Button>
            })}
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
    let title = Signal::derive(move || text!("hand-over-of", name = name()));
    let asking = move || {
        view! { <Asking id=id known=known to=to disable=disable administration=administration/> }
    };
    let shown = move || match told() {
        Some(told) => view! { <Report told=told/> }.into_any(),
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
    administration: RwSignal<bool>,
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
    let list = move |held: Holdings| {
        let administers = !held.apps.is_empty() || !held.forms.is_empty();
        view! {
            <Held held=held/>
            {administers.then(|| view! {
                <Checkbox checked=administration on_change=move |on| administration.set(on) name="administration">
                    {t!("hand-over-administration")}
                </Checkbox>
            })}
        }
    };
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
pub(super) fn Held(held: Holdings) -> impl IntoView {
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

/// What came of a hand-over, as it is shown and as it is kept.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    /// From whom it went to whom.
    head: String,
    /// What went over, with how much of it.
    lines: Vec<(String, String)>,
    /// What did not, and why.
    stays: Option<String>,
    reasons: Vec<String>,
}

impl Told {
    fn of(report: &HandedOver, members: &[Member], from: &str) -> Told {
        let to = members.iter().find(|member| Some(member.id) == report.to);
        let to = to.map(|member| member.name.clone()).unwrap_or_default();
        let failed = report.tasks_failed + report.records.iter().map(|records| records.failed).sum::<u64>();
        let mut lines: Vec<(String, String)> = Vec::new();
        for records in &report.records {
            let moved = text!("hand-over-records", count = records.moved);
            lines.push((records.label.get(i18n::language()).to_string(), moved));
        }
        if report.tasks > 0 {
            lines.push((text!("hand-over-tasks"), i18n::whole(report.tasks)));
        }
        let administered = [report.apps.clone(), report.forms.clone()].concat();
        lines.extend(places(&administered, &report.departments, &report.reports, &report.delegations));
        let reason = |reason: &BulkReason| format!("{} ({})", reason.message, i18n::whole(reason.count));
        Told {
            head: text!("hand-over-done", from = from, to = to),
            lines,
            stays: (failed > 0).then(|| text!("hand-over-failed", count = failed)),
            reasons: report.reasons.iter().map(reason).collect(),
        }
    }

    /// The same as a text, a line for each thing.
    fn text(&self) -> String {
        let mut text = vec![self.head.clone()];
        text.extend(self.lines.iter().map(|(name, value)| format!("{name}: {value}")));
        if self.lines.is_empty() {
            text.push(text!("hand-over-nothing"));
        }
        text.extend(self.stays.clone());
        text.extend(self.reasons.iter().cloned());
        text.join("\n") + "\n"
    }
}

#[component]
fn Report(told: Told) -> impl IntoView {
    let Told { head, lines, stays, reasons } = told;
    view! {
        <p class="soft-text">{head}</p>
        <Lines lines=lines/>
        {stays.map(|stays| view! {
            <Banner tone=Tone::Warning>
                <div class="stack g1">
                    <span>{stays}</span>
                    {reasons.into_iter().map(|reason| view! { <span class="note">{reason}</span> }).collect_view()}
                </div>
            </Banner>
        })}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_says_from_whom_to_whom_and_what_stays() {
        i18n::set_language(i18n::Language::En);
        let id = |number: i64| Id::from_i64(number).unwrap();
        let member: Member = serde_json::from_value(json!({"id": id(2), "email": "tom@example.com", "name": "Tom",
            "state": "active", "manager": null, "departments": [], "roles": [], "language": "en", "zone": null,
            "administrator": false}))
        .unwrap();
        let records = json!([{"form": id(7), "label": "Notes", "moved": 2, "failed": 1}]);
        let report: HandedOver =
            serde_json::from_value(json!({"to": id(2), "disabled": true, "records": records,
            "tasks": 3, "tasks_failed": 0, "apps": [{"id": id(9), "label": "CRM"}], "departments": [],
            "reports": [], "reasons": [{"code": "too_large", "message": "At most 5.", "count": 1}]}))
            .unwrap();
        let told = Told::of(&report, &[member], "Lin");
        assert_eq!(
            told.text(),
            "Handed over from Lin to Tom:\nNotes: 2 records\nWaiting tasks: 3\nAdministers: CRM\n\
             One thing stays with the member\nAt most 5. (1)\n"
        );
    }
}
