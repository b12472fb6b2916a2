//! Deciding several tasks at once, and what became of each.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flows::DecideAnswer;

use crate::api::Problem;
use crate::api::tasks::{self, Task};
use crate::ui::{Button, ButtonKind, Dialog, Field, TextInput, toast};
use crate::{i18n, t, text};

/// Which tasks are picked to be decided together.
#[derive(Clone, Copy)]
pub struct Batch {
    /// Whether tasks are picked at all; else they are opened.
    pub picking: RwSignal<bool>,
    picked: RwSignal<Vec<String>>,
}

impl Batch {
    pub fn new() -> Batch {
        Batch { picking: RwSignal::new(false), picked: RwSignal::new(Vec::new()) }
    }

    /// Begins to pick, or stops.
    pub fn turn(self) {
        self.picked.set(Vec::new());
        self.picking.update(|picking| *picking = !*picking);
    }

    pub fn stop(self) {
        self.picked.set(Vec::new());
        self.picking.set(false);
    }

    pub fn has(self, task: &str) -> bool {
        self.picked.with(|picked| picked.iter().any(|known| known == task))
    }

    /// Whether a task can be picked at all.
    pub fn takes(self, task: &Task) -> bool {
        can_be_picked(task)
    }

    /// Picks a task, or lets it go.
    pub fn pick(self, task: &Task) {
        if !can_be_picked(task) {
            toast::show(text!("inbox-batch-not-this"));
            return;
        }
        self.picked.update(|picked| match picked.iter().position(|known| *known == task.id) {
            Some(place) => {
                picked.remove(place);
            }
            None => picked.push(task.id.clone()),
        });
    }
}

/// Whether a task can be decided without being opened.
fn can_be_picked(task: &Task) -> bool {
    task.allows("approve")
}

/// What the steps of all the picked tasks call an action; none where they do not agree, or call it as everywhere.
fn own_name(items: &[Task], picked: &[String], action: &str) -> Option<String> {
    let of_picked = items.iter().filter(|task| picked.contains(&task.id));
    let mut names = of_picked.map(|task| task.own_action_name(action));
    let first = names.next().flatten()?;
    names.all(|name| name.as_deref() == Some(first.as_str())).then_some(first)
}

/// What became of several tasks.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    /// What was asked for.
    action: &'static str,
    /// The id and the name of each that was decided.
    done: Vec<(String, String)>,
    /// The name of each that was refused, and why.
    refused: Vec<(String, String)>,
}

impl Outcome {
    fn of(answer: DecideAnswer, asked: &[Task], action: &'static str) -> Outcome {
        let mut outcome = Outcome { action, done: Vec::new(), refused: Vec::new() };
        for result in answer.results {
            let id = result.task.to_string();
            let name = asked.iter().find(|task| task.id == id).map(Task::name).unwrap_or_default();
            let Some(problem) = result.problem else {
                outcome.done.push((id, name));
                continue;
            };
            let why = serde_json::from_value::<Problem>(problem).map(|problem| reason(&problem));
            outcome.refused.push((name, why.unwrap_or_default()));
        }
        outcome
    }
}

/// What became of several tasks, for who has left them.
fn told_elsewhere(outcome: &Outcome) -> String {
    let (done, refused) = (outcome.done.len(), outcome.refused.len());
    match refused {
        0 => text!("inbox-batch-done", count = done),
        _ => {
            text!("inbox-batch-left", done = i18n::whole(done as u64), refused = i18n::whole(refused as u64))
        }
    }
}

/// Why a task was refused: its faults, where it names any.
fn reason(problem: &Problem) -> String {
    let told = |error: &wire::ProblemError| match &error.label {
        Some(label) => format!("{label} — {}", error.message),
        None => error.message.clone(),
    };
    let faults: Vec<String> = problem.errors.iter().map(told).collect();
    if faults.is_empty() { problem.detail.clone() } else { faults.join(" ") }
}

/// What can be done with the picked tasks, below their list. `on_done` hears which were decided.
#[component]
pub fn BatchBar(
    batch: Batch,
    /// The tasks of the list.
    items: Signal<Vec<Task>>,
    #[prop(into)] on_done: Callback<Vec<String>>,
) -> impl IntoView {
    let asking = RwSignal::new(None::<&'static str>);
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asking.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && asking.with_untracked(Option::is_some) {
            asking.set(None);
        }
    });
    let (opinion, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let outcome = RwSignal::new(None::<Outcome>);
    let shows_outcome = RwSignal::new(false);
    let count = move || batch.picked.with(Vec::len);
    let go = move |_| {
        let Some(action) = asking.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (ids, said) = (batch.picked.get_untracked(), opinion.get_untracked());
        let asked = items.get_untracked();
        spawn_local(async move {
            let answer = tasks::decide(&ids, action, &said).await;
            let is_left = busy.try_set(false).is_some();
            match answer {
                Ok(answer) if is_left => toast::show(told_elsewhere(&Outcome::of(answer, &asked, action))),
                Err(problem) if is_left => toast::refused(&problem),
                Ok(answer) => {
                    asking.set(None);
                    opinion.set(String::new());
                    let told = Outcome::of(answer, &asked, action);
                    batch.stop();
                    on_done.run(told.done.iter().map(|(id, _)| id.clone()).collect());
                    if told.refused.is_empty() {
                        toast::show(text!("inbox-batch-done", count = told.done.len()));
                    } else {
                        outcome.set(Some(told));
                        shows_outcome.set(true);
                    }
                }
                Err(problem) => {
                    asking.set(None);
                    toast::refused(&problem);
                }
            }
        });
    };
    let all = move |_| {
        let ids = items.with_untracked(|items| {
            items.iter().filter(|task| can_be_picked(task)).map(|task| task.id.clone()).collect()
        });
        batch.picked.set(ids);
    };
    let name = move |action: &'static str| {
        let own = items.with(|items| batch.picked.with(|picked| own_name(items, picked, action)));
        own.unwrap_or_else(|| i18n::lookup(&format!("flow-{action}"), &[]))
    };
    let nothing = Signal::derive(move || (count() == 0).then(t!("inbox-batch-none")));
    let title = Signal::derive(move || match asking.get() {
        Some("reject") => text!("inbox-batch-reject", count = count()),
        _ => text!("inbox-batch-approve", count = count()),
    });
    let label = Signal::derive(t!("inbox-batch-opinion"));
    let foot = move || {
        let rejects = asking.get() == Some("reject");
        let kind = if rejects { ButtonKind::Danger } else { ButtonKind::Primary };
        let words = name(if rejects { "reject" } else { "approve" });
        view! { <Button kind=kind busy=busy on_press=go>{words}</Button> }
    };
    view! {
        <Show when=move || batch.picking.get()>
            <div class="status-line batch-bar">
                <span class="grow">{move || text!("inbox-batch-picked", count = count())}</span>
                <Button kind=ButtonKind::Ghost on_press=all>{t!("inbox-batch-all")}</Button>
                <Button kind=ButtonKind::DangerQuiet disabled_reason=nothing on_press=move |_| asking.set(Some("reject"))>
                    {move || name("reject")}
                </Button>
                <Button kind=ButtonKind::Primary disabled_reason=nothing on_press=move |_| asking.set(Some("approve"))>
                    {move || name("approve")}
                </Button>
            </div>
        </Show>
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <Field label=label>
                <TextInput value=opinion on_input=move |said| opinion.set(said)/>
            </Field>
            <p class="note muted">{t!("inbox-batch-each")}</p>
        </Dialog>
        <Dialog open=shows_outcome title=Signal::derive(t!("inbox-batch-outcome"))>
            {move || outcome.get().map(|told| view! { <Told outcome=told/> })}
        </Dialog>
    }
}

/// How many were decided; which were not, with why; and which were.
#[component]
fn Told(outcome: Outcome) -> impl IntoView {
    let (done, refused) = (outcome.done.len(), outcome.refused.len());
    let line = |(name, why): (String, String)| {
        view! { <li><b>{name}</b><div class="bad-text note">{why}</div></li> }
    };
    let key = format!("flow-done-{}", outcome.action);
    let decided = move |(_, name): (String, String)| {
        let key = key.clone();
        view! { <li><b>{name}</b><div class="muted note">{move || i18n::lookup(&key, &[])}</div></li> }
    };
    view! {
        <p>{move || text!("inbox-batch-told", done = i18n::whole(done as u64), refused = i18n::whole(refused as u64))}</p>
        <ul class="stack g2 batch-refused">{outcome.refused.into_iter().map(line).collect_view()}</ul>
        <ul class="stack g2 batch-done">{outcome.done.into_iter().map(decided).collect_view()}</ul>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_task_that_was_refused_is_named_with_its_reason() {
        let task = |id: &str, title: &str| -> Task {
            serde_json::from_value(json!({"id": id, "title": title, "actions": ["approve"]})).unwrap()
        };
        let (one, two) = ("0sbqd00000001", "0sbqd00000002");
        let problem = json!({"type": "urn:formwork:problem:task_closed", "title": "Closed", "status": 409,
            "code": "task_closed", "detail": "Somebody else was faster."});
        let answer =
            json!({"results": [{"task": one, "state": "approved"}, {"task": two, "problem": problem}]});
        let told = Outcome::of(
            serde_json::from_value(answer).unwrap(),
            &[task(one, "Chairs"), task(two, "Desks")],
            "approve",
        );
        assert_eq!(told.done.len(), 1);
        assert_eq!(told.done[0].0, one);
        assert!(told.done[0].1.contains("Chairs"), "{}", told.done[0].1);
        assert_eq!(told.refused.len(), 1);
        let (name, why) = &told.refused[0];
        assert!(name.contains("Desks"), "{name}");
        assert_eq!(why, "Somebody else was faster.");
    }

    #[test]
    fn tasks_that_are_decided_together_name_an_action_where_all_call_it_so() {
        let task = |id: &str, labels: serde_json::Value| -> Task {
            let task = json!({"id": id, "title": id, "actions": ["approve"], "action_labels": labels});
            serde_json::from_value(task).unwrap()
        };
        let paid = || json!({"approve": "Pay"});
        let items = [
            task("1", paid()),
            task("2", paid()),
            task("3", json!({"approve": "Sign"})),
            task("4", json!({})),
        ];
        let named = |picked: &[&str]| {
            let picked: Vec<String> = picked.iter().map(|id| id.to_string()).collect();
            own_name(&items, &picked, "approve")
        };
        assert_eq!(named(&["1", "2"]).as_deref(), Some("Pay"));
        assert_eq!(
            [named(&[]), named(&["1", "3"]), named(&["1", "4"]), named(&["4"])],
            [None, None, None, None]
        );
    }

    #[test]
    fn faults_are_the_reason_where_there_are_any() {
        let problem = json!({"type": "urn:formwork:problem:validation", "title": "Invalid", "status": 422,
            "code": "validation", "detail": "One thing is wrong.",
            "errors": [{"path": "fields.granted", "code": "required", "message": "Granted is missing."}]});
        assert_eq!(reason(&serde_json::from_value(problem).unwrap()), "Granted is missing.");
    }
}
