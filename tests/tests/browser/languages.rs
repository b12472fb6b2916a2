//! Every main page speaks the reader's language, light and dark, and complains of nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Browser, Client, Database, Server, pages};

const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "en"];
/// What is called the same in every language: the product, and each language by its own name.
const NAMES: [&str; 4] = ["Formwork", "简体中文", "繁體中文", "English"];
/// Characters that only one of the two scripts has, in pairs.
const SIMPLIFIED: &str =
    "应数据单设员导选发关开时间门问题页项顺预领图团国园报场块坏处够头实审对将层岁币带标签调";
const TRADITIONAL: &str =
    "應數據單設員導選發關開時間門問題頁項順預領圖團國園報場塊壞處夠頭實審對將層歲幣帶標籤調";

#[tokio::test]
async fn every_page_speaks_three_languages() {
    let server = Server::start(Database::Sqlite).await;
    let mut keys = Texts::read();
    let browser = Browser::open(&server).await;
    for language in LANGUAGES {
        entrances(&browser, language, &["/setup"], &keys).await;
    }
    let admin = server.set_up().await;
    for language in LANGUAGES {
        entrances(&browser, language, &["/sign-in", "/nowhere"], &keys).await;
    }
    install(&admin, "crm").await;
    // What people call their roles is theirs, in whatever language.
    let roles = admin.get("/roles").await.ok();
    keys.own.extend(
        roles["items"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned()),
    );
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
async fn entrances(browser: &Browser, language: &str, paths: &[&str], keys: &Texts) {
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
    // Where one was before is called as it was called then.
    let choice = format!(
        "localStorage.setItem('formwork.language', '{language}'); localStorage.removeItem('formwork.recent')"
    );
    browser.script(&choice).await;
}

async fn looks_right(browser: &Browser, page: &str, language: &str, keys: &Texts) {
    browser.loaded(page).await;
    assert_eq!(browser.script("return document.documentElement.lang").await, language, "{page}");
    let said = browser.said().await;
    let words = said.iter().flat_map(|text| text.split_whitespace());
    let untranslated: Vec<_> =
        words.filter(|word| keys.keys.contains(*word) || word.contains("??")).collect();
    assert!(untranslated.is_empty(), "{page} in {language} says {untranslated:?}");
    let foreign: Vec<_> = said.iter().filter(|text| keys.is_foreign(text, language)).collect();
    assert!(foreign.is_empty(), "{page} in {language} says in another language {foreign:?}");
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

/// The texts of the product.
struct Texts {
    /// Their names: a text that is missing shows its name. A name without a hyphen is a word too.
    keys: BTreeSet<String>,
    /// What they say in each language, where it is always the same.
    said: BTreeMap<&'static str, BTreeSet<String>>,
    /// What people have called things here.
    own: BTreeSet<String>,
}

impl Texts {
    fn read() -> Texts {
        let keys = lines_of("frontend", "en").into_iter().map(|(key, _)| key).filter(|key| key.contains('-'));
        let said = LANGUAGES.map(|language| {
            let lines =
                ["frontend", "engine", "server"].into_iter().flat_map(|part| lines_of(part, language));
            let fixed = lines.map(|(_, said)| said).filter(|said| !said.contains('{'));
            (language, fixed.collect::<BTreeSet<_>>())
        });
        let own = NAMES.iter().map(|name| (*name).to_owned()).collect();
        Texts { keys: keys.collect(), said: BTreeMap::from(said), own }
    }

    /// Whether a text is one of the product's in another language than the reader's, or is written in another script.
    fn is_foreign(&self, text: &str, language: &str) -> bool {
        if self.own.contains(text) || self.said[language].contains(text) {
            return false;
        }
        let mut others = self.said.iter().filter(|(other, _)| **other != language);
        others.any(|(_, said)| said.contains(text)) || is_in_another_script(text, language)
    }
}

fn is_in_another_script(text: &str, language: &str) -> bool {
    let only_in = |one: &str, other: &str| text.chars().any(|c| one.contains(c) && !other.contains(c));
    match language {
        "zh-CN" => only_in(TRADITIONAL, SIMPLIFIED),
        "zh-TW" => only_in(SIMPLIFIED, TRADITIONAL),
        _ => {
            text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
                && !NAMES.iter().any(|name| text.contains(name))
        }
    }
}

/// The lines `NAME = TEXT` of the texts of a part of the product.
fn lines_of(part: &str, language: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(part).join("texts").join(language);
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        let pairs = lines.filter_map(|line| line.split_once(" = "));
        found.extend(pairs.map(|(key, said)| (key.to_owned(), said.trim().to_owned())));
    }
    found
}

#[test]
fn a_text_of_another_language_is_told_from_one_of_the_reader_s() {
    let texts = Texts::read();
    assert!(
        texts.is_foreign("Save", "zh-CN")
            && texts.is_foreign("保存", "zh-TW")
            && texts.is_foreign("儲存", "en")
    );
    assert!(
        !texts.is_foreign("Save", "en")
            && !texts.is_foreign("保存", "zh-CN")
            && !texts.is_foreign("English", "zh-TW")
    );
    assert!(texts.is_foreign("3 個應用", "zh-CN") && texts.is_foreign("3 个应用", "zh-TW"));
    assert!(!texts.is_foreign("Chairs", "zh-CN"), "what people have entered");
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
        plain.iter().map(|kind| json!({"key": kind, "label": format!("my {kind}"), "kind": kind})).collect();
    let choices = json!({"choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]});
    for kind in ["select", "multi_select"] {
        fields.push(json!({"key": kind, "label": format!("my {kind}"), "kind": kind, "options": choices}));
    }
    let form = json!({"key": "all", "label": "Everything in one", "fields": fields});
    admin.post("/apps/office/forms", form).await.created()["id"].as_str().unwrap().to_owned()
}
