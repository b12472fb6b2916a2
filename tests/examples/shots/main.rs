//! Pictures of all pages for people to look at: three languages, light and dark, desktop and phone; and beside them, in the
//! folder `beside`, those that lie next to a picture of the design reference, called as it is.
//! Started by `cargo xtask shots`, which builds what it needs.

// Like a test, it stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod beside;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use serde_json::json;
use tests::pages::{self, Page};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server, lived_in};

use beside::{PICTURES, Picture};

#[derive(Parser)]
struct Options {
    /// Folder for the pictures
    #[arg(long)]
    out: PathBuf,
    /// Only pages whose name contains this
    #[arg(long, default_value = "")]
    page: String,
    /// Only this language: zh-CN, zh-TW or en
    #[arg(long)]
    language: Option<String>,
    /// Only `light` or `dark`
    #[arg(long)]
    theme: Option<String>,
    /// Only `desktop` or `phone`
    #[arg(long)]
    size: Option<String>,
    /// Only what lies next to a picture of the design reference
    #[arg(long)]
    beside: bool,
}

/// Forms whose every page is photographed.
const FORMS: [&str; 5] = ["customer", "order", "quotation", "purchase_order", lived_in::FORM];

const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];
const THEMES: [&str; 2] = ["light", "dark"];
const SIZES: [(&str, u32, u32); 2] = [("desktop", 1440, 900), ("phone", 390, 844)];

/// How long a page may go on loading before its picture is taken as it is.
const LONGEST_LOADING: Duration = Duration::from_secs(8);

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let mut taken = 0;
    for language in LANGUAGES.into_iter().filter(|language| wanted(&options.language, language)) {
        let server = Server::start(Database::Sqlite).await;
        let mut browser = Browser::open_in(&server, language).await;
        let mut shooting = Shooting { browser: &mut browser, options: &options, language, taken: &mut taken };
        shooting.take(&[Page::new("setup", "/setup")]).await;
        let admin = server.set_up().await;
        // A member's own language goes before the browser's.
        admin.patch("/me", 1, json!({"language": language})).await.ok();
        shooting.take(&[Page::new("sign-in", "/sign-in")]).await;
        install_templates(&admin, language).await;
        lived_in::move_in(&server, &admin).await;
        let pages = pages::of(&admin, &FORMS).await;
        shooting.browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        shooting.take(&pages).await;
        browser.close().await;
        server.close().await;
    }
    println!("{taken} pictures in {}", options.out.display());
}

fn wanted(choice: &Option<String>, name: &str) -> bool {
    choice.as_deref().is_none_or(|choice| choice == name)
}

/// So that no page is empty. What they need, such as the figures of return on investment, comes with them.
async fn install_templates(admin: &Client, language: &str) {
    for template in ["crm", "inventory", "loyalty"] {
        let path = format!("/templates/{template}/install");
        let job = admin.job(admin.post(&path, json!({"locale": language, "demo": true})).await).await;
        assert_eq!(job["state"], "done", "{job}");
    }
}

/// A walk through pages in one language.
struct Shooting<'a> {
    browser: &'a mut Browser,
    options: &'a Options,
    language: &'a str,
    taken: &'a mut usize,
}

impl Shooting<'_> {
    async fn take(&mut self, pages: &[Page]) {
        let options = self.options;
        for (size, width, height) in SIZES.into_iter().filter(|(size, ..)| wanted(&options.size, size)) {
            self.browser.resize(width, height).await;
            for theme in THEMES.into_iter().filter(|theme| wanted(&options.theme, theme)) {
                self.browser.prefer_dark(theme == "dark").await;
                for page in pages.iter().filter(|page| page.name.contains(&options.page)) {
                    if !options.beside {
                        let name = format!("{}-{}-{theme}-{size}.png", page.name, self.language);
                        self.picture(&page.path, name).await;
                    }
                    let here = (page.name.as_str(), self.language, theme, size);
                    for picture in PICTURES.iter().filter(|picture| picture.is_of(here)) {
                        self.beside(page, picture).await;
                    }
                }
            }
        }
    }

    async fn picture(&mut self, path: &str, file: String) {
        self.browser.go(path).await;
        self.until_loaded().await;
        self.keep(file).await;
    }

    /// The page in the state in which the reference shows it.
    async fn beside(&mut self, page: &Page, picture: &Picture) {
        self.browser.go(&format!("{}{}", page.path, picture.query)).await;
        self.until_loaded().await;
        if !picture.first.is_empty() {
            self.browser.script(picture.first).await;
            self.until_loaded().await;
        }
        self.keep(format!("beside/{}.png", picture.name)).await;
    }

    async fn keep(&mut self, file: String) {
        self.browser.picture(self.options.out.join(&file)).await;
        *self.taken += 1;
        for complaint in self.browser.complaints().await {
            println!("{file}: {complaint}");
        }
    }

    /// Waits until the page shows content and says nowhere that it is busy, and its transitions have ended.
    async fn until_loaded(&self) {
        let still = "return document.querySelector('.skeleton, [aria-busy=true]') !== null \
                     || document.body.innerText.trim() === '' || document.fonts.status !== 'loaded'";
        let deadline = tokio::time::Instant::now() + LONGEST_LOADING;
        while self.browser.script(still).await == true && tokio::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        tokio::time::sleep(Duration::from_millis(350)).await;
    }
}
