//! Views as their readers have them.

use engine::access::Operation;
use engine::condition::Reach;
use engine::text::Faults;
use engine::value::Id;
use engine::view::{Fitted, Sees, ViewDocument};
use store::Reader;
use store::view::{SavedView, ViewScope};

use crate::service::designs::stored;
use crate::service::faults::error;
use crate::service::people::Caller;
use crate::service::people::members::person;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// The caller's own views of a form, and those that are shared; in the order in which they were made.
///
/// # Errors
/// Not found, forbidden for who sees no records.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<wire::View>, Refusal> {
    let order = to_look(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let rows = SavedView::of_form(&mut db, caller.workspace_id(), order.form, caller.id()).await?;
    rows.iter().map(|row| view(&order, row)).collect()
}

/// The form, for one who sees records of it.
///
/// # Errors
/// Not found, forbidden.
pub async fn to_look(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if order.access.may(Operation::View) { Ok(order) } else { Err(Refusal::forbidden("forbidden")) }
}

/// A view of the workspace that the caller may know of.
pub async fn known(db: &mut Reader, caller: &Caller, id: Id) -> Result<Option<SavedView>, Refusal> {
    let row = SavedView::find(db, caller.workspace_id(), id).await?;
    Ok(row.filter(|row| row.scope != ViewScope::Own || row.owner == caller.id()))
}

/// A view as the caller has it.
pub fn view(order: &Order, row: &SavedView) -> Result<wire::View, Refusal> {
    let Fitted { document, faults } = fitted(order, row)?;
    let language = order.caller.language();
    Ok(wire::View {
        id: row.id,
        version: row.version,
        key: document.key,
        label: document.label,
        kind: document.kind,
        columns: document.columns,
        filter: document.filter,
        sort: document.sort,
        group: document.group,
        sums: document.sums,
        row_height: document.row_height,
        scope: document.scope,
        options: document.options,
        owner: person(&order.caller.people, row.owner),
        may_change: may_change(order, row),
        may_share: may_share(order),
        faults: faults.iter().map(|fault| error(fault, language)).collect(),
    })
}

/// The document of a view with what the caller may see of it.
pub fn fitted(order: &Order, row: &SavedView) -> Result<Fitted, Refusal> {
    let document: ViewDocument = stored("saved_view", &row.document)?;
    Ok(seen(order, |sees| document.fitted(sees)))
}

/// What is wrong with a view that the caller saves.
pub fn faults(order: &Order, document: &ViewDocument) -> Faults {
    seen(order, |sees| document.check(sees))
}

fn seen<T>(order: &Order, look: impl FnOnce(&Sees<'_>) -> T) -> T {
    let may_see = |reach: &Reach| order.may_ask(reach).unwrap_or(false);
    look(&Sees { form: &order.compiled.form, catalogue: &*order.designs, may_see: &may_see })
}

/// Whether the caller may show views to others: who designs the form.
pub fn may_share(order: &Order) -> bool {
    order.is_administrator() && order.caller.has_scope(wire::Scope::Design)
}

/// Whether the caller may change a view that they know of: their own; one that is shared, where they design the form; one
/// that is locked, where they have locked it or administer the workspace.
pub fn may_change(order: &Order, row: &SavedView) -> bool {
    let is_own = row.owner == order.caller.id();
    match row.scope {
        ViewScope::Own => is_own,
        ViewScope::Shared => may_share(order),
        ViewScope::Locked => may_share(order) && (is_own || order.caller.is_administrator()),
    }
}
