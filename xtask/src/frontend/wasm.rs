//! From Rust to the modules that a browser loads: cargo, the cut into parts, wasm-bindgen, and wasm-opt where it is at
//! hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::frontend::split::{self, Split};
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
/// work, and what it makes is smaller. The linker leaves in the module who refers to whom: the cut goes by it.
const FLAGS: &str = "--cfg erase_components -Clink-args=--emit-relocs";

/// The WASM module that is loaded first, what is loaded after it, and the JavaScript around them.
pub struct Module {
    pub wasm: Vec<u8>,
    pub js: String,
    /// JavaScript that libraries bring, by the path under which `js` imports it: `./snippets/…`.
    pub snippets: BTreeMap<String, String>,
    /// The modules that are loaded when their pages are opened, by the name under which `parts_js` fetches them.
    pub parts: BTreeMap<String, Vec<u8>>,
    /// The JavaScript that fetches them. It and `js` import each other.
    pub parts_js: String,
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
    let split = progress::step("cutting it into parts", || split::split(&compiled, &target.join("parts")))?;
    let mut module = progress::step("binding to JavaScript", || bind(split))?;
    if profile == Profile::Small && process::on_path("wasm-opt") {
        let before = module.size();
        progress::step("making the modules smaller", || module.optimise(target))?;
        println!("    from {} kB to {} kB", before / 1000, module.size() / 1000);
    }
    Ok(module)
}

impl Module {
    /// Bytes of all modules.
    fn size(&self) -> usize {
        self.wasm.len() + self.parts.values().map(Vec::len).sum::<usize>()
    }

    /// Each module by itself: what they give each other has names that stay.
    fn optimise(&mut self, folder: &Path) -> Result<()> {
        for wasm in std::iter::once(&mut self.wasm).chain(self.parts.values_mut()) {
            *wasm = optimise(wasm, folder)?;
        }
        Ok(())
    }
}

/// wasm-bindgen as a library: its version is that of Cargo.lock, as the frontend's is. Only the module that is loaded
/// first speaks with JavaScript; the parts do so through it, and find by its exports what they share with it.
fn bind(split: Split) -> Result<Module> {
    let mut output = Bindgen::new()
        .input_path(&split.main)
        .out_name(split::PROGRAM)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .keep_lld_exports(true)
        .demangle(false)
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
    Ok(Module { wasm, js, snippets, parts: split.parts, parts_js: split.js })
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
