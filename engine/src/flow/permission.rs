//! What people may do with the fields of the record at a step.

use super::document::{FieldRight, Fields};

/// The field rights of one step.
#[derive(Clone, Copy, Debug)]
pub struct StepFields<'f> {
    fields: &'f Fields,
    rest: FieldRight,
}

impl<'f> StepFields<'f> {
    /// `rest` is what fields get that neither they nor `*` name.
    pub fn new(fields: &'f Fields, rest: FieldRight) -> StepFields<'f> {
        StepFields { fields, rest: fields.get("*").copied().unwrap_or(rest) }
    }

    /// The right on a field or, as `lines.qty`, on a column of a sub-form.
    ///
    /// A column that is not named has the right of its sub-form, where `required` asks for rows and not for
    /// each cell. A sub-form that is hidden by name hides its columns; one that is not named is at least
    /// readable when one of its columns is, so that the column can be seen at all.
    pub fn right(&self, path: &str) -> FieldRight {
        let named = self.fields.get(path).copied();
        match path.split_once('.') {
            None => named.unwrap_or_else(|| self.unnamed(path)),
            Some((subform, _)) => match self.fields.get(subform) {
                Some(FieldRight::Hidden) => FieldRight::Hidden,
                rows => named.unwrap_or((*rows.unwrap_or(&self.rest)).min(FieldRight::Edit)),
            },
        }
    }

    pub fn is_visible(&self, path: &str) -> bool {
        self.right(path) != FieldRight::Hidden
    }

    /// Whether a value may be set. For a sub-form this is about adding, removing and moving rows; a column may
    /// be editable where its sub-form is not.
    pub fn is_editable(&self, path: &str) -> bool {
        self.right(path) >= FieldRight::Edit
    }

    pub fn is_required(&self, path: &str) -> bool {
        self.right(path) == FieldRight::Required
    }

    fn unnamed(&self, key: &str) -> FieldRight {
        let shows_column = self.fields.iter().any(|(path, right)| {
            *right > FieldRight::Hidden && path.split_once('.').is_some_and(|(subform, _)| subform == key)
        });
        if shows_column { self.rest.max(FieldRight::Read) } else { self.rest }
    }
}

#[cfg(test)]
mod tests {
    use FieldRight::{Edit, Hidden, Read, Required};

    use super::*;

    fn rights(json: &str, rest: FieldRight, expected: &[(&str, FieldRight)]) {
        let fields: Fields = serde_json::from_str(json).unwrap();
        let step = StepFields::new(&fields, rest);
        for (path, right) in expected {
            assert_eq!(step.right(path), *right, "{path} in {json}");
        }
    }

    #[test]
    fn fields_that_nobody_names_have_the_right_of_the_step() {
        rights("{}", Edit, &[("amount", Edit), ("lines", Edit), ("lines.qty", Edit)]);
        rights("{}", Read, &[("amount", Read), ("lines.qty", Read)]);
        rights(r#"{"*": "hidden", "amount": "required"}"#, Read, &[("amount", Required), ("cost", Hidden)]);
    }

    #[test]
    fn columns_follow_their_sub_form_unless_they_are_named() {
        rights(
            r#"{"lines": "edit", "lines.cost": "hidden"}"#,
            Read,
            &[("lines.qty", Edit), ("lines.cost", Hidden)],
        );
        rights(r#"{"lines": "required"}"#, Read, &[("lines", Required), ("lines.qty", Edit)]);
        rights(r#"{"lines": "hidden"}"#, Edit, &[("lines", Hidden), ("lines.qty", Hidden)]);
    }

    #[test]
    fn a_named_column_makes_its_sub_form_readable() {
        let json = r#"{"*": "hidden", "lines.qty": "edit"}"#;
        rights(
            json,
            Read,
            &[("lines", Read), ("lines.qty", Edit), ("lines.price", Hidden), ("cost", Hidden)],
        );
    }
}
