//! What an inbound hook opens of the forms: of its own the fields that it names, and of others that there are the records that
//! its links may name.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight, Grant, Operation, PermissionGroup, Who, looked_up};
use engine::form::{Column, Form};
use engine::hook::HookDocument;
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
            let read = columns.iter().flat_map(|column| read_there(document, column, &compiled.form));
            grant(vec![Operation::View], read.map(|path| (path, FieldRight::Read)).collect());
        }
        Access::granted(grants)
    }
}

/// What a hook reads of the records that a field leads to which it fills in: what they are named by, of choices that another form
/// gives what can be chosen, and what a filter asks. A message is answered with none of it, but by whether it fits.
pub(super) fn read_there(document: &HookDocument, column: &Column, there: &Form) -> BTreeSet<String> {
    let named = document.named_by(&column.path).map(str::to_string);
    let is_chosen = column.field.kind.choices_from().is_some();
    let chosen = is_chosen.then(|| looked_up(column, there)).into_iter().flatten();
    let read = named.chain(chosen).chain(asked(column, there));
    read.filter(|path| there.column(path).is_some()).collect()
}
