//! What is refused when a formula is saved, and where.

use crate::formula::functions::{self, Takes};
use crate::formula::sample::Sample;
use crate::formula::{Formula, Resolved, Scope, Type};
use crate::text::{Fault, Language, Texts};

#[test]
fn faults_name_what_is_wrong_and_where() {
    for (source, wanted, code, at, length) in [
        ("amout + 1", Type::Number, "unknown_field", 0, 5),
        ("1 + lines.cost", Type::Number, "unknown_field", 4, 10),
        ("FOO(1)", Type::Any, "unknown_function", 0, 6),
        ("ROUND(1, 2, 3)", Type::Number, "formula_arity", 0, 14),
        ("1 + IF()", Type::Number, "formula_arity", 4, 4),
        ("IFS(paid, 1, paid)", Type::Number, "formula_arity", 0, 18),
        ("state", Type::Number, "formula_type", 0, 5),
        ("IF(paid, 1, state)", Type::Number, "formula_type", 12, 5),
        ("IFEMPTY(IF(paid, state, 1), 1)", Type::Number, "formula_type", 17, 5),
        ("paid", Type::Text, "formula_type", 0, 4),
        ("lines.qty", Type::Number, "formula_type", 0, 9),
        ("amount + state", Type::Number, "formula_operands", 9, 5),
        ("state * 2", Type::Number, "formula_operand", 0, 5),
        ("-state", Type::Number, "formula_operand", 1, 5),
        ("amount = state", Type::Bool, "formula_operands", 9, 5),
        ("lines.qty > 1", Type::Bool, "formula_operand", 0, 9),
        ("lines.qty * lines.price", Type::Any, "formula_operand", 0, 9),
        ("SUM(state)", Type::Number, "formula_argument", 4, 5),
        ("YEAR(amount)", Type::Number, "formula_argument", 5, 6),
        ("IF(amount, 1, 2)", Type::Number, "formula_argument", 3, 6),
        ("LEN(lines.item)", Type::Number, "formula_argument", 4, 10),
        ("not amount", Type::Bool, "formula_argument", 4, 6),
        ("paid and amount", Type::Bool, "formula_argument", 9, 6),
        ("PARAM(state)", Type::Any, "formula_parameter", 6, 5),
        ("PARAM('rat')", Type::Any, "unknown_parameter", 6, 5),
        ("day + day", Type::Any, "formula_operands", 6, 3),
        ("PREV(amount)", Type::Any, "formula_over_rows", 0, 12),
        ("1 + RUNNING(state)", Type::Any, "formula_argument", 12, 5),
        ("DATE(2026, 1, day)", Type::Date, "formula_argument", 14, 3),
        ("ISEMPTY(lines) + 1", Type::Any, "formula_operand", 0, 14),
        ("TEXT(amount, '0.00E+00')", Type::Text, "formula_literal", 13, 10),
        ("TEXT(amount, '# ?/?')", Type::Text, "formula_literal", 13, 7),
        ("TEXT(day, '0.0')", Type::Text, "formula_literal", 10, 5),
        ("MAPX('mean', state, payment.state, payment.amount)", Type::Any, "formula_literal", 5, 6),
        ("MAPX(state, state, payment.state, payment.amount)", Type::Any, "formula_literal", 5, 5),
        ("MAPX('sum', state, state, payment.amount)", Type::Any, "formula_field_of", 19, 5),
        ("MAPX('sum', state, payment.state, amount)", Type::Any, "formula_field_of", 34, 6),
        ("MAPX('sum', amount, payment.state, payment.amount)", Type::Any, "formula_operands", 12, 6),
        ("MAPX('sum', state, payment.state, payment.state)", Type::Any, "formula_argument", 34, 13),
        ("MAPX('sum', state, refund.state, refund.amount)", Type::Any, "unknown_form", 19, 6),
    ] {
        let fault = Formula::parse(source, &Sample, &wanted).expect_err(source);
        assert_eq!((fault.code, fault.span.at, fault.span.length), (code, at, length), "{source}");
    }
}

#[test]
fn every_function_refuses_a_wrong_count_and_a_wrong_kind_where_it_stands() {
    let fault = |source: &str| Formula::parse(source, &Sample, &Type::Any).expect_err(source);
    let call = |name: &str, arguments: &[&str]| format!("{name}({})", arguments.join(", "));
    for function in functions::all() {
        let (name, min) = (function.name, function.min_arguments());
        let too_many = function.max_arguments().map(|max| max + 1);
        for count in too_many.into_iter().chain(min.checked_sub(1)) {
            let source = call(name, &vec!["blank"; count]);
            let fault = fault(&source);
            assert_eq!(
                (fault.code, fault.span.at, fault.span.length),
                ("formula_arity", 0, source.len()),
                "{source}"
            );
        }
        for place in 0..min {
            let takes = function.takes(place, min);
            // Nothing but a few takes a whole sub-form; a parameter's key has its own fault, as a form has.
            if matches!(
                takes,
                Some(
                    Takes::Anything
                        | Takes::Branch
                        | Takes::Key
                        | Takes::Form
                        | Takes::Records
                        | Takes::FieldOf
                )
            ) {
                continue;
            }
            let mut arguments = vec!["blank"; min];
            arguments[place] = "lines";
            let source = call(name, &arguments);
            let fault = fault(&source);
            let at = name.len() + 1 + place * "blank, ".len();
            assert_eq!(
                (fault.code, fault.span.at, fault.span.length),
                ("formula_argument", at, 5),
                "{source}"
            );
            assert_eq!(fault.args["place"], (place + 1).to_string(), "{source}");
        }
    }
}

#[test]
fn every_fault_has_a_sentence_with_its_arguments() {
    for source in [
        "1 +",
        "(1",
        "1 2",
        "\"a",
        "[a",
        "2x",
        "x",
        "FOO()",
        "ROUND()",
        "state * 1",
        "1 + state",
        "SUM(state)",
        "PARAM(1)",
        "PARAM('x')",
        "TEXT(1, '# ?/?')",
        "PREV(amount)",
        "MAPX('mean', state, payment.state, payment.amount)",
        "MAPX('sum', state, state, payment.amount)",
    ] {
        let fault: Fault = Formula::parse(source, &Sample, &Type::Number).expect_err(source).into();
        assert!(fault.args.contains_key("at") && fault.args.contains_key("length"), "{fault:?}");
        for language in Language::ALL {
            let sentence = Texts::of(language).fault(&fault, language);
            assert_ne!(sentence, fault.code, "{language} {source}");
            assert!(!sentence.contains('{') && !sentence.contains('$'), "{language} {sentence}");
        }
    }
}

#[test]
fn what_fits_is_taken() {
    for (source, wanted) in [
        ("IF(paid, EMPTY(), amount)", Type::Number),
        ("IF(paid, amount, state) & \"\"", Type::Text),
        ("amount", Type::Text),
        ("at", Type::Date),
        ("MAX(lines.day)", Type::Date),
        ("MIN(lines.qty) + 1", Type::Number),
        ("INDEX(lines.item, 1)", Type::Text),
        ("IF(paid, day, at)", Type::DateTime),
        ("SWITCH(state, \"a\", 1, \"b\", 2)", Type::Number),
        ("PARAM('rate') * 2", Type::Number),
        ("tags", Type::list(Type::Text)),
        ("LOOKUP(\"pen\", lines.item, lines.price)", Type::Number),
        ("DATEADD(at, 1, \"day\") - at", Type::Number),
    ] {
        Formula::parse(source, &Sample, &wanted).unwrap_or_else(|fault| panic!("{source}: {fault:?}"));
    }
}

#[test]
fn what_is_read_is_known() {
    let formula = Formula::parse("SUM(lines.qty) + amount * amount", &Sample, &Type::Number).unwrap();
    assert_eq!(formula.reads(), ["lines.qty", "amount"]);
    assert!(!formula.is_live());
    assert!(Formula::parse("TODAY() - day", &Sample, &Type::Number).unwrap().is_live());
    assert!(Formula::parse("ME()", &Sample, &Type::Ref).unwrap().is_live());
}

/// A report's measures: rows in an order.
struct Measures;

impl Scope for Measures {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let known = matches!(path, ["gain"] | ["PREV" | "TOTAL", "gain"]);
        known.then_some(Resolved { ty: Type::Number, live: false })
    }
}

#[test]
fn functions_over_rows_are_read_where_there_are_rows() {
    let formula =
        Formula::parse("(gain - PREV(gain)) / TOTAL( gain ) & \"PREV(x)\"", &Measures, &Type::Text).unwrap();
    assert_eq!(formula.reads(), ["gain", "PREV.gain", "TOTAL.gain"]);
    for (source, code) in [
        ("PREV(gain + 1)", "formula_over_rows"),
        ("SHARE(gain)", "unknown_function"),
        ("PREV(cost)", "unknown_field"),
    ] {
        assert_eq!(Formula::parse(source, &Measures, &Type::Number).unwrap_err().code, code, "{source}");
    }
}
