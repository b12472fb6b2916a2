//! What somebody says with a decision: where it is wanted, the decision waits for it.

use leptos::prelude::*;
use serde_json::Value as Json;
use wasm_bindgen::JsCast;

use super::mentioning::{MentionOffer, Mentioning};
use crate::fill::FormState;
use crate::t;
use crate::ui::{Button, ButtonKind, TextInput};

/// Where it lies among what is kept of a form. Keys of fields begin with a letter.
const KEPT: &str = "$opinion";

/// The place of the box, for the focus.
const BOX: &str = "opinion";

/// A decision that waits for a few words, and where it leads to.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unsaid {
    pub action: &'static str,
    /// A step for `return`, a member for `transfer`.
    pub to: Option<String>,
    /// Those who are asked as well, for `add-sign`, and when.
    pub members: Vec<String>,
    pub mode: Option<&'static str>,
    /// Whether the request is printed once it is decided.
    pub print: bool,
}

/// The few words of whoever decides.
#[derive(Clone, Copy)]
pub struct Opinion {
    text: RwSignal<String>,
    /// What was put aside before.
    start: StoredValue<String>,
    /// The decision that was asked for without them.
    unsaid: RwSignal<Option<Unsaid>>,
    /// Whether somebody tried to go on without a word.
    lacks: RwSignal<bool>,
    takes: bool,
    must: bool,
    refuses: bool,
}

impl Opinion {
    /// `demand` is the step's: `off`, `optional` or `required`. `refuses` says whether one can reject, and `start` is what was
    /// put aside before.
    pub fn new(demand: Option<&str>, refuses: bool, start: String) -> Opinion {
        Opinion {
            text: RwSignal::new(start.clone()),
            start: StoredValue::new(start),
            unsaid: RwSignal::new(None),
            lacks: RwSignal::new(false),
            takes: demand != Some("off"),
            must: demand == Some("required"),
            refuses,
        }
    }

    /// What was written; nothing for blanks.
    pub fn said(self) -> Option<String> {
        let said = self.text.with_untracked(|text| text.trim().to_string());
        (!said.is_empty()).then_some(said)
    }

    /// Whether the step takes one at all.
    pub fn is_taken(self) -> bool {
        self.takes
    }

    /// Whether the step demands one.
    pub fn is_must(self) -> bool {
        self.must
    }

    /// Whether the step demands one, and nothing is said; tracked.
    pub fn lacks_words(self) -> bool {
        self.takes && self.must && self.text.with(|text| text.trim().is_empty())
    }

    /// What stands in the box, for another box of the same.
    pub fn text(self) -> Signal<String> {
        self.text.into()
    }

    /// What stands in the box.
    pub fn written(self) -> String {
        self.text.get()
    }

    /// Whether it says anything else than what was put aside.
    pub fn is_changed(self) -> bool {
        self.text.with(|text| self.start.with_value(|start| text.trim() != start.trim()))
    }

    /// Takes what was put aside as the start.
    pub fn start_from(self, text: String) {
        self.start.set_value(text);
        self.text.notify();
    }

    /// Adds a phrase to what stands there.
    pub fn add(self, phrase: &str) {
        self.text.update(|text| {
            if !text.is_empty() && !text.ends_with(char::is_whitespace) {
                text.push(' ');
            }
            text.push_str(phrase);
        });
        self.lacks.set(false);
    }

    /// Takes what somebody writes.
    pub fn write(self, text: String) {
        self.text.set(text);
        self.lacks.set(false);
    }

    /// Puts back what was written before.
    pub fn restore(self, text: String) {
        self.text.set(text);
    }

    /// Keeps what is written with what is entered into the form, and writes it again where that is filled in again.
    pub fn keep_in(self, state: FormState) {
        Effect::new(move |before: Option<()>| {
            let written = self.is_changed().then(|| Json::String(self.written()));
            if before.is_some() {
                state.keep_beside(KEPT, written);
            }
        });
        Effect::new(move || {
            let kept = state.beside(KEPT).and_then(|kept| kept.as_str().map(str::to_string));
            if let Some(kept) = kept.filter(|kept| *kept != untrack(|| self.written())) {
                self.restore(kept);
            }
        });
    }

    /// Whether a decision waits in the bar.
    pub fn is_asking(self) -> bool {
        self.waiting().is_some()
    }

    /// Whether a rejection waits for its reason, in a dialog of its own.
    pub fn asks_why(self) -> bool {
        self.unsaid.with(|unsaid| unsaid.as_ref().is_some_and(is_rejection))
    }

    fn waiting(self) -> Option<Unsaid> {
        self.unsaid.get().filter(|decision| !is_rejection(decision))
    }

    /// Whether a decision can be carried out as it is. Where the step demands an opinion, every decision waits for one, and
    /// so do handing on and asking others; elsewhere that does which somebody would ask about: to reject. Where a request goes
    /// back to is asked together with the reason.
    pub fn lets_pass(self, decision: &Unsaid) -> bool {
        let says = matches!(decision.action, "approve" | "submit" | "return" | "transfer" | "add-sign");
        let wants = is_rejection(decision) || (self.must && says);
        if !self.takes || !wants || self.said().is_some() {
            return true;
        }
        self.lacks.set(false);
        self.unsaid.set(Some(decision.clone()));
        if !is_rejection(decision) {
            self.focus();
        }
        false
    }

    /// The decision is made, or given up.
    pub fn forget(self) {
        self.unsaid.set(None);
        self.lacks.set(false);
    }

    /// Once dialogs and menus that close now have given back the focus.
    fn focus(self) {
        request_animation_frame(|| {
            crate::browser::focus_inside(BOX);
        });
    }

    /// Goes on with what waits: without a word, too, where the step does not demand one.
    pub fn go_on(self, on_decide: Callback<Unsaid>) {
        let Some(decision) = self.unsaid.get_untracked() else { return };
        if self.said().is_some() || !self.must {
            on_decide.run(decision);
        } else {
            self.lacks.set(true);
            self.focus();
        }
    }
}

fn is_rejection(decision: &Unsaid) -> bool {
    decision.action == "reject"
}

/// The box for the opinion, and while a decision waits for it, the question. `named` gives the step's own name for an action,
/// `on_decide` hears what is to be done.
#[component]
pub fn OpinionBox(
    opinion: Opinion,
    /// Who is named in it.
    mentioning: Mentioning,
    #[prop(into)] busy: Signal<bool>,
    named: Callback<&'static str, Option<String>>,
    #[prop(into)] on_decide: Callback<Unsaid>,
) -> impl IntoView {
    let Opinion { text, lacks, must, refuses, .. } = opinion;
    let name = Signal::derive(move || match (must, refuses) {
        (true, _) => t!("flow-opinion-must")(),
        (false, true) => t!("flow-opinion")(),
        (false, false) => t!("flow-opinion-plain")(),
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if mentioning.takes_key(&event) || event.is_composing() || untrack(|| !opinion.is_asking()) {
            return;
        }
        match event.key().as_str() {
            "Enter" => opinion.go_on(on_decide),
            "Escape" => {
                opinion.forget();
                // Keys decide again.
                leave(&event);
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let write = move |written: String| opinion.write(written);
    opinion.takes.then(|| {
        view! {
            <MentionOffer mentioning=mentioning/>
            <div class="row" id=BOX on:keydown=on_key>
                <TextInput value=text on_input=write placeholder=name label=name invalid=lacks class="grow"/>
            </div>
            {move || opinion.waiting().map(|decision| view! {
                <Question opinion=opinion decision=decision busy=busy named=named on_decide=on_decide/>
            })}
        }
    })
}

/// Takes the focus out of the box.
fn leave(event: &leptos::ev::KeyboardEvent) {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(input) = input {
        let _ = input.blur();
    }
}

/// Why the decision waits, and how it goes on.
#[component]
fn Question(
    opinion: Opinion,
    decision: Unsaid,
    busy: Signal<bool>,
    named: Callback<&'static str, Option<String>>,
    on_decide: Callback<Unsaid>,
) -> impl IntoView {
    let action = decision.action;
    let why = move || match opinion.lacks.get() {
        true => t!("flow-opinion-missing")(),
        false => t!("flow-why")(),
    };
    let everywhere = move || match action {
        "return" => t!("flow-return-now")(),
        "approve" => t!("flow-approve")(),
        "transfer" | "add-sign" => t!("flow-go")(),
        _ => t!("flow-submit")(),
    };
    let words = move || named.run(action).unwrap_or_else(everywhere);
    view! {
        <p class="note why" class:bad-text=move || opinion.lacks.get() role="status">{why}</p>
        <div class="row wrap decide">
            <Button kind=ButtonKind::Primary key="↵" class="main-act" busy=busy on_press=move |_| opinion.go_on(on_decide)>{words}</Button>
            <Button kind=ButtonKind::Ghost on_press=move |_| opinion.forget()>{t!("ui-cancel")}</Button>
        </div>
    }
}
