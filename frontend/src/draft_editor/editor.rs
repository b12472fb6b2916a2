//! A draft on the screen that is sent to the server by itself, a moment after it was changed.

use std::time::Duration;

use engine::text::Fault;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::history::{Editable, History};
use crate::api::{self, Problem};
use crate::fill::sentence;
use crate::shell::hold_steps;
use crate::ui::toast;
use crate::{browser, text};

/// How long nothing is changed before the draft is saved.
const PAUSE: Duration = Duration::from_millis(600);
/// How often somebody who waits for what is being sent looks again.
const SHORT: Duration = Duration::from_millis(50);

/// How often one meets what others do at the same time before somebody is told.
const MOST_TRIES: u32 = 5;

/// Whether the draft on the server is the one on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    Yes,
    Waiting,
    /// The server did not take it.
    Failed(Box<Problem>),
    /// Somebody else has changed the draft since; nothing is sent until that is settled.
    Conflict,
}

/// Commands that are sent as one, always the same ones under the key by which the server knows a repetition.
#[derive(Clone)]
struct Batch {
    key: String,
    /// How many of the unsent commands, from the first on.
    length: usize,
}

/// A draft while it is edited. Cheap to copy; lives as long as the page.
pub struct Editing<D: Editable> {
    pub document: RwSignal<D>,
    /// Whether it differs from what is published.
    pub changed: RwSignal<bool>,
    pub saved: RwSignal<Saved>,
    history: RwSignal<History<D>>,
    /// Commands that the server does not have yet.
    unsent: StoredValue<Vec<D::Edit>>,
    /// What is being sent, or was without anybody knowing whether it arrived.
    batch: StoredValue<Option<Batch>>,
    sending: StoredValue<bool>,
    /// Counts the changes: only the last of several starts a save.
    turn: StoredValue<u32>,
}

impl<D: Editable> Clone for Editing<D> {
    fn clone(&self) -> Editing<D> {
        *self
    }
}

impl<D: Editable> Copy for Editing<D> {}

impl<D: Editable> Editing<D> {
    pub fn new(document: D, changed: bool) -> Editing<D> {
        Editing {
            document: RwSignal::new(document),
            changed: RwSignal::new(changed),
            saved: RwSignal::new(Saved::Yes),
            history: RwSignal::new(History::default()),
            unsent: StoredValue::new(Vec::new()),
            batch: StoredValue::new(None),
            sending: StoredValue::new(false),
            turn: StoredValue::new(0),
        }
    }

    /// Whether the page is gone.
    pub fn is_over(self) -> bool {
        self.sending.is_disposed()
    }

    /// What the server does not have yet, in order; what is being sent stands first.
    pub fn unsent(self) -> Vec<D::Edit> {
        self.unsent.get_value()
    }

    /// Whether something is on its way: sent, and nobody knows yet whether it arrived.
    pub fn is_sending(self) -> bool {
        self.sending.try_get_value() == Some(true) || self.batch.try_with_value(Option::is_some) == Some(true)
    }

    /// What is sent next, with its key: what was sent before and is unsettled, else everything that the server does not have.
    fn next_batch(self) -> Option<(Vec<D::Edit>, String)> {
        let mut edits = self.unsent.try_get_value().filter(|unsent| !unsent.is_empty())?;
        let again = self.batch.get_value().filter(|batch| batch.length <= edits.len());
        let batch = again.unwrap_or_else(|| Batch { key: browser::random_key(), length: edits.len() });
        edits.truncate(batch.length);
        let key = batch.key.clone();
        self.batch.set_value(Some(batch));
        Some((edits, key))
    }

    /// Goes on with a document that somebody else has changed too, and with what of one's own the server does not have, as
    /// it means the same there. Steps that could be taken back may be forgotten.
    pub fn go_on_with(self, document: D, unsent: Vec<D::Edit>, forgets_steps: bool) {
        self.unsent.set_value(unsent);
        self.batch.set_value(None);
        if forgets_steps {
            self.history.set(History::default());
        }
        if self.document.with_untracked(|now| *now != document) {
            self.document.set(document);
        }
    }

    /// Whether the server has everything that was done here.
    pub fn is_sent(self) -> bool {
        self.unsent.with_value(Vec::is_empty)
    }

    /// Hears from the server, which compares the two, whether the draft differs from what is published. What it does not
    /// have yet counts as a change until it has answered to that too.
    pub fn hear_changed(self, changed: bool) {
        if self.is_sent() {
            self.changed.set(changed);
        }
    }

    /// Shows what somebody else has made of the draft, in place of everything that was done here.
    pub fn replace(self, document: D) {
        self.unsent.update_value(Vec::clear);
        self.batch.set_value(None);
        self.history.set(History::default());
        self.document.set(document);
        self.saved.set(Saved::Yes);
    }
}

type Edit<E> = <<E as DraftEditor>::Document as Editable>::Edit;

/// An editor of a draft. It says how the draft goes to the server; that it is changed, taken back and saved is the same
/// in all.
pub trait DraftEditor: Copy + Send + Sync + 'static {
    type Document: Editable;
    /// What the server says once it has the draft.
    type Answer;

    fn editing(self) -> Editing<Self::Document>;

    /// Hears that the document on the screen was changed: what is chosen in it may be gone.
    fn changed(self);

    /// Sends what the server does not have yet, as soon as it is there: these commands, of which the document is the outcome.
    /// The key is that of these commands, however often they are sent.
    async fn send(self, edits: Vec<Edit<Self>>, key: &str) -> Result<Self::Answer, Problem>;

    /// Hears the answer to what was sent.
    fn sent(self, answer: Self::Answer);

    /// What is written and can't be taken into the draft; not tracked.
    fn unfinished(self) -> Vec<String> {
        Vec::new()
    }

    /// Takes in what somebody else has done, where that is why the server did not take what was sent; whether what is left of
    /// it can be sent again.
    fn meet(self, _problem: &Problem) -> bool {
        false
    }

    /// What it means that the server did not take it.
    fn refused(self, problem: &Problem) -> Saved {
        Saved::Failed(Box::new(problem.clone()))
    }

    /// Carries out commands as one step, all of them or none; whether they were.
    fn run(self, name: String, edits: Vec<Edit<Self>>) -> bool {
        change(self, |history, document| history.run(document, name, edits))
    }

    /// Carries out commands that take in what somebody has typed so far, as one step with the rest of that typing;
    /// whether they were.
    fn take_in(self, name: String, edits: Vec<Edit<Self>>, typing: &str) -> bool {
        change(self, |history, document| history.take_in(document, name, edits, typing))
    }

    fn undo(self) {
        change(self, History::undo);
    }

    fn redo(self) {
        change(self, History::redo);
    }

    /// Sends what the server does not have yet, and goes on to publishing where nothing stands in its way then, which
    /// `unready` says.
    fn begin_to_publish(self, unready: Signal<Option<String>>, publishing: RwSignal<bool>) {
        if matches!(self.editing().saved.get_untracked(), Saved::Yes | Saved::Conflict) {
            publishing.set(true);
            return;
        }
        spawn_local(async move {
            // What was refused is said beside the draft already.
            if !self.save_now().await || self.editing().is_over() {
                return;
            }
            match unready.try_get_untracked().flatten() {
                Some(reason) => toast::show(reason),
                None => {
                    let _ = publishing.try_set(true);
                }
            }
        });
    }

    /// What undo would take back.
    fn undo_name(self) -> Option<String> {
        self.editing().history.with(|history| history.undo_name().map(str::to_string))
    }

    fn redo_name(self) -> Option<String> {
        self.editing().history.with(|history| history.redo_name().map(str::to_string))
    }

    /// Sends what the server does not have yet.
    fn save(self) {
        spawn_local(async move {
            self.save_now().await;
        });
    }

    /// Sends what the server does not have yet; whether it has everything afterwards.
    async fn save_now(self) -> bool {
        let editing = self.editing();
        while editing.sending.try_get_value() == Some(true) {
            // While the server is gone nothing comes of it.
            api::back().await;
            gloo_timers::future::sleep(SHORT).await;
        }
        if editing.is_over() || editing.saved.get_untracked() == Saved::Conflict {
            return false;
        }
        editing.sending.set_value(true);
        if matches!(editing.saved.get_untracked(), Saved::Failed(_)) {
            editing.saved.set(Saved::Waiting);
        }
        let mut tries = 0;
        while let Some((edits, key)) = editing.next_batch() {
            let length = edits.len();
            let answer = self.send(edits, &key).await;
            if editing.is_over() {
                return false;
            }
            if !answer.as_ref().is_err_and(is_unclear) {
                editing.batch.set_value(None);
            }
            match answer {
                Ok(answer) => {
                    editing.unsent.update_value(|unsent| drop(unsent.drain(..length.min(unsent.len()))));
                    self.sent(answer);
                }
                Err(problem) if tries < MOST_TRIES && self.meet(&problem) => tries += 1,
                Err(problem) => {
                    editing.sending.set_value(false);
                    editing.saved.set(self.refused(&problem));
                    return false;
                }
            }
        }
        editing.sending.set_value(false);
        editing.saved.set(Saved::Yes);
        true
    }

    /// Sends what the server does not have yet before a link or the way back leads elsewhere. What the server does not take,
    /// and what can't be taken into the draft, keeps the page once, and is told; who goes then goes without it. While the
    /// server is gone the page stays, and the link is followed once it is back.
    fn send_before_leaving(self) {
        let editing = self.editing();
        // The newest step that waits for the server: of several links that were pressed the last one is followed.
        let wanted = StoredValue::new(None::<Callback<()>>);
        // The last change of those of which somebody was told that they could not be saved.
        let given_up = StoredValue::new(None::<u32>);
        let told = StoredValue::new(Vec::<String>::new());
        let hold = move |step: Callback<()>| {
            let unfinished = self.unfinished();
            if is_news(&unfinished, &told.get_value()) {
                told.set_value(unfinished);
                wanted.set_value(None);
                toast::show(text!("designer-stays-unfinished"));
                return true;
            }
            let waits = match editing.saved.get_untracked() {
                Saved::Yes => false,
                Saved::Waiting => true,
                Saved::Failed(_) | Saved::Conflict => given_up.get_value() != Some(editing.turn.get_value()),
            };
            if waits && !untrack(api::is_connected) {
                toast::show(text!("designer-stays-offline"));
            }
            if waits && wanted.try_update_value(|wanted| wanted.replace(step)).flatten().is_none() {
                spawn_local(async move {
                    let is_sent = self.save_now().await;
                    // The page may be gone, or somebody was told to stay.
                    let Some(step) = wanted.try_update_value(Option::take).flatten() else { return };
                    if is_sent {
                        step.run(());
                    } else if !editing.is_over() {
                        given_up.set_value(Some(editing.turn.get_value()));
                        toast::show(text!("designer-stays"));
                    }
                });
            }
            waits
        };
        hold_steps(is_elsewhere, hold);
    }
}

/// Whether nobody knows if what was sent has arrived: a proxy may have lost the answer, or the server broke over it.
fn is_unclear(problem: &Problem) -> bool {
    problem.status == 0 || problem.status >= 500 || problem.code == "not_understood"
}

/// Whether something is unfinished of which whoever leaves was not told yet.
fn is_news(unfinished: &[String], told: &[String]) -> bool {
    unfinished.iter().any(|written| !told.contains(written))
}

/// Whether two addresses show different pages.
fn is_elsewhere(from: &str, to: &str) -> bool {
    let page = |address: &str| address.split('?').next().unwrap_or_default().to_string();
    page(from) != page(to)
}

/// Moves in the history of a draft; whether anything was carried out. What was is sent after a pause.
fn change<E: DraftEditor>(
    editor: E,
    by: impl FnOnce(&mut History<E::Document>, &mut E::Document) -> Result<Vec<Edit<E>>, Fault>,
) -> bool {
    let editing = editor.editing();
    let mut document = editing.document.get_untracked();
    match editing.history.try_update(|history| by(history, &mut document)) {
        Some(Ok(edits)) if !edits.is_empty() => {
            if editing.document.with_untracked(|now| *now != document) {
                editing.document.set(document);
                // Where the server knows better it says so later; until then nobody is told that there is nothing to
                // publish.
                editing.changed.set(true);
            }
            editor.changed();
            send_later(editor, edits);
            true
        }
        Some(Err(fault)) => {
            toast::show(untrack(|| sentence(&fault)));
            false
        }
        _ => false,
    }
}

fn send_later<E: DraftEditor>(editor: E, edits: Vec<Edit<E>>) {
    let editing = editor.editing();
    editing.unsent.update_value(|unsent| unsent.extend(edits));
    if editing.saved.get_untracked() == Saved::Conflict {
        return;
    }
    editing.saved.set(Saved::Waiting);
    editing.turn.update_value(|turn| *turn += 1);
    let turn = editing.turn.get_value();
    set_timeout(
        move || {
            if editing.turn.try_get_value() == Some(turn) {
                editor.save();
            }
        },
        PAUSE,
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_news, is_unclear};
    use crate::api::Problem;

    #[test]
    fn what_was_refused_has_not_arrived_and_what_broke_may_have() {
        let problem = |status: u16, code: &str| -> Problem {
            serde_json::from_value(json!({"type": "", "title": "", "status": status, "code": code})).unwrap()
        };
        assert!(!is_unclear(&problem(409, "edits_collide")) && !is_unclear(&problem(412, "stale")));
        assert!(is_unclear(&problem(502, "not_understood")) && is_unclear(&problem(0, "unreachable")));
        assert!(is_unclear(&problem(200, "not_understood")));
    }

    #[test]
    fn who_leaves_is_told_once_of_each_thing_that_is_unfinished() {
        let written =
            |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| (*text).to_string()).collect() };
        assert!(is_news(&written(&["Price +"]), &[]));
        assert!(!is_news(&written(&["Price +"]), &written(&["Price +"])));
        assert!(is_news(&written(&["Price + 2 *"]), &written(&["Price +"])));
        assert!(!is_news(&[], &written(&["Price +"])));
    }
}
