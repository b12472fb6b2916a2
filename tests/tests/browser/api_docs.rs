//! The page about the API, as people read it.

use serde_json::json;
use tests::{Browser, Database, Server};
use thirtyfour::Key;

const JOB: &str = "get_jobs_id";
/// How far the page runs over the edge of the window.
const OVER: &str = "return document.documentElement.scrollWidth - window.innerWidth";
/// Whether an operation is unfolded, and its inside seen.
const IS_OPEN: &str = "const inside = document.getElementById('get_jobs_id');\
     return inside.closest('details').open && inside.checkVisibility()";
/// Folded operations that a finger does not meet.
const TOO_LOW: &str = "return [...document.querySelectorAll('summary, nav a')]\
     .filter(target => target.getBoundingClientRect().height < 44).map(target => target.textContent)";

#[tokio::test]
async fn the_api_is_read_on_a_phone_in_the_dark_and_by_keyboard() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    browser.go("/api/docs").await;
    browser.sees("The addresses that the pages and other programs use").await;
    browser.part(".subjects").sees("jobs").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());

    // An operation is unfolded by a press, and leads to the types that it names, which unfold themselves.
    assert_eq!(browser.script(IS_OPEN).await, json!(false));
    browser
        .script("document.getElementById('get_jobs_id').closest('details').querySelector('summary').focus()")
        .await;
    browser.keys(Key::Enter + "").await;
    assert!(browser.until(async || browser.script(IS_OPEN).await == json!(true)).await);
    let operation = browser.part(&format!("#{JOB}"));
    operation.sees("Parameters").await;
    operation.sees("Answers").await;
    operation.click_at("a[href='#type-Job']").await;
    browser.part("#type-Job").sees("state").await;
    assert_eq!(browser.barriers().await, Vec::<String>::new());

    // The language is chosen on the page.
    browser.click("繁體中文").await;
    browser.sees("頁面和其他程式使用的全部位址").await;
    browser.part(".subjects").sees("型別").await;

    // A phone has all of it in one column.
    browser.resize(390, 844).await;
    for dark in [false, true] {
        browser.prefer_dark(dark).await;
        browser.go("/api/docs?language=zh-CN").await;
        browser.sees("页面和其他程序使用的全部地址").await;
        assert_eq!(browser.script(OVER).await, json!(0));
        assert_eq!(browser.script(TOO_LOW).await, json!([]));
        browser.script("document.querySelectorAll('details').forEach(one => one.open = true)").await;
        assert_eq!(browser.script(OVER).await, json!(0), "with everything unfolded");
        let ground = browser.script("return getComputedStyle(document.body).backgroundColor").await;
        assert_eq!(ground, if dark { "rgb(14, 17, 23)" } else { "rgb(246, 247, 250)" });
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
