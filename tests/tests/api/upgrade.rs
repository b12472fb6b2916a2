//! Databases of earlier releases: opened by this one they hold what they held.
//!
//! `tests/data/releases` has a folder for each release, which `cargo xtask corpus` wrote when it was made: the database, and
//! what it was asked with what it answered; in its folder `postgres` the same of PostgreSQL, as statements. A later release
//! may answer more; what was said then is said still.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::Value;
use tests::server::{KEY_FILE, binary};
use tests::{Client, Database, Server};

/// The releases that there are corpora of. Before the first release it is that of the format as it then was.
pub(crate) fn releases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/releases");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// A file of a release. A release without it proves nothing, and has to say so.
fn part(release: &Path, name: &str) -> PathBuf {
    let file = release.join(name);
    assert!(
        file.is_file(),
        "{} is missing: check out that release and run `cargo xtask corpus`",
        file.display()
    );
    file
}

/// Where an answer no longer says what it said; nothing where it does. Members that have come since are no difference.
fn difference(was: &Value, is: &Value, at: &str) -> Option<String> {
    match (was, is) {
        (Value::Object(was), Value::Object(is)) => was.iter().find_map(|(name, value)| {
            difference(value, is.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"))
        }),
        (Value::Array(was), Value::Array(is)) if was.len() == is.len() => {
            let mut pairs = was.iter().zip(is).enumerate();
            pairs.find_map(|(place, (was, is))| difference(was, is, &format!("{at}/{place}")))
        }
        (was, is) if was == is => None,
        (was, is) => Some(format!("{at}: {was} is now {is}")),
    }
}

async fn ask(client: &Client, question: &Value) -> Value {
    let path = question["path"].as_str().unwrap();
    match question.get("body") {
        None => client.get(path).await.ok(),
        Some(body) => client.post(path, body.clone()).await.ok(),
    }
}

/// The text or the bytes that are packed in a file of a release.
fn unpacked(release: &Path, name: &str) -> GzDecoder<File> {
    GzDecoder::new(File::open(part(release, name)).unwrap())
}

/// Starts a stopped server on a database of a release, and asks it what that was asked.
async fn says_what_was_said(mut server: Server, release: &Path) {
    server.restart().await;
    says_still(&server, release).await;
    server.close().await;
}

/// Asks a server on a database of a release what that was asked.
pub(crate) async fn says_still(server: &Server, release: &Path) {
    let expected: Value = serde_json::from_reader(unpacked(release, "expected.json.gz")).unwrap();
    let (email, password) = (expected["email"].as_str().unwrap(), expected["password"].as_str().unwrap());
    let admin = server.sign_in(email, password).await;
    let questions = expected["questions"].as_array().unwrap();
    assert!(questions.len() > 50, "{}", questions.len());
    for question in questions {
        let answer = ask(&admin, question).await;
        let difference = difference(&question["answer"], &answer, "");
        assert_eq!(difference, None, "{}", question["path"]);
    }
    let doctor = server.command(&["doctor"]).await;
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
}

#[tokio::test]
async fn a_database_of_every_earlier_release_holds_what_it_held() {
    let releases = releases();
    assert!(!releases.is_empty(), "no release has a corpus: `cargo xtask corpus` makes that of this one");
    for release in releases {
        eprintln!("{}", release.display());
        let mut server = Server::start(Database::Sqlite).await;
        server.stop().await;
        put_back(&server, &release);
        says_what_was_said(server, &release).await;
    }
}

/// Puts the database of a release in the place of that of a stopped server, with its key.
pub(crate) fn put_back(server: &Server, release: &Path) {
    for left in ["formwork.db-wal", "formwork.db-shm"] {
        let _ = fs::remove_file(server.data().join(left));
    }
    let mut file = File::create(server.data().join("formwork.db")).unwrap();
    std::io::copy(&mut unpacked(release, "formwork.db.gz"), &mut file).unwrap();
    put_key_back(server, release);
}

/// Before there were key files, the key lay in the database.
fn put_key_back(server: &Server, release: &Path) {
    let key = release.join(KEY_FILE);
    if key.is_file() {
        fs::copy(key, server.data().join(KEY_FILE)).unwrap();
    }
}

/// The names in a data folder that begin so.
fn names(server: &Server, begins: &str) -> Vec<String> {
    let entries = fs::read_dir(server.data()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(begins)).collect()
}

/// A program that is killed while it brings a database up to date leaves one that the next start brings up to date. The
/// moments are those of this run: before the copy, in it, between the steps, after them.
#[tokio::test]
async fn c29_who_is_killed_while_a_database_changes_loses_nothing() {
    let releases = releases();
    let release = releases.first().expect("no release has a corpus");
    let mut server = Server::start(Database::Sqlite).await;
    server.stop().await;
    for milliseconds in [10, 30, 60, 100, 150, 250] {
        for copy in names(&server, "before-") {
            fs::remove_file(server.data().join(copy)).unwrap();
        }
        put_back(&server, release);
        let mut command = tokio::process::Command::new(binary());
        command.arg("doctor").arg("--data").arg(server.data());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        // It may have come to its end before.
        let _ = process.start_kill();
        process.wait().await.unwrap();
        server.restart().await;
        server.stop().await;
        let doctor = server.command(&["doctor"]).await;
        let said = String::from_utf8_lossy(&doctor.stdout);
        assert!(doctor.status.success(), "killed after {milliseconds} ms: {said}");
        assert!(!names(&server, "before-").is_empty(), "killed after {milliseconds} ms: no copy was made");
        let parts = names(&server, "before-").into_iter().filter(|name| name.ends_with(".part"));
        assert_eq!(parts.count(), 0, "killed after {milliseconds} ms");
    }
    // The last of them, too, answers what it answered.
    says_what_was_said(server, release).await;
}

#[tokio::test]
async fn a_database_of_every_earlier_release_on_postgres_holds_what_it_held() {
    for release in releases() {
        let release = release.join("postgres");
        eprintln!("{}", release.display());
        let dump = std::io::read_to_string(unpacked(&release, "formwork.sql.gz")).unwrap();
        let mut server = Server::start(Database::Postgres).await;
        server.stop().await;
        server.refill(dump).await;
        put_key_back(&server, &release);
        says_what_was_said(server, &release).await;
    }
}

#[test]
fn what_was_said_is_missed_and_what_is_new_is_not() {
    let was = serde_json::json!({"items": [{"id": "1", "fields": {"a": "1.00"}}]});
    let more = serde_json::json!({"items": [{"id": "1", "fields": {"a": "1.00", "b": null}, "may": {}}], "next": null});
    assert_eq!(difference(&was, &more, ""), None);
    let other = serde_json::json!({"items": [{"id": "1", "fields": {"a": "1.01"}}]});
    assert_eq!(difference(&was, &other, "").unwrap(), "/items/0/fields/a: \"1.00\" is now \"1.01\"");
    assert!(difference(&was, &serde_json::json!({"items": []}), "").is_some());
}
