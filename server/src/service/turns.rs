//! How many questions over very many records a member has answered at once: a dashboard asks for all of its tiles in one
//! moment, and nobody's may take all readers of the database away from the others. The rest wait for their turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::value::Id;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Refusal;

/// Questions of one member that are answered at once.
const AT_ONCE: usize = 2;
/// Questions of one member that are answered or wait. A page asks for far fewer in one moment; more would hold places of the
/// server that others wait for.
const IN_LINE: usize = 100;
/// What two questions before may take, at five seconds each.
const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds until one should come again.
const TRY_AGAIN: u32 = 5;

type Members = Mutex<HashMap<Id, Arc<Semaphore>>>;

#[derive(Debug)]
pub struct Turns {
    patience: Duration,
    members: Arc<Members>,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns::with(PATIENCE)
    }
}

impl Turns {
    fn with(patience: Duration) -> Turns {
        Turns { patience, members: Arc::default() }
    }

    /// A turn of this member, as soon as there is one. It lasts until it is dropped.
    ///
    /// # Errors
    /// `too_many_questions` when those before take too long, or are too many to wait behind.
    pub async fn take(&self, member: Id) -> Result<Turn, Refusal> {
        let mut turn = self.line_up(member).ok_or_else(too_many)?;
        match timeout(self.patience, Arc::clone(&turn.of_member).acquire_owned()).await {
            Ok(Ok(permit)) => {
                turn.permit = Some(permit);
                Ok(turn)
            }
            Ok(Err(_)) | Err(_) => Err(too_many()),
        }
    }

    /// A place in the line of a member; none where that is as long as it may be.
    fn line_up(&self, member: Id) -> Option<Turn> {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let of_member = members.entry(member).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        // The table has it once, and each in the line twice: in its turn, and in what it waits for or was given.
        if Arc::strong_count(of_member) > 2 * IN_LINE {
            return None;
        }
        let of_member = Arc::clone(of_member);
        Some(Turn { permit: None, of_member, member, members: Arc::clone(&self.members) })
    }
}

fn too_many() -> Refusal {
    Refusal { code: "too_many_questions", ..Refusal::too_many(TRY_AGAIN) }
}

/// Somebody's turn, or their place in the line before it.
#[derive(Debug)]
pub struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    of_member: Arc<Semaphore>,
    member: Id,
    members: Arc<Members>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        // The table's own and this one: nobody else of the member is there or waits.
        if Arc::strong_count(&self.of_member) == 2 {
            members.remove(&self.member);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn t67_a_member_has_two_heavy_questions_answered_at_once_and_others_theirs() {
        let patience = Duration::from_millis(300);
        let turns = Turns::with(patience);
        let (mei, tom) = (Id::from_i64(1).unwrap(), Id::from_i64(2).unwrap());
        let (first, second) = (turns.take(mei).await.unwrap(), turns.take(mei).await.unwrap());
        let refused = turns.take(mei).await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after), ("too_many_questions", Some(TRY_AGAIN)));
        let other = turns.take(tom).await.unwrap();
        // Who waits comes as soon as one before has ended.
        let ends = async {
            tokio::time::sleep(patience / 6).await;
            drop(first);
        };
        let (third, ()) = tokio::join!(turns.take(mei), ends);
        let third = third.unwrap();
        assert_eq!(turns.take(mei).await.unwrap_err().code, "too_many_questions");
        // Nothing is kept of who has gone, or has given up.
        drop((second, third, other));
        assert!(turns.members.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn t67_a_line_is_only_so_long_and_others_have_their_own() {
        let turns = Turns::with(Duration::from_secs(60));
        let (mei, tom) = (Id::from_i64(1).unwrap(), Id::from_i64(2).unwrap());
        let held = (turns.take(mei).await.unwrap(), turns.take(mei).await.unwrap());
        let mut line: Vec<_> = (AT_ONCE..IN_LINE).map(|_| Box::pin(turns.take(mei))).collect();
        for waiting in &mut line {
            assert!(futures::poll!(waiting.as_mut()).is_pending());
        }
        // Who comes too late need not wait to be told.
        assert_eq!(turns.take(mei).await.unwrap_err().code, "too_many_questions");
        let other = turns.take(tom).await.unwrap();
        // A place that is left is free.
        drop(line.pop());
        assert!(timeout(Duration::from_millis(20), turns.take(mei)).await.is_err(), "it waits");
        drop((line, held, other));
        assert!(turns.members.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_hangs_up_while_they_wait_leaves_the_line() {
        let turns = Turns::with(Duration::from_secs(60));
        let mei = Id::from_i64(1).unwrap();
        let held = (turns.take(mei).await.unwrap(), turns.take(mei).await.unwrap());
        assert!(timeout(Duration::from_millis(50), turns.take(mei)).await.is_err());
        drop(held.0);
        let next = turns.take(mei).await.unwrap();
        drop((held.1, next));
        assert!(turns.members.lock().unwrap().is_empty());
    }
}
