//! A published form: everything in its document resolved, compiled and ordered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::graph::{self, Node, Task};
use super::limits;
use super::names::Compiled;
use super::sketch::Surroundings;
use super::{Catalogue, DefaultValue, Field, Sketch, WhenHidden};
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::{FieldKind, FillMode, Shape};
use crate::formula::Type;
use crate::record::pattern_paths;
use crate::text::{Fault, Faults};
use crate::value::{Id, Rounding, Value};

/// Fields of one form at most, columns included.
const MAX_FIELDS: usize = 500;

/// A form that can be used. Cheap to share, never changed: a new version is a new `Form`.
#[derive(Debug)]
pub struct Form {
    pub sketch: Arc<Sketch>,
    pub version: u32,
    columns: BTreeMap<String, Column>,
    tasks: Vec<Task>,
    pub validations: Vec<CheckedValidation>,
    pub rules: Vec<CheckedRule>,
    links: Vec<Reach>,
    needs_rollups: bool,
}

/// A field, or a column of a sub-form, with its rules compiled.
#[derive(Debug)]
pub struct Column {
    /// `amount`, or `lines.qty`.
    pub path: String,
    pub field: Field,
    /// The kind of what is read here: a lookup has the kind of the field it shows, a rollup its result's.
    pub read_kind: FieldKind,
    /// How it is stored; `Nothing` for what is read live.
    pub shape: Shape,
    /// How a computed number is brought to the field's scale.
    pub rounding: Rounding,
    /// Where a lookup finds its value.
    pub reach: Option<Reach>,
    pub compute: Option<Compiled>,
    pub default: Option<CheckedDefault>,
    pub visible_when: Option<Checked>,
    pub required_when: Option<Checked>,
    /// For a link or rollup: the other form.
    pub target: Option<Id>,
    /// For a link or rollup with a filter: the filter, typed against the other form.
    pub filter: Option<Checked>,
}

impl Column {
    /// Whether its value is computed when it is read.
    pub fn is_live(&self) -> bool {
        self.shape == Shape::Nothing
    }

    /// The formulas that give its value.
    pub fn formulas(&self) -> impl Iterator<Item = &Compiled> {
        let default = match &self.default {
            Some(CheckedDefault::Formula(formula)) => Some(formula),
            Some(CheckedDefault::Value(_)) | None => None,
        };
        self.compute.iter().chain(default)
    }

    /// The sub-form it belongs to.
    pub fn subform(&self) -> Option<&str> {
        self.path.split_once('.').map(|(subform, _)| subform)
    }
}

/// A default, read or compiled.
#[derive(Debug)]
pub enum CheckedDefault {
    Value(Value),
    Formula(Compiled),
}

/// A rule with its condition typed.
#[derive(Debug)]
pub struct CheckedRule {
    pub when: Checked,
    pub show: Vec<String>,
    pub require: Vec<String>,
}

/// A validation with its formula compiled.
#[derive(Debug)]
pub struct CheckedValidation {
    pub key: String,
    pub formula: Compiled,
    pub message: crate::text::Label,
    /// The field that the fault is shown at: the first that the formula reads.
    pub at: String,
}

impl Form {
    /// Checks a document and compiles it.
    ///
    /// # Errors
    /// Everything that is wrong with it; paths are JSON pointers into the document.
    pub fn publish(sketch: Arc<Sketch>, version: u32, catalogue: &dyn Catalogue) -> Result<Form, Faults> {
        Publisher { sketch: &sketch, catalogue, faults: Faults::new() }.run(version, &sketch)
    }

    pub fn id(&self) -> Id {
        self.sketch.id
    }

    /// The field's key in documents.
    pub fn key(&self) -> &str {
        &self.sketch.document.key
    }

    /// The field or column at a path.
    pub fn column(&self, path: &str) -> Option<&Column> {
        self.columns.get(path)
    }

    /// Fields of the record itself, in the order of the document.
    pub fn fields(&self) -> impl Iterator<Item = &Column> {
        self.sketch.document.fields.iter().filter_map(|field| self.columns.get(&field.key))
    }

    /// Columns of a sub-form, in the order of the document.
    pub fn columns_of(&self, subform: &str) -> impl Iterator<Item = &Column> {
        let fields = self.sketch.document.field(subform).map(Field::columns).unwrap_or_default();
        fields.iter().filter_map(move |field| self.columns.get(&format!("{subform}.{}", field.key)))
    }

    /// Every field and column.
    pub fn all_columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.values()
    }

    /// What is computed at a save, in order.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Paths through links that formulas and conditions read; the server loads those records before it prepares a
    /// save, the browser when a link is chosen.
    pub fn link_reads(&self) -> &[Reach] {
        &self.links
    }

    /// Whether computing a save reads rollups of the record.
    pub fn needs_rollups(&self) -> bool {
        self.needs_rollups
    }

    /// Types a condition against this form.
    ///
    /// # Errors
    /// What [`Checked::new`] finds.
    pub fn check(&self, condition: &Condition, catalogue: &dyn Catalogue) -> Result<Checked, Faults> {
        Checked::new(condition, &self.surroundings(catalogue))
    }

    /// Compiles a formula over a record of this form.
    ///
    /// # Errors
    /// The formula's fault, without a path.
    pub fn formula(
        &self,
        source: &str,
        expected: &Type,
        catalogue: &dyn Catalogue,
    ) -> Result<Compiled, Fault> {
        Compiled::new(source, &self.surroundings(catalogue), expected)
    }

    /// Finds the field that a path names, as conditions, sorts and groups use it.
    ///
    /// # Errors
    /// `unknown_field` and its kin, without a path.
    pub fn find(&self, path: &str, catalogue: &dyn Catalogue) -> Result<(Reach, FieldKind), Fault> {
        self.surroundings(catalogue).find(path)
    }

    fn surroundings<'a>(&'a self, catalogue: &'a dyn Catalogue) -> Surroundings<'a> {
        Surroundings { sketch: &self.sketch, catalogue, row_of: None }
    }
}

struct Publisher<'a> {
    sketch: &'a Sketch,
    catalogue: &'a dyn Catalogue,
    faults: Faults,
}

impl<'a> Publisher<'a> {
    fn run(mut self, version: u32, sketch: &Arc<Sketch>) -> Result<Form, Faults> {
        self.check_keys();
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        let mut columns = BTreeMap::new();
        for (pointer, path, field) in self.pointers() {
            let column = self.column(&pointer, &path, &field);
            columns.insert(path, column);
        }
        let rules = self.rules();
        let validations = self.validations();
        self.check_document();
        Self::settle_liveness(&mut columns);
        self.check_uniqueness(&columns);
        let tasks = self.order(&columns, &rules);
        self.faults.extend(limits::faults(&self.pointers(), &columns, &tasks, validations.len()));
        let links = link_reads(&columns, &rules, &validations);
        let needs_rollups = reads_rollup(&columns, &tasks);
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Form { sketch: sketch.clone(), version, columns, tasks, validations, rules, links, needs_rollups })
    }

    /// Every field with its JSON pointer and its path.
    fn pointers(&self) -> Vec<(String, String, Field)> {
        let mut found = Vec::new();
        for (place, field) in self.sketch.document.fields.iter().enumerate() {
            found.push((format!("/fields/{place}"), field.key.clone(), field.clone()));
            for (inner, column) in field.columns().iter().enumerate() {
                let pointer = format!("/fields/{place}/options/fields/{inner}");
                found.push((pointer, format!("{}.{}", field.key, column.key), column.clone()));
            }
        }
        found
    }

    fn check_keys(&mut self) {
        let document = &self.sketch.document;
        if document.format != 1 {
            self.faults.push(Fault::new("/format", "unknown_format").arg("format", document.format));
        }
        if !is_key(&document.key) {
            self.faults.push(Fault::new("/key", "invalid_key"));
        }
        if document.label.is_blank() {
            self.faults.push(Fault::new("/label", "label_missing"));
        }
        let all = self.pointers();
        if all.is_empty() {
            self.faults.push(Fault::new("/fields", "no_fields"));
        }
        if all.len() > MAX_FIELDS {
            self.faults.push(Fault::new("/fields", "too_many").arg("max", MAX_FIELDS));
        }
        let mut seen = BTreeSet::new();
        for (pointer, path, field) in &all {
            if !is_key(&field.key) {
                self.faults.push(Fault::new(format!("{pointer}/key"), "invalid_key"));
            }
            if field.label.is_blank() {
                self.faults.push(Fault::new(format!("{pointer}/label"), "label_missing"));
            }
            if !seen.insert(path.clone()) {
                self.faults
                    .push(Fault::new(format!("{pointer}/key"), "duplicate_key").arg("key", &field.key));
            }
            if path.contains('.') && !field.columns().is_empty() {
                self.faults.push(Fault::new(pointer.clone(), "nested_subform"));
            }
        }
    }

    fn column(&mut self, pointer: &str, path: &str, field: &Field) -> Column {
        for fault in field.kind.check_options() {
            let inner = fault.path.replace('.', "/");
            self.faults.push(Fault { path: format!("{pointer}/options/{inner}"), ..fault });
        }
        let row_of = path.split_once('.').map(|(subform, _)| subform);
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of };
        let (reach, read_kind) = match around.find(&field.key) {
            Ok((reach, kind)) => (reach, kind),
            Err(fault) => {
                self.faults.push(Fault { path: format!("{pointer}/options"), ..fault });
                (Reach::own(&field.key), field.kind.clone())
            }
        };
        let expected = field.kind.formula_type();
        let source = match &field.kind {
            FieldKind::Formula(formula) => {
                Some((format!("{pointer}/options/formula"), formula.formula.as_str()))
            }
            _ => field
                .compute
                .as_ref()
                .map(|rule| (format!("{pointer}/compute/formula"), rule.formula.as_str())),
        };
        let compute = source.and_then(|(place, source)| self.formula(&around, &place, source, &expected));
        let default = self.default(&around, pointer, field);
        let visible_when =
            self.condition(&around, &format!("{pointer}/visible_when"), field.visible_when.as_ref());
        let required_when =
            self.condition(&around, &format!("{pointer}/required_when"), field.required_when.as_ref());
        let (target, filter) = self.target(&around, pointer, field);
        self.check_members(pointer, field);
        let is_lookup = matches!(field.kind, FieldKind::Lookup(_));
        Column {
            path: path.to_string(),
            shape: field.kind.shape(),
            rounding: rounding_of(&field.kind),
            reach: is_lookup.then_some(reach),
            read_kind,
            field: field.clone(),
            compute,
            default,
            visible_when,
            required_when,
            target,
            filter,
        }
    }

    fn formula(
        &mut self,
        around: &Surroundings,
        place: &str,
        source: &str,
        expected: &Type,
    ) -> Option<Compiled> {
        match Compiled::new(source, around, expected) {
            Ok(formula) => Some(formula),
            Err(fault) => {
                self.faults.push(Fault { path: place.to_string(), ..fault });
                None
            }
        }
    }

    fn condition(
        &mut self,
        around: &Surroundings,
        place: &str,
        condition: Option<&Condition>,
    ) -> Option<Checked> {
        match Checked::new(condition?, around) {
            Ok(checked) => Some(checked),
            Err(faults) => {
                self.faults
                    .extend(faults.into_iter().map(|fault| Fault { path: place.to_string(), ..fault }));
                None
            }
        }
    }

    fn default(&mut self, around: &Surroundings, pointer: &str, field: &Field) -> Option<CheckedDefault> {
        let place = format!("{pointer}/default");
        match field.default.as_ref()? {
            DefaultValue::Formula(source) => {
                let expected = field.kind.formula_type();
                self.formula(around, &format!("{place}/formula"), source, &expected)
                    .map(CheckedDefault::Formula)
            }
            DefaultValue::Literal(json) => match field.kind.parse(json) {
                Ok(value) => Some(CheckedDefault::Value(value)),
                Err(fault) => {
                    self.faults.push(Fault { path: place, ..fault });
                    None
                }
            },
        }
    }

    /// The other form of a link or rollup, its filter typed against it, and its mappings checked.
    fn target(
        &mut self,
        around: &Surroundings,
        pointer: &str,
        field: &Field,
    ) -> (Option<Id>, Option<Checked>) {
        let (name, filter) = match &field.kind {
            FieldKind::Link(link) => (&link.form, link.filter.as_ref()),
            FieldKind::Rollup(rollup) => (&rollup.form, rollup.filter.as_ref()),
            _ => return (None, None),
        };
        let Some(target) = around.form(name) else {
            self.faults.push(Fault::new(format!("{pointer}/options/form"), "unknown_form").arg("form", name));
            return (None, None);
        };
        let inside = Surroundings { sketch: &target, catalogue: self.catalogue, row_of: None };
        let filter = self.condition(&inside, &format!("{pointer}/options/filter"), filter);
        match &field.kind {
            FieldKind::Link(link) => {
                for (place, fill) in link.fill.iter().enumerate() {
                    if fill.mode == FillMode::Live {
                        // What is read through a link whenever shown is a lookup.
                        let at = format!("{pointer}/options/fill/{place}/mode");
                        self.faults.push(Fault::new(at, "not_allowed_here").arg("what", "live"));
                    }
                    let known = inside.find(&fill.from).is_ok();
                    let own = around.find(&fill.to).is_ok();
                    for (member, found, name) in [("from", known, &fill.from), ("to", own, &fill.to)] {
                        if !found {
                            let at = format!("{pointer}/options/fill/{place}/{member}");
                            self.faults.push(Fault::new(at, "unknown_field").arg("field", name));
                        }
                    }
                }
                for (place, key) in link.display.iter().enumerate() {
                    if inside.find(key).is_err() {
                        let at = format!("{pointer}/options/display/{place}");
                        self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                    }
                }
            }
            FieldKind::Rollup(rollup) => {
                let back = target.document.field(&rollup.link).map(|link| &link.kind);
                let points_here = matches!(back, Some(FieldKind::Link(link))
                    if self.catalogue.form(&target.app, &link.form).is_some_and(|form| form.id == self.sketch.id));
                if !points_here {
                    let at = format!("{pointer}/options/link");
                    self.faults.push(Fault::new(at, "not_a_link").arg("field", &rollup.link));
                }
            }
            _ => {}
        }
        (Some(target.id), filter)
    }

    /// Members that a kind can't have.
    fn check_members(&mut self, pointer: &str, field: &Field) {
        let shape = field.kind.shape();
        let mut refuse = |member: &str| {
            self.faults
                .push(Fault::new(format!("{pointer}/{member}"), "not_allowed_here").arg("what", member));
        };
        let many =
            matches!(shape, Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Nothing);
        if field.unique && many {
            refuse("unique");
        }
        if field.compute.is_some() && (!field.kind.is_input() || matches!(shape, Shape::Rows | Shape::Refs)) {
            refuse("compute");
        }
        if field.default.is_some() && (!field.is_input() || shape == Shape::Rows) {
            refuse("default");
        }
        if field.when_hidden == Some(WhenHidden::Recompute) && field.is_input() {
            refuse("when_hidden");
        }
        if field.unique
            && let FieldKind::Text(text) = &field.kind
            && text.max_length.is_some_and(|max| max > 500)
        {
            self.faults
                .push(Fault::new(format!("{pointer}/options/max_length"), "too_large").arg("max", 500));
        }
    }

    fn rules(&mut self) -> Vec<CheckedRule> {
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        let mut checked = Vec::new();
        for (place, rule) in self.sketch.document.rules.iter().enumerate() {
            let when = self.condition(&around, &format!("/rules/{place}/when"), Some(&rule.when));
            for (member, keys) in [("show", &rule.show), ("require", &rule.require)] {
                for (inner, key) in keys.iter().enumerate() {
                    if self.sketch.document.field(key).is_none() {
                        let at = format!("/rules/{place}/{member}/{inner}");
                        self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                    }
                }
            }
            if let Some(when) = when {
                checked.push(CheckedRule { when, show: rule.show.clone(), require: rule.require.clone() });
            }
        }
        checked
    }

    fn validations(&mut self) -> Vec<CheckedValidation> {
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        let mut checked = Vec::new();
        for (place, validation) in self.sketch.document.validate.iter().enumerate() {
            let at = format!("/validate/{place}/formula");
            if let Some(formula) = self.formula(&around, &at, &validation.formula, &Type::Bool) {
                let at = formula.reaches().next().map(Reach::own_path).unwrap_or_default();
                let (key, message) = (validation.key.clone(), validation.message.clone());
                checked.push(CheckedValidation { key, formula, message, at });
            }
        }
        checked
    }

    /// Layout, title and sets of unique fields name fields that exist.
    fn check_document(&mut self) {
        let document = &self.sketch.document;
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        for (place, key) in layout_fields(&document.layout, "/layout") {
            if document.field(&key).is_none() {
                self.faults.push(Fault::new(place, "field_unknown_in_layout").arg("field", key));
            }
        }
        for path in document.title.as_deref().map(pattern_paths).unwrap_or_default() {
            if around.find(&path).is_err() {
                self.faults.push(Fault::new("/title", "unknown_field").arg("field", path));
            }
        }
    }

    /// A formula field that reads anything live is live itself, and so on through others.
    fn settle_liveness(columns: &mut BTreeMap<String, Column>) {
        loop {
            let live: BTreeSet<String> = columns
                .values()
                .filter(|column| column.is_live())
                .map(|column| column.path.clone())
                .collect();
            let mut changed = false;
            for column in columns.values_mut() {
                let FieldKind::Formula(_) = column.field.kind else { continue };
                let (Some(formula), false) = (&column.compute, column.is_live()) else { continue };
                let reads_live =
                    formula.reaches().any(|reach| !reach.hops.is_empty() || live.contains(&reach.own_path()));
                if formula.is_live() || reads_live {
                    column.shape = Shape::Nothing;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn check_uniqueness(&mut self, columns: &BTreeMap<String, Column>) {
        for (pointer, path, field) in self.pointers() {
            if field.unique && columns.get(&path).is_some_and(Column::is_live) {
                self.faults
                    .push(Fault::new(format!("{pointer}/unique"), "not_stored").arg("field", &field.key));
            }
        }
        for (place, set) in self.sketch.document.unique.iter().enumerate() {
            for (inner, key) in set.iter().enumerate() {
                let usable = columns
                    .get(key)
                    .is_some_and(|column| column.shape.is_column() && column.subform().is_none());
                if !usable {
                    let at = format!("/unique/{place}/{inner}");
                    self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                }
            }
        }
    }

    fn order(&mut self, columns: &BTreeMap<String, Column>, rules: &[CheckedRule]) -> Vec<Task> {
        let mut reads: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for column in columns.values() {
            reads.insert(Node::Value(column.path.clone()), Self::value_reads(column));
            reads.insert(Node::Visible(column.path.clone()), self.visible_reads(column, rules));
        }
        for column in columns.values() {
            let FieldKind::Link(link) = &column.field.kind else { continue };
            for fill in &link.fill {
                let to = match column.subform() {
                    Some(subform) if columns.contains_key(&format!("{subform}.{}", fill.to)) => {
                        format!("{subform}.{}", fill.to)
                    }
                    _ => fill.to.clone(),
                };
                reads.entry(Node::Value(to)).or_default().insert(Node::Value(column.path.clone()));
            }
        }
        match graph::order(&reads) {
            Ok(tasks) => tasks,
            Err(circle) => {
                let place = self.pointers().into_iter().find(|(_, path, _)| *path == circle[0]);
                let at = place.map(|(pointer, _, _)| pointer).unwrap_or_default();
                self.faults.push(Fault::new(at, "cycle").arg("fields", circle.join(" → ")));
                Vec::new()
            }
        }
    }

    fn value_reads(column: &Column) -> BTreeSet<Node> {
        let mut reads = BTreeSet::from([Node::Visible(column.path.clone())]);
        for formula in column.formulas() {
            let own = |reach: &&Reach| !reach.field.starts_with('$') || !reach.hops.is_empty();
            reads.extend(formula.reaches().filter(own).map(|reach| Node::Value(reach.own_path())));
        }
        if let Some(reach) = &column.reach {
            reads.insert(Node::Value(reach.own_path()));
        }
        if let Some(subform) = column.subform() {
            reads.insert(Node::Visible(subform.to_string()));
        }
        reads
    }

    fn visible_reads(&self, column: &Column, rules: &[CheckedRule]) -> BTreeSet<Node> {
        let shown_by = rules.iter().filter(|rule| rule.show.contains(&column.path)).map(|rule| &rule.when);
        column.visible_when.iter().chain(shown_by).flat_map(condition_reads).collect()
    }
}

/// The rounding among a kind's options, whichever kind it is.
fn rounding_of(kind: &FieldKind) -> Rounding {
    let options = kind.options();
    options.get("rounding").and_then(|name| serde_json::from_value(name.clone()).ok()).unwrap_or_default()
}

/// The nodes that a condition reads.
fn condition_reads(condition: &Checked) -> Vec<Node> {
    condition
        .reaches()
        .iter()
        .filter(|reach| !reach.field.starts_with('$') || !reach.hops.is_empty())
        .map(|reach| Node::Value(reach.own_path()))
        .collect()
}

/// Every path through links that computing needs.
fn link_reads(
    columns: &BTreeMap<String, Column>,
    rules: &[CheckedRule],
    validations: &[CheckedValidation],
) -> Vec<Reach> {
    let mut found: BTreeSet<Reach> = BTreeSet::new();
    for column in columns.values() {
        found.extend(column.formulas().flat_map(Compiled::reaches).cloned());
        found.extend(
            [&column.visible_when, &column.required_when].into_iter().flatten().flat_map(Checked::reaches),
        );
        found.extend(column.reach.clone());
        if let (FieldKind::Link(link), Some(target)) = (&column.field.kind, column.target) {
            for fill in &link.fill {
                let hops = vec![(column.field.key.clone(), target)];
                let in_row = column.subform().map(str::to_string);
                found.insert(Reach { rows: None, in_row, hops, field: fill.from.clone() });
            }
        }
    }
    found.extend(rules.iter().flat_map(|rule| rule.when.reaches()));
    found.extend(validations.iter().flat_map(|validation| validation.formula.reaches()).cloned());
    found.into_iter().filter(|reach| !reach.hops.is_empty()).collect()
}

/// Whether something stored or checked depends on a rollup.
fn reads_rollup(columns: &BTreeMap<String, Column>, tasks: &[Task]) -> bool {
    let is_rollup = |path: &str| {
        columns.get(path).is_some_and(|column| matches!(column.field.kind, FieldKind::Rollup(_)))
    };
    tasks.iter().any(|task| task.reads.iter().any(|read| is_rollup(read.path())))
}

fn layout_fields(items: &[super::LayoutItem], pointer: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, item) in items.iter().enumerate() {
        for (inner, row) in item.row.iter().flatten().enumerate() {
            found.push((format!("{pointer}/{place}/row/{inner}/field"), row.field.clone()));
        }
        for (inner, tab) in item.tabs.iter().flatten().enumerate() {
            found.extend(layout_fields(&tab.rows, &format!("{pointer}/{place}/tabs/{inner}/rows")));
        }
    }
    found
}

/// `[a-z][a-z0-9_]{0,62}`
/// Whether a text can be the key of something in a document.
pub fn is_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
    first
        && key.len() <= 63
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
