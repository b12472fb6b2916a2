//! The rows that were fetched, by pages; only the pages that are looked at are asked for.

use std::collections::{BTreeMap, BTreeSet};

use engine::condition::Condition;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Count, CountMode, Query, Record, SortBy};

use crate::api::{Problem, records};
use crate::fill::Titles;

/// Rows asked for at once.
const PAGE: usize = 100;
/// Pages kept; the ones farthest from where somebody looks are forgotten.
const KEPT: usize = 60;

/// Ids asked for at once.
const AT_ONCE: u32 = 500;

/// A question for ids alone.
fn of_ids() -> Query {
    Query { fields: Some(Vec::new()), ..Query::default() }
}

/// The records of a grid.
#[derive(Clone, Copy)]
pub struct Rows {
    form: Id,
    pages: RwSignal<BTreeMap<usize, Vec<Record>>>,
    asked: StoredValue<BTreeSet<usize>>,
    pub count: RwSignal<Option<Count>>,
    /// Whether what was counted is only what a filter left.
    pub filtered: RwSignal<bool>,
    pub problem: RwSignal<Option<Problem>>,
    titles: Titles,
    /// Raised by every new question, so that late answers to old ones are dropped.
    question: StoredValue<u32>,
    /// The permission group whose records alone are asked for.
    group: StoredValue<Option<String>>,
    asking: StoredValue<(Option<Condition>, Vec<SortBy>, Vec<String>)>,
}

impl Rows {
    pub fn new(form: Id, titles: Titles) -> Rows {
        Rows {
            form,
            pages: RwSignal::default(),
            asked: StoredValue::default(),
            count: RwSignal::new(None),
            filtered: RwSignal::new(false),
            problem: RwSignal::new(None),
            titles,
            question: StoredValue::new(0),
            group: StoredValue::new(None),
            asking: StoredValue::new((None, Vec::new(), Vec::new())),
        }
    }

    /// Starts anew with another filter, sort or columns.
    pub fn ask(self, filter: Option<Condition>, sort: Vec<SortBy>, fields: Vec<String>) {
        self.asking.set_value((filter, sort, fields));
        self.refresh();
    }

    /// Which permission group's records alone are asked for from now on.
    pub fn narrow(self, group: Option<String>) {
        self.group.set_value(group);
    }

    /// Asks again for what is shown. Nothing where the list is gone meanwhile.
    pub fn refresh(self) {
        if self.question.try_update_value(|question| *question += 1).is_none() {
            return;
        }
        self.asked.set_value(BTreeSet::new());
        self.problem.set(None);
        self.fetch(0, true);
    }

    /// Makes sure that the rows `from..to` come.
    pub fn want(self, from: usize, to: usize) {
        for page in from / PAGE..=to.saturating_sub(1) / PAGE {
            self.fetch(page, false);
        }
    }

    pub fn len(self) -> usize {
        self.count.get().map_or(0, |count| usize::try_from(count.value).unwrap_or(usize::MAX))
    }

    /// The record at a place, when it is there.
    pub fn at(self, place: usize) -> Option<Record> {
        self.pages.with(|pages| pages.get(&(place / PAGE)).and_then(|page| page.get(place % PAGE)).cloned())
    }

    /// The id of the record at a place, when it is there.
    pub fn id_at(self, place: usize) -> Option<Id> {
        self.pages.with(|pages| Some(pages.get(&(place / PAGE))?.get(place % PAGE)?.id))
    }

    /// The ids of the records at the places `from..to`, also of those that were never on the screen; `None` where something
    /// else is listed once they come.
    ///
    /// # Errors
    /// What the server says.
    pub async fn ids(self, from: usize, to: usize) -> Result<Option<Vec<Id>>, Problem> {
        let question = self.question.get_value();
        let (filter, sort, _) = self.asking.get_value();
        let mut ids = Vec::new();
        while from + ids.len() < to {
            let at = from + ids.len();
            let limit = u32::try_from(to - at).unwrap_or(AT_ONCE).min(AT_ONCE);
            let offset = (at > 0).then_some(at as u64);
            let (filter, sort) = (filter.clone(), sort.clone());
            let query = Query { filter, sort, limit: Some(limit), offset, ..of_ids() };
            let answer = records::query(self.form, &query).await?;
            if self.question.try_get_value() != Some(question) {
                return Ok(None);
            }
            if answer.items.is_empty() {
                break;
            }
            ids.extend(answer.items.into_iter().map(|record| record.id));
        }
        Ok(Some(ids))
    }

    /// The ids of all records that a filter leaves; `None` where these are more than `most`.
    ///
    /// # Errors
    /// What the server says.
    pub async fn ids_of(self, filter: Option<Condition>, most: usize) -> Result<Option<Vec<Id>>, Problem> {
        let mut ids = Vec::new();
        let mut cursor = None;
        loop {
            let query = Query { filter: filter.clone(), limit: Some(AT_ONCE), cursor, ..of_ids() };
            let answer = records::query(self.form, &query).await?;
            ids.extend(answer.items.into_iter().map(|record| record.id));
            if ids.len() > most {
                return Ok(None);
            }
            match answer.next {
                Some(next) => cursor = Some(next),
                None => return Ok(Some(ids)),
            }
        }
    }

    /// Whether the record at a place may be edited; nothing while it is not there.
    pub fn may_edit(self, place: usize) -> Option<bool> {
        self.pages.with(|pages| {
            let record = pages.get(&(place / PAGE))?.get(place % PAGE)?;
            Some(record.may.has("edit"))
        })
    }

    /// Where a record stands, if its page is there.
    pub fn place_of(self, record: &str) -> Option<usize> {
        self.pages.with(|pages| {
            pages.iter().find_map(|(page, records)| {
                let place = records.iter().position(|known| known.id.to_string() == record)?;
                Some(page * PAGE + place)
            })
        })
    }

    /// Takes in a page that came, and forgets one far away when there are too many.
    fn keep(self, page: usize, records: Vec<Record>) {
        let forgotten = self.pages.try_update(|pages| {
            pages.insert(page, records);
            let far = pages.keys().copied().max_by_key(|known| known.abs_diff(page));
            far.filter(|_| pages.len() > KEPT).inspect(|far| drop(pages.remove(far)))
        });
        if let Some(far) = forgotten.flatten() {
            self.asked.update_value(|asked| {
                asked.remove(&far);
            });
        }
    }

    fn fetch(self, page: usize, first: bool) {
        let known = self.asked.try_update_value(|asked| !asked.insert(page)).unwrap_or(true);
        if known {
            return;
        }
        let question = self.question.get_value();
        let (filter, sort, fields) = self.asking.get_value();
        let filtered = filter.is_some();
        let query = Query {
            filter,
            sort,
            fields: Some(fields),
            limit: Some(PAGE as u32),
            offset: (page > 0).then_some((page * PAGE) as u64),
            // The rows are not to wait for it.
            count: if first { CountMode::Estimate } else { CountMode::None },
            titles: true,
            permission_group: self.group.get_value(),
            ..Query::default()
        };
        spawn_local(async move {
            let answer = records::query(self.form, &query).await;
            if self.question.try_get_value() != Some(question) {
                return;
            }
            match answer {
                Ok(answer) => {
                    if let Some(titles) = &answer.titles {
                        self.titles.learn(titles);
                    }
                    if first {
                        self.filtered.set(filtered);
                        self.count.set(
                            answer.count.or(Some(Count { value: answer.items.len() as u64, exact: true })),
                        );
                        self.pages.set(BTreeMap::from([(page, answer.items)]));
                    } else {
                        self.keep(page, answer.items);
                    }
                }
                Err(problem) => {
                    self.asked.update_value(|asked| {
                        asked.remove(&page);
                    });
                    self.problem.set(Some(problem));
                }
            }
        });
    }
}
