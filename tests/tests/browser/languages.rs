//! Every main page speaks the reader's language, light and dark, and complains of nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server, pages};

const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];

#[tokio::test]
async fn every_page_speaks_three_languages() {
    let server = Server::start(Database::Sqlite).await;
    let keys = keys_of_texts();
    let browser = Browser::open(&server).await;
    for language in LANGUAGES {
        entrances(&browser, language, &["/setup"], &keys).await;
    }
    let admin = server.set_up().await;
    for language in LANGUAGES {
        entrances(&browser, language, &["/sign-in", "/nowhere"], &keys).await;
    }
    install(&admin, "crm").await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let mut all = pages::of(&admin, &["quotation"]).await;
    let form = form_with_everything(&admin).await;
    let record = json!({"fields": {"text": "A", "money": "1234.5", "select": "a", "date": "2026-03-02"}});
    let record = admin.post(&format!("/forms/{form}/records"), record).await.created();
    for (name, part) in
        [("new", "new".to_owned()), ("record", format!("records/{}", record["id"].as_str().unwrap()))]
    {
        all.push(pages::Page::new(name, &format!("/apps/office/forms/{form}/{part}")));
    }
    for language in LANGUAGES {
        choose(&browser, language).await;
        for page in &all {
            browser.go(&page.path).await;
            looks_right(&browser, &page.name, language, &keys).await;
        }
    }
    browser.close().await;
    server.close().await;
}

/// The pages before somebody is signed in take the language that this browser remembers.
async fn entrances(browser: &Browser, language: &str, paths: &[&str], keys: &BTreeSet<String>) {
    for path in paths {
        browser.go(path).await;
        browser.find("main").await;
        choose(browser, language).await;
        browser.go(path).await;
        looks_right(browser, path, language, keys).await;
    }
}

/// As the language menu remembers it in this browser.
async fn choose(browser: &Browser, language: &str) {
    browser.script(&format!("localStorage.setItem('formwork.language', '{language}')")).await;
}

async fn looks_right(browser: &Browser, page: &str, language: &str, keys: &BTreeSet<String>) {
    // The gallery shows what loading looks like for ever.
    let loading = if page == "gallery" { "#none" } else { ".skeleton, [aria-busy=true]" };
    let still = format!(
        "return document.querySelector('{loading}') !== null || document.body.innerText.trim() === ''"
    );
    assert!(browser.until(async || browser.script(&still).await == false).await, "{page} goes on loading");
    assert_eq!(browser.script("return document.documentElement.lang").await, language, "{page}");
    let words = browser.script(WORDS).await;
    let words = words.as_array().unwrap().iter().filter_map(|word| word.as_str());
    let untranslated: Vec<_> = words.filter(|word| keys.contains(*word) || word.contains("??")).collect();
    assert!(untranslated.is_empty(), "{page} in {language} says {untranslated:?}");
    // Dark is another page to the eye, and the same to everything else.
    let mut shades = BTreeSet::new();
    for dark in [false, true] {
        browser.prefer_dark(dark).await;
        let shade = browser.script("return getComputedStyle(document.documentElement).backgroundColor").await;
        shades.insert(shade.to_string());
    }
    assert_eq!(shades.len(), 2, "{page} looks the same in the dark");
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{page} in {language}");
}

/// Everything that the page says, to the eye or to a screen reader, word by word.
const WORDS: &str = "const said = [document.body.innerText, document.title]; \
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]')) \
        for (const name of ['aria-label', 'title', 'placeholder']) said.push(element.getAttribute(name) ?? ''); \
    return [...new Set(said.join(' ').split(/\\s+/))]";

/// The names of all texts of the browser: a text that is missing shows its name. A name without a hyphen is a word too.
fn keys_of_texts() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/texts/en");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let lines: Vec<String> =
        files.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let keys = lines.iter().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
    keys.filter(|key| key.contains('-') && !key.starts_with(' ')).collect()
}

async fn install(admin: &Client, template: &str) {
    let job =
        admin.job(admin.post(&format!("/templates/{template}/install"), json!({"demo": false})).await).await;
    assert_eq!(job["state"], "done", "{job}");
}

/// A form with a field of every kind that people fill; gives its id.
async fn form_with_everything(admin: &Client) -> String {
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let plain = [
        "text",
        "long_text",
        "number",
        "money",
        "percent",
        "date",
        "datetime",
        "month",
        "switch",
        "phone",
        "email",
        "member",
        "files",
    ];
    let mut fields: Vec<_> =
        plain.iter().map(|kind| json!({"key": kind, "label": kind, "kind": kind})).collect();
    let choices = json!({"choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]});
    for kind in ["select", "multi_select"] {
        fields.push(json!({"key": kind, "label": kind, "kind": kind, "options": choices}));
    }
    let form = json!({"key": "all", "label": "All", "fields": fields});
    admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned()
}
