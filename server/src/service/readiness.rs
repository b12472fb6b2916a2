//! Whether requests may be sent here: the database is read, and its writer takes a transaction.
//!
//! Those who watch over a server ask often, and many at once. They share one look, which is good for a moment; so however often
//! they ask, the writer is asked once a second, and never has more than one of these looks in its queue for each time that one
//! was given up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::setting;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{Cause, Installation, Refusal};

/// How long a look is good for.
const FRESH: Duration = Duration::from_secs(1);
/// What a look may take: as long as anybody waits for a connection of the database.
const PATIENCE: Duration = Duration::from_secs(3);
/// Names nothing that is stored: where servers share a database, asking to change it needs one that can be changed.
const NOTHING: &str = "readiness";

/// When somebody looked, and what they saw.
type Look = (Instant, Result<(), Refusal>);

/// The last look.
#[derive(Debug)]
pub struct Readiness {
    patience: Duration,
    /// Held by whoever looks.
    looked: Arc<Mutex<Option<Look>>>,
}

impl Default for Readiness {
    fn default() -> Readiness {
        Readiness::with(PATIENCE)
    }
}

impl Readiness {
    fn with(patience: Duration) -> Readiness {
        Readiness { patience, looked: Arc::default() }
    }

    /// What a look says that is fresh; else one is made, for whoever asks meanwhile too.
    async fn ask(&self, installation: &Installation) -> Result<(), Refusal> {
        let looked = Arc::clone(&self.looked).lock_owned().await;
        if let Some((at, told)) = &*looked
            && at.elapsed() < FRESH
        {
            return told.clone();
        }
        let (parts, patience) = (installation.clone(), self.patience);
        // A look goes on when the one who asked has hung up, so that hanging up starts no others.
        let looking = tokio::spawn(async move {
            let mut looked = looked;
            let told = match timeout(patience, look(&parts)).await {
                Ok(told) => told.map_err(for_a_while),
                Err(_) => Err(Refusal::busy()),
            };
            *looked = Some((Instant::now(), told.clone()));
            told
        });
        looking.await.unwrap_or_else(|error| Err(for_a_while(Refusal::internal(error))))
    }
}

/// Whether requests should be sent here.
///
/// # Errors
/// `busy` while the server stops, and while its database does not read or write in time, or `disk_full`.
pub async fn check(installation: &Installation) -> Result<(), Refusal> {
    if installation.is_draining() {
        return Err(Refusal::busy());
    }
    installation.room.for_rows()?;
    installation.readiness.ask(installation).await
}

/// Reads, and goes through the writer with a transaction that changes nothing.
async fn look(installation: &Installation) -> Result<(), Refusal> {
    drop(installation.store.read().await?);
    installation.write(|tx| Box::pin(async move { Ok(setting::hold(tx, NOTHING).await?) })).await
}

/// Whatever is wrong is told as something that may pass: who watches is to come again. The log says what it was.
fn for_a_while(refusal: Refusal) -> Refusal {
    match refusal.cause {
        Cause::Busy | Cause::DiskFull => refusal,
        _ => {
            tracing::error!(%refusal, "the server is not ready");
            Refusal::busy()
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::service::testing::on_an_installation;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_who_ask_at_once_have_the_writer_asked_once() {
        on_an_installation("readiness_shared", async |installation, _| {
            // An installation that has just begun may still have something to write.
            installation.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
            let before = installation.store.turns();
            check(installation).await.unwrap();
            let of_one = installation.store.turns() - before;
            assert!(of_one > 0, "the writer was asked");
            installation.readiness.looked.lock().await.take();
            let before = installation.store.turns();
            for told in join_all((0..50).map(|_| check(installation))).await {
                told.unwrap();
            }
            assert_eq!(installation.store.turns() - before, of_one);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_writer_that_does_not_come_back_is_told_in_time_and_by_many_looks_once() {
        on_an_installation("readiness_held", async |installation, _| {
            let readiness = Readiness::with(Duration::from_millis(100));
            let (held, gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
            let (theirs, held_by_them) = (gate.clone(), held.clone());
            let blocked = installation.clone();
            let blocking = tokio::spawn(async move {
                let work = blocked.write(move |_| {
                    let (gate, held) = (theirs.clone(), held_by_them.clone());
                    Box::pin(async move {
                        held.add_permits(1);
                        gate.acquire().await.map(drop).map_err(Refusal::internal)
                    })
                });
                work.await
            });
            held.acquire().await.unwrap().forget();
            let begun = Instant::now();
            let told = join_all((0..20).map(|_| readiness.ask(installation))).await;
            // Twenty looks one after the other would take two seconds.
            assert!(begun.elapsed() < Duration::from_millis(1_500), "{:?}", begun.elapsed());
            for told in told {
                let refusal = told.unwrap_err();
                assert_eq!((refusal.cause, refusal.code), (Cause::Busy, "busy"));
            }
            gate.add_permits(1);
            blocking.await.unwrap().unwrap();
            // What was said then is not said for ever.
            tokio::time::sleep(FRESH).await;
            readiness.ask(installation).await.unwrap();
        })
        .await;
    }
}
