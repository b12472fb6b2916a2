//! What a bundle is made from, as one hash: an unchanged frontend is not built again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::cache;

/// Everything that is compiled into the browser part, and the bundler itself.
const SOURCES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "engine",
    "server/wire",
    "frontend",
    "xtask/src/frontend",
    "xtask/src/toolchain.rs",
];

/// The hash over all sources and over what is said about the tools.
pub fn hash(tools: &[&str]) -> Result<String> {
    let checkout = cache::checkout();
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&checkout.join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for tool in tools {
        hash.update(tool);
        hash.update([0]);
    }
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hash.update(file.strip_prefix(&checkout)?.to_string_lossy().as_bytes());
        hash.update([0]);
        hash.update(Sha256::digest(&content));
    }
    Ok(hex(&hash.finalize()))
}

/// The first 16 hexadecimal digits of a content's hash: what goes into a file's name.
pub fn short_hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..16].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files at or below a path, in no particular order.
pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
    Ok(())
}
