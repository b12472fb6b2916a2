//! Dialogs: a question or a short form that must be finished first.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Button, ButtonKind, ControlSize, IconButton};
use crate::t;

/// Widths: 400 to confirm, 560 for a form, 960 for an editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    Small,
    #[default]
    Normal,
    Large,
}

impl DialogSize {
    fn class(self) -> &'static str {
        match self {
            DialogSize::Small => "dialog s",
            DialogSize::Normal => "dialog",
            DialogSize::Large => "dialog l",
        }
    }
}

/// A modal dialog. It traps the focus and gives it back; Escape and the cross close it.
///
/// The content is built anew each time it opens.
#[component]
pub fn Dialog(
    /// Whether it is open; set to false when the user closes it.
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] size: Signal<DialogSize>,
    /// It can't be closed without finishing.
    #[prop(optional)]
    must_finish: bool,
    /// Escape and the cross ask first, where something was entered that would be gone.
    #[prop(optional)]
    asks: bool,
    /// The buttons at the bottom, the primary one last.
    #[prop(optional, into)]
    foot: OptionalView,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    let foot = StoredValue::new(foot);
    let closing = if must_finish {
        Closing::Never
    } else if asks {
        Closing::Asked
    } else {
        Closing::AtOnce
    };
    view! {
        <Show when=move || open.get()>
            <OpenDialog open=open title=title size=size closing=closing foot=foot children=children/>
        </Show>
    }
}

/// What Escape and the cross do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    AtOnce,
    /// At once as long as nothing was entered.
    Asked,
    Never,
}

/// An optional view for a slot of a component.
pub type OptionalView = Option<ViewFn>;

#[component]
fn OpenDialog(
    open: RwSignal<bool>,
    title: Signal<String>,
    size: Signal<DialogSize>,
    closing: Closing,
    foot: StoredValue<OptionalView>,
    children: StoredValue<ChildrenFn>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new_local(document().active_element());
    dialog.on_load(|dialog| {
        request_animation_frame(move || {
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
        });
    });
    on_cleanup(move || {
        let element = before.try_get_value().flatten();
        if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
    // Whether somebody has entered something, and whether it is asked what is to become of that.
    let entered = StoredValue::new(false);
    let asking = RwSignal::new(false);
    let leave = move || {
        let holds = || dialog.get_untracked().is_some_and(|dialog| holds_text(&dialog));
        match closing {
            Closing::Never => {}
            Closing::Asked if entered.get_value() && holds() => {
                asking.set(true);
                request_animation_frame(move || focus_question(dialog));
            }
            Closing::Asked | Closing::AtOnce => open.set(false),
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let is_inner = || dialog.get_untracked().is_some_and(|dialog| has_list_open(&dialog));
        if closing != Closing::Asked || event.key() != "Escape" || event.default_prevented() || is_inner() {
            return;
        }
        // A second Escape would close it whatever is said to the browser's own question.
        event.prevent_default();
        if asking.get_untracked() { asking.set(false) } else { leave() }
    };
    let buttons = move || {
        if asking.get() {
            return Some(question(asking, open));
        }
        foot.with_value(|foot| {
            foot.as_ref()
                .map(|foot| view! { <div class="dialog-foot">{untrack(|| foot.run())}</div> }.into_any())
        })
    };
    view! {
        <dialog
            node_ref=dialog
            class=move || size.get().class()
            aria-label=title
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                leave();
            }
            on:keydown=on_key
        >
            <div class="dialog-head">
                <h2>{title}</h2>
                {(closing != Closing::Never).then(|| view! {
                    <IconButton icon="close" label=t!("ui-close") size=ControlSize::Small on_press=move |_| leave()/>
                })}
            </div>
            <div class="dialog-body" on:input=move |_| entered.set_value(true)>{children.with_value(|children| children())}</div>
            {buttons}
        </dialog>
    }
}

/// What stands in place of the buttons while it is asked whether what was entered may go.
fn question(asking: RwSignal<bool>, open: RwSignal<bool>) -> AnyView {
    view! {
        <div class="dialog-foot" role="alert">
            <span class="start">{t!("ui-close-question")}</span>
            <Button on_press=move |_| asking.set(false)>{t!("ui-go-on")}</Button>
            <Button kind=ButtonKind::Danger on_press=move |_| open.set(false)>{t!("ui-close-anyway")}</Button>
        </div>
    }
    .into_any()
}

/// Gives the focus to going on, which is what Enter does then.
fn focus_question(dialog: NodeRef<html::Dialog>) {
    let found =
        dialog.get_untracked().and_then(|dialog| dialog.query_selector(".dialog-foot .btn").ok().flatten());
    if let Some(button) = found.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// Whether any text stands in its inputs, but for those that search.
fn holds_text(dialog: &web_sys::HtmlDialogElement) -> bool {
    let Ok(inputs) = dialog.query_selector_all(
        ".dialog-body :is(input:not([type=search], [type=checkbox], [type=radio]), textarea)",
    ) else {
        return false;
    };
    (0..inputs.length()).filter_map(|place| inputs.get(place)).any(|input| {
        let of_input = input.dyn_ref::<web_sys::HtmlInputElement>().map(web_sys::HtmlInputElement::value);
        let of_area =
            input.dyn_ref::<web_sys::HtmlTextAreaElement>().map(web_sys::HtmlTextAreaElement::value);
        of_input.or(of_area).is_some_and(|text| !text.trim().is_empty())
    })
}

/// Whether a list or menu lies open in it, which Escape closes first.
fn has_list_open(dialog: &web_sys::HtmlDialogElement) -> bool {
    matches!(dialog.query_selector(":popover-open"), Ok(Some(_)))
}

/// A question with one dangerous or important answer.
#[component]
pub fn ConfirmDialog(
    open: RwSignal<bool>,
    /// The question, naming the thing: `删除字段「折扣说明」？`
    #[prop(into)]
    title: Signal<String>,
    /// The verb on the button.
    #[prop(into)]
    action: Signal<String>,
    #[prop(default = ButtonKind::Danger)] kind: ButtonKind,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
    /// What it touches, and how to get it back.
    children: ChildrenFn,
) -> impl IntoView {
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=kind busy=busy on_press=move |_| on_confirm.run(())>{action}</Button>
        }
    };
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            {children.with_value(|children| children())}
        </Dialog>
    }
}
