//! A signature: drawn, kept as a picture that its signer uploads, shown as that picture.

use engine::value::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;

use super::known_files;
use super::state::FormState;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, SignaturePad, toast};

/// The control of a signature: a pad while there is none, else the picture and a way to sign anew.
#[component]
pub fn SignatureInput(state: FormState, path: String) -> impl IntoView {
    let value = state.value(path.clone());
    let at = StoredValue::new(path);
    let sending = RwSignal::new(false);
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        spawn_local(async move {
            let answer = state.loaders.filled_by.upload(&file, |_, _| {}).await;
            // The page may be gone by now; the file then stays without a record.
            if sending.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(stored) => {
                    known_files::learn_sent(&stored, &file, state.loaders.filled_by);
                    at.with_value(|path| state.enter(path, Json::String(stored.id.to_string())));
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    });
    let again = move |()| at.with_value(|path| state.enter(path, Json::Null));
    move || {
        match value.get().as_ref_id() {
        Some(id) => view! { <Signed src=known_files::address(id) on_again=again/> }.into_any(),
        None => view! {
            <div class="contents" aria-busy=move || sending.get().then_some("true")><SignaturePad on_done=take/></div>
        }
        .into_any(),
    }
    }
}

/// A signature that is there, and a way to sign anew.
#[component]
pub fn Signed(
    /// Where its picture is read.
    #[prop(into)]
    src: String,
    #[prop(into)] on_again: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="sign">
            <img class="signed" src=src alt=t!("fill-signature")/>
            <div><Button size=ControlSize::Small kind=ButtonKind::Ghost icon="edit" on_press=move |_| on_again.run(())>{t!("fill-sign-again")}</Button></div>
        </div>
    }
}

/// What somebody signed with; a dash where nobody did.
#[component]
pub fn SignaturePicture(#[prop(into)] value: Signal<Value>) -> impl IntoView {
    move || match value.get().as_ref_id() {
        Some(id) => {
            view! { <img class="signed" src=known_files::address(id) alt=t!("fill-signature")/> }.into_any()
        }
        None => view! { <div class="input readonly"><span class="muted">"—"</span></div> }.into_any(),
    }
}
