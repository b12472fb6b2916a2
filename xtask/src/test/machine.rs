//! What the tests need on this machine: present, installed now, or named.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{cache, debian, postgres, process};

/// What the identity provider of the tests is made of; it names what is installed beside it.
const PROVIDER: &str = "tests/data/oidc/requirements.txt";

/// The package with which Debian's Python makes environments; it brings Python along.
const ENVIRONMENTS: &str = "python3-venv";

/// What to do where that provider cannot be installed.
pub const PROVIDER_ADVICE: &str = "install Python with its modules venv and ensurepip (Debian: apt-get install python3-venv), or see why pip could not install tests/data/oidc/requirements.txt; the test with it is left out until then";

pub fn prepare() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if !process::on_path(program) {
            bail!("{program} is missing; install it with: rustup component add {component}");
        }
    }
    postgres::require()?;
    prepare_strace();
    prepare_browser()
}

/// What notes what a server does to its disk, and makes a slow disk of the one that there is. Where it can't be had, the test and
/// the row of the load benchmark that want it say that they were left out.
pub fn prepare_strace() {
    if process::on_path("strace") {
        return;
    }
    if let Err(error) = debian::install("strace", "power cuts and slow disks are made with it") {
        println!("left out: {error:#}");
    }
}

/// Chromium without windows, its driver, and fonts for all our languages.
pub fn prepare_browser() -> Result<()> {
    for (program, package) in
        [("chromium-headless-shell", "chromium-headless-shell"), ("chromedriver", "chromium-driver")]
    {
        if !process::on_path(program) {
            debian::install(package, "the browser tests run in a real browser")?;
        }
    }
    if !shows_chinese() {
        debian::install("fonts-noto-cjk", "pictures and widths of Chinese text")?;
    }
    Ok(())
}

/// Whether some font has both Chinese scripts.
fn shows_chinese() -> bool {
    let has = |language: &str| {
        let fonts = process::read(Command::new("fc-list").arg(format!(":lang={language}")));
        fonts.is_ok_and(|fonts| !fonts.trim().is_empty())
    };
    has("zh-cn") && has("zh-tw")
}

/// Installs an identity provider that others have made, in a Python of its own in the cache, unless that is there already.
pub fn prepare_provider() -> Result<()> {
    if provider().is_some() {
        return Ok(());
    }
    if !makes_environments() {
        debian::install(ENVIRONMENTS, "signing in is tested with a provider that others have made")?;
    }
    let folder = provider_folder()?;
    let venv = ["-m", "venv", "--clear"];
    process::run(Command::new("python3").args(venv).arg(&folder)).context("python3 makes no environment")?;
    let list = cache::checkout().join(PROVIDER);
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    process::run(Command::new(folder.join("bin/python")).args(install).arg(&list))?;
    // Written last: what was begun and not ended is begun anew.
    fs::copy(list, folder.join("installed.txt"))?;
    Ok(())
}

/// Whether there is a Python that can make an environment with pip in it: Debian has the modules for it in a package of their own.
fn makes_environments() -> bool {
    let modules = ["-c", "import ensurepip, venv"];
    process::on_path("python3") && process::read(Command::new("python3").args(modules)).is_ok()
}

/// The Python that has the provider, once it is installed as this checkout wants it.
pub fn provider() -> Option<PathBuf> {
    let folder = provider_folder().ok()?;
    let installed = fs::read_to_string(folder.join("installed.txt")).ok()?;
    let wanted = fs::read_to_string(cache::checkout().join(PROVIDER)).ok()?;
    (installed == wanted).then(|| folder.join("bin/python"))
}

fn provider_folder() -> Result<PathBuf> {
    Ok(cache::root()?.join("oidc-provider-mock"))
}
