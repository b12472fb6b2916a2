//! Rich text: a page to write on, with a few tools. What is kept of it is the engine's to say.

use engine::field::FieldKind;
use leptos::html::Div;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::state::FormState;
use crate::browser;
use crate::t;
use crate::ui::FieldContext;

/// What a tool does to the marked text: its sign, its name, the browser's command.
struct Tool {
    sign: &'static str,
    name: fn() -> String,
    command: &'static str,
    value: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool { sign: "B", name: || t!("fill-rich-bold")(), command: "bold", value: "" },
    Tool { sign: "I", name: || t!("fill-rich-italic")(), command: "italic", value: "" },
    Tool { sign: "U", name: || t!("fill-rich-underline")(), command: "underline", value: "" },
    Tool { sign: "S", name: || t!("fill-rich-strike")(), command: "strikeThrough", value: "" },
    Tool { sign: "H", name: || t!("fill-rich-heading")(), command: "formatBlock", value: "h2" },
    Tool { sign: "¶", name: || t!("fill-rich-paragraph")(), command: "formatBlock", value: "p" },
    Tool { sign: "•", name: || t!("fill-rich-list")(), command: "insertUnorderedList", value: "" },
    Tool { sign: "#", name: || t!("fill-rich-numbers")(), command: "insertOrderedList", value: "" },
];

/// The control of a rich text.
#[component]
pub fn RichTextInput(state: FormState, path: String, kind: FieldKind) -> impl IntoView {
    let value = state.value(path.clone());
    let at = StoredValue::new(path);
    let kind = StoredValue::new(kind);
    let area = NodeRef::<Div>::new();
    let is_writing = StoredValue::new(false);
    let markup = move || kind.with_value(|kind| markup_of(&kind.to_json(&value.get())));
    // While somebody writes, the page is theirs; else it shows what is kept.
    let show = move |markup: &str| {
        if let Some(area) = area.get_untracked()
            && area.inner_html() != markup
        {
            area.set_inner_html(markup);
        }
    };
    Effect::new(move |_| {
        let markup = markup();
        if area.get().is_some() && !is_writing.get_value() {
            show(&markup);
        }
    });
    let enter = move || {
        if let Some(area) = area.get_untracked() {
            at.with_value(|path| state.enter(path, json!(area.inner_html())));
        }
    };
    let run = move |command: &str, argument: &str| {
        browser::edit(command, argument);
        enter();
    };
    // What is pasted comes in as it will be kept.
    let paste = move |event: web_sys::ClipboardEvent| {
        let Some(pasted) = event.clipboard_data() else { return };
        let html = pasted.get_data("text/html").unwrap_or_default();
        let plain = pasted.get_data("text/plain").unwrap_or_default();
        event.prevent_default();
        let kept =
            kind.with_value(|kind| kind.parse(&json!(html)).map(|value| markup_of(&kind.to_json(&value))));
        match kept.ok().filter(|kept| !kept.is_empty()) {
            Some(kept) => run("insertHTML", &kept),
            None => run("insertText", &plain),
        }
    };
    let tool = move |tool: &'static Tool| {
        view! {
            <button
                type="button"
                aria-label=move || (tool.name)()
                data-tip=move || (tool.name)()
                // The mark stays where it is.
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| run(tool.command, tool.value)
            >
                <span aria-hidden="true">{tool.sign}</span>
            </button>
        }
    };
    view! {
        <div class="rich" aria-invalid=FieldContext::invalid(Signal::stored(false))>
            <div class="rich-tools" role="toolbar">{TOOLS.iter().map(tool).collect_view()}</div>
            <div
                node_ref=area
                class="rich-text"
                contenteditable="true"
                role="textbox"
                aria-multiline="true"
                id=FieldContext::id()
                aria-labelledby=FieldContext::label()
                aria-describedby=FieldContext::note()
                aria-required=FieldContext::required()
                on:focus=move |_| is_writing.set_value(true)
                on:input=move |_| enter()
                on:paste=paste
                on:blur=move |_| {
                    is_writing.set_value(false);
                    show(&untrack(markup));
                }
            ></div>
        </div>
    }
}

/// The markup of a wire value; empty for none.
fn markup_of(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_string()
}

/// A rich text to be read.
#[component]
pub fn RichTextView(
    #[prop(into)] value: Signal<engine::value::Value>,
    kind: StoredValue<FieldKind>,
) -> impl IntoView {
    let markup = move || kind.with_value(|kind| markup_of(&kind.to_json(&value.get())));
    view! { <div class="rich-text" inner_html=markup></div> }
}
