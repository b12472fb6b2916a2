//! Single records: making, changing, submitting and deleting one.

use engine::text::Fault;
use engine::value::Id;
use store::table::FormRef;
use store::{Tx, Wanted, ids};
use wire::records::{RecordInput, RecordPatch, SubmitInput};

use super::save::{Change, Create, Saved, save};
use super::{Order, Path, again};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};

/// Characters of a reason.
const LONGEST_REASON: usize = 500;

/// # Errors
/// Not found, forbidden; everything that the save refuses.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    input: RecordInput,
) -> Result<Answer, Refusal> {
    let change = Change::Create(Create {
        fields: input.fields,
        system: input.system,
        draft: input.draft,
        start_flow: input.start_flow,
        chosen: input.chosen,
        ..Create::default()
    });
    let answer = one(installation, caller, key, form, change).await?;
    Ok(Answer { outcome: crate::service::answer::Outcome::Created, ..answer })
}

/// # Errors
/// Not found, forbidden; stale; everything that the save refuses.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
    patch: RecordPatch,
) -> Result<Answer, Refusal> {
    let fields = patch.fields.unwrap_or_default();
    let change = Change::Update { id, version, fields, system: patch.system };
    let wanted = wanted(installation, caller, &form, id).await?;
    let (parts, actor) = (installation.clone(), caller.clone());
    let work = installation.store.write_wanting(wanted, move |tx| {
        Box::pin(async move { saved(&parts, tx, &actor, &form, change).await })
    });
    work.await
}

/// The record as the store reads it ahead; nothing for a form that is not there, of which the save tells.
async fn wanted(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    record: Id,
) -> Result<Option<Wanted>, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let Ok(design) = designs.form_to_use(form, caller) else { return Ok(None) };
    let form = FormRef { workspace, form: design.row.id, version: design.row.version };
    Ok(Some(Wanted { form, record }))
}

/// Submits a stored draft.
///
/// # Errors
/// As [`update`]; `not_a_draft`.
pub async fn submit(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (form, id): (String, Id),
    input: SubmitInput,
) -> Result<Answer, Refusal> {
    let SubmitInput { fields, chosen } = input;
    one(installation, caller, key, form, Change::Submit { id, version: None, fields, chosen }).await
}

/// Puts a record into the recycle bin.
///
/// # Errors
/// As [`update`]; `linked` where another record stands in the way.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let order = Order::to_write(&parts, tx, &actor, &form, Path::of(&actor)).await?;
                // What goes along, or loses a link, is found again by it.
                let order = Order { batch: Some(ids::next()), ..order };
                save(tx, &order, vec![Change::Delete { id, version }]).await.map(drop)
            })
        })
        .await
}

/// Voids a record: it stays, its scripts take back what they did, and nothing changes it any more.
///
/// # Errors
/// Not found, forbidden; `not_voidable`, `voided`; a reason that is missing or too long; everything that its scripts refuse.
pub async fn void(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (form, id): (String, Id),
    reason: &str,
) -> Result<Answer, Refusal> {
    let reason = reason.trim().to_string();
    if reason.is_empty() {
        return Err(Refusal::fault("reason", "required"));
    }
    if reason.chars().count() > LONGEST_REASON {
        let fault = Fault::new("reason", "too_long").arg("max", LONGEST_REASON);
        return Err(Refusal::invalid(vec![fault]));
    }
    one(installation, caller, key, form, Change::Void { id, reason }).await
}

/// Saves one change and answers with the record as the caller may see it.
async fn one(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    change: Change,
) -> Result<Answer, Refusal> {
    let any = again::asked_for(&change);
    let (parts, actor) = (installation.clone(), caller.clone());
    let (there, asking, of) = (installation.clone(), caller.clone(), form.clone());
    installation
        .act_or_tell(
            caller,
            key,
            move |tx| Box::pin(async move { saved(&parts, tx, &actor, &form, change).await }),
            move |tx, first| {
                Box::pin(async move {
                    let order = Order::to_write(&there, tx, &asking, &of, Path::of(&asking)).await?;
                    again::told(tx, &order, any, first).await
                })
            },
        )
        .await
}

async fn saved(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    form: &str,
    change: Change,
) -> Result<Answer, Refusal> {
    let order = Order::to_write(installation, tx, caller, form, Path::of(caller)).await?;
    let saved = save(tx, &order, vec![change]).await?;
    let saved = saved.into_iter().next().ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
    answer(tx, &order, &saved).await
}

/// The saved record as the caller may see it, with the flow that it started.
pub async fn answer(tx: &mut Tx, order: &Order, saved: &Saved) -> Result<Answer, Refusal> {
    let mut view = order.view(tx, &saved.record).await?;
    view.instance = saved.moved.as_ref().filter(|moved| moved.is_new).map(|moved| moved.view());
    Ok(Answer::done(&view)?.version(view.version))
}
