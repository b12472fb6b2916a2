//! The decision bar: opinion, approve, reject, and more.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::opinion::{Opinion, OpinionBox, Unsaid};
use crate::api::instances::{self, Decision, Instance};
use crate::api::tasks::Task;
use crate::api::{Problem, people};
use crate::fill::FormState;
use crate::i18n;
use crate::ui::{Button, ButtonKind, Choice, Dialog, Field, Icon, Menu, MenuItem, Select, toast};
use crate::{t, text};

/// What needs a choice before it is done.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Return,
    Transfer,
}

/// The buttons that the task allows. `on_done` is called once something was decided.
#[component]
pub fn DecisionBar(
    task: Task,
    state: FormState,
    opinion: Opinion,
    /// How the instance stands, once it is known: it says who comes next.
    instance: Signal<Option<Instance>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(None::<Asking>);
    let shared = StoredValue::new(task.clone());
    let may = move |action: &str| shared.with_value(|task| task.allows(action));
    let refused = move |problem: Problem| {
        let closed = problem.code == "task_closed" || problem.code == "not_yours";
        crate::records::refuse(state, problem);
        if closed {
            on_done.run(());
        }
    };
    let carry_out = move |Unsaid { action, to }: Unsaid| {
        if busy.get_untracked() {
            return;
        }
        let checks = matches!(action, "approve" | "submit");
        state.strict.set(checks);
        if checks && !state.check() {
            return;
        }
        busy.set(true);
        let fields = if checks { state.changed_fields() } else { Default::default() };
        let decision = Decision { opinion: opinion.said(), fields, to };
        let (id, of) = shared.with_value(|task| (task.id.clone(), task.instance.clone()));
        spawn_local(async move {
            match instances::act(&id, action, &decision).await {
                Ok(()) => {
                    opinion.forget();
                    toast::show_of(&of, i18n::lookup(&format!("flow-done-{action}"), &[]));
                    on_done.run(());
                }
                Err(problem) => refused(problem),
            }
            busy.set(false);
        });
    };
    let put_aside = move |_| {
        state.drop_blank_rows();
        if busy.get_untracked() || !state.is_read() {
            return;
        }
        busy.set(true);
        let values = state.draft.with_untracked(|draft| draft.values().clone());
        let written = untrack(|| opinion.written());
        let edits = Decision {
            opinion: Some(written.clone()),
            fields: state.changed_fields(),
            ..Decision::default()
        };
        let (id, of) = shared.with_value(|task| (task.id.clone(), task.instance.clone()));
        spawn_local(async move {
            match instances::act(&id, "save", &edits).await {
                Ok(()) => {
                    opinion.start_from(written);
                    state.start_from(values);
                    toast::show_of(&of, text!("flow-done-save"));
                }
                Err(problem) => refused(problem),
            }
            busy.set(false);
        });
    };
    let keeps = may("save") && (state.has_inputs() || opinion.is_taken());
    let changed = Memo::new(move |_| {
        state.changes.track();
        state.is_changed() || opinion.is_changed()
    });
    let nothing_to_keep = Signal::derive(move || (!changed.get()).then(t!("flow-nothing-to-keep")));
    let act = move |action: &'static str, to: Option<String>| {
        let decision = Unsaid { action, to };
        if !busy.get_untracked() && opinion.lets_pass(&decision) {
            carry_out(decision);
        }
    };
    let has_more = ["return", "transfer"].into_iter().any(may);
    let more = RwSignal::new(false);
    let decides = may("approve");
    let next = move || {
        let instance = instance.get().filter(|_| decides)?;
        let next = instance.next.first()?;
        let names = i18n::listed(next.people.iter().map(|id| instance.member_name(id)));
        (!names.is_empty()).then(|| t!("flow-then", names = names)())
    };
    // A and R decide, when nobody is typing or being asked something.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let taken = crate::browser::keys_are_taken() || untrack(|| opinion.is_asking());
        if taken || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "a" | "A" if may("approve") => act("approve", None),
            "r" | "R" if may("reject") => {
                // The letter is not meant for the box that it leads to.
                event.prevent_default();
                act("reject", None);
            }
            "." if has_more => more.set(true),
            _other_key => {}
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="decision">
            <OpinionBox opinion=opinion busy=busy on_decide=carry_out/>
            <div class="row wrap decide" hidden=move || opinion.is_asking()>
                {may("approve").then(|| view! {
                    <Button kind=ButtonKind::Primary icon="check" key="A" class="main-act" busy=busy on_press=move |_| act("approve", None)>{t!("flow-approve")}</Button>
                })}
                {may("submit").then(|| view! {
                    <Button kind=ButtonKind::Primary icon="send" class="main-act" busy=busy on_press=move |_| act("submit", None)>{t!("flow-submit")}</Button>
                })}
                {may("reject").then(|| view! {
                    <Button kind=ButtonKind::DangerQuiet key="R" on_press=move |_| act("reject", None)>{t!("flow-reject")}</Button>
                })}
                {keeps.then(|| view! {
                    <Button class="put-aside" busy=busy disabled_reason=nothing_to_keep on_press=put_aside>{t!("flow-save")}</Button>
                })}
                {has_more.then(|| view! {
                    <span class="anchor">
                        <Button expanded=more on_press=move |_| more.update(|open| *open = !*open)>
                            {t!("flow-more")}<Icon name="down"/>
                        </Button>
                        <Menu open=more>
                            {may("return").then(|| view! {
                                <MenuItem icon="return" on_choose=move |()| asking.set(Some(Asking::Return))>{t!("flow-return")}</MenuItem>
                            })}
                            {may("transfer").then(|| view! {
                                <MenuItem icon="transfer" on_choose=move |()| asking.set(Some(Asking::Transfer))>{t!("flow-transfer")}</MenuItem>
                            })}
                        </Menu>
                    </span>
                })}
                <span class="push note muted nowrap phone-hide">{next}</span>
            </div>
            <AskDialog asking=asking instance=task.instance.clone() step=task.step.clone() on_choose=move |to: String| {
                let what = asking.get_untracked();
                asking.set(None);
                match what {
                    Some(Asking::Return) => act("return", Some(to)),
                    Some(Asking::Transfer) => act("transfer", Some(to)),
                    None => {}
                }
            }/>
        </div>
    }
}

/// Where to return to, or whom to transfer to.
#[component]
fn AskDialog(
    asking: RwSignal<Option<Asking>>,
    instance: String,
    step: String,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asking.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && asking.with_untracked(Option::is_some) {
            asking.set(None);
        }
    });
    let chosen = RwSignal::new(None::<String>);
    let source = StoredValue::new((instance, step));
    let choices = LocalResource::new(move || {
        let what = asking.get();
        let (instance, step) = source.get_value();
        async move {
            match what {
                None => Vec::new(),
                Some(Asking::Transfer) => match people::members().await {
                    Ok(members) => members
                        .items
                        .into_iter()
                        .map(|member| Choice::new(member.id.to_string(), member.name))
                        .collect(),
                    Err(_) => Vec::new(),
                },
                Some(Asking::Return) => match instances::get(&instance).await {
                    Ok(instance) => passed(&instance, &step),
                    Err(_) => Vec::new(),
                },
            }
        }
    });
    let options = Signal::derive(move || choices.get().unwrap_or_default());
    let title = Signal::derive(move || match asking.get() {
        Some(Asking::Transfer) => t!("flow-transfer-to")(),
        _ => t!("flow-return-to")(),
    });
    let go = move |_| {
        if let Some(to) = chosen.get_untracked() {
            chosen.set(None);
            on_choose.run(to);
        }
    };
    let foot = move || {
        let missing = Signal::derive(move || chosen.with(Option::is_none).then(|| t!("ui-choose")()));
        view! { <Button kind=ButtonKind::Primary disabled_reason=missing on_press=go>{t!("flow-go")}</Button> }
    };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <Field label=title>
                <Select choices=options value=chosen on_change=move |to| chosen.set(to)/>
            </Field>
        </Dialog>
    }
}

/// The steps that the instance passed before this one: where a return can go.
fn passed(instance: &Instance, step: &str) -> Vec<Choice> {
    let mut seen: Vec<String> = vec!["start".to_string()];
    for line in &instance.log {
        if let Some(done) = &line.step
            && done != step
            && !seen.contains(done)
        {
            seen.push(done.clone());
        }
    }
    seen.into_iter()
        .map(|key| {
            let label = instance.labels.get(&key).map(|label| label.get(i18n::language_now()).to_string());
            let name = label.filter(|label| !label.is_empty()).unwrap_or_else(|| match key.as_str() {
                "start" => t!("flow-start")(),
                other => other.to_string(),
            });
            Choice::new(key, name)
        })
        .collect()
}
