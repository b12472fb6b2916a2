//! `POST /forms/{form}/records/bulk`

use axum::extract::State;
use engine::text::Language;
use serde_json::Value as Json;
use wire::records::{BulkAnswer, BulkInput, BulkResult};

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered, found};
use crate::service::records::bulk;
use crate::service::{Installation, Refusal};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes, changes or deletes up to 5,000 records, all or none or each by itself")
        .takes::<BulkInput>()
        .answers::<BulkAnswer>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["not_unique", "constraint", "locked_after_approval"])
        .refuses(412, &["stale"])
        .refuses(422, &["validation", "unknown_member", "unknown_field", "not_writable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<BulkInput>,
) -> Reply {
    if input.atomic {
        return answered(bulk::atomic(&installation, &caller, key, form, input).await);
    }
    let (rows, batch) = bulk::one_by_one(&installation, &caller, key, form, input).await?;
    found(&BulkAnswer { results: results(rows, caller.language()), batch })
}

/// What became of each row, a refusal as its problem in the reader's language.
pub fn results(rows: Vec<Result<BulkResult, Refusal>>, language: Language) -> Vec<BulkResult> {
    let told = |row: Result<BulkResult, Refusal>| {
        row.unwrap_or_else(|refusal| {
            let problem = Some(Json::Object(refusal.document(language)));
            BulkResult { problem, ..BulkResult::default() }
        })
    };
    rows.into_iter().map(told).collect()
}
