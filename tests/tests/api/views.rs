//! Saved views: whose they are, who changes them, and that they show nobody more than they may see.

use serde_json::{Value, json};
use tests::design::{date, form, group, number, select, test, text};
use tests::workspace::{faults, id_of, items, values_of, version_of};
use tests::{Client, Form, Workspace, on_both_shared};

use crate::export::export;

async fn deals(workspace: &Workspace) -> Form {
    let fields = [
        text("name"),
        select("stage", &["open", "won", "lost"]),
        number("amount", 2),
        number("cost", 2),
        date("begins"),
        date("ends"),
    ];
    let form = workspace.form(form("deal", fields)).await;
    let stages = ["open", "won", "lost"];
    let deal =
        |n: usize| json!({"name": format!("d{n}"), "stage": (stages[n % 3]), "amount": n * 10, "cost": n});
    form.add_all((0..9).map(deal)).await;
    form
}

fn at(view: &Value) -> String {
    format!("/views/{}", id_of(view))
}

async fn labels(who: &Client, form: &Form) -> Vec<String> {
    let list = who.get(&form.path("/views")).await.ok();
    items(&list).iter().map(|view| view["label"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn ones_own_views_are_ones_own_and_shared_ones_are_seen_by_all() {
    on_both_shared(async |workspace| {
        let (admin, deal) = (&workspace.admin, deals(&workspace).await);
        let (mei, ana) = (workspace.person("mei").await, workspace.person("ana").await);
        deal.allow(group("all", &[&mei.id, &ana.id])).await;
        let path = deal.path("/views");
        let mine = mei.post(&path, json!({"label": "My deals"})).await.created();
        assert_eq!(
            (&mine["key"], &mine["scope"], &mine["kind"]),
            (&json!("my_deals"), &json!("own"), &json!("table"))
        );
        assert_eq!((&mine["may_change"], &mine["may_share"]), (&json!(true), &json!(false)));
        assert_eq!(mine["owner"]["name"], "mei");
        assert_eq!((labels(&mei, &deal).await.len(), labels(&ana, &deal).await.len()), (1, 0));
        ana.patch(&at(&mine), 1, json!({"label": "hers"})).await.refused(404, "not_found");
        admin.patch(&at(&mine), 1, json!({"label": "theirs"})).await.refused(404, "not_found");

        // Who does not design the form shows nobody a view.
        mei.post(&path, json!({"label": "x", "scope": "shared"})).await.refused(403, "forbidden");
        mei.patch(&at(&mine), 1, json!({"scope": "locked"})).await.refused(403, "forbidden");

        let shared = admin.post(&path, json!({"label": "Won", "scope": "shared"})).await.created();
        assert_eq!(labels(&mei, &deal).await, ["My deals", "Won"]);
        mei.patch(&at(&shared), 1, json!({"label": "x"})).await.refused(403, "forbidden");
        mei.delete(&at(&shared), 1).await.refused(403, "forbidden");

        let renamed = mei.patch(&at(&mine), 1, json!({"label": "Mine"})).await.ok();
        assert_eq!((version_of(&renamed), &renamed["label"]), (2, &json!("Mine")));
        mei.patch(&at(&mine), 1, json!({"label": "late"})).await.refused(412, "stale");
        mei.delete(&at(&mine), 1).await.refused(412, "stale");
        mei.delete(&at(&mine), 2).await.with_status(204);
        assert_eq!(labels(&mei, &deal).await, ["Won"]);

        // A view taken back is gone for the others.
        admin.patch(&at(&shared), 1, json!({"scope": "own"})).await.ok();
        assert!(labels(&mei, &deal).await.is_empty());
        let stranger = workspace.person("bo").await;
        stranger.get(&path).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_locked_view_is_changed_by_nobody_but_who_locked_it_and_the_workspace_s_administrators() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (app, mei, ana) =
            (workspace.app("Sales").await, workspace.person("mei").await, workspace.person("ana").await);
        let admins = json!({"admins": [{"members": [mei.id, ana.id]}]});
        admin.patch(&app.path(""), 1, admins).await.ok();
        let deal = app.form(form("deal", [text("name")])).await;
        let path = deal.path("/views");
        let locked = mei.post(&path, json!({"label": "Fixed", "scope": "locked"})).await.created();
        let seen = ana.get(&path).await.ok();
        assert_eq!(items(&seen)[0]["may_change"], false);
        ana.patch(&at(&locked), 1, json!({"label": "x"})).await.refused(403, "view_locked");
        ana.delete(&at(&locked), 1).await.refused(403, "view_locked");
        let open = mei.patch(&at(&locked), 1, json!({"scope": "shared"})).await.ok();
        ana.patch(&at(&open), 2, json!({"label": "Theirs"})).await.ok();
        // Shared by somebody else, it is not hers to take away from the others.
        ana.patch(&at(&open), 3, json!({"scope": "own"})).await.refused(403, "forbidden");
        ana.patch(&at(&open), 3, json!({"scope": "locked"})).await.refused(403, "forbidden");
        mei.patch(&at(&open), 3, json!({"scope": "locked"})).await.ok();
        admin.patch(&at(&open), 4, json!({"scope": "shared"})).await.ok();
        // What a token may not design it does not share.
        let token = mei.post("/tokens", json!({"name": "t", "scopes": ["read", "write"]})).await.created();
        let script = Client::with_token(admin.url(), token["token"].as_str().unwrap());
        script.post(&path, json!({"label": "By hand"})).await.created();
        script.post(&path, json!({"label": "For all", "scope": "shared"})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_the_form_is_refused_with_its_place() {
    on_both_shared(async |workspace| {
        let (admin, deal) = (&workspace.admin, deals(&workspace).await);
        let path = deal.path("/views");
        let refused =
            async |view: Value, code: &str| faults(&admin.post(&path, view).await.refused(422, code));
        let wrong = json!({"label": "v", "columns": [{"field": "gone"}], "sort": [{"field": "gone"}]});
        assert_eq!(
            refused(wrong, "unknown_field").await,
            ["/columns/0/field: unknown_field", "/sort/0/field: unknown_field"]
        );
        let board = json!({"label": "v", "kind": "kanban", "options": {"by": "amount"}});
        assert_eq!(refused(board, "validation").await, ["/options/by: not_for_view"]);
        let bars = json!({"label": "v", "kind": "gantt", "options": {"start": "begins"}});
        assert_eq!(refused(bars, "validation").await, ["/options/end: required"]);
        assert_eq!(
            refused(json!({"label": "v", "color": 1}), "unknown_member").await,
            ["/color: unknown_member"]
        );
        assert_eq!(refused(json!({"kind": "table"}), "validation").await, ["/label: required"]);
        let view = admin.post(&path, json!({"key": "one", "label": "v"})).await.created();
        admin.post(&path, json!({"key": "one", "label": "w"})).await.refused(409, "view_taken");
        let fixed = admin.patch(&at(&view), 1, json!({"key": "two"})).await.refused(422, "validation");
        assert_eq!(faults(&fixed), ["/key: key_is_fixed"]);
        let half = admin.patch(&at(&view), 1, json!({"kind": "calendar"})).await.refused(422, "validation");
        assert_eq!(faults(&half), ["/options/start: required"]);
        let whole =
            json!({"kind": "calendar", "options": {"start": "begins", "end": "ends", "scale": "month"}});
        assert_eq!(admin.patch(&at(&view), 1, whole.clone()).await.ok()["options"], whole["options"]);
        let request = admin.request(reqwest::Method::PATCH, &at(&view)).json(&json!({"label": "x"}));
        admin.send(request).await.refused(428, "if_match_required");
        // An answer that was lost is not a second view.
        let once = json!({"label": "Once"});
        let first = admin.post_once(&path, "k", once.clone()).await.created();
        assert_eq!(id_of(&admin.post_once(&path, "k", once).await.created()), id_of(&first));
    })
    .await;
}

#[tokio::test]
async fn lists_and_files_are_those_of_a_view() {
    on_both_shared(async |workspace| {
        let (admin, deal) = (&workspace.admin, deals(&workspace).await);
        let view = json!({"label": "Won", "columns": [{"field": "name"}, {"field": "amount", "width": 90}],
            "filter": test("stage", "eq", "won"), "sort": [{"field": "amount", "desc": true}]});
        let view = admin.post(&deal.path("/views"), view).await.created();
        let list = deal.query(admin, json!({"view": id_of(&view)})).await.ok();
        assert_eq!(values_of(&list, "name"), ["d7", "d4", "d1"]);
        assert!(items(&list)[0]["fields"].get("cost").is_none(), "{list}");
        let by_address = admin.get(&deal.path(&format!("/records?view={}", id_of(&view)))).await.ok();
        assert_eq!(values_of(&by_address, "name"), ["d7", "d4", "d1"]);
        // What is asked besides narrows it, and its order and fields give way.
        let asked = json!({"view": id_of(&view), "filter": test("amount", "lt", 60), "sort": [{"field": "name"}], "fields": ["name", "cost"]});
        let narrowed = deal.query(admin, asked).await.ok();
        assert_eq!((values_of(&narrowed, "name"), values_of(&narrowed, "cost")), (vec!["d1", "d4"], vec!["1.00", "4.00"]));
        // Page by page it goes on where it was, however the view is changed meanwhile.
        let page = deal.query(admin, json!({"view": id_of(&view), "limit": 2})).await.ok();
        let next = json!({"view": id_of(&view), "limit": 2, "cursor": page["next"]});
        assert_eq!(values_of(&deal.query(admin, next.clone()).await.ok(), "name"), ["d1"]);
        admin.patch(&at(&view), 1, json!({"filter": test("stage", "eq", "lost")})).await.ok();
        assert_eq!(faults(&deal.query(admin, next).await.refused(422, "validation")), ["cursor: bad_cursor"]);

        let (result, file) = export(admin, &deal, json!({"format": "json", "view": id_of(&view)})).await;
        assert_eq!(result["records"], 3);
        let names = file.body.as_array().unwrap().iter().map(|deal| deal["name"].as_str().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["d8", "d5", "d2"]);
        assert!(!file.body.to_string().contains("cost"), "{}", file.body);
        let other = workspace.form(form("other", [text("name")])).await;
        let unknown = other.query(admin, json!({"view": id_of(&view)})).await.refused(422, "validation");
        assert_eq!(faults(&unknown), ["view: unknown_view"]);
        let mei = workspace.person("mei").await;
        deal.allow(group("all", &[&mei.id])).await;
        deal.query(&mei, json!({"view": id_of(&view)})).await.refused(422, "validation");
    })
    .await;
}

/// What a reader may not see is not in the view that they get, and the view shows them no more than they could ask for.
#[tokio::test]
async fn a_view_widens_nothing() {
    on_both_shared(async |workspace| {
        let (admin, deal) = (&workspace.admin, deals(&workspace).await);
        let mei = workspace.person("mei").await;
        deal.allow(group("clerks", &[&mei.id]).field("cost", "none").rows(test("stage", "ne", "lost"))).await;
        let path = deal.path("/views");
        let shared = json!({"label": "All", "scope": "shared", "columns": [{"field": "name"}, {"field": "cost"}],
            "sort": [{"field": "cost", "desc": true}, {"field": "name"}], "sums": {"cost": "sum"}, "group": ["cost"]});
        let shared = admin.post(&path, shared).await.created();
        let narrow = json!({"label": "Dear", "scope": "shared", "filter": test("cost", "gt", 4711)});
        let narrow = admin.post(&path, narrow).await.created();
        let list = mei.get(&path).await.ok();
        assert!(!list.to_string().contains("cost") && !list.to_string().contains("4711"), "{list}");
        let all = &items(&list)[0];
        assert_eq!((&all["columns"], &all["sort"]), (&json!([{"field": "name"}]), &json!([{"field": "name"}])));
        assert_eq!((&all["sums"], &all["group"], all.get("faults")), (&json!({}), &json!([]), None));
        let dear = &items(&list)[1];
        assert_eq!((&dear["filter"], &dear["faults"][0]["code"]), (&Value::Null, &json!("view_out_of_reach")));

        let seen = deal.query(&mei, json!({"view": id_of(&shared)})).await.ok();
        assert_eq!(values_of(&seen, "name"), ["d0", "d1", "d3", "d4", "d6", "d7"], "no row that she may not see");
        assert!(!seen.to_string().contains("cost"), "{seen}");
        let closed = deal.query(&mei, json!({"view": id_of(&narrow)})).await.refused(422, "validation");
        assert_eq!(faults(&closed), ["view: view_out_of_reach"]);
        let hidden = json!({"label": "x", "filter": test("cost", "gt", 1)});
        let never = json!({"label": "x", "filter": test("nothing", "gt", 1)});
        let hidden = mei.post(&path, hidden).await.refused(422, "unknown_field");
        let never = mei.post(&path, never).await.refused(422, "unknown_field");
        assert_eq!((faults(&hidden), &hidden["title"]), (faults(&never), &never["title"]));
    })
    .await;
}

#[tokio::test]
async fn a_field_that_goes_leaves_the_views_and_comes_back_with_its_place() {
    on_both_shared(async |workspace| {
        let (admin, deal) = (&workspace.admin, deals(&workspace).await);
        let path = deal.path("/views");
        let table = json!({"label": "Table", "columns": [{"field": "name"}, {"field": "stage"}], "sort": [{"field": "stage"}]});
        let table = admin.post(&path, table).await.created();
        let board = json!({"label": "Board", "kind": "kanban", "options": {"by": "stage"}});
        admin.post(&path, board).await.created();
        let used = admin.get(&deal.path("/fields/stage/dependents")).await.ok();
        let used: Vec<&Value> = items(&used).iter().filter(|one| one["object"] == "view").collect();
        assert_eq!(used.iter().map(|one| &one["label"]).collect::<Vec<_>>(), [&json!("Table"), &json!("Board")]);

        deal.extend(json!([{"do": "remove_field", "key": "stage"}])).await;
        let list = admin.get(&path).await.ok();
        assert_eq!(items(&list)[0]["columns"], json!([{"field": "name"}]));
        assert_eq!((items(&list)[0].get("faults"), &items(&list)[1]["faults"][0]["path"]), (None, &json!("/options/by")));
        deal.query(admin, json!({"view": id_of(&table)})).await.ok();
        // It can be renamed meanwhile, and what is gone stays in its place.
        admin.patch(&at(&table), 1, json!({"label": "Same"})).await.ok();
        admin.post(&deal.path("/fields/stage/restore"), json!({})).await.ok();
        admin.post(&deal.path("/publish"), json!({})).await.ok();
        let list = admin.get(&path).await.ok();
        assert_eq!(items(&list)[0]["columns"], json!([{"field": "name"}, {"field": "stage"}]));
        assert_eq!(items(&list)[1].get("faults"), None);
    })
    .await;
}
