//! What is read often and changes seldom, held in memory for each workspace.
//!
//! A change is made known in its own transaction ([`Cached::changed`]): this process forgets after the commit and
//! before anybody is answered; other servers of the same database see the new stamp within [`FRESH`], or with the next news
//! that they hear of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use engine::value::Id;
use store::{Reader, Store, Tx, ids, setting};

use super::Refusal;

const FRESH: Duration = Duration::from_secs(1);

/// What can be read as a whole for one workspace.
pub trait Snapshot: Send + Sync + Sized + 'static {
    /// Names its stamp in the database.
    const NAME: &'static str;

    fn load(db: &mut Reader, workspace: Id) -> impl Future<Output = Result<Self, Refusal>> + Send;
}

/// The newest snapshot of each workspace.
pub struct Cached<T>(Arc<Mutex<Known<T>>>);

struct Known<T> {
    /// Counts what was forgotten, so that what was read before a change is not kept after it.
    changes: u64,
    by_workspace: HashMap<Id, Entry<T>>,
}

struct Entry<T> {
    snapshot: Arc<T>,
    stamp: Option<String>,
    checked: Instant,
}

impl<T> Clone for Cached<T> {
    fn clone(&self) -> Cached<T> {
        Cached(self.0.clone())
    }
}

impl<T> Default for Cached<T> {
    fn default() -> Cached<T> {
        Cached(Arc::new(Mutex::new(Known { changes: 0, by_workspace: HashMap::new() })))
    }
}

impl<T: Snapshot> Cached<T> {
    /// # Errors
    /// When the database can't be read.
    pub async fn get(&self, store: &Store, workspace: Id) -> Result<Arc<T>, Refusal> {
        let (changes, known) = {
            let known = self.lock();
            let entry = known.by_workspace.get(&workspace);
            (known.changes, entry.map(|entry| (entry.snapshot.clone(), entry.stamp.clone(), entry.checked)))
        };
        let checked = Instant::now();
        let mut db = match &known {
            Some((snapshot, _, last)) if !store.is_shared() || last.elapsed() < FRESH => {
                return Ok(snapshot.clone());
            }
            // Whoever asks may be reading already.
            Some(_) | None => store.read_aside().await?,
        };
        let stamp = setting::get(&mut db, &stamp_name::<T>(workspace)).await?;
        let snapshot = match known {
            Some((snapshot, known, _)) if known == stamp => snapshot,
            Some(_) | None => Arc::new(T::load(&mut db, workspace).await?),
        };
        let mut known = self.lock();
        if known.changes == changes {
            known.by_workspace.insert(workspace, Entry { snapshot: snapshot.clone(), stamp, checked });
        }
        Ok(snapshot)
    }

    /// What is in force inside a transaction: a change of this moment, of this process or
    /// another, is seen.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn newest(&self, store: &Store, tx: &mut Tx, workspace: Id) -> Result<Arc<T>, Refusal> {
        let cached = {
            let all = self.lock();
            all.by_workspace.get(&workspace).map(|entry| (entry.snapshot.clone(), entry.stamp.clone()))
        };
        // Who alone writes has forgotten what commits have changed; what is not committed yet is told by the transaction.
        if let Some((snapshot, _)) = &cached
            && !store.is_shared()
            && !tx.has_changed_settings()
        {
            return Ok(snapshot.clone());
        }
        let stamp = setting::get(tx, &stamp_name::<T>(workspace)).await?;
        match cached {
            Some((snapshot, cached)) if cached == stamp => Ok(snapshot),
            Some(_) | None => Ok(Arc::new(T::load(tx, workspace).await?)),
        }
    }

    /// As [`Cached::newest`], for a change that stands on all of it: whoever changes anything else of it meanwhile waits until
    /// the transaction ends, and then sees what it did.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn held(&self, store: &Store, tx: &mut Tx, workspace: Id) -> Result<Arc<T>, Refusal> {
        setting::hold(tx, &stamp_name::<T>(workspace)).await?;
        self.newest(store, tx, workspace).await
    }

    /// Notes in the transaction of a change that what is known is out of date once it commits.
    pub async fn changed(&self, tx: &mut Tx, workspace: Id) -> Result<(), Refusal> {
        setting::set(tx, &stamp_name::<T>(workspace), &ids::next().to_string()).await?;
        let cached = self.clone();
        tx.on_commit(move || {
            let mut known = cached.lock();
            known.changes += 1;
            known.by_workspace.remove(&workspace);
        });
        Ok(())
    }

    /// As [`Cached::changed`], which was said before in this transaction, where what is then true was read in it: whoever asks
    /// next need not read it again.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn becomes(&self, tx: &mut Tx, workspace: Id, snapshot: Arc<T>) -> Result<(), Refusal> {
        let stamp = setting::get(tx, &stamp_name::<T>(workspace)).await?;
        let cached = self.clone();
        tx.on_commit(move || {
            // Where others write too, somebody may have changed it since: the next one looks at the stamp.
            let checked = Instant::now().checked_sub(FRESH).unwrap_or_else(Instant::now);
            let mut known = cached.lock();
            known.changes += 1;
            known.by_workspace.insert(workspace, Entry { snapshot, stamp, checked });
        });
        Ok(())
    }

    /// Another server says that something has happened: whoever asks next looks at the stamp again.
    pub fn doubt(&self, workspace: Id) {
        if let Some(entry) = self.lock().by_workspace.get_mut(&workspace) {
            entry.checked = Instant::now().checked_sub(FRESH).unwrap_or(entry.checked);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp_name<T: Snapshot>(workspace: Id) -> String {
    format!("{}:{workspace}", T::NAME)
}
