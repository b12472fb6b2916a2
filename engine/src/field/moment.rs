//! What dates, months and instants share: how they are written, an earliest and a latest.

use super::is_blank;
use crate::text::{Fault, Faults};
use crate::value::Value;

/// How the moments of a kind are written.
pub(super) struct Writing<T> {
    pub read: fn(&str) -> Option<T>,
    pub write: fn(T) -> String,
    pub value: fn(T) -> Value,
    /// The fault of a text that is no such moment, at a path.
    pub refuse: fn(&'static str) -> Fault,
}

impl<T: Copy + PartialOrd> Writing<T> {
    /// As [`Kind::parse`](super::Kind::parse).
    ///
    /// # Errors
    /// It is no text, or none of a moment.
    pub fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
        (self.read)(text).map(self.value).ok_or_else(|| (self.refuse)(""))
    }

    /// Whether a moment lies between the bounds, which are in their wire form.
    pub fn check(&self, moment: T, min: Option<&str>, max: Option<&str>) -> Faults {
        let mut faults = Faults::new();
        if let Some(min) = min.and_then(self.read).filter(|min| moment < *min) {
            faults.push(Fault::new("", "too_small").arg("min", (self.write)(min)));
        }
        if let Some(max) = max.and_then(self.read).filter(|max| moment > *max) {
            faults.push(Fault::new("", "too_large").arg("max", (self.write)(max)));
        }
        faults
    }

    /// Whether the bounds themselves are moments, the earliest before the latest.
    pub fn check_bounds(&self, min: Option<&str>, max: Option<&str>) -> Faults {
        let mut faults = Faults::new();
        let bounds = [("min", min), ("max", max)].map(|(name, text)| {
            let moment = text.map(self.read);
            if matches!(moment, Some(None)) {
                faults.push((self.refuse)(name));
            }
            moment.flatten()
        });
        if let [Some(min), Some(max)] = bounds
            && min > max
        {
            faults.push(Fault::new("min", "min_over_max"));
        }
        faults
    }
}
