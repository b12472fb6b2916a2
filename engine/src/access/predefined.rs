//! Groups to begin with (product.md P04): what most forms need, without anybody in them.

use std::collections::BTreeMap;

use super::words::texts;
use super::{FieldRight, Operation, PermissionGroup, Who};
use crate::condition::{Condition, Operand, Operator, Test, Variable};
use crate::text::Label;

use Operation::{
    BulkEdit, ChangeOwner, Comment, Copy, Create, Delete, Edit, EditRunning, Export, Import, MayLeave, Print,
    Reactivate, ReassignTask, Terminate, View, Void,
};

/// Everything that can be done where no flow is.
const MANAGE: [Operation; 14] = [
    View,
    Create,
    Edit,
    EditRunning,
    MayLeave,
    Delete,
    Copy,
    Import,
    Export,
    BulkEdit,
    Print,
    Comment,
    Void,
    ChangeOwner,
];

/// The groups that are offered for a form, one with a flow or one without.
pub fn predefined(has_flow: bool) -> Vec<PermissionGroup> {
    let view_all = group("view_all", &[View, Print, Comment], FieldRight::Read);
    if has_flow {
        let manage: Vec<Operation> =
            MANAGE.into_iter().chain([ReassignTask, Terminate, Reactivate]).collect();
        let start = group("start", &[Create], FieldRight::Edit);
        return vec![start, view_all, group("manage_all", &manage, FieldRight::Edit)];
    }
    let own = [View, Create, Edit, Delete, Copy, Print, Comment];
    vec![
        group("add_only", &[Create], FieldRight::Edit),
        PermissionGroup { rows: Some(of_owner()), ..group("manage_own", &own, FieldRight::Edit) },
        group("add_and_view_all", &[View, Create, Copy, Print, Comment], FieldRight::Edit),
        group("manage_all", &MANAGE, FieldRight::Edit),
        view_all,
    ]
}

/// The records that belong to whoever looks.
fn of_owner() -> Condition {
    let value = Some(Operand::Var(Variable::Me));
    Condition::Test(Test { field: "$owner".to_string(), op: Operator::Eq, value, matching: None })
}

fn group(key: &str, operations: &[Operation], fields: FieldRight) -> PermissionGroup {
    let name = format!("predefined-{}", key.replace('_', "-"));
    PermissionGroup {
        format: 1,
        key: key.to_string(),
        label: Label::each(|language| texts(language).get(&name, &BTreeMap::new()).unwrap_or_default()),
        who: Who::default(),
        operations: operations.to_vec(),
        fields: BTreeMap::from([("*".to_string(), fields)]),
        rows: None,
        enabled: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_a_record_away_may_let_it_go_out_of_the_rows() {
        for group in predefined(true).into_iter().chain(predefined(false)) {
            let may = |operation| group.operations.contains(&operation);
            // Whose rows are their own would be refused every time.
            assert!(!may(ChangeOwner) || group.rows.is_none() || may(MayLeave), "{}", group.key);
        }
    }
}
