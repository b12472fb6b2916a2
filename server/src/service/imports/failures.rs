//! What an import could not take: the first faults for the one who looks on, and all rows as a file to mend and import
//! again.

use std::collections::BTreeMap;

use engine::text::Language;
use engine::value::Id;
use serde_json::Value as Json;

use super::cells::Line;
use super::plan::Target;
use super::{shown, stem};
use crate::service::files::{self, Incoming};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};
use crate::texts::texts;

/// Faults that are told with the result.
const TOLD: usize = 20;
/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The rows that failed, on their way into a file.
pub struct Failures {
    installation: Installation,
    caller: Caller,
    language: Language,
    headers: Vec<String>,
    /// Names of fields by key.
    labels: BTreeMap<String, String>,
    /// Places of columns by the keys of their fields.
    places: BTreeMap<String, usize>,
    file: Option<Incoming>,
    pub faults: Vec<wire::RowFault>,
}

impl Failures {
    /// `labels` are the names of fields by key.
    pub fn new(
        installation: &Installation,
        caller: &Caller,
        headers: &[String],
        targets: &[Target],
        labels: BTreeMap<String, String>,
    ) -> Failures {
        let language = caller.language();
        let places = targets.iter().map(|target| (target.key.clone(), target.place)).collect();
        let (installation, caller, headers) = (installation.clone(), caller.clone(), headers.to_vec());
        Failures { installation, caller, language, headers, labels, places, file: None, faults: Vec::new() }
    }

    /// Whether a field has a name for who imports.
    pub fn names(&self, field: &str) -> bool {
        self.labels.contains_key(field)
    }

    /// Takes in a row and why it was refused.
    ///
    /// # Errors
    /// When the file can't be written.
    pub async fn add(&mut self, line: &Line, refusal: Refusal) -> Result<(), Refusal> {
        let told = self.told(line, &refusal);
        let reason: Vec<String> = told.iter().map(|fault| self.sentence(fault)).collect();
        let room = TOLD.saturating_sub(self.faults.len());
        self.faults.extend(told.into_iter().take(room));
        let mut row: Vec<&str> = line.cells.iter().collect();
        let (number, reason) = (line.line.to_string(), reason.join(" "));
        row.extend([number.as_str(), reason.as_str()]);
        let row = csv_line(&row)?;
        self.file().await?.write(&row).await
    }

    /// Stores the file, if there is anything in it.
    ///
    /// # Errors
    /// When it can't be stored.
    pub async fn finish(&mut self, imported: &str) -> Result<Option<Id>, Refusal> {
        let Some(file) = self.file.take() else { return Ok(None) };
        let name = self.text("import-errors-file", &stem(imported));
        files::store(&self.installation, &self.caller, &format!("{name}.csv"), file).await.map(Some)
    }

    fn told(&self, line: &Line, refusal: &Refusal) -> Vec<wire::RowFault> {
        let document = refusal.document(self.language);
        let text = |json: Option<&Json>| json.and_then(Json::as_str).unwrap_or_default().to_string();
        let errors = document.get("errors").and_then(Json::as_array).cloned().unwrap_or_default();
        if errors.is_empty() {
            let (code, message) = (text(document.get("code")), text(document.get("detail")));
            let (line, path) = (line.line, String::new());
            return vec![wire::RowFault { line, path, column: None, value: None, code, message }];
        }
        let fault = |error: &Json| {
            let path = text(error.get("path"));
            let path = path.strip_prefix("fields.").unwrap_or(&path).to_string();
            let (code, message) = (text(error.get("code")), text(error.get("message")));
            let place = self.places.get(&path).copied();
            let column = place.and_then(|place| self.headers.get(place).cloned());
            let value = place.and_then(|place| line.cells.get(place)).map(shown);
            let value = value.filter(|value| !value.is_empty());
            wire::RowFault { line: line.line, path, column, value, code, message }
        };
        errors.iter().map(fault).collect()
    }

    /// The fault as one reads it who sees no field beside it.
    fn sentence(&self, fault: &wire::RowFault) -> String {
        match self.labels.get(&fault.path) {
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

    async fn file(&mut self) -> Result<&mut Incoming, Refusal> {
        if self.file.is_none() {
            let mut file = Incoming::begin(files::folder(&self.installation)).await?;
            file.write(BYTE_ORDER_MARK).await?;
            let (line, reason) = (self.text("import-line", ""), self.text("import-reason", ""));
            let mut header: Vec<&str> = self.headers.iter().map(String::as_str).collect();
            header.extend([line.as_str(), reason.as_str()]);
            file.write(&csv_line(&header)?).await?;
            self.file = Some(file);
        }
        self.file.as_mut().ok_or_else(|| Refusal::internal("the file was begun a moment ago"))
    }
}

fn csv_line(cells: &[&str]) -> Result<Vec<u8>, Refusal> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(Refusal::internal)?;
    writer.into_inner().map_err(|error| Refusal::internal(error.to_string()))
}
