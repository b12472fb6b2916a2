//! Serial numbers, given in the transaction that commits them: without gaps, never twice.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::text::Language;
use engine::value::{Value, get};
use store::Tx;
use store::serial::Counter;

use super::Item;
use crate::service::Refusal;
use crate::service::records::Order;

/// Numbers the records that are submitted for the first time. Counters are taken in their own order, each once.
pub async fn number(tx: &mut Tx, order: &Order, items: &mut [Item]) -> Result<(), Refusal> {
    let form = order.compiled.form.clone();
    let today = order.context.today();
    for column in form.fields() {
        let FieldKind::Serial(serial) = &column.field.kind else { continue };
        let mut waiting: BTreeMap<Counter, Vec<usize>> = BTreeMap::new();
        for (place, item) in items.iter().enumerate().filter(|(_, item)| item.becomes_live()) {
            let given = get(item.draft.values(), &column.path);
            if !given.is_empty() {
                continue;
            }
            let scope: Vec<String> = serial
                .parts
                .iter()
                .filter(|part| part.scope)
                .filter_map(|part| part.field.as_deref())
                .map(|field| text_of(item, field))
                .collect();
            let counter = Counter {
                workspace: order.caller.workspace_id(),
                form: order.form,
                field: column.path.clone(),
                period: serial.period(today),
                scope: scope.join("\u{1f}"),
            };
            waiting.entry(counter).or_default().push(place);
        }
        for (counter, places) in waiting {
            let count = i64::try_from(places.len()).map_err(Refusal::internal)?;
            let first = counter.take(tx, count).await?;
            for (number, place) in (first..).zip(places) {
                let Some(item) = items.get_mut(place) else { continue };
                let number = u64::try_from(number).map_err(Refusal::internal)?;
                let text = serial.render(number, today, |field| text_of(item, field));
                item.draft.set(&column.path, Value::Text(text));
            }
        }
    }
    Ok(())
}

fn text_of(item: &Item, field: &str) -> String {
    let value = get(item.draft.values(), field);
    let column = item.draft.form().column(field);
    column.map(|column| column.read_kind.display(value, Language::En)).unwrap_or_default()
}
