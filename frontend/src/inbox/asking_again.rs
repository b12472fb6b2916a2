//! A request of one's own that was rejected or ended: it is asked again as a new one, filled in as it was.

use crate::api::forms::OpenForm;
use crate::api::instances::Instance;
use crate::api::session;
use crate::records::{AGAIN, COPIED};

/// The page of a new request with a form; none where the reader may make none.
pub fn asking_page(form: &OpenForm) -> Option<String> {
    let asks = form.may("create") && form.info.flow.is_some();
    asks.then(|| format!("/apps/{}/forms/{}/new", form.info.app_key, form.info.id))
}

/// Where on that page a request of the reader's is asked again; none for one that goes on, was approved, or is somebody else's.
pub(super) fn again_at(instance: &Instance, page: Option<&str>) -> Option<String> {
    let reader = session::me()?.member.id.to_string();
    let (page, record, id) = (page?, &instance.record, &instance.id);
    instance.is_asked_again_by(&reader).then(|| format!("{page}?{COPIED}={record}&{AGAIN}={id}"))
}
