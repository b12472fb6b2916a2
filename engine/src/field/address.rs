//! `address`: province, city, district and the rest, as deep as the field asks. The regions come from a list that a
//! package has ([`Regions`](super::Regions)); a field without a list takes any names.
//!
//! A formula sees `广东省/深圳市/南山区/科技园1号`, so that `SPLIT` takes it apart; people read it without the strokes.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::parts::{self, PARTS};
use super::regions::{LONGEST_NAME, Regions};
use super::text::text_of;
use super::{Kind, Operator, Shape, error_json, is_blank};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Value, fold, nfc};

/// The options of an address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Address {
    /// How much of it is asked; all of it without this.
    #[serde(skip_serializing_if = "AddressLevel::is_all")]
    pub level: AddressLevel,
    /// The list of regions, `PACKAGE/KEY`, such as `base/cn`. Other names are then refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<String>,
}

/// The last part that is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressLevel {
    Province,
    City,
    District,
    #[default]
    Detail,
}

impl AddressLevel {
    pub const ALL: [AddressLevel; PARTS] =
        [AddressLevel::Province, AddressLevel::City, AddressLevel::District, AddressLevel::Detail];

    /// The member of the wire form.
    pub fn name(self) -> &'static str {
        match self {
            AddressLevel::Province => "province",
            AddressLevel::City => "city",
            AddressLevel::District => "district",
            AddressLevel::Detail => "detail",
        }
    }

    fn is_all(&self) -> bool {
        *self == AddressLevel::Detail
    }
}

/// Longest detail, in characters.
const LONGEST_DETAIL: usize = 300;

impl Address {
    /// Reads an address that somebody wrote in one line: taken apart by the list where there is one, else by the words
    /// that names of regions end with.
    pub(crate) fn parse_line(&self, json: &Json, regions: Option<&Regions>) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let typed = nfc(text_of(json)?.trim());
        let typed = typed.replace(['\n', '\r', '\t'], " ");
        let whole = match regions {
            _ if is_parted(&typed) => parts::split(&typed).map(str::to_string).collect(),
            Some(regions) => {
                let (mut whole, detail) = regions.split(&typed);
                whole.resize(PARTS - 1, String::new());
                whole.push(detail.to_string());
                whole
            }
            None => by_endings(&typed),
        };
        self.of_parts(&whole)
    }

    /// The value of these parts.
    fn of_parts(&self, whole: &[String]) -> Result<Value, Fault> {
        let mut kept: Vec<String> = Vec::with_capacity(PARTS);
        for (level, part) in AddressLevel::ALL.into_iter().zip(whole) {
            let part = nfc(part.trim());
            let longest = if level.is_all() { LONGEST_DETAIL } else { LONGEST_NAME };
            if part.chars().count() > longest {
                return Err(Fault::new("", "too_long").arg("max", longest));
            }
            if part.contains(char::is_control) || (!level.is_all() && part.contains('/')) {
                return Err(Fault::new("", "wrong_type"));
            }
            if !part.is_empty() && level > self.level {
                return Err(Fault::new("", "address_too_deep").arg("part", level.name()));
            }
            kept.push(part);
        }
        while kept.last().is_some_and(String::is_empty) {
            kept.pop();
        }
        if kept.is_empty() {
            return Ok(Value::Empty);
        }
        // A city of no province is nowhere; what is not divided into districts has a detail all the same.
        let is_region = |place: usize| place < PARTS - 1;
        let last = kept.iter().enumerate().rfind(|(place, part)| is_region(*place) && !part.is_empty());
        let last = last.map_or(0, |(place, _)| place);
        if kept.iter().take(last + 1).any(String::is_empty) {
            return Err(Fault::new("", "address_gap"));
        }
        Ok(Value::Text(kept.join("/")))
    }

    /// The regions of an address by the list of the field.
    pub(crate) fn check_regions(&self, value: &Value, regions: &Regions) -> Faults {
        let text = value.as_text().unwrap_or_default();
        let path: Vec<&str> = parts::split(text).take(PARTS - 1).filter(|part| !part.is_empty()).collect();
        let unknown = regions.unknown(&path);
        unknown.map(|name| Fault::new("", "unknown_region").arg("name", name)).into_iter().collect()
    }
}

impl Kind for Address {
    fn shape(&self) -> Shape {
        Shape::Parts
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &Json) -> Result<Value, Fault> {
        let Json::Object(members) = json else { return self.parse_line(json, None) };
        let known = |name: &String| AddressLevel::ALL.iter().any(|level| level.name() == name);
        if let Some(unknown) = members.keys().find(|name| !known(name)) {
            return Err(Fault::new("", "unknown_part").arg("part", unknown));
        }
        let part = |level: AddressLevel| match members.get(level.name()) {
            None | Some(Json::Null) => Ok(String::new()),
            Some(member) => text_of(member).map(str::to_string),
        };
        let whole = AddressLevel::ALL.into_iter().map(part).collect::<Result<Vec<_>, Fault>>()?;
        self.of_parts(&whole)
    }

    fn to_json(&self, value: &Value) -> Json {
        let Some(text) = value.as_text() else { return error_json(value).unwrap_or_default() };
        let named =
            AddressLevel::ALL.into_iter().zip(parts::split(text)).filter(|(_, part)| !part.is_empty());
        let members: Map<String, Json> =
            named.map(|(level, part)| (level.name().to_string(), Json::String(part.to_string()))).collect();
        Json::Object(members)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        parts::joined(value.as_text().unwrap_or_default())
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        let (a, b) = (a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default());
        fold(&parts::joined(a)).cmp(&fold(&parts::joined(b))).then_with(|| a.cmp(b))
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        match &self.regions {
            Some(name) if !is_list_name(name) => {
                vec![Fault::new("regions", "unknown_regions").arg("name", name)]
            }
            _ => Faults::new(),
        }
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        // One address from another keeps its parts.
        let text = value.as_text().filter(|text| parts::joined(text) == display).unwrap_or(display);
        self.parse(&Json::String(text.to_string())).ok()
    }

    fn schema(&self) -> Option<Json> {
        let asked = AddressLevel::ALL.into_iter().filter(|level| *level <= self.level);
        let properties: Map<String, Json> = asked
            .map(|level| (level.name().to_string(), serde_json::json!({"type": ["string", "null"]})))
            .collect();
        Some(serde_json::json!({"type": "object", "properties": properties, "additionalProperties": false}))
    }
}

/// `PACKAGE/KEY`
fn is_list_name(name: &str) -> bool {
    let is_key = |key: &str| {
        !key.is_empty()
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
    };
    name.split_once('/').is_some_and(|(package, key)| is_key(package) && is_key(key))
}

/// Whether the strokes in a text stand between regions: before the first of them is one region and nothing else.
fn is_parted(text: &str) -> bool {
    let Some((first, _)) = text.split_once('/') else { return false };
    let endings: Vec<&str> = ENDINGS.into_iter().take(2).flatten().copied().collect();
    let is_one = cut(first.trim(), &endings).is_none_or(|(_, rest)| rest.is_empty());
    is_one && !first.contains(|c: char| c.is_ascii_digit())
}

/// What names of provinces, of cities and of districts end with, the longest first.
const ENDINGS: [&[&str]; PARTS - 1] = [
    &["特别行政区", "自治区", "省"],
    &["自治州", "地区", "盟", "市"],
    &["自治县", "自治旗", "区", "县", "旗", "市"],
];

/// Takes a written address apart without a list. A city that comes first is a province to itself, as Beijing is.
fn by_endings(text: &str) -> Vec<String> {
    let mut whole = Vec::with_capacity(PARTS);
    let mut rest = text.trim();
    for (level, endings) in ENDINGS.into_iter().enumerate() {
        let (name, after) = cut(rest, endings).unwrap_or(("", rest));
        if level == 1 && whole == [String::new()] && !name.is_empty() {
            whole = vec![name.to_string()];
        }
        whole.push(name.to_string());
        rest = after.trim_start();
    }
    whole.push(rest.to_string());
    whole
}

/// A name at the beginning of a text that ends with one of these words, at the first place where there is one.
fn cut<'t>(text: &'t str, endings: &[&str]) -> Option<(&'t str, &'t str)> {
    /// Characters of a name; what comes later is no ending of it.
    const MOST: usize = 15;
    let end = |ending: &&str| text.find(*ending).filter(|at| *at > 0).map(|at| at + ending.len());
    let at = endings.iter().filter_map(end).min()?;
    let (name, rest) = text.split_at_checked(at)?;
    (name.chars().count() <= MOST && !name.contains(char::is_whitespace)).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::regions::tests::some;
    use serde_json::json;

    #[test]
    fn an_address_has_parts_and_is_read_as_one() {
        let kind = Address::default();
        let whole =
            json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园1号/2楼"});
        let value = kind.parse(&whole).unwrap();
        assert_eq!(value, Value::text("广东省/深圳市/南山区/科技园1号/2楼"));
        assert_eq!(kind.to_json(&value), whole);
        assert_eq!(kind.display(&value, Language::En), "广东省深圳市南山区科技园1号/2楼");
        for (typed, wire) in [
            (json!({"province": "广东省", "city": null}), json!({"province": "广东省"})),
            (
                json!({"province": " 广东省 ", "city": "东莞市", "detail": "长安镇"}),
                json!({"province": "广东省", "city": "东莞市", "detail": "长安镇"}),
            ),
            (
                json!("广东省/深圳市/南山区/科技园"),
                json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园"}),
            ),
            (
                json!("广东省深圳市南山区科技园1号"),
                json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园1号"}),
            ),
            (
                json!("广东省深圳市南山区科技园1号/2楼"),
                json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园1号/2楼"}),
            ),
            (
                json!("北京市朝阳区建国路88号"),
                json!({"province": "北京市", "city": "北京市", "district": "朝阳区", "detail": "建国路88号"}),
            ),
            (
                json!("内蒙古自治区锡林郭勒盟苏尼特左旗"),
                json!({"province": "内蒙古自治区", "city": "锡林郭勒盟", "district": "苏尼特左旗"}),
            ),
        ] {
            assert_eq!(kind.to_json(&kind.parse(&typed).unwrap()), wire, "{typed}");
        }
        let beijing = kind.parse(&json!("北京市朝阳区")).unwrap();
        assert_eq!(kind.display(&beijing, Language::ZhCn), "北京市朝阳区");
        for empty in [json!(null), json!({}), json!({"province": ""}), json!(" ")] {
            assert_eq!(kind.parse(&empty), Ok(Value::Empty), "{empty}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let kind = Address { level: AddressLevel::City, ..Address::default() };
        for (typed, code) in [
            (json!({"city": "深圳市"}), "address_gap"),
            (json!({"province": "广东省", "city": "深圳市", "district": "南山区"}), "address_too_deep"),
            (json!({"province": "广东省", "street": "x"}), "unknown_part"),
            (json!({"province": 1}), "wrong_type"),
            (json!({"province": "a/b"}), "wrong_type"),
            (json!({"province": "省".repeat(65)}), "too_long"),
            (json!(["广东省"]), "wrong_type"),
        ] {
            assert_eq!(kind.parse(&typed).unwrap_err().code, code, "{typed}");
        }
        assert_eq!(Address::default().parse(&json!({"detail": "x"})).unwrap_err().code, "address_gap");
        for (name, is_right) in [("base/cn", true), ("cn", false), ("base/", false), ("../x", false)] {
            let kind = Address { regions: Some(name.into()), ..Address::default() };
            assert_eq!(kind.check_options().is_empty(), is_right, "{name}");
        }
    }

    #[test]
    fn regions_are_those_of_the_list() {
        let (kind, regions) = (Address::default(), some());
        let check = |typed: Json| {
            let value = kind.parse_line(&typed, Some(&regions)).or_else(|_| kind.parse(&typed)).unwrap();
            kind.check_regions(&value, &regions).first().map(|fault| fault.args["name"].clone())
        };
        assert_eq!(check(json!("深圳市南山区科技园")), None);
        assert_eq!(check(json!({"province": "广东省", "city": "东莞市", "detail": "长安镇"})), None);
        assert_eq!(check(json!({"province": "广东省", "city": "珠海市"})), Some("珠海市".to_string()));
    }
}
