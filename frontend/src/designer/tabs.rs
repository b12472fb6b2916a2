//! The parts of designing a form: the form itself and its flow.

use engine::value::Id;
use leptos::prelude::*;

use crate::records::app_param;
use crate::t;

/// Links between the form's own design and its flow.
#[component]
pub fn DesignTabs(
    form: Id,
    /// Whether the flow is shown now.
    flow: bool,
) -> impl IntoView {
    let app = app_param();
    let to = move |page: &'static str| move || format!("/apps/{}/forms/{form}/{page}", app.get());
    let current = |here: bool| here.then_some("page");
    view! {
        <nav class="tabs design-tabs" aria-label=t!("designer-parts")>
            <a href=to("design") aria-current=current(!flow)>{t!("designer-part-form")}</a>
            <a href=to("flow") aria-current=current(flow)>{t!("designer-part-flow")}</a>
        </nav>
    }
}
