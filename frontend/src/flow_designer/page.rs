//! The page of the flow editor: its bar, the tree, the pane of settings and the trial.

use engine::form::Sketch;
use leptos::prelude::*;
use std::sync::Arc;
use wire::FormState;

use super::canvas::Canvas;
use super::directory::Workspace;
use super::problems::Problems;
use super::publishing::PublishDialog;
use super::side::Side;
use super::state::{FlowDesigner, OfForm, Saved};
use super::trial::Trial;
use crate::api::flows::FlowDraft;
use crate::api::{Problem, apps, drafts, flows, forms};
use crate::designer::DesignTabs;
use crate::records::{app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::ui::{Badge, Banner, Button, ButtonKind, ControlSize, Crumb, IconButton, Loaded, Tone};
use crate::{browser, i18n, t};

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
    let found =
        apps::forms(app).await?.into_iter().find(|info| info.id.to_string() == form || info.key == form);
    if let Some(info) = found.filter(|info| info.state == FormState::Draft) {
        return unpublished(info, form, draft, people).await;
    }
    let open = forms::open(form).await?;
    let of = OfForm { id: open.info.id, form: open.form, catalogue: open.catalogue };
    Ok(Opened { info: open.info, form: of, draft, people })
}

/// A form that is not published yet: its draft stands for it, as far as it can be used.
async fn unpublished(
    info: wire::Form,
    form: &str,
    draft: FlowDraft,
    people: Workspace,
) -> Result<Opened, Problem> {
    let design = drafts::draft(form).await?;
    let document = serde_json::from_value(design.definition).map_err(|_| forms::not_understood())?;
    let sketch = Sketch { id: info.id, app: info.app_key.clone(), document };
    let usable = forms::usable(&sketch, &[]).ok_or_else(forms::not_understood)?;
    let catalogue = forms::Related::of(vec![Arc::new(sketch)]);
    let of = OfForm { id: info.id, form: Arc::new(usable), catalogue: Arc::new(catalogue) };
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
    let shell = ShellContext::expect();
    let app = app_param();
    let info = opened.info;
    let id = info.id;
    let is_published = info.state == FormState::Published;
    let designer = FlowDesigner::new(opened.draft, opened.form, opened.people, info.flow);
    browser::ask_before_leaving(move || designer.saved.get_untracked() != Saved::Yes);
    let form_label = info.label.clone();
    let crumbs = Signal::derive(move || {
        let app_name = shell.app(&app.get()).map(|app| app.label.get(i18n::language()).to_string());
        vec![
            Crumb::link(app_name.unwrap_or_default(), format!("/apps/{}", app.get())),
            Crumb::link(
                form_label.get(i18n::language()).to_string(),
                format!("/apps/{}/forms/{id}", app.get()),
            ),
            Crumb::here(t!("flows-flow")()),
        ]
    });
    let publishing = RwSignal::new(false);
    let trying = RwSignal::new(false);
    let reason = Signal::derive(move || {
        if !is_published {
            return Some(t!("flows-form-first")());
        }
        let empty = designer.document.with(|document| document.steps.is_empty());
        empty.then(t!("flows-no-steps"))
    });
    let undo_label = Signal::derive(move || match designer.undo_name() {
        Some(name) => t!("designer-undo-step", name = name)(),
        None => t!("designer-undo")(),
    });
    let redo_label = Signal::derive(move || match designer.redo_name() {
        Some(name) => t!("designer-redo-step", name = name)(),
        None => t!("designer-redo")(),
    });
    let no_step = |name: Option<String>| name.is_none().then(t!("designer-no-step"));
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let control = event.ctrl_key() || event.meta_key();
        if !control || browser::is_typing() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => designer.undo(),
            ("z", true) | ("y", false) => designer.redo(),
            _other_keys => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    let saved = move || match designer.saved.get() {
        Saved::Yes => {
            view! { <span class="note muted nowrap phone-hide">{t!("designer-saved")}</span> }.into_any()
        }
        Saved::Waiting => {
            view! { <span class="note muted nowrap phone-hide">{t!("designer-saving")}</span> }.into_any()
        }
        Saved::Failed(why) => view! {
            <span class="row" role="alert">
                <span class="error">{why}</span>
                <Button size=ControlSize::Small on_press=move |_| designer.save()>{t!("ui-retry")}</Button>
            </span>
        }
        .into_any(),
        Saved::Conflict => ().into_any(),
    };
    let state = move || match (designer.changed.get(), designer.active.get()) {
        (true, _) => view! { <Badge tone=Tone::Warning>{t!("designer-unpublished")}</Badge> }.into_any(),
        (false, Some(version)) => {
            view! { <Badge>{t!("flows-version", version = version)}</Badge> }.into_any()
        }
        (false, None) => ().into_any(),
    };
    let turn_trial = move |_| {
        trying.update(|trying| *trying = !*trying);
        designer.way.set(None);
    };
    view! {
        <Top crumbs=crumbs>
            <DesignTabs form=id flow=true/>
            {saved}
            <span class="phone-hide row">{state}</span>
            <IconButton icon="undo" label=undo_label disabled_reason=Signal::derive(move || no_step(designer.undo_name())) on_press=move |_| designer.undo()/>
            <IconButton icon="redo" label=redo_label disabled_reason=Signal::derive(move || no_step(designer.redo_name())) on_press=move |_| designer.redo()/>
            <Button icon="play" class="phone-hide" on=Signal::derive(move || trying.get()) pressed=Signal::derive(move || trying.get()) on_press=turn_trial>{t!("flows-trial")}</Button>
            <Button kind=ButtonKind::Primary disabled_reason=reason on_press=move |_| publishing.set(true)>{t!("designer-publish")}</Button>
        </Top>
        <Conflict designer=designer/>
        <div class="panes flow-panes" class:three=move || trying.get()>
            <section class="flow-middle" aria-label=t!("flows-flow")>
                <Canvas designer=designer/>
                <Problems designer=designer/>
            </section>
            <Side designer=designer/>
            <Show when=move || trying.get()><Trial designer=designer open=trying/></Show>
        </div>
        <PublishDialog designer=designer open=publishing/>
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
        <Show when=move || designer.saved.get() == Saved::Conflict>
            <div class="over-page"><Banner tone=Tone::Warning action=ViewFn::from(choices)>{t!("flows-conflict")}</Banner></div>
        </Show>
    }
}
