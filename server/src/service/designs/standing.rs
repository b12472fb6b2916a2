//! Things that are designed, for those who may take them away, and what would not work without them.

use engine::value::Id;

use super::{AggregateDesign, DashboardDesign, Designs, FormDesign, ReportDesign};
use crate::service::Refusal;
use crate::service::people::Caller;

impl Designs {
    /// The dashboard of this id or key, for one who administers its app.
    ///
    /// # Errors
    /// Not found for who may not read it; forbidden for who may read it alone.
    pub fn dashboard_to_administer(&self, name: &str, caller: &Caller) -> Result<&DashboardDesign, Refusal> {
        let design = self.dashboard_to_read(name, caller)?;
        self.app_to_administer(&design.row.app.to_string(), caller)?;
        Ok(design)
    }

    /// The report of this key that `app` has itself, for one who administers the app; without one the only report of this key
    /// that the caller may read.
    ///
    /// # Errors
    /// Not found for who may not read it; `required` for the app where there are several; forbidden for who may read it alone.
    pub fn report_to_administer(
        &self,
        app: Option<&str>,
        key: &str,
        caller: &Caller,
    ) -> Result<&ReportDesign, Refusal> {
        let app = match app {
            Some(name) => Some(self.app(name).ok_or_else(Refusal::missing)?.id),
            None => None,
        };
        let mut found = self.reports.values().filter(|design| {
            let row = &design.row;
            row.key == key
                && app.is_none_or(|app| row.app == app)
                && self.may_read(row.app, design.document.read.as_ref(), caller)
        });
        let first = found.next().ok_or_else(Refusal::missing)?;
        if found.next().is_some() {
            return Err(Refusal::fault("app", "required"));
        }
        self.app_to_administer(&first.row.app.to_string(), caller)?;
        Ok(first)
    }

    /// The aggregate table of this id, for one who administers its app.
    ///
    /// # Errors
    /// Not found for who may not read it; forbidden for who may read it alone.
    pub fn aggregate_to_administer(&self, id: Id, caller: &Caller) -> Result<&AggregateDesign, Refusal> {
        let design = self.aggregates.get(&id).ok_or_else(Refusal::missing)?;
        if !self.may_read(design.row.app, design.document.read.as_ref(), caller) {
            return Err(Refusal::missing());
        }
        self.app_to_administer(&design.row.app.to_string(), caller)?;
        Ok(design)
    }

    /// Whether a form is in force and names something that is gone: it rests until that is back, or the form is changed
    /// (docs/decisions/0078).
    pub fn rests(&self, design: &FormDesign) -> bool {
        design.sketch.is_some() && self.compiled(design).is_err()
    }

    /// Dashboards that work here and do not in `after`, where they are there at all.
    pub fn dashboards_broken_in<'d>(
        &'d self,
        after: &'d Designs,
    ) -> impl Iterator<Item = &'d DashboardDesign> {
        self.dashboards.values().filter(|design| {
            let now = after.dashboards.get(&design.row.id);
            self.dashboard(design).is_ok() && now.is_some_and(|now| after.dashboard(now).is_err())
        })
    }

    /// The same of forms: their lists and defaults ask tables.
    pub fn forms_broken_in<'d>(&'d self, after: &'d Designs) -> impl Iterator<Item = &'d FormDesign> {
        self.forms.values().filter(|design| {
            let now = after.forms.get(&design.row.id);
            self.compiled(design).is_ok() && now.is_some_and(|now| after.compiled(now).is_err())
        })
    }
}
