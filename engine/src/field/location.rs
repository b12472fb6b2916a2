//! `location`: a place on the globe, by its longitude and latitude, and what it is called. A field may take only what lies
//! within some metres of a place.
//!
//! A formula sees `31.230400,121.473700 上海市黄浦区`: latitude first, as `DISTANCE` takes it.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::number::number_fault;
use super::text::text_of;
use super::{Kind, Operator, Shape, error_json, is_blank, text_order};
use crate::formula::{Type, metres_between};
use crate::text::{Fault, Faults, Language};
use crate::value::{Decimal, NumberFault, Value, fits, half_width, nfc, parse_decimal, to_fixed, wire};

/// The options of a location.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Location {
    /// The place that others are measured from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub center: Option<Position>,
    /// Metres around it that are taken; everywhere without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub radius: Option<u32>,
    /// Whether people may only enter where they are, as their device says. A program can enter anything.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub current_only: bool,
}

/// A place on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    #[serde(with = "wire::decimal")]
    pub lng: Decimal,
    #[serde(with = "wire::decimal")]
    pub lat: Decimal,
}

/// Digits after the point of a degree: a tenth of a metre.
const SCALE: u32 = 6;
const MOST_LATITUDE: Decimal = Decimal::from_parts(90, 0, 0, false, 0);
const MOST_LONGITUDE: Decimal = Decimal::from_parts(180, 0, 0, false, 0);
/// Longest name of a place, in characters.
const LONGEST_NAME: usize = 300;
/// Half way round the globe, in metres.
const FARTHEST: u32 = 20_100_000;

impl Position {
    /// # Errors
    /// `not_a_location` for a place beyond the poles or the date line.
    fn check(self) -> Result<Position, Fault> {
        let is_on_globe = self.lat.abs() <= MOST_LATITUDE && self.lng.abs() <= MOST_LONGITUDE;
        if !is_on_globe {
            return Err(Fault::new("", "not_a_location"));
        }
        for degrees in [self.lat, self.lng] {
            fits(degrees, SCALE).map_err(|fault| number_fault(fault, SCALE))?;
        }
        Ok(self)
    }

    /// Latitude and longitude of a text, in that order.
    ///
    /// # Errors
    /// `not_a_location`; `latitude_first` for two numbers that are a place the other way round. They are not turned: what
    /// is near the middle of the globe could not be told from its mirror.
    fn read(text: &str) -> Result<Position, Fault> {
        let refused = |_: NumberFault| Fault::new("", "not_a_location");
        let (first, second) = text.split_once(',').ok_or_else(|| Fault::new("", "not_a_location"))?;
        let (first, second) =
            (parse_decimal(first).map_err(refused)?, parse_decimal(second).map_err(refused)?);
        if first.abs() > MOST_LATITUDE && first.abs() <= MOST_LONGITUDE && second.abs() <= MOST_LATITUDE {
            return Err(Fault::new("", "latitude_first").arg("found", first));
        }
        Position { lng: second, lat: first }.check()
    }

    fn written(self) -> String {
        format!("{},{}", to_fixed(self.lat, SCALE), to_fixed(self.lng, SCALE))
    }
}

/// The place and the name in a text as it is kept.
fn parts(text: &str) -> Option<(Position, &str)> {
    let (position, name) = text.split_once(' ').unwrap_or((text, ""));
    Some((Position::read(position).ok()?, name))
}

fn kept(position: Position, name: &str) -> Result<Value, Fault> {
    let name = nfc(name.trim());
    if name.contains(char::is_control) {
        return Err(Fault::new("", "wrong_type"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Fault::new("", "too_long").arg("max", LONGEST_NAME));
    }
    Ok(Value::Text(format!("{} {name}", position.written()).trim_end().to_string()))
}

/// A text as people paste it: `31.23,121.47 name`, `31.23， 121.47`, `name (31.23,121.47)`.
fn read_line(typed: &str) -> Result<Value, Fault> {
    if let Some((name, degrees)) = typed.trim().trim_end_matches([')', '）']).rsplit_once(['(', '（'])
        && typed.trim().ends_with([')', '）'])
    {
        match Position::read(&half_width(degrees)) {
            Ok(position) => return kept(position, name),
            Err(fault) if fault.code == "latitude_first" => return Err(fault),
            Err(_) => {}
        }
    }
    let plain = half_width(typed.trim());
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | ' ');
    let end = plain.find(|c: char| !is_number(c)).unwrap_or(plain.len());
    let (numbers, _) = plain.split_at_checked(end).unwrap_or((plain.as_str(), ""));
    // The name begins behind the second number, and may begin with a number itself.
    let (first, rest) = numbers.split_once(',').ok_or_else(|| Fault::new("", "not_a_location"))?;
    let second = rest.split_whitespace().next().unwrap_or_default();
    let position = Position::read(&format!("{},{second}", first.trim()))?;
    let length = plain.find(',').map_or(0, |at| at + 1) + rest.len() - rest.trim_start().len() + second.len();
    // Width for width a character of the plain text is one of what was typed.
    let name: String =
        typed.trim().chars().skip(plain.get(..length).map_or(0, |read| read.chars().count())).collect();
    kept(position, &name)
}

impl Kind for Location {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &Json) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let Json::Object(members) = json else { return read_line(text_of(json)?) };
        if members.values().all(Json::is_null) {
            return Ok(Value::Empty);
        }
        if let Some(unknown) = members.keys().find(|name| !matches!(name.as_str(), "lng" | "lat" | "address"))
        {
            return Err(Fault::new("", "unknown_part").arg("part", unknown));
        }
        let degrees = |name: &str| {
            members
                .get(name)
                .and_then(wire::decimal_from_json)
                .ok_or_else(|| Fault::new("", "not_a_location"))
        };
        let position = Position { lng: degrees("lng")?, lat: degrees("lat")? }.check()?;
        let name = match members.get("address") {
            None | Some(Json::Null) => "",
            Some(name) => text_of(name)?,
        };
        kept(position, name)
    }

    fn to_json(&self, value: &Value) -> Json {
        let Some((position, name)) = value.as_text().and_then(parts) else {
            return error_json(value).unwrap_or_default();
        };
        let (lng, lat) = (to_fixed(position.lng, SCALE), to_fixed(position.lat, SCALE));
        let mut json = serde_json::json!({"lng": lng, "lat": lat});
        if let Some(members) = json.as_object_mut().filter(|_| !name.is_empty()) {
            members.insert("address".into(), Json::String(name.to_string()));
        }
        json
    }

    fn check(&self, value: &Value) -> Faults {
        let (Some(center), Some(radius)) = (self.center, self.radius) else { return Faults::new() };
        let Some((place, _)) = value.as_text().and_then(parts) else { return Faults::new() };
        let far = metres_between((center.lat, center.lng), (place.lat, place.lng));
        match far {
            Ok(metres) if metres <= Decimal::from(radius) => Faults::new(),
            Ok(metres) => {
                let away = to_fixed(metres, 0);
                vec![Fault::new("", "too_far").arg("max", radius).arg("away", away)]
            }
            Err(_) => vec![Fault::new("", "not_a_location")],
        }
    }

    fn display(&self, value: &Value, _: Language) -> String {
        match value.as_text().and_then(parts) {
            Some((position, "")) => position.written(),
            Some((position, name)) => format!("{name} ({})", position.written()),
            None => String::new(),
        }
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::PLACE
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = Faults::new();
        if let Some(Err(fault)) = self.center.map(Position::check) {
            faults.push(fault.under("center"));
        }
        match self.radius {
            Some(0) => faults.push(Fault::new("radius", "too_small").arg("min", 1)),
            Some(radius) if radius > FARTHEST => {
                faults.push(Fault::new("radius", "too_large").arg("max", FARTHEST))
            }
            Some(_) if self.center.is_none() => faults.push(Fault::new("center", "required")),
            _ => {}
        }
        faults
    }

    fn convert_from(&self, value: &Value, display: &str) -> Option<Value> {
        let text = value.as_text().filter(|text| parts(text).is_some()).unwrap_or(display);
        self.parse(&Json::String(text.to_string())).ok()
    }

    fn schema(&self) -> Option<Json> {
        let degrees = serde_json::json!({"type": ["string", "number"]});
        Some(serde_json::json!({
            "type": "object",
            "properties": {"lng": degrees, "lat": degrees, "address": {"type": ["string", "null"]}},
            "required": ["lng", "lat"],
            "additionalProperties": false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_has_degrees_and_a_name() {
        let kind = Location::default();
        let wire = json!({"lng": "121.473700", "lat": "31.230400", "address": "上海市黄浦区 1号"});
        let value =
            kind.parse(&json!({"lng": 121.4737, "lat": "31.2304", "address": "上海市黄浦区 1号 "})).unwrap();
        assert_eq!(value, Value::text("31.230400,121.473700 上海市黄浦区 1号"));
        assert_eq!(kind.to_json(&value), wire);
        assert_eq!(kind.parse(&wire), Ok(value.clone()));
        assert_eq!(kind.display(&value, Language::En), "上海市黄浦区 1号 (31.230400,121.473700)");
        for typed in [
            "31.2304,121.4737 上海市黄浦区 1号",
            "３１.２３０４，１２１.４７３７　上海市黄浦区 1号",
            "上海市黄浦区 1号 (31.230400,121.473700)",
            "上海市黄浦区 1号（31.2304，121.4737）",
        ] {
            assert_eq!(kind.parse(&json!(typed)), Ok(value.clone()), "{typed}");
        }
        assert_eq!(
            kind.parse(&json!("31.2304,121.4737 88 号")),
            Ok(Value::text("31.230400,121.473700 88 号"))
        );
        let bare = kind.parse(&json!("-0.5, 10")).unwrap();
        assert_eq!(kind.to_json(&bare), json!({"lng": "10.000000", "lat": "-0.500000"}));
        assert_eq!(kind.display(&bare, Language::En), "-0.500000,10.000000");
        for empty in [json!(null), json!(""), json!({}), json!({"lng": null, "lat": null})] {
            assert_eq!(kind.parse(&empty), Ok(Value::Empty), "{empty}");
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        let kind = Location::default();
        for (typed, code) in [
            (json!({"lng": 181, "lat": 0}), "not_a_location"),
            (json!({"lng": 0, "lat": 91}), "not_a_location"),
            (json!({"lng": 0}), "not_a_location"),
            (json!({"lng": "1.1234567", "lat": 0}), "too_precise"),
            (json!({"lng": 1, "lat": 1, "alt": 1}), "unknown_part"),
            (json!("Shanghai"), "not_a_location"),
            (json!("1,2,3"), "not_a_location"),
            (json!("91,0"), "latitude_first"),
            (json!("121.4737, 31.2304 上海"), "latitude_first"),
            (json!("上海（121.4737，31.2304）"), "latitude_first"),
            (json!("181,0"), "not_a_location"),
            (json!("91,91"), "not_a_location"),
            (json!([1, 2]), "wrong_type"),
        ] {
            assert_eq!(kind.parse(&typed).unwrap_err().code, code, "{typed}");
        }
    }

    #[test]
    fn only_what_lies_near_enough_is_taken() {
        let kind: Location = serde_json::from_value(
            json!({"center": {"lng": "121.473700", "lat": "31.230400"}, "radius": 500, "current_only": true}),
        )
        .unwrap();
        assert!(kind.check_options().is_empty());
        assert!(kind.check(&kind.parse(&json!("31.2344,121.4737")).unwrap()).is_empty());
        let far = &kind.check(&kind.parse(&json!("31.2404,121.4737")).unwrap())[0];
        assert_eq!(
            (&*far.code, far.args["max"].as_str(), far.args["away"].as_str()),
            ("too_far", "500", "1112")
        );
        let faults = |options: Json| {
            let kind: Location = serde_json::from_value(options).unwrap();
            kind.check_options()
                .into_iter()
                .map(|fault| format!("{} {}", fault.path, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(json!({"radius": 5})), ["center required"]);
        assert_eq!(
            faults(json!({"radius": 0, "center": {"lng": 0, "lat": 91}})),
            ["center not_a_location", "radius too_small"]
        );
    }
}
