//! What a formula is told about the form around it.

use super::Type;
use crate::value::Value;

/// The names that a formula may read, at the time it is checked.
pub trait Scope {
    /// What a path gives; `None` if there is no such thing.
    ///
    /// A function over rows, `PREV(x)`, is asked for as the path `["PREV", "x"]`, and read as `PREV.x`: see
    /// [`ROW_FUNCTIONS`](super::ROW_FUNCTIONS).
    fn resolve(&self, path: &[&str]) -> Option<Resolved>;

    /// The fields of another form's records, as SUMOF and its kin write them behind its name; in the rows of a sub-form
    /// the type is that of one row. `None` if there is no such form, or none can be asked here.
    fn records(&self, _form: &str) -> Option<Box<dyn Scope + '_>> {
        None
    }

    /// The type of an app parameter; `None` if the app has no such parameter. Not knowing is [`Type::Any`].
    fn parameter(&self, _key: &str) -> Option<Type> {
        Some(Type::Any)
    }
}

/// What a path gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    pub ty: Type,
    /// Whether the value changes without the record being saved.
    pub live: bool,
}

/// The values that a formula reads, at the time it is evaluated.
pub trait Lookup {
    /// The value at a path that [`Formula::reads`](super::Formula::reads) named. A column of a sub-form is a list
    /// with a place for every row; what is empty is [`Value::Empty`].
    fn value(&self, path: &str) -> Value;
}

/// The names of fields as people know them, for the editor. Paths are keys.
pub trait Names {
    /// What can follow `path`: the form's fields for the empty path, the columns of a sub-form, the fields of a
    /// linked form; nothing for anything else.
    fn members(&self, path: &[&str]) -> Vec<Name>;

    /// The forms whose records a formula can count, by the names that documents have for them.
    fn forms(&self) -> Vec<Name> {
        Vec::new()
    }

    /// What can follow such a form's name and `path`, where its records are counted.
    fn members_of(&self, _form: &str, _path: &[&str]) -> Vec<Name> {
        Vec::new()
    }

    /// The first letters of how a name sounds, by which it can be found, where that is known: `je` of `金额`.
    fn initials(&self, _name: &str) -> Option<String> {
        None
    }

    /// The key of the choice that is called `said`, where there are choices at a path of keys and none has this key.
    fn choice_key(&self, _path: &[&str], _said: &str) -> Option<String> {
        None
    }

    /// What people call the choice of a key at a path of keys, where [`Names::choice_key`] finds it by that.
    fn choice_label(&self, _path: &[&str], _key: &str) -> Option<String> {
        None
    }

    /// Whether the formula is of a column, so that it can read the rows around its own.
    fn has_rows(&self) -> bool {
        false
    }

    /// Whether `key` after `path` is the field that the formula is of, which can't read itself.
    fn is_own(&self, _path: &[&str], _key: &str) -> bool {
        false
    }
}

/// A field as the editor offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub key: String,
    pub label: String,
    pub ty: Type,
    /// The name of the field's kind, where it is known.
    pub kind: Option<&'static str>,
}

impl Name {
    pub fn new(key: impl Into<String>, label: impl Into<String>, ty: Type) -> Name {
        Name { key: key.into(), label: label.into(), ty, kind: None }
    }

    /// The same of a field of a kind.
    pub fn of_kind(self, kind: &'static str) -> Name {
        Name { kind: Some(kind), ..self }
    }
}
