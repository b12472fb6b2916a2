//! What goes with an opinion: phrases of one's own, files, the people that it names, a signature.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wire::StoredFile;

use super::asking::members;
use super::opinion::Opinion;
use crate::api::{files, phrases};
use crate::ui::{
    Button, ButtonKind, Chip, ControlSize, Dialog, Field, IconButton, MenuButton, MenuItem, MenuLine,
    MultiSelect, SignaturePad, TextInput, toast,
};
use crate::{browser, t};

/// What was given with an opinion.
#[derive(Clone, Copy)]
pub struct Attached {
    files: RwSignal<Vec<StoredFile>>,
    mentions: RwSignal<Vec<String>>,
    /// What was signed with.
    signature: RwSignal<Option<StoredFile>>,
    /// Whether somebody signs now.
    signing: RwSignal<bool>,
    /// Files on their way.
    sending: RwSignal<usize>,
    signs: bool,
    must_sign: bool,
}

impl Attached {
    /// `demand` is the step's for a signature: `off`, `optional` or `required`.
    pub fn new(demand: Option<&str>) -> Attached {
        Attached {
            files: RwSignal::new(Vec::new()),
            mentions: RwSignal::new(Vec::new()),
            signature: RwSignal::new(None),
            signing: RwSignal::new(false),
            sending: RwSignal::new(0),
            signs: matches!(demand, Some("optional" | "required")),
            must_sign: demand == Some("required"),
        }
    }

    /// Whether a decision can be carried out: where the step demands a signature, it is asked for first.
    pub fn lets_pass(self, action: &str) -> bool {
        let is_signed =
            matches!(action, "approve" | "submit" | "reject" | "return" | "transfer" | "add-sign");
        if !is_signed || !self.must_sign || self.signature.with_untracked(Option::is_some) {
            return self.sending.get_untracked() == 0;
        }
        self.signing.set(true);
        false
    }

    pub fn files(self) -> Vec<String> {
        self.files.with_untracked(|files| files.iter().map(|file| file.id.to_string()).collect())
    }

    /// Those whom the opinion names, for what names more of them.
    pub fn named(self) -> RwSignal<Vec<String>> {
        self.mentions
    }

    pub fn mentions(self) -> Vec<String> {
        self.mentions.get_untracked()
    }

    pub fn signature(self) -> Option<String> {
        self.signature.with_untracked(|file| file.as_ref().map(|file| file.id.to_string()))
    }

    /// Sends a file, and hears of it once it is there.
    fn send(self, file: web_sys::File, take: impl FnOnce(StoredFile) + 'static) {
        self.sending.update(|sending| *sending += 1);
        spawn_local(async move {
            let answer = files::upload(&file, |_, _| {}).await;
            // The page may be gone by now; the file then stays without a record.
            if self.sending.try_update(|sending| *sending = sending.saturating_sub(1)).is_none() {
                return;
            }
            match answer {
                Ok(stored) => take(stored),
                Err(problem) => toast::refused(&problem),
            }
        });
    }
}

/// The row below the opinion. Nothing where the step takes neither an opinion nor a signature.
#[component]
pub fn AttachedRow(attached: Attached, opinion: Opinion) -> impl IntoView {
    let takes = opinion.is_taken();
    let naming = RwSignal::new(false);
    let take_file = move |file: web_sys::File| {
        attached.send(file, move |stored| attached.files.update(|files| files.push(stored)));
    };
    let signs = attached.signs;
    let is_busy = move || (attached.sending.get() > 0).then_some("true");
    let sign_words = move || match attached.signature.with(Option::is_some) {
        true => t!("flow-signed")(),
        false if attached.must_sign => t!("flow-sign-must")(),
        false => t!("flow-sign")(),
    };
    let is_signed = Signal::derive(move || attached.signature.with(Option::is_some));
    // On a phone the words are there only where one has to sign: the record needs the height.
    let is_short = browser::is_phone() && !attached.must_sign;
    let drop_file =
        move |id: engine::value::Id| attached.files.update(|files| files.retain(|file| file.id != id));
    let file = move |file: StoredFile| {
        let id = file.id;
        view! { <Chip colour=12 on_remove=move |()| drop_file(id)>{file.name}</Chip> }
    };
    (takes || signs).then(|| {
        view! {
            <div class="row wrap attached" aria-busy=is_busy>
                {takes.then(|| view! {
                    <Phrases opinion=opinion/>
                    <FileButton on_file=take_file/>
                    <IconButton icon="member" size=ControlSize::Small label=Signal::derive(t!("flow-mention"))
                        pressed=naming on_press=move |_| naming.update(|naming| *naming = !*naming)/>
                })}
                {signs.then(|| match is_short {
                    true => view! {
                        <IconButton icon="signature" size=ControlSize::Small label=Signal::derive(sign_words) pressed=is_signed
                            on_press=move |_| attached.signing.set(true)/>
                    }.into_any(),
                    false => view! {
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="signature" on=is_signed
                            on_press=move |_| attached.signing.set(true)>{sign_words}</Button>
                    }.into_any(),
                })}
                {move || attached.files.get().into_iter().map(file).collect_view()}
            </div>
            <Show when=move || naming.get()>
                <People chosen=attached.mentions label=Signal::derive(t!("flow-mention"))/>
            </Show>
            <SignDialog attached=attached/>
        }
    })
}

/// Members to choose several of.
#[component]
pub fn People(chosen: RwSignal<Vec<String>>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let known = LocalResource::new(|| async { members().await });
    let choices = Signal::derive(move || known.get().unwrap_or_default());
    view! {
        <MultiSelect choices=choices value=chosen on_change=move |members| chosen.set(members) placeholder=label label=label/>
    }
}

/// A button that takes files.
#[component]
pub fn FileButton(#[prop(into)] on_file: UnsyncCallback<web_sys::File>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let list = input.files();
        let files = list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at)));
        files.for_each(|file| on_file.run(file));
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <IconButton icon="file" size=ControlSize::Small label=Signal::derive(t!("flow-attach")) on_press=ask/>
        <input node_ref=input type="file" multiple=true class="sr" tabindex="-1" aria-hidden="true" name="opinion-files" on:change=take/>
    }
}

/// The reader's own phrases: one press adds one to the opinion.
#[component]
fn Phrases(opinion: Opinion) -> impl IntoView {
    let known = LocalResource::new(|| async { phrases::list().await });
    let all = Signal::derive(move || known.get().and_then(Result::ok).unwrap_or_default());
    let managing = RwSignal::new(false);
    let new = RwSignal::new(String::new());
    let keep = move |_| {
        let text = new.get_untracked();
        if text.trim().is_empty() {
            return;
        }
        spawn_local(async move {
            match phrases::keep(&text).await {
                Ok(_) => {
                    new.set(String::new());
                    known.refetch();
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let forget = move |id: engine::value::Id| {
        spawn_local(async move {
            if let Err(problem) = phrases::forget(id).await {
                toast::refused(&problem);
            }
            known.refetch();
        });
    };
    let item = move |phrase: wire::flows::Phrase| {
        let words = phrase.text.clone();
        view! { <MenuItem on_choose=move |()| opinion.add(&words)>{phrase.text}</MenuItem> }
    };
    let kept = move |phrase: wire::flows::Phrase| {
        let id = phrase.id;
        view! { <Chip on_remove=move |()| forget(id)>{phrase.text}</Chip> }
    };
    let manage = move |()| {
        new.set(opinion.said().unwrap_or_default());
        managing.set(true);
    };
    let nothing =
        Signal::derive(move || new.with(|text| text.trim().is_empty()).then(t!("flow-phrase-empty")));
    view! {
        <MenuButton icon="bookmark" label=Signal::derive(t!("flow-phrases")) size=ControlSize::Small>
            {move || all.get().into_iter().map(item).collect_view()}
            <MenuLine/>
            <MenuItem icon="settings" on_choose=manage>{t!("flow-phrases-manage")}</MenuItem>
        </MenuButton>
        <Dialog open=managing title=Signal::derive(t!("flow-phrases"))>
            <div class="stack g4">
                <div class="row wrap">{move || all.get().into_iter().map(kept).collect_view()}</div>
                <div class="row">
                    <TextInput value=new on_input=move |text| new.set(text) label=Signal::derive(t!("flow-phrase-new")) placeholder=Signal::derive(t!("flow-phrase-new")) class="grow"/>
                    <Button disabled_reason=nothing on_press=keep>{t!("flow-phrase-keep")}</Button>
                </div>
            </div>
        </Dialog>
    }
}

/// Where somebody signs.
#[component]
fn SignDialog(attached: Attached) -> impl IntoView {
    let take = UnsyncCallback::new(move |file: web_sys::File| {
        attached.send(file, move |stored| {
            attached.signature.set(Some(stored));
            attached.signing.set(false);
        });
    });
    let again = move |_| attached.signature.set(None);
    let body = move || {
        match attached.signature.get() {
        Some(file) => view! {
            <div class="sign">
                <img class="signed" src=files::address(file.id) alt=t!("fill-signature")/>
                <div><Button size=ControlSize::Small kind=ButtonKind::Ghost icon="edit" on_press=again>{t!("fill-sign-again")}</Button></div>
            </div>
        }
        .into_any(),
        None => view! { <SignaturePad on_done=take/> }.into_any(),
    }
    };
    view! {
        <Dialog open=attached.signing title=Signal::derive(t!("flow-sign"))>
            <Field label=Signal::derive(t!("flow-sign-here"))>{body}</Field>
        </Dialog>
    }
}
