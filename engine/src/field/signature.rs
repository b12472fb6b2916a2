//! `signature`: what somebody signed with, drawn on the screen: the id of one file, a PNG that they uploaded themselves.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::reference::{as_single, parse_ref, ref_json, ref_text};
use super::{Kind, Operator, Shape, plain_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The one type of file that a signature is.
pub const SIGNATURE_TYPE: &str = "image/png";
/// Bytes of a signature at most.
const MAX_BYTES: u64 = 1 << 20;

/// The options of a signature: none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signature {}

impl Signature {
    /// Whether a file may be put into the field.
    ///
    /// # Errors
    /// `file_too_large`, `file_type`; without a path.
    pub fn admit(&self, name: &str, media_type: &str, bytes: u64) -> Result<(), Fault> {
        if bytes > MAX_BYTES {
            return Err(Fault::new("", "file_too_large").arg("name", name).arg("max", "1 MB"));
        }
        if media_type != SIGNATURE_TYPE {
            return Err(Fault::new("", "file_type").arg("name", name).arg("types", SIGNATURE_TYPE));
        }
        Ok(())
    }
}

impl Kind for Signature {
    fn shape(&self) -> Shape {
        Shape::Ref
    }

    fn formula_type(&self) -> Type {
        Type::Ref
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_ref(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        ref_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        ref_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        plain_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::PRESENCE
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        Faults::new()
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_single(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_a_small_png() {
        let code = |media_type: &str, bytes: u64| {
            Signature {}.admit("s.png", media_type, bytes).map_err(|fault| fault.code.to_string())
        };
        assert_eq!(code("image/png", MAX_BYTES), Ok(()));
        assert_eq!(code("image/jpeg", 10), Err("file_type".into()));
        assert_eq!(code("image/png", MAX_BYTES + 1), Err("file_too_large".into()));
    }
}
