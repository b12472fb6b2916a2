//! What an import makes of a file that was not written for its form: columns by other names, and one fault in many rows.

use serde_json::{Value, json};
use tests::on_both;

use crate::import::{app, form, import, upload};

fn leave() -> Value {
    json!({"key": "leave", "label": {"zh-CN": "请假申请", "en": "Leave request"}, "fields": [
        {"key": "kind", "label": "请假类型", "kind": "select", "required": true,
         "options": {"choices": [{"key": "sick", "label": "病假"}, {"key": "annual", "label": "年假"}]}},
        {"key": "from", "label": "开始日期", "kind": "date"},
        {"key": "to", "label": "结束日期", "kind": "date"},
        {"key": "days", "label": "天数", "kind": "number"},
        {"key": "mail", "label": "通知", "kind": "email"},
        {"key": "why", "label": "事由", "kind": "text"}]})
}

#[tokio::test]
async fn columns_by_other_names_find_their_fields_and_others_are_left_out() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let form = form(&admin, &app, leave()).await;
        let guessed = async |header: &str, row: &str| {
            let file = upload(&admin, &format!("{header}\n{row}\n")).await;
            let preview =
                admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await.ok();
            let columns = preview["columns"].as_array().unwrap().clone();
            columns.into_iter().map(|column| column["field"].clone()).collect::<Vec<_>>()
        };
        let found = guessed("类型,开始,结束,请假天数,原因", "病假,2026/3/1,2026/3/2,2,发烧").await;
        assert_eq!(found, [json!("kind"), json!("from"), json!("to"), json!("days"), json!("why")]);
        let found = guessed("Leave type,Start date,Until,Reason", "病假,2026/3/1,2026/3/2,x").await;
        assert_eq!(found, [json!("kind"), json!("from"), json!("to"), json!("why")]);
        let found = guessed("qingjialeixing,ksrq,jieshuriqi", "病假,2026/3/1,2026/3/2").await;
        assert_eq!(found, [json!("kind"), json!("from"), json!("to")]);
        // Two fields hold days, and one alone addresses for mail; names are no days.
        let found = guessed("日期,x,生日,客户,开始", "2026/3/1,a@example.com,2000/1/1,Acme,Ada").await;
        assert_eq!(found, [Value::Null, json!("mail"), Value::Null, Value::Null, Value::Null]);
        // What is named outright stays where it is.
        let found = guessed("类型,请假类型", "a,病假").await;
        assert_eq!(found, [Value::Null, json!("kind")]);
    })
    .await;
}

#[tokio::test]
async fn one_fault_of_many_rows_is_told_once_and_all_of_them_are_in_the_workbook() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let form = form(&admin, &app, leave()).await;
        let kind = |line: usize| match line {
            5 => "病假y",
            _ if line.is_multiple_of(2) => "病假x",
            _ => "年假",
        };
        let rows: String = (2..302).map(|line| format!("{},{line}\n", kind(line))).collect();
        let file = upload(&admin, &format!("类型,天数\n{rows}")).await;
        let input = json!({"file": file, "mapping": {"类型": "kind", "天数": "days"}, "dry_run": true});
        let job = import(&admin, &form, input).await;
        let result = &job["result"];
        assert_eq!((&result["created"], &result["failed"]), (&json!(149), &json!(151)), "{job}");
        assert_eq!(result["faults"].as_array().unwrap().len(), 20);
        let groups = result["groups"].as_array().unwrap();
        let told = |group: &Value| (group["value"].clone(), group["count"].clone(), group["lines"].clone());
        assert_eq!(
            groups.iter().map(told).collect::<Vec<_>>(),
            [(json!("病假x"), json!(150), json!([2, 4, 6, 8, 10])), (json!("病假y"), json!(1), json!([5])),]
        );
        assert_eq!(
            (&groups[0]["path"], &groups[0]["column"], &groups[0]["code"]),
            (&json!("kind"), &json!("类型"), &json!("unknown_choice"))
        );
        let errors = admin.get(&format!("/files/{}", result["error_file"].as_str().unwrap())).await;
        let rows = tests::sheet::cells(&errors.bytes, 2);
        assert_eq!(rows.len(), 152, "the head and every row");
    })
    .await;
}
