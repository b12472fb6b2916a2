//! `formwork serve`

use std::io;
use std::time::Duration;

use engine::text::Language;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Outcome, log, operator};
use crate::api;
use crate::data_folder::DataFolder;
use crate::service::Installation;
use crate::service::people::set_up;
use crate::service::{calls, files, flows, forms, jobs, neighbours, upkeep};
use crate::settings::{ServeOptions, Settings};

/// How long requests that have begun may go on after the signal to stop.
const LONGEST_DRAIN: Duration = Duration::from_secs(25);
/// How long the database may take to end what it is asked, after that. What is not stored by then is not answered either, and is
/// made up for at the next start as after a power cut.
const LONGEST_CLOSE: Duration = Duration::from_secs(10);
/// How long work beside the server (a call to somewhere else, a workbook that is read) may go on in the end.
const LONGEST_REST: Duration = Duration::from_secs(2);
/// Files and connections that may be open: 1,024, as is usual where nobody says otherwise, are soon held by a few who want to.
const OPEN_FILES: u64 = 65_536;

pub fn run(options: ServeOptions) -> Outcome {
    let settings = Settings::read_for_serving(options)?;
    log::begin();
    raise_open_files();
    let runtime = super::runtime()?;
    // Held until nothing of this process runs any more.
    let _folder = runtime.block_on(serve(settings))?;
    runtime.shutdown_timeout(LONGEST_REST);
    Ok(())
}

/// Serves until somebody says stop; gives the folder that is still locked.
async fn serve(mut settings: Settings) -> Outcome<DataFolder> {
    // From the start: who stops a server that has just begun stops it in order, too.
    let stopping = StopSignals::listen()?;
    let folder = DataFolder::lock(&settings.data)?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        format!("can't listen on {}: {error}; choose another with --listen", settings.listen)
    })?;
    let address = listener.local_addr()?;
    settings.bound_to(address);
    let tls = settings.reach.tls.as_ref().map(api::tls::acceptor).transpose()?;
    let installation =
        Installation::open(settings).await.map_err(|refusal| operator::words(refusal, Language::En))?;
    operator::listen(installation.clone(), folder.path())?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    println!("Formwork listens on {scheme}://{address}");
    tell_figures(&installation).await?;
    if installation.settings.reach.plain_http {
        println!(
            "Plain HTTP (--insecure-http): whoever is on the network between can read passwords and records."
        );
        tracing::warn!(
            "--insecure-http: cookies and passwords cross the network in the clear; every page says so"
        );
    }
    let (reach, is_https) = (&installation.settings.reach, installation.settings.is_https());
    if is_https && reach.tls.is_none() && reach.trusted_proxies.is_empty() {
        tracing::warn!(
            "nobody has named the proxy that speaks HTTPS: all who come by it count as one (--trusted-proxies)"
        );
    }
    if let Some(code) = set_up::offer(&installation).await? {
        println!("Set-up code, for the first administrator: {code}");
    }
    forms::settle(&installation).await?;
    files::sweep(&installation).await?;
    jobs::resume_all(&installation).await?;
    tokio::spawn(neighbours::run(installation.clone()));
    tokio::spawn(upkeep::run(installation.clone()));
    tokio::spawn(flows::scheduler::run(installation.clone()));
    tokio::spawn(flows::notices::run(installation.clone()));
    tokio::spawn(calls::run(installation.clone()));
    tracing::info!(%address, data = %folder.path().display(), "serving");

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = api::router(installation.clone());
    let stopped = async {
        let _ = stopped.await;
    };
    let trusted = installation.settings.reach.trusted_proxies.clone();
    let mut server = tokio::spawn(api::connections::serve(listener, tls, router, trusted, stopped));
    tokio::select! {
        ended = &mut server => { ended?; }
        () = stopping.asked() => {
            tracing::info!("stopping");
            installation.drain();
            let _ = stop.send(());
            if tokio::time::timeout(LONGEST_DRAIN, server).await.is_err() {
                tracing::warn!("requests still running after the drain were cut off");
            }
        }
    }
    if tokio::time::timeout(LONGEST_CLOSE, close(&installation)).await.is_err() {
        tracing::warn!("the database was still at work when it was left");
    }
    tracing::info!("stopped");
    Ok(folder)
}

async fn close(installation: &Installation) {
    if let Err(refusal) = upkeep::seal_all(installation).await {
        tracing::warn!(
            code = refusal.code,
            "the last entries of the audit trail are sealed at the next start"
        );
    }
    installation.store.close().await;
}

/// Serves figures for those who watch over the server, where an operator wants them.
async fn tell_figures(installation: &Installation) -> Outcome {
    let Some(address) = installation.settings.reach.metrics else { return Ok(()) };
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("can't listen on {address}: {error}; choose another with --metrics"))?;
    println!("Figures for Prometheus: http://{}/metrics", listener.local_addr()?);
    let (router, for_ever) = (api::metrics::router(installation.clone()), std::future::pending());
    tokio::spawn(api::connections::serve(listener, None, router, Vec::new(), for_ever));
    Ok(())
}

/// Lets as many files be open as we want, or as the system lets us want.
fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(OPEN_FILES, |most| most.min(OPEN_FILES));
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

/// SIGTERM and Ctrl-C.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Catches them from now on.
    fn listen() -> io::Result<StopSignals> {
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(StopSignals { terminate, interrupt })
    }

    /// Waits for one of them.
    async fn asked(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
