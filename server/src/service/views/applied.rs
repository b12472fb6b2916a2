//! Lists and files by a view.

use std::borrow::Cow;

use engine::condition::Condition;
use engine::text::Fault;
use engine::value::Id;
use engine::view::ViewDocument;
use wire::ExportInput;
use wire::records::{Query, SortBy};

use super::read;
use crate::service::Refusal;
use crate::service::records::Order;

/// What is asked of a list, with what the view that it names adds.
///
/// # Errors
/// `unknown_view`; `view_out_of_reach` for one that the caller can't open.
pub async fn of_query<'q>(order: &Order, query: &'q Query) -> Result<Cow<'q, Query>, Refusal> {
    let Some(id) = query.view else { return Ok(Cow::Borrowed(query)) };
    let view = opened(order, id).await?;
    let mut query = query.clone();
    query.fields = query.fields.or_else(|| shown(&view));
    if query.sort.is_empty() {
        query.sort = sorted(&view);
    }
    query.filter = both(view.filter, query.filter);
    Ok(Cow::Owned(query))
}

/// What is to be exported, with what the view that it names adds.
///
/// # Errors
/// As [`of_query`].
pub async fn of_export(order: &Order, mut input: ExportInput) -> Result<ExportInput, Refusal> {
    let Some(id) = input.view else { return Ok(input) };
    let view = opened(order, id).await?;
    input.fields = input.fields.or_else(|| shown(&view));
    if input.sort.is_empty() {
        input.sort = sorted(&view);
    }
    input.filter = both(view.filter, input.filter);
    Ok(input)
}

async fn opened(order: &Order, id: Id) -> Result<ViewDocument, Refusal> {
    let mut db = order.reader().await?;
    let row = read::known(&mut db, &order.caller, id).await?.filter(|row| row.form == order.form);
    let row = row.ok_or_else(|| Refusal::fault("view", "unknown_view"))?;
    let fitted = read::fitted(order, &row)?;
    if fitted.faults.is_empty() {
        return Ok(fitted.document);
    }
    Err(Refusal::invalid(vec![Fault::new("view", "view_out_of_reach")]))
}

fn shown(view: &ViewDocument) -> Option<Vec<String>> {
    let fields: Vec<String> = view.columns.iter().map(|column| column.field.clone()).collect();
    Some(fields).filter(|fields| !fields.is_empty())
}

fn sorted(view: &ViewDocument) -> Vec<SortBy> {
    view.sort.iter().map(|by| SortBy { field: by.field.clone(), desc: by.desc }).collect()
}

fn both(one: Option<Condition>, other: Option<Condition>) -> Option<Condition> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Condition::All(vec![one, other])),
        (one, other) => one.or(other),
    }
}
