//! Saving, changing and deleting print templates.

use engine::form::Form;
use engine::import::{free_key, key_of};
use engine::print::{PrintSees, PrintTemplate as Document};
use engine::text::{Fault, Label, Language};
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::print_template::PrintTemplate;
use store::{Tx, ids};

use super::read;
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::designs::Designs;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Cause, Installation, Refusal, strict};

/// Templates of one form at most.
const MOST: usize = 50;

/// # Errors
/// Not found; forbidden for who does not design the form; every fault of the document; `too_many`, `print_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    document: Json,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let order = read::to_design(&parts, &actor, &form).await?;
                let known = PrintTemplate::of_form(tx, actor.workspace_id(), order.form).await?;
                if known.len() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                let document: Document = strict::document(with_key(document, &known))?;
                check(&order, &document)?;
                if document.is_default {
                    no_other_default(tx, &known, None).await?;
                }
                let row = inserted(tx, &actor, order.form, &document).await?;
                note(tx, &actor, "print.create", (None, &row)).await?;
                Ok(Answer::created(&read::view(&order, &row)?)?.version(row.version))
            })
        })
        .await
}

/// A template that came with a package.
///
/// # Errors
/// Every fault of the document.
pub async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    (form, designs): (&Form, &Designs),
    document: &Document,
) -> Result<(), Refusal> {
    let faults = document.check(&PrintSees { form, catalogue: designs, may_see: &|_| true });
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    inserted(tx, caller, form.id(), document).await.map(drop)
}

/// Writes a template anew.
///
/// # Errors
/// Not found, forbidden; stale; every fault of the document.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
    document: Json,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (order, mut row) = to_change(&parts, tx, &actor, id, version).await?;
                let document: Document = strict::document(document)?;
                if document.key != row.key {
                    return Err(Refusal::fault("/key", "key_is_fixed"));
                }
                check(&order, &document)?;
                if document.is_default {
                    let known = PrintTemplate::of_form(tx, row.workspace, row.form).await?;
                    no_other_default(tx, &known, Some(row.id)).await?;
                }
                let old = std::mem::replace(&mut row.document, to_json(&document)?);
                row.version += 1;
                row.update(tx).await?;
                note(tx, &actor, "print.update", (Some(old.as_str()), &row)).await?;
                Ok(Answer::done(&read::view(&order, &row)?)?.version(row.version))
            })
        })
        .await
}

/// # Errors
/// Not found, forbidden; stale.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(), Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (_, row) = to_change(&parts, tx, &actor, id, version).await?;
                PrintTemplate::delete(tx, row.workspace, row.id).await?;
                note(tx, &actor, "print.delete", (None, &row)).await
            })
        })
        .await
}

/// A template for one who changes it, with its form.
async fn to_change(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(Order, PrintTemplate), Refusal> {
    let row = PrintTemplate::find(tx, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    let order = read::to_design(installation, caller, &row.form.to_string()).await?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    Ok((order, row))
}

fn check(order: &Order, document: &Document) -> Result<(), Refusal> {
    let faults = read::faults(order, document);
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// One template is offered first: of the others none is any more.
async fn no_other_default(tx: &mut Tx, known: &[PrintTemplate], but: Option<Id>) -> Result<(), Refusal> {
    for row in known.iter().filter(|row| Some(row.id) != but) {
        let document = read::document(row)?;
        if document.is_default {
            let document = to_json(&Document { is_default: false, ..document })?;
            let row = PrintTemplate { document, version: row.version + 1, ..row.clone() };
            row.update(tx).await?;
        }
    }
    Ok(())
}

/// The document with a key made of its name, where it has none.
fn with_key(mut document: Json, known: &[PrintTemplate]) -> Json {
    if let Json::Object(members) = &mut document {
        let label =
            members.get("label").and_then(|label| serde_json::from_value::<Label>(label.clone()).ok());
        let wanted = key_of(label.unwrap_or_default().get(Language::En));
        let wanted = wanted.unwrap_or_else(|| "print".to_string());
        let free = || Json::from(free_key(&wanted, |key| known.iter().any(|row| row.key == key)));
        members.entry("key").or_insert_with(free);
    }
    document
}

async fn inserted(
    tx: &mut Tx,
    caller: &Caller,
    form: Id,
    document: &Document,
) -> Result<PrintTemplate, Refusal> {
    let (workspace, id, key) = (caller.workspace_id(), ids::next(), document.key.clone());
    let row = PrintTemplate { workspace, id, form, key, document: to_json(document)?, version: 1 };
    match row.insert(tx).await {
        Err(store::Error::Conflict { .. }) => {
            let faults = vec![Fault::new("/key", "not_unique")];
            Err(Refusal { faults, ..Refusal::conflict("print_taken") })
        }
        other => Ok(other.map(|()| row)?),
    }
}

async fn note(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    (old, row): (Option<&str>, &PrintTemplate),
) -> Result<(), Refusal> {
    let document = |text: &str| without_pictures(serde_json::from_str::<Json>(text).unwrap_or_default());
    let changes = match old {
        Some(old) => audit::difference(&document(old), &document(&row.document)),
        // Whole, when it comes and when it goes.
        None => document(&row.document),
    };
    let changes = Some(json!({"form": row.form, "print": changes}));
    audit::note(tx, caller, Note { action, object: Some(row.id), label: Some(&row.key), changes }).await
}

/// A trail says that there is a picture, and does not hold it.
fn without_pictures(mut document: Json) -> Json {
    let blocks = document.get_mut("blocks").and_then(Json::as_array_mut);
    for block in blocks.into_iter().flatten() {
        if let Some(data) = block.get_mut("data") {
            let size = data.as_str().map_or(0, str::len);
            *data = Json::from(format!("… {size}"));
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_without_a_key_gets_one_of_its_name_that_is_free() {
        let row = PrintTemplate {
            workspace: ids::next(),
            id: ids::next(),
            form: ids::next(),
            key: "order_sheet".into(),
            document: "{}".into(),
            version: 1,
        };
        let key = |document: Json| with_key(document, std::slice::from_ref(&row))["key"].clone();
        assert_eq!(key(json!({"label": "Order sheet"})), "order_sheet_2");
        assert_eq!(key(json!({"label": {"zh-CN": "订单"}})), "print");
    }

    #[test]
    fn the_trail_holds_no_pictures() {
        let document =
            json!({"blocks": [{"kind": "image", "data": "data:image/png;base64,AAAA"}, {"kind": "line"}]});
        assert_eq!(without_pictures(document)["blocks"][0]["data"], "… 26");
    }
}
