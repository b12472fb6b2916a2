//! Dialogs: a question or a short form that must be finished first.

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
    /// The buttons at the bottom, the primary one last.
    #[prop(optional, into)]
    foot: OptionalView,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    let foot = StoredValue::new(foot);
    view! {
        <Show when=move || open.get()>
            <OpenDialog open=open title=title size=size must_finish=must_finish foot=foot children=children/>
        </Show>
    }
}

/// An optional view for a slot of a component.
pub type OptionalView = Option<ViewFn>;

#[component]
fn OpenDialog(
    open: RwSignal<bool>,
    title: Signal<String>,
    size: Signal<DialogSize>,
    must_finish: bool,
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
    view! {
        <dialog
            node_ref=dialog
            class=move || size.get().class()
            aria-label=title
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                if !must_finish {
                    open.set(false);
                }
            }
        >
            <div class="dialog-head">
                <h2>{title}</h2>
                {(!must_finish).then(|| view! {
                    <IconButton icon="close" label=t!("ui-close") size=ControlSize::Small on_press=move |_| open.set(false)/>
                })}
            </div>
            <div class="dialog-body">{children.with_value(|children| children())}</div>
            {foot.with_value(|foot| foot.as_ref().map(|foot| view! { <div class="dialog-foot">{foot.run()}</div> }))}
        </dialog>
    }
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
