//! `GET /api/docs/style.css`

use axum::http::header;
use axum::response::IntoResponse;

use crate::api::doc::Doc;
use crate::api::reply::Reply;

/// The tokens are those of all pages, in light and in dark.
const STYLE: &str = concat!(include_str!("../../../../frontend/style/tokens.css"), include_str!("style.css"));

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The look of the page about this API").empty(200, "text/css")
}

pub async fn handler() -> Reply {
    Ok(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response())
}
