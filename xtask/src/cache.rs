//! Where things are kept: the checkout, and the cache that all checkouts of this machine share.
//!
//! Toolchains and compiled dependencies live outside the checkout, so that a fresh clone builds only what is ours.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The root of the checkout that this `xtask` belongs to.
pub fn checkout() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    // `cargo run` sets the variable for the running checkout; the compiled-in path serves a direct start.
    let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// The shared cache: `$FORMWORK_CACHE`, else `formwork` in the user's cache folder.
pub fn root() -> Result<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let root = variable("FORMWORK_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|folder| folder.join("formwork")))
        .or_else(|| variable("HOME").map(|folder| folder.join(".cache/formwork")))
        .context("no place for the cache: set FORMWORK_CACHE to a folder")?;
    fs::create_dir_all(&root).with_context(|| format!("cannot make the cache folder {}", root.display()))?;
    Ok(root)
}

/// A cargo target folder, held by this checkout until dropped.
pub struct TargetFolder {
    path: PathBuf,
    _claim: Option<File>,
}

impl TargetFolder {
    /// The folder for native builds. A `CARGO_TARGET_DIR` that somebody set is used as it is.
    pub fn native() -> Result<Self> {
        match std::env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
            Some(path) => Ok(Self { path: PathBuf::from(path), _claim: None }),
            None => Self::shared("native"),
        }
    }

    /// A folder in the cache that several checkouts use in turn.
    ///
    /// Cargo decides by modification times whether our crates are up to date, and these say nothing when
    /// another checkout was built in between. So on a change of checkout our own crates are forgotten;
    /// the dependencies, which are most of the work, stay.
    pub fn shared(name: &str) -> Result<Self> {
        let path = root()?.join("target").join(name);
        fs::create_dir_all(&path)?;
        let claim = File::create(path.join(".claim"))?;
        if claim.try_lock().is_err() {
            println!("waiting for another checkout that builds in {}", path.display());
            claim.lock()?;
        }
        let owner_file = path.join(".checkout");
        let owner = checkout().display().to_string();
        if fs::read_to_string(&owner_file).ok().as_deref() != Some(&owner) {
            forget_own_crates(&path)?;
            fs::write(&owner_file, owner)?;
        }
        Ok(Self { path, _claim: Some(claim) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// What cargo knows of the workspace's own packages.
pub fn metadata() -> Result<serde_json::Value> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let text = process::read(Command::new(env!("CARGO")).args(arguments).current_dir(checkout()))?;
    Ok(serde_json::from_str(&text)?)
}

fn own_packages() -> Result<Vec<String>> {
    let metadata = metadata()?;
    let packages = metadata.get("packages").and_then(serde_json::Value::as_array).into_iter().flatten();
    Ok(packages.filter_map(|package| package["name"].as_str()).map(str::to_owned).collect())
}

fn forget_own_crates(target: &Path) -> Result<()> {
    let packages = own_packages()?;
    for folder in fingerprint_folders(target)? {
        for entry in fs::read_dir(&folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let package = name.rsplit_once('-').map(|(package, _)| package);
            if package.is_some_and(|package| packages.iter().any(|own| own == package)) {
                fs::remove_dir_all(entry.path())?;
            }
        }
    }
    Ok(())
}

/// `.fingerprint` of each profile: `target/PROFILE` and `target/TRIPLE/PROFILE`.
fn fingerprint_folders(target: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for first in subfolders(target)? {
        found.push(first.join(".fingerprint"));
        found.extend(subfolders(&first)?.into_iter().map(|second| second.join(".fingerprint")));
    }
    found.retain(|folder| folder.is_dir());
    Ok(found)
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.flatten();
    Ok(entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}
