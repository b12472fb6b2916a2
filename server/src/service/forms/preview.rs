//! What publishing a draft would do to the records that are there, before it happens: what becomes of each value is asked of
//! the same conversion that publishing carries out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use engine::access::Access;
use engine::condition::{Checked, Condition, Operator};
use engine::field::{FieldKind, Shape};
use engine::form::{Column, Field, Form, TakenOver};
use engine::text::{Fault, Language};
use engine::value::{Id, Value};
use store::form::FormRow;
use store::query::{Count, Shelf};
use store::table::{Conversion, FormRef, Steps};
use wire::{FieldPreview, FieldRemoved, NamedField, PublishPreview, Unfit, ValueFate, ValueSample};

use super::dependents::{Reader as Dependents, Scope};
use super::publish::{check_opened, compile, in_force};
use crate::service::designs::{Designs, context};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock, sentence_of};

/// Values of a field that are shown.
const SHOWN: usize = 6;
/// Looking at values ends after this. What is not optimised may take nearly as long as an answer may.
const LONGEST: Duration = Duration::from_secs(if cfg!(debug_assertions) { 25 } else { 10 });

/// # Errors
/// As for publishing, but for what only the records refuse.
pub async fn preview(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<PublishPreview, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let id = designs.form_to_administer(name, caller)?.row.id;
    let row = FormRow::find(&mut installation.store.read().await?, workspace, id).await?;
    let row = row.ok_or_else(Refusal::missing)?;
    let after = compile(&designs, caller, &row)?;
    let Some(before) = in_force(&designs, id) else {
        return Ok(PublishPreview { complete: true, ..PublishPreview::default() });
    };
    check_opened(&mut installation.store.read().await?, caller, &designs, (Some(&*before), &after)).await?;
    let table = FormRef { workspace, form: id, version: row.version };
    let until = Instant::now() + LONGEST;
    let look = Look { installation, caller, designs: &designs, table, before: &before, after: &after, until };
    look.through().await
}

struct Look<'l> {
    installation: &'l Installation,
    caller: &'l Caller,
    designs: &'l Designs,
    /// The form as it is in force.
    table: FormRef,
    before: &'l Form,
    after: &'l Form,
    until: Instant,
}

/// What is counted of one field.
struct Tally<'t> {
    told: FieldPreview,
    kind: &'t FieldKind,
    old: &'t FieldKind,
    language: Language,
    unfit: BTreeMap<String, (Fault, u64)>,
}

impl Look<'_> {
    async fn through(&self) -> Result<PublishPreview, Refusal> {
        let mut told = PublishPreview { complete: true, ..PublishPreview::default() };
        told.records = self.count(&Checked::always(), Count::Estimate).await?;
        let (workspace, form) = (self.table.workspace, self.table.form);
        let mut db = self.installation.store.read().await?;
        let conversions = store::table::conversions(&mut db, workspace, self.after, self.before).await?;
        drop(db);
        for before in self.before.all_columns() {
            match self.after.column(&before.path) {
                Some(after) => {
                    let conversion = conversions.iter().find(|it| it.path() == before.path);
                    let field = self.field(before, after, conversion, &mut told.complete).await?;
                    told.fields.extend(field);
                }
                // The columns of a sub-form go with it.
                None if before.subform().is_some_and(|rows| self.after.column(rows).is_none()) => {}
                None => {
                    let mut db = self.installation.store.read().await?;
                    let values = store::table::filled(&mut db, workspace, form, &before.path).await?;
                    let dependents =
                        Dependents { designs: self.designs, caller: self.caller, form, path: &before.path };
                    let uses = dependents.read(&mut db, Scope::Others).await?;
                    let (path, label) = (before.path.clone(), label_of(self.before, &before.path));
                    told.removed.push(FieldRemoved { path, label, values, uses });
                }
            }
        }
        if told.records > 0 {
            let moved = moved(&told, &conversions);
            let recomputed = self.after.computed_from(&moved);
            told.recomputed = recomputed.iter().map(|path| self.named(path)).collect();
            told.computed = self.computed(&recomputed);
        }
        Ok(told)
    }

    /// What becomes of the values of one field; nothing where all of them stay and fit as before.
    async fn field(
        &self,
        before: &Column,
        after: &Column,
        conversion: Option<&Conversion>,
        complete: &mut bool,
    ) -> Result<Option<FieldPreview>, Refusal> {
        let mut tally = Tally::new(self.after, before, after, self.caller.language());
        let is_other = before.field.kind != after.field.kind;
        let holds = |shape: Shape| !matches!(shape, Shape::Nothing | Shape::Rows);
        match conversion {
            Some(conversion) => *complete &= self.converted(conversion, &mut tally).await?,
            None if is_other && holds(before.shape) && before.shape == after.shape => {
                *complete &= self.as_they_are(&before.path, &mut tally).await?;
            }
            None => {}
        }
        let is_own = after.subform().is_none();
        if is_own && after.field.required && !before.field.required && holds(before.shape) {
            tally.told.missing = self.missing(&before.path).await?;
        }
        // What is taken over can't be compared before it is.
        if is_own && after.field.unique && !before.field.unique && conversion.is_none() {
            self.twice(&before.path, &mut tally).await?;
        }
        Ok(tally.told())
    }

    /// Looks at what a conversion makes of every value; false where there was no time for all.
    async fn converted(&self, conversion: &Conversion, tally: &mut Tally<'_>) -> Result<bool, Refusal> {
        let zone = context(self.caller, clock::now()).zone;
        let mut steps = Steps::default();
        while Instant::now() < self.until {
            let mut db = self.installation.store.read().await?;
            let taken = conversion.look(&mut db, self.table, &mut steps, &zone).await?;
            drop(db);
            if taken.is_empty() {
                return Ok(true);
            }
            for one in taken {
                tally.count(one.record, &one.before, one.after, one.is_back);
            }
        }
        Ok(false)
    }

    /// Looks whether values that stay as they are fit the new options.
    async fn as_they_are(&self, path: &str, tally: &mut Tally<'_>) -> Result<bool, Refusal> {
        let mut after = None;
        while Instant::now() < self.until {
            let mut db = self.installation.store.read().await?;
            let values = store::table::values(&mut db, self.table, path, after).await?;
            drop(db);
            let Some((record, row, _)) = values.last() else { return Ok(true) };
            after = Some((*record, *row));
            for (record, _, value) in values {
                tally.count(record, &value, TakenOver::Kept(value.clone()), false);
            }
        }
        Ok(false)
    }

    async fn count(&self, filter: &Checked, how: Count) -> Result<u64, Refusal> {
        let access = Access::system("what publishing would do to every record");
        let (mut db, context) = (self.installation.store.read().await?, context(self.caller, clock::now()));
        let count =
            store::query::count(&mut db, &access, self.table, Shelf::Live, filter, how, &context).await?;
        Ok(count.value)
    }

    /// How many records have nothing in a field.
    async fn missing(&self, path: &str) -> Result<u64, Refusal> {
        let empty = Condition::Test(engine::condition::Test {
            field: path.to_string(),
            op: Operator::IsEmpty,
            value: None,
            matching: None,
        });
        match self.before.check(&empty, self.designs) {
            Ok(filter) => self.count(&filter, Count::Exact).await,
            // A kind that is never empty.
            Err(_) => Ok(0),
        }
    }

    async fn twice(&self, path: &str, tally: &mut Tally<'_>) -> Result<(), Refusal> {
        let mut db = self.installation.store.read().await?;
        let (count, values) = store::table::duplicates(&mut db, self.table, &[path.to_string()]).await?;
        tally.told.duplicates = count;
        for value in values.into_iter().flatten() {
            tally.show(None, ValueFate::Duplicate, &value, None);
        }
        Ok(())
    }

    /// Fields whose stored values a formula gives that is new or another than before, but for those that are `recomputed`.
    fn computed(&self, recomputed: &BTreeSet<&str>) -> Vec<NamedField> {
        let is_new = |after: &&Column| {
            let before = self.before.column(&after.path).and_then(|before| formula_of(&before.field));
            let now = formula_of(&after.field);
            let is_open = !after.is_live() && !recomputed.contains(after.path.as_str());
            is_open && now.is_some() && now != before
        };
        self.after.all_columns().filter(is_new).map(|column| self.named(&column.path)).collect()
    }

    fn named(&self, path: &str) -> NamedField {
        NamedField { path: path.to_string(), label: label_of(self.after, path) }
    }
}

/// The fields of which some value becomes another, as far as all were looked at.
fn moved(told: &PublishPreview, conversions: &[Conversion]) -> BTreeSet<String> {
    let has_moved = |path: &str| {
        let field = told.fields.iter().find(|field| field.path == path);
        !told.complete || field.is_some_and(|field| field.changed + field.lost + field.returned > 0)
    };
    let paths = conversions.iter().map(Conversion::path).filter(|path| has_moved(path));
    paths.map(str::to_string).collect()
}

fn formula_of(field: &Field) -> Option<&str> {
    match &field.kind {
        FieldKind::Formula(formula) => Some(&formula.formula),
        _ => field.compute.as_ref().map(|rule| rule.formula.as_str()),
    }
}

/// What people call the field at a path: of a column, with its sub-form.
fn label_of(form: &Form, path: &str) -> engine::text::Label {
    form.sketch.document.label_at(path).unwrap_or_default()
}

impl<'t> Tally<'t> {
    fn new(form: &Form, before: &'t Column, after: &'t Column, language: Language) -> Tally<'t> {
        let told = FieldPreview {
            path: after.path.clone(),
            label: label_of(form, &after.path),
            before: before.field.kind.name().to_string(),
            after: after.field.kind.name().to_string(),
            values: 0,
            kept: 0,
            changed: 0,
            lost: 0,
            returned: 0,
            unfit: Vec::new(),
            missing: 0,
            duplicates: 0,
            samples: Vec::new(),
        };
        let (kind, old) = (&after.field.kind, &before.field.kind);
        Tally { told, kind, old, language, unfit: BTreeMap::new() }
    }

    fn count(&mut self, record: Id, before: &Value, after: TakenOver, is_back: bool) {
        let fate = match &after {
            _ if is_back => Some(ValueFate::Returned),
            TakenOver::Kept(value) if value.is_empty() => return,
            TakenOver::Kept(_) => None,
            TakenOver::Changed(_) => Some(ValueFate::Changed),
            TakenOver::Lost => Some(ValueFate::Lost),
        };
        let told = &mut self.told;
        told.values += 1;
        match fate {
            None => told.kept += 1,
            Some(ValueFate::Changed) => told.changed += 1,
            Some(ValueFate::Lost) => told.lost += 1,
            Some(ValueFate::Returned) => told.returned += 1,
            Some(ValueFate::Unfit | ValueFate::Duplicate) => {}
        }
        let value = after.value();
        if let Some(fate) = fate {
            self.show(Some(record), fate, before, Some(&value));
        }
        let wrong = if value.is_empty() { None } else { self.kind.check(&value).into_iter().next() };
        if let Some(fault) = wrong {
            let code = fault.code.to_string();
            let (_, count) = self.unfit.entry(code).or_insert((fault, 0));
            *count += 1;
            if fate.is_none() {
                self.show(Some(record), ValueFate::Unfit, before, Some(&value));
            }
        }
    }

    /// Shows the first values of each fate.
    fn show(&mut self, record: Option<Id>, fate: ValueFate, old: &Value, new: Option<&Value>) {
        let samples = &mut self.told.samples;
        if samples.iter().filter(|sample| sample.fate == fate).count() >= SHOWN {
            return;
        }
        let old = self.old.display(old, self.language);
        let new = new.map(|new| self.kind.display(new, self.language)).unwrap_or_default();
        samples.push(ValueSample { record, fate, old, new });
    }

    /// What is told; nothing where there is nothing to tell.
    fn told(mut self) -> Option<FieldPreview> {
        let language = self.language;
        let unfit = self.unfit.into_iter().map(|(code, (fault, count))| {
            // Which value it is about is said by the samples.
            let message = sentence_of(&fault, language);
            Unfit { code, message, count }
        });
        self.told.unfit = unfit.collect();
        let told = self.told;
        let is_of_note = told.changed + told.lost + told.returned + told.missing + told.duplicates > 0
            || !told.unfit.is_empty()
            || (told.before != told.after && told.values > 0);
        is_of_note.then_some(told)
    }
}
