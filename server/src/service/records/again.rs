//! What a request that is sent again is told of its first answer: what its caller may still do and see.

use std::collections::BTreeSet;

use engine::access::{Access, FieldRight, Operation};
use engine::value::Id;
use store::{Reader, Tx};

use super::Order;
use super::history::rows;
use super::save::Change;
use crate::service::Refusal;
use crate::service::answer::Answer;

/// What lets somebody change a record.
pub const EDITS: &[Operation] = &[Operation::Edit, Operation::EditRunning, Operation::Create];

/// The first answer to a request about one record, with the fields that are still open to its caller.
///
/// # Errors
/// Forbidden for who may no longer ask for this.
pub async fn told(tx: &mut Tx, order: &Order, any: &[Operation], first: Answer) -> Result<Answer, Refusal> {
    check_may(order, any)?;
    let mut view: wire::records::Record = serde_json::from_str(&first.body).map_err(Refusal::internal)?;
    let open = open_fields(tx, order, view.id).await?;
    view.row_counts.retain(|path, _| open.contains(path));
    let fields = view.fields.into_iter().filter(|(path, _)| open.contains(path));
    view.fields = fields.map(|(path, value)| (path.clone(), rows(value, &path, &open))).collect();
    let body = serde_json::to_string(&view).map_err(Refusal::internal)?;
    Ok(Answer { body, ..first })
}

/// What somebody must be allowed, one of it, to ask for a change. A draft is changed and deleted by who may make records.
pub fn asked_for(change: &Change) -> &'static [Operation] {
    match change {
        Change::Create(_) | Change::Submit { .. } => &[Operation::Create],
        Change::Delete { .. } | Change::Restore { .. } => &[Operation::Delete, Operation::Create],
        Change::Void { .. } => &[Operation::Void],
        Change::Update { .. } | Change::Act(_) | Change::Unlink { .. } => EDITS,
    }
}

/// Whether the caller may do any of this with some record. Who asks for nothing is asked for nothing.
///
/// # Errors
/// Forbidden.
pub fn check_may(order: &Order, any: &[Operation]) -> Result<(), Refusal> {
    if any.is_empty() || any.iter().any(|operation| order.access.may(*operation)) {
        return Ok(());
    }
    Err(Refusal::forbidden("forbidden"))
}

/// The fields and columns of a record that somebody was told of which they may read now, in the recycle bin too.
async fn open_fields(db: &mut Reader, order: &Order, id: Id) -> Result<BTreeSet<String>, Refusal> {
    let access = Access::system("a record that somebody was told of");
    if let Some(record) = store::record::get(db, &access, order.table(), id, &order.context).await? {
        return order.readable_on(db, &record).await;
    }
    let columns = order.compiled.form.all_columns().map(|column| column.path.clone());
    Ok(columns.filter(|path| order.access.right(path) >= FieldRight::Read).collect())
}
