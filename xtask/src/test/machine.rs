//! What the tests need on this machine: present, installed now, or named.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{debian, postgres, process};

pub fn prepare() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if !process::on_path(program) {
            bail!("{program} is missing; install it with: rustup component add {component}");
        }
    }
    postgres::require()?;
    prepare_browser()
}

/// Chromium, its driver, and fonts for all our languages.
pub fn prepare_browser() -> Result<()> {
    for (program, package) in [("chromium", "chromium"), ("chromedriver", "chromium-driver")] {
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
