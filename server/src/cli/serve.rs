//! `formwork serve`

use std::net::SocketAddr;
use std::time::Duration;

use engine::text::Language;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::{Outcome, operator};
use crate::api;
use crate::data_folder::DataFolder;
use crate::service::Installation;
use crate::service::people::set_up;
use crate::service::{files, jobs, upkeep};
use crate::settings::{ServeOptions, Settings};

/// How long requests that have begun may go on after the signal to stop.
const LONGEST_DRAIN: Duration = Duration::from_secs(25);

pub fn run(options: ServeOptions) -> Outcome {
    let settings = Settings::read_for_serving(options)?;
    log();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Outcome {
    let folder = DataFolder::lock(&settings.data)?;
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        format!("can't listen on {}: {error}; choose another with --listen", settings.listen)
    })?;
    let address = listener.local_addr()?;
    let installation =
        Installation::open(settings).await.map_err(|refusal| operator::words(refusal, Language::En))?;
    operator::listen(installation.clone(), folder.path())?;
    println!("Formwork listens on http://{address}");
    if let Some(code) = set_up::offer(&installation).await? {
        println!("Set-up code, for the first administrator: {code}");
    }
    jobs::abandon(&installation).await?;
    files::sweep(&installation).await?;
    tokio::spawn(upkeep::run(installation.clone()));
    tracing::info!(%address, data = %folder.path().display(), "serving");

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = api::router(installation.clone());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        ended = &mut server => { ended??; }
        () = asked_to_stop() => {
            tracing::info!("stopping");
            installation.drain();
            let _ = stop.send(());
            if tokio::time::timeout(LONGEST_DRAIN, server).await.is_err() {
                tracing::warn!("requests still running after the drain were cut off");
            }
        }
    }
    installation.store.close().await;
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn asked_to_stop() {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!(%error, "can't listen for SIGTERM");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Logs to stderr; `FORMWORK_LOG` chooses what, as in `info,server=debug`.
fn log() {
    let filter = EnvFilter::try_from_env("FORMWORK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
