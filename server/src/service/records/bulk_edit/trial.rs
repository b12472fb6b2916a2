//! A preview keeps nothing: a value that must be unique and was given in one slice is not there to clash with in the next,
//! and one that a record gave up still is. Both are carried from slice to slice.

use std::collections::HashMap;
use std::sync::Arc;

use engine::form::Form;
use engine::value::Values;
use wire::records::Fields;

use crate::service::records::unique::{Name, UniqueValue, unique_values};

/// Values that were given to records (true), and those that they gave up and nobody was given since (false).
pub type Held = HashMap<Name, bool>;

/// What a preview has done so far.
#[derive(Debug)]
pub struct Trial {
    /// In the slices before.
    earlier: Arc<Held>,
    /// In this one.
    here: Held,
    /// What the record has that is tried, and what it is to have.
    before: Vec<UniqueValue>,
    wanted: Vec<UniqueValue>,
}

impl Trial {
    pub fn new(earlier: Arc<Held>) -> Trial {
        Trial { earlier, here: Held::new(), before: Vec::new(), wanted: Vec::new() }
    }

    /// A record with these values is about to be given `fields`.
    pub fn begin(&mut self, form: &Form, values: &Values, fields: &Fields) {
        let mut wanted = values.clone();
        for (key, json) in fields {
            if let Some(value) = form.column(key).and_then(|column| column.parse(json).ok()) {
                wanted.insert(key.clone(), value);
            }
        }
        (self.before, self.wanted) = (unique_values(form, values), unique_values(form, &wanted));
    }

    /// The database took the record as it is now. The field at which it clashes all the same, if it does: it is as it was.
    pub fn taken(&mut self, form: &Form, values: &Values) -> Option<String> {
        let after = unique_values(form, values);
        let clash = new(&self.before, &after).find(|value| self.is_held(value.name) == Some(true));
        if let Some(clash) = clash {
            return Some(clash.field.clone());
        }
        self.keep(&after);
        None
    }

    /// The database found a value of the record twice. Whether that is only since a record still has there what it gave up
    /// before: then the record changes all the same.
    pub fn is_free(&mut self) -> bool {
        let held: Vec<Option<bool>> =
            new(&self.before, &self.wanted).map(|value| self.is_held(value.name)).collect();
        let is_free = held.contains(&Some(false)) && !held.contains(&Some(true));
        if is_free {
            let wanted = std::mem::take(&mut self.wanted);
            self.keep(&wanted);
        }
        is_free
    }

    /// What this slice has done.
    pub fn end(&mut self) -> Held {
        std::mem::take(&mut self.here)
    }

    fn is_held(&self, name: Name) -> Option<bool> {
        self.here.get(&name).or_else(|| self.earlier.get(&name)).copied()
    }

    fn keep(&mut self, after: &[UniqueValue]) {
        let given_up: Vec<Name> = new(after, &self.before).map(|value| value.name).collect();
        let given: Vec<Name> = new(&self.before, after).map(|value| value.name).collect();
        self.here.extend(given_up.into_iter().map(|name| (name, false)));
        self.here.extend(given.into_iter().map(|name| (name, true)));
    }
}

/// Those among `after` that are not among `before`.
fn new<'v>(before: &'v [UniqueValue], after: &'v [UniqueValue]) -> impl Iterator<Item = &'v UniqueValue> {
    after.iter().filter(move |value| !before.contains(value))
}

#[cfg(test)]
mod tests {
    use engine::form::{Catalogue, Sketch};
    use engine::value::{Id, Value};
    use serde_json::json;

    use super::*;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    #[test]
    fn what_slices_before_gave_and_took_counts() {
        let document = json!({"key": "f", "label": "f", "fields": [
            {"key": "no", "label": "n", "kind": "number", "unique": true}]});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
        let form = Form::publish(Arc::new(sketch), 1, &Alone).unwrap();
        let values = |no: i64| Values::from([("no".to_string(), Value::number(no))]);
        let fields = |no: &str| Fields::from_iter([("no".to_string(), json!(no))]);
        let mut first = Trial::new(Arc::default());
        first.begin(&form, &values(1), &fields("5.00"));
        assert_eq!(first.taken(&form, &values(5)), None);
        let mut next = Trial::new(Arc::new(first.end()));
        // 5 was given, though it does not lie there; 1 lies there, though nobody has it.
        next.begin(&form, &values(2), &fields("5"));
        assert_eq!(next.taken(&form, &values(5)), Some("no".to_string()));
        next.begin(&form, &values(3), &fields("1"));
        assert!(next.is_free());
        next.begin(&form, &values(4), &fields("1"));
        assert!(!next.is_free(), "it was given by now");
        next.begin(&form, &values(4), &fields("9"));
        assert!(!next.is_free(), "somebody else has it");
        next.begin(&form, &values(4), &fields("4"));
        assert_eq!(next.taken(&form, &values(4)), None);
    }
}
