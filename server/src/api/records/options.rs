//! `GET /forms/{form}/fields/{field}/options`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::records::{Asker, options};
use crate::service::{Installation, Refusal};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    q: String,
    /// The record that is being edited: what is offered may be held against it.
    record: Option<Id>,
    /// What is entered there, as a JSON object of fields; in a sub-form the row that is written comes first.
    values: Option<String>,
    /// Whether the form's draft is tried out, by who designs it; no record is stored of one.
    #[serde(default)]
    draft: bool,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Choices of a link or member field, 20 at most")
        .query("q", "What somebody typed")
        .query("record", "The record that is being edited: what is offered may be held against it")
        .query("values", "What is entered there, as a JSON object of fields")
        .query("draft", "`true` asks by the draft of the form, for those who design it")
        .lists::<wire::records::OptionItem>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, field)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { q, record, values, draft } = parameters;
    let read = |text: String| serde_json::from_str(&text).map_err(|_| Refusal::fault("values", "not_json"));
    let record = record.filter(|_| !draft);
    let asker = Asker { record, values: values.map(read).transpose()?, draft };
    found(&options::options(&installation, &caller, (&form, &field), &q, &asker).await?)
}
