//! The process that reads a workbook: the same program, begun anew with limits that the system keeps.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, geteuid, setrlimit};
use rustix::thread::UnshareFlags;

use super::fault::BookFault;
use super::read::read;

/// The command that the program calls itself by; it is not for people.
pub const COMMAND: &str = "__read-xlsx";

/// What the process may have, in bytes and in seconds of computing.
const MEMORY: u64 = 512 << 20;
const SECONDS: u64 = 300;
/// Bytes of the rows that it writes.
const OUTPUT: u64 = 2 << 30;
/// How long it may take in all.
const LONGEST: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// The exit code of a process that has told on its standard error what is wrong.
const TOLD: u8 = 3;
/// Set for the process that has its limits already.
const LIMITED: &str = "FORMWORK_READS_WITHIN_LIMITS";

/// Has the rows of a sheet written into a file. Waits for it: to be called where that is right.
///
/// # Errors
/// What is wrong with the workbook.
pub fn convert(book: &Path, sheet: Option<&str>, into: File) -> Result<(), BookFault> {
    let failed = |error: io::Error| BookFault::Unreadable { detail: error.to_string() };
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.arg(COMMAND).arg(book).args(sheet.map(OsStr::new));
    command.env_clear().stdin(Stdio::null()).stdout(into).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let status = wait(&mut child).map_err(failed)?;
    let mut told = String::new();
    if let Some(stderr) = child.stderr.take() {
        // Cut off, it is no JSON, and an outcome of its own.
        let _ = stderr.take(64 << 10).read_to_string(&mut told);
    }
    outcome(status, &told)
}

fn outcome(status: Option<ExitStatus>, told: &str) -> Result<(), BookFault> {
    match status.map(|status| (status.code(), status)) {
        Some((Some(0), _)) => Ok(()),
        Some((Some(code), _)) if code == i32::from(TOLD) => {
            let fault = serde_json::from_str(told.trim());
            Err(fault.unwrap_or_else(|_| BookFault::Unreadable { detail: told.to_string() }))
        }
        Some((Some(code), _)) => {
            tracing::warn!(code, told, "a workbook broke the process that read it");
            Err(BookFault::Unreadable {
                detail: format!("the process that read a workbook ended with {code}"),
            })
        }
        // Ended by the system or by us: it wanted more than it may have.
        Some((None, status)) => {
            tracing::info!(%status, "a workbook wanted more than one may have");
            Err(BookFault::TooCostly)
        }
        None => Err(BookFault::TooCostly),
    }
}

/// Waits for the end; a process that takes too long is ended, and has no status.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The process itself: takes its limits upon itself, begins anew within them, reads, and tells what it found.
pub fn run(book: &Path, sheet: Option<&str>) -> ExitCode {
    if std::env::var_os(LIMITED).is_none() {
        return begin_within_limits(book, sheet);
    }
    let mut out = BufWriter::with_capacity(256 << 10, io::stdout().lock());
    let outcome = read(book, sheet, &mut out);
    // Nothing is written when it ends that was not written before.
    let outcome = outcome
        .and_then(|()| out.flush().map_err(|error| BookFault::Unreadable { detail: error.to_string() }));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            let told = serde_json::to_string(&fault).unwrap_or_default();
            let _ = writeln!(io::stderr(), "{told}");
            ExitCode::from(TOLD)
        }
    }
}

/// What a process has asked the system for before its limits are set does not count as more: so it sets them and then
/// begins anew, with nothing.
fn begin_within_limits(book: &Path, sheet: Option<&str>) -> ExitCode {
    leave_the_network();
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, SECONDS),
        (Resource::Fsize, OUTPUT),
        (Resource::Core, 0),
        (Resource::Nofile, 16),
    ];
    for (resource, most) in limits {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        if let Err(error) = setrlimit(resource, limit) {
            let _ = writeln!(io::stderr(), "{error}");
            return ExitCode::FAILURE;
        }
    }
    let program = std::env::current_exe().unwrap_or_else(|_| "/proc/self/exe".into());
    let mut command = Command::new(program);
    let arguments: Vec<OsString> =
        [Some(COMMAND.into()), Some(book.into()), sheet.map(Into::into)].into_iter().flatten().collect();
    let error = command.args(arguments).env_clear().env(LIMITED, "1").exec();
    let _ = writeln!(io::stderr(), "{error}");
    ExitCode::FAILURE
}

/// A network of its own, in which there is nothing: what takes a workbook over still reaches nobody. Not every system lets a
/// process do so (containers often do not); the limits hold without it.
fn leave_the_network() {
    let network = UnshareFlags::NEWNET;
    // Root would lose its right to others' files with a set of users of its own, and the others have no right without one.
    let flags = if geteuid().is_root() { network } else { network | UnshareFlags::NEWUSER };
    #[expect(deprecated, reason = "unsafe is what it does to file descriptors, and these stay")]
    let _ = rustix::thread::unshare(flags);
}
