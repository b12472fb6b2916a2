//! Templates: the packages that come with the product, and installing them.

mod clearing;
mod content;
mod demo;
mod designs;
mod embedded;
mod handing_out;
mod install;
mod kept;
mod library;
mod next_steps;
mod plan;
mod sent;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::field::Regions;
use engine::package::Package;
use engine::text::Language;
use engine::value::Id;
use store::document::PackageInstall;

use super::people::Caller;
use super::{Installation, Refusal, apps};

pub use clearing::{KIND as CLEAR_DEMO, clear_demo, demo, work as go_on_clearing};
pub use content::content;
pub use handing_out::hand_out;
pub use install::{import, install, install_now};
pub use kept::Kept;
pub use next_steps::next_steps;
#[cfg(test)]
pub use sent::read as read_zip;

/// All templates, with the apps that were made from them.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Template>, Refusal> {
    let installed = installed(installation, caller).await?;
    Ok(embedded::packages()?.values().map(|package| seen(package, &installed)).collect())
}

/// The packages that are installed, as far as the caller sees what they became: of an app in which they may use nothing they do
/// not learn that it is there. Administrators of the workspace, who alone install, know of all, also of those in the bin.
async fn installed(installation: &Installation, caller: &Caller) -> Result<Vec<PackageInstall>, Refusal> {
    let workspace = caller.workspace_id();
    let mut installed = PackageInstall::list(&mut installation.store.read().await?, workspace).await?;
    if !caller.is_administrator() {
        let designs = installation.designs.get(&installation.store, workspace).await?;
        let seen: BTreeSet<Id> = apps::list(&designs, caller).into_iter().map(|app| app.id).collect();
        installed.retain(|install| seen.contains(&install.app));
    }
    Ok(installed)
}

/// A template, with the apps that were made from it.
fn seen(package: &Package, installed: &[PackageInstall]) -> wire::Template {
    let manifest = &package.manifest;
    let key = &manifest.key;
    let apps = installed.iter().filter(|install| install.key == *key).map(|install| install.app);
    let picture = package.pictures.contains_key(PICTURE);
    wire::Template {
        key: key.clone(),
        version: manifest.version.clone(),
        label: manifest.label.clone(),
        summary: manifest.summary.clone().unwrap_or_default(),
        languages: Language::ALL.iter().map(|language| language.tag().to_string()).collect(),
        category: manifest.category,
        forms: count(package.forms.len()),
        flows: count(package.flows.len()),
        dashboards: count(package.dashboards.len() + package.reports.len()),
        needs: manifest.needs.iter().map(|need| need.key.clone()).collect(),
        installed: apps.collect(),
        picture: picture.then(|| format!("/api/v1/templates/{key}/picture")),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The product's own packages by key.
///
/// # Errors
/// `broken_package` where one of them is broken.
pub fn own_packages() -> Result<&'static BTreeMap<String, Package>, Refusal> {
    embedded::packages()
}

/// A list of regions of the product's own packages, `PACKAGE/KEY`.
///
/// # Errors
/// `broken_package` where one of them is broken.
pub fn own_regions(name: &str) -> Result<Option<Arc<Regions>>, Refusal> {
    let Some((package, key)) = name.split_once('/') else { return Ok(None) };
    Ok(embedded::packages()?.get(package).and_then(|package| package.regions.get(key).cloned()))
}

/// Every list of regions of the product's own packages, under its name.
///
/// # Errors
/// As [`own_regions`].
pub fn all_own_regions() -> Result<Vec<(String, Arc<Regions>)>, Refusal> {
    let lists = embedded::packages()?.iter().flat_map(|(package, content)| {
        content.regions.iter().map(move |(key, regions)| (format!("{package}/{key}"), regions.clone()))
    });
    Ok(lists.collect())
}

/// The picture that shows what a template is about: a file in its `pictures`.
const PICTURE: &str = "cover.svg";

/// The picture of a template, as SVG.
///
/// # Errors
/// Not found.
pub fn picture(key: &str) -> Result<&'static str, Refusal> {
    let package = embedded::packages()?.get(key).ok_or_else(Refusal::missing)?;
    package.pictures.get(PICTURE).map(String::as_str).ok_or_else(Refusal::missing)
}
