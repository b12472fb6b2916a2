//! The rows that were fetched, by pages; only the pages that are looked at are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use engine::condition::{Condition, Operator};
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Count, CountMode, Query, Record, SortBy};

use super::decimals;
use super::following::{Begin, Following};
use crate::api::Problem;
use crate::api::records::{self, Searched};
use crate::fill::Titles;

/// Rows asked for at once.
const PAGE: usize = 100;
/// Pages kept; the ones farthest from where somebody looks are forgotten.
const KEPT: usize = 60;

/// Ids asked for at once.
const AT_ONCE: u32 = 500;

/// The pages that rows are on.
fn pages_of(places: &Range<usize>) -> RangeInclusive<usize> {
    let last = places.end.saturating_sub(1).max(places.start);
    places.start / PAGE..=last / PAGE
}

/// The first page has come of what was asked anew. What is left of the question before goes; a page further down that came
/// sooner stays: it is asked for once.
fn begin_with<T>(pages: &mut BTreeMap<usize, T>, fresh: &BTreeSet<usize>, first: T) {
    pages.retain(|page, _| fresh.contains(page));
    pages.insert(0, first);
}

/// The records of a grid.
#[derive(Clone, Copy)]
pub struct Rows {
    form: Id,
    pages: RwSignal<BTreeMap<usize, Vec<Record>>>,
    asked: StoredValue<BTreeSet<usize>>,
    /// The pages that have come since everything was asked anew.
    fresh: StoredValue<BTreeSet<usize>>,
    pub count: RwSignal<Option<Count>>,
    /// Whether what was counted is only what a filter left.
    pub filtered: RwSignal<bool>,
    /// How many there are without any filter or search, where some are left out; none until known.
    pub all: RwSignal<Option<Count>>,
    /// Whether these are being counted.
    counting_all: StoredValue<bool>,
    pub problem: RwSignal<Option<Problem>>,
    titles: Titles,
    /// How the pages of the question follow each other.
    following: StoredValue<Following>,
    /// Raised by every new question, so that late answers to old ones are dropped.
    question: StoredValue<u32>,
    /// The permission group whose records alone are asked for.
    group: StoredValue<Option<String>>,
    /// What is searched for among them.
    search: StoredValue<Searched>,
    asking: StoredValue<(Option<Condition>, Vec<SortBy>, Vec<String>)>,
}

impl Rows {
    pub fn new(form: Id, titles: Titles) -> Rows {
        Rows {
            form,
            pages: RwSignal::default(),
            asked: StoredValue::default(),
            fresh: StoredValue::default(),
            count: RwSignal::new(None),
            filtered: RwSignal::new(false),
            all: RwSignal::new(None),
            counting_all: StoredValue::new(false),
            problem: RwSignal::new(None),
            titles,
            following: StoredValue::default(),
            question: StoredValue::new(0),
            group: StoredValue::new(None),
            search: StoredValue::default(),
            asking: StoredValue::new((None, Vec::new(), Vec::new())),
        }
    }

    /// Those that are at hand, a page of them at most: nothing is asked for.
    pub fn given(form: Id, titles: Titles, records: Vec<Record>) -> Rows {
        let rows = Rows::new(form, titles);
        rows.asked.set_value(BTreeSet::from([0]));
        rows.count.set(Some(Count { value: records.len() as u64, exact: true }));
        rows.pages.set(BTreeMap::from([(0, records)]));
        rows
    }

    /// Starts anew with another filter, sort or columns.
    pub fn ask(self, filter: Option<Condition>, sort: Vec<SortBy>, fields: Vec<String>) {
        self.asking.set_value((filter, sort, fields));
        self.refresh();
    }

    /// Which permission group's records alone are asked for from now on, and those of them in which some words stand.
    pub fn narrow(self, group: Option<String>, search: Searched) {
        if self.group.with_value(|known| *known != group) {
            self.all.set(None);
        }
        self.group.set_value(group);
        self.search.set_value(search);
    }

    /// The form whose records these are.
    pub fn form(self) -> Id {
        self.form
    }

    /// A question for ids alone, of no other records than those that are listed.
    fn of_ids(self) -> Query {
        let Searched { words, fields } = self.search.get_value();
        let permission_group = self.group.get_value();
        Query { q: words, q_fields: fields, fields: Some(Vec::new()), permission_group, ..Query::default() }
    }

    /// Whether a filter or a search leaves some records out.
    fn is_narrowed(self) -> bool {
        let is_filtered = self.asking.with_value(|(filter, ..)| filter.is_some());
        is_filtered || self.search.with_value(|search| search.words.is_some())
    }

    /// Asks again for what is shown. Nothing where the list is gone meanwhile.
    pub fn refresh(self) {
        if self.question.try_update_value(|question| *question += 1).is_none() {
            return;
        }
        self.asked.set_value(BTreeSet::new());
        self.fresh.set_value(BTreeSet::new());
        self.following.set_value(Following::default());
        self.problem.set(None);
        self.fetch(0, true);
    }

    /// Makes sure that the rows `from..to` come.
    pub fn want(self, from: usize, to: usize) {
        for page in pages_of(&(from..to)) {
            self.fetch(page, false);
        }
    }

    /// Whether nothing is known of them yet; tracked.
    pub fn is_coming(self) -> bool {
        self.count.with(Option::is_none) && self.problem.with(Option::is_none)
    }

    /// Whoever asks hears when other records are shown.
    pub fn track(self) {
        self.pages.track();
    }

    /// The most decimals that numbers of a field have among the records that came; tracked.
    pub fn decimals(self, key: &str) -> usize {
        self.pages.with(|pages| decimals::most(pages.values().flatten(), key))
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
        let (mut ids, mut cursor) = (Vec::new(), None::<String>);
        while from + ids.len() < to {
            let limit = u32::try_from(to - from - ids.len()).unwrap_or(AT_ONCE).min(AT_ONCE);
            let offset = (cursor.is_none() && from > 0).then_some(from as u64);
            let (filter, sort) = (filter.clone(), sort.clone());
            let query = Query { filter, sort, limit: Some(limit), cursor, offset, ..self.of_ids() };
            let answer = records::query(self.form, &query).await?;
            if self.question.try_get_value() != Some(question) {
                return Ok(None);
            }
            ids.extend(answer.items.into_iter().map(|record| record.id));
            cursor = answer.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(Some(ids))
    }

    /// The ids of all records that a filter and the search leave; `None` where these are more than `most`.
    ///
    /// # Errors
    /// What the server says.
    pub async fn ids_of(self, filter: Option<Condition>, most: usize) -> Result<Option<Vec<Id>>, Problem> {
        let mut ids = Vec::new();
        let mut cursor = None;
        loop {
            let query = Query { filter: filter.clone(), limit: Some(AT_ONCE), cursor, ..self.of_ids() };
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

    /// The records at the places `from..to`, with the columns that are shown, also those that were never on the screen; `None`
    /// where something else is listed once they come.
    ///
    /// # Errors
    /// What the server says.
    pub async fn records(self, from: usize, to: usize) -> Result<Option<Vec<Record>>, Problem> {
        let loaded = untrack(|| (from..to).map(|place| self.at(place)).collect::<Option<Vec<Record>>>());
        if let Some(loaded) = loaded {
            return Ok(Some(loaded));
        }
        let question = self.question.get_value();
        let (mut found, mut cursor) = (Vec::new(), None::<String>);
        while from + found.len() < to {
            let limit = u32::try_from(to - from - found.len()).unwrap_or(AT_ONCE).min(AT_ONCE);
            let offset = (cursor.is_none() && from > 0).then_some(from as u64);
            let query = Query { limit: Some(limit), cursor, offset, ..self.asked() };
            let answer = records::query(self.form, &query).await?;
            if self.question.try_get_value() != Some(question) {
                return Ok(None);
            }
            self.learn(answer.titles.as_ref());
            found.extend(answer.items);
            cursor = answer.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(Some(found))
    }

    /// Reads records anew, wherever they stand, and puts them in the places where they are shown: none moves.
    ///
    /// # Errors
    /// What the server says.
    pub async fn renew(self, ids: &[Id]) -> Result<Vec<Record>, Problem> {
        let mut found = Vec::new();
        for ids in ids.chunks(AT_ONCE as usize) {
            let Some((_, _, fields)) = self.asking.try_get_value() else { break };
            let named = ids.iter().map(Id::to_string).collect::<Vec<_>>();
            let query = Query {
                filter: Some(Condition::test("$id", Operator::In, named)),
                fields: Some(fields),
                limit: Some(AT_ONCE),
                titles: true,
                permission_group: self.group.try_get_value().flatten(),
                ..Query::default()
            };
            let answer = records::whole_page(self.form, &query).await?;
            self.learn(answer.titles.as_ref());
            found.extend(answer.items);
        }
        self.put(&found);
        // What is added up follows.
        let _ = self.count.try_update(|_| {});
        Ok(found)
    }

    /// Puts newer records in the places where they are shown.
    pub fn put(self, found: &[Record]) {
        let newer: BTreeMap<Id, &Record> = found.iter().map(|record| (record.id, record)).collect();
        let is_shown = |pages: &BTreeMap<usize, Vec<Record>>| {
            pages.values().flatten().any(|record| newer.contains_key(&record.id))
        };
        if self.pages.try_with_untracked(is_shown) != Some(true) {
            return;
        }
        self.pages.update(|pages| {
            for record in pages.values_mut().flatten() {
                if let Some(newer) = newer.get(&record.id) {
                    record.clone_from(newer);
                }
            }
        });
    }

    /// Looks again at what is at these places, and at how many there are. What is shown stays until the answer is here.
    /// Whether it came.
    pub async fn look_again(self, places: &[Range<usize>]) -> bool {
        let next = self.question.try_update_value(|question| {
            // Nothing was asked yet.
            (*question > 0).then(|| {
                *question += 1;
                *question
            })
        });
        let Some(question) = next.flatten() else { return false };
        let wanted: BTreeSet<usize> = places.iter().flat_map(pages_of).collect();
        self.asked.set_value(wanted.clone());
        // Pages that are asked for meanwhile go by their places: where the others begin is not known yet.
        self.following.set_value(Following::default());
        let filtered = self.is_narrowed();
        let (mut seen, mut count, mut pages) = (BTreeMap::new(), None, Following::default());
        for page in wanted {
            let mode = if count.is_none() { CountMode::Estimate } else { CountMode::None };
            let query = Query { count: mode, ..self.asked_at(pages.begin(page)) };
            let answer = records::whole_page(self.form, &query).await;
            if self.question.try_get_value() != Some(question) {
                return false;
            }
            let Ok(answer) = answer else {
                // What was on its way when one looked comes no more.
                self.refresh();
                return false;
            };
            self.learn(answer.titles.as_ref());
            count = count.or(answer.count);
            pages.came(page, answer.next);
            seen.insert(page, answer.items);
        }
        self.following.update_value(|following| following.take(pages));
        // Where others have come or gone, no other page is what it was.
        let asked = self.asked.get_value();
        self.pages.update(|pages| {
            pages.retain(|page, _| asked.contains(page));
            pages.extend(seen);
        });
        self.filtered.set(filtered);
        self.count.set(count);
        self.count_all();
        true
    }

    /// Counts what there is without any filter, where one narrows what is shown: after the page is there, and one question at a
    /// time. Nobody waits for it; of very many the server tells about how many there are.
    fn count_all(self) {
        if !self.filtered.get_untracked() || self.counting_all.get_value() {
            return;
        }
        self.counting_all.set_value(true);
        let group = self.group.get_value();
        let query = Query {
            fields: Some(Vec::new()),
            limit: Some(1),
            count: CountMode::Estimate,
            permission_group: group.clone(),
            ..Query::default()
        };
        spawn_local(async move {
            let answer = records::query(self.form, &query).await;
            let Some(now) = self.group.try_get_value() else { return };
            self.counting_all.set_value(false);
            match answer {
                // Others were asked for meanwhile.
                _ if now != group => self.count_all(),
                Ok(answer) => self.all.set(answer.count),
                // The line says what it knows.
                Err(_) => {}
            }
        });
    }

    /// The question for a page that begins there.
    fn asked_at(self, begin: Begin) -> Query {
        match begin {
            Begin::After(cursor) => Query { cursor: Some(cursor), ..self.asked() },
            Begin::Page(0) => self.asked(),
            Begin::Page(page) => Query { offset: Some((page * PAGE) as u64), ..self.asked() },
        }
    }

    /// The question for the first page.
    fn asked(self) -> Query {
        let (filter, sort, fields) = self.asking.get_value();
        let search = self.search.get_value();
        Query {
            filter,
            q: search.words,
            q_fields: search.fields,
            sort,
            fields: Some(fields),
            limit: Some(PAGE as u32),
            titles: true,
            permission_group: self.group.get_value(),
            ..Query::default()
        }
    }

    fn learn(self, titles: Option<&BTreeMap<String, BTreeMap<String, String>>>) {
        if let Some(titles) = titles {
            self.titles.learn(titles);
        }
    }

    /// A record, if it is among those that were fetched.
    pub fn known(self, id: Id) -> Option<Record> {
        let find = |pages: &BTreeMap<usize, Vec<Record>>| {
            pages.values().flatten().find(|record| record.id == id).cloned()
        };
        self.pages.try_with_untracked(find).flatten()
    }

    /// The place of a record, if it is among those that were fetched.
    pub fn place_of_id(self, id: Id) -> Option<usize> {
        self.pages.with_untracked(|pages| {
            pages.iter().find_map(|(page, records)| {
                Some(page * PAGE + records.iter().position(|known| known.id == id)?)
            })
        })
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
        self.fresh.update_value(|fresh| {
            fresh.insert(page);
        });
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
        if !known {
            self.send(page, first);
        }
    }

    /// Asks for a page, where the one before it is not still on its way: then it is asked for when that one has come.
    fn send(self, page: usize, first: bool) {
        let Some(begin) = self.following.try_update_value(|following| following.ask(page)).flatten() else {
            return;
        };
        let question = self.question.get_value();
        let filtered = self.is_narrowed();
        let count = if first { CountMode::Estimate } else { CountMode::None };
        let query = Query { count, ..self.asked_at(begin) };
        spawn_local(async move {
            let answer = records::whole_page(self.form, &query).await;
            if self.question.try_get_value() != Some(question) {
                return;
            }
            let next = answer.as_ref().ok().and_then(|answer| answer.next.clone());
            let waits = self.following.try_update_value(|following| following.came(page, next));
            match answer {
                Ok(answer) => {
                    self.learn(answer.titles.as_ref());
                    if first {
                        self.filtered.set(filtered);
                        self.count.set(
                            answer.count.or(Some(Count { value: answer.items.len() as u64, exact: true })),
                        );
                        let fresh = self.fresh.get_value();
                        self.pages.update(|pages| begin_with(pages, &fresh, answer.items));
                        self.count_all();
                    } else {
                        self.keep(page, answer.items);
                    }
                }
                Err(problem) => {
                    self.asked.update_value(|asked| {
                        asked.remove(&page);
                    });
                    let is_refused = first && problem.status == 422;
                    self.problem.set(Some(problem));
                    if is_refused {
                        // What was shown answers another question than the one that stands over it.
                        self.pages.set(BTreeMap::new());
                        self.count.set(None);
                    }
                }
            }
            if waits == Some(true) {
                self.send(page + 1, false);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_on_all_pages_that_they_reach() {
        assert_eq!(pages_of(&(0..1)), 0..=0);
        assert_eq!(pages_of(&(0..PAGE)), 0..=0);
        assert_eq!(pages_of(&(PAGE - 1..PAGE + 1)), 0..=1);
        // An empty list has a first page.
        assert_eq!(pages_of(&(0..0)), 0..=0);
    }

    #[test]
    fn the_first_page_leaves_one_that_came_sooner_and_takes_away_those_from_before() {
        let mut pages = BTreeMap::from([(0, "old"), (1, "old"), (3, "new")]);
        begin_with(&mut pages, &BTreeSet::from([3]), "new");
        assert_eq!(pages, BTreeMap::from([(0, "new"), (3, "new")]));
    }
}
