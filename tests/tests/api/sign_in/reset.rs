//! Choosing a new password by a letter, or by a link that an administrator hands over.

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::{faults, id_of};
use tests::{Client, Database, Inside, MailCatcher, Server};

const BASE: &str = "https://forms.example.com";

async fn server(database: Database, mail: &MailCatcher) -> Server {
    let options =
        ["--base-url", BASE, "--smtp", mail.url(), "--mail-from", "Formwork <formwork@example.com>"];
    Server::start_with(database, &options).await
}

fn token_in(text: &str) -> String {
    let link =
        text.split(&format!("{BASE}/new-password#")).nth(1).unwrap_or_else(|| panic!("no link in {text}"));
    link.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn t47_t48_a_forgotten_password_is_replaced_by_a_link_that_is_good_once() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let server = server(database, &mail).await;
        let admin = server.set_up().await;
        let made = admin.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(server.url(), made["token"].as_str().unwrap());
        let nobody = server.client();
        assert_eq!(nobody.get("/auth/ways").await.ok(), json!({"reset": true, "provider": null}));

        // Somebody unknown gets the same answer, and no letter.
        let unknown = nobody.post("/auth/reset", json!({"email": "nobody@example.com"})).await;
        let forged = nobody
            .request(reqwest::Method::POST, "/auth/reset")
            .header("x-forwarded-host", "evil.example")
            .json(&json!({"email": ADMIN_EMAIL}));
        let known = nobody.send(forged).await;
        assert_eq!((unknown.status, &unknown.bytes), (204, &known.bytes));
        assert_eq!(known.status, 204);
        let letter = mail.wait_for(1).await;
        assert_eq!(letter.to, [ADMIN_EMAIL]);
        assert!(!letter.text.contains("evil.example"), "{}", letter.text);
        let token = token_in(&letter.text);

        let weak = json!({"token": token, "password": "password1234"});
        let refused = nobody.post("/auth/reset/redeem", weak).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["password: too_common"]);
        let good = json!({"token": token, "password": "another good sentence"});
        // What the workspace asks of a password holds here, too.
        let asked = |least: u32| json!({"password": {"min_length": least}});
        admin.patch("/workspace", 1, asked(30)).await.ok();
        let refused = nobody.post("/auth/reset/redeem", good.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["password: too_short"]);
        admin.patch("/workspace", 1, asked(10)).await.ok();
        nobody.post("/auth/reset/redeem", good.clone()).await.with_status(204);
        nobody.post("/auth/reset/redeem", good).await.refused(410, "link_expired");
        let made_up = json!({"token": "made up", "password": "another good sentence"});
        nobody.post("/auth/reset/redeem", made_up).await.refused(410, "link_expired");

        // Whoever was in by the old password is out.
        admin.get("/me").await.refused(401, "sign_in_required");
        robot.get("/me").await.refused(401, "sign_in_required");
        let mut browser = server.client();
        browser.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await.refused(401, "wrong_credentials");
        browser.sign_in(ADMIN_EMAIL, "another good sentence").await.ok();
        assert_eq!(mail.letters().len(), 1);
        server.close().await;
    }
}

#[tokio::test]
async fn a_link_of_a_letter_is_good_for_half_an_hour() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let server = server(database, &mail).await;
        server.set_up().await;
        let nobody = server.client();
        let mut inside = Inside::of(&server).await;
        for (place, (minutes, is_good)) in [(31, false), (29, true)].into_iter().enumerate() {
            nobody.post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.with_status(204);
            let letter = mail.wait_for(place + 1).await;
            inside.age_links(minutes).await;
            let redeem = json!({"token": token_in(&letter.text), "password": "another good sentence"});
            let answer = nobody.post("/auth/reset/redeem", redeem).await;
            if is_good {
                answer.with_status(204);
            } else {
                answer.refused(410, "link_expired");
            }
        }
        server.close().await;
    }
}

#[tokio::test]
async fn t24_letters_are_few_and_a_newer_link_does_not_outlive_a_change() {
    let mail = MailCatcher::start().await;
    let server = server(Database::Sqlite, &mail).await;
    server.set_up().await;
    let nobody = server.client();
    for _ in 0..3 {
        nobody.post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.with_status(204);
    }
    nobody.post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.refused(429, "too_many_requests");
    mail.wait_for(3).await;
    let tokens: Vec<String> = mail.letters().iter().map(|letter| token_in(&letter.text)).collect();
    let redeem = |token: &str| json!({"token": token, "password": "another good sentence"});
    nobody.post("/auth/reset/redeem", redeem(&tokens[0])).await.with_status(204);
    for token in &tokens[1..] {
        nobody.post("/auth/reset/redeem", redeem(token)).await.refused(410, "link_expired");
    }
    server.close().await;
}

#[tokio::test]
async fn without_a_mail_server_no_letter_is_promised() {
    let server = Server::start(Database::Sqlite).await;
    server.set_up().await;
    let nobody = server.client();
    assert_eq!(nobody.get("/auth/ways").await.ok(), json!({"reset": false, "provider": null}));
    nobody.post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.refused(404, "not_found");
    server.close().await;
}

/// Where no letters are sent, whoever administers hands a link over.
#[tokio::test]
async fn an_administrator_hands_over_a_link_for_a_new_password() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::start(database).await;
        let admin = server.set_up().await;
        let member = json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD});
        let mei = id_of(&admin.post("/members", member).await.created());
        let link_of = |id: &str| format!("/members/{id}/password-link");
        let mut old = server.client();
        old.sign_in("mei@example.com", ADMIN_PASSWORD).await.ok();
        old.post(&link_of(&mei), json!({})).await.refused(403, "forbidden");
        let made = admin.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(server.url(), made["token"].as_str().unwrap());
        robot.post(&link_of(&mei), json!({})).await.refused(403, "session_required");

        let first = admin.post(&link_of(&mei), json!({})).await.created();
        let second = admin.post(&link_of(&mei), json!({})).await.created();
        let url = second["url"].as_str().unwrap();
        assert!(url.ends_with(&format!("/new-password#{}", second["token"].as_str().unwrap())), "{url}");
        old.get("/me").await.ok();
        let nobody = server.client();
        let redeem = |link: &Value| json!({"token": link["token"], "password": "another good sentence"});
        nobody.post("/auth/reset/redeem", redeem(&first)).await.refused(410, "link_expired");
        nobody.post("/auth/reset/redeem", redeem(&second)).await.with_status(204);
        nobody.post("/auth/reset/redeem", redeem(&second)).await.refused(410, "link_expired");
        old.get("/me").await.refused(401, "sign_in_required");
        server.client().sign_in("mei@example.com", "another good sentence").await.ok();
        let noted = admin.get("/audit?action=password.link").await.ok();
        assert_eq!(
            (&noted["items"][0]["who_name"], &noted["items"][0]["object"]["label"]),
            (&json!("Ada"), &json!("Mei"))
        );

        // It ends at its time, and is for nobody who may not sign in.
        let late = admin.post(&link_of(&mei), json!({})).await.created();
        Inside::of(&server).await.age_links(31).await;
        nobody.post("/auth/reset/redeem", redeem(&late)).await.refused(410, "link_expired");
        let lin = json!({"email": "lin@example.com", "name": "Lin"});
        let lin = id_of(&admin.post("/members", lin).await.created());
        admin.post(&link_of(&lin), json!({})).await.refused(409, "has_not_joined");
        admin.patch(&format!("/members/{lin}"), 1, json!({"state": "disabled"})).await.ok();
        admin.post(&link_of(&lin), json!({})).await.refused(409, "member_disabled");
        server.close().await;
    }
}

#[tokio::test]
async fn k16_a_letter_waits_until_the_mail_server_is_back() {
    // An address at which nobody listens yet.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let smtp = format!("smtp://{address}");
    let options = ["--base-url", BASE, "--smtp", &smtp, "--mail-from", "formwork@example.com"];
    let server = Server::start_with(Database::Sqlite, &options).await;
    server.set_up().await;
    server.client().post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.with_status(204);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let mail = MailCatcher::start_at(address).await;
    let letter = mail.wait_for(1).await;
    assert_eq!(letter.to, [ADMIN_EMAIL]);
    server.close().await;
}
