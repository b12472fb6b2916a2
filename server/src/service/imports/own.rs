//! Records of the form itself that rows name by their titles. A row finds what stood there before its slice and what the rows
//! before it have made of that, as if each had been saved before the next one was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::Operation;
use engine::value::Id;
use store::Tx;

use super::cells::Line;
use super::links::{Links, put};
use crate::service::Refusal;
use crate::service::records::Order;

/// What titles stand for while a slice is saved.
pub struct Own {
    order: Arc<Order>,
    links: Links,
    /// By title, as far as they were looked for.
    found: BTreeMap<String, Vec<Id>>,
    /// What the records that were saved in this slice are called now; nothing where who imports does not see them.
    saved: BTreeMap<Id, Option<String>>,
}

impl Own {
    pub fn new(order: &Arc<Order>, links: &Links) -> Own {
        Own { order: order.clone(), links: links.clone(), found: BTreeMap::new(), saved: BTreeMap::new() }
    }

    /// Looks for the titles in these lines, as far as they were not looked for yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn look(&mut self, tx: &mut Tx, lines: &[Line]) -> Result<(), Refusal> {
        let titles = lines.iter().flat_map(|line| &line.titles).map(|title| &title.title);
        let titles: BTreeSet<String> =
            titles.filter(|title| !self.found.contains_key(*title)).cloned().collect();
        if titles.is_empty() {
            return Ok(());
        }
        let mut found = self.links.look(tx, &self.order, self.order.form, &titles).await?;
        for title in titles {
            let ids = found.remove(&title).unwrap_or_default();
            self.found.insert(title, ids);
        }
        Ok(())
    }

    /// Puts the records that the titles of a line stand for by now into it; titles that name none or several become faults.
    ///
    /// # Errors
    /// As [`Own::look`].
    pub async fn put(&mut self, tx: &mut Tx, line: &mut Line) -> Result<(), Refusal> {
        self.look(tx, std::slice::from_ref(line)).await?;
        for title in std::mem::take(&mut line.titles) {
            let ids = self.called(&title.title);
            put(line, title, &ids);
        }
        Ok(())
    }

    fn called(&self, title: &str) -> Vec<Id> {
        let before = self.found.get(title).into_iter().flatten().filter(|id| !self.saved.contains_key(*id));
        let saved = self.saved.iter().filter(|(_, called)| called.as_deref() == Some(title));
        before.copied().chain(saved.map(|(id, _)| *id)).collect()
    }

    /// Notes what a record is called that a row has just made or changed, and gives it.
    ///
    /// # Errors
    /// As [`Own::look`].
    pub async fn saw(&mut self, tx: &mut Tx, id: Id) -> Result<Option<String>, Refusal> {
        let title = title_of(tx, &self.order, id).await?;
        self.saved.insert(id, title.clone());
        Ok(title)
    }
}

/// What a record is called for who imports; nothing where they do not see it.
///
/// # Errors
/// When the database can't be read.
pub async fn title_of(tx: &mut Tx, order: &Order, id: Id) -> Result<Option<String>, Refusal> {
    if !order.access.may(Operation::View) {
        return Ok(None);
    }
    let record = store::record::get(tx, &order.access, order.table(), id, &order.context).await?;
    let Some(record) = record.filter(|record| record.system.is_live()) else { return Ok(None) };
    Ok(order.seen_titles(tx, std::slice::from_ref(&record)).await?.pop())
}
