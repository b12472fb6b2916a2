//! Taking a file in: its bytes go to the disk while they come, then a row says that they are there.

use std::path::Path;

use bytes::Bytes;
use engine::value::Id;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use store::file::File;
use store::public_link::PublicLink;
use store::{Reader, Tx, ids};
use tokio::io::AsyncReadExt;

use super::bytes::{Incoming, Kept};
use super::forget::discard;
use super::{VISITOR, folder, kind, name, quota, view};
use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::{Cause, Installation, Refusal, clock, links};

/// How much may be sent.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes of one file.
    largest: u64,
    /// Bytes of all files of one member that no record holds …
    untaken: u64,
    /// … as far as they are no larger than this.
    counted: u64,
}

/// Bytes of a file that a record may hold.
pub const LARGEST: u64 = engine::field::LARGEST_FILE;

/// Bytes that visitors of its links send for one form on one day.
const LARGEST_DAY: i64 = 1 << 30;

/// What a file is sent for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// A record may come to hold it.
    #[default]
    Record,
    /// Its rows become records: larger than any that a record holds.
    Import,
    /// A visitor of a public link sends it with their answer.
    Answer,
}

impl Purpose {
    fn limits(self) -> Limits {
        match self {
            Purpose::Record => Limits { largest: LARGEST, untaken: 1 << 30, counted: LARGEST },
            Purpose::Import => Limits { largest: 2 << 30, untaken: 4 << 30, counted: 2 << 30 },
            // Of one answer: ten files of the largest kind.
            Purpose::Answer => Limits {
                largest: links::LARGEST_FILE,
                untaken: 10 * links::LARGEST_FILE,
                counted: links::LARGEST_FILE,
            },
        }
    }
}

/// When it is worth trying again: somebody may have saved what holds the files, or a day may have gone by.
const TRY_AGAIN: u32 = 600;

/// Stores a file that comes in pieces; it is the caller's until a record holds it.
///
/// # Errors
/// `too_large`; `too_many_uploads` where the caller has sent much that no record holds; `workspace_full`, `disk_full`; what the
/// stream says.
pub async fn upload<S>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (file_name, purpose): (&str, Purpose),
    chunks: S,
) -> Result<Answer, Refusal>
where
    S: Stream<Item = Result<Bytes, Refusal>> + Unpin,
{
    receive(installation, caller, key, file_name, chunks, purpose.limits()).await
}

async fn receive<S>(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    file_name: &str,
    mut chunks: S,
    limits: Limits,
) -> Result<Answer, Refusal>
where
    S: Stream<Item = Result<Bytes, Refusal>> + Unpin,
{
    installation.room.for_files()?;
    let mut db = installation.store.read().await?;
    let room = room_of(&mut db, caller, limits).await?;
    let left = quota::left(&mut db, installation, caller.workspace_id()).await?;
    drop(db);
    let mut incoming = Incoming::begin(folder(installation)).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let size = incoming.size() + chunk.len() as u64;
        if size > limits.largest {
            return Err(Refusal::new(Cause::TooLarge, "too_large"));
        }
        if size > room {
            return Err(too_many());
        }
        if size > left {
            return Err(quota::full());
        }
        installation.room.for_files()?;
        incoming.write(&chunk).await?;
    }
    // Whoever hangs up now leaves the bytes with their row, or neither.
    let (parts, actor, file_name) = (installation.clone(), caller.clone(), file_name.to_string());
    let stored = async move { keep(&parts, &actor, key, &file_name, incoming, limits).await };
    tokio::spawn(stored).await.map_err(Refusal::internal)?
}

/// Keeps what has come whole, with its row.
async fn keep(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    file_name: &str,
    incoming: Incoming,
    limits: Limits,
) -> Result<Answer, Refusal> {
    // From here until the row is there nobody may take these bytes for bytes that nothing needs.
    let needed = installation.bytes.read().await;
    let kept = incoming.keep().await?;
    let file = row(caller, file_name, &kept)?;
    let (sha256, size) = (kept.sha256, kept.size);
    // The bytes went by without being kept in mind: they belong to the key now that their hash is known.
    let key = key.map(|key| Key { body_hash: hash_of(&file), ..key });
    let (parts, actor) = (installation.clone(), caller.clone());
    let answer = installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                // Others may have been sent beside this one.
                if size > room_of(tx, &actor, limits).await? {
                    return Err(too_many());
                }
                quota::insert(tx, &parts, &file).await?;
                count_for_day(tx, &actor, size).await?;
                Answer::created(&view(&file))
            })
        })
        .await;
    drop(needed);
    if answer.is_err() {
        let_go(installation, &sha256).await;
    }
    answer
}

/// Removes the bytes of what was refused, unless another file has them.
async fn let_go(installation: &Installation, sha256: &str) {
    if let Err(error) = discard(installation, sha256).await {
        tracing::warn!(code = error.code, "the bytes of a refused file could not be removed");
    }
}

/// Bytes that the caller may still send before a record takes some.
async fn room_of(db: &mut Reader, caller: &Caller, limits: Limits) -> Result<u64, Refusal> {
    let counted = i64::try_from(limits.counted).unwrap_or(i64::MAX);
    let waiting = File::untaken_bytes(db, caller.workspace_id(), caller.uploader(), counted).await?;
    Ok(limits.untaken.saturating_sub(u64::try_from(waiting).unwrap_or_default()))
}

/// What visitors send for one form on one day is so much and no more, from wherever they come (reliability.md T20, T71).
async fn count_for_day(tx: &mut Tx, caller: &Caller, size: u64) -> Result<(), Refusal> {
    let Some(pass) = caller.link() else { return Ok(()) };
    let day = clock::now().as_second() / (24 * 60 * 60);
    let size = i64::try_from(size).map_err(Refusal::internal)?;
    let bytes = PublicLink::add_upload(tx, caller.workspace_id(), pass.form, day, size).await?;
    if bytes > LARGEST_DAY { Err(too_many()) } else { Ok(()) }
}

fn too_many() -> Refusal {
    Refusal { retry_after: Some(TRY_AGAIN), ..Refusal::new(Cause::TooMany, "too_many_uploads") }
}

/// A file that the product made for the caller, such as the rows that an import could not take; `place` is
/// [`EXPORTED`](super::EXPORTED) where it tells of what the caller had a right to see at that moment.
///
/// # Errors
/// `workspace_full`, `disk_full`; when it can't be stored.
pub async fn store(
    installation: &Installation,
    caller: &Caller,
    file_name: &str,
    place: Option<&str>,
    incoming: Incoming,
) -> Result<Id, Refusal> {
    let needed = installation.bytes.read().await;
    let kept = incoming.keep().await?;
    let file = File { field: place.map(str::to_string), ..row(caller, file_name, &kept)? };
    let (id, parts) = (file.id, installation.clone());
    let stored =
        installation.write(move |tx| Box::pin(async move { quota::insert(tx, &parts, &file).await })).await;
    drop(needed);
    if stored.is_err() {
        let_go(installation, &kept.sha256).await;
    }
    stored.map(|()| id)
}

/// As [`store`], of bytes that lie on the disk already.
///
/// # Errors
/// As [`store`]; when they can't be read.
pub async fn adopt(
    installation: &Installation,
    caller: &Caller,
    file_name: &str,
    place: Option<&str>,
    path: &Path,
) -> Result<Id, Refusal> {
    let mut from = tokio::fs::File::open(path).await.map_err(Refusal::internal)?;
    let mut incoming = Incoming::begin(folder(installation)).await?;
    let mut chunk = vec![0; 256 << 10];
    loop {
        let read = from.read(&mut chunk).await.map_err(Refusal::internal)?;
        if read == 0 {
            return store(installation, caller, file_name, place, incoming).await;
        }
        incoming.write(chunk.get(..read).unwrap_or_default()).await?;
    }
}

fn row(caller: &Caller, file_name: &str, kept: &Kept) -> Result<File, Refusal> {
    let file_name = name::clean(file_name);
    Ok(File {
        workspace: caller.workspace_id(),
        id: ids::next(),
        media_type: kind::media_type(&file_name, &kept.head),
        name: file_name,
        size: i64::try_from(kept.size).map_err(Refusal::internal)?,
        sha256: kept.sha256.clone(),
        created_at: clock::now(),
        created_by: Some(caller.uploader()),
        form: None,
        record: None,
        field: caller.link().map(|_| VISITOR.to_string()),
    })
}

fn hash_of(file: &File) -> String {
    let mut hash = Sha256::new();
    hash.update(file.sha256.as_bytes());
    hash.update(file.name.as_bytes());
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::service::files::{find_bytes, forget_untaken};
    use crate::service::testing::{app, create, form, id_in, on_an_installation};

    async fn send(
        installation: &Installation,
        caller: &Caller,
        text: &'static str,
        untaken: u64,
    ) -> Result<Id, Refusal> {
        let chunks = futures::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
        let limits = Limits { untaken, ..Purpose::Record.limits() };
        let answer = receive(installation, caller, None, "a.txt", chunks, limits).await?;
        Ok(id_in(&answer.body).parse().unwrap())
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_file_is_as_large_as_it_may_be_and_not_larger() {
        let usual = Purpose::Record.limits();
        assert_eq!((usual.largest, usual.untaken), (100 << 20, 1 << 30));
        assert_eq!(Purpose::Import.limits().largest, 2 << 30);
        assert_eq!((Purpose::Answer.limits().largest, LARGEST_DAY), (20 << 20, 1 << 30));
        on_an_installation("upload_size", async |installation, caller| {
            // However it is cut into pieces.
            let send = async |pieces: Vec<&'static str>| {
                let chunks = pieces.into_iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
                let chunks = futures::stream::iter(chunks.collect::<Vec<_>>());
                let limits = Limits { largest: 6, ..usual };
                receive(installation, caller, None, "a.txt", chunks, limits).await
            };
            assert!(send(vec!["123456"]).await.is_ok() && send(vec!["123", "456"]).await.is_ok());
            for over in [vec!["1234567"], vec!["123456", "7"], vec!["1", "2", "3", "4567"]] {
                let refusal = send(over).await.unwrap_err();
                assert_eq!((refusal.cause, refusal.code), (Cause::TooLarge, "too_large"));
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn uploads_without_a_record_have_so_much_room_and_no_more() {
        on_an_installation("upload_room", async |installation, caller| {
            send(installation, caller, "123456", 10).await.unwrap();
            let refusal = send(installation, caller, "abcdef", 10).await.unwrap_err();
            assert_eq!((refusal.code, refusal.retry_after), ("too_many_uploads", Some(TRY_AGAIN)));
            send(installation, caller, "abcd", 10).await.unwrap();
            assert!(send(installation, caller, "a", 10).await.is_err());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn c23_what_has_come_whole_is_stored_though_its_sender_hangs_up() {
        on_an_installation("upload_hung_up", async |installation, caller| {
            let (workspace, me) = (caller.workspace_id(), caller.id());
            let removing = installation.bytes.write().await;
            let (parts, actor) = (installation.clone(), caller.clone());
            let sending = tokio::spawn(async move { send(&parts, &actor, "whole", 100).await });
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
            sending.abort();
            drop(removing);
            for _ in 0..100 {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                let mut db = installation.store.read().await.unwrap();
                if File::untaken_bytes(&mut db, workspace, me, i64::MAX).await.unwrap() == 5 {
                    return;
                }
            }
            panic!("the upload was lost with its sender");
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t20_what_no_record_took_goes_after_a_while_and_bytes_with_the_last_that_has_them() {
        on_an_installation("upload_forgotten", async |installation, caller| {
            let app = app(installation, caller).await;
            let claims = json!({"key": "claims", "label": "c", "fields": [
                {"key": "proof", "label": "p", "kind": "files"}]});
            let claims = form(installation, caller, &app, claims).await;
            let taken = send(installation, caller, "same", 100).await.unwrap();
            let twin = send(installation, caller, "same", 100).await.unwrap();
            let other = send(installation, caller, "other", 100).await.unwrap();
            create(installation, caller, &claims, json!({"proof": [taken]}), None).await;
            let (_, kept) = find_bytes(installation, caller, taken).await.unwrap();
            let (_, gone) = find_bytes(installation, caller, other).await.unwrap();

            let hour = jiff::SignedDuration::from_hours(1);
            let young = forget_untaken(installation, clock::now().checked_sub(hour).unwrap()).await.unwrap();
            assert!(young == 0 && gone.exists());
            let old = forget_untaken(installation, clock::now().checked_add(hour).unwrap()).await.unwrap();
            assert_eq!(old, 2);
            assert!(kept.exists() && !gone.exists());
            assert!(find_bytes(installation, caller, taken).await.is_ok());
            assert!(find_bytes(installation, caller, twin).await.is_err());
        })
        .await;
    }
}
