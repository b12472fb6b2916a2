//! Trying the draft out: it is filled as people will fill it, and nothing is stored.

use std::sync::Arc;

use engine::form::Form;
use engine::record::Draft;
use leptos::prelude::*;

use super::state::Designer;
use crate::fill::{FaultList, FormState, LiveForm, Titles};
use crate::records::{context, loaders_of_draft};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogSize, Empty, Segment, Segmented, toast};
use crate::{t, text};

/// The draft as a form to be filled, on a desk or a phone.
#[component]
pub fn TryOut(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title=t!("designer-try-title") size=DialogSize::Large>
            <Body designer=designer/>
        </Dialog>
    }
}

#[component]
fn Body(designer: Designer) -> impl IntoView {
    let on_phone = RwSignal::new(false);
    let screen = Signal::derive(move || if on_phone.get() { "phone" } else { "desk" }.to_string());
    // Begun anew: every time another record.
    let turn = RwSignal::new(0u32);
    let filled = move || {
        turn.track();
        match designer.form.get_untracked() {
            Some(form) => view! { <Filled designer=designer form=form turn=turn/> }.into_any(),
            None => view! { <Empty icon="form" title=t!("designer-unfinished")/> }.into_any(),
        }
    };
    view! {
        <div class="stack g4">
            <Banner>{t!("designer-try-text")}</Banner>
            <Segmented
                segments=vec![
                    Segment::new("desk", t!("designer-on-desk")).icon("desktop"),
                    Segment::new("phone", t!("designer-on-phone")).icon("mobile"),
                ]
                selected=screen
                on_select=move |key: &'static str| on_phone.set(key == "phone")
                label=Signal::derive(t!("designer-screen"))
            />
            <div class="try-out" data-phone=move || on_phone.get().then_some("true")>{filled}</div>
        </div>
    }
}

#[component]
fn Filled(designer: Designer, form: Arc<Form>, turn: RwSignal<u32>) -> impl IntoView {
    let titles = Titles::default();
    let draft = Draft::new(form.clone(), context(designer.params.get_untracked()));
    let known = Arc::new(untrack(|| designer.catalogue()));
    let state = FormState::new(draft, loaders_of_draft(designer.id, form, known, titles), titles);
    let check = move |_| {
        if state.check() {
            toast::show(text!("designer-try-right"));
        }
    };
    view! {
        <FaultList state=state/>
        <LiveForm state=state/>
        <div class="row">
            <Button kind=ButtonKind::Primary on_press=check>{t!("designer-try-check")}</Button>
            <Button on_press=move |_| turn.update(|turn| *turn += 1)>{t!("designer-try-again")}</Button>
        </div>
    }
}
