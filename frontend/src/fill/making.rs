//! A new record to link to, made where it is missed: in the picker of the link.

use engine::value::Id;
use leptos::prelude::*;

use super::state::FormState;
use crate::ui::Found;

/// The making of a record for a link, from the picker that offers it to the record that is then linked.
#[derive(Clone, Copy)]
pub struct Making {
    /// The form whose record it becomes.
    pub form: Id,
    /// Whether its dialog is open.
    pub open: RwSignal<bool>,
    /// What was searched for: the record will most likely be called so.
    pub name: RwSignal<String>,
    /// Hears of the new record.
    pub on_made: Callback<Found>,
}

impl Making {
    /// For the link at a column path; nothing where its field does not offer that, or who fills may not.
    pub fn of(state: FormState, column: &str, on_made: Callback<Found>) -> Option<Making> {
        let form = state.draft.with_untracked(|draft| {
            let column = draft.form().column(column)?;
            column.field.kind.as_link().filter(|link| link.create)?;
            column.target
        })?;
        let may = state.loaders.makes.with_value(|makes| makes.contains(&form));
        may.then(|| Making { form, open: RwSignal::new(false), name: RwSignal::default(), on_made })
    }

    /// Opens the dialog for a record that is called as was typed.
    pub fn begin(self, typed: String) {
        self.name.set(typed);
        self.open.set(true);
    }
}

/// The place of the dialog. It lies inside the form that is filled, which must hear nothing of what is typed in it.
#[component]
pub fn MakingPlace(state: FormState, making: Making) -> impl IntoView {
    view! {
        <div
            class="contents making"
            on:keydown=move |event| event.stop_propagation()
            on:click=move |event| event.stop_propagation()
            on:pointerdown=move |event| event.stop_propagation()
            on:paste=move |event| event.stop_propagation()
            on:focusin=move |event| event.stop_propagation()
            on:focusout=move |event| event.stop_propagation()
        >
            <Show when=move || making.open.get()>{move || state.loaders.maker.run(making)}</Show>
        </div>
    }
}
