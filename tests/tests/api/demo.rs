//! Looking into a template before it is installed, and clearing its demo afterwards: what nobody changed goes, what people made
//! stays whole.

use serde_json::{Value, json};
use tests::sheet::zipped;
use tests::workspace::{id_of, items, version_of};
use tests::{Client, on_both};

const MANIFEST: &str = r#"{"format": 1, "key": "club", "version": "1.0.0", "label": "Club"}"#;
const PERSON: &str = r#"{"format": 1, "key": "person", "label": "Person", "title": "{name}", "fields": [
    {"key": "name", "label": "Name", "kind": "text", "required": true}]}"#;
const VISIT: &str = r#"{"format": 1, "key": "visit", "label": "Visit", "fields": [
    {"key": "who", "label": "Who", "kind": "link", "options": {"form": "person"}},
    {"key": "note", "label": "Note", "kind": "text"}]}"#;
const PEOPLE: &str = "$key,name\na,Ann\nb,Bob\nc,Cleo\nd,Dora\n";
const VISITS: &str = "$key,who,note\nv1,a,first\nv2,b,second\n";

/// The club with its demo; gives what the installation made.
async fn club(admin: &Client) -> Value {
    let files = [
        ("package.json", MANIFEST),
        ("forms/person.json", PERSON),
        ("forms/visit.json", VISIT),
        ("demo/person.csv", PEOPLE),
        ("demo/visit.csv", VISITS),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let file = admin.upload("club.zip", "application/zip", zipped(&files)).await;
    let job = admin.job(admin.post("/apps/import", json!({"file": file, "demo": true})).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

async fn records(admin: &Client, form: &str) -> Vec<Value> {
    let asked = json!({"limit": 200});
    let list = admin.post(&format!("/forms/{form}/records/query"), asked).await.ok();
    items(&list).to_vec()
}

async fn names(admin: &Client, form: &str) -> Vec<String> {
    let mut names: Vec<String> = records(admin, form)
        .await
        .iter()
        .map(|record| record["fields"]["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

async fn left(admin: &Client, template: &str) -> (Value, Value) {
    let left = admin.get(&format!("/templates/{template}/demo")).await.ok();
    (left["unchanged"].clone(), left["changed"].clone())
}

async fn clear(admin: &Client, template: &str) -> Value {
    let started = admin.post(&format!("/templates/{template}/demo/clear"), json!({})).await;
    let job = admin.job(started).await;
    assert_eq!(job["state"], "done", "{job}");
    job
}

#[tokio::test]
async fn what_nobody_changed_goes_and_what_people_made_stays_whole() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = club(&admin).await;
        let form = |key: &str| installed["forms"][key].as_str().unwrap().to_owned();
        let (person, visit) = (form("person"), form("visit"));
        assert_eq!(left(&admin, "club").await, (json!(6), json!(0)));

        // Bob is renamed, and somebody visits Cleo.
        let people = records(&admin, &person).await;
        let named = |name: &str| people.iter().find(|record| record["fields"]["name"] == name).unwrap();
        let bob = format!("/forms/{person}/records/{}", id_of(named("Bob")));
        admin.patch(&bob, version_of(named("Bob")), json!({"fields": {"name": "Robert"}})).await.ok();
        let own = json!({"fields": {"who": named("Cleo")["id"], "note": "mine"}});
        admin.post(&format!("/forms/{visit}/records"), own).await.created();
        assert_eq!(left(&admin, "club").await, (json!(5), json!(1)));

        let job = clear(&admin, "club").await;
        let told = &job["result"];
        let counts = ["deleted", "changed", "linked", "failed"].map(|what| told[what].clone());
        assert_eq!(counts, [json!(4), json!(1), json!(1), json!(0)], "{job}");
        assert_eq!(names(&admin, &person).await, ["Cleo", "Robert"]);
        let visits = records(&admin, &visit).await;
        assert_eq!(visits.len(), 1, "{visits:?}");
        assert_eq!(visits[0]["fields"]["who"], named("Cleo")["id"], "what somebody made lost nothing");
        assert_eq!(left(&admin, "club").await, (json!(1), json!(1)));

        // Once more changes nothing, and it can be taken back.
        assert_eq!(clear(&admin, "club").await["result"]["deleted"], 0);
        let undo = admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await;
        let undone = admin.job(undo).await;
        assert_eq!(undone["result"]["restored"], 4, "{undone}");
        assert_eq!(names(&admin, &person).await, ["Ann", "Cleo", "Dora", "Robert"]);
        assert_eq!(left(&admin, "club").await, (json!(5), json!(1)), "what is back is nobody's change");
        let cleared = clear(&admin, "club").await;
        assert_eq!(cleared["result"]["deleted"], 4, "{cleared}");
    })
    .await;
}

/// Everything of a template with rules, stock and approvals goes; and what it stands on comes back with the next one.
#[tokio::test]
async fn the_demo_of_a_template_goes_and_comes_back_with_the_next_one() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let install = async |key: &str| {
            let input = json!({"locale": "en", "demo": true});
            let job = admin.job(admin.post(&format!("/templates/{key}/install"), input).await).await;
            assert_eq!(job["state"], "done", "{job}");
            job["result"].clone()
        };
        let inventory = install("inventory").await;
        let (there, changed) = left(&admin, "inventory").await;
        assert!(there.as_u64().unwrap() > 500, "{there}");
        assert_eq!(changed, 0);
        let job = clear(&admin, "inventory").await;
        assert_eq!((&job["result"]["deleted"], &job["result"]["failed"]), (&there, &json!(0)), "{job}");
        assert_eq!(left(&admin, "inventory").await, (json!(0), json!(0)));
        // All of it comes back, with what links to others behind these, and goes again.
        let undo = admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await;
        let undone = admin.job(undo).await;
        assert_eq!(
            (&undone["result"]["restored"], &undone["result"]["failed"]),
            (&there, &json!(0)),
            "{undone}"
        );
        assert_eq!(left(&admin, "inventory").await, (there.clone(), json!(0)));
        let job = clear(&admin, "inventory").await;
        assert_eq!((&job["result"]["deleted"], &job["result"]["failed"]), (&there, &json!(0)), "{job}");
        let tables =
            admin.get(&format!("/apps/{}/aggregates", inventory["app"].as_str().unwrap())).await.ok();
        for table in items(&tables) {
            let verified = admin.post(&format!("/aggregates/{}/verify", id_of(table)), json!({})).await.ok();
            assert_eq!(verified["right"], true, "{verified}");
        }

        let loyalty = install("loyalty").await;
        let base = loyalty["packages"]["base"].as_str().unwrap();
        let forms = admin.get(&format!("/apps/{base}/forms")).await.ok();
        let customers = items(&forms).iter().find(|form| form["key"] == "customer").unwrap();
        let asked = json!({"count": "exact", "limit": 1});
        let count = admin.post(&format!("/forms/{}/records/query", id_of(customers)), asked).await.ok();
        assert!(count["count"]["value"].as_u64().unwrap() >= 200, "{count}");

        // What loyalty still shows is not taken from under it.
        clear(&admin, "inventory").await;
        let asked = json!({"count": "exact", "limit": 1});
        let still = admin.post(&format!("/forms/{}/records/query", id_of(customers)), asked).await.ok();
        assert_eq!(still["count"]["value"], count["count"]["value"]);
    })
    .await;
}

#[tokio::test]
async fn a_template_is_looked_into_before_it_is_installed() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        for offered in items(&admin.get("/templates").await.ok()) {
            let inside = mei.get(&format!("/templates/{}", offered["key"].as_str().unwrap())).await.ok();
            assert_eq!(inside["template"], *offered);
            let forms = inside["forms"].as_array().unwrap();
            assert_eq!(json!(forms.len()), offered["forms"]);
            assert!(forms.iter().all(|form| !form["fields"].as_array().unwrap().is_empty()), "{inside}");
            let shown =
                inside["dashboards"].as_array().unwrap().len() + inside["reports"].as_array().unwrap().len();
            assert_eq!(json!(shown), offered["dashboards"]);
        }
        let crm = mei.get("/templates/crm").await.ok();
        assert_eq!(crm["template"]["category"], "sales");
        let quotation =
            crm["forms"].as_array().unwrap().iter().find(|form| form["key"] == "quotation").unwrap();
        assert_eq!(quotation["has_flow"], true);
        assert!(quotation["demo"].as_u64().unwrap() > 0, "{quotation}");
        let lines = quotation["fields"].as_array().unwrap().iter().find(|field| field["kind"] == "subform");
        assert!(!lines.unwrap()["columns"].as_array().unwrap().is_empty(), "{quotation}");
        mei.get("/templates/nothing").await.refused(404, "not_found");
        mei.get("/templates/crm/demo").await.refused(403, "forbidden");
        mei.post("/templates/crm/demo/clear", json!({})).await.refused(403, "forbidden");
        admin.get("/templates/crm/demo").await.refused(404, "not_found");
        admin.post("/templates/crm/demo/clear", json!({})).await.refused(404, "not_found");
    })
    .await;
}

/// A template of its own for each round: people, and visits that lose their link when somebody goes.
fn round(key: &str) -> Vec<(String, Vec<u8>)> {
    let loose = VISIT.replace(r#""form": "person""#, r#""form": "person", "on_target_delete": "clear""#);
    let files = [
        ("package.json", MANIFEST.replace("club", key)),
        ("forms/person.json", PERSON.to_owned()),
        ("forms/visit.json", loose),
        ("demo/person.csv", PEOPLE.to_owned()),
        ("demo/visit.csv", VISITS.to_owned()),
    ];
    files.map(|(name, text)| (name.to_owned(), text.into_bytes())).to_vec()
}

/// Somebody works with what is being cleared: what they are told is stored stays, and keeps what it links to.
#[tokio::test]
async fn what_somebody_changes_or_links_to_while_it_is_cleared_stays() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for number in 0..6 {
            let key = format!("club{number}");
            let file = admin.upload("club.zip", "application/zip", zipped(&round(&key))).await;
            let input = json!({"file": file, "demo": true});
            let job = admin.job(admin.post("/apps/import", input).await).await;
            assert_eq!(job["state"], "done", "{job}");
            let form = |key: &str| job["result"]["forms"][key].as_str().unwrap().to_owned();
            let (person, visit) = (form("person"), form("visit"));
            let people = records(&admin, &person).await;
            let named = |name: &str| people.iter().find(|record| record["fields"]["name"] == name).unwrap();
            let dora = format!("/forms/{person}/records/{}", id_of(named("Dora")));
            let cleo = json!({"fields": {"who": named("Cleo")["id"], "note": "mine"}});
            let renamed = json!({"fields": {"name": "Theodora"}});
            let visits = format!("/forms/{visit}/records");
            let (cleared, patched, linked) = tokio::join!(
                clear(&admin, &key),
                admin.patch(&dora, version_of(named("Dora")), renamed),
                admin.post(&visits, cleo),
            );
            assert_eq!(cleared["result"]["failed"], 0, "{cleared}");
            let left = names(&admin, &person).await;
            if patched.status == 200 {
                assert!(left.contains(&"Theodora".to_owned()), "changed and gone: {left:?}");
            } else {
                assert!(matches!(patched.status, 404 | 409 | 412), "{}", patched.body);
            }
            if linked.status == 201 {
                let kept = admin.get(&format!("{visits}/{}", id_of(&linked.body))).await.ok();
                assert_eq!(
                    kept["fields"]["who"],
                    named("Cleo")["id"],
                    "a link of somebody's own was cleared"
                );
                assert!(left.contains(&"Cleo".to_owned()), "{left:?}");
            } else {
                assert!(matches!(linked.status, 409 | 422), "{}", linked.body);
            }
        }
    })
    .await;
}

/// Two clear at once, and look at it meanwhile: each record goes once.
#[tokio::test]
async fn of_two_who_clear_at_once_each_record_goes_once() {
    on_both(async |server| {
        let admin = server.set_up().await;
        club(&admin).await;
        let looks = async || admin.get("/templates/club/demo").await.status;
        let (one, other, looked) = tokio::join!(clear(&admin, "club"), clear(&admin, "club"), looks());
        let deleted = |job: &Value| job["result"]["deleted"].as_u64().unwrap();
        assert_eq!(deleted(&one) + deleted(&other), 6, "{one} {other}");
        assert_eq!(looked, 200);
        assert_eq!(left(&admin, "club").await, (json!(0), json!(0)));
    })
    .await;
}

#[tokio::test]
async fn who_sees_nothing_of_an_app_is_not_told_that_it_was_made_from_a_template() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let job = admin
            .job(admin.post("/templates/roi/install", json!({"locale": "en", "demo": false})).await)
            .await;
        assert_eq!(job["state"], "done", "{job}");
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        let told = async |who: &Client| {
            let list = who.get("/templates").await.ok();
            let listed =
                items(&list).iter().find(|template| template["key"] == "roi").unwrap()["installed"].clone();
            assert_eq!(who.get("/templates/roi").await.ok()["template"]["installed"], listed);
            listed
        };
        assert_eq!(told(&admin).await, json!([job["result"]["app"]]));
        assert_eq!(told(&mei).await, json!([]));
    })
    .await;
}

/// Imports a package, with its demo if it is wanted; gives what that made.
async fn imported(admin: &Client, files: &[(&str, String)], demo: bool) -> Value {
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    let file = admin.upload("package.zip", "application/zip", zipped(&files)).await;
    let job = admin.job(admin.post("/apps/import", json!({"file": file, "demo": demo})).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

/// Demo records in their approval, and what a package adds to the form of another one, are nobody's first steps.
#[tokio::test]
async fn what_came_with_a_template_is_nobodys_first_step() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let steps = async || admin.get("/me/first-steps").await.ok();
        let done = |names: &[&str]| {
            let is_done = |name| json!(names.contains(&name));
            json!({"app": is_done("app"), "form": is_done("form"), "people": is_done("people"),
                "approval": is_done("approval")})
        };
        assert_eq!(steps().await, done(&[]));
        let step = json!({"kind": "approve", "key": "look", "label": "Look", "who": [{"submitter": true}]});
        let flow = json!({"format": 1, "label": "Check", "steps": [step]}).to_string();
        let club = [
            ("package.json", MANIFEST.to_owned()),
            ("forms/person.json", PERSON.to_owned()),
            ("flows/person.json", flow),
            ("demo/person.csv", "$key,$flow_state,name\na,running,Ann\nb,approved,Bob\n".to_owned()),
        ];
        let installed = imported(&admin, &club, true).await;
        let person = installed["forms"]["person"].as_str().unwrap().to_owned();
        let started = admin.get("/tasks?box=started").await.ok();
        assert!(!items(&started).is_empty(), "the demo has approvals: {started}");
        assert_eq!(steps().await, done(&["app"]));

        // Another package adds a field to a form that is there, by a version that nobody has designed.
        let base = admin.job(admin.post("/templates/base/install", json!({"demo": false})).await).await;
        let customer = base["result"]["forms"]["customer"].as_str().unwrap().to_owned();
        let version = async || admin.get(&format!("/forms/{customer}")).await.ok()["version"].clone();
        assert_eq!(version().await, 1);
        let needs = json!([{"key": "base", "version": "1.0.0"}]);
        let manifest =
            json!({"format": 1, "key": "choir", "version": "1.0.0", "label": "Choir", "needs": needs});
        let voice = json!({"fields": [{"key": "voice", "label": "Voice", "kind": "text"}]});
        let choir =
            [("package.json", manifest.to_string()), ("extensions/base/customer.json", voice.to_string())];
        imported(&admin, &choir, false).await;
        assert_eq!(version().await, 2);
        assert_eq!(steps().await, done(&["app"]));
        // The app says on which ones it builds.
        assert_eq!(admin.get("/apps/choir").await.ok()["needs"], json!(["base"]));
        assert_eq!(admin.get("/apps/club").await.ok()["needs"], Value::Null);

        // What people do counts.
        let record = json!({"fields": {"name": "Cleo"}});
        admin.post(&format!("/forms/{person}/records"), record).await.created();
        assert_eq!(steps().await, done(&["app", "approval"]));
        let draft = format!("/forms/{person}/draft");
        let base = admin.get(&draft).await.ok()["base"].clone();
        let help = json!([{"do": "set", "key": "name", "member": "help", "value": "As on the card"}]);
        admin.post(&format!("{draft}/edits"), json!({"base": base, "edits": help})).await.ok();
        admin.post(&format!("/forms/{person}/publish"), json!({})).await.ok();
        server.member(&admin, "mei@example.com", &[]).await;
        assert_eq!(steps().await, done(&["app", "form", "people", "approval"]));
    })
    .await;
}

#[tokio::test]
async fn the_number_of_a_demo_record_has_its_own_day() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let input = json!({"locale": "zh-CN", "demo": true});
        let job = admin.job(admin.post("/templates/base/install", input).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let form = job["result"]["forms"]["order"].as_str().unwrap();
        let orders = records(&admin, form).await;
        let mut days = std::collections::BTreeSet::new();
        for order in &orders {
            let field = |key: &str| order["fields"][key].as_str().unwrap();
            let day = field("order_date").replace('-', "");
            assert!(field("no").starts_with(&format!("SO{day}")), "{order}");
            days.insert(day);
        }
        assert!(orders.len() > 100 && days.len() > 10, "{} {}", orders.len(), days.len());
    })
    .await;
}
