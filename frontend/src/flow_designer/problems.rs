//! Everything that stands in the way of publishing, with a jump to its step.

use engine::flow::document::Part;
use leptos::prelude::*;

use super::advice::{advice, tab_of};
use super::state::{Fault, FlowDesigner, element_of};
use crate::draft_editor::{ProblemLine, Problems};

#[component]
pub fn FlowProblems(designer: FlowDesigner) -> impl IntoView {
    let line = move |fault: Fault| {
        let part = designer.document.with(|document| document.part_at(&fault.path));
        let name = designer.name_of(&part);
        let tab = tab_of(&fault.path);
        let go = Callback::new(move |()| {
            designer.tab.set(tab);
            jump(designer, &part);
        });
        view! { <ProblemLine name=Some(name) message=fault.message advice=advice(&fault.code) go=Some(go)/> }
    };
    view! {
        <Problems count=Signal::derive(move || designer.faults.with(Vec::len))>
            {move || designer.faults.get().into_iter().map(line).collect_view()}
        </Problems>
    }
}

/// Chooses a part and brings it into view.
pub fn jump(designer: FlowDesigner, part: &Part) {
    designer.choose(part.clone());
    if let Some(element) = document().get_element_by_id(&element_of(part)) {
        element.scroll_into_view();
    }
}
