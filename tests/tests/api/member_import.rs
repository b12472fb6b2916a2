//! Members from files.

use serde_json::{Value, json};
use tests::sheet::{self, workbook};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Workspace, on_both};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn csv(admin: &Client, text: &str) -> String {
    admin.upload("people.csv", "text/csv", text.as_bytes().to_vec()).await
}

async fn member(admin: &Client, email: &str) -> Value {
    let all = admin.whole("/members").await;
    items(&all).iter().find(|member| member["email"] == email).cloned().unwrap_or_default()
}

async fn names(admin: &Client, path: &str, ids: &Value) -> Vec<String> {
    let all = admin.get(path).await.ok();
    let named = |id: &Value| items(&all).iter().find(|one| &one["id"] == id).unwrap()["name"].clone();
    ids.as_array().unwrap().iter().map(|id| named(id).as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_of_people_is_looked_at_and_then_brought_in() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        admin.post("/roles", json!({"key": "seller", "name": "Seller"})).await.created();
        let mei = workspace.person("mei").await;
        let text = format!(
            "姓名,Email,Department,Role,Manager,手机\n\
             Ann,ann@example.com,Sales/East,seller,{mei},123\n\
             Bob,bob@example.com,Sales/East;Board,Seller,ann@example.com,\n\
             ,{mei},,,,555\n\
             Eve,no address,,,,\n\
             Fay,fay@example.com,,juggler,,\n\
             Gus,gus@example.com,,,nobody@example.com,\n\
             Ann,ANN@example.com,,,,\n",
            mei = mei.email
        );
        let file = csv(admin, &text).await;

        // Without departments being made the first two can't be placed, and whom they would bring manages nobody.
        let closed = admin.post("/members/import/preview", json!({"file": file})).await.ok();
        assert_eq!(closed["outcome"]["failed"], 6, "{closed}");
        assert_eq!(closed["outcome"]["faults"][0]["code"], "no_such_department");

        let asked = json!({"file": file, "make_departments": true});
        let seen = admin.post("/members/import/preview", asked.clone()).await.ok();
        let mapping = json!({"姓名": "name", "Email": "email", "Department": "departments", "Role": "roles",
            "Manager": "manager", "手机": "phone"});
        assert_eq!(seen["mapping"], mapping);
        let outcome = &seen["outcome"];
        let counts = |outcome: &Value| {
            ["created", "updated", "unchanged", "failed"].map(|name| outcome[name].as_u64().unwrap())
        };
        assert_eq!(counts(outcome), [2, 1, 0, 4], "{outcome}");
        assert_eq!(outcome["departments"], json!(["Sales", "Sales/East", "Board"]));
        // Of who is here already it says what changes.
        let phone = json!([{"column": "phone", "old": [], "new": ["555"]}]);
        assert_eq!(
            (&seen["rows"][2]["changes"], &seen["rows"][0]["changes"]),
            (&phone, &Value::Null),
            "{seen}"
        );
        let told: Vec<String> = outcome["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| format!("{} {} {}", fault["line"], fault["column"], fault["code"]).replace('"', ""))
            .collect();
        let expected =
            ["5 Email not_an_email", "6 Role no_such_role", "7 Manager no_such_manager", "8 Email twice"];
        assert_eq!(told, expected);
        assert_eq!(member(admin, "ann@example.com").await, Value::Null, "nothing is stored yet");

        let job = admin.job(admin.post("/members/import", asked.clone()).await).await;
        assert_eq!(job["state"], "done", "{job}");
        assert_eq!(counts(&job["result"]), [2, 1, 0, 4]);
        let ann = member(admin, "ann@example.com").await;
        let bob = member(admin, "bob@example.com").await;
        assert_eq!(
            (&ann["state"], &ann["manager"], &ann["phone"]),
            (&json!("invited"), &json!(mei.id), &json!("123"))
        );
        assert_eq!(bob["manager"], ann["id"]);
        assert_eq!(names(admin, "/departments", &ann["departments"]).await, ["East"]);
        assert_eq!(names(admin, "/roles", &bob["roles"]).await, ["Seller"]);
        let after = member(admin, &mei.email).await;
        assert_eq!((&after["name"], &after["phone"]), (&json!("mei"), &json!("555")), "what is blank stays");

        // The same again changes nothing; and nobody comes to administer by a file.
        let again = admin.job(admin.post("/members/import", asked).await).await;
        assert_eq!(counts(&again["result"]), [0, 0, 3, 4]);
        assert_eq!(ann["administrator"], false);
        mei.post("/members/import/preview", json!({"file": file})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_row_is_told_at_once() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let text = "Name,Email,Role,Manager,Department\nEve,no address,juggler,nobody@example.com,Nowhere\n";
        let file = csv(&admin, text).await;
        let seen = admin.post("/members/import/preview", json!({"file": file})).await.ok();
        let told = seen["outcome"]["faults"].as_array().unwrap();
        let codes: Vec<&str> = told.iter().map(|fault| fault["code"].as_str().unwrap()).collect();
        assert_eq!(
            codes,
            ["not_an_email", "no_such_department", "no_such_role", "no_such_manager"],
            "{seen}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_workbook_of_people_with_columns_of_other_names() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let texts = |cells: &[&str]| cells.iter().map(|cell| sheet::text(cell)).collect::<Vec<_>>();
        let rows = vec![
            texts(&["Who", "Where to write", "Boss"]),
            texts(&["Ann", "ann@example.com", "bob@example.com"]),
            texts(&["Bob", "bob@example.com", "ann@example.com"]),
            texts(&["Cid", "cid@example.com", "ann@example.com"]),
            texts(&["Dan", "dan@example.com", ""]),
        ];
        let file = admin.upload("people.xlsx", XLSX, workbook(&[("People", rows)])).await;
        let unknown = admin.post("/members/import/preview", json!({"file": file})).await;
        assert_eq!(faults(&unknown.refused(422, "validation")), ["mapping: email_column_missing"]);
        let wrong = json!({"file": file, "mapping": {"Where to write": "email", "Shoes": "name"}});
        let wrong = admin.post("/members/import", wrong).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["mapping.Shoes: unknown_column"]);
        let mapping = json!({"Who": "name", "Where to write": "email", "Boss": "manager"});
        let asked = json!({"file": file, "mapping": mapping});
        let job = admin.job(admin.post("/members/import", asked).await).await;
        // Two who would manage each other are refused, and with them whom one of them would manage.
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(1), &json!(3)), "{job}");
        let dan = member(&admin, "dan@example.com").await;
        assert!(!id_of(&dan).is_empty());
        let codes: Vec<&str> = job["result"]["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["code"].as_str().unwrap())
            .collect();
        assert_eq!(codes, ["manager_circle", "manager_circle", "no_such_manager"]);
    })
    .await;
}
