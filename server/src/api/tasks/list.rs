//! `GET /tasks`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;
use wire::records::CountMode;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::inbox::{self, Narrowed, TaskBox, Wanted};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(rename = "box", default = "todo")]
    of: TaskBox,
    limit: Option<u32>,
    cursor: Option<String>,
    #[serde(default)]
    count: CountMode,
    app: Option<String>,
    form: Option<Id>,
    submitter: Option<Id>,
    #[serde(default)]
    overdue: bool,
    #[serde(default)]
    returned: bool,
    #[serde(default)]
    unseen: bool,
    state: Option<String>,
}

fn todo() -> TaskBox {
    TaskBox::Todo
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's tasks, newest first; what was handled by the moment of its decision")
        .query("box", "todo, started, handled or cc")
        .query("app", "Only of the forms of this app: its id or key")
        .query("form", "Only of this form")
        .query("submitter", "Only what this member asked for")
        .query("overdue", "true: only what is late")
        .query("returned", "true: of what waits, only the caller's own requests that came back")
        .query("unseen", "true: of copies, only those not looked at")
        .query(
            "state",
            "Of what the caller started, only what is running, approved, rejected, withdrawn or terminated",
        )
        .query("limit", "Tasks of one page, 500 at most")
        .query("cursor", "Where the page starts")
        .query("count", "none, estimate or exact")
        .answers::<wire::flows::Tasks>(200)
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(parameters): Query<Parameters>,
) -> Reply {
    let Parameters { of, limit, cursor, count, app, form, submitter, overdue, returned, unseen, state } =
        parameters;
    let before = Page { limit, cursor }.place()?;
    let narrowed = Narrowed { app, form, submitter, overdue, returned, unseen, state };
    let wanted = Wanted { of, before, limit, counted: count != CountMode::None, narrowed };
    found(&inbox::list(&installation, &caller, wanted).await?)
}
