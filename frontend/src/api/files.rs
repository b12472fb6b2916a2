//! Files: sent with progress, shown by their address.

use engine::value::Id;
use futures::channel::oneshot;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};
use wire::StoredFile;

use super::{Call, Problem, problem, session};
use crate::i18n;

/// What is known of a stored file without its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    pub name: String,
    /// In bytes.
    pub size: Option<u64>,
    pub media_type: String,
}

impl FileFacts {
    /// Whether the browser can draw it.
    pub fn is_picture(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/avif"
        )
    }

    /// Whether it is text that can be read as it is.
    pub fn is_text(&self) -> bool {
        self.media_type.starts_with("text/")
            || matches!(self.media_type.as_str(), "application/json" | "application/xml")
    }

    /// Whether it is shown over the page. The pages let nothing be framed, so a PDF has a tab of its own.
    pub fn is_shown(&self) -> bool {
        self.is_picture() || self.is_text()
    }
}

impl From<&StoredFile> for FileFacts {
    fn from(file: &StoredFile) -> FileFacts {
        FileFacts { name: file.name.clone(), size: Some(file.size), media_type: file.media_type.clone() }
    }
}

/// Asks what a stored file is called and how large it is.
pub async fn facts(id: Id) -> Result<FileFacts, Problem> {
    let headers = Call::head(format!("/files/{id}")).send_for_headers().await?;
    let of = |name: &str| headers.get(name).unwrap_or_default();
    Ok(FileFacts {
        name: name_in(&of("content-disposition")).unwrap_or_else(|| id.to_string()),
        size: of("content-length").parse().ok(),
        media_type: of("content-type").split(';').next().unwrap_or_default().trim().to_string(),
    })
}

/// The file's name in a `Content-Disposition`: the encoded one where there are both.
fn name_in(disposition: &str) -> Option<String> {
    let parts = || disposition.split(';').map(str::trim);
    let encoded = parts().find_map(|part| part.strip_prefix("filename*=UTF-8''"));
    if let Some(encoded) = encoded {
        return String::from_utf8(decode(encoded)).ok();
    }
    parts().find_map(|part| part.strip_prefix("filename=")).map(|name| name.trim_matches('"').to_string())
}

/// Bytes written as `%E6`.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.split_first_chunk::<2>().filter(|_| *first == b'%');
        let decoded = escaped.and_then(|(two, after)| {
            let byte = u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()?;
            Some((byte, after))
        });
        let (byte, after) = decoded.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    bytes
}

/// The text of a stored file: UTF-8, or else as spreadsheets of Chinese computers write it.
pub async fn text(id: Id) -> Result<String, Problem> {
    let bytes = Call::get(format!("/files/{id}")).send_for_bytes().await?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| decoded(error.as_bytes())))
}

/// Text in GB18030; what is none of it is marked as such.
fn decoded(bytes: &[u8]) -> String {
    let array = js_sys::Uint8Array::from(bytes);
    let decoder = web_sys::TextDecoder::new_with_label("gb18030").ok();
    let text = decoder.and_then(|decoder| decoder.decode_with_buffer_source(&array).ok());
    text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

/// Where a file is read.
pub fn address(id: Id) -> String {
    format!("/api/v1/files/{id}")
}

/// Sends a file; `on_progress` hears bytes sent and bytes altogether.
pub async fn upload(file: &File, on_progress: impl Fn(u64, u64) + 'static) -> Result<StoredFile, Problem> {
    upload_to("/api/v1/files", file, on_progress).await
}

/// As [`upload`], of a file whose rows are to become records: it may be larger than any that a record holds.
pub async fn upload_table(
    file: &File,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<StoredFile, Problem> {
    upload_to("/api/v1/files?for=import", file, on_progress).await
}

/// Sends a file that a visitor with a public link attaches.
pub(super) async fn upload_with_ticket(
    address: &str,
    ticket: &str,
    file: &File,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<StoredFile, Problem> {
    let (status, body) = send(address, Some(ticket), file, on_progress).await?;
    match status {
        200..=299 => serde_json::from_str(&body).map_err(|_| problem::not_understood(status)),
        0 => Err(problem::unreachable()),
        status => Err(problem::read(status, &body)),
    }
}

async fn upload_to(
    address: &str,
    file: &File,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<StoredFile, Problem> {
    let on_progress = std::rc::Rc::new(on_progress);
    loop {
        let report = on_progress.clone();
        let (status, body) = send(address, None, file, move |done, total| report(done, total)).await?;
        match status {
            200..=299 => return serde_json::from_str(&body).map_err(|_| problem::not_understood(status)),
            401 => session::renewed().await,
            0 => return Err(problem::unreachable()),
            status => return Err(problem::read(status, &body)),
        }
    }
}

/// `fetch` tells nothing of an upload's progress; `XMLHttpRequest` does.
async fn send(
    address: &str,
    ticket: Option<&str>,
    file: &File,
    on_progress: impl Fn(u64, u64) + 'static,
) -> Result<(u16, String), Problem> {
    let failed = |_| problem::unreachable();
    let request = XmlHttpRequest::new().map_err(failed)?;
    request.open_with_async("POST", address, true).map_err(failed)?;
    request.set_request_header("accept-language", i18n::language_now().tag()).map_err(failed)?;
    request.set_request_header("idempotency-key", &crate::browser::random_key()).map_err(failed)?;
    if let Some(ticket) = ticket {
        request.set_request_header("x-ticket", ticket).map_err(failed)?;
    }
    let form = FormData::new().map_err(failed)?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(failed)?;

    let size = file.size();
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        let (done, total) = so_far(event.loaded(), event.total(), size);
        on_progress(done, total);
    });
    let upload = request.upload().map_err(failed)?;
    upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));

    let (sender, receiver) = oneshot::channel();
    let ended = Closure::once(move || {
        let _ = sender.send(());
    });
    request.set_onloadend(Some(ended.as_ref().unchecked_ref()));
    request.send_with_opt_form_data(Some(&form)).map_err(failed)?;
    let _ = receiver.await;
    Ok((request.status().unwrap_or(0), request.response_text().ok().flatten().unwrap_or_default()))
}

/// Bytes sent, and altogether. An event may say neither; the file's own size is known.
fn so_far(done: f64, total: f64, size: f64) -> (u64, u64) {
    let known = |bytes: f64| bytes.is_finite() && bytes > 0.0;
    let total = if known(total) { total } else { size };
    let done = if known(done) { done } else { 0.0 };
    (done as u64, total as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_without_a_total_is_of_the_files_size() {
        assert_eq!(so_far(10.0, 40.0, 30.0), (10, 40));
        assert_eq!(so_far(0.0, 0.0, 30.0), (0, 30));
        assert_eq!(so_far(f64::NAN, f64::INFINITY, 30.0), (0, 30));
    }

    #[test]
    fn names_of_files_are_read_in_any_script() {
        let name = |text| name_in(text);
        assert_eq!(name("attachment; filename=\"a b.pdf\"").as_deref(), Some("a b.pdf"));
        let both = "attachment; filename=\"__.png\"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%20100%25.png";
        assert_eq!(name(both).as_deref(), Some("报价 100%.png"));
        assert_eq!(name("inline"), None);
        assert_eq!(decode("100%"), b"100%");
    }
}
