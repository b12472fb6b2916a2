//! How an instance is called in the inbox.

use std::collections::BTreeSet;

use engine::flow::Flow;
use engine::form::fill_pattern;
use engine::record::title;
use engine::value::{Values, get};
use store::instance::Instance;
use store::record::Record;
use store::{Reader, Tx};

use super::instances::record_of;
use crate::service::apps::label;
use crate::service::records::Order;
use crate::service::{Cause, Refusal};

/// The flow's pattern, or the form's label and the record's title. What a pattern reads through a link is read whoever
/// acts, so that an instance has one name.
pub async fn title_of(tx: &mut Tx, order: &Order, flow: &Flow, record: &Record) -> Result<String, Refusal> {
    made(tx, order, flow, &record.values).await
}

/// The name for a reader to whom these fields of the record are open. Where others are closed, it is made anew without
/// them.
///
/// # Errors
/// Those of reading.
pub async fn seen_title(
    db: &mut Reader,
    order: &Order,
    flow: &Flow,
    instance: &Instance,
    open: &BTreeSet<String>,
) -> Result<String, Refusal> {
    if order.compiled.form.fields().all(|column| open.contains(&column.path)) {
        return Ok(instance.title.clone());
    }
    let mut values = match record_of(db, order, instance.record).await {
        Ok(record) => record.values,
        Err(refusal) if refusal.cause == Cause::Missing => Values::new(),
        Err(refusal) => return Err(refusal),
    };
    values.retain(|path, _| open.contains(path));
    made(db, order, flow, &values).await
}

async fn made(db: &mut Reader, order: &Order, flow: &Flow, values: &Values) -> Result<String, Refusal> {
    let language = order.caller.workspace.language;
    let form = &order.compiled.form;
    let pattern = flow.document().title.as_deref();
    let own = form.sketch.document.title.as_deref().unwrap_or_default();
    let both = format!("{own} {}", pattern.unwrap_or_default());
    let linked = order.linked_texts(db, values, &both, language).await?;
    let linked_text = |path: &str| linked.get(path).cloned().unwrap_or_default();
    let name = title(form, values, language, &linked_text);
    let Some(pattern) = pattern else {
        let form_label = order.design().map(|design| label(&design.row.label)).unwrap_or_default();
        return Ok(format!("{} {name}", form_label.get(language)).trim().to_string());
    };
    let shown = |path: &str| {
        let Some(column) = form.column(path) else { return linked_text(path) };
        let value = get(values, path);
        if value.is_empty() { String::new() } else { column.read_kind.display(value, language) }
    };
    let serial = form.fields().find(|column| column.field.kind.name() == "serial");
    let text = fill_pattern(pattern, &|path| match path {
        "label" => flow.document().label.get(language).to_string(),
        "serial" => serial.map(|column| shown(&column.path)).unwrap_or_default(),
        "title" => name.clone(),
        field => shown(field),
    });
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
