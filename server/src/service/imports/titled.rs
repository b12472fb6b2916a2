//! Records of a form by what they are called, where that is made of several fields, so that no question to the database
//! finds it: read once for an import, beside the writer, and from then on only what was made or changed since.

use std::collections::{BTreeSet, HashMap};

use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::form::system_kind;
use engine::record::title_fields;
use engine::value::{Id, Timestamp, Value};
use jiff::SignedDuration;
use store::query::{From, Query, Shelf};

use crate::service::records::Order;
use crate::service::records::unique::{Name, name};
use crate::service::{Refusal, clock};

const PAGE: u32 = 500;
/// When a record was changed.
const CHANGED: &str = "$updated_at";
/// What is stored may bear a time that is a little earlier.
const LATE: SignedDuration = SignedDuration::from_secs(5);

/// The records of a form by their titles, of which a part of a hash is kept.
#[derive(Debug)]
pub struct Titled {
    by_title: BTreeSet<(Name, i64)>,
    titles: HashMap<Id, Name>,
    /// What was changed before is known.
    since: Timestamp,
}

impl Titled {
    /// Reads the titles of all records that the reader of the form sees; nothing where there are more than `most`.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn read(there: &Order, most: usize) -> Result<Option<Titled>, Refusal> {
        let mut titled = Titled { by_title: BTreeSet::new(), titles: HashMap::new(), since: before_now()? };
        let took_all = go_through(there, &Checked::always(), |id, title| {
            titled.put(id, title);
            titled.titles.len() <= most
        })
        .await?;
        Ok(took_all.then_some(titled))
    }

    /// Reads what was made or changed since.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn refresh(&mut self, there: &Order) -> Result<(), Refusal> {
        let since = before_now()?;
        let Some(changed) = changed_since(self.since) else { return Ok(()) };
        go_through(there, &changed, |id, title| {
            self.put(id, title);
            true
        })
        .await?;
        self.since = since;
        Ok(())
    }

    fn put(&mut self, id: Id, title: &str) {
        let title = name(title);
        if let Some(former) = self.titles.insert(id, title) {
            self.by_title.remove(&(former, id.as_i64()));
        }
        self.by_title.insert((title, id.as_i64()));
    }

    /// The records of a title.
    pub fn find(&self, title: &str) -> Vec<Id> {
        let title = name(title);
        let called_so = self.by_title.range((title, i64::MIN)..=(title, i64::MAX));
        called_so.filter_map(|(_, id)| Id::from_i64(*id)).collect()
    }
}

/// Goes through the records of a form that its reader sees, page by page beside the writer, until `take` has enough. Gives
/// whether it went to the end.
///
/// # Errors
/// When the database can't be read.
pub async fn go_through(
    there: &Order,
    filter: &Checked,
    mut take: impl FnMut(Id, &str) -> bool,
) -> Result<bool, Refusal> {
    let fields = title_fields(&there.compiled.form).into_iter().map(|column| column.path.clone());
    let fields = there.with_reads(&fields.collect::<Vec<String>>());
    let mut from = From::Start;
    loop {
        let (filter, fields) = (filter.clone(), Some(fields.clone()));
        let query = Query { shelf: Shelf::Live, filter, sort: Vec::new(), limit: PAGE, from, fields };
        let mut db = there.reader().await?;
        let page = store::query::page(&mut db, &there.access, there.table(), &query, &there.context).await?;
        let titles = there.seen_titles(&mut db, &page.records).await?;
        drop(db);
        for (record, title) in page.records.iter().zip(&titles) {
            if !take(record.id, title) {
                return Ok(false);
            }
        }
        match page.next {
            Some(next) => from = From::After(next),
            None => return Ok(true),
        }
    }
}

fn before_now() -> Result<Timestamp, Refusal> {
    clock::now().checked_sub(LATE).map_err(Refusal::internal)
}

fn changed_since(since: Timestamp) -> Option<Checked> {
    Some(Checked::Test(Box::new(CheckedTest {
        reach: Reach::own(CHANGED),
        kind: system_kind(CHANGED)?,
        op: Operator::Gte,
        operand: CheckedOperand::Value(Value::DateTime(since)),
        matching: Match::Any,
    })))
}
