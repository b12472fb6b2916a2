//! Values that must be unique, told apart where the database can't: what is only tried does not lie there to clash with.

use engine::form::Form;
use engine::value::{Value, Values, get};
use sha2::{Digest, Sha256};

/// What a value, or several together, are known by: a part of their hash, which needs little room.
pub type Name = [u8; 16];

/// A value that one record of a form may have, or several that it may have together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueValue {
    /// The field at which a clash is told: the first of several.
    pub field: String,
    pub name: Name,
}

/// Whether a form has any.
pub fn has_unique(form: &Form) -> bool {
    let document = &form.sketch.document;
    !document.unique.is_empty() || document.fields.iter().any(|field| field.unique)
}

/// Those that a record with these values has.
pub fn unique_values(form: &Form, values: &Values) -> Vec<UniqueValue> {
    let document = &form.sketch.document;
    let single = document.fields.iter().filter(|field| field.unique).map(|field| vec![field.key.clone()]);
    let mut found = Vec::new();
    for set in single.chain(document.unique.iter().cloned()) {
        let parts: Vec<Value> = set.iter().map(|key| plain(get(values, key))).collect();
        if parts.iter().all(|value| !value.is_empty()) {
            let field = set.first().cloned().unwrap_or_default();
            found.push(UniqueValue { field, name: name(&format!("{set:?} {parts:?}")) });
        }
    }
    found
}

/// A number is the same however many zeros follow it.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number.normalize()),
        other => other.clone(),
    }
}

/// What a text is known by.
pub fn name(text: &str) -> Name {
    let mut name = Name::default();
    name.iter_mut().zip(Sha256::digest(text.as_bytes())).for_each(|(short, byte)| *short = byte);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart_by_a_part_of_their_hash() {
        assert_eq!(name("a"), name("a"));
        assert_ne!(name("a"), name("b"));
    }
}
