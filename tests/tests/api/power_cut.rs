//! K2: the power is cut. What the server does to its folder is noted, a disk forgets of it what it was never told to keep, and
//! what is left holds everything that was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tests::design::{Field, form, number, text};
use tests::dice::{cases, seed_of_this_run};
use tests::disk::strace::{self, Event, Watcher};
use tests::disk::{Deed, Disk, Left, Luck, put_down};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{id_of, version_of};
use tests::{Client, Dice, Form, Server, Stored, Workspace, together};

const WRITERS: usize = 4;
/// Between two of them the log of the database goes into its file.
const BURSTS: usize = 3;
/// New records of a writer in a burst, each changed once, and some given a file.
const RECORDS: usize = 6;

/// Cuts after which the product itself is asked for everything.
const STARTS: usize = 3;

/// Something that the server has acknowledged, and when that was heard, in microseconds of the clock.
struct Acknowledged {
    at: i64,
    what: What,
}

enum What {
    Record { id: String, version: i64 },
    File { id: String, sha256: String },
    Held { file: String, record: String },
}

impl Acknowledged {
    fn now(what: What) -> Self {
        Self { at: now(), what }
    }

    fn record(record: &Value) -> Self {
        Self::now(What::Record { id: id_of(record), version: version_of(record) })
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What the server has done to its folder, and what it has acknowledged.
struct Story {
    root: PathBuf,
    form: String,
    events: Vec<Event>,
    /// After how many of them it was acknowledged, and what.
    acknowledged: Vec<(usize, What)>,
}

/// Somebody who saves records and sends files.
struct Writer {
    number: usize,
    client: Client,
    form: Form,
    dice: Dice,
}

impl Writer {
    /// One burst of saves. Each is noted as soon as it is answered.
    async fn save(&mut self, burst: usize, shared: &[u8]) -> Vec<Acknowledged> {
        let mut all = Vec::new();
        for count in 0..RECORDS {
            let code = format!("{burst}-{}-{count}", self.number);
            let record = self.form.create(&self.client, json!({"code": code, "n": 0})).await.created();
            all.push(Acknowledged::record(&record));
            let record = self.form.edit(&self.client, &record, json!({"n": 1})).await.ok();
            all.push(Acknowledged::record(&record));
            match count {
                // Everybody sends the same bytes at the same time: who comes second relies on what another has put there.
                0 => all.extend(self.attach(&record, shared.to_vec()).await),
                3 => {
                    let bytes = bytes_of(&mut self.dice);
                    all.extend(self.attach(&record, bytes).await);
                }
                _ => {}
            }
        }
        all
    }

    async fn attach(&self, record: &Value, bytes: Vec<u8>) -> [Acknowledged; 3] {
        attach(&self.client, &self.form, record, bytes).await
    }
}

fn bytes_of(dice: &mut Dice) -> Vec<u8> {
    let length = 1 + dice.roll(60_000);
    (0..length).map(|_| dice.roll(256) as u8).collect()
}

/// Sends a file and puts it into a record.
async fn attach(client: &Client, form: &Form, record: &Value, bytes: Vec<u8>) -> [Acknowledged; 3] {
    let sha256 = sha256(&bytes);
    let file = client.upload("a.bin", "application/octet-stream", bytes).await;
    let sent = Acknowledged::now(What::File { id: file.clone(), sha256 });
    let record = form.edit(client, record, json!({"proof": [file]})).await.ok();
    let held = Acknowledged::now(What::Held { file, record: id_of(&record) });
    [sent, held, Acknowledged::record(&record)]
}

/// Bytes that somebody sent to a server that was killed: they have their place, and nobody has waited for its name to be on the
/// disk. They are put there while the server runs, unseen by who watches it.
struct Orphan {
    bytes: Vec<u8>,
    place: PathBuf,
    at: i64,
}

impl Orphan {
    fn leave(data: &Path) -> Self {
        let bytes = b"sent before".to_vec();
        let hash = sha256(&bytes);
        let place = data.join("files").join(&hash[..2]).join(hash);
        fs::create_dir(place.parent().unwrap()).unwrap();
        fs::write(&place, &bytes).unwrap();
        Self { bytes, place, at: now() }
    }

    /// What whoever put it there has done before it was killed.
    fn note(self, events: &mut Vec<Event>) {
        let number = usize::MAX;
        let deeds = [
            Deed::MakeFolder(self.place.parent().unwrap().to_path_buf()),
            Deed::Open { path: self.place.clone(), is_emptied: false },
            Deed::Write { path: self.place.clone(), at: Some(0), bytes: self.bytes },
            Deed::Wait { path: self.place.clone(), number },
            Deed::Kept { path: self.place, number },
        ];
        let when = passed(events, self.at);
        drop(events.splice(when..when, deeds.map(|deed| Event { at: self.at, deed })));
    }
}

/// How many events were over at a moment.
fn passed(events: &[Event], at: i64) -> usize {
    events.iter().position(|event| event.at >= at).unwrap_or(events.len())
}

/// A server lives through some bursts and is stopped, and all that it does to its folder is noted.
async fn live(dice: &mut Dice) -> Story {
    let notes = tempfile::tempdir().unwrap();
    let log = notes.path().join("strace.log");
    let mut server = Server::start_by(&strace::watching(&log)).await;
    let (root, watcher) = (server.data(), Watcher::of(server.process_id()));
    let workspace = Workspace { admin: server.set_up().await };
    let design = form("order", [text("code").unique(), number("n", 0), Field::new("proof", "files")]);
    let order = workspace.form(design).await;

    let orphan = Orphan::leave(&root);
    let record = order.add(json!({"code": "first"})).await;
    let mut acknowledged = vec![Acknowledged::record(&record)];
    acknowledged.extend(attach(&workspace.admin, &order, &record, orphan.bytes.clone()).await);
    let mut writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let (client, form) = (workspace.admin.reconnected().patient(), order.clone());
            Writer { number, client, form, dice: Dice::new(dice.roll(usize::MAX) as u64) }
        })
        .collect();
    for burst in 0..BURSTS {
        let shared = bytes_of(dice);
        let written = written_at(&root);
        let saved = together(writers.iter_mut().map(|writer| writer.save(burst, &shared))).await;
        acknowledged.extend(saved.into_iter().flatten());
        if burst + 1 < BURSTS {
            wait_for_checkpoint(&root, written).await;
        }
    }
    server.stop().await;
    watcher.ended().await;
    let mut events = strace::read(&log, &root);
    orphan.note(&mut events);
    seen_is_there(&events, &root);
    acknowledged.sort_by_key(|one| one.at);
    let acknowledged = acknowledged.into_iter().map(|one| (passed(&events, one.at), one.what)).collect();
    Story { root, form: order.id, events, acknowledged }
}

fn written_at(data: &Path) -> SystemTime {
    fs::metadata(data.join("formwork.db")).unwrap().modified().unwrap()
}

/// Waits until the log has gone into the file of the database since then.
async fn wait_for_checkpoint(data: &Path, since: SystemTime) {
    for _ in 0..1000 {
        if written_at(data) > since {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the log stays in the log");
}

/// The disk of the test knows everything that was done: what it holds at the end is what is in the folder.
fn seen_is_there(events: &[Event], root: &Path) {
    let mut disk = Disk::new(root);
    events.iter().for_each(|event| disk.see(&event.deed));
    let mut there = Left::new();
    collect(root, &mut there);
    let seen = disk.now();
    let (seen_names, names): (Vec<_>, Vec<_>) = (seen.keys().collect(), there.keys().collect());
    assert_eq!(seen_names, names);
    for (path, bytes) in &seen {
        assert!(there[path] == *bytes, "{} is another one than what was seen", path.display());
    }
}

fn collect(folder: &Path, all: &mut Left) {
    all.insert(folder.to_path_buf(), None);
    for entry in fs::read_dir(folder).unwrap() {
        let (path, kind) = entry.map(|entry| (entry.path(), entry.file_type().unwrap())).unwrap();
        if kind.is_dir() {
            collect(&path, all);
        } else if kind.is_file() && !path.to_string_lossy().ends_with("-shm") {
            all.insert(path.clone(), Some(fs::read(&path).unwrap()));
        }
    }
}

/// After how many events the power is cut: just when something was acknowledged, or anywhere since the first was.
fn cuts(story: &Story, dice: &mut Dice) -> Vec<usize> {
    let first = story.acknowledged[0].0;
    let mut cuts: Vec<_> = (0..cases(100))
        .map(|number| {
            if number % 2 == 0 {
                dice.pick(&story.acknowledged).0
            } else {
                first + dice.roll(story.events.len() - first)
            }
        })
        .collect();
    cuts.sort_unstable();
    cuts
}

impl Story {
    /// What was acknowledged before a cut.
    fn before(&self, cut: usize) -> impl Iterator<Item = &What> {
        self.acknowledged.iter().take_while(move |(after, _)| *after <= cut).map(|(_, what)| what)
    }

    /// The disk after so many events, of which it is not told of the waits that are not `heard`.
    fn disk(&self, cut: usize, heard: impl Fn(usize, &Path) -> bool) -> Disk {
        let mut disk = Disk::new(&self.root);
        for (number, event) in self.events[..cut].iter().enumerate() {
            match &event.deed {
                Deed::Kept { path, .. } if !heard(number, path) => {}
                deed => disk.see(deed),
            }
        }
        disk
    }

    /// Whether everything that was acknowledged before a cut is there, and nothing broken.
    async fn check(&self, left: &Left, folder: &Path, cut: usize) -> Result<(), String> {
        let stored = Stored::read(&folder.join("formwork.db")).await;
        let stored = stored.map_err(|error| format!("the database can't be read: {error}"))?;
        if stored.integrity != ["ok"] {
            return Err(format!("the database is broken: {:?}", stored.integrity));
        }
        let records: BTreeMap<_, _> = stored.records.iter().map(|one| (one.id.as_str(), one)).collect();
        let files: BTreeMap<_, _> = stored.files.iter().map(|one| (one.id.as_str(), one)).collect();
        for record in records.values() {
            if record.told != Some(record.version) {
                return Err(format!("{record:?} has another history"));
            }
        }
        // Whether it was acknowledged or not: where there is a row, there are its bytes.
        for file in files.values() {
            let hash = &file.sha256;
            let place = self.root.join("files").join(&hash[..2]).join(hash);
            let bytes = left.get(&place).and_then(Option::as_ref);
            if bytes.is_none_or(|bytes| sha256(bytes) != *hash) {
                return Err(format!("the bytes of file {} are not there", file.id));
            }
        }
        for what in self.before(cut) {
            let is_there = match what {
                What::Record { id, version } => {
                    records.get(id.as_str()).is_some_and(|record| record.version >= *version)
                }
                What::File { id, sha256 } => {
                    files.get(id.as_str()).is_some_and(|file| file.sha256 == *sha256)
                }
                What::Held { file, record } => {
                    files.get(file.as_str()).is_some_and(|file| file.record.as_ref() == Some(record))
                }
            };
            if !is_there {
                return Err(format!("{} is lost", what.name()));
            }
        }
        Ok(())
    }

    /// The product itself goes on where the power was cut.
    async fn start(&self, folder: TempDir, cut: usize) {
        let server = Server::start_on(folder).await;
        let admin = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let form = Form { id: self.form.clone(), admin: admin.clone() };
        let mut hashes = BTreeMap::new();
        for what in self.before(cut) {
            match what {
                What::Record { id, version } => {
                    let record = admin.get(&form.path(&format!("/records/{id}"))).await.ok();
                    assert!(version_of(&record) >= *version, "{record} was at {version}");
                }
                What::File { id, sha256 } => {
                    hashes.insert(id, sha256);
                }
                What::Held { file, .. } => {
                    let answer = admin.get(&format!("/files/{file}")).await;
                    assert_eq!((answer.status, &sha256(&answer.bytes)), (200, hashes[file]));
                }
            }
        }
        form.add(json!({"code": "afterwards"})).await;
        let verified = server.command(&["audit", "verify"]).await;
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        server.close().await;
    }

    /// What is wrong after a cut, of a disk that kept nothing but what it heard that it should.
    async fn found(&self, cut: usize, heard: impl Fn(usize, &Path) -> bool) -> Result<(), String> {
        let left = self.disk(cut, heard).after_cut(Luck::Nothing, &mut Dice::new(0));
        let folder = tempfile::tempdir().unwrap();
        put_down(&left, &self.root, folder.path());
        self.check(&left, folder.path(), cut).await
    }

    /// The check finds what a disk loses that does not do as it is told.
    async fn control(&self) {
        let (first, cut) = (self.acknowledged[0].0, self.acknowledged[self.acknowledged.len() - 1].0);
        assert_eq!(self.found(cut, |_, _| true).await, Ok(()));
        let said = self.found(cut, |_, _| false).await.unwrap_err();
        assert!(said.contains("can't be read"), "{said}");
        // From the first save on the database is not kept.
        let is_database = |path: &Path| path.to_string_lossy().contains("/formwork.db");
        let said = self.found(cut, |number, path| number < first || !is_database(path)).await.unwrap_err();
        assert!(said.contains("is lost"), "{said}");
        // Files without their bytes, and without their names.
        let files = self.root.join("files");
        for is_file in [true, false] {
            let heard = |_: usize, path: &Path| {
                !path.starts_with(&files) || path.starts_with(files.join("incoming")) != is_file
            };
            let said = self.found(cut, heard).await.unwrap_err();
            assert!(said.contains("the bytes of file"), "{said}");
        }
    }
}

impl What {
    fn name(&self) -> String {
        match self {
            Self::Record { id, version } => format!("version {version} of record {id}"),
            Self::File { id, .. } => format!("file {id}"),
            Self::Held { file, record } => format!("file {file} in record {record}"),
        }
    }
}

#[tokio::test]
async fn k2_what_was_acknowledged_outlives_a_power_cut() {
    if !strace::can_trace() {
        tests::left_out("strace is missing, or may not trace here");
        return;
    }
    let mut dice = Dice::new(seed_of_this_run());
    let story = live(&mut dice).await;
    let cuts = cuts(&story, &mut dice);
    let started: BTreeSet<_> = (0..STARTS).map(|_| dice.roll(cuts.len())).collect();
    let mut disk = Disk::new(&story.root);
    let mut seen = 0;
    for (number, cut) in cuts.into_iter().enumerate() {
        story.events[seen..cut].iter().for_each(|event| disk.see(&event.deed));
        seen = cut;
        // What nobody waited for is lost as a whole now and then: that is what happens first where something is not waited for.
        let luck = *dice.pick(&[Luck::Nothing, Luck::Some, Luck::Some, Luck::Everything]);
        let left = disk.after_cut(luck, &mut dice);
        let folder = tempfile::Builder::new().prefix("formwork-test-").tempdir().unwrap();
        put_down(&left, &story.root, folder.path());
        if started.contains(&number) {
            story.start(folder, cut).await;
        } else {
            let checked = story.check(&left, folder.path(), cut).await;
            assert_eq!(checked, Ok(()), "after {cut} of {} events, with {luck:?}", story.events.len());
        }
    }
    story.control().await;
}
