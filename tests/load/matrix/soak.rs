//! L9: three tenths of what L1 and L4 ask for, for as long as one likes: whether memory, files and the log of changes grow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::members::{self, Mix};
use super::pace::{Came, Outcome, Pace, send_all};
use super::{House, figure, visitors};
use crate::figures::{Figure, Limit, Unit};
use crate::say;
use crate::subject::Subject;

const SHARE: f64 = 0.3;
/// What is sent in a round is made ready before it.
const ROUND: Duration = Duration::from_secs(60);
/// How often is looked.
const GLANCE: Duration = Duration::from_secs(5);
/// From so long a soak on a slope says something: what grows in the first two hours are caches.
const TELLING: Duration = Duration::from_secs(3 * 60 * 60);
/// Megabytes that memory may grow in an hour, and that the log of changes may have.
const SLOPE: f64 = 1.0;
const LARGEST_LOG: f64 = 256.0;
/// So many files more in the end are none that are forgotten: readers of the database come and go.
const FILES: f64 = 16.0;

/// A look at the server.
#[derive(Clone, Copy)]
struct Look {
    hours: f64,
    memory_mb: f64,
    files: usize,
    log_mb: f64,
}

/// L9
pub async fn soak(house: &mut House) -> Vec<Figure> {
    house.warm().await;
    let visits = Pace { per_second: visitors::A_SECOND * SHARE, clients: visitors::CLIENTS / 4 };
    let work = Pace { per_second: members::A_SECOND * SHARE, clients: members::CLIENTS / 4 };
    let (began, whole) = (Instant::now(), house.soak);
    let (mut looks, mut broken, mut missed, mut lost) = (Vec::new(), 0, 0.0, 0.0);
    while began.elapsed() < whole {
        let time = ROUND.min(whole.saturating_sub(began.elapsed()));
        let answers = house.door.answers(house.formwork.server().port, visits.count(time)).await;
        let Mix { requests, edits, waiting } = house.mix(work.count(time)).await;
        let (port, never, over) = (house.port(), Arc::default(), AtomicBool::new(false));
        let sending = async {
            let sent =
                tokio::join!(send_all(port, answers, visits, &never), send_all(port, requests, work, &never));
            over.store(true, Ordering::Relaxed);
            sent
        };
        let ((visited, worked), seen) = tokio::join!(sending, look(house, began, &over));
        looks.extend(seen);
        say(&worked.told());
        house.door.note(&visited);
        lost += house.lost(&worked, &edits, waiting).await;
        let is_5xx = |outcome: &Outcome| outcome.count(Came::Broken) + outcome.count(Came::Busy);
        broken += is_5xx(&visited) + is_5xx(&worked);
        missed += visited.missed() + worked.missed();
    }
    let half = &looks[looks.len() / 2..];
    let quarter = looks.len().div_ceil(4);
    let most_files = |looks: &[Look]| looks.iter().map(|look| look.files).max().unwrap_or_default() as f64;
    let files = most_files(&looks[looks.len() - quarter..]) - most_files(&looks[..quarter]);
    let log_mb = looks.iter().map(|look| look.log_mb).fold(0.0, f64::max);
    let slope_limit = if whole >= TELLING { Limit::At(SLOPE) } else { Limit::Free };
    let end_mb = looks.last().map_or(0.0, |look| look.memory_mb);
    vec![
        figure("L9 memory in the end", Unit::Mb, end_mb, house.free()),
        figure("L9 memory that comes in an hour, by the second half", Unit::Mb, slope(half), slope_limit),
        figure("L9 open files more in the end", Unit::Count, files.max(0.0), house.always(FILES)),
        figure("L9 log of changes, at most", Unit::Mb, log_mb, house.goal(LARGEST_LOG)),
        figure("L9 answered 5xx", Unit::Count, broken as f64, house.goal(0.0)),
        figure("L9 not served", Unit::Count, missed, house.goal(0.0)),
        figure("L9 acknowledged edits and approvals not there", Unit::Count, lost, house.always(0.0)),
        house.none_lost("L9 acknowledged answers not there").await,
    ]
}

/// Looks at the server from time to time, until it is over.
async fn look(house: &mut House, began: Instant, over: &AtomicBool) -> Vec<Look> {
    let mut looks = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let log_mb = house.log_mb();
        let server = house.formwork.server();
        looks.push(Look {
            hours: began.elapsed().as_secs_f64() / 3600.0,
            memory_mb: server.memory_mb(),
            files: server.open_files(),
            log_mb,
        });
        tokio::time::sleep(GLANCE).await;
    }
    looks
}

/// Megabytes of memory that come in an hour: the line that lies closest to all looks.
fn slope(looks: &[Look]) -> f64 {
    let count = looks.len().max(1) as f64;
    let mean = |of: fn(&Look) -> f64| looks.iter().map(of).sum::<f64>() / count;
    let (hours, memory) = (mean(|look| look.hours), mean(|look| look.memory_mb));
    let along: f64 = looks.iter().map(|look| (look.hours - hours) * (look.memory_mb - memory)).sum();
    let across: f64 = looks.iter().map(|look| (look.hours - hours).powi(2)).sum();
    if across > 0.0 { along / across } else { 0.0 }
}
