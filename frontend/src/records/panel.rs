//! One stored record: read, changed in place, saved, merged, deleted.

use engine::record::Draft;
use engine::value::{Id, Values, get};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Record, SubmitInput};

use super::choosing::{ChoosePeople, Choosing};
use super::elsewhere::Elsewhere;
use super::gone::GoneBanner;
use super::kept_offer::KeptOffer;
use super::known::{Facts, given};
use super::leaving::AskBeforeLeaving;
use super::merge::{MergeDialog, changed_by};
use super::merging::{Clash, Merged, Place, Sides, merge};
use super::refusing::{is_outdated, refuse};
use super::rights::{DRAFT, editable, is_in_approval, why_locked};
use super::{context, kept_draft, loaders};
use crate::api::forms::OpenForm;
use crate::api::{self, records};
use crate::fill::{FaultList, FormState, LiveForm, Purpose, Titles};
use crate::ui::{Badge, Banner, Button, ButtonKind, ConfirmDialog, Icon, IconSize, Tone, toast};
use crate::{browser, i18n, t, text};

/// A record with its form: a body that scrolls, and a bar under it while there are changes. `on_saved` is called after each
/// save.
#[component]
pub fn RecordPanel(
    form: OpenForm,
    record: Record,
    titles: Titles,
    /// The class of the body: `record-body` on a page, `drawer-body` in a drawer.
    #[prop(default = "record-body")]
    body_class: &'static str,
    /// What stands over the facts.
    #[prop(optional, into)]
    head: ViewFn,
    /// What stands under the form.
    #[prop(optional, into)]
    below: ViewFn,
    /// Opens the form again, which has become another one. What was entered is kept.
    #[prop(optional, into)]
    on_outdated: Option<Callback<()>>,
    #[prop(into)] on_saved: Callback<Record>,
) -> impl IntoView {
    let current = RwSignal::new(record);
    let form = StoredValue::new(form);
    // A save makes a new state; what is on the screen starts again from what is stored.
    let round = RwSignal::new(0u32);
    let body = move || {
        round.track();
        let record = current.get_untracked();
        let saved = move |record: Record| {
            // What a save answers tells nothing of what lies aside, which it has left where it was.
            let former = current.with_untracked(|before| before.former.clone());
            current.set(Record { former, ..record.clone() });
            on_saved.run(record);
            round.update(|round| *round += 1);
        };
        view! {
            <Editing
                form=form.get_value()
                record=record
                titles=titles
                body_class=body_class
                head=head.clone()
                below=below.clone()
                on_outdated=on_outdated
                on_saved=saved
            />
        }
    };
    view! { <div class="contents">{body}</div> }
}

#[component]
fn Editing(
    form: OpenForm,
    record: Record,
    titles: Titles,
    body_class: &'static str,
    head: ViewFn,
    below: ViewFn,
    on_outdated: Option<Callback<()>>,
    #[prop(into)] on_saved: Callback<Record>,
) -> impl IntoView {
    let stored = records::values(&form, &record);
    let given = given(&form, &record, &stored);
    let draft = Draft::open(form.form.clone(), context(form.params()), stored.clone(), given);
    let state = FormState::new(draft, loaders(&form, titles), titles);
    let locked = why_locked(&form, &record);
    let may_edit = locked.is_none();
    let is_void = record.system.voided_at.is_some();
    state.editable.set_value(Some(if may_edit { editable(&form, &record) } else { Default::default() }));
    let warns = may_edit && is_in_approval(&record);
    state.record.set_value(Some(record.id));
    state.former.set(record.former.clone());
    state.load_links();
    let (id, form_id) = (record.id, form.info.id);
    let version = StoredValue::new(record.version);
    let base = StoredValue::new(stored);
    let place = StoredValue::new(kept_draft::place(form_id, Some(id)));
    let kept = may_edit.then(|| place.with_value(|place| kept_draft::kept(place, state)));
    let found = RwSignal::new(kept.flatten());
    let elsewhere = may_edit.then(|| Elsewhere::new(form_id, Some(id), state));
    let busy = RwSignal::new(false);
    let merging = RwSignal::new(false);
    let clashing = RwSignal::new(Vec::<Clash>::new());
    let theirs = StoredValue::new(None::<Record>);
    // Who changed it too, and when.
    let by = RwSignal::new(String::new());
    let shared = StoredValue::new(form.clone());

    // Whether this browser keeps what is entered, and whether somebody deleted the record meanwhile.
    let (keeps, gone) = (RwSignal::new(true), RwSignal::new(false));
    Effect::new(move |before: Option<u32>| {
        let changes = state.changes.get();
        if before.is_some() && may_edit {
            keeps.set(place.with_value(|place| kept_draft::keep(place, state)));
        }
        changes
    });
    // What was typed while it was under way is a change of what is stored now, and is offered as such.
    let stored_now = move |record: Record, sent: &serde_json::Map<String, serde_json::Value>| {
        let now = state.kept_fields();
        place.with_value(|place| match serde_json::to_string(&now) {
            Ok(text) if now != *sent => {
                browser::remember(place, &text);
            }
            _nothing_more => kept_draft::forget(form_id, Some(id)),
        });
        on_saved.run(record);
    };
    let refused = move |problem: api::Problem| {
        busy.set(false);
        if problem.status == 404 {
            return gone.set(true);
        }
        spawn_local(async move {
            let Some(form) = shared.try_get_value() else { return };
            let is_outdated = is_outdated(&form, &problem).await;
            // The page may have been left by now.
            if busy.try_get_untracked().is_none() {
                return;
            }
            match on_outdated.filter(|_| is_outdated) {
                Some(on_outdated) => {
                    toast::show(text!("record-form-changed"));
                    on_outdated.run(());
                }
                None => refuse(state, problem),
            }
        });
    };

    let merged = move |now: &Values, yields: &dyn Fn(&Place) -> bool| -> Merged {
        let own = |column: &engine::form::Column| state.may_edit(column);
        state.draft.with_untracked(|draft| {
            base.with_value(|base| {
                merge(draft.form(), Sides { base, mine: draft.values(), theirs: now }, &own, yields)
            })
        })
    };
    let send = move |version: i64, fields: serde_json::Map<String, serde_json::Value>| {
        busy.set(true);
        let sent = state.kept_fields();
        spawn_local(async move {
            let (mut version, mut fields, mut with_theirs) = (version, fields, None::<String>);
            // Where the server is gone this takes until it is back, and the page may have been left by then.
            let is_left = || busy.try_get_untracked().is_none();
            let problem = loop {
                match records::change(form_id, id, version, fields).await {
                    Ok(record) => {
                        toast::show(match with_theirs {
                            Some(by) => text!("record-merged", by = by),
                            None => text!("record-saved"),
                        });
                        return if is_left() {
                            forget_sent(form_id, id, &sent)
                        } else {
                            stored_now(record, &sent)
                        };
                    }
                    Err(problem) if problem.status == 412 && !is_left() => {}
                    Err(problem) => break problem,
                }
                let record = match records::get(form_id, &id.to_string()).await {
                    Ok(record) => record,
                    Err(problem) => break problem,
                };
                let changed = changed_by(&record).await;
                if is_left() {
                    return;
                }
                let now = shared.with_value(|form| records::values(form, &record));
                let found = merged(&now, &|_| false);
                if !found.clashes.is_empty() {
                    theirs.set_value(Some(record));
                    clashing.set(found.clashes);
                    by.set(changed);
                    merging.set(true);
                    return busy.set(false);
                }
                // Nobody changed what the other did: there is nothing to ask.
                (version, with_theirs) = (record.version, Some(changed));
                fields = state.merged_fields(&found.values, &now);
                // What was sent before arrived after all.
                if fields.is_empty() {
                    toast::show(text!("record-saved"));
                    return stored_now(record, &sent);
                }
            };
            if is_left() {
                toast::refused(&problem);
            } else {
                refused(problem);
            }
        });
    };
    // A draft is not checked until it is submitted.
    let is_draft = record.system.flow_state.as_deref() == Some(DRAFT) && may_edit;
    // Whom a later step leaves to whoever submits is asked with a draft as it is with a new record.
    let choosing = Choosing::of(if is_draft { form.info.choose.clone() } else { Vec::new() });
    choosing.keep_in(state);
    let submit = move || {
        if busy.get_untracked() || !state.check() {
            return;
        }
        busy.set(true);
        let sent = state.kept_fields();
        let input = SubmitInput { fields: state.changed_fields(), chosen: choosing.ids() };
        spawn_local(async move {
            let answer = records::submit(form_id, id, &input).await;
            let is_left = busy.try_get_untracked().is_none();
            match answer {
                Ok(record) => {
                    toast::show(text!("record-submitted"));
                    if is_left { forget_sent(form_id, id, &sent) } else { stored_now(record, &sent) }
                }
                Err(problem) if is_left => toast::refused(&problem),
                Err(problem) => refused(problem),
            }
        });
    };
    let save = move || {
        if is_draft {
            if !busy.get_untracked() {
                state.drop_blank_rows();
                send(version.get_value(), state.changed_fields());
            }
            return;
        }
        if !busy.get_untracked() && state.check() {
            send(version.get_value(), state.changed_fields());
        }
    };
    let brought_back = move |record: Record| {
        version.set_value(record.version);
        gone.set(false);
        toast::show(text!("record-back"));
    };
    let choose = move |yielded: Vec<Place>| {
        let Some(record) = theirs.get_value() else { return };
        let now = shared.with_value(|form| records::values(form, &record));
        let chosen = merged(&now, &|place| yielded.contains(place));
        send(record.version, state.merged_fields(&chosen.values, &now));
    };
    let changed = Memo::new(move |_| {
        state.changes.track();
        state.count_changes()
    });
    // The bar is not drawn anew by every keystroke.
    let is_changed = Memo::new(move |_| changed.get() > 0);
    let shows_bar = Memo::new(move |_| is_draft || is_changed.get());
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        let saves =
            (event.ctrl_key() || event.meta_key()) && (key.eq_ignore_ascii_case("s") || key == "Enter");
        if saves && changed.get_untracked() > 0 {
            event.prevent_default();
            save();
        }
    });
    on_cleanup(move || keys.remove());
    let discarding = RwSignal::new(false);
    let discard = move |()| {
        discarding.set(false);
        kept_draft::forget(form_id, Some(id));
        let values = base.get_value();
        let keys: Vec<String> = state
            .draft
            .with_untracked(|draft| draft.form().fields().map(|column| column.path.clone()).collect());
        let all = keys.into_iter().map(|key| (key.clone(), get(&values, &key).clone())).collect();
        state.restore(all);
        state.strict.set(false);
    };
    view! {
        <AskBeforeLeaving unsaved=move || state.is_changed() keeps=keeps on_discard=move |()| kept_draft::forget(form_id, Some(id))/>
        <div class=format!("{body_class} stack g6")>
            {head.run()}
            {is_void.then(|| view! {
                <div class="row"><Badge tone=Tone::Danger><Icon name="refused" size=IconSize::Small/>{t!("record-voided")}</Badge></div>
            })}
            {locked.map(|why| view! {
                <p class="row note muted"><Icon name="lock" size=IconSize::Small/>{move || i18n::lookup(why, &[])}</p>
            })}
            {warns.then(|| view! { <Banner tone=Tone::Warning>{t!("record-in-approval")}</Banner> })}
            <Facts state=state/>
            <KeptOffer found=found elsewhere=elsewhere state=state on_drop=move |()| kept_draft::forget(form_id, Some(id))/>
            {move || gone.get().then(|| view! {
                <GoneBanner form=shared.get_value() record=id state=state on_back=brought_back/>
            })}
            <FaultList state=state purpose={if is_draft { Purpose::Submit } else { Purpose::Save }}/>
            <LiveForm state=state/>
            <ChoosePeople choosing=choosing/>
            {below.run()}
        </div>
        {move || shows_bar.get().then(|| view! {
            <footer class="save-bar">
                {move || is_changed.get().then(|| view! { <span class="dot accent"></span> })}
                <span class="grow note muted unsaved">
                    {move || match changed.get() {
                        _ if busy.get() && !api::is_connected() => t!("record-waits-to-send")(),
                        _ if is_changed.get() && !keeps.get() => t!("record-nothing-kept")(),
                        0 => t!("record-is-draft")(),
                        count => t!("record-changes", count = count)(),
                    }}
                </span>
                {move || is_changed.get().then(|| view! {
                    <Button on_press=move |_| discarding.set(true)>{t!("record-discard")}</Button>
                    {is_draft.then(|| view! { <Button busy=busy on_press=move |_| save()>{t!("record-save-draft")}</Button> })}
                })}
                {if is_draft {
                    view! { <Button kind=ButtonKind::Primary busy=busy on_press=move |_| submit()>{t!("record-submit")}</Button> }.into_any()
                } else {
                    view! { <Button kind=ButtonKind::Primary key="Ctrl S" busy=busy on_press=move |_| save()>{t!("record-save")}</Button> }.into_any()
                }}
            </footer>
        })}
        <ConfirmDialog
            open=discarding
            title=Signal::derive(t!("record-discard-question"))
            action=Signal::derive(t!("record-discard"))
            on_confirm=discard
        >
            <p>{t!("record-discard-text")}</p>
        </ConfirmDialog>
        <MergeDialog open=merging form=form.form.clone() by=by clashes=clashing titles=titles on_choose=choose/>
    }
}

/// Forgets what was kept of a record as a draft, where it is no more than what was sent and is stored now.
fn forget_sent(form: Id, record: Id, sent: &serde_json::Map<String, serde_json::Value>) {
    let place = kept_draft::place(form, Some(record));
    if browser::remembered(&place) == serde_json::to_string(sent).ok() {
        kept_draft::forget(form, Some(record));
    }
}
