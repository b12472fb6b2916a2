//! Taking a field out that something uses: asked for first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Dependent;

use super::state::Designer;
use super::uses::Uses;
use crate::api::drafts;
use crate::draft_editor::DraftEditor;
use crate::ui::{Banner, ConfirmDialog, Tone};
use crate::{t, text};

/// A field that somebody wants to take out, and what uses it.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    path: String,
    uses: Vec<Dependent>,
}

/// Takes a field out: at once where nothing uses it.
pub fn remove(designer: Designer, path: &str) {
    let path = path.to_string();
    spawn_local(async move {
        // What uses it may be written and not sent yet. What can't be asked can be undone.
        let is_known = designer.save_now().await;
        let found = if is_known { drafts::dependents(designer.id, &path).await.ok() } else { None };
        if designer.editing().is_over() {
            return;
        }
        match found.filter(|uses| !uses.is_empty()) {
            Some(uses) => designer.removal.set(Some(Removal { path, uses })),
            None => designer.take_out(&path),
        }
    });
}

/// Says what uses the field, and asks.
#[component]
pub fn RemovalDialog(designer: Designer) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if designer.removal.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            designer.removal.set(None);
        }
        now
    });
    let confirm = move |()| {
        let path = designer.removal.with_untracked(|removal| removal.as_ref().map(|it| it.path.clone()));
        open.set(false);
        if let Some(path) = path {
            designer.take_out(&path);
        }
    };
    let title = Signal::derive(move || {
        let name = designer.removal.with(|removal| removal.as_ref().map(|it| designer.label(&it.path)));
        text!("designer-remove-question", name = name.unwrap_or_default())
    });
    let uses = move || {
        let removal = designer.removal.get()?;
        let blocks = removal.uses.iter().any(|one| one.blocks);
        Some(view! {
            <p>{t!("designer-remove-used")}</p>
            <Uses uses=removal.uses form=designer.id/>
            {blocks.then(|| view! { <Banner tone=Tone::Warning>{t!("designer-remove-blocks")}</Banner> })}
        })
    };
    view! {
        <ConfirmDialog open=open title=title action=Signal::derive(t!("designer-remove-anyway")) on_confirm=confirm>
            <div class="stack g4">{uses}</div>
        </ConfirmDialog>
    }
}
