//! What others do shows by itself: records are renewed where they stand, and the list is looked at anew without moving what
//! somebody is at.

use std::collections::BTreeSet;
use std::time::Duration;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::sheet::Sheet;
use crate::api::news::{self, News, RecordNews};

/// News of so long are taken together.
const TOGETHER: Duration = Duration::from_millis(600);
/// Rows that came above are looked for so far around where a row was.
const AROUND: usize = 100;
/// Rows that are drawn above what is seen, and looked at on both sides of the row that somebody is at.
const ABOVE: usize = 12;

/// What was told and not looked at yet.
#[derive(Clone, Debug, Default, PartialEq)]
struct Told {
    /// Records in sight that changed.
    changed: BTreeSet<Id>,
    /// Whether other records may be listed now, or in another order.
    is_list_other: bool,
    is_waiting: bool,
}

impl Told {
    /// Takes in what happened to a record, of which the version `known` is in sight. Whether it is gone.
    fn take(&mut self, news: &RecordNews, known: Option<i64>) -> bool {
        match (news.what.as_str(), known) {
            ("delete", Some(_)) => return true,
            // Saved from here, most likely.
            (_, Some(known)) if known >= news.version => {}
            (_, Some(_)) => {
                self.changed.insert(news.record);
            }
            (_, None) => self.is_list_other = true,
        }
        false
    }
}

/// Follows what others do for as long as the page is there. `published` hears of a new version of the form.
pub fn follow(sheet: Sheet, is_plain: Signal<bool>, published: RwSignal<bool>) {
    let form = sheet.form.with_value(|form| form.info.id);
    let told = StoredValue::new(Told::default());
    news::hear(move |news| {
        let take = |told: &mut Told| match news {
            News::Record(record) if record.form == form => {
                let known = sheet.rows.known(record.record).map(|known| known.version);
                let is_gone = told.take(record, known);
                // Told to the rows where it is so: each would look.
                let is_other = |gone: &BTreeSet<Id>| gone.contains(&record.record) != is_gone;
                if sheet.gone.try_with_untracked(is_other) == Some(true) {
                    let _ = sheet.gone.try_update(|gone| {
                        if is_gone { gone.insert(record.record) } else { gone.remove(&record.record) }
                    });
                }
            }
            News::Form(changed) if *changed == form => published.set(true),
            // Which they are is not told: rows in sight may be among them.
            News::Records(changed) if *changed == form => told.is_list_other = true,
            News::Lost => told.is_list_other = true,
            News::Record(_)
            | News::Records(_)
            | News::Form(_)
            | News::Draft(_)
            | News::Task
            | News::Notice => {}
        };
        let _ = told.try_update_value(take);
        look_later(sheet, is_plain, told);
    });
}

fn look_later(sheet: Sheet, is_plain: Signal<bool>, told: StoredValue<Told>) {
    let begins = told.try_update_value(|told| {
        let is_new = !told.is_waiting && (told.is_list_other || !told.changed.is_empty());
        told.is_waiting |= is_new;
        is_new
    });
    if begins == Some(true) {
        set_timeout(move || look(sheet, is_plain, told), TOGETHER);
    }
}

fn look(sheet: Sheet, is_plain: Signal<bool>, told: StoredValue<Told>) {
    let Some(now) = told.try_update_value(std::mem::take) else { return };
    spawn_local(async move {
        let changed: Vec<Id> = now.changed.into_iter().collect();
        if !changed.is_empty() {
            let _ = sheet.rows.renew(&changed).await;
        }
        let (Some(is_busy), Some(is_plain_now)) = (sheet.is_busy(), is_plain.try_get_untracked()) else {
            return;
        };
        if !now.is_list_other {
            return;
        }
        if is_busy {
            // The list waits until what is being done is done.
            let _ = told.try_update_value(|told| told.is_list_other = true);
            look_later(sheet, is_plain, told);
        } else if is_plain_now {
            sheet.look().await;
        } else {
            // What is gone is left out, and what came back is listed.
            let _ = sheet.gone.try_set(BTreeSet::new());
            sheet.rows.refresh();
        }
    });
}

impl Sheet {
    /// Whether something is being done that no row may move under; nothing where the page is gone.
    fn is_busy(self) -> Option<bool> {
        let edits = self.editing.try_with_untracked(Option::is_some)?;
        let fills = self.filled_to.try_with_untracked(Option::is_some)?;
        let sends = self.saving.progress.try_with_untracked(Option::is_some)?;
        Some(edits || fills || sends)
    }

    /// Looks at the list anew. The row that somebody is at, or else the first in sight, stays where it is on the screen.
    pub async fn look(self) {
        let (Some(seen), Some(roams), Some(selection)) = (
            self.seen.try_get_untracked(),
            self.roams.try_get_untracked(),
            self.selection.try_get_untracked(),
        ) else {
            return;
        };
        let row = if roams { selection.active.row } else { seen.0 + if seen.0 > 0 { ABOVE } else { 0 } };
        let anchor = untrack(|| self.rows.id_at(row));
        // Whoever scrolls away is still at their row.
        let places = [seen.0..seen.1, row.saturating_sub(ABOVE)..row + ABOVE];
        if !self.rows.look_again(&places).await {
            return;
        }
        let _ = self.gone.try_set(BTreeSet::new());
        let around = row.saturating_sub(AROUND)..row + AROUND;
        let Some(now) = anchor.and_then(|anchor| self.rows.place_among(anchor, around)) else { return };
        let Ok(moved) = isize::try_from(now).and_then(|now| isize::try_from(row).map(|row| now - row)) else {
            return;
        };
        if moved == 0 {
            return;
        }
        let _ = self.selection.try_update(|selection| *selection = selection.shifted(moved));
        if let Some(shift) = self.shift.try_get_value().flatten() {
            shift.try_run(moved);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(what: &str, version: i64) -> RecordNews {
        let id = Id::from_i64(7).unwrap();
        RecordNews { form: id, record: id, version, what: what.into() }
    }

    #[test]
    fn what_is_in_sight_is_renewed_and_anything_else_is_looked_for() {
        let mut told = Told::default();
        assert!(!told.take(&news("update", 3), Some(3)), "saved from here");
        assert_eq!(told, Told::default());
        told.take(&news("update", 4), Some(3));
        assert_eq!((told.changed.len(), told.is_list_other), (1, false));
        told.take(&news("create", 1), None);
        assert!(told.is_list_other);
        let mut told = Told::default();
        assert!(told.take(&news("delete", 5), Some(4)));
        assert_eq!(told, Told::default(), "the row stays where it is");
        assert!(!told.take(&news("delete", 5), None) && told.is_list_other);
    }
}
