//! The columns that a grid can show: the fields of its form, and what every record has besides.

use engine::field::{FieldKind, Shape};
use engine::form::Form;
use engine::record::title_fields;
use engine::value::Value;
use wire::records::Record;

use crate::conditions::{SYSTEM_SUBJECTS, system_subject};
use crate::designer::kind_icon;
use crate::i18n;
use crate::records::system_value;

/// A field or system field as a column.
pub struct GridColumn {
    /// In the reader's language.
    pub label: String,
    /// What is shown.
    pub kind: FieldKind,
    pub icon: String,
}

impl GridColumn {
    /// The column of a form by its key; nothing where there is none.
    pub fn of(form: &Form, key: &str) -> Option<GridColumn> {
        if let Some(column) = form.column(key) {
            return Some(GridColumn {
                label: column.field.label.get(i18n::language()).to_string(),
                kind: column.read_kind.clone(),
                icon: kind_icon(column.field.kind.name()).to_string(),
            });
        }
        let subject = system_subject(key)?;
        let icon = kind_icon(subject.kind.name()).to_string();
        Some(GridColumn { label: subject.label, kind: subject.kind, icon })
    }

    pub fn is_number(&self) -> bool {
        matches!(self.kind.shape(), Shape::Decimal(_))
    }
}

/// The keys of the columns that one can choose from: the form's fields first. Where no approval runs, there is no state
/// of one.
pub fn choosable(form: &Form, has_flow: bool) -> Vec<String> {
    let shown =
        |column: &&engine::form::Column| column.shape != Shape::Rows && column.field.kind.holds_data();
    let fields = form.fields().filter(shown).map(|column| column.path.clone());
    let system = SYSTEM_SUBJECTS.iter().filter(|key| has_flow || **key != "$flow_state");
    fields.chain(system.map(|key| (*key).to_string())).collect()
}

/// How many fields of a form that could be shown have no column among these.
pub fn left_out(form: &Form, columns: &[String], could_be: &dyn Fn(&str) -> bool) -> usize {
    let of_form = choosable(form, false).into_iter().filter(|key| !key.starts_with('$') && could_be(key));
    of_form.filter(|key| !columns.contains(key)).count()
}

/// What is asked for to show these columns: a card on a phone calls each record by its title, too, and a board is
/// arranged by fields that it need not show.
pub fn asked_for(form: &Form, mut columns: Vec<String>, arranged_by: Vec<String>) -> Vec<String> {
    let titles = title_fields(form).into_iter().map(|column| column.path.clone());
    for field in titles.chain(arranged_by) {
        if !columns.contains(&field) {
            columns.push(field);
        }
    }
    columns
}

/// The typed value of a column in a list's record.
pub fn value_in(form: &Form, record: &Record, key: &str) -> Value {
    if key.starts_with('$') {
        return system_value(record, key);
    }
    form.column(key)
        .zip(record.fields.get(key))
        .map(|(column, json)| column.read_kind.read(json))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn the_title_is_asked_for_whatever_the_columns_are() {
        let form = form_of(json!([
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "name", "label": "name", "kind": "text"}]));
        let asked = |columns: &[&str]| {
            asked_for(&form, columns.iter().map(|key| (*key).to_string()).collect(), Vec::new())
        };
        assert_eq!(asked(&["qty"]), ["qty", "name"]);
        assert_eq!(asked(&["name", "qty"]), ["name", "qty"]);
        assert_eq!(asked_for(&form, vec!["name".into()], vec!["qty".into()]), ["name", "qty"]);
    }

    #[test]
    fn what_every_record_has_can_be_shown_beside_the_fields() {
        let form = form_of(json!([
            {"key": "name", "label": "name", "kind": "text"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"}]}}]));
        let keys = choosable(&form, false);
        assert_eq!(keys, ["name", "$owner", "$created_by", "$created_at", "$updated_by", "$updated_at"]);
        assert!(keys.iter().all(|key| GridColumn::of(&form, key).is_some()));
        assert_eq!(left_out(&form, &["name".into(), "$owner".into()], &|_| true), 0);
        assert_eq!(left_out(&form, &["$owner".into()], &|_| true), 1);
        // What the chosen permission group does not show can't be shown.
        assert_eq!(left_out(&form, &["$owner".into()], &|key| key != "name"), 0);
        assert!(choosable(&form, true).contains(&"$flow_state".to_string()));
        assert!(GridColumn::of(&form, "$version").is_none());
    }
}
