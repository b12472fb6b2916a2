//! The browser part is embedded from `dist/`, which `cargo xtask build-frontend` writes. Without it the server still
//! compiles, and serves its API alone.

use std::{fs, path::Path};

fn main() -> Result<(), std::io::Error> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    if !dist.is_dir() {
        fs::create_dir_all(&dist)?;
    }
    println!("cargo::rerun-if-changed=../dist");
    Ok(())
}
