//! The functions that scripts have, as they are offered to who writes one: the reader of scripts goes by this list, help is
//! made from it, and its examples are tests.
//!
//! What one does stands in `engine/texts/*/scripts.ftl` under `script-fn-NAME`.

/// Where the first argument of a function leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    Nowhere,
    /// To a form.
    Form,
    /// To records of a form, or groups of an aggregate table: the second argument says which.
    Among,
    /// To groups of an aggregate table.
    Table,
}

/// Where a function stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScriptTopic {
    /// What a script is given: these are no functions.
    Given,
    Reading,
    Writing,
    Ending,
    Around,
    Values,
}

impl ScriptTopic {
    pub const ALL: [ScriptTopic; 6] = [
        ScriptTopic::Given,
        ScriptTopic::Reading,
        ScriptTopic::Writing,
        ScriptTopic::Ending,
        ScriptTopic::Around,
        ScriptTopic::Values,
    ];

    /// The Fluent key of its heading.
    pub fn text_key(self) -> &'static str {
        match self {
            ScriptTopic::Given => "script-topic-given",
            ScriptTopic::Reading => "script-topic-reading",
            ScriptTopic::Writing => "script-topic-writing",
            ScriptTopic::Ending => "script-topic-ending",
            ScriptTopic::Around => "script-topic-around",
            ScriptTopic::Values => "script-topic-values",
        }
    }
}

/// One thing that scripts are offered.
#[derive(Debug)]
pub struct Offered {
    pub name: &'static str,
    /// How it is written.
    pub call: &'static str,
    pub topic: ScriptTopic,
    pub looks: Looks,
    /// Examples, and what they give; nothing where what they give is not the point.
    pub examples: &'static [(&'static str, &'static str)],
}

impl Offered {
    /// The Fluent key of what it does.
    pub fn text_key(&self) -> String {
        format!("script-fn-{}", self.name)
    }

    /// What is written to begin with it.
    pub fn begun(&self) -> String {
        if self.topic == ScriptTopic::Given {
            return self.name.to_string();
        }
        let takes_nothing = self.call.ends_with("()");
        format!("{}({}", self.name, if takes_nothing { ")" } else { "" })
    }
}

/// The function with this name.
pub fn offered(name: &str) -> Option<&'static Offered> {
    OFFERED.iter().find(|offered| offered.name == name && offered.topic != ScriptTopic::Given)
}

const fn entry(
    name: &'static str,
    call: &'static str,
    topic: ScriptTopic,
    looks: Looks,
    examples: &'static [(&'static str, &'static str)],
) -> Offered {
    Offered { name, call, topic, looks, examples }
}

/// All of them, by topic.
pub static OFFERED: [Offered; 21] = [
    entry(
        "record",
        "record.field",
        ScriptTopic::Given,
        Looks::Nowhere,
        &[("record.kind", "import"), ("record.lines[0].qty", "2"), ("record[\"$id\"] == record.id", "true")],
    ),
    entry(
        "old",
        "old.field",
        ScriptTopic::Given,
        Looks::Nowhere,
        &[("if old == () { \"new\" } else { \"changed\" }", "new")],
    ),
    entry(
        "get",
        "get(form, id)",
        ScriptTopic::Reading,
        Looks::Form,
        &[("get(\"stock\", record.id).on_hand", "5")],
    ),
    entry(
        "find",
        "find(form, where, #{sort: \"-field\", limit: n})",
        ScriptTopic::Reading,
        Looks::Among,
        &[
            ("find(\"stock\", #{kind: record.kind}).len()", "2"),
            ("find(\"stock\", #{kind: record.kind}, #{sort: \"-on_hand\", limit: 1}).len()", "1"),
            ("find(#{aggregate: \"stock\"}, #{on_hand: 5})[0].on_hand", "5"),
        ],
    ),
    entry(
        "first",
        "first(form, where)",
        ScriptTopic::Reading,
        Looks::Among,
        &[
            ("first(\"stock\", #{kind: record.kind}).on_hand", "5"),
            ("first(\"stock\", #{field: \"on_hand\", op: \"gt\", value: 1}).on_hand", "5"),
        ],
    ),
    entry(
        "count",
        "count(form, where)",
        ScriptTopic::Reading,
        Looks::Among,
        &[("count(\"stock\", #{kind: record.kind})", "2")],
    ),
    entry(
        "sum",
        "sum(form, where, field)",
        ScriptTopic::Reading,
        Looks::Among,
        &[("sum(\"stock\", #{kind: record.kind}, \"on_hand\")", "12.5")],
    ),
    entry(
        "aggregate",
        "aggregate(table, #{dimension: value})",
        ScriptTopic::Reading,
        Looks::Table,
        &[
            ("aggregate(\"stock\", #{product: record.lines[0].product}).on_hand", "5"),
            ("aggregate(\"stock\", #{product: record.lines[0].product})[\"product.reorder_point\"]", "3"),
            ("(aggregate(\"none\", #{product: \"7\"}) ?? #{on_hand: 0}).on_hand", "0"),
        ],
    ),
    entry(
        "create",
        "create(form, #{field: value}, #{start_flow: false})",
        ScriptTopic::Writing,
        Looks::Form,
        &[
            ("create(\"entry\", #{qty: 2, source: record})", ""),
            ("create(\"entry\", #{qty: 2}, #{start_flow: false})", ""),
        ],
    ),
    entry(
        "update",
        "update(form, record, #{field: value})",
        ScriptTopic::Writing,
        Looks::Form,
        &[("update(\"stock\", first(\"stock\", #{}), #{on_hand: 7})", "")],
    ),
    entry(
        "remove",
        "remove(form, record)",
        ScriptTopic::Writing,
        Looks::Form,
        &[("remove(\"stock\", first(\"stock\", #{}))", "")],
    ),
    entry(
        "refuse",
        "refuse(code, #{name: value}, 422)",
        ScriptTopic::Ending,
        Looks::Nowhere,
        &[("refuse(\"too_few\", #{have: 2})", ""), ("refuse(\"no_kind\", #{}, 422)", "")],
    ),
    entry("log", "log(value)", ScriptTopic::Ending, Looks::Nowhere, &[("log(record.kind + \": \" + 2)", "")]),
    entry("param", "param(key)", ScriptTopic::Around, Looks::Nowhere, &[("param(\"rate\") * 200", "10")]),
    entry("today", "today()", ScriptTopic::Around, Looks::Nowhere, &[("today() + 30 > today()", "true")]),
    entry("now", "now()", ScriptTopic::Around, Looks::Nowhere, &[("now() == now()", "true")]),
    entry("user", "user()", ScriptTopic::Around, Looks::Nowhere, &[("user() == ()", "false")]),
    entry(
        "round",
        "round(number, digits)",
        ScriptTopic::Values,
        Looks::Nowhere,
        &[("round(2.345, 2)", "2.35")],
    ),
    entry(
        "split",
        "split(total, [share, share], digits)",
        ScriptTopic::Values,
        Looks::Nowhere,
        &[("split(100, [1, 1, 1], 2)[0]", "33.34")],
    ),
    entry(
        "len",
        "list.len()",
        ScriptTopic::Values,
        Looks::Nowhere,
        &[("record.lines.len()", "2"), ("\"abc\".len()", "3")],
    ),
    entry(
        "contains",
        "contains(list, value)",
        ScriptTopic::Values,
        Looks::Nowhere,
        &[("contains([1, 2], 2)", "true"), ("contains(#{a: 1}, \"b\")", "false")],
    ),
];
