//! The collection: what each of them ends as.

/// Formulas, and what they end as: the code of their fault, or their error value.
pub fn all() -> Vec<(&'static str, Vec<String>)> {
    let mut all = vec![
        ("#LIMIT!", without_end()),
        ("#NUM!", outside_a_domain()),
        (
            "#DIV/0!",
            owned(&[
                "1 / 0",
                "MOD(huge, 0)",
                "QUOTIENT(huge, 0)",
                "0 ^ -1",
                "TAN(PI() / 2)",
                "ATAN2(0, 0)",
                "VAR(huge)",
                "PMT(0.1, 0, 1)",
                "SLN(1, 0, 0)",
            ]),
        ),
        (
            "#VALUE!",
            owned(&[
                "VALUE(big)",
                "DATEVALUE(big)",
                "TIMEVALUE(big)",
                "DATETIMEVALUE(big)",
                r#"DISTANCE(big, "0,0")"#,
                r#"TEXTBEFORE(big, "")"#,
                r#"FILTER(rows, TAKE(rows, 2), ">1")"#,
                "SUMPRODUCT(rows, TAKE(rows, 1))",
                "CORREL(rows, TAKE(rows, 1))",
            ]),
        ),
        (
            "#N/A",
            owned(&[
                "NA()",
                r#"MATCH("none", texts)"#,
                r#"LOOKUP("none", texts, rows)"#,
                r#"TEXTAFTER(big, "x")"#,
                r#"FIND("x", big)"#,
                "MODE(rows)",
                "RANK(0, rows)",
            ]),
        ),
        ("#REF!", owned(&["INDEX(rows, 0)", "INDEX(rows, 5001)", "INDEX(rows, -5001)"])),
    ];
    all.extend(refused());
    all
}

fn owned(sources: &[&str]) -> Vec<String> {
    sources.iter().map(|source| (*source).to_string()).collect()
}

/// A formula that is the same part many times.
fn many(part: &str, times: usize, between: &str) -> String {
    vec![part; times].join(between)
}

/// Texts that grow, numbers that grow, loops, copies.
fn without_end() -> Vec<String> {
    let mut sources = owned(&[
        // Texts that would be too long.
        r#"REPT("x", 65537)"#,
        r#"REPT(REPT("x", 300), 300)"#,
        r#"REPT("ab", 999999999999999)"#,
        "REPT(big, 2)",
        r#"big & "x""#,
        "big & big & big",
        r#"SUBSTITUTE(big, ",", big)"#,
        r#"SUBSTITUTE(big, ",", ", ")"#,
        r#"SUBSTITUTE(SUBSTITUTE("aaaaaaaa", "a", REPT("a", 999)), "a", REPT("a", 999))"#,
        "REPLACE(big, 1, 0, big)",
        "CONCATENATE(texts)",
        "CONCAT(texts, texts)",
        "JOIN(texts, big)",
        "TEXTJOIN(big, FALSE, big, big)",
        r#"SPLIT(big, ",")"#,
        r#"UPPER(REPT("ŉ", 32768))"#,
        r#"TEXT(1, REPT("0", 257))"#,
        r#"TEXT(1, REPT("%", 200) & "0")"#,
        // Lists that are copied, compared and searched again and again.
        "SORT(texts)",
        "SORTBY(rows, texts)",
        "REVERSE(REVERSE(REVERSE(texts)))",
        "COUNTA(UNIQUE(texts), UNIQUE(texts))",
        "COUNTA(INTERSECT(texts, texts), EXCEPT(texts, texts))",
        r#"COUNTIF(texts, REPT("*a", 512))"#,
        r#"COUNTIF(big, REPT("?*", 2000))"#,
        r#"SUMIFS(rows, texts, "*a*b*c*d*e*f*g*h*")"#,
        r#"FILTER(texts, texts, "*x*y*z*")"#,
        "GEOMEAN(rows) + GEOMEAN(rows)",
        "IRR(-1000000, rows)",
        "SEQUENCE(5001)",
        "SEQUENCE(999999999999999)",
        // Loops over days and years.
        "WORKDAY(DATE(1000, 1, 1), 1000000)",
        "WORKDAY(day, -999999999999)",
        "NETWORKDAYS(DATE(1000, 1, 1), DATE(9999, 12, 31))",
        "DDB(1, 0, 999999999, 99999999)",
        // Numbers that would be too large.
        "9 ^ 9 ^ 9",
        "10 ^ 40",
        "0.1 ^ -40",
        "POWER(1.0000001, 99999999999)",
        "huge * huge",
        "huge + huge",
        "-huge - huge",
        "huge / tiny",
        "EXP(1000)",
        "PRODUCT(rows)",
        "SUMSQ(huge, 1)",
        "STDEV(huge, -huge)",
        "SEQUENCE(3, huge, huge)",
        "FACT(28)",
        "FACT(999999999999999)",
        "COMBIN(999999999999999, 499999999999999)",
        "PERMUT(999999999999999, 3)",
        "LCM(999999999999989, 999999999999947)",
        "FV(9, 999, -1)",
        "PMT(huge, 2, 1)",
        "NPV(-0.99, rows)",
    ]);
    let sums = many("SUM(rows)", 60, "+");
    sources.push(format!("IFERROR({sums}, 0)"));
    sources.push(format!("COALESCE(EMPTY, {sums}, 0)"));
    sources.push(sums);
    sources.push(format!("IFERROR(LEN(CONCATENATE({})), 0)", many(r#"REPT("x", 65536)"#, 256, ",")));
    sources.push(format!("AND({})", many("big <= big", 60, ",")));
    sources.push(format!("COUNTA({})", many("IF(TRUE, big, 1)", 100, ",")));
    sources
}

/// Numbers and places outside what functions take.
fn outside_a_domain() -> Vec<String> {
    owned(&[
        "0 ^ 0",
        "(-8) ^ 0.5",
        "LN(-1)",
        "LOG(0)",
        "LOG10(-huge)",
        "SQRT(-huge)",
        "SIN(huge)",
        "ASIN(2)",
        "DATE(99999, 1, 1)",
        "DATE(2026, 999999999999, 1)",
        "DATE(9999, 12, 31) + 1",
        "day + huge",
        r#"DATEADD(day, 999999999999, "year")"#,
        "EDATE(day, 999999999)",
        r#"STARTOF(day, "ae" & "on")"#,
        "DATETIMEVALUE(huge)",
        "INDEX(rows, -9223372036854775808)",
        "CHAR(55296)",
        "CHAR(1114112)",
        "MID(big, 0, 1)",
        "LEFT(big, -1)",
        r#"REPT("x", -1)"#,
        "FIXED(1, -1)",
        "ROUND(0, -9223372036854775808)",
        "CHOOSE(0, 1)",
        "PERCENTILE(rows, 2)",
        "TRIMMEAN(rows, -1)",
        "LARGE(rows, 0)",
        "RMBCAP(huge)",
        "GCD(-1)",
        "COMBIN(1, 2)",
        "ALLOCATE(huge, rows, 8)",
        "IRR(rows)",
        r#"DISTANCE("99,0", "0,0")"#,
    ])
}

/// Formulas that are refused with the code of their fault.
fn refused() -> Vec<(&'static str, Vec<String>)> {
    let around =
        |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(200), close.repeat(200));
    let arms: String = (0..20_000).map(|n| format!("{n},{n},")).collect();
    vec![
        (
            "formula_too_deep",
            vec![
                around("(", "1", ")"),
                around("ABS(", "1", ")"),
                around("-", "1", ""),
                around("not ", "TRUE", ""),
                around("IF(TRUE, ", "1", ", 0)"),
                around("IFERROR(1 / 0 + (", "1", "), 0)"),
            ],
        ),
        (
            "formula_too_long",
            vec![format!("\"{}\"", "x".repeat(9_000)), many("1", 5_000, "+"), format!("SWITCH(1, {arms} 0)")],
        ),
        ("formula_number", vec!["9".repeat(40), format!("0.{}1", "0".repeat(40)), "1e999".into()]),
        ("unknown_function", owned(&["eval(\"loop {}\")", "SLEEP(5)", "Fn(\"sleep\")"])),
        ("unknown_field", owned(&["nothing", "cx", "this.was.never.there"])),
        ("unknown_form", owned(&["SUMOF(big, TRUE, big.x)", "COUNTOF(eval, TRUE)"])),
        ("formula_form", owned(&["SUMOF(\"payment\", TRUE, 1)", "COUNTOF(1 / 0, TRUE)"])),
        ("formula_operand", owned(&["big * 2", "rows * rows", "rows & big"])),
        ("formula_arity", owned(&["REPT()", "SUM()", "RMBCAP(1, \"整\", 2)"])),
        (
            "formula_literal",
            owned(&[r#"STARTOF(day, "aeon")"#, r#"DATEADD(day, 1, "eon")"#, r#"TEXT(huge, "0.00E+00")"#]),
        ),
        ("formula_unexpected", owned(&["{ 1 }", "1; 2", "1 2", ")"])),
    ]
}
