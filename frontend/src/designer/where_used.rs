//! What uses the selected field, for whoever wants to know before they change it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wire::Dependent;

use super::state::Designer;
use super::uses::Uses;
use crate::api::{Problem, drafts};
use crate::draft_editor::DraftEditor;
use crate::t;
use crate::ui::{Icon, Loaded};

/// The uses of a field, folded; they are asked for each time that somebody looks.
#[component]
pub fn WhereUsed(designer: Designer, path: String) -> impl IntoView {
    let path = StoredValue::new(path);
    let looks = RwSignal::new(false);
    let hear = move |event: web_sys::Event| {
        let fold = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        looks.set(fold.is_some_and(|fold| fold.has_attribute("open")));
    };
    let list = move || {
        looks.get().then(|| {
            let path = path.get_value();
            let found = LocalResource::new(move || used(designer, path.clone()));
            let shown = move |uses: Vec<Dependent>| view! { <Found designer=designer uses=uses/> };
            view! { <Loaded answer=found view=shown lines=2/> }
        })
    };
    view! {
        <details class="fold where-used" open=move || looks.get() on:toggle=hear>
            <summary><Icon name="right"/>{t!("designer-where-used")}</summary>
            <div>{list}</div>
        </details>
    }
}

/// What uses a field by now: what was just written may use it, too.
async fn used(designer: Designer, path: String) -> Result<Vec<Dependent>, Problem> {
    designer.save_now().await;
    drafts::dependents(designer.id, &path).await
}

#[component]
fn Found(designer: Designer, uses: Vec<Dependent>) -> impl IntoView {
    if uses.is_empty() {
        return view! { <p class="note muted">{t!("designer-used-nowhere")}</p> }.into_any();
    }
    view! { <Uses uses=uses form=designer.id/> }.into_any()
}
