//! Print templates of a form, and records on paper.

use engine::print::{Parts, PrintTemplate as Document, parts};
use engine::value::Id;
use wire::{List, PrintTemplate};

use super::{Call, Problem, problem, segment};

/// The templates of a form, the one that is offered first before the others.
pub async fn all(form: &str) -> Result<Vec<PrintTemplate>, Problem> {
    let list: List<PrintTemplate> = Call::get(format!("/forms/{}/prints", segment(form))).send().await?;
    Ok(list.items)
}

pub async fn create(form: &str, document: &serde_json::Value) -> Result<PrintTemplate, Problem> {
    Call::post(format!("/forms/{}/prints", segment(form))).json(document).send().await
}

pub async fn replace(id: Id, version: i64, document: &Document) -> Result<PrintTemplate, Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::put(format!("/prints/{id}")).if_match(version).json(document).send().await
}

pub async fn delete(id: Id, version: i64) -> Result<(), Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::delete(format!("/prints/{id}")).if_match(version).send_unit().await
}

/// Records on paper, in their order.
pub async fn document(form: Id, template: &str, records: &[Id]) -> Result<Parts, Problem> {
    let named = records.iter().map(Id::to_string).collect::<Vec<_>>().join(",");
    let call = Call::get(format!("/forms/{form}/prints/{}", segment(template))).query("records", named);
    parts(&call.send_for_text().await?).ok_or_else(|| problem::not_understood(200))
}
