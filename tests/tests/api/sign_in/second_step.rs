//! The second step of signing in.

use reqwest::Method;
use serde_json::{Value, json};
use tests::authenticator::Authenticator;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{faults, items};
use tests::{Client, Inside, on_both, on_both_shared};

/// Sets up a second step; gives the authenticator and the recovery codes.
async fn set_up(who: &Client) -> (Authenticator, Vec<String>) {
    let offer = who.post("/auth/second-factor", json!({})).await.ok();
    let picture = offer["picture"].as_str().unwrap();
    assert!(picture.starts_with("<svg ") && picture.len() > 2_000, "{picture}");
    let authenticator = Authenticator::scan(offer["uri"].as_str().unwrap());
    let wrong = who.post("/auth/second-factor/enable", json!({"code": "000000"})).await;
    assert_eq!(faults(&wrong.refused(422, "validation")), ["code: wrong_code"]);
    // Not asked for before it was shown to be there.
    assert_eq!(who.get("/auth/second-factor").await.ok()["enabled"], false);
    let code = json!({"code": authenticator.code(0)});
    let codes = who.post("/auth/second-factor/enable", code).await.ok();
    let codes = codes["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (authenticator, codes.collect())
}

#[tokio::test]
async fn who_has_a_second_step_needs_it_and_each_code_is_good_once() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let mut before = mei.stranger();
        before.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        let (authenticator, recovery) = set_up(&mei).await;
        assert_eq!(recovery.len(), 10);
        // Browsers that came without it are out; the one that set it up stays.
        before.get("/me").await.refused(401, "sign_in_required");
        mei.get("/me").await.ok();
        mei.post("/auth/second-factor", json!({})).await.refused(409, "second_factor_on");

        let mut browser = mei.stranger();
        browser.sign_in(&mei.email, ADMIN_PASSWORD).await.refused(401, "second_step_required");
        // Who does not know the password learns nothing of a second step.
        browser.sign_in(&mei.email, "wrong wrong wrong").await.refused(401, "wrong_credentials");
        browser.sign_in_with(&mei.email, ADMIN_PASSWORD, "123456").await.refused(401, "wrong_code");
        // The next one, which is taken a little early: that of now was used.
        let code = authenticator.code(1);
        browser.sign_in_with(&mei.email, ADMIN_PASSWORD, &code).await.ok();
        let mut thief = mei.stranger();
        thief.sign_in_with(&mei.email, ADMIN_PASSWORD, &code).await.refused(401, "wrong_code");
        // The one that enabled it was used, too.
        thief
            .sign_in_with(&mei.email, ADMIN_PASSWORD, &authenticator.code(0))
            .await
            .refused(401, "wrong_code");
        // A wrong password and three wrong codes are in the trail; a code that was still to come is no refusal.
        let trail = format!("/audit?object={}&action=session.refuse", mei.id);
        assert_eq!(items(&workspace.admin.get(&trail).await.ok()).len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_new_ones_replace_it() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let (_, recovery) = set_up(&mei).await;
        let mut browser = mei.stranger();
        browser.sign_in_with(&mei.email, ADMIN_PASSWORD, &recovery[0]).await.ok();
        browser.sign_in_with(&mei.email, ADMIN_PASSWORD, &recovery[0]).await.refused(401, "wrong_code");
        assert_eq!(mei.get("/auth/second-factor").await.ok()["recovery_codes_left"], 9);
        mei.post("/auth/second-factor/recovery-codes", json!({})).await.ok();
        browser.sign_in_with(&mei.email, ADMIN_PASSWORD, &recovery[1]).await.refused(401, "wrong_code");
        assert_eq!(mei.get("/auth/second-factor").await.ok()["recovery_codes_left"], 10);
    })
    .await;
}

#[tokio::test]
async fn codes_are_counted_for_the_account_from_wherever_they_come() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let (authenticator, _) = set_up(&admin).await;
        // One wrong code was tried while it was set up.
        for _ in 0..9 {
            let mut guesser = server.client();
            guesser.sign_in_with(ADMIN_EMAIL, ADMIN_PASSWORD, "123456").await.refused(401, "wrong_code");
        }
        let mut guesser = server.client();
        let slowed = guesser.sign_in_with(ADMIN_EMAIL, ADMIN_PASSWORD, &authenticator.code(1)).await;
        assert!(slowed.headers.contains_key("retry-after"));
        slowed.refused(429, "too_many_requests");
        admin.get("/me").await.ok();
    })
    .await;
}

#[tokio::test]
async fn who_lost_it_is_helped_by_an_administrator() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        set_up(&mei).await;
        let path = format!("/members/{}/second-factor", mei.id);
        mei.delete(&path, 1).await.refused(403, "forbidden");
        workspace.admin.delete(&path, 1).await.with_status(204);
        mei.get("/me").await.refused(401, "sign_in_required");
        let mut browser = mei.stranger();
        browser.sign_in(&mei.email, ADMIN_PASSWORD).await.ok();
        workspace.admin.delete(&path, 1).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_workspace_asks_it_of_administrators_or_of_everybody() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let made = mei.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(server.url(), made["token"].as_str().unwrap());
        let without = json!({"administrators": 1, "everybody": 2, "oneself": true});
        assert_eq!(
            admin.get("/auth/policy").await.ok(),
            json!({"second_factor": "nobody", "without": without})
        );
        assert_eq!(mei.get("/auth/policy").await.ok(), json!({"second_factor": "nobody"}));
        mei.put("/auth/policy", "*", json!({"second_factor": "nobody"})).await.refused(403, "forbidden");

        admin.put("/auth/policy", "*", json!({"second_factor": "administrators"})).await.ok();
        // From the next request on, and nothing but setting it up is open.
        admin.get("/apps").await.refused(403, "second_factor_required");
        admin.get("/members").await.refused(403, "second_factor_required");
        assert_eq!(admin.get("/me").await.ok()["must_set_up_second_factor"], true);
        mei.get("/apps").await.ok();
        set_up(&admin).await;
        assert_eq!(admin.get("/me").await.ok()["must_set_up_second_factor"], false);
        admin.get("/apps").await.ok();

        admin.put("/auth/policy", "*", json!({"second_factor": "everybody"})).await.ok();
        mei.get("/apps").await.refused(403, "second_factor_required");
        // A program has its token for it.
        robot.get("/apps").await.ok();
        set_up(&mei).await;
        mei.get("/apps").await.ok();
    })
    .await;
}

#[tokio::test]
async fn t57_a_program_changes_nothing_of_how_its_owner_signs_in() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let made = mei.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(mei.url(), made["token"].as_str().unwrap());
        robot.post("/auth/second-factor", json!({})).await.refused(403, "session_required");
        robot.delete("/auth/second-factor", 1).await.refused(403, "session_required");
        robot
            .post("/auth/confirm", json!({"password": ADMIN_PASSWORD}))
            .await
            .refused(403, "session_required");
        // Showing anew who one is takes what only they have.
        let wrong = mei.post("/auth/confirm", json!({"password": "wrong wrong wrong"})).await;
        assert_eq!(faults(&wrong.refused(422, "validation")), ["password: wrong_password"]);
        let wrong = mei.post("/auth/confirm", json!({"code": "123456"})).await;
        assert_eq!(faults(&wrong.refused(422, "validation")), ["code: wrong_code"]);
        mei.post("/auth/confirm", json!({"password": ADMIN_PASSWORD})).await.with_status(204);
    })
    .await;
}

/// Who has found a browser open changes nothing of how its owner signs in: what does asks who it is, unless they have just said so.
#[tokio::test]
async fn t57_what_changes_how_one_signs_in_asks_anew_who_one_is() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let me = format!("/members/{}", admin.get("/me").await.ok()["id"].as_str().unwrap());
        let hers = format!("/members/{}", mei.get("/me").await.ok()["id"].as_str().unwrap());
        let change = async |path: &str, body: Value| {
            admin.send(admin.request(Method::PATCH, path).header("if-match", "*").json(&body)).await
        };
        let policy = async || {
            let asked = json!({"second_factor": "nobody"});
            admin.send(admin.request(Method::PUT, "/auth/policy").header("if-match", "*").json(&asked)).await
        };
        let mut inside = Inside::of(server).await;
        inside.age_confirmations(6).await;
        mei.post("/auth/second-factor", json!({})).await.refused(403, "reauth_required");
        policy().await.refused(403, "reauth_required");
        // Nor by the way in which administrators change members: there nobody asks for the password that one has.
        change(&me, json!({"email": "thief@example.com"})).await.refused(403, "reauth_required");
        change(&me, json!({"password": "a sentence of a thief"})).await.refused(403, "reauth_required");
        let own = admin.request(Method::DELETE, &format!("{me}/second-factor")).header("if-match", "*");
        admin.send(own).await.refused(403, "reauth_required");
        // What is not about it goes on, and so does a new password with the one that one has.
        change(&me, json!({"title": "Head of all"})).await.ok();
        let own = json!({"password": {"current": ADMIN_PASSWORD, "new": "another good sentence"}});
        mei.send(mei.request(Method::PATCH, "/me").header("if-match", "*").json(&own)).await.ok();

        admin.post("/auth/confirm", json!({"password": ADMIN_PASSWORD})).await.with_status(204);
        policy().await.ok();
        change(&me, json!({"password": "another good sentence"})).await.ok();
        // A program sets nobody's, and takes no second step away.
        let token = admin.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(admin.url(), token["token"].as_str().unwrap());
        for path in [&me, &hers] {
            let body = json!({"password": "a sentence of a robot"});
            let asked = robot.request(Method::PATCH, path).header("if-match", "*").json(&body);
            robot.send(asked).await.refused(403, "session_required");
            let remove = robot.request(Method::DELETE, &format!("{path}/second-factor"));
            robot.send(remove.header("if-match", "*")).await.refused(403, "session_required");
        }
    })
    .await;
}

/// By another address, to which a forgotten password goes, or by one more administrator a token would come to a session, and to all that
/// no token does. People without that right are made by programs all the same.
#[tokio::test]
async fn a_program_changes_nobodys_address_and_makes_no_administrator() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let me = format!("/members/{}", admin.get("/me").await.ok()["id"].as_str().unwrap());
        let hers = format!("/members/{}", mei.get("/me").await.ok()["id"].as_str().unwrap());
        let token = admin.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(admin.url(), token["token"].as_str().unwrap());
        let change = async |who: &Client, path: &str, body: Value| {
            who.send(who.request(Method::PATCH, path).header("if-match", "*").json(&body)).await
        };
        for path in [&me, &hers] {
            change(&robot, path, json!({"email": "thief@example.com"}))
                .await
                .refused(403, "session_required");
        }
        change(&robot, &hers, json!({"administrator": true})).await.refused(403, "session_required");
        let thief = json!({"email": "thief@example.com", "name": "thief", "password": ADMIN_PASSWORD});
        let mut power = thief.clone();
        power["administrator"] = json!(true);
        robot.post("/members", power.clone()).await.refused(403, "session_required");
        let known = mei.get("/me").await.ok();
        assert_eq!((&known["email"], &known["administrator"]), (&json!("mei@example.com"), &json!(false)));

        change(&robot, &hers, json!({"title": "Head of all"})).await.ok();
        robot.post("/members", thief).await.created();
        // Whoever administers does both in a session of theirs.
        change(&admin, &hers, json!({"email": "mei.li@example.com", "administrator": true})).await.ok();
        power["email"] = json!("zoe@example.com");
        admin.post("/members", power).await.created();
    })
    .await;
}
