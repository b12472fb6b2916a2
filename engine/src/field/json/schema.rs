//! The schema of a `json` field: JSON Schema (2020-12) with these keywords, which mean what they mean there, numbers
//! compared exactly:
//!
//! `type enum const` · `properties patternProperties additionalProperties propertyNames required dependentRequired
//! minProperties maxProperties` · `items prefixItems contains minContains maxContains minItems maxItems uniqueItems` ·
//! `minLength maxLength pattern` · `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf` · `allOf anyOf oneOf not
//! if then else` · `$defs`, and `$ref` to `#` or `#/$defs/NAME`.
//!
//! `title description default examples format deprecated readOnly writeOnly $schema $id $comment` say something and check
//! nothing. A keyword that is none of these is refused when the form is published, so that nobody relies on what is not
//! checked.
//!
//! A library for all of JSON Schema would come into every browser with its own regular expressions, tables of signs and
//! resolver of addresses; `engine/tests/schemas.rs` holds this part against one.

#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;
use serde_json::{Map, Value as Json};

use super::super::pattern;
use crate::text::{Fault, Faults};
use crate::value::{Decimal, parse_decimal};

/// Schemas within each other at most.
const DEEPEST: usize = 32;
/// The same while a document is read: references followed and members stepped into.
const FARTHEST: usize = 96;
/// Schemas in a schema at most.
const MOST_PARTS: usize = 2_000;
/// Comparisons of one check at most.
const MOST_STEPS: u32 = 50_000;
/// Characters of texts that are held against patterns in one check at most, each time that they are.
const MOST_MATCHED: usize = 20_000;
/// Faults of one document that are told.
const MOST_FAULTS: usize = 5;

const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "integer", "string"];

/// What is wrong with a schema; paths are members of it.
pub(super) fn check(schema: &Json) -> Faults {
    let mut checker = Checker { root: schema, parts: 0, faults: Faults::new(), excess: None };
    checker.schema(schema, "", 0);
    checker.faults
}

/// The first pattern of a schema that is too much work, where [`check`] finds nothing in it.
pub(super) fn excess(schema: &Json) -> Option<Fault> {
    let mut checker = Checker { root: schema, parts: 0, faults: Faults::new(), excess: None };
    checker.schema(schema, "", 0);
    checker.excess.filter(|_| checker.faults.is_empty())
}

/// What of a document does not fit a schema that [`check`] found nothing in: the places, and the rules that they break.
pub(super) fn faults(schema: &Json, document: &Json) -> Faults {
    let reader = Reader { root: schema, steps: Cell::new(0), patterns: RefCell::default() };
    let mut found = Vec::new();
    reader.visit(schema, document, "", 0, &mut found);
    if reader.is_exhausted() {
        return vec![Fault::new("", "schema_too_much")];
    }
    found.truncate(MOST_FAULTS);
    let told = |broken: Broken| {
        let at = if broken.at.is_empty() { "/".to_string() } else { broken.at };
        Fault::new("", "schema").arg("at", at).arg("rule", broken.rule)
    };
    found.into_iter().map(told).collect()
}

struct Checker<'s> {
    root: &'s Json,
    parts: usize,
    faults: Faults,
    excess: Option<Fault>,
}

impl Checker<'_> {
    fn refuse(&mut self, path: &str, code: &'static str) {
        self.faults.push(Fault::new(path, code));
    }

    fn schema(&mut self, schema: &Json, path: &str, depth: usize) {
        self.parts += 1;
        if depth > DEEPEST || self.parts > MOST_PARTS {
            if self.parts <= MOST_PARTS + 1 {
                self.faults.push(Fault::new(path, "too_deep").arg("max", DEEPEST));
            }
            return;
        }
        match schema {
            Json::Bool(_) => {}
            Json::Object(members) => {
                for (keyword, value) in sorted(members) {
                    let at = if path.is_empty() { keyword.clone() } else { format!("{path}.{keyword}") };
                    self.keyword(keyword, value, &at, depth);
                }
            }
            _ => self.refuse(path, "bad_keyword"),
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Json, at: &str, depth: usize) {
        let is_right = match keyword {
            "title" | "description" | "default" | "examples" | "format" | "deprecated" | "readOnly"
            | "writeOnly" | "$schema" | "$id" | "$comment" | "const" => true,
            "type" => is_type(value),
            "enum" => value.as_array().is_some_and(|items| !items.is_empty()),
            "required" => is_names(value),
            "dependentRequired" => value.as_object().is_some_and(|all| all.values().all(is_names)),
            "properties" | "patternProperties" | "$defs" => {
                return self.named(value, at, depth, keyword == "patternProperties");
            }
            "additionalProperties"
            | "propertyNames"
            | "items"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else" => {
                return self.schema(value, at, depth + 1);
            }
            "prefixItems" | "allOf" | "anyOf" | "oneOf" => return self.listed(value, at, depth),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains" => count(value).is_some(),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => decimal(value).is_some(),
            "multipleOf" => decimal(value).is_some_and(|unit| unit > Decimal::ZERO),
            "uniqueItems" => value.is_boolean(),
            "pattern" => match value.as_str() {
                Some(pattern) => return self.pattern(pattern, at),
                None => false,
            },
            "$ref" => match value.as_str() {
                Some(name) if target(self.root, name).is_some() => true,
                Some(name) => {
                    self.faults.push(Fault::new(at, "unknown_reference").arg("name", name));
                    return;
                }
                None => false,
            },
            _ => {
                self.faults.push(Fault::new(at, "unknown_keyword").arg("name", keyword));
                return;
            }
        };
        if !is_right {
            self.refuse(at, "bad_keyword");
        }
    }

    fn named(&mut self, value: &Json, at: &str, depth: usize, by_pattern: bool) {
        let Some(members) = value.as_object() else { return self.refuse(at, "bad_keyword") };
        for (name, schema) in sorted(members) {
            let at = format!("{at}.{name}");
            if by_pattern {
                self.pattern(name, &at);
            }
            self.schema(schema, &at, depth + 1);
        }
    }

    fn listed(&mut self, value: &Json, at: &str, depth: usize) {
        let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
            return self.refuse(at, "bad_keyword");
        };
        for (place, schema) in items.iter().enumerate() {
            self.schema(schema, &format!("{at}.{place}"), depth + 1);
        }
    }

    fn pattern(&mut self, pattern: &str, at: &str) {
        self.faults.extend(pattern::refused(pattern).map(|fault| fault.under(at)));
        if self.excess.is_none() {
            self.excess = pattern::excess_of_part(pattern).map(|fault| fault.under(at));
        }
    }
}

/// Members by name: in which order a map has them depends on how the program was built.
pub(super) fn sorted(members: &Map<String, Json>) -> Vec<(&String, &Json)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    sorted
}

fn is_type(value: &Json) -> bool {
    let is_known = |name: &Json| name.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Json::Array(names) => !names.is_empty() && names.iter().all(is_known),
        name => is_known(name),
    }
}

fn is_names(value: &Json) -> bool {
    value.as_array().is_some_and(|names| names.iter().all(Json::is_string))
}

/// A whole number that counts something.
fn count(value: &Json) -> Option<usize> {
    decimal(value).filter(|number| number.fract().is_zero()).and_then(|number| usize::try_from(number).ok())
}

fn decimal(value: &Json) -> Option<Decimal> {
    match value {
        Json::Number(number) => parse_decimal(&number.to_string()).ok(),
        _ => None,
    }
}

/// The schema that a reference names.
pub(super) fn target<'s>(root: &'s Json, name: &str) -> Option<&'s Json> {
    match name.strip_prefix("#/$defs/") {
        Some(name) => root.get("$defs")?.get(name.replace("~1", "/").replace("~0", "~")),
        None => (name == "#").then_some(root),
    }
}

/// A rule that does not hold at a place of the document (a JSON pointer).
struct Broken {
    at: String,
    rule: String,
}

struct Reader<'s> {
    root: &'s Json,
    steps: Cell<u32>,
    /// Each pattern read once, with the characters that are still held against any; nothing matches one that is none.
    patterns: RefCell<Patterns>,
}

struct Patterns {
    read: BTreeMap<String, Option<Regex>>,
    left: usize,
}

impl Default for Patterns {
    fn default() -> Patterns {
        Patterns { read: BTreeMap::new(), left: MOST_MATCHED }
    }
}

impl Reader<'_> {
    fn is_exhausted(&self) -> bool {
        self.steps.get() > MOST_STEPS
    }

    /// Whether a part of a text matches. Where too much text has been held against patterns, the check ends.
    fn matches(&self, written: &str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        let Some(left) = patterns.left.checked_sub(text.chars().count()) else {
            self.steps.set(MOST_STEPS + 1);
            return false;
        };
        patterns.left = left;
        let read = patterns.read.entry(written.to_string()).or_insert_with(|| pattern::part(written));
        read.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }

    /// Notes what of `document` does not fit `schema`.
    fn visit(&self, schema: &Json, document: &Json, at: &str, depth: usize, found: &mut Vec<Broken>) {
        self.steps.set(self.steps.get().saturating_add(1));
        if self.is_exhausted() {
            return;
        }
        let mut refuse = |rule: &str| found.push(Broken { at: at.to_string(), rule: rule.to_string() });
        let rules = match schema {
            Json::Bool(false) => return refuse("false"),
            Json::Object(rules) if depth <= FARTHEST => rules,
            Json::Object(_) => return refuse("$ref"),
            _ => return,
        };
        for (rule, value) in rules {
            if !self.holds_plainly(rule, value, document) {
                refuse(rule);
            }
        }
        self.combined(rules, document, at, depth, found);
        match document {
            Json::Object(members) => self.members(rules, members, at, depth, found),
            Json::Array(items) => self.items(rules, items, at, depth, found),
            _ => {}
        }
    }

    /// Whether a document fits a schema at all.
    fn fits(&self, schema: &Json, document: &Json, depth: usize) -> bool {
        let mut found = Vec::new();
        self.visit(schema, document, "", depth, &mut found);
        found.is_empty()
    }

    /// Rules that look at the document itself and at no schema within them.
    fn holds_plainly(&self, rule: &str, value: &Json, document: &Json) -> bool {
        match (rule, document) {
            ("type", _) => match value {
                Json::Array(names) => names.iter().any(|name| has_type(name, document)),
                name => has_type(name, document),
            },
            ("enum", _) => {
                let own = sign(document);
                value.as_array().is_some_and(|known| known.iter().any(|known| sign(known) == own))
            }
            ("const", _) => sign(value) == sign(document),
            ("pattern", Json::String(text)) => {
                value.as_str().is_none_or(|pattern| self.matches(pattern, text))
            }
            (_, Json::String(text)) => text_holds(rule, value, text),
            (_, Json::Number(_)) => number_holds(rule, value, document),
            (_, Json::Array(items)) => items_hold(rule, value, items),
            (_, Json::Object(members)) => members_hold(rule, value, members),
            (_, Json::Null | Json::Bool(_)) => true,
        }
    }

    fn combined(
        &self,
        rules: &Map<String, Json>,
        document: &Json,
        at: &str,
        depth: usize,
        found: &mut Vec<Broken>,
    ) {
        let list =
            |rule: &str| rules.get(rule).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let fits = |schema: &Json| self.fits(schema, document, depth + 1);
        if let Some(schema) =
            rules.get("$ref").and_then(Json::as_str).and_then(|name| target(self.root, name))
        {
            self.visit(schema, document, at, depth + 1, found);
        }
        for schema in list("allOf") {
            self.visit(schema, document, at, depth + 1, found);
        }
        let mut refuse = |rule: &str| found.push(Broken { at: at.to_string(), rule: rule.to_string() });
        if rules.contains_key("anyOf") && !list("anyOf").iter().any(fits) {
            refuse("anyOf");
        }
        if rules.contains_key("oneOf") && list("oneOf").iter().filter(|schema| fits(schema)).count() != 1 {
            refuse("oneOf");
        }
        if rules.get("not").is_some_and(fits) {
            refuse("not");
        }
        if let Some(condition) = rules.get("if") {
            let branch = if fits(condition) { "then" } else { "else" };
            if let Some(schema) = rules.get(branch) {
                self.visit(schema, document, at, depth + 1, found);
            }
        }
    }

    fn members(
        &self,
        rules: &Map<String, Json>,
        members: &Map<String, Json>,
        at: &str,
        depth: usize,
        found: &mut Vec<Broken>,
    ) {
        let known = rules.get("properties").and_then(Json::as_object);
        let patterns = rules.get("patternProperties").and_then(Json::as_object);
        for (name, member) in sorted(members) {
            let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let mut is_known = false;
            let named = known.and_then(|known| known.get(name));
            let matching = patterns.into_iter().flatten();
            let matching =
                matching.filter(|(pattern, _)| self.matches(pattern, name)).map(|(_, schema)| schema);
            for schema in named.into_iter().chain(matching) {
                is_known = true;
                self.visit(schema, member, &place, depth + 1, found);
            }
            match rules.get("additionalProperties").filter(|_| !is_known) {
                // Said at the member, in the words of the rule.
                Some(Json::Bool(false)) => {
                    found.push(Broken { at: place, rule: "additionalProperties".into() })
                }
                Some(schema) => self.visit(schema, member, &place, depth + 1, found),
                None => {}
            }
            if let Some(schema) = rules.get("propertyNames")
                && !self.fits(schema, &Json::String(name.clone()), depth + 1)
            {
                found.push(Broken { at: at.to_string(), rule: "propertyNames".into() });
            }
        }
    }

    fn items(
        &self,
        rules: &Map<String, Json>,
        items: &[Json],
        at: &str,
        depth: usize,
        found: &mut Vec<Broken>,
    ) {
        let first = rules.get("prefixItems").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let rest = rules.get("items");
        for (place, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(place).or(rest) {
                self.visit(schema, item, &format!("{at}/{place}"), depth + 1, found);
            }
        }
        if let Some(schema) = rules.get("contains") {
            let fitting = items.iter().filter(|item| self.fits(schema, item, depth + 1)).count();
            let least = rules.get("minContains").and_then(count).unwrap_or(1);
            let most = rules.get("maxContains").and_then(count).unwrap_or(usize::MAX);
            if !(least..=most).contains(&fitting) {
                found.push(Broken { at: at.to_string(), rule: "contains".into() });
            }
        }
    }
}

fn has_type(name: &Json, document: &Json) -> bool {
    match (name.as_str().unwrap_or_default(), document) {
        ("null", Json::Null)
        | ("boolean", Json::Bool(_))
        | ("object", Json::Object(_))
        | ("array", Json::Array(_))
        | ("number", Json::Number(_))
        | ("string", Json::String(_)) => true,
        ("integer", Json::Number(_)) => decimal(document).is_some_and(|number| number.fract().is_zero()),
        _ => false,
    }
}

fn text_holds(rule: &str, value: &Json, text: &str) -> bool {
    let length = || text.chars().count();
    match rule {
        "minLength" => count(value).is_none_or(|least| length() >= least),
        "maxLength" => count(value).is_none_or(|most| length() <= most),
        _ => true,
    }
}

fn number_holds(rule: &str, value: &Json, document: &Json) -> bool {
    let (Some(number), Some(bound)) = (decimal(document), decimal(value)) else { return true };
    match rule {
        "minimum" => number >= bound,
        "maximum" => number <= bound,
        "exclusiveMinimum" => number > bound,
        "exclusiveMaximum" => number < bound,
        "multipleOf" => number.checked_rem(bound).is_some_and(|rest| rest.is_zero()),
        _ => true,
    }
}

fn items_hold(rule: &str, value: &Json, items: &[Json]) -> bool {
    match rule {
        "minItems" => count(value).is_none_or(|least| items.len() >= least),
        "maxItems" => count(value).is_none_or(|most| items.len() <= most),
        "uniqueItems" => {
            let mut seen = BTreeSet::new();
            value == &Json::Bool(false) || items.iter().all(|item| seen.insert(sign(item)))
        }
        _ => true,
    }
}

fn members_hold(rule: &str, value: &Json, members: &Map<String, Json>) -> bool {
    let has_all = |names: &Json| {
        let mut names = names.as_array().into_iter().flatten().filter_map(Json::as_str);
        names.all(|name| members.contains_key(name))
    };
    match rule {
        "minProperties" => count(value).is_none_or(|least| members.len() >= least),
        "maxProperties" => count(value).is_none_or(|most| members.len() <= most),
        "required" => has_all(value),
        "dependentRequired" => {
            let mut dependents = value.as_object().into_iter().flatten();
            dependents.all(|(name, needed)| !members.contains_key(name) || has_all(needed))
        }
        _ => true,
    }
}

/// A text that two documents share exactly when they are equal: numbers by their value, members in any order.
fn sign(document: &Json) -> String {
    match document {
        Json::Number(number) => match parse_decimal(&number.to_string()) {
            Ok(number) => number.normalize().to_string(),
            Err(_) => number.to_string(),
        },
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(sign).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(members) => {
            let named =
                |(name, member): (&String, &Json)| format!("{}:{}", Json::String(name.clone()), sign(member));
            let mut members: Vec<String> = members.iter().map(named).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        plain => plain.to_string(),
    }
}
