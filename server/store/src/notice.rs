//! What members are told of, and how they want to be told.

use std::collections::BTreeMap;

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Sql, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::{MOST_ROWS, stored};

stored! {
    pub struct Notice in "notice" by (workspace: Id, id: Id) {
        pub member: Id,
        pub kind: String,
        pub at: Timestamp,
        pub form: Id,
        pub record: Id,
        /// The request that it is about; none where it is about the record alone.
        pub instance: Option<Id>,
        pub task: Option<Id>,
        /// What it says, where it is a message of a flow.
        pub message: Option<Id>,
        pub step: Option<String>,
        /// Who did it.
        pub who: Option<Id>,
        /// How the request ended.
        pub outcome: Option<String>,
        /// Whether the product lists it; else it is for a letter alone.
        pub listed: bool,
        pub read_at: Option<Timestamp>,
        /// When a letter tells of it; none where none does, or one has.
        pub mail_at: Option<Timestamp>,
    }
}

stored! {
    pub struct NoticeSettings in "notice_settings" by (workspace: Id, member: Id) {
        /// For each kind how, as JSON.
        pub channels: String,
        /// The minute of the member's day at which the daily letter is written.
        pub daily_at: i64,
        pub version: i64,
    }
}

impl Notice {
    /// Those of a member that the product lists, newest first, from before `before`.
    pub async fn of_member(
        db: &mut Reader,
        (workspace, member): (Id, Id),
        is_unread: bool,
        before: Option<Id>,
        limit: i64,
    ) -> Result<Vec<Notice>> {
        let unread = if is_unread { " AND read_at IS NULL" } else { "" };
        let tail = format!(
            "WHERE workspace = ? AND member = ? AND listed = 1 AND id < ?{unread} ORDER BY id DESC LIMIT ?"
        );
        let before = before.map_or(i64::MAX, Id::as_i64);
        Notice::all(db, &tail, args![workspace, member, before, limit]).await
    }

    /// How many of them a member has not read.
    pub async fn count_unread(db: &mut Reader, workspace: Id, member: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM notice \
                   WHERE workspace = ? AND member = ? AND listed = 1 AND read_at IS NULL";
        db.fetch_one(sql, args![workspace, member]).await?.get(0)
    }

    /// Marks all of a member's up to `until` as read; how many that were.
    pub async fn read_all(
        tx: &mut Tx,
        (workspace, member): (Id, Id),
        until: Id,
        now: Timestamp,
    ) -> Result<u64> {
        let sql = "UPDATE notice SET read_at = ? \
                   WHERE workspace = ? AND member = ? AND read_at IS NULL AND id <= ?";
        tx.execute(sql, args![now, workspace, member, until]).await
    }

    /// Marks some of a member's as read at `at`, or as not read; how many that were. Those of others stay as they are.
    pub async fn mark(
        tx: &mut Tx,
        (workspace, member): (Id, Id),
        ids: &[Id],
        at: Option<Timestamp>,
    ) -> Result<u64> {
        let mut count = 0;
        for some in ids.chunks(MOST_ROWS) {
            let marks = vec!["?"; some.len()].join(", ");
            let sql = format!(
                "UPDATE notice SET read_at = ? WHERE workspace = ? AND member = ? AND id IN ({marks})"
            );
            let values = args![at, workspace, member].into_iter();
            let values = values.chain(some.iter().flat_map(|id| args![*id])).collect();
            count += tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(count)
    }

    /// Marks what was told of a task as read, but for the one whom it still concerns; whom it was told.
    pub async fn settle(
        tx: &mut Tx,
        workspace: Id,
        task: Id,
        still: Option<Id>,
        now: Timestamp,
    ) -> Result<Vec<Id>> {
        let open = "WHERE workspace = ? AND task = ? AND read_at IS NULL";
        let told = Notice::all(tx, open, args![workspace, task]).await?;
        let over: Vec<Id> =
            told.iter().map(|notice| notice.member).filter(|member| Some(*member) != still).collect();
        if !over.is_empty() {
            let sql = "UPDATE notice SET read_at = ? \
                       WHERE workspace = ? AND task = ? AND read_at IS NULL AND member <> ?";
            tx.execute(sql, args![now, workspace, task, still.map_or(0, Id::as_i64)]).await?;
        }
        Ok(over)
    }

    /// Whether a letter is to be written.
    pub async fn is_mail_due(db: &mut Reader, now: Timestamp) -> Result<bool> {
        let row = db.fetch_optional("SELECT 1 FROM notice WHERE mail_at <= ? LIMIT 1", args![now]).await?;
        Ok(row.is_some())
    }

    /// Members to whom a letter is to be written, up to `limit` of them, each with their workspace.
    pub async fn mail_due(db: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<(Id, Id)>> {
        let sql = "SELECT DISTINCT workspace, member FROM notice WHERE mail_at <= ? \
                   ORDER BY workspace, member LIMIT ?";
        let rows = db.fetch_all(sql, args![now, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// What a letter to a member has to tell of, oldest first.
    pub async fn for_mail(
        db: &mut Reader,
        (workspace, member): (Id, Id),
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<Notice>> {
        let tail = "WHERE workspace = ? AND member = ? AND mail_at <= ? ORDER BY id LIMIT ?";
        Notice::all(db, tail, args![workspace, member, now, limit]).await
    }

    /// Says that letters have told of these; how many there were of which none had. Another server may have been quicker.
    pub async fn mailed(tx: &mut Tx, workspace: Id, ids: &[Id]) -> Result<u64> {
        let mut count = 0;
        for some in ids.chunks(MOST_ROWS) {
            let marks = vec!["?"; some.len()].join(", ");
            let sql = format!(
                "UPDATE notice SET mail_at = NULL WHERE workspace = ? AND mail_at IS NOT NULL AND id IN ({marks})"
            );
            let values = args![workspace].into_iter();
            let values = values.chain(some.iter().flat_map(|id| args![*id])).collect();
            count += tx.execute(Sql::Template(sql), values).await?;
        }
        Ok(count)
    }

    /// Moves the letters about a kind of thing of which none has told yet.
    pub async fn put_off_mail(
        tx: &mut Tx,
        (workspace, member): (Id, Id),
        kind: &str,
        at: Option<Timestamp>,
    ) -> Result<u64> {
        let sql = "UPDATE notice SET mail_at = ? \
                   WHERE workspace = ? AND member = ? AND kind = ? AND mail_at IS NOT NULL";
        tx.execute(sql, args![at, workspace, member, kind]).await
    }

    /// Forgets what is older than `before`, up to `limit`; how many that were.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM notice WHERE (workspace, id) IN \
                   (SELECT workspace, id FROM notice WHERE at < ? ORDER BY at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

impl NoticeSettings {
    /// Stores it, whether there was a row or not.
    pub async fn save(&self, tx: &mut Tx) -> Result<()> {
        NoticeSettings::delete(tx, self.workspace, self.member).await?;
        self.insert(tx).await
    }

    /// Those of some members that have said something.
    pub async fn of_members(
        db: &mut Reader,
        workspace: Id,
        members: &[Id],
    ) -> Result<BTreeMap<Id, NoticeSettings>> {
        let mut found = BTreeMap::new();
        for some in members.chunks(MOST_ROWS) {
            let marks = vec!["?"; some.len()].join(", ");
            let tail = format!("WHERE workspace = ? AND member IN ({marks})");
            let values = args![workspace].into_iter();
            let values = values.chain(some.iter().flat_map(|id| args![*id])).collect();
            for row in NoticeSettings::all(db, &tail, values).await? {
                found.insert(row.member, row);
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn notice(member: Id, task: Option<Id>, mail_at: Option<Timestamp>) -> Notice {
        Notice {
            workspace: ws(),
            id: ids::next(),
            member,
            kind: "task".into(),
            at: at(0),
            form: ids::next(),
            record: ids::next(),
            instance: Some(ids::next()),
            task,
            message: None,
            step: Some("boss".into()),
            who: None,
            outcome: None,
            listed: true,
            read_at: None,
            mail_at,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_read_or_over_counts_no_more() {
        on_both(async |store| {
            let (mei, tom, task) = (ids::next(), ids::next(), ids::next());
            let rows = [
                notice(mei, Some(task), None),
                notice(tom, Some(task), None),
                notice(mei, None, None),
                Notice { listed: false, ..notice(mei, None, None) },
            ];
            let stored = rows.clone();
            let done: Result<(Vec<Id>, Vec<i64>), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Notice::insert_all(tx, &stored).await?;
                        let mut counts = vec![Notice::count_unread(tx, ws(), mei).await?];
                        let over = Notice::settle(tx, ws(), task, Some(mei), at(1)).await?;
                        counts.push(Notice::count_unread(tx, ws(), mei).await?);
                        counts.push(Notice::count_unread(tx, ws(), tom).await?);
                        Notice::settle(tx, ws(), task, None, at(1)).await?;
                        counts.push(Notice::count_unread(tx, ws(), mei).await?);
                        let theirs = Notice::mark(tx, (ws(), tom), &[stored[0].id], None).await?;
                        assert_eq!(theirs, 0, "it is mei's");
                        Notice::mark(tx, (ws(), mei), &[stored[0].id], None).await?;
                        counts.push(Notice::count_unread(tx, ws(), mei).await?);
                        Notice::read_all(tx, (ws(), mei), stored[1].id, at(2)).await?;
                        counts.push(Notice::count_unread(tx, ws(), mei).await?);
                        Ok((over, counts))
                    })
                })
                .await;
            assert_eq!(done, Ok((vec![tom], vec![2, 2, 0, 1, 2, 1])));
            let mut db = store.read().await.unwrap();
            let unread = Notice::of_member(&mut db, (ws(), mei), true, None, 9).await.unwrap();
            assert_eq!(unread, std::slice::from_ref(&rows[2]));
            let all = Notice::of_member(&mut db, (ws(), mei), false, None, 9).await.unwrap();
            assert_eq!(all.len(), 2, "what is for a letter alone is not listed");
            let rest = Notice::of_member(&mut db, (ws(), mei), false, Some(rows[2].id), 9).await.unwrap();
            assert_eq!(rest.len(), 1);
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn letters_are_due_once_and_can_be_put_off() {
        on_both(async |store| {
            let (mei, tom) = (ids::next(), ids::next());
            let rows =
                [notice(mei, None, Some(at(5))), notice(mei, None, Some(at(50))), notice(tom, None, None)];
            let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
            let done: Result<Vec<u64>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        Notice::insert_all(tx, &rows).await?;
                        assert!(!Notice::is_mail_due(tx, at(4)).await?);
                        assert!(Notice::is_mail_due(tx, at(5)).await?);
                        assert_eq!(Notice::mail_due(tx, at(6), 9).await?, [(ws(), mei)]);
                        let due = Notice::for_mail(tx, (ws(), mei), at(6), 9).await?;
                        assert_eq!(due.iter().map(|row| row.id).collect::<Vec<_>>(), ids[..1]);
                        let first = Notice::mailed(tx, ws(), &ids).await?;
                        let again = Notice::mailed(tx, ws(), &ids).await?;
                        let moved = Notice::put_off_mail(tx, (ws(), mei), "task", Some(at(9))).await?;
                        let gone = Notice::purge(tx, at(1), 2).await?;
                        let rest = Notice::purge(tx, at(1), 9).await?;
                        Ok(vec![first, again, moved, gone, rest])
                    })
                })
                .await;
            assert_eq!(done, Ok(vec![2, 0, 0, 2, 1]));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn how_one_is_told_is_kept_for_each_member() {
        on_both(async |store| {
            let (mei, tom) = (ids::next(), ids::next());
            let row = NoticeSettings {
                workspace: ws(),
                member: mei,
                channels: "{}".into(),
                daily_at: 480,
                version: 1,
            };
            let (first, then) = (row.clone(), NoticeSettings { daily_at: 60, version: 2, ..row });
            let newest = then.clone();
            let done: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        first.save(tx).await?;
                        newest.save(tx).await
                    })
                })
                .await;
            assert_eq!(done, Ok(()));
            let mut db = store.read().await.unwrap();
            let found = NoticeSettings::of_members(&mut db, ws(), &[mei, tom]).await.unwrap();
            assert_eq!(found, BTreeMap::from([(mei, then)]));
        })
        .await;
    }
}
