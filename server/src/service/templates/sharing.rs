//! Who gets which records of a demo, of the people in the roles that its files name.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::Access;
use engine::form::{Column, Form};
use engine::value::{Id, Values, get};
use store::Tx;

use crate::service::Refusal;
use crate::service::records::Order;

/// How the records of a demo are shared out: what belongs together goes to one person, so that nobody sees a link to what is
/// closed to them.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// Who owns the records, as far as somebody had to know.
    owners: BTreeMap<Id, Id>,
    /// How many records each role has got that follow no other one's owner.
    turns: BTreeMap<String, usize>,
}

impl Sharing {
    /// Who owns a record.
    pub fn note(&mut self, record: Id, owner: Id) {
        self.owners.insert(record, owner);
    }

    /// Who of these people in a role owns a record: the one who has what it links to first, else each in turn.
    pub fn owner(&mut self, role: &str, people: &[Id], linked: impl IntoIterator<Item = Id>) -> Option<Id> {
        if people.len() < 2 {
            return people.first().copied();
        }
        let owners = linked.into_iter().filter_map(|id| self.owners.get(&id).copied());
        let beside = owners.into_iter().find(|owner| people.contains(owner));
        beside.or_else(|| {
            let turn = self.turns.entry(role.to_string()).or_default();
            *turn += 1;
            people.get((*turn - 1) % people.len()).copied()
        })
    }

    /// Finds out who owns these records, each given with its form, as far as that is not known.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn learn(
        &mut self,
        tx: &mut Tx,
        order: &Order,
        linked: impl IntoIterator<Item = (Id, Id)>,
    ) -> Result<(), Refusal> {
        let mut unknown: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for (form, id) in linked {
            if !self.owners.contains_key(&id) {
                unknown.entry(form).or_default().insert(id);
            }
        }
        let access = Access::system("who has the demo records that others link to");
        for (form, ids) in unknown {
            // A form that is gone has taken its records with it.
            let Ok(table) = order.table_of(form) else { continue };
            let ids: Vec<Id> = ids.into_iter().collect();
            let found = store::record::get_many(tx, &access, table, &ids, &order.context).await?;
            self.owners.extend(found.into_iter().filter_map(|(id, record)| Some((id, record.system.owner?))));
        }
        Ok(())
    }
}

/// The form that a column links to.
pub fn link_target(column: &Column) -> Option<Id> {
    column.field.kind.as_link().and(column.target)
}

/// The records that the fields of a stored record link to, each with its form, in the order of the fields.
pub fn linked_in(form: &Form, values: &Values) -> Vec<(Id, Id)> {
    let linked = |column: &Column| Some((link_target(column)?, get(values, &column.path).as_ref_id()?));
    form.fields().filter_map(linked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: i64) -> Id {
        Id::from_i64(number).unwrap()
    }

    #[test]
    fn what_belongs_together_goes_to_one_person_and_the_rest_to_each_in_turn() {
        let (people, mut sharing) = ([id(1), id(2)], Sharing::default());
        let mut share = |record: i64, linked: &[i64]| {
            let owner = sharing.owner("REP", &people, linked.iter().map(|linked| id(*linked))).unwrap();
            sharing.note(id(record), owner);
            owner
        };
        assert_eq!([share(11, &[]), share(12, &[]), share(13, &[])], [id(1), id(2), id(1)]);
        assert_eq!([share(21, &[12]), share(22, &[13, 12]), share(23, &[99, 12])], [id(2), id(1), id(2)]);
        // What nothing is known of takes its turn.
        assert_eq!(share(24, &[99]), id(2));
    }

    #[test]
    fn one_person_gets_all_and_nobody_nothing() {
        let mut sharing = Sharing::default();
        assert_eq!(sharing.owner("REP", &[id(1)], [id(7)]), Some(id(1)));
        assert_eq!(sharing.owner("REP", &[], []), None);
        // Who has what it links to without being in the role does not get it.
        sharing.note(id(7), id(9));
        assert_eq!(sharing.owner("REP", &[id(1), id(2)], [id(7)]), Some(id(1)));
    }
}
