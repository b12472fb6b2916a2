//! A running product: what every service needs at hand.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::value::Id;
use futures::future::BoxFuture;
use store::{Database, Store, Tx};

use super::Refusal;
use super::audit::Refusals;
use super::cached::Cached;
use super::calls::Calls;
use super::designs::Designs;
use super::jobs::InProgress;
use super::links::pace::Pace;
use super::live_events::LiveEvents;
use super::mail::Postman;
use super::metrics::Metrics;
use super::once::Running;
use super::people::Directory;
use super::people::password::Passwords;
use super::people::provider::Provider;
use super::people::set_up::SetUpCode;
use super::people::sign_in::Sessions;
use super::people::throttle::{Allowance, Throttle};
use super::readiness::Readiness;
use super::room::Room;
use super::seal::{self, Seal};
use super::turns::Turns;
use crate::settings::Settings;

const MINUTE: Duration = Duration::from_secs(60);
/// Many who work in one place may share an address.
const KNOCKS_PER_MINUTE: usize = 300;

/// A running product. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Installation(Arc<Parts>);

/// What an installation is made of.
pub struct Parts {
    pub settings: Settings,
    pub store: Store,
    pub passwords: Passwords,
    pub throttle: Throttle,
    /// Codes of second steps that were tried, for each account.
    pub codes: Allowance,
    /// Letters about forgotten passwords, for each address.
    pub letters: Allowance,
    /// What costs much, for each member.
    pub costly: Allowance,
    /// What reads very many records, a few at a time for each member.
    pub turns: Turns,
    /// What is asked with a token, where an operator limits it.
    pub programs: Option<Allowance>,
    /// What anybody may try, for each address.
    pub knocks: Allowance,
    /// What visitors of public links do.
    pub visitors: Pace,
    /// Sends mail, where an operator has connected a server for it.
    pub postman: Option<Postman>,
    /// Vouches for people, where an operator has connected it.
    pub provider: Option<Provider>,
    /// Brings calls of flows to other systems.
    pub calls: Calls,
    pub directories: Cached<Directory>,
    pub designs: Cached<Designs>,
    pub sessions: Sessions,
    /// What people were refused, until it is in the audit trail.
    pub refusals: Refusals,
    pub set_up_code: SetUpCode,
    /// Requests with an idempotency key that run at this moment.
    pub running: Running,
    /// Seals what we give out and take back, such as cursors.
    pub seal: Seal,
    /// News for those who look on.
    pub live: LiveEvents,
    /// How far the jobs of this process are.
    pub jobs: InProgress,
    /// What is left of the disk.
    pub room: Room,
    /// The last look at whether requests may be sent here.
    pub readiness: Readiness,
    /// What those who watch over the server are told.
    pub metrics: Metrics,
    /// Held while bytes lie on the disk for which the database has no row yet, and alone by who removes bytes.
    pub bytes: tokio::sync::RwLock<()>,
    draining: AtomicBool,
}

impl Deref for Installation {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Installation {
    /// Opens the database and makes ready what serving needs.
    ///
    /// # Errors
    /// When the database can't be opened, or lacks something without which data would be lost or damaged.
    pub async fn open(settings: Settings) -> Result<Installation, Refusal> {
        let installation = Installation::open_as_it_is(settings).await?;
        if let Err(error) = installation.store.check().await {
            installation.store.close().await;
            return Err(error.into());
        }
        Ok(installation)
    }

    /// As [`Installation::open`], however damaged the database is: for who looks for the damage.
    ///
    /// # Errors
    /// When the database can't be opened.
    pub async fn open_as_it_is(settings: Settings) -> Result<Installation, Refusal> {
        let store = open_store(&settings).await?;
        match Installation::around(settings, store.clone()).await {
            Ok(installation) => Ok(installation),
            Err(refusal) => {
                store.close().await;
                Err(refusal)
            }
        }
    }

    /// As [`Installation::open_as_it_is`], around a database that is open: for who looks at one that is not served.
    ///
    /// # Errors
    /// When what is sealed in it could not be opened.
    pub async fn around(settings: Settings, store: Store) -> Result<Installation, Refusal> {
        let postman = settings.services.mail.as_ref().map(Postman::of).transpose()?;
        let services = &settings.services;
        let provider = services.provider.clone();
        let provider = provider.map(|provider| Provider::new(provider, &services.allow_private));
        let calls = Calls::new(&services.allow_private);
        let seal = seal::of(&store, &settings.seal_key).await?;
        let a_minute = |most: u32| Allowance::new(usize::try_from(most).unwrap_or(usize::MAX), MINUTE);
        let costly = a_minute(settings.costly_per_minute);
        let public_per_minute = settings.public_per_minute;
        let programs = settings.rate_limit.0.map(|most| a_minute(most.get()));
        let room = Room::of(&settings);
        Ok(Installation(Arc::new(Parts {
            settings,
            store,
            passwords: Passwords::new()?,
            throttle: Throttle::default(),
            codes: Allowance::new(10, Duration::from_secs(15 * 60)),
            letters: Allowance::new(3, Duration::from_secs(60 * 60)),
            costly,
            turns: Turns::default(),
            programs,
            knocks: Allowance::new(KNOCKS_PER_MINUTE, MINUTE),
            visitors: Pace::new(public_per_minute),
            postman,
            provider,
            calls,
            directories: Cached::default(),
            designs: Cached::default(),
            sessions: Sessions::default(),
            refusals: Refusals::default(),
            set_up_code: SetUpCode::default(),
            running: Running::default(),
            seal,
            live: LiveEvents::default(),
            jobs: InProgress::default(),
            room,
            readiness: Readiness::default(),
            metrics: Metrics::default(),
            bytes: tokio::sync::RwLock::default(),
            draining: AtomicBool::new(false),
        })))
    }

    /// One transaction. See [`Store::write`]: `work` may run more than once.
    ///
    /// # Errors
    /// What `work` says, or why it could not be committed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Refusal>> + Clone + Send + 'static,
    {
        self.store.write(work).await
    }

    /// Has every credential of a member looked up again, here and at the other servers of the database.
    pub fn look_up_again(&self, workspace: Id, member: Id) {
        self.sessions.forget(member);
        self.live.send_end(workspace, member);
    }

    /// What is known of a workspace may have changed at another server.
    pub fn doubt(&self, workspace: Id) {
        self.directories.doubt(workspace);
        self.designs.doubt(workspace);
    }

    /// Says from now on that requests should go elsewhere.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// Opens the database alone.
///
/// # Errors
/// When it can't be opened.
pub async fn open_store(settings: &Settings) -> Result<Store, Refusal> {
    Ok(Store::open(&store::Settings::new(database_of(&settings.database))).await?)
}

/// The database that an operator means by an address.
pub fn database_of(url: &str) -> Database {
    match url.strip_prefix("sqlite:") {
        Some(path) => Database::Sqlite(path.trim_start_matches("//").into()),
        None => Database::Postgres(url.to_string()),
    }
}
