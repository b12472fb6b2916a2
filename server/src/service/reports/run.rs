//! Running a report as its viewer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::condition::{Checked, Reach, Unit};
use engine::context::Context;
use engine::report::{
    CheckedData, DataAnswer, DataMeasure, Outcome, ParamRule, Report, ReportMeasure, RowResult, Sight,
    TableResult, Titles,
};
use engine::text::{Label, Language};
use engine::value::{Id, Value, format_timestamp};
use serde_json::{Map, Value as Json, json};
use store::Reader;

use super::names::{field_label, field_unit, period_label};
use super::params::Params;
use super::source::{Query, Viewer, find_titles};
use crate::service::designs::{Designs, ReportDesign, context};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// # Errors
/// Not found for who may not read it; faults of the parameters.
pub async fn run(
    installation: &Installation,
    caller: &Caller,
    key: &str,
    input: &wire::ReportInput,
) -> Result<wire::Report, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    let design = designs.report_to_run(input.app.as_deref(), key, caller)?;
    let mut db = installation.store.read().await?;
    run_in(&viewer, &mut db, design, input).await
}

/// As [`run`], for a report that was found.
pub async fn run_in(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    design: &ReportDesign,
    input: &wire::ReportInput,
) -> Result<wire::Report, Refusal> {
    let (designs, caller) = (&viewer.designs, viewer.caller);
    let context = report_context(designs, design, caller);
    let params = Params::read(&design.document, &input.params, &context)?;
    let ran = answers(viewer, db, design, &params).await?;
    let parameters = parameters(viewer, db, design, &params).await?;
    let outcome = ran.outcome(&context, caller.language());
    let telling = Telling { viewer, designs, report: &ran.report, answers: &ran.answers, caller };
    let (is_whole, narrowed) = telling.narrowed();
    Ok(wire::Report {
        key: design.row.key.clone(),
        app: designs.app_key(design.row.app).to_string(),
        label: telling.text(&design.document.label),
        as_of: format_timestamp(context.now),
        params: params.shown,
        parameters,
        scope: if is_whole { "all" } else { "own rows" }.to_string(),
        narrowed,
        figures: outcome.figures.iter().map(|figure| telling.figure(figure)).collect(),
        tables: outcome.tables.iter().map(|table| telling.table(table)).collect(),
    })
}

/// The moment, the viewer, and the parameters of the report's app.
pub fn report_context(designs: &Designs, design: &ReportDesign, caller: &Caller) -> Context {
    Context { params: designs.parameters(design.row.app), ..context(caller, clock::now()) }
}

/// A report with the answers of its queries.
struct Ran {
    report: Arc<Report>,
    answers: Vec<DataAnswer>,
    titles: Titles,
}

impl Ran {
    fn outcome(&self, context: &Context, language: Language) -> Outcome {
        self.report.compute(&self.answers, &self.titles, context, language)
    }
}

/// Runs the queries of a report.
///
/// # Errors
/// Where the report no longer fits its forms, or asks what the database can't answer.
async fn answers(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    design: &ReportDesign,
    params: &Params,
) -> Result<Ran, Refusal> {
    let report = viewer.designs.report(design)?;
    let mut ran = Ran { report: report.clone(), answers: Vec::new(), titles: Titles::new() };
    for data in &report.data {
        let Some(form) = data.form else {
            ran.answers.push(DataAnswer::default());
            continue;
        };
        let filter = filter_of(&data.filter, &viewer.designs, design, params);
        let query = Query { form, filter, group: &data.group, measures: &data.measures };
        let found = viewer.ask(db, &query).await?;
        let order = viewer.order(form)?;
        let groups: Vec<_> = data.group.iter().map(|by| (by, order.target_of(&by.reach))).collect();
        find_titles(&order, db, &groups, &found.rows, &mut ran.titles).await?;
        ran.answers.push(found);
    }
    Ok(ran)
}

/// A query's filter with the parameters in force: the report's own, then those of its app.
pub fn filter_of(filter: &Checked, designs: &Designs, design: &ReportDesign, params: &Params) -> Checked {
    let of_app = designs.parameters(design.row.app);
    let value =
        |name: &str| -> Option<Value> { params.values.get(name).or_else(|| of_app.get(name)).cloned() };
    filter.with_params(&value).unwrap_or_else(Checked::always)
}

/// What can be chosen before the report runs.
async fn parameters(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    design: &ReportDesign,
    params: &Params,
) -> Result<Vec<wire::ReportParameter>, Refusal> {
    let language = viewer.caller.language();
    let mut all = Vec::new();
    for rule in &design.document.params {
        let form = form_of(&viewer.designs, design.row.app, rule);
        let mut title = None;
        if let (Some(form), Some(Value::Ref(id))) = (form, params.values.get(&rule.key)) {
            let titles = viewer.order(form)?.titles_in(db, form, &[*id]).await?;
            title = titles.into_values().next();
        }
        all.push(wire::ReportParameter {
            key: rule.key.clone(),
            label: rule.label.as_ref().map_or(rule.key.clone(), |label| label.get(language).to_string()),
            kind: rule.kind.clone(),
            form,
            title,
            required: rule.required,
        });
    }
    Ok(all)
}

fn form_of(designs: &Designs, app: Id, rule: &ParamRule) -> Option<Id> {
    Some(designs.form_in(app, rule.form.as_deref()?)?.id())
}

/// A report's results in words.
struct Telling<'t> {
    viewer: &'t Viewer<'t>,
    designs: &'t Designs,
    report: &'t Report,
    answers: &'t [DataAnswer],
    caller: &'t Caller,
}

impl Telling<'_> {
    fn text(&self, label: &Label) -> String {
        label.get(self.caller.language()).to_string()
    }

    /// The name of what a query reads; nothing where the viewer may not know of that form.
    fn form_label(&self, data: &CheckedData) -> Option<&str> {
        self.viewer.form_label(data.form?)
    }

    /// Whether the viewer sees everything that is read, and the names of forms of which they see a part or nothing.
    fn narrowed(&self) -> (bool, Vec<String>) {
        let queries = self.report.data.iter().zip(self.answers);
        let narrowed: Vec<&CheckedData> = queries
            .filter(|(data, answer)| data.form.is_some() && answer.sight != Sight::All)
            .map(|(data, _)| data)
            .collect();
        (narrowed.is_empty(), named(narrowed.into_iter().filter_map(|data| self.form_label(data))))
    }

    /// The same of what these measures are about; with the forms of which the viewer sees nothing that counts.
    fn seen(&self, measures: &[String]) -> (Vec<String>, Vec<String>) {
        let is_read = |measure: &&DataMeasure| measures.contains(&measure.key);
        let queries = self.report.data.iter().zip(self.answers);
        let narrowed: Vec<(&CheckedData, &DataAnswer)> = queries
            .filter(|(data, answer)| answer.sight != Sight::All && data.measures.iter().any(|m| is_read(&m)))
            .collect();
        let hidden = narrowed.iter().filter(|(data, answer)| {
            data.measures.iter().filter(is_read).any(|measure| answer.hides(measure))
        });
        (
            named(narrowed.iter().filter_map(|(data, _)| self.form_label(data))),
            named(hidden.filter_map(|(data, _)| self.form_label(data))),
        )
    }

    fn figure(&self, result: &engine::report::FigureResult) -> wire::Figure {
        let rule = self.report.document.figures.iter().find(|figure| figure.key == result.key);
        let (narrowed, unseen) = self.seen(&self.report.reads_of(&result.key));
        let labels = result.inputs.keys().map(|key| (key.clone(), self.measure_label(key)));
        wire::Figure {
            key: result.key.clone(),
            label: rule.map(|rule| self.text(&rule.label)).unwrap_or_default(),
            value: result.value.clone(),
            unit: rule.and_then(|rule| rule.unit.clone()),
            definition: rule.and_then(|rule| rule.definition.as_ref()).map(|text| self.text(text)),
            inputs: result.inputs.clone(),
            input_labels: labels.collect(),
            records: result.records,
            reason: result.reason.clone(),
            narrowed,
            unseen,
        }
    }

    fn table(&self, result: &TableResult) -> wire::ReportTable {
        let rule = self.report.document.tables.iter().find(|table| table.key == result.key);
        let by = rule.map_or("", |rule| rule.by.as_str());
        let mut columns = vec![self.group_column(by)];
        let measured = rule.map(|rule| rule.columns.as_slice()).unwrap_or_default();
        columns.extend(measured.iter().map(|column| self.column(column)));
        wire::ReportTable {
            key: result.key.clone(),
            label: rule.and_then(|rule| rule.label.as_ref()).map(|text| self.text(text)).unwrap_or_default(),
            columns,
            rows: result.rows.iter().map(|row| told(row, by)).collect(),
            cut: result.cut as u64,
            total: result.total.as_ref().map(|row| told(row, by)),
        }
    }

    fn group_column(&self, by: &str) -> wire::FigureColumn {
        let groups = self.report.data.iter().filter_map(|data| {
            let group = data.group.iter().find(|group| group.key == by)?;
            Some((data.form?, group))
        });
        let language = self.caller.language();
        let mut labels = groups.map(|(form, group)| match group.unit {
            Some(unit) => period_label(unit, language),
            None => self.field_label(form, &group.reach),
        });
        let label = labels.find(|label| !label.is_empty()).unwrap_or_else(|| by.to_string());
        wire::FigureColumn { key: by.to_string(), label, group: true, ..Default::default() }
    }

    fn column(&self, key: &str) -> wire::FigureColumn {
        let figure = self.report.document.figures.iter().find(|figure| figure.key == key);
        let (narrowed, unseen) = self.seen(&self.report.reads_of(key));
        match figure {
            Some(figure) => wire::FigureColumn {
                key: key.to_string(),
                label: self.text(&figure.label),
                unit: figure.unit.clone(),
                definition: figure.definition.as_ref().map(|text| self.text(text)),
                inputs: self.report.inputs_of(key),
                narrowed,
                unseen,
                ..Default::default()
            },
            None => wire::FigureColumn {
                key: key.to_string(),
                label: self.measure_label(key),
                unit: self.measure_unit(key),
                inputs: vec![key.to_string()],
                role: self.measure_rules(key).find_map(|rule| rule.role),
                narrowed,
                unseen,
                ..Default::default()
            },
        }
    }

    fn measure_rules(&self, key: &str) -> impl Iterator<Item = &ReportMeasure> {
        self.report.document.data.iter().filter_map(move |data| data.measures.get(key))
    }

    fn measure_label(&self, key: &str) -> String {
        if let Some(label) = self.measure_rules(key).find_map(|rule| rule.label.as_ref()) {
            return self.text(label);
        }
        let of =
            self.report.measure(key).and_then(|(data, measure)| Some((data.form?, measure.of.as_ref()?)));
        let label = of.map(|(form, (reach, _))| self.field_label(form, reach));
        label.filter(|label| !label.is_empty()).unwrap_or_else(|| key.to_string())
    }

    /// What a field is called; nothing where the viewer may not know of it.
    fn field_label(&self, form: Id, reach: &Reach) -> String {
        let known = self.viewer.knows(form, reach).unwrap_or_default();
        let label = known.then(|| field_label(self.designs, form, reach, self.caller.language()));
        label.unwrap_or_default()
    }

    fn measure_unit(&self, key: &str) -> Option<String> {
        let (data, measure) = self.report.measure(key)?;
        let (reach, kind) = measure.of.as_ref()?;
        if !self.viewer.knows(data.form?, reach).unwrap_or_default() {
            return None;
        }
        field_unit(kind, &self.caller.workspace.currency)
    }
}

/// Names, each once and in order.
fn named<'n>(labels: impl Iterator<Item = &'n str>) -> Vec<String> {
    let labels: BTreeSet<&str> = labels.collect();
    labels.into_iter().map(str::to_string).collect()
}

/// A row as the wire has it.
fn told(row: &RowResult, by: &str) -> Map<String, Json> {
    let mut members: BTreeMap<String, Json> =
        row.values.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    if !row.group.is_empty() || !row.label.is_empty() {
        members.insert(by.to_string(), json!(row.group));
        members.insert("labels".to_string(), json!({ by: row.label }));
    }
    if !row.reasons.is_empty() {
        members.insert("reasons".to_string(), json!(row.reasons));
    }
    if row.missing {
        members.insert("missing".to_string(), json!(true));
    }
    members.into_iter().collect()
}

/// The day after the last of a period's name in a table, with its first.
pub fn period_named(unit: Unit, name: &str) -> Option<(engine::value::Date, engine::value::Date)> {
    let first = match (unit, name.split_once("-W")) {
        (Unit::Week, Some((year, week))) => {
            let week = jiff::civil::ISOWeekDate::new(
                year.parse().ok()?,
                week.parse().ok()?,
                jiff::civil::Weekday::Monday,
            );
            week.ok()?.date()
        }
        _ => super::params::day_first("", name).ok()?,
    };
    (unit.name(first) == name).then(|| (first, unit.step(first, 1)))
}
