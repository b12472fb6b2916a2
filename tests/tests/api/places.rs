//! Where things stand: the navigation of an app, and what members want at hand.

use serde_json::{Value, json};
use tests::design::{form, text};
use tests::workspace::{faults, id_of};
use tests::{Client, Workspace, on_both_shared, together};

/// An app with three forms and a dashboard that everybody reads; `open` alone is for everybody, too.
struct Shop {
    app: String,
    /// The forms `open`, `closed` and `other`, and the dashboard.
    ids: [String; 4],
}

async fn shop(workspace: &Workspace) -> Shop {
    let app = workspace.app("Shop").await;
    let [open, closed, other] = [
        app.form(form("open", [text("name")])).await,
        app.form(form("closed", [text("name")])).await,
        app.form(form("other", [text("name")])).await,
    ];
    let all = json!({"format": 1, "key": "all", "label": "All", "who": {"everyone": true}, "operations": ["view"],
        "fields": {"*": "read"}});
    workspace.admin.post(&open.path("/permissions"), all).await.created();
    let page = json!({"key": "figures", "label": "Figures", "read": {"everyone": true}, "tiles": [
        {"key": "n", "at": [0, 0, 6, 3], "kind": "figure", "source": "other", "measures": [{"key": "n", "fn": "count"}]}]});
    let page = workspace.admin.post(&app.path("/dashboards"), page).await.created();
    Shop { app: app.id.clone(), ids: [open.id.clone(), closed.id.clone(), other.id.clone(), id_of(&page)] }
}

fn line(kind: &str, id: &str) -> Value {
    json!({"kind": kind, "id": id})
}

/// The ids of a tree, those in a group behind its name.
async fn tree(who: &Client, app: &str) -> (i64, Vec<String>) {
    let tree = who.get(&format!("/apps/{app}/tree")).await.ok();
    let lines = tree["entries"].as_array().unwrap().iter().map(|entry| {
        let id = entry["id"].as_str().unwrap();
        entry["within"].as_str().map_or(id.to_owned(), |group| format!("{group}/{id}"))
    });
    (tree["version"].as_i64().unwrap(), lines.collect())
}

#[tokio::test]
async fn an_app_is_arranged_once_for_everybody_and_each_sees_what_is_open_to_them() {
    on_both_shared(async |workspace| {
        let Shop { app, ids: [open, closed, other, page] } = shop(&workspace).await;
        let (admin, path) = (&workspace.admin, format!("/apps/{app}/tree"));
        let as_made = [&open, &closed, &other, &page].map(String::clone);
        assert_eq!(tree(admin, &app).await, (0, as_made.to_vec()));
        let sales = json!({"kind": "group", "id": "sales", "label": {"zh-CN": "销售", "en": "Sales"}});
        let empty = json!({"kind": "group", "id": "later", "label": "Later"});
        let within = |kind: &str, id: &str| json!({"kind": kind, "id": id, "within": "sales"});
        let wanted = json!({"entries": [line("dashboard", &page), sales, within("form", &closed),
            within("form", &open), empty]});
        let answer = admin.put(&path, "\"0\"", wanted.clone()).await;
        assert_eq!(answer.headers["etag"], "\"1\"");
        answer.ok();
        let lines = |texts: &[String]| texts.to_vec();
        let inside = |id: &str| format!("sales/{id}");
        let (later, group) = ("later".to_owned(), "sales".to_owned());
        // What nobody has put anywhere stands at the end.
        let all = lines(&[page.clone(), group.clone(), inside(&closed), inside(&open), later, other.clone()]);
        assert_eq!(tree(admin, &app).await, (1, all));
        admin.put(&path, "\"0\"", wanted.clone()).await.refused(412, "stale");

        // A reader sees the same order with nothing that is closed to them, and no group that is empty.
        let reader = workspace.person("reader").await;
        assert_eq!(tree(&reader, &app).await.1, lines(&[page.clone(), group, inside(&open)]));
        reader.put(&path, "*", wanted).await.refused(403, "forbidden");
        let stranger = workspace.app("Elsewhere").await;
        reader.get(&format!("/apps/{}/tree", stranger.id)).await.refused(404, "not_found");

        // What goes into the bin stands nowhere, and what comes out of it where it stood.
        admin.delete(&format!("/forms/{open}"), 1).await.with_status(204);
        assert!(!tree(admin, &app).await.1.contains(&inside(&open)));
        admin.post(&format!("/forms/{open}/restore"), json!({})).await.ok();
        assert!(tree(admin, &app).await.1.contains(&inside(&open)));
    })
    .await;
}

#[tokio::test]
async fn a_tree_that_does_not_fit_is_refused_with_each_place() {
    on_both_shared(async |workspace| {
        let Shop { app, ids: [open, ..] } = shop(&workspace).await;
        let (admin, path) = (&workspace.admin, format!("/apps/{app}/tree"));
        let wrong = json!({"entries": [line("form", &open), line("form", &open), line("report", "none"),
            {"kind": "group", "id": "Sales!", "within": "x"}]});
        let refused = admin.put(&path, "*", wrong).await.refused(422, "not_writable");
        let mut found: Vec<String> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| format!("{} {}", error["path"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        found.sort();
        let wanted = [
            "entries.1.id twice",
            "entries.2.id not_an_id",
            "entries.3.id invalid_key",
            "entries.3.label label_missing",
            "entries.3.within not_writable",
        ];
        assert_eq!(found, wanted);
        let strange = json!({"entries": [{"kind": "form", "id": open, "colour": "red"}]});
        admin.put(&path, "*", strange).await.refused(422, "unknown_member");
        assert_eq!(tree(admin, &app).await.0, 0, "nothing was kept");
    })
    .await;
}

async fn favourites(who: &Client) -> Vec<Value> {
    who.get("/favourites").await.ok()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn favourites_are_ones_own_and_shown_as_long_as_one_may_use_them() {
    on_both_shared(async |workspace| {
        let Shop { app, ids: [open, closed, _, page] } = shop(&workspace).await;
        let (admin, reader) = (&workspace.admin, workspace.person("reader").await);
        let of = |kind: &str, target: &str| json!({"kind": kind, "app": app, "target": target});
        let kept = reader.post("/favourites", of("form", &open)).await.created();
        assert_eq!((&kept["label"], &kept["target"]), (&json!("open"), &json!(open)));
        let same = reader.post("/favourites", of("form", &open)).await.created();
        assert_eq!(same["id"], kept["id"], "once is enough");
        reader.post("/favourites", of("dashboard", &page)).await.created();
        reader.post("/favourites", json!({"kind": "app", "app": app})).await.created();
        let kinds = |all: Vec<Value>| all.iter().map(|one| one["kind"].clone()).collect::<Vec<_>>();
        assert_eq!(kinds(favourites(&reader).await), ["form", "dashboard", "app"]);
        assert!(favourites(admin).await.is_empty(), "they are nobody else's");

        // What one may not use is not there.
        reader.post("/favourites", of("form", &closed)).await.refused(404, "not_found");
        reader.post("/favourites", of("report", "none")).await.refused(404, "not_found");
        reader.post("/favourites", json!({"kind": "form", "app": app})).await.refused(422, "validation");
        let mine = admin.post("/favourites", of("form", &closed)).await.created();
        let gone =
            reader.send(reader.request(reqwest::Method::DELETE, &format!("/favourites/{}", id_of(&mine))));
        gone.await.refused(404, "not_found");

        // A form that is closed to its reader is no longer offered; what is in the bin neither.
        let groups = admin.get(&format!("/forms/{open}/permissions")).await.ok();
        let group = groups["items"][0].clone();
        admin.delete(&format!("/forms/{open}/permissions/{}", id_of(&group)), 1).await.with_status(204);
        assert_eq!(kinds(favourites(&reader).await), ["dashboard", "app"]);
        admin.delete(&format!("/forms/{closed}"), 1).await.with_status(204);
        assert!(favourites(admin).await.is_empty());

        for one in favourites(&reader).await {
            let path = format!("/favourites/{}", id_of(&one));
            reader.send(reader.request(reqwest::Method::DELETE, &path)).await.with_status(204);
        }
        assert!(favourites(&reader).await.is_empty());
    })
    .await;
}

/// Those of the given apps that somebody is shown, in their order; the workspace has others, too.
async fn order_of(who: &Client, apps: &[&String]) -> Vec<String> {
    let list = who.get("/apps").await.ok();
    let all = list["items"].as_array().unwrap().iter().map(id_of);
    all.filter(|id| apps.contains(&id)).collect()
}

#[tokio::test]
async fn the_order_of_the_apps_is_ones_own_and_new_ones_come_last() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let [reader, other] = [workspace.person("reader").await, workspace.person("other").await];
        let shops = [shop(&workspace).await, shop(&workspace).await, shop(&workspace).await];
        let [a, b, c] = shops.each_ref().map(|shop| &shop.app);
        let all = [a, b, c];
        let ids = |apps: &[&String]| apps.iter().map(|id| (*id).clone()).collect::<Vec<String>>();
        assert_eq!(order_of(&reader, &all).await, ids(&[a, b, c]), "as they were made");

        let kept = reader.put("/me/app-order", "*", json!({"apps": [c, b, a]})).await.ok();
        assert_eq!(kept["apps"], json!([c, b, a]));
        assert_eq!(order_of(&reader, &all).await, ids(&[c, b, a]));
        assert_eq!(order_of(&other, &all).await, ids(&[a, b, c]), "it is nobody else's");
        assert_eq!(order_of(admin, &all).await, ids(&[a, b, c]), "it is nobody else's");

        // What is not named stands behind, and so does what is new.
        reader.put("/me/app-order", "*", json!({"apps": [c]})).await.ok();
        let new = shop(&workspace).await.app;
        let with_new = [a, b, c, &new];
        assert_eq!(order_of(&reader, &with_new).await, ids(&[c, a, b, &new]));
        let first = reader.get("/apps").await.ok();
        assert_eq!(id_of(&first["items"][0]), *c, "before everything that is not named");

        // An app that is gone leaves no gap, and stands where it stood once it is back.
        reader.put("/me/app-order", "*", json!({"apps": [b, c, a]})).await.ok();
        admin.delete(&format!("/apps/{b}"), 1).await.with_status(204);
        assert_eq!(order_of(&reader, &all).await, ids(&[c, a]));
        admin.post(&format!("/apps/{b}/restore"), json!({})).await.ok();
        assert_eq!(order_of(&reader, &all).await, ids(&[b, c, a]));
    })
    .await;
}

#[tokio::test]
async fn an_order_of_apps_that_does_not_fit_is_refused_with_each_place() {
    on_both_shared(async |workspace| {
        let reader = workspace.person("reader").await;
        let open = shop(&workspace).await.app;
        let closed = workspace.app("Closed").await.id;
        let refused = reader.put("/me/app-order", "*", json!({"apps": [open, closed, open]})).await;
        let refused = refused.refused(422, "validation");
        assert_eq!(faults(&refused), ["apps.1: not_an_id", "apps.2: twice"]);
        let many = reader.put("/me/app-order", "*", json!({"apps": vec![open; 1001]})).await;
        assert_eq!(faults(&many.refused(422, "validation")), ["apps: too_many"]);
        let strange = reader.put("/me/app-order", "*", json!({"apps": [], "colour": "red"})).await;
        strange.refused(422, "unknown_member");
        assert_eq!(order_of(&reader, &[&closed]).await, Vec::<String>::new());
    })
    .await;
}

/// Two pages of one member are open, and each says its own for the first time.
#[tokio::test]
async fn what_is_said_twice_in_one_moment_is_not_refused() {
    on_both_shared(async |workspace| {
        let app = shop(&workspace).await.app;
        for name in ["ada", "bob", "cas"] {
            let reader = workspace.person(name).await;
            let (hints, order) = (json!({"hints": ["checklist"]}), json!({"apps": [app]}));
            let away = together((0..4).map(|_| reader.put("/me/put-away", "*", hints.clone()))).await;
            let ordered = together((0..4).map(|_| reader.put("/me/app-order", "*", order.clone()))).await;
            for answer in away.into_iter().chain(ordered) {
                answer.ok();
            }
            assert_eq!(reader.get("/me/put-away").await.ok(), hints);
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_put_away_stays_away_for_them_alone() {
    on_both_shared(async |workspace| {
        let [reader, other] = [workspace.person("reader").await, workspace.person("other").await];
        assert_eq!(reader.get("/me/put-away").await.ok(), json!({"hints": []}));
        let wanted = json!({"hints": ["checklist"]});
        assert_eq!(reader.put("/me/put-away", "*", wanted.clone()).await.ok(), wanted);
        let both = json!({"hints": ["checklist", "next_steps"]});
        assert_eq!(reader.put("/me/put-away", "*", both.clone()).await.ok(), both);
        assert_eq!(reader.put("/me/put-away", "*", wanted.clone()).await.ok(), wanted);
        // Once more is the same, and nobody else has put anything away.
        assert_eq!(reader.put("/me/put-away", "*", wanted.clone()).await.ok(), wanted);
        assert_eq!(reader.get("/me/put-away").await.ok(), wanted);
        assert_eq!(other.get("/me/put-away").await.ok(), json!({"hints": []}));
        assert_eq!(reader.put("/me/put-away", "*", json!({"hints": []})).await.ok(), json!({"hints": []}));
        reader.put("/me/put-away", "*", json!({"hints": ["everything"]})).await.refused(422, "validation");
        reader
            .put("/me/put-away", "*", json!({"hints": [], "colour": "red"}))
            .await
            .refused(422, "unknown_member");
    })
    .await;
}
