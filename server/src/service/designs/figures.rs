//! Aggregate tables and parameters as they are in force.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use engine::aggregate::{Aggregate, AggregateDocument, outline};
use engine::form::{Catalogue, Form, Sketch};
use engine::package::{Parameter, parameter_values};
use engine::text::Faults;
use engine::value::{Id, Value};
use store::Reader;
use store::aggregate::AggregateRow;
use store::document::PackageInstall;

use super::{Designs, stored};
use crate::service::Refusal;
use crate::service::templates::Kept;

/// An aggregate table, compiled when it is first used.
pub struct AggregateDesign {
    pub row: AggregateRow,
    pub document: AggregateDocument,
    compiled: OnceLock<Result<Arc<Aggregate>, Faults>>,
}

/// The parameters of an app.
pub struct AppParameters {
    documents: Vec<Parameter>,
    values: BTreeMap<String, Value>,
}

impl Designs {
    pub(super) async fn load_figures(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for row in AggregateRow::list(db, self.workspace).await? {
            if !self.apps.contains_key(&row.app) {
                continue;
            }
            let document = stored("aggregate", &row.document)?;
            let design = AggregateDesign { row, document, compiled: OnceLock::new() };
            self.aggregates.insert(design.row.id, design);
        }
        for install in PackageInstall::list(db, self.workspace).await? {
            let parameters: Vec<Parameter> = stored("package_install", &install.parameters)?;
            let values = parameter_values(&parameters).map_err(Refusal::invalid)?;
            self.parameters.insert(install.app, AppParameters { documents: parameters, values });
            self.needs.insert(install.app, Kept::needs(&install)?);
            let lists = Kept::regions(&install)?.into_iter();
            self.regions.extend(lists.map(|(key, list)| (format!("{}/{key}", install.key), Arc::new(list))));
            self.apps_of_packages.insert(install.key, install.app);
        }
        self.load_analysis(db).await
    }

    /// An aggregate table, compiled against the forms as they are now.
    ///
    /// # Errors
    /// When it no longer fits its forms.
    pub fn aggregate(&self, design: &AggregateDesign) -> Result<Arc<Aggregate>, Refusal> {
        let compiled = design.compiled.get_or_init(|| self.check_aggregate(design.row.app, &design.document));
        compiled.clone().map_err(|faults| {
            let refusal = Refusal { inside: faults, ..Refusal::conflict("aggregate_broken") };
            refusal.arg("aggregate", &design.row.key)
        })
    }

    /// Whether a table has nothing to count: every form that it counts is in the recycle bin, or gone for good. It rests until
    /// one of them is back.
    pub fn is_at_rest(&self, design: &AggregateDesign) -> bool {
        let app = self.app_key(design.row.app);
        design.document.sources.iter().all(|source| Catalogue::form(self, app, &source.form).is_none())
    }

    /// An aggregate table of this document.
    ///
    /// # Errors
    /// Every fault of the document.
    pub fn check_aggregate(&self, app: Id, document: &AggregateDocument) -> Result<Arc<Aggregate>, Faults> {
        let find = |name: &str| self.form_in(app, name);
        Aggregate::publish(document.clone(), &find, self).map(Arc::new)
    }

    /// The aggregate table that a document of `app` means by `name`, or of this id, as a form that adds up these forms.
    pub fn table_among(&self, app: &str, name: &str, forms: &dyn Catalogue) -> Option<Arc<Sketch>> {
        let by_id = name.parse().ok().and_then(|id: Id| self.aggregates.get(&id));
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let of_name =
            |design: &&AggregateDesign| design.row.key == key && self.app_key(design.row.app) == app;
        let design = by_id.or_else(|| self.aggregates.values().find(of_name))?;
        let sketch = outline(design.row.id, self.app_key(design.row.app), &design.document, forms);
        sketch.map(Arc::new)
    }

    /// The published form that a document of `app` means by `name`.
    pub fn form_in(&self, app: Id, name: &str) -> Option<Arc<Form>> {
        let sketch = Catalogue::form(self, self.app_key(app), name)?;
        let compiled = self.compiled(self.forms.get(&sketch.id)?).ok()?;
        Some(compiled.form)
    }

    /// The aggregate tables that records of `form` count in, in the order in which they are locked.
    pub fn aggregates_of(&self, form: Id) -> Vec<&AggregateDesign> {
        let counting = self.counting.get_or_init(|| self.tables_by_form());
        let tables = counting.get(&form).into_iter().flatten();
        tables.filter_map(|table| self.aggregates.get(table)).collect()
    }

    fn tables_by_form(&self) -> BTreeMap<Id, Vec<Id>> {
        let mut designs: Vec<&AggregateDesign> = self.aggregates.values().collect();
        designs.sort_by_key(|design| design.row.number);
        let mut tables: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        for design in designs {
            let app = self.app_key(design.row.app);
            let sources = design.document.sources.iter();
            let forms: BTreeSet<Id> = sources
                .filter_map(|source| Catalogue::form(self, app, &source.form))
                .map(|sketch| sketch.id)
                .collect();
            for form in forms {
                tables.entry(form).or_default().push(design.row.id);
            }
        }
        tables
    }

    /// The parameters of an app, as its formulas read them.
    pub fn parameters(&self, app: Id) -> BTreeMap<String, Value> {
        self.parameters.get(&app).map(|parameters| parameters.values.clone()).unwrap_or_default()
    }

    /// The parameters of an app, as its package states them.
    pub fn parameter_documents(&self, app: Id) -> &[Parameter] {
        self.parameters.get(&app).map(|parameters| parameters.documents.as_slice()).unwrap_or_default()
    }
}
