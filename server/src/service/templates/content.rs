//! What is in a template, as somebody looks at it before they install it.

use engine::field::{Field, FieldKind};
use engine::form::FormDocument;
use engine::package::Package;

use super::{count, embedded, installed, seen};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// The forms of a template with their fields, its dashboards and its reports.
///
/// # Errors
/// Not found.
pub async fn content(
    installation: &Installation,
    caller: &Caller,
    key: &str,
) -> Result<wire::TemplateContent, Refusal> {
    let package = embedded::packages()?.get(key).ok_or_else(Refusal::missing)?;
    let installed = installed(installation, caller).await?;
    Ok(wire::TemplateContent {
        template: seen(package, &installed),
        forms: package.forms.iter().map(|(key, document)| form(package, key, document)).collect(),
        dashboards: package.dashboards.values().map(|dashboard| dashboard.label.clone()).collect(),
        reports: package.reports.values().map(|report| report.label.clone()).collect(),
    })
}

fn form(package: &Package, key: &str, document: &FormDocument) -> wire::TemplateForm {
    let demo = package.demo.get(&(String::new(), key.to_string()));
    wire::TemplateForm {
        key: key.to_string(),
        label: document.label.clone(),
        fields: document.fields.iter().filter(|it| it.kind.holds_data()).map(field).collect(),
        has_flow: package.flows.contains_key(key),
        demo: demo.map_or(0, |text| count(records_in(text))),
    }
}

fn field(field: &Field) -> wire::TemplateField {
    let columns = if let FieldKind::Subform(subform) = &field.kind { subform.fields.as_slice() } else { &[] };
    wire::TemplateField {
        label: field.label.clone(),
        kind: field.kind.name().to_string(),
        required: field.required,
        columns: columns.iter().map(|column| column.label.clone()).collect(),
    }
}

/// How many records a demo file has: lines that begin one, and not those that are further rows of it.
fn records_in(text: &str) -> usize {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let key = reader.headers().ok().and_then(|columns| columns.iter().position(|column| column == "$key"));
    let Some(key) = key else { return 0 };
    let begins = |line: &csv::StringRecord| line.get(key).is_some_and(|cell| !cell.trim().is_empty());
    reader.records().filter_map(Result::ok).filter(begins).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_rows_are_no_records() {
        assert_eq!(records_in("$key,date,lines.qty\no1,,5\n,,7\no2,,1\n"), 2);
        assert_eq!(records_in(""), 0);
    }

    #[test]
    fn every_template_shows_its_forms_with_their_fields() {
        for package in embedded::packages().unwrap().values() {
            for (key, document) in &package.forms {
                let form = form(package, key, document);
                assert!(!form.fields.is_empty(), "{key}");
                let mut rows = form.fields.iter().filter(|field| field.kind == "subform");
                assert!(rows.all(|field| !field.columns.is_empty()), "{key}");
            }
        }
    }
}
