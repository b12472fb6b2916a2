//! What pickers search records of a form by: their titles, what the links to them show, and the texts that are choices of others.

use std::collections::{BTreeMap, BTreeSet};

use engine::form::{Catalogue, Column};
use engine::value::Id;
use store::Tx;

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::options::title_fields;

/// The fields that pickers over a form show beside its titles, by the form.
type Shown = BTreeMap<Id, BTreeSet<String>>;

/// Makes the records quick to find that links of these forms lead to, and their own where others link to them.
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
    for (form, shown) in shown_by_links(designs).into_iter().filter(|(form, _)| due.contains(form)) {
        let Some(compiled) = compiled(form) else { continue };
        let titles = title_fields(&compiled);
        let shown: Vec<String> = shown.into_iter().filter(|path| !titles.contains(path)).collect();
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
