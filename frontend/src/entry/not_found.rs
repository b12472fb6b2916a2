//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::ui::Empty;
use crate::{browser, t, text};

#[component]
pub fn NotFound() -> impl IntoView {
    Effect::new(|| browser::set_title(&format!("{} – Formwork", text!("not-found-title"))));
    view! {
        <main class="stage">
            <Empty icon="location" whole_page=true title=t!("not-found-title") text=Signal::derive(t!("not-found-text"))>
                <A href="/" attr:class="btn primary">{t!("not-found-home")}</A>
            </Empty>
        </main>
    }
}
