//! People, how they come in, and what the workspace is set to.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::json;
use tests::authenticator::Authenticator;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::items;
use tests::{Client, MailCatcher, Server};

use super::{NOTHING, Trail, empty, id, once_more};

/// Where links of letters lead.
pub const BASE: &str = "https://forms.example.com";
const MEI: &str = "mei@example.com";
const LATER: &str = "another good sentence";

pub async fn change(trail: &Trail, server: &Server, mail: &MailCatcher) {
    let member = json!({"email": MEI, "name": "mei", "password": ADMIN_PASSWORD});
    let mei = id(&trail.change("POST /members", &[], member).await);
    trail.change("PATCH /members/{id}", &[&mei], json!({"title": "Clerk"})).await;
    entering(trail, server, &mei).await;
    forgetting(trail, server, mail, &mei).await;
    joining(trail, server).await;
    oneself(trail, server).await;
    looking(trail, &mei).await;
    places(trail, &mei).await;
    leaving(trail, &mei).await;
    settings(trail).await;
}

async fn signed_in(server: &Server, password: &str) -> Client {
    let mut browser = server.client();
    browser.sign_in(MEI, password).await.ok();
    browser
}

async fn entering(trail: &Trail, server: &Server, mei: &str) {
    let login = json!({"email": MEI, "password": ADMIN_PASSWORD});
    trail.by(&server.client(), "POST /auth/login", &[], login).await;
    trail.by(&signed_in(server, ADMIN_PASSWORD).await, "POST /auth/logout", &[], empty()).await;
    let browser = signed_in(server, ADMIN_PASSWORD).await;
    let offer = browser.post("/auth/second-factor", empty()).await.ok();
    let code = Authenticator::scan(offer["uri"].as_str().unwrap()).code(0);
    browser.post("/auth/second-factor/enable", json!({"code": code})).await.ok();
    trail.change("DELETE /members/{id}/second-factor", &[mei], NOTHING).await;
    signed_in(server, ADMIN_PASSWORD).await;
    trail.change("DELETE /members/{id}/sessions", &[mei], NOTHING).await;
}

async fn forgetting(trail: &Trail, server: &Server, mail: &MailCatcher, mei: &str) {
    let nobody = server.client();
    trail.by(&nobody, "POST /auth/reset", &[], json!({"email": MEI})).await;
    let mark = format!("{BASE}/new-password#");
    let mut token = String::new();
    for _ in 0..100 {
        let found = mail.letters().into_iter().find_map(|letter| {
            let (_, rest) = letter.text.split_once(&mark)?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        if let Some(found) = found {
            token = found;
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let body = json!({"token": token, "password": LATER});
    trail.by(&nobody, "POST /auth/reset/redeem", &[], body).await;
    trail.change("POST /members/{id}/password-link", &[mei], empty()).await;
}

async fn joining(trail: &Trail, server: &Server) {
    let lin = json!({"email": "lin@example.com", "name": "Lin"});
    let lin = id(&trail.admin.post("/members", lin).await.created());
    trail.change("POST /members/{id}/invitation", &[&lin], empty()).await;
    trail.change("DELETE /members/{id}/invitation", &[&lin], NOTHING).await;
    trail.change("POST /members/{id}/invitation/letter", &[&lin], empty()).await;
    let link = trail.admin.post(&format!("/members/{lin}/invitation"), empty()).await.created();
    let body = json!({"token": link["token"], "password": LATER});
    trail.by(&server.client(), "POST /auth/invitation/accept", &[], body).await;
}

/// What the administrator does with how they come in themselves.
async fn oneself(trail: &Trail, server: &Server) {
    let admin = &trail.admin;
    once_more(server).await;
    once_more(server).await;
    let sessions = admin.get("/auth/sessions").await.ok();
    let other = items(&sessions).iter().find(|session| session["current"] == false).unwrap();
    trail.change("DELETE /auth/sessions/{id}", &[&id(other)], NOTHING).await;
    trail.change("DELETE /auth/sessions", &[], NOTHING).await;
    let offer = admin.post("/auth/second-factor", empty()).await.ok();
    let code = Authenticator::scan(offer["uri"].as_str().unwrap()).code(0);
    trail.change("POST /auth/second-factor/enable", &[], json!({"code": code})).await;
    trail.change("POST /auth/second-factor/recovery-codes", &[], empty()).await;
    trail.change("DELETE /auth/second-factor", &[], NOTHING).await;
    trail.change("PATCH /me", &[], json!({"phone": "555"})).await;
    let token = trail.change("POST /tokens", &[], json!({"name": "robot"})).await;
    trail.change("DELETE /tokens/{id}", &[&id(&token)], NOTHING).await;
}

/// Looking as somebody else, with the cookie that says so.
async fn looking(trail: &Trail, mei: &str) {
    let admin = &trail.admin;
    let began = admin.post("/see-as", json!({"member": mei})).await;
    let cookies = began.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    let cookie = pairs.find(|pair| pair.contains("see-as=")).map(str::to_owned).unwrap_or_default();
    trail.see("POST /see-as", began).await;
    let end = admin.request(Method::DELETE, "/see-as").header("cookie", cookie);
    trail.see("DELETE /see-as", admin.send(end).await).await;
}

async fn places(trail: &Trail, mei: &str) {
    for (kind, made, changed) in [
        ("departments", json!({"name": "Sales"}), json!({"name": "Selling", "head": mei})),
        ("roles", json!({"key": "auditor", "name": "Auditor"}), json!({"name": "Auditors"})),
        ("role-groups", json!({"name": "Finance"}), json!({"name": "Money"})),
    ] {
        let thing = id(&trail.change(&format!("POST /{kind}"), &[], made).await);
        trail.change(&format!("PATCH /{kind}/{{id}}"), &[&thing], changed).await;
        trail.change(&format!("DELETE /{kind}/{{id}}"), &[&thing], NOTHING).await;
    }
    let stands_in = trail.change("POST /delegations", &[], json!({"to": mei})).await;
    trail.change("DELETE /delegations/{id}", &[&id(&stands_in)], NOTHING).await;
}

/// Who comes from a file, and who goes and hands over.
async fn leaving(trail: &Trail, mei: &str) {
    let file =
        trail.admin.upload("people.csv", "text/csv", b"Name,Email\nAnn,ann@example.com\n".to_vec()).await;
    let body = json!({"file": file, "mapping": {"Name": "name", "Email": "email"}});
    trail.change("POST /members/import", &[], body).await;
    let tom = json!({"email": "tom@example.com", "name": "tom", "password": ADMIN_PASSWORD});
    let tom = id(&trail.admin.post("/members", tom).await.created());
    trail.change("POST /members/{id}/hand-over", &[&tom], json!({"to": mei})).await;
    trail.change("DELETE /members/{id}", &[&tom], NOTHING).await;
}

async fn settings(trail: &Trail) {
    trail.change("PUT /auth/policy", &[], json!({"second_factor": "nobody"})).await;
    trail.change("PATCH /workspace", &[], json!({"password": {"min_length": 11}})).await;
    trail.change("PUT /workspace/zone", &[], json!({"zone": "UTC"})).await;
    trail.change("PUT /retention", &[], json!({"days": 7})).await;
    trail.change("POST /audit/export", &[], empty()).await;
}
