//! Figures of a flow: where its requests wait and for how long, for those who administer its app.

use std::collections::BTreeMap;

use engine::condition::{Relative, Unit};
use engine::flow::document::START;
use engine::flow::{FlowDocument, State};
use engine::text::{Fault, Label};
use engine::value::{Date, Id, Timestamp, format_date, format_timestamp};
use jiff::tz::TimeZone;
use store::Reader;
use store::flow::FlowVersion;
use store::instance::figure::{FlowCase, FlowFigure, FlowFilter, Span};
use wire::List;
use wire::flow_figures as view;

use super::drawing::drawing;
use super::tasks::order_of;
use super::title::title_for_administrator;
use crate::service::apps::label;
use crate::service::designs::stored;
use crate::service::people::{Caller, Directory};
use crate::service::records::query::checked_limit;
use crate::service::reports::{day_after_last, day_first};
use crate::service::{Installation, Refusal, clock};

pub use store::instance::figure::Which;

/// Parts of a period that are told apart at most.
const MOST_PARTS: usize = 60;
/// Parts that are told apart where nobody says how many.
const USUAL_PARTS: i64 = 12;
/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

/// Of which requests the figures are.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A day, month, quarter or year of the workspace.
    pub from: Option<String>,
    pub to: Option<String>,
    /// A period that moves with today, in place of its ends; `n` counts where it counts something.
    pub relative: Option<Relative>,
    pub n: Option<u32>,
    /// One version of the flow.
    pub version: Option<i64>,
    /// What happened at one step.
    pub step: Option<String>,
    /// What one member had to decide.
    pub person: Option<Id>,
}

/// What is asked for, in moments.
struct Meant {
    filter: FlowFilter,
    span: Span,
    from: Option<Date>,
    /// The day after the last.
    until: Option<Date>,
    zone: TimeZone,
}

impl Meant {
    fn of(caller: &Caller, form: Id, asked: &Asked) -> Result<Meant, Refusal> {
        let zone = TimeZone::get(&caller.workspace.zone).unwrap_or(TimeZone::UTC);
        let now = clock::now();
        let (from, until) = ends(asked, now.to_zoned_datetime(zone.clone()).date())?;
        let span = Span {
            since: from.map(|day| midnight(day, &zone, "from")).transpose()?,
            until: until.map(|day| midnight(day, &zone, "to")).transpose()?,
        };
        let filter = FlowFilter {
            workspace: caller.workspace_id(),
            form,
            version: asked.version,
            step: asked.step.clone(),
            person: asked.person,
            now,
        };
        Ok(Meant { filter, span, from, until, zone })
    }

    /// The parts of the period: their first days, and the days after their last.
    fn parts(&self, unit: Unit) -> Result<Vec<(Date, Date)>, Refusal> {
        let today = self.filter.now.to_zoned_datetime(self.zone.clone()).date();
        let until = self.until.unwrap_or_else(|| unit.step(unit.start(today), 1));
        // The day before is the last that belongs to it.
        let last = unit.start(Unit::Day.step(until, -1));
        let from = self.from.unwrap_or_else(|| unit.step(last, 1 - USUAL_PARTS));
        let mut parts = Vec::new();
        let mut first = unit.start(from);
        while first < until {
            let next = unit.step(first, 1);
            if parts.len() == MOST_PARTS || next <= first {
                return Err(Refusal::invalid(vec![Fault::new("unit", "too_many").arg("max", MOST_PARTS)]));
            }
            parts.push((first.max(from), next.min(until)));
            first = next;
        }
        Ok(parts)
    }
}

/// The first day of the period that is asked for, and the day after its last.
fn ends(asked: &Asked, today: Date) -> Result<(Option<Date>, Option<Date>), Refusal> {
    let has_ends = asked.from.is_some() || asked.to.is_some();
    if let Some(relative) = asked.relative {
        if has_ends {
            return Err(Refusal::fault("relative", "bad_period"));
        }
        let (from, until) = relative.range(today, asked.n.unwrap_or(1));
        return Ok((Some(from), Some(until)));
    }
    let from = asked.from.as_deref().map(|text| day_first("from", text)).transpose()?;
    let until = asked.to.as_deref().map(|text| day_after_last("to", text)).transpose()?;
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        return Err(Refusal::fault("to", "ends_before_it_begins"));
    }
    Ok((from, until))
}

/// The beginning of a day.
fn midnight(day: Date, zone: &TimeZone, member: &'static str) -> Result<Timestamp, Refusal> {
    let moment = day.to_zoned_datetime(zone.clone()).map(|moment| moment.timestamp());
    moment.map_err(|_| Refusal::fault(member, "bad_period"))
}

/// The figures, with those of the version `compared` beside them where one is named.
///
/// # Errors
/// Not found, forbidden; faults of the period; `unknown_flow_version`.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    asked: &Asked,
    unit: Unit,
    compared: Option<i64>,
) -> Result<view::FlowFigures, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    let active = design.flow.as_ref().map(|(version, _)| *version);
    let meant = Meant::of(caller, design.row.id, asked)?;
    let parts = meant.parts(unit)?;
    let mut spans = vec![meant.span];
    for (first, after) in &parts {
        spans.push(Span {
            since: Some(midnight(*first, &meant.zone, "from")?),
            until: Some(midnight(*after, &meant.zone, "to")?),
        });
    }
    let (filter, span) = (&meant.filter, meant.span);
    let mut db = installation.store.read().await?;
    let versions = FlowVersion::every(&mut db, filter.workspace, filter.form).await?;
    for (member, version) in [("version", asked.version), ("compare", compared)] {
        let Some(asked) = version else { continue };
        if !versions.iter().any(|known| known.version == asked) {
            return Err(Refusal::fault(member, "unknown_flow_version"));
        }
    }
    // All of it is of one moment, whatever is decided meanwhile.
    db.freeze().await?;
    let mut totals = filter.total(&mut db, &spans).await?.into_iter();
    let total = totals.next().unwrap_or_default();
    let is_of_requests = asked.step.is_none() && asked.person.is_none();
    let states = if is_of_requests { filter.states(&mut db, span).await? } else { Vec::new() };
    let mut by_step = filter.by_step(&mut db, span).await?;
    let by_person = filter.by_person(&mut db, span).await?;
    let compared = match compared {
        Some(version) => Some(other_version(&mut db, filter, span, version).await?),
        None => None,
    };
    db.thaw().await?;
    // A step that only the other version knows is listed, too.
    for step in compared.iter().flat_map(|other| other.steps.keys()) {
        by_step.entry(step.clone()).or_default();
    }
    let shown = asked.version.or(active);
    Ok(view::FlowFigures {
        form_label: label(&design.row.label),
        as_of: format_timestamp(filter.now),
        from: meant.from.map(format_date),
        to: meant.until.map(|after| format_date(Unit::Day.step(after, -1))),
        total: figure(&total),
        states: states.into_iter().map(|(state, count)| (state.key().to_string(), count)).collect(),
        steps: steps(&versions, shown, by_step)?,
        people: people(&caller.people, by_person),
        periods: parts
            .into_iter()
            .zip(totals)
            .map(|((first, after), found)| view::FlowPeriodFigure {
                name: unit.name(first),
                from: format_date(first),
                to: format_date(Unit::Day.step(after, -1)),
                figure: figure(&found),
            })
            .collect(),
        compared,
        versions: versions
            .into_iter()
            .map(|one| view::FlowVersionMade {
                active: Some(one.version) == active,
                version: one.version,
                published_at: format_timestamp(one.published_at),
            })
            .collect(),
    })
}

async fn other_version(
    db: &mut Reader,
    filter: &FlowFilter,
    span: Span,
    version: i64,
) -> Result<view::FlowCompared, Refusal> {
    let filter = FlowFilter { version: Some(version), ..filter.clone() };
    let total = filter.total(db, &[span]).await?.first().map(figure).unwrap_or_default();
    let steps = filter.by_step(db, span).await?;
    let steps = steps.into_iter().map(|(step, found)| (step, figure(&found))).collect();
    Ok(view::FlowCompared { version, total, steps })
}

fn figure(found: &FlowFigure) -> view::FlowFigure {
    let seconds = |micros: i64| micros / SECOND;
    view::FlowFigure {
        running: found.running,
        overdue: found.overdue,
        begun: found.begun,
        done: found.done,
        median: found.median.map(seconds),
        p90: found.p90.map(seconds),
        late: found.late,
        returned: found.returned,
        rejected: found.rejected,
    }
}

/// The steps of the version that is shown, in its order, then those of others where something happened.
fn steps(
    versions: &[FlowVersion],
    shown: Option<i64>,
    mut figures: BTreeMap<String, FlowFigure>,
) -> Result<Vec<view::FlowStepFigure>, Refusal> {
    let mut listed = Vec::new();
    let mut line = |step: &str, label: Label, kind: &str, found: Option<FlowFigure>| {
        let figure = found.as_ref().map(figure).unwrap_or_default();
        listed.push(view::FlowStepFigure { step: step.to_string(), label, kind: kind.to_string(), figure });
    };
    if let Some(found) = figures.remove(START) {
        line(START, Label::default(), START, Some(found));
    }
    let is_shown = |version: &&FlowVersion| Some(version.version) == shown;
    let first = versions.iter().filter(is_shown);
    for version in first.chain(versions.iter().filter(|version| !is_shown(version))) {
        let is_first = is_shown(&version);
        if !is_first && figures.is_empty() {
            break;
        }
        let document: FlowDocument = stored("flow_version", &version.document)?;
        for drawn in drawing(&document, &State::default()) {
            let is_waited_at =
                ["approve", "fill", "subflow", "action", "delay"].contains(&drawn.kind.as_str());
            let found = figures.remove(&drawn.key);
            if is_waited_at && (is_first || found.is_some()) {
                line(&drawn.key, drawn.label, &drawn.kind, found);
            }
        }
    }
    Ok(listed)
}

fn people(directory: &Directory, figures: BTreeMap<Id, FlowFigure>) -> Vec<view::FlowPersonFigure> {
    let named = |(member, found): (Id, FlowFigure)| view::FlowPersonFigure {
        member,
        name: directory.name(member).to_string(),
        figure: figure(&found),
    };
    let mut people: Vec<view::FlowPersonFigure> = figures.into_iter().map(named).collect();
    people.sort_by(|one, other| {
        let weight = |person: &view::FlowPersonFigure| (person.figure.done, person.figure.running);
        weight(other).cmp(&weight(one)).then_with(|| one.name.cmp(&other.name))
    });
    people
}

/// What a figure counts, newest requests first.
///
/// # Errors
/// Not found, forbidden; faults of the period, the limit and the cursor.
pub async fn cases(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    asked: &Asked,
    which: Which,
    page: (Option<u32>, Option<&str>),
) -> Result<List<view::FlowCase>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let meant = Meant::of(caller, form, asked)?;
    let limit = checked_limit(page.0)?;
    let before = page.1.map(place_of).transpose()?;
    let mut db = installation.store.read().await?;
    // One more says whether there is a next page.
    let more = i64::from(limit).saturating_add(1);
    let mut found = meant.filter.cases(&mut db, which, meant.span, before, more).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| has_more).map(|last| format!("{}.{}", last.instance, last.place));
    let now = meant.filter.now;
    let order = order_of(installation, caller, form).await?;
    let mut items = Vec::with_capacity(found.len());
    for case in found {
        let title = title_for_administrator(&mut db, &order, case.instance, case.title.clone()).await?;
        items.push(case_view(FlowCase { title, ..case }, &caller.people, now));
    }
    Ok(List { items, next })
}

/// Where a page starts: an instance, and what was listed of it.
fn place_of(cursor: &str) -> Result<(Id, i64), Refusal> {
    let place = cursor.split_once('.').and_then(|(instance, place)| {
        let instance: Id = instance.parse().ok()?;
        Some((instance, place.parse().ok()?))
    });
    place.ok_or_else(|| Refusal::fault("cursor", "bad_cursor"))
}

fn case_view(case: FlowCase, people: &Directory, now: Timestamp) -> view::FlowCase {
    let name = |member: Option<Id>| member.map(|member| people.name(member).to_string());
    let end = case.ended.unwrap_or(now);
    view::FlowCase {
        instance: case.instance,
        record: case.record,
        title: case.title,
        state: case.state.key().to_string(),
        submitter: case.submitter,
        submitter_name: name(case.submitter),
        step: case.step,
        assignee: case.assignee,
        assignee_name: name(case.assignee),
        began: format_timestamp(case.began),
        ended: case.ended.map(format_timestamp),
        took: ((end.as_microsecond() - case.began.as_microsecond()) / SECOND).max(0),
    }
}

#[cfg(test)]
mod tests {
    use engine::value::parse_date;

    use super::*;

    fn meant(from: Option<&str>, until: Option<&str>) -> Meant {
        let day = |text: Option<&str>| text.map(|text| parse_date(text).unwrap());
        let filter = FlowFilter {
            workspace: Id::from_i64(1).unwrap(),
            form: Id::from_i64(2).unwrap(),
            version: None,
            step: None,
            person: None,
            now: "2026-11-22T20:00:00Z".parse().unwrap(),
        };
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        Meant { filter, span: Span::default(), from: day(from), until: day(until), zone }
    }

    fn names(meant: &Meant, unit: Unit) -> Vec<String> {
        let parts = meant.parts(unit).unwrap();
        parts
            .iter()
            .map(|(first, after)| format!("{} {}", format_date(*first), format_date(*after)))
            .collect()
    }

    #[test]
    fn a_period_is_told_in_parts_that_lie_within_it() {
        let quarter = names(&meant(Some("2026-09-15"), Some("2026-11-10")), Unit::Month);
        assert_eq!(quarter, ["2026-09-15 2026-10-01", "2026-10-01 2026-11-01", "2026-11-01 2026-11-10"]);
        let open = names(&meant(None, None), Unit::Month);
        assert_eq!(open.len(), 12);
        assert_eq!(open.last().unwrap(), "2026-11-01 2026-12-01");
        // It is the next day already where the workspace is.
        let days = names(&meant(Some("2026-11-22"), None), Unit::Day);
        assert_eq!(days, ["2026-11-22 2026-11-23", "2026-11-23 2026-11-24"]);
    }

    #[test]
    fn too_many_parts_are_refused() {
        let refusal = meant(Some("2020-01-01"), Some("2026-01-01")).parts(Unit::Day).unwrap_err();
        let fault = &refusal.faults[0];
        assert_eq!((fault.path.as_str(), &*fault.code), ("unit", "too_many"));
    }

    #[test]
    fn a_place_in_a_list_is_read_as_it_is_written() {
        let id = Id::from_i64(7).unwrap();
        assert_eq!(place_of(&format!("{id}.3")).unwrap(), (id, 3));
        for text in ["", "3", ".3", "x.3", "0000000000007."] {
            assert!(place_of(text).is_err(), "{text}");
        }
    }
}
