//! The designer of one print template: its blocks on the left, the sheet on the right.

use engine::print::PrintTemplate as Document;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map};
use wire::PrintTemplate;

use super::blank::template;
use super::blocks::Blocks;
use super::editor::Editor;
use super::preview::Preview;
use super::properties::Properties;
use super::settings::{Languages, SheetSettings};
use crate::api::forms::{self, OpenForm};
use crate::api::{Problem, prints};
use crate::i18n;
use crate::records::{AskBeforeLeaving, app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Banner, Button, ButtonKind, ConfirmDialog, Crumb, Empty, IconButton, Loaded, ProblemCode, Tone, toast,
};
use crate::{t, text};

/// What the address says of a template that is not there yet.
const NEW: &str = "new";

#[component]
pub fn PrintDesignPage() -> impl IntoView {
    let form = form_param();
    let params = use_params_map();
    let which = Memo::new(move |_| params.with(|params| params.get("template")).unwrap_or_default());
    let answer = LocalResource::new(move || {
        let (form, which) = (form.get(), which.get());
        async move {
            let open = forms::open(&form).await?;
            if which == NEW {
                return Ok::<_, Problem>((open, None, true));
            }
            let found = prints::all(&form).await?.into_iter().find(|one| one.id.to_string() == which);
            Ok((open, found, false))
        }
    });
    let body = move |(form, found, is_new): (OpenForm, Option<PrintTemplate>, bool)| {
        let known = found.as_ref().and_then(|found| found.document.clone());
        match known {
            None if !is_new => {
                view! { <Empty icon="print" title=t!("prints-gone") whole_page=true/> }.into_any()
            }
            known => view! { <Desk form=form stored=found known=known/> }.into_any(),
        }
    };
    view! { <Loaded answer=answer view=body/> }
}

#[component]
fn Desk(form: OpenForm, stored: Option<PrintTemplate>, known: Option<Document>) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let form_id = form.info.id;
    let form_label = form.info.label.clone();
    let document = untrack(|| known.clone().unwrap_or_else(|| template(&form.form)));
    let editor = Editor::new(form, document.clone());
    let kept = RwSignal::new(stored);
    // Nothing of a new one is stored.
    let saved = RwSignal::new(document);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let base = move || format!("/apps/{}/forms/{form_id}", app.get_untracked());
    let lead = move |rest: &str| {
        let path = format!("{}/prints{rest}", base());
        go.try_with_value(|go| go(&path, Default::default()));
    };
    let save = move |_| {
        busy.set(true);
        problem.set(None);
        let (document, known) = (editor.document.get_untracked(), kept.get_untracked());
        spawn_local(async move {
            let answer = match &known {
                None => prints::create(&form_id.to_string(), &with_key(&document)).await,
                Some(known) => prints::replace(known.id, known.version, &document).await,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(stored) => {
                    let (id, is_new) = (stored.id, known.is_none());
                    if let Some(document) = stored.document.clone() {
                        saved.set(document.clone());
                        // What was typed while it was on its way stays.
                        editor.document.update(|now| now.key = document.key);
                    }
                    kept.set(Some(stored));
                    toast::show(text!("prints-saved"));
                    if is_new {
                        lead(&format!("/{id}"));
                    }
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    let removing = RwSignal::new(false);
    let remove = move |()| {
        removing.set(false);
        let Some(known) = kept.get_untracked() else { return };
        spawn_local(async move {
            match prints::delete(known.id, known.version).await {
                Ok(()) => {
                    // What is gone is nothing that would be lost.
                    let _ = saved.try_set(editor.document.get_untracked());
                    lead("");
                }
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
        });
    };
    let crumbs = Signal::derive(move || {
        let language = i18n::language();
        let here = editor.document.with(|document| document.label.get(language).to_string());
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(form_label.get(language).to_string(), base()),
            Crumb::link(text!("prints-title"), format!("{}/prints", base())),
            Crumb::here(here),
        ]
    });
    let is_stored = move || kept.with(Option::is_some);
    let unsaved = move || editor.document.with(|document| saved.with(|saved| document != saved));
    let nothing_back = Signal::derive(move || (!editor.can_undo()).then(|| text!("prints-nothing-back")));
    let nothing_again = Signal::derive(move || (!editor.can_redo()).then(|| text!("prints-nothing-again")));
    let keys = window_event_listener(leptos::ev::keydown, move |event| by_key(editor, &event));
    on_cleanup(move || keys.remove());
    view! {
        <Top crumbs=crumbs>
            <IconButton icon="undo" label=Signal::derive(t!("ui-undo")) disabled_reason=nothing_back on_press=move |_| editor.undo()/>
            <IconButton icon="redo" label=Signal::derive(t!("prints-redo")) disabled_reason=nothing_again on_press=move |_| editor.redo()/>
            {move || is_stored().then(|| view! {
                <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| removing.set(true)>{t!("prints-delete")}</Button>
            })}
            <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("prints-save")}</Button>
        </Top>
        <main class="page">
            <div class="page-in wide stack g4">
                {move || problem.get().map(|problem| view! { <Refused problem=problem/> })}
                <div class="print-desk">
                    <div class="stack g4">
                        <SheetSettings editor=editor/>
                        <Languages editor=editor/>
                        <Blocks editor=editor/>
                        <Properties editor=editor/>
                    </div>
                    <Preview editor=editor/>
                </div>
            </div>
        </main>
        <ConfirmDialog open=removing title=Signal::derive(t!("prints-delete-question")) action=t!("prints-delete") on_confirm=remove>
            <p>{t!("prints-delete-text")}</p>
        </ConfirmDialog>
        <AskBeforeLeaving unsaved=unsaved keeps=Signal::stored(false) on_discard=move |()| ()/>
    }
}

/// The server makes the code of a new one; it takes none that is empty.
fn with_key(document: &Document) -> serde_json::Value {
    let mut json = serde_json::to_value(document).unwrap_or_default();
    if let Some(members) = json.as_object_mut() {
        members.remove("key");
    }
    json
}

/// Ctrl and Z take a step back, with Shift do it again; in an input they are the browser's.
fn by_key(editor: Editor, event: &KeyboardEvent) {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typing = target.is_some_and(|target| target.matches("input, textarea").unwrap_or_default());
    if is_typing || !(event.ctrl_key() || event.meta_key()) || !event.key().eq_ignore_ascii_case("z") {
        return;
    }
    event.prevent_default();
    if event.shift_key() { editor.redo() } else { editor.undo() }
}

/// Why it was refused, and where.
#[component]
fn Refused(problem: Problem) -> impl IntoView {
    let (told, failed) = (problem.sentence(), problem.clone());
    let line = |path: &str| {
        // Blocks are counted from one, as in their list.
        let place =
            path.strip_prefix("/blocks/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        place.map(|place| text!("prints-at-block", number = place + 1)).unwrap_or_default()
    };
    let lines: Vec<(String, String)> =
        problem.errors.into_iter().map(|error| (line(&error.path), error.message)).collect();
    let lines = lines.into_iter().map(|(place, message)| {
        view! { <li><span class="muted">{place}</span>" "{message}</li> }
    });
    view! {
        <Banner tone=Tone::Danger>
            <div class="stack g2"><span>{told}</span><ul>{lines.collect_view()}</ul><ProblemCode problem=failed/></div>
        </Banner>
    }
}
