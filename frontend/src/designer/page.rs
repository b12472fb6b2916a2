//! The page of the designer: its bar, three panes and what stands in the way of publishing.

use std::collections::BTreeMap;

use engine::package::parameter_values;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::FormState;

use super::canvas::Canvas;
use super::form_versions::FormVersions;
use super::keys::{self, Shortcuts};
use super::other_forms::add_unknown;
use super::palette::Palette;
use super::properties::Properties;
use super::publish_dialog::PublishDialog;
use super::removal::RemovalDialog;
use super::rule_badge::ShownPane;
use super::several::{copy_chosen, forget_on_selection, paste};
use super::standing::{Standing, standing, worth_a_look};
use super::state::{DesignDialog, Designer, Selected};
use super::together::{self, AlsoHere, Clashes};
use super::translations::TranslationsDialog;
use super::try_out::TryOut;
use crate::api::{Problem, apps, drafts, forms};
use crate::draft_editor::{
    CANVAS, DraftBar, DraftEditor, KINDS, Panes, Part, ProblemLine, Problems, SETTINGS, Saved, Warnings,
    is_nobody, permissions_of, users_of,
};
use crate::records::{app_param, form_param};
use crate::shell::ShellContext;
use crate::ui::{Banner, Button, ControlSize, Icon, IconButton, Loaded, Segment, Segmented, Tab, Tone};
use crate::{browser, i18n, t};

/// What the page starts with.
#[derive(Clone)]
struct Opened {
    info: wire::Form,
    draft: wire::Draft,
}

async fn open(app: &str, form: &str) -> Result<Opened, Problem> {
    let draft = drafts::draft(form).await?;
    let found =
        apps::forms(app).await?.into_iter().find(|info| info.id.to_string() == form || info.key == form);
    let info = match found {
        Some(info) => info,
        None => forms::sketches(form).await?.0,
    };
    Ok(Opened { info, draft })
}

#[component]
pub fn DesignPage() -> impl IntoView {
    let app = app_param();
    let form = form_param();
    let opened = LocalResource::new(move || {
        let (app, form) = (app.get(), form.get());
        async move { open(&app, &form).await }
    });
    view! { <Loaded answer=opened view=move |opened| view! { <Design opened=opened/> }/> }
}

/// Finds the published forms of the app: links, lookups and formulas may name them.
fn learn_others(designer: Designer, app: String) {
    spawn_local(async move {
        learn_all(designer, &app).await;
        let _ = designer.knows_others.try_set(true);
    });
}

async fn learn_all(designer: Designer, app: &str) {
    let Ok(all) = apps::forms(app).await else { return };
    for info in all.into_iter().filter(|info| info.state == FormState::Published) {
        let Ok((whole, sketches)) = forms::sketches(&info.id.to_string()).await else { continue };
        learn_params(designer, &whole);
        let around = sketches.into_iter().filter(|sketch| sketch.id != designer.id).collect();
        let learned = designer.others.try_update(|others| add_unknown(others, around));
        if learned.is_none() {
            return;
        }
    }
}

/// All forms of an app have its parameters.
fn learn_params(designer: Designer, whole: &wire::Form) {
    let params = parameter_values(&whole.parameters).unwrap_or_default();
    if designer.params.try_with_untracked(|known| *known != params) == Some(true) {
        designer.params.set(params);
    }
}

#[component]
fn Design(opened: Opened) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let info = opened.info;
    let id = info.id;
    let Some(designer) = Designer::new(id, info.app_key.clone(), info.version, opened.draft) else {
        return view! { <p class="page">{t!("problem-not-understood")}</p> }.into_any();
    };
    learn_others(designer, app.get_untracked());
    let label = Signal::derive(move || {
        designer.document.with(|document| document.label.get(i18n::language()).to_string())
    });
    let publishing = RwSignal::new(false);
    let unready = Signal::derive(move || {
        // What the server has not seen yet may have mended what it found: whoever publishes finds out.
        let waits = designer.editing().saved.get() == Saved::Waiting;
        let wrong = if waits { designer.unfinished.with(BTreeMap::len) } else { standing(designer).len() };
        if wrong > 0 {
            Some(t!("designer-has-problems", count = wrong)())
        } else {
            (designer.is_published() && !designer.editing().changed.get())
                .then(t!("designer-nothing-changed"))
        }
    });
    let pane = RwSignal::new(CANVAS);
    provide_context(ShownPane(pane));
    let tabs = vec![
        Tab::new(KINDS, t!("designer-palette")),
        Tab::new(CANVAS, t!("designer-canvas")),
        Tab::new(SETTINGS, t!("designer-properties")),
    ];
    // What was added, or selected in another pane, is in sight when the canvas is.
    Effect::new(move |before: Option<()>| {
        if pane.get() == CANVAS && before.is_some() {
            request_animation_frame(show_selected);
        }
    });
    let other = together::listen(designer);
    keys::listen(designer);
    forget_on_selection(designer);
    // What it looks like on a phone.
    let on_phone = RwSignal::new(false);
    let screen = Signal::derive(move || if on_phone.get() { "phone" } else { "desk" }.to_string());
    let screens = vec![
        Segment::new("desk", t!("designer-on-desk")).icon("desktop"),
        Segment::new("phone", t!("designer-on-phone")).icon("mobile"),
    ];
    view! {
        <DraftBar editor=designer form=id label=label part=Part::Form version=designer.active unready=unready publishing=publishing>
            <AlsoHere other=other/>
            <span class="phone-hide"><Button icon="play" on_press=move |_| designer.dialog.set(Some(DesignDialog::TryOut))>{t!("designer-try-out")}</Button></span>
        </DraftBar>
        <NobodyYet designer=designer/>
        <Panes tabs=tabs shown=pane on_show=move |key: &'static str| pane.set(key)>
            <Palette designer=designer on_add=move |()| pane.set(CANVAS)/>
            <section class="canvas-wrap" data-pane=CANVAS aria-label=t!("designer-canvas")>
                <div class="canvas-bar">
                    <span class="phone-hide"><Segmented segments=screens selected=screen on_select=move |key: &'static str| on_phone.set(key == "phone") label=Signal::derive(t!("designer-screen"))/></span>
                    <span class="note muted row"><Icon name="eye"/>{t!("designer-live")}</span>
                    <span class="push row">
                        <IconButton icon="copy" label=Signal::derive(t!("designer-copy")) size=ControlSize::Small on_press=move |_| copy_chosen(designer)/>
                        <IconButton icon="stamp" label=Signal::derive(t!("designer-paste")) size=ControlSize::Small on_press=move |_| paste(designer)/>
                    </span>
                </div>
                <Clashes designer=designer/>
                <div class="canvas-screen" data-phone=move || on_phone.get().then_some("true")><Canvas designer=designer/></div>
                <FormProblems designer=designer pane=pane/>
            </section>
            <Properties designer=designer/>
        </Panes>
        <PublishDialog
            designer=designer
            open=publishing
            on_published=move |()| shell.forms.refetch()
        />
        <RemovalDialog designer=designer/>
        <Dialogs designer=designer/>
    }
    .into_any()
}

/// Said after a form was published here that nobody but administrators may use: it is done only when others may.
#[component]
fn NobodyYet(designer: Designer) -> impl IntoView {
    let app = app_param();
    let id = designer.id;
    let at_first = designer.publications.get_untracked();
    let found = LocalResource::new(move || {
        let published_here = designer.publications.get() > at_first;
        async move { published_here && users_of(id).await.is_ok_and(|users| is_nobody(&users)) }
    });
    let to = move || permissions_of(&app.get(), id);
    let action = move || view! { <a class="act" href=to>{t!("designer-may-use-set")}</a> };
    view! {
        <Show when=move || found.get() == Some(true)>
            <div class="over-page">
                <Banner tone=Tone::Warning action=ViewFn::from(action)>{t!("designer-may-use-nobody")}</Banner>
            </div>
        </Show>
    }
}

/// The dialogs that the page opens, one at a time.
#[component]
fn Dialogs(designer: Designer) -> impl IntoView {
    let dialog = move |which: DesignDialog| {
        let open = RwSignal::new(false);
        Effect::new(move || open.set(designer.dialog.get() == Some(which)));
        Effect::new(move |before: Option<bool>| {
            let now = open.get();
            let is_shown = designer.dialog.get_untracked() == Some(which);
            if before == Some(true) && !now && is_shown {
                designer.dialog.set(None);
            }
            now
        });
        open
    };
    view! {
        <TranslationsDialog designer=designer open=dialog(DesignDialog::Translations)/>
        <FormVersions designer=designer open=dialog(DesignDialog::Versions)/>
        <Shortcuts open=dialog(DesignDialog::Shortcuts)/>
        <TryOut designer=designer open=dialog(DesignDialog::TryOut)/>
    }
}

fn show_selected() {
    browser::bring_into_view(".canvas .slot[aria-current=true]");
}

/// Everything that stands in the way of publishing, and apart from it what is worth a look, each with a jump to its field.
#[component]
fn FormProblems(designer: Designer, pane: RwSignal<&'static str>) -> impl IntoView {
    let found = Memo::new(move |_| standing(designer));
    let warned = Memo::new(move |_| worth_a_look(designer));
    // A longer list takes room from the canvas: what is worked on stays in sight.
    Effect::new(move |before: Option<usize>| {
        let count = found.with(Vec::len) + warned.with(Vec::len);
        if before.is_some_and(|before| before < count) && pane.get_untracked() == CANVAS {
            request_animation_frame(show_selected);
        }
        count
    });
    let line = move |(path, message): Standing, is_warning: bool| {
        let name = path.as_ref().map(|path| designer.label(path));
        let go = path.map(|path| {
            Callback::new(move |()| {
                designer.selected.set(Selected::Field(path.clone()));
                pane.set(SETTINGS);
            })
        });
        view! { <ProblemLine name=name message=message is_warning=is_warning go=go/> }
    };
    view! {
        <Problems count=Signal::derive(move || found.with(Vec::len))>
            {move || found.get().into_iter().map(|one| line(one, false)).collect_view()}
        </Problems>
        <Warnings count=Signal::derive(move || warned.with(Vec::len))>
            {move || warned.get().into_iter().map(|one| line(one, true)).collect_view()}
        </Warnings>
    }
}
