//! One rule set: what the engine makes of random forms and records is the same in the browser, byte for byte. And how long
//! an edit takes there.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::PathBuf;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tests::Browser;
use tests::dice::{cases, seed_of_this_run};

/// Where `cargo xtask test` puts the engine as the browser has it.
const FOLDER: &str = "FORMWORK_PAIRS";

/// Pairs that are compared for each case: two thousand usually, a hundred thousand in a long run.
const PAIRS_OF_A_CASE: usize = 50;
const USUAL_CASES: usize = 40;

/// Pairs that the page tells of at once.
const AT_ONCE: usize = 250;

/// Edits that are timed.
const EDITS: usize = 400;

/// A page that has the engine and nothing else.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>engine</title><script src=pairs.js></script>\
    <script>wasm_bindgen({module_or_path: 'pairs_bg.wasm'}).then(() => { window.ready = true; })</script>";

async fn open() -> Browser {
    let folder = std::env::var_os(FOLDER).map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| panic!("{FOLDER} names no folder: `cargo xtask test` makes it"));
    let script = std::fs::read(folder.join("pairs.js")).unwrap();
    let module = std::fs::read(folder.join("pairs_bg.wasm")).unwrap();
    let file = |media: &'static str, content: Vec<u8>| {
        get(move || {
            let content = content.clone();
            async move { ([("content-type", media)], content) }
        })
    };
    let pages = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/pairs.js", file("text/javascript", script))
        .route("/pairs_bg.wasm", file("application/wasm", module));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
    let browser = Browser::open_at(&format!("http://{address}")).await;
    browser.go("/").await;
    let is_ready = async || browser.script("return window.ready === true").await == true;
    assert!(browser.until(is_ready).await, "the engine is not there: {:?}", browser.complaints().await);
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_browser_s_engine_says_what_the_server_s_says() {
    let browser = open().await;
    let seed = seed_of_this_run();
    let (upper, lower) = (seed >> 32, seed & u64::from(u32::MAX));
    let count = cases(USUAL_CASES) * PAIRS_OF_A_CASE;
    for first in (0..count).step_by(AT_ONCE) {
        let asked = AT_ONCE.min(count - first);
        let script = format!("return wasm_bindgen.told({upper}, {lower}, {first}, {asked})");
        let there = browser.script(&script).await.as_str().unwrap().to_owned();
        let here = pairs::told(seed, first as u32, asked as u32);
        if here.as_bytes() == there.as_bytes() {
            continue;
        }
        let different = here.lines().zip(there.lines()).find(|(here, there)| here != there);
        let (here, there) = different.unwrap_or((here.as_str(), there.as_str()));
        panic!("seed {seed}\nhere:  {here}\nthere: {there}");
    }
    println!("{count} pairs are the same");
    browser.close().await;
}

/// The time that 95 of a hundred edits take at most, in milliseconds.
async fn slowest(browser: &Browser, rows: bool) -> f64 {
    let script = format!(
        "const timed = new wasm_bindgen.Timed({rows}); const times = [];
        for (let turn = 0; turn < {EDITS}; turn++) {{
            const started = performance.now();
            timed.edit(turn);
            times.push(performance.now() - started);
        }}
        times.sort((a, b) => a - b);
        return times[Math.floor(times.length * 0.95)];"
    );
    browser.script(&script).await.as_f64().unwrap()
}

/// The figures are those of the small build (`--long`). A clock on a machine that does other things too is no measure: it
/// only finds what is ten times too slow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_in_the_browser_is_quick() {
    const GUARD: f64 = 10.0;
    let browser = open().await;
    let (rows, fields) = (slowest(&browser, true).await, slowest(&browser, false).await);
    println!(
        "one cell of 1,000 rows with 20 formulas: {rows:.2} ms; one of 100 fields: {fields:.2} ms (p95)"
    );
    assert!(rows < 10.0 * GUARD, "{rows} ms");
    assert!(fields < 4.0 * GUARD, "{fields} ms");
    browser.close().await;
}
