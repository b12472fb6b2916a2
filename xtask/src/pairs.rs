//! The engine as the browser has it, for the tests that hold it against the native one: `tests/pairs` compiled to
//! WebAssembly, with the JavaScript around it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::cache::TargetFolder;
use crate::frontend::wasm::Profile;
use crate::toolchain::{TARGET, WasmToolchain};
use crate::{process, progress};

/// Writes `pairs.js` and `pairs_bg.wasm` into a folder.
pub fn build(profile: Profile, into: &Path) -> Result<()> {
    progress::headline("Building the engine for the browser");
    let toolchain = WasmToolchain::find()?;
    // Compiled with other flags than the browser part: neither is to undo the work of the other.
    let target = TargetFolder::shared(&format!("{}-pairs", toolchain.name()))?;
    process::run(
        toolchain
            .cargo_build("")?
            .args(["--locked", "--package", "pairs", "--lib", "--profile", profile.name()])
            .arg("--target-dir")
            .arg(target.path()),
    )
    .context("the engine does not compile for the browser")?;
    let compiled = target.path().join(TARGET).join(profile.name()).join("pairs.wasm");
    fs::create_dir_all(into)?;
    let bind = || {
        Bindgen::new()
            .input_path(&compiled)
            .out_name("pairs")
            .no_modules(true)?
            .typescript(false)
            .generate(into)
    };
    progress::step("binding to JavaScript", bind)
}
