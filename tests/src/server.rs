//! A real `formwork serve` process with a data folder and a database of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::postgres::{PostgresDatabase, Roles, execute_in};

/// Long enough for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The file with the key that secrets in the database are sealed with, in the data folder.
pub const KEY_FILE: &str = "formwork.key";

/// The first administrator of every test server.
pub const ADMIN_EMAIL: &str = "admin@example.com";
pub const ADMIN_PASSWORD: &str = "correct horse battery staple";

/// Where a server keeps its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A running server. Dropping it kills the process; [`Server::close`] also asks whether it could stop in order.
pub struct Server {
    process: Child,
    printed: Arc<Mutex<Vec<String>>>,
    url: String,
    data: TempDir,
    postgres: Option<PostgresDatabase>,
    /// The address of its database for a superuser, where the server itself is none.
    superuser: Option<String>,
    options: Vec<String>,
}

impl Server {
    /// Starts an empty server.
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// Starts an empty server with more options of `formwork serve`.
    pub async fn start_with(database: Database, options: &[&str]) -> Self {
        let data = tempfile::Builder::new().prefix("formwork-test-").tempdir().unwrap();
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(PostgresDatabase::create().await),
        };
        let mut options: Vec<_> = options.iter().map(|option| (*option).to_owned()).collect();
        if let Some(postgres) = &postgres {
            options.extend(["--database".to_owned(), postgres.url.clone()]);
        }
        let (process, printed, url) = launch(&data, &options).await;
        Self { process, printed, url, data, postgres, superuser: None, options }
    }

    /// Starts an empty server with SQLite by another program: `by` is its command line, up to the server's own.
    pub async fn start_by(by: &[String]) -> Self {
        let data = tempfile::Builder::new().prefix("formwork-test-").tempdir().unwrap();
        let (process, printed, url) = launch_by(by, &data, &[]).await;
        Self { process, printed, url, data, postgres: None, superuser: None, options: Vec::new() }
    }

    /// Starts a server with SQLite on a data folder that is there.
    pub async fn start_on(data: TempDir) -> Self {
        let (process, printed, url) = launch(&data, &[]).await;
        Self { process, printed, url, data, postgres: None, superuser: None, options: Vec::new() }
    }

    /// Starts another server that shares the database of this one, which is PostgreSQL.
    pub async fn start_beside(&self) -> Self {
        let url = self.postgres_url().expect("the database is PostgreSQL").to_owned();
        let data = tempfile::Builder::new().prefix("formwork-test-").tempdir().unwrap();
        // Servers of one database seal with one key.
        std::fs::copy(self.data.path().join(KEY_FILE), data.path().join(KEY_FILE)).unwrap();
        let options = vec!["--database".to_owned(), url];
        let (process, printed, url) = launch(&data, &options).await;
        Self { process, printed, url, data, postgres: None, superuser: None, options }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_path_buf()
    }

    /// The address of its database, where that is PostgreSQL.
    pub fn postgres_url(&self) -> Option<&str> {
        self.postgres.as_ref().map(|database| database.url.as_str())
    }

    /// On an empty PostgreSQL database: it signs in to it with a role that is no superuser, from its first start on.
    pub async fn become_role(&mut self) -> Roles {
        self.stop().await;
        let old = self.postgres.take().expect("the database is PostgreSQL");
        old.drop().await;
        let mut database = PostgresDatabase::create().await;
        let roles = Roles::of(&database).await;
        self.superuser = Some(database.url.clone());
        database.url = roles.url(&database);
        let place = self.options.iter().position(|option| option == "--database").expect("it was told");
        self.options[place + 1] = database.url.clone();
        self.postgres = Some(database);
        self.restart().await;
        roles
    }

    /// Runs statements in its database with all rights, after [`Server::become_role`].
    pub async fn as_superuser(&self, statements: &str) {
        let url = self.superuser.as_ref().expect("it has a role of its own");
        execute_in(url, statements.to_owned()).await;
    }

    /// The process, for looking at its memory and file handles.
    pub fn process_id(&self) -> u32 {
        self.process.id().expect("the server runs")
    }

    /// The most memory that the process has had since it started, in KiB. Processes that it starts count for themselves.
    pub fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process_id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// A client that has not signed in.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Uses the set-up code to make the first administrator, and signs in.
    pub async fn set_up(&self) -> Client {
        let client = self.client();
        let code = self.set_up_code().await;
        let administrator = json!({"code": code, "email": ADMIN_EMAIL, "name": "Ada", "password": ADMIN_PASSWORD, "language": "en"});
        client.post("/setup", administrator).await.ok();
        self.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await
    }

    /// A client with a session.
    pub async fn sign_in(&self, email: &str, password: &str) -> Client {
        let mut client = self.client();
        client.sign_in(email, password).await.ok();
        client
    }

    /// Adds a member with a password and signs in as that member.
    pub async fn member(&self, admin: &Client, email: &str, roles: &[&str]) -> Client {
        let member = json!({"email": email, "name": email, "password": ADMIN_PASSWORD, "roles": roles});
        admin.post("/members", member).await.created();
        self.sign_in(email, ADMIN_PASSWORD).await
    }

    /// The one-time code that every start prints until it was used.
    pub async fn set_up_code(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let line =
                self.printed.lock().unwrap().iter().find(|line| line.starts_with("Set-up code")).cloned();
            if let Some(line) = line {
                return line.split_whitespace().last().unwrap().to_owned();
            }
            assert!(Instant::now() < deadline, "the server prints no set-up code");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it has printed that begins so.
    pub fn said(&self, begins: &str) -> Option<String> {
        self.printed.lock().unwrap().iter().find(|line| line.starts_with(begins)).cloned()
    }

    /// Stops the process as a power cut would: at once, with nothing written that is not on disk.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks the process to stop, and waits until it did.
    pub async fn stop(&mut self) {
        let process = self.process_id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status().await.unwrap();
        assert!(asked.success());
        let status =
            tokio::time::timeout(PATIENCE, self.process.wait()).await.expect("the server stops").unwrap();
        assert!(status.success(), "the server ended with {status}");
    }

    /// Starts again on the same data, after [`Server::kill`] or [`Server::stop`].
    pub async fn restart(&mut self) {
        (self.process, self.printed, self.url) = launch(&self.data, &self.options).await;
    }

    /// As [`Server::restart`], with these options of `formwork serve` in place of those from before.
    pub async fn restart_with(&mut self, options: &[&str]) {
        let place = self.options.iter().position(|option| option == "--database");
        let database = place.map(|place| self.options[place..place + 2].to_vec()).unwrap_or_default();
        self.options = options.iter().map(|option| (*option).to_owned()).chain(database).collect();
        self.restart().await;
    }

    /// Puts what a dump says into its database, which is PostgreSQL, in place of what it held; after [`Server::stop`].
    pub async fn refill(&self, dump: String) {
        self.postgres.as_ref().expect("the database is PostgreSQL").refill(dump).await;
    }

    /// Stops in order and removes everything.
    pub async fn close(mut self) {
        if self.process.try_wait().unwrap().is_none() {
            self.stop().await;
        }
        if let Some(postgres) = self.postgres.take() {
            postgres.drop().await;
        }
    }

    /// The command that copies its data to another database; for after [`Server::stop`].
    pub fn migrate_to(&self, url: &str) -> Command {
        let mut command = Command::new(binary());
        command.args(["migrate-to", "--database", url, "--data"]).arg(self.data.path());
        if let Some(postgres) = &self.postgres {
            command.args(["--from", &postgres.url]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// From its next start on it works with this database of PostgreSQL, or with the file of SQLite in its data folder; gives
    /// what it worked with before.
    pub fn work_with(&mut self, database: Option<PostgresDatabase>) -> Option<PostgresDatabase> {
        if let Some(place) = self.options.iter().position(|option| option == "--database") {
            self.options.drain(place..place + 2);
        }
        if let Some(postgres) = &database {
            self.options.extend(["--database".to_owned(), postgres.url.clone()]);
        }
        std::mem::replace(&mut self.postgres, database)
    }

    /// Runs another command of the binary on this server's data and gives what it printed.
    pub async fn command(&self, arguments: &[&str]) -> std::process::Output {
        self.command_with(arguments, "").await
    }

    /// As [`Server::command`], with something to read on standard input.
    pub async fn command_with(&self, arguments: &[&str], input: &str) -> std::process::Output {
        let mut command = Command::new(binary());
        command.args(arguments).arg("--data").arg(self.data.path());
        if let Some(postgres) = &self.postgres {
            command.args(["--database", &postgres.url]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A command that reads nothing may have closed it already.
        let _ = process.stdin.take().unwrap().write_all(input.as_bytes()).await;
        process.wait_with_output().await.unwrap()
    }
}

async fn launch(data: &TempDir, options: &[String]) -> (Child, Arc<Mutex<Vec<String>>>, String) {
    launch_by(&[], data, options).await
}

async fn launch_by(
    by: &[String],
    data: &TempDir,
    options: &[String],
) -> (Child, Arc<Mutex<Vec<String>>>, String) {
    let mut words = by.iter().map(OsString::from).chain([binary().into_os_string()]);
    let mut process = Command::new(words.next().expect("the server at least"))
        .args(words)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .args(options)
        .args(unless_said(options, "--costly-per-minute", "1000000"))
        .args(unless_said(options, "--disk-reserve", "0"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the server starts");
    let printed = Arc::new(Mutex::new(Vec::new()));
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let collected = Arc::clone(&printed);
    tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            collected.lock().unwrap().push(line);
        }
    });
    let url = wait_until_live(&mut process, &printed).await;
    (process, printed, url)
}

/// An option where the story says nothing of it. Many stories share a server and its administrator: what one does alone is counted
/// only where a story says how often. And what else fills the disk of this machine is none of theirs.
fn unless_said(options: &[String], option: &'static str, value: &'static str) -> Vec<&'static str> {
    if options.iter().any(|said| said == option) { Vec::new() } else { vec![option, value] }
}

/// The port is the system's choice, so the address is read from what the server prints.
async fn wait_until_live(process: &mut Child, printed: &Mutex<Vec<String>>) -> String {
    let client = reqwest::Client::new();
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            panic!("the server ended with {status} after {:?}", printed.lock().unwrap());
        }
        let url = printed.lock().unwrap().iter().find_map(|line| {
            let start = line.find("http://127.0.0.1:")?;
            line[start..].split_whitespace().next().map(|url| url.trim_end_matches('/').to_owned())
        });
        if let Some(url) = url {
            let live = client.get(format!("{url}/live")).send().await;
            if live.is_ok_and(|answer| answer.status().is_success()) {
                return url;
            }
        }
        assert!(Instant::now() < deadline, "the server is not live after {PATIENCE:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// `FORMWORK_BIN`, else the binary beside the test's own.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("FORMWORK_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("formwork");
    assert!(path.is_file(), "{} is missing: build it with `cargo build -p server`", path.display());
    path
}
