//! What records of a form are searched by: their titles and serial numbers, what the links to them show, and the texts that are
//! choices of others.

use std::collections::{BTreeMap, BTreeSet};

use engine::form::{Catalogue, Column};
use engine::value::Id;
use store::Tx;

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::options::title_fields;
use crate::service::records::serial_fields;

/// The fields that pickers over a form show beside its titles, by the form.
type Shown = BTreeMap<Id, BTreeSet<String>>;

/// Makes the records of these forms quick to find, and those that their links lead to.
///
/// # Errors
/// When the database can't be written.
pub async fn settle_search(tx: &mut Tx, designs: &Designs, forms: &BTreeSet<Id>) -> Result<(), Refusal> {
    let compiled = |form: Id| {
        let design = designs.published(form).ok()?;
        designs.compiled(design).ok().map(|compiled| compiled.form)
    };
    let mut due = forms.clone();
    for form in forms.iter().filter_map(|form| compiled(*form)) {
        let is_picked = |column: &&Column| {
            let kind = &column.field.kind;
            kind.as_link().is_some() || kind.choices_from().is_some()
        };
        due.extend(form.all_columns().filter(is_picked).filter_map(|column| column.target));
    }
    let mut by_links = shown_by_links(designs);
    for form in due {
        let Some(compiled) = compiled(form) else { continue };
        let titles = title_fields(&compiled);
        let mut shown = serial_fields(&compiled);
        let linked = by_links.remove(&form).unwrap_or_default();
        let others: Vec<String> = linked.into_iter().filter(|path| !shown.contains(path)).collect();
        shown.extend(others);
        shown.retain(|path| !titles.contains(path));
        store::table::searchable(tx, designs.workspace, form, &titles, &shown).await?;
    }
    Ok(())
}

fn shown_by_links(designs: &Designs) -> Shown {
    let mut all = Shown::new();
    for sketch in designs.forms.values().filter_map(|design| design.sketch.as_ref()) {
        for (_, field) in sketch.document.all_fields() {
            let (name, shown) = match (field.kind.as_link(), field.kind.choices_from()) {
                (Some(link), _) => (&link.form, link.display.as_slice()),
                (None, Some(from)) => (&from.form, std::slice::from_ref(&from.field)),
                (None, None) => continue,
            };
            if let Some(to) = Catalogue::form(designs, &sketch.app, name) {
                all.entry(to.id).or_default().extend(shown.iter().cloned());
            }
        }
    }
    all
}
