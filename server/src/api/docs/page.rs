//! `GET /api/docs`

use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use engine::text::Language;
use serde::Deserialize;

use super::render;
use crate::api::doc::{Doc, document};
use crate::api::extract::Query;
use crate::api::problem::language_of;
use crate::api::reply::Reply;
use crate::service::Refusal;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("This API as a page to read")
        .query("language", "zh-CN, zh-TW or en; else what the browser asks for")
        .empty(200, "text/html")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    language: Option<Language>,
}

pub async fn handler(headers: HeaderMap, Query(asked): Query<Asked>) -> Reply {
    let language = asked.language.unwrap_or_else(|| language_of(&headers));
    let document = serde_json::to_value(document()).map_err(Refusal::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    Ok((headers, render::page(&document, language)).into_response())
}
