//! Approval flows as the people in them meet them.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, link, number, select, serial, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items};
use tests::{Client, Form, Person, Workspace};

/// A request for money by `mei`, with whatever flow a story gives it.
struct Requests {
    form: Form,
    mei: Person,
    one: Person,
    two: Person,
    three: Person,
}

async fn requests(workspace: &Workspace) -> Requests {
    let request = form(
        "request",
        [serial("no", "R-"), text("what").required(), number("amount", 2), text("note"), number("cost", 2)],
    );
    let form = workspace.form(request.with("title", "{what}")).await;
    let mei = workspace.person("mei").await;
    form.allow(group("askers", &[&mei.id])).await;
    let (one, two, three) =
        (workspace.person("one").await, workspace.person("two").await, workspace.person("three").await);
    Requests { form, mei, one, two, three }
}

impl Requests {
    async fn ask(&self, amount: i64) -> Value {
        self.form.create(&self.mei, json!({"what": "Chairs", "amount": amount, "cost": 1})).await.created()
    }

    async fn instance(&self, record: &Value) -> Value {
        self.mei.get(&format!("/instances/{}", record["instance"]["id"].as_str().unwrap())).await.ok()
    }

    async fn state(&self, record: &Value) -> (String, Vec<String>) {
        let instance = self.instance(record).await;
        let steps =
            instance["steps"].as_array().unwrap().iter().map(|step| step.as_str().unwrap().to_owned());
        (instance["state"].as_str().unwrap().to_owned(), steps.collect())
    }
}

/// The ids of the tasks that wait for somebody.
async fn todo(who: &Client) -> Vec<String> {
    items(&who.get("/tasks?box=todo").await.ok()).iter().map(id_of).collect()
}

/// The only task that waits for somebody.
async fn task(who: &Client) -> String {
    let mut waiting = todo(who).await;
    assert_eq!(waiting.len(), 1, "one task");
    waiting.remove(0)
}

async fn act(who: &Client, task: &str, action: &str, body: Value) -> tests::Answer {
    who.post(&format!("/tasks/{task}/{action}"), body).await
}

fn state(record: &Value) -> (&str, Vec<&str>) {
    let instance = &record["instance"];
    (
        instance["state"].as_str().unwrap(),
        instance["steps"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect(),
    )
}

#[tokio::test]
async fn anybody_of_several_approves_and_the_record_is_approved() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({}))])).await;
        let asked = r.ask(5).await;
        assert_eq!(state(&asked), ("running", vec!["boss"]));
        assert_eq!(
            (&asked["system"]["flow_state"], &asked["fields"]["no"]),
            (&json!("running"), &json!("R-0001"))
        );
        assert_eq!(asked["system"]["flow"]["assignees"].as_array().unwrap().len(), 2);

        let list = r.one.get("/tasks?box=todo&count=exact").await;
        let waiting = items(&list.ok())[0].clone();
        assert_eq!(
            (&waiting["step"], &waiting["record"], &waiting["state"], &waiting["opinion"]),
            (&json!("boss"), &asked["id"], &json!("open"), &json!("optional"))
        );
        let actions = waiting["actions"].as_array().unwrap();
        for action in ["approve", "reject", "transfer", "save"] {
            assert!(actions.contains(&json!(action)), "{actions:?}");
        }
        // An approver reads the record, whatever groups say.
        assert_eq!(r.form.read(&r.one, &asked).await.ok()["fields"]["what"], "Chairs");
        r.form.query(&r.one, json!({})).await.refused(404, "not_found");

        let second = task(&r.two).await;
        let after = act(&r.one, &id_of(&waiting), "approve", json!({"opinion": "Fine"})).await.ok();
        assert_eq!((&after["state"], &after["steps"]), (&json!("approved"), &json!([])));
        assert!(todo(&r.two).await.is_empty());
        act(&r.two, &second, "approve", json!({})).await.refused(409, "task_closed");
        act(&r.one, &id_of(&waiting), "approve", json!({})).await.refused(409, "task_closed");
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "approved");

        let instance = r.instance(&asked).await;
        let told: Vec<_> =
            instance["log"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert!(told.contains(&"approve"), "{told:?}");
        let line =
            instance["log"].as_array().unwrap().iter().find(|line| line["action"] == "approve").unwrap();
        assert_eq!(
            (&line["who"], &line["step"], &line["opinion"]),
            (&json!(r.one.id), &json!("boss"), &json!("Fine"))
        );
        let states: Vec<_> = instance["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["state"].as_str().unwrap())
            .collect();
        assert!(states.contains(&"done") && states.contains(&"cancelled"), "{states:?}");
        assert_eq!(items(&r.one.get("/tasks?box=handled").await.ok()).len(), 1);
        assert_eq!(items(&r.mei.get("/tasks?box=started").await.ok())[0]["state"], "approved");
    })
    .await;
}

#[tokio::test]
async fn all_must_agree_and_one_who_does_not_ends_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("both", &[&r.one.id, &r.two.id], json!({"policy": "all"}))])).await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["both".into()]));
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");

        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "reject", json!({"opinion": "Too dear"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "rejected");
        assert!(todo(&r.two).await.is_empty());
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "rejected");
    })
    .await;
}

#[tokio::test]
async fn one_is_asked_after_the_other() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let who = json!({"policy": "sequential", "who": [{"members": [r.two.id]}, {"members": [r.one.id]}]});
        r.form.flow(json!([approve("chain", &[], who)])).await;
        let asked = r.ask(5).await;
        assert!(todo(&r.one).await.is_empty());
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

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
async fn a_returned_request_comes_back_to_its_submitter_and_goes_on_as_the_same_record() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("money", &[&r.two.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let opened = task(&r.two).await;
        let targets = r.two.get(&format!("/tasks/{opened}")).await.ok()["return_to"].clone();
        assert_eq!(targets, json!(["boss", "start"]));
        act(&r.two, &opened, "return", json!({"to": "money"})).await.refused(422, "target_not_passed");
        act(&r.two, &opened, "return", json!({})).await.refused(422, "validation");
        act(&r.two, &opened, "return", json!({"to": "start", "opinion": "Which chairs?"})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["start".into()]));

        let start = task(&r.mei).await;
        let bad =
            act(&r.mei, &start, "submit", json!({"fields": {"what": null}})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["fields.what: required"]);
        act(&r.mei, &start, "submit", json!({"fields": {"what": "Oak chairs"}})).await.ok();
        assert_eq!(r.state(&asked).await.1, ["boss"], "everything after it runs again");
        let record = r.form.read(&r.mei, &asked).await.ok();
        assert_eq!(
            (&record["fields"]["no"], &record["fields"]["what"]),
            (&json!("R-0001"), &json!("Oak chairs"))
        );
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        // Back to an earlier step, and on from there.
        act(&r.two, &task(&r.two).await, "return", json!({"to": "boss", "resume": "rerun"})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn a_task_is_handed_to_somebody_else() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        act(&r.one, &opened, "transfer", json!({})).await.refused(422, "validation");
        act(&r.one, &opened, "transfer", json!({"to": r.one.id})).await.refused(422, "self_transfer");
        act(&r.one, &opened, "transfer", json!({"to": r.three.id, "opinion": "Yours"})).await.ok();
        assert!(todo(&r.one).await.is_empty());
        assert_eq!(task(&r.three).await, opened, "the same task");
        act(&r.one, &opened, "approve", json!({})).await.refused(403, "not_yours");
        // Who takes no part does not know of it.
        act(&r.two, &opened, "approve", json!({})).await.refused(404, "not_found");
        r.two.get(&format!("/tasks/{opened}")).await.refused(404, "not_found");
        act(&r.three, &opened, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn a_submitter_withdraws_until_somebody_decided() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({"policy": "all"}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        // Each is told whether they may, before they try.
        let offered = async |who: &Client| who.get(&instance).await.ok()["actions"].clone();
        assert_eq!((offered(&r.mei).await, offered(&r.one).await), (json!(["withdraw"]), json!([])));
        r.one.post(&format!("{instance}/withdraw"), json!({})).await.refused(403, "not_submitter");
        r.mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
        assert_eq!(r.state(&asked).await, ("withdrawn".into(), vec!["start".into()]));
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "withdrawn");
        assert!(todo(&r.one).await.is_empty());
        act(&r.mei, &task(&r.mei).await, "submit", json!({"fields": {"amount": 7}})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["boss".into()]));
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(offered(&r.mei).await, json!([]));
        r.mei.post(&format!("{instance}/withdraw"), json!({})).await.refused(409, "already_decided");
    })
    .await;
}

#[tokio::test]
async fn what_is_computed_from_the_state_follows_it_however_it_changes() {
    on_both_shared(async |workspace| {
        let design = form(
            "request",
            [
                text("what").required(),
                number("amount", 0),
                text("status").computed("IFEMPTY($flow_state, \"draft\")"),
            ],
        );
        let requests = workspace.form(design).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        requests.allow(group("askers", &[&mei.id])).await;
        requests.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let both = async |record: &Value| {
            let seen = requests.read(&requests.admin, record).await.ok();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&seen["fields"]["status"]), text(&seen["system"]["flow_state"]))
        };
        let alike = |state: &str| (state.to_owned(), state.to_owned());
        let asked = requests.create(&mei, json!({"what": "Chairs", "amount": 5})).await.created();
        assert_eq!(both(&asked).await, alike("running"));
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
        assert_eq!(both(&asked).await, alike("withdrawn"));
        act(&mei, &task(&mei).await, "submit", json!({})).await.ok();
        assert_eq!(both(&asked).await, alike("running"));
        requests.admin.post(&format!("{instance}/terminate"), json!({"opinion": "Not now"})).await.ok();
        assert_eq!(both(&asked).await, alike("terminated"));
        // What was computed from anything else stays as it was.
        assert_eq!(requests.read(&mei, &asked).await.ok()["fields"]["amount"], "5");

        let other = requests.create(&mei, json!({"what": "Tables"})).await.created();
        act(&boss, &task(&boss).await, "approve", json!({})).await.ok();
        assert_eq!(both(&other).await, alike("approved"));
        let third = requests.create(&mei, json!({"what": "Lamps"})).await.created();
        act(&boss, &task(&boss).await, "reject", json!({"opinion": "No"})).await.ok();
        assert_eq!(both(&third).await, alike("rejected"));
        let lists = requests.query(&mei, json!({"filter": test("status", "eq", "terminated")})).await.ok();
        assert_eq!(items(&lists).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_step_says_which_fields_its_people_see_and_change() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let fields = json!({"fields": {"*": "read", "note": "required", "amount": "edit", "cost": "hidden"}});
        r.form.flow(json!([approve("boss", &[&r.one.id], fields)])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let rights = r.one.get(&format!("/tasks/{opened}")).await.ok()["fields"].clone();
        assert_eq!(
            (&rights["what"], &rights["note"], &rights["amount"], rights.get("cost")),
            (&json!("read"), &json!("required"), &json!("edit"), None)
        );
        let seen = r.form.read(&r.one, &asked).await.ok();
        assert!(seen["fields"].get("cost").is_none(), "{seen}");

        let missing = act(&r.one, &opened, "approve", json!({})).await.refused(422, "validation");
        assert_eq!(faults(&missing), ["fields.note: required"]);
        let read = act(&r.one, &opened, "approve", json!({"fields": {"what": "x", "note": "n"}}))
            .await
            .refused(422, "not_writable");
        assert_eq!(faults(&read), ["fields.what: not_writable"]);
        act(&r.one, &opened, "approve", json!({"fields": {"cost": 9, "note": "n"}}))
            .await
            .refused(422, "unknown_field");
        // What is put aside changes the record when the task is decided, not before.
        act(&r.one, &opened, "save", json!({"fields": {"amount": 4}})).await.ok();
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["fields"]["amount"], "5.00");
        assert_eq!(r.one.get(&format!("/tasks/{opened}")).await.ok()["kept"]["amount"], 4);
        act(&r.one, &opened, "approve", json!({"fields": {"note": "less"}})).await.ok();
        let record = r.form.read(&r.mei, &asked).await.ok();
        assert_eq!(
            (&record["fields"]["amount"], &record["fields"]["note"], &record["fields"]["cost"]),
            (&json!("4.00"), &json!("less"), &json!("1.00"))
        );
        let line = r.instance(&asked).await["log"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["action"] == "approve")
            .unwrap()
            .clone();
        assert_eq!(line["changes"]["amount"], json!({"old": "5.00", "new": "4.00"}));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_decide_at_once_exactly_one_decides() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id, &r.two.id], json!({})),
                approve("money", &[&r.three.id], json!({}))
            ]))
            .await;
        for _ in 0..10 {
            r.ask(5).await;
            let (a, b) = (task(&r.one).await, task(&r.two).await);
            let (one, two) =
                tokio::join!(act(&r.one, &a, "approve", json!({})), act(&r.two, &b, "reject", json!({})));
            let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
            let state = won.ok()["state"].clone();
            lost.refused(409, "task_closed");
            // The next step was reached once, or never.
            let next = todo(&r.three).await;
            assert_eq!(next.len(), usize::from(state == "running"), "{state}");
            for task in next {
                act(&r.three, &task, "approve", json!({})).await.ok();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_decision_sent_twice_under_one_key_counts_once() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("again", &[&r.one.id], json!({}))
            ]))
            .await;
        r.ask(5).await;
        let path = format!("/tasks/{}/approve", task(&r.one).await);
        let first = r.one.post_once(&path, "decision", json!({})).await.ok();
        assert_eq!(r.one.post_once(&path, "decision", json!({})).await.ok(), first);
        assert_eq!(first["steps"], json!(["again"]));
        assert_eq!(todo(&r.one).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_running_request_is_changed_by_its_flow_alone() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        r.form.edit(&r.mei, &asked, json!({"amount": 1})).await.refused(403, "forbidden");
        // Deleting ends it.
        r.mei.delete(&r.form.at(&asked), 1).await.with_status(204);
        assert!(todo(&r.one).await.is_empty());
        r.mei.post(&format!("{}/restore", r.form.at(&asked)), json!({})).await.ok();
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "terminated");
        // After the end it is edited like any other.
        let now = r.form.read(&r.mei, &asked).await.ok();
        r.form.edit(&r.mei, &now, json!({"amount": 1})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn people_are_told_without_being_asked_and_comment() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([
            {"key": "tell", "label": "Tell", "kind": "cc", "who": [{"members": [r.two.id]}]},
            {"key": "fill", "label": "Fill in", "kind": "fill", "who": [{"members": [r.one.id]}], "fields": {"*": "read", "note": "required"}},
        ])).await;
        let asked = r.ask(5).await;
        assert_eq!(items(&r.two.get("/tasks?box=cc").await.ok()).len(), 1);
        assert!(todo(&r.two).await.is_empty());
        let filling = task(&r.one).await;
        act(&r.one, &filling, "reject", json!({})).await.refused(409, "wrong_action");
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        r.two.post(&format!("{instance}/comment"), json!({"text": "Good", "mentions": [r.mei.id]})).await.ok();
        r.three.post(&format!("{instance}/comment"), json!({"text": "x"})).await.refused(404, "not_found");
        r.two.post(&format!("{instance}/comment"), json!({"text": " "})).await.refused(422, "comment_empty");
        r.mei.post(&format!("{instance}/terminate"), json!({})).await.refused(403, "not_allowed");
        r.mei.post(&format!("{instance}/urge"), json!({})).await.ok();
        r.mei.post(&format!("{instance}/urge"), json!({})).await.refused(409, "urged_recently");
        let told = r.instance(&asked).await;
        assert!(told["log"].as_array().unwrap().iter().any(|line| line["text"] == "Good"));
        act(&r.one, &filling, "submit", json!({"fields": {"note": "done"}})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");

        let asked = r.ask(6).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let opened = task(&r.one).await;
        r.form.admin.post(&format!("{instance}/reassign"), json!({"task": opened, "to": r.three.id})).await.ok();
        assert_eq!(task(&r.three).await, opened);
        r.form.admin.post(&format!("{instance}/terminate"), json!({"opinion": "Not now"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "terminated");
        act(&r.three, &opened, "submit", json!({"fields": {"note": "x"}})).await.refused(409, "task_closed");
    })
    .await;
}

#[tokio::test]
async fn a_flow_that_cannot_work_is_refused_where_it_is_wrong() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let publish = async |steps: Value| {
            let document = json!({"format": 1, "label": "Flow", "steps": steps});
            admin.put(&r.form.path("/flow/draft"), "*", document).await.ok();
            let problem = admin.post(&r.form.path("/flow/publish"), json!({})).await;
            assert_eq!(problem.status, 422, "{}", problem.body);
            faults(&problem.body)
        };
        let nobody = publish(json!([approve("boss", &[], json!({"who": []}))])).await;
        assert!(nobody[0].starts_with("/steps/0/who"), "{nobody:?}");
        let unknown = publish(json!([{"key": "b", "label": "B", "kind": "branch", "mode": "exclusive",
            "arms": [{"key": "a", "label": "A", "when": test("gone", "gt", 1), "steps": []}], "default": {"steps": []}}])).await;
        assert!(unknown.iter().any(|fault| fault.starts_with("/steps/0/arms/0/when")), "{unknown:?}");
        let twice = publish(json!([approve("boss", &[&r.one.id], json!({})), approve("boss", &[&r.one.id], json!({}))])).await;
        assert!(twice[0].starts_with("/steps/1"), "{twice:?}");
        let stranger = publish(json!([approve("boss", &[UNKNOWN], json!({}))])).await;
        assert!(stranger[0].starts_with("/steps/0/who"), "{stranger:?}");
        let odd = json!({"format": 1, "label": "Flow", "steps": [{"key": "x", "label": "X", "kind": "telepathy"}]});
        assert_eq!(admin.put(&r.form.path("/flow/draft"), "*", odd).await.status, 422);
        let strange = json!({"format": 1, "label": "Flow", "steps": [], "colour": "red"});
        admin.put(&r.form.path("/flow/draft"), "*", strange).await.refused(422, "unknown_member");
        // Nothing was published: records are made without a flow.
        assert_eq!(r.ask(1).await.get("instance"), None);
    })
    .await;
}

#[tokio::test]
async fn a_draft_says_whether_it_differs_from_what_is_published() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let path = r.form.path("/flow/draft");
        let changed = async || {
            let answer = admin.get(&path).await;
            answer.headers["x-unpublished-changes"].to_str().unwrap().to_owned()
        };
        assert_eq!(changed().await, "false", "there is none");
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        assert_eq!(changed().await, "false");
        let published = admin.get(&path).await.ok();
        let mut other = published.clone();
        other["label"] = json!("Other");
        admin.put(&path, "*", other).await.ok();
        assert_eq!(changed().await, "true");
        admin.put(&path, "*", published).await.ok();
        assert_eq!(changed().await, "false");
    })
    .await;
}

#[tokio::test]
async fn running_requests_stay_on_the_version_they_began_with() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("old", &[&r.one.id], json!({})),
                approve("old_end", &[&r.two.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        r.form.flow(json!([approve("new", &[&r.three.id], json!({}))])).await;
        assert_eq!(state(&r.ask(6).await).1, ["new"]);
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.1, ["old_end"]);
        assert_eq!(r.instance(&asked).await["flow_version"], 1);
    })
    .await;
}

#[tokio::test]
async fn what_an_assignee_puts_aside_is_nobody_elses_to_read() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let step = approve("boss", &[&r.one.id], json!({"fields": {"note": "edit", "cost": "edit"}}));
        r.form.flow(json!([step])).await;
        r.ask(5).await;
        let opened = task(&r.one).await;
        act(&r.one, &opened, "save", json!({"fields": {"note": "Too dear"}})).await.ok();
        let path = format!("/tasks/{opened}");
        let own = r.one.get(&path).await.ok();
        assert_eq!(own["kept"], json!({"note": "Too dear"}));
        assert_eq!((&own["fields"]["note"], &own["return_to"]), (&json!("edit"), &json!(["start"])));
        // Who asked sees that there is a task, and nothing of what is being done with it.
        let seen = r.mei.get(&path).await.ok();
        let shown = json!([seen["kept"], seen["fields"], seen["return_to"]]);
        assert_eq!(shown, json!([{}, {}, []]));
        act(&r.one, &opened, "approve", json!({})).await.ok();
        assert_eq!(r.one.get(&path).await.ok()["kept"], json!({}));
    })
    .await;
}

#[tokio::test]
async fn edits_beside_the_tasks_are_in_the_timeline_with_the_fields_that_one_may_read() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let editors = group("editors", &[&r.two.id]).may(&["view", "edit", "edit_running"]);
        r.form.allow(editors).await;
        r.form.allow(group("lookers", &[&r.three.id]).may(&["view"]).field("cost", "none")).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let changed = r.form.edit(&r.two, &asked, json!({"cost": 7, "note": "By hand"})).await.ok();
        assert_eq!(changed["system"]["flow_state"], "running");
        // Nothing changed, nothing is told.
        r.form.edit(&r.two, &changed, json!({"note": "By hand"})).await.ok();

        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let told = async |who: &Client| {
            let instance = who.get(&path).await.ok();
            let log = instance["log"].as_array().unwrap();
            let edits: Vec<Value> = log.iter().filter(|line| line["action"] == "edit").cloned().collect();
            assert_eq!(edits.len(), 1, "{log:?}");
            (edits[0].clone(), instance)
        };
        let (line, instance) = told(&r.mei).await;
        assert_eq!((&line["who"], &line["step"]), (&json!(r.two.id), &Value::Null));
        let changes =
            json!({"cost": {"old": "1.00", "new": "7.00"}, "note": {"old": null, "new": "By hand"}});
        assert_eq!(line["changes"], changes);
        assert_eq!(instance["field_labels"], json!({"cost": "cost", "note": "note"}));
        assert_eq!((&instance["state"], &instance["steps"]), (&json!("running"), &json!(["boss"])));
        assert_eq!(instance["names"][&r.two.id], json!("two"));
        let (line, instance) = told(&r.three).await;
        assert_eq!(line["changes"], json!({"note": {"old": null, "new": "By hand"}}));
        assert_eq!(instance["field_labels"], json!({"note": "note"}));

        // What the task decides is told of as a decision, and after the end there is no flow to tell of it.
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let read = r.form.read(&r.two, &asked).await.ok();
        r.form.edit(&r.two, &read, json!({"note": "Later"})).await.ok();
        told(&r.mei).await;
    })
    .await;
}
