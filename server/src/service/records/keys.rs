//! Records that are named by what is in some of their fields, in place of an id.

use std::collections::BTreeMap;

use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::{FieldKind, Shape};
use engine::value::{Id, Value, get};
use store::query::{Cursor, From, Query, Shelf};
use store::{Reader, Tx};
use wire::records::Fields;

use super::Order;
use crate::service::Refusal;

/// Keys that are looked for in one question.
const CHUNK: usize = 500;
/// Records of one answer.
const PAGE: u32 = 500;

/// A field of a key, and what a row has for it.
type Part = (Reach, FieldKind, Value);

/// The records that the keys of several rows name, looked for together: where no index helps, each question reads the
/// whole form, and meanwhile nobody else writes.
pub struct Named(BTreeMap<String, Vec<(Id, i64)>>);

impl Named {
    /// Looks for the records of these rows: the place of each, the fields of its key, what it has in them. `None` where a
    /// field of the key is none that a record holds itself, with one value.
    ///
    /// # Errors
    /// When the database can't be read. What is wrong with a key is told by who looks at its row.
    pub async fn look(
        tx: &mut Tx,
        order: &Order,
        rows: &[(&str, &[String], &Fields)],
    ) -> Result<Option<Named>, Refusal> {
        let mut named = Named(BTreeMap::new());
        for chunk in rows.chunks(CHUNK) {
            let parts = chunk.iter().filter_map(|(place, key, row)| key_values(order, place, key, row).ok());
            let parts: Vec<Vec<Part>> = parts.collect();
            let Some(first) = parts.first() else { continue };
            if !first.iter().all(|(reach, kind, _)| is_plain(order, reach, kind)) {
                return Ok(None);
            }
            named.add(tx, order, &parts).await?;
        }
        Ok(Some(named))
    }

    /// Adds the records that have one of the wanted values in every field of the key; which of them belong together is
    /// seen in the records.
    async fn add(&mut self, tx: &mut Tx, order: &Order, wanted: &[Vec<Part>]) -> Result<(), Refusal> {
        let Some(first) = wanted.first() else { return Ok(()) };
        let key: Vec<(Reach, FieldKind)> =
            first.iter().map(|(reach, kind, _)| (reach.clone(), kind.clone())).collect();
        let tests = key.iter().enumerate().map(|(place, (reach, kind))| {
            let values = wanted.iter().filter_map(|parts| parts.get(place));
            let operand = CheckedOperand::List(values.map(|(.., value)| value.clone()).collect());
            compared(reach.clone(), kind.clone(), Operator::In, operand)
        });
        let filter = Checked::All(tests.collect());
        let mut after: Option<Cursor> = None;
        loop {
            let query = Query {
                shelf: Shelf::Live,
                filter: filter.clone(),
                sort: Vec::new(),
                limit: PAGE,
                from: after.take().map_or(From::Start, From::After),
                fields: Some(key.iter().map(|(reach, _)| reach.field.clone()).collect()),
            };
            let page = store::query::page(tx, &order.access, order.table(), &query, &order.context).await?;
            for record in &page.records {
                let parts = key.iter().map(|(reach, kind)| {
                    (reach.clone(), kind.clone(), get(&record.values, &reach.field).clone())
                });
                let known = self.0.entry(name_of(&parts.collect::<Vec<Part>>())?).or_default();
                if known.len() < 2 && !known.iter().any(|(id, _)| *id == record.id) {
                    known.push((record.id, record.version));
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The one record that a name of [`name_of`] stands for, and its version.
    ///
    /// # Errors
    /// `ambiguous_key` where there are several.
    pub fn find(&self, place: &str, name: &str) -> Result<Option<(Id, i64)>, Refusal> {
        only(place, self.0.get(name).map(Vec::as_slice).unwrap_or_default())
    }
}

/// Whether a record holds the field itself, with one value that is found as it is named.
fn is_plain(order: &Order, reach: &Reach, kind: &FieldKind) -> bool {
    let is_stored = order.compiled.form.column(&reach.field).is_some_and(|column| !column.is_live());
    let is_single = matches!(
        kind.shape(),
        Shape::Text
            | Shape::Parts
            | Shape::Decimal(_)
            | Shape::Day
            | Shape::Instant
            | Shape::TimeOfDay
            | Shape::Key
            | Shape::Ref
    );
    reach.hops.is_empty() && reach.subform().is_none() && is_stored && is_single
}

/// A text that keys share whenever their values are the same.
///
/// # Errors
/// None that can be foreseen.
pub fn name_of(parts: &[Part]) -> Result<String, Refusal> {
    let name: Vec<_> = parts.iter().map(|(_, kind, value)| kind.to_json(value)).collect();
    serde_json::to_string(&name).map_err(Refusal::internal)
}

/// The one record with these key values that the caller may see, and its version.
///
/// # Errors
/// `ambiguous_key` where there are several; faults of the key.
pub async fn find_by_key(
    db: &mut Reader,
    order: &Order,
    place: &str,
    key: &[String],
    fields: &Fields,
) -> Result<Option<(Id, i64)>, Refusal> {
    let values = key_values(order, place, key, fields)?;
    let equals = |(reach, kind, value)| compared(reach, kind, Operator::Eq, CheckedOperand::Value(value));
    let query = Query {
        shelf: Shelf::Live,
        filter: Checked::All(values.into_iter().map(equals).collect()),
        sort: Vec::new(),
        limit: 2,
        from: From::Start,
        fields: Some(Vec::new()),
    };
    let page = store::query::page(db, &order.access, order.table(), &query, &order.context).await?;
    let found: Vec<(Id, i64)> = page.records.iter().map(|record| (record.id, record.version)).collect();
    only(place, &found)
}

fn only(place: &str, found: &[(Id, i64)]) -> Result<Option<(Id, i64)>, Refusal> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(Refusal::fault(place, "ambiguous_key")),
    }
}

/// The fields of a key with the values that a row has for them.
///
/// # Errors
/// Fields that the caller can't name, values that they can't hold, and `required` for an empty one.
pub fn key_values(order: &Order, place: &str, key: &[String], fields: &Fields) -> Result<Vec<Part>, Refusal> {
    let mut values = Vec::with_capacity(key.len());
    for field in key {
        let path = format!("{place}.fields.{field}");
        let (reach, kind) = order.find(field, &path)?;
        let json = fields.get(field).cloned().unwrap_or_default();
        let value = kind.parse(&json).map_err(|fault| Refusal::invalid(vec![fault.under(&path)]))?;
        if value.is_empty() {
            return Err(Refusal::fault(path, "required"));
        }
        values.push((reach, kind, value));
    }
    Ok(values)
}

fn compared(reach: Reach, kind: FieldKind, op: Operator, operand: CheckedOperand) -> Checked {
    Checked::Test(Box::new(CheckedTest { reach, kind, op, operand, matching: Match::Any }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::service::records::bulk;
    use crate::service::testing::{app, form, on_an_installation};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn rows_of_an_upsert_look_for_their_records_together() {
        on_an_installation("upsert_turns", async |installation, caller| {
            let app = app(installation, caller).await;
            let items = json!({"key": "items", "label": "i", "fields": [
                {"key": "code", "label": "c", "kind": "text"},
                {"key": "size", "label": "s", "kind": "number", "options": {"scale": 1}},
                {"key": "note", "label": "n", "kind": "text"}]});
            let items = form(installation, caller, &app, items).await;
            let upsert = async |sizes: [&str; 2], note: &str| {
                let rows = (0..300).flat_map(|n| {
                    sizes.map(|size| json!({"fields": {"code": format!("c{n}"), "size": size, "note": note}}))
                });
                let rows: Vec<Json> = rows.collect();
                let input = json!({"upsert": {"key": ["code", "size"], "rows": rows}});
                let input = serde_json::from_value(input).unwrap();
                let before = installation.store.turns();
                let answer = bulk::atomic(installation, caller, None, items.clone(), input).await.unwrap();
                let answer: Json = serde_json::from_str(&answer.body).unwrap();
                (answer["results"].clone(), installation.store.turns() - before)
            };
            let (made, turns) = upsert(["1", "2.5"], "new").await;
            assert!(turns < 200, "{turns} turns for six hundred rows");
            let (changed, _) = upsert(["1.0", "2.5"], "old").await;
            for row in [0, 1, 299, 599] {
                assert_eq!(changed[row]["id"], made[row]["id"]);
                assert_eq!(changed[row]["version"], 2);
            }
        })
        .await;
    }
}
