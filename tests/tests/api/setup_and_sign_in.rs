//! The first administrator, signing in and out, tokens, and what every answer carries.

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Database, Server, on_both, on_both_shared, together};

#[tokio::test]
async fn t50_the_set_up_code_makes_one_administrator_and_no_other() {
    on_both(async |server| {
        let nobody = server.client();
        let state = nobody.get("/setup").await.ok();
        assert_eq!((&state["needed"], &state["password"]["min_length"]), (&json!(true), &json!(10)));
        let code = server.set_up_code().await;
        let asked = |code: &str, password: &str| {
            json!({"code": code, "email": ADMIN_EMAIL, "name": "Ada", "password": password})
        };

        nobody.post("/setup", asked("0000-0000", ADMIN_PASSWORD)).await.refused(403, "wrong_setup_code");
        let weak = nobody.post("/setup", asked(&code, "short")).await.refused(422, "validation");
        assert_eq!(faults(&weak), ["password: too_short"]);
        assert_eq!(nobody.get("/setup").await.ok()["needed"], true, "a refusal makes nobody");

        // As it is typed from a console: in capitals, with blanks in it and around it.
        let typed = format!("  {} ", code.to_uppercase().replace('-', " - "));
        let me = nobody.post("/setup", asked(&typed, ADMIN_PASSWORD)).await.created();
        assert_eq!((me["email"].as_str(), me["administrator"].as_bool()), (Some(ADMIN_EMAIL), Some(true)));
        assert_eq!(nobody.get("/setup").await.ok()["needed"], false);
        nobody.post("/setup", asked(&code, ADMIN_PASSWORD)).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn two_who_set_up_at_once_make_one_administrator() {
    on_both(async |server| {
        let code = server.set_up_code().await;
        let asked = |n: u32| {
            json!({"code": code, "email": format!("a{n}@example.com"), "name": "A", "password": ADMIN_PASSWORD})
        };
        let nobody = server.client();
        let answers = together((0..3).map(|n| nobody.post("/setup", asked(n)))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1);
        for lost in answers.into_iter().filter(|answer| answer.status != 201) {
            assert!([403, 404].contains(&lost.status), "{} {}", lost.status, lost.body);
        }
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down_and_tells_nothing() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mut guesser = server.client();
        let mut sentences = Vec::new();
        for (email, password) in [(ADMIN_EMAIL, "wrong wrong wrong"), ("nobody@example.com", ADMIN_PASSWORD)]
        {
            let refused = guesser.sign_in(email, password).await.refused(401, "wrong_credentials");
            sentences.push(refused["detail"].clone());
        }
        assert_eq!(sentences[0], sentences[1], "whether somebody is known is not to be learned");

        for _ in 0..4 {
            guesser.sign_in(ADMIN_EMAIL, "wrong wrong wrong").await.refused(401, "wrong_credentials");
        }
        let slowed = guesser.sign_in(ADMIN_EMAIL, "wrong wrong wrong").await;
        let wait: u32 = slowed.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&wait), "{wait}");
        slowed.refused(429, "too_many_requests");
        // Nor is there a way around it for who found a session open.
        let change = json!({"password": {"current": "wrong wrong wrong", "new": "another good sentence"}});
        admin.patch("/me", 1, change).await.refused(429, "too_many_requests");
        // The right password does not help the one who guesses.
        guesser.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await.refused(429, "too_many_requests");
    })
    .await;
}

#[tokio::test]
async fn c16_a_session_lives_in_a_cookie_that_scripts_and_other_sites_cannot_use() {
    on_both_shared(async |workspace| {
        let person = workspace.person("mei").await;
        let mut browser = workspace.admin.stranger();
        let answer = browser.sign_in(&person.email, ADMIN_PASSWORD).await;
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("sid="), "{cookie}");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        let me = browser.get("/me").await.ok();
        assert_eq!(me["email"], person.email.as_str());

        let answer = browser.post("/auth/logout", json!({})).await;
        assert!(answer.headers[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
        answer.with_status(204);
        browser.get("/me").await.refused(401, "sign_in_required");
        // The other browser of the same person stays signed in.
        person.get("/me").await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    on_both_shared(async |workspace| {
        let person = workspace.person("mei").await;
        let rename = json!({"name": "Renamed by another site"});
        let cross = person.request(Method::PATCH, "/me").json(&rename);
        let mut cross = cross.build().unwrap();
        for (site, origin) in [
            ("cross-site", "https://evil.example"),
            ("same-site", "http://127.0.0.1:1"),
            ("cross-site", person.url()),
        ] {
            cross.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
            cross.headers_mut().insert("origin", origin.parse().unwrap());
            person.execute(cross.try_clone().unwrap()).await.refused(403, "cross_site");
        }
        // A browser that says nothing of its own is judged by the origin.
        cross.headers_mut().remove("sec-fetch-site");
        cross.headers_mut().insert("origin", "null".parse().unwrap());
        person.execute(cross.try_clone().unwrap()).await.refused(403, "cross_site");
        assert_eq!(person.get("/me").await.ok()["name"], "mei");
        cross.headers_mut().insert("origin", person.url().parse().unwrap());
        person.execute(cross).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let made = admin.post("/tokens", json!({"name": "reader", "scopes": ["read"]})).await.created();
        let secret = made["token"].as_str().unwrap();
        assert!(secret.starts_with("fwk_"), "{secret}");
        let reader = Client::with_token(admin.url(), secret);
        reader.get("/apps").await.ok();
        reader.get("/me").await.ok();
        reader.post("/apps", json!({"label": "X"})).await.refused(403, "scope_too_narrow");
        reader
            .post("/members", json!({"email": "x@y.z", "name": "X"}))
            .await
            .refused(403, "scope_too_narrow");
        // Tokens are a matter between their owner and the browser.
        reader.post("/tokens", json!({"name": "next"})).await.refused(403, "session_required");
        reader.get("/tokens").await.refused(403, "session_required");
        let own = format!("/tokens/{}", id_of(&made));
        reader.delete(&own, 1).await.refused(403, "session_required");

        // The token itself is shown once.
        let list = admin.get("/tokens").await.ok();
        let kept = items(&list).iter().find(|token| token["id"] == made["id"]).unwrap();
        assert_eq!((&kept["token"], &kept["scopes"]), (&json!(null), &json!(["read"])));

        // It is nobody else's to see or to end.
        let other = workspace.person("mei").await;
        assert!(items(&other.get("/tokens").await.ok()).is_empty());
        let path = format!("/tokens/{}", id_of(&made));
        other.delete(&path, 1).await.refused(404, "not_found");
        admin.delete(&path, 1).await.with_status(204);
        reader.get("/apps").await.refused(401, "sign_in_required");
    })
    .await;
}

#[tokio::test]
async fn t52_a_token_never_reaches_further_than_its_owner() {
    on_both_shared(async |workspace| {
        let person = workspace.person("mei").await;
        let made = person.post("/tokens", json!({"name": "all of mine"})).await.created();
        let token = Client::with_token(person.url(), made["token"].as_str().unwrap());
        token.get("/me").await.ok();
        token.post("/members", json!({"email": "x@y.z", "name": "X"})).await.refused(403, "forbidden");
        workspace.admin.delete(&format!("/members/{}", person.id), 1).await.ok();
        token.get("/me").await.refused(401, "sign_in_required");
        person.get("/me").await.refused(401, "sign_in_required");
        // A made-up token is no token, and neither is a token in a cookie.
        Client::with_token(person.url(), "fwk_0000").get("/me").await.refused(401, "sign_in_required");
    })
    .await;
}

#[tokio::test]
async fn t22_every_answer_carries_the_security_headers() {
    on_both_shared(async |workspace| {
        let http = reqwest::Client::new();
        let url = workspace.admin.url();
        for path in
            ["/", "/sign-in", "/live", "/api/v1/me", "/api/v1/setup", "/api/v1/nothing", "/assets/nothing.js"]
        {
            let answer = http.get(format!("{url}{path}")).send().await.unwrap();
            let header = |name: &str| answer.headers().get(name).map_or("", |value| value.to_str().unwrap());
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
            let policy = header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{path}: {policy}"
            );
            assert!(!header("x-request-id").is_empty(), "{path}");
            if path.starts_with("/api") {
                assert_eq!(header("cache-control"), "no-store", "{path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn c20_only_hosts_of_ours_are_answered() {
    on_both_shared(async |workspace| {
        let client = workspace.admin.stranger();
        let asked = |host: &'static str| client.request(Method::GET, "/setup").header("host", host);
        client.send(asked("evil.example")).await.refused(421, "misdirected");
        client.send(asked("localhost:8080")).await.ok();
        for (first, second) in [("localhost", "evil.example"), ("evil.example", "localhost")] {
            client.send(asked(first).header("host", second)).await.refused(421, "misdirected");
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_is_json_of_a_moderate_size() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let post = || admin.request(Method::POST, "/apps");
        let text = post().header("content-type", "text/plain").body(r#"{"label":"X"}"#);
        admin.send(text).await.refused(415, "unsupported_media_type");
        let form = post().header("content-type", "application/x-www-form-urlencoded").body("label=X");
        admin.send(form).await.refused(415, "unsupported_media_type");

        let label = "x".repeat(1 << 20);
        admin.send(post().json(&json!({"label": label}))).await.refused(413, "too_large");
        let with_key = post().header("idempotency-key", "large").json(&json!({"label": label}));
        admin.send(with_key).await.refused(413, "too_large");

        let broken = post().header("content-type", "application/json").body(r#"{"label": "#);
        admin.send(broken).await.refused(400, "malformed_json");
        admin
            .send(admin.request(Method::PUT, "/apps").json(&json!({})))
            .await
            .refused(405, "method_not_allowed");
    })
    .await;
}

#[tokio::test]
async fn problems_speak_the_language_of_the_reader() {
    on_both_shared(async |workspace| {
        let mut sentences = Vec::new();
        for language in ["zh-CN", "zh-TW", "en"] {
            let answer = workspace.admin.stranger().speaking(language).get("/me").await;
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            assert_eq!(answer.headers["content-language"], language);
            let problem = answer.refused(401, "sign_in_required");
            for member in ["type", "title", "detail", "request_id"] {
                assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
            }
            assert_eq!(problem["status"], 401);
            sentences.push(problem["detail"].as_str().unwrap().to_owned());
        }
        assert_ne!(sentences[0], sentences[2]);
    })
    .await;
}

#[tokio::test]
async fn behind_https_the_cookie_belongs_to_the_host_alone() {
    let server = Server::start_with(Database::Sqlite, &["--base-url", "https://forms.example.com"]).await;
    let nobody = server.client();
    let code = server.set_up_code().await;
    let asked = json!({"code": code, "email": ADMIN_EMAIL, "name": "Ada", "password": ADMIN_PASSWORD});
    let answer = nobody.post("/setup", asked).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-sid=") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.headers.contains_key("strict-transport-security"));
    server.close().await;
}

#[tokio::test]
async fn passwords_guessed_at_once_are_as_few_as_one_after_another() {
    // A server of its own: failures count for everybody who comes from the same address.
    on_both(async |server| {
        let admin = server.set_up().await;
        let guess = |n: usize| {
            let stranger = admin.stranger();
            async move {
                let body = json!({"email": ADMIN_EMAIL, "password": format!("wrong password {n}")});
                stranger.post("/auth/login", body).await.status
            }
        };
        let answers = together((0..16).map(guess)).await;
        let tried = answers.iter().filter(|status| **status == 401).count();
        assert_eq!(tried, 5, "{answers:?}");
        assert!(answers.iter().all(|status| [401, 429].contains(status)), "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_tokens_too() {
    on_both_shared(async |workspace| {
        let person = workspace.person("mei").await;
        let token = async || {
            let made = person.post("/tokens", json!({"name": "robot"})).await.created();
            Client::with_token(person.url(), made["token"].as_str().unwrap())
        };
        let first = token().await;
        first.get("/me").await.ok();
        let change = json!({"password": {"current": ADMIN_PASSWORD, "new": "another good password"}});
        person.patch("/me", 1, change).await.ok();
        first.get("/me").await.refused(401, "sign_in_required");
        // The browser that changed it stays signed in.
        let second = token().await;
        let reset = json!({"password": "set by somebody else"});
        workspace.admin.patch(&format!("/members/{}", person.id), 2, reset).await.ok();
        second.get("/me").await.refused(401, "sign_in_required");
        person.get("/me").await.refused(401, "sign_in_required");
    })
    .await;
}
