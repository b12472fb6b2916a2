//! How a file would go into a form.

use engine::access::{FieldRight, Operation};
use engine::field::FieldKind;
use engine::form::Column;
use engine::import::guess_mapping;

use super::open::open;
use super::table::Table;
use super::{blocking, plan};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// Cells of a column that are shown.
const SHOWN: usize = 5;
/// Cells of a column that say which field it is.
const LOOKED_AT: usize = 50;

/// # Errors
/// Not found, or forbidden for who may not import; `broken_csv` and its kin.
pub async fn preview(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: wire::ImportPreviewInput,
) -> Result<wire::ImportPreview, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if !order.access.may(Operation::Import) {
        return Err(Refusal::forbidden("forbidden"));
    }
    let (_, table) = open(installation, caller, input.file, input.sheet.as_deref()).await?;
    let may_edit = |path: &str| order.access.right(path) >= FieldRight::Edit;
    let is_rows =
        |column: &Column| matches!(column.field.kind, FieldKind::Subform(_)) && column.field.is_input();
    let is_json = table.is_json;
    let is_open = |column: &Column| {
        let fits = plan::is_importable(column) || is_json && is_rows(column);
        // A list has its sub-forms whole.
        let whole = !is_json || column.subform().is_none();
        fits && whole && may_edit(&column.path) && column.subform().is_none_or(may_edit)
    };
    let (headers, sheets, sheet) = (table.headers.clone(), table.sheets.clone(), table.sheet.clone());
    let encoding = table.encoding();
    let (rows, mut samples) = blocking(table, |table| look(&table)).await?;
    let fields = guess_mapping(&order.compiled.form, &headers, &samples, &is_open);
    samples.iter_mut().for_each(|cells| cells.truncate(SHOWN));
    let columns = headers.into_iter().zip(fields).zip(samples);
    let columns = columns.map(|((header, field), samples)| wire::ImportColumn { header, field, samples });
    let administers = order.is_administrator();
    Ok(wire::ImportPreview { columns: columns.collect(), rows, administers, sheets, sheet, encoding })
}

/// How many rows there are, and the first cells of each column.
fn look(table: &Table) -> Result<(u64, Vec<Vec<String>>), Refusal> {
    let mut samples = vec![Vec::new(); table.headers.len()];
    let mut count = 0;
    for row in table.rows()? {
        let row = row?;
        if count < LOOKED_AT as u64 {
            for (place, samples) in samples.iter_mut().enumerate() {
                samples.push(row.cells.text(place).into_owned());
            }
        }
        count += 1;
    }
    Ok((count, samples))
}
