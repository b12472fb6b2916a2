//! The parts of designing a form: the form itself, its flow, who may do what with its records, how they stand on paper, and its
//! public links.

use engine::value::Id;
use leptos::prelude::*;

use crate::records::app_param;
use crate::{browser, t, text};

/// A part of a form that is designed on a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Form,
    Flow,
    Permissions,
    Prints,
    Links,
}

impl Part {
    /// What its page is called.
    pub fn title(self) -> String {
        match self {
            Part::Form => text!("designer-title"),
            Part::Flow => text!("flows-flow"),
            Part::Permissions => text!("permissions-title"),
            Part::Prints => text!("prints-title"),
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
    // On a phone the row of links may be wider than the screen.
    Effect::new(|| request_animation_frame(|| browser::bring_into_view(".design-tabs [aria-current]")));
    view! {
        <nav class="tabs design-tabs" aria-label=t!("designer-parts")>
            <a href=to("design") aria-current=current(Part::Form) data-name=t!("designer-part-form")>{t!("designer-part-form")}</a>
            <a href=to("flow") aria-current=current(Part::Flow) data-name=t!("designer-part-flow")>{t!("designer-part-flow")}</a>
            <a href=to("permissions") aria-current=current(Part::Permissions) data-name=t!("permissions-part")>{t!("permissions-part")}</a>
            <a href=to("prints") aria-current=current(Part::Prints) data-name=t!("prints-part")>{t!("prints-part")}</a>
            <a href=to("links") aria-current=current(Part::Links) data-name=t!("links-part")>{t!("links-part")}</a>
        </nav>
    }
}

/// What is said and done beside the links, at the right. However wide it is, the links stay where they are.
#[component]
pub fn DesignTools(children: Children) -> impl IntoView {
    view! { <span class="design-tools">{children()}</span> }
}
