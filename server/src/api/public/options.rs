//! `GET /public/{token}/fields/{field}/options`

use axum::extract::State;
use serde::Deserialize;

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::{Path, Query};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::links::visit;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(default)]
    q: String,
}

pub fn doc(doc: Doc) -> Doc {
    super::visit_with_ticket(doc)
        .summary(
            "What a field of a public form offers, 20 at most, for those fields of which that was confirmed",
        )
        .query("q", "What somebody typed: two characters at the least")
        .lists::<wire::records::OptionItem>()
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Path((token, field)): Path<(String, String)>,
    Visiting(visitor): Visiting,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&visit::choices(&installation, &token, &visitor, (&field, &parameters.q)).await?)
}
