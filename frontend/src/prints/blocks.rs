//! The blocks of a template as a list: selected, added, moved, taken out, by mouse and by keys.

use engine::print::{Block, BlockKind};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::editor::Editor;
use super::words::{kind_icon, kind_name, summary};
use crate::ui::{ButtonKind, ControlSize, Icon, IconButton, MenuButton, MenuItem};
use crate::{browser, t, text};

#[component]
pub fn Blocks(editor: Editor) -> impl IntoView {
    let count = Memo::new(move |_| editor.document.with(|document| document.blocks.len()));
    let kinds = move || {
        let item = |kind: BlockKind| {
            let add = move |()| editor.add(kind);
            let icon = kind_icon(kind).to_string();
            view! { <MenuItem icon=Signal::stored(icon) on_choose=add>{move || kind_name(kind)}</MenuItem> }
        };
        BlockKind::ALL.iter().copied().map(item).collect_view()
    };
    let lines =
        move || (0..count.get()).map(|place| view! { <Line editor=editor place=place/> }).collect_view();
    view! {
        <section class="stack g2" aria-label=t!("prints-blocks")>
            <div class="row">
                <h2>{t!("prints-blocks")}</h2>
                <span class="push anchor">
                    <MenuButton icon="plus" label=Signal::derive(t!("prints-add")) text=Signal::derive(t!("prints-add")) kind=ButtonKind::Plain size=ControlSize::Small>
                        {kinds()}
                    </MenuButton>
                </span>
            </div>
            <ol class="print-blocks" on:keydown=move |event| by_key(editor, &event)>{lines}</ol>
            {move || (count.get() == 0).then(|| view! { <p class="note muted">{t!("prints-no-blocks")}</p> })}
            <p class="note muted phone-hide">{t!("prints-keys")}</p>
        </section>
    }
}

#[component]
fn Line(editor: Editor, place: usize) -> impl IntoView {
    let block = Memo::new(move |_| editor.document.with(|document| document.blocks.get(place).cloned()));
    let is_here = move || (editor.selected.get() == Some(place)).then_some("true");
    let name = move || block.get().map(|block| kind_name(block.kind)).unwrap_or_default();
    let says = move || {
        let said = |block: Block| editor.form.with_value(|form| summary(&block, &form.form));
        block.get().map(said).unwrap_or_default()
    };
    let icon = move || block.get().map(|block| view! { <Icon name=kind_icon(block.kind)/> });
    let last = move || editor.document.with(|document| document.blocks.len()) == place + 1;
    let first = Signal::derive(move || (place == 0).then(|| text!("prints-first")));
    let at_end = Signal::derive(move || last().then(|| text!("prints-last")));
    let up = Signal::derive(move || text!("prints-up", name = name()));
    let down = Signal::derive(move || text!("prints-down", name = name()));
    let out = Signal::derive(move || text!("prints-remove-block", name = name()));
    view! {
        <li class="row gap-1" aria-current=is_here>
            <button type="button" class="print-block grow" data-place=place on:click=move |_| editor.selected.set(Some(place))>
                {icon}
                <span class="strong">{name}</span>
                <span class="muted clip" title=says>{says}</span>
            </button>
            <IconButton icon="arrow-up" size=ControlSize::Small label=up disabled_reason=first on_press=move |_| editor.shift(place, true)/>
            <IconButton icon="arrow-down" size=ControlSize::Small label=down disabled_reason=at_end on_press=move |_| editor.shift(place, false)/>
            <IconButton icon="trash" size=ControlSize::Small label=out on_press=move |_| editor.remove(place)/>
        </li>
    }
}

/// Alt and an arrow move the block that has the focus, Delete takes it out.
fn by_key(editor: Editor, event: &KeyboardEvent) {
    let Some(place) = place_of(event) else { return };
    match (event.key().as_str(), event.alt_key()) {
        ("ArrowUp", true) => editor.shift(place, true),
        ("ArrowDown", true) => editor.shift(place, false),
        ("Delete", false) => editor.remove(place),
        _ => return,
    }
    event.prevent_default();
    // The focus goes with the block, once it is drawn in its new place.
    if let Some(to) = editor.selected.get_untracked() {
        request_animation_frame(move || browser::focus_at(&format!("[data-place=\"{to}\"]")));
    }
}

/// The place of the block whose line has the focus.
fn place_of(event: &KeyboardEvent) -> Option<usize> {
    use wasm_bindgen::JsCast;
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    target.get_attribute("data-place")?.parse().ok()
}
