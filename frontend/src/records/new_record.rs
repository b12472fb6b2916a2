//! A new record: filled in, kept as a draft while it is, and submitted.

use engine::record::Draft;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use serde_json::{Map, Value as Json};
use wire::records::{Record, RecordInput};

use super::ahead::WhoDecides;
use super::asked_before::AskedBefore;
use super::choosing::{ChoosePeople, Choosing};
use super::elsewhere::Elsewhere;
use super::given::{Given, copied};
use super::kept_offer::KeptOffer;
use super::leaving::AskBeforeLeaving;
use super::made::{HandedIn, note_made};
use super::own_draft::OfferedDraft;
use super::refusing::{is_outdated, refuse};
use super::submitting::Submitting;
use super::{app_param, context, list_place, loaders};
use crate::api::forms::OpenForm;
use crate::api::{self, Problem};
use crate::fill::{FaultList, FormState, LiveForm, Purpose, Titles};
use crate::shell::{ShellContext, Top};
use crate::ui::{Banner, Button, ButtonKind, Crumb, Icon, IconSize, Together, Tone, toast};
use crate::{browser, i18n, t, text};

/// What can be filled, as it stands on the page.
const CONTROLS: &str = ".record-body .form .contents \
     :is(input, textarea, select, button, [role=button]):not(:disabled, [tabindex=\"-1\"])";

/// What was entered into a form that became another one meanwhile.
#[derive(Clone, Debug)]
pub struct Carried {
    fields: Map<String, Json>,
}

impl Carried {
    fn of(state: FormState) -> Carried {
        Carried { fields: state.kept_fields() }
    }

    /// Fills it into the form as it is now, as far as that has the fields.
    fn fill(self, state: FormState) {
        state.take_kept(&self.fields);
    }
}

#[component]
pub fn NewRecord(
    form: OpenForm,
    carried: Option<Carried>,
    /// Begins the page anew: empty, or with what was entered into a form that became another one.
    #[prop(into)]
    on_begin_again: Callback<Option<Carried>>,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let titles = Titles::default();
    let draft = Draft::new(form.form.clone(), context(form.params()));
    let state = FormState::new(draft, loaders(&form, titles), titles);
    state.editable.set_value(Some(form.editable()));
    state.load_links();
    let id = form.info.id;
    let submitting = Submitting::new(id, state);
    let elsewhere = Elsewhere::new(id, None, state);
    let is_newer = carried.is_some();
    // What was carried over is what was kept.
    let found = RwSignal::new((!is_newer).then(|| submitting.kept()).flatten());
    let given = Given::of_address(&form.form);
    let asked_before = given.again.clone();
    let begins_with_more = begin(&form, state, submitting, titles, given, carried);
    let has_flow = form.info.flow.is_some();
    let choosing = Choosing::of(form.info.choose.clone());
    choosing.keep_in(state);
    let handed_in = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());

    let label = form.info.label.clone();
    let name = Signal::derive(move || label.get(i18n::language()).to_string());
    let list = move || format!("/apps/{}/forms/{id}", app.get());
    let has_list = !form.is_only_added_to();
    let shared = StoredValue::new(form.clone());
    let refused = move |problem: Problem| {
        spawn_local(async move {
            let is_outdated = is_outdated(&shared.get_value(), &problem).await;
            // The page may have been left by now.
            if shared.try_get_value().is_none() {
                return;
            }
            if is_outdated {
                on_begin_again.run(Some(Carried::of(state)));
            } else {
                refuse(state, problem);
            }
        });
    };
    // Whoever makes a record of which they may read none sees no page of it.
    let reads = has_flow || form.may("view");
    let save = move |as_draft: bool| {
        // A draft is stored as it is; it is checked when it is submitted.
        if submitting.busy.get_untracked() || (!as_draft && !state.check()) {
            return;
        }
        state.drop_blank_rows();
        // Nobody is asked about a draft yet.
        let chosen = if as_draft { Default::default() } else { choosing.ids() };
        let fields = state.changed_fields();
        let input = RecordInput { fields, draft: as_draft, chosen, ..RecordInput::default() };
        let (to, navigate) = (untrack(list), navigate.get_value());
        let done = move |record: Record, is_there: bool| {
            let words = match (as_draft, has_flow) {
                (true, _) => text!("record-draft-saved"),
                (false, true) => text!("record-submitted"),
                (false, false) => text!("record-saved"),
            };
            let address = format!("{to}/records/{}", record.id);
            let navigate = navigate.clone();
            if !is_there {
                let open = move || navigate(&address, Default::default());
                toast::show_with(words, text!("record-open"), open);
            } else if as_draft || reads {
                toast::show(words);
                if !as_draft {
                    note_made(record.id, has_flow);
                }
                navigate(&address, Default::default());
            } else {
                handed_in.set(true);
            }
        };
        submitting.send(input, untrack(list), done, refused);
    };
    let title = Signal::derive(move || t!("record-new-title", form = name.get())());
    let crumbs = Signal::derive(move || {
        // Who only adds records has the form at the address of its list: that would lead here again.
        let way_back = || format!("{}{}", list(), list_place::query_of(id));
        let list = has_list.then(|| Crumb::link(name.get(), way_back()));
        let way = [shell.app_crumb(&app.get())].into_iter().chain(list);
        way.chain([Crumb::here(title.get())]).collect::<Vec<_>>()
    });
    let may_draft = form.form.sketch.document.settings.drafts;
    let purpose = if has_flow { Purpose::Submit } else { Purpose::Save };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                save(false);
            }
            // What a flow begins with is submitted on purpose.
            "s" | "S" => {
                event.prevent_default();
                if !has_flow || may_draft {
                    save(has_flow);
                }
            }
            _other_key => {}
        }
    });
    on_cleanup(move || keys.remove());
    // Where a draft was kept, it is asked first what shall become of it.
    let is_free = found.with_untracked(Option::is_none);
    let begin_to_fill = move |()| {
        if is_free {
            request_animation_frame(|| browser::focus_first(CONTROLS));
        }
    };
    // A draft on the server is offered where nothing else is begun already.
    let offers = may_draft && found.with_untracked(Option::is_none) && !begins_with_more;
    let offered = move || {
        let is_free = offers && !submitting.is_touched() && !elsewhere.is_there();
        is_free.then(|| view! { <OfferedDraft form=shared.get_value() titles=titles list=untrack(list)/> })
    };
    // Who only adds records has no list of them, but what they have asked for.
    let own_requests = (has_flow && form.is_only_added_to()).then(|| format!("/inbox?box=started&form={id}"));
    let body = move || {
        let (own_requests, asked_before) = (own_requests.clone(), asked_before.clone());
        view! {
            <div class="record-page alone">
                <div class="record">
                    <Together lines=12 on_shown=begin_to_fill>
                        <main class="record-body stack g6">
                            <h1 class="phone-hide">{title}</h1>
                            {own_requests.map(|href| view! {
                                <a class="link" href=href>{t!("record-own-requests")}</a>
                            })}
                            {asked_before.map(|instance| view! { <AskedBefore form=shared.get_value() instance=instance/> })}
                            {is_newer.then(|| view! { <Banner tone=Tone::Warning>{t!("record-form-changed")}</Banner> })}
                            <KeptOffer found=found elsewhere=Some(elsewhere) state=state on_drop=move |()| submitting.forget()/>
                            {offered}
                            <FaultList state=state purpose=purpose/>
                            <LiveForm state=state/>
                            <ChoosePeople choosing=choosing/>
                            {has_flow.then(|| view! { <WhoDecides form=id state=state choosing=choosing/> })}
                        </main>
                        <footer class="save-bar">
                            <Told state=state submitting=submitting has_flow=has_flow purpose=purpose/>
                            {may_draft.then(|| view! { <Button busy=submitting.busy on_press=move |_| save(true)>{t!("record-save-draft")}</Button> })}
                            <Button kind=ButtonKind::Primary key="Ctrl ↵" busy=submitting.busy on_press=move |_| save(false)>
                                {move || if has_flow { t!("record-submit")() } else { t!("record-save")() }}
                            </Button>
                        </footer>
                    </Together>
                </div>
            </div>
        }
    };
    let again = move |()| on_begin_again.run(None);
    view! {
        <Top crumbs=crumbs><Kept submitting=submitting state=state/></Top>
        <AskBeforeLeaving
            unsaved=move || submitting.is_unsaved()
            keeps=submitting.keeps
            on_discard=move |()| submitting.forget()
        />
        {move || if handed_in.get() { view! { <HandedIn on_again=again/> }.into_any() } else { body().into_any() }}
    }
}

/// Fills in what the record begins with besides its defaults. Gives whether there is anything.
fn begin(
    form: &OpenForm,
    state: FormState,
    submitting: Submitting,
    titles: Titles,
    given: Given,
    carried: Option<Carried>,
) -> bool {
    if let Some(carried) = carried {
        carried.fill(state);
        return true;
    }
    let Some(record) = given.copied.clone() else {
        given.fill(state);
        submitting.start_from_given();
        return !given.is_empty();
    };
    let form = form.clone();
    spawn_local(async move {
        let copy = copied(&form, &record, titles).await;
        // The page may have been left, and somebody may have begun to type.
        if state.changes.try_get_untracked().is_none_or(|changes| changes > 0) {
            return;
        }
        match copy {
            Ok(values) => {
                state.restore(values);
                given.fill(state);
                submitting.start_from_given();
            }
            Err(problem) => toast::refused(&problem),
        }
    });
    true
}

/// When the draft was kept last, or that this browser keeps none.
#[component]
fn Kept(submitting: Submitting, state: FormState) -> impl IntoView {
    let kept_at = RwSignal::new(None::<engine::value::Timestamp>);
    Effect::new(move |_| {
        state.changes.track();
        if submitting.is_touched() {
            kept_at.set(Some(browser::now()));
        }
    });
    move || {
        let at = kept_at.get()?;
        Some(match submitting.keeps.get() {
            true => view! {
                <span class="row note muted nowrap"><Icon name="ok" size=IconSize::Tiny class="phone-hide"/>{t!("record-kept-at", at = i18n::time(at))}</span>
            }
            .into_any(),
            false => view! {
                <span class="row note bad-text"><Icon name="warning" size=IconSize::Tiny/>{t!("record-nothing-kept")}</span>
            }
            .into_any(),
        })
    }
}

/// What stands in the way of submitting, beside its button: what is to be mended, or a server that is gone.
#[component]
fn Told(state: FormState, submitting: Submitting, has_flow: bool, purpose: Purpose) -> impl IntoView {
    // How much is to be mended, where anything is wrong.
    let wrong = Memo::new(move |_| {
        let faults = if state.strict.get() { state.faults() } else { Vec::new() };
        (!faults.is_empty()).then(|| state.count_mendable(&faults))
    });
    let words = move || {
        if submitting.busy.get() && !api::is_connected() {
            return text!("record-waits-to-send");
        }
        match (wrong.get(), has_flow) {
            (None, _) => String::new(),
            (Some(0), _) => purpose.refused(),
            (Some(count), true) => text!("record-mend-to-submit", count = count),
            (Some(count), false) => text!("record-mend-to-save", count = count),
        }
    };
    view! { <span class="grow note muted clip phone-hide" role="status">{words}</span> }
}
