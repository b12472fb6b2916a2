//! Whatever is asked, both databases say what counting one by one says.

use std::collections::{BTreeMap, BTreeSet};

use engine::value::{Id, Timestamp};

use super::{FlowFigure, FlowFilter, Span, Which};
use crate::instance::tests::{instance, task};
use crate::instance::{Instance, InstanceState, StepVisit, Task, TaskKind, TaskState, VisitState};
use crate::testing::{at, on_both, ws};
use crate::{Error, Store, ids};

const STEPS: [&str; 3] = ["head", "finance", "start"];
/// Now, in seconds.
const NOW: i64 = 600;

/// Numbers from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn moment(&mut self, from: i64, seconds: usize) -> i64 {
        from + self.roll(seconds) as i64
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

/// What there is of one form.
struct World {
    form: Id,
    people: Vec<Id>,
    instances: Vec<Instance>,
    visits: Vec<StepVisit>,
    tasks: Vec<Task>,
}

impl World {
    fn new(dice: &mut Dice, instances: usize) -> World {
        let people = vec![ids::next(), ids::next(), ids::next()];
        let mut world =
            World { form: ids::next(), people, instances: Vec::new(), visits: Vec::new(), tasks: Vec::new() };
        for _ in 0..instances {
            world.add(dice);
        }
        world
    }

    fn add(&mut self, dice: &mut Dice) {
        let states = [
            InstanceState::Running,
            InstanceState::Approved,
            InstanceState::Approved,
            InstanceState::Rejected,
            InstanceState::Withdrawn,
            InstanceState::Terminated,
        ];
        let state = dice.pick(&states);
        let is_ended = !matches!(state, InstanceState::Running | InstanceState::Withdrawn);
        let began = dice.moment(0, 400);
        let one = Instance {
            form: self.form,
            flow_version: 1 + dice.roll(2) as i64,
            started_at: at(began),
            ended_at: is_ended.then(|| at(dice.moment(began, 200))),
            ..instance(state)
        };
        for visit in 0..dice.roll(5) as i64 {
            let states = [
                VisitState::Active,
                VisitState::Passed,
                VisitState::Passed,
                VisitState::Returned,
                VisitState::Rejected,
                VisitState::Cancelled,
            ];
            let state = dice.pick(&states);
            let entered = dice.moment(began, 60);
            self.visits.push(StepVisit {
                workspace: ws(),
                instance: one.id,
                visit,
                form: self.form,
                flow_version: 1 + dice.roll(2) as i64,
                step: dice.pick(&STEPS).to_string(),
                state,
                entered_at: at(entered),
                left_at: (state != VisitState::Active).then(|| at(dice.moment(entered, 6))),
            });
        }
        for _ in 0..dice.roll(5) {
            self.add_task(dice, &one, began);
        }
        self.instances.push(one);
    }

    fn add_task(&mut self, dice: &mut Dice, one: &Instance, began: i64) {
        let state = dice.pick(&[TaskState::Open, TaskState::Done, TaskState::Done, TaskState::Cancelled]);
        let arrived = dice.moment(began, 60);
        let decisions = ["approved", "approved", "rejected", "returned"];
        let assignee = if dice.roll(9) == 0 { None } else { Some(dice.pick(&self.people)) };
        self.tasks.push(Task {
            kind: dice.pick(&[TaskKind::Approve, TaskKind::Fill, TaskKind::Start, TaskKind::Cc]),
            assignee,
            decision: (state == TaskState::Done).then(|| dice.pick(&decisions).to_string()),
            arrived_at: at(arrived),
            due_at: (dice.roll(3) > 0).then(|| at(dice.moment(arrived, 300))),
            decided_at: (state != TaskState::Open).then(|| at(dice.moment(arrived, 200))),
            ..task(one, dice.pick(&STEPS), state)
        });
    }

    async fn store(&self, store: &Store) {
        let (instances, visits, tasks) = (self.instances.clone(), self.visits.clone(), self.tasks.clone());
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    Instance::insert_all(tx, &instances).await?;
                    StepVisit::put_all(tx, &visits).await?;
                    Task::insert_all(tx, &tasks).await
                })
            })
            .await;
        done.unwrap();
    }

    fn version_of(&self, instance: Id) -> i64 {
        self.instances.iter().find(|one| one.id == instance).unwrap().flow_version
    }

    fn requests(&self, filter: &FlowFilter) -> Vec<&Instance> {
        self.instances.iter().filter(|one| filter.version.is_none_or(|v| v == one.flow_version)).collect()
    }

    fn stays(&self, filter: &FlowFilter) -> Vec<&StepVisit> {
        let meant = |one: &&StepVisit| {
            filter.version.is_none_or(|version| version == one.flow_version)
                && filter.step.as_ref().is_none_or(|step| *step == one.step)
        };
        self.visits.iter().filter(meant).collect()
    }

    fn work(&self, filter: &FlowFilter) -> Vec<&Task> {
        let meant = |one: &&Task| {
            matches!(one.kind, TaskKind::Approve | TaskKind::Fill)
                && filter.version.is_none_or(|version| version == self.version_of(one.instance))
                && filter.step.as_ref().is_none_or(|step| *step == one.step)
                && filter.person.is_none_or(|person| one.assignee == Some(person))
        };
        self.tasks.iter().filter(meant).collect()
    }
}

fn is_in(span: Span, moment: Option<Timestamp>) -> bool {
    moment.is_some_and(|moment| {
        span.since.is_none_or(|since| since <= moment) && span.until.is_none_or(|until| moment < until)
    })
}

fn is_overdue(task: &Task) -> bool {
    task.state == TaskState::Open && task.due_at.is_some_and(|due| due < at(NOW))
}

fn is_late(task: &Task) -> bool {
    task.state == TaskState::Done && task.due_at.zip(task.decided_at).is_some_and(|(due, done)| done > due)
}

fn count<T>(of: &[T], when: impl Fn(&T) -> bool) -> i64 {
    of.iter().filter(|one| when(one)).count() as i64
}

fn distinct(instances: impl Iterator<Item = Id>) -> i64 {
    instances.collect::<BTreeSet<Id>>().len() as i64
}

/// Sets how many there are, and what lies in their middle and at nine tenths of them.
fn times(mut took: Vec<i64>, figure: FlowFigure) -> FlowFigure {
    took.sort_unstable();
    let many = took.len();
    if many == 0 {
        return figure;
    }
    let median = if many % 2 == 1 { took[many / 2] } else { (took[many / 2 - 1] + took[many / 2]) / 2 };
    let rank = (1..=many).find(|rank| rank * 10 >= many * 9).unwrap();
    FlowFigure { done: many as i64, median: Some(median), p90: Some(took[rank - 1]), ..figure }
}

fn micros(from: Timestamp, to: Timestamp) -> i64 {
    to.as_microsecond() - from.as_microsecond()
}

fn of_requests(world: &World, filter: &FlowFilter, span: Span) -> FlowFigure {
    let (requests, stays, work) = (world.requests(filter), world.stays(filter), world.work(filter));
    let ended = |one: &Instance| is_in(span, one.ended_at);
    let took = requests.iter().filter(|one| ended(one));
    let took = took.map(|one| micros(one.started_at, one.ended_at.unwrap())).collect();
    let sent_back = stays.iter().filter(|one| one.state == VisitState::Returned && is_in(span, one.left_at));
    let late = work.iter().filter(|one| is_late(one) && is_in(span, one.decided_at));
    let figure = FlowFigure {
        running: count(&requests, |one| one.state == InstanceState::Running),
        overdue: distinct(work.iter().filter(|one| is_overdue(one)).map(|one| one.instance)),
        begun: count(&requests, |one| is_in(span, Some(one.started_at))),
        rejected: count(&requests, |one| one.state == InstanceState::Rejected && ended(one)),
        returned: distinct(sent_back.map(|one| one.instance)),
        late: distinct(late.map(|one| one.instance)),
        ..FlowFigure::default()
    };
    times(took, figure)
}

fn of_stays(world: &World, filter: &FlowFilter, span: Span) -> FlowFigure {
    let (stays, work) = (world.stays(filter), world.work(filter));
    let left = |one: &StepVisit| is_in(span, one.left_at);
    let is_done = |one: &&&StepVisit| {
        let decided = [VisitState::Passed, VisitState::Returned, VisitState::Rejected];
        decided.contains(&one.state) && left(one) && one.left_at > Some(one.entered_at)
    };
    let took = stays.iter().filter(is_done).map(|one| micros(one.entered_at, one.left_at.unwrap())).collect();
    let late = work.iter().filter(|one| is_late(one) && is_in(span, one.decided_at));
    let figure = FlowFigure {
        running: count(&stays, |one| one.state == VisitState::Active),
        overdue: distinct(work.iter().filter(|one| is_overdue(one)).map(|one| one.instance)),
        begun: count(&stays, |one| is_in(span, Some(one.entered_at))),
        rejected: count(&stays, |one| one.state == VisitState::Rejected && left(one)),
        returned: count(&stays, |one| one.state == VisitState::Returned && left(one)),
        late: distinct(late.map(|one| one.instance)),
        ..FlowFigure::default()
    };
    times(took, figure)
}

fn of_work(world: &World, filter: &FlowFilter, span: Span) -> FlowFigure {
    let work = world.work(filter);
    let decided = |one: &Task| one.state == TaskState::Done && is_in(span, one.decided_at);
    let took = work.iter().filter(|one| decided(one) && one.decided_at > Some(one.arrived_at));
    let took = took.map(|one| micros(one.arrived_at, one.decided_at.unwrap())).collect();
    let said = |one: &Task, word: &str| decided(one) && one.decision.as_deref() == Some(word);
    let figure = FlowFigure {
        running: count(&work, |one| one.state == TaskState::Open),
        overdue: count(&work, |one| is_overdue(one)),
        begun: count(&work, |one| is_in(span, Some(one.arrived_at))),
        rejected: count(&work, |one| said(one, "rejected")),
        returned: count(&work, |one| said(one, "returned")),
        late: count(&work, |one| is_late(one) && decided(one)),
        ..FlowFigure::default()
    };
    times(took, figure)
}

fn by_hand(world: &World, filter: &FlowFilter, span: Span) -> FlowFigure {
    match (filter.person, &filter.step) {
        (Some(_), _) => of_work(world, filter, span),
        (None, Some(_)) => of_stays(world, filter, span),
        (None, None) => of_requests(world, filter, span),
    }
}

/// Every filter: all of it or one version, all steps or one, everybody or one.
fn filters(world: &World) -> Vec<FlowFilter> {
    let mut filters = Vec::new();
    for version in [None, Some(1), Some(2), Some(3)] {
        for step in [None, Some("head"), Some("finance")] {
            for person in [None, Some(world.people[0]), Some(world.people[1])] {
                filters.push(FlowFilter {
                    workspace: ws(),
                    form: world.form,
                    version,
                    step: step.map(str::to_string),
                    person,
                    now: at(NOW),
                });
            }
        }
    }
    filters
}

fn spans() -> Vec<Span> {
    let span = |since: Option<i64>, until: Option<i64>| Span { since: since.map(at), until: until.map(at) };
    vec![
        span(None, None),
        span(Some(100), Some(300)),
        span(Some(300), Some(500)),
        span(None, Some(250)),
        span(Some(250), None),
        span(Some(9_000), None),
    ]
}

async fn compare(store: &Store, world: &World) {
    let mut db = store.read().await.unwrap();
    for filter in filters(world) {
        let spans = spans();
        let found = filter.total(&mut db, &spans).await.unwrap();
        let expected: Vec<FlowFigure> = spans.iter().map(|span| by_hand(world, &filter, *span)).collect();
        assert_eq!(found, expected, "{filter:?}");

        let span = spans[1];
        let steps = filter.by_step(&mut db, span).await.unwrap();
        let mut expected = BTreeMap::new();
        for step in STEPS.iter().filter(|step| filter.step.as_deref().is_none_or(|one| one == **step)) {
            let of_step = FlowFilter { step: Some(step.to_string()), ..filter.clone() };
            expected.insert(step.to_string(), by_hand(world, &of_step, span));
        }
        expected.retain(|_, figure| *figure != FlowFigure::default());
        assert_eq!(steps, expected, "{filter:?}");

        let people = filter.by_person(&mut db, span).await.unwrap();
        let mut expected = BTreeMap::new();
        for person in world.people.iter().filter(|one| filter.person.is_none_or(|person| person == **one)) {
            let of_person = FlowFilter { person: Some(*person), ..filter.clone() };
            expected.insert(*person, of_work(world, &of_person, span));
        }
        expected.retain(|_, figure| *figure != FlowFigure::default());
        assert_eq!(people, expected, "{filter:?}");
    }
}

/// A figure and the list of what it counts have to agree.
async fn list(store: &Store, world: &World) {
    let mut db = store.read().await.unwrap();
    for filter in filters(world) {
        let span = spans()[1];
        let figure = by_hand(world, &filter, span);
        let counts = [
            (Which::Running, figure.running),
            (Which::Overdue, figure.overdue),
            (Which::Begun, figure.begun),
            (Which::Done, figure.done),
            (Which::Late, figure.late),
            (Which::Returned, figure.returned),
            (Which::Rejected, figure.rejected),
        ];
        for (which, count) in counts {
            let all = filter.cases(&mut db, which, span, None, 10_000).await.unwrap();
            assert_eq!(all.len() as i64, count, "{which:?} {filter:?}");
            let places: Vec<(Id, i64)> = all.iter().map(|case| (case.instance, case.place)).collect();
            assert!(places.windows(2).all(|pair| pair[0] > pair[1]), "{which:?} {filter:?}");
            let rest = all.get(2..).unwrap_or_default();
            let before = all.get(1).map(|case| (case.instance, case.place));
            if before.is_some() {
                let next = filter.cases(&mut db, which, span, before, 10_000).await.unwrap();
                assert_eq!(next, rest, "{which:?} {filter:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_lists_are_what_counting_one_by_one_gives() {
    let told = std::env::var("FORMWORK_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = told.unwrap_or_else(|| u64::try_from(ids::next().as_i64()).unwrap());
    eprintln!("FORMWORK_SEED={seed} gives this run again");
    on_both(async |store| {
        let mut dice = Dice(seed);
        // Another form lies beside it; its requests are nobody's business here.
        World::new(&mut dice, 20).store(store).await;
        for instances in [0, 1, 2, 60] {
            let world = World::new(&mut dice, instances);
            world.store(store).await;
            compare(store, &world).await;
            list(store, &world).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_median_lies_between_the_two_in_the_middle_and_p90_is_a_time_that_was() {
    on_both(async |store| {
        let mut world = World::new(&mut Dice(1), 0);
        for (visit, seconds) in (0_i64..).zip([10, 1, 3, 100]) {
            world.visits.push(StepVisit {
                workspace: ws(),
                instance: ids::next(),
                visit,
                form: world.form,
                flow_version: 1,
                step: "head".into(),
                state: VisitState::Passed,
                entered_at: at(0),
                left_at: Some(at(seconds)),
            });
        }
        world.store(store).await;
        let filter = FlowFilter {
            workspace: ws(),
            form: world.form,
            version: None,
            step: Some("head".into()),
            person: None,
            now: at(NOW),
        };
        let found = filter.total(&mut store.read().await.unwrap(), &[Span::default()]).await.unwrap();
        assert_eq!((found[0].done, found[0].median, found[0].p90), (4, Some(6_500_000), Some(100_000_000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stay_that_goes_on_replaces_what_was_known_of_it() {
    on_both(async |store| {
        let mut stay = StepVisit {
            workspace: ws(),
            instance: ids::next(),
            visit: 3,
            form: ids::next(),
            flow_version: 1,
            step: "head".into(),
            state: VisitState::Active,
            entered_at: at(0),
            left_at: None,
        };
        for state in [VisitState::Active, VisitState::Passed, VisitState::Active] {
            stay.state = state;
            stay.left_at = (state == VisitState::Passed).then(|| at(5));
            let row = stay.clone();
            let done: Result<(), Error> =
                store.write(move |tx| Box::pin(async move { StepVisit::put_all(tx, &[row]).await })).await;
            done.unwrap();
            let mut db = store.read().await.unwrap();
            let found = StepVisit::find(&mut db, ws(), stay.instance, 3).await.unwrap();
            assert_eq!(found.as_ref(), Some(&stay));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_of_an_older_program_have_their_stays() {
    on_both(async |store| {
        let visits = serde_json::json!({"visits": [
            {"step": "start", "state": "passed", "entered_at": "2026-11-22T08:00:00Z",
                "left_at": "2026-11-22T08:00:00Z"},
            {"step": "head", "state": "rejected", "entered_at": "2026-11-22T08:00:00.25Z",
                "left_at": "2026-11-22T09:00:00.123456Z"},
            {"step": "both", "state": "active", "arms": [{"arm": "a", "state": "running"}],
                "entered_at": "2026-11-22T09:00:00Z"},
            {"step": "finance", "state": "active", "entered_at": "2026-11-22T09:00:00.5Z"}]});
        let one = Instance { marking: visits.to_string(), ..instance(InstanceState::Running) };
        let (none, stored) = (instance(InstanceState::Running), one.clone());
        let done: Result<(), Error> = store
            .write(move |tx| {
                Box::pin(async move {
                    Instance::insert_all(tx, &[stored, none]).await?;
                    tx.batch("DROP TABLE step_visit").await?;
                    tx.batch("DROP INDEX task_decided").await?;
                    let text = include_str!("../../../migrations/0020_step_visits.sql");
                    let text = tx.dialect().migration(text);
                    tx.batch(text).await
                })
            })
            .await;
        done.unwrap();
        let mut db = store.read().await.unwrap();
        let mut stays = Vec::new();
        for visit in 0..4 {
            stays.extend(StepVisit::find(&mut db, ws(), one.id, visit).await.unwrap());
        }
        let moment = |text: &str| text.parse::<Timestamp>().unwrap();
        let stay = |visit: i64, step: &str, state: VisitState, entered: &str, left: Option<&str>| StepVisit {
            workspace: ws(),
            instance: one.id,
            visit,
            form: one.form,
            flow_version: 1,
            step: step.into(),
            state,
            entered_at: moment(entered),
            left_at: left.map(moment),
        };
        // It went on: the rejection sent it back.
        let left = Some("2026-11-22T09:00:00.123456Z");
        let expected = [
            stay(1, "head", VisitState::Returned, "2026-11-22T08:00:00.25Z", left),
            stay(3, "finance", VisitState::Active, "2026-11-22T09:00:00.5Z", None),
        ];
        assert_eq!(stays, expected);
    })
    .await;
}
