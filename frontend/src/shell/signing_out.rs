//! Signing out: what was entered in this browser goes with it, and whoever would lose something by that is asked first.

use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{kept_here, session};
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, toast};
use crate::{browser, t};

/// Whether the question is asked. Outside any owner: what asks for it may be gone by then, such as a menu.
static ASKED: LazyLock<ArcRwSignal<bool>> = LazyLock::new(|| ArcRwSignal::new(false));

/// Signs out, once the reader has agreed to lose what they have not saved.
pub fn sign_out() {
    if kept_here::is_unsaved() {
        ASKED.set(true);
    } else {
        leave(false);
    }
}

/// Ends the session and goes to the sign-in page; the browser does not ask again what was asked already.
fn leave(was_asked: bool) {
    spawn_local(async move {
        match session::sign_out().await {
            Ok(()) => {
                if was_asked {
                    browser::leave_unasked();
                }
                browser::go_anew("/sign-in");
            }
            Err(problem) => toast::refused(&problem),
        }
    });
}

/// The question.
#[component]
pub(super) fn SigningOut() -> impl IntoView {
    let open = RwSignal::from(ASKED.clone());
    let agree = move |_| {
        open.set(false);
        leave(true);
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Danger on_press=agree>{t!("nav-sign-out")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("sign-out-title") size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <p class="soft-text">{t!("sign-out-text")}</p>
        </Dialog>
    }
}
