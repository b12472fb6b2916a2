//! Serial numbers, given in the transaction that commits them: without gaps, never twice. Those that an administrator's
//! import brings are kept, and the counters go on after the highest.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator};
use engine::field::options::Serial;
use engine::field::{DefaultValue, FieldKind};
use engine::text::{Fault, Language};
use engine::value::{Date, Value, get};
use store::Tx;
use store::query::{From, Query, Shelf};
use store::serial::Counter;

use super::Item;
use crate::service::Refusal;
use crate::service::records::{Order, Path};

/// What stands before the scope of a counter that goes by keys of choices, which is none of another one's texts.
const BY_KEY: char = '\u{1e}';

/// Where a number is counted: by what it says, so that none is given twice, and where that is what a choice is called, by the
/// choice too, so that a renamed one goes on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Counters {
    text: Counter,
    choice: Option<Counter>,
}

impl Counters {
    /// Takes the next `count` numbers; gives the first.
    async fn take(&self, tx: &mut Tx, count: i64) -> Result<i64, Refusal> {
        let Some(choice) = &self.choice else { return Ok(self.text.take(tx, count).await?) };
        // Nobody else takes numbers that say the same meanwhile.
        self.text.raise(tx, 0).await?;
        choice.follow(tx, &self.text).await?;
        let first = choice.take(tx, count).await?;
        self.text.raise(tx, first + count - 1).await?;
        Ok(first)
    }

    /// Goes on after `number`, where that is higher.
    async fn raise(&self, tx: &mut Tx, number: i64) -> Result<(), Refusal> {
        for counter in std::iter::once(&self.text).chain(&self.choice) {
            counter.raise(tx, number).await?;
        }
        Ok(())
    }
}

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
        let mut wanted: BTreeMap<Counters, Wanted> = BTreeMap::new();
        let mut given: BTreeMap<String, usize> = BTreeMap::new();
        for (place, item) in items.iter().enumerate().filter(|(_, item)| item.becomes_live()) {
            let own = |period: String| own_counters(order, item, (&column.path, serial), period);
            let Some(text) = get(item.draft.values(), &column.path).as_text() else {
                let day = day_of(order, item);
                wanted.entry(own(serial.period(day))).or_default().waiting.push(place);
                continue;
            };
            if given.insert(text.to_string(), place).is_some() {
                return Err(taken(order, item, &column.path));
            }
            // One that does not fit the record's fields was given under others. A number of another make is kept as it is, and
            // counts for nothing.
            let counts: Vec<(Counters, u64)> =
                match serial.count_in(text, today, |field| text_of(item, field)) {
                    Some((period, count)) => vec![(own(period), count)],
                    None => {
                        let elsewhere = |(period, scope, count): (String, Vec<String>, u64)| {
                            let text = counter(order, &column.path, period, joined(&scope));
                            (Counters { text, choice: None }, count)
                        };
                        serial.counts_elsewhere(text, today).into_iter().map(elsewhere).collect()
                    }
                };
            for (counters, count) in counts {
                let wanted = wanted.entry(counters).or_default();
                wanted.given = wanted.given.max(count);
            }
        }
        if !given.is_empty() {
            let workspace = order.caller.workspace_id();
            store::serial::hold_brought(tx, workspace, order.form, &column.path).await?;
        }
        for (counters, Wanted { given, waiting }) in wanted {
            if given > 0 {
                counters.raise(tx, i64::try_from(given).map_err(Refusal::internal)?).await?;
            }
            if waiting.is_empty() {
                continue;
            }
            let count = i64::try_from(waiting.len()).map_err(Refusal::internal)?;
            let first = counters.take(tx, count).await?;
            for (number, place) in (first..).zip(waiting) {
                let Some(item) = items.get_mut(place) else { continue };
                let number = u64::try_from(number).map_err(Refusal::internal)?;
                let day = day_of(order, item);
                let text = serial.render(number, day, |field| text_of(item, field));
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

/// The day of a record's number: that of the commit. A demo record stands for one that was saved on its own day, which says the
/// first date that is today's unless somebody enters another.
fn day_of(order: &Order, item: &Item) -> Date {
    let today = order.context.today();
    if !matches!(order.path, Path::Demo) {
        return today;
    }
    let form = item.draft.form();
    let is_today = |default: &DefaultValue| matches!(default, DefaultValue::Formula(formula) if formula.trim() == "TODAY()");
    let column = form.fields().find(|column| column.field.default.as_ref().is_some_and(is_today));
    match column.map(|column| get(item.draft.values(), &column.path)) {
        Some(Value::Date(day)) => (*day).min(today),
        Some(_) | None => today,
    }
}

/// Where the numbers of a field are counted for a record like this one.
fn own_counters(order: &Order, item: &Item, (path, serial): (&str, &Serial), period: String) -> Counters {
    let scoped = || serial.parts.iter().filter(|part| part.scope).filter_map(|part| part.field.as_deref());
    let texts: Vec<String> = scoped().map(|field| text_of(item, field)).collect();
    let choice = scoped().any(|field| choice_of(item, field).is_some()).then(|| {
        let key = |field| choice_of(item, field).unwrap_or_else(|| text_of(item, field));
        let keys: Vec<String> = scoped().map(key).collect();
        counter(order, path, period.clone(), format!("{BY_KEY}{}", joined(&keys)))
    });
    Counters { text: counter(order, path, period, joined(&texts)), choice }
}

fn counter(order: &Order, path: &str, period: String, scope: String) -> Counter {
    let workspace = order.caller.workspace_id();
    Counter { workspace, form: order.form, field: path.to_string(), period, scope }
}

/// The scope of a counter, of what its fields say.
fn joined(scope: &[String]) -> String {
    scope.join("\u{1f}")
}

/// The key of what was chosen in a field; none where a field is no choice, or nothing was chosen.
fn choice_of(item: &Item, field: &str) -> Option<String> {
    let column = item.draft.form().column(field)?;
    matches!(column.field.kind, FieldKind::Select(_)).then_some(())?;
    get(item.draft.values(), field).as_text().map(str::to_string)
}

fn text_of(item: &Item, field: &str) -> String {
    let value = get(item.draft.values(), field);
    let column = item.draft.form().column(field);
    column.map(|column| column.read_kind.display(value, Language::En)).unwrap_or_default()
}
