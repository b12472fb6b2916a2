//! What comes next in an app that was made from a template, and how far the workspace is with it: people in the roles that its
//! permission groups and flows name, the demo cleared, a record of somebody's own.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::value::Id;
use store::document::PackageInstall;
use store::history::HistoryEntry;

use super::kept::Kept;
use super::own_packages;
use crate::service::designs::FormDesign;
use crate::service::people::{Caller, roles};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// Records of a form, made after its demo, among which one of somebody's own is looked for. Scripts and flows make some, too.
const LOOKED_AT: u64 = 50;

/// How far the workspace is with an app that came with a template; nothing comes next in any other one.
///
/// # Errors
/// Forbidden for who may not install; not found for an app that is not there.
pub async fn next_steps(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<wire::NextSteps, Refusal> {
    if !caller.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let app = designs.app(name).ok_or_else(Refusal::missing)?.id;
    let installs = PackageInstall::list(&mut installation.store.read().await?, workspace).await?;
    let Some(install) = installs.iter().find(|install| install.app == app) else {
        return Ok(wire::NextSteps::default());
    };
    let kept = Kept::read(install)?;
    // One that somebody sent has no place where its demo is cleared.
    let has_demo = kept.records().next().is_some() && own_packages()?.contains_key(&install.key);
    let forms: Vec<&FormDesign> =
        designs.forms.values().filter(|design| design.row.app == app && design.sketch.is_some()).collect();
    Ok(wire::NextSteps {
        template: Some(install.key.clone()),
        roles: roles_of(&forms, caller),
        demo: has_demo,
        cleared: kept.is_cleared,
        record: has_own(installation, caller, &forms, &last_of_demo(&installs)?).await?,
        people: caller.people.members.len() > 1,
    })
}

/// The roles that the groups and flows of forms name, by name.
fn roles_of(forms: &[&FormDesign], caller: &Caller) -> Vec<wire::Role> {
    let groups = forms.iter().flat_map(|form| &form.groups).filter(|group| group.document.enabled);
    let mut named: BTreeSet<String> = groups.flat_map(|group| group.document.who.roles.clone()).collect();
    let flows = forms.iter().filter_map(|form| form.flow.as_ref());
    named.extend(flows.flat_map(|(_, flow)| flow.document().roles()));
    let all = roles::list(caller).into_iter();
    all.filter(|role| named.contains(&role.key) || named.contains(&role.id.to_string())).collect()
}

/// The last demo record of each form, whatever package it came with: ids follow time.
fn last_of_demo(installs: &[PackageInstall]) -> Result<BTreeMap<Id, Id>, Refusal> {
    let mut last: BTreeMap<Id, Id> = BTreeMap::new();
    for install in installs {
        for ((form, _), record) in Kept::read(install)?.records() {
            let known = last.entry(form).or_insert(record);
            *known = record.max(*known);
        }
    }
    Ok(last)
}

/// Whether people have made a record of one of the forms since.
async fn has_own(
    installation: &Installation,
    caller: &Caller,
    forms: &[&FormDesign],
    last: &BTreeMap<Id, Id>,
) -> Result<bool, Refusal> {
    let access = Access::system("whether people have made records, of which nothing is shown");
    for form in forms {
        let id = form.row.id;
        let Ok(order) = Order::to_read(installation, caller, &id.to_string()).await else { continue };
        let mut db = order.reader().await?;
        let after = last.get(&id).copied();
        let made = store::record::walk(&mut db, &access, order.table(), after, LOOKED_AT).await?;
        let ids: Vec<Id> = made.iter().map(|record| record.id).collect();
        let paths = HistoryEntry::paths_of(&mut db, caller.workspace_id(), id, &ids).await?;
        if paths.values().flatten().any(|path| Path::is_of_people(path)) {
            return Ok(true);
        }
    }
    Ok(false)
}
