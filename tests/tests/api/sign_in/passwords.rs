//! Passwords that are no good, and guessing them.

use serde_json::json;
use tests::workspace::faults;
use tests::{on_both, on_both_shared, together};

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
