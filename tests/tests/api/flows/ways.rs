//! Which way a request goes.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, link, number, select, test, text};
use tests::on_both_shared;

use super::{act, requests, state, task, todo};

#[tokio::test]
async fn the_amount_decides_which_way_it_goes() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let large = json!({"key": "large", "label": "Large", "when": test("amount", "gte", 1000), "steps": [approve("director", &[&r.two.id], json!({}))]});
        r.form.flow(json!([
            {"key": "size", "label": "Size", "kind": "branch", "mode": "exclusive", "arms": [large], "default": {"steps": [approve("manager", &[&r.one.id], json!({}))]}},
            approve("clerk", &[&r.three.id], json!({})),
        ])).await;
        assert_eq!(state(&r.ask(999).await), ("running", vec!["manager"]));
        assert_eq!(state(&r.ask(1000).await), ("running", vec!["director"]));
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        // A dry run goes the same way.
        let simulated = r.form.admin.post(&r.form.path("/flow/simulate"), json!({"record": {"what": "x", "amount": 5000}, "submitter": r.mei.id})).await.ok();
        let stops: Vec<_> = simulated["stops"].as_array().unwrap().iter().map(|stop| stop["step"].as_str().unwrap()).collect();
        assert_eq!((simulated["state"].as_str().unwrap(), stops.contains(&"director"), stops.contains(&"manager")), ("approved", true, false));
    })
    .await;
}

#[tokio::test]
async fn a_linked_record_decides_which_way_it_goes_and_who_is_asked() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Visits").await;
        let place = [select("region", &["north", "south"]), Field::new("keeper", "member")];
        let place = app.form(form("place", place)).await;
        let visit = app.form(form("visit", [text("what"), link("place", "place")])).await;
        let (mei, one, two) =
            (workspace.person("mei").await, workspace.person("one").await, workspace.person("two").await);
        visit.allow(group("askers", &[&mei.id])).await;
        place.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        let north = place.add(json!({"region": "north", "keeper": one.id})).await;
        let south = place.add(json!({"region": "south", "keeper": two.id})).await;
        let branch = |key: &str, near: Value, far: Value| {
            let arm = json!({"key": "north", "label": "North", "when": test("place.region", "eq", "north"), "steps": [near]});
            json!({"key": key, "label": key, "kind": "branch", "mode": "exclusive", "arms": [arm], "default": {"steps": [far]}})
        };
        visit
            .flow(json!([
                branch(
                    "first",
                    approve("near", &[], json!({"who": [{"field": "place.keeper"}]})),
                    approve("far", &[&two.id], json!({}))
                ),
                approve("middle", &[&two.id], json!({})),
                branch("last", approve("near_end", &[&one.id], json!({})), approve("far_end", &[&two.id], json!({}))),
            ]))
            .await;

        // At the start, and later on.
        let asked = visit.create(&mei, json!({"what": "x", "place": north["id"]})).await.created();
        assert_eq!(state(&asked), ("running", vec!["near"]));
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let steps = |list: &Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|stop| stop["step"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(steps(&mei.get(&instance).await.ok()["next"]), ["middle", "near_end"]);
        act(&one, &task(&one).await, "approve", json!({})).await.ok();
        let after = act(&two, &task(&two).await, "approve", json!({})).await.ok();
        assert_eq!(after["steps"], json!(["near_end"]));
        let other = visit.create(&mei, json!({"what": "y", "place": south["id"]})).await.created();
        assert_eq!(state(&other), ("running", vec!["far"]));

        // A dry run goes the same way.
        let record = json!({"record": {"what": "x", "place": north["id"]}, "submitter": mei.id});
        let simulated = visit.admin.post(&visit.path("/flow/simulate"), record).await.ok();
        let stops = steps(&simulated["stops"]);
        let passes = |step: &str| stops.iter().any(|stop| stop == step);
        assert!(passes("near") && passes("near_end") && !passes("far") && !passes("far_end"), "{stops:?}");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_reads_no_more_than_who_starts_it_may() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let place = workspace.form(form("place", [text("name"), number("budget", 0)])).await;
        place.allow(group("all", &[&mei.id]).may(&["view"]).field("budget", "none")).await;
        let north = place.create(admin, json!({"name": "North", "budget": 9})).await.created();
        let app = mei.post("/apps", json!({"key": "meis", "label": "Mei's"})).await.created();
        let document = form("visit", [text("what"), link("place", &place.id).option("on_target_delete", "clear")]);
        let visit = mei.post(&format!("/apps/{}/forms", app["id"].as_str().unwrap()), document.document()).await.created();
        let visit = format!("/forms/{}", visit["id"].as_str().unwrap());
        let draft = async |field: &str, value: Value| {
            let arm = json!({"key": "rich", "label": "Rich", "when": test(field, "eq", value),
                "steps": [approve("boss", &[&mei.id], json!({}))]});
            let branch = json!({"key": "way", "label": "Way", "kind": "branch", "mode": "exclusive", "arms": [arm], "default": {"steps": []}});
            let flow = json!({"format": 1, "label": "Flow", "start": {"fields": {"*": "edit"}}, "steps": [branch]});
            mei.put(&format!("{visit}/flow/draft"), "*", flow).await.ok();
        };
        let run = async || mei.post(&format!("{visit}/flow/simulate"), json!({"record": {"place": north["id"]}})).await;
        draft("place.budget", json!(9)).await;
        run().await.refused(403, "reads_hidden_field");
        draft("place.name", json!("North")).await;
        assert!(run().await.ok()["stops"].to_string().contains("boss"), "what is open to her");
    })
    .await;
}

#[tokio::test]
async fn arms_run_side_by_side_and_join() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                {"key": "side", "label": "Side by side", "kind": "parallel", "join": "all", "arms": [
                    {"key": "a", "label": "A", "steps": [approve("money", &[&r.one.id], json!({}))]},
                    {"key": "b", "label": "B", "steps": [approve("law", &[&r.two.id], json!({}))]},
                ]},
                approve("last", &[&r.three.id], json!({})),
            ]))
            .await;
        let asked = r.ask(5).await;
        assert_eq!(r.state(&asked).await.1.len(), 2);
        let (money, law) = (task(&r.one).await, task(&r.two).await);
        let (a, b) =
            tokio::join!(act(&r.one, &money, "approve", json!({})), act(&r.two, &law, "approve", json!({})));
        a.ok();
        b.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["last".into()]));
        act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn all_arms_that_match_run_side_by_side_and_a_return_out_of_them_ends_them_all() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let arm = |key: &str, least: i64, who: &str| {
            json!({"key": key, "label": key, "when": test("amount", "gte", least),
                "steps": [approve(&format!("by_{key}"), &[who], json!({}))]})
        };
        r.form
            .flow(json!([
                {"key": "size", "label": "Size", "kind": "branch", "mode": "inclusive", "default": {"steps": []},
                    "arms": [arm("some", 100, &r.one.id), arm("much", 1000, &r.two.id)]},
                approve("last", &[&r.three.id], json!({})),
            ]))
            .await;
        let small = r.ask(5).await;
        assert_eq!(state(&small), ("running", vec!["last"]), "none matches: the default arm");
        act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        let asked = r.ask(5000).await;
        assert_eq!(state(&asked), ("running", vec!["by_some", "by_much"]));
        act(&r.one, &task(&r.one).await, "return", json!({"to": "start", "opinion": "Why?"})).await.ok();
        assert_eq!(r.state(&asked).await.1, ["start"]);
        assert!(todo(&r.two).await.is_empty(), "the other arm has ended with it");
        act(&r.mei, &task(&r.mei).await, "submit", json!({})).await.ok();
        for who in [&r.two, &r.one, &r.three] {
            act(who, &task(who).await, "approve", json!({})).await.ok();
        }
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn one_arm_or_so_many_end_the_others() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let arm = |key: &str, who: &str| {
            json!({"key": key, "label": key, "steps": [approve(&format!("by_{key}"), &[who], json!({}))]})
        };
        let joined = async |join: Value| {
            let arms = [arm("a", &r.one.id), arm("b", &r.two.id), arm("c", &r.three.id)];
            let side = json!({"key": "side", "label": "Side by side", "kind": "parallel", "join": join, "arms": arms});
            r.form.flow(json!([side, approve("last", &[&r.one.id], json!({}))])).await;
        };
        let last_of_all = async |asked: &Value| {
            assert_eq!(r.state(asked).await, ("running".into(), vec!["last".into()]));
            assert!(todo(&r.three).await.is_empty(), "nobody is asked in an arm that has ended");
            act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
            assert_eq!(r.state(asked).await.0, "approved");
        };

        joined(json!("any")).await;
        let asked = r.ask(5).await;
        let (first, third) = (task(&r.one).await, task(&r.three).await);
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        act(&r.one, &first, "approve", json!({})).await.refused(409, "task_closed");
        act(&r.three, &third, "approve", json!({})).await.refused(409, "task_closed");
        last_of_all(&asked).await;

        joined(json!({"n": 2})).await;
        let asked = r.ask(6).await;
        let third = task(&r.three).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let mut waiting = r.state(&asked).await.1;
        waiting.sort();
        assert_eq!(waiting, ["by_b", "by_c"], "one of two is through");
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        act(&r.three, &third, "approve", json!({})).await.refused(409, "task_closed");
        last_of_all(&asked).await;
    })
    .await;
}
