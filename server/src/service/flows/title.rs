//! How an instance is called in the inbox.

use std::collections::BTreeSet;

use engine::flow::Flow;
use engine::form::{fill_pattern, pattern_paths};
use engine::record::title;
use engine::value::{Id, Values, get};
use store::instance::Instance;
use store::record::Record;
use store::{Reader, Tx};

use super::instances::record_of;
use crate::service::apps::label;
use crate::service::records::{Eyes, Order};
use crate::service::{Cause, Refusal, flows};

/// The flow's pattern, or the form's label and the record's title. What a pattern reads through a link is read whoever
/// acts, so that what is kept does not depend on that.
pub async fn title_of(tx: &mut Tx, order: &Order, flow: &Flow, record: &Record) -> Result<String, Refusal> {
    made(tx, order, flow, &record.values, Eyes::System).await
}

/// The name for a reader to whom these fields of the record are open. Where others are closed, or what the pattern reads
/// through a link, it is made anew without them.
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
    let is_open = order.compiled.form.fields().all(|column| open.contains(&column.path));
    if is_open && is_open_behind(order, &patterns(order, flow))? {
        return Ok(instance.title.clone());
    }
    let mut values = match record_of(db, order, instance.record).await {
        Ok(record) => record.values,
        Err(refusal) if refusal.cause == Cause::Missing => Values::new(),
        Err(refusal) => return Err(refusal),
    };
    values.retain(|path, _| open.contains(path));
    made(db, order, flow, &values, Eyes::Viewer).await
}

/// The kept name of an instance for one who administers its form: all of the record is open to them, not all that its links
/// lead to.
///
/// # Errors
/// Those of reading.
pub async fn title_for_administrator(
    db: &mut Reader,
    order: &Order,
    instance: Id,
    kept: String,
) -> Result<String, Refusal> {
    if order.access.is_all_open() {
        return Ok(kept);
    }
    let found = Instance::find(db, order.caller.workspace_id(), instance).await?;
    let Some(found) = found else { return Ok(String::new()) };
    let flow = flows::version(db, order, found.flow_version).await?;
    let open = order.compiled.form.fields().map(|column| column.path.clone()).collect();
    seen_title(db, order, &flow, &found, &open).await
}

/// The patterns of the form and of the flow, which a name may be made of.
fn patterns(order: &Order, flow: &Flow) -> String {
    let own = order.compiled.form.sketch.document.title.as_deref().unwrap_or_default();
    format!("{own} {}", flow.document().title.as_deref().unwrap_or_default())
}

/// Whether nothing is closed to the reader of the forms that a pattern reads through links.
fn is_open_behind(order: &Order, pattern: &str) -> Result<bool, Refusal> {
    for path in pattern_paths(pattern) {
        let Some((link, _)) = path.split_once('.') else { continue };
        let target = order.compiled.form.column(link).and_then(|column| column.target);
        let target = target.filter(|target| order.designs.published(*target).is_ok());
        if let Some(target) = target
            && !order.access_to(target)?.is_unrestricted()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn made(
    db: &mut Reader,
    order: &Order,
    flow: &Flow,
    values: &Values,
    eyes: Eyes,
) -> Result<String, Refusal> {
    let language = order.caller.workspace.language;
    let form = &order.compiled.form;
    let pattern = flow.document().title.as_deref();
    let linked = order.linked_texts(db, values, &patterns(order, flow), language, eyes).await?;
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
