//! A new record.

use engine::record::Draft;
use engine::text::{Fault, Label};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::records::RecordInput;

use super::kept_draft::KeptBanner;
use super::leaving::AskBeforeLeaving;
use super::{app_param, context, form_param, kept_draft, loaders};
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::fill::{FaultList, FormState, LiveForm, Purpose, Titles};
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, ButtonKind, Crumb, Empty, Icon, IconSize, Loaded, toast};
use crate::{browser, i18n, t, text};

/// What can be filled, as it stands on the page.
const CONTROLS: &str = ".record-body .form .contents \
     :is(input, textarea, select, button, [role=button]):not(:disabled, [tabindex=\"-1\"])";

/// The page that makes a record.
#[component]
pub fn NewRecordPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { forms::open(&form).await }
    });
    let page = move |form: OpenForm| match form.may("create") {
        true => view! { <NewRecord form=form/> }.into_any(),
        false => view! { <NoAdding form=form/> }.into_any(),
    };
    view! { <Loaded answer=opened view=page/> }
}

/// Says that the reader may not add records, and leads back to those there are.
#[component]
fn NoAdding(form: OpenForm) -> impl IntoView {
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let (id, label) = (form.info.id, form.info.label);
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let list = move || format!("/apps/{}/forms/{id}", app.get());
    let crumbs =
        Signal::derive(move || vec![Crumb::link(name.get(), list()), Crumb::here(t!("record-no-adding")())]);
    let back = move |_| {
        let to = untrack(list);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    view! {
        <Top crumbs=crumbs/>
        <Empty
            icon="lock"
            title=Signal::derive(t!("record-no-adding"))
            text=Signal::derive(move || t!("record-no-adding-text", form = name.get())())
        >
            <Button on_press=back>{t!("record-to-list")}</Button>
        </Empty>
    }
}

#[component]
fn NewRecord(form: OpenForm) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let titles = Titles::default();
    let draft = Draft::new(form.form.clone(), context(form.params()));
    let state = FormState::new(draft, loaders(&form, titles), titles);
    state.editable.set_value(Some(form.editable()));
    state.load_links();
    let id = form.info.id;
    let place = StoredValue::new(kept_draft::place(id, None));
    let found = RwSignal::new(place.with_value(|place| kept_draft::kept(place, state)));
    let has_flow = form.info.flow.is_some();
    let busy = RwSignal::new(false);
    let saved = StoredValue::new(false);
    // One key for one submit, so that a repetition is never a second record.
    let key = StoredValue::new(browser::random_key());
    let navigate = StoredValue::new(use_navigate());

    Effect::new(move |before: Option<u32>| {
        let changes = state.changes.get();
        if before.is_some() && !saved.get_value() {
            place.with_value(|place| kept_draft::keep(place, state));
        }
        changes
    });
    let unsaved = move || !saved.get_value() && state.is_changed();

    let label = form.info.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let list = move || format!("/apps/{}/forms/{id}", app.get());
    let save = move |draft: bool| {
        // A draft is stored as it is; it is checked when it is submitted.
        if busy.get_untracked() || (!draft && !state.check()) {
            return;
        }
        state.drop_blank_rows();
        busy.set(true);
        let input = RecordInput { fields: state.changed_fields(), draft, ..RecordInput::default() };
        spawn_local(async move {
            match records::create(id, &input, &key.get_value()).await {
                Ok(record) => {
                    saved.set_value(true);
                    place.with_value(|place| browser::forget(place));
                    toast::show(match (draft, has_flow) {
                        (true, _) => text!("record-draft-saved"),
                        (false, true) => text!("record-submitted"),
                        (false, false) => text!("record-saved"),
                    });
                    let to = untrack(|| format!("{}/records/{}", list(), record.id));
                    navigate.with_value(|navigate| navigate(&to, Default::default()));
                }
                Err(problem) => {
                    // Another content is another submit.
                    key.set_value(browser::random_key());
                    refuse(state, problem);
                    busy.set(false);
                }
            }
        });
    };
    let title = Signal::derive(move || t!("record-new-title", form = name.get())());
    let crumbs = Signal::derive(move || {
        let app_name = shell.app(&app.get()).map(|app| app.label.get(i18n::language()).to_string());
        vec![
            Crumb::link(app_name.unwrap_or_default(), format!("/apps/{}", app.get())),
            Crumb::link(name.get(), list()),
            Crumb::here(title.get()),
        ]
    });
    let may_draft = form.form.sketch.document.settings.drafts;
    let purpose = if has_flow { Purpose::Submit } else { Purpose::Save };
    // How much is to be mended, where anything is wrong.
    let wrong = Memo::new(move |_| {
        let faults = if state.strict.get() { state.faults() } else { Vec::new() };
        (!faults.is_empty()).then(|| state.count_mendable(&faults))
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "Enter" {
            event.prevent_default();
            save(false);
        }
    });
    on_cleanup(move || keys.remove());
    // Where a draft was kept, it is asked first what shall become of it.
    if found.with_untracked(Option::is_none) {
        Effect::new(|| request_animation_frame(|| browser::focus_first(CONTROLS)));
    }
    let kept_at = RwSignal::new(None::<engine::value::Timestamp>);
    Effect::new(move |before: Option<()>| {
        state.changes.track();
        if before.is_some() {
            kept_at.set(Some(browser::now()));
        }
    });
    view! {
        <Top crumbs=crumbs>
            {move || kept_at.get().map(|at| view! {
                <span class="row note muted nowrap"><Icon name="ok" size=IconSize::Tiny class="phone-hide"/>{t!("record-kept-at", at = i18n::time(at))}</span>
            })}
        </Top>
        <AskBeforeLeaving unsaved=unsaved on_discard=move |()| place.with_value(|place| browser::forget(place))/>
        <div class="record-page alone">
            <div class="record">
                <main class="record-body stack g6">
                    <h1 class="phone-hide">{title}</h1>
                    {move || found.get().map(|values| {
                        let values = StoredValue::new(values);
                        view! {
                            <KeptBanner
                                on_restore=move |()| { state.restore(values.get_value()); found.set(None) }
                                on_drop=move |()| { place.with_value(|place| browser::forget(place)); found.set(None) }
                            />
                        }
                    })}
                    <FaultList state=state purpose=purpose/>
                    <LiveForm state=state/>
                </main>
                <footer class="save-bar">
                    <span class="grow note muted clip phone-hide">
                        {move || match (wrong.get(), has_flow) {
                            (None, _) => String::new(),
                            (Some(0), _) => purpose.refused(),
                            (Some(count), true) => t!("record-mend-to-submit", count = count)(),
                            (Some(count), false) => t!("record-mend-to-save", count = count)(),
                        }}
                    </span>
                    {may_draft.then(|| view! { <Button busy=busy on_press=move |_| save(true)>{t!("record-save-draft")}</Button> })}
                    <Button kind=ButtonKind::Primary key="Ctrl ↵" busy=busy on_press=move |_| save(false)>
                        {move || if has_flow { t!("record-submit")() } else { t!("record-save")() }}
                    </Button>
                </footer>
            </div>
        </div>
    }
}

/// Shows a refusal: at the fields it names, else as a message. What made the difference may be what somebody else did
/// meanwhile: figures that come from other records are asked for again.
pub fn refuse(state: FormState, problem: crate::api::Problem) {
    let faults: Vec<_> = problem
        .errors
        .iter()
        .map(|error| {
            let path = error.path.strip_prefix("fields.").unwrap_or(&error.path);
            Fault {
                path: path.to_string(),
                code: error.code.clone().into(),
                args: Default::default(),
                message: Some(Label::Plain(error.message.clone())),
                label: error.label.clone().map(Label::Plain),
                names: Default::default(),
            }
        })
        .collect();
    if faults.is_empty() {
        toast::show(problem.detail);
    }
    state.refuse(faults);
    state.load_links_again();
}
