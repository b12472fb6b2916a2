//! How many records a list has: told with its page, and never waited for longer than people notice.

use std::time::Duration;

use engine::access::Access;
use engine::condition::Checked;
use store::Reader;
use store::query::{Counted, HowMany, Shelf};
use tokio::task::JoinHandle;
use wire::records::{Count, CountMode};

use super::Order;
use crate::service::Refusal;

/// How long a page waits for the exact count of a large form. One that takes longer is told as an estimate; it goes on, and
/// whoever asks next is told what came of it.
const PATIENCE: Duration = Duration::from_millis(150);

/// A count that was asked for with a page.
pub enum Counting {
    /// Nobody asked.
    Nothing,
    Known(u64),
    /// Quick, or an estimate: made when the page is there.
    Later(HowMany, CountMode),
    /// On its way beside the page, with a connection of its own.
    Beside(HowMany, JoinHandle<Result<u64, Refusal>>),
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
        if mode == CountMode::Estimate || !asked.is_large(db).await? {
            return Ok(Counting::Later(asked, mode));
        }
        let (store, counted) = (order.installation.store.clone(), asked.clone());
        let beside = tokio::spawn(async move { Ok(counted.exact(&mut store.read().await?).await?) });
        Ok(Counting::Beside(asked, beside))
    }

    /// What came of it, once the page is there.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn finish(self, db: &mut Reader, seen: Seen) -> Result<Option<Count>, Refusal> {
        let exact = |value| Counted { value, exact: true };
        let counted = match (self, seen.all()) {
            (Counting::Nothing, _) => return Ok(None),
            (Counting::Known(_) | Counting::Later(..), Some(all)) => exact(all),
            (Counting::Beside(_, beside), Some(all)) => {
                beside.abort();
                exact(all)
            }
            (Counting::Known(count), None) => exact(count),
            (Counting::Later(asked, CountMode::Exact), None) => exact(asked.exact(db).await?),
            (Counting::Later(asked, _), None) => at_least(asked.estimate(db).await?, seen),
            (Counting::Beside(asked, beside), None) => {
                match tokio::time::timeout(PATIENCE, beside).await {
                    Ok(Ok(Ok(count))) => exact(count),
                    // It goes on by itself, or was not to be had: the rows are there, and so is an estimate.
                    Ok(Ok(Err(_)) | Err(_)) | Err(_) => at_least(asked.estimate(db).await?, seen),
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
    use super::*;

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
