//! How one signs in: the second step, the browsers, the tokens of programs; for administrators, what the workspace asks for.

mod policy;
mod second_factor;
mod sessions;
pub mod set_up;
mod tokens;

use leptos::prelude::*;

use super::again::{Again, AgainDialog};
use crate::api::session;
use crate::ui::Together;

use policy::Policy;
use second_factor::SecondFactorCard;
use sessions::Sessions;
use tokens::Tokens;

#[component]
pub fn SecurityPage() -> impl IntoView {
    let again = Again::new();
    let administers = Memo::new(|_| session::me().is_some_and(|me| me.member.administrator));
    view! {
        <div class="stack g6">
            <Together>
                <SecondFactorCard again=again/>
                <Sessions/>
                <Tokens/>
                {move || administers.get().then(|| view! { <Policy again=again/> })}
            </Together>
        </div>
        <AgainDialog again=again/>
    }
}

/// A moment of the wire as one says it.
fn said(moment: &str) -> String {
    engine::value::parse_timestamp(moment).map(crate::i18n::ago).unwrap_or_default()
}
