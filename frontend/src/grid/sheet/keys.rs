//! The keys of the table, as in a spreadsheet.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::history::CellChange;
use super::marks::State;
use super::{MOST_CELLS, Selection, Sheet, Spot, Wrong};
use crate::i18n;
use crate::text;
use crate::ui::toast;

/// What a key asks for beside moving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Somewhere else; the selection grows with Shift.
    Go {
        down: isize,
        right: isize,
    },
    /// As far as it goes in this direction.
    Edge {
        down: isize,
        right: isize,
    },
    Beside {
        back: bool,
    },
    Edit,
    Open,
    Clear,
    FillDown,
    Undo,
    Redo,
    Leave,
}

/// What a key means where nothing is edited. `page` rows are seen at once.
pub fn wish(key: &str, (command, shift, alt): (bool, bool, bool), page: isize) -> Option<Wish> {
    const FAR: isize = isize::MAX;
    let go = |down, right| Some(if command { Wish::Edge { down, right } } else { Wish::Go { down, right } });
    if alt {
        return None;
    }
    match key {
        "ArrowDown" => go(1, 0),
        "ArrowUp" => go(-1, 0),
        "ArrowRight" => go(0, 1),
        "ArrowLeft" => go(0, -1),
        "PageDown" => Some(Wish::Go { down: page, right: 0 }),
        "PageUp" => Some(Wish::Go { down: -page, right: 0 }),
        "Home" if command => Some(Wish::Go { down: -FAR, right: -FAR }),
        "End" if command => Some(Wish::Go { down: FAR, right: FAR }),
        "Home" => Some(Wish::Go { down: 0, right: -FAR }),
        "End" => Some(Wish::Go { down: 0, right: FAR }),
        "Tab" if !command => Some(Wish::Beside { back: shift }),
        "Enter" if command => Some(Wish::Open),
        "Enter" | "F2" => Some(Wish::Edit),
        "Delete" | "Backspace" if !command => Some(Wish::Clear),
        "Escape" => Some(Wish::Leave),
        _ if !command => None,
        "d" | "D" => Some(Wish::FillDown),
        "z" | "Z" => Some(if shift { Wish::Redo } else { Wish::Undo }),
        "y" | "Y" => Some(Wish::Redo),
        _other_key => None,
    }
}

impl Sheet {
    /// Hears a key while nothing is edited. Whether it was one of the table's.
    pub fn on_key(self, event: &KeyboardEvent, page: usize) -> bool {
        let held = (event.ctrl_key() || event.meta_key(), event.shift_key(), event.alt_key());
        let page = isize::try_from(page).unwrap_or(1);
        let Some(wish) = wish(&event.key(), held, page) else { return false };
        let (selection, size) = (self.selection.get_untracked(), self.size());
        let from = if held.1 { selection.end } else { selection.active };
        let arrive = |spot: Spot| {
            self.roams.set(true);
            self.selection.set(if held.1 { selection.to(spot) } else { Selection::at(spot) });
            self.bring_row(spot.row);
            self.bring_column(spot);
        };
        let far = |step: isize| step.saturating_mul(isize::MAX);
        match wish {
            // The first key shows where one is.
            Wish::Go { .. } | Wish::Edge { .. } | Wish::Clear | Wish::FillDown
                if !self.roams.get_untracked() =>
            {
                arrive(from.stepped(0, 0, size));
            }
            Wish::Go { down, right } => arrive(from.stepped(down, right, size)),
            Wish::Edge { down, right } => arrive(from.stepped(far(down), far(right), size)),
            Wish::Beside { back } => {
                let next = selection.active.beside(back, size).filter(|_| self.roams.get_untracked());
                let Some(next) = next else { return false };
                self.selection.set(Selection::at(next));
                self.bring_row(next.row);
                self.bring_column(next);
            }
            Wish::Edit => {
                self.roams.set(true);
                self.edit(selection.active);
            }
            Wish::Clear => self.clear(),
            Wish::FillDown => self.fill_down(),
            Wish::Undo => self.undo(),
            Wish::Redo => self.redo(),
            // What was refused is kept until it is mended, or given up so.
            Wish::Leave if selection.is_single() && self.gives_up(selection.active) => {}
            Wish::Leave if !selection.is_single() => self.selection.set(Selection::at(selection.active)),
            Wish::Leave if self.roams.get_untracked() => self.roams.set(false),
            // The record is the list's own business, and so is Escape once nothing is left to leave here.
            Wish::Open | Wish::Leave => return false,
        }
        true
    }

    /// Shows what is stored again in the cell, where that was refused that somebody entered. Whether it was.
    fn gives_up(self, spot: Spot) -> bool {
        let Some((record, key)) = self.at(spot).filter(|_| self.roams.get_untracked()) else { return false };
        let mark = untrack(|| self.marks.get(record.id, &key));
        let is_refused = mark.is_some_and(|mark| matches!(mark.state, State::Refused(_)));
        if is_refused {
            self.give_up(vec![(record.id, key)]);
        }
        is_refused
    }

    /// Goes on from a cell that was edited.
    pub fn step(self, down: isize, right: isize) {
        let size = self.size();
        let next = match right {
            0 => Some(self.selection.get_untracked().active.stepped(down, 0, size)),
            right => self.selection.get_untracked().active.beside(right < 0, size),
        };
        if let Some(next) = next {
            self.selection.set(Selection::at(next));
            self.bring_row(next.row);
            self.bring_column(next);
        }
        self.focus();
    }

    /// Empties the cells that are selected.
    pub fn clear(self) {
        if self.selection.with_untracked(|selection| selection.count()) > MOST_CELLS {
            return toast::show(text!("grid-cells-most", count = i18n::whole(MOST_CELLS as u64)));
        }
        let keys = self.selected_keys();
        self.with_records(move |records| {
            let (mut changes, mut fixed) = (Vec::<CellChange>::new(), 0);
            for record in &records {
                for key in &keys {
                    if self.why_fixed(record, key).is_some() {
                        fixed += 1;
                    } else {
                        changes.push(self.change_of(record, key, Json::Null));
                    }
                }
            }
            self.change(changes, Vec::<Wrong>::new());
            super::handle::tell_fixed(fixed);
        });
    }

    pub fn selected_keys(self) -> Vec<String> {
        let columns = self.selection.get_untracked().columns();
        columns.filter_map(|column| self.key_at(column)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_they_mean_in_a_spreadsheet() {
        let plain = |key: &str| wish(key, (false, false, false), 20);
        let command = |key: &str| wish(key, (true, false, false), 20);
        assert_eq!(plain("ArrowDown"), Some(Wish::Go { down: 1, right: 0 }));
        assert_eq!(command("ArrowRight"), Some(Wish::Edge { down: 0, right: 1 }));
        assert_eq!(plain("PageUp"), Some(Wish::Go { down: -20, right: 0 }));
        assert_eq!(wish("Tab", (false, true, false), 20), Some(Wish::Beside { back: true }));
        assert_eq!(
            (plain("F2"), plain("Enter"), command("Enter")),
            (Some(Wish::Edit), Some(Wish::Edit), Some(Wish::Open))
        );
        assert_eq!((plain("Delete"), plain("Backspace")), (Some(Wish::Clear), Some(Wish::Clear)));
        assert_eq!((command("z"), command("y")), (Some(Wish::Undo), Some(Wish::Redo)));
        assert_eq!(wish("Z", (true, true, false), 20), Some(Wish::Redo));
        // What is typed, and what others hear, is none of these.
        assert_eq!((plain("d"), plain("a"), command("c"), command("v")), (None, None, None, None));
        assert_eq!(wish("ArrowDown", (false, false, true), 20), None);
    }
}
