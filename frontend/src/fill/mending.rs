//! What of a fault can be mended by whom.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::form::{Column, Form};
use engine::text::Fault;

use super::paths::column_path;

/// Whether somebody who may set the columns that `may_edit` names can mend a fault: at its place, or at what the value there
/// follows from. One that has no place is mended nowhere in particular.
pub fn is_mendable(form: &Form, fault: &Fault, may_edit: &dyn Fn(&Column) -> bool) -> bool {
    let at = column_path(&fault.path);
    // A row that is wrong may be taken out.
    let rows = at.split('.').next().unwrap_or_default().to_string();
    let mut concerned = BTreeSet::from([rows, at.clone()]);
    // What is not as it must be to something else may be mended at either.
    if fault.code == "validation" {
        let broken = form.validations.iter().filter(|validation| validation.at == at);
        concerned.extend(broken.flat_map(|validation| validation.formula.reaches()).map(Reach::own_path));
    }
    form.all_columns().filter(|column| may_edit(column)).any(|column| {
        let followers = form.followers(&column.path);
        concerned.contains(&column.path) || followers.into_iter().any(|path| concerned.contains(path))
    })
}

/// Whether nobody who may set the columns that `may_edit` names gets rid of a fault. One that has no place may follow from
/// anything in the record.
pub fn is_beyond_mending(form: &Form, fault: &Fault, may_edit: &dyn Fn(&Column) -> bool) -> bool {
    if fault.path.is_empty() {
        return !form.all_columns().any(may_edit);
    }
    !is_mendable(form, fault, may_edit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_fault_is_mended_where_one_may_set_what_it_is_about() {
        let form = form_of(json!([
            {"key": "qty", "label": "qty", "kind": "number"},
            {"key": "price", "label": "price", "kind": "number"},
            {"key": "sum", "label": "sum", "kind": "number", "compute": {"formula": "qty * price"}},
            {"key": "note", "label": "note", "kind": "text"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "part", "label": "part", "kind": "number"}]}}]));
        let mends = |path: &str, open: &[&str]| {
            is_mendable(&form, &Fault::new(path, "constraint"), &|column| {
                open.contains(&column.path.as_str())
            })
        };
        assert!(mends("qty", &["qty"]));
        assert!(!mends("qty", &["price", "note"]));
        assert!(mends("sum", &["price"]), "what a computed field follows from");
        assert!(!mends("sum", &["note"]));
        assert!(mends("lines.3.part", &["lines.part"]));
        assert!(mends("lines.3.part", &["lines"]));
        assert!(!mends("lines.3.part", &["qty"]));
        assert!(!mends("", &["qty", "price", "note", "lines"]), "it has no place");
        let is_beyond = |path: &str, open: &[&str]| {
            is_beyond_mending(&form, &Fault::new(path, "constraint"), &|column| {
                open.contains(&column.path.as_str())
            })
        };
        assert!(is_beyond("qty", &["price", "note"]));
        assert!(!is_beyond("sum", &["price"]));
        assert!(!is_beyond("", &["note"]), "it may follow from anything");
        assert!(is_beyond("", &[]), "nothing may be set");
    }
}
