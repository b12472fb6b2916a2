//! `files`: uploaded files, by their ids, in order.

use std::cmp::Ordering;

use super::reference::{MAX_REFS, as_several, parse_refs, refs_json, refs_text};
use super::{FileLimits, Kind, Operator, Shape};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// The options of a files field. How many there are is checked with the other values; what each is ([`Files::admit`])
/// when the file is at hand.
pub type Files = FileLimits;

/// Bytes of a file that a record may hold, whatever the options of its field say.
pub const LARGEST_FILE: u64 = 100 << 20;

/// Files of one field at most, if the options do not say otherwise.
const MAX_FILES: usize = 10;

impl Files {
    /// Whether a file may be put into the field.
    ///
    /// # Errors
    /// `file_too_large`, `file_type`; without a path.
    pub fn admit(&self, name: &str, media_type: &str, bytes: u64) -> Result<(), Fault> {
        let max = self.max_bytes.map_or(LARGEST_FILE, |max| max.min(LARGEST_FILE));
        if bytes > max {
            return Err(Fault::new("", "file_too_large").arg("name", name).arg("max", size_text(max)));
        }
        let allowed = self.types.is_empty() || self.types.iter().any(|rule| fits(rule, name, media_type));
        if allowed {
            return Ok(());
        }
        Err(Fault::new("", "file_type").arg("name", name).arg("types", self.types.join(", ")))
    }

    /// Whether a value holds no more files than fit.
    pub(crate) fn check_count(&self, value: &Value) -> Faults {
        let max = self.max_count.map_or(MAX_FILES, |max| max as usize);
        let is_over = value.items().len() > max;
        is_over.then(|| Fault::new("", "too_many").arg("max", max)).into_iter().collect()
    }

    /// What is wrong with the limits themselves.
    pub(crate) fn check_limits(&self) -> Faults {
        let mut faults = Faults::new();
        match self.max_count {
            Some(0) => faults.push(Fault::new("max_count", "too_small").arg("min", 1)),
            Some(count) if count as usize > MAX_REFS => {
                faults.push(Fault::new("max_count", "too_large").arg("max", MAX_REFS));
            }
            _ => {}
        }
        if self.max_bytes == Some(0) {
            faults.push(Fault::new("max_bytes", "too_small").arg("min", 1));
        }
        let blank = self.types.iter().enumerate().filter(|(_, rule)| rule.trim().is_empty());
        faults.extend(blank.map(|(place, _)| Fault::new(format!("types.{place}"), "required")));
        faults
    }
}

/// `image/*`, `application/pdf`, `.pdf` and `pdf` are rules.
fn fits(rule: &str, name: &str, media_type: &str) -> bool {
    let rule = rule.trim().to_ascii_lowercase();
    match rule.split_once('/') {
        Some((group, "*")) => media_type.split('/').next() == Some(group),
        Some(_) => media_type == rule,
        None => {
            let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
            ending.as_deref() == Some(rule.trim_start_matches('.'))
        }
    }
}

/// A size as people say it: `20 MB`, `512 KB`, `100 B`.
fn size_text(bytes: u64) -> String {
    const UNITS: [(u64, &str); 2] = [(1 << 20, "MB"), (1 << 10, "KB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size && bytes.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{} {unit}", bytes / size),
        None => format!("{bytes} B"),
    }
}

impl Kind for Files {
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
        self.check_count(value)
    }

    fn display(&self, value: &Value, _: Language) -> String {
        refs_text(value)
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        a.items().len().cmp(&b.items().len())
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::MANY_OF
    }

    fn is_input(&self) -> bool {
        true
    }

    fn check_options(&self) -> Faults {
        self.check_limits()
    }

    fn convert_from(&self, value: &Value, _: &str) -> Option<Value> {
        as_several(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Id;

    #[test]
    fn files_are_limited_by_size_and_type() {
        let limits = Files {
            max_bytes: Some(2 << 20),
            types: vec![".PDF".into(), "image/*".into(), "text/csv".into()],
            ..Files::default()
        };
        let codes =
            |name, media_type, bytes| limits.admit(name, media_type, bytes).map_err(|fault| fault.code);
        assert_eq!(codes("a.pdf", "application/pdf", 100), Ok(()));
        assert_eq!(codes("a", "image/webp", 100), Ok(()));
        assert_eq!(codes("a.txt", "text/csv", 100), Ok(()));
        assert_eq!(codes("pdf", "application/zip", 100), Err("file_type".into()));
        assert_eq!(codes("a.pdf.exe", "application/pdf", 100), Err("file_type".into()));
        assert_eq!(codes("a.pdf", "application/pdf", (2 << 20) + 1), Err("file_too_large".into()));
        let fault = limits.admit("a.pdf", "application/pdf", 3 << 20).unwrap_err();
        assert_eq!(fault.args["max"], "2 MB");
        assert_eq!(Files::default().admit("a.exe", "application/x-executable", LARGEST_FILE), Ok(()));
        let larger =
            Files::default().admit("a.exe", "application/x-executable", LARGEST_FILE + 1).unwrap_err();
        assert_eq!((larger.code.as_ref(), larger.args["max"].as_str()), ("file_too_large", "100 MB"));
    }

    #[test]
    fn a_field_holds_ten_files_unless_it_says_otherwise() {
        let of = |count: i64| Value::List((1..=count).filter_map(Id::from_i64).map(Value::Ref).collect());
        let usual = Files::default();
        assert_eq!(of(10).items().len(), 10);
        assert!(usual.check_count(&of(10)).is_empty());
        let faults = usual.check_count(&of(11));
        assert_eq!((faults[0].code.as_ref(), faults[0].args["max"].as_str()), ("too_many", "10"));
        let more = Files { max_count: Some(11), ..Files::default() };
        assert!(more.check_count(&of(11)).is_empty() && !more.check_count(&of(12)).is_empty());
    }
}
