//! L4: what members do, in the shares in which they do it: lists, details, edits, approvals.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::json;

use super::pace::{Came, Outcome, Pace, Told, send_all};
use super::{House, figure};
use crate::client::{Request, replay};
use crate::figures::{Figure, Unit};
use crate::flows::{approve, ask, field, make, make_form, publish, todo, waiting};
use crate::formwork::{Formwork, escaped, text};
use crate::subject::Subject;
use crate::workload::{PAGE, filtered_lists, samples};
use crate::{say, until_indexed};

/// Requests of a second that the page on reliability asks for.
pub const A_SECOND: f64 = 500.0;
pub const CLIENTS: usize = 256;
/// Of so many requests …
const OF: usize = 50;
/// … the first are lists, these and those after them details, then edits, and the last one an approval: 70, 20, 8 and 2 %.
const LISTS: usize = 35;
const DETAILS: usize = 45;
const EDITS: usize = 49;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    List,
    Detail,
    Edit,
    Approve,
}

impl Kind {
    /// All kinds one among the other.
    fn of(number: usize) -> Kind {
        match number * 7 % OF {
            0..LISTS => Kind::List,
            LISTS..DETAILS => Kind::Detail,
            DETAILS..EDITS => Kind::Edit,
            _ => Kind::Approve,
        }
    }
}

/// The form of requests that are approved. Everything is done by the one administrator.
pub struct Desk {
    requests: String,
    /// Edits so far: each has a text of its own.
    edits: u64,
}

/// Requests that are ready, with the edits among them: what each says, of which order.
pub struct Mix {
    pub requests: Vec<Request>,
    pub edits: BTreeMap<usize, (u64, String)>,
    /// Tasks that wait before any is approved.
    pub waiting: u64,
}

impl Desk {
    pub async fn make(formwork: &mut Formwork) -> Desk {
        let owner = text(&ask(formwork, "GET", "/me", None).await["id"]);
        let form = make_form(formwork, "asked", json!([field("what", "text")])).await;
        publish(formwork, &form, &json!([approve("boss", json!({"members": [owner]}))])).await;
        Desk { requests: form, edits: 0 }
    }
}

impl House {
    /// So many requests of all kinds.
    pub async fn mix(&mut self, count: usize) -> Mix {
        let approvals = (0..count).filter(|number| Kind::of(*number) == Kind::Approve).count() as u64;
        let missing = approvals.saturating_sub(waiting(&mut self.formwork).await);
        let form = self.desk.requests.clone();
        make(&mut self.formwork, &form, missing, |number| json!({"what": format!("Chairs {number}")})).await;
        let mut tasks = todo(&mut self.formwork).await;
        let (waiting, lists, samples) = (tasks.len() as u64, self.lists(), samples(self.rows));
        let mut edits = BTreeMap::new();
        let mut requests = Vec::with_capacity(count);
        for number in 0..count {
            requests.push(match Kind::of(number) {
                Kind::List => self.list(&lists[number % lists.len()]),
                Kind::Detail => self.formwork.get(samples[number % samples.len()]),
                Kind::Edit => {
                    self.desk.edits += 1;
                    let order = 1 + self.desk.edits % self.rows;
                    let note = format!("edit {}", self.desk.edits);
                    let request = self.formwork.update(order, &note);
                    edits.insert(number, (order, note));
                    request
                }
                Kind::Approve => {
                    let task = tasks.pop().unwrap();
                    self.formwork.request("POST", &format!("/tasks/{task}/approve"), Some(json!({})))
                }
            });
        }
        Mix { requests, edits, waiting }
    }

    /// Queries with three conditions, newest first.
    fn lists(&self) -> Vec<String> {
        let pairs = filtered_lists().into_iter().filter_map(|list| list.filter);
        let list = |(status, cents): (&'static str, i64)| {
            let least = format!("{}.{:02}", cents / 100, cents % 100);
            let filter = json!({"all": [{"field": "status", "op": "eq", "value": status},
                                        {"field": "amount", "op": "gte", "value": least},
                                        {"field": "paid", "op": "eq", "value": true}]});
            format!("?sort=-order_date&limit={PAGE}&filter={}", escaped(&filter.to_string()))
        };
        pairs.map(list).collect()
    }

    fn list(&self, query: &str) -> Request {
        self.formwork.request("GET", &format!("/forms/{}/records{query}", self.formwork.form()), None)
    }

    /// Asks the lists until the indexes that observation wishes for may be there.
    pub async fn warm(&mut self) {
        let lists = self.lists();
        let lists: Arc<Vec<Request>> = Arc::new(lists.iter().map(|query| self.list(query)).collect());
        let (port, time) = (self.port(), until_indexed(self.rows));
        replay(port, &lists, 1, time).await;
    }

    /// What members do at this pace, for so long or until it is over; with how many acknowledged changes are not there.
    pub async fn work(&mut self, pace: Pace, time: Duration, over: &Arc<AtomicBool>) -> (Outcome, f64) {
        let Mix { requests, edits, waiting } = self.mix(pace.count(time)).await;
        let outcome = send_all(self.port(), requests, pace, over).await;
        say(&outcome.told());
        let lost = self.lost(&outcome, &edits, waiting).await;
        (outcome, lost)
    }

    /// Acknowledged edits and approvals that are not there.
    pub async fn lost(
        &mut self,
        outcome: &Outcome,
        edits: &BTreeMap<usize, (u64, String)>,
        before: u64,
    ) -> f64 {
        let still = waiting(&mut self.formwork).await;
        let approvals = || outcome.all.iter().filter(|told| Kind::of(told.number) == Kind::Approve);
        let acknowledged = approvals().filter(|told| told.came == Came::Served).count() as u64;
        let most = acknowledged + approvals().filter(|told| told.came.is_open()).count() as u64;
        let made = before.saturating_sub(still);
        assert!(made <= most, "{made} were approved, and {most} were sent");
        let mut lost = acknowledged.saturating_sub(made);
        // Each order was changed once, where there are enough of them.
        if edits.len() as u64 > self.rows {
            return lost as f64;
        }
        let mut connection = self.formwork.server().connection().await;
        for told in outcome.all.iter().filter(|told| told.came == Came::Served) {
            let Some((order, note)) = edits.get(&told.number) else { continue };
            let order = connection.ask(&self.formwork.get(*order)).await.unwrap().json();
            lost += u64::from(order["fields"]["note"] != note.as_str());
        }
        lost as f64
    }
}

/// Whether a request is of this kind.
pub fn is(kind: Kind) -> impl Fn(&Told) -> bool {
    move |told| Kind::of(told.number) == kind
}

/// L4
pub async fn all_that_they_do(house: &mut House) -> Vec<Figure> {
    house.warm().await;
    let pace = Pace { per_second: A_SECOND, clients: CLIENTS };
    let (outcome, lost) = house.work(pace, house.hold, &Arc::default()).await;
    vec![
        figure("L4 of members, 500/s sent", Unit::PerSecond, outcome.rate(), house.goal(A_SECOND * 0.99)),
        figure("L4 list, p99", Unit::Ms, outcome.waited(0.99, is(Kind::List)), house.goal(250.0)),
        figure("L4 detail, p99", Unit::Ms, outcome.waited(0.99, is(Kind::Detail)), house.free()),
        figure("L4 edit, p99", Unit::Ms, outcome.waited(0.99, is(Kind::Edit)), house.free()),
        figure("L4 approval, p99", Unit::Ms, outcome.waited(0.99, is(Kind::Approve)), house.free()),
        figure("L4 not served", Unit::Count, outcome.missed(), house.goal(0.0)),
        figure("L4 acknowledged and not there", Unit::Count, lost, house.always(0.0)),
    ]
}
