//! `POST /instances/{instance}/{action}`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::instances;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Acts on an instance as a whole: withdraw, urge, terminate, reassign, reactivate, comment; to migrate it is a job, \
         whose result is a Migrated",
    )
    .takes::<wire::flows::InstanceInput>()
    .answers::<wire::flows::Instance>(200)
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["not_allowed", "not_submitter", "withdraw_off", "action_off"])
    .refuses(404, &["not_found"])
    .refuses(
        409,
        &[
            "instance_ended",
            "already_decided",
            "urged_recently",
            "not_ended",
            "record_deleted",
            "already_running",
        ],
    )
    .refuses(422, &["validation", "unknown_member", "target_not_passed", "unknown_step"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(Id, String)>,
    Once(key): Once,
    Body(input): Body<wire::flows::InstanceInput>,
) -> Reply {
    answered(instances::act(&installation, &caller, key, place, input).await)
}
