//! What people say about a record, newest first, and saying something oneself.

use std::collections::BTreeSet;

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::StoredFile;
use wire::comments::{Comment, CommentEdit, CommentInput, Comments as Page};

use crate::api::kept_here::COMMENTS;
use crate::api::{Problem, files, people, records};
use crate::fill::Titles;
use crate::inbox::{FileButton, MentionOffer, Mentioning, People};
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonKind, Chip, ConfirmDialog, ControlSize, Empty, IconButton, ProblemView,
    Skeleton, TextArea, toast,
};
use crate::{browser, i18n, t};

/// What is being said.
#[derive(Clone, Copy)]
struct Words {
    text: RwSignal<String>,
    mentions: RwSignal<Vec<String>>,
    files: RwSignal<Vec<StoredFile>>,
    /// Files on their way.
    sending: RwSignal<usize>,
}

impl Words {
    fn kept(record: Id) -> Words {
        let text = browser::remembered(&place(record)).unwrap_or_default();
        let (mentions, files, sending) = (RwSignal::default(), RwSignal::default(), RwSignal::new(0));
        Words { text: RwSignal::new(text), mentions, files, sending }
    }

    fn are_none(self) -> bool {
        self.text.with(|text| text.trim().is_empty()) && self.files.with(Vec::is_empty)
    }

    fn input(self) -> CommentInput {
        let mentions = self.mentions.get_untracked();
        CommentInput {
            text: self.text.get_untracked(),
            mentions: mentions.iter().filter_map(|id| id.parse().ok()).collect(),
            files: self.files.with_untracked(|files| files.iter().map(|file| file.id).collect()),
        }
    }

    fn clear(self) {
        self.text.set(String::new());
        self.mentions.set(Vec::new());
        self.files.set(Vec::new());
    }

    fn attach(self, file: web_sys::File) {
        self.sending.update(|sending| *sending += 1);
        spawn_local(async move {
            let answer = files::upload(&file, |_, _| {}).await;
            // The page may be gone by now; the file then stays without a record.
            if self.sending.try_update(|sending| *sending = sending.saturating_sub(1)).is_none() {
                return;
            }
            match answer {
                Ok(stored) => self.files.update(|files| files.push(stored)),
                Err(problem) => toast::refused(&problem),
            }
        });
    }
}

/// Where what is said about a record and not sent is kept in this browser.
fn place(record: Id) -> String {
    format!("{COMMENTS}.{record}")
}

/// The comments on a record.
#[component]
pub fn Comments(form: Id, record: Id, titles: Titles) -> impl IntoView {
    let said = RwSignal::new(None::<Vec<Comment>>);
    let next = RwSignal::new(None::<String>);
    let may = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = records::comments(form, record, cursor.as_deref()).await;
            if let Ok(page) = &answer {
                learn_names(page, titles).await;
            }
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    may.set(page.may_comment);
                    next.set(page.next);
                    said.update(|said| said.get_or_insert_default().extend(page.items));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let words = Words::kept(record);
    let added = move |comment: Comment| {
        said.update(|said| said.get_or_insert_default().insert(0, comment));
    };
    let changed = Callback::new(move |comment: Comment| {
        said.update(|said| {
            for known in said.iter_mut().flatten().filter(|known| known.id == comment.id) {
                known.clone_from(&comment);
            }
        });
    });
    let deleted = Callback::new(move |id: Id| {
        said.update(|said| {
            if let Some(said) = said {
                said.retain(|comment| comment.id != id);
            }
        });
    });
    let line = move |comment: Comment| {
        view! { <Line comment=comment titles=titles on_changed=changed on_deleted=deleted/> }
    };
    let all = move || said.get().unwrap_or_default();
    let count = Memo::new(move |_| said.with(|said| said.as_ref().map(Vec::len)));
    let instead = move || match (problem.get(), count.get()) {
        (Some(problem), None) => {
            Some(view! { <ProblemView problem=problem on_retry=move |()| load(None)/> }.into_any())
        }
        (_, None) => Some(view! { <Skeleton lines=3/> }.into_any()),
        (_, Some(0)) => Some(view! { <Empty icon="comment" title=t!("comment-none")/> }.into_any()),
        (_, Some(_)) => None,
    };
    let more = move || {
        next.get().map(|cursor| {
            let ask = move |_| load(Some(cursor.clone()));
            view! { <Button size=ControlSize::Small busy=busy on_press=ask>{t!("report-more")}</Button> }
        })
    };
    view! {
        <div class="stack g4">
            <Show when=move || may.get()>
                <Saying form=form record=record words=words titles=titles on_said=added/>
            </Show>
            {instead}
            <ol class="timeline">
                <For each=all key=|comment| (comment.id, comment.edited_at.clone()) children=line/>
            </ol>
            {more}
        </div>
    }
}

/// Learns the names of those who speak and are spoken to.
async fn learn_names(page: &Page, titles: Titles) {
    let named = page.items.iter().flat_map(|comment| comment.mentions.iter().chain([&comment.who]));
    let named: BTreeSet<Id> = named.copied().collect();
    let is_unknown = |id: &Id| untrack(|| titles.known(*id)).is_none();
    if named.iter().any(is_unknown)
        && let Ok(list) = people::members().await
    {
        for member in list.items {
            titles.learn_one(member.id, member.name);
        }
    }
}

/// Where something is said.
#[component]
fn Saying(
    form: Id,
    record: Id,
    words: Words,
    titles: Titles,
    #[prop(into)] on_said: Callback<Comment>,
) -> impl IntoView {
    let (naming, busy) = (RwSignal::new(false), RwSignal::new(false));
    let write = move |text: String| {
        // Half a sentence is not lost with the page either.
        if text.trim().is_empty() {
            browser::forget(&place(record));
        } else {
            browser::remember(&place(record), &text);
        }
        words.text.set(text);
    };
    let say = move || {
        if busy.get_untracked() || untrack(|| words.are_none()) || words.sending.get_untracked() > 0 {
            return;
        }
        busy.set(true);
        let input = words.input();
        spawn_local(async move {
            let answer = records::comment(form, record, &input).await;
            if answer.is_ok() {
                browser::forget(&place(record));
            }
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(comment) => {
                    learn_names(
                        &Page { items: vec![comment.clone()], next: None, may_comment: true },
                        titles,
                    )
                    .await;
                    words.clear();
                    naming.set(false);
                    on_said.run(comment);
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let mentioning = Mentioning::new(words.text, write, words.mentions);
    let by_key = move |event: leptos::ev::KeyboardEvent| {
        if mentioning.takes_key(&event) {
            return;
        }
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            event.stop_propagation();
            say();
        }
    };
    let nothing = Signal::derive(move || words.are_none().then(t!("comment-empty")));
    let drop_file = move |id: Id| words.files.update(|files| files.retain(|file| file.id != id));
    let file = move |file: StoredFile| {
        let id = file.id;
        view! { <Chip colour=12 on_remove=move |()| drop_file(id)>{file.name}</Chip> }
    };
    let attach = move |file: web_sys::File| words.attach(file);
    let is_sending = move || (words.sending.get() > 0).then_some("true");
    view! {
        <div class="stack g2 no-print" on:keydown=by_key aria-busy=is_sending>
            <TextArea value=words.text on_input=write rows=2 label=Signal::derive(t!("comment-write"))
                placeholder=Signal::derive(t!("comment-write")) name="comment"/>
            <MentionOffer mentioning=mentioning/>
            <div class="row wrap">{move || words.files.get().into_iter().map(file).collect_view()}</div>
            <Show when=move || naming.get()>
                <People chosen=words.mentions label=Signal::derive(t!("flow-mention"))/>
            </Show>
            <div class="row">
                <FileButton on_file=attach/>
                <IconButton icon="member" size=ControlSize::Small label=Signal::derive(t!("flow-mention"))
                    pressed=naming on_press=move |_| naming.update(|naming| *naming = !*naming)/>
                <span class="grow"></span>
                <Button kind=ButtonKind::Primary size=ControlSize::Small icon="send" busy=busy
                    disabled_reason=nothing on_press=move |_| say()>{t!("comment-send")}</Button>
            </div>
        </div>
    }
}

/// One comment; its writer may change it, and take it away.
#[component]
fn Line(
    comment: Comment,
    titles: Titles,
    on_changed: Callback<Comment>,
    on_deleted: Callback<Id>,
) -> impl IntoView {
    let (id, who) = (comment.id, comment.who);
    let (editing, deleting, busy) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let name = Signal::derive(move || titles.of(who));
    let at = parse_timestamp(&comment.at);
    let when = move || at.map(i18n::around).unwrap_or_default();
    let is_edited = comment.edited_at.is_some();
    let mentions = comment.mentions.clone();
    let named = move || {
        let names: Vec<String> = mentions.iter().map(|id| titles.of(*id)).collect();
        format!("@ {}", i18n::listed(names))
    };
    let has_named = !comment.mentions.is_empty();
    let file = |file: StoredFile| {
        view! { <a class="link clip" href=files::address(file.id) target="_blank" rel="noopener">{file.name}</a> }
    };
    let (may_edit, may_delete) = (comment.may_edit, comment.may_delete);
    let attached = (!comment.files.is_empty()).then(|| {
        let files = comment.files.clone();
        view! { <div class="row wrap note files">{files.into_iter().map(file).collect_view()}</div> }
    });
    let delete = move |()| {
        busy.set(true);
        spawn_local(async move {
            let answer = records::delete_comment(id).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            deleting.set(false);
            match answer {
                Ok(()) => on_deleted.run(id),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let said = StoredValue::new(comment);
    let words = move || {
        if editing.get() {
            return view! { <Editing comment=said.get_value() editing=editing on_changed=on_changed/> }
                .into_any();
        }
        let text = said.with_value(|comment| comment.text.clone());
        (!text.is_empty()).then(|| view! { <div class="said long">{text}</div> }).into_any()
    };
    view! {
        <li>
            <span class="mark"><Avatar name=name size=AvatarSize::Small/></span>
            <div>
                <div class="what row">
                    <b>{name}</b>
                    <span class="when">{when}</span>
                    {is_edited.then(|| view! { <span class="when">{t!("comment-edited")}</span> })}
                    <span class="grow"></span>
                    {may_edit.then(|| view! {
                        <IconButton icon="edit" size=ControlSize::Small label=Signal::derive(t!("comment-edit"))
                            on_press=move |_| editing.set(true)/>
                    })}
                    {may_delete.then(|| view! {
                        <IconButton icon="trash" size=ControlSize::Small label=Signal::derive(t!("comment-delete"))
                            on_press=move |_| deleting.set(true)/>
                    })}
                </div>
                {words}
                {has_named.then(|| view! { <div class="muted note">{named}</div> })}
                {attached}
            </div>
            <ConfirmDialog open=deleting title=Signal::derive(t!("comment-delete-question"))
                action=Signal::derive(t!("comment-delete")) busy=busy on_confirm=delete>
                <p>{t!("comment-delete-text")}</p>
            </ConfirmDialog>
        </li>
    }
}

/// Other words for a comment. Whom it names stays named.
#[component]
fn Editing(comment: Comment, editing: RwSignal<bool>, on_changed: Callback<Comment>) -> impl IntoView {
    let (text, busy) = (RwSignal::new(comment.text.clone()), RwSignal::new(false));
    let (id, mentions, has_files) = (comment.id, comment.mentions, !comment.files.is_empty());
    let nothing = Signal::derive(move || {
        (!has_files && text.with(|text| text.trim().is_empty())).then(t!("comment-empty"))
    });
    let mentions = StoredValue::new(mentions);
    let save = move |_| {
        busy.set(true);
        let edit = CommentEdit { text: text.get_untracked(), mentions: mentions.get_value() };
        spawn_local(async move {
            let answer = records::change_comment(id, &edit).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(comment) => {
                    editing.set(false);
                    on_changed.run(comment);
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    view! {
        <div class="stack g2">
            <TextArea value=text on_input=move |words| text.set(words) rows=2
                label=Signal::derive(t!("comment-edit")) name="comment-edit"/>
            <div class="row">
                <Button kind=ButtonKind::Primary size=ControlSize::Small busy=busy disabled_reason=nothing on_press=save>
                    {t!("record-save")}
                </Button>
                <Button size=ControlSize::Small on_press=move |_| editing.set(false)>{t!("ui-cancel")}</Button>
            </div>
        </div>
    }
}
