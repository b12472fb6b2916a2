//! What an import could not take: the first faults for the one who looks on, and all of them in a workbook, with the rows
//! to mend and import again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use engine::access::FieldRight;
use engine::form::system_label;
use engine::import::Written;
use engine::text::Language;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::import::ImportFault;
use tokio::sync::mpsc;

use super::cells::Line;
use super::grouped::Groups;
use super::plan::{FLOW_STATE, Target};
use super::table::{Row, Table};
use super::{shown, stem};
use crate::service::files::{self, Part, begin_part, disk_refusal};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::spreadsheet::{Look, MOST_ROWS, Workbook};
use crate::service::{Installation, Refusal};
use crate::texts::texts;

/// Faults that are told with the result.
const TOLD: usize = 20;
/// Refused records that are read at one time.
const PAGE: i64 = 500;
/// Refused records that may wait to be written.
const WAITING: usize = 200;

/// What is kept of a record that was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// Rows of the file that it takes.
    pub rows: u64,
    pub faults: Vec<wire::RowFault>,
}

/// How faults are told to the one who imports.
#[derive(Clone, Debug)]
pub struct Telling {
    pub language: Language,
    headers: Vec<String>,
    /// Names of fields by key, as far as the reader may know them.
    labels: BTreeMap<String, String>,
    /// Places of columns by the keys of their fields.
    places: BTreeMap<String, usize>,
}

impl Telling {
    pub fn new(order: &Order, headers: &[String], targets: &[Target]) -> Telling {
        let language = order.caller.language();
        // What is closed to who imports has no name in what they are told.
        let readable = |path: &str| order.access.right(path) >= FieldRight::Read;
        let columns = order.compiled.form.all_columns().filter(|column| readable(&column.path));
        let labels =
            columns.map(|column| (column.path.clone(), column.field.label.get(language).to_string()));
        let mut labels: BTreeMap<String, String> = labels.collect();
        labels.insert(FLOW_STATE.to_string(), system_label(FLOW_STATE, language));
        let places = targets.iter().map(|target| (target.key.clone(), target.place)).collect();
        Telling { language, headers: headers.to_vec(), labels, places }
    }

    /// Whether a field has a name for who imports.
    pub fn names(&self, field: &str) -> bool {
        self.labels.contains_key(field)
    }

    /// Why a record was refused.
    pub fn told(&self, line: &Line, refusal: &Refusal) -> Refused {
        let document = refusal.document(self.language);
        let text = |json: Option<&Json>| json.and_then(Json::as_str).unwrap_or_default().to_string();
        let errors = document.get("errors").and_then(Json::as_array).cloned().unwrap_or_default();
        if errors.is_empty() {
            let (code, message) = (text(document.get("code")), text(document.get("detail")));
            let (line, rows, path) = (line.line(), line.count, String::new());
            return Refused {
                rows,
                faults: vec![wire::RowFault { line, path, column: None, value: None, code, message }],
            };
        }
        let fault = |error: &Json| {
            let path = text(error.get("path"));
            let path = path.strip_prefix("fields.").unwrap_or(&path).to_string();
            let (row, place) = self.cell_of(line, &path);
            let column = place.and_then(|place| self.headers.get(place).cloned());
            let value = place.and_then(|place| Some(shown(&row?.cells.text(place))));
            let value = value.filter(|value| !value.is_empty());
            let (code, message) = (text(error.get("code")), text(error.get("message")));
            let line = row.map_or_else(|| line.line(), |row| row.line);
            wire::RowFault { line, path, column, value, code, message }
        };
        Refused { rows: line.count, faults: errors.iter().map(fault).collect() }
    }

    /// The row and the column of the file that a field came from, or the column of a sub-form: `lines.2.qty`.
    fn cell_of<'l>(&self, line: &'l Line, path: &str) -> (Option<&'l Row>, Option<usize>) {
        let first = line.rows.first();
        if let Some(place) = self.places.get(path) {
            return (first, Some(*place));
        }
        let mut parts = path.splitn(3, '.');
        let (Some(subform), Some(number)) = (parts.next(), parts.next()) else { return (first, None) };
        let inner = number.parse::<usize>().ok().and_then(|number| line.inner.get(subform)?.get(number));
        let row = inner.and_then(|place| line.rows.get(*place)).or(first);
        let column = parts.next().and_then(|column| self.places.get(&format!("{subform}.{column}")));
        (row, column.or_else(|| self.places.get(subform)).copied())
    }

    /// The fault as one reads it who sees no field beside it.
    fn sentence(&self, fault: &wire::RowFault) -> String {
        let label = self.labels.get(&fault.path).or_else(|| self.labels.get(&bare(&fault.path)));
        match label {
            Some(label) => match self.language {
                Language::En => format!("{label}: {}", fault.message),
                Language::ZhCn | Language::ZhTw => format!("{label}：{}", fault.message),
            },
            None => fault.message.clone(),
        }
    }

    fn text(&self, key: &str, name: &str) -> String {
        let args = BTreeMap::from([("name".to_string(), name.to_string())]);
        texts(self.language).get(key, &args).unwrap_or_else(|| key.to_string())
    }
}

/// `lines.2.qty` as the column is called: `lines.qty`.
pub(super) fn bare(path: &str) -> String {
    let parts = path.split('.').filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join(".")
}

/// The refused records of a job, in the order of the file.
pub struct Failures {
    pub installation: Installation,
    pub caller: Caller,
    pub job: Id,
    pub telling: Telling,
}

/// A refused record with its place among the rows of the file.
type Placed = (u64, Refused);

impl Failures {
    /// The first faults.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn first(&self) -> Result<Vec<wire::RowFault>, Refusal> {
        let page = self.after(0).await?;
        Ok(page.into_iter().flat_map(|(_, refused)| refused.faults).take(TOLD).collect())
    }

    /// All faults, those that are the same told once.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn grouped(&self) -> Result<Vec<wire::FaultGroup>, Refusal> {
        let mut groups = Groups::default();
        let mut last = 0;
        loop {
            let page = self.after(last).await?;
            let Some((position, _)) = page.last() else { return Ok(groups.told()) };
            last = *position;
            page.into_iter().flat_map(|(_, refused)| refused.faults).for_each(|fault| groups.take(fault));
        }
    }

    async fn after(&self, position: u64) -> Result<Vec<Placed>, Refusal> {
        let mut db = self.installation.store.read().await?;
        let of = (self.caller.workspace_id(), self.job);
        let position = i64::try_from(position).map_err(Refusal::internal)?;
        let page = ImportFault::after(&mut db, of, position, PAGE).await?;
        let read = |row: ImportFault| {
            let refused = serde_json::from_str(&row.faults).map_err(Refusal::internal)?;
            Ok((u64::try_from(row.position).unwrap_or_default(), refused))
        };
        page.into_iter().map(read).collect()
    }

    /// Writes and stores the workbook, if there is anything in it. `imported` is the name of the file.
    ///
    /// # Errors
    /// When it can't be written or stored.
    pub async fn workbook(&self, imported: &str, table: Table) -> Result<Option<Id>, Refusal> {
        if self.after(0).await?.is_empty() {
            return Ok(None);
        }
        let part = Part::new(&self.installation);
        let place = part.path().to_path_buf();
        let (sender, rows) = mpsc::channel(WAITING);
        let (again, list) = mpsc::channel(WAITING);
        let telling = self.telling.clone();
        let written = tokio::task::spawn_blocking(move || write(&place, &telling, &table, rows, list));
        // The rows first, with what stands in them, and then the list.
        self.send(sender).await?;
        self.send(again).await?;
        written.await.map_err(Refusal::internal)??;
        let name = self.telling.text("import-errors-file", &stem(imported));
        let name = format!("{name}.xlsx");
        files::adopt(&self.installation, &self.caller, &name, None, part.path()).await.map(Some)
    }

    async fn send(&self, to: mpsc::Sender<Placed>) -> Result<(), Refusal> {
        let mut last = 0;
        loop {
            let page = self.after(last).await?;
            let Some((position, _)) = page.last() else { return Ok(()) };
            last = *position;
            for refused in page {
                if to.send(refused).await.is_err() {
                    // Whoever writes has stopped, and says why.
                    return Ok(());
                }
            }
        }
    }
}

fn write(
    place: &Path,
    telling: &Telling,
    table: &Table,
    rows: mpsc::Receiver<Placed>,
    list: mpsc::Receiver<Placed>,
) -> Result<(), Refusal> {
    let file = begin_part(place)?;
    let names = [telling.text("import-errors-rows", ""), telling.text("import-errors-list", "")];
    let [first, second] = &names;
    let into = BufWriter::with_capacity(256 << 10, file);
    let mut book = Workbook::new(into, &[first.as_str(), second.as_str()]).map_err(disk_refusal)?;
    write_rows(&mut book, telling, table, rows)?;
    book.next_sheet().map_err(disk_refusal)?;
    write_list(&mut book, telling, list).map_err(disk_refusal)?;
    book.finish().and_then(|mut file| file.flush()).map_err(disk_refusal)
}

type Book = Workbook<BufWriter<File>>;

/// The refused rows as they came, with their lines and reasons, to be mended and brought in again.
fn write_rows(
    book: &mut Book,
    telling: &Telling,
    table: &Table,
    mut refused: mpsc::Receiver<Placed>,
) -> Result<(), Refusal> {
    let (line, reason) = (telling.text("import-line", ""), telling.text("import-reason", ""));
    let headers = table.headers.iter().chain([&line, &reason]).map(String::as_str);
    book.header(headers).map_err(disk_refusal)?;
    let mut next = refused.blocking_recv();
    let (mut number, mut written) = (0, 1);
    for row in table.rows()? {
        let row = row?;
        number += 1;
        let Some((position, record)) = &next else { break };
        if number < *position {
            continue;
        }
        let faults: Vec<&wire::RowFault> =
            record.faults.iter().filter(|fault| fault.line == row.line).collect();
        let wrong = |column: usize| {
            let header = table.headers.get(column);
            faults.iter().any(|fault| fault.column.as_ref() == header && header.is_some())
        };
        let cells = (0..table.headers.len()).map(|column| {
            let text = row.cells.text(column);
            let cell = if text.is_empty() { Written::Blank } else { Written::Text(text.into_owned()) };
            (cell, if wrong(column) { Look::Marked } else { Look::Plain })
        });
        let reasons: Vec<String> = faults.iter().map(|fault| telling.sentence(fault)).collect();
        let told = [Written::Number(row.line.into(), 0), Written::Text(reasons.join(" "))];
        let told = told.into_iter().map(|cell| (cell, Look::Plain));
        book.row(cells.chain(told)).map_err(disk_refusal)?;
        written += 1;
        if written >= MOST_ROWS {
            break;
        }
        if number + 1 >= position + record.rows {
            next = refused.blocking_recv();
        }
    }
    // The others are not waited for.
    refused.close();
    while refused.blocking_recv().is_some() {}
    Ok(())
}

/// Every fault: row, column, value, reason.
fn write_list(book: &mut Book, telling: &Telling, mut refused: mpsc::Receiver<Placed>) -> io::Result<()> {
    let names = ["import-line", "import-column", "import-value", "import-reason"];
    let names = names.map(|key| telling.text(key, ""));
    book.header(names.iter().map(String::as_str))?;
    let mut written = 1;
    while let Some((_, record)) = refused.blocking_recv() {
        for fault in record.faults {
            if written >= MOST_ROWS {
                return Ok(());
            }
            let text = |text: Option<String>| text.map_or(Written::Blank, Written::Text);
            let line = Written::Number(fault.line.into(), 0);
            let cells = [line, text(fault.column), text(fault.value), Written::Text(fault.message)];
            book.row(cells.into_iter().map(|cell| (cell, Look::Plain)))?;
            written += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_cell_of_a_row_is_called_as_its_column() {
        assert_eq!(bare("lines.2.qty"), "lines.qty");
        assert_eq!(bare("amount"), "amount");
    }
}
