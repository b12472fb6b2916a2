//! A real Chromium without a window, driven as a person would: by what buttons and labels say.

mod looks;
mod mouse;
mod part;
mod progress;
mod shifts;
mod walk;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, DesiredCapabilities};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Server};

pub use looks::FINGER;
pub use mouse::Dragging;
pub use part::Part;

/// Chromium as it is made for pages that nobody looks at, without what a window would need: a story takes a quarter of its time
/// less. The program itself, since Debian's `chromium-headless-shell` starts it as a child that outlives it.
const SHELL: &str = "/usr/lib/chromium/chromium-headless-shell";

const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1440,900",
    "--force-device-scale-factor=1",
];

/// What lets frames follow each other without waiting.
const UNPACED: [&str; 2] = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

/// What makes it a device that is touched with a finger: one points coarsely and can't rest on anything.
const TOUCHED: [&str; 1] = [
    "--blink-settings=primaryHoverType=1,availableHoverTypes=1,primaryPointerType=2,availablePointerTypes=2",
];

/// A browser with a fresh profile, on the pages of one server. It is the whole page too: see [`Part`].
pub struct Browser {
    page: Part,
    url: String,
    chromedriver: Child,
    profile: TempDir,
}

impl Browser {
    /// Opens a browser in English; nothing is loaded yet.
    pub async fn open(server: &Server) -> Self {
        Self::open_in(server, "en").await
    }

    /// Opens a browser whose language is `zh-CN`, `zh-TW` or `en`.
    pub async fn open_in(server: &Server, language: &str) -> Self {
        Self::open_on(server.url(), language, &[]).await
    }

    /// Opens a browser in English for the pages at an address that is no server of the product.
    pub async fn open_at(url: &str) -> Self {
        Self::open_on(url, "en", &[]).await
    }

    /// Opens a browser in English that shows a frame as soon as it is made, without the beat of a display: what passes until
    /// then is the work alone.
    pub async fn open_unpaced(server: &Server) -> Self {
        Self::open_on(server.url(), "en", &UNPACED).await
    }

    /// Opens a browser in English on a device that is touched with a finger.
    pub async fn open_touched(server: &Server) -> Self {
        Self::open_on(server.url(), "en", &TOUCHED).await
    }

    async fn open_on(url: &str, language: &str, more: &[&str]) -> Self {
        let profile = tempfile::Builder::new().prefix("formwork-browser-").tempdir().unwrap();
        std::fs::create_dir(downloads(profile.path())).unwrap();
        let (chromedriver, port) = start_chromedriver(profile.path()).await;
        let mut capabilities = DesiredCapabilities::chrome();
        for flag in FLAGS.iter().chain(more) {
            capabilities.add_arg(flag).unwrap();
        }
        capabilities.set_binary(&shell().display().to_string()).unwrap();
        capabilities.add_arg(&format!("--lang={language}")).unwrap();
        capabilities.add_arg(&format!("--accept-lang={language}")).unwrap();
        set_up_session(&mut capabilities, &downloads(profile.path()));
        let driver = WebDriver::new(&format!("http://127.0.0.1:{port}"), capabilities).await.unwrap();
        let browser = Self { page: Part::whole(driver), url: url.to_owned(), chromedriver, profile };
        // For every page, also one that a file is handed out to; the driver's own setting is about the first alone.
        let folder = downloads(browser.profile.path());
        let allowed = serde_json::json!({"behavior": "allow", "downloadPath": folder});
        browser.developer_tools("Browser.setDownloadBehavior", allowed).await;
        browser
    }

    /// Goes to a path of the product.
    pub async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.url)).await.unwrap();
    }

    /// The page ends without being asked, as when a browser crashes; another one is opened, with what the browser has
    /// kept.
    pub async fn crash(&self) {
        let old = self.driver.window().await.unwrap();
        let new = self.driver.new_tab().await.unwrap();
        self.driver.switch_to_window(old).await.unwrap();
        self.driver.close_window().await.unwrap();
        self.driver.switch_to_window(new).await.unwrap();
    }

    /// Signs in by the form, as the administrator of [`Server::set_up`].
    pub async fn sign_in(&self) {
        self.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    }

    pub async fn sign_in_as(&self, email: &str, password: &str) {
        self.go("/sign-in").await;
        self.find("input[type=email]").await.send_keys(email).await.unwrap();
        let secret = self.find("input[type=password]").await;
        secret.send_keys(password).await.unwrap();
        secret.send_keys(Key::Enter + "").await.unwrap();
        self.gone("input[type=password]").await;
    }

    /// Sets the size of the window's inside: 390 × 844 is a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = serde_json::json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.developer_tools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Light or dark, as the system of the person would ask for.
    pub async fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let media = serde_json::json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.developer_tools("Emulation.setEmulatedMedia", media).await;
    }

    /// Errors of the page since the last call: scripts that failed, files that are missing, what the content policy
    /// refused. Refusals of the API are not among them: the browser logs a 401 or a 422 like a failure.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.get_log("browser").await.unwrap();
        let severe = log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message);
        severe
            .filter(|message| !(message.contains("/api/v1/") && message.contains("the server responded")))
            .collect()
    }

    /// From now on no file whose address matches one of these patterns comes: `*` stands for anything. An empty list lets
    /// everything come again.
    pub async fn block(&self, addresses: &[&str]) {
        self.developer_tools("Network.enable", serde_json::json!({})).await;
        self.developer_tools("Network.setBlockedURLs", serde_json::json!({"urls": addresses})).await;
    }

    /// The names of the files that this page has fetched since it was loaded.
    pub async fn fetched(&self) -> Vec<String> {
        let names =
            "return performance.getEntriesByType('resource').map(entry => entry.name.split('/').pop())";
        let names = self.script(names).await;
        names.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// What the page hands out as a file: waits for it, and gives its name and what it holds.
    pub async fn downloaded(&self) -> (String, String) {
        assert!(self.until(async || self.download().is_some()).await, "nothing is downloaded");
        let file = self.download().unwrap();
        let held = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        (file.file_name().unwrap().to_str().unwrap().to_owned(), held)
    }

    /// A file that was downloaded as a whole: until then it has a name of the browser's own.
    fn download(&self) -> Option<PathBuf> {
        let files = std::fs::read_dir(downloads(self.profile.path())).ok()?;
        let is_whole = |file: &PathBuf| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_named = !name.starts_with('.') && !name.ends_with(".crdownload");
            is_named && file.metadata().is_ok_and(|file| file.len() > 0)
        };
        files.filter_map(Result::ok).map(|file| file.path()).find(is_whole)
    }

    /// Saves a picture of the page.
    pub async fn picture(&self, file: PathBuf) {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).unwrap();
        }
        self.driver.screenshot(&file).await.unwrap();
    }

    /// Ends the browser in order.
    pub async fn close(mut self) {
        self.driver.clone().quit().await.unwrap();
        self.chromedriver.kill().await.unwrap();
    }

    /// Runs JavaScript in every page from now on before the page's own.
    pub async fn on_every_page(&self, script: &str) {
        let source = serde_json::json!({"source": script});
        self.developer_tools("Page.addScriptToEvaluateOnNewDocument", source).await;
    }

    /// Asks the browser's developer tools for something, as their protocol names it.
    pub async fn developer_tools(&self, command: &str, arguments: serde_json::Value) {
        self.driver.cdp().send_raw(command, arguments).await.unwrap();
    }
}

impl Deref for Browser {
    type Target = Part;

    fn deref(&self) -> &Part {
        &self.page
    }
}

impl Drop for Browser {
    /// For the test that failed. The driver would wait minutes for an answer that this blocked thread cannot read, and
    /// ChromeDriver leaves its browser running when it is killed; so the browser is ended by its number.
    fn drop(&mut self) {
        if self.driver.clone().leak().is_ok() {
            let browser = self.driver.capabilities().get("goog:processID").and_then(|id| id.as_u64());
            let number = browser.expect("ChromeDriver names its browser's process").to_string();
            let _ = std::process::Command::new("kill").args(["-KILL", &number]).status();
            let _ = self.chromedriver.start_kill();
        }
    }
}

/// The browser's program: where Debian has it, else the one of that name on the path.
fn shell() -> PathBuf {
    let debian = PathBuf::from(SHELL);
    if debian.exists() {
        return debian;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut programs = std::env::split_paths(&path).map(|folder| folder.join("chromium-headless-shell"));
    programs.find(|program| program.exists()).expect("chromium-headless-shell is installed")
}

/// Where the files go that pages hand out.
fn downloads(profile: &Path) -> PathBuf {
    profile.join("downloads")
}

fn set_up_session(capabilities: &mut ChromeCapabilities, downloads: &Path) {
    let preferences = serde_json::json!({
        "download.default_directory": downloads,
        "download.prompt_for_download": false,
    });
    capabilities.add_experimental_option("prefs", preferences).unwrap();
    // What the page complains of is kept for `Browser::complaints`.
    capabilities.set("goog:loggingPrefs", serde_json::json!({"browser": "ALL"})).unwrap();
}

/// ChromeDriver on a port of the system's choice. It asks for that number on IPv6 too, and gives up where another program
/// has it there: then it is started again.
async fn start_chromedriver(folder: &Path) -> (Child, u16) {
    for _ in 0..5 {
        if let Some(started) = try_chromedriver(folder).await {
            return started;
        }
    }
    panic!("chromedriver ends before it says its port");
}

/// The port is read from what it prints; nothing where it ends before.
async fn try_chromedriver(folder: &Path) -> Option<(Child, u16)> {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        // Chromium's own temporary files go with the profile.
        .env("TMPDIR", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver starts; `cargo xtask test` installs it");
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let port = loop {
        let line = lines.next_line().await.unwrap()?;
        if let Some((_, port)) = line.split_once("was started successfully on port ") {
            break port.trim_end_matches('.').parse().unwrap();
        }
    };
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some((process, port))
}
