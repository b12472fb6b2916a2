//! Serial numbers, given in the transaction that commits them: without gaps, never twice. Those that an administrator's
//! import brings are kept, and the counters go on after the highest.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator};
use engine::field::FieldKind;
use engine::text::{Fault, Language};
use engine::value::{Value, get};
use store::Tx;
use store::query::{From, Query, Shelf};
use store::serial::Counter;

use super::Item;
use crate::service::Refusal;
use crate::service::records::Order;

/// What a counter is asked for.
#[derive(Default)]
struct Wanted {
    /// The highest count that came with a record.
    given: u64,
    /// The records that wait for a number.
    waiting: Vec<usize>,
}

/// Numbers the records that are submitted for the first time. Counters are taken in their own order, each once.
pub async fn number(tx: &mut Tx, order: &Order, items: &mut [Item]) -> Result<(), Refusal> {
    let form = order.compiled.form.clone();
    let today = order.context.today();
    for column in form.fields() {
        let FieldKind::Serial(serial) = &column.field.kind else { continue };
        let mut wanted: BTreeMap<Counter, Wanted> = BTreeMap::new();
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        for (place, item) in items.iter().enumerate().filter(|(_, item)| item.becomes_live()) {
            let scope: Vec<String> = serial
                .parts
                .iter()
                .filter(|part| part.scope)
                .filter_map(|part| part.field.as_deref())
                .map(|field| text_of(item, field))
                .collect();
            let counter = |period: String, scope: &[String]| Counter {
                workspace: order.caller.workspace_id(),
                form: order.form,
                field: column.path.clone(),
                period,
                scope: scope.join("\u{1f}"),
            };
            let Some(text) = get(item.draft.values(), &column.path).as_text() else {
                wanted.entry(counter(serial.period(today), &scope)).or_default().waiting.push(place);
                continue;
            };
            if given.insert(text.to_string(), place).is_some() {
                return Err(taken(order, item, &column.path));
            }
            // One that does not fit the record's fields was given under others. A number of another make is kept as it is, and
            // counts for nothing.
            let counts = match serial.count_in(text, today, |field| text_of(item, field)) {
                Some((period, count)) => vec![(period, scope, count)],
                None => serial.counts_elsewhere(text, today),
            };
            for (period, scope, count) in counts {
                let wanted = wanted.entry(counter(period, &scope)).or_default();
                wanted.given = wanted.given.max(count);
            }
        }
        if !given.is_empty() {
            let workspace = order.caller.workspace_id();
            store::serial::hold_brought(tx, workspace, order.form, &column.path).await?;
        }
        for (counter, Wanted { given, waiting }) in wanted {
            if given > 0 {
                counter.raise(tx, i64::try_from(given).map_err(Refusal::internal)?).await?;
            }
            if waiting.is_empty() {
                continue;
            }
            let count = i64::try_from(waiting.len()).map_err(Refusal::internal)?;
            let first = counter.take(tx, count).await?;
            for (number, place) in (first..).zip(waiting) {
                let Some(item) = items.get_mut(place) else { continue };
                let number = u64::try_from(number).map_err(Refusal::internal)?;
                let text = serial.render(number, today, |field| text_of(item, field));
                item.draft.set(&column.path, Value::Text(text));
            }
        }
        // After those: on a shared database who brings the same number, or takes it, waits there and sees it afterwards.
        if let Some(place) = first_taken(tx, order, &column.path, &given).await?
            && let Some(item) = items.get(place)
        {
            return Err(taken(order, item, &column.path));
        }
    }
    Ok(())
}

/// Of numbers that came with records, by their places, one that another record has or had: those in the bin keep theirs.
async fn first_taken(
    tx: &mut Tx,
    order: &Order,
    path: &str,
    given: &BTreeMap<String, usize>,
) -> Result<Option<usize>, Refusal> {
    if given.is_empty() {
        return Ok(None);
    }
    let form = &order.compiled.form;
    let (reach, kind) =
        form.find(path, &*order.designs).map_err(|fault| Refusal::invalid(vec![fault.under("fields")]))?;
    let texts: BTreeSet<&String> = given.keys().collect();
    let filter = Checked::Test(Box::new(CheckedTest {
        reach,
        kind,
        op: Operator::In,
        operand: CheckedOperand::List(texts.into_iter().map(|text| Value::text(text.as_str())).collect()),
        matching: Match::Any,
    }));
    let access = Access::system("serial numbers that are taken");
    for shelf in [Shelf::Live, Shelf::Bin(order.caller.id())] {
        let query = Query {
            shelf,
            filter: filter.clone(),
            sort: Vec::new(),
            limit: 1,
            from: From::Start,
            fields: Some(vec![path.to_string()]),
        };
        let page = store::query::page(tx, &access, order.table(), &query, &order.context).await?;
        if let Some(record) = page.records.first() {
            let text = get(&record.values, path).as_text().unwrap_or_default();
            return Ok(given.get(text).copied());
        }
    }
    Ok(None)
}

/// The refusal of a number that there is already.
fn taken(order: &Order, item: &Item, path: &str) -> Refusal {
    let fault = Fault::new(format!("fields.{path}"), "not_unique");
    item.refuse(order, Refusal { faults: vec![fault], ..Refusal::conflict("not_unique") })
}

fn text_of(item: &Item, field: &str) -> String {
    let value = get(item.draft.values(), field);
    let column = item.draft.form().column(field);
    column.map(|column| column.read_kind.display(value, Language::En)).unwrap_or_default()
}
