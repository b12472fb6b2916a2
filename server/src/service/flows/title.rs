//! How an instance is called in the inbox.

use engine::flow::Flow;
use engine::form::fill_pattern;
use engine::record::title;
use store::Tx;
use store::record::Record;

use crate::service::Refusal;
use crate::service::apps::label;
use crate::service::records::Order;

/// The flow's pattern, or the form's label and the record's title. What a pattern reads through a link is read whoever
/// acts, so that an instance has one name.
pub async fn title_of(tx: &mut Tx, order: &Order, flow: &Flow, record: &Record) -> Result<String, Refusal> {
    let language = order.caller.workspace.language;
    let form = &order.compiled.form;
    let pattern = flow.document().title.as_deref();
    let own = form.sketch.document.title.as_deref().unwrap_or_default();
    let both = format!("{own} {}", pattern.unwrap_or_default());
    let linked = order.linked_texts(tx, record, &both, language).await?;
    let linked_text = |path: &str| linked.get(path).cloned().unwrap_or_default();
    let name = title(form, &record.values, language, &linked_text);
    let Some(pattern) = pattern else {
        let form_label = order.design().map(|design| label(&design.row.label)).unwrap_or_default();
        return Ok(format!("{} {name}", form_label.get(language)).trim().to_string());
    };
    let shown = |path: &str| {
        let Some(column) = form.column(path) else { return linked_text(path) };
        let value = record.value(path);
        if value.is_empty() { String::new() } else { column.read_kind.display(&value, language) }
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
