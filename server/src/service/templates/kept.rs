//! What is remembered of an installed package: its manifest, and which records its demo became, so that the demo of
//! packages that come later can link to them.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::Regions;
use engine::package::{Manifest, Package};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::document::PackageInstall;

use super::embedded::packages;
use crate::service::Refusal;
use crate::service::apps::to_json;
use crate::service::designs::stored;

/// The column `package` of an install.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub manifest: Manifest,
    /// Records by the id of their form and their `$key`; absent until the demo was loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo: Option<BTreeMap<String, BTreeMap<String, Id>>>,
    /// Whether the demo was cleared since: what is missing of it comes with the next template that needs it.
    #[serde(default, skip_serializing_if = "is_no")]
    pub is_cleared: bool,
    /// The versions of forms that were there before, which installing it published, by the id of the form: nobody designed
    /// them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub versions: BTreeMap<String, BTreeSet<i64>>,
    /// The lists of regions of a package that somebody sent. Those of the product's own packages are in the program.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, Regions>,
}

impl Kept {
    /// What is remembered of a package before its demo is loaded.
    ///
    /// # Errors
    /// `broken_package` where one of the product's own is broken.
    pub fn of(package: &Package) -> Result<Kept, Refusal> {
        let manifest = package.manifest.clone();
        let is_own = packages()?.contains_key(&manifest.key);
        let lists = package.regions.iter().filter(|_| !is_own);
        let regions = lists.map(|(key, regions)| (key.clone(), Regions::clone(regions))).collect();
        Ok(Kept { manifest, demo: None, is_cleared: false, versions: BTreeMap::new(), regions })
    }

    pub fn read(install: &PackageInstall) -> Result<Kept, Refusal> {
        stored("package_install", &install.package)
    }

    /// The keys of the packages that an installed one needs.
    ///
    /// # Errors
    /// When what is stored can't be read.
    pub fn needs(install: &PackageInstall) -> Result<Vec<String>, Refusal> {
        #[derive(Deserialize)]
        struct Part {
            manifest: Manifest,
        }
        let part: Part = stored("package_install", &install.package)?;
        Ok(part.manifest.needs.into_iter().map(|need| need.key).collect())
    }

    /// The lists of regions that came with an installed package.
    ///
    /// # Errors
    /// When what is stored can't be read.
    pub fn regions(install: &PackageInstall) -> Result<BTreeMap<String, Regions>, Refusal> {
        #[derive(Deserialize)]
        struct Part {
            #[serde(default)]
            regions: BTreeMap<String, Regions>,
        }
        let part: Part = stored("package_install", &install.package)?;
        Ok(part.regions)
    }

    /// The records of the demo, by form and `$key`.
    pub fn records(&self) -> impl Iterator<Item = ((Id, String), Id)> + '_ {
        self.demo.iter().flatten().flat_map(|(form, records)| {
            let form = form.parse::<Id>().ok();
            records.iter().filter_map(move |(key, id)| Some(((form?, key.clone()), *id)))
        })
    }

    /// Whether there are demo records to be loaded.
    pub fn wants_demo(&self) -> bool {
        self.demo.is_none() || self.is_cleared
    }

    /// Remembers which records the demo of a package became.
    pub async fn note(
        tx: &mut Tx,
        workspace: Id,
        package: &str,
        records: impl Iterator<Item = ((Id, String), Id)>,
    ) -> Result<(), Refusal> {
        let install = PackageInstall::lock(tx, workspace, package).await?;
        let mut install = install.ok_or_else(Refusal::missing)?;
        let mut kept = Kept::read(&install)?;
        kept.is_cleared = false;
        let demo = kept.demo.get_or_insert_default();
        for ((form, key), id) in records {
            demo.entry(form.to_string()).or_default().insert(key, id);
        }
        install.package = to_json(&kept)?;
        Ok(install.update(tx).await?)
    }

    /// Remembers which versions of forms that were there installing a package published.
    ///
    /// # Errors
    /// When what is stored can't be read.
    pub async fn note_versions(
        tx: &mut Tx,
        workspace: Id,
        package: &str,
        versions: &[(Id, i64)],
    ) -> Result<(), Refusal> {
        let install = PackageInstall::find(tx, workspace, package.to_string()).await?;
        let mut install = install.ok_or_else(Refusal::missing)?;
        let mut kept = Kept::read(&install)?;
        for (form, version) in versions {
            kept.versions.entry(form.to_string()).or_default().insert(*version);
        }
        install.package = to_json(&kept)?;
        Ok(install.update(tx).await?)
    }

    /// Remembers that the demo of a package was cleared.
    ///
    /// # Errors
    /// When what is stored can't be read.
    pub async fn note_cleared(tx: &mut Tx, workspace: Id, package: &str) -> Result<(), Refusal> {
        let Some(mut install) = PackageInstall::lock(tx, workspace, package).await? else { return Ok(()) };
        let mut kept = Kept::read(&install)?;
        kept.is_cleared = kept.demo.is_some();
        install.package = to_json(&kept)?;
        Ok(install.update(tx).await?)
    }

    /// This without the demo records that are not `there` any more.
    pub fn with_only(mut self, there: &BTreeSet<Id>) -> Kept {
        for records in self.demo.iter_mut().flat_map(BTreeMap::values_mut) {
            records.retain(|_, id| there.contains(id));
        }
        self
    }
}

fn is_no(flag: &bool) -> bool {
    !flag
}
