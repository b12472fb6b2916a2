//! Figures of a flow, and the requests behind them.

use serde_json::{Value, json};
use tests::design::{approve, test};
use tests::workspace::{UNKNOWN, faults, items};
use tests::{Client, on_both_shared};

use super::{Requests, act, requests, task, todo};

impl Requests {
    async fn figures(&self, asked: &str) -> Value {
        self.form.admin.get(&self.form.path(&format!("/flow/figures?{asked}"))).await.ok()
    }

    /// How many there are, and how long each took, in seconds.
    async fn behind(&self, asked: &str) -> Vec<i64> {
        let list =
            self.form.admin.get(&self.form.path(&format!("/flow/figures/requests?{asked}"))).await.ok();
        items(&list).iter().map(|case| case["took"].as_i64().unwrap()).collect()
    }
}

/// What somebody does with the oldest of their tasks.
async fn oldest(who: &Client, action: &str, body: Value) -> Value {
    let waiting = todo(who).await;
    act(who, waiting.last().unwrap(), action, body).await.ok()
}

fn step<'f>(figures: &'f Value, key: &str) -> &'f Value {
    let steps = figures["steps"].as_array().unwrap();
    &steps.iter().find(|step| step["step"] == key).unwrap_or_else(|| panic!("no {key} in {figures}"))["figure"]
}

fn person<'f>(figures: &'f Value, id: &str) -> &'f Value {
    let people = figures["people"].as_array().unwrap();
    &people.iter().find(|person| person["member"] == id).unwrap_or_else(|| panic!("no {id}"))["figure"]
}

/// The numbers of a figure that are whole counts.
fn counts(figure: &Value) -> [i64; 5] {
    ["running", "begun", "done", "returned", "rejected"].map(|name| figure[name].as_i64().unwrap())
}

#[tokio::test]
async fn requests_are_counted_by_step_person_period_and_version() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({"label": "The boss"})),
                approve("both", &[&r.two.id, &r.three.id], json!({"policy": "all"}))
            ]))
            .await;
        let nothing = r.figures("").await;
        assert_eq!(counts(&nothing["total"]), [0; 5]);
        assert_eq!((&nothing["total"]["median"], &nothing["total"]["p90"]), (&Value::Null, &Value::Null));

        // One goes through, one is sent back and lies with who asked, one is rejected, one waits for the second step.
        r.ask(1).await;
        oldest(&r.one, "approve", json!({})).await;
        oldest(&r.two, "approve", json!({})).await;
        oldest(&r.three, "approve", json!({})).await;
        r.ask(2).await;
        oldest(&r.one, "return", json!({"to": "start", "opinion": "Why?"})).await;
        r.ask(3).await;
        oldest(&r.one, "reject", json!({})).await;
        r.ask(4).await;
        oldest(&r.one, "approve", json!({})).await;
        oldest(&r.two, "approve", json!({})).await;

        let all = r.figures("").await;
        assert_eq!(counts(&all["total"]), [2, 4, 2, 1, 1]);
        let states = json!({"approved": 1, "rejected": 1, "running": 2});
        assert_eq!(all["states"], states);
        let order: Vec<&Value> = all["steps"].as_array().unwrap().iter().map(|step| &step["step"]).collect();
        assert_eq!(order, ["start", "boss", "both"]);
        assert_eq!(all["steps"][1]["label"], "The boss");
        assert_eq!(counts(step(&all, "boss")), [0, 4, 4, 1, 1]);
        assert_eq!(counts(step(&all, "both")), [1, 2, 1, 0, 0]);
        assert_eq!(counts(step(&all, "start")), [1, 1, 0, 0, 0]);
        assert_eq!(counts(person(&all, &r.one.id)), [0, 4, 4, 1, 1]);
        assert_eq!(counts(person(&all, &r.three.id)), [1, 2, 1, 0, 0]);
        let parts = all["periods"].as_array().unwrap();
        assert_eq!(parts.len(), 12);
        assert_eq!(counts(&parts[11]["figure"])[1..], [4, 2, 1, 1]);
        assert_eq!(counts(&parts[10]["figure"])[1..], [0; 4]);

        // Each number opens what it counts.
        for (asked, count) in [
            ("which=running", 2),
            ("which=done", 2),
            ("which=begun", 4),
            ("which=returned", 1),
            ("which=rejected", 1),
            ("which=overdue", 0),
            ("which=late", 0),
            ("which=done&step=boss", 4),
            ("which=running&step=both", 1),
            ("which=returned&step=boss", 1),
        ] {
            assert_eq!(r.behind(asked).await.len(), count, "{asked}");
        }
        assert_eq!(r.behind(&format!("which=done&person={}", r.two.id)).await.len(), 2);
        let mut took = r.behind("which=done&step=boss").await;
        took.sort_unstable();
        let boss = step(&all, "boss");
        assert_eq!(boss["p90"], took[3], "the longest of four");
        let between = took[1]..=took[2];
        assert!(between.contains(&boss["median"].as_i64().unwrap()), "{boss} {took:?}");

        // With a step or a person, it is all of that.
        let of_step = r.figures("step=boss").await;
        assert_eq!((&of_step["total"], &of_step["states"]), (boss, &json!({})));
        let of_person = r.figures(&format!("person={}", r.two.id)).await;
        assert_eq!(counts(&of_person["total"]), [0, 2, 2, 0, 0]);
        assert_eq!(counts(step(&of_person, "both")), [0, 2, 2, 0, 0]);
        // What is done now lies in no year before.
        let before = r.figures("from=2001&to=2002").await;
        assert_eq!(counts(&before["total"]), [2, 0, 0, 0, 0]);
        assert_eq!((&before["from"], &before["to"]), (&json!("2001-01-01"), &json!("2002-12-31")));
        assert!(r.behind("which=done&to=2002").await.is_empty());
        assert_eq!(r.behind("which=done&relative=last_n_days&n=2").await.len(), 2);
        assert!(r.behind("which=done&relative=previous_year").await.is_empty());

        // Another version, beside the first.
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({"label": "The head"}))])).await;
        r.ask(5).await;
        oldest(&r.one, "approve", json!({})).await;
        let second = r.figures("version=2&compare=1").await;
        assert_eq!(counts(&second["total"]), [0, 1, 1, 0, 0]);
        assert_eq!(counts(&second["compared"]["total"]), [2, 4, 2, 1, 1]);
        assert_eq!(counts(&second["compared"]["steps"]["boss"]), [0, 4, 4, 1, 1]);
        let versions: Vec<(i64, bool)> = second["versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["version"].as_i64().unwrap(), one["active"].as_bool().unwrap()))
            .collect();
        assert_eq!(versions, [(2, true), (1, false)]);
        // All versions together: the newest name of a step, and steps that are no more after those that are.
        let both = r.figures("").await;
        assert_eq!(step(&both, "boss")["done"], 5);
        assert_eq!(both["steps"][1]["label"], "The head");
        assert_eq!(both["steps"][2]["step"], "both");
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_or_said_after_the_end_counts_once() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([approve("boss", &[&r.one.id], json!({})), approve("last", &[&r.two.id], json!({}))]))
            .await;
        let asked = r.ask(1).await;
        let first = task(&r.one).await;
        act(&r.one, &first, "approve", json!({})).await.ok();
        act(&r.one, &first, "withdraw", json!({})).await.ok();
        let figures = r.figures("").await;
        assert_eq!(counts(step(&figures, "boss")), [1, 1, 0, 0, 0]);
        assert_eq!(counts(step(&figures, "last"))[..1], [0]);
        act(&r.one, &first, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        let before = r.figures("").await["total"].clone();
        let instance = asked["instance"]["id"].as_str().unwrap();
        let said = json!({"text": "Thank you"});
        r.mei.post(&format!("/instances/{instance}/comment"), said).await.ok();
        assert_eq!(r.figures("").await["total"], before);
    })
    .await;
}

#[tokio::test]
async fn a_step_that_passes_by_itself_is_nobodys_work() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let large = json!({"key": "size", "label": "Size", "kind": "branch", "arms": [{"key": "large", "label": "Large",
            "when": test("amount", "gt", 10), "steps": [approve("again", &[&r.one.id], json!({}))]}],
            "default": {"steps": []}});
        r.form.flow_with(json!({"format": 1, "label": "Approval", "auto_pass": "consecutive", "steps": [
            approve("boss", &[&r.one.id], json!({})), large]})).await;
        r.ask(50).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let figures = r.figures("").await;
        assert_eq!(counts(step(&figures, "boss")), [0, 1, 1, 0, 0]);
        assert_eq!(counts(step(&figures, "again")), [0; 5]);
        assert_eq!(person(&figures, &r.one.id)["done"], 1);
    })
    .await;
}

#[tokio::test]
async fn figures_are_for_those_who_administer_the_app() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        r.ask(1).await;
        for path in ["/flow/figures", "/flow/figures/requests?which=running"] {
            let path = r.form.path(path);
            // Who may use the form knows that it has figures, who decides something in it does not.
            r.mei.get(&path).await.refused(403, "forbidden");
            r.one.get(&path).await.refused(404, "not_found");
            r.form.admin.stranger().get(&path).await.with_status(401);
            r.form.admin.get(&path).await.ok();
        }
        let form = r.form.admin.get(&r.form.path("")).await.ok();
        let app = form["app"].as_str().unwrap();
        let admins = json!({"admins": [{"members": [r.two.id]}]});
        r.form.admin.patch(&format!("/apps/{app}"), 1, admins).await.ok();
        assert_eq!(r.two.get(&r.form.path("/flow/figures")).await.ok()["total"]["running"], 1);
        let listed = r.two.get(&r.form.path("/flow/figures/requests?which=running")).await.ok();
        assert_eq!(items(&listed)[0]["submitter_name"], "mei");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_its_place() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let refused = async |asked: &str| {
            let problem = r.form.admin.get(&r.form.path(&format!("/flow/{asked}"))).await;
            assert_eq!(problem.status, 422, "{asked} {}", problem.body);
            faults(&problem.body)
        };
        assert_eq!(refused("figures?from=yesterday").await, ["from: bad_period"]);
        assert_eq!(refused("figures?from=2026-02&to=2026-01").await, ["to: ends_before_it_begins"]);
        assert_eq!(refused("figures?from=2026&relative=this_month").await, ["relative: bad_period"]);
        assert_eq!(refused("figures?version=9").await, ["version: unknown_flow_version"]);
        assert_eq!(refused("figures?compare=9").await, ["compare: unknown_flow_version"]);
        assert_eq!(refused("figures?from=2020&to=2026&unit=day").await, ["unit: too_many"]);
        assert_eq!(refused("figures?colour=red").await, ["colour: unknown_member"]);
        assert_eq!(refused("figures/requests?which=done&cursor=x").await, ["cursor: bad_cursor"]);
        assert_eq!(refused("figures/requests?which=done&limit=501").await, ["limit: too_large"]);
        assert_eq!(refused("figures/requests?which=nice").await, ["which: bad_parameter"]);
        r.form.admin.get(&format!("/forms/{UNKNOWN}/flow/figures")).await.refused(404, "not_found");
        // A list goes on where the page before ended.
        for amount in 0..3 {
            r.ask(amount).await;
        }
        let path = r.form.path("/flow/figures/requests?which=running&limit=2");
        let first = r.form.admin.get(&path).await.ok();
        let next = first["next"].as_str().unwrap();
        let second = r.form.admin.get(&format!("{path}&cursor={next}")).await.ok();
        assert_eq!((items(&first).len(), items(&second).len(), &second["next"]), (2, 1, &Value::Null));
        let shown: Vec<&Value> =
            items(&first).iter().chain(items(&second)).map(|case| &case["record"]).collect();
        assert!(shown.windows(2).all(|pair| pair[0].as_str() > pair[1].as_str()), "{shown:?}");
    })
    .await;
}
