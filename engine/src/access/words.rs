//! What was found about a right, in words: whole sentences in the reader's language.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{Answer, Asked, FieldRight, Finding, Operation, Part, Reason, What};
use crate::condition::{CheckedOperand, CheckedTest, Match, Reach, Relative, Variable};
use crate::context::KnownNames;
use crate::field::{FieldKind, Reference, Shape};
use crate::form::{Catalogue, Form, system_label};
use crate::text::{Language, Texts};
use crate::value::{Id, Value};

/// The texts of this module in `language`. They are not among the engine's others: who does not tell need not load them.
pub(super) fn texts(language: Language) -> &'static Texts {
    static ALL: OnceLock<[Texts; 3]> = OnceLock::new();
    let [zh_cn, zh_tw, en] =
        ALL.get_or_init(|| Language::ALL.map(|language| Texts::from_sources(language, &[source(language)])));
    match language {
        Language::ZhCn => zh_cn,
        Language::ZhTw => zh_tw,
        Language::En => en,
    }
}

pub(super) fn source(language: Language) -> &'static str {
    match language {
        Language::ZhCn => include_str!("../../texts/zh-CN/access.ftl"),
        Language::ZhTw => include_str!("../../texts/zh-TW/access.ftl"),
        Language::En => include_str!("../../texts/en/access.ftl"),
    }
}

/// A part of a condition in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many other parts it lies in.
    pub depth: u32,
    pub holds: bool,
    /// Whether the whole is what it is because of it.
    pub decides: bool,
    pub text: String,
    /// What the record has there.
    pub found: Option<String>,
}

/// Tells of a form, to a reader, about a member.
pub struct Teller<'t> {
    pub form: &'t Form,
    /// The forms that links lead to.
    pub catalogue: &'t dyn Catalogue,
    pub language: Language,
    /// What members and departments are called.
    pub names: &'t KnownNames,
    /// What the member is called.
    pub member: &'t str,
    /// Whether the reader may know what a record has at a place.
    pub is_open: &'t dyn Fn(&Reach) -> bool,
}

impl Teller<'_> {
    /// A sentence of this module.
    pub fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: BTreeMap<String, String> =
            args.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        texts(self.language).get(key, &args).unwrap_or_else(|| key.to_string())
    }

    /// What is done, as it stands behind “may”.
    pub fn deed(&self, asked: Asked<'_>) -> String {
        match asked {
            Asked::Operation(operation) => self.operation(operation),
            Asked::Field(path, FieldRight::Edit) => {
                self.say("explain-edit-field", &[("field", &self.field(path))])
            }
            Asked::Field(path, _) => self.say("explain-read-field", &[("field", &self.field(path))]),
        }
    }

    /// An operation, as it stands behind “may”.
    pub fn operation(&self, operation: Operation) -> String {
        self.say(&format!("explain-do-{}", operation.name().replace('_', "-")), &[])
    }

    /// The answer in one sentence.
    pub fn verdict(&self, asked: Asked<'_>, is_allowed: bool) -> String {
        let key = if is_allowed { "explain-may" } else { "explain-may-not" };
        self.say(key, &[("member", self.member), ("deed", &self.deed(asked))])
    }

    /// What a group has to do with it, in one sentence.
    pub fn reason(&self, asked: Asked<'_>, reason: &Reason<'_>) -> String {
        let key = match reason.finding {
            Finding::Allows => "explain-allows",
            Finding::OutsideRows => "explain-outside-rows",
            Finding::LacksOperation => "explain-lacks-operation",
            Finding::LacksField(FieldRight::None) => "explain-hides-field",
            Finding::LacksField(_) => "explain-lacks-field",
            Finding::Broken => "explain-broken",
            Finding::Disabled => "explain-disabled",
            Finding::NotNamed => "explain-not-named",
        };
        let group = reason.group.label.get(self.language);
        let field = match asked {
            Asked::Field(path, _) => self.field(path),
            Asked::Operation(_) => String::new(),
        };
        let deed = self.deed(asked);
        let args = [("group", group), ("member", self.member), ("deed", &deed), ("field", &field)];
        self.say(key, &args)
    }

    /// Why nobody is allowed it, where no group is about the member at all.
    pub fn in_no_group(&self, answer: &Answer<'_>) -> Option<String> {
        let about = |reason: &Reason<'_>| !matches!(reason.finding, Finding::NotNamed | Finding::Disabled);
        let is_in_one = answer.reasons.iter().any(about);
        (!is_in_one).then(|| self.say("explain-no-group", &[("member", self.member)]))
    }

    /// The rows of a group part by part.
    pub fn rows(&self, part: &Part) -> Vec<Line> {
        let mut lines = Vec::new();
        self.add(part, 0, true, &mut lines);
        lines
    }

    fn add(&self, part: &Part, depth: u32, decides: bool, lines: &mut Vec<Line>) {
        let (text, found) = match &part.what {
            What::All(_) => (self.say("explain-all", &[]), None),
            What::Any(_) => (self.say("explain-any", &[]), None),
            What::Not(_) => (self.say("explain-not", &[]), None),
            What::Test(test, found) => {
                let found = (self.is_open)(&test.reach).then(|| self.found(test, found));
                (self.comparison(test), found)
            }
        };
        lines.push(Line { depth, holds: part.holds, decides, text, found });
        for inner in part.parts() {
            self.add(inner, depth + 1, decides && part.is_decided_by(inner), lines);
        }
    }

    /// What a field or column is called, with its sub-form.
    pub fn field(&self, path: &str) -> String {
        if path.starts_with('$') {
            return system_label(path, self.language);
        }
        let label = |path: &str| {
            let column = self.form.column(path);
            column
                .map_or_else(|| path.to_string(), |column| column.field.label.get(self.language).to_string())
        };
        match path.split_once('.') {
            Some((subform, _)) => format!("{} / {}", label(subform), label(path)),
            None => label(path),
        }
    }

    /// What a path through links is called.
    fn place(&self, reach: &Reach) -> String {
        let mut names = vec![self.field(&reach.own_path())];
        for (at, (_, form)) in reach.hops.iter().enumerate() {
            let next = reach.hops.get(at + 1).map_or(&reach.field, |(link, _)| link);
            names.push(self.field_of(*form, next));
        }
        names.join(" / ")
    }

    fn field_of(&self, form: Id, key: &str) -> String {
        if key.starts_with('$') {
            return system_label(key, self.language);
        }
        let sketch = self.catalogue.form("", &form.to_string());
        let label = sketch.as_ref().and_then(|sketch| sketch.document.field(key)).map(|field| &field.label);
        label.map_or_else(|| key.to_string(), |label| label.get(self.language).to_string())
    }

    fn comparison(&self, test: &CheckedTest) -> String {
        let field = self.place(&test.reach);
        let is_time = matches!(test.kind.shape(), Shape::Day | Shape::Instant);
        let key = match test.op.name() {
            "within" if test.is_of_departments() => "explain-op-within-departments".to_string(),
            name @ ("gt" | "gte" | "lt" | "lte") if is_time => format!("explain-op-date-{name}"),
            name => format!("explain-op-{}", name.replace('_', "-")),
        };
        let operator = self.say(&key, &[]);
        let value = self.operand(test);
        let key = match (test.reach.rows.is_some(), test.matching) {
            (false, _) => "explain-test",
            (true, Match::Any) => "explain-test-some-row",
            (true, Match::All) => "explain-test-every-row",
        };
        let said = self.say(key, &[("field", &field), ("operator", &operator), ("value", &value)]);
        said.trim_end().to_string()
    }

    fn operand(&self, test: &CheckedTest) -> String {
        match &test.operand {
            CheckedOperand::Nothing => String::new(),
            CheckedOperand::Value(value) => self.value(value, &test.kind),
            CheckedOperand::List(values) => self.listed(values, &test.kind),
            CheckedOperand::Var(variable) => {
                let key = match variable {
                    Variable::Me => "explain-me",
                    Variable::MyDepartments => "explain-my-departments",
                    Variable::MyOwnDepartments => "explain-my-own-departments",
                    Variable::MySubordinates => "explain-my-subordinates",
                    Variable::Today => "explain-today",
                    Variable::Now => "explain-now",
                };
                self.say(key, &[("member", self.member)])
            }
            CheckedOperand::Relative(relative, n) => {
                let key = format!("explain-period-{}", period(*relative));
                self.say(&key, &[("n", &n.to_string())])
            }
            CheckedOperand::Field(reach, _) | CheckedOperand::Asker(reach, _) => {
                self.say("explain-field", &[("field", &self.place(reach))])
            }
            CheckedOperand::Param(name) => self.say("explain-param", &[("name", name)]),
        }
    }

    /// What the record has where a comparison looked.
    fn found(&self, test: &CheckedTest, found: &[Value]) -> String {
        let told: Vec<String> = found
            .iter()
            .filter(|value| !value.is_empty())
            .map(|value| self.value(value, &test.kind))
            .collect();
        match told.is_empty() {
            true => self.say("explain-found-nothing", &[]),
            false => self.say("explain-found", &[("value", &self.list(told))]),
        }
    }

    fn value(&self, value: &Value, kind: &FieldKind) -> String {
        match kind.reference() {
            Some(Reference::Member | Reference::Department) => self.list(value.items().iter().map(|item| {
                let id = item.as_ref_id();
                let name = id.and_then(|id| self.names.name(id));
                name.or_else(|| id.map(|id| id.to_string())).unwrap_or_default()
            })),
            Some(Reference::Record | Reference::File) => {
                self.list(value.items().iter().filter_map(|item| Some(item.as_ref_id()?.to_string())))
            }
            None => kind.display(value, self.language),
        }
    }

    /// Several values that a field of this kind is compared with, one by one.
    fn listed(&self, values: &[Value], kind: &FieldKind) -> String {
        let is_many = matches!(kind.shape(), Shape::Keys | Shape::Refs);
        self.list(values.iter().map(|value| match is_many {
            true => self.value(&Value::List(vec![value.clone()]), kind),
            false => self.value(value, kind),
        }))
    }

    fn list(&self, items: impl IntoIterator<Item = String>) -> String {
        let between = if self.language == Language::En { ", " } else { "、" };
        items.into_iter().collect::<Vec<_>>().join(between)
    }
}

/// The name of a period in the texts.
fn period(relative: Relative) -> &'static str {
    match relative {
        Relative::Today => "today",
        Relative::Yesterday => "yesterday",
        Relative::Tomorrow => "tomorrow",
        Relative::ThisWeek => "this-week",
        Relative::ThisMonth => "this-month",
        Relative::ThisQuarter => "this-quarter",
        Relative::ThisYear => "this-year",
        Relative::PreviousWeek => "previous-week",
        Relative::PreviousMonth => "previous-month",
        Relative::PreviousQuarter => "previous-quarter",
        Relative::PreviousYear => "previous-year",
        Relative::NextWeek => "next-week",
        Relative::NextMonth => "next-month",
        Relative::NextQuarter => "next-quarter",
        Relative::NextYear => "next-year",
        Relative::LastNDays => "last-n-days",
        Relative::NextNDays => "next-n-days",
    }
}
