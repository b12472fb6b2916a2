//! How a file would go into a form.

use engine::access::{FieldRight, Operation};
use engine::form::Column;
use engine::import::guess_mapping;

use super::table::Table;
use super::{blocking, open, plan};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// Cells of a column that are shown.
const SHOWN: usize = 5;

/// # Errors
/// Not found, or forbidden for who may not import; `broken_csv`.
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
    let (_, table) = open(installation, caller, input.file).await?;
    let is_open =
        |column: &Column| plan::is_importable(column) && order.access.right(&column.path) >= FieldRight::Edit;
    let fields = guess_mapping(&order.compiled.form, &table.headers, &is_open);
    let headers = table.headers.clone();
    let (rows, samples) = blocking(table, |table| look(&table)).await?;
    let columns = headers.into_iter().zip(fields).zip(samples);
    let columns = columns.map(|((header, field), samples)| wire::ImportColumn { header, field, samples });
    Ok(wire::ImportPreview { columns: columns.collect(), rows, administers: order.is_administrator() })
}

/// How many rows there are, and the first cells of each column.
fn look(table: &Table) -> Result<(u64, Vec<Vec<String>>), Refusal> {
    let mut samples = vec![Vec::new(); table.headers.len()];
    let mut count = 0;
    for row in table.rows()? {
        let row = row?;
        if count < SHOWN as u64 {
            for (samples, cell) in samples.iter_mut().zip(&row.cells) {
                samples.push(cell.to_string());
            }
        }
        count += 1;
    }
    Ok((count, samples))
}
