//! What a visitor reads whose answer was taken.

use leptos::prelude::*;
use wire::PublicTaken;

use crate::ui::{Button, ButtonKind, Empty};
use crate::{browser, i18n, t, text};

#[component]
pub fn Taken(taken: PublicTaken, #[prop(into)] on_again: Callback<()>) -> impl IntoView {
    Effect::new(|| {
        browser::set_title(&text!("public-taken"));
        // What was filled in is gone from the page, and the focus with it.
        request_animation_frame(|| browser::focus_at(".public-card h1"));
    });
    let thanks = taken.thanks;
    let thanks = Signal::derive(move || {
        let own = thanks.as_ref().map(|thanks| thanks.get(i18n::language()).to_string());
        own.filter(|own| !own.is_empty()).unwrap_or_else(|| text!("public-taken-text"))
    });
    view! {
        <div role="status">
            <Empty icon="ok" title=Signal::derive(t!("public-taken")) text=thanks whole_page=true>
                {taken.again.then(|| view! {
                    <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| on_again.run(())>{t!("public-again")}</Button>
                })}
            </Empty>
        </div>
    }
}
