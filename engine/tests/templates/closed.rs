//! What the templates close to a role stays closed, also where a figure adds it up.

use std::collections::BTreeSet;

use engine::access::{Access, FieldRight, Grant, Operation};
use engine::field::FieldKind;

use super::world::{Name, World, full_name};

/// Figures that are for a role though the records under them are not.
const MEANT: [&str; 5] = [
    // Marketing sees how often and when somebody bought, not for how much.
    "MKT base/customer.first_order_at",
    "MKT base/customer.last_order_at",
    "MKT base/customer.order_count",
    "MKT base/customer.orders_12m",
    // Sales see how many points their members have, not each booking.
    "REP loyalty/member.points_earned",
];

/// What the groups of a role open in a form.
fn access(world: &World, role: &str, name: &Name) -> Access {
    let package = world.packages.iter().find(|package| package.manifest.key == name.0);
    let groups = package.and_then(|package| package.groups.get(&name.1)).into_iter().flatten();
    let of_role = groups.filter(|group| group.who.roles.iter().any(|key| key == role));
    let form = &world.forms[name];
    Access::granted(of_role.map(|group| Grant::new(group, form, world).expect("was checked")).collect())
}

#[test]
fn no_role_reads_a_sum_over_what_is_closed_to_it() {
    let world = World::install(&super::installations().pop().expect("all together"));
    let mut told = BTreeSet::new();
    for (name, form) in &world.forms {
        for column in form.fields() {
            let FieldKind::Rollup(rollup) = &column.field.kind else { continue };
            let counted = full_name(&name.0, &rollup.form);
            let what = rollup.field.as_deref().unwrap_or("$id");
            for role in &world.roles {
                let (here, there) = (access(&world, role, name), access(&world, role, &counted));
                let reads = |access: &Access, path: &str| {
                    access.may(Operation::View)
                        && (path.starts_with('$') || access.right(path) >= FieldRight::Read)
                };
                if reads(&here, &column.path) && !reads(&there, what) {
                    told.insert(format!("{role} {}/{}.{}", name.0, name.1, column.path));
                }
            }
        }
    }
    assert_eq!(told, MEANT.iter().map(ToString::to_string).collect());
}
