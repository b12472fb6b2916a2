//! Linked records that a file names by their titles, or by their ids.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::access::Operation;
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::Shape;
use engine::form::Form;
use engine::text::Fault;
use engine::value::{Id, Value};
use serde_json::Value as Json;
use store::Reader;
use store::query::{From, Query, Shelf};

use super::cells::{Line, Title, id_in};
use super::titled::{Titled, go_through};
use crate::service::Refusal;
use crate::service::records::{Order, Path, options};

/// Records of one title, or of those that a slice names, that are read.
const MOST: usize = 20_000;
const PAGE: u32 = 500;
/// Titles that are kept for the slices to come.
const MOST_KNOWN: usize = 50_000;
/// Records of a form that are kept by titles of several fields; of a larger form those that a slice names are looked for
/// each time.
pub const MOST_TITLED: usize = 200_000;

/// What titles stand for, as far as it was found; shared by all slices of an import.
#[derive(Clone, Debug)]
pub struct Links {
    known: Arc<Mutex<Known>>,
    most_titled: usize,
}

impl Default for Links {
    fn default() -> Links {
        Links { known: Arc::default(), most_titled: MOST_TITLED }
    }
}

#[derive(Debug, Default)]
struct Known {
    /// By form and title; they stay the same for a whole import. Of very many, some are looked for again.
    titles: HashMap<(Id, String), Id>,
    /// Forms whose titles are made of several fields, by form and version.
    forms: HashMap<(Id, i64), Called>,
}

/// What is known of a form whose titles are made of several fields.
#[derive(Debug)]
enum Called {
    All(Titled),
    /// There are too many to keep them all: those that the lines at hand name.
    Named(Found),
}

/// The records of each title; none where there is none.
type Found = BTreeMap<String, Vec<Id>>;

impl Links {
    /// Reads, beside the writer, the titles that no question to the database finds, as far as these lines need them.
    ///
    /// # Errors
    /// Not found where a form is gone; when the database can't be read.
    pub async fn read(&self, order: &Order, lines: &[Line]) -> Result<(), Refusal> {
        for (form, titles) in self.wanted(order, lines, |_| true) {
            let there = order.with_form(form, Path::Import)?;
            if there.access.may(Operation::View) && title_field(&there.compiled.form).is_none() {
                self.read_form(order, &there, &titles).await?;
            }
        }
        Ok(())
    }

    async fn read_form(
        &self,
        order: &Order,
        there: &Order,
        titles: &BTreeSet<String>,
    ) -> Result<(), Refusal> {
        let place = (there.form, there.table().version);
        // What rows have made of the form itself is new in every slice.
        let is_found =
            |all: &Titled| there.form != order.form && titles.iter().all(|title| all.find(title).len() == 1);
        let known = self.lock().forms.remove(&place);
        let known = match known {
            Some(Called::All(mut all)) => {
                if !is_found(&all) {
                    all.refresh(there).await?;
                }
                Some(all)
            }
            Some(Called::Named(_)) => None,
            None => Titled::read(there, self.most_titled).await?,
        };
        let called = match known {
            Some(all) => Called::All(all),
            None => Called::Named(named(there, titles).await?),
        };
        self.lock().forms.insert(place, called);
        Ok(())
    }

    /// Puts the ids of linked records into the lines; titles that name none or several become faults. Those of records of the
    /// form itself stay: what they stand for may change with every row.
    ///
    /// # Errors
    /// As [`Links::read`].
    pub async fn find(&self, tx: &mut store::Tx, order: &Order, lines: &mut [Line]) -> Result<(), Refusal> {
        let mut found: BTreeMap<Id, Found> = BTreeMap::new();
        for (form, titles) in self.wanted(order, lines, |form| form != order.form) {
            let there = self.look(tx, order, form, &titles).await?;
            self.keep(form, &there);
            found.insert(form, there);
        }
        for line in lines {
            let titles = std::mem::take(&mut line.titles);
            let (own, others): (Vec<Title>, Vec<Title>) =
                titles.into_iter().partition(|title| title.form == order.form);
            line.titles = own;
            for title in others {
                let ids = match self.lock().titles.get(&(title.form, title.title.clone())) {
                    Some(id) => vec![*id],
                    None => found
                        .get(&title.form)
                        .and_then(|found| found.get(&title.title))
                        .cloned()
                        .unwrap_or_default(),
                };
                put(line, title, &ids);
            }
        }
        Ok(())
    }

    /// The titles in these lines of forms that are asked for, as far as what they stand for is not known.
    fn wanted(
        &self,
        order: &Order,
        lines: &[Line],
        is_asked: impl Fn(Id) -> bool,
    ) -> BTreeMap<Id, BTreeSet<String>> {
        let known = self.lock();
        let mut wanted: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
        for Title { form, title, .. } in lines.iter().flat_map(|line| &line.titles) {
            let is_known = *form != order.form && known.titles.contains_key(&(*form, title.clone()));
            if is_asked(*form) && !is_known {
                wanted.entry(*form).or_default().insert(title.clone());
            }
        }
        wanted
    }

    /// The records of a form that are called so and that the reader of the order sees.
    ///
    /// # Errors
    /// As [`Links::read`].
    pub async fn look(
        &self,
        tx: &mut store::Tx,
        order: &Order,
        form: Id,
        titles: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Vec<Id>>, Refusal> {
        let there = order.with_form(form, Path::Import)?;
        if !there.access.may(Operation::View) {
            return Ok(Found::new());
        }
        match title_field(&there.compiled.form) {
            Some(field) => asked(tx, &there, &field, titles).await,
            None => Ok(self.called(&there, titles)),
        }
    }

    /// What was read of a form for these titles.
    fn called(&self, there: &Order, titles: &BTreeSet<String>) -> Found {
        let known = self.lock();
        let called = known.forms.get(&(there.form, there.table().version));
        let ids = |title: &String| match called {
            Some(Called::All(all)) => all.find(title),
            Some(Called::Named(found)) => found.get(title).cloned().unwrap_or_default(),
            None => Vec::new(),
        };
        titles.iter().map(|title| (title.clone(), ids(title))).collect()
    }

    fn keep(&self, form: Id, found: &Found) {
        let mut known = self.lock();
        if known.titles.len() > MOST_KNOWN {
            known.titles.clear();
        }
        for (title, ids) in found {
            if let [id] = ids.as_slice() {
                known.titles.insert((form, title.clone()), *id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts the record that a title stands for into its place, or says that it stands for none or for several.
pub fn put(line: &mut Line, title: Title, ids: &[Id]) {
    let Title { place, title, is_many, .. } = title;
    let one = match ids {
        [id] => Some(*id),
        // An id is taken where nothing has it for a title, alone or behind a title; whether it may be named the save says.
        [] => id_in(&title),
        _ => None,
    };
    if let Some(id) = one {
        place.put(&mut line.fields, Json::String(id.to_string()), is_many);
        return;
    }
    let code = if ids.is_empty() { "no_such_title" } else { "ambiguous_title" };
    line.faults.push(Fault::new(place.path(), code).arg("title", title));
}

/// The records whose titles are one of these, where the title is a field.
pub async fn asked(
    db: &mut Reader,
    there: &Order,
    field: &str,
    titles: &BTreeSet<String>,
) -> Result<Found, Refusal> {
    let filter = called(there, field, titles)?;
    let (mut found, mut from, mut seen) = (Found::new(), From::Start, 0);
    loop {
        let (filter, sort) = (filter.clone(), Vec::new());
        let query = Query { shelf: Shelf::Live, filter, sort, limit: PAGE, from, fields: None };
        let page = store::query::page(db, &there.access, there.table(), &query, &there.context).await?;
        let names = there.seen_titles(db, &page.records).await?;
        for (record, title) in page.records.iter().zip(names) {
            if titles.contains(&title) {
                found.entry(title).or_default().push(record.id);
            }
        }
        seen += page.records.len();
        match page.next {
            Some(next) if seen < MOST => from = From::After(next),
            Some(_) | None => return Ok(found),
        }
    }
}

/// The records whose titles are one of these, found by going through all.
async fn named(there: &Order, titles: &BTreeSet<String>) -> Result<Found, Refusal> {
    let mut found = Found::new();
    go_through(there, &Checked::always(), |id, title| {
        if titles.contains(title) {
            found.entry(title.to_string()).or_default().push(id);
        }
        true
    })
    .await?;
    Ok(found)
}

/// The one text that the title is, if it is nothing else.
pub fn title_field(form: &Form) -> Option<String> {
    let fields = options::title_fields(form);
    let [field] = fields.as_slice() else { return None };
    let is_whole = match &form.sketch.document.title {
        Some(pattern) => pattern.trim() == format!("{{{field}}}"),
        None => true,
    };
    let is_text = form.column(field).is_some_and(|column| column.shape == Shape::Text);
    (is_whole && is_text).then(|| field.clone())
}

fn called(there: &Order, field: &str, titles: &BTreeSet<String>) -> Result<Checked, Refusal> {
    let (_, kind) = there.find(field, field)?;
    Ok(Checked::Test(Box::new(CheckedTest {
        reach: Reach::own(field),
        kind,
        op: Operator::In,
        operand: CheckedOperand::List(titles.iter().map(|title| Value::text(title.as_str())).collect()),
        matching: Match::Any,
    })))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::cells::Place;
    use super::*;
    use crate::service::testing::{app, create, form, on_an_installation};

    fn line(form: &str, title: &str) -> Line {
        let mut line = Line::empty();
        let place = Place { field: "contact".to_string(), inner: None };
        let (form, title) = (form.parse().unwrap(), title.to_string());
        line.titles.push(Title { place, form, title, is_many: false });
        line
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn titles_of_several_fields_are_found_in_forms_of_any_size_and_as_they_change() {
        on_an_installation("titles_of_links", async |installation, caller| {
            let app = app(installation, caller).await;
            let contact = json!({"key": "contact", "label": "c", "title": "{name} {code}", "fields": [
                {"key": "name", "label": "n", "kind": "text"}, {"key": "code", "label": "c", "kind": "text"}]});
            let contact = form(installation, caller, &app, contact).await;
            let deal = json!({"key": "deal", "label": "d", "fields": [
                {"key": "contact", "label": "c", "kind": "link", "options": {"form": "contact"}}]});
            let deal = form(installation, caller, &app, deal).await;
            let add = async |code: &str| {
                let fields = json!({"name": "N", "code": code});
                create(installation, caller, &contact, fields, None).await.to_string()
            };
            let find = async |links: &Links, title: &str| {
                let order = Order::to_read(installation, caller, &deal).await.unwrap();
                let mut lines = vec![line(&contact, title)];
                links.read(&order, &lines).await.unwrap();
                let links = links.clone();
                let found = installation.write(move |tx| {
                    Box::pin(async move {
                        links.find(tx, &order, &mut lines).await?;
                        Ok(lines)
                    })
                });
                let line = found.await.unwrap().remove(0);
                let fault = line.faults.first().map(|fault| fault.code.to_string());
                line.fields.get("contact").and_then(Json::as_str).map(str::to_string).or(fault)
            };
            let mut made = Vec::new();
            for code in 0..5 {
                made.push(add(&code.to_string()).await);
            }
            // One that keeps all of them, and one to which they are too many.
            for most_titled in [100, 2] {
                let links = Links { most_titled, ..Links::default() };
                for (code, id) in made.iter().enumerate() {
                    assert_eq!(find(&links, &format!("N {code}")).await.as_ref(), Some(id));
                }
                let new = format!("new {most_titled}");
                let title = format!("N {new}");
                assert_eq!(find(&links, &title).await.as_deref(), Some("no_such_title"));
                let id = add(&new).await;
                assert_eq!(find(&links, &title).await, Some(id), "it was made since");
                let again = Links { most_titled, ..Links::default() };
                add(&new).await;
                assert_eq!(find(&again, &title).await.as_deref(), Some("ambiguous_title"));
            }
        })
        .await;
    }
}
