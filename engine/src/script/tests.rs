//! What scripts can do, what they can't, and where they end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::context::Context;
use crate::criteria::Condition;
use crate::text::{Language, Texts};
use crate::value::{Decimal, Id, Row, Timestamp, Value, Values};

fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

fn decimal(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

/// Remembers what it was asked; finds the same two records whatever is looked for.
#[derive(Default)]
struct Listening {
    asked: Mutex<Vec<Question>>,
    said: Mutex<Vec<Said>>,
}

impl Host for Listening {
    fn hear(&self, said: Said) {
        self.said.lock().unwrap().push(said);
    }

    fn ask(&self, question: Question) -> Result<Told, Stopped> {
        let told = match &question {
            Question::Get { form, .. } if form == "gone" => Told::Records(Vec::new()),
            Question::Get { .. } => Told::Records(vec![stock(1, "5")]),
            Question::Find { limit, .. } => {
                Told::Records([stock(1, "5"), stock(2, "7")].into_iter().take(*limit).collect())
            }
            Question::Groups { table, .. } if table == "none" => Told::Records(Vec::new()),
            Question::Groups { table, .. } => Told::Records(vec![group(table)]),
            Question::Behind { .. } => Told::Value(decimal("3")),
            Question::Count { .. } => Told::Number(Decimal::TWO),
            Question::Sum { .. } => Told::Number("12.50".parse().unwrap()),
            Question::Create { .. } => Told::Made(id(9)),
            Question::Update { form, .. } if form == "closed" => return Err(Stopped),
            Question::Update { .. } | Question::Remove { .. } => Told::Done,
        };
        self.asked.lock().unwrap().push(question);
        Ok(told)
    }
}

fn stock(number: i64, on_hand: &str) -> Seen {
    let values = Values::from([("on_hand".to_string(), decimal(on_hand))]);
    Seen::record(id(number), values, Arc::new(Names::from(["on_hand".to_string()])))
}

fn group(table: &str) -> Seen {
    let values =
        Values::from([("product".to_string(), Value::Ref(id(111))), ("on_hand".to_string(), decimal("5"))]);
    Seen::group(table, values, Arc::new(Names::from(["product", "place", "on_hand"].map(str::to_string))))
}

fn receipt() -> Seen {
    let row = |number: i64, qty: &str| Row {
        id: Some(id(number)),
        values: Values::from([
            ("qty".into(), decimal(qty)),
            ("product".into(), Value::Ref(id(number + 100))),
        ]),
    };
    let values = Values::from([
        ("lines".to_string(), Value::Rows(vec![row(11, "2"), row(12, "0.5")])),
        ("date".to_string(), Value::Date("2026-11-22".parse().unwrap())),
        ("kind".to_string(), Value::text("import")),
        ("$owner".to_string(), Value::Ref(id(7))),
    ]);
    let names = ["lines", "lines.qty", "lines.product", "date", "kind", "posted", "total", "empty"];
    Seen::record(id(5), values, Arc::new(names.map(str::to_string).into()))
}

type Outcome = (Result<Map<String, Json>, Halt>, Vec<Question>, Budget);

fn run_with(source: &str, budget: Budget) -> Outcome {
    let script = Script::compile(source).unwrap_or_else(|faults| panic!("{source}: {faults:?}"));
    let host = Arc::new(Listening::default());
    let mut context = Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    context.user = Some(id(3));
    context.params.insert("rate".into(), decimal("0.05"));
    let about = About { record: receipt(), old: None, context, host: host.clone(), budget: budget.clone() };
    let ended = script.run(about);
    let asked = host.asked.lock().unwrap().clone();
    (ended, asked, budget)
}

/// What a script says, and how it ends.
fn said(source: &str) -> (Vec<Said>, bool) {
    let host = Arc::new(Listening::default());
    let context = Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let budget = Budget::default();
    let about = About { record: receipt(), old: None, context, host: host.clone(), budget };
    let ended = Script::compile(source).unwrap().run(about);
    let said = host.said.lock().unwrap().clone();
    (said, ended.is_ok())
}

fn run(source: &str) -> (Result<Map<String, Json>, Halt>, Vec<Question>) {
    let (ended, asked, _) = run_with(source, Budget::default());
    (ended, asked)
}

/// What a script sets as the total.
fn total(expression: &str) -> Json {
    let (ended, _) = run(&format!("record.total = {expression};"));
    ended.unwrap_or_else(|halt| panic!("{expression}: {halt:?}"))["total"].clone()
}

fn faults(source: &str) -> Vec<(String, String)> {
    let faults = Script::compile(source).err().unwrap_or_default();
    faults.iter().map(|fault| (fault.code.to_string(), fault.args["line"].clone())).collect()
}

#[test]
fn numbers_are_exact() {
    assert_eq!(total("1 / 4"), "0.25");
    assert_eq!(total("0.1 + 0.2"), "0.3");
    assert_eq!(total("7 * 3 - 1"), "20");
    assert_eq!(total("round(2.345, 2)"), "2.35");
    assert_eq!(total("round(10 / 3, 2) * 3"), "9.99");
    assert_eq!(total("split(100, [1, 1, 1], 2)"), json!(["33.34", "33.33", "33.33"]));
    assert_eq!(total("param(\"rate\") * 200"), "10");
    assert_eq!(total("-param(\"rate\")"), "-0.05");
}

#[test]
fn a_record_is_read_field_by_field() {
    assert_eq!(total("record.lines.len()"), "2");
    assert_eq!(total("record.lines[1].qty + record.lines[0].qty"), "2.5");
    assert_eq!(total("record.id"), id(5).to_string());
    assert_eq!(total("record[\"$owner\"]"), id(7).to_string());
    assert_eq!(total("record.date + 9"), "2026-12-01");
    assert_eq!(total("record.date - (record.date - 3)"), "3");
    assert_eq!(total("record.date.year * 100 + record.date.month"), "202611");
    assert_eq!(total("if record.date > today() { \"later\" } else { \"before\" }"), "later");
    assert_eq!(total("record.empty ?? 1"), "1");
    assert_eq!(total("if old == () { record.kind + \" \" + 2 } else { \"\" }"), "import 2");
    assert_eq!(total("user()"), id(3).to_string());
    assert_eq!(total("if record.kind in [\"import\", \"x\"] { 1 } else { 0 }"), "1");
    let (ended, _) = run("let x = record.nobody;");
    assert!(matches!(ended, Err(Halt::Failed(Failed { line: 1, .. }))), "{ended:?}");
}

#[test]
fn what_is_set_is_given_and_read_again() {
    let (ended, _) =
        run("record.posted = true; record.total = 0; for line in record.lines { record.total += line.qty; }");
    assert_eq!(ended.unwrap(), json!({"posted": true, "total": "2.5"}).as_object().unwrap().clone());
    let outline = Script::compile("record.posted = true; record[\"total\"] = 1;").unwrap().outline;
    assert_eq!(outline.sets, ["posted", "total"].map(str::to_string).into());
    let (ended, _) = run("record.lines = record.lines;");
    let rows = json!([{"qty": "2", "product": id(111)}, {"qty": "0.5", "product": id(112)}]);
    assert_eq!(ended.unwrap()["lines"], rows);
    assert!(run("record.nobody = 1;").0.is_err());
}

#[test]
fn what_it_reads_and_writes_goes_to_its_host() {
    let (ended, asked) = run(r#"
        for line in record.lines {
            let there = first("stock", #{product: line.product, place: ()});
            if there == () { create("stock", #{product: line.product, on_hand: line.qty, source: record}); }
            else { update("stock", there, #{on_hand: there.on_hand + line.qty}); }
        }
        let all = find("stock", #{all: [#{field: "on_hand", op: "gt", value: 1}]}, #{sort: "-on_hand,kind", limit: 2});
        let one = get("gone", all[0].id);
        if one == () { remove("stock", all[0].id); }
        record.total = sum("stock", #{}, "on_hand") + count("stock", #{kind: "x"});
    "#);
    assert_eq!(ended.unwrap()["total"], "14.5");
    let Question::Find { form, which, limit: 1, .. } = &asked[0] else { panic!("{asked:?}") };
    assert_eq!(form, "stock");
    let product = id(111).to_string();
    assert_eq!(
        which.equal,
        BTreeMap::from([("place".into(), Json::Null), ("product".into(), json!(product))])
    );
    let condition = json!({"all": [{"field": "place", "op": "is_empty"}, {"field": "product", "op": "eq", "value": product}]});
    assert_eq!(which.condition, serde_json::from_value::<Condition>(condition).unwrap());
    assert_eq!(
        asked[1],
        Question::Update {
            form: "stock".into(),
            id: id(1),
            fields: json!({"on_hand": "7"}).as_object().unwrap().clone()
        }
    );
    let Question::Find { which, sort, .. } = &asked[4] else { panic!("{asked:?}") };
    assert!(which.equal.is_empty());
    assert_eq!(sort[0], SortBy { field: "on_hand".into(), descending: true });
    assert_eq!(asked[6], Question::Remove { form: "stock".into(), id: id(1) });
}

/// What it makes starts the flow of its form, unless it says not to.
#[test]
fn a_record_is_made_with_or_without_its_flow() {
    let (ended, asked) = run(r#"
        create("entry", #{qty: 1});
        create("entry", #{qty: 2}, #{start_flow: false});
        create("entry", #{qty: 3}, #{start_flow: true});
        create("entry", #{qty: 4}, #{});
    "#);
    ended.unwrap();
    let starts = asked.iter().map(|asked| match asked {
        Question::Create { start_flow, .. } => *start_flow,
        other => panic!("{other:?}"),
    });
    assert_eq!(starts.collect::<Vec<bool>>(), [true, false, true, true]);
    for how in ["#{start_flow: 1}", "#{trigger: false}"] {
        let (ended, asked) = run(&format!("create(\"entry\", #{{qty: 1}}, {how});"));
        assert!(matches!(ended, Err(Halt::Failed(_))) && asked.is_empty(), "{how}: {ended:?}");
    }
}

#[test]
fn what_it_looks_for_is_known_from_its_text() {
    let outline =
        |source: &str| Script::compile(source).unwrap().outline.reads.into_iter().collect::<Vec<_>>();
    let read = |fields: &[&str]| {
        vec![("s".to_string(), fields.iter().map(|name| name.to_string()).collect::<Vec<_>>())]
    };
    assert_eq!(outline("find(\"s\", #{b: 1, a: record.id})"), read(&["a", "b"]));
    assert_eq!(outline("count(\"s\", #{})"), read(&[]));
    assert_eq!(outline("let w = #{a: 1}; first(\"s\", w)"), read(&[]));
    assert_eq!(outline("sum(\"s\", #{any: []}, \"a\")"), read(&[]));
    assert_eq!(outline("get(\"s\", record.id)"), Vec::new());
}

#[test]
fn a_refusal_has_a_code_and_arguments() {
    let (ended, _) = run("refuse(\"too_few\", #{have: 1.50, what: record.kind}, 422); record.total = 1;");
    let args = BTreeMap::from([("have".into(), "1.5".into()), ("what".into(), "import".into())]);
    assert_eq!(ended, Err(Halt::Refused(Refused { code: "too_few".into(), args, is_invalid: true })));
    let (ended, _) = run("refuse(\"closed\")");
    assert!(matches!(ended, Err(Halt::Refused(Refused { is_invalid: false, .. }))));
    assert!(matches!(run("refuse(\"No code\")").0, Err(Halt::Failed(_))));
    assert!(matches!(run("refuse(\"x\", #{}, 500)").0, Err(Halt::Failed(_))));
    assert_eq!(run("update(\"closed\", record, #{})").0, Err(Halt::Stopped));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let (ended, _) = run("let a = 1;\nlet b = a / 0;");
    let Err(Halt::Failed(failed)) = ended else { panic!("{ended:?}") };
    assert_eq!(failed.line, 2);
    assert!(failed.detail.contains("division by zero"), "{failed:?}");
    assert!(matches!(run("param(\"nobody\")").0, Err(Halt::Failed(_))));
    assert!(matches!(run("find(\"s\", #{a: [1]})").0, Err(Halt::Failed(_))));
    assert!(matches!(run("find(\"s\", #{all: 1})").0, Err(Halt::Failed(_))));
}

#[test]
fn what_is_no_script_is_refused_with_its_place() {
    let one = |code: &str, line: u32| vec![(code.to_string(), line.to_string())];
    assert_eq!(faults("let a = 1;\nlet = 2;"), one("script_syntax", 2));
    assert_eq!(faults("\n\nlet form = \"a\"; find(form, #{})"), one("script_names_form", 3));
    assert_eq!(faults("\"a\".find(#{})"), one("script_method", 1));
    assert_eq!(faults("sleep(5)"), one("script_unknown_function", 1));
    assert_eq!(faults("count(\"a\", #{}, 1, 2)"), one("script_arguments", 1));
    assert_eq!(faults("[1].len(1, 2, 3, 4)"), one("script_arguments", 1));
    assert_eq!(faults("let m = #{a: 1};\nm.a = 2;"), one("script_sets_inside", 2));
    assert_eq!(faults("let l = [1]; l[0] = 2;"), one("script_sets_inside", 1));
    assert_eq!(faults("record.a.b = 2;"), one("script_sets_inside", 1));
    assert_eq!(faults("old.a = 2;"), one("script_sets_inside", 1));
    assert_eq!(faults("record = 2;"), one("script_sets_inside", 1));
    assert_eq!(faults("for old in [1] {}"), one("script_name_taken", 1));
    assert_eq!(faults("let record = 1;"), one("script_name_taken", 1));
    for source in [
        "fn f() { 1 }",
        "let f = |x| x;",
        "eval(\"1\")",
        "Fn(\"get\")",
        "import \"x\" as y;",
        "try { 1 } catch { 2 }",
        "throw 1;",
        "print(1)",
        "debug(1)",
        "type_of(1)",
        "call(1)",
        "this.x",
    ] {
        assert_eq!(faults(source).len(), 1, "{source}: {:?}", faults(source));
    }
    let long = Script::compile(&" ".repeat(LONGEST + 1)).err().unwrap();
    assert_eq!(long[0].code, "too_long");
}

#[test]
fn every_script_comes_to_its_end() {
    let limit = |source: &str| match run_with(source, Budget::default()) {
        (Err(Halt::Limit(limit)), _, budget) => {
            // One step may hand over many rows, and is the last.
            assert!(budget.operations() <= MAX_OPERATIONS + 10_000, "{source}");
            limit
        }
        other => panic!("{source}: {other:?}"),
    };
    assert_eq!(limit("loop {}"), Limit::Operations);
    assert_eq!(limit("let i = 0; while true { i += 1; }"), Limit::Operations);
    assert_eq!(limit("for i in 0..9999999999 {}"), Limit::Operations);
    assert_eq!(limit("let s = \"x\"; loop { s += s; }"), Limit::Memory);
    assert_eq!(limit("let l = [1]; loop { l += l; }"), Limit::Memory);
    assert_eq!(limit("let l = [1]; loop { l = [l, l]; }"), Limit::Memory);
    assert_eq!(limit("let m = #{}; loop { m = #{a: m}; }"), Limit::Memory);
    assert_eq!(
        limit("let m = #{}; loop { m = #{a: m, b: m, c: m, d: m, e: m, f: m, g: m, h: m}; }"),
        Limit::Memory
    );
    assert_eq!(limit("loop { count(\"s\", #{}); }"), Limit::Reads);
    assert_eq!(limit("loop { create(\"s\", #{}); }"), Limit::Writes);
    let many = (0..60).map(|n| format!("let v{n} = 1;")).collect::<String>();
    assert_eq!(limit(&many), Limit::Memory);
    let stopped = Budget::default().with_stop(Arc::new(|| true));
    assert_eq!(run_with("loop {}", stopped).0, Err(Halt::Limit(Limit::Time)));
}

#[test]
fn those_that_run_because_of_each_other_share_what_there_is() {
    let (ended, _, budget) = run_with("for i in 0..30000 { }", Budget::default());
    ended.unwrap();
    let used = budget.operations();
    assert!(used > 20_000, "{used}");
    let rest = (MAX_OPERATIONS - used) / 30_000 + 2;
    let again = (0..rest).find_map(|_| run_with("for i in 0..30000 { }", budget.clone()).0.err());
    assert_eq!(again, Some(Halt::Limit(Limit::Operations)));
}

#[test]
fn every_function_that_is_offered_does_what_its_examples_say_and_is_told_of() {
    for offered in &OFFERED {
        for (source, gives) in offered.examples {
            if gives.is_empty() {
                let (ended, _) = run(&format!("{source};"));
                assert!(matches!(ended, Ok(_) | Err(Halt::Refused(_))), "{source}: {ended:?}");
                continue;
            }
            let given = match total(source) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            assert_eq!(given, *gives, "{source}");
        }
        assert!(!offered.examples.is_empty(), "{}", offered.name);
        for language in Language::ALL {
            let texts = Texts::of(language);
            let told = |key: &str| texts.get(key, &BTreeMap::new());
            assert!(told(&offered.text_key()).is_some(), "{language:?}: {}", offered.text_key());
            assert!(told(offered.topic.text_key()).is_some(), "{language:?}: {:?}", offered.topic);
        }
    }
    // Nothing is found by chance: a name stands in the list once.
    let names: std::collections::BTreeSet<&str> = OFFERED.iter().map(|offered| offered.name).collect();
    assert_eq!(names.len(), OFFERED.len());
}

#[test]
fn groups_of_tables_are_read_like_records_and_behind_their_links() {
    let outline = Script::compile(
        r#"let a = aggregate("stock", #{product: 1, place: 2}); find(#{aggregate: "base/stock"}, #{}); get("form", 1);"#,
    );
    let outline = outline.unwrap().outline;
    let read = |table: &str, fields: &[&str]| {
        (table.to_string(), fields.iter().map(|name| name.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(outline.table_reads, [read("base/stock", &[]), read("stock", &["place", "product"])].into());
    assert_eq!(outline.tables, ["base/stock", "stock"].map(str::to_string).into());
    assert_eq!((outline.forms.len(), outline.reads.len()), (1, 0));

    let (ended, asked) = run(r#"
        let group = first(#{aggregate: "stock"}, #{product: record.lines[0].product});
        record.total = group["product.reorder_point"] + group.on_hand + sum(#{aggregate: "stock"}, #{}, "on_hand");
        if group.place != () || count(#{aggregate: "none"}, #{}) != 0 { record.total = 0; }
    "#);
    assert_eq!(ended.unwrap()["total"], "13");
    let path = "product.reorder_point".to_string();
    assert_eq!(asked[1], Question::Behind { table: "stock".into(), id: id(111), path });
    // A name that a table does not have is a mistake, and so is another map in the place of a form.
    assert!(matches!(run("aggregate(\"stock\", #{}).nobody").0, Err(Halt::Failed(_))));
    let one = |code: &str| vec![(code.to_string(), "1".to_string())];
    assert_eq!(faults("find(#{table: \"stock\"}, #{})"), one("script_names_form"));
    assert_eq!(faults("get(#{aggregate: \"stock\"}, 1)"), one("script_names_form"));
    assert_eq!(faults("let t = \"a\"; aggregate(t, #{})"), one("script_names_form"));
}

#[test]
fn what_it_says_is_heard_with_its_line_and_so_is_where_it_ended() {
    let logged = |line: usize, text: &str| Said::Logged { line, text: text.to_string() };
    let (heard, is_done) = said("log(\"a\");\nlog([1, 2.50]);\nlog(());");
    assert_eq!(heard, [logged(1, "a"), logged(2, "[\"1\",\"2.5\"]"), logged(3, "()")]);
    assert!(is_done);
    let (heard, is_done) = said("let a = 1;\n\n  refuse(\"no\");");
    assert!(matches!(heard.as_slice(), [Said::Ended { line: 3, .. }]) && !is_done, "{heard:?}");
    let (heard, _) = said("update(\"closed\", record, #{});");
    assert!(matches!(heard.as_slice(), [Said::Ended { line: 1, .. }]), "{heard:?}");
    let long = said(&format!("log(\"{}\");", "x".repeat(2_000)));
    assert!(matches!(&long.0[0], Said::Logged { text, .. } if text.len() == 500));
    // A log is counted too.
    let (ended, _, _) =
        run_with("let s = \"x\"; for i in 0..16 { s += s; } loop { log(s); }", Budget::default());
    assert_eq!(ended, Err(Halt::Limit(Limit::Operations)));
}
