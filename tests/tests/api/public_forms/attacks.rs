//! T09, T18, T19, T22: a link is no member, nobody finds one by trying, nobody floods a form, and nobody frames it unasked.

use reqwest::Method;
use serde_json::json;
use tests::design::{form, text};
use tests::workspace::{id_of, items};
use tests::{Client, Server, Visit, Workspace, on_both, on_both_shared};

use super::{FIELDS, signup};

/// T09: with the link alone one fills in the form, and does nothing else.
#[tokio::test]
async fn t09_a_link_opens_its_form_and_nothing_else() {
    on_both_shared(async |workspace| {
        let (form, admin) = (signup(&workspace).await, &workspace.admin);
        let record = form.add(json!({"name": "Ann", "status": "canary-t09"})).await;
        let comment = format!("{}/comments", form.at(&record));
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let visit = Visit::open(&admin.stranger(), &link).await;
        let ticket = visit.form["ticket"].as_str().unwrap();
        // As a token, as a cookie, as a ticket: for members' doors it is nothing.
        let keys = [
            Client::with_token(admin.url(), &visit.token),
            Client::with_token(admin.url(), &format!("fwk_{}", visit.token)),
            Client::with_cookie(admin.url(), &format!("sid={}", visit.token)),
            Client::with_cookie(admin.url(), &format!("sid={ticket}")),
        ];
        let (whole, records) = (form.path(""), form.path("/records"));
        let query = form.path("/records/query");
        for who in &keys {
            let read =
                ["/members", "/apps", "/events", "/search?q=Ann", "/me", whole.as_str(), records.as_str()];
            for path in read {
                let answer = who.get(path).await;
                assert_eq!(answer.status, 401, "{path}: {}", answer.body);
            }
            for (path, body) in [
                ("/members", json!({"email": "x@example.com", "name": "x"})),
                (comment.as_str(), json!({"text": "x"})),
                (records.as_str(), json!({"fields": {"name": "x"}})),
                (query.as_str(), json!({})),
            ] {
                assert_eq!(who.post(path, body).await.status, 401, "{path}");
            }
        }
        for rest in [
            "/records",
            "/members",
            "/comments",
            "/history",
            "/events",
            &format!("/records/{}", id_of(&record)),
        ] {
            for method in [Method::GET, Method::POST] {
                let answer = visit.who.send(visit.request(method.clone(), rest)).await;
                assert!([404, 405].contains(&answer.status), "{method} {rest}: {}", answer.status);
            }
        }
        assert!(!visit.form.to_string().contains("canary-t09") && !visit.form.to_string().contains("status"));
        let changed = visit.request(Method::PATCH, "/answers").json(&json!({"fields": {"name": "x"}}));
        assert_eq!(visit.who.send(changed).await.status, 405);
        // A ticket of one link is none of another.
        let other = form.public(json!({"name": "Other", "fields": ["name"]})).await;
        let stolen = Visit { token: other["token"].as_str().unwrap().to_owned(), ..visit.clone() };
        stolen.answer(json!({"name": "x"})).await.refused(410, "ticket_expired");
        admin.delete(&format!("/links/{}", id_of(&link)), 1).await.with_status(204);
        visit.send(json!({"name": "x"})).await.refused(410, "link_closed");
        assert_eq!(items(&form.query(admin, json!({})).await.ok()).len(), 1);
    })
    .await;
}

/// T19: a guess is answered like every other one, whatever it looks like.
#[tokio::test]
async fn t19_public_links_are_not_found_by_trying() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let form = signup(&workspace).await;
        let link = form.public(json!({"name": "Fair", "fields": FIELDS})).await;
        let token = link["token"].as_str().unwrap();
        let (nobody, id) = (workspace.admin.stranger(), id_of(&link));
        let shorter = token[..token.len() - 1].to_owned();
        let mut told = Vec::new();
        let near =
            [shorter, format!("{token}a"), token.to_uppercase(), id, form.id.clone(), "S-0001".to_owned()];
        for guess in near.into_iter().chain((0..40).map(|n| format!("{n}{}", &token[2..]))) {
            let mut answer = nobody.get(&format!("/public/{guess}")).await;
            assert_eq!(answer.status, 404, "{guess}");
            answer.body.as_object_mut().unwrap().remove("request_id");
            told.push(answer.body);
        }
        assert!(told.iter().all(|body| *body == told[0]), "{told:?}");
        // And not for long.
        let mut slowed = 0;
        for n in 0..120 {
            slowed += usize::from(nobody.get(&format!("/public/guess-{n}")).await.status == 429);
        }
        assert!(slowed >= 40, "{slowed}");
    })
    .await;
}

/// T18: whatever the sender says of themselves, they are where they are.
#[tokio::test]
async fn t18_a_flood_of_answers_is_slowed_down_whatever_its_sender_says() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let box_of = async |key: &str| {
            let form = workspace.form(form(key, [text("name"), text("email")])).await;
            let link = form.public(json!({"name": "Box"})).await;
            (form, link)
        };
        let ((form, link), (_, other)) = (box_of("first").await, box_of("second").await);
        let mut visits = Vec::new();
        for _ in 0..40 {
            visits.push(Visit::open(&workspace.admin.stranger(), &link).await);
        }
        // Faster than anybody fills in a form.
        let fast = Visit::open(&workspace.admin.stranger(), &link).await;
        fast.send(json!({"name": "fast"})).await.refused(429, "too_many_requests");
        visits[39].wait().await;
        let mut statuses = Vec::new();
        for (n, visit) in visits.iter().enumerate() {
            let there = format!("203.0.113.{n}");
            let fields = json!({"fields": {"name": format!("{n}"), "email": format!("a{n}@example.com")}});
            let request = visit.request(Method::POST, "/answers").json(&fields);
            let request = request
                .header("x-forwarded-for", &there)
                .header("forwarded", format!("for={there}"))
                .header("x-real-ip", &there)
                .header("user-agent", format!("browser {n}"));
            let answer = visit.who.send(request).await;
            assert!(answer.status == 201 || answer.headers.contains_key("retry-after"), "{}", answer.body);
            statuses.push(answer.status);
        }
        let taken = statuses.iter().filter(|status| **status == 201).count();
        // Ten at once, of which one was too fast, and what came while the others were sent.
        assert!((9..=14).contains(&taken), "{statuses:?}");
        assert_eq!(items(&form.query(&workspace.admin, json!({"limit": 100})).await.ok()).len(), taken);
        // Another form does not suffer from it.
        let visit = Visit::open(&workspace.admin.stranger(), &other).await;
        visit.answer(json!({"name": "Bea"})).await.created();
        // A program that fills in whatever there is fills in too much.
        let visit = Visit::open(&workspace.admin.stranger(), &other).await;
        visit.wait().await;
        let body = json!({"fields": {"name": "x"}, "leave_empty": "http://spam.example"});
        let request = visit.request(Method::POST, "/answers").json(&body);
        visit.who.send(request).await.refused(409, "not_accepted");
    })
    .await;
}

/// T22: its page is shown in the frames of those on its list, and tells no other site its address.
#[tokio::test]
async fn t22_a_public_form_is_framed_by_those_on_its_list_alone() {
    on_both_shared(async |workspace| {
        let form = signup(&workspace).await;
        let embed = json!(["https://www.example.com", "https://shop.example.com:8443"]);
        let open = form.public(json!({"name": "Site", "embed": embed})).await;
        let shut = form.public(json!({"name": "Mail"})).await;
        let http = reqwest::Client::new();
        let headers = async |path: &str| {
            let answer = http.get(format!("{}{path}", workspace.admin.url())).send().await.unwrap();
            let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
            (header("content-security-policy"), header("referrer-policy"))
        };
        let page = |link: &serde_json::Value| format!("/f/{}", link["token"].as_str().unwrap());
        let (policy, referrer) = headers(&page(&open)).await;
        let allowed = "frame-ancestors https://www.example.com https://shop.example.com:8443";
        assert!(policy.ends_with(allowed) && policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(referrer, "no-referrer");
        for path in [page(&shut), "/f/nothing".to_owned(), "/".to_owned(), "/apps".to_owned()] {
            assert!(headers(&path).await.0.contains("frame-ancestors 'none'"), "{path}");
        }
        workspace.admin.delete(&format!("/links/{}", id_of(&open)), 1).await.with_status(204);
        assert!(headers(&page(&open)).await.0.contains("frame-ancestors 'none'"));
    })
    .await;
}

/// What an operator says holds in place of the usual pace, at each server for itself.
#[tokio::test]
async fn an_operator_lets_more_answers_in_from_one_place() {
    let server = Server::start_with(tests::Database::Sqlite, &["--public-per-minute", "60"]).await;
    let workspace = Workspace { admin: server.set_up().await };
    let form = workspace.form(form("crowd", [text("name")])).await;
    let link = form.public(json!({"name": "Crowd"})).await;
    let mut visits = Vec::new();
    for _ in 0..32 {
        visits.push(Visit::open(&workspace.admin.stranger(), &link).await);
    }
    visits[31].wait().await;
    for visit in &visits[..30] {
        visit.send(json!({"name": "x"})).await.created();
    }
    server.close().await;
}
