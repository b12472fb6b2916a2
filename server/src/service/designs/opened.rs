//! What public links and inbound hooks open of the forms that links lead to. They do it for everybody who comes by them, and for
//! as long as they are there; so whoever opens it has to see it, in every record.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::{FieldRight, Openness, looked_up, openness, public_rights};
use engine::condition::Checked;
use engine::form::{Column, Form};
use engine::hook::HookDocument;
use engine::value::Id;

use super::Designs;
use super::by_hook::read_there;
use super::by_link::{asked, ids};
use crate::service::Refusal;
use crate::service::links::Pass;
use crate::service::people::Caller;

/// What a field opens of the form that it leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// The field, or the column, of the form that the link or the hook is of.
    column: String,
    target: Id,
    /// What is shown, or what answers depend on.
    fields: BTreeSet<String>,
    /// Which records: a wider filter opens more of them.
    filter: Option<Checked>,
    /// The records that are given, where it is these alone.
    given: Vec<Id>,
}

impl Designs {
    /// What a public link opens beyond its own form, where that is as in `form`: the records that its confirmed fields choose from,
    /// and of those that it gives itself what a filter asks.
    ///
    /// # Errors
    /// When a published form no longer compiles.
    pub fn opened_by_link(&self, form: &Form, pass: &Pass) -> Result<Vec<Opening>, Refusal> {
        let rights = public_rights(form, &pass.fields, &pass.lookups);
        let mut openings = Vec::new();
        for column in form.all_columns() {
            let Some((target, there)) = self.led_to(column)? else { continue };
            let is_open = rights.get(&column.path).is_some_and(|right| *right > FieldRight::None);
            let asked = asked(column, &there);
            let given = pass.values.get(&column.path).map(ids).unwrap_or_default();
            if is_open && openness(column) == Openness::Lookup {
                let fields = looked_up(column, &there).into_iter().chain(asked.clone()).collect();
                openings.push(Opening::of(column, target, fields));
            }
            if !given.is_empty() && !asked.is_empty() {
                openings.push(Opening { given, ..Opening::of(column, target, asked.into_iter().collect()) });
            }
        }
        Ok(openings)
    }

    /// What an inbound hook opens beyond its own form, where that is as in `form`: every record that a message may name.
    ///
    /// # Errors
    /// When a published form no longer compiles.
    pub fn opened_by_hook(&self, form: &Form, document: &HookDocument) -> Result<Vec<Opening>, Refusal> {
        let rights = document.rights(form);
        let mut openings = Vec::new();
        for column in form.all_columns() {
            let Some((target, there)) = self.led_to(column)? else { continue };
            if rights.get(&column.path) == Some(&FieldRight::Edit) {
                openings.push(Opening::of(column, target, read_there(document, column, &there)));
            }
        }
        Ok(openings)
    }

    /// A form as it is in force, by which links and hooks open what they do.
    ///
    /// # Errors
    /// `form_not_published`; when it does not fit what it links to.
    pub fn published_form(&self, form: Id) -> Result<Arc<Form>, Refusal> {
        let design = self.published(form).map_err(|_| Refusal::conflict("form_not_published"))?;
        Ok(self.compiled(design)?.form)
    }

    /// Whether what comes back with a form, from the bin, may open again what it does. What a form will open that leads to what is
    /// not there nobody knows yet: that is for those who see everything.
    ///
    /// # Errors
    /// When what it opens can't be told.
    pub fn may_open_again(
        &self,
        caller: &Caller,
        form: Id,
        opened: impl FnOnce(&Form) -> Result<Vec<Opening>, Refusal>,
    ) -> Result<bool, Refusal> {
        match self.published_form(form) {
            Ok(form) => Ok(self.may_open(caller, &opened(&form)?, &[]).is_ok()),
            Err(_) => Ok(caller.is_administrator()),
        }
    }

    /// Refuses to open what the caller may not see, beyond what was open before.
    ///
    /// # Errors
    /// `reads_hidden_field`; `reads_hidden_records`.
    pub fn may_open(&self, caller: &Caller, now: &[Opening], before: &[Opening]) -> Result<(), Refusal> {
        for opening in now.iter().filter(|opening| !before.contains(opening)) {
            for field in &opening.fields {
                self.may_read_field(caller, opening.target, field)?;
            }
            self.may_see_all(caller, opening.target)?;
        }
        Ok(())
    }

    /// The published form that a column leads to.
    fn led_to(&self, column: &Column) -> Result<Option<(Id, Arc<Form>)>, Refusal> {
        // A form that is not published has no records.
        let Some((target, design)) = column.target.and_then(|id| Some((id, self.published(id).ok()?))) else {
            return Ok(None);
        };
        Ok(Some((target, self.compiled(design)?.form)))
    }
}

impl Opening {
    fn of(column: &Column, target: Id, fields: BTreeSet<String>) -> Opening {
        let (column, filter) = (column.path.clone(), column.filter.clone());
        Opening { column, target, fields, filter, given: Vec::new() }
    }
}
