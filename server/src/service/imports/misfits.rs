//! Cells that do not fit the kind that the rest of their column has.

use engine::field::FieldKind;
use engine::import::cell_fault;
use engine::text::Language;
use jiff::tz::TimeZone;

use super::shown;
use super::table::Table;
use crate::service::{Refusal, sentence_of};

/// How many cells of each column are no value of its kind, with the first of them, as the import itself would find. The
/// file is read only where a column has a kind here.
///
/// # Errors
/// When the file can't be read.
pub fn misfits(
    table: &Table,
    kinds: &[Option<FieldKind>],
    zone: &TimeZone,
    language: Language,
) -> Result<Vec<Option<wire::Misfits>>, Refusal> {
    let mut found: Vec<Option<wire::Misfits>> = vec![None; kinds.len()];
    if kinds.iter().all(Option::is_none) {
        return Ok(found);
    }
    for row in table.rows()? {
        let row = row?;
        for (place, (kind, found)) in kinds.iter().zip(&mut found).enumerate() {
            let Some(kind) = kind else { continue };
            let cell = row.cells.text(place);
            let Some(fault) = cell_fault(kind, &cell, zone) else { continue };
            if let Some(known) = found {
                known.count += 1;
                continue;
            }
            let message = sentence_of(&fault, language);
            *found = Some(wire::Misfits { count: 1, line: row.line, value: shown(&cell), message });
        }
    }
    Ok(found)
}
