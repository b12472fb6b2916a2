//! Records that waiting jobs are going to change, read together with that of the job at hand: a turn of the connection costs
//! more than the reading.
//!
//! What is read ahead is what the transaction holds at that moment. Whatever then writes the tables of forms makes it
//! forgotten: the one record that a save says it writes, or all.

use engine::value::Id;

use crate::record::Record;
use crate::table::FormRef;

/// A record that a transaction is going to lock first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub form: FormRef,
    pub record: Id,
}

/// Records that are read at once.
const MOST: usize = 16;

#[derive(Default)]
pub(crate) struct Foreseen {
    wanted: Vec<Wanted>,
    read: Vec<(FormRef, Record)>,
    /// The one record that is being written; `None` where any might be.
    writing: Option<Id>,
}

impl Foreseen {
    /// Somebody waits who will ask for this record.
    pub(crate) fn want(&mut self, wanted: Wanted) {
        self.wanted.push(wanted);
    }

    /// The record, if it was read ahead and is still what was read. Whoever comes for it waits no more.
    pub(crate) fn take(&mut self, form: FormRef, id: Id) -> Option<Record> {
        self.wanted.retain(|wanted| wanted.form != form || wanted.record != id);
        let place = self.read.iter().position(|(of, record)| *of == form && record.id == id)?;
        Some(self.read.swap_remove(place).1)
    }

    /// Other records of the form that are waited for and not read, some of them.
    pub(crate) fn others(&self, form: FormRef) -> Vec<Id> {
        let mut ids: Vec<Id> = Vec::new();
        for wanted in self.wanted.iter().filter(|wanted| wanted.form == form) {
            let is_read = self.read.iter().any(|(of, record)| *of == form && record.id == wanted.record);
            if !is_read && !ids.contains(&wanted.record) && ids.len() + 1 < MOST {
                ids.push(wanted.record);
            }
        }
        ids
    }

    pub(crate) fn keep(&mut self, form: FormRef, record: Record) {
        self.read.push((form, record));
    }

    /// From here on statements write this record alone, or again any.
    pub(crate) fn writes(&mut self, record: Option<Id>) {
        self.writing = record;
    }

    /// A statement writes tables of forms.
    pub(crate) fn changed(&mut self) {
        match self.writing {
            Some(id) => self.read.retain(|(_, record)| record.id != id),
            None => self.read.clear(),
        }
    }

    /// Something was undone, or the transaction ends.
    pub(crate) fn forget(&mut self) {
        self.read.clear();
        self.writing = None;
    }

    /// A new transaction begins, for these.
    pub(crate) fn begin(&mut self, wanted: impl Iterator<Item = Wanted>) {
        self.forget();
        self.wanted = wanted.collect();
    }
}
