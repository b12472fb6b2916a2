//! Public links of forms, known by the hashes of their tokens.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct PublicLink in "public_link" by (workspace: Id, id: Id) {
        pub form: Id,
        pub name: String,
        /// Of its token, in hexadecimal.
        pub hash: String,
        /// Its token, which who administers the form gives away; nothing once it is revoked.
        pub sealed: Option<String>,
        pub password_hash: Option<String>,
        pub is_on: bool,
        pub expires_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
        /// How many answers it takes.
        pub answer_limit: Option<i64>,
        /// How many it has had.
        pub answers: i64,
        pub answered_at: Option<Timestamp>,
        /// What it offers and says, as JSON.
        pub document: String,
        pub created_at: Timestamp,
        pub created_by: Option<Id>,
        pub version: i64,
    }
}

impl PublicLink {
    pub async fn by_hash(db: &mut Reader, hash: &str) -> Result<Option<PublicLink>> {
        PublicLink::one(db, "WHERE hash = ?", args![hash]).await
    }

    /// As `find`, keeping others off it until the transaction ends: its answers are counted meanwhile by nobody else.
    pub async fn lock(tx: &mut Tx, workspace: Id, id: Id) -> Result<Option<PublicLink>> {
        let tail = format!("WHERE workspace = ? AND id = ?{}", tx.dialect().row_lock(false));
        PublicLink::one(tx, &tail, args![workspace, id]).await
    }

    /// The links of a form, the newest first.
    pub async fn of_form(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<PublicLink>> {
        let tail = "WHERE workspace = ? AND form = ? ORDER BY id DESC";
        PublicLink::all(db, tail, args![workspace, form]).await
    }

    /// What each link of the workspace is called, whether it lets anybody in or not.
    pub async fn names(db: &mut Reader, workspace: Id) -> Result<Vec<(Id, String)>> {
        let sql = "SELECT id, name FROM public_link WHERE workspace = ? ORDER BY id";
        let rows = db.fetch_all(sql, args![workspace]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Everywhere, for who seals all that is sealed anew.
    pub async fn everywhere(db: &mut Reader) -> Result<Vec<PublicLink>> {
        PublicLink::all(db, "WHERE sealed IS NOT NULL ORDER BY workspace, id", args![]).await
    }

    /// Forgets every token, which stay good for those who have them; gives how many there were.
    pub async fn forget_tokens(tx: &mut Tx) -> Result<u64> {
        tx.execute("UPDATE public_link SET sealed = NULL WHERE sealed IS NOT NULL", args![]).await
    }

    /// Counts an answer that comes now. False where it takes none any more.
    pub async fn count(tx: &mut Tx, workspace: Id, id: Id, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE public_link SET answers = answers + 1, answered_at = ? \
                   WHERE workspace = ? AND id = ? AND is_on = ? AND revoked_at IS NULL \
                   AND (expires_at IS NULL OR expires_at > ?) \
                   AND (answer_limit IS NULL OR answers < answer_limit)";
        Ok(tx.execute(sql, args![now, workspace, id, true, now]).await? > 0)
    }

    /// Adds to what was sent for a form on a day; gives how many bytes that is altogether.
    pub async fn add_upload(tx: &mut Tx, workspace: Id, form: Id, day: i64, bytes: i64) -> Result<i64> {
        let sql = "INSERT INTO public_upload (workspace, form, day, bytes) VALUES (?, ?, ?, ?) \
                   ON CONFLICT (workspace, form) DO UPDATE SET \
                   bytes = CASE WHEN public_upload.day = excluded.day \
                   THEN public_upload.bytes + excluded.bytes ELSE excluded.bytes END, \
                   day = excluded.day RETURNING bytes";
        tx.fetch_one(sql, args![workspace, form, day, bytes]).await?.get(0)
    }

    /// Takes from the links of a form what they open, for good. What they are called stays, for what came by them.
    pub async fn forget_form(tx: &mut Tx, workspace: Id, form: Id) -> Result<()> {
        let sql = "UPDATE public_link SET sealed = NULL, password_hash = NULL, document = '{}', is_on = ? \
                   WHERE workspace = ? AND form = ?";
        tx.execute(sql, args![false, workspace, form]).await?;
        let sql = "DELETE FROM public_upload WHERE workspace = ? AND form = ?";
        tx.execute(sql, args![workspace, form]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn link(form: Id, name: &str) -> PublicLink {
        let id = ids::next();
        PublicLink {
            workspace: ws(),
            id,
            form,
            name: name.into(),
            hash: id.to_string(),
            sealed: Some("00".into()),
            password_hash: None,
            is_on: true,
            expires_at: Some(at(10)),
            revoked_at: None,
            answer_limit: Some(2),
            answers: 0,
            answered_at: None,
            document: "{}".into(),
            created_at: at(0),
            created_by: None,
            version: 1,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_link_takes_so_many_answers_in_its_time_and_no_more() {
        on_both(async |store| {
            let form = ids::next();
            let (fair, off) = (link(form, "fair"), PublicLink { is_on: false, ..link(form, "off") });
            let (first, second) = (fair.clone(), off.clone());
            let counted: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        first.insert(tx).await?;
                        second.insert(tx).await?;
                        let mut counted = Vec::new();
                        for (id, minute) in [(first.id, 10), (first.id, 1), (first.id, 2), (first.id, 3)] {
                            counted.push(PublicLink::count(tx, ws(), id, at(minute)).await?);
                        }
                        counted.push(PublicLink::count(tx, ws(), second.id, at(1)).await?);
                        Ok(counted)
                    })
                })
                .await;
            assert_eq!(counted, Ok(vec![false, true, true, false, false]));
            let mut db = store.read().await.unwrap();
            let found = PublicLink::by_hash(&mut db, &fair.hash).await.unwrap().unwrap();
            assert_eq!((found.answers, found.answered_at), (2, Some(at(2))));
            assert_eq!(PublicLink::of_form(&mut db, ws(), form).await.unwrap().len(), 2);
            drop(db);
            let gone: Result<Option<PublicLink>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        PublicLink::forget_form(tx, ws(), form).await?;
                        PublicLink::lock(tx, ws(), fair.id).await
                    })
                })
                .await;
            let gone = gone.unwrap().unwrap();
            assert_eq!((gone.name.as_str(), gone.sealed, gone.is_on), ("fair", None, false));
            let mut db = store.read().await.unwrap();
            let names = PublicLink::names(&mut db, ws()).await.unwrap();
            assert!(names.contains(&(gone.id, "fair".into())), "{names:?}");
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_sent_for_a_form_is_added_up_by_day() {
        on_both(async |store| {
            let (form, other) = (ids::next(), ids::next());
            let sums: Result<Vec<i64>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let mut sums = Vec::new();
                        for (form, day, bytes) in [(form, 1, 5), (form, 1, 6), (other, 1, 7), (form, 2, 8)] {
                            sums.push(PublicLink::add_upload(tx, ws(), form, day, bytes).await?);
                        }
                        Ok(sums)
                    })
                })
                .await;
            assert_eq!(sums, Ok(vec![5, 11, 7, 8]));
        })
        .await;
    }
}
