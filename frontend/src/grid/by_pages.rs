//! Records in a dialog, asked for page by page: what is in the bin, and one's own drafts.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Query, Record};

use crate::api::{Problem, records};
use crate::fill::Titles;
use crate::t;
use crate::ui::{Button, ControlSize, Empty, ProblemView, Skeleton};

/// Records asked for at once.
pub const PAGE: u32 = 50;

/// Records that were found so far, and the way to more.
#[derive(Clone, Copy)]
pub struct ByPages {
    form: Id,
    /// The question after a cursor.
    asked: fn(Option<String>) -> Query,
    pub titles: Titles,
    /// Nothing before the first answer.
    pub found: RwSignal<Option<Vec<Record>>>,
    next: RwSignal<Option<String>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    is_empty: Memo<Option<bool>>,
}

impl ByPages {
    /// Asks for the first page.
    pub fn of(form: Id, asked: fn(Option<String>) -> Query) -> ByPages {
        let found = RwSignal::new(None::<Vec<Record>>);
        let pages = ByPages {
            form,
            asked,
            titles: Titles::default(),
            found,
            next: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            is_empty: Memo::new(move |_| found.with(|found| found.as_ref().map(Vec::is_empty))),
        };
        pages.load(None);
        pages
    }

    fn load(self, cursor: Option<String>) {
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = records::query(self.form, &(self.asked)(cursor)).await;
            // The dialog may be closed by now.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    if let Some(known) = &page.titles {
                        self.titles.learn(known);
                    }
                    self.next.set(page.next);
                    self.found.update(|found| found.get_or_insert_default().extend(page.items));
                }
                Err(refused) => self.problem.set(Some(refused)),
            }
        });
    }

    /// Asks for everything anew.
    pub fn again(self) {
        self.found.set(None);
        self.next.set(None);
        self.load(None);
    }

    /// What was found so far.
    pub fn all(self) -> Vec<Record> {
        self.found.get().unwrap_or_default()
    }

    /// Whether there is something to be listed.
    pub fn has_some(self) -> bool {
        self.is_empty.get() == Some(false)
    }

    /// What stands there before the first answer, and where nothing is left, with these words then.
    pub fn instead(
        self,
        icon: &'static str,
        title: impl Fn() -> String + Send + Sync + 'static,
        words: impl Fn() -> String + Send + Sync + 'static,
    ) -> Option<AnyView> {
        match self.is_empty.get() {
            None if self.problem.with(Option::is_none) => Some(view! { <Skeleton lines=4/> }.into_any()),
            // The next page may hold more than what was taken out of this one.
            Some(true) if self.next.with(Option::is_none) => {
                let (title, words) = (Signal::derive(title), Signal::derive(words));
                Some(view! { <Empty icon=icon title=title text=words/> }.into_any())
            }
            None | Some(_) => None,
        }
    }

    /// The way to the next page, or to the same one again where it was refused.
    pub fn more(self) -> Option<AnyView> {
        match (self.problem.get(), self.next.get()) {
            // The cursor stays where the last page ended.
            (Some(problem), cursor) => {
                let again = move |()| self.load(cursor.clone());
                Some(view! { <ProblemView problem=problem on_retry=again/> }.into_any())
            }
            (None, Some(cursor)) => {
                let ask = move |_| self.load(Some(cursor.clone()));
                let busy = self.busy;
                let button = view! { <Button size=ControlSize::Small busy=busy on_press=ask>{t!("report-more")}</Button> };
                Some(button.into_any())
            }
            (None, None) => None,
        }
    }
}
