//! Rollups that are kept, by the form that they count.

use std::collections::{BTreeMap, BTreeSet};

use engine::aggregate::Figure;
use engine::field::FieldKind;
use engine::form::Catalogue;
use engine::value::Id;

use super::Designs;
use crate::service::Refusal;

impl Designs {
    /// The kept figures that records of a form count in. A form that no longer compiles shows none: its figures are made
    /// anew when it does again.
    ///
    /// # Errors
    /// Not found for a form that was never published.
    pub fn figures_over(&self, counted: Id) -> Result<&[Figure], Refusal> {
        let design = self.published(counted)?;
        Ok(design.figures.get_or_init(|| self.find_figures(counted)))
    }

    /// The forms that show rollups over a form, kept or not.
    pub fn showing(&self, counted: Id) -> BTreeSet<Id> {
        self.showing.get_or_init(|| self.find_showing()).get(&counted).cloned().unwrap_or_default()
    }

    fn find_figures(&self, counted: Id) -> Vec<Figure> {
        let showing = self.showing(counted);
        if showing.is_empty() {
            return Vec::new();
        }
        let compiled = |form: Id| self.compiled(self.forms.get(&form)?).ok().map(|compiled| compiled.form);
        let Some(there) = compiled(counted) else { return Vec::new() };
        let mut figures = Vec::new();
        for form in showing.into_iter().filter_map(compiled) {
            let over = form.fields().filter(|column| column.target == Some(counted));
            figures.extend(over.filter_map(|column| Figure::of(&form, column, &there, self)));
        }
        figures
    }

    /// By the documents alone: what does not count a form need not be compiled when its records are saved.
    fn find_showing(&self) -> BTreeMap<Id, BTreeSet<Id>> {
        let mut showing: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for sketch in self.forms.values().filter_map(|design| design.sketch.as_ref()) {
            for field in &sketch.document.fields {
                let FieldKind::Rollup(rollup) = &field.kind else { continue };
                if let Some(counted) = Catalogue::form(self, &sketch.app, &rollup.form) {
                    showing.entry(counted.id).or_default().insert(sketch.id);
                }
            }
        }
        showing
    }
}
