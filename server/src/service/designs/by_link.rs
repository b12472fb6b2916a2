//! What a public link opens of the forms: records of its own may be made, and of others is seen what was confirmed.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{
    Access, FieldRight, Grant, Openness, Operation, PermissionGroup, Who, looked_up, openness, public_rights,
};
use engine::condition::{Checked, Condition, Operand, Operator, Reach, Test};
use engine::form::{Column, Form};
use engine::text::Label;
use engine::value::Id;
use serde_json::Value as Json;

use super::{Compiled, Designs, FormDesign};
use crate::service::links::Pass;

/// What the groups are called that a link stands for; nobody sees them.
const KEY: &str = "public_link";

impl Designs {
    /// What somebody may do with the records of a form who comes by a public link: nothing, but for the form that the link is
    /// of and those that its confirmed fields choose from.
    pub(super) fn access_by_link(&self, design: &FormDesign, compiled: &Compiled, pass: &Pass) -> Access {
        let mut grants: Vec<Grant> = Vec::new();
        let mut grant =
            |operation: Operation, fields: BTreeMap<String, FieldRight>, rows: Option<Condition>| {
                let (key, label) = (KEY.to_string(), Label::default());
                let (who, operations) = (Who::default(), vec![operation]);
                let group =
                    PermissionGroup { format: 1, key, label, who, operations, fields, rows, enabled: true };
                grants.extend(Grant::new(&group, &compiled.form, self));
            };
        if design.row.id == pass.form {
            grant(Operation::Create, written(&compiled.form, pass), None);
        }
        let own = self.published(pass.form).and_then(|own| self.compiled(own));
        let Ok(own) = own else { return Access::granted(grants) };
        let leads_here = |column: &&Column| column.target == Some(design.row.id);
        let rights = public_rights(&own.form, &pass.fields, &pass.lookups);
        let mut shown: BTreeSet<String> = BTreeSet::new();
        let (mut given, mut tested): (BTreeSet<Id>, BTreeSet<String>) = Default::default();
        for column in own.form.all_columns().filter(leads_here) {
            let is_open = rights.get(&column.path).is_some_and(|right| *right > FieldRight::None);
            if is_open && openness(column) == Openness::Lookup {
                shown.extend(looked_up(column, &compiled.form));
                shown.extend(asked(column, &compiled.form));
            }
            let leads_to: Vec<Id> = pass.values.get(&column.path).map(ids).unwrap_or_default();
            if !leads_to.is_empty() {
                tested.extend(asked(column, &compiled.form));
            }
            given.extend(leads_to);
        }
        let readable =
            |paths: BTreeSet<String>| paths.into_iter().map(|path| (path, FieldRight::Read)).collect();
        if !shown.is_empty() {
            grant(Operation::View, readable(shown), None);
        }
        if !given.is_empty() {
            // What the link itself leads to is there, and nothing of it is shown.
            let ids = given.into_iter().map(|id| Json::from(id.to_string())).collect();
            let value = Some(Operand::Literal(Json::Array(ids)));
            let rows = Test { field: "$id".to_string(), op: Operator::In, value, matching: None };
            grant(Operation::View, readable(tested), Some(Condition::Test(rows)));
        }
        Access::granted(grants)
    }
}

/// What the filter of a field asks of the records that it lets choose. No answer to a visitor has more of a record than
/// [`looked_up`] says.
pub(super) fn asked(column: &Column, there: &Form) -> Vec<String> {
    let reaches = column.filter.as_ref().map(Checked::reaches).unwrap_or_default();
    reaches.iter().map(Reach::own_path).filter(|path| there.column(path).is_some()).collect()
}

/// What an answer sets: what the visitor fills in, and what the link gives in their place.
fn written(form: &Form, pass: &Pass) -> BTreeMap<String, FieldRight> {
    let mut rights = public_rights(form, &pass.fields, &pass.lookups);
    let given = pass.values.keys().filter(|path| !pass.fields.contains(path) && form.column(path).is_some());
    rights.extend(given.map(|path| (path.clone(), FieldRight::Edit)));
    rights
}

/// The ids in a value of the wire.
pub(super) fn ids(value: &Json) -> Vec<Id> {
    let all: &[Json] = match value {
        Json::Array(all) => all,
        one => std::slice::from_ref(one),
    };
    all.iter().filter_map(|id| id.as_str()?.parse().ok()).collect()
}
