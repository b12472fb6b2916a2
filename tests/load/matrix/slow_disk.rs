//! K17: a disk that takes fifty milliseconds longer each time that it is waited for. The server is the one that ships: `strace`
//! starts it, and holds up what it asks of the disk.

use std::path::Path;
use std::sync::Arc;

use tests::Database;
use tests::disk::strace::can_trace;

use super::pace::{Pace, send_all};
use super::visitors::{CLIENTS, Door};
use super::{House, OPTIONS, figure};
use crate::figures::{Figure, Unit};
use crate::formwork::Formwork;
use crate::place::Place;
use crate::say;
use crate::subject::Subject;

/// It goes aside, so that what was started is the server itself; other calls of the server are left alone.
const HOLDING_UP: [&str; 13] = [
    "strace",
    "-D",
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "trace=fsync,fdatasync",
    "-e",
    // Microseconds.
    "inject=fsync,fdatasync:delay_enter=50000",
    "-e",
    "signal=none",
];
/// Answers of a second that are asked for on such a disk.
const A_SECOND: f64 = 100.0;

/// K17
pub async fn slow(house: &mut House, folder: &Path) -> Vec<Figure> {
    if house.database == Database::Postgres {
        say("    left out: how many saves share a wait for the disk is PostgreSQL's own");
        return Vec::new();
    }
    if !can_trace() {
        say("    left out: strace is missing, or may not trace here");
        return Vec::new();
    }
    let place = Place::new(Database::Sqlite, folder, "slow").await;
    let mut formwork = Formwork::start_by(&place, &HOLDING_UP, &OPTIONS).await;
    let door = Door::make(&mut formwork, "visits").await;
    let (pace, port) = (Pace { per_second: A_SECOND, clients: CLIENTS }, formwork.server().port);
    let answers = door.answers(port, pace.count(house.hold)).await;
    let outcome = send_all(port, answers, pace, &Arc::default()).await;
    door.note(&outcome);
    let p50 = outcome.waited(0.5, |_| true);
    let lost = door.lost(&mut formwork).await;
    vec![
        figure(
            "K17 public answers on a slow disk, 100/s sent",
            Unit::PerSecond,
            outcome.rate(),
            house.goal(A_SECOND * 0.99),
        ),
        // Less than the disk takes would say that it was not slow.
        figure("K17 p50", Unit::Ms, p50, house.free()),
        figure("K17 p99", Unit::Ms, outcome.waited(0.99, |_| true), house.goal(500.0)),
        figure("K17 not served", Unit::Count, outcome.missed(), house.goal(0.0)),
        figure("K17 acknowledged and not there", Unit::Count, lost, house.always(0.0)),
    ]
}
