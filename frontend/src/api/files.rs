//! Files: sent with progress, shown by their address.

use futures::channel::oneshot;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use super::{Problem, problem, segment, session};
use crate::i18n;

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredFile {
    pub id: String,
    pub name: String,
    pub size: u64,
    #[serde(rename = "type", default)]
    pub media_type: String,
}

/// Where a file is read.
pub fn address(id: &str) -> String {
    format!("/api/v1/files/{}", segment(id))
}

/// Sends a file; `on_progress` hears bytes sent and bytes altogether.
pub async fn upload(file: &File, on_progress: impl Fn(u64, u64) + 'static) -> Result<StoredFile, Problem> {
    let on_progress = std::rc::Rc::new(on_progress);
    loop {
        let report = on_progress.clone();
        let (status, body) = send(file, move |done, total| report(done, total)).await?;
        match status {
            200..=299 => return serde_json::from_str(&body).map_err(|_| problem::not_understood(status)),
            401 => session::renewed().await,
            0 => return Err(problem::unreachable()),
            status => return Err(problem::read(status, &body)),
        }
    }
}

/// `fetch` tells nothing of an upload's progress; `XMLHttpRequest` does.
async fn send(file: &File, on_progress: impl Fn(u64, u64) + 'static) -> Result<(u16, String), Problem> {
    let failed = |_| problem::unreachable();
    let request = XmlHttpRequest::new().map_err(failed)?;
    request.open_with_async("POST", "/api/v1/files", true).map_err(failed)?;
    request.set_request_header("accept-language", i18n::language_now().tag()).map_err(failed)?;
    request.set_request_header("idempotency-key", &crate::browser::random_key()).map_err(failed)?;
    let form = FormData::new().map_err(failed)?;
    form.append_with_blob_and_filename("file", file, &file.name()).map_err(failed)?;

    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        on_progress(event.loaded() as u64, event.total() as u64);
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
