//! Pictures and signatures in fields, and the parts of a form that hold nothing.

use serde_json::{Value, json};
use tests::design::{Field, form, group, subform, test, text};
use tests::workspace::{UNKNOWN, faults, items};
use tests::{Client, on_both_shared};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
/// 30,000 pixels wide and high.
const FLOOD: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x75\x30\0\0\x75\x30";
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

async fn picture(who: &Client, name: &str) -> String {
    who.upload(name, "image/png", PNG.to_vec()).await
}

#[tokio::test]
async fn a_field_of_pictures_takes_pictures_alone_by_their_bytes() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, lin) = (workspace.person("mei").await, workspace.person("lin").await);
        let fields = [
            text("name"),
            Field::new("shots", "images"),
            Field::new("few", "images").option("max_count", 2).option("types", json!(["image/gif", ".png"])),
            Field::new("small", "images").option("max_bytes", 30),
            subform("rows", [text("what"), Field::new("proof", "images")]),
        ];
        let claim = workspace.form(form("claim", fields)).await;
        claim.allow(group("all", &[&mei.id]).field("few", "none")).await;
        let [first, second] = [picture(admin, "a.png").await, picture(admin, "b.png").await];
        let shown = picture(admin, "c.png").await;
        let rows = json!([{"what": "x", "proof": [shown]}]);
        let made = claim.add(json!({"name": "a", "shots": [second, first], "rows": rows})).await;
        assert_eq!(made["fields"]["shots"], json!([second, first]), "in the order given");
        let list = claim.query(admin, json!({"titles": true})).await.ok();
        assert_eq!(list["titles"]["file"][&first], "a.png");
        assert_eq!(mei.get(&format!("/files/{second}")).await.bytes, PNG, "who reads the record sees it");
        lin.get(&format!("/files/{second}")).await.refused(404, "not_found");

        let refused =
            async |fields: Value| faults(&claim.create(admin, fields).await.refused(422, "validation"));
        for (name, bytes) in [
            ("a.svg", SVG),
            ("a.pdf", PDF),
            ("a.png", SVG),
            ("a.png", b"<html></html>".as_slice()),
            ("a.png", FLOOD),
        ] {
            let file = admin.upload(name, "image/png", bytes.to_vec()).await;
            assert_eq!(refused(json!({"shots": [file]})).await, ["fields.shots: file_type"], "{name}");
            let row = json!({"rows": [{"what": "x", "proof": [file]}]});
            assert_eq!(refused(row).await, ["fields.rows.0.proof: file_type"], "{name}");
        }
        let gif = admin.upload("d.gif", "image/gif", GIF.to_vec()).await;
        let jpeg = admin.upload("e.jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01".to_vec()).await;
        assert_eq!(refused(json!({"few": [jpeg]})).await, ["fields.few: file_type"]);
        let big = admin.upload("f.png", "image/png", [PNG, [0; 40].as_slice()].concat()).await;
        assert_eq!(refused(json!({"small": [big]})).await, ["fields.small: file_too_large"]);
        let [one, two] = [picture(admin, "g.png").await, picture(admin, "h.png").await];
        assert_eq!(refused(json!({"few": [gif, one, two]})).await, ["fields.few: too_many"]);
        assert_eq!(refused(json!({"few": [UNKNOWN]})).await, ["fields.few: not_an_id"]);
        assert_eq!(refused(json!({"few": [first]})).await, ["fields.few: file_taken"]);
        let made = claim.add(json!({"few": [gif, one, gif]})).await;
        assert_eq!(made["fields"]["few"], json!([gif, one]), "each once, in the order given");
        mei.get(&format!("/files/{gif}")).await.refused(404, "not_found");
        let found =
            async |filter: Value| items(&claim.query(admin, json!({"filter": filter})).await.ok()).len();
        assert_eq!(found(json!({"field": "few", "op": "not_empty"})).await, 1);
        assert_eq!(found(json!({"field": "rows.proof", "op": "not_empty"})).await, 1);
        let by_value = claim.query(admin, json!({"filter": test("few", "has_any", json!([gif]))})).await;
        assert_eq!(faults(&by_value.refused(422, "validation")), ["filter: unknown_operator"]);
        let emptied = claim.edit(admin, &made, json!({"few": [one]})).await.ok();
        assert_eq!(emptied["fields"]["few"], json!([one]));

        let app = workspace.app("Pictures").await;
        let bad = Field::new("few", "images").option("types", json!([".pdf"])).option("max_count", 0);
        let mut told = faults(&app.refused_form(form("bad", [bad])).await.refused(422, "validation"));
        told.sort();
        assert_eq!(
            told,
            ["/fields/0/options/max_count: too_small", "/fields/0/options/types/0: not_a_picture"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_signature_is_a_drawing_of_who_signs() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let contract = workspace
            .form(form("contract", [text("name"), Field::new("signed", "signature").required()]))
            .await;
        contract.allow(group("all", &[&mei.id])).await;
        let told = |answer: tests::Answer| faults(&answer.refused(422, "validation"));
        let missing = contract.create(&mei, json!({"name": "a"})).await;
        assert_eq!(told(missing), ["fields.signed: required"]);
        for (value, code) in
            [(json!("Mei"), "not_an_id"), (json!(UNKNOWN), "not_an_id"), (json!({"x": 1}), "wrong_type")]
        {
            let answer = contract.create(&mei, json!({"signed": value})).await;
            assert_eq!(told(answer), [format!("fields.signed: {code}")]);
        }
        let theirs = picture(admin, "sign.png").await;
        assert_eq!(
            told(contract.create(&mei, json!({"signed": theirs})).await),
            ["fields.signed: not_an_id"]
        );
        let gif = mei.upload("sign.gif", "image/gif", GIF.to_vec()).await;
        assert_eq!(told(contract.create(&mei, json!({"signed": gif})).await), ["fields.signed: file_type"]);
        let large = mei.upload("sign.png", "image/png", [PNG, vec![0; 1 << 20].as_slice()].concat()).await;
        assert_eq!(
            told(contract.create(&mei, json!({"signed": large})).await),
            ["fields.signed: file_too_large"]
        );

        let own = picture(&mei, "sign.png").await;
        let made = contract.create(&mei, json!({"name": "a", "signed": own})).await.created();
        assert_eq!(made["fields"]["signed"], json!(own));
        assert_eq!(admin.get(&format!("/files/{own}")).await.bytes, PNG);
        // It signs this one record, and nobody signs with it again.
        assert_eq!(told(contract.create(&mei, json!({"signed": own})).await), ["fields.signed: file_taken"]);
        assert_eq!(told(contract.create(admin, json!({"signed": own})).await), ["fields.signed: not_an_id"]);
        // The record is changed beside it, and signed anew by whoever then signs.
        let changed = contract.edit(admin, &made, json!({"name": "b", "signed": own})).await.ok();
        let again = contract.edit(admin, &changed, json!({"signed": theirs})).await.ok();
        assert_eq!(again["fields"]["signed"], json!(theirs));
        assert_eq!(
            told(contract.edit(admin, &again, json!({"signed": own})).await),
            ["fields.signed: not_an_id"]
        );
        let history = admin.get(&format!("{}/history", contract.at(&made))).await.ok();
        assert_eq!(items(&history)[0]["changes"]["signed"], json!({"old": own, "new": theirs}));
    })
    .await;
}

fn tabs(key: &str, tabs: Value) -> Field {
    Field::new(key, "tabs").option("tabs", tabs)
}

#[tokio::test]
async fn parts_of_the_layout_have_keys_and_no_values() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let pages =
            json!([{"label": "First", "fields": ["name", "hint"]}, {"label": "More", "fields": ["size"]}]);
        let plan = workspace
            .form(form(
                "plan",
                [
                    text("name"),
                    Field::new("hint", "note")
                        .option("text", "Say what it is.")
                        .with("visible_when", test("name", "eq", "x")),
                    Field::new("line", "divider"),
                    text("size"),
                    tabs("pages", pages),
                ],
            ))
            .await;
        let parts = ["hint", "line", "pages"];
        let made = plan.add(json!({"name": "a", "size": "b"})).await;
        let schema = admin.get(&plan.path("/schema")).await.ok();
        for part in parts {
            assert!(made["fields"].get(part).is_none(), "{part}");
            assert!(schema["properties"].get(part).is_none(), "{part}");
            let refused = plan.create(admin, json!({part: "x"})).await.refused(422, "not_writable");
            assert_eq!(faults(&refused), [format!("fields.{part}: not_writable")]);
            plan.query(admin, json!({"filter": {"field": part, "op": "is_empty"}}))
                .await
                .refused(422, "validation");
            plan.query(admin, json!({"sort": [{"field": part}]})).await.refused(422, "not_sortable");
        }
        // Rules show and hide them like fields.
        let visible = async |name: &str| {
            let answer = admin.post(&plan.path("/evaluate"), json!({"record": {"name": name}})).await.ok();
            answer["visible"]["hint"].clone()
        };
        assert_eq!((visible("x").await, visible("y").await), (json!(true), json!(false)));
        let file = admin.upload("plan.csv", "text/csv", b"name,hint\na,b\n".to_vec()).await;
        let mapping = json!({"name": "name", "hint": "hint"});
        let input = json!({"file": file, "mapping": mapping, "mode": "create", "key": [], "dry_run": false});
        admin.post(&plan.path("/import"), input).await.with_status(422);

        let app = workspace.app("Plans").await;
        let on = |key: &str| json!([{"label": "One", "fields": [key]}]);
        for (fields, fault) in [
            (vec![text("name"), Field::new("hint", "note")], "/fields/1/options/text: label_missing"),
            (vec![text("name"), tabs("pages", json!([]))], "/fields/1/options/tabs: required"),
            (
                vec![text("name"), tabs("pages", json!([{"label": ""}]))],
                "/fields/1/options/tabs/0/label: label_missing",
            ),
            (
                vec![text("name"), tabs("pages", on("gone"))],
                "/fields/1/options/tabs/0/fields/0: unknown_field",
            ),
            (
                vec![text("name"), tabs("a", on("name")), tabs("b", on("a"))],
                "/fields/2/options/tabs/0/fields/0: nested_tabs",
            ),
            (
                vec![text("name"), tabs("a", on("name")), tabs("b", on("name"))],
                "/fields/2/options/tabs/0/fields/0: twice",
            ),
            (
                vec![subform("rows", [text("a"), Field::new("line", "divider")])],
                "/fields/0/options/fields/1/kind: not_a_column",
            ),
            (
                vec![text("name"), Field::new("line", "divider").required()],
                "/fields/1/required: not_allowed_here",
            ),
        ] {
            let refused = app.refused_form(form("bad", fields)).await.with_status(422);
            assert_eq!(faults(&refused), [fault]);
        }
    })
    .await;
}
