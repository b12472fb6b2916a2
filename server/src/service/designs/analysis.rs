//! Reports and dashboards as they are in force.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use engine::aggregate::Aggregate;
use engine::report::{Dashboard, DashboardDocument, Known, Report, ReportDocument};
use engine::text::Faults;
use engine::value::Id;
use store::Reader;
use store::document::{AppDocument, DocumentKind};

use super::{AggregateDesign, Designs, stored};
use crate::service::Refusal;
use crate::service::people::Caller;

/// A report, compiled when it is first run.
pub struct ReportDesign {
    pub row: AppDocument,
    pub document: ReportDocument,
    compiled: OnceLock<Result<Arc<Report>, Faults>>,
}

/// A dashboard, compiled when it is first shown.
pub struct DashboardDesign {
    pub row: AppDocument,
    pub document: DashboardDocument,
    compiled: OnceLock<Result<Arc<Dashboard>, Faults>>,
}

impl Designs {
    pub(super) async fn load_analysis(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for row in AppDocument::list(db, self.workspace, DocumentKind::Report).await? {
            let document = stored("app_document", &row.document)?;
            let design = ReportDesign { row, document, compiled: OnceLock::new() };
            self.reports.insert(design.row.id, design);
        }
        for row in AppDocument::list(db, self.workspace, DocumentKind::Dashboard).await? {
            let document = stored("app_document", &row.document)?;
            let design = DashboardDesign { row, document, compiled: OnceLock::new() };
            self.dashboards.insert(design.row.id, design);
        }
        self.reports.retain(|_, design| self.apps.contains_key(&design.row.app));
        self.dashboards.retain(|_, design| self.apps.contains_key(&design.row.app));
        Ok(())
    }

    /// An app with those whose packages its own needs, near ones first.
    pub fn with_needed(&self, app: Id) -> Vec<Id> {
        let mut seen = BTreeSet::from([app]);
        let mut all = vec![app];
        let mut at = 0;
        while let Some(app) = all.get(at) {
            let needs = self.needs.get(app).into_iter().flatten();
            let needed: Vec<Id> = needs.filter_map(|key| self.apps_of_packages.get(key)).copied().collect();
            all.extend(needed.into_iter().filter(|app| seen.insert(*app)));
            at += 1;
        }
        all
    }

    /// The reports that an app offers: its own, then those of the apps that it needs.
    pub fn reports_in(&self, app: Id) -> Vec<&ReportDesign> {
        let apps = self.with_needed(app).into_iter();
        apps.flat_map(|app| self.reports.values().filter(move |design| design.row.app == app)).collect()
    }

    /// The report of this key that `app` offers; without an app the only one of this key.
    ///
    /// # Errors
    /// Not found, also for who may not read it.
    pub fn report_to_run(
        &self,
        app: Option<&str>,
        key: &str,
        caller: &Caller,
    ) -> Result<&ReportDesign, Refusal> {
        let found = match app {
            Some(app) => {
                let app = self.app(app).ok_or_else(Refusal::missing)?.id;
                self.reports_in(app).into_iter().find(|design| design.row.key == key)
            }
            None => {
                let mut of_key = self.reports.values().filter(|design| design.row.key == key);
                of_key.next().filter(|_| of_key.next().is_none())
            }
        };
        found
            .filter(|design| self.may_read(design.row.app, design.document.read.as_ref(), caller))
            .ok_or_else(Refusal::missing)
    }

    /// A report, compiled against the forms as they are now.
    ///
    /// # Errors
    /// When it no longer fits its forms.
    pub fn report(&self, design: &ReportDesign) -> Result<Arc<Report>, Refusal> {
        let compiled = design.compiled.get_or_init(|| self.check_report(design.row.app, &design.document));
        compiled.clone().map_err(|faults| {
            let refusal = Refusal { inside: faults, ..Refusal::conflict("report_broken") };
            refusal.arg("report", &design.row.key)
        })
    }

    /// A report of this document.
    ///
    /// # Errors
    /// Every fault of the document.
    pub fn check_report(&self, app: Id, document: &ReportDocument) -> Result<Arc<Report>, Faults> {
        Report::publish(document.clone(), &|name| self.form_in(app, name), self).map(Arc::new)
    }

    /// A dashboard, compiled against what it reads as it is now.
    ///
    /// # Errors
    /// When it no longer fits.
    pub fn dashboard(&self, design: &DashboardDesign) -> Result<Arc<Dashboard>, Refusal> {
        let compiled = design.compiled.get_or_init(|| self.check_dashboard(design.row.app, &design.document));
        compiled.clone().map_err(|faults| {
            let refusal = Refusal { inside: faults, ..Refusal::conflict("dashboard_broken") };
            refusal.arg("dashboard", &design.row.key)
        })
    }

    /// A dashboard of this document.
    ///
    /// # Errors
    /// Every fault of the document.
    pub fn check_dashboard(&self, app: Id, document: &DashboardDocument) -> Result<Arc<Dashboard>, Faults> {
        let known = Known {
            form: &|name| self.form_in(app, name),
            aggregate: &|name| self.aggregate_in(app, name).map(|(_, aggregate)| aggregate),
            report: &|name| self.report_in(app, name).and_then(|design| self.report(design).ok()),
            catalogue: self,
        };
        Dashboard::publish(document.clone(), &known).map(Arc::new)
    }

    /// The aggregate table that a document of `app` means by `name`: a key, or `app/key`.
    pub fn aggregate_in(&self, app: Id, name: &str) -> Option<(&AggregateDesign, Arc<Aggregate>)> {
        let (app, key) = name.split_once('/').unwrap_or((self.app_key(app), name));
        let of_name =
            |design: &&AggregateDesign| design.row.key == key && self.app_key(design.row.app) == app;
        let design = self.aggregates.values().find(of_name)?;
        Some((design, self.aggregate(design).ok()?))
    }

    /// The report that a document of `app` means by its key.
    pub fn report_in(&self, app: Id, key: &str) -> Option<&ReportDesign> {
        self.reports_in(app).into_iter().find(|design| design.row.key == key)
    }

    /// The dashboard of this id or key, for one who may read it.
    ///
    /// # Errors
    /// Not found for everybody else.
    pub fn dashboard_to_read(&self, name: &str, caller: &Caller) -> Result<&DashboardDesign, Refusal> {
        let may_read =
            |design: &&DashboardDesign| self.may_read(design.row.app, design.document.read.as_ref(), caller);
        if let Some(design) = name.parse().ok().and_then(|id: Id| self.dashboards.get(&id)) {
            return Some(design).filter(may_read).ok_or_else(Refusal::missing);
        }
        let (app, key) = name.split_once('.').map_or((None, name), |(app, key)| (Some(app), key));
        let mut found = self.dashboards.values().filter(|design| {
            design.row.key == key && app.is_none_or(|app| self.app_key(design.row.app) == app)
        });
        let first = found.next().filter(may_read);
        first.filter(|_| found.next().is_none()).ok_or_else(Refusal::missing)
    }
}
