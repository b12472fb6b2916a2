//! Joining by a link.

use reqwest::Method;
use serde_json::{Value, json};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Database, MailCatcher, Server, Workspace, on_both};

const PASSWORD: &str = "a horse of another colour";
const BASE: &str = "https://forms.example.com";

async fn invite(admin: &Client, email: &str) -> (String, Value) {
    let member = admin.post("/members", json!({"email": email, "name": "Lin"})).await.created();
    let id = id_of(&member);
    let invitation = admin.post(&format!("/members/{id}/invitation"), json!({})).await.created();
    (id, invitation)
}

fn token(invitation: &Value) -> Value {
    invitation["token"].clone()
}

#[tokio::test]
async fn a_link_is_looked_at_joins_once_and_signs_in() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let (id, invitation) = invite(&admin, "lin@example.com").await;
        let url = invitation["url"].as_str().unwrap();
        // What comes after # goes to no server and into no log.
        assert!(url.ends_with(&format!("/invitation#{}", invitation["token"].as_str().unwrap())), "{url}");
        let nobody = admin.stranger();
        let seen = nobody.post("/auth/invitation", json!({"token": token(&invitation)})).await.ok();
        assert_eq!((&seen["email"], &seen["name"]), (&json!("lin@example.com"), &json!("Lin")));
        assert_eq!((&seen["password"]["min_length"], &seen["workspace"]), (&json!(10), &json!("Formwork")));

        let accept = "/auth/invitation/accept";
        let with = |password: &str| json!({"token": token(&invitation), "password": password});
        let weak = nobody.post(accept, with("short")).await.refused(422, "validation");
        assert_eq!(faults(&weak), ["password: too_short"]);
        // It says who is invited, and nothing that is sent makes more of it.
        for more in ["roles", "administrator", "email"] {
            let mut body = with(PASSWORD);
            body[more] = json!(true);
            nobody.post(accept, body).await.refused(422, "unknown_member");
        }
        let mut body = with(PASSWORD);
        body["name"] = json!("Lin Wei");
        body["language"] = json!("zh-CN");
        let joined = nobody.post(accept, body).await;
        assert!(joined.headers.contains_key("set-cookie"));
        let me = joined.with_status(200);
        assert_eq!((&me["id"], &me["name"], &me["state"]), (&json!(id), &json!("Lin Wei"), &json!("active")));
        assert_eq!((&me["language"], &me["administrator"]), (&json!("zh-CN"), &json!(false)));
        let mut lin = admin.stranger();
        lin.sign_in("lin@example.com", PASSWORD).await.ok();

        // Once is once, for whoever has the link.
        nobody.post(accept, with("another password")).await.refused(410, "invitation_over");
        nobody
            .post("/auth/invitation", json!({"token": token(&invitation)}))
            .await
            .refused(410, "invitation_over");
        let again = admin.post(&format!("/members/{id}/invitation"), json!({})).await;
        again.refused(409, "has_joined");
        // Here nobody sends letters.
        let letter = admin.post(&format!("/members/{id}/invitation/letter"), json!({})).await;
        letter.refused(404, "not_found");
        lin.post(&format!("/members/{id}/invitation"), json!({})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_letter_with_a_link_goes_to_the_address_of_the_member() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let options =
            ["--base-url", BASE, "--smtp", mail.url(), "--mail-from", "Formwork <formwork@example.com>"];
        let server = Server::start_with(database, &options).await;
        let (admin, nobody) = (server.set_up().await, server.client());
        let (id, shown) = invite(&admin, "lin@example.com").await;
        let letter_to = |id: &str| format!("/members/{id}/invitation/letter");
        admin.post(&letter_to(&id), json!({})).await.with_status(204);
        let letter = mail.wait_for(1).await;
        assert_eq!(letter.to, ["lin@example.com"]);
        assert!(letter.text.contains("Hello Lin") && letter.text.contains("7 days"), "{}", letter.text);
        // It takes the place of the link that was shown.
        nobody.post("/auth/invitation", json!({"token": token(&shown)})).await.refused(404, "not_found");
        let (_, link) = letter.text.split_once(&format!("{BASE}/invitation#")).expect(&letter.text);
        let link = link.split_whitespace().next().unwrap();
        let accept = json!({"token": link, "password": PASSWORD});
        nobody.post("/auth/invitation/accept", accept).await.with_status(200);
        admin.post(&letter_to(&id), json!({})).await.refused(409, "has_joined");
        let mut lin = server.client();
        lin.sign_in("lin@example.com", PASSWORD).await.ok();
        lin.post(&letter_to(&id), json!({})).await.refused(403, "forbidden");

        // Nobody's mailbox is filled.
        let (tom, _) = invite(&admin, "tom@example.com").await;
        for _ in 0..3 {
            admin.post(&letter_to(&tom), json!({})).await.with_status(204);
        }
        admin.post(&letter_to(&tom), json!({})).await.refused(429, "too_many_requests");
        server.close().await;
    }
}

/// T56: single use, bound to the address at issue.
#[tokio::test]
async fn t56_a_link_is_worthless_once_it_was_replaced_taken_back_or_is_meant_for_another_address() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let nobody = admin.stranger();
        let over = async |invitation: &Value| {
            let look = nobody.post("/auth/invitation", json!({"token": token(invitation)})).await;
            look.status
        };
        let (id, first) = invite(&admin, "first@example.com").await;
        let second = admin.post(&format!("/members/{id}/invitation"), json!({})).await.created();
        assert_eq!((over(&first).await, over(&second).await), (404, 200), "the newer one counts");
        let taken = admin.request(Method::DELETE, &format!("/members/{id}/invitation"));
        assert_eq!(admin.send(taken).await.status, 204);
        assert_eq!(over(&second).await, 404);

        let (id, moved) = invite(&admin, "moved@example.com").await;
        admin.patch(&format!("/members/{id}"), 1, json!({"email": "elsewhere@example.com"})).await.ok();
        assert_eq!(over(&moved).await, 410);
        let body = json!({"token": token(&moved), "password": PASSWORD});
        nobody.post("/auth/invitation/accept", body).await.refused(410, "invitation_over");

        let (id, left) = invite(&admin, "left@example.com").await;
        admin.delete(&format!("/members/{id}"), 1).await.ok();
        assert_eq!(over(&left).await, 410);
        admin.post(&format!("/members/{id}/invitation"), json!({})).await.refused(409, "member_disabled");
    })
    .await;
}

#[tokio::test]
async fn t19_links_are_not_found_by_trying() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let nobody = admin.stranger();
        let mut answers = Vec::new();
        for number in 0..7 {
            let guess = nobody.post("/auth/invitation", json!({"token": format!("guess-{number}")})).await;
            answers.push(guess.status);
        }
        assert_eq!(answers, [404, 404, 404, 404, 404, 429, 429]);
    })
    .await;
}

/// Two who come with one link at one time: one of them joins.
#[tokio::test]
async fn one_of_two_joins() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let (_, invitation) = invite(&admin, "two@example.com").await;
        let body = |password: &str| json!({"token": token(&invitation), "password": password});
        let (one, two) = (admin.stranger(), admin.stranger());
        let (one, two) = tokio::join!(
            one.post("/auth/invitation/accept", body("the password of one")),
            two.post("/auth/invitation/accept", body("the password of two"))
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 410]);
    })
    .await;
}

#[tokio::test]
async fn roles_lie_in_groups_that_give_nothing() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let group = admin.post("/role-groups", json!({"name": "Finance"})).await.created();
        let blank = admin.post("/role-groups", json!({"name": " "})).await.refused(422, "validation");
        assert_eq!(faults(&blank), ["name: required"]);
        let role = json!({"key": "cashier", "name": "Cashier", "group": group["id"]});
        let role = admin.post("/roles", role).await.created();
        assert_eq!(role["group"], group["id"]);
        let nowhere = json!({"group": id_of(&role)});
        let nowhere = admin.patch(&format!("/roles/{}", id_of(&role)), 1, nowhere).await;
        assert_eq!(faults(&nowhere.refused(422, "validation")), ["group: not_an_id"]);
        let path = format!("/role-groups/{}", id_of(&group));
        let renamed = admin.patch(&path, 1, json!({"name": "Money"})).await.ok();
        assert_eq!(renamed["name"], "Money");
        let mei = workspace.person("mei").await;
        mei.delete(&path, 2).await.refused(403, "forbidden");
        admin.delete(&path, 2).await.ok();
        let roles = admin.get("/roles").await.ok();
        let cashier = items(&roles).iter().find(|role| role["key"] == "cashier").unwrap();
        assert_eq!(cashier["group"], Value::Null, "the role stays");
    })
    .await;
}
