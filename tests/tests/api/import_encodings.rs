//! In which encoding a file is read: said where it is a guess, and never another because of one broken byte.

use serde_json::json;
use tests::on_both;

use crate::import::{app, form, import, records};

/// A table of people in GB18030.
const SIMPLIFIED: [&[u8]; 3] = [
    b"\xd0\xd5\xc3\xfb,\xb2\xbf\xc3\xc5,\xb1\xb8\xd7\xa2\n",
    b"\xcd\xf5\xd0\xa1\xc3\xf7,\xcf\xfa\xca\xdb\xb2\xbf,\xa1\xb0\xc4\xe3\xba\xc3\xa1\xb1\xa3\xac\xca\xc0\xbd\xe7\n",
    b"\xc0\xee\xb4\xf3\xbb\xaa,\xd0\xc5\xcf\xa2\xb2\xbf,\xb1\xa8\xb1\xed\xd3\xeb\xc9\xf3\xc5\xfa\n",
];

#[tokio::test]
async fn a_preview_and_an_import_say_which_encoding_they_read() {
    on_both(async |server| {
        let admin = server.set_up().await.speaking("zh-CN");
        let app = app(&admin).await;
        let people = json!({"key": "person", "label": "Person", "fields": [
            {"key": "name", "label": "姓名", "kind": "text"}]});
        let form = form(&admin, &app, people).await;
        let text = "姓名,部门\n王小明,销售部\n".as_bytes().to_vec();
        for (bytes, encoding) in [(SIMPLIFIED.concat(), "gb18030"), (text, "UTF-8")] {
            let file = admin.upload("people.csv", "text/csv", bytes).await;
            let of_file = json!({"file": file});
            let preview = admin.post(&format!("/forms/{form}/import/preview"), of_file.clone()).await.ok();
            assert_eq!(preview["encoding"], encoding);
            let proposal = admin.post(&format!("/apps/{app}/forms/propose"), of_file).await.ok();
            assert_eq!(proposal["encoding"], encoding);
            let job = import(&admin, &form, json!({"file": file, "mapping": {"姓名": "name"}})).await;
            assert_eq!(job["result"]["encoding"], encoding, "{job}");
            assert_eq!(
                records(&admin, &form).await.last().unwrap()["fields"]["name"].as_str().map(str::len),
                Some(9)
            );
        }
        // The rows of a list have none.
        let list = br#"[{"name": "Ada"}]"#.to_vec();
        let file = admin.upload("people.json", "application/json", list).await;
        let preview = admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await.ok();
        assert!(preview.get("encoding").is_none(), "{preview}");
    })
    .await;
}

#[tokio::test]
async fn t40_one_broken_byte_is_named_and_nothing_comes_in_garbled() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let people = json!({"key": "person", "label": "Person", "fields": [
            {"key": "name", "label": "姓名", "kind": "text"}]});
        let form = form(&admin, &app, people).await;
        let line = "王小明,销售部\n";
        let head = format!("姓名,部门\n{}", line.repeat(20));
        let bytes = [head.as_bytes(), b"\xff", line.repeat(20).as_bytes()].concat();
        let file = admin.upload("people.csv", "text/csv", bytes).await;
        let preview = admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await;
        let refusal = preview.refused(422, "broken_csv");
        let fault = &refusal["errors"][0];
        assert_eq!((&fault["code"], &fault["path"]), (&json!("csv_not_text"), &json!("line 22")));
        let order = json!({"file": file, "mapping": {"姓名": "name"}});
        admin.post(&format!("/forms/{form}/import"), order).await.refused(422, "broken_csv");
        assert!(records(&admin, &form).await.is_empty());
    })
    .await;
}
