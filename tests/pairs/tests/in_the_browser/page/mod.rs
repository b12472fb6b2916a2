//! A page that has the engine and nothing else.

use std::path::PathBuf;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::Value;
use tests::Browser;

/// Where `cargo xtask` puts the engine as the browser has it.
const FOLDER: &str = "FORMWORK_PAIRS";

const PAGE: &str = "<!doctype html><meta charset=utf-8><title>engine</title><script src=pairs.js></script>\
    <script>wasm_bindgen({module_or_path: 'pairs_bg.wasm'}).then(() => { window.ready = true; })</script>";

pub async fn open() -> Browser {
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

/// How long edits take in the browser.
#[derive(Clone, Copy, Debug)]
pub struct Edits {
    /// The middle, in milliseconds.
    pub p50: f64,
    /// What 95 of a hundred take at most, in milliseconds.
    pub p95: f64,
    /// Formulas that one edit evaluated at most.
    pub most_evaluated: u64,
}

/// Edits one after another: cells of a thousand rows with twenty formulas, or fields among a hundred.
pub async fn edits(browser: &Browser, rows: bool, count: usize) -> Edits {
    let script = format!(
        "const timed = new wasm_bindgen.Timed({rows}); const times = []; let evaluated = 0;
        for (let turn = 0; turn < {count}; turn++) {{
            const started = performance.now();
            const formulas = timed.edit(turn);
            times.push(performance.now() - started);
            evaluated = Math.max(evaluated, formulas);
        }}
        timed.free();
        times.sort((a, b) => a - b);
        const at = (part) => times[Math.floor(times.length * part)];
        return [at(0.5), at(0.95), evaluated];"
    );
    let told: Value = browser.script(&script).await;
    let number = |place: usize| told[place].as_f64().unwrap();
    Edits { p50: number(0), p95: number(1), most_evaluated: told[2].as_u64().unwrap() }
}
