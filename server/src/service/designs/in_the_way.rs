//! What would not work any more after a change: the one place that decides what of it somebody who wants the change is told.

use engine::text::Label;
use engine::value::Id;
use store::app::App;

use super::{AggregateDesign, DashboardDesign, Designs, FormDesign, administers};
use crate::service::apps::label;
use crate::service::people::Caller;
use crate::service::{Cause, Obstacle, Obstacles, Refusal};

/// Gathers what stands in the way of a change. A form is named to who may use it, what an app shows to its readers, and what
/// it is made of to who administers it; all else is counted.
pub struct InTheWay<'d> {
    designs: &'d Designs,
    caller: &'d Caller,
    found: Obstacles,
}

impl<'d> InTheWay<'d> {
    /// Nothing yet, among the designs as they are before the change.
    pub fn of(designs: &'d Designs, caller: &'d Caller) -> InTheWay<'d> {
        InTheWay { designs, caller, found: Obstacles::default() }
    }

    /// Adds a form; whether the caller may know of it.
    pub fn form(&mut self, design: &FormDesign) -> bool {
        let is_known = self.designs.may_use(design, self.caller);
        let named = design.sketch.as_ref().map(|sketch| sketch.document.label.clone());
        let named = named.unwrap_or_else(|| label(&design.row.label));
        self.add(is_known, ("form", Some(design.row.id)), design.row.app, named)
    }

    /// Adds a thing of an app that lies in the bin: it is known to who administers that.
    pub fn away(&mut self, object: &'static str, (id, named): (Id, Label), app: &App) {
        if administers(self.caller, app) {
            let app = label(&app.label);
            self.found.known.push(Obstacle { object, id: Some(id), app, label: named });
        } else {
            self.found.unseen += 1;
        }
    }

    /// Adds an aggregate table; whether the caller may know of it.
    pub fn aggregate(&mut self, design: &AggregateDesign) -> bool {
        let (row, document) = (&design.row, &design.document);
        let is_known = self.designs.may_read(row.app, document.read.as_ref(), self.caller);
        self.add(is_known, ("aggregate", Some(row.id)), row.app, document.label.clone())
    }

    /// Adds a dashboard; whether the caller may know of it.
    pub fn dashboard(&mut self, design: &DashboardDesign) -> bool {
        let (row, document) = (&design.row, &design.document);
        let is_known = self.designs.may_read(row.app, document.read.as_ref(), self.caller);
        self.add(is_known, ("dashboard", Some(row.id)), row.app, document.label.clone())
    }

    /// Adds a script of this app; whether the caller may know of it.
    pub fn script(&mut self, app: Id, key: &str) -> bool {
        let is_known = self.designs.apps.get(&app).is_some_and(|app| administers(self.caller, app));
        self.add(is_known, ("script", None), app, Label::from(key))
    }

    fn add(
        &mut self,
        is_known: bool,
        (object, id): (&'static str, Option<Id>),
        app: Id,
        named: Label,
    ) -> bool {
        if is_known {
            let app = self.designs.apps.get(&app).map(|app| label(&app.label)).unwrap_or_default();
            self.found.known.push(Obstacle { object, id, app, label: named });
        } else {
            self.found.unseen += 1;
        }
        is_known
    }

    /// Whether nothing stands in the way.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The refusal of this code, with what was found.
    pub fn refuse(self, code: &'static str) -> Refusal {
        Refusal { obstacles: Some(Box::new(self.found)), ..Refusal::new(Cause::Conflict, code) }
    }

    /// Refuses where something stands in the way.
    ///
    /// # Errors
    /// A conflict of this code.
    pub fn none_or(self, code: &'static str) -> Result<(), Refusal> {
        if self.is_empty() { Ok(()) } else { Err(self.refuse(code)) }
    }
}
