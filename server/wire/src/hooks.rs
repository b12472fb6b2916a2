//! Inbound hooks: how administrators of a form make them, and what another system sends.
//!
//! Whoever administers a form:
//! - `GET  /forms/{form}/hooks` lists its hooks, the newest first: `List<Hook>`.
//! - `POST /forms/{form}/hooks` takes a [`HookInput`] and answers 201 with the [`Hook`]; its `secret` is told this once.
//! - `PATCH /forms/{form}/hooks/{id}` takes a [`HookPatch`] with `If-Match`, and answers with the [`Hook`].
//! - `DELETE /forms/{form}/hooks/{id}` with `If-Match` removes it for good: 204. Its address answers 404 from then on.
//! - `POST /forms/{form}/hooks/{id}/secret` with `If-Match` gives it another secret, which the answer tells this once. The one
//!   before goes on being good, beside it: [`Hook`].
//! - `DELETE /forms/{form}/hooks/{id}/secret` with `If-Match` ends the one before: [`Hook`].
//! - `GET  /forms/{form}/hooks/{id}/deliveries` lists what came lately, the newest first: `List<HookDelivery>`, at most 120.
//!
//! Another system sends `POST /hooks/{token}` with a JSON object of at most 256 KiB, and shows with each message that it has the
//! secret:
//! - of a hook whose `proof` is `sign` by the headers of Standard Webhooks: `webhook-id`, `webhook-timestamp` (seconds; at most 5
//!   minutes away from the server's clock) and `webhook-signature`: `v1,` and the HMAC-SHA256 of `ID.TIMESTAMP.BODY` in base64,
//!   with the bytes that stand in base64 behind `whsec_`. Several signatures stand apart by blanks.
//! - of one whose `proof` is `bearer` by `Authorization: Bearer SECRET`. `webhook-id` and `webhook-timestamp` are optional then.
//!
//! The answer is 200 with [`HookTaken`]. The same `webhook-id` again, within 72 hours, is answered the same and has no effect; with
//! another body it is refused with 422 `idempotency_key_reused`. A message that was refused may be sent again under its id.
//!
//! What is refused: 404 for a token that is none; 401 `bad_signature`, `wrong_secret` and `stale_message`; 409 `hook_off` while the
//! hook is switched off, or its form is in the recycle bin, and `call_chain_too_long` where more than eight calls of flows have led
//! to it by its `formwork-hops` (a sender that answers a call sends what stood there); 422 `validation` with faults whose paths are JSON pointers into the
//! message; 429 after 30 times `--public-per-minute` messages of a minute from one address, or 100 of a second to one form.

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Person, ProblemError};

/// How a sender shows that they have the secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookProof {
    /// Each message is signed with it.
    #[default]
    Sign,
    /// It comes along, in `Authorization: Bearer`: for senders that can't sign.
    Bearer,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookMode {
    /// Always a new record.
    #[default]
    Create,
    /// A change of the record with the same key.
    Update,
    /// A change of the record with the same key, or a new one.
    Upsert,
}

/// A member of a message, and the field that it goes into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HookMapping {
    /// A JSON pointer into the message, such as `/order/id`; of a column, into each row of the list of its sub-form.
    pub from: String,
    /// A field, or a column of a sub-form whose field is named, too: `lines.sku`.
    pub to: String,
    /// For a link: the unique field of the other form by which its record is named. By its id without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether the member may be absent; the field then stays as it is.
    #[serde(default)]
    pub optional: bool,
}

/// An inbound hook as the administrators of its form see it.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hook {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    #[schema(value_type = String)]
    pub form: Id,
    /// What history and the audit trail call who came by it.
    pub name: String,
    /// Absent where its key was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The whole address that messages are sent to, where the server knows its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub proof: HookProof,
    /// Told once: in the answer that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// How many secrets are good: one, two while its sender changes to the new one, none where their key was lost.
    pub secrets: u8,
    /// Since when the newest secret is there.
    pub secret_at: String,
    /// Whether it is switched on.
    pub on: bool,
    pub mode: HookMode,
    /// The unique field by which records are found.
    pub key: Option<String>,
    pub map: Vec<HookMapping>,
    /// Whether a new record starts the flow of its form.
    pub start_flow: bool,
    /// Fields that have to be filled in, and that no message fills in: a new record is refused unless something else does.
    pub unfilled: Vec<String>,
    pub created_at: String,
    pub created_by: Person,
    /// When a message was taken last.
    pub taken_at: Option<String>,
}

/// Without its address and its secret, whoever prints it.
impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// `POST /forms/{form}/hooks`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HookInput {
    pub name: String,
    #[serde(default)]
    pub proof: HookProof,
    #[serde(default)]
    pub mode: HookMode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    pub map: Vec<HookMapping>,
    #[serde(default = "yes")]
    pub start_flow: bool,
}

fn yes() -> bool {
    true
}

/// `PATCH /forms/{form}/hooks/{id}`: the members that are given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HookPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<HookMode>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub key: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<Vec<HookMapping>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_flow: Option<bool>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookOutcome {
    Created,
    Updated,
    /// The record held all of it already.
    Unchanged,
    /// It came before: the first answer was given again.
    Repeated,
    Refused,
}

/// `POST /hooks/{token}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HookTaken {
    #[schema(value_type = String)]
    pub record: Id,
    pub outcome: HookOutcome,
}

/// A message that came, for those who administer its hook. What it said is not kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HookDelivery {
    #[schema(value_type = String)]
    pub id: Id,
    pub at: String,
    /// Its `webhook-id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    pub outcome: HookOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub record: Option<Id>,
    /// Why it was refused, and the sentence about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was wrong with it; each path is a JSON pointer into the message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}
