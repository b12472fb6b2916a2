//! The desk of one script: it is written on the left, tried out and looked up on the right.

use std::time::Duration;

use engine::form::is_key;
use engine::script::{Case, Script as Compiled};
use engine::text::Fault;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::{ScriptInput, ScriptSource};

use super::bench::Bench;
use super::cases::Cases;
use super::help::Help;
use super::source::SourceEditor;
use super::{forms_named, script_param};
use crate::api::{Problem, scripts};
use crate::records::{AskBeforeLeaving, app_param};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Banner, Button, ButtonKind, ConfirmDialog, Crumb, Empty, Field, Loaded, ProblemCode, Segment, Segmented,
    TextInput, Together, Tone, toast,
};
use crate::{i18n, t, text};

/// How long nothing is typed before it is said that something is wrong.
const PAUSE: Duration = Duration::from_millis(500);

/// What the address leads to.
#[derive(Clone)]
enum Opened {
    New,
    Known(Box<wire::Script>),
    Gone,
}

/// A script while it is worked on.
#[derive(Clone, Copy)]
pub struct Desk {
    pub app: Memo<String>,
    pub source: RwSignal<String>,
    pub key: RwSignal<String>,
    pub cases: RwSignal<Vec<Case>>,
    /// As it is stored; nothing for one that is not yet.
    pub stored: RwSignal<Option<wire::Script>>,
    /// The fields of the form that it is tried with.
    pub fields: RwSignal<Vec<String>>,
    pub problem: RwSignal<Option<Problem>>,
}

impl Desk {
    fn of(app: Memo<String>, script: Option<wire::Script>) -> Desk {
        let (source, key, cases) = match &script {
            Some(script) => (script.source.clone(), script.key.clone(), script.cases.clone()),
            None => Default::default(),
        };
        Desk {
            app,
            source: RwSignal::new(source),
            key: RwSignal::new(key),
            cases: RwSignal::new(cases),
            stored: RwSignal::new(script),
            fields: RwSignal::new(Vec::new()),
            problem: RwSignal::new(None),
        }
    }

    /// Whether something is not stored.
    fn is_changed(self) -> bool {
        self.stored.with(|stored| match stored {
            None => self.source.with(|source| !source.trim().is_empty()),
            Some(stored) => {
                self.source.with(|source| *source != stored.source)
                    || self.key.with(|key| *key != stored.key)
                    || self.cases.with(|cases| *cases != stored.cases)
            }
        })
    }

    /// The key under which it is stored; nothing for one that is not yet.
    pub fn stored_key(self) -> Option<String> {
        self.stored.with(|stored| stored.as_ref().map(|stored| stored.key.clone()))
    }
}

#[component]
pub fn ScriptPage() -> impl IntoView {
    let (app, key) = (app_param(), script_param());
    let answer = LocalResource::new(move || {
        let (app, key) = (app.get(), key.get());
        async move {
            if key.is_empty() {
                return Ok::<Opened, Problem>(Opened::New);
            }
            let found = scripts::all(&app).await?.into_iter().find(|script| script.key == key);
            Ok(found.map_or(Opened::Gone, |script| Opened::Known(Box::new(script))))
        }
    });
    let body = move |opened: Opened| match opened {
        Opened::New => view! { <DeskView desk=Desk::of(app, None)/> }.into_any(),
        Opened::Known(script) => view! { <DeskView desk=Desk::of(app, Some(*script))/> }.into_any(),
        Opened::Gone => view! { <Empty icon="bolt" title=t!("scripts-gone") whole_page=true/> }.into_any(),
    };
    view! { <Loaded answer=answer view=body/> }
}

fn faults_of(source: &str) -> Vec<Fault> {
    Compiled::compile(source).err().unwrap_or_default()
}

#[component]
fn DeskView(desk: Desk) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = desk.app;
    let faults = RwSignal::new(untrack(|| desk.source.with(|source| faults_of(source))));
    let turn = StoredValue::new(0_u32);
    // Half of a line is nearly always wrong: nobody is told while typing goes on.
    Effect::new(move |before: Option<()>| {
        let source = desk.source.get();
        if before.is_none() {
            return;
        }
        turn.update_value(|turn| *turn += 1);
        let now = turn.get_value();
        let tell = move || {
            if turn.try_get_value() == Some(now) {
                faults.set(faults_of(&source));
            }
        };
        set_timeout(tell, PAUSE);
    });
    let inserts = RwSignal::new(None::<String>);
    let side = RwSignal::new("try".to_string());
    let busy = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let lead = move |rest: String| {
        let path = format!("/apps/{}/scripts{rest}", app.get_untracked());
        go.try_with_value(|go| go(&path, Default::default()));
    };
    let save = move |_| {
        busy.set(true);
        desk.problem.set(None);
        let (app, source, key) =
            (app.get_untracked(), desk.source.get_untracked(), desk.key.get_untracked().trim().to_string());
        let (cases, stored) = (desk.cases.get_untracked(), desk.stored.get_untracked());
        spawn_local(async move {
            let was = stored.as_ref().map(|stored| stored.key.clone());
            let answer = match stored {
                None => scripts::create(&app, &ScriptInput { key, source, cases }).await,
                Some(stored) => {
                    let input = ScriptSource { source, key: Some(key), cases: Some(cases) };
                    scripts::replace(&app, &stored.key, stored.version, &input).await
                }
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(script) => {
                    let moved = was.as_deref() != Some(script.key.as_str());
                    let rest = format!("/edit/{}", script.key);
                    desk.stored.set(Some(script));
                    toast::show(text!("scripts-saved"));
                    if moved {
                        lead(rest);
                    }
                }
                Err(refused) => desk.problem.set(Some(refused)),
            }
        });
    };
    let removing = RwSignal::new(false);
    let remove = move |()| {
        let Some(stored) = desk.stored.get_untracked() else { return };
        removing.set(false);
        let app = app.get_untracked();
        spawn_local(async move {
            match scripts::delete(&app, &stored.key, stored.version).await {
                Ok(()) => {
                    // What is gone is nothing that would be lost.
                    let _ = desk.source.try_set(stored.source.clone());
                    lead(String::new());
                }
                Err(refused) => drop(desk.problem.try_set(Some(refused))),
            }
        });
    };
    let bound = Signal::derive(move || {
        desk.stored.with(|stored| {
            stored.as_ref().map(|stored| forms_named(shell, &stored.forms)).unwrap_or_default()
        })
    });
    let crumbs = Signal::derive(move || {
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(text!("scripts-title"), format!("/apps/{}/scripts", app.get())),
            Crumb::here(desk.stored_key().unwrap_or_else(|| text!("scripts-new"))),
        ]
    });
    let uses = move || {
        let names = bound.get();
        if names.is_empty() {
            text!("scripts-bound-to-none")
        } else {
            text!("scripts-bound-to", forms = i18n::listed(names))
        }
    };
    let key_fault = Signal::derive(move || {
        let key = desk.key.get();
        (!key.is_empty() && !is_key(key.trim())).then(|| text!("scripts-key-wrong"))
    });
    let write_key = move |text: String| desk.key.set(text);
    let insert = move |begun: String| inserts.set(Some(begun));
    let is_bound = Signal::derive(move || !bound.get().is_empty());
    let unsaved = move || desk.is_changed();
    let pane = move || match side.get().as_str() {
        "cases" => view! { <Cases desk=desk/> }.into_any(),
        "help" => view! { <Help on_choose=insert/> }.into_any(),
        _trial => ().into_any(),
    };
    let is_trying = Memo::new(move |_| side.get() == "try");
    let fault_signal = Signal::derive(move || faults.get());
    let fields = Signal::derive(move || desk.fields.get());
    let choose_side = move |key: &'static str| side.set(key.to_string());
    let segments = vec![
        Segment::new("try", t!("scripts-try")),
        Segment::new("cases", t!("scripts-cases")),
        Segment::new("help", t!("scripts-help")),
    ];
    view! {
        <Top crumbs=crumbs>
            {move || desk.stored.with(Option::is_some).then(|| view! {
                <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| removing.set(true)>{t!("scripts-remove")}</Button>
            })}
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("scripts-save")}</Button>
        </Top>
        <main class="page">
            <div class="page-in wide stack g4">
                {move || desk.problem.get().map(|problem| view! { <Refused problem=problem/> })}
                <Together lines=12>
                    <div class="script-desk">
                        <section class="stack g3" aria-label=t!("scripts-source")>
                            <Field
                                label=t!("scripts-key")
                                help=Signal::derive(move || if is_bound.get() { text!("scripts-key-bound") } else { text!("scripts-key-help") })
                                error=key_fault
                            >
                                <TextInput
                                    value=desk.key
                                    on_input=write_key
                                    disabled=is_bound
                                    invalid=Signal::derive(move || key_fault.with(Option::is_some))
                                    name="key"
                                />
                            </Field>
                            <SourceEditor source=desk.source faults=fault_signal fields=fields inserts=inserts/>
                            <p class="note muted">{uses}</p>
                        </section>
                        <section class="stack g3">
                            <Segmented segments=segments selected=side on_select=choose_side label=Signal::derive(t!("scripts-side"))/>
                            <div hidden=move || !is_trying.get()><Bench desk=desk/></div>
                            {pane}
                        </section>
                    </div>
                </Together>
            </div>
        </main>
        <ConfirmDialog
            open=removing
            title=Signal::derive(move || text!("scripts-remove-title", name = desk.stored_key().unwrap_or_default()))
            action=t!("scripts-remove")
            on_confirm=remove
        >
            <p>{uses}</p>
        </ConfirmDialog>
        <AskBeforeLeaving unsaved=unsaved keeps=Signal::stored(false) on_discard=move |()| ()/>
    }
}

/// Why something was refused.
#[component]
pub fn Refused(problem: Problem) -> impl IntoView {
    let (told, failed) = (problem.sentence(), problem.clone());
    let lines: Vec<String> =
        problem.errors.into_iter().map(|error| error.message).filter(|message| *message != told).collect();
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <Banner tone=Tone::Danger>
            <div class="stack g2"><span>{told}</span><ul>{lines}</ul><ProblemCode problem=failed/></div>
        </Banner>
    }
}
