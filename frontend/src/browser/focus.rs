//! Where the focus is and what is in sight.

use wasm_bindgen::JsCast;

use super::window;

/// Gives the focus to the first control inside the element with this id, and brings it into view. Says whether there is
/// such an element.
pub fn focus_inside(id: &str) -> bool {
    let Some(place) =
        window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(id))
    else {
        return false;
    };
    into_view(&place);
    let control = place.query_selector("input, textarea, select, button, [tabindex]").ok().flatten();
    if let Some(control) = control.and_then(|control| control.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = control.focus();
        // Its label too, which the browser does not look at. A cell has its own in the head of the table.
        let label_of = |control: &web_sys::HtmlElement| control.closest("td, .field").ok().flatten();
        if let Some(field) = label_of(&control) {
            into_view(&field);
        }
    }
    true
}

/// Whether nothing has the focus, as after what had it has gone.
pub fn focus_is_lost() -> bool {
    let page = window().and_then(|window| window.document());
    page.and_then(|page| page.active_element()).is_none_or(|element| element.tag_name() == "BODY")
}

/// Gives the focus to the first element that a selector finds, also to words that take none by themselves, such as a
/// heading.
pub fn focus_at(css: &str) {
    let page = window().and_then(|window| window.document());
    let place = page.and_then(|page| page.query_selector(css).ok().flatten());
    let Some(place) = place.and_then(|place| place.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    if place.tab_index() < 0 {
        let _ = place.set_attribute("tabindex", "-1");
    }
    let _ = place.focus();
}

/// Gives the focus to the search of the list on the page, with what was typed there chosen. Whether there is one.
pub fn focus_list_search() -> bool {
    mark_at(".list-search input")
}

/// Gives the focus to the first input that a selector finds, and marks all that is in it. Whether there is one.
pub fn mark_at(css: &str) -> bool {
    let page = window().and_then(|window| window.document());
    let place = page.and_then(|page| page.query_selector(css).ok().flatten());
    let Some(input) = place.and_then(|place| place.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
        return false;
    };
    let _ = input.focus();
    input.select();
    true
}

/// Whether a selector finds anything while no list lies open over the page.
pub fn is_at(css: &str) -> bool {
    let page = window().and_then(|window| window.document());
    page.is_some_and(|page| {
        let finds = |css: &str| page.query_selector(css).ok().flatten().is_some();
        finds(css) && !finds(":popover-open:not(.toasts)")
    })
}

/// Takes the focus from the input that a selector finds, where no list lies open over the page. Whether there was one.
pub fn leave_input(css: &str) -> bool {
    if !is_at(css) {
        return false;
    }
    let page = window().and_then(|window| window.document());
    let input = page.and_then(|page| page.query_selector(css).ok().flatten());
    if let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = input.blur();
    }
    true
}

/// Gives the focus to the first control in sight that a selector finds, where nothing else has it. Not on a phone: its keyboard
/// would cover half of what is asked for.
pub fn focus_first(css: &str) {
    let Some(page) = window().and_then(|window| window.document()) else { return };
    let may = focus_is_lost() && has_keyboard();
    let Some(found) = page.query_selector_all(css).ok().filter(|_| may) else { return };
    let mut controls =
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<web_sys::HtmlElement>().ok());
    let in_sight = |control: &web_sys::HtmlElement| control.get_bounding_client_rect().width() > 0.0;
    if let Some(control) = controls.find(in_sight) {
        let _ = control.focus();
    }
}

/// Whether fingers press things here: a phone has pickers of its own for days and times.
pub fn is_for_fingers() -> bool {
    let query = window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Whether one types on keys, and none come up on the screen.
fn has_keyboard() -> bool {
    let touched = "(pointer: coarse), (max-width: 720px)";
    let query = window().and_then(|window| window.match_media(touched).ok().flatten());
    query.is_none_or(|query| !query.matches())
}

/// Scrolls the nearest way until the first element that a selector finds is in sight; not at all where it is.
pub fn bring_into_view(css: &str) {
    let page = window().and_then(|window| window.document());
    if let Some(place) = page.and_then(|page| page.query_selector(css).ok().flatten()) {
        into_view(&place);
    }
}

/// Opens the fold that the first element which a selector finds lies in, brings it in sight and gives it the focus; of the head
/// of a fold all of the fold.
pub fn unfold_at(css: &str) {
    let page = window().and_then(|window| window.document());
    let Some(place) = page.and_then(|page| page.query_selector(css).ok().flatten()) else { return };
    let fold = place.closest("details").ok().flatten();
    if let Some(fold) = &fold {
        let _ = fold.set_attribute("open", "");
    }
    let is_head = place.tag_name() == "SUMMARY";
    focus_at(css);
    into_view(fold.as_ref().filter(|_| is_head).unwrap_or(&place));
}

fn into_view(place: &web_sys::Element) {
    let nearest = web_sys::ScrollIntoViewOptions::new();
    nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
    place.scroll_into_view_with_scroll_into_view_options(&nearest);
}
