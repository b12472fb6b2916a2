//! Labels and keys, and what the editor offers.

use super::super::{
    Completion, Name, Names, SuggestionKind, check_labels, complete, renamed, to_keys, to_labels,
};
use crate::formula::{Resolved, Scope, Type};
use crate::text::Language;

/// A quotation: two of its fields have the same label.
struct Quotation {
    amount: &'static str,
}

impl Names for Quotation {
    fn members(&self, path: &[&str]) -> Vec<Name> {
        let number = |key: &str, label: &str| Name::new(key, label, Type::Number);
        match path {
            [] => vec![
                number("amount", self.amount),
                number("new", "折扣 %"),
                number("net", "合计"),
                number("total", "合计"),
                number("if", "and"),
                Name::new("lines", "明细", Type::Rows),
                Name::new("customer", "客户", Type::Ref),
                Name::new("$owner", "负责人", Type::Ref),
            ],
            ["lines"] => vec![number("qty", "数量"), number("cost", "成本"), number("max", "a]b")],
            ["customer"] => vec![number("spent", "获客成本")],
            _ => Vec::new(),
        }
    }
}

impl Scope for Quotation {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let (last, before) = path.split_last()?;
        let name = self.members(before).into_iter().find(|name| name.key == *last)?;
        let ty = if before == ["lines"] { Type::list(name.ty) } else { name.ty };
        Some(Resolved { ty, live: false })
    }
}

const FORM: Quotation = Quotation { amount: "金额" };

#[test]
fn labels_become_keys_and_keys_labels() {
    for (labels, keys) in [
        ("金额 * [折扣 %] / 100", "amount * new / 100"),
        ("SUM( 明细.数量 )", "SUM( lines.qty )"),
        ("明细.[a]]b] & \"金额\"", "lines.max & \"金额\""),
        ("客户.获客成本 + [and]", "customer.spent + if"),
        ("[合计#net] + [合计#total]", "net + total"),
        ("负责人 = 客户", "$owner = customer"),
        ("IF(金额 ≥ 1，“大”，“小”)", "IF(amount ≥ 1，“大”，“小”)"),
    ] {
        assert_eq!(to_keys(labels, &FORM).unwrap(), keys);
        assert_eq!(to_labels(keys, &FORM), labels);
    }
}

#[test]
fn renaming_breaks_nothing() {
    let stored = to_keys("金额 + 明细.数量", &FORM).unwrap();
    let renamed = Quotation { amount: "价税合计(元)" };
    assert_eq!(to_labels(&stored, &renamed), "[价税合计(元)] + 明细.数量");
    assert_eq!(to_keys(&to_labels(&stored, &renamed), &renamed).unwrap(), stored);
    // However many read it: each is shown with the new name, and what is stored stays.
    for n in 0..100 {
        let stored = to_keys(&format!("金额 * {n} + SUM(明细.数量)"), &FORM).unwrap();
        let shown = to_labels(&stored, &renamed);
        assert_eq!(shown, format!("[价税合计(元)] * {n} + SUM(明细.数量)"));
        assert_eq!(to_keys(&shown, &renamed).unwrap(), stored);
    }
}

#[test]
fn a_formula_is_written_as_fields_and_forms_are_called_elsewhere() {
    let field = |key: &str| (key == "net" || key == "order").then(|| format!("{key}_2"));
    let form = |key: &str| (key == "order").then(|| "shop/order".to_string());
    for (before, after) in [
        ("net * 2 + total.net", "net_2 * 2 + total.net"),
        ("SUM( net ) & \"net\"", "SUM( net_2 ) & \"net\""),
        // The form and what is counted of it, and beside them the field of this record.
        (
            "SUMOF(order, order.net = record.net, order.net) + net",
            "SUMOF([shop/order], [shop/order].net = record.net_2, [shop/order].net) + net_2",
        ),
        (
            "MAPX(\"sum\", net, order.buyer, order.net)",
            "MAPX(\"sum\", net_2, [shop/order].buyer, [shop/order].net)",
        ),
        ("COUNTOF(other) + order.net", "COUNTOF(other) + order_2.net"),
        ("net +", "net +"),
    ] {
        assert_eq!(renamed(before, &field, &form), after);
    }
}

#[test]
fn keys_are_understood_and_what_is_gone_stays() {
    assert_eq!(to_keys("amount + net", &FORM).unwrap(), "amount + net");
    assert_eq!(to_labels("amount + gone + lines.gone", &FORM), "金额 + gone + 明细.gone");
    assert_eq!(to_labels("1 +", &FORM), "1 +");
}

#[test]
fn wrong_names_are_found_where_they_are_written() {
    let fault = to_keys("1 + 合计", &FORM).unwrap_err();
    assert_eq!((fault.code, fault.span.at, fault.span.length), ("ambiguous_name", 4, 2));
    assert_eq!(fault.args["like"], "[合计#net], [合计#total]");
    let fault = to_keys("SUM(明细.进价成)", &FORM).unwrap_err();
    assert_eq!((fault.code, fault.span.at, fault.span.length), ("unknown_field_like", 4, 6));
    assert_eq!((fault.args["field"].as_str(), fault.args["like"].as_str()), ("明细.进价成", "明细.成本"));
    assert_eq!(to_keys("xyz", &FORM).unwrap_err().code, "unknown_field");
    let fault = check_labels("[折扣 %] + 明细.数量", &FORM, &FORM, &Type::Number).unwrap_err();
    assert_eq!((fault.code, fault.span.at, fault.span.length), ("formula_operands", 9, 5));
    assert_eq!(check_labels("SUM(明细.数量)", &FORM, &FORM, &Type::Number).unwrap(), "SUM(lines.qty)");
}

/// Completes at the mark `|`.
fn at(marked: &str) -> Completion {
    let (before, after) = marked.split_once('|').unwrap();
    complete(&format!("{before}{after}"), before.chars().count(), &FORM, Language::ZhCn)
}

fn inserts(marked: &str) -> Vec<String> {
    at(marked).suggestions.into_iter().map(|suggestion| suggestion.insert).collect()
}

#[test]
fn fields_and_functions_are_offered() {
    assert_eq!(inserts("1 + 金|")[0], "金额");
    assert_eq!(inserts("1 + am|")[0], "金额");
    assert_eq!(inserts("SUM(明细.|"), ["数量", "成本", "[a]]b]"]);
    assert_eq!(inserts("SUM(明细.成|"), ["成本"]);
    assert_eq!(inserts("客户.|"), ["获客成本"]);
    assert_eq!(inserts("[折|"), ["[折扣 %]"]);
    assert_eq!(inserts("合|")[..2], ["[合计#net]", "[合计#total]"]);
    assert_eq!(inserts("1 + sumi|"), ["SUMIF(", "SUMIFS("]);
    assert!(inserts("求和|").contains(&"SUM(".to_string()));
    assert!(inserts("toda|").contains(&"TODAY()".to_string()));
    assert!(inserts("\"金|").is_empty());
    assert_eq!(inserts("|").len(), 8);
    // What follows a value is an operator.
    for marked in ["1|", "2.5|", "2.|", "\"a\" |", "SUM(1) |", "金额 |", "１２|"] {
        assert!(inserts(marked).is_empty(), "{marked}");
    }
    assert_eq!(inserts("(1 + 2) * |").len(), 8);
    assert_eq!(inserts("SUM(1, |").len(), 8);
    assert_eq!(inserts("客户 .|"), ["获客成本"]);
    let completion = at("1 + [折|");
    assert_eq!((completion.replaces.at, completion.replaces.length), (4, 2));
    let kinds = at("lin|").suggestions;
    assert!(matches!(&kinds[0].kind, SuggestionKind::Field { key, ty: Type::Rows, .. } if key == "lines"));
}

#[test]
fn what_fits_best_is_offered_first() {
    // A function that is called so, before fields that only contain it.
    assert_eq!(inserts("max|")[..2], ["MAX(", "MAXIFS("]);
    // A key that begins so, before a function with a word that does, and before what is only said of a function.
    let found = inserts("to|");
    let place = |name: &str| found.iter().position(|insert| insert == name);
    assert!(place("[合计#total]") < place("TODAY()"), "{found:?}");
    // A system field is found by its key without the sign.
    assert_eq!(inserts("own|")[0], "负责人");
    let found = at("sum|").suggestions;
    let sum = &found[0];
    assert!(matches!(sum.kind, SuggestionKind::Function(_)) && !sum.help.is_empty());
}

#[test]
fn the_call_around_the_cursor_is_known() {
    let call = |marked: &str| at(marked).call.map(|help| (help.function.name, help.parameter));
    assert_eq!(call("ROUND(1, |"), Some(("ROUND", 1)));
    assert_eq!(call("IF(SUM(1, 2), |"), Some(("IF", 1)));
    assert_eq!(call("IF(SUM(1, 2|), 3)"), Some(("SUM", 0)));
    assert_eq!(call("IFS(a, (b + |"), None);
    assert_eq!(call("IFS(a, b, \"x, (|"), Some(("IFS", 0)));
    assert_eq!(call("1 + |"), None);
}
