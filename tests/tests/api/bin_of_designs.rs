//! The recycle bin of what people design: dashboards, reports, aggregate tables and flows go there where nothing stands on them,
//! and come back with everything that they had.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use tests::design::{form, group, link, number, text};
use tests::workspace::{App, UNKNOWN, faults, id_of, items};
use tests::{Client, Form, Workspace, on_both, on_both_shared};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::bin::binned;

/// A dashboard with one figure over a source.
pub fn dashboard(key: &str, source: Value, field: &str) -> Value {
    json!({"format": 1, "key": key, "label": format!("The {key}"), "tiles": [
        {"key": "sum", "label": "Sum", "at": [0, 0, 6, 3], "kind": "figure", "source": source,
         "measures": [{"key": "sum", "fn": "sum", "field": field}]}]})
}

/// An app with a form of amounts; gives both.
pub async fn sales(workspace: &Workspace, label: &str) -> (App, Form) {
    let app = workspace.app(label).await;
    let sale = app.form(form("sale", [text("what"), number("amount", 0)])).await;
    (app, sale)
}

pub async fn restore(who: &Client, items: Value) -> Vec<Value> {
    let answer = who.post("/bin/restore", json!({ "items": items })).await.ok();
    answer["results"].as_array().unwrap().clone()
}

pub async fn purge(who: &Client, ids: Value) -> Vec<Value> {
    let job = who.job(who.post("/bin/purge", json!({ "ids": ids })).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"]["results"].as_array().unwrap().clone()
}

/// What uses a thing, as sorts with their numbers.
pub async fn uses(who: &Client, path: &str) -> Vec<(String, Value)> {
    let told = who.get(&format!("{path}/dependents")).await.ok();
    items(&told)
        .iter()
        .map(|one| (one["object"].as_str().unwrap().to_owned(), one["number"].clone()))
        .collect()
}

#[tokio::test]
async fn a_dashboard_comes_back_under_its_id_with_who_had_it_at_hand() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (app, sale) = sales(&workspace, "Shop").await;
        let mei = workspace.person("mei").await;
        sale.allow(group("all", &[&mei.id])).await;
        let mut document = dashboard("board", json!("sale"), "amount");
        document["read"] = json!({"members": [mei.id]});
        let made = admin.post(&app.path("/dashboards"), document).await.created();
        let id = id_of(&made);
        let path = format!("/dashboards/{id}");
        let at_hand = json!({"kind": "dashboard", "app": app.key, "target": id});
        mei.post("/favourites", at_hand).await.created();
        assert_eq!(uses(admin, &path).await, [("favourite".to_owned(), json!(1))]);

        // Who reads it may not delete it, and who does not hears nothing of it.
        let ana = workspace.person("ana").await;
        mei.delete(&path, 1).await.refused(403, "forbidden");
        ana.delete(&path, 1).await.refused(404, "not_found");
        mei.get(&format!("{path}/dependents")).await.refused(403, "forbidden");
        ana.get(&format!("{path}/dependents")).await.refused(404, "not_found");
        let bare = admin.send(admin.request(reqwest::Method::DELETE, &path)).await;
        bare.refused(428, "if_match_required");
        admin.delete(&path, 7).await.refused(412, "stale");

        admin.delete(&path, 1).await.with_status(204);
        admin.delete(&path, 1).await.refused(404, "not_found");
        admin.get(&path).await.refused(404, "not_found");
        assert!(items(&admin.get(&app.path("/dashboards")).await.ok()).is_empty());
        assert!(items(&mei.get("/favourites").await.ok()).is_empty());
        let line = binned(admin, "dashboard", &id).await.unwrap();
        assert_eq!((&line["key"], &line["label"]), (&json!("board"), &json!("The board")));
        assert_eq!(line["app_label"], "Shop");
        assert!(line["deleted_by_name"].is_string() && line["deleted_by"].is_string(), "{line}");
        assert_eq!(binned(&mei, "dashboard", &id).await, None);
        assert_eq!(restore(&mei, json!([{"id": id}])).await[0]["problem"]["code"], "not_found");
        assert_eq!(purge(&mei, json!([id])).await[0]["problem"]["code"], "not_found");

        let back = restore(admin, json!([{"id": id}])).await;
        assert_eq!(back, [json!({"id": id, "key": "board"})]);
        let page = mei.get(&path).await.ok();
        assert_eq!(page["version"], 2, "who knew it before its deletion is stale");
        assert_eq!(items(&mei.get("/favourites").await.ok())[0]["target"], id.as_str());
        assert_eq!(binned(admin, "dashboard", &id).await, None);

        admin.delete(&path, 2).await.with_status(204);
        assert_eq!(purge(admin, json!([id, UNKNOWN])).await[1]["problem"]["code"], "not_found");
        assert_eq!(restore(admin, json!([{"id": id}])).await[0]["problem"]["code"], "not_found");
        let trail = admin.get("/audit?kind=dashboard&limit=500").await.ok();
        let of_it = items(&trail).iter().filter(|entry| entry["object"]["id"] == id.as_str());
        let actions: Vec<&str> = of_it.map(|entry| entry["action"].as_str().unwrap()).collect();
        let wanted =
            ["purge", "delete", "restore", "delete", "create"].map(|verb| format!("dashboard.{verb}"));
        assert_eq!(actions, wanted);
    })
    .await;
}

#[tokio::test]
async fn a_table_goes_where_nothing_shows_it_and_counts_anew_once_it_is_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (app, sale) = sales(&workspace, "Counted").await;
        sale.add(json!({"what": "pen", "amount": 2})).await;
        let table = app
            .aggregate(json!({
                "format": 1, "key": "sold", "label": "Sold", "dimensions": [{"key": "what", "label": "What"}],
                "sources": [{"form": "sale", "group": {"what": "what"}, "measures": {"n": {"fn": "sum", "field": "amount"}}}],
                "measures": [], "constraints": [{"key": "few", "check": {"field": "n", "op": "lte", "value": "10"}, "message": "Too many"}],
            }))
            .await;
        let path = format!("/aggregates/{table}");
        let shown = dashboard("shows", json!({"aggregate": "sold"}), "n");
        let shows = id_of(&admin.post(&app.path("/dashboards"), shown).await.created());
        assert_eq!(uses(admin, &path).await, [("dashboard".to_owned(), Value::Null)]);
        let told = admin.get(&format!("{path}/dependents")).await.ok();
        assert_eq!((&told["items"][0]["label"], &told["items"][0]["blocks"]), (&json!("The shows"), &json!(true)));
        admin.delete(&path, 1).await.refused(409, "aggregate_shown");
        admin.delete(&format!("/dashboards/{shows}"), 1).await.with_status(204);
        admin.delete(&path, 1).await.with_status(204);
        assert!(items(&admin.get(&app.path("/aggregates")).await.ok()).is_empty());

        // While it is away nothing is held to its limit; it does not come back over what breaks it.
        let many = sale.add(json!({"what": "pen", "amount": 20})).await;
        let refused = restore(admin, json!([{"id": table}])).await;
        assert_eq!(refused[0]["problem"]["code"], "constraint", "{refused:?}");
        sale.edit(admin, &many, json!({"amount": 3})).await.ok();
        // What is shown comes back before what shows it, in whatever order they are asked for.
        let back = restore(admin, json!([{"id": shows}, {"id": table}])).await;
        assert_eq!(back.iter().map(|one| &one["key"]).collect::<Vec<_>>(), ["shows", "sold"]);
        let rows = admin.get(&format!("{path}/rows")).await.ok();
        assert_eq!((items(&rows).len(), &rows["items"][0]["values"]["n"]), (1, &json!("5")));
        let figure = admin.post(&format!("/dashboards/{shows}/tiles/sum/data"), json!({"filters": {}})).await.ok();
        assert_eq!(figure["rows"][0]["sum"], "5");
        let verified = admin.post(&format!("{path}/verify"), json!({})).await;
        assert!(verified.status < 300, "{}", verified.body);
    })
    .await;
}

/// A package of one form and one report about it.
fn package(key: &str) -> Vec<u8> {
    let manifest = json!({"format": 1, "key": key, "version": "1.0.0", "label": key});
    let person = json!({"format": 1, "key": "person", "label": "Person", "fields": [
        {"key": "name", "label": "Name", "kind": "text"}]});
    let report = json!({"format": 1, "key": format!("{key}.people"), "label": "People",
        "data": [{"key": "all", "form": "person", "group": {}, "measures": {"n": {"fn": "count"}}}],
        "figures": [{"key": "N", "label": "People", "formula": "n", "scale": 0}]});
    packed([("package.json", manifest), ("forms/person.json", person), ("reports/people.json", report)])
}

/// A package of these files.
pub fn packed(files: impl IntoIterator<Item = (&'static str, Value)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.to_string().as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_report_is_deleted_in_the_app_that_is_said_where_two_have_one_of_its_key() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for key in ["club", "team"] {
            let file = admin.upload("package.zip", "application/zip", package(key)).await;
            let job = admin.job(admin.post("/apps/import", json!({"file": file})).await).await;
            assert_eq!(job["state"], "done", "{job}");
        }
        let run = async |app: &str, key: &str| admin.post(&format!("/reports/{key}/run"), json!({"app": app})).await;
        let shown = json!({"format": 1, "key": "page", "label": "Page", "tiles": [
            {"key": "n", "label": "People", "at": [0, 0, 6, 3], "kind": "figure", "source": {"report": "team.people"},
             "measures": [{"key": "N"}]}]});
        let page = id_of(&admin.post("/apps/team/dashboards", shown).await.created());
        admin.delete("/reports/team.people", 1).await.refused(409, "report_in_use");
        assert_eq!(uses(&admin, "/reports/team.people").await, [("dashboard".to_owned(), Value::Null)]);
        admin.delete(&format!("/dashboards/{page}"), 1).await.with_status(204);

        admin.delete("/reports/team.people", 1).await.with_status(204);
        run("team", "team.people").await.refused(404, "not_found");
        let bin = admin.get("/bin?kind=report").await.ok();
        let id = id_of(&bin["items"][0]);
        // Under the other one's key both have one.
        let back = restore(&admin, json!([{"id": id, "key": "club.people"}])).await;
        assert_eq!(back[0]["key"], "club.people", "{back:?}");
        assert_eq!(run("team", "club.people").await.ok()["app"], "team");
        let refused = admin.delete("/reports/club.people", 1).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["app: required"]);
        admin.delete("/reports/club.people?app=nowhere", 1).await.refused(404, "not_found");
        admin.delete("/reports/club.people?app=team", 1).await.refused(412, "stale");
        admin.delete("/reports/club.people?app=team", 2).await.with_status(204);
        run("team", "club.people").await.refused(404, "not_found");
        run("club", "club.people").await.ok();
        let stranger = server.member(&admin, "stranger@example.com", &[]).await;
        stranger.delete("/reports/club.people", 1).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn the_bin_is_narrowed_and_comes_page_by_page() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (app, _) = sales(&workspace, "Narrow").await;
        let ana = workspace.person("ana").await;
        admin.patch(&app.path(""), 1, json!({"admins": [{"members": [ana.id]}]})).await.ok();
        let mut ids = Vec::new();
        for (key, who) in [("alpha", admin), ("beta", &*ana), ("gamma", admin)] {
            let document = dashboard(key, json!("sale"), "amount");
            let id = id_of(&admin.post(&app.path("/dashboards"), document).await.created());
            who.delete(&format!("/dashboards/{id}"), 1).await.with_status(204);
            ids.push(id);
        }
        let found = async |more: &str| -> Vec<Value> {
            let bin = admin.get(&format!("/bin?app={}{more}", app.id)).await.ok();
            items(&bin).iter().map(|line| line["key"].clone()).collect()
        };
        assert_eq!(found("").await, ["gamma", "beta", "alpha"], "the last deleted first");
        assert_eq!(found("&q=ALPH").await, ["alpha"]);
        assert_eq!(found("&q=the%20b").await, ["beta"], "by its label");
        assert_eq!(found(&format!("&who={}", ana.id)).await, ["beta"]);
        assert!(found("&kind=form").await.is_empty());
        let first = admin.get(&format!("/bin?app={}&limit=2", app.id)).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = admin.get(&format!("/bin?app={}&limit=2&cursor={next}", app.id)).await.ok();
        assert_eq!(
            (items(&second).len(), &second["items"][0]["key"], &second["next"]),
            (1, &json!("alpha"), &Value::Null)
        );
        // Who administers the app alone finds what is the app's, and nothing else.
        let theirs = ana.get("/bin?limit=500").await.ok();
        assert!(items(&theirs).iter().all(|line| line["app"] == app.id.as_str()), "{theirs}");
        assert_eq!(items(&theirs).len(), 3);
        let nobody = workspace.person("nobody").await;
        assert!(items(&nobody.get("/bin").await.ok()).is_empty());
        assert!(items(&nobody.get(&format!("/bin?app={}", app.id)).await.ok()).is_empty());
        admin.get("/bin?kind=thing").await.refused(422, "validation");
        admin.get("/bin?cursor=x").await.refused(422, "validation");
        admin.get("/bin?limit=501").await.refused(422, "validation");
        let twice = admin.post("/bin/restore", json!({"items": [{"id": ids[0]}, {"id": ids[0]}]})).await;
        assert_eq!(faults(&twice.refused(422, "validation")), ["items.1.id: twice"]);
        admin.post("/bin/purge", json!({"ids": [ids[0], ids[0]]})).await.refused(422, "validation");

        // With its app away nothing of it is in the bin by itself.
        admin.delete(&app.path(""), 2).await.with_status(204);
        assert!(found("&kind=dashboard").await.is_empty());
        assert_eq!(restore(admin, json!([{"id": ids[0]}])).await[0]["problem"]["code"], "not_found");
        let both = restore(admin, json!([{"id": ids[0]}, {"id": app.id}])).await;
        assert!(both.iter().all(|one| one["problem"].is_null()), "{both:?}");
    })
    .await;
}

#[tokio::test]
async fn where_a_key_is_taken_another_one_is_offered() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (app, sale) = sales(&workspace, "Taken").await;
        let made = sale.add(json!({"what": "pen", "amount": 2})).await;
        let board = || dashboard("board", json!("sale"), "amount");
        let first = id_of(&admin.post(&app.path("/dashboards"), board()).await.created());
        admin.delete(&format!("/dashboards/{first}"), 1).await.with_status(204);
        admin.post(&app.path("/dashboards"), board()).await.created();
        let refused = restore(admin, json!([{"id": first}])).await;
        let problem = &refused[0]["problem"];
        assert_eq!((&problem["code"], &problem["free_key"]), (&json!("key_taken"), &json!("board_2")));
        let wrong = restore(admin, json!([{"id": first, "key": "No key"}])).await;
        assert_eq!(wrong[0]["problem"]["errors"][0]["code"], "invalid_key");
        let back = restore(admin, json!([{"id": first, "key": "board_2"}])).await;
        assert_eq!(back[0]["key"], "board_2");
        assert_eq!(admin.get(&format!("/dashboards/{first}")).await.ok()["document"]["key"], "board_2");

        // A form with its records, too.
        admin.delete(&sale.path(""), 1).await.with_status(204);
        app.form(form("sale", [text("what"), number("amount", 0)])).await;
        let refused = restore(admin, json!([{"id": sale.id}])).await;
        assert_eq!(refused[0]["problem"]["free_key"], "sale_2");
        let back = restore(admin, json!([{"id": sale.id, "key": "sale_2"}])).await;
        assert_eq!(back[0]["key"], "sale_2", "{back:?}");
        let info = admin.get(&sale.path("")).await.ok();
        assert_eq!((&info["key"], &info["definition"]["key"]), (&json!("sale_2"), &json!("sale_2")));
        assert_eq!(sale.read(admin, &made).await.ok()["fields"], made["fields"]);
        sale.extend(json!([{"do": "add_field", "field": {"key": "more", "label": "More", "kind": "text"}}]))
            .await;

        // And an app.
        admin.delete(&app.path(""), 1).await.with_status(204);
        admin.post("/apps", json!({"label": "Other", "key": app.key})).await.created();
        let refused = restore(admin, json!([{"id": app.id}])).await;
        let free = refused[0]["problem"]["free_key"].as_str().unwrap().to_owned();
        assert_eq!(free, format!("{}_2", app.key));
        assert_eq!(restore(admin, json!([{"id": app.id, "key": free}])).await[0]["key"], free.as_str());
    })
    .await;
}

/// What names an app by its key means it, also once another one has the key; so it comes back under that key alone.
#[tokio::test]
async fn an_app_that_is_named_by_its_key_comes_back_under_no_other() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let shop = workspace.app("Named shop").await;
        let customer = shop.form(form("customer", [text("name")])).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let elsewhere = workspace.app("Naming shop").await;
        let theirs = link("theirs", &format!("{}/customer", shop.key));
        let visit = elsewhere.form(form("visit", [theirs, text("note")])).await;
        let made = visit.add(json!({"theirs": ann["id"], "note": "x"})).await;
        let tom = workspace.person("tom").await;
        admin.patch(&shop.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();
        for app in [&elsewhere, &shop] {
            admin.delete(&app.path(""), 1).await.with_status(204);
        }
        let other = admin.post("/apps", json!({"label": "Other shop", "key": shop.key})).await.created();
        let other = id_of(&other);
        let theirs = form("customer", [text("name")]).document();
        admin.post(&format!("/apps/{other}/forms"), theirs).await.created();
        let another = format!("{}_2", shop.key);
        let refused = restore(admin, json!([{"id": shop.id, "key": another}])).await;
        let problem = &refused[0]["problem"];
        assert_eq!(problem["code"], "app_named", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("Naming shop: visit"), "{problem}");
        assert_eq!((&problem["uses"][0]["id"], &problem["unseen"]), (&json!(visit.id), &json!(0)));
        // Who may not know of it is told that there is something.
        let refused = restore(&tom, json!([{"id": shop.id, "key": another}])).await;
        let problem = &refused[0]["problem"];
        assert_eq!((&problem["code"], &problem["uses"]), (&json!("app_named"), &json!([])), "{problem}");
        assert_eq!(problem["unseen"], 1, "{problem}");
        let told = problem.to_string();
        assert!(!told.contains("visit") && !told.contains("Naming shop"), "{told}");

        // The other one is named by nobody: it makes room, and comes back under another key.
        admin.delete(&format!("/apps/{other}"), 1).await.with_status(204);
        let back = restore(admin, json!([{"id": shop.id}, {"id": elsewhere.id}])).await;
        assert_eq!((&back[0]["key"], &back[1]["key"]), (&json!(shop.key), &json!(elsewhere.key)), "{back:?}");
        assert_eq!(visit.read(admin, &made).await.ok()["fields"], made["fields"]);
        let back = restore(admin, json!([{"id": other, "key": another}])).await;
        assert_eq!(back[0]["key"], another.as_str(), "{back:?}");

        // A form of its own that names another one of it in full holds it, too.
        let own = workspace.app("Named by itself").await;
        own.form(form("thing", [text("name")])).await;
        let whole = link("whole", &format!("{}/thing", own.key));
        own.form(form("note", [text("name"), whole])).await;
        admin.delete(&own.path(""), 1).await.with_status(204);
        let refused = restore(admin, json!([{"id": own.id, "key": format!("{}_2", own.key)}])).await;
        assert_eq!(refused[0]["problem"]["code"], "app_named", "{refused:?}");
        assert_eq!(restore(admin, json!([{"id": own.id}])).await[0]["key"], own.key.as_str());
    })
    .await;
}

/// A form that comes back under another key is still what earlier versions of other forms link to.
#[tokio::test]
async fn earlier_versions_link_to_a_form_that_came_back_under_another_key() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Shop").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let order = app.form(form("order", [link("buyer", "customer"), text("note")])).await;
        let elsewhere = workspace.app("Elsewhere").await;
        elsewhere.form(form("customer", [text("name")])).await;
        let theirs = link("theirs", &format!("{}/customer", app.key));
        let far = elsewhere.form(form("visit", [theirs, link("ours", "customer"), text("note")])).await;
        let remove = |key: &str| json!({"do": "remove_field", "key": key});
        order.extend(json!([remove("buyer")])).await;
        far.extend(json!([remove("theirs")])).await;
        admin.delete(&customer.path(""), 1).await.with_status(204);
        // By now the key is another one's, to which a new version links.
        app.form(form("customer", [text("name")])).await;
        order.extend(json!([{"do": "add_field", "field": link("new", "customer").value()}])).await;
        let back = restore(admin, json!([{"id": customer.id, "key": "customer_2"}])).await;
        assert_eq!(back, [json!({"id": customer.id, "key": "customer_2"})]);

        let linked = async |form: &Form, version: u32| {
            let document = admin.get(&form.path(&format!("/versions/{version}"))).await.ok();
            let fields = document["fields"].as_array().unwrap().clone();
            let links = fields.into_iter().filter(|field| field["kind"] == "link");
            links.map(|field| field["options"]["form"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(linked(&order, 1).await, ["customer_2"]);
        assert_eq!(linked(&order, 3).await, ["customer"], "that one was published after it was deleted");
        assert_eq!(linked(&far, 1).await, [format!("{}/customer_2", app.key), "customer".to_owned()]);
    })
    .await;
}
