//! An answer of a visitor: it becomes a record by the save that every record comes by. What is told of a refusal is what is
//! wrong with what they filled in, and nothing of other records (reliability.md T16, T21).

use std::collections::BTreeMap;
use std::time::Instant;

use engine::text::{Fault, Faults};
use sha2::{Digest, Sha256};
use store::public_link::PublicLink;
use wire::records::Fields;
use wire::{PublicAnswer, PublicTaken};

use super::visit::{Visit, Visitor, closed, with_ticket};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::once::Key;
use crate::service::people::secret::hex;
use crate::service::records::save::{Change, Create, save};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal, clock};

/// What a ticket is the key of.
const ROUTE: &str = "an answer to a public link";

/// Takes an answer. The same one again gets what the first got.
///
/// # Errors
/// Not found; `link_closed`, `ticket_expired`; `too_many_requests`; faults of what was filled in; `not_accepted` for whatever
/// else stands in the way.
pub async fn answer(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
    input: PublicAnswer,
) -> Result<Answer, Refusal> {
    let (visit, ticket) = with_ticket(installation, token, visitor).await?;
    installation.visitors.admit_answer(visit.row.form, visitor.from.address, Instant::now())?;
    ticket.check_wait(clock::now())?;
    if !input.leave_empty.is_empty() {
        return Err(not_accepted());
    }
    let design = visit.design()?;
    let shown = visit.shown(&visit.designs.compiled(design)?.form)?;
    let mut hash = Sha256::new();
    hash.update(to_json(&input.fields)?.as_bytes());
    let key = Key { route: ROUTE.to_string(), key: ticket.id.to_string(), body_hash: hex(&hash.finalize()) };
    let fields = filled_in(&visit, &shown, input.fields)?;
    let taken = PublicTaken { thanks: visit.offer.thanks.clone(), again: visit.offer.again };
    let (parts, actor) = (installation.clone(), visit.caller.clone());
    let (workspace, link, form) = (visit.row.workspace, visit.row.id, visit.row.form.to_string());
    let work = installation.act(&visit.caller, Some(key), move |tx| {
        Box::pin(async move {
            let order = Order::to_write(&parts, tx, &actor, &form, Path::PublicForm).await?;
            let create = Create { fields, ..Create::default() };
            save(tx, &order, vec![Change::Create(create)]).await?;
            // Last, so that answers of one link wait for each other no longer than this.
            if !PublicLink::count(tx, workspace, link, clock::now()).await? {
                return Err(closed());
            }
            Answer::created(&taken)
        })
    });
    work.await.map_err(|refusal| told(&shown, refusal))
}

fn not_accepted() -> Refusal {
    Refusal::conflict("not_accepted")
}

/// What the visitor filled in, with what the link gives in their place. Nothing is left out in silence.
fn filled_in(visit: &Visit, shown: &BTreeMap<String, String>, sent: Fields) -> Result<Fields, Refusal> {
    let strange = sent.keys().filter(|key| !shown.contains_key(*key));
    let faults: Faults = strange.map(|key| unknown(key)).collect();
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    let mut fields = sent;
    let given = visit.offer.values.iter().filter(|(key, _)| !visit.offer.fields.contains(*key));
    fields.extend(given.map(|(key, value)| (key.clone(), value.clone())));
    Ok(fields)
}

fn unknown(key: &str) -> Fault {
    Fault::new(key, "unknown_field").arg("field", key).under("fields")
}

/// A refusal of the save as a visitor is told of it: faults at the fields that they see, and what the form's designer says to
/// whoever breaks a rule.
fn told(shown: &BTreeMap<String, String>, refusal: Refusal) -> Refusal {
    let is_about_the_key = ["idempotency_key_reused", "idempotency_in_progress"].contains(&refusal.code);
    if is_about_the_key {
        return refusal;
    }
    match refusal.cause {
        Cause::Invalid => {
            let is_seen = |fault: &Fault| {
                let field = fault.path.strip_prefix("fields.").and_then(|path| path.split('.').next());
                field.is_some_and(|field| shown.contains_key(field)) || fault.code == "validation"
            };
            let faults: Faults = refusal.faults.into_iter().filter(is_seen).collect();
            if faults.is_empty() { not_accepted() } else { Refusal::invalid(faults) }
        }
        Cause::Conflict | Cause::Forbidden | Cause::Missing | Cause::Stale => not_accepted(),
        Cause::Malformed
        | Cause::SignIn
        | Cause::Method
        | Cause::Gone
        | Cause::TooLarge
        | Cause::MediaType
        | Cause::Misdirected
        | Cause::VersionMissing
        | Cause::TooMany
        | Cause::Internal
        | Cause::Busy
        | Cause::DiskFull => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_tells_of_what_is_seen_and_of_nothing_else() {
        let shown = BTreeMap::from([("name".to_string(), "edit".to_string())]);
        let codes = |refusal: Refusal| -> (String, Vec<String>) {
            let told = told(&shown, refusal);
            (told.code.to_string(), told.faults.iter().map(|fault| fault.path.clone()).collect())
        };
        let at = |paths: &[&str], code: &'static str| -> Faults {
            paths.iter().map(|path| Fault::new(*path, code)).collect()
        };
        let not_unique =
            Refusal { faults: at(&["fields.name"], "not_unique"), ..Refusal::conflict("not_unique") };
        assert_eq!(codes(not_unique), ("not_accepted".to_string(), vec![]));
        let wrong = Refusal::invalid(at(&["fields.name", "fields.stock", ""], "required"));
        assert_eq!(codes(wrong), ("validation".to_string(), vec!["fields.name".to_string()]));
        let hidden = Refusal::invalid(at(&["fields.stock"], "required"));
        assert_eq!(codes(hidden), ("not_accepted".to_string(), vec![]));
        assert_eq!(codes(Refusal::missing()).0, "not_accepted");
        assert_eq!(codes(closed()).0, "link_closed");
        assert_eq!(codes(Refusal::conflict("idempotency_in_progress")).0, "idempotency_in_progress");
    }
}
