//! Secrets of apps: what calls of flows are signed with, or bring.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct AppSecret in "app_secret" by (workspace: Id, id: Id) {
        pub app: Id,
        pub name: String,
        /// `sign`, `bearer` or `header`
        pub purpose: String,
        /// The header that it is sent in.
        pub header: Option<String>,
        /// The hosts that may get it, as JSON.
        pub hosts: String,
        /// Sealed by who stores it.
        pub sealed: String,
        pub created_at: Timestamp,
        pub created_by: Option<Id>,
    }
}

impl AppSecret {
    /// Those of an app, by name and age.
    pub async fn of_app(db: &mut Reader, workspace: Id, app: Id) -> Result<Vec<AppSecret>> {
        let tail = "WHERE workspace = ? AND app = ? ORDER BY name, id";
        AppSecret::all(db, tail, args![workspace, app]).await
    }

    /// Those of an app that have this name: two while one takes the place of the other.
    pub async fn named(db: &mut Reader, (workspace, app): (Id, Id), name: &str) -> Result<Vec<AppSecret>> {
        let tail = "WHERE workspace = ? AND app = ? AND name = ? ORDER BY id";
        AppSecret::all(db, tail, args![workspace, app, name]).await
    }

    /// Those of a workspace.
    pub async fn of_workspace(db: &mut Reader, workspace: Id) -> Result<Vec<AppSecret>> {
        AppSecret::all(db, "WHERE workspace = ? ORDER BY app, name, id", args![workspace]).await
    }

    /// Those of all workspaces.
    pub async fn everywhere(db: &mut Reader) -> Result<Vec<AppSecret>> {
        AppSecret::all(db, "ORDER BY workspace, id", args![]).await
    }

    /// Removes all of them.
    pub async fn forget_everywhere(tx: &mut Tx) -> Result<u64> {
        tx.execute("DELETE FROM app_secret", args![]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn secrets_are_found_by_app_and_name() {
        on_both(async |store| {
            let app = ids::next();
            let secret = |name: &str| AppSecret {
                workspace: ws(),
                id: ids::next(),
                app,
                name: name.into(),
                purpose: "sign".into(),
                header: None,
                hosts: "[]".into(),
                sealed: "00".into(),
                created_at: at(0),
                created_by: None,
            };
            let rows = [secret("erp"), secret("erp"), secret("chat")];
            let stored = rows.clone();
            let done: Result<(), Error> = store
                .write(move |tx| Box::pin(async move { AppSecret::insert_all(tx, &stored).await }))
                .await;
            assert_eq!(done, Ok(()));
            let mut db = store.read().await.unwrap();
            assert_eq!(AppSecret::named(&mut db, (ws(), app), "erp").await, Ok(rows[..2].to_vec()));
            assert_eq!(AppSecret::of_app(&mut db, ws(), app).await.unwrap().len(), 3);
            assert!(AppSecret::of_app(&mut db, ws(), ids::next()).await.unwrap().is_empty());
            drop(db);
            let gone: Result<u64, Error> =
                store.write(move |tx| Box::pin(async move { AppSecret::forget_everywhere(tx).await })).await;
            assert_eq!(gone, Ok(3));
        })
        .await;
    }
}
