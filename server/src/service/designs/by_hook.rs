//! What an inbound hook opens of the forms: of its own the fields that it names, and of others that there are the records that
//! its links may name.

use std::collections::BTreeMap;

use engine::access::{Access, FieldRight, Grant, Operation, PermissionGroup, Who, looked_up};
use engine::form::Column;
use engine::text::Label;

use super::by_link::asked;
use super::{Compiled, Designs, FormDesign};
use crate::service::hooks::Pass;

/// What the groups are called that a hook stands for; nobody sees them.
const KEY: &str = "inbound_hook";

impl Designs {
    /// What a hook may do with the records of a form: nothing, but for the form that it is of, and those that links lead to which
    /// it fills in.
    pub(super) fn access_by_hook(&self, design: &FormDesign, compiled: &Compiled, pass: &Pass) -> Access {
        let mut grants: Vec<Grant> = Vec::new();
        let mut grant = |operations: Vec<Operation>, fields: BTreeMap<String, FieldRight>| {
            let (key, label) = (KEY.to_string(), Label::default());
            let who = Who::default();
            let group =
                PermissionGroup { format: 1, key, label, who, operations, fields, rows: None, enabled: true };
            grants.extend(Grant::new(&group, &compiled.form, self));
        };
        let document = &pass.document;
        if design.row.id == pass.form {
            grant(document.operations(), document.rights(&compiled.form));
        }
        let own = self.published(pass.form).and_then(|own| self.compiled(own));
        let Ok(own) = own else { return Access::granted(grants) };
        let rights = document.rights(&own.form);
        let leads_here = |column: &&Column| column.target == Some(design.row.id);
        let is_filled = |column: &&Column| rights.get(&column.path) == Some(&FieldRight::Edit);
        let columns: Vec<&Column> = own.form.all_columns().filter(leads_here).filter(is_filled).collect();
        if !columns.is_empty() {
            let named = columns.iter().flat_map(|column| document.named_by(&column.path)).map(str::to_string);
            // Of choices that another form gives, what can be chosen.
            let chosen = columns.iter().filter(|column| column.field.kind.choices_from().is_some());
            let chosen = chosen.flat_map(|column| looked_up(column, &compiled.form));
            let is_there = |path: &String| compiled.form.column(path).is_some();
            // A filter is held against what it asks, though no message is answered with it.
            let asked = columns.iter().flat_map(|column| asked(column, &compiled.form));
            let shown = named
                .chain(chosen)
                .chain(asked)
                .filter(is_there)
                .map(|path| (path, FieldRight::Read))
                .collect();
            grant(vec![Operation::View], shown);
        }
        Access::granted(grants)
    }
}
