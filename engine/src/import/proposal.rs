//! A form that would take the records of a file.

use std::collections::BTreeSet;

use super::{ColumnProfile, Guess, free_key, key_of};
use crate::field::FieldKind;
use crate::form::{Field, FormDocument};
use crate::text::Label;
use crate::value::fold;

/// A column of the file and the field that is proposed for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProposedColumn {
    pub header: String,
    pub field: Field,
    /// Whether there are cells that do not look like the field's kind.
    pub has_exceptions: bool,
}

/// The form with a field for each column, and which is which.
pub fn propose(
    key: &str,
    label: Label,
    columns: &[(String, ColumnProfile)],
) -> (FormDocument, Vec<ProposedColumn>) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut proposed = Vec::with_capacity(columns.len());
    for (place, (header, profile)) in columns.iter().enumerate() {
        let wanted = key_of(header).unwrap_or_else(|| format!("field_{}", place + 1));
        let key = free_key(&wanted, |key| taken.contains(key));
        taken.insert(key.clone());
        let Guess { kind, has_exceptions } = profile.guess(header);
        let field = Field::new(&key, header.as_str(), kind);
        proposed.push(ProposedColumn { header: header.clone(), field, has_exceptions });
    }
    let document = FormDocument {
        format: 1,
        key: key.to_string(),
        label,
        title: title(&proposed).map(|key| format!("{{{key}}}")),
        fields: proposed.iter().map(|column| column.field.clone()).collect(),
        ..FormDocument::default()
    };
    (document, proposed)
}

/// The field that a record is called by: one with a name for a name, else the first line of text.
fn title(columns: &[ProposedColumn]) -> Option<&str> {
    const NAMES: [&str; 6] = ["name", "title", "名称", "名稱", "姓名", "标题"];
    let is_line = |column: &&ProposedColumn| matches!(column.field.kind, FieldKind::Text(_));
    let is_name = |column: &&ProposedColumn| {
        let header = fold(&column.header);
        NAMES.contains(&header.as_str()) || header == "標題"
    };
    let lines = || columns.iter().filter(is_line);
    lines().find(is_name).or_else(|| lines().next()).map(|column| column.field.key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_takes_its_fields_from_the_columns() {
        let columns = ["Order ID", "Sales", "金额", "order id", "名称"].map(|header| {
            let mut profile = ColumnProfile::default();
            profile.observe(if header == "Sales" { "1.5" } else { "A-1" });
            (header.to_string(), profile)
        });
        let (form, proposed) = propose("orders", "Orders".into(), &columns);
        let keys: Vec<&str> = proposed.iter().map(|column| column.field.key.as_str()).collect();
        assert_eq!(keys, ["order_id", "sales", "field_3", "order_id_2", "field_5"]);
        let json = serde_json::to_value(&form).unwrap();
        assert_eq!(json["title"], "{field_5}");
        assert_eq!(
            json["fields"][1],
            json!({"key": "sales", "label": "Sales", "kind": "number", "options": {"scale": 1}})
        );
        assert_eq!(serde_json::from_value::<FormDocument>(json).unwrap(), form);
    }
}
