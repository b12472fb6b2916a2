//! `cascader`: one choice of a tree, such as a branch of trade with what it is divided into. Kept as the keys on the way to
//! it, `food/fruit`, so that a key need be unique only among those beside it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::choice::rank;
use super::text::{text_json, text_of};
use super::{Choice, Kind, Operator, Shape, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Label, Language};
use crate::value::{Value, fold, half_width};

/// The options of a choice of a tree.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Document")]
pub struct Cascader {
    pub choices: Vec<Branch>,
    /// Whether a choice that is divided further may be chosen itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub any_level: bool,
    /// Every choice by its whole way, in order; made from `choices`.
    #[serde(skip)]
    ways: Vec<Choice>,
}

/// A choice with those below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// 1–64 characters without `/`; never changes.
    pub key: String,
    pub label: Label,
    /// One of the twelve option colours, `o1` to `o12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Branch>,
}

/// The options as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Document {
    choices: Vec<Branch>,
    any_level: bool,
}

impl From<Document> for Cascader {
    fn from(document: Document) -> Cascader {
        Cascader::new(document.choices, document.any_level)
    }
}

/// Between the keys of a way.
const STROKE: char = '/';
const LONGEST_KEY: usize = 64;
/// Choices within each other at most.
const DEEPEST: usize = 7;
/// Choices of one field at most.
const MOST: usize = 2_000;
/// Longest way, in bytes.
const LONGEST_WAY: usize = 500;

impl Cascader {
    pub fn new(choices: Vec<Branch>, any_level: bool) -> Cascader {
        let mut ways = Vec::new();
        collect(&choices, None, &mut ways);
        Cascader { choices, any_level, ways }
    }

    /// Every choice under the keys and names of its whole way, in the order of the tree.
    pub fn ways(&self) -> &[Choice] {
        &self.ways
    }

    /// The choices that people may choose: those at the ends of the tree, or all.
    pub fn offered(&self) -> impl Iterator<Item = &Choice> {
        // What lies below a choice follows it at once.
        let next = self.ways.iter().skip(1).map(Some).chain([None]);
        let any_level = self.any_level;
        let is_end = move |(choice, next): &(&Choice, Option<&Choice>)| {
            let below = next.and_then(|next| next.key.strip_prefix(choice.key.as_str()));
            any_level || !below.is_some_and(|rest| rest.starts_with(STROKE))
        };
        self.ways.iter().zip(next).filter(is_end).map(|(choice, _)| choice)
    }

    /// Whether a choice has others below it.
    pub fn is_divided(&self, way: &str) -> bool {
        self.below(way).nth(1).is_some()
    }

    /// A choice and all below it.
    pub(crate) fn below<'a>(&'a self, way: &'a str) -> impl Iterator<Item = &'a str> {
        let is_below = move |key: &&str| {
            key.strip_prefix(way).is_some_and(|rest| rest.is_empty() || rest.starts_with(STROKE))
        };
        self.ways.iter().map(|choice| choice.key.as_str()).filter(is_below)
    }

    /// The choice that a person means: its way by keys or names, or its key or name alone where there is one such.
    fn find(&self, text: &str) -> Option<&Choice> {
        let text = text.trim();
        if let Some(choice) = self.ways.iter().find(|choice| choice.key == text) {
            return Some(choice);
        }
        let parts: Vec<&str> = text.split([STROKE, '／', '>', '＞', '›']).map(str::trim).collect();
        if parts.len() > 1 {
            return self.walk(&parts);
        }
        let last = |choice: &&Choice| choice.key.rsplit(STROKE).next() == Some(text);
        let folded = fold(text);
        let named = |choice: &&Choice| {
            let names = choice.label.texts().into_iter();
            names.filter_map(|label| label.rsplit(SEPARATOR).next()).any(|label| fold(label) == folded)
        };
        self.only(last).or_else(|| self.only(named))
    }

    fn only(&self, fits: impl Fn(&&Choice) -> bool) -> Option<&Choice> {
        let mut found = self.ways.iter().filter(fits);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The choice at the end of these keys or names.
    fn walk(&self, parts: &[&str]) -> Option<&Choice> {
        let mut branches = self.choices.as_slice();
        let mut way: Vec<&str> = Vec::with_capacity(parts.len());
        for part in parts {
            let folded = fold(part);
            let named = |branch: &&Branch| branch.label.texts().iter().any(|label| fold(label) == folded);
            let by_key = branches.iter().find(|branch| branch.key == *part);
            let branch = by_key.or_else(|| branches.iter().find(named))?;
            way.push(&branch.key);
            branches = &branch.children;
        }
        let way = way.join("/");
        self.ways.iter().find(|choice| choice.key == way)
    }
}

/// Between the names of a way.
const SEPARATOR: &str = " / ";

/// Takes the choices of a tree into a list, each under its whole way.
fn collect(branches: &[Branch], above: Option<&Choice>, ways: &mut Vec<Choice>) {
    for branch in branches {
        // What is beyond the limits is refused; it need not be taken in.
        if ways.len() > MOST {
            return;
        }
        let choice = match above {
            None => {
                Choice { key: branch.key.clone(), label: branch.label.clone(), color: branch.color.clone() }
            }
            Some(above) => Choice {
                key: format!("{}{STROKE}{}", above.key, branch.key),
                label: joined(&above.label, &branch.label),
                color: branch.color.clone().or_else(|| above.color.clone()),
            },
        };
        ways.push(choice.clone());
        collect(&branch.children, Some(&choice), ways);
    }
}

fn joined(above: &Label, below: &Label) -> Label {
    let both = |above: &str, below: &str| format!("{above}{SEPARATOR}{below}");
    match (above, below) {
        (Label::Plain(above), Label::Plain(below)) => Label::Plain(both(above, below)),
        _ => Label::each(|language| both(above.get(language), below.get(language))),
    }
}

impl Kind for Cascader {
    fn shape(&self) -> Shape {
        Shape::Key
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &Json) -> Result<Value, Fault> {
        if is_blank(json) || json.as_array().is_some_and(Vec::is_empty) {
            return Ok(Value::Empty);
        }
        let (found, typed) = match json {
            Json::Array(items) => {
                let parts = items.iter().map(text_of).collect::<Result<Vec<_>, Fault>>()?;
                (self.walk(&parts), parts.join("/"))
            }
            json => {
                let text = text_of(json)?;
                (self.find(text).or_else(|| self.find(&half_width(text))), text.to_string())
            }
        };
        let choice = found.ok_or_else(|| Fault::new("", "unknown_choice").arg("choice", typed))?;
        Ok(Value::Text(choice.key.clone()))
    }

    fn to_json(&self, value: &Value) -> Json {
        text_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        let way = value.as_text().unwrap_or_default();
        if !self.ways.iter().any(|choice| choice.key == way) {
            return vec![Fault::new("", "unknown_choice").arg("choice", way)];
        }
        if !self.any_level && self.is_divided(way) {
            return vec![Fault::new("", "choice_not_last")];
        }
        Faults::new()
    }

    fn display(&self, value: &Value, language: Language) -> String {
        value.as_text().map(|way| super::choice::label_of(&self.ways, way, language)).unwrap_or_default()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let (a, b) = (a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default());
        rank(&self.ways, a).cmp(&rank(&self.ways, b)).then_with(|| a.cmp(b))
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::ONE_OF_TREE
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = Faults::new();
        if self.choices.is_empty() {
            faults.push(Fault::new("choices", "no_choices"));
        }
        if self.ways.len() > MOST {
            faults.push(Fault::new("choices", "too_many").arg("max", MOST));
        }
        check(&self.choices, "choices", 1, &mut faults);
        if faults.is_empty() && self.ways.iter().any(|choice| choice.key.len() > LONGEST_WAY) {
            faults.push(Fault::new("choices", "too_long").arg("max", LONGEST_WAY));
        }
        faults
    }

    fn convert_from(&self, _: &Value, display: &str) -> Option<Value> {
        let value = self.parse(&Json::String(display.to_string())).ok()?;
        self.check(&value).is_empty().then_some(value)
    }

    fn schema(&self) -> Option<Json> {
        let keys: Vec<&str> = self.offered().map(|choice| choice.key.as_str()).collect();
        Some(serde_json::json!({ "enum": keys }))
    }
}

fn check(branches: &[Branch], at: &str, level: usize, faults: &mut Faults) {
    if level > DEEPEST {
        return faults.push(Fault::new(at, "too_deep").arg("max", DEEPEST));
    }
    let mut seen = BTreeSet::new();
    for (place, branch) in branches.iter().enumerate() {
        let at = format!("{at}.{place}");
        if branch.key.trim().is_empty() || branch.key.chars().count() > LONGEST_KEY {
            faults.push(Fault::new(format!("{at}.key"), "too_long").arg("max", LONGEST_KEY));
        } else if branch.key.contains([STROKE, '\n', '\r', '\t']) {
            faults.push(Fault::new(format!("{at}.key"), "pattern"));
        }
        if branch.label.is_blank() {
            faults.push(Fault::new(format!("{at}.label"), "label_missing"));
        }
        if !seen.insert(branch.key.as_str()) {
            faults.push(Fault::new(format!("{at}.key"), "duplicate_key").arg("key", &branch.key));
        }
        if !branch.children.is_empty() {
            check(&branch.children, &format!("{at}.children"), level + 1, faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(any_level: bool) -> Cascader {
        serde_json::from_value(json!({"any_level": any_level, "choices": [
            {"key": "food", "label": {"zh-CN": "食品", "en": "Food"}, "color": "o3", "children": [
                {"key": "fruit", "label": {"zh-CN": "水果", "en": "Fruit"}},
                {"key": "other", "label": "其他"}]},
            {"key": "tools", "label": "工具", "children": [{"key": "other", "label": "其他"}]},
            {"key": "rest", "label": "杂项"}]}))
        .unwrap()
    }

    #[test]
    fn a_choice_is_found_by_its_way_and_kept_by_its_keys() {
        let kind = kind(false);
        for typed in [
            json!("food/fruit"),
            json!(["food", "fruit"]),
            json!(["食品", "Fruit"]),
            json!("食品/水果"),
            json!("食品 / 水果"),
            json!("Food > fruit"),
            json!("水果"),
            json!("ＦＲＵＩＴ"),
            json!("fruit"),
        ] {
            assert_eq!(kind.parse(&typed), Ok(Value::text("food/fruit")), "{typed}");
        }
        assert_eq!(kind.parse(&json!("tools/other")), Ok(Value::text("tools/other")));
        for unknown in [json!("other"), json!("其他"), json!("food/nails"), json!(["fruit"]), json!("nails")]
        {
            assert_eq!(kind.parse(&unknown).unwrap_err().code, "unknown_choice", "{unknown}");
        }
        assert_eq!(kind.parse(&json!([])), Ok(Value::Empty));
        assert_eq!(kind.parse(&json!(1)).unwrap_err().code, "wrong_type");
        assert_eq!(kind.display(&Value::text("food/fruit"), Language::En), "Food / Fruit");
        assert_eq!(kind.display(&Value::text("tools/other"), Language::En), "工具 / 其他");
        assert_eq!(kind.display(&Value::text("gone"), Language::En), "gone");
    }

    #[test]
    fn choices_are_in_the_order_of_the_tree_and_end_at_its_leaves() {
        let kind = kind(false);
        let keys: Vec<&str> = kind.ways().iter().map(|choice| choice.key.as_str()).collect();
        assert_eq!(keys, ["food", "food/fruit", "food/other", "tools", "tools/other", "rest"]);
        let offered = |kind: &Cascader| kind.offered().map(|choice| choice.key.clone()).collect::<Vec<_>>();
        assert_eq!(offered(&kind), ["food/fruit", "food/other", "tools/other", "rest"]);
        assert_eq!(offered(&self::kind(true)).len(), 6);
        assert_eq!(kind.ways()[1].color.as_deref(), Some("o3"));
        assert_eq!(kind.order(&Value::text("tools/other"), &Value::text("rest")), Ordering::Less);
        assert_eq!(kind.below("food").collect::<Vec<_>>(), ["food", "food/fruit", "food/other"]);
        assert_eq!(kind.check(&Value::text("food"))[0].code, "choice_not_last");
        assert!(kind.check(&Value::text("rest")).is_empty());
        assert_eq!(kind.check(&Value::text("gone"))[0].code, "unknown_choice");
        assert!(self::kind(true).check(&Value::text("food")).is_empty());
    }

    #[test]
    fn a_tree_that_could_not_be_told_apart_is_refused() {
        let faults = |options: Json| {
            let kind: Cascader = serde_json::from_value(options).unwrap();
            kind.check_options()
                .into_iter()
                .map(|fault| format!("{} {}", fault.path, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(json!({})), ["choices no_choices"]);
        let twice = json!({"choices": [{"key": "a", "label": "A", "children": [
            {"key": "b", "label": "B"}, {"key": "b", "label": " "}, {"key": "c/d", "label": "C"}]}]});
        assert_eq!(
            faults(twice),
            [
                "choices.0.children.1.label label_missing",
                "choices.0.children.1.key duplicate_key",
                "choices.0.children.2.key pattern",
            ]
        );
        let mut deep = json!({"key": "a", "label": "A"});
        for _ in 0..8 {
            deep = json!({"key": "a", "label": "A", "children": [deep]});
        }
        assert!(faults(json!({"choices": [deep]}))[0].ends_with("too_deep"));
        assert!(serde_json::from_value::<Cascader>(json!({"choices": [], "colour": 1})).is_err());
        assert_eq!(serde_json::to_value(kind(true)).unwrap()["any_level"], true);
        assert_eq!(serde_json::to_value(kind(false)).unwrap().as_object().unwrap().len(), 1);
    }
}
