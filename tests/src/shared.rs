//! One server for many stories. A story that has an app and people of its own does not mind what others do in the same
//! workspace, and starting a server takes longer than most stories.

use std::sync::{Arc, LazyLock, Weak};

use tokio::runtime::Runtime;
use tokio::sync::Mutex;

use crate::client::Client;
use crate::server::{Database, Server};
use crate::workspace::Workspace;

/// Each test has a runtime of its own, and the servers outlive it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

/// The servers, while some story uses them.
static RUNNING: LazyLock<Mutex<Weak<Both>>> = LazyLock::new(|| Mutex::new(Weak::new()));

struct Both {
    sqlite: Ready,
    postgres: Ready,
}

/// A server that was set up. It is killed with the last story that uses it.
struct Ready {
    _server: Server,
    admin: Client,
}

/// Tells a story twice, with SQLite and with PostgreSQL, in workspaces that it shares with other stories.
pub async fn on_both_shared(story: impl AsyncFn(Workspace)) {
    let both = RUNTIME.spawn(running()).await.unwrap();
    for (name, ready) in [("SQLite", &both.sqlite), ("PostgreSQL", &both.postgres)] {
        // Shown only when the story fails: which of the two it was.
        eprintln!("on {name}");
        // Connections belong to the runtime of the test that opened them.
        story(Workspace { admin: ready.admin.reconnected().patient() }).await;
    }
}

async fn running() -> Arc<Both> {
    let mut running = RUNNING.lock().await;
    if let Some(both) = running.upgrade() {
        return both;
    }
    let (sqlite, postgres) = tokio::join!(ready(Database::Sqlite), ready(Database::Postgres));
    let both = Arc::new(Both { sqlite, postgres });
    *running = Arc::downgrade(&both);
    both
}

async fn ready(database: Database) -> Ready {
    // Stories of one run come from one address.
    let server = Server::start_with(database, &["--public-per-minute", "6000"]).await;
    let admin = server.set_up().await;
    Ready { _server: server, admin }
}
