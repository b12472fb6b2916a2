//! `GET /tasks`

use axum::extract::State;
use serde::Deserialize;
use wire::records::CountMode;

use crate::api::doc::Doc;
use crate::api::extract::{Page, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::tasks::{self, TaskBox};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    #[serde(rename = "box", default = "todo")]
    of: TaskBox,
    limit: Option<u32>,
    cursor: Option<String>,
    #[serde(default)]
    count: CountMode,
}

fn todo() -> TaskBox {
    TaskBox::Todo
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's tasks, newest first; what was handled by the moment of its decision")
        .query("box", "todo, started, handled or cc")
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
    let Parameters { of, limit, cursor, count } = parameters;
    let before = Page { limit, cursor }.place()?;
    let counted = count != CountMode::None;
    found(&tasks::list(&installation, &caller, of, before, limit, counted).await?)
}
