//! Formulas as their designer writes them.

use serde_json::Value as Json;

use super::*;
use crate::formula::SuggestionKind;
use crate::value::Id;

struct Forms(Vec<Arc<Sketch>>);

impl Catalogue for Forms {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        let named = |sketch: &&Arc<Sketch>| sketch.document.key == name || sketch.id.to_string() == name;
        self.0.iter().find(named).cloned()
    }

    fn forms(&self) -> Vec<Arc<Sketch>> {
        self.0.clone()
    }
}

fn sketch(id: i64, json: Json) -> Arc<Sketch> {
    let document = serde_json::from_value(json).unwrap();
    Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "crm".into(), document })
}

fn forms() -> Forms {
    let tier = json!({"key": "tier", "label": "等级", "fields": [
        {"key": "level", "label": "级别", "kind": "number"}]});
    let customer = json!({"key": "customer", "label": "客户", "fields": [
        {"key": "cost", "label": "获客成本", "kind": "money"},
        {"key": "tier", "label": "等级", "kind": "link", "options": {"form": "tier"}}]});
    let order = json!({"key": "order", "label": "订单", "fields": [
        {"key": "amount", "label": {"zh-CN": "金额(元)", "en": "Amount"}, "kind": "money"},
        {"key": "by", "label": "负责人", "kind": "text"},
        {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customer"}},
        {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
            {"key": "amount", "label": "金额", "kind": "money"},
            {"key": "by", "label": "负责人", "kind": "text"},
            {"key": "note", "label": "客户", "kind": "text"}]}}]});
    Forms(vec![sketch(1, tier), sketch(2, customer), sketch(3, order)])
}

fn input<'a>(forms: &'a Forms, of: &'a str) -> FormulaInput<'a> {
    FormulaInput { sketch: &forms.0[2], catalogue: forms, of, language: Language::ZhCn, initials: None }
}

fn there_and_back(input: &FormulaInput, labels: &str, keys: &str) {
    assert_eq!(input.to_keys(labels).unwrap(), keys);
    assert_eq!(input.to_labels(keys), labels);
}

#[test]
fn a_record_is_written_by_its_labels() {
    let forms = forms();
    let input = input(&forms, "total");
    there_and_back(&input, "[金额(元)] + SUM(明细.金额)", "amount + SUM(lines.amount)");
    there_and_back(&input, "客户.等级.级别", "customer.tier.level");
    there_and_back(&input, "客户.创建时间", "customer.$created_at");
    // A system field gives way to a field of the same name.
    there_and_back(&input, "负责人 & [负责人#$owner]", "by & $owner");
    assert_eq!(FormulaInput { language: Language::En, ..input }.to_labels("amount"), "Amount");
}

/// An expense claim: choices, and labels of several words.
fn claim() -> Forms {
    let kinds = json!({"choices": [
        {"key": "c1", "label": {"en": "Travel", "zh-CN": "差旅"}}, {"key": "c2", "label": "Meals"},
        {"key": "Other", "label": "Rest"}, {"key": "c4", "label": "Other"}]});
    let claim = json!({"key": "claim", "label": "Claim", "fields": [
        {"key": "kind", "label": "Kind", "kind": "select", "options": kinds},
        {"key": "unit_price", "label": "Unit price", "kind": "money"},
        {"key": "net", "label": "Net", "kind": "money", "compute": {"formula": "unit_price * 2"}},
        {"key": "gross", "label": "Gross (EUR)", "kind": "formula", "options": {"formula": "net * 1.1"}},
        {"key": "lines", "label": "Expense lines", "kind": "subform", "options": {"fields": [
            {"key": "kind", "label": "Kind", "kind": "select", "options": kinds},
            {"key": "part", "label": "Own part", "kind": "money"},
            {"key": "tax", "label": "Tax", "kind": "money", "compute": {"formula": "part * 0.1"}}]}}]});
    let tier = json!({"key": "tier", "label": "T", "fields": []});
    Forms(vec![sketch(1, tier.clone()), sketch(2, tier), sketch(3, claim)])
}

#[test]
fn a_choice_is_written_as_it_is_called_and_stored_by_its_key() {
    let forms = claim();
    let input = FormulaInput { language: Language::En, ..input(&forms, "net") };
    there_and_back(&input, "IF(Kind = \"Travel\", 1, 2)", "IF(kind = \"c1\", 1, 2)");
    there_and_back(
        &input,
        "SUMIF([Expense lines].Kind, \"<>Meals\", [Expense lines].[Own part])",
        "SUMIF(lines.kind, \"<>c2\", lines.part)",
    );
    there_and_back(
        &input,
        "SWITCH(Kind, \"Travel\", 1, \"Meals\", 2, 3)",
        "SWITCH(kind, \"c1\", 1, \"c2\", 2, 3)",
    );
    assert_eq!(input.to_keys("'travel' <> Kind").unwrap(), "\"c1\" <> kind");
    assert_eq!(input.to_keys("Kind = “差旅”").unwrap(), "kind = \"c1\"", "in another language");
    // A key is a key, also where another choice is called so; what is no choice stays.
    there_and_back(&input, "Kind = \"Rest\"", "kind = \"Other\"");
    there_and_back(&input, "Kind = \"c4\"", "kind = \"c4\"");
    there_and_back(&input, "Kind = \"Taxi\" or Net = 1", "kind = \"Taxi\" or net = 1");
    assert_eq!(input.check("Kind = \"Travel\"", &Type::Bool).unwrap(), "kind = \"c1\"");
}

#[test]
fn a_label_without_its_brackets_is_told_with_them_and_offered_so() {
    let forms = claim();
    let input = FormulaInput { language: Language::En, ..input(&forms, "net") };
    for (source, field, like) in [
        ("Unit price * 2", "Unit price", "[Unit price]"),
        ("1 + unit pri", "unit pri", "[Unit price]"),
        ("ROUND(Unit price, 2)", "Unit price", "[Unit price]"),
        ("Gross (EUR) * 2", "Gross (EUR)", "[Gross (EUR)]"),
        ("SUM(Expense lines.Own part)", "Expense lines.Own part", "[Expense lines].[Own part]"),
        ("SUM([Expense lines].Own part)", "[Expense lines].Own part", "[Expense lines].[Own part]"),
    ] {
        let fault = input.check(source, &Type::Any).unwrap_err();
        assert_eq!(fault.span.of(source), field, "{source}: {fault:?}");
        assert_eq!(fault.args["like"], like, "{source}");
    }
    // Who has begun a label means that one.
    let fault = input.check("Unit * 2", &Type::Any).unwrap_err();
    assert_eq!((fault.code, fault.args["like"].as_str()), ("unknown_field_like", "[Unit price]"));
    assert_eq!(
        input.check("'Unit price' & [Unit price] &", &Type::Any).unwrap_err().code,
        "formula_unfinished"
    );
    let completed = |source: &str| {
        let found = input.complete(source, source.chars().count());
        let insert = found.suggestions.first().map(|found| found.insert.clone());
        (found.replaces.of(source), insert.unwrap_or_default())
    };
    for typed in ["Unit", "Unit ", "unit pr", "Unit price"] {
        let source = format!("2 * {typed}");
        assert_eq!(completed(&source), (typed.to_string(), "[Unit price]".to_string()));
    }
    assert_eq!(completed("SUM(Expense li"), ("Expense li".to_string(), "[Expense lines]".to_string()));
    assert_eq!(completed("SUM([Expense lines].own p"), ("own p".to_string(), "[Own part]".to_string()));
}

#[test]
fn the_sign_that_spreadsheets_begin_with_means_nothing() {
    let forms = claim();
    let input = FormulaInput { language: Language::En, ..input(&forms, "gross") };
    for source in ["=Net * 2", "= Net * 2", "＝Net * 2", " = Net * 2"] {
        assert_eq!(input.check(source, &Type::Number).unwrap().trim(), "net * 2", "{source}");
    }
    for (source, code) in
        [("=", "formula_unfinished"), ("==Net", "formula_unexpected"), ("= =Net", "formula_unexpected")]
    {
        assert_eq!(input.check(source, &Type::Any).unwrap_err().code, code, "{source}");
    }
    assert_eq!(input.check("=Net = 2", &Type::Bool).unwrap(), "net = 2");
}

#[test]
fn a_circle_is_told_with_the_way_that_leads_back() {
    let forms = claim();
    let told = |of: &str, member: &str, source: &str| {
        let input = FormulaInput { language: Language::En, ..input(&forms, of) };
        let stored = input.to_keys(source).unwrap();
        let fault = input.circle(source, &stored, member)?;
        Some((fault.code, fault.span.of(source), fault.args["fields"].clone()))
    };
    let is = |at: &str, way: &str| Some(("cycle", at.to_string(), way.to_string()));
    assert_eq!(told("net", "compute", "1 + [Gross (EUR)]"), is("[Gross (EUR)]", "Net → Gross (EUR) → Net"));
    assert_eq!(
        told("gross", "options.formula", "[Gross (EUR)] + 1"),
        is("[Gross (EUR)]", "Gross (EUR) → Gross (EUR)")
    );
    let way = "Expense lines · Own part → Expense lines · Tax → Expense lines · Own part";
    assert_eq!(told("lines.part", "compute", "Tax * 2"), is("Tax", way));
    assert_eq!(told("net", "compute", "[Unit price] * 3"), None);
    assert_eq!(told("gross", "options.formula", "Net * 3"), None);
}

#[test]
fn what_a_formula_gives_is_known_before_anything_is_wanted_of_it() {
    let forms = claim();
    let input = FormulaInput { language: Language::En, ..input(&forms, "gross") };
    assert_eq!(input.gives("Net * 2"), Some(Type::Number));
    assert_eq!(input.gives("Net & 'x'"), Some(Type::Text));
    assert_eq!(input.gives("Net > 2"), Some(Type::Bool));
    assert_eq!(input.gives("TODAY()"), Some(Type::Date));
    assert_eq!(input.gives("Net +"), None);
}

#[test]
fn a_row_has_its_own_names_first() {
    let forms = forms();
    let input = input(&forms, "lines.total");
    there_and_back(&input, "金额 / 本记录.[金额(元)]", "amount / record.amount");
    there_and_back(&input, "客户 & [客户#customer].获客成本", "note & customer.cost");
    there_and_back(&input, "SUM(明细.金额)", "SUM(lines.amount)");
    there_and_back(&input, "RUNNING(金额) - PREV(金额)", "RUNNING(amount) - PREV(amount)");
    assert_eq!(input.check("RUNNING(金额)", &Type::Number).unwrap(), "RUNNING(amount)");
    assert_eq!(input.check("金额 + 1", &Type::Number).unwrap(), "amount + 1");
}

#[test]
fn faults_and_suggestions_are_those_of_the_form() {
    let forms = forms();
    let input = input(&forms, "total");
    let fault = input.check("1 + 客户.等级.级别 * 明细.金额", &Type::Number).unwrap_err();
    assert_eq!((fault.code, fault.span.at, fault.span.length), ("formula_operands", 15, 5));
    assert_eq!(input.check("明细.进价", &Type::Any).unwrap_err().code, "unknown_field");
    let inserts = |source: &str| -> Vec<String> {
        let found = input.complete(source, source.chars().count()).suggestions;
        found.into_iter().map(|suggestion| suggestion.insert).collect()
    };
    assert_eq!(inserts("SUM(明细."), ["金额", "负责人", "客户"]);
    assert_eq!(inserts("客户.获"), ["获客成本"]);
    assert_eq!(inserts("客户.等级.级"), ["级别"]);
    assert!(inserts("流程").contains(&"流程状态".to_string()));
}

#[test]
fn what_goes_over_rows_is_offered_in_rows_alone() {
    let forms = forms();
    let offered = |of: &str, source: &str| -> Vec<String> {
        let found = input(&forms, of).complete(source, source.chars().count()).suggestions;
        found.into_iter().map(|suggestion| suggestion.insert).collect()
    };
    for (source, insert) in [("prev", "PREV("), ("金额 - run", "RUNNING("), ("上一行", "PREV(")] {
        assert!(offered("lines.total", source).contains(&insert.to_string()), "{source}");
        assert!(!offered("total", source).contains(&insert.to_string()), "{source}");
    }
    let help = input(&forms, "lines.total").complete("RUNNING(", 8).call.map(|call| call.function.name);
    assert_eq!(help, Some("RUNNING"));
}

#[test]
fn everything_that_can_be_read_is_listed_as_it_is_written() {
    let forms = forms();
    let in_form = input(&forms, "by");
    let listed = |input: &FormulaInput, path: &[&str]| -> Vec<(String, bool)> {
        let path: Vec<String> = path.iter().map(|key| (*key).to_string()).collect();
        let found = input.readable(&path).into_iter().filter(|it| !it.is_of_system());
        found.map(|it| (it.written, it.opens)).collect()
    };
    let is = |written: &str, opens: bool| (written.to_string(), opens);
    assert_eq!(
        listed(&in_form, &[]),
        [is("[金额(元)]", false), is("客户", true), is("明细", true)],
        "not the field itself"
    );
    assert_eq!(
        listed(&in_form, &["lines"]),
        [is("明细.金额", false), is("明细.负责人", false), is("明细.客户", false)]
    );
    assert_eq!(listed(&in_form, &["customer", "tier"]), [is("客户.等级.级别", false)]);
    assert!(listed(&in_form, &["amount"]).is_empty());
    assert!(listed(&in_form, &["nothing", "tier"]).is_empty());
    // What is listed is understood, in a row as well, where two are called the same.
    let in_row = input(&forms, "lines.amount");
    for path in [vec![], vec!["record"], vec!["customer"]] {
        for (written, opens) in listed(&in_row, &path) {
            assert!(opens || in_row.to_keys(&written).is_ok(), "{written}");
        }
    }
    let customers = listed(&in_row, &[]);
    assert!(customers.contains(&is("客户", false)) && customers.contains(&is("[客户#customer]", true)));
}

#[test]
fn a_formula_is_not_offered_its_own_field() {
    let forms = forms();
    let keys = |of: &str, source: &str| -> Vec<String> {
        let found = input(&forms, of).complete(source, source.chars().count()).suggestions;
        let key = |kind: SuggestionKind| match kind {
            SuggestionKind::Field { key, .. } => Some(key),
            SuggestionKind::Function(_) | SuggestionKind::Form(_) => None,
        };
        found.into_iter().filter_map(|suggestion| key(suggestion.kind)).collect()
    };
    let has = |of: &str, source: &str, key: &str| keys(of, source).iter().any(|known| known == key);
    assert!(has("by", "", "amount") && !has("amount", "", "amount"));
    assert!(has("lines.by", "", "amount") && has("amount", "明细.", "amount"));
    // In a row the column is meant, by itself and in the whole sub-form; the record has another of that name.
    let column = "lines.amount";
    assert!(!has(column, "SUM(明细.", "amount") && !has(column, "SUM(本记录.明细.", "amount"));
    assert!(!has(column, "", "amount") && has(column, "本记录.", "amount"));
    // What is not offered keeps its name all the same: the others are called as before.
    assert_eq!(keys("by", "负责")[0], "$owner");
}

#[test]
fn the_records_of_another_form_are_counted_by_labels() {
    let forms = forms();
    let input = input(&forms, "total");
    // The order's own link is called as the form is: behind the form's name its records are meant.
    there_and_back(
        &input,
        "SUMOF(客户, 客户.等级 = 本记录.客户.等级 and 客户.获客成本 > [金额(元)], 客户.获客成本)",
        "SUMOF(customer, customer.tier = record.customer.tier and customer.cost > amount, customer.cost)",
    );
    there_and_back(
        &input,
        "COUNTOF(订单, 订单.负责人 = 负责人) + SUM(明细.金额)",
        "COUNTOF(order, order.by = by) + SUM(lines.amount)",
    );
    there_and_back(
        &input,
        "SUMOF(订单, 订单.客户 = 客户, 订单.明细.金额)",
        "SUMOF(order, order.customer = customer, order.lines.amount)",
    );
    there_and_back(
        &input,
        "MAPX(\"sum\", 本记录.客户.等级, 客户.等级, 客户.获客成本) + [金额(元)]",
        "MAPX(\"sum\", record.customer.tier, customer.tier, customer.cost) + amount",
    );
    let checked =
        input.check("SUMOF(客户, 客户.获客成本 > [金额(元)], 客户.获客成本)", &Type::Number).unwrap();
    assert_eq!(checked, "SUMOF(customer, customer.cost > amount, customer.cost)");
    for (source, code, at, length) in [
        ("SUMOF(顾客, TRUE, 顾客.成本)", "unknown_form", 6, 2),
        ("SUMOF(客户, TRUE, 客户.成本)", "unknown_field", 16, 5),
        ("SUMOF(客户, TRUE, 客户.等级)", "formula_argument", 16, 5),
        ("SUMOF(客户, 客户.获客成本 = 负责人, 客户.获客成本)", "formula_operands", 20, 3),
        ("MAPX('sum', 1, 顾客.等级, 顾客.成本)", "unknown_form", 15, 2),
        ("MAPX('sum', 1, 客户.获客成本, 客户.成本)", "unknown_field", 24, 5),
    ] {
        let fault = input.check(source, &Type::Number).unwrap_err();
        assert_eq!((fault.code, fault.span.at, fault.span.length), (code, at, length), "{source}");
    }
}

#[test]
fn forms_and_their_fields_are_offered_where_records_are_counted() {
    let forms = forms();
    let input = input(&forms, "total");
    let inserts = |source: &str| -> Vec<String> {
        let found = input.complete(source, source.chars().count()).suggestions;
        found.into_iter().map(|suggestion| suggestion.insert).collect()
    };
    assert_eq!(inserts("SUMOF("), ["订单", "等级", "客户"]);
    assert_eq!(inserts("SUMOF(客"), ["客户"]);
    assert_eq!(inserts("SUMOF(客户, 客户.获"), ["获客成本"]);
    assert_eq!(inserts("SUMOF(客户, IF(真, 客户.获"), ["获客成本"]);
    // The form itself, and what this record has of that name.
    assert_eq!(inserts("COUNTOF(等级, 等级.级别 > 1 and 客")[..1], ["客户"]);
    assert_eq!(inserts("MAPX('sum', 1, "), ["订单", "等级", "客户"]);
    assert_eq!(inserts("MAPX('sum', 1, 客户.获客成本, 客户.获"), ["获客成本"]);
    assert!(inserts("mapx('sum', 金").contains(&"[金额(元)]".to_string()));
    assert!(inserts("COUNTOF(订单, 订").contains(&"订单".to_string()));
    assert!(!inserts("COUNTOF(订单, 真) + 订").contains(&"订单".to_string()));
}

#[test]
fn a_field_is_found_by_how_it_sounds_and_its_name_is_known_in_a_formula() {
    fn sounds(name: &str) -> Option<String> {
        name.starts_with('金').then(|| "je".to_string())
    }
    let forms = forms();
    let input = FormulaInput { initials: Some(sounds), ..input(&forms, "") };
    let named = |typed: &str| -> Vec<String> {
        input.complete(typed, typed.chars().count()).suggestions.into_iter().map(|it| it.insert).collect()
    };
    let found = named("je");
    assert_eq!(found.first().map(String::as_str), Some("[金额(元)]"), "{found:?}");
    let spans = |source: &str| -> Vec<String> {
        input.named_spans(source).into_iter().map(|span| span.of(source)).collect()
    };
    let name = found.into_iter().next().unwrap();
    assert_eq!(spans(&format!("1 + {name} * 2")), [name.as_str()]);
    assert_eq!(spans(&format!("{name} + (")), [name.as_str()], "half of a formula");
    assert_eq!(spans("nothing + 1"), Vec::<String>::new());
    // A form whose records are counted is found so, too.
    let by_sound = |name: &str| (name == "客户").then(|| "kh".to_string());
    let input = FormulaInput { initials: Some(by_sound), ..input };
    let found = input.complete("SUMOF(kh", 8).suggestions;
    assert_eq!(found.first().map(|found| found.insert.as_str()), Some("客户"));
}
