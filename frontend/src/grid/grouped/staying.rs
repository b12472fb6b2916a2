//! Rows of groups move: a change puts a record into another group, or elsewhere in its own. Whoever is at a record stays at it,
//! so that what they type next is not entered into another one.

use engine::value::Id;
use leptos::prelude::*;

use super::super::lines::Gathered;
use super::super::sheet::Sheet;

/// Has the selection follow the record that it is at.
pub fn stay_at_record(sheet: Sheet, gathered: Gathered) {
    let at = StoredValue::new(None::<Id>);
    let here = move || {
        let row = sheet.selection.with_untracked(|selection| selection.active.row);
        (row, untrack(|| sheet.rows.id_at(row)))
    };
    Effect::new(move || {
        sheet.selection.track();
        at.set_value(here().1);
    });
    Effect::new(move || {
        gathered.laid.track();
        gathered.members.with(|members| members.iter().for_each(|rows| rows.track()));
        let (row, now) = here();
        let place = at.get_value().and_then(|id| sheet.rows.place_of_id(id));
        let moved = place.and_then(|place| isize::try_from(place).ok()?.checked_sub_unsigned(row));
        match moved.filter(|_| sheet.roams.get_untracked()) {
            // It is gone, or in a group that is closed: what is here now is what one is at.
            None => at.set_value(now),
            Some(0) => {}
            Some(moved) => sheet.selection.update(|selection| *selection = selection.shifted(moved)),
        }
    });
}
