//! Installing a package: everything in one transaction, so that a failure leaves nothing behind. Templates of the
//! product and packages that somebody sent go the same way.

use std::sync::Arc;

use engine::package::Package;
use store::Tx;
use store::document::PackageInstall;

use super::clearing::still_there;
use super::demo;
use super::designs::{Making, make};
use super::kept::Kept;
use super::library::Library;
use super::plan::Plan;
use super::sent;
use crate::service::answer::Answer;
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::jobs::{self, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, files};

/// Begins installing a template as a job.
///
/// # Errors
/// Not found; forbidden for who may not make apps.
pub async fn install(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    template: String,
    input: wire::InstallInput,
) -> Result<Answer, Refusal> {
    may_install(caller)?;
    let library = Library::default();
    library.find(&template)?.ok_or_else(Refusal::missing)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "install", move |handle| {
        Box::pin(async move {
            let wanted = Wanted { library, key: template, input, dry_run: false };
            let installed = run(&parts, &actor, wanted, Some(handle)).await?;
            serde_json::to_value(&installed).map_err(Refusal::internal)
        })
    })
    .await
}

/// Begins installing a package that somebody sent as a job, in the same way.
///
/// # Errors
/// Forbidden for who may not make apps; `not_an_id` for a file that is not the caller's to read. What is wrong with
/// the package is told by the job.
pub async fn import(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::PackageImport,
) -> Result<Answer, Refusal> {
    may_install(caller)?;
    let (_, zip) = files::find_bytes(installation, caller, input.file).await?;
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "install", move |handle| {
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || sent::read(&zip)).await;
            let package = read.map_err(Refusal::internal)??;
            let key = package.manifest.key.clone();
            let (library, dry_run) = (Library::with(package), input.dry_run);
            let input =
                wire::InstallInput { app_name: input.app_name, locale: input.locale, demo: input.demo };
            let wanted = Wanted { library, key, input, dry_run };
            let installed = run(&parts, &actor, wanted, Some(handle)).await?;
            serde_json::to_value(&installed).map_err(Refusal::internal)
        })
    })
    .await
}

/// Installs a template with what it needs, and waits for it.
///
/// # Errors
/// As [`install`] and its job.
pub async fn install_now(
    installation: &Installation,
    caller: &Caller,
    template: String,
    input: wire::InstallInput,
) -> Result<wire::Installed, Refusal> {
    let wanted = Wanted { library: Library::default(), key: template, input, dry_run: false };
    run(installation, caller, wanted, None).await
}

/// What is to be installed, and how.
#[derive(Clone)]
struct Wanted {
    library: Library,
    /// The package.
    key: String,
    input: wire::InstallInput,
    /// Whether to undo everything in the end.
    dry_run: bool,
}

/// Why the transaction of an install was not committed.
enum Stop {
    /// It was a dry run, and this is what would have been made.
    Tried(wire::Installed),
    Refused(Refusal),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Refused(error.into())
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

/// Roles are made, and forms of other apps get more fields: that is for administrators of the workspace.
fn may_install(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_administrator() { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// Installs a package with what it needs.
///
/// # Errors
/// `already_installed`; `broken_package` with file and place; what the save refuses of a demo record.
async fn run(
    installation: &Installation,
    caller: &Caller,
    wanted: Wanted,
    handle: Option<Handle>,
) -> Result<wire::Installed, Refusal> {
    may_install(caller)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    let outcome = installation
        .store
        .write::<wire::Installed, Stop, _>(move |tx| {
            Box::pin(async move {
                let installed = install_in(tx, &parts, &actor, &wanted, handle.as_ref()).await?;
                if wanted.dry_run { Err(Stop::Tried(installed)) } else { Ok(installed) }
            })
        })
        .await;
    match outcome {
        Ok(installed) | Err(Stop::Tried(installed)) => Ok(installed),
        Err(Stop::Refused(refusal)) => Err(refusal),
    }
}

async fn install_in(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    wanted: &Wanted,
    handle: Option<&Handle>,
) -> Result<wire::Installed, Refusal> {
    let Wanted { library, key, input, .. } = wanted;
    let designs = Designs::load(tx, caller.workspace_id()).await?;
    let plan = Plan::new(tx, caller, &designs, library, key).await?;
    let language = input.locale.unwrap_or_else(|| caller.language());
    let making = Making { installation, plan: &plan, language };
    let (caller, installed) = make(tx, caller, &designs, &making, key, input).await?;
    if input.demo {
        let designs = Arc::new(Designs::load(tx, caller.workspace_id()).await?);
        let loading = demo::Loading::new(installation, &caller, designs, language, handle);
        load_demo(tx, loading, &library.in_order(key)?, handle).await?;
    }
    Ok(installed)
}

/// Loads the demo records of the packages that have none loaded yet.
async fn load_demo(
    tx: &mut Tx,
    mut loading: demo::Loading<'_>,
    packages: &[&Package],
    handle: Option<&Handle>,
) -> Result<(), Refusal> {
    let workspace = loading.workspace();
    let mut wanted = Vec::new();
    for package in packages {
        let key = package.manifest.key.clone();
        let install = PackageInstall::find(tx, workspace, key).await?.ok_or_else(Refusal::missing)?;
        let mut kept = Kept::read(&install)?;
        if kept.is_cleared {
            // What was cleared is made again, and what is left of it not twice.
            let records = kept.records().map(|((form, _), id)| (form, id)).collect();
            let there = still_there(tx, loading.installation(), loading.caller(), records).await?;
            kept = kept.with_only(&there);
        }
        loading.know(kept.records());
        if kept.wants_demo() {
            wanted.push(*package);
        }
    }
    let files = loading.files(&wanted)?;
    if let Some(handle) = handle {
        handle.begin(files.iter().map(|file| file.records.len()).sum());
    }
    for file in &files {
        loading.load(tx, file).await?;
    }
    for package in wanted {
        let key = &package.manifest.key;
        Kept::note(tx, workspace, key, loading.records_of(&files, key)).await?;
    }
    Ok(())
}
