//! The zone in which a workspace counts its days.

use serde_json::{Value, json};
use tests::design::{Field, approve, date, form, number, text};
use tests::workspace::{faults, items};
use tests::{Workspace, on_both};

/// In Shanghai it is the 22nd already, in New York it is still the 21st.
const EVENING: &str = "2026-11-21T20:30:00Z";

#[tokio::test]
async fn another_zone_counts_and_computes_anew_what_was_told_in_the_former() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let workspace = Workspace { admin: admin.clone() };
        let app = workspace.app("Shifts").await;
        let fields = [
            text("name"),
            Field::new("at", "datetime"),
            number("hour", 0).computed("HOUR(at)"),
            number("twice", 0).computed("hour * 2").option("max", "30"),
        ];
        let shift = app.form(form("shift", fields)).await;
        let table = app
            .aggregate(json!({"key": "days", "label": "Days", "dimensions": [{"key": "day", "label": "Day"}],
                "sources": [{"form": "shift", "group": {"day": {"field": "at", "unit": "day"}},
                    "measures": {"shifts": {"fn": "count"}, "hours": {"fn": "sum", "field": "hour"}}}]}))
            .await;
        let late = shift.add(json!({"name": "late", "at": EVENING})).await;
        let never = shift.add(json!({"name": "never"})).await;
        // Nine in the evening in New York would be more than its check allows.
        let stuck = shift.add(json!({"name": "stuck", "at": "2026-11-22T02:00:00Z"})).await;
        assert_eq!((&late["fields"]["hour"], &stuck["fields"]["hour"]), (&json!("4"), &json!("10")));

        let path = "/workspace/zone";
        let wrong = admin.put(path, "*", json!({"zone": "Mars/North"})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["zone: unknown_zone"]);
        let mei = workspace.person("mei").await;
        mei.put(path, "*", json!({"zone": "America/New_York"})).await.refused(403, "forbidden");

        let job = admin.job(admin.put(path, "*", json!({"zone": "America/New_York"})).await).await;
        let told = json!({"zone": "America/New_York", "tables": 1, "changed": 1, "failed": 1});
        assert_eq!((&job["state"], &job["result"]), (&json!("done"), &told), "{job}");
        assert_eq!(admin.get("/me").await.ok()["workspace"]["zone"], "America/New_York");
        let read = async |record: &Value| shift.read(&admin, record).await.ok();
        let now = read(&late).await;
        assert_eq!((&now["fields"]["hour"], &now["fields"]["at"]), (&json!("15"), &json!(EVENING)));
        assert_eq!(read(&never).await["version"], never["version"]);
        assert_eq!(read(&stuck).await["fields"]["hour"], "10", "what can't be saved stays");
        let rows = admin.get(&format!("/aggregates/{table}/rows")).await.ok();
        let [row] = &items(&rows)[..] else { panic!("{rows}") };
        assert_eq!(row["group"]["day"], "2026-11-21");
        assert_eq!((&row["values"]["shifts"], &row["values"]["hours"]), (&json!("2"), &json!("25")));
        let verified = admin.post(&format!("/aggregates/{table}/verify"), json!({})).await.ok();
        assert_eq!(verified["right"], true, "{verified}");

        // What comes from now on is counted in it, and so is what is asked.
        shift.add(json!({"name": "next", "at": "2026-11-22T15:00:00Z"})).await;
        let rows = admin.get(&format!("/aggregates/{table}/rows")).await.ok();
        assert_eq!(items(&rows).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_flows_wait_for_begins_with_the_days_of_the_new_zone() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let workspace = Workspace { admin: admin.clone() };
        admin.job(admin.put("/workspace/zone", "*", json!({"zone": "Asia/Shanghai"})).await).await;
        let visit = workspace.form(form("visit", [text("what"), date("day")])).await;
        let boss = workspace.person("boss").await;
        let wait = json!({"kind": "delay", "key": "wait", "label": "Wait", "until": {"field": "day"}});
        visit.flow(json!([wait, approve("boss", &[&boss.id], json!({}))])).await;
        let asked = visit.add(json!({"what": "x", "day": "2099-01-01"})).await;
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let due = async || admin.get(&path).await.ok()["waits"][0]["due"].clone();
        assert_eq!(due().await, "2098-12-31T16:00:00Z");
        let job = admin.job(admin.put("/workspace/zone", "*", json!({"zone": "UTC"})).await).await;
        assert_eq!((&job["state"], &job["result"]["failed"]), (&json!("done"), &json!(0)), "{job}");
        assert_eq!(due().await, "2099-01-01T00:00:00Z");
        let told = admin.get(&path).await.ok();
        assert!(!told["log"].to_string().contains("\"edit\""), "nobody edited it: {told}");
    })
    .await;
}
