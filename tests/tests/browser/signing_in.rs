//! Two-step sign-in from the QR code to the recovery code, and a workspace that asks it of everybody.

use serde_json::json;
use tests::authenticator::Authenticator;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::workspace::id_of;
use tests::{Browser, Database, Server};

const MEI: &str = "mei@example.com";

#[tokio::test]
async fn who_comes_over_plain_http_is_told_before_and_after_they_sign_in() {
    let server = Server::start_with(Database::Sqlite, &["--insecure-http"]).await;
    server.set_up().await;
    let browser = Browser::open(&server).await;
    browser.go("/sign-in").await;
    browser.sees("This site is used over plain HTTP").await;
    browser.sign_in().await;
    browser.find("nav").await;
    browser.part(".over-page").sees("This site is used over plain HTTP").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

#[tokio::test]
async fn a_second_step_is_set_up_used_and_asked_of_everybody() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member = json!({"email": MEI, "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    let browser = Browser::open(&server).await;
    browser.sign_in_as(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    browser.go("/settings/security").await;
    let authenticator = scan(&browser, "#second-step").await;
    let recovery = browser.script("return document.querySelector('.recovery-codes code').textContent").await;
    browser.click("Done").await;
    browser.part("#second-step").sees("10 recovery codes are left.").await;

    // Whoever signs in now is asked for a code, after the password.
    browser.part("#sessions").sees("This device").await;
    sign_in(&browser, ADMIN_EMAIL).await;
    browser.fill("Code", "000000").await;
    browser.part("form").click("Sign in").await;
    browser.sees("This code is not right").await;
    browser.fill("Code", &authenticator.code(1)).await;
    browser.part("form").click("Sign in").await;
    browser.find("nav").await;
    sign_in(&browser, ADMIN_EMAIL).await;
    browser.fill("Code", recovery.as_str().unwrap()).await;
    browser.part("form").click("Sign in").await;
    browser.find("nav").await;

    // The workspace asks everybody: who has none sets it up before anything else.
    browser.go("/settings/security").await;
    browser.part("#second-step").sees("9 recovery codes are left.").await;
    browser.go("/settings/workspace").await;
    browser.part("#policy").click("Everybody").await;
    // Who it stops is told before.
    browser.dialog().sees("One member has none yet").await;
    browser.dialog().sees_no_more("You are among them").await;
    browser.dialog().click("Ask for it").await;
    browser.sees("Saved").await;
    sign_in(&browser, MEI).await;
    browser.sees("Your workspace asks for it").await;
    scan(&browser, "main").await;
    browser.click("Done").await;
    browser.find("nav").await;

    // A token is shown once.
    browser.go("/settings/security").await;
    browser.part("#tokens").click("New token").await;
    browser.part("dialog").fill("Name", "Robot").await;
    browser.part("dialog").click("New token").await;
    let token = browser.text_at("[data-token]").await;
    assert!(token.starts_with("fwk_"), "{token}");
    browser.part("dialog").click("Done").await;
    browser.part("#tokens").sees("Robot").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}

/// Sets up a second step in a part of the page, up to its recovery codes.
async fn scan(browser: &Browser, part: &str) -> Authenticator {
    browser.part(part).click("Set up").await;
    let secret = browser.text_at("[data-secret]").await;
    let authenticator = Authenticator::scan(&format!("otpauth://totp/x?secret={secret}"));
    browser.fill("Six-digit code", &authenticator.code(0)).await;
    browser.click("Turn on").await;
    browser.sees("Keep these recovery codes").await;
    authenticator
}

/// Forgets the session and enters e-mail and password.
async fn sign_in(browser: &Browser, email: &str) {
    browser.script("return fetch('/api/v1/auth/logout', {method: 'POST'}).then(() => true)").await;
    browser.go("/sign-in").await;
    browser.fill("E-mail", email).await;
    browser.fill("Password", ADMIN_PASSWORD).await;
    browser.part("form").click("Sign in").await;
}

/// A session ends by itself, and the browser is used by somebody else: of who was there before nothing is shown or offered.
#[tokio::test]
async fn who_signs_in_after_somebody_else_finds_nothing_of_theirs() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let member = json!({"email": MEI, "name": "Mei", "password": ADMIN_PASSWORD, "language": "en"});
    admin.post("/members", member).await.created();
    admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
    let form = json!({"key": "plan", "label": "Secret plans", "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let form = id_of(&admin.post("/apps/office/forms", form).await.created());
    let browser = Browser::open(&server).await;
    let kept = async |name: &str| browser.script(&format!("return localStorage.getItem('{name}')")).await;
    let visited =
        async || kept("formwork.recent").await.as_str().unwrap_or_default().contains("Secret plans");
    browser.sign_in().await;
    browser.go(&format!("/apps/office/forms/{form}")).await;
    assert!(browser.until(async || visited().await).await, "a visit is remembered");
    for name in ["formwork.chosen.1.who", "formwork.comment.7", "formwork.draft.1.7"] {
        browser.script(&format!("localStorage.setItem('{name}', 'mine')")).await;
    }

    // Who comes back goes on.
    browser.driver.delete_all_cookies().await.unwrap();
    browser.sign_in().await;
    browser.find("nav").await;
    assert!(visited().await);
    assert_eq!(kept("formwork.comment.7").await, "mine");

    browser.driver.delete_all_cookies().await.unwrap();
    browser.sign_in_as(MEI, ADMIN_PASSWORD).await;
    browser.find("nav").await;
    assert!(browser.until(async || !visited().await).await, "{}", kept("formwork.recent").await);
    assert_eq!(kept("formwork.chosen.1.who").await, json!(null));
    assert_eq!(kept("formwork.comment.7").await, json!(null));
    assert_eq!(kept("formwork.draft.1.7").await, "mine", "it has a name, and waits");
    browser.sees_no_more("Secret plans").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
