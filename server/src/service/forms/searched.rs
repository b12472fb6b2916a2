//! What pickers search records of a form by: their titles, and what the links to them show.

use std::collections::{BTreeMap, BTreeSet};

use engine::form::Catalogue;
use engine::value::Id;
use store::Tx;

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::options::title_fields;

/// The fields that links to a form show beside its titles, by the form.
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
        let links = form.all_columns().filter(|column| column.field.kind.as_link().is_some());
        due.extend(links.filter_map(|column| column.target));
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
            let Some(link) = field.kind.as_link() else { continue };
            if let Some(to) = Catalogue::form(designs, &sketch.app, &link.form) {
                all.entry(to.id).or_default().extend(link.display.iter().cloned());
            }
        }
    }
    all
}
