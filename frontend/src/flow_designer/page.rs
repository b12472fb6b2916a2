//! The page of the flow editor: its bar, the tree, the pane of settings and the trial.

use engine::flow::document::Part as FlowPart;
use engine::form::Sketch;
use leptos::prelude::*;
use std::sync::Arc;
use wire::FormState;

use super::canvas::Canvas;
use super::directory::Workspace;
use super::problems::FlowProblems;
use super::publishing::PublishDialog;
use super::ready_made::ReadyMadeOffer;
use super::side::Side;
use super::state::{FlowDesigner, OfForm};
use super::trial::Trial;
use super::versions::Versions;
use crate::api::flows::FlowDraft;
use crate::api::{Problem, apps, drafts, flows, forms};
use crate::draft_editor::{CANVAS, DraftBar, DraftEditor, Panes, Part, SETTINGS, Saved, TRIAL};
use crate::records::{app_param, form_param};
use crate::ui::{Banner, Button, ControlSize, Icon, IconButton, Loaded, Tab, Tone};
use crate::{i18n, t};

/// What the page starts with.
#[derive(Clone)]
struct Opened {
    info: wire::Form,
    form: OfForm,
    draft: FlowDraft,
    people: Workspace,
}

async fn open(app: &str, form: &str) -> Result<Opened, Problem> {
    let draft = flows::draft(form).await?;
    let people = Workspace::load().await?;
    let others = apps::forms(app).await?;
    let found = others.iter().find(|info| info.id.to_string() == form || info.key == form).cloned();
    if let Some(info) = found.filter(|info| info.state != FormState::Published) {
        return unpublished(info, form, draft, people, others).await;
    }
    let open = forms::open(form).await?;
    let of = OfForm { id: open.info.id, form: open.form, catalogue: open.catalogue, others };
    Ok(Opened { info: open.info, form: of, draft, people })
}

/// A form that is not published yet, or rests: its draft stands for it, as far as it can be used.
async fn unpublished(
    info: wire::Form,
    form: &str,
    draft: FlowDraft,
    people: Workspace,
    others: Vec<wire::Form>,
) -> Result<Opened, Problem> {
    let design = drafts::draft(form).await?;
    let document = serde_json::from_value(design.definition).map_err(|_| forms::not_understood())?;
    let sketch = Sketch { id: info.id, app: info.app_key.clone(), document };
    let usable = forms::usable(&sketch, &[]).ok_or_else(forms::not_understood)?;
    let catalogue = forms::Related::of(vec![Arc::new(sketch)]);
    let of = OfForm { id: info.id, form: Arc::new(usable), catalogue: Arc::new(catalogue), others };
    Ok(Opened { info, form: of, draft, people })
}

#[component]
pub fn FlowPage() -> impl IntoView {
    let app = app_param();
    let form = form_param();
    let opened = LocalResource::new(move || {
        let (app, form) = (app.get(), form.get());
        async move { open(&app, &form).await }
    });
    view! { <Loaded answer=opened view=move |opened| view! { <FlowDesign opened=opened/> }/> }
}

#[component]
fn FlowDesign(opened: Opened) -> impl IntoView {
    let info = opened.info;
    let id = info.id;
    let is_published = info.state == FormState::Published;
    let designer = FlowDesigner::new(opened.draft, opened.form, opened.people, info.flow);
    let form_label = info.label;
    let label = Signal::derive(move || form_label.get(i18n::language()).to_string());
    let app = app_param();
    let figures = move || format!("/apps/{}/forms/{id}/flow/figures", app.get());
    let publishing = RwSignal::new(false);
    let trying = RwSignal::new(false);
    let unready = Signal::derive(move || {
        if !is_published {
            return Some(t!("flows-form-first")());
        }
        let empty = designer.document.with(|document| document.steps.is_empty());
        if empty {
            return Some(t!("flows-no-steps")());
        }
        let wrong = designer.faults.with(Vec::len);
        if wrong > 0 {
            return Some(t!("designer-has-problems", count = wrong)());
        }
        (!designer.editing().changed.get()).then(t!("designer-nothing-changed"))
    });
    let pane = RwSignal::new(CANVAS);
    let tabs = vec![
        Tab::new(CANVAS, t!("flows-flow")),
        Tab::new(SETTINGS, t!("designer-properties")),
        Tab::new(TRIAL, t!("flows-trial")),
    ];
    let show = move |key: &'static str| {
        if key == TRIAL {
            trying.set(true);
        }
        pane.set(key);
    };
    let turn_trial = move |_| {
        trying.update(|trying| *trying = !*trying);
        pane.set(if trying.get_untracked() { TRIAL } else { CANVAS });
        designer.way.set(None);
    };
    // A step is chosen for its settings; where nothing is chosen any more the drawing is shown again.
    Effect::new(move |before: Option<()>| {
        let part = designer.selected.get();
        if before.is_some() {
            pane.set(if part == FlowPart::Flow { CANVAS } else { SETTINGS });
        }
    });
    Effect::new(move || {
        if !trying.get() && pane.get_untracked() == TRIAL {
            pane.set(CANVAS);
        }
    });
    let class = move || if trying.get() { "flow-panes three" } else { "flow-panes" }.to_string();
    view! {
        <DraftBar editor=designer form=id label=label part=Part::Flow version=designer.active unready=unready publishing=publishing>
            <a class="btn phone-hide" href=figures title=t!("flow-figures-title")><Icon name="trend"/><span>{t!("flow-figures-title")}</span></a>
            <IconButton icon="history" class="phone-hide" label=t!("flows-versions") on_press=move |_| designer.comparing.set(true)/>
            <Button icon="play" class="phone-hide" on=Signal::derive(move || trying.get()) pressed=Signal::derive(move || trying.get()) on_press=turn_trial>{t!("flows-trial")}</Button>
        </DraftBar>
        <Conflict designer=designer/>
        <Panes tabs=tabs shown=pane on_show=show class=Signal::derive(class)>
            <section class="flow-middle" data-pane=CANVAS aria-label=t!("flows-flow")>
                <ReadyMadeOffer designer=designer/>
                <Canvas designer=designer/>
                <FlowProblems designer=designer/>
            </section>
            <Side designer=designer/>
            <Show when=move || trying.get()><Trial designer=designer open=trying/></Show>
        </Panes>
        <PublishDialog designer=designer open=publishing/>
        <Versions designer=designer open=designer.comparing/>
    }
}

/// Somebody else has saved this flow: which of the two is to stay.
#[component]
fn Conflict(designer: FlowDesigner) -> impl IntoView {
    let choices = move || {
        view! {
            <span class="row act">
                <Button size=ControlSize::Small on_press=move |_| designer.settle(false)>{t!("flows-take-theirs")}</Button>
                <Button size=ControlSize::Small on_press=move |_| designer.settle(true)>{t!("flows-keep-mine")}</Button>
            </span>
        }
    };
    view! {
        <Show when=move || designer.editing().saved.get() == Saved::Conflict>
            <div class="over-page"><Banner tone=Tone::Warning action=ViewFn::from(choices)>{t!("flows-conflict")}</Banner></div>
        </Show>
    }
}
