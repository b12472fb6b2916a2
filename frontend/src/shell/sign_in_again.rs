//! The session ended while the page was in use: sign in again over the page, nothing typed is lost.

use leptos::prelude::*;

use crate::api::session;
use crate::entry::SignInForm;
use crate::t;
use crate::ui::{Dialog, DialogSize};

#[component]
pub(super) fn SignInAgain() -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(session::has_ended()));
    view! {
        <Dialog open=open title=t!("sign-in-again-title") size=DialogSize::Small must_finish=true>
            <div class="stack g4">
                <p class="soft-text">{t!("sign-in-again-text")}</p>
                <SignInForm
                    email=session::me().map(|me| me.member.email).unwrap_or_default()
                    on_done=move |()| ()
                />
            </div>
        </Dialog>
    }
}
