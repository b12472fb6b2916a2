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
mod plan;
mod sent;
mod sharing;

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::Regions;
use engine::package::Package;
use engine::text::{Label, Language};
use store::document::PackageInstall;

use super::people::Caller;
use super::{Installation, Refusal};

pub use clearing::{KIND as CLEAR_DEMO, clear_demo, demo, work as go_on_clearing};
pub use content::content;
pub use handing_out::hand_out;
pub use install::{import, install, install_now};
pub use kept::Kept;
#[cfg(test)]
pub use sent::read as read_zip;

/// All templates, with the apps that were made from them.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Template>, Refusal> {
    let installed =
        PackageInstall::list(&mut installation.store.read().await?, caller.workspace_id()).await?;
    Ok(embedded::packages()?.values().map(|package| seen(package, &installed)).collect())
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
        summary: manifest.summary.clone().unwrap_or_else(Label::default),
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
