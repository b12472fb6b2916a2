//! The bar above a draft that is edited.

use engine::value::{Id, Timestamp};
use leptos::prelude::*;

use super::editor::{DraftEditor, Saved};
use super::tabs::{DesignTabs, DesignTools, Part};
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::ui::{Badge, Button, ButtonKind, ControlSize, Crumb, IconButton, ProblemCode, Tone};
use crate::{api, browser, i18n, t, text};

/// Where one is, whether the draft is saved, undo and redo, publishing. Control-Z and its kin work on the whole page,
/// and nobody leaves it by closing it while something is unsaved.
#[component]
pub fn DraftBar<E>(
    editor: E,
    /// The form that is designed.
    form: Id,
    /// What that form is called.
    #[prop(into)]
    label: Signal<String>,
    /// Which part of it is edited here.
    part: Part,
    /// The published version; none before the first.
    #[prop(into)]
    version: Signal<Option<i64>>,
    /// Why it can't be published now.
    #[prop(into)]
    unready: Signal<Option<String>>,
    /// Set when somebody wants to publish.
    publishing: RwSignal<bool>,
    /// Further tools, before publishing.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView
where
    E: DraftEditor,
{
    let shell = ShellContext::expect();
    let app = app_param();
    let crumbs = Signal::derive(move || {
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(label.get(), format!("/apps/{}/forms/{form}", app.get())),
            Crumb::here(part.title()),
        ]
    });
    browser::ask_before_leaving(move || {
        editor.editing().saved.get_untracked() != Saved::Yes || !editor.unfinished().is_empty()
    });
    editor.send_before_leaving();
    undo_by_keys(editor);
    view! {
        <Top crumbs=crumbs>
            <DesignTabs form=form part=part/>
            <DesignTools>
                <SavedNote editor=editor/>
                <PublishedBadge changed=editor.editing().changed version=version/>
                <UndoButtons editor=editor/>
                {children.map(|children| children())}
                <Button kind=ButtonKind::Primary disabled_reason=unready on_press=move |_| editor.begin_to_publish(unready, publishing)>{t!("designer-publish")}</Button>
            </DesignTools>
        </Top>
    }
}

/// Takes steps back and does them again by Control-Z, Control-Shift-Z and Control-Y, except where keys are text.
fn undo_by_keys<E: DraftEditor>(editor: E) {
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let control = event.ctrl_key() || event.meta_key();
        if !control || browser::is_typing() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => editor.undo(),
            ("z", true) | ("y", false) => editor.redo(),
            _other_keys => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
}

/// Whether the draft is saved, with another try where it could not be.
#[component]
fn SavedNote<E>(editor: E) -> impl IntoView
where
    E: DraftEditor,
{
    let at = RwSignal::new(None::<Timestamp>);
    Effect::new(move |before: Option<Saved>| {
        let now = editor.editing().saved.get();
        if before.is_some_and(|before| before != now) && now == Saved::Yes {
            at.set(Some(browser::now()));
        }
        now
    });
    let said = move || match at.get() {
        Some(at) => t!("designer-saved-at", time = i18n::time(at))(),
        None => t!("designer-saved")(),
    };
    move || match editor.editing().saved.get() {
        Saved::Yes => view! { <span class="note muted nowrap phone-hide">{said}</span> }.into_any(),
        Saved::Waiting => {
            let said = move || match api::is_connected() {
                true => t!("designer-saving")(),
                false => t!("designer-saved-later")(),
            };
            view! { <span class="note muted nowrap phone-hide">{said}</span> }.into_any()
        }
        Saved::Failed(problem) => {
            let (why, problem) = (problem.sentence(), *problem);
            view! {
                <span class="row" role="alert">
                    <span class="stack">
                        <span class="error">{why}</span>
                        <ProblemCode problem=problem/>
                    </span>
                    <Button size=ControlSize::Small on_press=move |_| editor.save()>{t!("ui-retry")}</Button>
                </span>
            }
            .into_any()
        }
        // The page says more about it, and asks what to do.
        Saved::Conflict => ().into_any(),
    }
}

/// What is said of publishing: that it never was, that something is changed since, or which version is in force.
fn published_words(changed: bool, version: Option<i64>) -> Option<(Tone, String)> {
    match (changed, version) {
        (true, None) => Some((Tone::Warning, text!("designer-never-published"))),
        (true, Some(_)) => Some((Tone::Warning, text!("designer-unpublished"))),
        (false, Some(version)) => {
            Some((Tone::Success, text!("designer-published-version", version = version)))
        }
        (false, None) => None,
    }
}

/// Whether the draft differs from what is published, else which version that is.
#[component]
fn PublishedBadge(changed: RwSignal<bool>, version: Signal<Option<i64>>) -> impl IntoView {
    move || {
        let is_changed = changed.get();
        published_words(is_changed, version.get()).map(|(tone, words)| {
            let class = if is_changed { "phone-hide row" } else { "phone-hide row in-force" };
            view! { <span class=class><Badge tone=tone>{words}</Badge></span> }
        })
    }
}

#[component]
fn UndoButtons<E>(editor: E) -> impl IntoView
where
    E: DraftEditor,
{
    let undo_label = Signal::derive(move || match editor.undo_name() {
        Some(name) => t!("designer-undo-step", name = name)(),
        None => t!("designer-undo")(),
    });
    let redo_label = Signal::derive(move || match editor.redo_name() {
        Some(name) => t!("designer-redo-step", name = name)(),
        None => t!("designer-redo")(),
    });
    let no_step = |name: Option<String>| name.is_none().then(t!("designer-no-step"));
    view! {
        <IconButton icon="undo" label=undo_label disabled_reason=Signal::derive(move || no_step(editor.undo_name())) on_press=move |_| editor.undo()/>
        <IconButton icon="redo" label=redo_label disabled_reason=Signal::derive(move || no_step(editor.redo_name())) on_press=move |_| editor.redo()/>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_what_is_published_is_not_called_unpublished() {
        i18n::set_language(i18n::Language::En);
        let said = |changed, version| published_words(changed, version).map(|(_, words)| words);
        assert_eq!(said(true, None).as_deref(), Some("Not published yet"));
        assert_eq!(said(true, Some(2)).as_deref(), Some("Unpublished changes"));
        assert_eq!(said(false, Some(2)).as_deref(), Some("Published, version 2"));
        assert_eq!(said(false, None), None, "there is nothing to publish yet");
    }
}
