//! How the flow of a form does: what is under way, what was done and how long that took, by step, by person and by period.
//!
//! Times are whole microseconds, found by the database exactly and alike on both. The median is the time in the middle, or
//! the mean of the two there, rounded down; nine of ten took no longer than `p90` (its rank is the first that is no
//! less than nine tenths of all).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp};
use sea_query::Value;

use super::InstanceState;
use crate::connection::{Reader, Sql};
use crate::error::Result;
use crate::row::{Bind, Column, args};
use crate::stored::keyed;

/// Of which requests the figures are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowFilter {
    pub workspace: Id,
    pub form: Id,
    /// Those of one version of the flow.
    pub version: Option<i64>,
    /// What happened at one step, by its key.
    pub step: Option<String>,
    /// What one member had to decide.
    pub person: Option<Id>,
    /// The moment at which something is overdue or not.
    pub now: Timestamp,
}

/// A period: from one moment on, up to another that does not belong to it; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Span {
    fn ends(self) -> (i64, i64) {
        let micros = |moment: Timestamp| moment.as_microsecond();
        (self.since.map_or(i64::MIN, micros), self.until.map_or(i64::MAX, micros))
    }
}

/// What there is of requests, of stays at a step, or of tasks of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowFigure {
    /// What is under way now.
    pub running: i64,
    /// What is under way now and should be done already.
    pub overdue: i64,
    /// What began in the period.
    pub begun: i64,
    /// What was done in the period.
    pub done: i64,
    /// Microseconds that it took.
    pub median: Option<i64>,
    /// Microseconds within which nine of ten were done.
    pub p90: Option<i64>,
    /// What was decided in the period after it was due.
    pub late: i64,
    /// What was sent back in the period.
    pub returned: i64,
    /// What was rejected in the period: as an end, or for a member by their decision.
    pub rejected: i64,
}

keyed! {
    /// Which of what a figure counts is listed.
    pub enum Which {
        Running = "running",
        Overdue = "overdue",
        Begun = "begun",
        Done = "done",
        Late = "late",
        Returned = "returned",
        Rejected = "rejected",
    }
}

/// One of what a figure counts: a request, a stay of one at a step, or a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowCase {
    pub instance: Id,
    /// Tells apart what the figure counts of one instance.
    pub place: i64,
    pub record: Id,
    pub title: String,
    pub state: InstanceState,
    pub submitter: Option<Id>,
    /// The step of a stay or a task.
    pub step: Option<String>,
    /// Whose task it is.
    pub assignee: Option<Id>,
    pub began: Timestamp,
    pub ended: Option<Timestamp>,
}

/// A table that is counted, and what its rows mean.
struct Source {
    table: &'static str,
    began: &'static str,
    ended: &'static str,
    running: &'static str,
    /// Of what has ended, what was done. What took no time was nobody's work.
    done: &'static str,
    returned: &'static str,
    rejected: &'static str,
    /// What is listed of it: instance, place, step and assignee.
    listed: &'static str,
}

static REQUESTS: Source = Source {
    table: "instance",
    began: "started_at",
    ended: "ended_at",
    running: "state = 'running'",
    done: "state IN ('approved', 'rejected', 'terminated')",
    // What is sent back goes on: its stays tell of it.
    returned: "1 = 0",
    rejected: "state = 'rejected'",
    listed: "id AS instance, CAST(0 AS BIGINT) AS place, CAST(NULL AS TEXT) AS step, CAST(NULL AS BIGINT) AS assignee",
};

static VISITS: Source = Source {
    table: "step_visit",
    began: "entered_at",
    ended: "left_at",
    running: "state = 'active'",
    done: "state IN ('passed', 'returned', 'rejected') AND left_at > entered_at",
    returned: "state = 'returned'",
    rejected: "state = 'rejected'",
    listed: "instance, visit AS place, step, CAST(NULL AS BIGINT) AS assignee",
};

static TASKS: Source = Source {
    table: "task",
    began: "arrived_at",
    ended: "decided_at",
    running: "state = 'open'",
    done: "state = 'done' AND decided_at > arrived_at",
    returned: "state = 'done' AND decision = 'returned'",
    rejected: "state = 'done' AND decision = 'rejected'",
    listed: "instance, id AS place, step, assignee",
};

const LATE: &str = "state = 'done' AND decided_at > due_at";
const OVERDUE: &str = "state = 'open' AND due_at < ?";

/// All together.
const TOGETHER: &str = "CAST(0 AS BIGINT)";

/// Figures by what they are grouped by, and by the place of their period.
type Grouped<G> = BTreeMap<(G, i64), FlowFigure>;

impl FlowFilter {
    /// What is counted: tasks where a member is meant, stays where a step is, else requests.
    fn source(&self) -> &'static Source {
        match (self.person, &self.step) {
            (Some(_), _) => &TASKS,
            (None, Some(_)) => &VISITS,
            (None, None) => &REQUESTS,
        }
    }

    /// The rows of a table that are meant.
    fn meant(&self, of: &Source) -> (String, Vec<Value>) {
        let mut sql = "workspace = ? AND form = ?".to_string();
        let mut values = args![self.workspace, self.form];
        let is_task = of.table == TASKS.table;
        if is_task {
            sql.push_str(" AND kind IN ('approve', 'fill')");
        }
        if let Some(version) = self.version {
            if is_task {
                sql.push_str(
                    " AND instance IN (SELECT id FROM instance WHERE workspace = ? AND form = ? AND flow_version = ?)",
                );
                values.extend(args![self.workspace, self.form, version]);
            } else {
                sql.push_str(" AND flow_version = ?");
                values.push(version.bind());
            }
        }
        if let Some(step) = self.step.as_ref().filter(|_| of.table != REQUESTS.table) {
            sql.push_str(" AND step = ?");
            values.push(step.bind());
        }
        if let Some(person) = self.person.filter(|_| is_task) {
            sql.push_str(" AND assignee = ?");
            values.push(person.bind());
        }
        (sql, values)
    }

    /// One figure for each period, in their order.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn total(&self, db: &mut Reader, spans: &[Span]) -> Result<Vec<FlowFigure>> {
        let found: Grouped<i64> = self.figures(db, self.source(), TOGETHER, spans).await?;
        Ok((0..).zip(spans).map(|(place, _)| found.get(&(0, place)).copied().unwrap_or_default()).collect())
    }

    /// The figures of each step where something happened: of stays, or of a member's tasks.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn by_step(&self, db: &mut Reader, span: Span) -> Result<BTreeMap<String, FlowFigure>> {
        let source = if self.person.is_some() { &TASKS } else { &VISITS };
        let found: Grouped<String> = self.figures(db, source, "step", &[span]).await?;
        Ok(found.into_iter().map(|((step, _), figure)| (step, figure)).collect())
    }

    /// The figures of each member who has or had a task.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn by_person(&self, db: &mut Reader, span: Span) -> Result<BTreeMap<Id, FlowFigure>> {
        let found: Grouped<Option<Id>> = self.figures(db, &TASKS, "assignee", &[span]).await?;
        // A task without assignee is held for an administrator.
        Ok(found.into_iter().filter_map(|((member, _), figure)| Some((member?, figure))).collect())
    }

    /// How many requests ended in the period in each way; of those that did not end, how many there are now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn states(&self, db: &mut Reader, span: Span) -> Result<Vec<(InstanceState, i64)>> {
        let (meant, mut values) = self.meant(&REQUESTS);
        let (since, until) = span.ends();
        values.extend(args![since, until]);
        let sql = format!(
            "SELECT state, count(*) FROM instance WHERE {meant} \
             AND (ended_at IS NULL OR (ended_at >= ? AND ended_at < ?)) GROUP BY state"
        );
        let rows = db.fetch_all(Sql::Template(sql), values).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    async fn figures<G: Column + Ord + Clone>(
        &self,
        db: &mut Reader,
        of: &'static Source,
        by: &'static str,
        spans: &[Span],
    ) -> Result<Grouped<G>> {
        let mut figures: Grouped<G> = BTreeMap::new();
        // What several people have to do at one step of one request is one thing there.
        let is_task = of.table == TASKS.table;
        let each = if is_task { "count(*)" } else { "count(DISTINCT instance)" };
        let running = (of, "count(*)", of.running, Vec::new());
        for (group, count) in self.now::<G>(db, by, running).await? {
            (0..).zip(spans).for_each(|(place, _)| figure(&mut figures, &group, place).running = count);
        }
        let overdue = (&TASKS, each, OVERDUE, args![self.now]);
        for (group, count) in self.now::<G>(db, by, overdue).await? {
            (0..).zip(spans).for_each(|(place, _)| figure(&mut figures, &group, place).overdue = count);
        }
        let begun = Within { of, moment: of.began, count: "count(*)", when: "1 = 1" };
        for (group, place, count) in self.within::<G>(db, by, begun, spans).await? {
            figure(&mut figures, &group, place).begun = count;
        }
        let rejected = Within { of, moment: of.ended, count: "count(*)", when: of.rejected };
        for (group, place, count) in self.within::<G>(db, by, rejected, spans).await? {
            figure(&mut figures, &group, place).rejected = count;
        }
        let (sent, count) =
            if of.table == REQUESTS.table { (&VISITS, "count(DISTINCT instance)") } else { (of, "count(*)") };
        let returned = Within { of: sent, moment: sent.ended, count, when: sent.returned };
        for (group, place, count) in self.within::<G>(db, by, returned, spans).await? {
            figure(&mut figures, &group, place).returned = count;
        }
        let late = Within { of: &TASKS, moment: TASKS.ended, count: each, when: LATE };
        for (group, place, count) in self.within::<G>(db, by, late, spans).await? {
            figure(&mut figures, &group, place).late = count;
        }
        self.times(db, of, by, spans, &mut figures).await?;
        Ok(figures)
    }

    /// Counts what is so now.
    async fn now<G: Column>(
        &self,
        db: &mut Reader,
        by: &'static str,
        (of, count, when, more): (&'static Source, &'static str, &'static str, Vec<Value>),
    ) -> Result<Vec<(G, i64)>> {
        let (meant, mut values) = self.meant(of);
        values.extend(more);
        let sql = format!(
            "SELECT {by}, {count} FROM {} WHERE {meant} AND {} IS NULL AND {when} GROUP BY 1",
            of.table, of.ended
        );
        let rows = db.fetch_all(Sql::Template(sql), values).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Counts what happened in each period.
    async fn within<G: Column>(
        &self,
        db: &mut Reader,
        by: &'static str,
        Within { of, moment, count, when }: Within,
        spans: &[Span],
    ) -> Result<Vec<(G, i64, i64)>> {
        let (span, mut values) = as_table(spans);
        let (meant, more) = self.meant(of);
        values.extend(more);
        let sql = format!(
            "SELECT {by}, span.column1, {count} FROM {} \
             JOIN {span} ON {moment} >= span.column2 AND {moment} < span.column3 \
             WHERE {meant} AND {when} GROUP BY 1, 2",
            of.table
        );
        let rows = db.fetch_all(Sql::Template(sql), values).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// How many were done in each period, and how long they took.
    async fn times<G: Column + Ord + Clone>(
        &self,
        db: &mut Reader,
        of: &'static Source,
        by: &'static str,
        spans: &[Span],
        figures: &mut Grouped<G>,
    ) -> Result<()> {
        let (span, mut values) = as_table(spans);
        let (meant, more) = self.meant(of);
        values.extend(more);
        let Source { table, began, ended, done, .. } = of;
        let sql = format!(
            "SELECT grp, part, max(many), max(CASE WHEN place = (many + 1) / 2 THEN took END), \
             max(CASE WHEN place = (many + 2) / 2 THEN took END), \
             max(CASE WHEN place = (9 * many + 9) / 10 THEN took END) \
             FROM (SELECT grp, part, took, \
             row_number() OVER (PARTITION BY grp, part ORDER BY took) AS place, \
             count(*) OVER (PARTITION BY grp, part) AS many \
             FROM (SELECT {by} AS grp, span.column1 AS part, {ended} - {began} AS took FROM {table} \
             JOIN {span} ON {ended} >= span.column2 AND {ended} < span.column3 \
             WHERE {meant} AND {done}) AS one) AS ranked GROUP BY grp, part"
        );
        for row in db.fetch_all(Sql::Template(sql), values).await? {
            let (group, place): (G, i64) = (row.get(0)?, row.get(1)?);
            let (lower, upper): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
            let found = figure(figures, &group, place);
            found.done = row.get(2)?;
            // Between the two in the middle; neither their sum nor their distance is out of range.
            found.median = lower.zip(upper).map(|(lower, upper)| lower + (upper - lower) / 2);
            found.p90 = row.get(5)?;
        }
        Ok(())
    }

    /// What a figure counts, newest requests first, from before `before` on.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn cases(
        &self,
        db: &mut Reader,
        which: Which,
        span: Span,
        before: Option<(Id, i64)>,
        limit: i64,
    ) -> Result<Vec<FlowCase>> {
        let (inner, mut values) = self.listed(which, span);
        let (instance, place) = before.map_or((i64::MAX, i64::MAX), |(id, place)| (id.as_i64(), place));
        values.extend(args![self.workspace, instance, place, limit]);
        let sql = format!(
            "SELECT found.instance, found.place, instance.record, instance.title, instance.state, \
             instance.submitter, found.step, found.assignee, found.began, found.ended \
             FROM ({inner}) AS found \
             JOIN instance ON instance.workspace = ? AND instance.id = found.instance \
             WHERE (found.instance, found.place) < (?, ?) \
             ORDER BY found.instance DESC, found.place DESC LIMIT ?"
        );
        let rows = db.fetch_all(Sql::Template(sql), values).await?;
        rows.iter()
            .map(|row| {
                Ok(FlowCase {
                    instance: row.get(0)?,
                    place: row.get(1)?,
                    record: row.get(2)?,
                    title: row.get(3)?,
                    state: row.get(4)?,
                    submitter: row.get(5)?,
                    step: row.get(6)?,
                    assignee: row.get(7)?,
                    began: row.get(8)?,
                    ended: row.get(9)?,
                })
            })
            .collect()
    }

    /// What a figure counts, in the columns that a case is made of.
    fn listed(&self, which: Which, span: Span) -> (String, Vec<Value>) {
        let own = self.source();
        let (since, until) = span.ends();
        let is_task = own.table == TASKS.table;
        // What is late or sent back is known of the tasks and stays of a request: it is listed once for all of them.
        let told_by = match which {
            Which::Overdue | Which::Late if !is_task => Some(&TASKS),
            Which::Returned if own.table == REQUESTS.table => Some(&VISITS),
            _ => None,
        };
        let of = told_by.unwrap_or(own);
        let (when, moment) = match which {
            Which::Running => (of.running, None),
            Which::Overdue => (OVERDUE, None),
            Which::Begun => ("1 = 1", Some(of.began)),
            Which::Done => (of.done, Some(of.ended)),
            Which::Late => (LATE, Some(of.ended)),
            Which::Returned => (of.returned, Some(of.ended)),
            Which::Rejected => (of.rejected, Some(of.ended)),
        };
        let (mut condition, mut values) = self.meant(of);
        condition = format!("{condition} AND {when}");
        if which == Which::Overdue {
            values.push(self.now.bind());
        }
        if let Some(moment) = moment {
            condition = format!("{condition} AND {moment} >= ? AND {moment} < ?");
            values.extend(args![since, until]);
        }
        let shown = if told_by.is_some() { &REQUESTS } else { own };
        if told_by.is_some() {
            condition =
                format!("workspace = ? AND id IN (SELECT instance FROM {} WHERE {condition})", of.table);
            values.insert(0, self.workspace.bind());
        }
        let Source { table, began, ended, listed, .. } = shown;
        let sql =
            format!("SELECT {listed}, {began} AS began, {ended} AS ended FROM {table} WHERE {condition}");
        (sql, values)
    }
}

/// What is counted of what happened in a period.
struct Within {
    of: &'static Source,
    moment: &'static str,
    count: &'static str,
    when: &'static str,
}

/// The periods as a table of their places and ends.
fn as_table(spans: &[Span]) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    for (place, span) in (0_i64..).zip(spans) {
        let (since, until) = span.ends();
        values.extend(args![place, since, until]);
    }
    let rows = vec!["(?, ?, ?)"; spans.len()].join(", ");
    (format!("(VALUES {rows}) AS span"), values)
}

fn figure<'f, G: Ord + Clone>(figures: &'f mut Grouped<G>, group: &G, place: i64) -> &'f mut FlowFigure {
    figures.entry((group.clone(), place)).or_default()
}
