//! What was found of the bin so far, and the way to more.

use std::collections::BTreeSet;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Binned;

use crate::api::Problem;
use crate::api::bin::{self, BinFilter};
use crate::t;
use crate::ui::{Button, ControlSize, Empty, ProblemView, Skeleton};

/// The pages of the bin that a filter leaves. Cheap to copy; lives as long as the list.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    filter: RwSignal<BinFilter>,
    /// Nothing before the first answer.
    pub found: RwSignal<Option<Vec<Binned>>>,
    next: RwSignal<Option<String>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    /// Counts the questions: the answer to an older one is no news.
    turn: StoredValue<u32>,
}

impl Pages {
    /// Asks for the first page, and again whenever the filter changes.
    pub fn of(filter: RwSignal<BinFilter>) -> Pages {
        let pages = Pages {
            filter,
            found: RwSignal::new(None),
            next: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            turn: StoredValue::new(0),
        };
        Effect::new(move |_| {
            filter.track();
            pages.load(None);
        });
        pages
    }

    fn load(self, cursor: Option<String>) {
        let filter = self.filter.get_untracked();
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = bin::bin(&filter, cursor.as_deref()).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.next.set(page.next);
                    self.found.update(|found| match cursor {
                        Some(_) => found.get_or_insert_default().extend(page.items),
                        None => *found = Some(page.items),
                    });
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    pub fn items(self) -> Vec<Binned> {
        self.found.get().unwrap_or_default()
    }

    /// Whether there is something to be listed.
    pub fn has_some(self) -> bool {
        self.found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()))
    }

    /// Leaves out what is no longer in the bin; where that was all, the next page is asked for.
    pub fn take_out(self, gone: &BTreeSet<Id>) {
        self.found.update(|found| {
            if let Some(found) = found {
                found.retain(|item| !gone.contains(&item.id));
            }
        });
        let is_empty = self.found.with_untracked(|found| found.as_ref().is_some_and(Vec::is_empty));
        if is_empty && self.next.with_untracked(Option::is_some) {
            self.load(None);
        }
    }

    /// What stands there before the first answer, and where nothing is.
    pub fn instead(self) -> Option<AnyView> {
        let is_empty = self.found.with(|found| found.as_ref().map(Vec::is_empty));
        match is_empty {
            None if self.problem.with(Option::is_none) => Some(view! { <Skeleton lines=4/> }.into_any()),
            Some(true) if self.filter.with(is_narrowed) => {
                let title = Signal::derive(t!("bin-nothing-found"));
                Some(view! { <Empty icon="search" title=title/> }.into_any())
            }
            Some(true) => {
                let words = Signal::derive(t!("bin-empty-text"));
                Some(view! { <Empty icon="trash" title=t!("grid-bin-empty") text=words/> }.into_any())
            }
            None | Some(false) => None,
        }
    }

    /// The way to the next page, or to the same one again where it was refused.
    pub fn more(self) -> Option<AnyView> {
        match (self.problem.get(), self.next.get()) {
            (Some(problem), cursor) => {
                let cursor = cursor.filter(|_| self.has_some());
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

/// Whether a reader has narrowed the bin: the app of an app's own bin is no narrowing of theirs.
fn is_narrowed(filter: &BinFilter) -> bool {
    filter.kind.is_some() || filter.who.is_some() || !filter.text.trim().is_empty()
}
