//! Transaction scripts as they are in force, and what they look for in which form.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use engine::aggregate::AggregateDocument;
use engine::form::{Column, Form, NoScript};
use engine::script::{Case, Script};
use engine::text::{Faults, Label, Language, Texts};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::Reader;
use store::document::{AppDocument, DocumentKind};

use super::{AggregateDesign, Designs, stored};
use crate::service::Refusal;

/// The document of a script, or of the texts of one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub format: u32,
    pub source: String,
    /// What a script is tried with; texts have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
}

impl Source {
    pub fn new(source: &str) -> Source {
        Source { format: 1, source: source.to_string(), cases: Vec::new() }
    }
}

/// A script, compiled when it is first run.
pub struct ScriptDesign {
    pub row: AppDocument,
    pub source: String,
    pub cases: Vec<Case>,
    compiled: OnceLock<Result<Arc<Script>, Faults>>,
}

impl ScriptDesign {
    /// # Errors
    /// When it no longer compiles: the rules of the language were narrowed since.
    pub fn script(&self) -> Result<Arc<Script>, Faults> {
        self.compiled.get_or_init(|| Script::compile(&self.source).map(Arc::new)).clone()
    }
}

/// Scripts by app and key, and the texts of apps.
#[derive(Default)]
pub struct Scripts {
    all: BTreeMap<(Id, String), ScriptDesign>,
    texts: BTreeMap<Id, BTreeMap<Language, String>>,
    /// What they look for, by form; found when it is first asked for: every save asks.
    reads: OnceLock<BTreeMap<Id, BTreeSet<Vec<String>>>>,
}

impl Designs {
    pub(super) async fn load_scripts(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for row in AppDocument::list(db, self.workspace, DocumentKind::Script).await? {
            let Source { source, cases, .. } = stored("app_document", &row.document)?;
            let name = (row.app, row.key.clone());
            self.scripts.all.insert(name, ScriptDesign { row, source, cases, compiled: OnceLock::new() });
        }
        for row in AppDocument::list(db, self.workspace, DocumentKind::Texts).await? {
            let Source { source, .. } = stored("app_document", &row.document)?;
            let language = Language::ALL.into_iter().find(|language| language.tag() == row.key);
            if let Some(language) = language {
                self.scripts.texts.entry(row.app).or_default().insert(language, source);
            }
        }
        let apps = &self.apps;
        self.scripts.all.retain(|(app, _), _| apps.contains_key(app));
        Ok(())
    }

    /// Whether there are scripts in the workspace.
    pub fn has_scripts(&self) -> bool {
        !self.scripts.all.is_empty()
    }

    /// The scripts of an app, by key.
    pub fn scripts_of(&self, app: Id) -> impl Iterator<Item = &ScriptDesign> {
        self.scripts.all.iter().filter(move |((of, _), _)| *of == app).map(|(_, design)| design)
    }

    /// What a script is tried with.
    pub fn cases_of(&self, app: Id, key: &str) -> &[Case] {
        let design = self.scripts.all.get(&(app, key.to_string()));
        design.map(|design| design.cases.as_slice()).unwrap_or_default()
    }

    /// The script that a document of the app with key `app` means by `name`.
    pub fn script_named(&self, app: &str, name: &str) -> Option<&ScriptDesign> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let app = self.apps.values().find(|known| known.key == app)?.id;
        self.scripts.all.get(&(app, key.to_string()))
    }

    /// The same, as forms ask for it.
    pub(super) fn find_script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        let design = self.script_named(app, name).ok_or(NoScript)?;
        design.script().map(Some).map_err(|_| NoScript)
    }

    /// The forms whose published documents bind a script.
    pub fn forms_bound_to(&self, app: Id, key: &str) -> Vec<Id> {
        let of = self.app_key(app);
        let is_bound =
            |form_app: &str, name: &str| name.split_once('/').unwrap_or((form_app, name)) == (of, key);
        let sketches = self.forms.values().filter_map(|design| design.sketch.as_ref());
        let bound = sketches.filter(|sketch| {
            sketch.document.scripts.iter().any(|binding| is_bound(&sketch.app, &binding.script))
        });
        bound.map(|sketch| sketch.id).collect()
    }

    /// The aggregate table that a script of `app` means by `name`.
    pub fn table_in(&self, app: Id, name: &str) -> Option<&AggregateDesign> {
        let (app, key) = name.split_once('/').unwrap_or((self.app_key(app), name));
        self.aggregates.values().find(|design| design.row.key == key && self.app_key(design.row.app) == app)
    }

    /// The scripts that read an aggregate table, by their app and key.
    pub fn scripts_reading(&self, table: Id) -> Vec<&(Id, String)> {
        let reads = |(app, _): &&(Id, String), design: &ScriptDesign| {
            let script = design.script();
            script.is_ok_and(|script| {
                let mut tables = script.outline.tables.iter();
                tables.any(|name| self.table_in(*app, name).is_some_and(|known| known.row.id == table))
            })
        };
        let found = self.scripts.all.iter().filter(|(name, design)| reads(name, design));
        found.map(|(name, _)| name).collect()
    }

    /// By which fields scripts look for records of a form, or by which dimensions for groups of an aggregate table: each set in the order of its names, and the empty one where some
    /// script looks at all of them. Whoever writes such a record takes the locks of all these (semantics.md 8).
    pub fn script_reads(&self, of: Id) -> Option<&BTreeSet<Vec<String>>> {
        self.scripts.reads.get_or_init(|| self.find_script_reads()).get(&of)
    }

    fn find_script_reads(&self) -> BTreeMap<Id, BTreeSet<Vec<String>>> {
        let mut reads: BTreeMap<Id, BTreeSet<Vec<String>>> = BTreeMap::new();
        for ((app, _), design) in &self.scripts.all {
            let Ok(script) = design.script() else { continue };
            for (name, fields) in &script.outline.reads {
                let Some(form) = self.form_in(*app, name) else { continue };
                reads.entry(form.id()).or_default().insert(lock_fields(&form, fields));
            }
            for (name, fields) in &script.outline.table_reads {
                let Some(table) = self.table_in(*app, name) else { continue };
                let fields = dimension_fields(&table.document, fields);
                reads.entry(table.row.id).or_default().insert(fields);
            }
        }
        reads
    }

    /// What an app says where a script of it refuses with this code; nothing where it has no words for it.
    pub fn script_text(&self, app: Id, code: &str, args: &BTreeMap<String, String>) -> Option<Label> {
        let sources = self.scripts.texts.get(&app)?;
        let key = code.replace('_', "-");
        let told = sources.iter().filter_map(|(language, source)| {
            let texts = Texts::from_sources(*language, &[source.as_str()]);
            let sentence = texts.get(code, args).or_else(|| texts.get(&key, args))?;
            Some((*language, sentence))
        });
        let told: BTreeMap<Language, String> = told.collect();
        (!told.is_empty()).then_some(Label::Translated(told))
    }
}

/// The fields that a lock is taken on where a script looks for records by these: none, which is the lock of the whole form,
/// where one of them is not what a record itself holds.
pub fn lock_fields(form: &Form, fields: &[String]) -> Vec<String> {
    let is_own = |column: &Column| !column.is_live() && column.subform().is_none();
    let all_own = fields.iter().all(|field| form.column(field).is_some_and(is_own));
    if all_own { fields.to_vec() } else { Vec::new() }
}

/// The dimensions that a lock is taken on where a script looks for groups of a table by these fields: none, which is the lock
/// of the whole table, where one of them is no dimension.
pub fn dimension_fields(document: &AggregateDocument, fields: &[String]) -> Vec<String> {
    let is_dimension = |field: &String| document.dimensions.iter().any(|dimension| dimension.key == *field);
    if fields.iter().all(is_dimension) { fields.to_vec() } else { Vec::new() }
}
