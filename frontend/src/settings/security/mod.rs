//! How one signs in oneself: the second step, the browsers, the tokens of programs.

mod second_factor;
mod sessions;
pub mod set_up;
mod tokens;

use leptos::prelude::*;

use super::again::{Again, AgainDialog};
use crate::ui::Together;

use second_factor::SecondFactorCard;
use sessions::Sessions;
use tokens::Tokens;

#[component]
pub fn SecurityPage() -> impl IntoView {
    let again = Again::new();
    view! {
        <div class="stack g6">
            <Together>
                <SecondFactorCard again=again/>
                <Sessions/>
                <Tokens/>
            </Together>
        </div>
        <AgainDialog again=again/>
    }
}

/// A moment of the wire as one says it.
fn said(moment: &str) -> String {
    engine::value::parse_timestamp(moment).map(crate::i18n::ago).unwrap_or_default()
}
