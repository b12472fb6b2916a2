//! Templates as their readers have them.

use engine::access::Operation;
use engine::condition::Reach;
use engine::print::{PrintSees, PrintTemplate as Document};
use engine::text::Faults;
use store::print_template::PrintTemplate;

use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// The templates of a form, the one that is offered first before the others. Their documents are for who designs the form: they
/// name fields that others may not know of.
///
/// # Errors
/// Not found; forbidden for who may not print.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<wire::PrintTemplate>, Refusal> {
    let order = to_print(installation, caller, form).await?;
    let mut db = order.reader().await?;
    let rows = PrintTemplate::of_form(&mut db, caller.workspace_id(), order.form).await?;
    let views: Result<Vec<_>, Refusal> = rows.iter().map(|row| view(&order, row)).collect();
    let mut views = views?;
    views.sort_by_key(|view| !view.is_default);
    Ok(views)
}

/// The form, for one who may print records of it.
///
/// # Errors
/// Not found, forbidden.
pub async fn to_print(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if order.access.may(Operation::Print) { Ok(order) } else { Err(Refusal::forbidden("forbidden")) }
}

/// The form, for one who designs it.
///
/// # Errors
/// Not found, forbidden.
pub async fn to_design(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if order.is_administrator() { Ok(order) } else { Err(Refusal::forbidden("forbidden")) }
}

pub fn view(order: &Order, row: &PrintTemplate) -> Result<wire::PrintTemplate, Refusal> {
    let document = document(row)?;
    Ok(wire::PrintTemplate {
        id: row.id,
        version: row.version,
        key: row.key.clone(),
        label: document.label.clone(),
        is_default: document.is_default,
        document: order.is_administrator().then_some(document),
    })
}

pub fn document(row: &PrintTemplate) -> Result<Document, Refusal> {
    stored("print_template", &row.document)
}

/// What is wrong with a template that the caller saves.
pub fn faults(order: &Order, document: &Document) -> Faults {
    let may_see = |reach: &Reach| order.may_ask(reach).unwrap_or(false);
    document.check(&PrintSees { form: &order.compiled.form, catalogue: &*order.designs, may_see: &may_see })
}
