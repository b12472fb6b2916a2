//! What the black-box tests stand on: a real `formwork` process, a client, a browser.
//!
//! ```no_run
//! # use serde_json::json;
//! # async fn story() {
//! tests::on_both(async |server| {
//!     let admin = server.set_up().await;
//!     let app = admin.post("/apps", json!({"label": "Sales"})).await.created();
//!     assert_eq!(admin.get(&format!("/apps/{}", app["id"].as_str().unwrap())).await.ok()["label"], "Sales");
//!     admin.get("/apps/nowhere").await.refused(404, "not_found");
//! }).await;
//! # }
//! ```
//!
//! A browser story asks `Browser::open(&server).await`, and then speaks of buttons and labels as a person would.
//! Run all of them with `cargo xtask test`, or some with `cargo xtask postgres cargo test -p tests NAME`.

// This crate is used by tests alone, and a test that cannot go on has to say so at once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod authenticator;
pub mod browser;
pub mod client;
pub mod design;
pub mod dice;
pub mod disk;
pub mod every_kind;
pub mod http_catcher;
pub mod identity_provider;
pub mod inside;
pub mod left_out;
pub mod lived_in;
pub mod mail_catcher;
pub mod measured;
pub mod news;
pub mod pages;
pub mod postgres;
pub mod published_provider;
pub mod sender;
pub mod server;
pub mod shared;
pub mod sheet;
pub mod states;
pub mod superstore;
pub mod visitor;
pub mod workspace;

pub use browser::Browser;
pub use client::{Answer, Client};
pub use dice::Dice;
/// Does many things at once, and gives what came of each, in order.
pub use futures::future::join_all as together;
pub use http_catcher::{Caught, HttpCatcher};
pub use identity_provider::IdentityProvider;
pub use inside::{Damage, Inside, Stored};
pub use left_out::left_out;
pub use mail_catcher::MailCatcher;
pub use news::News;
pub use published_provider::PublishedProvider;
pub use sender::Sender;
pub use server::{Database, Server};
pub use shared::on_both_shared;
pub use visitor::Visit;
pub use workspace::{App, Form, Person, Workspace};

/// Tells a story twice: with SQLite, and with PostgreSQL.
pub async fn on_both(story: impl AsyncFn(&mut Server)) {
    for database in [Database::Sqlite, Database::Postgres] {
        // Shown only when the story fails: which of the two it was.
        eprintln!("on {database:?}");
        let mut server = Server::start(database).await;
        story(&mut server).await;
        server.close().await;
    }
}
