//! `cargo xtask build-frontend`: the browser part, compiled, bundled and put into `dist/`.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::cache::{self, TargetFolder};
use crate::frontend::{bundle, inputs, wasm};
use crate::progress;
use crate::toolchain::WasmToolchain;

#[derive(Args)]
pub struct Options {
    /// Build quickly instead of small
    #[arg(long)]
    pub dev: bool,
}

/// Bundles of the last builds, so that going back to a commit costs nothing.
const KEPT_BUNDLES: usize = 6;

pub fn run(options: &Options) -> Result<()> {
    build(wasm::Profile::of(options.dev)).map(|_| ())
}

/// Builds what `dist/` lacks; nothing is touched when it is up to date. False when the first load is over its budget.
pub fn build(profile: wasm::Profile) -> Result<bool> {
    progress::headline("Building the browser part");
    let started = Instant::now();
    let toolchain = WasmToolchain::find()?;
    wasm::prepare_optimiser(profile)?;
    let key = inputs::hash(&[profile.name(), &toolchain.version()?, &wasm::optimiser_version(profile)])?;
    let dist = cache::checkout().join("dist");
    if fs::read_to_string(dist.join(bundle::KEY_FILE)).ok().as_deref() == Some(&key) {
        println!("    dist/ is up to date");
        return bundle::report(&dist);
    }
    let bundles = cache::root()?.join("bundles");
    let finished = bundles.join(&key);
    if !finished.is_dir() {
        let target = TargetFolder::shared(toolchain.name())?;
        let module = wasm::compile(&toolchain, profile, target.path())?;
        let unfinished = bundles.join(format!("{key}.unfinished-{}", std::process::id()));
        bundle::write(&module, profile, &key, &unfinished)?;
        fs::rename(&unfinished, &finished).context("cannot put the finished bundle into the cache")?;
    }
    put(&finished, &dist)?;
    forget_old_bundles(&bundles)?;
    println!("    dist/ is ready ({})", progress::seconds(started.elapsed()));
    bundle::report(&dist)
}

/// Replaces `dist/` as a whole: no file of an older bundle stays.
fn put(bundle: &Path, dist: &Path) -> Result<()> {
    let beside = dist.with_file_name(".dist-new");
    remove(&beside)?;
    copy_folder(bundle, &beside)?;
    remove(dist)?;
    fs::rename(&beside, dist).context("cannot replace dist/")
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

fn forget_old_bundles(bundles: &Path) -> Result<()> {
    let mut known: Vec<_> = fs::read_dir(bundles)?
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    known.sort();
    let surplus = known.len().saturating_sub(KEPT_BUNDLES);
    for (_, bundle) in known.into_iter().take(surplus) {
        remove(&bundle)?;
    }
    Ok(())
}
