//! Everything that stands in the way of publishing, with a jump to its step.

use engine::flow::document::Part;
use leptos::prelude::*;

use super::state::{Fault, FlowDesigner, element_of};
use crate::t;
use crate::ui::{Count, Icon};

#[component]
pub fn Problems(designer: FlowDesigner) -> impl IntoView {
    let line = move |fault: Fault| {
        let part = designer.document.with(|document| document.part_at(&fault.path));
        let name = designer.name_of(&part);
        let go = move |_| jump(designer, &part);
        view! {
            <li>
                <span class="error"><Icon name="error"/></span>
                <span class="grow"><b class="medium">{name}</b>" — "{fault.message}</span>
                <button type="button" class="link" on:click=go>{t!("designer-go")}</button>
            </li>
        }
    };
    let count = Signal::derive(move || designer.faults.with(Vec::len) as u64);
    view! {
        <Show when=move || count.get() != 0>
            <div class="problems" role="status">
                <div class="problems-head"><b class="strong">{t!("designer-problems")}</b><Count value=count/></div>
                <ul>{move || designer.faults.get().into_iter().map(line).collect_view()}</ul>
            </div>
        </Show>
    }
}

/// Chooses a part and brings it into view.
pub fn jump(designer: FlowDesigner, part: &Part) {
    designer.choose(part.clone());
    if let Some(element) = document().get_element_by_id(&element_of(part)) {
        element.scroll_into_view();
    }
}
