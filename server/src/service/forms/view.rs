//! A form as somebody may see it.
//!
//! What a member may not see of a form is not sent: hidden fields are taken out, and with them the rules and formulas
//! that name them, which the server goes on applying. What is left is a document that still publishes, so that the
//! browser can compute with it; of the forms around it the browser gets outlines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::{Access, FieldRight, Grant, Operation};
use engine::aggregate::{is_table, tables_of};
use engine::field::{FieldKind, Origin, options};
use engine::flow::document::START;
use engine::form::{Catalogue, CheckedFigure, Column, DefaultValue, Field, Form, FormDocument, Sketch};
use engine::text::{Faults, Language};
use engine::value::Id;

use super::sounds::sounds_of_choices;
use super::stand_in::{sees_counted, sees_figure, stand_in};
use crate::service::Refusal;
use crate::service::apps::label;
use crate::service::designs::{Compiled, Designs, FormDesign, names};
use crate::service::flows::tasks::to_choose;
use crate::service::people::Caller;

/// Faults as the wire has them.
pub fn errors(faults: &Faults, language: Language) -> Vec<wire::ProblemError> {
    faults.iter().map(|fault| crate::service::faults::error(fault, language)).collect()
}

/// A form for a list: without its definition.
pub fn entry(designs: &Designs, design: &FormDesign, caller: &Caller) -> Result<wire::Form, Refusal> {
    let row = &design.row;
    let mut form = wire::Form {
        id: row.id,
        app: row.app,
        app_key: design.sketch.as_ref().map(|sketch| sketch.app.clone()).unwrap_or_default(),
        key: row.key.clone(),
        label: label(&row.label),
        icon: design.sketch.as_ref().and_then(|sketch| sketch.document.icon.clone()),
        version: row.version,
        state: if row.version > 0 { wire::FormState::Published } else { wire::FormState::Draft },
        definition: None,
        flow: design.flow.as_ref().map(|(version, _)| *version),
        choose: Vec::new(),
        may: wire::May::default(),
        groups: Vec::new(),
        related: Vec::new(),
        live: Vec::new(),
        parameters: Vec::new(),
        asked: Vec::new(),
        sounds: BTreeMap::new(),
    };
    if designs.rests(design) {
        form.state = wire::FormState::Resting;
    } else if design.sketch.is_some() {
        let compiled = designs.compiled(design)?;
        let access = designs.access(design, &compiled, caller);
        form.may = may(&compiled.form, &access);
        form.groups = groups_to_choose(design, &compiled, (caller, &access));
    }
    Ok(form)
}

/// The groups that a list can be narrowed to: those that show the caller records, where there are several.
fn groups_to_choose(
    design: &FormDesign,
    compiled: &Compiled,
    (caller, access): (&Caller, &Access),
) -> Vec<wire::NamedGroup> {
    let groups = design.groups.iter().map(|group| &group.document).zip(&compiled.grants);
    let mine = groups.filter(|(group, _)| group.enabled && names(&group.who, caller));
    let mine = mine.filter_map(|(group, grant)| Some((group, grant.as_ref()?)));
    let mine = mine.filter(|(_, grant)| grant.may(Operation::View));
    let mine = mine.map(|(group, grant)| wire::NamedGroup {
        key: group.key.clone(),
        label: group.label.clone(),
        hidden: hidden_by(&compiled.form, access, grant),
    });
    let mine: Vec<wire::NamedGroup> = mine.collect();
    if mine.len() > 1 { mine } else { Vec::new() }
}

/// The fields and columns that somebody may see, and that one of their groups does not show.
fn hidden_by(form: &Form, access: &Access, grant: &Grant) -> Vec<String> {
    let paths = form.all_columns().map(|column| column.path.as_str());
    let is_hidden =
        |path: &&str| access.right(path) >= FieldRight::Read && grant.right(path) < FieldRight::Read;
    paths.filter(is_hidden).map(str::to_string).collect()
}

/// A form with its definition and the forms that its links lead to.
pub fn whole(designs: &Designs, design: &FormDesign, caller: &Caller) -> Result<wire::Form, Refusal> {
    whole_with(designs, design, caller, None)
}

/// As [`whole`]; `rights` are those of a step, in place of what groups say of the form's own fields.
pub fn whole_with(
    designs: &Designs,
    design: &FormDesign,
    caller: &Caller,
    rights: Option<&BTreeMap<String, String>>,
) -> Result<wire::Form, Refusal> {
    let mut form = entry(designs, design, caller)?;
    if let Some(rights) = rights {
        let editable = |right: &str| if right == "required" { "edit".to_string() } else { right.to_string() };
        form.may.fields = rights.iter().map(|(path, right)| (path.clone(), editable(right))).collect();
    }
    let Some(sketch) = &design.sketch else { return Ok(form) };
    let compiled = designs.compiled(design)?;
    let seen = Seen::around(designs, sketch, caller, rights)?;
    let own = seen.forms.get(&sketch.id).ok_or_else(Refusal::missing)?;
    form.live = live_rollups(&designs.compiled(design)?.form, own);
    let (definition, unseen) = publishable(own, &seen);
    let asked = definition.all_fields().map(|(path, _)| path);
    form.asked = asked.filter(|path| compiled.form.column(path).is_some_and(Column::asks)).collect();
    // What can't be computed in the browser is shown as it is stored.
    for path in unseen {
        form.may.fields.entry(path).and_modify(|right| *right = "read".to_string());
    }
    form.choose = design.flow.iter().flat_map(|(_, flow)| to_choose(flow, START)).collect();
    form.parameters = designs.parameter_documents(design.row.app).to_vec();
    let definition = serde_json::to_value(definition).map_err(Refusal::internal)?;
    form.sounds = sounds_of_choices(&definition);
    form.definition = Some(definition);
    for (id, related) in &seen.forms {
        if *id != sketch.id {
            let (create, view) = may_make_and_view(designs, *id, caller);
            let mut outline = related.outline(&seen);
            if outline.fields.is_empty() && !create {
                unname(&mut outline);
            }
            form.related.push(wire::RelatedForm {
                id: *id,
                app: related.app.clone(),
                definition: serde_json::to_value(outline).map_err(Refusal::internal)?,
                create,
                view,
            });
        }
    }
    Ok(form)
}

/// Of a form that its reader sees nothing of, they learn no more than how other forms name it.
fn unname(outline: &mut FormDocument) {
    outline.label = outline.key.as_str().into();
    outline.icon = None;
}

/// Whether somebody may make records of a form, and view some; of what is none nobody may.
fn may_make_and_view(designs: &Designs, form: Id, caller: &Caller) -> (bool, bool) {
    let Ok(design) = designs.published(form) else { return (false, false) };
    let Ok(compiled) = designs.compiled(design) else { return (false, false) };
    let access = designs.access(design, &compiled, caller);
    (access.may(Operation::Create), access.may(Operation::View))
}

/// The rollups among the fields that are seen which are computed whenever they are read.
fn live_rollups(form: &Form, seen: &Sketch) -> Vec<String> {
    let is_live =
        |column: &&Column| matches!(column.field.kind, FieldKind::Rollup(_)) && column.kept.is_none();
    let live = form.fields().filter(is_live).map(|column| column.path.clone());
    live.filter(|path| seen.document.field(path).is_some()).collect()
}

/// What somebody may do with some record of the form.
pub fn may(form: &Form, access: &Access) -> wire::May {
    let operations = Operation::ALL.into_iter().filter(|operation| access.may(*operation));
    let right = |path: &str| match access.right(path) {
        FieldRight::None => None,
        FieldRight::Read => Some("read"),
        FieldRight::Edit => Some("edit"),
    };
    let fields = form.all_columns().filter_map(|column| {
        let right = right(&column.path)?;
        let right = if column.field.is_input() { right } else { "read" };
        Some((column.path.clone(), right.to_string()))
    });
    wire::May {
        operations: operations.map(|operation| operation.name().to_string()).collect(),
        fields: fields.collect(),
    }
}

/// The forms around one, each with the fields that somebody may see.
struct Seen {
    forms: BTreeMap<Id, Arc<Sketch>>,
    by_name: BTreeMap<(String, String), Id>,
}

impl Seen {
    fn around(
        designs: &Designs,
        start: &Arc<Sketch>,
        caller: &Caller,
        rights: Option<&BTreeMap<String, String>>,
    ) -> Result<Seen, Refusal> {
        let mut seen = Seen { forms: BTreeMap::new(), by_name: BTreeMap::new() };
        let mut next = vec![start.clone()];
        while let Some(sketch) = next.pop() {
            if seen.forms.contains_key(&sketch.id) {
                continue;
            }
            let design = designs.published(sketch.id)?;
            let compiled = designs.compiled(design)?;
            let access = designs.access(design, &compiled, caller);
            let mut document = match rights.filter(|_| sketch.id == start.id) {
                Some(rights) => visible(&sketch.document, &|path| rights.contains_key(path)),
                None => visible(&sketch.document, &|path| access.right(path) >= FieldRight::Read),
            };
            if sketch.id == start.id {
                next.extend(seen.take_figures(designs, (&sketch, &compiled.form), &mut document, caller));
            }
            for field in &mut document.fields {
                let Some(column) = compiled.form.column(&field.key) else { continue };
                if !counted_is_seen(designs, column, caller)?
                    && let Some(other) = stand_in(field, column, &sketch)
                {
                    seen.forms.insert(other.id, Arc::new(other));
                }
            }
            for (_, field) in document.all_fields() {
                let named = forms_named(field).into_iter();
                next.extend(named.filter_map(|name| designs.form(&sketch.app, name)));
                for table in tables_asked(designs, &sketch.app, field, caller) {
                    let links = table.document.fields.iter().flat_map(forms_named);
                    next.extend(links.filter_map(|name| designs.form(&table.app, name)));
                    seen.forms.insert(table.id, table);
                }
            }
            seen.by_name.insert((sketch.app.clone(), document.key.clone()), sketch.id);
            let seen_sketch = Sketch { id: sketch.id, app: sketch.app.clone(), document };
            seen.forms.insert(sketch.id, Arc::new(seen_sketch));
        }
        Ok(seen)
    }

    /// What a form's formulas count in other forms: those of which somebody sees all that is counted are given, so that the
    /// formulas compile. A formula field that counts what they don't see has in its place the kind of its figure.
    fn take_figures(
        &mut self,
        designs: &Designs,
        (sketch, form): (&Sketch, &Form),
        document: &mut FormDocument,
        caller: &Caller,
    ) -> Vec<Arc<Sketch>> {
        let reads = |form: Id, path: &str| is_read(designs, caller, form, path);
        let is_seen = |figure: &CheckedFigure| sees_figure(figure, &reads);
        let of_columns = form.all_columns().flat_map(Column::formulas);
        let of_checks = form.validations.iter().map(|check| &check.formula);
        let formulas = of_columns.chain(of_checks);
        let shown =
            formulas.filter(|formula| formula.figures().iter().all(|figure| is_seen(figure.as_ref())));
        let counted = shown.flat_map(|formula| formula.figures().iter().map(|figure| figure.form));
        let counted: BTreeSet<Id> = counted.collect();
        for (path, field) in formula_fields(document) {
            let Some(column) = form.column(&path) else { continue };
            let mut figures = column.formulas().flat_map(|formula| formula.figures().iter());
            if !figures.all(|figure| is_seen(figure.as_ref()))
                && let Some(other) = stand_in(field, column, sketch)
            {
                self.forms.insert(other.id, Arc::new(other));
            }
        }
        counted.into_iter().filter_map(|form| designs.form(&sketch.app, &form.to_string())).collect()
    }
}

/// The formula fields and columns of a document, with their paths.
fn formula_fields(document: &mut FormDocument) -> Vec<(String, &mut Field)> {
    let mut found = Vec::new();
    for field in &mut document.fields {
        if matches!(field.kind, FieldKind::Formula(_)) {
            found.push((field.key.clone(), field));
            continue;
        }
        let key = field.key.clone();
        if let FieldKind::Subform(rows) = &mut field.kind {
            let columns = rows.fields.iter_mut();
            let columns = columns.filter(|column| matches!(column.kind, FieldKind::Formula(_)));
            found.extend(columns.map(|column| (format!("{key}.{}", column.key), column)));
        }
    }
    found
}

/// The aggregate tables that a field asks, as far as the caller may read them.
fn tables_asked(designs: &Designs, app: &str, field: &Field, caller: &Caller) -> Vec<Arc<Sketch>> {
    let tables = origins(field).filter(|origin| matches!(origin, Origin::Aggregate(_)));
    let tables = tables.filter_map(|origin| designs.table(app, origin.name()));
    let may_read = |table: &Arc<Sketch>| {
        let design = designs.aggregates.get(&table.id);
        design.is_some_and(|design| designs.may_read(design.row.app, design.document.read.as_ref(), caller))
    };
    tables.filter(may_read).collect()
}

/// What a field asks of others.
fn origins(field: &Field) -> impl Iterator<Item = &Origin> {
    let asked = match &field.default {
        Some(DefaultValue::Linkage(linkage)) => Some(&linkage.form),
        _ => None,
    };
    let shown = match &field.kind {
        FieldKind::Query(query) => Some(&query.form),
        _ => None,
    };
    asked.into_iter().chain(shown)
}

/// The forms that a field reads.
fn forms_named(field: &Field) -> Vec<&str> {
    let of_form = |origin: &&Origin| matches!(origin, Origin::Form(_));
    let asked = origins(field).filter(of_form).map(Origin::name);
    let read = match &field.kind {
        FieldKind::Rollup(rollup) => Some(rollup.form.as_str()),
        kind => {
            let given = kind.choices_from().map(|from| from.form.as_str());
            kind.as_link().map(|link| link.form.as_str()).or(given)
        }
    };
    asked.chain(read).collect()
}

/// Whether somebody sees all that a field counts in another form; so for every field that is no rollup.
fn counted_is_seen(designs: &Designs, column: &Column, caller: &Caller) -> Result<bool, Refusal> {
    if !matches!(column.field.kind, FieldKind::Rollup(_)) {
        return Ok(true);
    }
    let Some(design) = column.target.and_then(|target| designs.published(target).ok()) else {
        return Ok(false);
    };
    let there = designs.compiled(design)?.form;
    let reads = |form: Id, path: &str| is_read(designs, caller, form, path);
    Ok(sees_counted(column, &there, designs, &reads))
}

/// Whether somebody reads a field or column of a form, in some record.
fn is_read(designs: &Designs, caller: &Caller, form: Id, path: &str) -> bool {
    let design = designs.published(form).ok();
    let access =
        design.and_then(|design| Some(designs.access(design, &designs.compiled(design).ok()?, caller)));
    access.is_some_and(|access| {
        let is_open = |path: &str| access.right(path) >= FieldRight::Read;
        // A column is seen in the rows that it stands in.
        let rows = path.split_once('.').is_none_or(|(rows, _)| is_open(rows));
        access.may(Operation::View) && (path.starts_with('$') || (is_open(path) && rows))
    })
}

impl Catalogue for Seen {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        if let Ok(id) = name.parse::<Id>() {
            return self.forms.get(&id).cloned();
        }
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let id = self.by_name.get(&(app.to_string(), key.to_string()))?;
        self.forms.get(id).cloned()
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let app = tables_of(app);
        let known = |sketch: &&Arc<Sketch>| {
            (sketch.app == app && sketch.document.key == key)
                || (is_table(sketch) && sketch.id.to_string() == name)
        };
        self.forms.values().find(known).cloned()
    }
}

/// The document without the fields that can't be seen.
pub(super) fn visible(document: &FormDocument, can_see: &dyn Fn(&str) -> bool) -> FormDocument {
    let mut document = document.clone();
    document.fields.retain(|field| can_see(&field.key));
    for field in &mut document.fields {
        let key = field.key.clone();
        if let FieldKind::Subform(subform) = &mut field.kind {
            subform.fields.retain(|column| can_see(&format!("{key}.{}", column.key)));
        }
    }
    lay_out_what_is_left(&mut document);
    document
}

/// The layout without the fields that are not in the document.
fn lay_out_what_is_left(document: &mut FormDocument) {
    let left: BTreeSet<String> = document.fields.iter().map(|field| field.key.clone()).collect();
    document.retain_in_layout(&|field| left.contains(field));
}

/// A document that publishes among the forms that are seen: whatever names what is not there is taken out. Gives the
/// paths of the fields that lost the formula which computes them.
fn publishable(sketch: &Arc<Sketch>, seen: &Seen) -> (FormDocument, Vec<String>) {
    /// Each round takes something out; a document has no more layers of dependence than this.
    const ROUNDS: usize = 8;
    let mut document = sketch.document.clone();
    let mut unseen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let trial = Sketch { id: sketch.id, app: sketch.app.clone(), document: document.clone() };
        let Err(faults) = Form::compile(Arc::new(trial), 1, seen) else { break };
        let places: BTreeSet<Vec<String>> = faults.iter().map(|fault| part(place(&fault.path))).collect();
        // From the end, so that places before stay what they are.
        for place in places.iter().rev() {
            take_out(&mut document, place, &mut unseen);
        }
        lay_out_what_is_left(&mut document);
    }
    (document, unseen.into_iter().collect())
}

/// The steps of a JSON pointer; numbers padded, so that they sort as numbers.
fn place(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|step| step.parse::<usize>().map_or_else(|_| step.to_string(), |number| format!("{number:06}")))
        .collect()
}

/// The part that goes for what is at a place: of what a link fills the whole mapping, once.
fn part(mut place: Vec<String>) -> Vec<String> {
    if let Some(at) = place.windows(2).position(|steps| steps == ["options", "fill"]) {
        place.truncate(at + 3);
    }
    place
}

fn take_out(document: &mut FormDocument, place: &[String], unseen: &mut BTreeSet<String>) {
    let number = |step: Option<&String>| step.and_then(|step| step.parse::<usize>().ok());
    let steps: Vec<&str> = place.iter().map(String::as_str).collect();
    let at = number(place.get(1)).unwrap_or(usize::MAX);
    match steps.first().copied() {
        Some("rules") if at < document.rules.len() => drop(document.rules.remove(at)),
        Some("validate") if at < document.validate.len() => drop(document.validate.remove(at)),
        Some("unique") if at < document.unique.len() => drop(document.unique.remove(at)),
        Some("title") => document.title = None,
        Some("layout") => document.layout.clear(),
        Some("scripts") => document.scripts.clear(),
        Some("fields") => {
            let Some(field) = document.fields.get_mut(at) else { return };
            let column = (steps.get(2) == Some(&"options") && steps.get(3) == Some(&"fields"))
                .then(|| number(place.get(4)))
                .flatten();
            let key = field.key.clone();
            if let (Some(place), FieldKind::Subform(subform)) = (column, &mut field.kind)
                && let Some(column) = subform.fields.get_mut(place)
            {
                let path = format!("{key}.{}", column.key);
                if loses(column, steps.get(5..).unwrap_or_default(), path, unseen) {
                    subform.fields.remove(place);
                }
            } else if loses(field, steps.get(2..).unwrap_or_default(), key, unseen) {
                document.fields.remove(at);
            }
        }
        _ => {}
    }
}

/// Takes the thing at a step out of a list; all of them where it names none.
fn leave_out<T>(list: &mut Vec<T>, step: Option<&str>) {
    match step.and_then(|step| step.parse::<usize>().ok()) {
        Some(at) if at < list.len() => drop(list.remove(at)),
        _ => list.clear(),
    }
}

/// Takes a field off the tab on which it stands: `0/fields/2`.
fn leave_off_tab(tabs: &mut options::Tabs, steps: &[&str]) {
    let number = |at: usize| steps.get(at).and_then(|step| step.parse::<usize>().ok());
    if let Some(tab) = number(0).and_then(|tab| tabs.tabs.get_mut(tab)) {
        leave_out(&mut tab.fields, steps.get(2).copied());
    }
}

/// Takes a member from a field; true where the field can't be without it.
fn loses(field: &mut Field, steps: &[&str], path: String, unseen: &mut BTreeSet<String>) -> bool {
    match steps.first().copied() {
        Some("compute") => {
            field.compute = None;
            unseen.insert(path);
        }
        Some("default") => field.default = None,
        Some("visible_when") => field.visible_when = None,
        Some("required_when") => field.required_when = None,
        Some("options") => match (&mut field.kind, steps.get(1).copied()) {
            (FieldKind::Query(query), Some("filter")) => query.filter = None,
            (FieldKind::Query(query), Some("columns")) => {
                leave_out(&mut query.columns, steps.get(2).copied());
            }
            (FieldKind::Query(query), Some("sort")) => leave_out(&mut query.sort, steps.get(2).copied()),
            (FieldKind::Tabs(tabs), Some("tabs")) => leave_off_tab(tabs, steps.get(2..).unwrap_or_default()),
            (FieldKind::Money(money), Some("currency_field")) => money.currency_field = None,
            // What was chosen is read as the text that it is; nothing else is offered.
            (FieldKind::Select(select), Some("from")) => (select.from, select.allow_other) = (None, true),
            (FieldKind::MultiSelect(select), Some("from")) => {
                (select.from, select.allow_other) = (None, true);
            }
            (kind, Some(option)) => match (kind.as_link_mut(), option) {
                (Some(link), "filter") => link.filter = None,
                (Some(link), "display") => leave_out(&mut link.display, steps.get(2).copied()),
                (Some(link), "fill") => leave_out(&mut link.fill, steps.get(2).copied()),
                _ => return true,
            },
            (_, None) => return true,
        },
        _ => return true,
    }
    false
}
