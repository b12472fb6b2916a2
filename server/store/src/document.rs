//! Documents of an app that are no forms: dashboards, reports, automations, scripts; and what was installed.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{keyed, stored};

keyed! {
    pub enum DocumentKind {
        Dashboard = "dashboard",
        Report = "report",
        Automation = "automation",
        Script = "script",
        /// What scripts refuse, in words; one for a language.
        Texts = "texts",
    }
}

stored! {
    pub struct AppDocument in "app_document" by (workspace: Id, id: Id) {
        pub app: Id,
        pub kind: DocumentKind,
        pub key: String,
        pub document: String,
        pub version: i64,
    }
}

stored! {
    /// A package that is installed, as one app.
    pub struct PackageInstall in "package_install" by (workspace: Id, key: String) {
        pub app: Id,
        pub version: String,
        /// Its parameters with their values in force: a JSON array.
        pub parameters: String,
        /// The package as it was installed, as JSON: what an upgrade is compared with.
        pub package: String,
        pub installed_at: Timestamp,
        pub installed_by: Option<Id>,
    }
}

impl AppDocument {
    pub async fn of_app(
        db: &mut Reader,
        workspace: Id,
        app: Id,
        kind: DocumentKind,
    ) -> Result<Vec<AppDocument>> {
        let tail = "WHERE workspace = ? AND app = ? AND kind = ? ORDER BY id";
        AppDocument::all(db, tail, args![workspace, app, kind]).await
    }

    pub async fn list(db: &mut Reader, workspace: Id, kind: DocumentKind) -> Result<Vec<AppDocument>> {
        let tail = "WHERE workspace = ? AND kind = ? ORDER BY app, id";
        AppDocument::all(db, tail, args![workspace, kind]).await
    }

    pub async fn by_key(
        db: &mut Reader,
        workspace: Id,
        app: Id,
        kind: DocumentKind,
        key: &str,
    ) -> Result<Option<AppDocument>> {
        let tail = "WHERE workspace = ? AND app = ? AND kind = ? AND key = ?";
        AppDocument::one(db, tail, args![workspace, app, kind, key]).await
    }
}

impl PackageInstall {
    /// As `find`, keeping others from changing it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, key: &str) -> Result<Option<PackageInstall>> {
        let lock = tx.dialect().row_lock(false);
        PackageInstall::one(tx, &format!("WHERE workspace = ? AND key = ?{lock}"), args![workspace, key])
            .await
    }

    pub async fn list(db: &mut Reader, workspace: Id) -> Result<Vec<PackageInstall>> {
        PackageInstall::all(db, "WHERE workspace = ? ORDER BY installed_at, key", args![workspace]).await
    }

    pub async fn of_app(db: &mut Reader, workspace: Id, app: Id) -> Result<Option<PackageInstall>> {
        PackageInstall::one(db, "WHERE workspace = ? AND app = ?", args![workspace, app]).await
    }
}
