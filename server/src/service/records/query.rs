//! Lists of records: filter, sort, pages, counts.

use std::cell::RefCell;

use engine::access::{Access, FieldRight, Operation};
use engine::condition::{Checked, Condition, Reach};
use engine::field::FieldKind;
use engine::form::SeenForm;
use engine::text::{Fault, Faults};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::query::{Cursor, From, Shelf, Sort};
use wire::records::{Query, QueryAnswer, Record, SortBy};

use super::counting::{Counting, Seen};
use super::{Order, Search};
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::{Installation, Refusal, views};

/// Records of one page at most, and when nothing is said.
const MOST: u32 = 500;
const USUAL: u32 = 50;
/// An offset further down is refused; a cursor goes on from anywhere.
const FURTHEST: u64 = 10_000_000;
/// Fields that one list is sorted by at most.
const MOST_SORTS: usize = 10;
/// Comparisons of one filter at most.
const MOST_TESTS: usize = 50;
/// Bytes that the records of one page come to: where there would be more the page ends earlier, and the next goes on from there.
const LARGEST: usize = 5 << 20;
/// Bytes of a record without its fields, as a rule.
const BARE: usize = 1 << 10;

/// # Errors
/// Not found; faults of the filter, the sort, the limit or the cursor.
pub async fn query(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    query: &Query,
) -> Result<QueryAnswer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let order = order.by_group(query.permission_group.as_deref())?;
    let shelf = order.shelf(query)?;
    let by_view = views::of_query(&order, query).await?;
    let query: &Query = &by_view;
    let limit = checked_limit(query.limit)?;
    let filter = order.filter(query.filter.as_ref(), "filter")?;
    let search = Search::new(query.q.as_ref(), query.q_fields.as_ref());
    order.check_search(&search)?;
    let sort = order.sort(&query.sort)?;
    if let Shelf::Drafts(_) = shelf {
        order.check_sort_of_drafts(&sort)?;
    }
    let bound = binding(&order, query)?;
    let from = match (&query.cursor, query.offset) {
        (Some(_), Some(_)) => return Err(Refusal::fault("offset", "cursor_or_offset")),
        (Some(cursor), None) => From::After(open_cursor(installation, cursor, &bound)?),
        (None, Some(offset)) if offset > FURTHEST => {
            return Err(Refusal::invalid(vec![Fault::new("offset", "too_large").arg("max", FURTHEST)]));
        }
        (None, Some(offset)) => From::Offset(offset),
        (None, None) => From::Start,
    };
    let fields = order.wanted(query.fields.as_deref())?;
    let held = query.fields.as_ref().map(|_| order.with_reads(&fields));
    let mut db = order.reader().await?;
    let filter = filter.and(order.searched(&mut db, shelf, &search).await?);
    let drafts = Access::system("a draft is its creator's own");
    let (access, filter) = match shelf {
        // It is theirs whatever rows it lies in; what it links to is seen by their own rights.
        Shelf::Drafts(_) => (&drafts, order.access.guard(filter)),
        Shelf::Live | Shelf::Bin(_) => (&order.access, filter),
    };
    let asked =
        store::query::Query { shelf, filter: filter.clone(), sort, limit, from, fields: held.clone() };
    let before = match &asked.from {
        From::Offset(offset) => Some(*offset),
        From::Start => Some(0),
        From::After(_) => None,
    };
    let counting = Counting::begin(&order, &mut db, access, (shelf, &filter), query.count).await?;
    let page = store::query::page(&mut db, access, order.table(), &asked, &order.context).await?;
    let mut items = order.view_all(&mut db, &page.records, Some(&fields), held.as_deref()).await?;
    let whole = items.len();
    items.truncate(fitting(&items, LARGEST));
    let titles = match query.titles {
        true => {
            let listed = page.records.get(..items.len()).unwrap_or_default();
            let mut titles = order.titles(&mut db, listed, &fields).await?;
            order.file_names(&mut db, &items, &mut titles).await?;
            Some(titles)
        }
        false => None,
    };
    let seen = Seen { before, records: page.records.len() as u64, is_last: page.next.is_none() };
    let count = counting.finish(&mut db, seen).await?;
    let next = if items.len() < whole { page.after(items.len().saturating_sub(1)) } else { page.next };
    let next = next.map(|cursor| bound_cursor(installation, &cursor, &bound)).transpose()?;
    Ok(QueryAnswer { items, next, count, titles })
}

/// How many records, from the first on, come to no more than so many bytes. One is always given.
fn fitting(records: &[Record], most: usize) -> usize {
    let mut bytes = 0;
    let fits = |record: &&Record| {
        bytes += BARE + record.fields.iter().map(|(key, value)| key.len() + weight(value)).sum::<usize>();
        bytes <= most
    };
    records.iter().take_while(fits).count().max(1)
}

/// Bytes of a value as it goes out, nearly.
fn weight(value: &Json) -> usize {
    /// Of what stands around and between.
    const AROUND: usize = 4;
    AROUND
        + match value {
            Json::String(text) => text.len(),
            Json::Array(values) => values.iter().map(weight).sum(),
            Json::Object(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum(),
            Json::Number(_) => 12,
            Json::Null | Json::Bool(_) => 0,
        }
}

pub fn checked_limit(limit: Option<u32>) -> Result<u32, Refusal> {
    let limit = limit.unwrap_or(USUAL);
    match limit {
        0 => Err(Refusal::invalid(vec![Fault::new("limit", "too_small").arg("min", 1)])),
        _ if limit > MOST => Err(Refusal::invalid(vec![Fault::new("limit", "too_large").arg("max", MOST)])),
        _ => Ok(limit),
    }
}

/// What a cursor is bound to: who asks, and for which list.
fn binding(order: &Order, query: &Query) -> Result<String, Refusal> {
    let found = (&query.filter, &query.q, &query.q_fields);
    let list = (found, &query.sort, &query.permission_group, query.deleted, query.drafts);
    let list = serde_json::to_vec(&list).map_err(Refusal::internal)?;
    Ok(format!("cursor {} {} {}", order.caller.id(), order.form, hex(&Sha256::digest(list))))
}

/// A cursor as whoever holds it may keep it; it leads on in no list but that one.
///
/// # Errors
/// When it can't be sealed.
pub fn bound_cursor(installation: &Installation, cursor: &Cursor, bound: &str) -> Result<String, Refusal> {
    let text = serde_json::to_string(cursor).map_err(Refusal::internal)?;
    installation.seal.close(&text, bound)
}

/// The cursor that was sealed for a list.
///
/// # Errors
/// `bad_cursor`.
pub fn open_cursor(installation: &Installation, cursor: &str, bound: &str) -> Result<Cursor, Refusal> {
    let bad = || Refusal::fault("cursor", "bad_cursor");
    let text = installation.seal.open(cursor, bound).ok_or_else(bad)?;
    serde_json::from_str(&text).map_err(|_| bad())
}

impl Order {
    /// A filter as the caller may ask it: a field that they may never see is one that does not exist.
    pub fn filter(&self, condition: Option<&Condition>, path: &str) -> Result<Checked, Refusal> {
        let Some(condition) = condition else { return Ok(Checked::always()) };
        let at = |faults: Faults| {
            let faults = faults.into_iter().map(|fault| Fault { path: path.to_string(), ..fault });
            Refusal::invalid(faults.collect())
        };
        if condition.tests().len() > MOST_TESTS {
            return Err(Refusal::invalid(vec![Fault::new(path, "too_many").arg("max", MOST_TESTS)]));
        }
        self.as_seen(|seen| seen.check(condition))?.map_err(at)
    }

    /// Asks something of the form as the caller sees it: a field that they may never see is one that does not exist.
    ///
    /// # Errors
    /// When what a linked form opens can't be found out.
    pub fn as_seen<T>(&self, asked: impl FnOnce(&SeenForm<'_>) -> T) -> Result<T, Refusal> {
        let failed = RefCell::new(None);
        let sees = |reach: &Reach| {
            self.may_ask(reach).unwrap_or_else(|refusal| {
                *failed.borrow_mut() = Some(refusal);
                false
            })
        };
        let seen = SeenForm { form: &self.compiled.form, catalogue: &*self.designs, sees: &sees };
        let answer = asked(&seen);
        match failed.take() {
            Some(refusal) => Err(refusal),
            None => Ok(answer),
        }
    }

    /// Whether the caller may see, on some record, every field on the way.
    pub fn may_ask(&self, reach: &Reach) -> Result<bool, Refusal> {
        let is_open =
            |access: &Access, path: &str| path.starts_with('$') || access.right(path) >= FieldRight::Read;
        if !is_open(&self.access, &reach.own_path()) {
            return Ok(false);
        }
        let mut hops = reach.hops.iter().peekable();
        while let Some((_, target)) = hops.next() {
            let next = hops.peek().map_or(reach.field.as_str(), |(link, _)| link.as_str());
            if !is_open(&self.access_to(*target)?, next) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The field that a path names, where the caller may see it.
    ///
    /// # Errors
    /// `unknown_field` and its kin, at `at`.
    pub fn find(&self, path: &str, at: &str) -> Result<(Reach, FieldKind), Refusal> {
        let found = self.as_seen(|seen| seen.find(path))?;
        found.map_err(|fault| Refusal::invalid(vec![Fault { path: at.to_string(), ..fault }]))
    }

    /// The sort that was asked for; the newest first where nothing was.
    ///
    /// # Errors
    /// Faults of its fields.
    pub fn sort(&self, asked: &[SortBy]) -> Result<Vec<Sort>, Refusal> {
        let newest = [SortBy { field: "$created_at".to_string(), desc: true }];
        if asked.len() > MOST_SORTS {
            return Err(Refusal::invalid(vec![Fault::new("sort", "too_many").arg("max", MOST_SORTS)]));
        }
        let asked = if asked.is_empty() { &newest } else { asked };
        asked
            .iter()
            .enumerate()
            .map(|(place, sort)| {
                let (reach, kind) = self.find(&sort.field, &format!("sort.{place}"))?;
                Ok(Sort { reach, kind, descending: sort.desc })
            })
            .collect()
    }

    /// The fields to give: those named, or all but sub-forms.
    fn wanted(&self, named: Option<&[String]>) -> Result<Vec<String>, Refusal> {
        let form = &self.compiled.form;
        let Some(named) = named else {
            let plain = form.fields().filter(|column| column.field.columns().is_empty());
            return Ok(plain.map(|column| column.path.clone()).collect());
        };
        // A record always has its system fields; naming them asks for nothing more.
        self.check_known(named, "fields")?;
        Ok(named.to_vec())
    }

    /// Which records are asked for: what is there, for those who may see some of it, the recycle bin for those who may
    /// delete, and their own drafts for those who may make some, too.
    fn shelf(&self, query: &Query) -> Result<Shelf, Refusal> {
        let may = |operation| self.access.may(operation);
        let sees_some = may(Operation::View) || (query.drafts && may(Operation::Create));
        if !sees_some {
            return Err(Refusal::forbidden("forbidden"));
        }
        match (query.deleted, query.drafts) {
            (true, true) => Err(Refusal::fault("drafts", "deleted_or_drafts")),
            (true, false) => self.bin(),
            (false, true) => Ok(Shelf::Drafts(self.caller.id())),
            (false, false) => Ok(Shelf::Live),
        }
    }

    /// The order of drafts tells nothing of records that they link to: a draft may link to one that its maker does not see.
    fn check_sort_of_drafts(&self, sort: &[Sort]) -> Result<(), Refusal> {
        let through = sort.iter().position(|sort| !sort.reach.hops.is_empty());
        match through.filter(|_| !self.is_administrator()) {
            None => Ok(()),
            Some(place) => Err(Refusal::fault(format!("sort.{place}"), "not_sortable")),
        }
    }

    /// The recycle bin, for those who may delete.
    fn bin(&self) -> Result<Shelf, Refusal> {
        if self.access.may(Operation::Delete) {
            Ok(Shelf::Bin(self.caller.id()))
        } else {
            Err(Refusal::forbidden("forbidden"))
        }
    }

    /// This order with what one group alone shows, where one is named.
    ///
    /// # Errors
    /// `unknown_group` for one that does not name the caller, or is switched off.
    pub fn by_group(self, key: Option<&str>) -> Result<Order, Refusal> {
        let Some(key) = key else { return Ok(self) };
        let access = self.access_of_group(key)?;
        Ok(Order { access, ..self })
    }

    /// What one group alone would show.
    fn access_of_group(&self, key: &str) -> Result<Access, Refusal> {
        let unknown = || Refusal::fault("permission_group", "unknown_group");
        let design = self.design()?;
        let mut groups = design.groups.iter().map(|group| &group.document).enumerate();
        let (place, group) = groups.find(|(_, group)| group.key == key).ok_or_else(unknown)?;
        let mine = self.is_administrator() || crate::service::designs::names(&group.who, &self.caller);
        let grant = self.compiled.grants.get(place).cloned().flatten();
        match grant.filter(|_| mine && group.enabled) {
            Some(grant) => Ok(self.access.by_group(grant)),
            None => Err(unknown()),
        }
    }
}
