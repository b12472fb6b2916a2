//! What a decision needs to know before it is done: where it goes back to, and whom it goes to.

use leptos::prelude::*;

use super::attached::People;
use super::decision::Asking;
use crate::api::instances::Instance;
use crate::api::{people, session, tasks};
use crate::fill::FormState;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, Choice, Dialog, Field, MultiSelect, Segment, Segmented, Select};

/// After a return every step behind it comes again.
const RERUN: &str = "rerun";

/// What was chosen.
pub enum Asked {
    /// To a step, with the fields that are to be changed, and how it goes on then: `rerun` or `direct`.
    Return {
        to: String,
        fields: Vec<String>,
        resume: &'static str,
    },
    Transfer {
        to: String,
    },
    AddSign {
        members: Vec<String>,
        mode: &'static str,
    },
    Cc {
        members: Vec<String>,
    },
}

/// Where to return to, or whom to ask or tell.
#[component]
pub fn AskDialog(
    asking: RwSignal<Option<Asking>>,
    task: String,
    /// How the instance stands, once it is known: it names the steps.
    instance: Signal<Option<Instance>>,
    state: FormState,
    #[prop(into)] on_choose: Callback<Asked>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asking.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && asking.with_untracked(Option::is_some) {
            asking.set(None);
        }
    });
    let chosen = RwSignal::new(None::<String>);
    let (several, fields) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(Vec::<String>::new()));
    let mode = RwSignal::new("before");
    let resume = RwSignal::new(RERUN);
    let task = StoredValue::new(task);
    let choices = LocalResource::new(move || {
        let what = asking.get();
        let names = instance.get();
        let me = session::me().map(|me| me.member.id.to_string());
        async move {
            match what {
                Some(Asking::Transfer) => {
                    // Nobody hands their own task to themselves.
                    let is_other = |member: &Choice| Some(&member.key) != me.as_ref();
                    members().await.into_iter().filter(is_other).collect()
                }
                Some(Asking::Return) => targets(&task.get_value(), names.as_ref()).await,
                Some(Asking::AddSign | Asking::Cc) | None => Vec::new(),
            }
        }
    });
    let options = Signal::derive(move || choices.get().unwrap_or_default());
    // Where there is one step alone to return to, nobody has to choose it.
    Effect::new(move || {
        if let (Some(Asking::Return), [only]) = (asking.get(), options.get().as_slice()) {
            chosen.set(Some(only.key.clone()));
        }
    });
    let title = Signal::derive(move || match asking.get() {
        Some(Asking::Transfer) => t!("flow-transfer-to")(),
        Some(Asking::AddSign) => t!("flow-add-sign-to")(),
        Some(Asking::Cc) => t!("flow-cc-to")(),
        Some(Asking::Return) | None => t!("flow-return-to")(),
    });
    let is_ready = move || match asking.get() {
        Some(Asking::AddSign | Asking::Cc) => several.with(|members| !members.is_empty()),
        Some(Asking::Return | Asking::Transfer) | None => chosen.with(Option::is_some),
    };
    let go = move |_| {
        let (to, members) = (chosen.get_untracked(), several.get_untracked());
        let asked = match (asking.get_untracked(), to) {
            (Some(Asking::Return), Some(to)) => {
                Asked::Return { to, fields: fields.get_untracked(), resume: resume.get_untracked() }
            }
            (Some(Asking::Transfer), Some(to)) => Asked::Transfer { to },
            (Some(Asking::AddSign), _) => Asked::AddSign { members, mode: mode.get_untracked() },
            (Some(Asking::Cc), _) => Asked::Cc { members },
            (Some(Asking::Return | Asking::Transfer), None) | (None, _) => return,
        };
        chosen.set(None);
        several.set(Vec::new());
        fields.set(Vec::new());
        resume.set(RERUN);
        mode.set("before");
        on_choose.run(asked);
    };
    let foot = move || {
        let missing = Signal::derive(move || (!is_ready()).then(t!("ui-choose")));
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary disabled_reason=missing on_press=go>{t!("flow-go")}</Button>
        }
    };
    let of_form = Signal::derive(move || shown_fields(state));
    let modes = move || {
        vec![
            Segment::new("before", t!("flow-add-sign-before")),
            Segment::new("after", t!("flow-add-sign-after")),
            Segment::new("parallel", t!("flow-add-sign-parallel")),
        ]
    };
    let ways = move || {
        vec![Segment::new(RERUN, t!("flow-return-rerun")), Segment::new("direct", t!("flow-return-direct"))]
    };
    let body = move || match asking.get() {
        Some(Asking::AddSign) => view! {
            <Field label=title><People chosen=several label=title/></Field>
            <Segmented segments=modes() selected=Signal::derive(move || mode.get().to_string())
                on_select=move |chosen| mode.set(chosen) label=Signal::derive(t!("flow-add-sign-when"))/>
        }
        .into_any(),
        Some(Asking::Cc) => {
            view! { <Field label=title><People chosen=several label=title/></Field> }.into_any()
        }
        Some(Asking::Return) => view! {
            <Field label=title>
                <Select choices=options value=chosen on_change=move |to| chosen.set(to)/>
            </Field>
            <Field label=Signal::derive(t!("flow-return-fields"))>
                <MultiSelect choices=of_form value=fields on_change=move |marked| fields.set(marked)/>
            </Field>
            <Segmented segments=ways() selected=Signal::derive(move || resume.get().to_string())
                on_select=move |chosen| resume.set(chosen) label=Signal::derive(t!("flow-return-then"))/>
        }
        .into_any(),
        Some(Asking::Transfer) | None => view! {
            <Field label=title>
                <Select choices=options value=chosen on_change=move |to| chosen.set(to)/>
            </Field>
        }
        .into_any(),
    };
    view! { <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>{body}</Dialog> }
}

/// The members who can be asked, as they are chosen from.
pub async fn members() -> Vec<Choice> {
    let members = people::members().await.map(|list| list.items).unwrap_or_default();
    let there = members.into_iter().filter(|member| member.state != wire::MemberState::Disabled);
    there.map(|member| Choice::new(member.id.to_string(), member.name)).collect()
}

/// Where the task can be returned to, the nearest first.
async fn targets(task: &str, instance: Option<&Instance>) -> Vec<Choice> {
    let targets = tasks::task(task).await.map(|task| task.return_to).unwrap_or_default();
    let name = |step: &String| instance.map_or_else(|| step.clone(), |instance| instance.step_name(step));
    targets.iter().map(|step| Choice::new(step.clone(), name(step))).collect()
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
