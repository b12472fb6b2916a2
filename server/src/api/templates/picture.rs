//! `GET /templates/{key}/picture`

use axum::http::header;
use axum::response::IntoResponse;

use crate::api::doc::Doc;
use crate::api::extract::Path;
use crate::api::reply::Reply;
use crate::service::templates;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The picture of a template").empty(200, "image/svg+xml").refuses(404, &["not_found"])
}

pub async fn handler(Path(key): Path<String>) -> Reply {
    let picture = templates::picture(&key)?;
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, picture).into_response())
}
