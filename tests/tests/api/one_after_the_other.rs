//! C9: whatever twenty people do to fifty records at once, each record went from version to version, one change after the other:
//! what was acknowledged is a version that nobody else has, no look goes back behind what was known before it began, and what was
//! refused is nowhere. Where the server is killed in between, a change of which nobody was told is there whole, or not at all.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, number, text};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{items, version_of};
use tests::{Answer, Client, Dice, Form, Server, Workspace, on_both, together};

const RECORDS: usize = 50;
const CLIENTS: usize = 20;
/// What a record says before anybody has changed it.
const FIRST: &str = "first";
/// Larger numbers are refused.
const MOST: i64 = 100;
/// Deeds are counted by so many: a few thousand usually, a hundred thousand in a long run.
const DEEDS_OF_A_CASE: usize = 50;
/// Kills of each database: a few usually, these in a long run.
const KILLS: (usize, usize) = (2, 40);
/// Deeds before a kill.
const BEFORE_A_KILL: usize = 400;

/// What came of something that somebody did to a record.
#[derive(Clone, Debug)]
enum Came {
    /// It was read.
    Seen { version: i64, mark: String },
    /// A change was refused since its version is no more: what was there is told.
    Stale { from: i64, version: i64, mark: String },
    /// A change was acknowledged; `from` is the version that it named.
    Made { from: Option<i64>, version: i64, mark: String },
    /// Nobody was told what came of the change.
    Open { from: Option<i64>, mark: String },
    /// It was refused.
    Refused,
}

/// Something that somebody did to a record, with the microseconds at which it began and was answered.
#[derive(Clone, Debug)]
struct Deed {
    record: usize,
    began: u64,
    /// Never, where it was not answered.
    ended: u64,
    came: Came,
}

/// A version that a deed knows of, and whether it made it.
fn known(deed: &Deed, versions: &BTreeMap<&str, i64>) -> Option<(i64, bool)> {
    match &deed.came {
        Came::Seen { version, .. } | Came::Stale { version, .. } => Some((*version, false)),
        Came::Made { version, .. } => Some((*version, true)),
        Came::Open { mark, .. } => versions.get(mark.as_str()).map(|version| (*version, true)),
        Came::Refused => None,
    }
}

/// Why what was told of a record cannot have happened one after the other. `history` is each of its versions with what it says,
/// the oldest first.
fn broken(history: &[(i64, String)], deeds: &[&Deed]) -> Option<String> {
    let versions: BTreeMap<&str, i64> =
        history.iter().map(|(version, mark)| (mark.as_str(), *version)).collect();
    if versions.len() != history.len() {
        return Some(format!("a change is there twice: {history:?}"));
    }
    let mut writers: BTreeMap<&str, &Deed> = BTreeMap::new();
    for deed in deeds {
        let fault = match &deed.came {
            Came::Seen { version, mark } => {
                (versions.get(mark.as_str()) != Some(version)).then_some("was never there")
            }
            Came::Stale { from, version, mark } => {
                let is_there = versions.get(mark.as_str()) == Some(version);
                (!is_there || version <= from).then_some("is not what stood in the way")
            }
            Came::Made { from, version, mark } => {
                writers.insert(mark, deed);
                let is_there = versions.get(mark.as_str()) == Some(version);
                let follows = from.is_none_or(|from| from + 1 == *version);
                (!is_there || !follows).then_some("was acknowledged, and is not that version")
            }
            Came::Open { from, mark } => {
                writers.insert(mark, deed);
                let came_to = versions.get(mark.as_str());
                let follows = came_to.zip(*from).is_none_or(|(version, from)| from + 1 == *version);
                (!follows).then_some("became another version than it was to")
            }
            Came::Refused => None,
        };
        if let Some(fault) = fault {
            return Some(format!("{deed:?} {fault}"));
        }
    }
    for (place, (version, mark)) in history.iter().enumerate() {
        let is_first = place == 0 && mark == FIRST;
        if *version != place as i64 + 1 || !(is_first || writers.contains_key(mark.as_str())) {
            return Some(format!("version {version} says {mark}, which nobody has made, or follows a gap"));
        }
    }
    out_of_order(deeds, &versions)
}

/// A deed that knew less than what was known when it began, or made a version that was there before it began.
fn out_of_order(deeds: &[&Deed], versions: &BTreeMap<&str, i64>) -> Option<String> {
    let mut by_beginning: Vec<(&Deed, i64, bool)> = deeds
        .iter()
        .filter_map(|deed| known(deed, versions).map(|(version, makes)| (*deed, version, makes)))
        .collect();
    let mut by_end: Vec<(u64, i64)> =
        by_beginning.iter().map(|(deed, version, _)| (deed.ended, *version)).collect();
    by_beginning.sort_by_key(|(deed, ..)| deed.began);
    by_end.sort_unstable();
    let (mut ended, mut reached) = (by_end.iter().peekable(), 1);
    for (deed, version, makes) in by_beginning {
        while let Some((_, known)) = ended.next_if(|(end, _)| *end < deed.began) {
            reached = reached.max(*known);
        }
        if version < reached || (makes && version == reached) {
            return Some(format!("{deed:?} goes back: version {reached} was known before it began"));
        }
    }
    None
}

/// The records, and since when time is counted.
struct Desk {
    form: Form,
    records: Vec<Value>,
    since: Instant,
}

/// Somebody who does this and that.
struct Clerk {
    name: String,
    client: Client,
    dice: Dice,
    /// The version of each record that they saw last.
    seen: Vec<i64>,
    deeds: Vec<Deed>,
}

impl Desk {
    async fn build(workspace: &Workspace) -> Desk {
        let count = number("count", 0).option("max", MOST.to_string());
        let form = workspace.form(form("order", [text("mark"), count])).await;
        let mut records = Vec::new();
        for _ in 0..RECORDS {
            records.push(form.add(json!({"mark": FIRST})).await);
        }
        Desk { form, records, since: Instant::now() }
    }

    fn clerks(&self, seed: u64) -> Vec<Clerk> {
        let clerk = |place: usize| Clerk {
            name: format!("c{place}"),
            client: self.form.admin.reconnected(),
            dice: Dice::new(seed.wrapping_add(place as u64)),
            seen: vec![1; RECORDS],
            deeds: Vec::new(),
        };
        (0..CLIENTS).map(clerk).collect()
    }

    /// Microseconds.
    fn now(&self) -> u64 {
        self.since.elapsed().as_micros() as u64
    }

    /// The versions of a record with what they say, the oldest first.
    async fn history(&self, record: &Value) -> Vec<(i64, String)> {
        let entries = self.form.admin.whole(&format!("{}/history", self.form.at(record))).await;
        let mut history: Vec<(i64, String)> = items(&entries)
            .iter()
            .map(|entry| {
                let mark = entry["changes"]["mark"]["new"].as_str();
                (entry["version"].as_i64().unwrap(), mark.unwrap_or_else(|| panic!("{entry}")).to_owned())
            })
            .collect();
        history.reverse();
        history
    }

    /// What was done, held against what is there.
    async fn check(&self, clerks: &[Clerk]) {
        let mut of_record: Vec<Vec<&Deed>> = vec![Vec::new(); RECORDS];
        for deed in clerks.iter().flat_map(|clerk| &clerk.deeds) {
            of_record[deed.record].push(deed);
        }
        for (record, deeds) in self.records.iter().zip(&of_record) {
            let history = self.history(record).await;
            let now = self.form.read(&self.form.admin, record).await.ok();
            let newest = history.last().unwrap();
            let is = (version_of(&now), now["fields"]["mark"].as_str());
            assert_eq!(is, (newest.0, Some(newest.1.as_str())));
            if let Some(fault) = broken(&history, deeds) {
                panic!("{}: {fault}", record["id"]);
            }
        }
        let all = || clerks.iter().flat_map(|clerk| &clerk.deeds).map(|deed| &deed.came);
        let made = all().filter(|came| matches!(came, Came::Made { .. })).count();
        let stale = all().filter(|came| matches!(came, Came::Stale { .. })).count();
        assert!(made > RECORDS && stale > 0, "they hardly met: {made} made, {stale} stale");
    }
}

impl Clerk {
    /// Does things until all together have done so many, or the server is gone.
    async fn work(&mut self, desk: &Desk, done: &AtomicUsize, most: usize) {
        while done.fetch_add(1, Ordering::Relaxed) < most {
            if !self.act(desk).await {
                return;
            }
        }
    }

    /// One deed; false where the server did not answer.
    async fn act(&mut self, desk: &Desk) -> bool {
        let record = self.dice.roll(RECORDS);
        let mark = format!("{}-{}", self.name, self.deeds.len());
        let (path, seen) = (desk.form.at(&desk.records[record]), self.seen[record]);
        let patch = |from: Option<i64>, count: i64| {
            let from = from.map_or("*".to_owned(), |from| format!("\"{from}\""));
            let body = json!({"fields": {"mark": mark, "count": count}});
            self.client.request(Method::PATCH, &path).header("if-match", from).json(&body)
        };
        let (request, from, is_change) = match self.dice.roll(10) {
            0..5 => (self.client.request(Method::GET, &path), None, false),
            5..8 => (patch(Some(seen), 1), Some(seen), true),
            8 => (patch(None, 2), None, true),
            _ => (patch(Some(seen), MOST + 1), Some(seen), true),
        };
        let began = desk.now();
        let answer = self.client.try_send(request).await.ok();
        let is_answered = answer.is_some();
        let ended = if is_answered { desk.now() } else { u64::MAX };
        let came = match answer {
            Some(answer) => told(answer, from, is_change),
            None if is_change => Came::Open { from, mark },
            None => Came::Refused,
        };
        if let Came::Seen { version, .. } | Came::Stale { version, .. } | Came::Made { version, .. } = &came {
            self.seen[record] = *version;
        }
        self.deeds.push(Deed { record, began, ended, came });
        is_answered
    }
}

/// What an answer says. Nobody is ever told of a lock or a deadlock other than as of a server that is busy.
fn told(answer: Answer, from: Option<i64>, is_change: bool) -> Came {
    let of = |record: &Value| (version_of(record), record["fields"]["mark"].as_str().unwrap().to_owned());
    match answer.status {
        200 => {
            let (version, mark) = of(&answer.body);
            if is_change { Came::Made { from, version, mark } } else { Came::Seen { version, mark } }
        }
        412 => {
            let (version, mark) = of(&answer.body["current"]);
            Came::Stale { from: from.expect("it named a version"), version, mark }
        }
        422 | 503 => Came::Refused,
        other => panic!("{other} {}", answer.body),
    }
}

async fn all_work(desk: &Desk, clerks: &mut [Clerk], deeds: usize) {
    let done = AtomicUsize::new(0);
    together(clerks.iter_mut().map(|clerk| clerk.work(desk, &done, deeds))).await;
}

#[tokio::test]
async fn whatever_many_do_to_a_record_happened_one_after_the_other() {
    let seed = seed_of_this_run();
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let desk = Desk::build(&workspace).await;
        let mut clerks = desk.clerks(seed);
        all_work(&desk, &mut clerks, cases(60) * DEEDS_OF_A_CASE).await;
        desk.check(&clerks).await;
    })
    .await;
}

#[tokio::test]
async fn whatever_many_do_while_the_server_is_killed_happened_one_after_the_other_or_not_at_all() {
    let seed = seed_of_this_run();
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let mut desk = Desk::build(&workspace).await;
        let mut clerks = desk.clerks(seed);
        for kill in 0..cases(KILLS.0).min(KILLS.1) as u64 {
            killed_in_between(server, &desk, &mut clerks, Duration::from_millis(7 * (kill % 9))).await;
            desk.form.admin = desk.form.admin.moved_to(server.url());
            for clerk in &mut clerks {
                clerk.client = clerk.client.moved_to(server.url());
            }
        }
        // It goes on as if nothing had been.
        all_work(&desk, &mut clerks, BEFORE_A_KILL).await;
        desk.check(&clerks).await;
    })
    .await;
}

/// They work until the server is killed, a moment after they have done so much; then it is started again.
async fn killed_in_between(server: &mut Server, desk: &Desk, clerks: &mut [Clerk], moment: Duration) {
    let done = AtomicUsize::new(0);
    // More than they come to.
    let working = together(clerks.iter_mut().map(|clerk| clerk.work(desk, &done, usize::MAX)));
    let killing = async {
        while done.load(Ordering::Relaxed) < BEFORE_A_KILL {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(moment).await;
        server.kill().await;
    };
    tokio::join!(working, killing);
    server.restart().await;
}

#[test]
fn a_history_that_cannot_have_been_is_found() {
    let deed = |began: u64, ended: u64, came: Came| Deed { record: 0, began, ended, came };
    let mark = |version: i64| if version == 1 { FIRST.to_owned() } else { format!("m{version}") };
    let seen = |version: i64| Came::Seen { version, mark: mark(version) };
    let made = |from: i64| Came::Made { from: Some(from), version: from + 1, mark: mark(from + 1) };
    let open = |version: i64| Came::Open { from: None, mark: mark(version) };
    let judge = |versions: i64, deeds: &[Deed]| {
        let history: Vec<(i64, String)> = (1..=versions).map(|version| (version, mark(version))).collect();
        broken(&history, &deeds.iter().collect::<Vec<_>>())
    };
    let right = [deed(0, 5, made(1)), deed(3, 9, made(2)), deed(4, 6, seen(2)), deed(7, 8, seen(3))];
    assert_eq!(judge(3, &right), None);
    // Of what nobody was told it may be there or not, also later than somebody waited for it.
    assert_eq!(judge(2, &[deed(0, u64::MAX, open(2)), deed(1, 2, seen(1)), deed(3, 4, seen(2))]), None);
    assert_eq!(judge(1, &[deed(0, u64::MAX, open(2)), deed(1, 2, seen(1))]), None);
    let stale = |from: i64, version: i64| Came::Stale { from, version, mark: mark(version) };
    assert_eq!(judge(2, &[deed(0, 1, made(1)), deed(2, 3, stale(1, 2))]), None);
    for (what, versions, deeds) in [
        ("lost", 1, vec![deed(0, 1, made(1))]),
        ("made by nobody", 2, vec![deed(0, 1, seen(1))]),
        ("seen before it was made", 2, vec![deed(0, 1, seen(2)), deed(2, 3, made(1))]),
        ("seen before it was begun", 2, vec![deed(0, 1, seen(2)), deed(2, u64::MAX, open(2))]),
        ("a look that goes back", 2, vec![deed(0, 1, made(1)), deed(2, 3, seen(1))]),
        ("two looks that go back", 2, vec![deed(0, 9, made(1)), deed(1, 2, seen(2)), deed(3, 4, seen(1))]),
        ("refused for what did not stand in the way", 2, vec![deed(0, 1, made(1)), deed(0, 1, stale(2, 2))]),
        (
            "from another version",
            2,
            vec![deed(0, 1, Came::Made { from: Some(7), version: 2, mark: mark(2) })],
        ),
        (
            "two with one version",
            2,
            vec![
                deed(0, 1, made(1)),
                deed(0, 1, Came::Made { from: None, version: 2, mark: "other".to_owned() }),
            ],
        ),
        (
            "never there",
            2,
            vec![deed(0, 1, made(1)), deed(0, 1, Came::Seen { version: 2, mark: "other".to_owned() })],
        ),
    ] {
        assert!(judge(versions, &deeds).is_some(), "{what} is not found");
    }
}
