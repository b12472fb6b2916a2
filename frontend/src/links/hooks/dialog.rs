//! Making a hook, or changing one.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Hook, HookInput, HookMode, HookPatch, HookProof};

use super::card::{mode_name, proof_name};
use super::mapping::{Lines, MappingLines};
use super::section::HookDesk;
use crate::api::{Problem, hooks};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, Choice, Dialog, DialogSize, Field, Select, TextInput, Tone, toast,
};
use crate::{t, text};

const MODES: [(&str, HookMode); 3] =
    [("create", HookMode::Create), ("update", HookMode::Update), ("upsert", HookMode::Upsert)];
const PROOFS: [(&str, HookProof); 2] = [("sign", HookProof::Sign), ("bearer", HookProof::Bearer)];

/// What is entered.
#[derive(Clone, Copy)]
struct Entered {
    name: RwSignal<String>,
    proof: RwSignal<HookProof>,
    mode: RwSignal<HookMode>,
    key: RwSignal<Option<String>>,
    start_flow: RwSignal<bool>,
    lines: Lines,
    /// Whether it has no name yet, though somebody would save it.
    is_nameless: RwSignal<bool>,
}

impl Entered {
    fn of(desk: HookDesk) -> Entered {
        Entered {
            name: RwSignal::default(),
            proof: RwSignal::new(HookProof::Sign),
            mode: RwSignal::new(HookMode::Create),
            key: RwSignal::new(None),
            start_flow: RwSignal::new(true),
            lines: Lines::of(desk.form),
            is_nameless: RwSignal::new(false),
        }
    }

    /// Begins with what a hook says, or with what is usual.
    fn begin(self, hook: Option<&Hook>) {
        self.name.set(hook.map(|hook| hook.name.clone()).unwrap_or_default());
        self.proof.set(hook.map(|hook| hook.proof).unwrap_or_default());
        self.mode.set(hook.map(|hook| hook.mode).unwrap_or_default());
        self.key.set(hook.and_then(|hook| hook.key.clone()));
        self.start_flow.set(hook.is_none_or(|hook| hook.start_flow));
        self.lines.begin(hook.map(|hook| hook.map.clone()));
        self.is_nameless.set(false);
    }

    fn has_name(self) -> bool {
        let is_nameless = self.name.with_untracked(|name| name.trim().is_empty());
        self.is_nameless.set(is_nameless);
        !is_nameless
    }

    /// The field by which records are found, where the mode finds any.
    fn key_of_mode(self) -> Option<String> {
        self.key.get_untracked().filter(|_| self.mode.get_untracked() != HookMode::Create)
    }

    fn input(self) -> HookInput {
        HookInput {
            name: self.name.get_untracked().trim().to_string(),
            proof: self.proof.get_untracked(),
            mode: self.mode.get_untracked(),
            key: self.key_of_mode(),
            map: self.lines.map(),
            start_flow: self.start_flow.get_untracked(),
        }
    }

    fn patch(self) -> HookPatch {
        let HookInput { name, mode, key, map, start_flow, .. } = self.input();
        HookPatch {
            name: Some(name),
            on: None,
            mode: Some(mode),
            key: Some(key),
            map: Some(map),
            start_flow: Some(start_flow),
        }
    }
}

#[component]
pub(super) fn HookDialog(desk: HookDesk) -> impl IntoView {
    let entered = Entered::of(desk);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        if desk.editing.get() {
            problem.set(None);
            desk.edited.with_untracked(|hook| entered.begin(hook.as_ref()));
        }
    });
    let save = move || {
        problem.set(None);
        if busy.get_untracked() || !entered.has_name() {
            return;
        }
        busy.set(true);
        let (before, form) = (desk.edited.get_untracked(), desk.form.with_value(|form| form.info.id));
        spawn_local(async move {
            let answer = match &before {
                Some(hook) => hooks::change(hook, &entered.patch()).await,
                None => hooks::create(form, &entered.input()).await,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(hook) => {
                    desk.put(hook.clone());
                    desk.editing.set(false);
                    match before {
                        Some(_) => toast::show(text!("hooks-saved")),
                        // Its secret is told now, and never again.
                        None => desk.told.set(Some(hook)),
                    }
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    let is_new = move || desk.edited.with(Option::is_none);
    let title = Signal::derive(move || if is_new() { text!("hooks-new") } else { text!("hooks-edit") });
    let foot = move || {
        view! {
            <Button on_press=move |_| desk.editing.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>
                {move || if is_new() { text!("hooks-make") } else { text!("hooks-save") }}
            </Button>
        }
    };
    view! {
        <Dialog open=desk.editing title=title size=DialogSize::Large foot=Some(ViewFn::from(foot))>
            <HookInputs desk=desk entered=entered problem=problem on_save=move |()| save()/>
        </Dialog>
    }
}

/// Everything that is said of a hook.
#[component]
fn HookInputs(
    desk: HookDesk,
    entered: Entered,
    problem: RwSignal<Option<Problem>>,
    #[prop(into)] on_save: Callback<()>,
) -> impl IntoView {
    let at = move |path: &str| {
        problem.with(|problem| problem.as_ref().and_then(|problem| problem.at(path).map(str::to_string)))
    };
    let name_fault = Signal::derive(move || match entered.is_nameless.get() {
        true => Some(text!("hooks-name-needed")),
        false => at("name"),
    });
    let key_fault = Signal::derive(move || at("key"));
    let map_fault = move || at("map").map(|words| view! { <span class="error">{words}</span> });
    let line_fault: Arc<dyn Fn(String) -> Option<String> + Send + Sync> = Arc::new(move |path| at(&path));
    // What has no place of its own here.
    let general = move || {
        let problem = problem.get()?;
        let is_shown = |path: &str| ["name", "key"].contains(&path) || path.starts_with("map");
        let other =
            problem.errors.iter().find(|error| !is_shown(&error.path)).map(|error| error.message.clone());
        other.or_else(|| problem.errors.is_empty().then(|| problem.sentence()))
    };
    let is_new = move || desk.edited.with(Option::is_none);
    let proofs = Signal::derive(|| PROOFS.map(|(key, proof)| Choice::new(key, proof_name(proof))).to_vec());
    let proof = Signal::derive(move || {
        let chosen = entered.proof.get();
        PROOFS.iter().find(|(_, proof)| *proof == chosen).map(|(key, _)| (*key).to_string())
    });
    let prove = move |key: Option<String>| {
        if let Some((_, proof)) = PROOFS.iter().find(|(known, _)| key.as_deref() == Some(*known)) {
            entered.proof.set(*proof);
        }
    };
    let modes = Signal::derive(|| MODES.map(|(key, mode)| Choice::new(key, mode_name(mode))).to_vec());
    let mode = Signal::derive(move || {
        let chosen = entered.mode.get();
        MODES.iter().find(|(_, mode)| *mode == chosen).map(|(key, _)| (*key).to_string())
    });
    let choose_mode = move |key: Option<String>| {
        if let Some((_, mode)) = MODES.iter().find(|(known, _)| key.as_deref() == Some(*known)) {
            entered.mode.set(*mode);
        }
    };
    let keys = Signal::derive(move || entered.lines.keys());
    let finds = move || entered.mode.get() != HookMode::Create;
    let makes = move || entered.mode.get() != HookMode::Update;
    let has_flow = desk.form.with_value(|form| form.info.flow.is_some());
    let asks_for_flow = move || has_flow && makes();
    let lines = entered.lines;
    view! {
        <form
            class="stack g4"
            on:submit=move |event| {
                event.prevent_default();
                on_save.run(());
            }
        >
            {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
            <Field label=t!("hooks-name") help=Signal::derive(t!("hooks-name-help")) required=true error=name_fault>
                <TextInput value=entered.name on_input=move |text| entered.name.set(text) name="hook-name" autofocus=true/>
            </Field>
            <div class="form">
                <Show when=is_new>
                    <Field label=t!("hooks-proof") class="q2" help=Signal::derive(t!("hooks-proof-help"))>
                        <Select choices=proofs value=proof on_change=prove/>
                    </Field>
                </Show>
                <Field label=t!("hooks-mode") class="q2">
                    <Select choices=modes value=mode on_change=choose_mode/>
                </Field>
                <Show when=finds>
                    <Field label=t!("hooks-key") class="q2" required=true help=Signal::derive(t!("hooks-key-help")) error=key_fault>
                        <Select choices=keys value=entered.key on_change=move |key| entered.key.set(key)/>
                    </Field>
                </Show>
            </div>
            <div class="field">
                <span class="label">{t!("hooks-map")}</span>
                <span class="help">{t!("hooks-map-help")}</span>
                <MappingLines lines=lines fault=line_fault/>
                {map_fault}
            </div>
            <Show when=asks_for_flow>
                <Checkbox checked=entered.start_flow on_change=move |on| entered.start_flow.set(on)>{t!("hooks-start-flow")}</Checkbox>
            </Show>
        </form>
    }
}
