//! `GET /forms/{form}/fields/{field}/options`

use axum::extract::State;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::options;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    q: String,
    /// The record that is being edited; choices that depend on it are checked when it is saved.
    #[serde(rename = "record")]
    _record: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Choices of a link or member field, 20 at most")
        .query("q", "What somebody typed")
        .query("record", "The record that is being edited")
        .lists::<wire::records::OptionItem>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, field)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&options::options(&installation, &caller, (&form, &field), &parameters.q).await?)
}
