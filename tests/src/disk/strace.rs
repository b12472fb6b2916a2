//! What `strace` notes of a program, read as what the program did to a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Deed;

const STRACE: &str = "strace";

/// Everything by which a program changes files, or has the disk keep them; with a question mark what not every system has. What is
/// among them and read by nobody here, such as copies within the system, ends the test: else the disk of the test would know less
/// than the real one.
const CALLS: &str = "trace=openat,?open,?creat,truncate,write,pwrite64,pwritev,pwritev2,writev,ftruncate,fallocate,fsync,fdatasync,\
                     sync_file_range,syncfs,?rename,renameat,renameat2,?unlink,unlinkat,?rmdir,?link,linkat,?symlink,symlinkat,\
                     ?mkdir,mkdirat,copy_file_range,sendfile,splice,mmap";

/// Files that need not outlive a cut: the index of the log of SQLite, which lies in memory, and the door for operators.
const PASSING: [&str; 2] = ["-shm", ".sock"];

/// So much of a line has the paths of a call in it; what it writes comes behind them.
const PATHS: usize = 4096;

/// Whether there is a strace, and it may do its work.
pub fn can_trace() -> bool {
    let tried = ["-qq", "-o", "/dev/null", "-e", "trace=fsync", "true"];
    let tried = Command::new(STRACE).args(tried).stdout(Stdio::null()).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// The beginning of a command line, with which what follows is watched. Strace goes aside: what was started is the program itself.
pub fn watching(log: &Path) -> Vec<String> {
    let log = log.to_str().expect("a path in Unicode");
    // Bytes in hexadecimal digits, of which none are left out; open files by their paths; when it was, and how long it took.
    let words = [STRACE, "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "4000000", "-ttt", "-T"];
    let words = words.into_iter().chain(["-e", "signal=none", "-e", CALLS, "-o", log]);
    words.map(str::to_owned).collect()
}

/// The strace that watches a process.
#[derive(Debug)]
pub struct Watcher(u32);

impl Watcher {
    pub fn of(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("TracerPid:")).unwrap();
        let watcher = line.trim().parse().unwrap();
        assert_ne!(watcher, 0, "nobody watches it");
        Self(watcher)
    }

    /// After the end of the process: waits until everything is noted.
    pub async fn ended(self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        // Where nobody asks how it ended, its name stays.
        let is_there = || {
            let status = fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
            status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
        };
        while is_there() {
            assert!(Instant::now() < deadline, "strace does not end");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Something that a program did, and when it had done it, in microseconds of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: i64,
    pub deed: Deed,
}

/// What was noted of a folder, in its order.
pub fn read(log: &Path, root: &Path) -> Vec<Event> {
    read_lines(&fs::read_to_string(log).expect("strace has written"), root)
}

pub(super) fn read_lines(log: &str, root: &Path) -> Vec<Event> {
    let root = root.to_str().expect("a path in Unicode");
    let root: String = root.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    let marks = [format!("<{root}"), format!("\"{root}")];
    let mut reader = Reader { marks, begun: BTreeMap::new(), waits: 0, events: Vec::new() };
    log.lines().for_each(|line| reader.read(line));
    reader.events
}

struct Reader<'a> {
    /// How a path in the folder begins in the log: that of an open file, and one that is named. Texts may speak of the folder, too.
    marks: [String; 2],
    /// Calls that others came between before they ended, by the threads that made them.
    begun: BTreeMap<&'a str, Begun<'a>>,
    waits: usize,
    events: Vec<Event>,
}

struct Begun<'a> {
    call: &'a str,
    /// The number of the wait, where it is one.
    wait: Option<usize>,
}

impl<'a> Reader<'a> {
    /// `7104  1796062999.221727 fsync(13<…>) = 0 <0.000480>`, or in two parts: `fsync(13<…> <unfinished ...>` and
    /// `<... fsync resumed>) = 0 <0.000480>`.
    fn read(&mut self, line: &'a str) {
        let Some((thread, rest)) = line.split_once(' ') else { return };
        let Some((at, rest)) = rest.trim_start().split_once(' ') else { return };
        if let Some(rest) = rest.strip_prefix("<... ") {
            let Some(begun) = self.begun.remove(thread) else { return };
            let (_, end) = rest.split_once(" resumed>").expect("the end of a call");
            self.call(&format!("{}{end}", begun.call), micros(at), begun.wait);
            return;
        }
        let paths = &rest[..rest.len().min(PATHS)];
        if !self.marks.iter().any(|mark| paths.contains(mark.as_str())) {
            return;
        }
        match rest.strip_suffix(" <unfinished ...>") {
            Some(call) => {
                let wait = self.wait(call, micros(at));
                self.begun.insert(thread, Begun { call, wait });
            }
            None => {
                let wait = self.wait(rest, micros(at));
                self.call(rest, micros(at) + took(rest), wait);
            }
        }
    }

    /// Whether a call waits for the disk; it is noted when it begins.
    fn wait(&mut self, call: &str, at: i64) -> Option<usize> {
        let arguments = call.strip_prefix("fsync(").or_else(|| call.strip_prefix("fdatasync("))?;
        let path = opened(arguments);
        if is_passing(&path) {
            return None;
        }
        self.waits += 1;
        self.events.push(Event { at, deed: Deed::Wait { path, number: self.waits } });
        Some(self.waits)
    }

    /// A call as a whole.
    fn call(&mut self, call: &str, at: i64, wait: Option<usize>) {
        let (name, rest) = call.split_once('(').expect("a call");
        let Some((arguments, result)) = rest.rsplit_once(") = ") else { return };
        if result.starts_with(['-', '?']) {
            assert!(wait.is_none() || result.starts_with('?'), "the disk keeps nothing: {result}");
            return;
        }
        let Some(deed) = deed(name, arguments, result, wait) else { return };
        self.events.push(Event { at, deed });
    }
}

/// What a call did that went well; none where it changes nothing that should outlive a cut.
fn deed(name: &str, arguments: &str, result: &str, wait: Option<usize>) -> Option<Deed> {
    let (path, deed) = match name {
        "openat" | "open" => {
            let (path, is_emptied) = (named(arguments, 0), arguments.contains("O_TRUNC"));
            if !is_emptied && !arguments.contains("O_CREAT") {
                return None;
            }
            (path.clone(), Deed::Open { path, is_emptied })
        }
        "mmap" => {
            // What is written to such memory is written without a call.
            let (path, words) = (opened(arguments), ["PROT_WRITE", "MAP_SHARED"]);
            assert!(!words.iter().all(|word| arguments.contains(word)) || is_passing(&path), "{path:?}");
            return None;
        }
        "mkdir" | "mkdirat" => (named(arguments, 0), Deed::MakeFolder(named(arguments, 0))),
        "link" | "linkat" => {
            let (from, to) = (named(arguments, 0), named(arguments, 1));
            (to.clone(), Deed::Link { from, to })
        }
        "rename" | "renameat" | "renameat2" => {
            let (from, to) = (named(arguments, 0), named(arguments, 1));
            (to.clone(), Deed::Move { from, to })
        }
        "unlink" | "unlinkat" | "rmdir" => (named(arguments, 0), Deed::Remove(named(arguments, 0))),
        "ftruncate" => {
            let path = opened(arguments);
            (path.clone(), Deed::SetLength { path, length: last(arguments) })
        }
        "write" | "pwrite64" => {
            let path = opened(arguments);
            assert!(!arguments.contains("\"..."), "strace has left out what was written");
            let mut bytes = quoted(arguments, 0);
            bytes.truncate(result.split(' ').next().and_then(|count| count.parse().ok()).expect("a count"));
            (path.clone(), Deed::Write { path, at: (name == "pwrite64").then(|| last(arguments)), bytes })
        }
        "fsync" | "fdatasync" => (opened(arguments), Deed::Kept { path: opened(arguments), number: wait? }),
        _ => panic!("nobody reads what {name} does to files: {}", &arguments[..arguments.len().min(200)]),
    };
    (!is_passing(&path)).then_some(deed)
}

fn is_passing(path: &Path) -> bool {
    PASSING.iter().any(|end| path.to_string_lossy().ends_with(end))
}

/// The path of the open file that a call is about: `13</tmp/file>`.
fn opened(arguments: &str) -> PathBuf {
    let path = arguments.split(['<', '>']).nth(1).expect("an open file");
    path_of(&decoded(path))
}

/// A path among the arguments.
fn named(arguments: &str, place: usize) -> PathBuf {
    let path = path_of(&quoted(arguments, place));
    assert!(path.is_absolute(), "{} is somewhere", path.display());
    path
}

fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8(bytes.to_vec()).expect("a path in Unicode"))
}

/// The bytes of a text among the arguments.
fn quoted(arguments: &str, place: usize) -> Vec<u8> {
    decoded(arguments.split('"').nth(1 + 2 * place).expect("a text"))
}

/// The last argument, a number.
fn last(arguments: &str) -> usize {
    arguments.rsplit(", ").next().and_then(|number| number.parse().ok()).expect("a number at the end")
}

/// `\x2f\x74` as bytes.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte: u8| if byte <= b'9' { byte - b'0' } else { byte - b'a' + 10 };
    text.as_bytes().chunks_exact(4).map(|byte| digit(byte[2]) << 4 | digit(byte[3])).collect()
}

/// `1796062999.221727` in microseconds.
fn micros(at: &str) -> i64 {
    at.replace('.', "").parse().expect("a time")
}

/// How long a call took, in microseconds: `… = 0 <0.000480>`.
fn took(call: &str) -> i64 {
    let time = call.strip_suffix('>').and_then(|call| call.rsplit_once('<'));
    time.map_or(0, |(_, time)| micros(time))
}
