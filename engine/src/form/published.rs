//! A published form: everything in its document resolved, compiled and ordered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::asking::{CheckedLinkage, CheckedQuery};
use super::figure::CheckedFigure;
use super::graph::{Node, Task};
use super::names::Compiled;
use super::publish::publish;
use super::sketch::Surroundings;
use super::{Catalogue, Field, ScriptEvent, Sketch};
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::{FieldKind, Regions, RollupFn, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults};
use crate::value::{Decimal, Id, Rounding, Value};

/// A form that can be used. Cheap to share, never changed: a new version is a new `Form`.
#[derive(Debug)]
pub struct Form {
    pub sketch: Arc<Sketch>,
    pub version: u32,
    pub(super) columns: BTreeMap<String, Column>,
    pub(super) tasks: Vec<Task>,
    pub validations: Vec<CheckedValidation>,
    pub rules: Vec<CheckedRule>,
    /// The scripts that run when something happens to its records, in the order of the document.
    pub scripts: Vec<BoundScript>,
    pub(super) links: Vec<Reach>,
    pub(super) needs_rollups: bool,
}

/// A field, or a column of a sub-form, with its rules compiled.
#[derive(Debug)]
pub struct Column {
    /// `amount`, or `lines.qty`.
    pub path: String,
    pub field: Field,
    /// The kind of what is read here: a lookup has the kind of the field it shows, a rollup its result's, and a
    /// computed number that of what it is shown as.
    pub read_kind: FieldKind,
    /// How it is stored; `Nothing` for what is read live.
    pub shape: Shape,
    /// How a computed number is brought to the field's scale.
    pub rounding: Rounding,
    /// Where a lookup finds its value.
    pub reach: Option<Reach>,
    pub compute: Option<Compiled>,
    pub default: Option<CheckedDefault>,
    /// Whether something gives it a value where its writer gives none: a default, its maker, a link that fills it.
    pub prefilled: bool,
    pub visible_when: Option<Checked>,
    pub required_when: Option<Checked>,
    /// For a link, rollup or query, and for choices that are taken from another form: that form.
    pub target: Option<Id>,
    /// For a link or rollup with a filter, and for choices that are taken so: the filter, typed against the other form.
    pub filter: Option<Checked>,
    /// For an address: the regions that it may name, where they are at hand.
    pub regions: Option<Arc<Regions>>,
    /// For a rollup that is kept beside the record: how. One without is computed whenever it is read.
    pub kept: Option<Kept>,
    /// For a query: what it asks.
    pub query: Option<Box<CheckedQuery>>,
}

/// How the figure of a rollup is kept: by what every save of a counted record adds to it and takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub function: RollupFn,
    /// The shape of the figure.
    pub shape: Shape,
    /// The shape of what is counted; `Nothing` where records are.
    pub counted: Shape,
}

impl Column {
    /// Whether its value is computed when it is read.
    pub fn is_live(&self) -> bool {
        self.shape == Shape::Nothing
    }

    /// Reads a value from the wire form or from what a person typed, as [`Kind::parse`](crate::field::Kind::parse) does; an
    /// address in one line by the regions of the field.
    ///
    /// # Errors
    /// One fault, without a path.
    pub fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        match (&self.field.kind, &self.regions) {
            (FieldKind::Address(address), Some(regions)) if json.is_string() => {
                address.parse_line(json, Some(regions))
            }
            (kind, _) => kind.parse(json),
        }
    }

    /// Checks a non-empty value against the options of the field and what they name.
    pub fn check(&self, value: &Value) -> Faults {
        let mut faults = self.field.kind.check(value);
        if let (FieldKind::Address(address), Some(regions)) = (&self.field.kind, &self.regions) {
            faults.extend(address.check_regions(value, regions));
        }
        faults
    }

    /// The shape of its column on disk: a figure that is kept has one, though its value is not the record's own.
    pub fn stored_shape(&self) -> Shape {
        self.kept.map_or(self.shape, |kept| kept.shape)
    }

    /// What a rollup shows where no record links to its own: a count and a sum of 0, with the digits of any other; nothing
    /// else has a value there. `None` for a field of another kind.
    pub fn over_nothing(&self) -> Option<Value> {
        let FieldKind::Rollup(rollup) = &self.field.kind else { return None };
        Some(match (rollup.function, self.read_kind.shape()) {
            (RollupFn::Sum, Shape::Decimal(scale)) => Value::Number(Decimal::new(0, scale)),
            (RollupFn::Count | RollupFn::Distinct | RollupFn::Sum, _) => Value::number(0),
            (RollupFn::Avg | RollupFn::Min | RollupFn::Max | RollupFn::First | RollupFn::Last, _) => {
                Value::Empty
            }
        })
    }

    /// The formulas that give its value.
    pub fn formulas(&self) -> impl Iterator<Item = &Compiled> {
        let default = match &self.default {
            Some(CheckedDefault::Formula(formula)) => Some(formula),
            Some(CheckedDefault::Value(_) | CheckedDefault::Linkage(_)) | None => None,
        };
        self.compute.iter().chain(default)
    }

    /// Whether a formula that gives its value asks for figures over other records.
    pub fn asks(&self) -> bool {
        self.formulas().any(Compiled::asks)
    }

    /// Whether its default comes by chance: whoever fills the form in sends what they were shown.
    pub fn has_random_default(&self) -> bool {
        matches!(&self.default, Some(CheckedDefault::Formula(formula)) if formula.is_random())
    }

    /// The default that another form gives, if one does.
    pub fn linkage(&self) -> Option<&CheckedLinkage> {
        match &self.default {
            Some(CheckedDefault::Linkage(linkage)) => Some(linkage),
            Some(CheckedDefault::Value(_) | CheckedDefault::Formula(_)) | None => None,
        }
    }

    /// What its default reads of its own record to ask another form.
    pub fn asks_with(&self) -> Vec<Reach> {
        self.linkage().map(|linkage| linkage.question.filter.asker_reaches()).unwrap_or_default()
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
    Linkage(Box<CheckedLinkage>),
}

/// A rule with its condition typed.
#[derive(Debug)]
pub struct CheckedRule {
    pub when: Checked,
    pub show: Vec<String>,
    pub require: Vec<String>,
}

/// A script bound to an event, its condition typed.
#[derive(Debug)]
pub struct BoundScript {
    pub on: ScriptEvent,
    pub when: Option<Checked>,
    /// As the document names it.
    pub script: String,
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
    /// Checks a document that somebody designed and compiles it.
    ///
    /// # Errors
    /// Everything that is wrong with it; paths are JSON pointers into the document.
    pub fn publish(sketch: Arc<Sketch>, version: u32, catalogue: &dyn Catalogue) -> Result<Form, Faults> {
        publish(&sketch, version, catalogue, true)
    }

    /// Compiles a document that is in force. Rules of good design may be younger than it.
    ///
    /// # Errors
    /// Everything that keeps it from working; paths are JSON pointers into the document.
    pub fn compile(sketch: Arc<Sketch>, version: u32, catalogue: &dyn Catalogue) -> Result<Form, Faults> {
        publish(&sketch, version, catalogue, false)
    }

    pub fn id(&self) -> Id {
        self.sketch.id
    }

    /// Its key in documents.
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

    /// The scripts that run at an event.
    pub fn scripts_on(&self, event: ScriptEvent) -> impl Iterator<Item = &BoundScript> {
        self.scripts.iter().filter(move |bound| bound.on == event)
    }

    /// Whether its records can be voided: that is for what scripts take back.
    pub fn can_be_voided(&self) -> bool {
        self.scripts_on(ScriptEvent::Void).next().is_some()
    }

    /// Whether a record in this state of its flow is neither changed nor deleted by anybody: the form locks what was approved.
    pub fn locks(&self, flow_state: Option<&str>) -> bool {
        self.sketch.document.settings.lock_approved && flow_state == Some("approved")
    }

    /// What is computed at a save, in order.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Fields and columns whose values follow from the one at `path`, through others too: what a link fills, and what
    /// formulas and defaults make of that.
    pub fn followers<'a>(&'a self, path: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::from([path]);
        for task in &self.tasks {
            let Node::Value(own) = &task.node else { continue };
            let is_found = |read: &Node| matches!(read, Node::Value(read) if found.contains(read.as_str()));
            if task.reads.iter().any(is_found) {
                found.insert(own.as_str());
            }
        }
        found.remove(path);
        found
    }

    /// The fields and columns whose stored values formulas give that read one of the fields `changed`, or stand among them
    /// themselves; through others too, and by what shows and hides them.
    pub fn computed_from(&self, changed: &BTreeSet<String>) -> BTreeSet<&str> {
        let is_changed = |node: &Node| matches!(node, Node::Value(path) if changed.contains(path));
        let mut moved: BTreeSet<&Node> = BTreeSet::new();
        for task in &self.tasks {
            if is_changed(&task.node)
                || task.reads.iter().any(|read| is_changed(read) || moved.contains(read))
            {
                moved.insert(&task.node);
            }
        }
        let is_computed = |path: &str| {
            self.column(path).is_some_and(|column| column.compute.is_some() && !column.is_live())
        };
        let values = moved.into_iter().filter(|node| matches!(node, Node::Value(_)));
        values.map(Node::path).filter(|path| is_computed(path)).collect()
    }

    /// Paths through links that formulas and conditions read; the server loads those records before it prepares a
    /// save, the browser when a link is chosen.
    pub fn link_reads(&self) -> &[Reach] {
        &self.links
    }

    /// The paths through links that follow every record there, whoever looks: of what is computed and kept, and of what shows,
    /// asks for or refuses something. What is only shown, such as a lookup, is read by whoever looks.
    pub fn deciding_reads(&self) -> BTreeSet<Reach> {
        let columns = || self.columns.values();
        let conditions = columns().flat_map(|column| column.visible_when.iter().chain(&column.required_when));
        let conditions = conditions.chain(self.rules.iter().map(|rule| &rule.when));
        let conditions = conditions.chain(self.scripts.iter().filter_map(|bound| bound.when.as_ref()));
        let kept = columns().filter(|column| !column.is_live()).flat_map(Column::formulas);
        let formulas = kept.chain(self.validations.iter().map(|validation| &validation.formula));
        let mut next: Vec<Reach> = conditions.flat_map(Checked::reaches).collect();
        next.extend(formulas.flat_map(Compiled::reaches).cloned());
        next.extend(columns().flat_map(Column::asks_with));
        self.reads_behind(next)
    }

    /// The paths through links among these, and those by which the live fields among them are computed.
    pub fn reads_behind(&self, reaches: impl IntoIterator<Item = Reach>) -> BTreeSet<Reach> {
        let mut next: Vec<Reach> = reaches.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(reach) = next.pop() {
            let live = self.columns.get(&reach.own_path()).filter(|column| column.is_live());
            if found.insert(reach) {
                next.extend(live.into_iter().flat_map(Column::formulas).flat_map(Compiled::reaches).cloned());
                next.extend(live.and_then(|column| column.reach.clone()));
            }
        }
        found.retain(|reach| !reach.hops.is_empty());
        found
    }

    /// Whether computing a save reads rollups of the record.
    pub fn needs_rollups(&self) -> bool {
        self.needs_rollups
    }

    /// The figures over other records that its fields and checks ask for.
    pub fn figures(&self) -> impl Iterator<Item = &Arc<CheckedFigure>> {
        let of_fields = self.columns.values().flat_map(Column::formulas);
        let of_checks = self.validations.iter().map(|validation| &validation.formula);
        of_fields.chain(of_checks).flat_map(|formula| formula.figures().iter())
    }

    /// The record's own fields that computing the live ones among `wanted` reads, through other live ones too, and the
    /// rollups among them all: who reads a record for those alone needs these.
    pub fn live_reads(&self, wanted: &dyn Fn(&Column) -> bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut next: Vec<&Column> =
            self.columns.values().filter(|column| column.is_live() && wanted(column)).collect();
        while let Some(column) = next.pop() {
            let reads = column.formulas().flat_map(Compiled::reaches).chain(&column.reach);
            let rollup = Some(&column.path).filter(|_| matches!(column.field.kind, FieldKind::Rollup(_)));
            for path in reads.map(Reach::own_path).chain(rollup.cloned()) {
                let Some(read) = self.columns.get(&path).filter(|_| !found.contains(&path)) else { continue };
                found.insert(path);
                if read.is_live() {
                    next.push(read);
                }
            }
        }
        found
    }

    /// Types a condition against this form.
    ///
    /// # Errors
    /// What [`Checked::new`] finds.
    pub fn check(&self, condition: &Condition, catalogue: &dyn Catalogue) -> Result<Checked, Faults> {
        Checked::new(condition, &self.surroundings(catalogue))
    }

    /// Compiles a formula over a record of this form, for a place where nobody counts other records for it.
    ///
    /// # Errors
    /// The formula's fault, without a path.
    pub fn formula(
        &self,
        source: &str,
        expected: &Type,
        catalogue: &dyn Catalogue,
    ) -> Result<Compiled, Fault> {
        let formula = Compiled::new(source, &self.surroundings(catalogue), expected)?;
        if formula.asks() { Err(Fault::new("", "asks_others")) } else { Ok(formula) }
    }

    /// Finds the field that a path names, as conditions, sorts and groups use it.
    ///
    /// # Errors
    /// `unknown_field` and its kin, without a path.
    pub fn find(&self, path: &str, catalogue: &dyn Catalogue) -> Result<(Reach, FieldKind), Fault> {
        self.surroundings(catalogue).find(path)
    }

    pub(super) fn surroundings<'a>(&'a self, catalogue: &'a dyn Catalogue) -> Surroundings<'a> {
        Surroundings { sketch: &self.sketch, catalogue, row_of: None }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    #[test]
    fn what_is_computed_follows_what_it_reads_through_others_and_what_shows_it() {
        let computed = |key: &str, formula: &str| json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}});
        let mut shown = computed("shown", "1 + 1");
        shown["visible_when"] = json!({"field": "a", "op": "gt", "value": 1});
        let document = json!({"key": "f", "label": "f", "fields": [
            {"key": "a", "label": "a", "kind": "number"}, {"key": "b", "label": "b", "kind": "number"},
            {"key": "rows", "label": "r", "kind": "subform", "options": {"fields": [
                {"key": "n", "label": "n", "kind": "number"}, computed("m", "n * record.a")]}},
            computed("sum", "SUM(rows.n)"), computed("twice", "sum * 2"), computed("other", "b + 1"), shown,
            {"key": "live", "label": "l", "kind": "formula", "options": {"formula": "DAYS(TODAY(), TODAY()) + a", "type": "number"}}]});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
        let form = Form::publish(Arc::new(sketch), 1, &Alone).unwrap();
        let from = |paths: &[&str]| -> Vec<&str> {
            let changed = paths.iter().map(|path| (*path).to_string()).collect();
            form.computed_from(&changed).into_iter().collect()
        };
        assert_eq!(from(&["rows.n"]), ["rows.m", "sum", "twice"]);
        assert_eq!(from(&["a"]), ["rows.m", "shown"]);
        assert_eq!(from(&["sum"]), ["sum", "twice"]);
        assert_eq!(from(&["b", "live"]), ["other"]);
        assert!(from(&[]).is_empty());
    }
}
