//! What is wrong, on top of the form, with a jump to each place.

use engine::record::Draft;
use engine::text::Fault;
use leptos::prelude::*;

use super::checks::sentence;
use super::paths::column_path;
use super::state::FormState;
use crate::ui::Icon;
use crate::{browser, i18n, text};

/// The element id of the field at a path.
pub fn anchor(path: &str) -> String {
    format!("at-{}", path.replace('.', "-"))
}

/// What is to become of what is filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    #[default]
    Save,
    Submit,
    Approve {
        /// The text that says what else an approver can do.
        otherwise: Option<&'static str>,
    },
}

impl Purpose {
    /// That it can't be, where there is nothing that its reader could mend; in the language on the screen.
    pub fn refused(self) -> String {
        match self {
            Purpose::Save => text!("fill-cannot-save"),
            Purpose::Submit => text!("fill-cannot-submit"),
            Purpose::Approve { .. } => text!("fill-cannot-approve"),
        }
    }

    fn otherwise(self) -> Option<String> {
        match self {
            Purpose::Save | Purpose::Submit => None,
            Purpose::Approve { otherwise } => otherwise.map(|key| i18n::lookup(key, &[])),
        }
    }
}

/// The faults of a form once somebody tried to save it. Only those that the reader can mend are asked to be mended.
#[component]
pub fn FaultList(state: FormState, #[prop(optional)] purpose: Purpose) -> impl IntoView {
    let faults = Memo::new(move |_| if state.strict.get() { state.faults() } else { Vec::new() });
    let label = move |fault: &Fault| {
        state.draft.with_untracked(|draft| {
            let known = || draft.form().sketch.document.label_at(&fault.path);
            let label = fault.label.clone().or_else(known);
            label.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
        })
    };
    // What the form does not show has no place to lead to.
    let is_shown = move |path: &str| {
        let known =
            |draft: &Draft| draft.form().column(&column_path(path)).is_some() && !draft.is_hidden(path);
        state.draft.with_untracked(known)
    };
    let line = move |fault: Fault| {
        let target = anchor(&fault.path);
        let path = fault.path.clone();
        let name = label(&fault);
        let leads = is_shown(&fault.path);
        let jump = move |name: String| {
            if !leads {
                return view! { <b>{name}</b> }.into_any();
            }
            view! {
                <a href=format!("#{target}") on:click=move |event| {
                    event.prevent_default();
                    let target = target.clone();
                    // Another page is not there before it is drawn.
                    if state.turn_to(&path) {
                        request_animation_frame(move || {
                            browser::focus_inside(&target);
                        });
                    } else {
                        browser::focus_inside(&target);
                    }
                }>{name}</a>
            }
            .into_any()
        };
        view! { <span>{(!name.is_empty()).then(|| view! { {jump(name)} " — " })} {sentence(&fault)}</span> }
    };
    move || {
        let faults = faults.get();
        let mendable = state.count_mendable(&faults);
        let heading = move || match mendable {
            0 => purpose.refused(),
            count => text!("fill-faults", count = count),
        };
        let is_beyond = state.is_beyond_mending(&faults);
        let otherwise = move || purpose.otherwise().filter(|_| is_beyond);
        (!faults.is_empty()).then(|| {
            view! {
                <div class="banner danger" role="alert">
                    <Icon name="error"/>
                    <div class="grow">
                        <div class="strong">{heading}</div>
                        <div class="fault-list">{faults.into_iter().map(line).collect_view()}</div>
                        {move || otherwise().map(|words| view! { <div>{words}</div> })}
                    </div>
                </div>
            }
        })
    }
}
