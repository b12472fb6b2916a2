//! The templates, installed through the API with their demo records.

use serde_json::{Value, json};
use tests::workspace::{faults, items, version_of};
use tests::{Client, Database, Server, on_both, together};

async fn install(admin: &Client, key: &str, demo: bool) -> Value {
    let started =
        admin.post(&format!("/templates/{key}/install"), json!({"locale": "zh-CN", "demo": demo})).await;
    let job = admin.job(started).await;
    assert_eq!((&job["state"], &job["errors"]), (&json!("done"), &json!(0)), "{job}");
    job["result"].clone()
}

fn form_of<'r>(installed: &'r Value, key: &str) -> &'r str {
    installed["forms"][key].as_str().unwrap_or_else(|| panic!("no form {key} in {installed}"))
}

async fn aggregate_of(admin: &Client, installed: &Value, key: &str) -> String {
    let app = installed["app"].as_str().unwrap();
    let tables = admin.get(&format!("/apps/{app}/aggregates")).await.ok();
    let table = items(&tables).iter().find(|table| table["key"] == key).unwrap();
    table["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_template_is_installed_once_with_its_demo() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let offered = admin.get("/templates").await.ok();
        let keys: Vec<_> = items(&offered).iter().map(|one| one["key"].as_str().unwrap()).collect();
        for key in ["crm", "inventory", "loyalty"] {
            assert!(keys.contains(&key), "{keys:?}");
        }
        let picture =
            reqwest::get(format!("{}{}", server.url(), items(&offered)[0]["picture"].as_str().unwrap()))
                .await
                .unwrap();
        assert!(picture.status().is_success());
        assert_eq!(picture.headers()["content-type"], "image/svg+xml");

        let crm = install(&admin, "crm", true).await;
        let inventory = install(&admin, "inventory", true).await;
        let loyalty = install(&admin, "loyalty", true).await;
        assert_eq!(
            crm["packages"]["base"], inventory["packages"]["base"],
            "what both stand on is there once"
        );
        let again = admin.post("/templates/crm/install", json!({"demo": true})).await;
        let again = admin.job(again).await;
        assert_eq!(
            (&again["state"], &again["problem"]["code"]),
            (&json!("failed"), &json!("already_installed"))
        );
        let templates = admin.get("/templates").await.ok();
        let crm_now = items(&templates).iter().find(|one| one["key"] == "crm").unwrap();
        assert_eq!(crm_now["installed"], json!([crm["app"]]));

        // No screen is empty.
        let count = async |form: &str| {
            let answer = admin
                .post(&format!("/forms/{form}/records/query"), json!({"count": "exact", "limit": 1}))
                .await
                .ok();
            answer["count"]["value"].as_u64().unwrap()
        };
        let base =
            admin.get(&format!("/apps/{}/forms", crm["packages"]["base"].as_str().unwrap())).await.ok();
        let base_form =
            |key: &str| items(&base).iter().find(|one| one["key"] == key).unwrap()["id"].as_str().unwrap();
        assert!(count(base_form("customer")).await >= 200);
        assert!(count(base_form("order")).await >= 600);
        assert!(count(form_of(&crm, "follow_up")).await >= 400);
        assert_spread_over_two_years(&admin, base_form("order"), "order_date").await;
        assert_spread_over_two_years(&admin, form_of(&crm, "follow_up"), "at").await;
        assert!(count(form_of(&loyalty, "ledger")).await > 0);
        assert!(count(form_of(&inventory, "shipment")).await > 0);

        places_and_ratings_are_what_they_are(&admin, &inventory).await;
        for (installed, table) in [(&inventory, "stock"), (&loyalty, "balance")] {
            let table = aggregate_of(&admin, installed, table).await;
            let verified = admin.post(&format!("/aggregates/{table}/verify"), json!({})).await.ok();
            assert_eq!(verified["right"], true, "{verified}");
            assert!(verified["groups"].as_u64().unwrap() > 0);
        }
        tiers_are_what_members_spend(&admin, &loyalty).await;
        the_worked_costs_and_gains_are_there(&admin, &crm).await;
        points_cannot_be_overdrawn(&admin, &loyalty).await;
    })
    .await;
}

/// Addresses have their parts, and suppliers their stars.
async fn places_and_ratings_are_what_they_are(admin: &Client, inventory: &Value) {
    let by = async |form: &str, field: &str, value: &str| {
        let filter = json!({"field": field, "op": "eq", "value": value});
        let path = format!("/forms/{}/records/query", form_of(inventory, form));
        let list = admin.post(&path, json!({"filter": filter})).await.ok();
        items(&list)[0]["fields"].clone()
    };
    let guangzhou = by("warehouse", "code", "GZ01").await;
    let address = json!({"province": "广东省", "city": "广州市", "district": "白云区", "detail": "石门街石沙路 168 号"});
    assert_eq!(guangzhou["address"], address);
    let supplier = by("supplier", "name", "南通织锦里纺织品有限公司").await;
    assert_eq!(supplier["rating"], "4", "{supplier}");
}

/// No month of the last 24 is empty, and none stands for all: a chart of the demo says something.
async fn assert_spread_over_two_years(admin: &Client, form: &str, field: &str) {
    // 24 months and a day at each end: the days of the demo are told from today.
    let lately = json!({"relative": "last_n_days", "n": 732});
    let asked = json!({
        "filter": {"field": field, "op": "within", "value": lately},
        "group": [{"field": field, "unit": "month"}], "measures": [{"key": "records", "fn": "count"}],
    });
    let answer = admin.post(&format!("/forms/{form}/aggregate"), asked).await.ok();
    let count = |row: &Value| row["values"]["records"].to_string().trim_matches('"').parse::<u64>().unwrap();
    let rows = answer["rows"].as_array().unwrap().iter().filter(|row| !row["group"][0].is_null());
    let months: Vec<_> = rows.map(count).collect();
    assert!(months.len() >= 24, "{field} lies in {} months: {answer}", months.len());
    let (most, all) = (months.iter().max().unwrap(), months.iter().sum::<u64>());
    assert!(most * 6 < all, "{most} of {all} in one month of {field}");
}

/// Each member of the demo has the tier that follows from the orders of the last 12 months, which are counted over the
/// customer that the member links to.
async fn tiers_are_what_members_spend(admin: &Client, loyalty: &Value) {
    let members = form_of(loyalty, "member");
    let asked = json!({"limit": 200, "titles": true});
    let answer = admin.post(&format!("/forms/{members}/records/query"), asked).await.ok();
    let tiers = answer["titles"][form_of(loyalty, "tier")].as_object().unwrap();
    let mut spenders = 0;
    for member in items(&answer) {
        let (tier, level) = (&member["fields"]["tier"], member["fields"]["level"].as_str().unwrap());
        let tier = tiers[tier.as_str().unwrap()].as_str().unwrap();
        assert!(tier.starts_with(level), "{tier} {member}");
        spenders += usize::from(level != "V0");
    }
    assert!(spenders > 30, "{spenders} members bought something");
}

/// The sums of domain.md's worked example: what the ROI of each year is made of.
async fn the_worked_costs_and_gains_are_there(admin: &Client, crm: &Value) {
    let roi = crm["packages"]["roi"].as_str().expect("crm brings roi along");
    let forms = admin.get(&format!("/apps/{roi}/forms")).await.ok();
    let form = |key: &str| {
        items(&forms).iter().find(|one| one["key"] == key).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let by_year = async |form: String| {
        let asked = json!({
            "filter": {"field": "month", "op": "lt", "value": "2025-01"},
            "group": [{"field": "month", "unit": "year"}], "measures": [{"key": "sum", "fn": "sum", "field": "base_amount"}],
        });
        let answer = admin.post(&format!("/forms/{form}/aggregate"), asked).await.ok();
        let rows = answer["rows"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| {
                format!("{} {}", row["group"][0].as_str().unwrap(), row["values"]["sum"].as_str().unwrap())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(by_year(form("cost_entry")).await, ["2022 1000000.00", "2023 1500000.00", "2024 1800000.00"]);
    assert_eq!(
        by_year(form("benefit_entry")).await,
        ["2022 3500000.00", "2023 5100000.00", "2024 6400000.00"]
    );
}

async fn points_cannot_be_overdrawn(admin: &Client, loyalty: &Value) {
    let records = |form: &str| format!("/forms/{}/records", form_of(loyalty, form));
    let member = admin
        .post(&records("member"), json!({"fields": {"name": "Ann", "phone": "13800138000"}}))
        .await
        .created();
    let reward = json!({"fields": {"name": "Cup", "points": 100, "stock": 50, "kind": "coupon"}});
    let reward = admin.post(&records("reward"), reward).await.created();
    let earned = json!({"fields": {"member": member["id"], "type": "EARN", "points": 350, "ref": "SO-1"}});
    admin.post(&records("ledger"), earned).await.created();
    let redeem = json!({"fields": {"member": member["id"], "reward": reward["id"], "qty": 1}});
    let redemptions = records("redemption");
    let answers = together((0..16).map(|_| admin.post(&redemptions, redeem.clone()))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 3, "350 points buy three cups of 100");
    // Whoever comes later is told at the quantity; of those at once the table has the last word.
    for refused in answers.into_iter().filter(|answer| answer.status != 201) {
        match refused.status {
            409 => assert_eq!(refused.refused(409, "constraint")["constraint"], "no_negative_balance"),
            _ => assert_eq!(faults(&refused.refused(422, "validation")), ["fields.qty: validation"]),
        }
    }
    admin.post(&redemptions, redeem.clone()).await.refused(422, "validation");
    let balance = aggregate_of(admin, loyalty, "balance").await;
    let rows = admin.get(&format!("/aggregates/{balance}/rows?limit=500")).await.ok();
    let row = items(&rows).iter().find(|row| row["group"]["member"] == member["id"]).unwrap();
    assert_eq!(row["values"]["balance"], "50");
    // The same stands with the member, and with what is redeemed.
    let path = format!("{}/{}", records("member"), member["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.ok()["fields"]["balance"], "50");
    let more = json!({"fields": {"member": member["id"], "type": "EARN", "points": 100, "ref": "SO-2"}});
    admin.post(&records("ledger"), more).await.created();
    let redeemed = admin.post(&redemptions, redeem.clone()).await.created();
    let path = format!("{redemptions}/{}", redeemed["id"].as_str().unwrap());
    assert_eq!(admin.get(&path).await.ok()["fields"]["available"], "50");
    // Taking points back that were spent is refused, too.
    let reverse =
        json!({"fields": {"member": member["id"], "type": "CLAWBACK", "points": -51, "ref": "SO-1"}});
    admin.post(&records("ledger"), reverse).await.refused(409, "constraint");
}

#[tokio::test]
async fn a_redemption_is_handed_over_or_cancelled_and_cancelling_gives_the_points_back() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let loyalty = install(&admin, "loyalty", false).await;
        let records = |form: &str| format!("/forms/{}/records", form_of(&loyalty, form));
        let service = server.member(&admin, "service@example.com", &["CS"]).await;
        let lead = server.member(&admin, "lead@example.com", &["CSMGR"]).await;
        let add = async |form: &str, fields: Value| {
            admin.post(&records(form), json!({"fields": fields})).await.created()["id"].clone()
        };
        let member = add("member", json!({"name": "Ann", "phone": "13800138000"})).await;
        let reward = add("reward", json!({"name": "Cup", "points": 100, "stock": 5, "kind": "gift"})).await;
        add("ledger", json!({"member": member, "type": "EARN", "points": 300, "ref": "SO-1"})).await;
        let balance = async || {
            let path = format!("{}/{}", records("member"), member.as_str().unwrap());
            admin.get(&path).await.ok()["fields"]["balance"].clone()
        };

        // Whoever decides on them has both in the form.
        let form = lead.get(&format!("/forms/{}", form_of(&loyalty, "redemption"))).await.ok();
        for field in ["delivered_at", "cancelled"] {
            assert_eq!(form["may"]["fields"][field], "edit", "{field}");
        }
        let redeem = |qty: u32| json!({"fields": {"member": member, "reward": reward, "qty": qty}});
        let made = service.post(&records("redemption"), redeem(2)).await.created();
        assert_eq!((&made["fields"]["status"], balance().await), (&json!("done"), json!("100")));
        let path = format!("{}/{}", records("redemption"), made["id"].as_str().unwrap());
        let handed_over = json!({"fields": {"delivered_at": "2025-01-15"}});
        service.patch(&path, version_of(&made), handed_over.clone()).await.refused(403, "forbidden");
        let made = lead.patch(&path, version_of(&made), handed_over).await.ok();
        assert_eq!((&made["fields"]["status"], balance().await), (&json!("delivered"), json!("100")));
        let cancel = |cancelled: bool| json!({"fields": {"cancelled": cancelled}});
        let made = lead.patch(&path, version_of(&made), cancel(true)).await.ok();
        assert_eq!((&made["fields"]["status"], balance().await), (&json!("cancelled"), json!("300")));

        // The points are there to be spent, and then not for what was cancelled.
        service.post(&records("redemption"), redeem(3)).await.created();
        assert_eq!(balance().await, "0");
        // Who fills in one more is told before they send it: what only other records know, too.
        let tried = format!("/forms/{}/evaluate", form_of(&loyalty, "redemption"));
        let record = redeem(1)["fields"].clone();
        let tried = service.post(&tried, json!({ "record": record })).await.ok();
        let told = |fault: &Value| (fault["path"].clone(), fault["code"].clone());
        let told: Vec<_> = tried["faults"].as_array().unwrap().iter().map(told).collect();
        assert!(told.contains(&(json!("qty"), json!("validation"))), "{tried}");
        // There is nothing to cancel before it is stored.
        assert_eq!(tried["visible"]["cancelled"], false);
        let refused = lead.patch(&path, version_of(&made), cancel(false)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.qty: validation"]);
        assert_eq!(lead.get(&path).await.ok()["fields"]["status"], "cancelled");
    })
    .await;
}

#[tokio::test]
async fn templates_are_for_administrators_and_only_those_that_exist() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let mei = server.member(&admin, "mei@example.com", &[]).await;
    mei.post("/templates/crm/install", json!({})).await.refused(403, "forbidden");
    admin.post("/templates/nothing/install", json!({})).await.refused(404, "not_found");
    let language =
        admin.post("/templates/crm/install", json!({"locale": "fr"})).await.refused(422, "validation");
    assert_eq!(faults(&language), ["locale: wrong_type"]);
    // Alone, in another language, and without demo.
    let installed = install(&admin, "loyalty", false).await;
    let ledger = format!("/forms/{}/records", form_of(&installed, "ledger"));
    assert!(items(&admin.get(&ledger).await.ok()).is_empty());
    server.close().await;
}

#[tokio::test]
async fn roles_of_templates_are_called_in_the_language_of_who_reads_them() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "crm", false).await;
        let named = async |language: &'static str| {
            let roles = admin.speaking(language).get("/roles").await.ok();
            items(&roles).iter().find(|role| role["key"] == "DIR").unwrap().clone()
        };
        for (language, name) in [("zh-CN", "销售总监"), ("zh-TW", "業務總監"), ("en", "Sales director")]
        {
            assert_eq!(named(language).await["name"], name, "{language}");
        }
        // A name of one's own is the same for all.
        let role = named("en").await;
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        admin.patch(&path, 1, json!({"name": "Head of sales"})).await.ok();
        for language in ["zh-TW", "en"] {
            assert_eq!(named(language).await["name"], "Head of sales", "{language}");
        }
    })
    .await;
}
