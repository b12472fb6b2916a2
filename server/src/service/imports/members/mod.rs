//! Members from a csv file or a workbook: what the file would make of them, and the import itself, a job.

mod changes;
mod columns;
mod departments;
mod plan;
mod write;

use std::collections::BTreeMap;

use engine::text::{Fault, Language};
use wire::{
    MemberColumn, MemberImport, MemberImportInput, MemberImportPreview, MemberRow, RowFate, RowFault,
};

use super::open::open;
use super::table::Table;
use super::{blocking, shown};
use crate::service::answer::Answer;
use crate::service::faults::detail;
use crate::service::jobs;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

use columns::guess;
use plan::{Plan, Planned};

/// What its jobs are called.
const KIND: &str = "member_import";
/// Rows of a file at most: a workspace has ten thousand members.
const MOST_ROWS: usize = 20_000;
/// Rows that a preview shows.
const SHOWN: usize = 50;
/// Faults that are told one by one.
const TOLD: usize = 200;

/// A file of members.
#[derive(Clone, Debug)]
struct Sheet {
    headers: Vec<String>,
    mapping: BTreeMap<String, MemberColumn>,
    lines: Vec<Line>,
    sheets: Vec<String>,
    sheet: Option<String>,
    encoding: Option<String>,
}

/// A row: what is blank is not in it.
#[derive(Clone, Debug)]
struct Line {
    line: u64,
    cells: BTreeMap<MemberColumn, String>,
}

/// # Errors
/// `broken_csv` and its kin; faults of the mapping.
pub async fn preview(
    installation: &Installation,
    caller: &Caller,
    input: MemberImportInput,
) -> Result<MemberImportPreview, Refusal> {
    let sheet = read(installation, caller, &input).await?;
    let plan = Plan::new(&caller.people, &sheet.lines, input.make_departments);
    let outcome = outcome(&plan, &sheet, caller.language());
    let rows = plan.rows.iter().take(SHOWN).map(|row| MemberRow {
        line: row.line,
        email: row.member.email.clone(),
        name: row.member.name.clone(),
        fate: row.fate,
        changes: changes::of(&caller.people, &plan, row),
    });
    let rows = rows.collect();
    let Sheet { headers, mapping, sheets, sheet, encoding, .. } = sheet;
    Ok(MemberImportPreview { headers, mapping, outcome, rows, sheets, sheet, encoding })
}

/// Begins an import. Rows with faults are left out.
///
/// # Errors
/// As [`preview`].
pub async fn import(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: MemberImportInput,
) -> Result<Answer, Refusal> {
    let sheet = read(installation, caller, &input).await?;
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, KIND, move |handle| {
        Box::pin(async move {
            let done = write::write(&parts, &actor, &sheet, input.make_departments, &handle).await?;
            serde_json::to_value(done).map_err(Refusal::internal)
        })
    })
    .await
}

async fn read(
    installation: &Installation,
    caller: &Caller,
    input: &MemberImportInput,
) -> Result<Sheet, Refusal> {
    let (_, table) = open(installation, caller, input.file, input.sheet.as_deref()).await?;
    let mapping = input.mapping.clone().unwrap_or_else(|| guess(&table.headers));
    check_mapping(&table.headers, &mapping)?;
    blocking((table, mapping), |(table, mapping)| lines(table, mapping)).await
}

fn check_mapping(headers: &[String], mapping: &BTreeMap<String, MemberColumn>) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    for (header, column) in mapping {
        let path = format!("mapping.{header}");
        if !headers.contains(header) {
            faults.push(Fault::new(path, "unknown_column").arg("column", header));
        } else if seen.contains(column) {
            faults.push(Fault::new(path, "twice"));
        } else {
            seen.push(*column);
        }
    }
    if !seen.contains(&MemberColumn::Email) {
        faults.push(Fault::new("mapping", "email_column_missing"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

fn lines(table: Table, mapping: BTreeMap<String, MemberColumn>) -> Result<Sheet, Refusal> {
    let place = |(header, column): (&String, &MemberColumn)| {
        Some((table.headers.iter().position(|known| known == header)?, *column))
    };
    let places: Vec<(usize, MemberColumn)> = mapping.iter().filter_map(place).collect();
    let mut lines = Vec::new();
    for row in table.rows()? {
        let row = row?;
        if lines.len() == MOST_ROWS {
            return Err(Refusal::invalid(vec![Fault::new("file", "too_many").arg("max", MOST_ROWS)]));
        }
        let cell = |(place, column): &(usize, MemberColumn)| {
            let text = row.cells.text(*place).trim().to_string();
            (!text.is_empty()).then_some((*column, text))
        };
        lines.push(Line { line: row.line, cells: places.iter().filter_map(cell).collect() });
    }
    let encoding = table.encoding();
    let Table { headers, sheets, sheet, .. } = table;
    Ok(Sheet { headers, mapping, lines, sheets, sheet, encoding })
}

/// What a plan comes to.
fn outcome(plan: &Plan, sheet: &Sheet, language: Language) -> MemberImport {
    let count = |fate: RowFate| plan.rows.iter().filter(|row| row.fate == fate).count() as u64;
    let mut faults = Vec::new();
    for (row, line) in plan.rows.iter().zip(&sheet.lines) {
        told(row, line, sheet, language, &mut faults);
    }
    MemberImport {
        created: count(RowFate::Created),
        updated: count(RowFate::Updated),
        unchanged: count(RowFate::Unchanged),
        failed: count(RowFate::Refused),
        departments: plan.departments.iter().map(|new| new.path.clone()).collect(),
        faults,
    }
}

/// The faults of a row, as long as few are told.
fn told(row: &Planned, line: &Line, sheet: &Sheet, language: Language, all: &mut Vec<RowFault>) {
    for fault in &row.faults {
        if all.len() >= TOLD {
            return;
        }
        let column = columns::named(&fault.path);
        let header = sheet.mapping.iter().find(|(_, known)| Some(**known) == column);
        all.push(RowFault {
            line: row.line,
            path: fault.path.clone(),
            column: header.map(|(header, _)| header.clone()),
            value: column.and_then(|column| line.cells.get(&column)).map(|cell| shown(cell)),
            code: fault.code.to_string(),
            message: detail(fault, 1, language),
        });
    }
}
