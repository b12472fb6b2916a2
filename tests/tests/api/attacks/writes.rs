//! T05, T06, T17: no way of writing reaches further than its writer, or sets what is not theirs to set.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, group, select, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};

use super::{orders, unseen};

#[tokio::test]
async fn t05_records_outside_ones_rows_are_not_found_by_any_way_of_writing() {
    on_both_shared(async |workspace| {
        let orders = orders(&workspace).await;
        let (mei, order) = (&orders.mei, &orders.order);
        let before = workspace.admin.get(&unseen(&orders)).await.ok();
        let (south, fields) = (&orders.south["id"], json!({"amount": 99}));
        let bulk = order.path("/records/bulk");
        let path = unseen(&orders);
        mei.patch(&path, 1, json!({"fields": fields})).await.refused(404, "not_found");
        mei.delete(&path, 1).await.refused(404, "not_found");
        // What is not to be seen is refused as what is not there.
        for (real, none) in [
            (json!({"update": [{"id": south, "fields": fields}]}), json!({"update": [{"id": UNKNOWN, "fields": fields}]})),
            (json!({"delete": [south]}), json!({"delete": [UNKNOWN]})),
            (
                json!({"update": [{"id": south, "fields": fields}], "atomic": false}),
                json!({"update": [{"id": UNKNOWN, "fields": fields}], "atomic": false}),
            ),
        ] {
            let answers = [mei.post(&bulk, real).await, mei.post(&bulk, none).await];
            let of_one = |body: &Value| json!([(body["code"]), (body["errors"]), (body["results"])]);
            assert_eq!(answers[0].status, answers[1].status);
            assert_eq!(of_one(&answers[0].body), of_one(&answers[1].body));
            assert!(answers[0].body.to_string().contains("not_found"), "{}", answers[0].body);
        }
        // A key that only an unseen record has names none: a new record is made, and an update finds nothing.
        let row = json!({"fields": {"name": "Bea", "region": "north", "amount": 98}});
        let upserted = mei.post(&bulk, json!({"upsert": {"key": ["name"], "rows": [row]}})).await.ok();
        assert_ne!(&upserted["results"][0]["id"], south);
        let edit = json!({"filter": test("name", "eq", "Bea"), "set": {"amount": 97}});
        let edited = mei.job(mei.post(&order.path("/bulk-edit"), edit).await).await;
        assert_eq!(edited["state"], "done", "{edited}");
        let file = mei.upload("a.csv", "text/csv", b"name,amount\nBea,96\n".to_vec()).await;
        let import = json!({"file": file, "mapping": {"name": "name", "amount": "amount"}, "mode": "update", "key": ["name"]});
        let imported = mei.job(mei.post(&order.path("/import"), import).await).await;
        assert_eq!(imported["result"]["updated"], 1, "her own alone: {imported}");

        assert_eq!(workspace.admin.get(&path).await.ok(), before);
        assert_eq!(version_of(&before), 1);
    })
    .await;
}

/// What somebody has brought in may leave their rows; from then on it is for others.
#[tokio::test]
async fn t05_taking_back_tells_nothing_of_records_that_left_ones_rows() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let fields = [text("name"), select("region", &["north", "south"])];
        let order = workspace.form(form("order", fields)).await;
        let mei = workspace.person("mei").await;
        let north = group("north", &[&mei.id]).may(&["view", "create", "edit", "delete", "import"]);
        order.allow(north.rows(test("region", "eq", "north"))).await;
        let rows = b"name,region\nLeft,north\nStayed,north\nGone,north\n".to_vec();
        let file = mei.upload("orders.csv", "text/csv", rows).await;
        let input = json!({"file": file, "mapping": {"name": "name", "region": "region"}});
        let job = mei.job(mei.post(&order.path("/import"), input).await).await;
        assert_eq!(job["result"]["created"], 3, "{job}");
        let found = async |name: &str| {
            let asked = json!({"filter": test("name", "eq", name)});
            items(&order.query(admin, asked).await.ok())[0].clone()
        };
        let (left, stayed) = (found("Left").await, found("Stayed").await);
        order.edit(admin, &left, json!({"region": "south"})).await.ok();
        order.edit(admin, &stayed, json!({"name": "Renamed"})).await.ok();
        let undone = mei.job(mei.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await).await;
        let result = &undone["result"];
        assert_eq!((&result["deleted"], &result["kept"]), (&json!(1), &json!(2)), "{undone}");
        let why = |record: &Value| {
            let rows = result["rows"].as_array().unwrap();
            rows.iter().find(|row| row["record"] == record["id"]).map(|row| row["code"].clone())
        };
        assert_eq!(why(&stayed), Some(json!("changed_since")));
        assert_eq!(why(&left), Some(json!("not_found")), "as if it were not there");
    })
    .await;
}

/// What is the server's to say, under the names that other products have for it.
const NOT_THEIRS: [&str; 20] = [
    "id",
    "_id",
    "$id",
    "version",
    "$version",
    "created_at",
    "$created_at",
    "created_by",
    "$created_by",
    "updated_at",
    "serial",
    "flow_state",
    "$flow_state",
    "flow_status",
    "approver",
    "workspace",
    "workspace_id",
    "deleted_at",
    "$deleted_at",
    "owner",
];

#[tokio::test]
async fn t06_nothing_is_set_that_is_the_servers_to_say() {
    on_both_shared(async |workspace| {
        let orders = orders(&workspace).await;
        let (admin, order) = (&workspace.admin, &orders.order);
        let count = async || items(&order.query(admin, json!({})).await.ok()).len();
        let (before, record) = (count().await, order.at(&orders.north));
        for who in [admin, &*orders.mei] {
            for member in NOT_THEIRS {
                let beside = json!({"fields": {"region": "north"}, (member): "x"});
                let within = json!({"fields": {"region": "north", (member): "x"}});
                let system = json!({"fields": {"region": "north"}, "system": {(member): UNKNOWN}});
                let edits = [beside.clone(), within.clone()];
                for body in [beside, within, system] {
                    let made = who.post(&order.path("/records"), body.clone()).await;
                    // Somebody else's name is no owner either.
                    assert!([403, 422].contains(&made.status), "{body}: {} {}", made.status, made.body);
                }
                for body in edits {
                    let edited = who.patch(&record, 1, body.clone()).await;
                    assert_eq!(edited.status, 422, "{body}: {}", edited.body);
                }
            }
        }
        assert_eq!(count().await, before);
        assert_eq!(version_of(&admin.get(&record).await.ok()), 1);
    })
    .await;
}

/// The generator of the check: whoever sends a member that a body does not have is refused, wherever a body has members of its
/// own.
#[tokio::test]
async fn t06_c10_no_body_takes_a_member_that_it_does_not_have() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let document = admin.get("/openapi.json").await.ok();
        let mut tried = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
                let Some(name) = schema.as_str().and_then(|name| name.rsplit('/').next()) else { continue };
                if document["components"]["schemas"][name]["additionalProperties"] != false {
                    continue;
                }
                let filled: Vec<&str> =
                    path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part }).collect();
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let request = admin.request(method.clone(), "").header("if-match", "*");
                let mut request =
                    request.json(&json!({"is_admin": true, "workspace_id": UNKNOWN})).build().unwrap();
                *request.url_mut() = format!("{}{}", admin.url(), filled.join("/")).parse().unwrap();
                let answer = admin.execute(request).await;
                let is_refused = match answer.status {
                    422 => faults(&answer.body).iter().any(|fault| fault.ends_with("unknown_member")),
                    // What stands in the path is not there, and is looked for first.
                    status => [401, 404].contains(&status),
                };
                assert!(is_refused, "{method} {path}: {} {}", answer.status, answer.body);
                tried += 1;
            }
        }
        assert!(tried > 40, "{tried}");
    })
    .await;
}

#[tokio::test]
async fn t17_a_file_field_takes_files_of_its_writer_and_nothing_that_looks_like_one() {
    on_both_shared(async |workspace| {
        let orders = orders(&workspace).await;
        let (mei, order) = (&orders.mei, &orders.order);
        let foreign = workspace.admin.upload("a.txt", "text/plain", b"hers".to_vec()).await;
        for (value, code) in [
            (json!({"filepath": "/etc/passwd"}), "wrong_type"),
            (json!([{"filepath": "/etc/passwd", "url": "http://127.0.0.1/"}]), "wrong_type"),
            (json!("../../x"), "not_an_id"),
            (json!("/etc/passwd"), "not_an_id"),
            (json!(["../../etc/passwd"]), "not_an_id"),
            (json!([foreign]), "not_an_id"),
            (json!([UNKNOWN]), "not_an_id"),
        ] {
            let refused = order.create(mei, json!({"region": "north", "papers": value})).await;
            let found = faults(&refused.refused(422, "validation"));
            assert_eq!(found, [format!("fields.papers: {code}")], "{value}");
        }
    })
    .await;
}
