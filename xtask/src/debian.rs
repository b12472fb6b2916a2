//! Debian packages: what is missing is installed when that is possible, else named.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs a package, or says which command does.
pub fn install(package: &str, purpose: &str) -> Result<()> {
    if !is_debian() {
        bail!("{package} is missing ({purpose}); install it with this system's package manager");
    }
    if !is_root()? {
        bail!("{package} is missing ({purpose}); install it with: sudo apt-get install {package}");
    }
    println!("    installing {package} ({purpose})");
    if apt_install(package).is_err() {
        // The lists are missing on a fresh machine, and name vanished files on an old one.
        update_lists()?;
        apt_install(package).with_context(|| format!("{package} is needed: {purpose}"))?;
    }
    Ok(())
}

pub fn update_lists() -> Result<()> {
    process::run(Command::new("apt-get").args(["update", "-qq"]))
        .context("the package lists cannot be fetched")
}

pub fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && process::on_path("apt-get")
}

pub fn is_root() -> Result<bool> {
    Ok(process::read(Command::new("id").arg("-u"))?.trim() == "0")
}

/// The packages that a package depends on, by the lists at hand; empty when it is not known.
pub fn dependencies(package: &str) -> Vec<String> {
    let listing = process::read(Command::new("apt-cache").args(["depends", package])).unwrap_or_default();
    listing.lines().filter_map(|line| line.trim().strip_prefix("Depends: ")).map(str::to_owned).collect()
}

fn apt_install(package: &str) -> Result<()> {
    process::run(
        Command::new("apt-get")
            .args(["install", "--yes", "-qq", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}
