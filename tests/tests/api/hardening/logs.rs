//! What the server writes into its log.

use std::fs;
use std::process::Stdio;

use serde_json::json;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, binary};
use tests::{Client, MailCatcher, Sender};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const APP_SECRET: &str = "a secret that an app sends";
const NEW_PASSWORD: &str = "a sentence that nobody guesses";
const TOLD: &str = "what a patient told nobody else";
const WRONG_PASSWORD: &str = "this was typed into the wrong box";

/// Everything that the product and its libraries could say is asked for, and none of it is a secret.
#[tokio::test]
async fn c19_no_secret_is_in_the_log_however_much_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log.txt"));
    let mail = MailCatcher::start().await;
    let mut process = Command::new(binary())
        .args(["serve", "--listen", "127.0.0.1:0", "--disk-reserve", "0", "--data"])
        .arg(&data)
        .args([
            "--base-url",
            "https://forms.example.com",
            "--smtp",
            mail.url(),
            "--mail-from",
            "formwork@example.com",
        ])
        .env("FORMWORK_LOG", "trace")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::create(&log).unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let (mut url, mut code) = (String::new(), String::new());
    while code.is_empty() {
        let line = lines.next_line().await.unwrap().expect("the server says where it listens");
        if let Some(start) = line.find("http://127.0.0.1:") {
            line[start..].trim_end_matches('/').clone_into(&mut url);
        } else if line.starts_with("Set-up code") {
            line.split_whitespace().last().unwrap().clone_into(&mut code);
        }
    }

    let nobody = Client::new(&url);
    let administrator =
        json!({"code": code, "email": ADMIN_EMAIL, "name": "Ada", "password": ADMIN_PASSWORD});
    nobody.post("/setup", administrator).await.created();
    let mut admin = Client::new(&url);
    let signed_in = admin.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().to_owned();
    let session = cookie.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
    nobody.clone().sign_in(ADMIN_EMAIL, WRONG_PASSWORD).await.refused(401, "wrong_credentials");
    let token = admin.post("/tokens", json!({"name": "robot"})).await.created();
    let token = token["token"].as_str().unwrap().to_owned();
    Client::with_token(&url, &token).get("/me").await.ok();
    let app = admin.post("/apps", json!({"label": "Sales"})).await.created();
    let path = format!("/apps/{}/secrets", app["id"].as_str().unwrap());
    let kept = json!({"name": "erp", "purpose": "bearer", "hosts": ["erp.example.com"], "value": APP_SECRET});
    admin.post(&path, kept).await.created();
    let made = json!({"name": "signer", "purpose": "sign", "hosts": ["erp.example.com"]});
    let made = admin.post(&path, made).await.created()["value"].as_str().unwrap().to_owned();
    // What people enter is none of the log's business either, saved or refused, and whatever is asked about it.
    let design = json!({"key": "visit", "label": "Visit", "fields": [
        {"key": "note", "label": "Note", "kind": "text"}, {"key": "days", "label": "Days", "kind": "number"}]});
    let forms = format!("/apps/{}/forms", app["id"].as_str().unwrap());
    let form = admin.post(&forms, design).await.created();
    let records = format!("/forms/{}/records", form["id"].as_str().unwrap());
    admin.post(&records, json!({"fields": {"note": TOLD}})).await.created();
    admin.post(&records, json!({"fields": {"note": TOLD, "days": TOLD}})).await.refused(422, "validation");
    let asked = json!({"filter": {"field": "note", "op": "contains", "value": TOLD}});
    let found = admin.post(&format!("{records}/query"), asked).await.ok();
    assert_eq!(found["items"][0]["fields"]["note"], TOLD, "{found}");
    // The address is all that it takes to fill in a form, and the half of what it takes to send a message.
    let below = |rest: &str| format!("/forms/{}/{rest}", form["id"].as_str().unwrap());
    let public = admin.post(&below("links"), json!({"name": "Box"})).await.created();
    let public = public["token"].as_str().unwrap().to_owned();
    nobody.get(&format!("/public/{public}")).await.ok();
    reqwest::get(format!("{url}/f/{public}")).await.unwrap();
    let hook = json!({"name": "Shop", "map": [{"from": "/note", "to": "note"}]});
    let shop = Sender::of(&nobody, &admin.post(&below("hooks"), hook).await.created());
    shop.send(json!({"note": TOLD})).await.ok();
    let member = json!({"email": "lin@example.com", "name": "Lin"});
    let member = admin.post("/members", member).await.created();
    let invite = format!("/members/{}/invitation", member["id"].as_str().unwrap());
    let invitation = admin.post(&invite, json!({})).await.created()["token"].as_str().unwrap().to_owned();
    let accept = json!({"token": invitation, "password": NEW_PASSWORD});
    nobody.post("/auth/invitation/accept", accept).await.ok();
    let offer = admin.post("/auth/second-factor", json!({})).await.ok();
    nobody.post("/auth/reset", json!({"email": ADMIN_EMAIL})).await.with_status(204);
    let letter = mail.wait_for(1).await;
    let link = letter
        .text
        .split("/new-password#")
        .nth(1)
        .unwrap_or_else(|| panic!("no link in {}", letter.text))
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    nobody.post("/auth/reset/redeem", json!({"token": "made up", "password": NEW_PASSWORD})).await;
    process.kill().await.unwrap();

    let told = fs::read_to_string(&log).unwrap();
    // The requests with the secrets are in it, the last one too.
    for path in
        ["/api/v1/setup", "/api/v1/auth/invitation/accept", "/api/v1/auth/reset/redeem", "/api/v1/hooks/…"]
    {
        assert!(told.contains(&format!("uri={path} ")), "{path} is not logged: {told}");
    }
    let key = fs::read_to_string(data.join(tests::server::KEY_FILE)).unwrap();
    let seed = offer["secret"].as_str().unwrap_or_else(|| panic!("no secret in {offer}"));
    let secrets = [
        ("the set-up code", code.as_str()),
        ("a password", ADMIN_PASSWORD),
        ("a password that was wrong", WRONG_PASSWORD),
        ("a new password", NEW_PASSWORD),
        ("a session", &session),
        ("a token", &token),
        ("an invitation", &invitation),
        ("the link of a letter", &link),
        ("the seed of a second step", seed),
        ("the key", key.trim()),
        ("a secret of an app", APP_SECRET),
        ("a key that was made for an app", &made),
        ("the address of a public form", &public),
        ("the address of a hook", &shop.token),
        ("the secret of a hook", &shop.secret),
        ("a record", TOLD),
        ("how a password is stored", "$argon2"),
    ];
    for (what, secret) in secrets {
        assert!(secret.len() > 6, "{what}");
        let line = told.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what} is in the log");
    }
}
