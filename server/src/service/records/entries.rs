//! What members have entered into a form and not saved, kept so that they find it on another device too. It is no record: nothing
//! checks it, nothing reads it, and nobody but its writer sees it.

use engine::value::{Id, format_timestamp};
use store::kept_entry::KeptEntry;
use wire::records::{EntryInput, KeptEntry as View};

use super::Order;
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, clock};

/// Of one member.
const MOST: i64 = 100;
/// Names what is entered of a record that is not there yet.
const NEW: &str = "new";

/// What the caller has entered of a record; nothing where nothing is kept. Whoever looks as somebody else sees nothing of it.
///
/// # Errors
/// Not found for a form that the caller may not use.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    (form, record): (&str, &str),
) -> Result<View, Refusal> {
    let record = place_of(record)?;
    let order = order_of(installation, caller, form, record).await?;
    if caller.may_change().is_err() {
        return Ok(View::default());
    }
    let mut db = order.reader().await?;
    let kept = KeptEntry::find(&mut db, caller.workspace_id(), caller.id(), order.form, record).await?;
    kept.map_or_else(|| Ok(View::default()), |kept| view(&kept))
}

/// Keeps it, in place of what was kept before. What says nothing is forgotten; of very many the oldest go.
///
/// # Errors
/// As [`read`].
pub async fn keep(
    installation: &Installation,
    caller: &Caller,
    (form, record): (&str, &str),
    input: EntryInput,
) -> Result<View, Refusal> {
    if input.fields.is_empty() {
        forget(installation, caller, (form, record)).await?;
        return Ok(View::default());
    }
    let record = place_of(record)?;
    let order = order_of(installation, caller, form, record).await?;
    let entry = KeptEntry {
        workspace: caller.workspace_id(),
        member: caller.id(),
        form: order.form,
        record,
        fields: to_json(&input.fields)?,
        at: clock::now(),
    };
    let answer = View { fields: input.fields, at: Some(format_timestamp(entry.at)) };
    installation
        .write(move |tx| {
            Box::pin(async move {
                entry.save(tx).await?;
                KeptEntry::keep_newest(tx, entry.workspace, entry.member, MOST).await?;
                Ok(())
            })
        })
        .await?;
    Ok(answer)
}

/// # Errors
/// As [`read`].
pub async fn forget(
    installation: &Installation,
    caller: &Caller,
    (form, record): (&str, &str),
) -> Result<(), Refusal> {
    let record = place_of(record)?;
    let order = order_of(installation, caller, form, record).await?;
    let (workspace, member, form) = (caller.workspace_id(), caller.id(), order.form);
    let known = KeptEntry::find(&mut order.reader().await?, workspace, member, form, record).await?;
    if known.is_none() {
        return Ok(());
    }
    installation
        .write(move |tx| {
            Box::pin(async move {
                KeptEntry::delete(tx, workspace, member, form, record).await?;
                Ok(())
            })
        })
        .await
}

/// For whoever may use the form; and of a record for those, too, who are or were asked about it in its flow.
async fn order_of(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    record: i64,
) -> Result<Order, Refusal> {
    let refusal = match Order::to_read(installation, caller, form).await {
        Err(refusal) if refusal.cause == Cause::Missing => refusal,
        answer => return answer,
    };
    let Some(record) = Id::from_i64(record) else { return Err(refusal) };
    let order = Order::to_follow(installation, caller, form).await?;
    super::read::with(&mut order.reader().await?, &order, record).await?;
    Ok(order)
}

/// A record as the store names it here: 0 for a new one.
fn place_of(record: &str) -> Result<i64, Refusal> {
    if record == NEW {
        return Ok(0);
    }
    let id: Id = record.parse().map_err(|_| Refusal::missing())?;
    Ok(id.as_i64())
}

fn view(kept: &KeptEntry) -> Result<View, Refusal> {
    Ok(View { fields: stored("kept_entry", &kept.fields)?, at: Some(format_timestamp(kept.at)) })
}
