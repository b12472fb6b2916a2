//! What lies in the recycle bin of the things that people design, a line for each. Records and fields lie with their forms.

use engine::value::{Id, Timestamp};
use sea_query::Value;

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::{Bind, args};
use crate::stored::{keyed, stored};

keyed! {
    pub enum BinKind {
        App = "app",
        Form = "form",
        Dashboard = "dashboard",
        Report = "report",
        Aggregate = "aggregate",
        FlowVersion = "flow_version",
        FlowDraft = "flow_draft",
    }
}

stored! {
    /// A thing in the bin, under the id that it has.
    pub struct BinLine in "bin_line" by (workspace: Id, id: Id) {
        pub kind: BinKind,
        /// The app that it belongs to; an app's own id.
        pub app: Id,
        /// The form whose flow it was.
        pub form: Option<Id>,
        pub key: String,
        /// A label as JSON.
        pub label: String,
        /// Key and label in every language, folded: what a search looks in.
        pub searched: String,
        /// What it was, where it lies here and nowhere else.
        pub document: Option<String>,
        /// The version that it had; of a version of a flow its number.
        pub version: i64,
        pub deleted_at: Timestamp,
        pub deleted_by: Option<Id>,
    }
}

/// Whose bin it is: what lies in it for somebody.
#[derive(Clone, Debug, Default)]
pub struct BinScope {
    /// The apps that are there and theirs.
    pub apps: Vec<Id>,
    /// The apps in the bin that are theirs.
    pub binned_apps: Vec<Id>,
    /// The forms that are there and theirs, with their flows.
    pub forms: Vec<Id>,
}

/// Which lines are asked for.
#[derive(Clone, Debug, Default)]
pub struct BinFilter {
    pub kind: Option<BinKind>,
    pub app: Option<Id>,
    pub who: Option<Id>,
    /// A part of what it is called, folded.
    pub text: Option<String>,
    /// The last line of the page before.
    pub before: Option<(Timestamp, Id)>,
}

/// One of these ids, as a condition; none of them is never.
fn one_of(column: &str, ids: &[Id], values: &mut Vec<Value>) -> String {
    if ids.is_empty() {
        return "1 = 0".to_string();
    }
    values.extend(ids.iter().copied().map(Bind::bind));
    format!("{column} IN ({})", vec!["?"; ids.len()].join(", "))
}

impl BinLine {
    /// As `find`, keeping others off it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, id: Id) -> Result<Option<BinLine>> {
        let tail = format!("WHERE workspace = ? AND id = ?{}", tx.dialect().row_lock(false));
        BinLine::one(tx, &tail, args![workspace, id]).await
    }

    /// The lines of somebody's bin that a filter leaves, the last deleted first.
    pub async fn list(
        db: &mut Reader,
        workspace: Id,
        scope: &BinScope,
        filter: &BinFilter,
        limit: i64,
    ) -> Result<Vec<BinLine>> {
        let mut values = args![workspace];
        let binned = one_of("id", &scope.binned_apps, &mut values);
        let here = one_of("app", &scope.apps, &mut values);
        let flows = one_of("form", &scope.forms, &mut values);
        let mut tail = format!(
            "WHERE workspace = ? AND (kind = 'app' AND {binned} OR kind <> 'app' AND form IS NULL AND {here} OR {flows})"
        );
        if let Some(kind) = filter.kind {
            tail.push_str(" AND kind = ?");
            values.extend(args![kind]);
        }
        for (column, id) in [("app", filter.app), ("deleted_by", filter.who)] {
            if let Some(id) = id {
                tail.push_str(&format!(" AND {column} = ?"));
                values.extend(args![id]);
            }
        }
        if let Some(text) = &filter.text {
            tail.push_str(&format!(" AND {}(searched, ?) > 0", db.dialect().place_in()));
            values.extend(args![text]);
        }
        if let Some((at, id)) = filter.before {
            tail.push_str(" AND (deleted_at < ? OR deleted_at = ? AND id < ?)");
            values.extend(args![at, at, id]);
        }
        tail.push_str(" ORDER BY deleted_at DESC, id DESC LIMIT ?");
        values.extend(args![limit]);
        BinLine::all(db, &tail, values).await
    }

    /// The lines of all that names its readers, kept from others until the transaction ends.
    pub async fn with_readers(tx: &mut Tx, workspace: Id) -> Result<Vec<BinLine>> {
        let kinds = "kind IN ('dashboard', 'report', 'aggregate')";
        let lock = tx.dialect().row_lock(false);
        let tail = format!("WHERE workspace = ? AND {kinds} ORDER BY id{lock}");
        BinLine::all(tx, &tail, args![workspace]).await
    }

    /// Lines of what was deleted before a moment, the first deleted first.
    pub async fn expired(
        db: &mut Reader,
        workspace: Id,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<BinLine>> {
        let tail = "WHERE workspace = ? AND deleted_at < ? ORDER BY deleted_at, id LIMIT ?";
        BinLine::all(db, tail, args![workspace, before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn line(kind: BinKind, app: Id, key: &str, second: i64) -> BinLine {
        BinLine {
            workspace: ws(),
            id: ids::next(),
            kind,
            app,
            form: None,
            key: key.into(),
            label: "{}".into(),
            searched: key.into(),
            document: None,
            version: 1,
            deleted_at: at(second),
            deleted_by: None,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_bin_shows_its_owner_what_is_theirs_page_by_page() {
        on_both(async |store| {
            let (app, other, form, who) = (ids::next(), ids::next(), ids::next(), ids::next());
            let mut rows = vec![
                line(BinKind::Dashboard, app, "sales", 1),
                BinLine { deleted_by: Some(who), ..line(BinKind::Report, app, "yearly sales", 2) },
                line(BinKind::Dashboard, other, "sales", 3),
                BinLine { form: Some(form), ..line(BinKind::FlowVersion, app, "leave", 4) },
            ];
            let gone = line(BinKind::App, ids::next(), "gone", 5);
            rows.push(BinLine { app: gone.id, ..gone });
            let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
            let stored = rows.clone();
            let made: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        BinLine::insert_all(tx, &stored).await?;
                        assert!(BinLine::lock(tx, ws(), stored[0].id).await?.is_some());
                        let read = BinLine::with_readers(tx, ws()).await?;
                        assert_eq!(read, stored[..3], "neither flows nor apps have readers of their own");
                        Ok(())
                    })
                })
                .await;
            made.unwrap();
            let mut db = store.read().await.unwrap();
            let scope = BinScope { apps: vec![app], binned_apps: vec![ids[4]], forms: vec![form] };
            let mut list = async |scope: &BinScope, filter: BinFilter, limit: i64| -> Vec<usize> {
                let found = BinLine::list(&mut db, ws(), scope, &filter, limit).await.unwrap();
                found.iter().map(|row| ids.iter().position(|id| *id == row.id).unwrap()).collect()
            };
            assert_eq!(list(&scope, BinFilter::default(), 9).await, [4, 3, 1, 0]);
            let second = BinFilter { before: Some((at(4), ids[3])), ..BinFilter::default() };
            assert_eq!(list(&scope, second, 1).await, [1]);
            let of_kind = BinFilter { kind: Some(BinKind::Dashboard), ..BinFilter::default() };
            assert_eq!(list(&scope, of_kind, 9).await, [0]);
            let named = BinFilter { text: Some("sales".into()), app: Some(app), ..BinFilter::default() };
            assert_eq!(list(&scope, named, 9).await, [1, 0]);
            let by = BinFilter { who: Some(who), ..BinFilter::default() };
            assert_eq!(list(&scope, by, 9).await, [1]);
            assert!(list(&BinScope::default(), BinFilter::default(), 9).await.is_empty());
            drop(db);
            let mut db = store.read().await.unwrap();
            let expired = BinLine::expired(&mut db, ws(), at(3), 9).await.unwrap();
            assert_eq!(expired.iter().map(|row| row.id).collect::<Vec<_>>(), ids[..2]);
        })
        .await;
    }
}
