//! `POST /tasks/{task}/{action}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::tasks;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Acts on a task: save, approve, submit, reject, return, transfer, withdraw, cc, seen")
        .takes::<wire::flows::TaskInput>()
        .answers::<wire::flows::Instance>(200)
        .refuses(403, &["not_yours", "action_off"])
        .refuses(404, &["not_found"])
        .refuses(409, &["task_closed", "instance_ended", "wrong_action", "constraint"])
        .refuses(
            422,
            &["validation", "opinion_required", "target_not_passed", "not_writable", "not_choosable"],
        )
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(Id, String)>,
    Once(key): Once,
    Body(input): Body<wire::flows::TaskInput>,
) -> Reply {
    answered(tasks::act(&installation, &caller, key, place, input).await)
}
