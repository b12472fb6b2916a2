//! Inbound hooks of forms, known by the hashes of their tokens; the messages that they have taken, and what came lately.

use engine::value::{Id, Timestamp};

use crate::connection::{Reader, Tx};
use crate::error::Result;
use crate::row::args;
use crate::stored::stored;

stored! {
    pub struct InboundHook in "inbound_hook" by (workspace: Id, id: Id) {
        pub form: Id,
        pub name: String,
        /// Of its token, in hexadecimal.
        pub hash: String,
        /// Its token, which who administers the form tells the sender; nothing once it is deleted.
        pub token_sealed: Option<String>,
        /// How senders show that they have the secret.
        pub proof: String,
        pub secret_sealed: Option<String>,
        /// The secret before it, as long as it is good.
        pub former_sealed: Option<String>,
        /// Since when the secret is the one it is.
        pub secret_at: Timestamp,
        pub is_on: bool,
        pub deleted_at: Option<Timestamp>,
        /// What goes into which field, as JSON.
        pub document: String,
        pub created_at: Timestamp,
        pub created_by: Option<Id>,
        pub taken_at: Option<Timestamp>,
        pub version: i64,
    }
}

impl InboundHook {
    pub async fn by_hash(db: &mut Reader, hash: &str) -> Result<Option<InboundHook>> {
        InboundHook::one(db, "WHERE hash = ? AND deleted_at IS NULL", args![hash]).await
    }

    /// As `find`, keeping others off it until the transaction ends.
    pub async fn lock(tx: &mut Tx, workspace: Id, id: Id) -> Result<Option<InboundHook>> {
        let tail = format!("WHERE workspace = ? AND id = ?{}", tx.dialect().row_lock(false));
        InboundHook::one(tx, &tail, args![workspace, id]).await
    }

    /// The hooks of a form, the newest first, without those that are deleted.
    pub async fn of_form(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<InboundHook>> {
        let tail = "WHERE workspace = ? AND form = ? AND deleted_at IS NULL ORDER BY id DESC";
        InboundHook::all(db, tail, args![workspace, form]).await
    }

    /// How many hooks a form has ever had, with those that are deleted.
    pub async fn ever(db: &mut Reader, workspace: Id, form: Id) -> Result<i64> {
        let sql = "SELECT count(*) FROM inbound_hook WHERE workspace = ? AND form = ?";
        db.fetch_one(sql, args![workspace, form]).await?.get(0)
    }

    /// What each hook of the workspace is called, deleted ones too: what came by them is told to be of them.
    pub async fn names(db: &mut Reader, workspace: Id) -> Result<Vec<(Id, String)>> {
        let sql = "SELECT id, name FROM inbound_hook WHERE workspace = ? ORDER BY id";
        let rows = db.fetch_all(sql, args![workspace]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Everywhere, for who seals all that is sealed anew.
    pub async fn everywhere(db: &mut Reader) -> Result<Vec<InboundHook>> {
        InboundHook::all(db, "WHERE deleted_at IS NULL ORDER BY workspace, id", args![]).await
    }

    /// Forgets every token and every secret: nobody is let in by a hook until it has another secret. Gives how many hooks had one.
    pub async fn forget_secrets(tx: &mut Tx) -> Result<u64> {
        let sql = "UPDATE inbound_hook SET token_sealed = NULL, secret_sealed = NULL, former_sealed = NULL \
                   WHERE secret_sealed IS NOT NULL";
        tx.execute(sql, args![]).await
    }

    /// Notes that a message was taken. False where it takes none at this moment.
    pub async fn take(tx: &mut Tx, workspace: Id, id: Id, now: Timestamp) -> Result<bool> {
        let sql = "UPDATE inbound_hook SET taken_at = ? \
                   WHERE workspace = ? AND id = ? AND is_on = ? AND deleted_at IS NULL";
        Ok(tx.execute(sql, args![now, workspace, id, true]).await? > 0)
    }

    /// Takes from the hooks of a form what they open, for good. What they are called stays, for what came by them.
    pub async fn forget_form(tx: &mut Tx, workspace: Id, form: Id) -> Result<()> {
        let sql = "UPDATE inbound_hook SET token_sealed = NULL, secret_sealed = NULL, former_sealed = NULL, \
                   document = '{}', is_on = ?, deleted_at = COALESCE(deleted_at, created_at) \
                   WHERE workspace = ? AND form = ?";
        tx.execute(sql, args![false, workspace, form]).await?;
        for table in [
            "DELETE FROM hook_message WHERE workspace = ? AND hook IN \
             (SELECT id FROM inbound_hook WHERE workspace = ? AND form = ?)",
            "DELETE FROM hook_delivery WHERE workspace = ? AND hook IN \
             (SELECT id FROM inbound_hook WHERE workspace = ? AND form = ?)",
        ] {
            tx.execute(table, args![workspace, workspace, form]).await?;
        }
        Ok(())
    }
}

stored! {
    pub struct HookMessage in "hook_message" by (workspace: Id, hook: Id, name: String) {
        pub body_hash: String,
        /// As JSON; nothing while it is being worked on.
        pub answer: String,
        pub at: Timestamp,
    }
}

impl HookMessage {
    /// Claims the name of a message in this transaction: whoever comes with the same one waits until it ends. Gives the message
    /// that has the name already.
    pub async fn claim(&self, tx: &mut Tx) -> Result<Option<HookMessage>> {
        let sql = "INSERT INTO hook_message (workspace, hook, name, body_hash, answer, at) VALUES (?, ?, ?, ?, ?, ?) \
                   ON CONFLICT (workspace, hook, name) DO NOTHING";
        let values = args![self.workspace, self.hook, &self.name, &self.body_hash, &self.answer, self.at];
        if tx.execute(sql, values).await? > 0 {
            return Ok(None);
        }
        HookMessage::find(tx, self.workspace, self.hook, self.name.clone()).await
    }

    /// Forgets some of those from before a moment.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM hook_message WHERE (workspace, hook, name) IN \
                   (SELECT workspace, hook, name FROM hook_message WHERE at < ? ORDER BY at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

stored! {
    pub struct HookDelivery in "hook_delivery" by (workspace: Id, id: Id) {
        pub hook: Id,
        pub at: Timestamp,
        /// As its sender calls it.
        pub name: Option<String>,
        /// `created`, `updated`, `unchanged`, `repeated` or `refused`.
        pub outcome: String,
        /// Whether the sender has shown that they have the secret.
        pub is_proven: bool,
        pub record: Option<Id>,
        /// Why it was refused.
        pub code: Option<String>,
        /// The same with what was wrong with it, as JSON.
        pub why: Option<String>,
        pub address: Option<String>,
    }
}

impl HookDelivery {
    /// The last ones of a hook, the newest first.
    pub async fn of_hook(db: &mut Reader, workspace: Id, hook: Id, limit: i64) -> Result<Vec<HookDelivery>> {
        let tail = "WHERE workspace = ? AND hook = ? ORDER BY id DESC LIMIT ?";
        HookDelivery::all(db, tail, args![workspace, hook, limit]).await
    }

    /// Keeps it, and of those of its hook that are as well proven the newest `most` with it: what anybody may send drives out
    /// nothing that came from the sender.
    pub async fn keep(&self, tx: &mut Tx, most: i64) -> Result<()> {
        self.insert(tx).await?;
        let sql = "DELETE FROM hook_delivery WHERE workspace = ? AND hook = ? AND is_proven = ? AND id <= \
                   (SELECT id FROM hook_delivery WHERE workspace = ? AND hook = ? AND is_proven = ? \
                   ORDER BY id DESC LIMIT 1 OFFSET ?)";
        let (workspace, hook, proven) = (self.workspace, self.hook, self.is_proven);
        tx.execute(sql, args![workspace, hook, proven, workspace, hook, proven, most]).await.map(drop)
    }

    /// Forgets some of those from before a moment.
    pub async fn purge(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
        let sql = "DELETE FROM hook_delivery WHERE (workspace, id) IN \
                   (SELECT workspace, id FROM hook_delivery WHERE at < ? ORDER BY at LIMIT ?)";
        tx.execute(sql, args![before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, on_both, ws};
    use crate::{Error, ids};

    fn hook(form: Id, name: &str) -> InboundHook {
        let id = ids::next();
        InboundHook {
            workspace: ws(),
            id,
            form,
            name: name.into(),
            hash: id.to_string(),
            token_sealed: Some("00".into()),
            proof: "sign".into(),
            secret_sealed: Some("01".into()),
            former_sealed: None,
            secret_at: at(0),
            is_on: true,
            deleted_at: None,
            document: "{}".into(),
            created_at: at(0),
            created_by: None,
            taken_at: None,
            version: 1,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_hook_that_is_off_or_deleted_takes_nothing_and_keeps_its_name() {
        on_both(async |store| {
            let form = ids::next();
            let (shop, off) = (hook(form, "shop"), InboundHook { is_on: false, ..hook(form, "off") });
            let (first, second) = (shop.clone(), off.clone());
            let taken: Result<Vec<bool>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        first.insert(tx).await?;
                        second.insert(tx).await?;
                        let mut taken = Vec::new();
                        for id in [first.id, second.id] {
                            taken.push(InboundHook::take(tx, ws(), id, at(1)).await?);
                        }
                        Ok(taken)
                    })
                })
                .await;
            assert_eq!(taken, Ok(vec![true, false]));
            let mut db = store.read().await.unwrap();
            let found = InboundHook::by_hash(&mut db, &shop.hash).await.unwrap().unwrap();
            assert_eq!(found.taken_at, Some(at(1)));
            assert_eq!(InboundHook::of_form(&mut db, ws(), form).await.unwrap().len(), 2);
            drop(db);
            let gone: Result<Option<InboundHook>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        InboundHook::forget_form(tx, ws(), form).await?;
                        InboundHook::lock(tx, ws(), shop.id).await
                    })
                })
                .await;
            let gone = gone.unwrap().unwrap();
            assert_eq!((gone.name.as_str(), gone.secret_sealed, gone.is_on), ("shop", None, false));
            let mut db = store.read().await.unwrap();
            assert!(InboundHook::by_hash(&mut db, &gone.hash).await.unwrap().is_none());
            let names = InboundHook::names(&mut db, ws()).await.unwrap();
            assert!(names.contains(&(gone.id, "shop".into())), "{names:?}");
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t64_a_message_is_claimed_once_and_forgotten_in_time() {
        on_both(async |store| {
            let hook = ids::next();
            let message = |minute: i64, body: &str| HookMessage {
                workspace: ws(),
                hook,
                name: "msg_1".into(),
                body_hash: body.into(),
                answer: "{}".into(),
                at: at(minute),
            };
            let (first, again, late) = (message(0, "a"), message(1, "b"), message(2, "c"));
            let expected = first.clone();
            let claims: Result<Vec<Option<HookMessage>>, Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        let mut claims = vec![first.claim(tx).await?, again.claim(tx).await?];
                        HookMessage::purge(tx, at(1), 10).await?;
                        claims.push(late.claim(tx).await?);
                        Ok(claims)
                    })
                })
                .await;
            assert_eq!(claims, Ok(vec![None, Some(expected), None]));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_anybody_may_send_drives_out_nothing_of_the_sender() {
        on_both(async |store| {
            let hook = ids::next();
            let delivery = |is_proven: bool, minute: i64| HookDelivery {
                workspace: ws(),
                id: ids::next(),
                hook,
                at: at(minute),
                name: None,
                outcome: "refused".into(),
                is_proven,
                record: None,
                code: Some("bad_signature".into()),
                why: None,
                address: None,
            };
            let all: Vec<HookDelivery> =
                (0..8).map(|minute| delivery(minute == 0, minute)).chain([delivery(true, 8)]).collect();
            let kept: Result<(), Error> = store
                .write(move |tx| {
                    Box::pin(async move {
                        for one in &all {
                            one.keep(tx, 3).await?;
                        }
                        Ok(())
                    })
                })
                .await;
            kept.unwrap();
            let mut db = store.read().await.unwrap();
            let kept = HookDelivery::of_hook(&mut db, ws(), hook, 10).await.unwrap();
            let proven = kept.iter().filter(|one| one.is_proven).count();
            assert_eq!((proven, kept.len()), (2, 5));
        })
        .await;
    }
}
