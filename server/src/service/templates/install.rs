//! Installing a template: everything in one transaction, so that a failure leaves nothing behind.

use std::sync::Arc;

use engine::package::in_install_order;
use engine::text::Language;
use store::document::PackageInstall;

use super::demo;
use super::designs::{Making, make};
use super::embedded::{broken, packages};
use super::kept::Kept;
use super::plan::Plan;
use crate::service::answer::Answer;
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::jobs::{self, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

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
    if !packages()?.contains_key(&template) {
        return Err(Refusal::missing());
    }
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "install", move |handle| {
        Box::pin(async move {
            let installed = run(&parts, &actor, template, input, Some(handle)).await?;
            serde_json::to_value(&installed).map_err(Refusal::internal)
        })
    })
    .await
}

/// Roles are made, and forms of other apps get more fields: that is for administrators of the workspace.
fn may_install(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_administrator() { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// Installs a template with what it needs.
///
/// # Errors
/// `already_installed`; `broken_package` with file and place; what the save refuses of a demo record.
pub async fn run(
    installation: &Installation,
    caller: &Caller,
    template: String,
    input: wire::InstallInput,
    handle: Option<Handle>,
) -> Result<wire::Installed, Refusal> {
    may_install(caller)?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let plan = Plan::new(tx, &actor, &designs, &template).await?;
                let language = input.locale.unwrap_or_else(|| actor.language());
                let making = Making { installation: &parts, plan: &plan, language };
                let (caller, installed) = make(tx, &actor, &designs, &making, &template, &input).await?;
                if input.demo {
                    let designs = Arc::new(Designs::load(tx, actor.workspace_id()).await?);
                    load_demo(tx, &parts, &caller, designs, &template, language, handle.as_ref()).await?;
                }
                Ok(installed)
            })
        })
        .await
}

async fn load_demo(
    tx: &mut store::Tx,
    installation: &Installation,
    caller: &Caller,
    designs: Arc<Designs>,
    template: &str,
    language: Language,
    handle: Option<&Handle>,
) -> Result<(), Refusal> {
    let workspace = caller.workspace_id();
    let mut loading = demo::Loading::new(installation, caller, designs, language, handle);
    let all = packages()?;
    let order =
        in_install_order(template, all).map_err(|fault| Refusal { faults: vec![fault], ..broken() })?;
    let mut wanted = Vec::new();
    for key in &order {
        let install = PackageInstall::find(tx, workspace, key.clone()).await?.ok_or_else(Refusal::missing)?;
        let kept = Kept::read(&install)?;
        loading.know(kept.records());
        wanted.extend(all.get(key).filter(|_| kept.demo.is_none()));
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
