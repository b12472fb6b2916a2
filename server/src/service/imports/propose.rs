//! A form that would take the records of a file. Nothing is stored.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::import::{ColumnProfile, free_key, key_of};
use engine::text::Language;

use super::misfits::misfits;
use super::open::open;
use super::table::Table;
use super::{blocking, stem};
use crate::service::designs::context;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// Rows that are shown.
const SHOWN: usize = 20;

/// What all rows of a file have in common.
struct Survey {
    columns: Vec<(String, ColumnProfile)>,
    rows: u64,
    sample: Vec<Vec<String>>,
}

/// # Errors
/// Not found or forbidden for who may not design the app; `broken_csv` and its kin.
pub async fn propose(
    installation: &Installation,
    caller: &Caller,
    app: &str,
    input: wire::ProposeInput,
) -> Result<wire::Proposal, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    let (file, table) = open(installation, caller, input.file, input.sheet.as_deref()).await?;
    let (sheets, sheet, encoding) = (table.sheets.clone(), table.sheet.clone(), table.encoding());
    let survey = blocking(table.clone(), |table| survey(&table)).await?;
    let label = input.label.filter(|label| !label.is_blank());
    let label = label.unwrap_or_else(|| stem(&file.name).as_str().into());
    let wanted = key_of(label.get(Language::En)).or_else(|| key_of(&stem(&file.name)));
    let key = free_key(&wanted.unwrap_or_else(|| "form".to_string()), |key| {
        designs.forms.values().any(|design| design.row.app == app && design.row.key == key)
    });
    let (document, proposed) = engine::import::propose(&key, label, &survey.columns);
    let kinds = proposed.iter().map(|column| column.has_exceptions.then(|| column.field.kind.clone()));
    let kinds: Vec<Option<FieldKind>> = kinds.collect();
    let (zone, language) = (context(caller, clock::now()).zone, caller.language());
    let misfits = blocking(table, move |table| misfits(&table, &kinds, &zone, language)).await?;
    let columns = proposed.into_iter().zip(misfits).map(|(column, misfits)| wire::ProposedColumn {
        header: column.header,
        key: column.field.key,
        kind: column.field.kind.name().to_string(),
        misfits,
    });
    let columns: Vec<wire::ProposedColumn> = columns.collect();
    let mapping: BTreeMap<String, String> =
        columns.iter().map(|column| (column.header.clone(), column.key.clone())).collect();
    let definition = serde_json::to_value(&document).map_err(Refusal::internal)?;
    let (rows, sample) = (survey.rows, survey.sample);
    Ok(wire::Proposal { definition, mapping, rows, sample, columns, sheets, sheet, encoding })
}

fn survey(table: &Table) -> Result<Survey, Refusal> {
    let columns = table.headers.iter().map(|header| (header.clone(), ColumnProfile::default())).collect();
    let mut survey = Survey { columns, rows: 0, sample: Vec::new() };
    for row in table.rows()? {
        let row = row?;
        survey.rows += 1;
        for (place, (_, profile)) in survey.columns.iter_mut().enumerate() {
            profile.observe(&row.cells.text(place));
        }
        if survey.sample.len() < SHOWN {
            let cells = (0..survey.columns.len()).map(|place| row.cells.text(place).into_owned());
            survey.sample.push(cells.collect());
        }
    }
    Ok(survey)
}
