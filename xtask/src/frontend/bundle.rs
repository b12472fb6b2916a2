//! The finished files: named by content, compressed once, ready to be embedded into the server.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::frontend::index::{self, Addresses};
use crate::frontend::wasm::{Module, Profile};
use crate::frontend::{inputs, scripts, split};
use crate::{cache, progress};

/// Says what a bundle was made from; not served.
pub const KEY_FILE: &str = ".key";

/// Kinds of file that compress; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Writes a bundle: `index.html`, and everything else in `assets/` under a name that changes with its content.
pub fn write(module: &Module, profile: Profile, key: &str, into: &Path) -> Result<()> {
    let frontend = cache::checkout().join("frontend");
    let mut bundle = Bundle { assets: into.join("assets"), addresses: Addresses::new() };
    fs::create_dir_all(&bundle.assets)?;
    for file in files_in(&frontend, "assets")? {
        bundle.add(&file, &fs::read(frontend.join(&file))?)?;
    }
    for file in files_in(&frontend, "style")? {
        let text = fs::read_to_string(frontend.join(&file))?;
        let text = index::style(&text, &bundle.addresses);
        bundle.add(&file, text.as_bytes())?;
    }
    let wasm = bundle.add("frontend.wasm", &module.wasm)?;
    let (js, parts_js) = scripts(module, &mut bundle)?;
    bundle.add("loader.js", index::loader(&js, &wasm, &bundle.addresses)?.as_bytes())?;
    let template =
        fs::read_to_string(frontend.join("index.html")).context("frontend/index.html is missing")?;
    fs::write(into.join("index.html"), index::page(&template, &bundle.addresses, &[&js, &parts_js], &wasm)?)?;
    progress::step("compressing", || compress_all(into, profile))?;
    fs::write(into.join(KEY_FILE), key)?;
    Ok(())
}

/// Adds the JavaScript of the program and of its parts, with everything that they ask for, and gives the addresses of
/// both.
fn scripts(module: &Module, bundle: &mut Bundle) -> Result<(String, String)> {
    let (mut js, mut parts_js) = (module.js.clone(), module.parts_js.clone());
    for (path, text) in &module.snippets {
        js = scripts::rename(&js, path, &bundle.add(path, text.as_bytes())?);
    }
    for (name, wasm) in &module.parts {
        parts_js = scripts::rename(&parts_js, &format!("./{name}"), &bundle.add(name, wasm)?);
    }
    // Each imports the other, so neither can be named by what it says then: both are named by what both said before.
    let hash = inputs::short_hash(format!("{js}{parts_js}").as_bytes());
    let js_address = Bundle::address("frontend.js", &hash)?;
    let parts_address = Bundle::address("frontend-parts.js", &hash)?;
    let js = scripts::rename(&js, split::PARTS, &parts_address);
    let parts_js = scripts::rename(&parts_js, &split::program(), &js_address);
    for script in [&js, &parts_js] {
        scripts::refuse_relative(script)?;
    }
    bundle.put("frontend.js", &js_address, js.as_bytes())?;
    bundle.put("frontend-parts.js", &parts_address, parts_js.as_bytes())?;
    Ok((js_address, parts_address))
}

struct Bundle {
    assets: PathBuf,
    addresses: Addresses,
}

impl Bundle {
    /// Adds a file and gives its address.
    fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let address = Self::address(name, &inputs::short_hash(content))?;
        self.put(name, &address, content)?;
        Ok(address)
    }

    /// The address of a file whose content has this hash.
    fn address(name: &str, hash: &str) -> Result<String> {
        let path = Path::new(name);
        let stem = path.file_stem().context("a file without a name")?.to_string_lossy();
        let extension = path.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
        Ok(format!("/assets/{stem}-{hash}{extension}"))
    }

    /// Adds a file at its address.
    fn put(&mut self, name: &str, address: &str, content: &[u8]) -> Result<()> {
        let file = address.rsplit('/').next().context("an address without a name")?;
        fs::write(self.assets.join(file), content)?;
        self.addresses.insert(name.to_owned(), address.to_owned());
        Ok(())
    }
}

/// The files of a folder in `frontend/`, as `folder/…`, sorted.
fn files_in(frontend: &Path, folder: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    inputs::collect(&frontend.join(folder), &mut files)?;
    let mut names = Vec::new();
    for file in files {
        names.push(file.strip_prefix(frontend)?.to_string_lossy().replace('\\', "/"));
    }
    names.sort();
    Ok(names)
}

fn compress_all(folder: &Path, profile: Profile) -> Result<()> {
    let mut files = Vec::new();
    inputs::collect(folder, &mut files)?;
    for file in files {
        let extension = file.extension().map(|end| end.to_string_lossy().into_owned()).unwrap_or_default();
        if !COMPRESSIBLE.contains(&extension.as_str()) {
            continue;
        }
        let content = fs::read(&file)?;
        write_if_smaller(&file, "br", &content, &brotli(&content, profile)?)?;
        write_if_smaller(&file, "gz", &content, &gzip(&content)?)?;
    }
    Ok(())
}

fn brotli(content: &[u8], profile: Profile) -> Result<Vec<u8>> {
    let quality = match profile {
        Profile::Small => 11,
        Profile::Quick => 4,
    };
    let mut compressed = Vec::new();
    let parameters =
        BrotliEncoderParams { quality, lgwin: 24, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn write_if_smaller(file: &Path, ending: &str, content: &[u8], compressed: &[u8]) -> Result<()> {
    if compressed.len() < content.len() {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{ending}"));
        fs::write(PathBuf::from(name), compressed)?;
    }
    Ok(())
}

/// What the first visit may cost, compressed.
const BUDGET: u64 = 1_200_000;

/// Prints what a browser fetches at its first visit, and what it fetches later; false when the first is over the budget.
pub fn report(dist: &Path) -> Result<bool> {
    let mut files = Vec::new();
    inputs::collect(dist, &mut files)?;
    let first = Weight::of(&files, loaded_first)?;
    let later = Weight::of(&files, loaded_later)?;
    println!("    first load: {first}; parts that come when they are needed: {later}");
    Ok(first.compressed <= BUDGET)
}

/// Bytes of several files, as they are and as they are sent.
#[derive(Default)]
struct Weight {
    plain: u64,
    compressed: u64,
}

impl Weight {
    fn of(files: &[PathBuf], counts: fn(&str) -> bool) -> Result<Weight> {
        let mut weight = Weight::default();
        for file in files {
            if !counts(&file.file_name().unwrap_or_default().to_string_lossy()) {
                continue;
            }
            let size = fs::metadata(file)?.len();
            let mut smaller = file.as_os_str().to_owned();
            smaller.push(".br");
            weight.plain += size;
            weight.compressed += fs::metadata(PathBuf::from(smaller)).map_or(size, |metadata| metadata.len());
        }
        Ok(weight)
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} kB, {} kB compressed", self.plain / 1000, self.compressed / 1000)
    }
}

/// The page, its styles, the program and the icons; parts and pictures come when they are shown.
fn loaded_first(name: &str) -> bool {
    let ours = ["frontend-", "loader-", "icons-"].iter().any(|start| name.starts_with(start));
    name == "index.html" || name.ends_with(".css") || ours && !is_compressed(name)
}

/// The parts of the program that pages fetch when they are opened.
fn loaded_later(name: &str) -> bool {
    name.ends_with(".wasm") && !loaded_first(name)
}

fn is_compressed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_page_fetches_counts_once() {
        for name in [
            "index.html",
            "app-0a1b.css",
            "frontend-0a1b.js",
            "frontend-parts-0a1b.js",
            "frontend-0a1b.wasm",
            "loader-0a1b.js",
            "icons-0a1b.svg",
        ] {
            assert!(loaded_first(name) && !loaded_later(name), "{name}");
        }
        for name in ["frontend-0a1b.wasm.br", "app-0a1b.css.gz", "index.html.br", "inline0-0a1b.js"] {
            assert!(!loaded_first(name) && !loaded_later(name), "{name}");
        }
        for name in ["split_design-0a1b.wasm", "chunk_3-0a1b.wasm"] {
            assert!(!loaded_first(name) && loaded_later(name), "{name}");
        }
    }

    #[test]
    fn scripts_that_import_each_other_have_names_by_what_both_say() {
        let folder = std::env::temp_dir().join(format!("formwork-bundle-{}", std::process::id()));
        let module = Module {
            wasm: Vec::new(),
            js: r#"import * as parts from "./frontend-parts.js";"#.to_owned(),
            snippets: Default::default(),
            parts: [("split_design.wasm".to_owned(), b"wasm".to_vec())].into(),
            parts_js:
                r#"import { initSync } from "./frontend.js"; new URL("./split_design.wasm", import.meta.url)"#
                    .to_owned(),
        };
        let mut bundle = Bundle { assets: folder.clone(), addresses: Addresses::new() };
        fs::create_dir_all(&folder).unwrap();
        let (js, parts_js) = scripts(&module, &mut bundle).unwrap();
        let read = |address: &str| fs::read_to_string(folder.join(&address["/assets/".len()..])).unwrap();
        assert_eq!(read(&js), format!("import * as parts from \"{parts_js}\";"));
        assert!(read(&parts_js).starts_with(&format!("import {{ initSync }} from \"{js}\";")));
        assert!(read(&parts_js).contains(&format!("new URL(\"{}\"", bundle.addresses["split_design.wasm"])));
        fs::remove_dir_all(&folder).unwrap();
    }
}
