//! Asks before publishing, and says what was found if it is refused.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::problems::jump;
use super::state::{Fault, FlowDesigner};
use super::versions::ChangesSince;
use crate::api::flows;
use crate::draft_editor::{DraftEditor, InForce, MayUse};
use crate::ui::{ButtonKind, ConfirmDialog, toast};
use crate::{t, text};

#[component]
pub fn PublishDialog(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let busy = RwSignal::new(false);
    // How many requests stay on the version that is in force.
    let staying = RwSignal::new(0u32);
    let publish = move |()| {
        busy.set(true);
        spawn_local(async move {
            if designer.save_now().await {
                match flows::publish(&designer.form_id().to_string()).await {
                    Ok(published) => {
                        let said = text!("flows-published", version = published.version);
                        if staying.try_get_untracked().is_some_and(|count| count > 0) {
                            // Where they can be moved is where the versions are.
                            toast::show_with(said, text!("flows-moving"), move || {
                                let _ = designer.comparing.try_set(true);
                            });
                        } else {
                            toast::show(said);
                        }
                        if designer.editing().is_over() {
                            return;
                        }
                        designer.active.set(Some(published.version));
                        designer.editing().changed.set(false);
                    }
                    Err(problem) if designer.editing().is_over() => return toast::refused(&problem),
                    Err(problem) => refuse(designer, problem),
                }
            } else {
                toast::show(text!("designer-not-saved"));
            }
            open.set(false);
            busy.set(false);
        });
    };
    let text = move || match designer.active.get() {
        Some(_) => text!("flows-publish-text"),
        None => text!("flows-publish-first-text"),
    };
    let unlocked = designer.form.with_value(|of| !of.form.sketch.document.settings.lock_approved);
    view! {
        <ConfirmDialog open=open title=t!("flows-publish-title") action=t!("designer-publish") kind=ButtonKind::Primary busy=busy on_confirm=publish>
            <p>{text}</p>
            {move || designer.active.get().map(|version| view! {
                <Staying designer=designer version=version staying=staying/>
                <ChangesSince designer=designer version=version/>
            })}
            <MayUse form=designer.form_id() what=InForce::Flow leads=true unlocked=unlocked/>
        </ConfirmDialog>
    }
}

/// How many requests are under way by the version in force, stay on it, and can be moved from it.
#[component]
fn Staying(designer: FlowDesigner, version: i64, staying: RwSignal<u32>) -> impl IntoView {
    let form = designer.form_id().to_string();
    let found = LocalResource::new(move || {
        let form = form.clone();
        async move { flows::under_way(&form, version).await.ok() }
    });
    Effect::new(move || staying.set(found.get().flatten().unwrap_or_default()));
    let said = move || {
        let count = found.get().flatten().filter(|count| *count > 0)?;
        Some(view! {
            <p data-staying=count.to_string()>{t!("flows-publish-staying", count = count, version = version)}</p>
            <p class="help">{t!("flows-publish-moving")}</p>
        })
    };
    view! { <div role="status">{said}</div> }
}

/// Shows every fault at its step and goes to the first.
fn refuse(designer: FlowDesigner, problem: wire::Problem) {
    if problem.status != 422 {
        return toast::refused(&problem);
    }
    toast::show(text!("designer-has-problems", count = problem.errors.len()));
    let faults: Vec<Fault> = problem
        .errors
        .into_iter()
        .map(|error| Fault { path: error.path, code: error.code, message: error.message })
        .collect();
    let first = faults
        .first()
        .map(|fault| designer.document.with_untracked(|document| document.part_at(&fault.path)));
    designer.refused.set(faults);
    if let Some(part) = first {
        jump(designer, &part);
    }
}
