//! The decision bar: opinion, approve, reject, and more.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::asking::{AskDialog, Asked};
use super::attached::{Attached, AttachedRow};
use super::mentioning::Mentioning;
use super::opinion::{Opinion, OpinionBox, Unsaid};
use super::refusing::{Back, RejectDialog, ReturnDialog};
use crate::api::instances::{self, Decision, Instance};
use crate::api::tasks::Task;
use crate::api::{self, Problem};
use crate::fill::FormState;
use crate::records::{ChoosePeople, Choosing};
use crate::ui::{Button, ButtonKind, Icon, Menu, MenuItem, toast};
use crate::{browser, i18n, t, text};

/// What needs a choice before it is done.
#[derive(Clone, Copy, PartialEq)]
pub enum Asking {
    Transfer,
    AddSign,
    Cc,
}

/// What is shown once something was decided.
#[derive(Clone, Copy, PartialEq)]
pub enum After {
    /// The next task.
    Next,
    /// The same one as it stands then, to be printed.
    Print,
}

/// The buttons that the task allows. `on_done` is called once something was decided.
#[component]
pub fn DecisionBar(
    task: Task,
    state: FormState,
    opinion: Opinion,
    /// Whom the reader names for later steps.
    choosing: Choosing,
    /// How the instance stands, once it is known: it says who comes next.
    instance: Signal<Option<Instance>>,
    /// Something stands in the form that keeps the decision: it is to be seen.
    #[prop(into)]
    on_fault: Callback<()>,
    #[prop(into)] on_done: Callback<After>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    // Whoever is elsewhere by the time of an answer is told what became of it, and nothing more.
    let is_left = move || busy.is_disposed();
    browser::ask_before_leaving(move || busy.get_untracked());
    let asking = RwSignal::new(None::<Asking>);
    let returning = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());
    let attached = Attached::new(task.signature.as_deref());
    // The fields that whoever gets it back is to change.
    let marks = StoredValue::new(Vec::<String>::new());
    // How it goes on once that is done.
    let resume = StoredValue::new(None::<&'static str>);
    let mentioning = Mentioning::new(opinion.text(), move |text| opinion.write(text), attached.named());
    let shared = StoredValue::new(task.clone());
    let may = move |action: &str| shared.with_value(|task| task.allows(action));
    let name = move |action: &'static str| move || shared.with_value(|task| task.action_name(action));
    let named =
        Callback::new(move |action: &'static str| shared.with_value(|task| task.own_action_name(action)));
    let refused = move |problem: Problem| {
        if is_left() {
            return toast::refused(&problem);
        }
        let closed = problem.code == "task_closed" || problem.code == "not_yours";
        if !problem.errors.is_empty() {
            on_fault.run(());
        }
        crate::records::refuse(state, problem);
        if closed {
            on_done.run(After::Next);
        }
    };
    let carry_out = move |Unsaid { action, to, members, mode, print }: Unsaid| {
        if busy.get_untracked() || !attached.lets_pass(action) {
            return;
        }
        let checks = matches!(action, "approve" | "submit");
        state.strict.set(checks);
        if checks && !state.check() {
            on_fault.run(());
            return;
        }
        busy.set(true);
        // What was entered goes along with a return, too; a rejection drops it.
        let stores = checks || action == "return";
        let fields = if stores { state.changed_fields() } else { Default::default() };
        let chosen = if checks { choosing.chosen() } else { Default::default() };
        let marks = if action == "return" { marks.get_value() } else { Vec::new() };
        let decision = Decision {
            opinion: opinion.said(),
            fields,
            to,
            members,
            mode,
            files: attached.files(),
            mentions: attached.mentions(),
            marks,
            resume: resume.get_value().filter(|_| action == "return"),
            signature: attached.signature(),
            chosen,
        };
        let (id, of) = shared.with_value(|task| (task.id.clone(), task.instance.clone()));
        let (navigate, handled) = (navigate.get_value(), format!("/inbox?box=handled&task={id}"));
        let way_back = move || navigate(&handled, Default::default());
        spawn_local(async move {
            let answer = instances::act(&id, action, &decision).await;
            if answer.is_ok() {
                let done = i18n::lookup(&format!("flow-done-{action}"), &[]);
                // The next one opens: what was decided is one press back.
                if matches!(action, "approve" | "submit" | "reject" | "return") && !print {
                    toast::show_of_with(&of, done, text!("flow-look-back"), way_back);
                } else {
                    toast::show_of(&of, done);
                }
            }
            match answer {
                Ok(()) if is_left() => {}
                Ok(()) => {
                    opinion.forget();
                    on_done.run(if print { After::Print } else { After::Next });
                }
                Err(problem) => {
                    // What was written stays in its box.
                    if !is_left() {
                        opinion.forget();
                    }
                    refused(problem);
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let put_aside = move |print: bool| {
        state.drop_blank_rows();
        if busy.get_untracked() {
            return;
        }
        if !state.is_read() {
            on_fault.run(());
            return;
        }
        busy.set(true);
        let values = state.draft.with_untracked(|draft| draft.values().clone());
        let written = untrack(|| opinion.written());
        let edits = Decision {
            opinion: Some(written.clone()),
            // Whole rows: it is what one goes on with.
            fields: state.entered_fields(),
            ..Decision::default()
        };
        let (id, of) = shared.with_value(|task| (task.id.clone(), task.instance.clone()));
        spawn_local(async move {
            match instances::act(&id, "save", &edits).await {
                Ok(()) => {
                    toast::show_of(&of, text!("flow-done-save"));
                    if is_left() {
                        return;
                    }
                    opinion.start_from(written);
                    state.start_from(values);
                    if print {
                        browser::print();
                    }
                }
                Err(problem) => refused(problem),
            }
            let _ = busy.try_set(false);
        });
    };
    let keeps = may("save") && (state.has_inputs() || opinion.is_taken());
    let changed = Memo::new(move |_| {
        state.changes.track();
        state.is_changed() || opinion.is_changed()
    });
    let nothing_to_keep = Signal::derive(move || (!changed.get()).then(t!("flow-nothing-to-keep")));
    let decide = move |decision: Unsaid| {
        if !busy.get_untracked() && opinion.lets_pass(&decision) {
            carry_out(decision);
        }
    };
    let act =
        move |action: &'static str, to: Option<String>| decide(Unsaid { action, to, ..Unsaid::default() });
    // A signature is asked for before anything else is.
    let ask = move |what: Asking, action: &'static str| {
        if attached.lets_pass(action) {
            asking.set(Some(what));
        }
    };
    // Others are told, without deciding anything.
    let tell = move |members: Vec<String>| {
        let decision = Decision { members, ..Decision::default() };
        let (id, of) = shared.with_value(|task| (task.id.clone(), task.instance.clone()));
        busy.set(true);
        spawn_local(async move {
            match instances::act(&id, "cc", &decision).await {
                Ok(()) => toast::show_of(&of, text!("flow-done-cc")),
                Err(problem) => refused(problem),
            }
            let _ = busy.try_set(false);
        });
    };
    let act_and_print =
        move |action: &'static str| decide(Unsaid { action, print: true, ..Unsaid::default() });
    let name_of_return = Signal::derive(move || named.run("return").unwrap_or_else(t!("flow-return-now")));
    let prints = task.print;
    let passing = ["approve", "submit"].into_iter().find(|action| prints && may(action));
    let and_print = move |action: &'static str| move || text!("flow-and-print", action = name(action)());
    let has_more = passing.is_some()
        || (prints && keeps)
        || ["return", "transfer", "add-sign", "cc"].into_iter().any(may);
    let more = RwSignal::new(false);
    let waits = move || busy.get() && !api::is_connected();
    let decides = may("approve");
    let next = move || {
        let instance = instance.get().filter(|_| decides)?;
        let next = instance.next.first()?;
        let names = i18n::listed(next.people.iter().map(|id| instance.member_name(id)));
        (!names.is_empty()).then(|| t!("flow-then", names = names)())
    };
    // A and R decide, when nobody is typing or being asked something.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let taken = browser::keys_are_taken() || untrack(|| opinion.is_asking());
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
            <OpinionBox opinion=opinion mentioning=mentioning busy=busy named=named on_decide=carry_out/>
            <AttachedRow attached=attached opinion=opinion/>
            <ChoosePeople choosing=choosing/>
            {move || waits().then(|| view! { <p class="note muted" role="status">{t!("flow-waits-to-send")}</p> })}
            <div class="row wrap decide" hidden=move || opinion.is_asking()>
                {may("approve").then(|| view! {
                    <Button kind=ButtonKind::Primary icon="check" key="A" class="main-act" busy=busy on_press=move |_| act("approve", None)>{name("approve")}</Button>
                })}
                {may("submit").then(|| view! {
                    <Button kind=ButtonKind::Primary icon="send" class="main-act" busy=busy on_press=move |_| act("submit", None)>{name("submit")}</Button>
                })}
                {may("reject").then(|| view! {
                    <Button kind=ButtonKind::DangerQuiet key="R" on_press=move |_| act("reject", None)>{name("reject")}</Button>
                })}
                {keeps.then(|| view! {
                    <Button class="put-aside phone-hide" busy=busy disabled_reason=nothing_to_keep on_press=move |_| put_aside(false)>{name("save")}</Button>
                })}
                {(has_more || keeps).then(|| view! {
                    <span class="anchor" class:phone-only=!has_more>
                        <Button expanded=more on_press=move |_| more.update(|open| *open = !*open)>
                            {t!("flow-more")}<Icon name="down"/>
                        </Button>
                        <Menu open=more>
                            // On a phone there is no room for it in the bar.
                            {(keeps && browser::is_phone()).then(|| view! {
                                <MenuItem icon="bookmark" disabled_reason=nothing_to_keep on_choose=move |()| put_aside(false)>{name("save")}</MenuItem>
                            })}
                            {passing.map(|action| view! {
                                <MenuItem icon="print" on_choose=move |()| act_and_print(action)>{and_print(action)}</MenuItem>
                            })}
                            {(prints && keeps).then(|| view! {
                                <MenuItem icon="print" on_choose=move |()| put_aside(true)>{and_print("save")}</MenuItem>
                            })}
                            {may("return").then(|| view! {
                                <MenuItem icon="return" on_choose=move |()| returning.set(attached.lets_pass("return"))>{name("return")}</MenuItem>
                            })}
                            {may("transfer").then(|| view! {
                                <MenuItem icon="transfer" on_choose=move |()| ask(Asking::Transfer, "transfer")>{name("transfer")}</MenuItem>
                            })}
                            {may("add-sign").then(|| view! {
                                <MenuItem icon="stamp" on_choose=move |()| ask(Asking::AddSign, "add-sign")>{name("add-sign")}</MenuItem>
                            })}
                            {may("cc").then(|| view! {
                                <MenuItem icon="share" on_choose=move |()| asking.set(Some(Asking::Cc))>{t!("flow-cc")}</MenuItem>
                            })}
                        </Menu>
                    </span>
                })}
                <span class="push note muted nowrap phone-hide">{next}</span>
            </div>
            <AskDialog asking=asking on_choose=move |asked: Asked| {
                asking.set(None);
                match asked {
                    Asked::Transfer { to } => act("transfer", Some(to)),
                    Asked::AddSign { members, mode } => {
                        decide(Unsaid { action: "add-sign", members, mode: Some(mode), ..Unsaid::default() });
                    }
                    Asked::Cc { members } => tell(members),
                }
            }/>
            <ReturnDialog open=returning task=task.id.clone() instance=instance state=state opinion=opinion
                name=name_of_return on_choose=move |back: Back| {
                    marks.set_value(back.marks);
                    resume.set_value(Some(back.resume));
                    act("return", Some(back.to));
                }/>
            <RejectDialog opinion=opinion busy=busy name=Signal::derive(name("reject")) on_decide=carry_out/>
        </div>
    }
}
