//! The compiler for the browser: rustup's target where it can be had, else Debian's `rustc-web`.
//!
//! See docs/decisions/0001-browser-toolchain.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{cache, debian, process, progress};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Long enough for 20 MB over a slow line, short enough where no line exists.
const RUSTUP_LIMIT: Duration = Duration::from_secs(180);

/// A compiler that can build for the browser.
pub enum WasmToolchain {
    /// The native compiler has the target's standard library.
    Native,
    /// Debian's `rustc-web`, unpacked in this folder; the standard library is built from its sources.
    Debian(PathBuf),
}

impl WasmToolchain {
    /// Finds or fetches one. `FORMWORK_WASM_TOOLCHAIN` (`native`, `debian`) forces the choice.
    pub fn find() -> Result<Self> {
        match std::env::var("FORMWORK_WASM_TOOLCHAIN").ok().as_deref() {
            Some("native") if native_target_present()? || add_native_target()? => Ok(Self::Native),
            Some("native") => bail!("the target {TARGET} cannot be added with rustup"),
            Some("debian") => Ok(Self::Debian(debian_toolchain()?)),
            Some(other) => bail!("FORMWORK_WASM_TOOLCHAIN is `{other}`; it may be `native` or `debian`"),
            None if native_target_present()? || add_native_target()? => Ok(Self::Native),
            None => Ok(Self::Debian(debian_toolchain()?)),
        }
    }

    /// A short name, which also names the target folder: the compilers must not share one.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Native => "wasm",
            Self::Debian(_) => "wasm-debian",
        }
    }

    /// The compiler's own description of itself; part of what a bundle depends on.
    pub fn version(&self) -> Result<String> {
        match self {
            Self::Native => process::read(Command::new("rustc").arg("-vV")),
            Self::Debian(root) => {
                process::read(&mut debian_rustc(root)?).context("Debian's rustc does not run")
            }
        }
    }

    /// `cargo build` for the browser with these flags of the compiler; package, profile and folders are the caller's
    /// to add.
    pub fn cargo_build(&self, flags: &str) -> Result<Command> {
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--target", TARGET]).current_dir(cache::checkout());
        // Set by the cargo that runs us; they would reach build scripts and force rebuilds.
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
        let flags = format!(r#"--cfg getrandom_backend="wasm_js" {flags}"#);
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.trim());
        if let Self::Debian(root) = self {
            command
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", root.join("usr/bin/rustc"))
                .env("RUSTC_BOOTSTRAP", "1")
                .env("LD_LIBRARY_PATH", library_path(root)?)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", native_linker()?);
        }
        Ok(command)
    }
}

fn sysroot() -> Result<PathBuf> {
    Ok(PathBuf::from(process::read(Command::new("rustc").args(["--print", "sysroot"]))?.trim()))
}

fn native_target_present() -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn add_native_target() -> Result<bool> {
    if !process::on_path("rustup") {
        return Ok(false);
    }
    println!("    adding the target {TARGET} with rustup");
    let added =
        process::succeeds_within(Command::new("rustup").args(["target", "add", TARGET]), RUSTUP_LIMIT)?;
    if !added {
        println!("    rustup could not add it");
    }
    Ok(added && native_target_present()?)
}

/// The linker for WASM that comes with the native toolchain; Debian ships none of that version.
fn native_linker() -> Result<PathBuf> {
    let host = process::read(Command::new("rustc").arg("-vV"))?;
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?.to_owned();
    let linker = sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld");
    if !linker.is_file() {
        bail!("{} is missing: the native Rust toolchain comes without rust-lld", linker.display());
    }
    Ok(linker)
}

fn debian_rustc(root: &Path) -> Result<Command> {
    let mut command = Command::new(root.join("usr/bin/rustc"));
    command.arg("-vV").env("LD_LIBRARY_PATH", library_path(root)?);
    Ok(command)
}

/// The folders of the unpacked packages that hold shared libraries.
fn library_path(root: &Path) -> Result<String> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root.join("usr/lib"))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with("-linux-gnu") {
            folders.push(entry.path().display().to_string());
        } else if name.starts_with("llvm-") {
            folders.push(entry.path().join("lib").display().to_string());
        }
    }
    Ok(folders.join(":"))
}

/// Fetches and unpacks Debian's compiler once; nothing is installed on the system.
fn debian_toolchain() -> Result<PathBuf> {
    let root = cache::root()?.join("rustc-web");
    if root.is_dir() {
        return Ok(root);
    }
    if !debian::is_debian() {
        bail!("the target {TARGET} is missing; add it with: rustup target add {TARGET}");
    }
    let mut packages = debian_packages();
    if packages.is_err() {
        debian::update_lists()?;
        packages = debian_packages();
    }
    let packages = packages?;
    progress::headline("Fetching Debian's compiler for the browser (140 MB, once)");
    // Everything happens beside the final place, so that half a toolchain is never taken for a whole one.
    let unfinished = root.with_file_name(format!("rustc-web.unfinished-{}", std::process::id()));
    let downloads = unfinished.join("downloads");
    fs::create_dir_all(&downloads)?;
    let fetched = download(&packages, &downloads).or_else(|_| {
        debian::update_lists()?;
        download(&packages, &downloads)
    });
    let finished = fetched.and_then(|()| unpack(&downloads, &unfinished)).and_then(|()| {
        fs::remove_dir_all(&downloads)?;
        process::read(&mut debian_rustc(&unfinished)?).context("the unpacked compiler does not run")?;
        fs::rename(&unfinished, &root).or_else(|error| if root.is_dir() { Ok(()) } else { Err(error) })?;
        Ok(())
    });
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    finished.context("Debian's compiler for the browser cannot be had; on a machine with a network connection this helps: rustup target add wasm32-unknown-unknown")?;
    Ok(root)
}

/// The compiler, its libraries and the sources of the standard library. Two of the names carry versions.
fn debian_packages() -> Result<Vec<String>> {
    let dependency = |package: &str, start: &str| {
        let mut found = debian::dependencies(package).into_iter().filter(|name| name.starts_with(start));
        found.next().with_context(|| format!("the package lists name no {start}… for {package}"))
    };
    let development = dependency("rustc-web", "libstd-rust-web-dev")?;
    let runtime = dependency(&development, "libstd-rust-web-")?;
    let llvm = dependency(&runtime, "libllvm")?;
    Ok(vec!["rustc-web".into(), "rust-web-src".into(), development, runtime, llvm])
}

fn download(packages: &[String], folder: &Path) -> Result<()> {
    process::run(Command::new("apt-get").args(["download", "-qq"]).args(packages).current_dir(folder))
}

fn unpack(downloads: &Path, into: &Path) -> Result<()> {
    for package in fs::read_dir(downloads)?.flatten() {
        process::run(Command::new("dpkg").arg("-x").arg(package.path()).arg(into))?;
    }
    Ok(())
}
