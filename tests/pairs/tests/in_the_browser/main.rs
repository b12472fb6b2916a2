//! One rule set: what the engine makes of random forms and records is the same in the browser, byte for byte. And how long
//! an edit takes there.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod page;

use tests::dice::{cases, seed_of_this_run};

use page::{edits, open};

/// Pairs that are compared for each case: two thousand usually, a hundred thousand in a long run.
const PAIRS_OF_A_CASE: usize = 50;
const USUAL_CASES: usize = 40;

/// Pairs that the page tells of at once.
const AT_ONCE: usize = 250;

/// Edits that are timed.
const EDITS: usize = 400;

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

/// `cargo xtask bench --wasm` has the figures. A clock on a machine that does other things too is no measure: it only finds
/// what is ten times too slow. What is counted is one wherever it runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_in_the_browser_is_quick() {
    const GUARD: f64 = 10.0;
    let browser = open().await;
    let rows = edits(&browser, true, EDITS).await;
    let fields = edits(&browser, false, EDITS).await;
    println!("one cell of 1,000 rows with 20 formulas: {rows:?}; one of 100 fields: {fields:?}");
    assert!(rows.p95 < 10.0 * GUARD && fields.p95 < 4.0 * GUARD, "{rows:?}, {fields:?}");
    assert!(rows.p50 <= rows.p95 && fields.p50 <= fields.p95, "{rows:?}, {fields:?}");
    // Of 12,000 formulas in the rows, what depends on the cell.
    assert!((1..=9).contains(&rows.most_evaluated), "{rows:?}");
    assert!((1..=4).contains(&fields.most_evaluated), "{fields:?}");
    browser.close().await;
}
