//! One record, for those whom a group lets view it, and for those who are or were asked about it in its flow.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::flow::document::START;
use engine::value::{Id, format_timestamp};
use serde_json::Value as Json;
use store::Reader;
use store::instance::{Instance, Task};
use store::record::{Record, System};

use super::Order;
use super::reused::Reused;
use crate::service::bin::Retention;
use crate::service::flows::instances::once_asked_at;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal, flows};

/// Characters of a former value that are told.
const LONGEST_FORMER: usize = 200;

/// # Errors
/// Not found for a record that the caller may not see.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    id: Id,
) -> Result<wire::records::Record, Refusal> {
    let order = Order::to_follow(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let mut view = with(&mut db, &order, id).await?;
    view.former = former(&mut db, &order, &view).await?;
    Ok(view)
}

/// What lies aside of fields that are empty since they became others, of those that `view` shows.
async fn former(
    db: &mut Reader,
    order: &Order,
    view: &wire::records::Record,
) -> Result<BTreeMap<String, wire::records::Former>, Refusal> {
    let mut lying = store::record::former(db, order.table(), view.id).await?;
    // Ids say nothing to anybody.
    lying.retain(|former| {
        view.fields.get(&former.path).is_some_and(Json::is_null) && former.kind.reference().is_none()
    });
    if lying.is_empty() {
        return Ok(BTreeMap::new());
    }
    let reused = Reused::closed_to_caller(db, order).await?;
    lying.retain(|former| reused.is_same(&former.path, former.at));
    let retention = Retention::of(db, order.caller.workspace_id()).await?;
    let language = order.caller.language();
    let told = lying.into_iter().map(|former| {
        let whole = former.kind.display(&former.value, language);
        let mut text: String = whole.chars().take(LONGEST_FORMER).collect();
        if text.len() < whole.len() {
            text.push('…');
        }
        let until = format_timestamp(retention.ends(former.at));
        (former.path, wire::records::Former { text, until })
    });
    Ok(told.collect())
}

/// The record with what groups and the caller's steps in its flow let them see.
///
/// # Errors
/// As [`read`].
pub async fn with(db: &mut Reader, order: &Order, id: Id) -> Result<wire::records::Record, Refusal> {
    let Some(record) = find(db, order, id).await? else { return as_participant(db, order, id).await };
    let mut view = order.view(db, &record).await?;
    if !order.is_administrator() && record.system.instance.is_some() {
        // A step may show what no group does.
        match as_participant(db, order, id).await {
            Ok(seen) => view.fields.extend(seen.fields),
            Err(refusal) if refusal.cause == Cause::Missing => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(view)
}

/// The record that the caller's groups let them view; their own drafts too. Not from the recycle bin.
pub async fn find(db: &mut Reader, order: &Order, id: Id) -> Result<Option<Record>, Refusal> {
    let record = store::record::get(db, &order.access, order.table(), id, &order.context).await?;
    let record = match record {
        Some(record) => Some(record),
        None => own_draft(db, order, id).await?,
    };
    let is_mine =
        |record: &Record| record.system.created_by == Some(order.caller.id()) || order.is_administrator();
    Ok(record.filter(|record| {
        record.system.deleted_at.is_none() && (!record.system.is_draft() || is_mine(record))
    }))
}

/// The draft with this id, as far as it is the caller's. Of others no more is read than of what is not there.
async fn own_draft(db: &mut Reader, order: &Order, id: Id) -> Result<Option<Record>, Refusal> {
    let access = Access::system("a draft is its creator's own");
    let system = store::record::system(db, &access, order.table(), id).await?;
    let is_mine = |system: &System| system.created_by == Some(order.caller.id()) || order.is_administrator();
    match system.filter(|system| system.is_draft() && is_mine(system)) {
        Some(_) => Ok(store::record::get(db, &access, order.table(), id, &order.context).await?),
        None => Ok(None),
    }
}

/// A record in the recycle bin that the caller's groups let them view where it lay; no draft.
pub async fn find_deleted(db: &mut Reader, order: &Order, id: Id) -> Result<Option<Record>, Refusal> {
    let record = store::record::get(db, &order.access, order.table(), id, &order.context).await?;
    Ok(record.filter(|record| record.system.deleted_at.is_some() && !record.system.is_draft()))
}

/// A record with the fields and columns of it that groups and the caller's steps let them see.
///
/// # Errors
/// As [`read`].
pub async fn visible_paths(
    db: &mut Reader,
    order: &Order,
    id: Id,
) -> Result<(Record, BTreeSet<String>), Refusal> {
    let found = find(db, order, id).await?;
    let (by_group, mut paths) = (found.is_some(), BTreeSet::new());
    if let Some(record) = &found {
        paths.extend(order.readable_on(db, record).await?);
    }
    let seen = match found {
        Some(record) if order.is_administrator() || record.system.instance.is_none() => {
            return Ok((record, paths));
        }
        seen => seen,
    };
    let steps = steps_of(db, order, id).await?;
    if !by_group && steps.is_empty() {
        return Err(Refusal::missing());
    }
    let record = match seen {
        Some(record) => record,
        None => followed(db, id, order).await?,
    };
    let columns = order.compiled.form.all_columns().map(|column| column.path.clone());
    paths.extend(columns.filter(|path| opened(order, &steps, path)));
    Ok((record, paths))
}

/// The record as those see it who take part in its flow: with the fields of their steps.
async fn as_participant(db: &mut Reader, order: &Order, id: Id) -> Result<wire::records::Record, Refusal> {
    let steps = steps_of(db, order, id).await?;
    if steps.is_empty() {
        return Err(Refusal::missing());
    }
    let record = followed(db, id, order).await?;
    order.view_where(db, &record, &|path| opened(order, &steps, path)).await
}

/// A record for those who may have a part in its flow.
async fn followed(db: &mut Reader, id: Id, order: &Order) -> Result<Record, Refusal> {
    let access = Access::system("those who take part in a flow may read its record");
    let record = store::record::get(db, &access, order.table(), id, &order.context).await?;
    record.filter(|record| record.system.deleted_at.is_none()).ok_or_else(Refusal::missing)
}

/// Whether some of the steps shows a field. What groups close to those who submit, the flow's start does not open again.
fn opened(order: &Order, steps: &[StepOf], path: &str) -> bool {
    steps.iter().any(|(flow, step)| {
        let by_group = step != START || order.right_at_start(path) >= FieldRight::Read;
        by_group && flow.fields(step).is_some_and(|fields| fields.is_visible(path))
    })
}

type StepOf = (std::sync::Arc<engine::flow::Flow>, String);

/// The steps at which the caller has or had a part in the flows of a record: by two questions, also of one that is not there.
async fn steps_of(db: &mut Reader, order: &Order, record: Id) -> Result<Vec<StepOf>, Refusal> {
    let workspace = order.caller.workspace_id();
    let me = order.caller.id();
    let mut steps = Vec::new();
    let tasks = Task::of_member_at(db, workspace, (order.form, record), me).await?;
    for instance in Instance::of_record(db, workspace, order.form, record).await? {
        let mine = tasks.iter().filter(|task| task.instance == instance.id).map(|task| task.step.clone());
        let start = (instance.submitter == Some(me)).then(|| START.to_string());
        let handed_on = once_asked_at(&instance, me)?;
        let names: Vec<String> = mine.chain(start).chain(handed_on).collect();
        if names.is_empty() {
            continue;
        }
        let flow = flows::version(db, order, instance.flow_version).await?;
        steps.extend(names.into_iter().map(|step| (flow.clone(), step)));
    }
    Ok(steps)
}
