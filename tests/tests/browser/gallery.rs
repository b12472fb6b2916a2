//! The gallery shows what is made of several components over things that are at hand: no server is asked for them.

use serde_json::json;
use tests::{Browser, Database, Server};

/// What has to be there, each in a state of its own.
const SHOWN: [&str; 17] = [
    ".given-table td.pending",
    ".given-table td.refused",
    ".given-table td.at-odds",
    ".given-table td.range",
    ".given-table tr.is-chosen",
    ".given-table .skeleton",
    ".timeline .mark.success",
    ".timeline .mark.danger",
    ".timeline .mark.now",
    ".timeline .mark.next",
    ".palette [role=option][aria-selected=true]",
    ".palette .empty",
    ".sign canvas",
    ".sign img.signed",
    ".rich[aria-invalid=true] .rich-text h2",
    ".cell > .rich-text h2",
    ".cell.w-200 > output.value",
];

#[tokio::test]
async fn the_gallery_shows_what_lives_from_records_without_asking_for_any() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    for dark in [false, true] {
        browser.prefer_dark(dark).await;
        browser.go("/_/gallery").await;
        for place in SHOWN {
            browser.find(place).await;
        }
        a_long_table_is_drawn_in_part(&browser).await;
        what_is_wrong_or_closed_says_why(&browser).await;
    }
    lines_are_put_in_order(&browser).await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Rows that are out of sight are drawn once one scrolls to them.
async fn a_long_table_is_drawn_in_part(browser: &Browser) {
    let drawn = "return document.querySelectorAll('.given-table')[0].querySelectorAll('tbody tr[data-row]').length < 100";
    assert_eq!(browser.script(drawn).await, true);
    browser.script("document.querySelector('.given-table > .grid-box').scrollTo(0, 100000)").await;
    browser.find(".given-table tr[data-row='99']").await;
    let first = "return document.querySelector(\".given-table tr[data-row='0']\") === null";
    assert!(
        browser.until(async || browser.script(first).await == true).await,
        "the first row is still drawn"
    );
}

/// Controls that are wrong, and those that are disabled and say it by nothing of their own; what is only read is no input.
async fn what_is_wrong_or_closed_says_why(browser: &Browser) {
    let silent = "const says = (one, words) => one.closest('.field')?.querySelector(`.note-slot ${words}`)?.textContent;
        const all = selector => [...document.querySelectorAll(`h3[translate=no] + .demo > .cell ${selector}`)];
        return [...all('[aria-invalid=true]').filter(one => !says(one, '.error')),
                ...all(':is(input:disabled, textarea:disabled, .drop[aria-disabled=true])').filter(one => !says(one, '.help')),
                ...all('> output.value').filter(one => ['', '—'].includes(one.textContent) && !one.querySelector('[aria-label]')),
                ...all('output :is(input, button, textarea)')].map(one => one.outerHTML)";
    assert_eq!(browser.script(silent).await, json!([]));
}

async fn lines_are_put_in_order(browser: &Browser) {
    let order = "return [...document.querySelectorAll('.gallery ul.w-320 > li > .grow')].map(line => line.textContent)";
    assert_eq!(browser.script(order).await, json!(["Option 1", "Option 2", "Option 3"]));
    browser.script("document.querySelectorAll('.gallery ul.w-320 > li button')[1].click()").await;
    let moved = async || browser.script(order).await == json!(["Option 2", "Option 1", "Option 3"]);
    assert!(browser.until(moved).await, "{}", browser.script(order).await);
}
