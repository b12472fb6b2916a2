//! Forms proposed for files that are not quite clean.

use serde_json::{Value, json};
use tests::on_both;

use crate::import::{app, form, import, upload};

/// Forty orders, one of them with a day that is none, another with an amount that is none.
fn orders() -> String {
    let mut lines = vec!["No,Ordered,Amount,Remark".to_string()];
    for number in 1..=40 {
        let day = if number == 12 { "soon".to_string() } else { format!("2024/3/{}", number % 28 + 1) };
        let amount = if number == 30 { "n/a".to_string() } else { format!("{number}.50") };
        lines.push(format!("N-{number},{day},{amount},remark {number}"));
    }
    lines.join("\n")
}

#[tokio::test]
async fn one_slip_of_the_pen_does_not_make_a_column_text_and_is_told() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let file = upload(&admin, &orders()).await;
        let propose = json!({"file": file});
        let proposal = admin.post(&format!("/apps/{app}/forms/propose"), propose.clone()).await.ok();
        let columns = proposal["columns"].as_array().unwrap();
        let kinds: Vec<&str> = columns.iter().map(|column| column["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["text", "date", "number", "text"]);
        assert_eq!(
            columns[1]["misfits"],
            json!({"count": 1, "line": 13, "value": "soon", "message": "This is not a date."})
        );
        assert_eq!(
            (&columns[2]["misfits"]["line"], &columns[2]["misfits"]["value"]),
            (&json!(31), &json!("n/a"))
        );
        assert!(columns.iter().step_by(3).all(|column| column.get("misfits").is_none()), "{columns:?}");

        let chinese = admin.speaking("zh-CN");
        let proposal = chinese.post(&format!("/apps/{app}/forms/propose"), propose).await.ok();
        assert_eq!(proposal["columns"][1]["misfits"]["message"], "这不是日期。", "in the reader's language");

        // What was told is what the import does.
        let form = form(&admin, &app, proposal["definition"].clone()).await;
        let job = import(&admin, &form, json!({"file": file, "mapping": proposal["mapping"]})).await;
        let result = &job["result"];
        assert_eq!((&result["created"], &result["failed"]), (&json!(38), &json!(2)), "{job}");
        let told = |fault: &Value| (fault["line"].clone(), fault["column"].clone(), fault["value"].clone());
        assert_eq!(told(&result["faults"][0]), (json!(13), json!("Ordered"), json!("soon")));
        assert_eq!(told(&result["faults"][1]), (json!(31), json!("Amount"), json!("n/a")));
    })
    .await;
}
