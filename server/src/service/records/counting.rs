//! How many records a list has: told with its page, and not waited for longer than people notice unless it has to be exact.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::access::Access;
use engine::condition::Checked;
use store::query::{Counted, HowMany, Shelf};
use store::{Reader, Store};
use tokio::task::JoinHandle;
use wire::records::{Count, CountMode};

use super::Order;
use crate::service::Refusal;

/// How long a page waits for the exact count of a large form, unless that was asked for. One that takes longer is told as an
/// estimate; it goes on, and whoever asks next is told what came of it.
const PATIENCE: Duration = Duration::from_millis(150);

/// A count that was asked for with a page.
pub enum Counting {
    /// Nobody asked.
    Nothing,
    Known(u64),
    /// Quick: made when the page is there.
    Later(HowMany),
    /// On its way beside the page.
    Beside(Beside),
}

/// A count with a connection of its own.
pub struct Beside {
    asked: HowMany,
    counted: JoinHandle<Result<u64, Refusal>>,
    /// Whether it has got its connection.
    has_begun: Arc<AtomicBool>,
    mode: CountMode,
}

impl Beside {
    fn begin(store: Store, asked: HowMany, mode: CountMode) -> Beside {
        let has_begun = Arc::new(AtomicBool::new(false));
        let (begun, how_many) = (has_begun.clone(), asked.clone());
        let counted = tokio::spawn(async move {
            let mut db = store.read().await?;
            begun.store(true, Ordering::Relaxed);
            Ok(how_many.exact(&mut db).await?)
        });
        Beside { asked, counted, has_begun, mode }
    }

    /// What came of it: exact, or nothing where it takes too long or was not to be had.
    async fn finish(mut self, db: &mut Reader) -> Option<u64> {
        let counted = match (tokio::time::timeout(PATIENCE, &mut self.counted).await, self.mode) {
            (Ok(counted), _) => counted,
            // It goes on by itself.
            (Err(_), CountMode::None | CountMode::Estimate) => return None,
            (Err(_), CountMode::Exact) if self.has_begun.load(Ordering::Relaxed) => self.counted.await,
            (Err(_), CountMode::Exact) => {
                // Every connection is lent, to pages that wait as this one does: nobody is to wait for another.
                self.counted.abort();
                return self.asked.exact(db).await.ok();
            }
        };
        counted.ok()?.ok()
    }
}

/// What the page itself says of how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// How many records come before it; `None` where nobody knows.
    pub before: Option<u64>,
    pub records: u64,
    pub is_last: bool,
}

impl Seen {
    /// The number of all, where the page is the end of a list whose beginning is known. A page beyond the end says nothing.
    fn all(self) -> Option<u64> {
        let before = self.before.filter(|before| self.is_last && (self.records > 0 || *before == 0))?;
        Some(before + self.records)
    }
}

impl Counting {
    /// Begins to count. What may take long is counted beside whatever its caller does next.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn begin(
        order: &Order,
        db: &mut Reader,
        access: &Access,
        (shelf, filter): (Shelf, &Checked),
        mode: CountMode,
    ) -> Result<Counting, Refusal> {
        if mode == CountMode::None {
            return Ok(Counting::Nothing);
        }
        let (table, context) = (order.table(), &order.context);
        let asked = HowMany::new(db, access, table, shelf, filter, context).await?;
        if let Some(count) = asked.known(db).await? {
            return Ok(Counting::Known(count));
        }
        if !asked.is_large(db).await? {
            return Ok(Counting::Later(asked));
        }
        Ok(Counting::Beside(Beside::begin(order.installation.store.clone(), asked, mode)))
    }

    /// What came of it, once the page is there.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn finish(self, db: &mut Reader, seen: Seen) -> Result<Option<Count>, Refusal> {
        let exact = |value| Counted { value, exact: true };
        let counted = match (self, seen.all()) {
            (Counting::Nothing, _) => return Ok(None),
            (Counting::Known(_) | Counting::Later(_), Some(all)) => exact(all),
            (Counting::Beside(beside), Some(all)) => {
                beside.counted.abort();
                exact(all)
            }
            (Counting::Known(count), None) => exact(count),
            (Counting::Later(asked), None) => exact(asked.exact(db).await?),
            (Counting::Beside(beside), None) => {
                let asked = beside.asked.clone();
                match beside.finish(db).await {
                    Some(count) => exact(count),
                    // The rows are there, and so is an estimate.
                    None => at_least(asked.estimate(db).await?, seen),
                }
            }
        };
        Ok(Some(Count { value: counted.value, exact: counted.exact }))
    }
}

/// An estimate is no less than what the page shows.
fn at_least(counted: Counted, seen: Seen) -> Counted {
    let shown = seen.before.unwrap_or(0) + seen.records + u64::from(!seen.is_last);
    if counted.exact { counted } else { Counted { value: counted.value.max(shown), ..counted } }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::testing::{app, create, form, on_an_installation};

    /// One record, counted by somebody who takes their time.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_count_is_waited_for_by_who_wants_it_exactly() {
        on_an_installation("counts", async |installation, caller| {
            let app = app(installation, caller).await;
            let document =
                json!({"key": "f", "label": "f", "fields": [{"key": "a", "label": "a", "kind": "text"}]});
            let form = form(installation, caller, &app, document).await;
            create(installation, caller, &form, json!({"a": "x"}), None).await;
            let order = Order::to_read(installation, caller, &form).await.unwrap();
            let mut db = installation.store.read().await.unwrap();
            let (access, all, context) = (&order.access, Checked::always(), &order.context);
            let asked =
                HowMany::new(&mut db, access, order.table(), Shelf::Live, &all, context).await.unwrap();
            let slow = |mode, has_begun| Beside {
                asked: asked.clone(),
                counted: tokio::spawn(async {
                    tokio::time::sleep(PATIENCE * 3).await;
                    Ok(7)
                }),
                has_begun: Arc::new(AtomicBool::new(has_begun)),
                mode,
            };
            assert_eq!(slow(CountMode::Estimate, true).finish(&mut db).await, None);
            assert_eq!(slow(CountMode::Exact, true).finish(&mut db).await, Some(7));
            let counted_here = slow(CountMode::Exact, false).finish(&mut db).await;
            assert_eq!(
                counted_here,
                Some(1),
                "where no connection was to be had, the page counts with its own"
            );
        })
        .await;
    }

    #[test]
    fn a_page_that_ends_a_list_says_how_many_there_are() {
        let seen = |before, records, is_last| Seen { before, records, is_last };
        assert_eq!(seen(Some(0), 7, true).all(), Some(7));
        assert_eq!(seen(Some(0), 0, true).all(), Some(0));
        assert_eq!(seen(Some(100), 7, true).all(), Some(107));
        assert_eq!(seen(Some(100), 0, true).all(), None, "the list may have ended before");
        assert_eq!(seen(Some(0), 50, false).all(), None);
        assert_eq!(seen(None, 7, true).all(), None, "nobody knows what a cursor has passed");
    }

    #[test]
    fn an_estimate_is_no_less_than_what_is_seen() {
        let about = |value| Counted { value, exact: false };
        let seen = Seen { before: Some(100), records: 50, is_last: false };
        assert_eq!(at_least(about(20), seen), about(151));
        assert_eq!(at_least(about(9_000), seen), about(9_000));
        assert_eq!(at_least(Counted { value: 20, exact: true }, seen).value, 20);
    }
}
