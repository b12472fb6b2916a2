//! What stands on paper, for whom, and what never does.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::condition::Reach;
use crate::form::{Catalogue, FormDocument, Sketch, Uses};

struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

fn form() -> Form {
    let document: FormDocument = serde_json::from_value(json!({"key": "order", "label": "Order", "fields": [
        {"key": "no", "label": "Number", "kind": "text"},
        {"key": "note", "label": "Note", "kind": "long_text"},
        {"key": "amount", "label": "Amount", "kind": "money", "options": {"scale": 2, "currency": "CNY"}},
        {"key": "photo", "label": "Photo", "kind": "images"},
        {"key": "who", "label": "Who", "kind": "member"},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 1}},
            {"key": "price", "label": "Price", "kind": "money", "options": {"scale": 2, "currency": "CNY"}}]}}]}))
    .unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "shop".into(), document };
    Form::publish(Arc::new(sketch), 1, &Alone).unwrap()
}

fn template(blocks: Json) -> PrintTemplate {
    serde_json::from_value(
        json!({"key": "t", "label": {"en": "Order sheet", "zh-CN": "订单"}, "blocks": blocks}),
    )
    .unwrap()
}

fn record(fields: Json) -> PrintRecord {
    let Json::Object(fields) = fields else { panic!("fields") };
    PrintRecord {
        title: "A-1".into(),
        link: "https://forms.example.com/r/1".into(),
        fields,
        ..PrintRecord::default()
    }
}

fn printed(blocks: Json, records: &[PrintRecord]) -> Printed {
    let reader = PrintReader {
        language: Language::En,
        zone: &TimeZone::get("Asia/Shanghai").unwrap(),
        now: "2026-11-29T01:30:00Z".parse().unwrap(),
        printed_by: "Ada",
        name: &|id| (id.to_string() == "000000000000b").then(|| "Grace <b>".to_string()),
        picture: &|id| (id.to_string() == "000000000000c").then(|| "data:image/png;base64,AAAA".to_string()),
    };
    template(blocks).print(&form(), records, &reader)
}

fn body(blocks: Json, fields: Json) -> String {
    printed(blocks, &[record(fields)]).body
}

fn faults(blocks: Json) -> Vec<String> {
    let sees = PrintSees { form: &form(), catalogue: &Alone, may_see: &|_: &Reach| true };
    let faults = template(blocks).check(&sees);
    faults.into_iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

#[test]
fn t35_what_people_wrote_is_text_and_fetches_nothing() {
    let evil = "<img src=http://127.0.0.1/x onerror=alert(1)></main></style><script>\"'&";
    let blocks = json!([
        {"kind": "heading", "text": "<script>{no}</script>"},
        {"kind": "fields", "fields": ["no", "note", "who"]},
        {"kind": "rows", "subform": "lines", "fields": ["item"]},
        {"kind": "code", "field": "no"},
        {"kind": "signatures", "lines": [evil]}]);
    let fields = json!({"no": evil, "note": evil, "who": "000000000000b", "lines": [{"item": evil}]});
    let document = printed(blocks, &[record(fields)]).document();
    assert!(!document.contains("<script") && !document.contains("<img src=http"), "{document}");
    assert!(document.contains("&lt;script&gt;&lt;img src=http://127.0.0.1/x"), "{document}");
    assert!(document.contains("Grace &lt;b&gt;"));
    for outside in ["url(", "@import", "href=", "<link", "<iframe", "<object", "src=\"http"] {
        assert!(!document.contains(outside), "{outside}");
    }
    assert_eq!(document.matches("</main>").count(), 1);
    assert_eq!(document.matches("</style>").count(), 2);
    let apart = parts(&document).unwrap();
    assert!(apart.content.starts_with("<div") && apart.content.ends_with("</div>"));
    assert!(apart.page.starts_with("@page") && apart.style.contains(".sheet+.sheet"));
    assert_eq!(parts("<p>another one</p>"), None);
}

#[test]
fn what_is_closed_to_the_reader_prints_nothing() {
    let blocks = json!([
        {"kind": "text", "text": "No {no}: {amount}"},
        {"kind": "fields", "fields": ["no", "amount"]},
        {"kind": "rows", "subform": "lines", "fields": ["item", "price"], "totals": ["price"]}]);
    let open = json!({"no": "1", "amount": "1234.50", "lines": [{"item": "Pen", "price": "2.00"}]});
    let seen = body(blocks.clone(), open);
    assert!(seen.contains("No 1: 1,234.50") && seen.contains("Amount") && seen.contains("Price"), "{seen}");
    let closed = body(blocks.clone(), json!({"no": "1", "lines": [{"item": "Pen"}]}));
    assert!(closed.contains("No 1: </p>"), "{closed}");
    assert!(!closed.contains("Amount") && !closed.contains("Price") && !closed.contains("Total"), "{closed}");
    let none = body(blocks, json!({}));
    assert!(!none.contains("<table"), "{none}");
}

#[test]
fn a_text_computes_with_what_its_reader_sees() {
    let text = "Pieces {= SUM(lines.qty)}, twice {=TEXT(amount * 2, \"#,##0.00\")}; {= IF(ISEMPTY(note), \"none\", note)} \
                {= 1 / 0} {= TODAY()} {= lines.item}";
    let blocks = json!([{"kind": "text", "text": text}]);
    let lines = json!([{"item": "Pen <b>", "qty": "1.5"}, {"item": "Ink", "qty": "2.0"}]);
    let seen = body(blocks.clone(), json!({"amount": "1234.50", "note": null, "lines": lines}));
    let said = "Pieces 3.5, twice 2,469.00; none #DIV/0! 2026-11-29 Pen &lt;b&gt;, Ink</p>";
    assert!(seen.contains(said), "{seen}");
    // What it reads is closed: it says nothing, not that there are none.
    let closed = body(blocks.clone(), json!({}));
    assert!(closed.contains("Pieces , twice ;  #DIV/0! 2026-11-29 </p>"), "{closed}");
    let lines = json!([{"item": "Pen"}, {"item": "Ink"}]);
    let in_part = body(blocks.clone(), json!({"amount": null, "lines": lines}));
    assert!(in_part.contains("Pieces , twice ") && in_part.contains("Pen, Ink</p>"), "{in_part}");
    let no_rows = body(blocks.clone(), json!({"lines": []}));
    assert!(no_rows.contains("Pieces 0, twice ;"), "{no_rows}");
    // Who asks what uses a field finds it in them; nothing is looked up behind links for them.
    let template = template(blocks);
    let form = form();
    for (path, is_used) in [("lines.qty", true), ("note", true), ("lines.price", false), ("who", false)] {
        let uses = Uses::new(&form.sketch, &Alone, (Id::from_i64(1).unwrap(), path));
        assert_eq!(template.uses(&uses), is_used, "{path}");
    }
    assert_eq!(template.linked_paths(), Vec::<String>::new());
}

#[test]
fn rows_repeat_and_totals_are_exact() {
    let blocks = json!([{"kind": "rows", "subform": "lines", "numbered": true,
        "fields": ["item", "qty", "price"], "totals": ["qty", "price"]}]);
    let line = |item: &str, qty: &str, price: &str| json!({"item": item, "qty": qty, "price": price});
    let lines: Vec<Json> = (1..=300).map(|n| line(&format!("Item {n}"), "0.1", "1000.10")).collect();
    let long = body(blocks.clone(), json!({"lines": lines}));
    assert!(long.contains("Item 1<") && long.contains("Item 300<"));
    assert_eq!(long.matches("<tr>").count(), 301, "the head and the rows");
    assert!(long.contains("<thead>") && !long.contains("<tfoot>"));
    let totals = long.split("class=\"totals\"").nth(1).unwrap();
    assert!(
        totals.contains("Total") && totals.contains(">30.0<") && totals.contains(">300,030.00<"),
        "{totals}"
    );
    let broken = json!({"lines": [line("a", "1", "2.00"), {"item": "b", "price": {"error": "#DIV/0!"}}]});
    let totals = body(blocks, broken);
    assert!(totals.split("class=\"totals\"").nth(1).unwrap().contains("#DIV/0!"), "{totals}");
}

#[test]
fn each_record_begins_on_a_page_of_its_own() {
    let blocks = json!([{"kind": "heading", "text": "{$form} {$title} {$printed_by} {$printed_at}"}, {"kind": "page_number"}]);
    let records = [record(json!({})), PrintRecord { title: "A-2".into(), ..record(json!({})) }];
    let printed = printed(blocks, &records);
    assert_eq!(printed.body.matches("<article").count(), 2);
    assert!(printed.body.contains("Order A-1 Ada 2026-11-29 09:30"), "{}", printed.body);
    assert!(printed.body.contains("Order A-2"));
    assert!(printed.style.contains(".sheet+.sheet{break-before:page}"));
    assert!(printed.page.contains("size:210mm 297mm;margin:15mm 15mm 15mm 15mm"), "{}", printed.page);
    assert!(
        printed.page.contains("content:\"Page \" counter(page) \" of \" counter(pages) \"\""),
        "{}",
        printed.page
    );
}

#[test]
fn decisions_are_printed_with_their_opinions_and_signatures() {
    let opinion = |action: &str, signature: Option<&str>| Opinion {
        step: "Manager".into(),
        who: "Ada".into(),
        on_behalf_of: Some("Bo".into()),
        action: action.into(),
        opinion: "Fine <i>".into(),
        signature: signature.map(|id| id.parse().unwrap()),
        at: "2026-11-29T01:30:00Z".parse().unwrap(),
    };
    let record = PrintRecord {
        opinions: vec![opinion("approve", Some("000000000000c")), opinion("comment", None)],
        ..record(json!({}))
    };
    let blocks = json!([{"kind": "opinions", "text": "Approval"}]);
    assert_eq!(template(blocks.clone()).pictures(&form(), std::slice::from_ref(&record)).len(), 1);
    let body = printed(blocks, &[record]).body;
    assert!(body.contains("<h2>Approval</h2>") && body.contains("Approved"), "{body}");
    assert!(
        body.contains("Ada (for Bo)") && body.contains("Fine &lt;i&gt;") && body.contains("2026-11-29 09:30")
    );
    assert!(body.contains("src=\"data:image/png;base64,AAAA\""), "{body}");
    assert_eq!(body.matches("<tr>").count(), 2, "what was only said is left out");
}

#[test]
fn codes_are_drawn_and_what_does_not_fit_is_written() {
    let code = |members: Json, no: &str| {
        let mut block = json!({"kind": "code"});
        for (name, value) in members.as_object().unwrap() {
            block[name] = value.clone();
        }
        body(json!([block]), json!({"no": no}))
    };
    assert!(code(json!({}), "x").contains("<svg"), "the address of the record");
    assert!(code(json!({"field": "no"}), "订单 1").contains("<svg"));
    let bars = code(json!({"field": "no", "symbol": "code128"}), "A1");
    // Start B, A (33), 1 (17), the check digit (104 + 33 + 34) % 103 = 68, and the stop: 11 modules each, the last 13.
    assert!(bars.contains("viewBox=\"0 0 77 1\"") && bars.contains("d=\"M10 0h2v1h-2z"), "{bars}");
    let chinese = code(json!({"field": "no", "symbol": "code128"}), "订单");
    assert!(!chinese.contains("<svg") && chinese.contains("订单"), "{chinese}");
    assert!(!code(json!({"field": "no"}), "").contains("<svg"));
}

#[test]
fn what_can_not_be_printed_is_refused_with_its_place() {
    let picture = |data: &str| json!([{"kind": "image", "data": data}]);
    for (blocks, wanted) in [
        (json!([{"kind": "heading"}]), "/blocks/0/text required"),
        (
            json!([{"kind": "line"}, {"kind": "text", "text": {"en": "{no}", "zh-CN": "{gone}"}}]),
            "/blocks/1/text unknown_field",
        ),
        (json!([{"kind": "text", "text": "{lines.item}"}]), "/blocks/0/text unknown_field"),
        (json!([{"kind": "text", "text": "{= SUM(lines.gone)}"}]), "/blocks/0/text unknown_field"),
        (json!([{"kind": "text", "text": "{= FOO(amount)}"}]), "/blocks/0/text unknown_function"),
        (json!([{"kind": "text", "text": "{= TEXTUSER(who)}"}]), "/blocks/0/text not_for_print"),
        (json!([{"kind": "text", "text": "{= COUNTOF(order, TRUE)}"}]), "/blocks/0/text unknown_form"),
        (json!([{"kind": "text", "text": "{= 1 + 1} ".repeat(101)}]), "/blocks too_many"),
        (json!([{"kind": "text", "text": "{lines}"}]), "/blocks/0/text not_for_print"),
        (json!([{"kind": "fields", "fields": ["no", "gone"]}]), "/blocks/0/fields/1 unknown_field"),
        (json!([{"kind": "fields", "fields": ["lines"]}]), "/blocks/0/fields/0 not_for_print"),
        (json!([{"kind": "fields", "fields": ["no"], "columns": 5}]), "/blocks/0/columns too_large"),
        (json!([{"kind": "rows"}]), "/blocks/0/subform required"),
        (json!([{"kind": "rows", "subform": "no", "fields": ["item"]}]), "/blocks/0/subform not_for_print"),
        (
            json!([{"kind": "rows", "subform": "lines", "fields": ["item"], "totals": ["item"]}]),
            "/blocks/0/totals/0 not_for_print",
        ),
        (
            json!([{"kind": "rows", "subform": "lines", "fields": ["item"], "totals": ["qty"]}]),
            "/blocks/0/totals/0 unknown_field",
        ),
        (json!([{"kind": "signatures"}]), "/blocks/0/lines required"),
        (json!([{"kind": "code", "field": "photo"}]), "/blocks/0/field not_for_print"),
        (picture("http://127.0.0.1/x.png"), "/blocks/0/data no_picture"),
        (picture("file:///etc/passwd"), "/blocks/0/data no_picture"),
        (picture("data:image/svg+xml;base64,AAAA"), "/blocks/0/data no_picture"),
        (picture("data:image/png;base64,AA\" onload=\"x"), "/blocks/0/data no_picture"),
        (picture(&format!("data:image/png;base64,{}", "A".repeat(300_000))), "/blocks/0/data too_long"),
    ] {
        assert_eq!(faults(blocks.clone()), [wanted], "{blocks}");
    }
    let right = json!([
        {"kind": "heading", "text": "{$title} {no} {$created_at} {who} {= YEAR($created_at)}"}, {"kind": "fields", "fields": ["no", "photo", "$owner"]},
        {"kind": "rows", "subform": "lines", "fields": ["item", "qty"], "totals": ["qty"]},
        {"kind": "image", "data": "data:image/png;base64,iVBORw0KGgo="}, {"kind": "code", "symbol": "code128", "field": "no"},
        {"kind": "opinions"}, {"kind": "page_break"}, {"kind": "space", "height": 8}]);
    assert_eq!(faults(right), Vec::<String>::new());
}

#[test]
fn a_document_is_read_and_written_as_it_is() {
    let document = json!({
        "key": "t", "label": {"en": "T"}, "paper": "roll80", "orientation": "portrait",
        "margins": {"top": 1, "right": 2, "bottom": 3, "left": 4}, "is_default": true,
        "blocks": [{"kind": "heading", "text": "{no}", "align": "center", "size": "large", "bold": true},
            {"kind": "code", "symbol": "code128", "field": "no", "width": 40}, {"kind": "line"}]});
    let read: PrintTemplate = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
    let unknown = json!({"key": "t", "label": "T", "blocks": [{"kind": "html", "text": "<b>"}]});
    assert!(serde_json::from_value::<PrintTemplate>(unknown).is_err());
}
