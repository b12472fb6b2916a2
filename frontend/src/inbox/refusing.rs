//! What is asked before a request goes back or is rejected: why, where it goes to, and what is to be changed.
//!
//! The reason is the opinion of the decision bar, and what else is chosen stays with the dialog: one that closes loses nothing.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::opinion::{Opinion, Unsaid};
use crate::api::instances::Instance;
use crate::api::tasks;
use crate::fill::FormState;
use crate::ui::{
    Button, ButtonKind, Choice, Dialog, DialogSize, Field, MultiSelect, Segment, Segmented, Select, TextArea,
};
use crate::{i18n, t};

/// After a return every step behind it comes again.
const RERUN: &str = "rerun";
/// Sends what was written, as in comments.
const SEND: &str = "Ctrl ↵";

/// Where a request goes back to.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    pub to: String,
    /// The fields that are to be changed.
    pub marks: Vec<String>,
    /// How it goes on then: `rerun` or `direct`.
    pub resume: &'static str,
}

/// Asks where a request goes back to, and why.
#[component]
pub fn ReturnDialog(
    open: RwSignal<bool>,
    task: String,
    /// How the instance stands, once it is known: it names the steps.
    instance: Signal<Option<Instance>>,
    state: FormState,
    opinion: Opinion,
    /// What the step calls it.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] on_choose: Callback<Back>,
) -> impl IntoView {
    let chosen = RwSignal::new(None::<String>);
    let fields = RwSignal::new(Vec::<String>::new());
    let resume = RwSignal::new(RERUN);
    let task = StoredValue::new(task);
    let found = LocalResource::new(move || {
        let (is_open, instance) = (open.get(), instance.get());
        async move { if is_open { targets(&task.get_value(), instance.as_ref()).await } else { Vec::new() } }
    });
    let options = Signal::derive(move || found.get().unwrap_or_default());
    // Where there is one step alone to return to, nobody has to choose it.
    Effect::new(move || {
        if let [only] = options.get().as_slice() {
            chosen.set(Some(only.key.clone()));
        }
    });
    let missing = Signal::derive(move || match chosen.with(Option::is_none) {
        true => Some(t!("flow-return-where")()),
        false => opinion.lacks_words().then(t!("flow-opinion-missing")),
    });
    let go = move || {
        let Some(to) = chosen.get_untracked().filter(|_| untrack(|| missing.get()).is_none()) else { return };
        open.set(false);
        on_choose.run(Back { to, marks: fields.get_untracked(), resume: resume.get_untracked() });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary key=SEND disabled_reason=missing on_press=move |_| go()>{name}</Button>
        }
    };
    let of_form = Signal::derive(move || shown_fields(state));
    let ways = move || {
        vec![Segment::new(RERUN, t!("flow-return-rerun")), Segment::new("direct", t!("flow-return-direct"))]
    };
    let why = move || if opinion.is_must() { t!("flow-why-return")() } else { t!("flow-why-return-may")() };
    view! {
        <Dialog open=open title=name foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <Field label=Signal::derive(t!("flow-return-to")) required=true>
                    <Select choices=options value=chosen on_change=move |to| chosen.set(to)/>
                </Field>
                <Reason opinion=opinion why=Signal::derive(why) on_send=move |()| go()/>
                <Field label=Signal::derive(t!("flow-return-fields"))>
                    <MultiSelect choices=of_form value=fields on_change=move |marked| fields.set(marked)/>
                </Field>
                <Segmented segments=ways() selected=Signal::derive(move || resume.get().to_string())
                    on_select=move |chosen| resume.set(chosen) label=Signal::derive(t!("flow-return-then"))/>
            </div>
        </Dialog>
    }
}

/// Asks why a request is rejected, while the opinion waits for that. `on_decide` hears what is to be done.
#[component]
pub fn RejectDialog(
    opinion: Opinion,
    #[prop(into)] busy: Signal<bool>,
    /// What the step calls it.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] on_decide: Callback<Unsaid>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(opinion.asks_why()));
    Effect::new(move || {
        if !open.get() && untrack(|| opinion.asks_why()) {
            opinion.forget();
        }
    });
    let missing = Signal::derive(move || opinion.lacks_words().then(t!("flow-opinion-missing")));
    let go = move || opinion.go_on(on_decide);
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger key=SEND busy=busy disabled_reason=missing on_press=move |_| go()>{name}</Button>
        }
    };
    let why = move || if opinion.is_must() { t!("flow-why-reject")() } else { t!("flow-why-reject-may")() };
    view! {
        <Dialog open=open title=name size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <Reason opinion=opinion why=Signal::derive(why) on_send=move |()| go()/>
        </Dialog>
    }
}

/// The box for the reason; nothing where the step takes no opinion.
#[component]
fn Reason(opinion: Opinion, why: Signal<String>, #[prop(into)] on_send: Callback<()>) -> impl IntoView {
    let by_key = move |event: KeyboardEvent| {
        let sends = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if sends && !event.is_composing() {
            event.prevent_default();
            on_send.run(());
        }
    };
    opinion.is_taken().then(|| {
        view! {
            <div on:keydown=by_key>
                <Field label=Signal::derive(t!("flow-reason")) required=opinion.is_must() help=why>
                    <TextArea value=opinion.text() on_input=move |said| opinion.write(said) autofocus=true name="reason"/>
                </Field>
            </div>
        }
    })
}

/// Where the task can be returned to, the nearest first, each with those who decided there.
async fn targets(task: &str, instance: Option<&Instance>) -> Vec<Choice> {
    let targets = tasks::task(task).await.map(|task| task.return_to).unwrap_or_default();
    let choice = |step: &String| {
        let Some(instance) = instance else { return Choice::new(step.clone(), step.clone()) };
        let named = Choice::new(step.clone(), instance.step_name(step));
        match instance.who_acted_at(step) {
            who if who.is_empty() => named,
            who => named.note(i18n::listed(who)),
        }
    };
    targets.iter().map(choice).collect()
}

/// The fields that the reader sees in the form.
fn shown_fields(state: FormState) -> Vec<Choice> {
    state.draft.with_untracked(|draft| {
        let shown = draft.form().fields().filter(|column| !draft.is_hidden(&column.path));
        let choice = |column: &engine::form::Column| {
            Choice::new(column.path.clone(), column.field.label.get(i18n::language()))
        };
        shown.map(choice).filter(|choice| !choice.label.is_empty()).collect()
    })
}
