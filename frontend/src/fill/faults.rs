//! What is wrong, on top of the form, with a jump to each place.

use engine::record::Draft;
use engine::text::Fault;
use leptos::prelude::*;

use super::state::{FormState, column_path, sentence};
use crate::ui::Icon;
use crate::{browser, i18n, t};

/// The element id of the field at a path.
pub fn anchor(path: &str) -> String {
    format!("at-{}", path.replace('.', "-"))
}

/// The faults of a form once somebody tried to save it.
#[component]
pub fn FaultList(state: FormState) -> impl IntoView {
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
        let name = label(&fault);
        let leads = is_shown(&fault.path);
        let jump = move |name: String| {
            if !leads {
                return view! { <b>{name}</b> }.into_any();
            }
            view! {
                <a href=format!("#{target}") on:click=move |event| {
                    event.prevent_default();
                    browser::focus_inside(&target);
                }>{name}</a>
            }
            .into_any()
        };
        view! { <span>{(!name.is_empty()).then(|| view! { {jump(name)} " — " })} {sentence(&fault)}</span> }
    };
    move || {
        let faults = faults.get();
        let count = faults.len();
        (count > 0).then(|| {
            view! {
                <div class="banner danger" role="alert">
                    <Icon name="error"/>
                    <div class="grow">
                        <div class="strong">{t!("fill-faults", count = count)}</div>
                        <div class="fault-list">{faults.into_iter().map(line).collect_view()}</div>
                    </div>
                </div>
            }
        })
    }
}
