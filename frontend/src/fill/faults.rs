//! What is wrong, on top of the form, with a jump to each place.

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
            let form = draft.form();
            let language = i18n::language();
            let column = form.column(&column_path(&fault.path));
            let own = column.map(|column| column.field.label.get(language).to_string()).unwrap_or_default();
            let mut parts = fault.path.splitn(3, '.');
            match (parts.next(), parts.next().and_then(|row| row.parse::<usize>().ok())) {
                (Some(subform), Some(row)) => {
                    let outer =
                        form.column(subform).map(|column| column.field.label.get(language).to_string());
                    let row = i18n::lookup("fill-row", &[("row", ((row + 1) as i64).into())]);
                    format!("{} {row} {own}", outer.unwrap_or_default())
                }
                _ => own,
            }
        })
    };
    let line = move |fault: Fault| {
        let target = anchor(&fault.path);
        let name = label(&fault);
        view! {
            <span>
                {(!name.is_empty()).then(|| view! {
                    <a href=format!("#{target}") on:click=move |event| {
                        event.prevent_default();
                        browser::focus_inside(&target);
                    }>{name}</a>
                    " — "
                })}
                {sentence(&fault)}
            </span>
        }
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
