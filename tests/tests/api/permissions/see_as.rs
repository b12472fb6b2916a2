//! An administrator looks as another member: they see what that member sees, and no write passes.

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use tests::client::Answer;
use tests::design::{group, test};
use tests::workspace::{UNKNOWN, faults, id_of, items, values_of};
use tests::{Client, on_both_shared};

use super::orders;

/// Where the routes are declared: none may be forgotten.
const ROUTES: &str = include_str!("../../../../server/src/api/routes.rs");
/// Questions that are too long for an address; they change nothing.
pub const READING: [&str; 10] = [
    "/forms/{form}/evaluate",
    "/forms/{form}/flow/ahead",
    "/forms/{form}/records/query",
    "/forms/{form}/aggregate",
    "/aggregates/{id}/records",
    "/reports/{key}/run",
    "/reports/{key}/records",
    "/dashboards/{id}/tiles/{key}/data",
    "/dashboards/{id}/tiles/{key}/records",
    "/sounds",
];

/// Somebody who brings a further cookie along.
struct Looking<'c> {
    client: &'c Client,
    cookie: String,
}

impl Looking<'_> {
    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self.client.request(method, path).header("cookie", &self.cookie);
        let request = request.header("if-match", "*").header("idempotency-key", format!("see-as {path}"));
        self.client.send(request.json(&body)).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.client.send(self.client.request(Method::GET, path).header("cookie", &self.cookie)).await
    }
}

/// The cookie that an answer gives, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    let cookies = answer.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let found = cookies.filter(|cookie| cookie.starts_with("see-as="));
    let found: Vec<_> = found.filter_map(|cookie| cookie.split(';').next()).collect();
    assert_eq!(found.len(), 1, "{:?}", answer.headers);
    found[0].to_owned()
}

async fn look<'c>(admin: &'c Client, member: &str) -> Looking<'c> {
    let answer = admin.post("/see-as", json!({"member": member})).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    Looking { client: admin, cookie: cookie(&answer) }
}

#[tokio::test]
async fn who_looks_as_a_member_sees_what_the_member_sees() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let north = group("north", &[&mei.id]).field("cost", "none").rows(test("region", "eq", "north"));
        order.allow(north).await;
        let list = order.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        let (south, north) = (&items(&list)[0], &items(&list)[1]);

        let looking = look(admin, &mei.id).await;
        let me = looking.get("/me").await.ok();
        assert_eq!((&me["id"], &me["administrator"]), (&json!(mei.id), &json!(false)));
        assert!(me["seen_by"]["name"].as_str().is_some_and(|name| !name.is_empty()), "{me}");
        let query = json!({"sort": [{"field": "name"}], "count": "exact"});
        let seen = looking.send(Method::POST, &order.path("/records/query"), query.clone()).await.ok();
        let theirs = order.query(&mei, query).await.ok();
        assert_eq!(seen["items"], theirs["items"]);
        assert_eq!(values_of(&seen, "name"), ["o2", "o4", "o6"]);
        looking.get(&order.at(south)).await.refused(404, "not_found");
        assert!(looking.get(&order.at(north)).await.ok()["fields"].get("cost").is_none());
        looking.get(&order.path("/permissions")).await.refused(403, "forbidden");

        // Without the cookie they are themselves; for another session, and with anything else in it, it means nothing.
        assert!(order.read(admin, south).await.ok()["fields"].get("cost").is_some());
        let stolen = Looking { client: &tom, cookie: looking.cookie.clone() };
        assert_eq!(stolen.get("/me").await.ok()["id"], tom.id);
        let forged = Looking { client: admin, cookie: format!("see-as={}", mei.id) };
        assert!(forged.get("/me").await.ok().get("seen_by").is_none());

        // It ends, and whoever is disabled meanwhile can't be looked as any more.
        let ended = looking.send(Method::DELETE, "/see-as", json!({})).await;
        assert_eq!(cookie(&ended), "see-as=");
        ended.with_status(204);
        for action in ["see_as.begin", "see_as.end"] {
            let told = admin.get(&format!("/audit?action={action}&object={}", mei.id)).await.ok();
            assert_eq!(told["items"].as_array().map(Vec::len), Some(1), "{action}: {told}");
        }
        let looking = look(admin, &tom.id).await;
        admin
            .send(admin.request(Method::DELETE, &format!("/members/{}", tom.id)).header("if-match", "*"))
            .await;
        looking.get("/me").await.refused(403, "see_as_ended");
    })
    .await;
}

#[tokio::test]
async fn only_administrators_of_the_workspace_look_as_others() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        mei.post("/see-as", json!({"member": tom.id})).await.refused(403, "forbidden");
        for member in [UNKNOWN.to_owned(), admin.get("/me").await.ok()["id"].as_str().unwrap().to_owned()] {
            let refused = admin.post("/see-as", json!({"member": member})).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["member: not_an_id"]);
        }
        let token = admin.post("/tokens", json!({"name": "t"})).await.created();
        let program = Client::with_token(admin.url(), token["token"].as_str().unwrap());
        program.post("/see-as", json!({"member": mei.id})).await.refused(403, "session_required");
        // Nor from one look into another.
        let looking = look(admin, &mei.id).await;
        looking
            .send(Method::POST, "/see-as", json!({"member": tom.id}))
            .await
            .refused(403, "see_as_reads_only");
    })
    .await;
}

/// The routes that are not for reading: method and path.
fn writing() -> Vec<(Method, String)> {
    let lines = ROUTES.lines().map(str::trim);
    let routes = lines.filter_map(|line| {
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let (path, rest) = rest.trim().strip_prefix("\"/api/v1")?.split_once('"')?;
        let policy = rest.split_whitespace().next()?;
        let method: Method = method.parse().ok()?;
        let writes = ["POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str());
        // Who has a public link is nobody's session.
        let is_open = ["Open", "Public", "Oneself"].contains(&policy);
        (writes && !is_open && !READING.contains(&path)).then(|| (method, path.to_owned()))
    });
    routes.collect()
}

#[tokio::test]
async fn no_write_passes_while_one_looks() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let manage = ["view", "create", "edit", "delete", "import", "export", "bulk_edit"];
        order.allow(group("all", &[&mei.id]).may(&manage)).await;
        let before = order.query(admin, json!({"sort": [{"field": "name"}], "titles": false})).await.ok();
        let looking = look(admin, &mei.id).await;
        let routes = writing();
        assert!(routes.len() > 40, "{}", routes.len());
        for (method, path) in routes {
            let mut path =
                path.replace("{form}", &order.id).replace("{id}", before["items"][0]["id"].as_str().unwrap());
            for part in ["app", "field", "task", "action", "instance", "key", "package"] {
                path = path.replace(&format!("{{{part}}}"), UNKNOWN);
            }
            let answer = looking.send(method.clone(), &path, json!({"fields": {"name": "changed"}})).await;
            assert_eq!(answer.body["code"], "see_as_reads_only", "{method} {path}: {}", answer.status);
            assert_eq!(answer.status, 403, "{method} {path}");
        }
        let after = order.query(admin, json!({"sort": [{"field": "name"}], "titles": false})).await.ok();
        assert_eq!(before["items"], after["items"]);
        // They change again what they may once it has ended.
        looking.send(Method::DELETE, "/see-as", json!({})).await.with_status(204);
        order.edit(admin, &before["items"][0], json!({"name": "changed"})).await.ok();
    })
    .await;
}

/// Who looks as a member tries what they try themselves: the trail does not say that it was the member.
#[tokio::test]
async fn what_is_refused_to_who_looks_was_tried_by_them_and_not_by_the_member() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let me = id_of(&admin.get("/me").await.ok());
        let mei = workspace.person("mei").await;
        let looking = look(admin, &mei.id).await;
        looking.send(Method::POST, "/roles", json!({"name": "Hers"})).await.refused(403, "see_as_reads_only");
        looking.get("/audit").await.refused(403, "forbidden");
        let told = admin.get(&format!("/audit?kind=access&who={}", mei.id)).await.ok();
        assert_eq!(items(&told).len(), 2, "{told}");
        for entry in items(&told) {
            assert_eq!((&entry["who"], &entry["on_behalf_of"]), (&json!(me), &json!(mei.id)), "{entry}");
        }
        // What she is refused herself is hers.
        mei.get("/audit").await.refused(403, "forbidden");
        let told = admin.get(&format!("/audit?kind=access&who={}", mei.id)).await.ok();
        assert_eq!(items(&told).len(), 3, "{told}");
        let hers = &items(&told)[0];
        assert_eq!((&hers["who"], hers["on_behalf_of"].is_null()), (&json!(mei.id), true), "{hers}");
    })
    .await;
}
