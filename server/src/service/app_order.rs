//! The order in which a member sees the apps; it is their own, and the same on every device.
//!
//! As with the navigation of an app, an order is kept and no list of what there is: what is new stands at the end, and nothing
//! has to be told when an app comes or goes.

use std::collections::BTreeSet;

use engine::text::{Fault, Faults};
use engine::value::Id;
use store::app_order::AppOrder as Kept;

use super::answer::Answer;
use super::apps::{self, to_json};
use super::cached::Snapshot;
use super::designs::{Designs, stored};
use super::people::Caller;
use super::{Installation, Refusal};

/// Apps that an order names at most.
const MOST: usize = 1000;

/// The apps in which the caller may use something, in the caller's order.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::App>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let kept = {
        let mut db = installation.store.read().await?;
        Kept::find(&mut db, caller.workspace_id(), caller.id()).await?
    };
    let order: Vec<Id> = match &kept {
        Some(kept) => stored("app_order", &kept.apps)?,
        None => Vec::new(),
    };
    Ok(ordered(apps::list(&designs, caller), &order))
}

/// Puts the apps into another order, for the caller alone.
///
/// # Errors
/// The place of each app that the caller may not use, or that stands twice; `too_many`.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    input: wire::AppOrder,
) -> Result<Answer, Refusal> {
    let actor = caller.clone();
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (workspace, member) = (actor.workspace_id(), actor.id());
                let designs = Designs::load(tx, workspace).await?;
                let there = apps::list(&designs, &actor).into_iter().map(|app| app.id).collect();
                let faults = faults(&input.apps, &there);
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
                let row = Kept { workspace, member, apps: to_json(&input.apps)? };
                row.put(tx).await?;
                Answer::done(&input)
            })
        })
        .await
}

/// What the order names, then the rest as it was made.
fn ordered(mut there: Vec<wire::App>, order: &[Id]) -> Vec<wire::App> {
    there.sort_by_key(|app| place(order, app.id));
    there
}

fn place(order: &[Id], app: Id) -> usize {
    order.iter().position(|id| *id == app).unwrap_or(order.len())
}

fn faults(wanted: &[Id], there: &BTreeSet<Id>) -> Faults {
    let mut faults = Faults::new();
    if wanted.len() > MOST {
        faults.push(Fault::new("apps", "too_many").arg("max", MOST));
        return faults;
    }
    let mut seen = BTreeSet::new();
    for (at, app) in wanted.iter().enumerate() {
        if !seen.insert(app) {
            faults.push(Fault::new(format!("apps.{at}"), "twice"));
        } else if !there.contains(app) {
            faults.push(Fault::new(format!("apps.{at}"), "not_an_id"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[i64]) -> Vec<Id> {
        numbers.iter().map(|number| Id::from_i64(*number).unwrap()).collect()
    }

    #[test]
    fn what_is_new_stands_at_the_end_as_it_was_made() {
        let order = ids(&[7, 3, 9]);
        let mut there = ids(&[3, 4, 5, 7]);
        there.sort_by_key(|app| place(&order, *app));
        assert_eq!(there, ids(&[7, 3, 4, 5]));
    }

    #[test]
    fn each_app_that_does_not_fit_is_named() {
        let there = ids(&[1, 2]).into_iter().collect();
        let found = |wanted: &[i64]| -> Vec<String> {
            let faults = faults(&ids(wanted), &there);
            faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
        };
        assert!(found(&[2, 1]).is_empty());
        assert_eq!(found(&[2, 2, 3]), ["apps.1 twice", "apps.2 not_an_id"]);
        assert_eq!(found(&[1; MOST + 1]), ["apps too_many"]);
    }
}
