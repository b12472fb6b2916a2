//! Which records a link offers, where its filter is held against the record that links.

use engine::condition::{Checked, Source};
use engine::form::Column;
use engine::record::{Draft, Linked, read_values};
use engine::value::{Id, Values, get};
use store::Reader;
use wire::records::Fields;

use super::Order;
use super::live::{Eyes, system_values};
use crate::service::Refusal;

/// The record that is being written, as far as whoever asks tells of it.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// The stored one that it is a change of.
    pub record: Option<Id>,
    /// What was entered, in wire form. Of the rows of a sub-form the one that is written is the first.
    pub values: Option<Fields>,
    /// Whether the form's draft asks, for a record that is only tried.
    pub draft: bool,
}

impl Order {
    /// The filter of a link with what the record holds that links. Who asks for no record is offered all that may be linked by
    /// some.
    ///
    /// # Errors
    /// Not found for a record that the caller may not see.
    pub(super) async fn offered(
        &self,
        db: &mut Reader,
        column: &Column,
        asker: &Asker,
    ) -> Result<Checked, Refusal> {
        let filter = column.filter.clone().unwrap_or_else(Checked::always);
        let reads = filter.asker_reaches();
        if reads.is_empty() {
            return Ok(filter);
        }
        if asker.record.is_none() && asker.values.is_none() {
            return Ok(filter.without_asker());
        }
        let form = self.compiled.form.clone();
        let (mut values, mut given) = (Values::new(), Values::new());
        if let Some(id) = asker.record {
            let stored = store::record::get(db, &self.access, self.table(), id, &self.context).await?;
            let stored = stored.ok_or_else(Refusal::missing)?;
            // What they may not read is not told by what is offered either.
            let views = self.view_all(db, std::slice::from_ref(&stored), None, None).await?;
            values.extend(views.iter().flat_map(|view| read_values(&form, &view.fields)));
            given = system_values(&stored);
        }
        if let Some(entered) = &asker.values {
            values.extend(read_values(&form, entered));
        }
        let mut linked = Linked::default();
        self.load_reads(db, std::iter::once(&values), &reads, &mut linked, Eyes::Viewer).await?;
        let rows = column.subform().map(|subform| get(&values, subform).rows().len());
        let row = rows.filter(|rows| *rows > 0).map(|_| 0);
        let draft = Draft::edit(form, self.context.clone(), linked, values, given);
        let source = draft.source(row);
        Ok(filter.bound(&|reach| source.value(reach)))
    }
}
