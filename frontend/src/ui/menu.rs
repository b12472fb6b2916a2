//! Menus: a list of actions at the button that opens it.

use leptos::context::Provider;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::picker::is_text_input;
use super::popover::{focus_end, move_focus};
use super::{Button, ButtonKind, ControlSize, Icon, IconButton, Placement, Popover, SearchBox};
use crate::t;

const ITEMS: &str = "[role^=menuitem]:not([aria-disabled=true])";

/// A menu at the control before it: arrows move, letters find, Enter chooses, Escape closes. Choosing an item
/// closes it.
#[component]
pub fn Menu(
    open: RwSignal<bool>,
    #[prop(optional)] placement: Placement,
    #[prop(optional)] match_width: bool,
    /// What is typed to find an item: the children show what fits it, and Enter takes the first of them.
    #[prop(optional)]
    query: Option<RwSignal<String>>,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    match query {
        None => view! {
            <Popover open=open placement=placement match_width=match_width class="menu" role="menu">
                <Provider value=OpenMenu(open)><MenuItems children=children/></Provider>
            </Popover>
        }
        .into_any(),
        Some(query) => {
            let label = Signal::derive(t!("ui-choose"));
            view! {
                <Popover open=open placement=placement match_width=match_width class="menu" label=label>
                    <Provider value=OpenMenu(open)><SearchedItems query=query children=children/></Provider>
                </Popover>
            }
            .into_any()
        }
    }
}

/// The open state of the menu around an item.
#[derive(Clone, Copy)]
struct OpenMenu(RwSignal<bool>);

#[component]
fn MenuItems(children: StoredValue<ChildrenFn>) -> impl IntoView {
    let items = NodeRef::<Div>::new();
    items.on_load(|items| {
        request_animation_frame(move || focus_end(&items, ITEMS, false));
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(items) = items.get() else { return };
        match event.key().as_str() {
            "ArrowDown" => move_focus(&items, ITEMS, 1),
            "ArrowUp" => move_focus(&items, ITEMS, -1),
            "Home" => focus_end(&items, ITEMS, false),
            "End" => focus_end(&items, ITEMS, true),
            letter if letter.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                find_by_letter(&items, letter);
                return;
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    view! { <div node_ref=items on:keydown=on_key>{children.with_value(|children| children())}</div> }
}

/// The items below the box in which one types to find them.
#[component]
fn SearchedItems(query: RwSignal<String>, children: StoredValue<ChildrenFn>) -> impl IntoView {
    // It opens with all of them again.
    on_cleanup(move || {
        let _ = query.try_set(String::new());
    });
    let items = NodeRef::<Div>::new();
    let on_key = move |event: KeyboardEvent| {
        let Some(items) = items.get() else { return };
        match event.key().as_str() {
            "ArrowDown" => move_focus(&items, ITEMS, 1),
            "ArrowUp" => move_focus(&items, ITEMS, -1),
            "Enter" if is_text_input(&event) && !event.is_composing() => press_first(&items),
            _other_key => return,
        }
        event.prevent_default();
    };
    view! {
        <div node_ref=items on:keydown=on_key>
            <div class="menu-search">
                <SearchBox
                    value=query
                    on_search=move |text| query.set(text)
                    placeholder=Signal::derive(t!("ui-search"))
                    size=ControlSize::Small
                    pause=0
                    autofocus=true
                />
            </div>
            <div role="menu" aria-label=t!("ui-choose")>{children.with_value(|children| children())}</div>
        </div>
    }
}

fn press_first(items: &web_sys::Element) {
    let first = items.query_selector(ITEMS).ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<web_sys::HtmlElement>().ok()) {
        first.click();
    }
}

/// Moves on to the next item whose text starts with `letter`.
fn find_by_letter(items: &web_sys::Element, letter: &str) {
    let starts = |element: &web_sys::Element| {
        let text = element.text_content().unwrap_or_default();
        text.trim_start().to_lowercase().starts_with(&letter.to_lowercase())
    };
    let count = items.query_selector_all(ITEMS).map_or(0, |list| list.length());
    for _ in 0..count {
        move_focus(items, ITEMS, 1);
        if document().active_element().is_some_and(|element| starts(&element)) {
            return;
        }
    }
}

/// One action of a menu.
#[component]
pub fn MenuItem(
    #[prop(optional, into)] icon: Option<Signal<String>>,
    /// Destroys something.
    #[prop(optional)]
    danger: bool,
    /// For an item that is on or off, or one of several choices.
    #[prop(optional, into)]
    checked: Option<Signal<bool>>,
    /// Why it can't be chosen; shown at the right.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// A quiet text at the right: a count.
    #[prop(optional, into)]
    end: Option<Signal<String>>,
    /// The keys that do the same, shown as a hint at the right where there is a keyboard.
    #[prop(optional)]
    key: &'static str,
    #[prop(into)] on_choose: Callback<()>,
    children: Children,
) -> impl IntoView {
    let menu = use_context::<OpenMenu>();
    let choose = move |_| {
        if disabled_reason.with_untracked(Option::is_some) {
            return;
        }
        if let Some(OpenMenu(open)) = menu {
            open.set(false);
        }
        on_choose.run(());
    };
    view! {
        <button
            type="button"
            class="menu-item"
            class:danger=danger
            role=if checked.is_some() { "menuitemradio" } else { "menuitem" }
            tabindex="-1"
            aria-checked=move || checked.map(|checked| checked.get().to_string())
            aria-disabled=move || disabled_reason.with(Option::is_some).then_some("true")
            on:click=choose
        >
            {icon.map(|icon| view! { <Icon name=icon/> })}
            {children()}
            {end.map(|end| view! { <span class="end">{end}</span> })}
            {(!key.is_empty()).then(|| view! { <span class="end key-hint" aria-hidden="true">{key}</span> })}
            {move || disabled_reason.get().map(|reason| view! { <span class="end">{reason}</span> })}
            {checked.map(|_| view! { <Icon name="check" class="tick"/> })}
        </button>
    }
}

/// A line between groups of items.
#[component]
pub fn MenuLine() -> impl IntoView {
    view! { <div class="menu-line" role="separator"></div> }
}

/// The name of a group of items.
#[component]
pub fn MenuTitle(children: Children) -> impl IntoView {
    view! { <div class="menu-title" role="presentation">{children()}</div> }
}

/// A button that opens a menu. With `label` alone it is an icon button; with `text` it shows words.
#[component]
pub fn MenuButton(
    #[prop(into)] icon: Signal<String>,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] text: Option<Signal<String>>,
    #[prop(default = ButtonKind::Ghost)] kind: ButtonKind,
    #[prop(optional)] size: ControlSize,
    #[prop(optional)] placement: Placement,
    #[prop(optional)] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggle = move |_| open.update(|open| *open = !*open);
    let button = match text {
        Some(text) => view! {
            <Button kind=kind size=size icon=icon expanded=open class=class on_press=toggle>
                {text}
                <Icon name="down"/>
            </Button>
        }
        .into_any(),
        None => view! {
            <IconButton icon=icon label=label kind=kind size=size expanded=open class=class on_press=toggle/>
        }
        .into_any(),
    };
    view! {
        {button}
        <Menu open=open placement=placement>{children()}</Menu>
    }
}
