//! Saves that compute as much as they may, many at once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tests::design::{form, number, text};
use tests::{Client, Form, Workspace, on_both, together};

/// Who sends one after the other.
const HEAVY: usize = 12;
/// What somebody else saves and reads meanwhile, so often.
const ROUNDS: usize = 6;

/// Ten thousand operations for each of these terms; a formula has fifty thousand.
const TERM: &str = "SUM(SEQUENCE(5000))";

/// A form of which one save computes nearly all that one formula may.
async fn heavy_form(workspace: &Workspace) -> Form {
    let sums = [TERM; 4].join(" + ");
    let fields = [number("n", 0), number("much", 0).computed(&format!("n + {sums}"))];
    workspace.form(form("heavy", fields)).await
}

/// Saves until it is over, and counts what was answered.
async fn save_on(form: &Form, who: &Client, answered: &AtomicUsize, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let answer = form.create(who, json!({"n": 1})).await;
        match answer.status {
            201 => assert_eq!(answer.body["fields"]["much"], "50010001", "{}", answer.body),
            // They may be sent away for a while.
            other => assert_eq!(other, 503, "{}", answer.body),
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
}

/// The clock is no measure beside other tests, so what comes between is counted. A save waits for its turn: each of the heavy ones
/// that were there before it is answered once meanwhile, and once more where it shares the commit; none is let past it again
/// and again. A page waits for none of them. How long others wait behind a thousand is a row of `cargo xtask bench --suite load`.
#[tokio::test]
async fn t28_heavy_saves_are_not_let_past_others_and_hold_up_no_page() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let heavy = heavy_form(&workspace).await;
        let light = workspace.form(form("note", [text("name")])).await;
        light.add(json!({"name": "first"})).await;
        let clients: Vec<Client> = (0..HEAVY).map(|_| workspace.admin.reconnected()).collect();
        let somebody = workspace.admin.reconnected();
        let (answered, over) = (AtomicUsize::new(0), AtomicBool::new(false));
        let saving = together(clients.iter().map(|who| save_on(&heavy, who, &answered, &over)));
        let others = async {
            let so_far = || answered.load(Ordering::Relaxed);
            while so_far() < HEAVY {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let (mut before_saves, mut before_pages) = (Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                let before = so_far();
                light.create(&somebody, json!({"name": format!("note {round}")})).await.created();
                before_saves.push(so_far() - before);
                let before = so_far();
                light.query(&somebody, json!({"limit": 1})).await.ok();
                before_pages.push(so_far() - before);
            }
            over.store(true, Ordering::Relaxed);
            (before_saves, before_pages)
        };
        let (_, (before_saves, before_pages)) = tokio::join!(saving, others);
        // The least of all rounds: other tests of this run may hold up the one who counts, and not each time.
        let is_within = |counts: &[usize], most: usize| counts.iter().any(|count| *count <= most);
        assert!(is_within(&before_saves, 3 * HEAVY), "before a save: {before_saves:?}");
        assert!(is_within(&before_pages, HEAVY), "before a page: {before_pages:?}");
    })
    .await;
}
