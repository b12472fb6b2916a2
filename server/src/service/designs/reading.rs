//! What a design reads behind links: its people see it, so whoever makes the design has to be allowed to.

use engine::access::{FieldRight, Operation};
use engine::condition::{Checked, Reach};
use engine::form::{Catalogue, Form, pattern_paths};
use engine::value::Id;

use super::Designs;
use crate::service::Refusal;
use crate::service::people::Caller;
use crate::service::records::options::title_fields;

impl Designs {
    /// Refuses a design that reads, behind links, what its maker may not see.
    ///
    /// # Errors
    /// `reads_hidden_field`.
    pub fn may_read_behind(&self, caller: &Caller, reaches: &[Reach]) -> Result<(), Refusal> {
        for reach in reaches {
            for (place, (_, target)) in reach.hops.iter().enumerate() {
                let next = reach.hops.get(place + 1).map_or(&reach.field, |(link, _)| link);
                self.may_read_field(caller, *target, next)?;
            }
        }
        Ok(())
    }

    /// As [`Self::may_read_behind`], for what a design keeps of what it reads, or decides by it: that follows every record
    /// there, whoever looks, and so its maker has to see every one.
    ///
    /// # Errors
    /// `reads_hidden_field`; `reads_hidden_records`.
    pub fn may_decide_behind(&self, caller: &Caller, reaches: &[Reach]) -> Result<(), Refusal> {
        self.may_read_behind(caller, reaches)?;
        for (_, target) in reaches.iter().flat_map(|reach| &reach.hops) {
            self.may_see_all(caller, *target)?;
        }
        Ok(())
    }

    /// Refuses a design that goes by every record of another form, where its maker does not see every one.
    ///
    /// # Errors
    /// `reads_hidden_records`.
    pub(super) fn may_see_all(&self, caller: &Caller, form: Id) -> Result<(), Refusal> {
        let Ok(design) = self.published(form) else { return Ok(()) };
        let rows = self.access(design, &self.compiled(design)?, caller).rows(Operation::View);
        if rows == Some(Checked::always()) { Ok(()) } else { Err(Refusal::forbidden("reads_hidden_records")) }
    }

    /// Refuses a design that tells others what every record of another form is called, where its maker does not see that.
    ///
    /// # Errors
    /// `reads_hidden_field`; `reads_hidden_records`.
    pub fn may_name_all(&self, caller: &Caller, form: Id) -> Result<(), Refusal> {
        let Ok(design) = self.published(form) else { return Ok(()) };
        for field in title_fields(&self.compiled(design)?.form) {
            self.may_read_field(caller, form, &field)?;
        }
        self.may_see_all(caller, form)
    }

    /// Refuses a design that reads this field of another form, where its maker may not.
    ///
    /// # Errors
    /// `reads_hidden_field`.
    pub fn may_read_field(&self, caller: &Caller, form: Id, field: &str) -> Result<(), Refusal> {
        // A form that is not published has no records.
        let Ok(design) = self.published(form) else { return Ok(()) };
        let access = self.access(design, &self.compiled(design)?, caller);
        // A design reads the field of every record, so it has to be open on every one that its maker sees.
        let is_read = access.right(field) >= FieldRight::Read && access.is_uniform(field);
        let is_open = field.starts_with('$') || is_read;
        let may = is_open && access.may(Operation::View);
        if may { Ok(()) } else { Err(Refusal::forbidden("reads_hidden_field")) }
    }

    /// Refuses a figure over every record of a form that its maker does not administer: it tells of records and fields
    /// that are closed to them, as an aggregate table would.
    ///
    /// # Errors
    /// `reads_hidden_field`.
    pub fn may_count_all(&self, caller: &Caller, form: Id) -> Result<(), Refusal> {
        let design = self.forms.get(&form).filter(|design| self.app_of(design).is_some());
        if design.is_none_or(|design| self.administers_form(design, caller)) {
            Ok(())
        } else {
            Err(Refusal::forbidden("reads_hidden_field"))
        }
    }
}

/// The paths through links that a title's pattern names.
pub fn pattern_reads(pattern: Option<&str>, form: &Form, catalogue: &dyn Catalogue) -> Vec<Reach> {
    let paths = pattern_paths(pattern.unwrap_or_default());
    let found = paths.iter().filter_map(|path| form.find(path, catalogue).ok());
    found.map(|(reach, _)| reach).filter(|reach| !reach.hops.is_empty()).collect()
}
