//! The parts of designing a form: the form itself, its flow, who may do what with its records, and its public links.

use engine::value::Id;
use leptos::prelude::*;

use crate::records::app_param;
use crate::{t, text};

/// A part of a form that is designed on a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Form,
    Flow,
    Permissions,
    Links,
}

impl Part {
    /// What its page is called.
    pub fn title(self) -> String {
        match self {
            Part::Form => text!("designer-title"),
            Part::Flow => text!("flows-flow"),
            Part::Permissions => text!("permissions-title"),
            Part::Links => text!("links-title"),
        }
    }
}

/// Links between them.
#[component]
pub fn DesignTabs(
    form: Id,
    /// The part that is shown now.
    part: Part,
) -> impl IntoView {
    let app = app_param();
    let to = move |page: &'static str| move || format!("/apps/{}/forms/{form}/{page}", app.get());
    let current = |of: Part| (part == of).then_some("page");
    view! {
        <nav class="tabs design-tabs" aria-label=t!("designer-parts")>
            <a href=to("design") aria-current=current(Part::Form)>{t!("designer-part-form")}</a>
            <a href=to("flow") aria-current=current(Part::Flow)>{t!("designer-part-flow")}</a>
            <a href=to("permissions") aria-current=current(Part::Permissions)>{t!("permissions-part")}</a>
            <a href=to("links") aria-current=current(Part::Links)>{t!("links-part")}</a>
        </nav>
    }
}
