//! Buttons, with words or with an icon alone.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::{Icon, IconSize};

/// How much a button asks for attention. A view has one primary button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Plain,
    /// Without a border, for rows of tools.
    Ghost,
    /// Destroys something; the primary button of its dialog.
    Danger,
    /// Plain, with words in the danger colour: 拒绝 beside 同意.
    DangerQuiet,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "primary",
            ButtonKind::Plain => "",
            ButtonKind::Ghost => "ghost",
            ButtonKind::Danger => "danger",
            ButtonKind::DangerQuiet => "danger-quiet",
        }
    }
}

/// Heights of buttons and inputs: 28, 32, 40 px; more on a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlSize {
    Small,
    #[default]
    Normal,
    Large,
}

impl ControlSize {
    pub(super) fn class(self) -> &'static str {
        match self {
            ControlSize::Small => "small",
            ControlSize::Normal => "",
            ControlSize::Large => "large",
        }
    }
}

/// A button with words: a verb.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ControlSize,
    /// Name of an icon before the words.
    #[prop(optional, into)]
    icon: Option<Signal<String>>,
    /// What it began still runs: it turns and takes no further press.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Why it can't be pressed now. It stays reachable by keyboard and shows the reason.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// For a button that switches something on and off.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// For a button that opens something below it.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// Something is set behind this button, such as a filter.
    #[prop(optional, into)]
    on: Signal<bool>,
    /// More classes, such as `wide` or `phone-hide`.
    #[prop(optional)]
    class: &'static str,
    /// The key that does the same, shown as a hint; it is no part of the button's words.
    #[prop(optional)]
    key: &'static str,
    /// Sends the form around it.
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    let class = classes(&["btn", kind.class(), size.class(), class]);
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=class
            class:on=on
            title=move || disabled_reason.get()
            aria-disabled=move || disabled_reason.with(Option::is_some).then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            on:click=move |event| press(event, busy, disabled_reason, on_press)
        >
            {icon.map(|icon| view! { <Icon name=icon/> })}
            {children()}
            {(!key.is_empty()).then(|| view! { <kbd aria-hidden="true" data-key=key></kbd> })}
        </button>
    }
}

/// A button with an icon alone; its label is read aloud, and told to whoever points at it or comes to it by key.
#[component]
pub fn IconButton(
    /// Name of the icon.
    #[prop(into)]
    icon: Signal<String>,
    /// What it does, as a verb.
    #[prop(into)]
    label: Signal<String>,
    #[prop(default = ButtonKind::Ghost)] kind: ButtonKind,
    #[prop(optional)] size: ControlSize,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled_reason: Signal<Option<String>>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(optional, into)] expanded: Option<Signal<bool>>,
    /// Tab goes past it: its place has another way to it by keyboard.
    #[prop(optional)]
    skipped: bool,
    #[prop(optional)] class: &'static str,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let class = classes(&["btn", kind.class(), "icon-only", size.class(), class]);
    view! {
        <button
            type="button"
            class=class
            tabindex=skipped.then_some("-1")
            aria-label=label
            data-tip=move || disabled_reason.get().unwrap_or_else(|| label.get())
            aria-disabled=move || disabled_reason.with(Option::is_some).then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            on:click=move |event| press(event, busy, disabled_reason, on_press)
        >
            {move || (!busy.get()).then(|| view! { <Icon name=icon size=IconSize::Normal/> })}
        </button>
    }
}

fn press(
    event: MouseEvent,
    busy: Signal<bool>,
    disabled_reason: Signal<Option<String>>,
    on_press: Option<Callback<MouseEvent>>,
) {
    if busy.get_untracked() || disabled_reason.with_untracked(Option::is_some) {
        event.prevent_default();
        event.stop_propagation();
    } else if let Some(on_press) = on_press {
        on_press.run(event);
    }
}

/// Acts on Enter and the space bar, as a button does. For what is pressed and dragged: Firefox does not drag a
/// `<button>`, so that is an element with `role="button"` and `tabindex="0"`.
pub fn press_by_key(event: &KeyboardEvent, act: impl FnOnce()) {
    if matches!(event.key().as_str(), "Enter" | " ") {
        event.prevent_default();
        act();
    }
}

/// Joins class names, leaving out empty ones.
pub(crate) fn classes(names: &[&str]) -> String {
    names.iter().filter(|name| !name.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
