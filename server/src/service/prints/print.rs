//! Printing: records as a document of their own, and who did it in the trail.

use std::collections::BTreeSet;

use engine::access::Operation;
use engine::print::{PrintReader, PrintTemplate as Document, Printed};
use engine::text::Fault;
use engine::value::Id;
use serde_json::json;
use store::Reader;
use store::print_template::PrintTemplate;
use store::record::Record;

use super::gather::{Gathered, gather};
use super::read;
use crate::service::audit::{self, Note};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// Records of one print-out at most.
const MOST: usize = 200;

/// Records of a form by one of its templates, in the order in which they are named.
///
/// # Errors
/// Not found, also where one of the records may not be seen by groups that let it be printed; forbidden for who may not print;
/// `not_an_id`, `too_many`.
pub async fn print(
    installation: &Installation,
    caller: &Caller,
    (form, template): (&str, &str),
    records: &str,
) -> Result<Printed, Refusal> {
    let order = read::to_print(installation, caller, form).await?;
    let ids = named(records)?;
    let mut db = order.reader().await?;
    let rows = PrintTemplate::of_form(&mut db, caller.workspace_id(), order.form).await?;
    let id = template.parse::<Id>().ok();
    let row = rows.into_iter().find(|row| row.key == template || Some(row.id) == id);
    let row = row.ok_or_else(Refusal::missing)?;
    let document = read::document(&row)?;
    let order = Order { access: order.access.viewing(Operation::Print), ..order };
    let found = seen(&mut db, &order, &ids).await?;
    drop(db);
    let gathered = gather(&order, &document, &found).await?;
    let printed = put_on_paper(&order, &document, &gathered);
    noted(&order, &row, &ids).await?;
    Ok(printed)
}

/// The ids that a request names, each once.
fn named(records: &str) -> Result<Vec<Id>, Refusal> {
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    for (place, text) in records.split(',').filter(|text| !text.trim().is_empty()).enumerate() {
        let id = text.trim().parse::<Id>();
        let id = id.map_err(|_| Refusal::fault(format!("records.{place}"), "not_an_id"))?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    match ids.len() {
        0 => Err(Refusal::fault("records", "required")),
        1..=MOST => Ok(ids),
        _ => Err(Refusal::invalid(vec![Fault::new("records", "too_many").arg("max", MOST)])),
    }
}

/// The records, whole, as far as groups show them that let them be printed.
async fn seen(db: &mut Reader, order: &Order, ids: &[Id]) -> Result<Vec<Record>, Refusal> {
    let access = order.access.showing(Operation::Print);
    let mut found = store::record::get_many(db, &access, order.table(), ids, &order.context).await?;
    let record = |id: &Id| found.remove(id).filter(|record| record.system.is_live());
    ids.iter().map(record).collect::<Option<Vec<Record>>>().ok_or_else(Refusal::missing)
}

fn put_on_paper(order: &Order, document: &Document, gathered: &Gathered) -> Printed {
    let reader = PrintReader {
        language: order.caller.language(),
        zone: &order.context.zone,
        now: order.now(),
        printed_by: order.caller.people.name(order.caller.id()),
        name: &|id| gathered.names.get(&id).cloned(),
        picture: &|id| gathered.pictures.get(&id).cloned(),
    };
    document.print(&order.compiled.form, &gathered.records, &reader)
}

/// Who takes records away on paper is in the trail as who takes them away in a file. Who looks as another member leaves no more
/// than that they look.
async fn noted(order: &Order, row: &PrintTemplate, ids: &[Id]) -> Result<(), Refusal> {
    if order.caller.may_change().is_err() {
        return Ok(());
    }
    let changes = json!({"template": row.key, "records": ids});
    let (caller, form, key) = (order.caller.clone(), order.form, order.design()?.row.key.clone());
    let noted = order.installation.write(move |tx| {
        Box::pin(async move {
            let (object, label) = (Some(form), Some(key.as_str()));
            audit::note(tx, &caller, Note { action: "form.print", object, label, changes: Some(changes) })
                .await
        })
    });
    noted.await
}

#[cfg(test)]
mod tests {
    use store::ids;

    use super::*;

    #[test]
    fn records_are_named_once_each_and_not_without_end() {
        let (one, other) = (ids::next(), ids::next());
        assert_eq!(named(&format!("{other}, {one},{other},")).unwrap(), [other, one]);
        let refused = |text: &str| named(text).unwrap_err().faults[0].code.to_string();
        assert_eq!(refused(" ,"), "required");
        assert_eq!(refused("x"), "not_an_id");
        let many: Vec<String> = (0..=MOST).map(|_| ids::next().to_string()).collect();
        assert_eq!(refused(&many.join(",")), "too_many");
    }
}
