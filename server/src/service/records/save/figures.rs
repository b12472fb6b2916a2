//! Figures that other records show over those of this save are kept by what it adds to them and takes away; their records
//! keep their versions.

use std::collections::BTreeMap;

use engine::access::Access;
use engine::aggregate::{Figure, Part};
use engine::context::Context;
use engine::value::Id;
use store::Tx;
use store::figure::{Change, Changes};
use store::record::Record;
use store::table::FormRef;

use super::Item;
use super::aggregates::Stored;
use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::Order;

/// Changes of figures by the form that shows them, in the order in which its records are locked.
pub type ByForm = BTreeMap<Id, Changes>;

/// # Errors
/// When the database can't be written.
pub(super) async fn keep(
    tx: &mut Tx,
    order: &Order,
    designs: &Designs,
    items: &mut [Item],
) -> Result<(), Refusal> {
    let figures = designs.figures_over(order.form)?;
    if figures.is_empty() {
        return Ok(());
    }
    let mut changes = ByForm::new();
    for item in items.iter() {
        change(figures, &order.context, item.old.as_ref(), Some(&item.new), &mut changes);
    }
    write(tx, designs, &changes).await?;
    if changes.contains_key(&order.form) {
        look_again(tx, order, items).await?;
    }
    Ok(())
}

/// Where records of a form count for each other, those of this save show what has become of their own figures.
pub(super) async fn look_again(tx: &mut Tx, order: &Order, items: &mut [Item]) -> Result<(), Refusal> {
    let ids: Vec<Id> = items.iter().map(|item| item.new.id).collect();
    let access = Access::system("figures of records that were saved");
    let mut found = store::record::get_many(tx, &access, order.table(), &ids, &order.context).await?;
    for item in items {
        if let Some(record) = found.remove(&item.new.id) {
            item.new.figures = record.figures;
        }
    }
    Ok(())
}

/// Brings the figures up to date.
///
/// # Errors
/// When the database can't be written.
pub async fn write(tx: &mut Tx, designs: &Designs, changes: &ByForm) -> Result<(), Refusal> {
    for (form, changes) in changes {
        let version = designs.published(*form)?.row.version;
        let form = FormRef { workspace: designs.workspace, form: *form, version };
        store::figure::add(tx, form, changes).await?;
    }
    Ok(())
}

/// Notes what becomes of figures where a record was one thing and is another.
pub fn change(
    figures: &[Figure],
    context: &Context,
    old: Option<&Record>,
    new: Option<&Record>,
    changes: &mut ByForm,
) {
    let Some(source) = new.or(old).map(|record| record.id) else { return };
    for figure in figures {
        let mut gone = old.map(|old| parts(figure, old, context)).unwrap_or_default();
        let mut come = new.map(|new| parts(figure, new, context)).unwrap_or_default();
        // What stays as it was is no change.
        gone.retain(|part| match come.iter().position(|other| other == part) {
            Some(place) => {
                come.remove(place);
                false
            }
            None => true,
        });
        for (parts, times) in [(gone, -1), (come, 1)] {
            for Part { target, value } in parts {
                let of_record = changes.entry(figure.form).or_default().entry(target).or_default();
                of_record.entry(figure.path.clone()).or_default().push(Change { source, value, times });
            }
        }
    }
}

/// What a record is to a figure: nothing as a draft, in the bin, or void.
fn parts(figure: &Figure, record: &Record, context: &Context) -> Vec<Part> {
    if !record.system.is_live() || record.system.voided_at.is_some() {
        return Vec::new();
    }
    figure.parts(&Stored(record), context)
}
