//! A server process that is measured: its start, its memory, what it costs the processor.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::client::{Connection, Request};

/// How long a start or an end may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a starting server is asked whether it answers.
const PAUSE: Duration = Duration::from_millis(1);
/// How often its memory is looked at where it is watched.
const GLANCE: Duration = Duration::from_millis(200);
/// What `/proc` counts processor time in: `USER_HZ`, which is 100 on every Linux.
const TICK: f64 = 0.01;

/// A process that answers HTTP on a port of ours. Dropping it kills the process.
pub struct Server {
    program: PathBuf,
    /// `PORT` stands for the port.
    arguments: Vec<String>,
    log: PathBuf,
    /// What it answers when it serves.
    question: Request,
    process: Child,
    pub port: u16,
    pub started_in: Duration,
    /// The most memory of the processes before this one.
    most_before: f64,
}

impl Server {
    pub async fn start(program: PathBuf, arguments: Vec<String>, folder: &Path, question: Request) -> Server {
        let log = folder.join("log.txt");
        let port = free_port();
        let process = launch(&program, &arguments, &log, port);
        let mut server = Server {
            program,
            arguments,
            log,
            question,
            process,
            port,
            started_in: Duration::ZERO,
            most_before: 0.0,
        };
        server.wait(Instant::now()).await;
        server
    }

    /// Starts it again after [`Server::stop`].
    pub async fn start_again(&mut self) {
        let started = Instant::now();
        self.port = free_port();
        self.process = launch(&self.program, &self.arguments, &self.log, self.port);
        self.wait(started).await;
    }

    /// What it is asked to know whether it serves; from the next start on.
    pub fn ask_when_started(&mut self, question: Request) {
        self.question = question;
    }

    /// Stops it in order.
    pub fn stop(&mut self) {
        self.most_before = self.most_mb();
        let asked = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().unwrap().is_none() {
            assert!(Instant::now() < deadline, "{} does not stop", self.program.display());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// A connection to it.
    pub async fn connection(&self) -> Connection {
        Connection::open(self.port).await.unwrap()
    }

    async fn wait(&mut self, started: Instant) {
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                let log = std::fs::read_to_string(&self.log).unwrap_or_default();
                panic!("{} ended with {status}: {log}", self.program.display());
            }
            if self.answers().await {
                self.started_in = started.elapsed();
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{} does not answer", self.program.display());
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn answers(&self) -> bool {
        let Ok(mut connection) = Connection::open(self.port).await else { return false };
        connection.ask(&self.question).await.is_ok_and(|answer| answer.status == 200)
    }

    /// Resident memory.
    pub fn memory_mb(&self) -> f64 {
        self.status("VmRSS")
    }

    /// The most memory that it ever had, earlier starts included.
    pub fn most_mb(&self) -> f64 {
        self.status("VmHWM").max(self.most_before)
    }

    /// Resident memory of it and of the processes that it has started.
    pub fn memory_with_children_mb(&self) -> f64 {
        with_children_mb(self.process.id())
    }

    /// The most of that until it is over.
    pub fn watch_memory(&self, over: Arc<AtomicBool>) -> tokio::task::JoinHandle<f64> {
        let process = self.process.id();
        tokio::spawn(async move {
            let mut most: f64 = 0.0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(with_children_mb(process));
                tokio::time::sleep(GLANCE).await;
            }
            most
        })
    }

    /// Files and connections that it has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).map_or(0, Iterator::count)
    }

    fn status(&self, name: &str) -> f64 {
        status_mb(self.process.id(), name)
    }

    /// Processor time that it has used, in seconds.
    pub fn processor_seconds(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap();
        // After the name, which may hold anything: the 12th and 13th are what it spent for itself and in the kernel.
        let ticks = stat.rsplit_once(')').unwrap().1.split_whitespace().skip(11).take(2);
        ticks.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() * TICK
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails where it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn with_children_mb(process: u32) -> f64 {
    std::iter::once(process).chain(children(process)).map(|process| status_mb(process, "VmRSS")).sum()
}

/// A line of what `/proc` says of a process; 0 of one that has ended.
fn status_mb(process: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kib = status.lines().find_map(|line| {
        line.strip_prefix(name)?.strip_prefix(':')?.trim().strip_suffix(" kB")?.parse::<f64>().ok()
    });
    kib.unwrap_or_default() / 1024.0
}

/// The processes that a process has started and that still run.
fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists =
        threads.map(|thread| std::fs::read_to_string(thread.path().join("children")).unwrap_or_default());
    let mut children: Vec<u32> = Vec::new();
    for list in lists {
        children.extend(list.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
    }
    children
}

fn launch(program: &Path, arguments: &[String], log: &Path, port: u16) -> Child {
    let log = File::options().create(true).append(true).open(log).unwrap();
    Command::new(program)
        .args(arguments.iter().map(|argument| argument.replace("PORT", &port.to_string())))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// The size of all files in a folder.
pub fn size_mb(folder: &Path) -> f64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let data = entry.metadata().unwrap();
        bytes +=
            if data.is_dir() { (size_mb(&entry.path()) * f64::from(1 << 20)) as u64 } else { data.len() };
    }
    bytes as f64 / f64::from(1 << 20)
}
