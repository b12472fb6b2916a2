//! `POST /audit/export`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, audit};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Writes entries of the audit trail into a file; a job whose result is an Exported")
        .takes::<wire::AuditExportInput>()
        .answers::<wire::JobStarted>(202)
        .refuses(403, &["forbidden"])
        .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::AuditExportInput>,
) -> Reply {
    answered(audit::start_export(&installation, &caller, key, input).await)
}
