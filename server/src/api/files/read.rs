//! `GET /files/{id}`

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::value::Id;
use tokio::io::AsyncReadExt;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::Reply;
use crate::service::files::{self, Opened};
use crate::service::{Installation, Refusal};

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;

/// Whatever a file holds, it runs nothing, and loads nothing.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
/// The reader of documents in a browser does not work in a sandbox; it runs nothing of ours either.
const DOCUMENT: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "The bytes of a file: the uploader's until a record holds it, then for who may read its field",
    )
    .empty(200, "The bytes, with their media type and name")
    .empty(304, "As known by its ETag")
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    headers: HeaderMap,
) -> Reply {
    let opened = files::open(&installation, &caller, id).await?;
    let tag = format!("\"{}\"", opened.file.sha256);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::default() };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, value(&tag)?);
    // Rights may end: a browser asks each time, and gets the bytes once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if !known {
        describe(headers, &opened)?;
        *response.body_mut() = Body::from_stream(chunks(opened.bytes));
    }
    Ok(response)
}

fn describe(headers: &mut HeaderMap, opened: &Opened) -> Result<(), Refusal> {
    let file = &opened.file;
    let in_place = files::shown_in_place(&file.media_type);
    let policy = if file.media_type == "application/pdf" { DOCUMENT } else { SANDBOX };
    headers.insert(header::CONTENT_TYPE, value(&file.media_type)?);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CONTENT_DISPOSITION, value(&files::to_disposition(&file.name, in_place))?);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(())
}

fn value(text: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_str(text).map_err(Refusal::internal)
}

fn chunks(file: tokio::fs::File) -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    futures::stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; CHUNK];
        let read = file.read(&mut chunk).await?;
        chunk.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(chunk), file)))
    })
}
