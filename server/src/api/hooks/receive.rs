//! `POST /hooks/{token}`

use axum::extract::State;
use axum::http::{HeaderMap, header};
use engine::flow::HOPS_HEADER;

use crate::api::doc::Doc;
use crate::api::extract::{Origin, Path, Raw};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::hooks::proof::Shown;
use crate::service::hooks::receive::{Message, receive};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes a message of another system: by the form's hook it makes a record or changes one, once for each webhook-id",
    )
    .header("webhook-id", "What the sender calls the message; the same at every try")
    .header("webhook-timestamp", "When it was sent, in seconds: at most 5 minutes away from now")
    .header("webhook-signature", "v1, and the HMAC-SHA256 of ID.TIMESTAMP.BODY in base64")
    .header(HOPS_HEADER, "As the call of a flow had it that this message answers")
    .takes::<serde_json::Value>()
    .answers::<wire::HookTaken>(200)
    .refuses(401, &["bad_signature", "wrong_secret", "stale_message"])
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(409, &["hook_off", "hook_broken", "call_chain_too_long"])
    .refuses(409, &["not_unique", "constraint", "locked_after_approval"])
    .refuses(422, &["validation", "not_writable", "unknown_field", "idempotency_key_reused"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Path(token): Path<String>,
    Origin(from): Origin,
    headers: HeaderMap,
    Raw { bytes, content }: Raw,
) -> Reply {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
    let bearer = text(header::AUTHORIZATION.as_str());
    let shown = Shown {
        name: text("webhook-id"),
        at: text("webhook-timestamp"),
        signature: text("webhook-signature"),
        bearer: bearer
            .and_then(|value| value.strip_prefix("Bearer ").map(|secret| secret.trim().to_string())),
    };
    // What is no number stands for no end.
    let hops = text(HOPS_HEADER)
        .map_or(0, |hops| hops.trim().parse::<i64>().ok().filter(|hops| *hops >= 0).unwrap_or(i64::MAX));
    answered(receive(&installation, &token, Message { shown, body: bytes, content, from, hops }).await)
}
