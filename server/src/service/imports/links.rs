//! Linked records that a file names by their titles, or by their ids.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use engine::access::Operation;
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::Shape;
use engine::form::Form;
use engine::text::Fault;
use engine::value::{Id, Value};
use serde_json::Value as Json;
use store::query::{From, Query, Shelf};

use super::cells::Line;
use crate::service::Refusal;
use crate::service::records::{Order, Path, options};

/// Records that are gone through where a title is made of several fields.
const MOST: usize = 20_000;
const PAGE: u32 = 500;

/// Titles that were found, by form and title; they stay the same for a whole import.
#[derive(Clone, Debug, Default)]
pub struct Links(Arc<Mutex<HashMap<(Id, String), Id>>>);

/// A title in a slice: one record, several, or none.
type Found = BTreeMap<(Id, String), Vec<Id>>;

impl Links {
    /// Puts the ids of linked records into the lines; titles that name none or several become faults.
    pub async fn find(&self, tx: &mut store::Tx, order: &Order, lines: &mut [Line]) -> Result<(), Refusal> {
        let mut wanted: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
        for (_, form, title) in lines.iter().flat_map(|line| &line.titles) {
            if self.known(*form, title).is_none() {
                wanted.entry(*form).or_default().insert(title.clone());
            }
        }
        let mut found = Found::new();
        for (form, titles) in wanted {
            self.look(tx, order, form, titles, &mut found).await?;
        }
        for line in lines {
            for (key, form, title) in std::mem::take(&mut line.titles) {
                let ids = found.get(&(form, title.clone())).map(Vec::as_slice).unwrap_or_default();
                let one = self.known(form, &title).or(match ids {
                    [id] => Some(*id),
                    // An id is taken where nothing has it for a title; whether it may be named the save says.
                    [] => title.parse().ok(),
                    _ => None,
                });
                if let Some(id) = one {
                    let id = Json::String(id.to_string());
                    match line.fields.get_mut(&key) {
                        Some(Json::Array(several)) => several.push(id),
                        Some(_) | None => drop(line.fields.insert(key, id)),
                    }
                    continue;
                }
                let code = if ids.is_empty() { "no_such_title" } else { "ambiguous_title" };
                line.faults.push(Fault::new(key, code).arg("title", title));
            }
        }
        Ok(())
    }

    fn known(&self, form: Id, title: &str) -> Option<Id> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(form, title.to_string())).copied()
    }

    async fn look(
        &self,
        tx: &mut store::Tx,
        order: &Order,
        form: Id,
        titles: BTreeSet<String>,
        found: &mut Found,
    ) -> Result<(), Refusal> {
        let there = order.with_form(form, Path::Import)?;
        if !there.access.may(Operation::View) {
            return Ok(());
        }
        let filter = match title_field(&there.compiled.form) {
            Some(field) => called(&there, &field, &titles)?,
            None => Checked::always(),
        };
        let mut from = From::Start;
        let mut seen = 0;
        loop {
            let query = Query {
                shelf: Shelf::Live,
                filter: filter.clone(),
                sort: Vec::new(),
                limit: PAGE,
                from,
                fields: None,
            };
            let page = store::query::page(tx, &there.access, there.table(), &query, &there.context).await?;
            let names = there.seen_titles(tx, &page.records).await?;
            for (record, title) in page.records.iter().zip(names) {
                if titles.contains(&title) {
                    found.entry((form, title)).or_default().push(record.id);
                }
            }
            seen += page.records.len();
            match page.next {
                Some(next) if seen < MOST => from = From::After(next),
                Some(_) | None => break,
            }
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, ids) in found.iter() {
            if let [id] = ids.as_slice() {
                known.insert(name.clone(), *id);
            }
        }
        Ok(())
    }
}

/// The one text that the title is, if it is nothing else.
fn title_field(form: &Form) -> Option<String> {
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
