//! Figures from the records that they count: for a rollup that is new, or counts otherwise than before.

use std::collections::BTreeSet;

use engine::access::Access;
use engine::aggregate::Figure;
use engine::condition::Checked;
use engine::context::Context;
use engine::field::Shape;
use engine::form::Form;
use engine::value::Id;
use store::Tx;
use store::form::FormRow;
use store::query::{Cursor, From, Page, Query, Shelf, Sort};
use store::record::Record;
use store::table::FormRef;

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::records::save::figures::{self, ByForm};

/// Records that are read at once.
const PAGE: u32 = 500;

/// Makes the figures that these fields of a form show anew, on all its records. Nobody saves records that are counted
/// until the transaction ends.
///
/// # Errors
/// Not found for a form that was never published; when the database can't be read or written.
pub async fn rebuild(
    tx: &mut Tx,
    designs: &Designs,
    form: Id,
    fields: &BTreeSet<String>,
    context: &Context,
) -> Result<(), Refusal> {
    let shown = designs.compiled(designs.published(form)?)?.form;
    let kept = shown.fields().filter(|column| column.kept.is_some() && fields.contains(&column.path));
    let counted: BTreeSet<Id> = kept.filter_map(|column| column.target).collect();
    for counted in &counted {
        FormRow::lock(tx, designs.workspace, *counted, false).await?;
    }
    for field in fields {
        store::figure::reset(tx, form_ref(designs, form)?, field).await?;
    }
    for counted in counted {
        let over = designs.figures_over(counted)?.iter();
        let figures: Vec<Figure> =
            over.filter(|figure| figure.form == form && fields.contains(&figure.path)).cloned().collect();
        count(tx, designs, counted, &figures, context).await?;
    }
    Ok(())
}

fn form_ref(designs: &Designs, form: Id) -> Result<FormRef, Refusal> {
    let version = designs.published(form)?.row.version;
    Ok(FormRef { workspace: designs.workspace, form, version })
}

/// Counts all records of a form into these figures, which are empty.
async fn count(
    tx: &mut Tx,
    designs: &Designs,
    counted: Id,
    figures: &[Figure],
    context: &Context,
) -> Result<(), Refusal> {
    let (there, table) = (designs.compiled(designs.published(counted)?)?.form, form_ref(designs, counted)?);
    let access = Access::system("figures count all records");
    let reaches: Vec<_> = figures.iter().flat_map(Figure::reaches).collect();
    let reads_rows = reaches.iter().any(|reach| reach.subform().is_some());
    let read: BTreeSet<String> = reaches.iter().map(|reach| reach.own_path()).collect();
    let fields: Vec<String> = read.into_iter().filter(|path| there.column(path).is_some()).collect();
    let sort = by_link(figures, &there, designs);
    let mut after: Option<Cursor> = None;
    loop {
        let query = Query {
            shelf: Shelf::Live,
            filter: Checked::always(),
            sort: sort.clone(),
            limit: PAGE,
            from: after.take().map_or(From::Start, From::After),
            fields: Some(fields.clone()),
        };
        let Page { mut records, next, .. } = store::query::page(tx, &access, table, &query, context).await?;
        if reads_rows {
            // A list has but the first rows of sub-forms.
            let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
            let whole = store::record::get_many(tx, &access, table, &ids, context).await?;
            records = whole.into_values().collect();
        }
        write(tx, designs, figures, &records, context).await?;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

async fn write(
    tx: &mut Tx,
    designs: &Designs,
    figures: &[Figure],
    records: &[Record],
    context: &Context,
) -> Result<(), Refusal> {
    let mut changes = ByForm::new();
    for record in records {
        figures::change(figures, context, None, Some(record), &mut changes);
    }
    figures::write(tx, designs, &changes).await
}

/// Records that count for the same one come together, so that each figure is written once, or a few times.
fn by_link(figures: &[Figure], there: &Form, designs: &Designs) -> Vec<Sort> {
    let Some(first) = figures.first().map(Figure::link) else { return Vec::new() };
    let is_one = first.rows.is_none() && figures.iter().all(|figure| figure.link() == first);
    let Some((reach, kind)) = there.find(&first.own_path(), designs).ok().filter(|_| is_one) else {
        return Vec::new();
    };
    match kind.shape() {
        Shape::Ref => vec![Sort { reach, kind, descending: false }],
        _ => Vec::new(),
    }
}
