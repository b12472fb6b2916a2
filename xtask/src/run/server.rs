//! The server's binary, built, and its process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::cache::{self, TargetFolder};
use crate::{process, progress};

/// How long a start may take; a large database is migrated first.
const PATIENCE: Duration = Duration::from_secs(120);

/// Compiles the server and gives the place of a copy that later builds do not replace while it runs.
pub fn build(dev: bool) -> Result<PathBuf> {
    progress::headline("Building the server");
    let target = TargetFolder::native()?;
    let mut command = Command::new(env!("CARGO"));
    // Of the whole workspace, as the tests and the benchmark build it: a package alone chooses other features of the
    // dependencies, and compiles them once more.
    command.args(["build", "--locked", "--workspace", "--bin", "formwork"]);
    if !dev {
        command.arg("--release");
    }
    command.env("CARGO_TARGET_DIR", target.path()).current_dir(cache::checkout());
    process::run(&mut command).context("the server does not compile")?;
    let built = target.path().join(if dev { "debug" } else { "release" }).join("formwork");
    let folder = cache::checkout().join("target");
    fs::create_dir_all(&folder)?;
    let copy = folder.join("formwork");
    // A running program's file can be replaced by a rename, not by writing into it.
    let beside = folder.join(".formwork-new");
    fs::copy(&built, &beside)?;
    fs::rename(&beside, &copy)?;
    Ok(copy)
}

/// A running server. One that is dropped is ended at once: nothing of ours goes on by itself after a failure.
pub struct Server {
    process: Child,
    /// `http://ADDRESS`
    pub url: String,
    /// The one-time code, while nobody has used it.
    pub set_up_code: Option<String>,
}

impl Server {
    /// Starts it, with `more` of its options.
    pub fn start(binary: &Path, data: &Path, listen: SocketAddr, more: &[String]) -> Result<Self> {
        let mut process = Command::new(binary)
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", &listen.to_string()])
            .args(more)
            .env("FORMWORK_LOG", std::env::var("FORMWORK_LOG").unwrap_or_else(|_| "warn".into()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let output = process.stdout.take().context("the server has no output to read")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // Nobody listens once the server is known to run.
                let _ = sender.send(line);
            }
        });
        let url = match read_line(&lines, "http://")? {
            Some(line) => line[line.find("http://").unwrap_or_default()..].trim_end_matches('/').to_owned(),
            None => bail!("the server did not start ({}); what it said is above", process.wait()?),
        };
        let mut server = Self { process, url, set_up_code: None };
        server.set_up_code = server.read_set_up_code(&lines)?;
        Ok(server)
    }

    /// The code follows the address where one is needed, and nothing follows where none is.
    fn read_set_up_code(&self, lines: &Receiver<String>) -> Result<Option<String>> {
        let state = crate::api::Api::new(&self.url, "en").get("/setup")?;
        if state.get("needed").is_none_or(|needed| *needed != true) {
            return Ok(None);
        }
        let line = read_line(lines, "Set-up code")?.context("the server printed no set-up code")?;
        Ok(line.split_whitespace().last().map(str::to_owned))
    }

    /// Runs on until the person stops it.
    pub fn wait(&mut self) -> Result<()> {
        let status = self.process.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Asks the process to end and waits for it.
    pub fn stop(&mut self) -> Result<()> {
        process::read(Command::new("kill").args(["-TERM", &self.process.id().to_string()]))?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After an end in order there is nothing left to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The next line that holds a text; none when the process ended before it.
fn read_line(lines: &Receiver<String>, holds: &str) -> Result<Option<String>> {
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) if line.contains(holds) => return Ok(Some(line)),
            Ok(_) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) => bail!("the server says nothing after {PATIENCE:?}"),
        }
    }
}
