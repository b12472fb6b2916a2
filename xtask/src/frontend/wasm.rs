//! From Rust to the module that a browser loads: cargo, wasm-bindgen, and wasm-opt where it is at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::frontend::tables;
use crate::toolchain::{TARGET, WasmToolchain};
use crate::{debian, process, progress};

/// How the browser part is compiled; each variant is a cargo profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// `wasm-release`: as small as it gets.
    Small,
    /// `wasm-dev`: compiled in seconds.
    Quick,
}

impl Profile {
    pub fn of(dev: bool) -> Self {
        if dev { Self::Quick } else { Self::Small }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Small => "wasm-release",
            Self::Quick => "wasm-dev",
        }
    }
}

/// What the compiler is told besides. Leptos can erase the types of its views: the compiler then has a fraction of the
/// work, and what it makes is smaller.
const FLAGS: &str = "--cfg erase_components";

/// The WASM module and the JavaScript that loads it.
pub struct Module {
    pub wasm: Vec<u8>,
    pub js: String,
    /// JavaScript that libraries bring, by the path under which `js` imports it: `./snippets/…`.
    pub snippets: BTreeMap<String, String>,
}

pub fn compile(toolchain: &WasmToolchain, profile: Profile, target: &Path) -> Result<Module> {
    process::run(
        toolchain
            .cargo_build(FLAGS)?
            .args(["--locked", "--package", "frontend", "--profile", profile.name()])
            .arg("--target-dir")
            .arg(target),
    )
    .context("the browser part does not compile")?;
    let compiled = target.join(TARGET).join(profile.name()).join("frontend.wasm");
    let mut module = progress::step("binding to JavaScript", || bind(&compiled))?;
    if profile == Profile::Small && process::on_path("wasm-opt") {
        let before = module.wasm.len();
        module.wasm = progress::step("making the module smaller", || optimise(&module.wasm, target))?;
        println!("    from {} kB to {} kB", before / 1000, module.wasm.len() / 1000);
    }
    Ok(module)
}

/// wasm-bindgen as a library: its version is that of Cargo.lock, as the frontend's is.
fn bind(compiled: &Path) -> Result<Module> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    let mut snippets = BTreeMap::new();
    for (package, inline) in output.snippets() {
        for (number, text) in inline.iter().enumerate() {
            snippets.insert(format!("./snippets/{package}/inline{number}.js"), text.clone());
        }
    }
    for (path, text) in output.local_modules() {
        snippets.insert(format!("./snippets/{path}"), text.clone());
    }
    let js = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Module { wasm, js, snippets })
}

/// Installs wasm-opt where that takes no question; without it the module is merely larger.
pub fn prepare_optimiser(profile: Profile) -> Result<()> {
    if profile == Profile::Small && !process::on_path("wasm-opt") && debian::is_debian() && debian::is_root()?
    {
        debian::install("binaryen", "makes the browser part smaller")?;
    }
    Ok(())
}

/// What is known of the optimiser, for the bundle's key.
pub fn optimiser_version(profile: Profile) -> String {
    match profile {
        Profile::Small => process::read(Command::new("wasm-opt").arg("--version")).unwrap_or_default(),
        Profile::Quick => String::new(),
    }
}

fn optimise(wasm: &[u8], folder: &Path) -> Result<Vec<u8>> {
    let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
    fs::write(&before, wasm)?;
    process::run(
        Command::new("wasm-opt")
            .args(["-Oz", "--enable-bulk-memory", "--enable-sign-ext", "--enable-nontrapping-float-to-int"])
            .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"])
            .arg(&before)
            .arg("--output")
            .arg(&after),
    )?;
    let mut smaller = fs::read(&after)?;
    tables::keep(wasm, &mut smaller)?;
    Ok(smaller)
}
