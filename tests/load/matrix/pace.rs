//! Requests at a steady pace, whoever still waits: who sends the next one only when the last one is answered asks a slow server
//! less, and finds it quick. Times are counted from the moment at which a request was due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tests::measured::percentile;

use crate::client::{Answer, Connection, Request};

/// A connection that has lain so long may have been closed: a new one is opened, as a browser does.
const RESTED: Duration = Duration::from_secs(5);
/// Who is not answered in this time is not answered.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is so late is not sent any more: the server is far from keeping up.
const TOO_LATE: Duration = Duration::from_secs(20);

/// How often something is sent, and how many send it.
#[derive(Clone, Copy)]
pub struct Pace {
    pub per_second: f64,
    /// As many wait for an answer at a time, at the most.
    pub clients: usize,
}

impl Pace {
    /// Requests for so long.
    pub fn count(self, time: Duration) -> usize {
        (self.per_second * time.as_secs_f64()) as usize
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// 2xx
    Served,
    /// 4xx but 429
    Refused,
    /// 429
    TooMany,
    /// 503
    Busy,
    /// 5xx but 503
    Broken,
    /// No answer.
    Lost,
    /// It came to be so late that it was not sent.
    Unsent,
}

impl Came {
    pub fn of(answer: Option<&Answer>) -> Came {
        match answer.map(|answer| answer.status) {
            None => Came::Lost,
            Some(200..300) => Came::Served,
            Some(429) => Came::TooMany,
            Some(503) => Came::Busy,
            Some(status) if status < 500 => Came::Refused,
            Some(_) => Came::Broken,
        }
    }

    /// Whether it may have been done, though nobody was told: work that has begun goes on when its answer is given up.
    pub fn is_open(self) -> bool {
        matches!(self, Came::Lost | Came::Busy | Came::Broken)
    }

    /// Whether it was told to come again.
    pub fn is_sent_away(self) -> bool {
        matches!(self, Came::TooMany | Came::Busy)
    }
}

/// What became of one request.
#[derive(Clone, Copy)]
pub struct Told {
    /// Its place among all.
    pub number: usize,
    /// Since the first one.
    pub due: Duration,
    /// From when it was due until it was answered.
    pub waited: Duration,
    /// From when it was sent.
    pub took: Duration,
    pub came: Came,
    /// Whether it was told when to come again.
    pub says_when: bool,
}

/// What became of all of them, in their order.
pub struct Outcome {
    pub all: Vec<Told>,
    /// Until the last answer.
    pub took: Duration,
}

impl Outcome {
    pub fn count(&self, came: Came) -> usize {
        self.all.iter().filter(|told| told.came == came).count()
    }

    /// Successes of a second.
    pub fn rate(&self) -> f64 {
        self.count(Came::Served) as f64 / self.took.as_secs_f64()
    }

    /// All that were not served.
    pub fn missed(&self) -> f64 {
        (self.all.len() - self.count(Came::Served)) as f64
    }

    /// What was neither served nor sent away with a time to come again.
    pub fn wrong(&self) -> f64 {
        let is_right =
            |told: &&Told| told.came == Came::Served || (told.came.is_sent_away() && told.says_when);
        (self.all.len() - self.all.iter().filter(is_right).count()) as f64
    }

    /// Milliseconds that so great a share of those that were served, and are of this sort, waited at the most.
    pub fn waited(&self, share: f64, is_of_them: impl Fn(&Told) -> bool) -> f64 {
        let served = self.all.iter().filter(|told| told.came == Came::Served && is_of_them(told));
        percentile(&served.map(|told| ms(told.waited)).collect::<Vec<_>>(), share)
    }

    /// The same of those that were sent away, from when they were sent.
    pub fn sent_away_in(&self, share: f64) -> f64 {
        let sent_away = self.all.iter().filter(|told| told.came.is_sent_away());
        percentile(&sent_away.map(|told| ms(told.took)).collect::<Vec<_>>(), share)
    }

    /// One line with everything.
    pub fn told(&self) -> String {
        let waited = |share| self.waited(share, |_| true);
        format!(
            "    {} in {:.1} s: {} served ({:.0}/s; p50 {:.1}, p95 {:.1}, p99 {:.1}, at most {:.0} ms), {} 4xx, {} 429, {} 503, \
             {} 5xx, {} lost, {} too late to be sent",
            self.all.len(),
            self.took.as_secs_f64(),
            self.count(Came::Served),
            self.rate(),
            waited(0.5),
            waited(0.95),
            waited(0.99),
            waited(1.0),
            self.count(Came::Refused),
            self.count(Came::TooMany),
            self.count(Came::Busy),
            self.count(Came::Broken),
            self.count(Came::Lost),
            self.count(Came::Unsent),
        )
    }
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A connection that is opened when something is to be sent, and anew where it may have been closed.
pub struct Kept {
    port: u16,
    connection: Option<(Connection, Instant)>,
}

impl Kept {
    pub fn new(port: u16) -> Kept {
        Kept { port, connection: None }
    }

    /// The answer; none where the connection broke, or it took too long.
    pub async fn ask(&mut self, request: &Request) -> Option<Answer> {
        let mut connection = match self.connection.take() {
            Some((connection, used)) if used.elapsed() < RESTED => connection,
            _ => Connection::open(self.port).await.ok()?,
        };
        let answer = tokio::time::timeout(PATIENCE, connection.ask(request)).await.ok()?.ok()?;
        if !answer.closes {
            self.connection = Some((connection, Instant::now()));
        }
        Some(answer)
    }
}

/// Somebody who sends what is due next.
struct Client {
    requests: Arc<Vec<Request>>,
    next: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    started: Instant,
    /// Seconds from one request to the next.
    each: f64,
    connection: Kept,
}

impl Client {
    async fn send(mut self) -> Vec<Told> {
        let mut all = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(request) = self.requests.get(number) else { break };
            let due = Duration::from_secs_f64(number as f64 * self.each);
            tokio::time::sleep_until((self.started + due).into()).await;
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            let late = self.started.elapsed().saturating_sub(due);
            if late > TOO_LATE {
                let took = Duration::ZERO;
                all.push(Told { number, due, waited: late, took, came: Came::Unsent, says_when: false });
                continue;
            }
            let sent = Instant::now();
            let answer = self.connection.ask(request).await;
            let (took, waited) = (sent.elapsed(), self.started.elapsed().saturating_sub(due));
            let says_when = answer.as_ref().is_some_and(|answer| answer.says_when);
            let came = Came::of(answer.as_ref());
            all.push(Told { number, due, waited, took, came, says_when });
        }
        all
    }
}

/// Sends all of them at this pace, or as many as there are until it is over.
pub async fn send_all(port: u16, requests: Vec<Request>, pace: Pace, over: &Arc<AtomicBool>) -> Outcome {
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let mut sending = Vec::with_capacity(pace.clients);
    for _ in 0..pace.clients {
        let client = Client {
            requests: Arc::clone(&requests),
            next: Arc::clone(&next),
            over: Arc::clone(over),
            started,
            each: 1.0 / pace.per_second,
            connection: Kept::new(port),
        };
        sending.push(tokio::spawn(client.send()));
    }
    let mut all = Vec::with_capacity(requests.len());
    for client in sending {
        all.extend(client.await.unwrap());
    }
    let took = started.elapsed();
    all.sort_unstable_by_key(|told: &Told| told.number);
    Outcome { all, took }
}
