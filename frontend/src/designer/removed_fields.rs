//! Fields that were taken out or changed, and whose values lie aside: put back, or purged.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::RemovedField;

use super::state::{Designer, kind_name};
use crate::api::drafts;
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, ButtonKind, ConfirmDialog, ControlSize, Icon, toast};
use crate::{i18n, t, text};

/// The list, folded; nothing where nothing lies aside.
#[component]
pub fn RemovedFields(designer: Designer) -> impl IntoView {
    let id = designer.id;
    // What is taken out lies aside once that is published.
    let found = LocalResource::new(move || {
        designer.publications.track();
        async move { drafts::removed(id).await.unwrap_or_default() }
    });
    let again = Callback::new(move |()| found.refetch());
    let purging = RwSignal::new(None::<RemovedField>);
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |field: RemovedField| {
        purging.set(Some(field));
        asking.set(true);
    });
    let purge = move |()| {
        let Some(field) = purging.get_untracked() else { return };
        asking.set(false);
        spawn_local(async move {
            match drafts::purge_field(id, &field.path).await {
                Ok(()) => toast::show(text!("designer-purged")),
                Err(problem) => toast::refused(&problem),
            }
            let _ = again.try_run(());
        });
    };
    let title = Signal::derive(move || {
        let name =
            purging.with(|field| field.as_ref().map(|field| field.label.get(i18n::language()).to_string()));
        text!("designer-purge-question", name = name.unwrap_or_default())
    });
    let list = move || {
        let found = found.get().filter(|found| !found.is_empty())?;
        let count = found.len();
        let line = |field: RemovedField| view! { <Line designer=designer field=field again=again ask=ask/> };
        Some(view! {
            <details class="fold">
                <summary><Icon name="right"/>{t!("designer-removed-fields", count = count)}</summary>
                <div class="stack g4">{found.into_iter().map(line).collect_view()}</div>
            </details>
        })
    };
    view! {
        {list}
        <ConfirmDialog open=asking title=title action=Signal::derive(t!("designer-purge")) on_confirm=purge>
            <p>{t!("designer-purge-text")}</p>
        </ConfirmDialog>
    }
}

#[component]
fn Line(
    designer: Designer,
    field: RemovedField,
    /// Asks for the list again.
    again: Callback<()>,
    /// Asks whether it is to be purged.
    ask: Callback<RemovedField>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let path = StoredValue::new(field.path.clone());
    let restore = move |_| {
        busy.set(true);
        let path = path.get_value();
        spawn_local(async move {
            // What is written here comes before it.
            let answer = match designer.save_now().await {
                true => Some(drafts::restore_field(designer.id, &path).await),
                false => None,
            };
            if designer.editing().is_over() {
                return;
            }
            match answer {
                Some(Ok(draft)) => {
                    designer.hear(draft);
                    toast::show(text!("designer-field-put-back"));
                }
                Some(Err(problem)) => toast::refused(&problem),
                None => toast::show(text!("designer-not-saved")),
            }
            let _ = busy.try_set(false);
            let _ = again.try_run(());
        });
    };
    let label = field.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let kind = field.kind.clone();
    let (values, is_changed) = (field.values, field.is_changed);
    let until = parse_timestamp(&field.purged_at).map(i18n::date_time).unwrap_or_default();
    let told = move || {
        let kind = kind.as_deref().map(kind_name).unwrap_or_default();
        match is_changed {
            true => text!("designer-was-kind", kind = kind, count = values, at = until),
            false => text!("designer-was-removed", kind = kind, count = values, at = until),
        }
    };
    let field = StoredValue::new(field);
    view! {
        <div class="stack g1">
            <b class="clip">{name}</b>
            <span class="note muted">{told}</span>
            <div class="row">
                <Button size=ControlSize::Small icon="undo" busy=busy on_press=restore>{t!("designer-put-back")}</Button>
                <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small on_press=move |_| ask.run(field.get_value())>{t!("designer-purge")}</Button>
            </div>
        </div>
    }
}
