//! What holds for every formula.

use proptest::prelude::*;

use crate::formula::sample::Sample;
use crate::formula::{
    Budget, Formula, MAX_OPERATIONS, Node, NodeKind, Operator, Segment, Span, Type, functions, parse,
};
use crate::value::{Decimal, ErrorValue, Value};

fn node(kind: NodeKind) -> Node {
    Node { kind, span: Span::default() }
}

/// Any tree that a source can have.
fn trees() -> impl Strategy<Value = Node> {
    let segment = "[a-z金额(元) ]{1,4}|and|\\[x\\]|\\$owner"
        .prop_filter("a name has letters", |name| !name.trim().is_empty())
        .prop_map(|name| Segment { name: name.trim().to_string(), span: Span::default() });
    let leaf = prop_oneof![
        (0i64..1_000_000, 0u32..8).prop_map(|(digits, scale)| NodeKind::Number(Decimal::new(digits, scale))),
        ".{0,6}".prop_map(NodeKind::Text),
        any::<bool>().prop_map(NodeKind::Bool),
        Just(NodeKind::Empty),
        prop::collection::vec(segment, 1..3).prop_map(NodeKind::Path),
    ]
    .prop_map(node);
    leaf.prop_recursive(4, 40, 4, |inner| {
        let call = prop::sample::select(vec!["IF", "SUM", "NOT", "AND", "ROUND", "CONCATENATE", "XYZ"]);
        prop_oneof![
            inner.clone().prop_map(|inner| node(NodeKind::Negative(Box::new(inner)))),
            (call, prop::collection::vec(inner.clone(), 0..4))
                .prop_map(|(name, arguments)| node(NodeKind::Call(name.into(), arguments))),
            (inner.clone(), 0usize..5, prop::collection::vec((0usize..6, inner), 1..4)).prop_map(
                |(first, level, rest)| {
                    // The operators of one chain are of one level.
                    let levels: [&[Operator]; 5] = [
                        &Operator::ALL[0..2],
                        &Operator::ALL[2..4],
                        &Operator::ALL[4..5],
                        &Operator::ALL[5..6],
                        &Operator::ALL[6..12],
                    ];
                    let signs = levels[level];
                    let rest = rest.into_iter().map(|(pick, operand)| (signs[pick % signs.len()], operand));
                    node(NodeKind::Chain(Box::new(first), rest.collect()))
                }
            ),
        ]
    })
}

/// Pieces that make formulas which often mean something.
fn pieces() -> impl Strategy<Value = String> {
    let mut words: Vec<String> = functions::all().map(|function| format!("{}(", function.name)).collect();
    let plain = [
        "amount",
        "state",
        "paid",
        "blank",
        "day",
        "at",
        "tags",
        "lines",
        "lines.qty",
        "lines.item",
        "1",
        "0",
        "-3",
        "0.5",
        "99999999999999999999",
        "\"a\"",
        "\"\"",
        "\">1\"",
        "\"yyyy-mm-dd\"",
        "\"#,##0.00%\"",
        "(",
        ")",
        ")",
        ")",
        ",",
        ",",
        "+",
        "-",
        "*",
        "/",
        "^",
        "&",
        "=",
        "<>",
        "<",
        ">=",
        " and ",
        " or ",
        " not ",
        "TRUE",
        "EMPTY",
        "[",
        "]",
        ".",
        "'",
        "，",
        "（",
        "金额",
        " ",
    ];
    words.extend(plain.map(String::from));
    prop::collection::vec(prop::sample::select(words), 1..14).prop_map(|words| words.concat())
}

/// A call of every function with arguments of all kinds.
fn calls() -> impl Strategy<Value = String> {
    let names: Vec<&str> = functions::all().map(|function| function.name).collect();
    let arguments = vec![
        "amount",
        "state",
        "paid",
        "blank",
        "day",
        "at",
        "tags",
        "lines",
        "lines.qty",
        "lines.item",
        "lines.day",
        "0",
        "-1",
        "1.5",
        "1e27",
        "-1e27",
        "0.0000000000000000000000000001",
        "\"\"",
        "\"流程\"",
        "\"D\"",
        "\"0.00\"",
        "NA()",
        "TIME(1, 2)",
        "99999999999",
        "-99999999999",
        "9223372036854775807",
        "-9223372036854775808",
        "IF(paid, blank, 1)",
        "IFERROR(blank, state)",
        "SEQUENCE(3, -1)",
        "SPLIT(state, \"o\")",
        "\"31.23,121.47\"",
        "\"[h]:mm\"",
        "\"week\"",
    ];
    (prop::sample::select(names), prop::collection::vec(prop::sample::select(arguments), 0..5))
        .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", ")))
}

fn evaluates_within_limits(source: &str) -> Result<(), TestCaseError> {
    let Ok(formula) = Formula::parse(source, &Sample, &Type::Any) else { return Ok(()) };
    let mut budget = Budget::for_record();
    let first = formula.evaluate(&Sample, &Sample::context(), &mut budget);
    prop_assert!(budget.operations <= 2 * MAX_OPERATIONS, "{} for {}", budget.operations, source);
    let second = formula.evaluate(&Sample, &Sample::context(), &mut budget);
    prop_assert_eq!(first, second);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases.max(512)))]

    #[test]
    fn a_written_tree_is_read_as_the_same(tree in trees()) {
        let source = tree.to_string();
        let read = parse(&source).map_err(|fault| TestCaseError::fail(format!("{source}: {fault:?}")))?;
        prop_assert_eq!(&read, &tree, "{}", source);
    }

    #[test]
    fn any_text_is_read_or_refused(source in ".{0,60}") {
        let _ = parse(&source);
        evaluates_within_limits(&source)?;
    }

    #[test]
    fn pieces_of_formulas_never_panic(source in pieces()) {
        evaluates_within_limits(&source)?;
    }

    #[test]
    fn functions_answer_to_every_argument(source in calls()) {
        evaluates_within_limits(&source)?;
    }

    #[test]
    fn arithmetic_is_that_of_decimals(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000,
                                      scale in 0u32..8) {
        let (x, y) = (Decimal::new(a, scale), Decimal::new(b, 2));
        let show = |source: String| {
            let formula = Formula::parse(&source, &Sample, &Type::Number).unwrap();
            formula.evaluate(&Sample, &Sample::context(), &mut Budget::for_record())
        };
        let same = |source: String, expected: Option<Decimal>| {
            let expected = expected.map_or(Value::Error(ErrorValue::Div0), |number| Value::Number(number.normalize()));
            assert_eq!(show(source), expected);
        };
        same(format!("({x}) + ({y})"), Some(x + y));
        same(format!("({x}) - ({y})"), Some(x - y));
        same(format!("({x}) * ({y})"), Some(x * y));
        same(format!("({x}) / ({y})"), x.checked_div(y));
        same(format!("SUM({x}, {y}, {x})"), Some(x + y + x));
    }
}
