//! How an instance came to where it is, who is waited for, and what comes next.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::value::{Timestamp, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::StoredFile;
use wire::flows::Sent;

use super::drawing::{FlowDrawing, icon_of, with_behalf};
use super::own_request::{AskAgainLink, WithdrawButton};
use super::saying::Saying;
use super::steering::Steering;
use super::{flow_look, flow_state_name};
use crate::api::instances::{self, Ballot, Instance, InstanceTask, LogLine, NextStep, Voter, Waits};
use crate::api::tasks::START;
use crate::api::{files, session};
use crate::ui::{
    Avatar, AvatarSize, Badge, Button, ButtonKind, ControlSize, ExpectedPerson, Icon, Loaded, Tone, classes,
    toast,
};
use crate::{i18n, t, text};

/// The timeline of an instance with its drawing, beside its record. Raise `round` to ask anew. `on_changed` hears that the
/// record stands otherwise now.
#[component]
pub fn FlowTimeline(
    #[prop(into)] instance: Signal<String>,
    #[prop(optional, into)] round: Signal<u32>,
    /// The page of a new request with its form; none where the reader may make none.
    new_page: Option<String>,
    #[prop(into)] on_changed: Callback<()>,
) -> impl IntoView {
    let new_page = StoredValue::new(new_page);
    let answer = LocalResource::new(move || {
        let id = instance.get();
        round.track();
        async move { instances::get(&id).await }
    });
    let again = Callback::new(move |()| answer.refetch());
    let way = move |instance: Instance| {
        let (drawn, own, over) = (instance.clone(), instance.clone(), instance.clone());
        // It is drawn once somebody wants to see it: then it finds its place in its frame.
        let opened = RwSignal::new(false);
        view! {
            <Way instance=instance links_to_tasks=true on_done=again/>
            <WithdrawButton instance=own on_done=on_changed/>
            <AskAgainLink instance=over page=new_page.get_value()/>
            <details class="drawn no-print" on:toggle=move |_| opened.set(true)>
                <summary class="link">{t!("flow-drawing")}</summary>
                {move || opened.get().then(|| view! { <FlowDrawing instance=drawn.clone()/> })}
            </details>
        }
    };
    view! { <Loaded answer=answer view=way/> }
}

/// The timeline of an instance, with what its reader may say about it and do to it. `on_done` hears that there is more to show.
#[component]
pub fn Way(
    instance: Instance,
    /// Whether a task that waits for the reader is one press away.
    #[prop(optional)]
    links_to_tasks: bool,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let (said, steered) = (instance.clone(), instance.clone());
    view! {
        <Timeline instance=instance links_to_tasks=links_to_tasks/>
        <Saying instance=said on_done=on_done/>
        <Steering instance=steered on_done=on_done/>
    }
}

/// The lines of a timeline.
#[component]
pub fn Timeline(
    instance: Instance,
    /// Whether a task that waits for the reader is one press away.
    links_to_tasks: bool,
) -> impl IntoView {
    let shown = RwSignal::new(instance);
    let coming = RwSignal::new(false);
    let earlier = Memo::new(move |_| shown.with(|instance| instance.log_earlier));
    let show_earlier = move |_| {
        let Some(line) = earlier.get_untracked().filter(|_| !coming.get_untracked()) else { return };
        coming.set(true);
        let id = shown.with_untracked(|instance| instance.id.clone());
        spawn_local(async move {
            let answer = instances::before(&id, line).await;
            if coming.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => shown.update(|instance| *instance = instance.clone().with_earlier(page)),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let more = move || {
        earlier.get().map(|_| view! {
            <Button kind=ButtonKind::Ghost size=ControlSize::Small busy=coming on_press=show_earlier>{t!("flow-earlier")}</Button>
        })
    };
    view! { {more}{move || course(shown.get(), links_to_tasks)} }
}

fn course(instance: Instance, links_to_tasks: bool) -> AnyView {
    let instance = Arc::new(instance);
    let mut seen_start = false;
    let lines: Vec<AnyView> = instance
        .log
        .iter()
        .filter(|line| line.action != "end")
        .map(|line| {
            let again = matches!(line.action.as_str(), "start" | "submit")
                && std::mem::replace(&mut seen_start, true);
            happened(&instance, line, again)
        })
        .collect();
    // Who is waited for at one step stands together.
    let mut waiting: BTreeMap<&str, Vec<&InstanceTask>> = BTreeMap::new();
    for task in instance.tasks.iter().filter(|task| task.state == "open") {
        waiting.entry(&task.step).or_default().push(task);
    }
    let waiting: Vec<AnyView> = waiting
        .into_iter()
        .map(|(step, tasks)| waited_for(&instance, step, &tasks, links_to_tasks))
        .collect();
    let pending: Vec<AnyView> =
        instance.waits.iter().filter(|wait| wait.is_told()).map(|wait| pending(&instance, wait)).collect();
    let coming: Vec<AnyView> = instance.next.iter().map(|next| to_come(&instance, next)).collect();
    view! { <ol class="timeline">{lines}{waiting}{pending}{coming}{end(&instance)}</ol> }.into_any()
}

/// How something stands by what was done; empty where that says nothing of it.
fn stands_by(action: &str) -> &'static str {
    match action {
        "approve" => "approved",
        "reject" => "rejected",
        "terminate" => "terminated",
        "cancel" => "cancelled",
        "return" => "returned",
        "withdraw" | "take_back" => "withdrawn",
        _other_action => "",
    }
}

/// The sign of what was done.
fn mark_of(action: &str) -> &'static str {
    match action {
        "start" | "submit" => "send",
        "cc" => "email",
        "transfer" | "reassign" => "transfer",
        "urge" => "bell",
        "edit" => "edit",
        action => match stands_by(action) {
            "" => "comment",
            stands => flow_look(stands).1,
        },
    }
}

/// The class of a mark in the colour of a state.
fn mark_class(tone: Tone) -> String {
    classes(&["mark", tone.class()])
}

fn people(instance: &Instance, ids: &[String]) -> String {
    i18n::listed(ids.iter().map(|id| instance.member_name(id)))
}

/// One line of what happened. `again` is a submission after the first one.
fn happened(instance: &Arc<Instance>, line: &LogLine, again: bool) -> AnyView {
    let icon = mark_of(&line.action);
    let (tone, _) = flow_look(stands_by(&line.action));
    let mark = mark_class(tone);
    let did = format!("flow-did-{}", line.action.replace('_', "-"));
    let submits = matches!(line.action.as_str(), "start" | "submit");
    let step = line.step.clone().filter(|step| !submits && step != "start");
    let of = instance.clone();
    let what = match step {
        Some(step) => view! {
            <b>{move || of.step_name(&step)}</b>
            <Badge tone=tone>{move || i18n::lookup(&did, &[])}</Badge>
        }
        .into_any(),
        None if again => view! { <b>{t!("flow-did-again")}</b> }.into_any(),
        None => view! { <b>{move || i18n::lookup(&did, &[])}</b> }.into_any(),
    };
    let who = line.who.as_deref().map(|who| instance.member_name(who));
    let behalf = line.on_behalf_of.as_deref().map(|who| instance.member_name(who));
    let to = line.to.clone().map(|step| (instance.clone(), step));
    let concerned = Some(people(instance, &line.members)).filter(|names| !names.is_empty());
    let (automatic, at) = (line.automatic, line.at);
    let changes = (!line.changes.is_empty()).then(|| {
        let (of, line) = (instance.clone(), line.clone());
        move || {
            let fields = i18n::listed(of.changed_fields(&line));
            let words = (!fields.is_empty()).then(|| text!("flow-changed", fields = fields));
            words.map(|words| view! { <div class="changes muted">{words}</div> })
        }
    });
    let waited = line
        .waited
        .filter(|seconds| *seconds >= 60)
        .and_then(|seconds| Timestamp::from_second(at.as_second() - seconds).ok());
    let waited = waited.map(|since| {
        view! { <span class="muted">{move || text!("flow-took", time = i18n::lasting(since, at))}</span> }
    });
    let left = line
        .deadline_left
        .and_then(|seconds| Some((seconds < 0, Timestamp::from_second(at.as_second() + seconds).ok()?)));
    let left = left.map(|(is_late, due)| {
        let words = move || match is_late {
            true => text!("flow-was-late", time = i18n::lasting(due, at)),
            false => text!("flow-was-early", time = i18n::lasting(at, due)),
        };
        let class = if is_late { "bad-text" } else { "muted" };
        view! { <span class=class>{words}</span> }
    });
    let because = line.reason.as_ref().map(|reason| format!("flow-reason-{}", reason.replace('_', "-")));
    let because = because.map(|key| view! { <span class="muted">{move || i18n::lookup(&key, &[])}</span> });
    let named = Some(people(instance, &line.mentions)).filter(|names| !names.is_empty());
    let marks: Vec<String> = line.marks.clone();
    let of_marks = instance.clone();
    let marked = (!marks.is_empty()).then(|| {
        let words = move || {
            let name = |path: &String| {
                let label = of_marks.field_labels.get(path);
                label.map_or_else(|| path.clone(), |label| label.get(i18n::language()).to_string())
            };
            text!("flow-marked", fields = i18n::listed(marks.iter().map(name)))
        };
        view! { <div class="muted note">{words}</div> }
    });
    let file = |file: &StoredFile| {
        view! { <a class="link clip" href=files::address(file.id) download=file.name.clone()>{file.name.clone()}</a> }
    };
    let attached = (!line.files.is_empty()).then(|| {
        view! { <div class="row wrap note files">{line.files.iter().map(file).collect_view()}</div> }
    });
    let signed = line.signature.map(|file| {
        view! { <img class="signed" src=files::address(file) alt=t!("fill-signature")/> }
    });
    let sent = line.sent.clone().map(|sent| {
        let class = if sent.state == "dead" { "bad-text" } else { "muted" };
        view! { <span class=class>{move || sent_words(&sent)}</span> }
    });
    let said: Vec<String> =
        line.opinion.iter().chain(&line.text).filter(|text| !text.is_empty()).cloned().collect();
    view! {
        <li>
            <span class=mark><Icon name=icon/></span>
            <div>
                <div class="what">{what}<span class="when">{move || i18n::around(at)}</span></div>
                <div class="who">
                    {who.map(|who| view! { <span class="person"><Avatar name=who.clone() size=AvatarSize::Small/>{who}</span> })}
                    {behalf.map(|name| view! { <span class="muted">{t!("flow-on-behalf", name = name)}</span> })}
                    {to.map(|(instance, step)| view! { <span class="muted">{move || text!("flow-back-to", step = instance.step_name(&step))}</span> })}
                    {concerned.map(|names| view! { <span class="muted">"→ "{names}</span> })}
                    {automatic.then(|| view! { <span class="muted">{t!("flow-automatic")}</span> })}
                    {waited}
                    {left}
                    {because}
                    {sent}
                </div>
                {changes}
                {said.into_iter().map(|text| view! { <div class="said">{text}</div> }).collect_view()}
                {named.map(|names| view! { <div class="muted note">"@ "{names}</div> })}
                {marked}
                {attached}
                {signed}
            </div>
        </li>
    }
    .into_any()
}

/// What became of what a step sends.
fn sent_words(sent: &Sent) -> String {
    let moment =
        |at: &Option<String>| at.as_deref().and_then(parse_timestamp).map(i18n::around).unwrap_or_default();
    match (sent.kind.as_str(), sent.state.as_str()) {
        ("message", _) => text!("flow-sent-message"),
        (_, "sent") => text!("flow-sent-call", time = moment(&sent.tried_at)),
        (_, "dead") => text!("flow-sent-dead", count = sent.attempts),
        (_, "held") => text!("flow-sent-held"),
        (_, _waiting) if sent.attempts == 0 => text!("flow-sent-waiting"),
        _tried => text!("flow-sent-again", time = moment(&sent.next_at)),
    }
}

/// A step that somebody works at now.
fn waited_for(instance: &Arc<Instance>, step: &str, tasks: &[&InstanceTask], links: bool) -> AnyView {
    let me = session::me().map(|me| me.member.id.to_string());
    let since = tasks.iter().filter_map(|task| task.arrived).min();
    let due = tasks.iter().filter_map(|task| task.due).min();
    let wait = since.map(|since| {
        let words = move || match i18n::now().as_second() - since.as_second() {
            ..60 => t!("ago-now")(),
            _longer => t!("flow-waits", time = i18n::lasting(since, i18n::now()))(),
        };
        let is_late = Memo::new(move |_| due.is_some_and(|due| due < i18n::now()));
        move || match is_late.get() {
            true => view! { <Badge tone=Tone::Danger>{words}</Badge> }.into_any(),
            false => view! { <span class="when">{words}</span> }.into_any(),
        }
    });
    let mine =
        tasks.iter().find(|task| task.assignee.is_some() && task.assignee == me).map(|task| task.id.clone());
    let person = |task: &&InstanceTask| {
        let is_me = task.assignee.is_some() && task.assignee == me;
        task.assignee.as_deref().map(|id| {
            let name = instance.member_name(id);
            let behalf = task.on_behalf_of.as_deref().map(|who| instance.member_name(who));
            view! {
                <span class="person"><Avatar name=name.clone() size=AvatarSize::Small/>{name}</span>
                {behalf.map(|name| view! { <span class="muted">{t!("flow-on-behalf", name = name)}</span> })}
                {is_me.then(|| view! { <Badge tone=Tone::Accent>{t!("flow-you")}</Badge> })}
            }
        })
    };
    let people = tasks.iter().map(person).collect_view();
    let votes = instance.ballots.iter().find(|ballot| ballot.step == step);
    let votes = votes.map(|ballot| votes_so_far(instance, ballot));
    let nobody = tasks.iter().any(|task| task.assignee.is_none());
    let nobody = nobody.then(|| view! { <span class="muted">{t!("flow-nobody-yet")}</span> });
    let icon = icon_of(instance.kind_of(step));
    let changes = step == START;
    let (of, step) = (instance.clone(), step.to_string());
    let name = move || if changes { t!("flow-change-again")() } else { of.step_name(&step) };
    let action = move || if changes { t!("flow-change-again")() } else { t!("flow-decide")() };
    view! {
        <li class="now">
            <span class="mark now"><Icon name=icon/></span>
            <div>
                <div class="what"><b>{name}</b>{wait}</div>
                <div class="who">
                    {people}
                    {nobody}
                    {mine.filter(|_| links).map(|task| view! {
                        <a class="btn small push" href=format!("/inbox?task={task}")>{action}</a>
                    })}
                </div>
                {votes}
            </div>
        </li>
    }
    .into_any()
}

/// How many have agreed of those who have to, who has decided, and whose turn comes later; who is asked now stands above.
fn votes_so_far(instance: &Arc<Instance>, ballot: &Ballot) -> AnyView {
    let (agreed, needed) = (ballot.agreed, ballot.needed);
    let decided = ballot.voters.iter().filter_map(|voter| {
        let (tone, did) = match voter.vote.as_deref()? {
            "approved" => (Tone::Success, "flow-did-approve"),
            "submitted" => (Tone::Success, "flow-did-submit"),
            "rejected" => (Tone::Danger, "flow-did-reject"),
            _returned => (Tone::Warning, "flow-did-return"),
        };
        let name = instance.member_name(&voter.person.member);
        let behalf = voter.person.on_behalf_of.as_deref().map(|who| instance.member_name(who));
        Some(view! {
            <span class="person"><Avatar name=name.clone() size=AvatarSize::Small/>{name}</span>
            {behalf.map(|name| view! { <span class="muted">{t!("flow-on-behalf", name = name)}</span> })}
            <Badge tone=tone>{move || i18n::lookup(did, &[])}</Badge>
        })
    });
    let decided = decided.collect_view();
    let is_later = |voter: &&Voter| voter.vote.is_none() && !voter.is_asked;
    let later: Vec<Voter> = ballot.voters.iter().filter(is_later).cloned().collect();
    let of = instance.clone();
    let later = (!later.is_empty()).then(|| {
        let names = move || {
            let names = i18n::listed(later.iter().map(|voter| with_behalf(&of, &voter.person)));
            text!("flow-votes-later", names = names)
        };
        view! { <span class="muted">{names}</span> }
    });
    view! {
        <div class="who votes">
            <span class="medium">{t!("flow-votes", agreed = agreed, needed = needed)}</span>
            {decided}
            {later}
        </div>
    }
    .into_any()
}

/// A time, or another request, that the instance waits for.
fn pending(instance: &Arc<Instance>, wait: &Waits) -> AnyView {
    let icon = match wait.kind.as_str() {
        "subflow" => "flow",
        _time => "clock",
    };
    let (of, step) = (instance.clone(), wait.step.clone());
    let until = wait.due.map(|due| {
        view! { <span class="when">{move || text!("flow-wait-until", time = i18n::around(due))}</span> }
    });
    let link = wait.link.clone().map(|page| {
        view! { <div class="who"><a class="link" href=page>{t!("flow-wait-for")}</a></div> }
    });
    let failed = wait.failed.clone().map(|failed| {
        let (count, retry) = (failed.attempts, failed.retry);
        let why = move || text!("flow-wait-failed", count = count, reason = failed.reason.clone());
        view! {
            <div class="bad-text note">{why}</div>
            <div class="muted note">{move || text!("flow-wait-again", time = i18n::around(retry))}</div>
        }
    });
    view! {
        <li class="now">
            <span class="mark now"><Icon name=icon/></span>
            <div>
                <div class="what"><b>{move || of.step_name(&step)}</b>{until}</div>
                {link}
                {failed}
            </div>
        </li>
    }
    .into_any()
}

/// A step that comes if everybody approves.
fn to_come(instance: &Arc<Instance>, next: &NextStep) -> AnyView {
    let icon = icon_of(instance.kind_of(&next.step));
    let (of, step) = (instance.clone(), next.step.clone());
    let because = next.because.clone();
    let names: Vec<String> = next.asked().map(|person| with_behalf(instance, &person)).collect();
    view! {
        <li class="next">
            <span class="mark next"><Icon name=icon/></span>
            <div>
                <div class="what"><b>{move || of.step_name(&step)}</b></div>
                <div class="who next-text">
                    {names.into_iter().map(|name| view! { <ExpectedPerson name=name/> }).collect_view()}
                </div>
                {because.map(|arm| view! {
                    <div class="why">{move || text!("flow-because", arm = arm.get(i18n::language()).to_string())}</div>
                })}
            </div>
        </li>
    }
    .into_any()
}

/// How it ended, or that it will.
fn end(instance: &Arc<Instance>) -> AnyView {
    if !instance.is_ended() {
        return view! {
            <li class="next">
                <span class="mark next"><Icon name="check"/></span>
                <div><div class="what"><b>{t!("flow-did-end")}</b></div></div>
            </li>
        }
        .into_any();
    }
    let state = instance.state.clone();
    let (tone, icon) = flow_look(&state);
    let mark = mark_class(tone);
    let at = instance.log.iter().rfind(|line| line.action == "end").map(|line| line.at);
    let at = at.map(|at| move || i18n::around(at));
    view! {
        <li>
            <span class=mark><Icon name=icon/></span>
            <div><div class="what"><b>{move || flow_state_name(&state)}</b><span class="when">{at}</span></div></div>
        </li>
    }
    .into_any()
}
