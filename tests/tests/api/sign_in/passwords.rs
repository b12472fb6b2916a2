//! Passwords that are no good, and guessing them.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::server::ADMIN_EMAIL;
use tests::workspace::faults;
use tests::{Client, Database, Server, on_both, on_both_shared, together};

#[tokio::test]
async fn a_password_that_many_have_is_refused_wherever_it_is_set() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei.zhang").await;
        for common in ["password1234", "Qwertyuiop", "1234567890", "P@ssw0rd2026!", "aaaaaaaaaaaa"] {
            let member = json!({"email": "weak@example.com", "name": "Weak", "password": common});
            let refused = workspace.admin.post("/members", member).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["password: too_common"], "{common}");
        }
        // What everybody knows of somebody is no secret of theirs.
        let own = json!({"password": {"current": tests::server::ADMIN_PASSWORD, "new": "mei.zhang2026!"}});
        let refused = mei.patch("/me", 1, own).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["password: too_common"]);
    })
    .await;
}

#[tokio::test]
async fn t45_guesses_at_one_account_do_not_keep_others_out() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let member = json!({"email": "mei@example.com", "name": "Mei", "password": "a long enough password"});
        admin.post("/members", member).await.created();
        let guess = |n: usize| {
            let stranger = admin.stranger();
            async move {
                let body = json!({"email": "admin@example.com", "password": format!("wrong password {n}")});
                stranger.post("/auth/login", body).await.status
            }
        };
        let answers = together((0..10).map(guess)).await;
        assert!(answers.contains(&429), "{answers:?}");
        // Another account from the same place, and whoever is signed in already.
        let mut mei = server.client();
        mei.sign_in("mei@example.com", "a long enough password").await.ok();
        admin.get("/me").await.ok();
    })
    .await;
}

/// Tries of each, one after the other in turn, so that what else the machine does meets both.
const TRIES: usize = 100;
/// What the clock and other programs make of a middle value.
const BLUR: Duration = Duration::from_millis(1);

/// A wrong password from an address that nobody has guessed from: what is told of it, and how long that took.
async fn guess(nobody: &Client, email: &str, place: usize) -> (u16, Value, Duration) {
    let body = json!({"email": email, "password": "wrong wrong wrong"});
    let from = format!("10.{}.{}.{}", place >> 16, (place >> 8) & 255, place & 255);
    let request = nobody.request(Method::POST, "/auth/login").header("x-forwarded-for", from).json(&body);
    let asked = Instant::now();
    let answer = nobody.send(request).await;
    let took = asked.elapsed();
    let mut told = answer.body;
    // Each request has its own.
    told.as_object_mut().unwrap().remove("request_id");
    (answer.status, told, took)
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

#[tokio::test]
async fn t46_neither_the_answer_nor_its_time_says_who_is_known() {
    let server = Server::start_with(Database::Sqlite, &["--trusted-proxies", "127.0.0.1"]).await;
    let admin = server.set_up().await;
    // Somebody who has no password yet, and somebody who may come in no more.
    admin.post("/members", json!({"email": "invited@example.com", "name": "Lin"})).await.created();
    let member = json!({"email": "gone@example.com", "name": "Tom", "password": "a long enough password"});
    let gone = admin.post("/members", member).await.created();
    admin.delete(&format!("/members/{}", gone["id"].as_str().unwrap()), 1).await.with_status(204);
    let nobody = server.client();
    let names = ["nobody@example.com", ADMIN_EMAIL, "invited@example.com", "gone@example.com"];
    let (mut place, mut found) = (0, Vec::new());
    // A machine that others use too may be restless once; what tells who is known does so each time.
    for _ in 0..3 {
        let mut took = vec![Vec::new(); names.len()];
        let mut first = None;
        for _ in 0..TRIES {
            for (name, took) in names.iter().zip(&mut took) {
                place += 1;
                let (status, told, time) = guess(&nobody, name, place).await;
                took.push(time);
                let first = first.get_or_insert_with(|| (status, told.clone()));
                assert_eq!((status, told), *first, "{name}");
            }
        }
        let took: Vec<Duration> = took.into_iter().map(median).collect();
        let apart = |time: &Duration| time.abs_diff(took[0]) > took[0] / 10 + BLUR;
        let is_even = !took.iter().any(apart);
        found.push(took);
        if is_even {
            server.close().await;
            return;
        }
    }
    panic!("the times of {names:?} are {found:?}");
}
