//! What people say about a record, to everybody who may see it.

use std::collections::BTreeMap;

use engine::access::Operation;
use engine::value::{Id, format_timestamp};
use serde_json::json;
use store::comment::Comment;
use store::file::File;
use store::instance::Instance;
use store::record::Record;
use store::{Reader, Tx, ids};
use wire::StoredFile;
use wire::comments::{Comment as View, CommentEdit, CommentInput, Comments};

use super::{Order, read};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::designs::stored;
use crate::service::files::{self, COMMENT};
use crate::service::flows::instances::takes_part;
use crate::service::flows::notices::deliver::leave_comment;
use crate::service::flows::{check_mentions, check_said};
use crate::service::live_events::Event;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// The comments on a record, newest first, from before `before` on.
///
/// # Errors
/// Not found for a record that the caller may not see.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    (form, id): (&str, Id),
    before: Option<Id>,
    limit: Option<u32>,
) -> Result<Comments, Refusal> {
    let limit = super::query::checked_limit(limit)? as usize;
    let order = Order::to_follow(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let (record, _) = read::visible_paths(&mut db, &order, id).await?;
    let workspace = caller.workspace_id();
    // One more than is asked for says whether there is a next page.
    let wanted = i64::try_from(limit + 1).map_err(Refusal::internal)?;
    let mut found = Comment::of_record(&mut db, workspace, order.form, id, before, wanted).await?;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().filter(|_| !is_last).map(|last| last.id.to_string());
    let may_comment = may_comment(&mut db, &order, &record).await?;
    let mut items = Vec::with_capacity(found.len());
    for comment in &found {
        items.push(view(&mut db, &order, comment, may_comment).await?);
    }
    Ok(Comments { items, next, may_comment })
}

/// Says something about a record.
///
/// # Errors
/// Not found for a record that the caller may not see; forbidden for who may not comment on it; `required`, `too_long`,
/// `too_many`, `not_an_id`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (form, id): (String, Id),
    input: CommentInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let order = Order::to_follow(&parts, &actor, &form).await?.newest(tx).await?;
                let (record, _) = read::visible_paths(tx, &order, id).await?;
                if !may_comment(tx, &order, &record).await? {
                    return Err(Refusal::forbidden("forbidden"));
                }
                let comment = checked(&order, &record, &input)?;
                files::hold(tx, &actor, &input.files, (order.form, id), COMMENT).await?;
                comment.insert(tx).await?;
                tell(tx, &order, &comment, record.version, ("comment.create", input.mentions.as_slice()))
                    .await?;
                Answer::created(&view(tx, &order, &comment, true).await?)
            })
        })
        .await
}

/// Other words in place of what the caller said; those whom they name anew are told.
///
/// # Errors
/// Not found for a comment on a record that the caller may not see; forbidden for those of others; `required`, `too_long`,
/// `too_many`, `not_an_id`.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    input: CommentEdit,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (order, record, comment) = found(tx, &parts, &actor, id).await?;
                if comment.who != actor.id() || !may_comment(tx, &order, &record).await? {
                    return Err(Refusal::forbidden("forbidden"));
                }
                let files: Vec<Id> = stored("comment", &comment.files)?;
                let text = said(&order, &input.text, files.is_empty(), &input.mentions)?;
                let named: Vec<Id> = stored("comment", &comment.mentions)?;
                let comment = Comment {
                    text,
                    mentions: to_json(&input.mentions)?,
                    edited_at: Some(clock::now()),
                    ..comment
                };
                comment.update(tx).await?;
                let anew: Vec<Id> =
                    input.mentions.iter().copied().filter(|member| !named.contains(member)).collect();
                tell(tx, &order, &comment, record.version, ("comment.update", anew.as_slice())).await?;
                Answer::done(&view(tx, &order, &comment, true).await?)
            })
        })
        .await
}

/// Takes away what the caller said; who administers the form may take away what others said.
///
/// # Errors
/// Not found for a comment on a record that the caller may not see; forbidden for those of others.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                actor.may_change()?;
                let (order, record, comment) = found(tx, &parts, &actor, id).await?;
                if comment.who != actor.id() && !order.is_administrator() {
                    return Err(Refusal::forbidden("forbidden"));
                }
                let files: Vec<Id> = stored("comment", &comment.files)?;
                for file in files {
                    File::let_go(tx, comment.workspace, file, record.id, COMMENT).await?;
                }
                Comment::delete(tx, comment.workspace, comment.id).await?;
                tell(tx, &order, &comment, record.version, ("comment.delete", [].as_slice())).await
            })
        })
        .await
}

/// A comment with the record that it is about, for those who may see that.
async fn found(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<(Order, Record, Comment), Refusal> {
    let comment = Comment::find(tx, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    let order = Order::to_follow(installation, caller, &comment.form.to_string()).await?.newest(tx).await?;
    let (record, _) = read::visible_paths(tx, &order, comment.record).await?;
    Ok((order, record, comment))
}

/// The words, once they say something.
fn said(order: &Order, text: &str, is_alone: bool, mentions: &[Id]) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() && is_alone {
        return Err(Refusal::fault("text", "required"));
    }
    check_said(Some(text), "text")?;
    check_mentions(&order.caller, mentions)?;
    Ok(text.to_string())
}

/// The comment, once it is one.
fn checked(order: &Order, record: &Record, input: &CommentInput) -> Result<Comment, Refusal> {
    let text = said(order, &input.text, input.files.is_empty(), &input.mentions)?;
    Ok(Comment {
        workspace: order.caller.workspace_id(),
        id: ids::next(),
        form: order.form,
        record: record.id,
        at: clock::now(),
        who: order.caller.id(),
        text,
        mentions: to_json(&input.mentions)?,
        files: to_json(&input.files)?,
        edited_at: None,
    })
}

/// Whether the caller may say something about a record that they see: where its form has comments, who takes part in its
/// flow, and whom a group lets comment on it. A draft is nobody else's to read.
async fn may_comment(db: &mut Reader, order: &Order, record: &Record) -> Result<bool, Refusal> {
    if !order.compiled.form.sketch.document.settings.comments || record.system.is_draft() {
        return Ok(false);
    }
    let workspace = order.caller.workspace_id();
    for instance in Instance::of_record(db, workspace, order.form, record.id).await? {
        if takes_part(db, order, &instance).await? {
            return Ok(true);
        }
    }
    let around = order.around(db, std::slice::from_ref(record), &[]).await?;
    let draft = order.draft_of(record, &around);
    Ok(order.access.may_on(Operation::Comment, &draft.source(None), &order.context))
}

/// Leaves word of it: in the audit trail, without what was said; for those whom it names; for those who look on.
async fn tell(
    tx: &mut Tx,
    order: &Order,
    comment: &Comment,
    version: i64,
    (action, mentions): (&'static str, &[Id]),
) -> Result<(), Refusal> {
    let key = order.design()?.row.key.clone();
    let changes = json!({"form": order.form, "record": comment.record});
    let note = Note { action, object: Some(comment.id), label: Some(&key), changes: Some(changes) };
    audit::note(tx, &order.caller, note).await?;
    leave_comment(tx, comment, mentions).await?;
    let (live, workspace) = (order.installation.live.clone(), comment.workspace);
    let what = "comment".into();
    let event = Event::Record { form: order.form, record: comment.record, version, what };
    tx.on_commit(move || live.send(workspace, event));
    Ok(())
}

async fn view(db: &mut Reader, order: &Order, comment: &Comment, may_comment: bool) -> Result<View, Refusal> {
    let is_own = comment.who == order.caller.id();
    let files: Vec<Id> = stored("comment", &comment.files)?;
    let found = File::find_all(db, comment.workspace, &files).await?;
    let mut known: BTreeMap<Id, StoredFile> = found.iter().map(|file| (file.id, files::view(file))).collect();
    Ok(View {
        id: comment.id,
        at: format_timestamp(comment.at),
        who: comment.who,
        text: comment.text.clone(),
        mentions: stored("comment", &comment.mentions)?,
        // In the order in which they were given.
        files: files.iter().filter_map(|id| known.remove(id)).collect(),
        edited_at: comment.edited_at.map(format_timestamp),
        may_edit: is_own && may_comment,
        may_delete: is_own || order.is_administrator(),
    })
}
