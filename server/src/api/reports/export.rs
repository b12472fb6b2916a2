//! `POST /reports/{key}/export`

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::Reply;
use crate::service::{Installation, Refusal, files, reports};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("A report as a file, or one of its tables, as far as the caller may see what it counts")
        .takes::<wire::ReportExportInput>()
        .empty(200, "The bytes, with their media type and name")
        .refuses(404, &["not_found"])
        .refuses(409, &["report_broken"])
        .refuses(422, &["validation", "unknown_member", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Body(input): Body<wire::ReportExportInput>,
) -> Reply {
    let file = reports::export(&installation, &caller, &key, input).await?;
    let name = HeaderValue::from_str(&files::to_disposition(&file.name, false)).map_err(Refusal::internal)?;
    let mut response = Response::new(axum::body::Body::from(file.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}
