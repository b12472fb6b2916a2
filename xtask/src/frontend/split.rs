//! The cut: one compiled module becomes the one that is loaded first, and parts that are loaded when they are needed.
//!
//! `#[wasm_split]` in the frontend says where to cut. What only one part needs goes into it, what several need into a
//! module of its own, what the first page needs stays. See docs/decisions/0008-parts-of-the-program.md.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::Options;

use crate::frontend::sections;

/// The name under which JavaScript knows the module that is loaded first.
pub const PROGRAM: &str = "frontend";

/// What came of the cut.
pub struct Split {
    /// The module that is loaded first; wasm-bindgen has not seen it yet.
    pub main: PathBuf,
    /// The parts by the names under which `js` fetches them, as in `split_design.wasm`.
    pub parts: BTreeMap<String, Vec<u8>>,
    /// The JavaScript that fetches them. It imports [`program`], which imports it as [`PARTS`].
    pub js: String,
}

/// How the program's JavaScript imports that of the parts.
pub const PARTS: &str = "./frontend-parts.js";

/// How the JavaScript of the parts imports the program's.
pub fn program() -> String {
    format!("./{PROGRAM}.js")
}

/// Cuts a module that was linked with `--emit-relocs`; `folder` is emptied for what comes of it.
pub fn split(compiled: &Path, folder: &Path) -> Result<Split> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let module = fs::read(compiled).with_context(|| format!("cannot read {}", compiled.display()))?;
    let main = folder.join("main.wasm");
    let program = program();
    let mut options = Options::new(&module);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = &program;
    options.link_name = PARTS;
    let made = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the program cannot be cut into parts: {error:#}"))?;
    let mut parts = BTreeMap::new();
    for file in made.split_modules {
        let name = file.file_name().context("a part without a name")?.to_string_lossy().into_owned();
        parts.insert(name, sections::without_remarks(&fs::read(&file)?)?);
    }
    let js = fs::read_to_string(folder.join(PARTS))?;
    Ok(Split { main, parts, js })
}
