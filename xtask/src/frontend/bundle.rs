//! The finished files: named by content, compressed once, ready to be embedded into the server.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::frontend::index::{self, Addresses};
use crate::frontend::inputs;
use crate::frontend::wasm::{Module, Profile};
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
    let mut js = module.js.clone();
    for (path, text) in &module.snippets {
        let address = bundle.add(path, text.as_bytes())?;
        js = js
            .replace(&format!("\"{path}\""), &format!("\"{address}\""))
            .replace(&format!("'{path}'"), &format!("'{address}'"));
    }
    anyhow::ensure!(!js.contains("./snippets/"), "a library's JavaScript has no place in the bundle");
    let js = bundle.add("frontend.js", js.as_bytes())?;
    bundle.add("loader.js", index::loader(&js, &wasm, &bundle.addresses)?.as_bytes())?;
    let template =
        fs::read_to_string(frontend.join("index.html")).context("frontend/index.html is missing")?;
    fs::write(into.join("index.html"), index::page(&template, &bundle.addresses, &js, &wasm)?)?;
    progress::step("compressing", || compress_all(into, profile))?;
    fs::write(into.join(KEY_FILE), key)?;
    Ok(())
}

struct Bundle {
    assets: PathBuf,
    addresses: Addresses,
}

impl Bundle {
    /// Adds a file and gives its address.
    fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let path = Path::new(name);
        let stem = path.file_stem().context("a file without a name")?.to_string_lossy();
        let extension = path.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
        let file = format!("{stem}-{}{extension}", inputs::short_hash(content));
        fs::write(self.assets.join(&file), content)?;
        let address = format!("/assets/{file}");
        self.addresses.insert(name.to_owned(), address.clone());
        Ok(address)
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

/// Prints what a browser fetches at its first visit; false when that is over the budget.
pub fn report(dist: &Path) -> Result<bool> {
    let mut files = Vec::new();
    inputs::collect(dist, &mut files)?;
    let (mut plain, mut compressed) = (0, 0);
    for file in files.iter().filter(|file| loaded_first(file)) {
        let size = fs::metadata(file)?.len();
        plain += size;
        let mut smaller = file.as_os_str().to_owned();
        smaller.push(".br");
        compressed += fs::metadata(PathBuf::from(smaller)).map_or(size, |metadata| metadata.len());
    }
    println!("    first load: {} kB, {} kB compressed", plain / 1000, compressed / 1000);
    Ok(compressed <= BUDGET)
}

/// The page, its styles, the program and the icons; charts and pictures come when they are shown.
fn loaded_first(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let ours = name.starts_with("frontend-") || name.starts_with("loader-") || name.starts_with("icons-");
    name == "index.html" || name.ends_with(".css") || ours && !name.ends_with(".br") && !name.ends_with(".gz")
}
