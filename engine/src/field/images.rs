//! `images`: uploaded pictures, by the ids of their files, in order.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{as_several, parse_refs, refs_json, refs_text};
use super::{FileLimits, Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// What every picture is, whatever else the options say.
const PICTURES: &str = "image/";
/// Endings of pictures, as rules name them.
const ENDINGS: [&str; 10] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "tif", "tiff", "heic"];

/// The options of an images field: those of files. Without `types` all pictures are allowed, and never anything else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Images(pub FileLimits);

impl Images {
    /// Whether a file may be put into the field.
    ///
    /// # Errors
    /// `file_type` for what is no picture, and what [`FileLimits::admit`] refuses; without a path.
    pub fn admit(&self, name: &str, media_type: &str, bytes: u64) -> Result<(), Fault> {
        // A drawing in SVG is a program that a browser would run.
        if !media_type.starts_with(PICTURES) || media_type == "image/svg+xml" {
            return Err(Fault::new("", "file_type").arg("name", name).arg("types", self.accepted()));
        }
        self.0.admit(name, media_type, bytes)
    }

    /// What is allowed, as people and browsers read it.
    pub fn accepted(&self) -> String {
        if self.0.types.is_empty() { "image/*".to_string() } else { self.0.types.join(", ") }
    }
}

/// Whether a rule can be met by a picture.
fn is_of_pictures(rule: &str) -> bool {
    let rule = rule.trim().to_ascii_lowercase();
    rule.starts_with(PICTURES) || ENDINGS.contains(&rule.trim_start_matches('.'))
}

impl Kind for Images {
    fn shape(&self) -> Shape {
        Shape::Refs
    }

    fn formula_type(&self) -> Type {
        Type::List(Box::new(Type::Ref))
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_refs(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        refs_json(value)
    }

    fn check(&self, value: &Value) -> Faults {
        self.0.check_count(value)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        refs_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        a.items().len().cmp(&b.items().len())
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::PRESENCE
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        let mut faults = self.0.check_limits();
        let others = self.0.types.iter().enumerate();
        let others = others.filter(|(_, rule)| !rule.trim().is_empty() && !is_of_pictures(rule));
        faults
            .extend(others.map(|(place, rule)| {
                Fault::new(format!("types.{place}"), "not_a_picture").arg("type", rule)
            }));
        faults
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_several(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn images(options: serde_json::Value) -> Images {
        serde_json::from_value(options).unwrap()
    }

    #[test]
    fn nothing_but_pictures_is_taken() {
        let code = |images: &Images, name: &str, media_type: &str| {
            images.admit(name, media_type, 100).map_err(|fault| fault.code.to_string())
        };
        let any = images(json!({}));
        assert_eq!(code(&any, "a.png", "image/png"), Ok(()));
        for (name, media_type) in
            [("a.png", "application/pdf"), ("a.svg", "image/svg+xml"), ("a.png", "text/html")]
        {
            assert_eq!(code(&any, name, media_type), Err("file_type".into()), "{name} {media_type}");
        }
        let some = images(json!({"types": [".png", "image/webp"], "max_bytes": 100}));
        assert_eq!(code(&some, "a.PNG", "image/png"), Ok(()));
        assert_eq!(code(&some, "a.gif", "image/gif"), Err("file_type".into()));
        assert_eq!(some.admit("a.png", "image/png", 101).unwrap_err().code, "file_too_large");
    }

    #[test]
    fn options_that_no_picture_can_meet_are_refused() {
        let faults = |options: serde_json::Value| {
            let faults = images(options).check_options();
            faults.into_iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
        };
        assert_eq!(faults(json!({"types": ["image/*", "jpg"], "max_count": 3})), [""; 0]);
        assert_eq!(
            faults(json!({"types": ["pdf", ""], "max_count": 0, "max_bytes": 0})),
            ["max_count: too_small", "max_bytes: too_small", "types.1: required", "types.0: not_a_picture"]
        );
        assert!(serde_json::from_value::<Images>(json!({"colour": 1})).is_err());
    }
}
