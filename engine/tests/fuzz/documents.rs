//! Documents that people bring along: conditions, flows, forms, packages, and the demo records in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::condition::Condition;
use engine::flow::{Directory, Flow, FlowDocument, InForm};
use engine::form::{Form, FormDocument};
use engine::formula::sample::Sample;
use engine::package::{Package, read_demo};
use engine::record::Draft;
use engine::value::parse_date;
use serde_json::{Value as Json, json};

use super::{Forms, corpus, files, order};

const WORDS: &[&str] = &[
    "all",
    "any",
    "not",
    "field",
    "op",
    "value",
    "var",
    "relative",
    "match",
    "me",
    "today",
    "now",
    "my_departments",
    "last_n_days",
    "n",
    "eq",
    "ne",
    "gt",
    "between",
    "in",
    "not_in",
    "contains",
    "starts_with",
    "is_empty",
    "not_empty",
    "has_any",
    "has_all",
    "within",
    "name",
    "amount",
    "day",
    "lines.qty",
    "customer.name",
    "$owner",
    "$flow_state",
    "steps",
    "key",
    "label",
    "kind",
    "approve",
    "fill",
    "cc",
    "branch",
    "parallel",
    "subflow",
    "action",
    "delay",
    "arms",
    "default",
    "who",
    "fields",
    "options",
    "formula",
    "compute",
    "rules",
    "validate",
    "unique",
    "layout",
    "title",
    "{name} {gone}",
    "../../etc/passwd",
    "forms/x.json",
    "$key",
    "{-35d}",
    "{+9999999999m}",
    "1.0.0",
    "zh-CN",
];

#[test]
fn no_condition_breaks_what_reads_it() {
    let forms = order();
    let form = Arc::new(forms.published("order"));
    let draft = Draft::new(form.clone(), Sample::context());
    corpus("condition", Vec::new(), WORDS).hammer(|input| {
        let Ok(condition) = serde_json::from_slice::<Condition>(input) else { return false };
        let written = serde_json::to_value(&condition).unwrap();
        let again: Condition = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(again, condition, "{written}");
        let Ok(checked) = form.check(&condition, &forms) else { return false };
        let Ok(not) = form.check(&Condition::Not(Box::new(condition)), &forms) else { return true };
        let holds = checked.holds(&draft.source(None), &Sample::context());
        assert_ne!(holds, not.holds(&draft.source(None), &Sample::context()), "{written}");
        true
    });
}

#[test]
fn no_flow_breaks_what_reads_it() {
    let forms = order();
    let form = forms.published("order");
    let shipped = files("workflows").into_values().collect();
    corpus("flow", shipped, WORDS).hammer(|input| {
        let Ok(json) = serde_json::from_slice::<Json>(input) else { return false };
        let Ok(document) = FlowDocument::read(json) else { return false };
        let written = serde_json::to_value(&document).unwrap();
        assert_eq!(FlowDocument::read(written.clone()).unwrap(), document, "{written}");
        let known = InForm { form: &form, catalogue: &forms };
        if let Ok(flow) = Flow::publish(document, &known, &Directory::default()) {
            assert!(known.link_reads(&flow).iter().all(|reach| !reach.hops.is_empty()), "{written}");
        }
        true
    });
}

#[test]
fn no_form_breaks_what_reads_it() {
    let all = files("form-templates").into_iter();
    let shipped = all.filter(|(path, _)| path.contains("/forms/") && path.ends_with(".json"));
    corpus("form", shipped.map(|(_, bytes)| bytes).collect(), WORDS).hammer(|input| {
        let Ok(document) = serde_json::from_slice::<FormDocument>(input) else { return false };
        let written = serde_json::to_value(&document).unwrap();
        let again: FormDocument = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), written);
        let forms = Forms::of([("order".to_owned(), document)]);
        // Right or not, its faults are said.
        let published = Form::publish(forms.0["order"].clone(), 1, &forms);
        published.is_ok() || published.is_err_and(|faults| !faults.is_empty())
    });
}

/// A package as one document: texts by the paths of its files, JSON where they are JSON.
fn packed(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let packed = files.iter().map(|(path, bytes)| {
        let json = serde_json::from_slice::<Json>(bytes).ok().filter(|_| path.ends_with(".json"));
        (path.clone(), json.unwrap_or_else(|| json!(String::from_utf8_lossy(bytes))))
    });
    Json::Object(packed.collect()).to_string().into_bytes()
}

#[test]
fn no_package_breaks_what_reads_it() {
    let mut office = files("form-templates/office");
    office.extend(files("workflows/office"));
    corpus("package", vec![packed(&office)], WORDS).hammer(|input| {
        let Ok(Json::Object(packed)) = serde_json::from_slice(input) else { return false };
        let bytes = |content: Json| match content {
            Json::String(text) => text.into_bytes(),
            json => json.to_string().into_bytes(),
        };
        let unpacked = packed.into_iter().map(|(path, content)| (path, bytes(content))).collect();
        let package = match Package::read(&unpacked) {
            Ok(package) => package,
            Err(faults) => {
                assert!(!faults.is_empty());
                return false;
            }
        };
        let forms = Forms::of(package.forms.clone());
        for sketch in forms.0.values() {
            drop(Form::publish(sketch.clone(), 1, &forms));
        }
        true
    });
}

#[test]
fn no_demo_record_breaks_what_reads_it() {
    let day = parse_date("2026-11-22").unwrap();
    corpus("demo", Vec::new(), WORDS).hammer(|input| {
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(input);
        let rows = reader.records().filter_map(Result::ok);
        let mut rows = rows.map(|row| row.iter().map(str::to_owned).collect::<Vec<String>>());
        let Some(columns) = rows.next() else { return false };
        match read_demo(&columns, (2..).zip(rows), day) {
            Ok(records) => records.iter().all(|record| record.line >= 2),
            Err(fault) => {
                assert!(fault.path.starts_with("line "), "{fault:?}");
                false
            }
        }
    });
}
