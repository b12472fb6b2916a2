//! What a tile shows.

use std::collections::BTreeMap;

use engine::aggregate::AggregateFn;
use engine::condition::{Checked, Reach};
use engine::context::Context;
use engine::report::{
    Better, CheckedTile, CheckedTileSource, Dashboard, DataAnswer, DataGroup, Sight, SparkPoint, TileKind,
    TileMeasure, TileResult, TileRow, Titles, change, earlier,
};
use engine::value::{Decimal, Id, format_timestamp};
use serde_json::{Map, Value as Json, json};
use store::Reader;

use super::eyes::eyes;
use super::filters;
use super::source::{self, Asked, is_known, label_of, name_of};
use crate::service::designs::{DashboardDesign, context};
use crate::service::people::Caller;
use crate::service::reports::{self, Viewer, field_unit, period_label};
use crate::service::{Installation, Refusal, clock};

/// # Errors
/// Not found for who may not read the dashboard, and for a tile that it does not have; faults of the filters.
pub async fn data(
    installation: &Installation,
    caller: &Caller,
    (name, tile): (&str, &str),
    input: &wire::TileInput,
) -> Result<wire::TileData, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.dashboard_to_read(name, caller)?;
    let dashboard = designs.dashboard(design)?;
    let tile = dashboard.tile(tile).ok_or_else(Refusal::missing)?;
    let eyes = eyes(design, caller);
    let viewer = Viewer { installation, caller: &eyes, designs: designs.clone() };
    let params = designs.parameters(design.row.app);
    let context = Context { params, ..context(caller, clock::now()) };
    let showing = Showing { viewer, design, dashboard: &dashboard, tile, context };
    let mut db = installation.store.read().await?;
    match &tile.source {
        CheckedTileSource::Report(key) => showing.figures(&mut db, key, input).await,
        CheckedTileSource::Form(_) | CheckedTileSource::Aggregate(_) => {
            showing.groups(&mut db, &input.filters).await
        }
    }
}

struct Showing<'s> {
    viewer: Viewer<'s>,
    design: &'s DashboardDesign,
    dashboard: &'s Dashboard,
    tile: &'s CheckedTile,
    context: Context,
}

impl Showing<'_> {
    async fn groups(&self, db: &mut Reader, chosen: &Map<String, Json>) -> Result<wire::TileData, Refusal> {
        let filter = filters::narrowed(&self.dashboard.document, self.tile, chosen, &self.context)?;
        let (found, titles) = self.ask(db, &filter).await?;
        let language = self.viewer.caller.language();
        let result = self.tile.compute(&found, &titles, &self.context, language);
        let records: u64 = found.rows.iter().map(|row| row.records).sum();
        let is_form = matches!(self.tile.source, CheckedTileSource::Form(_));
        Ok(wire::TileData {
            as_of: format_timestamp(self.context.now),
            scope: scope(found.sight != Sight::All),
            columns: self.columns(&found)?,
            rows: result.rows.iter().map(|row| told(row, &self.tile.group)).collect(),
            total: result.total.as_ref().map(|row| told(row, &[])),
            groups: result.groups as u64,
            records: is_form.then_some(records),
            compare: self.compare(db, &filter, &result).await?,
            spark: self.spark(db, &filter).await?,
            target: self.target(result.rows.first().and_then(|row| self.first_of(&row.values))),
        })
    }

    /// The line of a figure, where it has one and the viewer may know of the dates that it goes by.
    async fn spark(&self, db: &mut Reader, filter: &Checked) -> Result<Vec<wire::SparkPoint>, Refusal> {
        let Some((line, filter, span)) = self.tile.spark_over(filter, self.context.today()) else {
            return Ok(Vec::new());
        };
        for by in &line.group {
            if !is_known(&self.viewer, self.source(), &by.reach)? {
                return Ok(Vec::new());
            }
        }
        let (found, titles) = source::ask(&self.viewer, db, self.source(), Asked::by(line, &filter)).await?;
        let result = line.compute(&found, &titles, &self.context, self.viewer.caller.language());
        let points = line.spark_points(&result, span).into_iter();
        Ok(points.map(|SparkPoint { period, value }| wire::SparkPoint { period, value }).collect())
    }

    fn first_of(&self, values: &BTreeMap<String, Option<String>>) -> Option<String> {
        let first = self.tile.rule.measures.first()?;
        values.get(&first.key).cloned().flatten()
    }

    /// How the figure stands to its target, where the document has one.
    fn target(&self, value: Option<String>) -> Option<wire::TargetReached> {
        let target = self.tile.rule.target.as_ref()?;
        let value: Option<Decimal> = value.and_then(|value| value.parse().ok());
        let better = match target.better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        };
        Some(wire::TargetReached {
            value: target.value.clone(),
            better: better.to_string(),
            percent: value.and_then(|value| target.reached_by(value)),
            met: value.map(|value| target.is_met_by(value)),
        })
    }

    async fn ask(&self, db: &mut Reader, filter: &Checked) -> Result<(DataAnswer, Titles), Refusal> {
        source::ask(&self.viewer, db, self.source(), Asked::by(self.tile, filter)).await
    }

    /// What the tile reads, and the app in which that is looked for.
    fn source(&self) -> (Id, &CheckedTileSource) {
        (self.design.row.app, &self.tile.source)
    }

    /// The figures against the period before, where the document asks for it and the tile has a period.
    async fn compare(
        &self,
        db: &mut Reader,
        filter: &Checked,
        result: &TileResult,
    ) -> Result<Vec<wire::Comparison>, Refusal> {
        let (Some(compare), [now]) = (self.tile.rule.compare, result.rows.as_slice()) else {
            return Ok(Vec::new());
        };
        let Some(earlier) = earlier(filter, compare, self.context.today()) else { return Ok(Vec::new()) };
        let (found, titles) = self.ask(db, &earlier).await?;
        let before = self.tile.compute(&found, &titles, &self.context, self.viewer.caller.language());
        let Some(before) = before.rows.first() else { return Ok(Vec::new()) };
        let with = serde_json::to_value(compare).ok().and_then(|json| json.as_str().map(str::to_string));
        let compared = self.tile.rule.measures.iter().map(|measure| {
            let value = |row: &TileRow| row.values.get(&measure.key).cloned().flatten();
            let (previous, now) = (value(before), value(now));
            let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Decimal>().ok());
            wire::Comparison {
                key: measure.key.clone(),
                with: with.clone().unwrap_or_default(),
                change: number(&previous).zip(number(&now)).and_then(|(a, b)| change(a, b)),
                previous,
            }
        });
        Ok(compared.collect())
    }

    fn columns(&self, found: &DataAnswer) -> Result<Vec<wire::FigureColumn>, Refusal> {
        let groups = self.tile.group.iter().map(|by| self.group_column(by));
        let measures = self.tile.rule.measures.iter().map(|rule| {
            let column = self.measure_column(rule)?;
            let (narrowed, unseen) = self.seen(rule, found)?;
            Ok(wire::FigureColumn { narrowed, unseen, ..column })
        });
        groups.chain(measures).collect()
    }

    /// What the tile reads, where the viewer sees a part of it; and again where they see nothing that this measure counts.
    /// What they have no right to at all has no name here.
    fn seen(&self, rule: &TileMeasure, found: &DataAnswer) -> Result<(Vec<String>, Vec<String>), Refusal> {
        if found.sight == Sight::All {
            return Ok(Default::default());
        }
        let narrowed: Vec<String> = name_of(&self.viewer, self.source())?.into_iter().collect();
        let unseen = match self.tile.reads_of(&rule.key).any(|measure| found.hides(measure)) {
            true => narrowed.clone(),
            false => Vec::new(),
        };
        Ok((narrowed, unseen))
    }

    fn group_column(&self, by: &DataGroup) -> Result<wire::FigureColumn, Refusal> {
        let label = match by.unit {
            Some(unit) => period_label(unit, self.viewer.caller.language()),
            None => self.label_of(&by.reach)?.unwrap_or_else(|| by.key.clone()),
        };
        Ok(wire::FigureColumn { key: by.key.clone(), label, group: true, ..Default::default() })
    }

    /// A measure under the name that the document gives it; else under that of its field, where the viewer may know of it.
    fn measure_column(&self, rule: &TileMeasure) -> Result<wire::FigureColumn, Refusal> {
        let language = self.viewer.caller.language();
        let measure = self.tile.measures.iter().find(|measure| measure.key == rule.key);
        let of = match measure.and_then(|measure| measure.of.as_ref()) {
            Some((reach, kind)) if is_known(&self.viewer, self.source(), reach)? => Some((reach, kind)),
            Some(_) | None => None,
        };
        let named = rule.label.as_ref().map(|label| label.get(language).to_string());
        let of_field =
            || of.and_then(|(reach, _)| label_of(&self.viewer.designs, self.source(), reach, language));
        let of_tile = || self.tile.rule.label.as_ref().map(|label| label.get(language).to_string());
        let counts = measure.is_some_and(|measure| measure.function == AggregateFn::Distinct);
        let currency = &self.viewer.caller.workspace.currency;
        let unit = of.filter(|_| !counts).and_then(|(_, kind)| field_unit(kind, currency));
        Ok(wire::FigureColumn {
            key: rule.key.clone(),
            label: named.or_else(of_field).or_else(of_tile).unwrap_or_else(|| rule.key.clone()),
            unit: rule.unit.clone().or(unit),
            ..Default::default()
        })
    }

    /// What a field is called, where the viewer may know of it.
    fn label_of(&self, reach: &Reach) -> Result<Option<String>, Refusal> {
        let known = is_known(&self.viewer, self.source(), reach)?;
        let label = || label_of(&self.viewer.designs, self.source(), reach, self.viewer.caller.language());
        Ok(known.then(label).flatten())
    }

    /// Figures of a report, or one of its tables.
    async fn figures(
        &self,
        db: &mut Reader,
        key: &str,
        input: &wire::TileInput,
    ) -> Result<wire::TileData, Refusal> {
        let (designs, caller) = (&self.viewer.designs, self.viewer.caller);
        let params = filters::parameters(&self.dashboard.document, self.tile, &input.filters)?;
        let design = designs.report_in(self.design.row.app, key).ok_or_else(Refusal::missing)?;
        if !designs.may_read(design.row.app, design.document.read.as_ref(), caller) {
            return Ok(self.withheld());
        }
        let given = wire::ReportInput { app: Some(design.row.app.to_string()), params };
        let report = reports::run_in(&self.viewer, db, design, &given).await?;
        Ok(self.of_report(report))
    }

    /// The columns that the tile shows: by the keys of the report, under the keys of the tile.
    fn wanted(&self) -> BTreeMap<&str, &str> {
        let measures = self.tile.rule.measures.iter();
        measures.map(|rule| (rule.formula.as_deref().unwrap_or(&rule.key), rule.key.as_str())).collect()
    }

    fn of_report(&self, report: wire::Report) -> wire::TileData {
        let mut data = wire::TileData { as_of: report.as_of, scope: report.scope, ..self.empty() };
        let wanted = self.wanted();
        let group = self.tile.rule.group.first().map(|by| by.field.as_str());
        let Some(group) = group else {
            let mut row = Map::new();
            let mut reasons = Map::new();
            for (theirs, own) in &wanted {
                let Some(figure) = report.figures.iter().find(|figure| figure.key == *theirs) else {
                    continue;
                };
                row.insert(own.to_string(), json!(figure.value));
                if let Some(reason) = &figure.reason {
                    reasons.insert(own.to_string(), json!(reason));
                }
                data.columns.push(wire::FigureColumn {
                    key: own.to_string(),
                    label: figure.label.clone(),
                    unit: figure.unit.clone(),
                    definition: figure.definition.clone(),
                    narrowed: figure.narrowed.clone(),
                    unseen: figure.unseen.clone(),
                    ..Default::default()
                });
            }
            if !reasons.is_empty() {
                row.insert("reasons".to_string(), Json::Object(reasons));
            }
            let first = self.tile.rule.measures.first().and_then(|rule| row.get(&rule.key)?.as_str());
            data.target = self.target(first.map(str::to_string));
            data.rows.push(row);
            data.groups = 1;
            return data;
        };
        let by_group =
            |table: &wire::ReportTable| table.columns.first().is_some_and(|column| column.key == group);
        let Some(table) = report.tables.into_iter().find(by_group) else { return data };
        let kept = |column: &wire::FigureColumn| column.group || wanted.contains_key(column.key.as_str());
        data.columns = table.columns.into_iter().filter(kept).collect();
        data.groups = table.rows.len() as u64 + table.cut;
        data.rows = table.rows;
        data.rows.truncate(self.tile.rule.limit.map_or(usize::MAX, |limit| limit as usize));
        data.total = table.total;
        data
    }

    fn empty(&self) -> wire::TileData {
        wire::TileData {
            as_of: format_timestamp(self.context.now),
            scope: scope(false),
            columns: Vec::new(),
            rows: Vec::new(),
            total: None,
            groups: 0,
            records: None,
            compare: Vec::new(),
            spark: Vec::new(),
            target: None,
        }
    }

    /// A tile of a report that the viewer may not read.
    fn withheld(&self) -> wire::TileData {
        let keys = || self.tile.rule.measures.iter().map(|rule| rule.key.clone());
        let mut row: Map<String, Json> = keys().map(|key| (key, Json::Null)).collect();
        let reasons: Map<String, Json> =
            keys().map(|key| (key, json!(engine::report::NOT_READABLE))).collect();
        row.insert("reasons".to_string(), Json::Object(reasons));
        let columns = keys().map(|key| wire::FigureColumn { label: key.clone(), key, ..Default::default() });
        let rows = if self.tile.rule.kind == TileKind::Figure { vec![row] } else { Vec::new() };
        wire::TileData { scope: scope(true), columns: columns.collect(), rows, ..self.empty() }
    }
}

fn scope(narrowed: bool) -> String {
    if narrowed { "own rows" } else { "all" }.to_string()
}

/// A row as the wire has it.
fn told(row: &TileRow, groups: &[DataGroup]) -> Map<String, Json> {
    let mut members: Map<String, Json> =
        row.values.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
    let mut labels = Map::new();
    for (by, (key, label)) in groups.iter().zip(row.group.iter().zip(&row.labels)) {
        let value = if key.is_empty() { Json::Null } else { json!(key) };
        members.insert(by.key.clone(), value);
        labels.insert(by.key.clone(), json!(label));
    }
    if !labels.is_empty() {
        members.insert("labels".to_string(), Json::Object(labels));
    }
    if !row.reasons.is_empty() {
        members.insert("reasons".to_string(), json!(row.reasons));
    }
    if row.missing {
        members.insert("missing".to_string(), json!(true));
    }
    members
}

/// The form that a tile's records are of.
pub fn form_of(tile: &CheckedTile) -> Option<Id> {
    match tile.source {
        CheckedTileSource::Form(form) => Some(form),
        CheckedTileSource::Aggregate(_) | CheckedTileSource::Report(_) => None,
    }
}
