//! `POST /files`

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Query, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, files};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Stores a file of up to 100 MiB, or of up to 2 GiB for an import: the part `file` of a form, or the body itself with its name in \
         Content-Disposition. It is its uploader's alone until a record holds it; one that no record takes is \
         removed after 24 hours, and each member may have 1 GiB of such files",
    )
    .query("for", "import for a file whose rows are to become records")
    .takes_other("multipart/form-data")
    .answers::<wire::StoredFile>(201)
    .refuses(400, &["malformed_request"])
    .refuses(413, &["too_large"])
    .refuses(422, &["validation"])
    .refuses(429, &["too_many_uploads"])
    .refuses(507, &["disk_full", "workspace_full"])
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(rename = "for", default)]
    purpose: Purpose,
}

/// What the file is sent for, as a parameter says it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purpose {
    #[default]
    Record,
    Import,
}

impl From<Purpose> for files::Purpose {
    fn from(purpose: Purpose) -> files::Purpose {
        match purpose {
            Purpose::Record => files::Purpose::Record,
            Purpose::Import => files::Purpose::Import,
        }
    }
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
    Once(key): Once,
    request: Request,
) -> Reply {
    take(&installation, &caller, key, parameters.purpose.into(), request).await
}

/// Takes in the file of a request, whoever sends it.
pub async fn take(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    purpose: files::Purpose,
    request: Request,
) -> Reply {
    if !is_form(request.headers()) {
        let name = name_in(request.headers());
        let chunks = request.into_body().into_data_stream().map_err(|_| malformed());
        return answered(files::upload(installation, caller, key, (&name, purpose), chunks).await);
    }
    let mut form = Multipart::from_request(request, installation).await.map_err(|_| malformed())?;
    while let Some(field) = form.next_field().await.map_err(refusal)? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_string();
            return answered(files::upload(installation, caller, key, (&name, purpose), chunks(field)).await);
        }
    }
    Err(Refusal::fault("file", "required").into())
}

fn chunks(field: Field<'_>) -> impl futures::Stream<Item = Result<Bytes, Refusal>> + Unpin {
    field.map(|chunk| chunk.map_err(refusal))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

fn name_in(headers: &HeaderMap) -> String {
    let header = headers.get(header::CONTENT_DISPOSITION);
    let text = header.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    text.and_then(|text| files::from_disposition(&text)).unwrap_or_default()
}

fn refusal(error: MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(Cause::TooLarge, "too_large"),
        _ => malformed(),
    }
}

fn malformed() -> Refusal {
    Refusal::new(Cause::Malformed, "malformed_request")
}
