//! Demo records whose people come later. Where nobody was in the role that a record is for, it lies with who installed the
//! template; as soon as somebody is in the role it is theirs, unless somebody has changed it meanwhile.
//!
//! People come by many ways: they are made, invited, imported, given a role. So it is looked for whether somebody has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::Access;
use engine::value::Id;
use store::Tx;
use store::awaited_owner::AwaitedOwner;
use wire::records::{Fields, SystemInput};

use super::clearing::changed_among;
use super::sharing::{Sharing, linked_in};
use crate::service::jobs::Pace;
use crate::service::people::Caller;
use crate::service::records::failing::is_of_all;
use crate::service::records::save::{Change, save};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// Records of one transaction at most.
const MOST: usize = 50;

/// Gives demo records to those who have come into their roles; how many were looked at.
///
/// # Errors
/// When the database can't be read or written.
pub async fn hand_out(installation: &Installation) -> Result<usize, Refusal> {
    let awaited = AwaitedOwner::roles(&mut installation.store.read().await?).await?;
    let mut looked = 0;
    for (workspace, role) in awaited {
        let people = installation.directories.get(&installation.store, workspace).await?;
        if people.active_in_role(&role).is_empty() {
            continue;
        }
        let (mut sharing, mut pace) = (Sharing::default(), Pace::default());
        while !installation.is_draining() {
            let most = pace.begin().min(MOST);
            let (count, known) = slice(installation, (workspace, role.clone()), sharing, most).await?;
            sharing = known;
            looked += count;
            // Half of the time is other people's.
            tokio::time::sleep(pace.end(count)).await;
            if count == 0 {
                break;
            }
        }
    }
    Ok(looked)
}

/// Hands out the next records that wait for a role, in a transaction of their own.
async fn slice(
    installation: &Installation,
    (workspace, role): (Id, String),
    mut sharing: Sharing,
    most: usize,
) -> Result<(usize, Sharing), Refusal> {
    let parts = installation.clone();
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    installation
        .write(move |tx| {
            Box::pin(async move {
                let waiting = AwaitedOwner::of_role(tx, workspace, &role, most).await?;
                let people = parts.directories.newest(&parts.store, tx, workspace).await?;
                let there = people.active_in_role(&role);
                let Some(first) = there.first() else { return Ok((0, sharing)) };
                let caller = Caller::product(&people, *first)?;
                let mut by_form: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
                for awaited in &waiting {
                    by_form.entry(awaited.form).or_default().push(awaited.record);
                }
                let handing = Handing { role: &role, people: &there };
                for (form, ids) in by_form {
                    let designs = parts.designs.newest(&parts.store, tx, workspace).await?;
                    match Order::known(&parts, &caller, designs, form, Path::Demo) {
                        Ok(order) => {
                            let order = Arc::new(order.newest(tx).await?);
                            handing.of_form(tx, &order, &ids, &mut sharing).await?;
                        }
                        // A form that is gone has taken its records with it.
                        Err(refusal) if refusal.cause == Cause::Missing => {}
                        Err(refusal) => return Err(refusal),
                    }
                }
                for awaited in &waiting {
                    AwaitedOwner::delete(tx, workspace, role.clone(), awaited.record).await?;
                }
                Ok((waiting.len(), sharing))
            })
        })
        .await
}

/// A role, and who is in it now.
struct Handing<'h> {
    role: &'h str,
    people: &'h [Id],
}

impl Handing<'_> {
    /// Hands out records of one form.
    async fn of_form(
        &self,
        tx: &mut Tx,
        order: &Arc<Order>,
        ids: &[Id],
        sharing: &mut Sharing,
    ) -> Result<(), Refusal> {
        let access = Access::system("demo records go to those whom they are for");
        let found = store::record::get_many(tx, &access, order.table(), ids, &order.context).await?;
        let changed = changed_among(tx, order, ids).await?;
        let form = order.compiled.form.clone();
        let all_linked = found.values().flat_map(|record| linked_in(&form, &record.values));
        sharing.learn(tx, order, all_linked).await?;
        for id in ids {
            let Some(record) = found.get(id).filter(|record| record.system.is_live()) else { continue };
            // Whom somebody gave it to keeps it.
            if record.system.owner != record.system.created_by || changed.contains(id) {
                continue;
            }
            let linked = linked_in(&form, &record.values).into_iter().map(|(_, id)| id);
            if let Some(owner) = sharing.owner(self.role, self.people, linked) {
                give(tx, order, *id, owner).await?;
                sharing.note(*id, owner);
            }
        }
        Ok(())
    }
}

/// Gives a record to somebody. What a rule refuses stays where it is, and undoes nothing else.
async fn give(tx: &mut Tx, order: &Arc<Order>, id: Id, owner: Id) -> Result<(), Refusal> {
    let doing = order.clone();
    let outcome = tx
        .nested(|tx| {
            Box::pin(async move {
                let system = Some(SystemInput { owner: Some(owner), ..SystemInput::default() });
                let change = Change::Update { id, version: None, fields: Fields::new(), system };
                save(tx, &doing, vec![change]).await
            })
        })
        .await?;
    match outcome {
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Ok(_) | Err(_) => Ok(()),
    }
}
