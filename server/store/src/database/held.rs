//! Who reads with a connection must not wait for a second one: a few who do so at once have all of them, and each waits for
//! the others until its patience ends. In a development build, and so in every test, they get none.

use std::backtrace::Backtrace;
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use tokio::task;

use crate::error::{Error, Result};

/// The tasks that have a connection.
static HOLDERS: LazyLock<Mutex<HashSet<task::Id>>> = LazyLock::new(Mutex::default);

/// That a task has a connection, for as long as this lives.
pub(super) struct Held(Option<task::Id>);

impl Held {
    /// # Errors
    /// [`Error::Busy`] for a task that has one.
    pub(super) fn new() -> Result<Held> {
        // What runs in no task of its own, such as the main function of a test, may hold several.
        let holder = task::try_id();
        if let Some(id) = holder
            && !holders().insert(id)
        {
            let backtrace = Backtrace::force_capture();
            tracing::error!(%backtrace, "who reads with one connection waits for another");
            return Err(Error::Busy);
        }
        Ok(Held(holder))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            holders().remove(&id);
        }
    }
}

fn holders() -> std::sync::MutexGuard<'static, HashSet<task::Id>> {
    HOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_holds_one_at_a_time_and_another_one_its_own() {
        let task = tokio::spawn(async {
            let first = Held::new().unwrap();
            assert_eq!(Held::new().err(), Some(Error::Busy));
            let other = tokio::spawn(async { Held::new().map(drop) });
            assert_eq!(other.await.unwrap(), Ok(()));
            drop(first);
            Held::new().map(drop)
        });
        assert_eq!(task.await.unwrap(), Ok(()));
    }
}
