//! A temporary PostgreSQL for tests, and `cargo xtask postgres`, which runs a command beside one.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::{debian, process, progress};

/// Tells tests where they may make databases.
pub const URL: &str = "FORMWORK_TEST_POSTGRES";
/// Tells tests that must have it that its absence is a fault.
const REQUIRED: &str = "FORMWORK_REQUIRE_POSTGRES";

/// The name of the temporary folder, before the number of the process that made it.
const FOLDER_PREFIX: &str = "formwork-postgres-";

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Args)]
pub struct Options {
    /// The command, for example `cargo test -p store`
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Runs a command with a temporary PostgreSQL at hand.
pub fn run(options: &Options) -> Result<()> {
    require()?;
    let postgres = progress::step("starting PostgreSQL", TemporaryPostgres::start)?;
    let (program, arguments) = options.command.split_first().context("name a command")?;
    process::run(postgres.tell(Command::new(program).args(arguments)))
}

/// Installs the server's programs where they are missing.
pub fn require() -> Result<()> {
    if programs().is_err() {
        debian::install("postgresql", "the tests run on PostgreSQL too")?;
    }
    programs().map(|_| ())
}

/// The folder of `initdb` and `postgres`: of the newest version that Debian keeps, else of the path.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_string_lossy().parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .collect();
    folders.sort();
    let mut folders: Vec<_> = folders.into_iter().rev().map(|(_, folder)| folder).collect();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let complete = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    folders.into_iter().find(complete).context("PostgreSQL's initdb and postgres are missing")
}

/// A server on a free port of this machine, with its data in a temporary folder; both are gone when it is dropped.
pub struct TemporaryPostgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl TemporaryPostgres {
    /// One for tests, which kill our own server and never this one: it need not wait for the disk.
    pub fn start() -> Result<Self> {
        Self::start_with(&["fsync=off", "full_page_writes=off"])
    }

    /// One that is as safe as it comes: what it has committed is on the disk.
    pub fn start_durable() -> Result<Self> {
        Self::start_with(&[])
    }

    fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = programs()?;
        let user = server_user()?;
        remove_leftovers();
        let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if let Some(user) = &user {
            process::read(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        process::read(
            as_user(user.as_deref(), &programs.join("initdb"))
                .args([
                    "--auth=trust",
                    "--username=postgres",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ])
                .arg("--pgdata")
                .arg(&data)
                .current_dir(&folder),
        )?;
        let port = free_port()?;
        let mut server = as_user(user.as_deref(), &programs.join("postgres"));
        for setting in settings {
            server.args(["-c", setting]);
        }
        let server = launch(server, &folder, &data, port)?;
        let mut postgres = Self { server, folder, port };
        postgres.wait_until_ready(&programs)?;
        Ok(postgres)
    }

    /// Puts the address into a command's environment.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env(URL, self.url()).env(REQUIRED, "1")
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// What its first database holds, as statements that any connection can run.
    pub fn dump(&self) -> Result<String> {
        let mut dump = Command::new(programs()?.join("pg_dump"));
        dump.args(["--no-owner", "--no-privileges", "--rows-per-insert=500", "--encoding=UTF8"]);
        Ok(statements(&process::read(dump.arg(self.url()))?))
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let port = self.port.to_string();
        loop {
            if let Some(status) = self.server.try_wait()? {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("PostgreSQL ended with {status}:\n{log}");
            }
            let ready = Command::new(programs.join("pg_isready"))
                .args(["--quiet", "--host=127.0.0.1", "--port", &port])
                .status()?;
            if ready.success() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "PostgreSQL is not ready after {PATIENCE:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A dump without the lines that are commands to `psql`.
fn statements(dump: &str) -> String {
    let is_command = |line: &str| line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
    dump.split_inclusive('\n').filter(|line| !is_command(line)).collect()
}

impl Drop for TemporaryPostgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's order to break all connections off and end cleanly.
        let asked = process::read(Command::new("kill").args(["-INT", &self.server.id().to_string()]));
        if asked.is_ok() {
            // Its end is what we wait for; its status says nothing more.
            let _ = self.server.wait();
        }
        remove(&self.folder);
    }
}

/// Folders of runs that were broken off.
fn remove_leftovers() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(FOLDER_PREFIX);
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            remove(&entry.path());
        }
    }
}

/// A folder that cannot be removed is in the system's folder for what may be removed at any time.
fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}

/// PostgreSQL refuses to run as root: then another user lends its name.
fn server_user() -> Result<Option<String>> {
    if !debian::is_root()? {
        return Ok(None);
    }
    let candidates = ["postgres", "nobody"];
    let known = |user: &&str| process::read(Command::new("id").args(["-u", user])).is_ok();
    let user = candidates.into_iter().find(known).context("neither the user postgres nor nobody exists")?;
    Ok(Some(user.to_owned()))
}

/// The program under another user. It gets SIGINT when we end, however we end, so that no server is left behind.
fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--init-groups"]);
    }
    command.arg("--").arg(program);
    command
}

fn launch(mut command: Command, folder: &Path, data: &Path, port: u16) -> Result<Child> {
    let log = fs::File::create(folder.join("log"))?;
    command.arg("-D").arg(data).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    for setting in ["max_connections=400", "log_min_messages=fatal"] {
        command.args(["-c", setting]);
    }
    command.current_dir(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().context("cannot start PostgreSQL")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn a_dump_is_statements_alone() {
        let dump = "\\restrict x1\n\nSET a = 1;\nINSERT INTO t VALUES ('a\\b');\n\n\\unrestrict x1\n";
        assert_eq!(statements(dump), "\nSET a = 1;\nINSERT INTO t VALUES ('a\\b');\n\n");
    }
}
