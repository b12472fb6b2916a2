//! What keeps a record from being saved, and leading to it.

use engine::form::Column;
use engine::text::{Fault, Faults, Texts};
use leptos::prelude::*;

use super::faults::anchor;
use super::mending::{is_beyond_mending, is_mendable};
use super::state::FormState;
use crate::i18n;

impl FormState {
    /// Everything that stops the record from being saved.
    pub fn faults(self) -> Faults {
        let mut faults: Faults =
            self.unread.with(|unread| unread.values().map(|(_, fault)| fault.clone()).collect());
        let editable = |path: &str| {
            self.draft
                .with_untracked(|draft| draft.form().column(path).is_some_and(|column| self.may_edit(column)))
        };
        let found = self.draft.with(|draft| draft.faults(&editable));
        let refused = self.refused.get();
        for fault in found.into_iter().chain(refused) {
            if !faults.iter().any(|known| known.path == fault.path) {
                faults.push(fault);
            }
        }
        faults
    }

    /// How many of these faults the reader can mend here.
    pub fn count_mendable(self, faults: &[Fault]) -> usize {
        let may_edit = |column: &Column| self.may_edit(column);
        self.draft.with_untracked(|draft| {
            faults.iter().filter(|fault| is_mendable(draft.form(), fault, &may_edit)).count()
        })
    }

    /// Whether the reader gets rid of none of these faults here.
    pub fn is_beyond_mending(self, faults: &[Fault]) -> bool {
        let may_edit = |column: &Column| self.may_edit(column);
        self.draft.with_untracked(|draft| {
            faults.iter().all(|fault| is_beyond_mending(draft.form(), fault, &may_edit))
        })
    }

    /// Whether the record can be saved. Where it can't, all faults are shown from now on and the first one gets the focus.
    pub fn check(self) -> bool {
        self.drop_blank_rows();
        // What the server refused before, it decides anew.
        self.refused.update(Vec::clear);
        self.show_faults()
    }

    /// Shows what the server refused, until it is changed or saved again.
    pub fn refuse(self, faults: Faults) {
        self.refused.set(faults);
        self.show_faults();
    }

    /// Shows all faults from now on, the first one with the focus. Gives whether there is none.
    fn show_faults(self) -> bool {
        self.strict.set(true);
        let faults = untrack(|| self.faults());
        self.lead_to_first(&faults)
    }

    /// Whether everything that was typed is a value, which is all that putting it aside asks for. The first thing that is
    /// none gets the focus.
    pub fn is_read(self) -> bool {
        let faults: Faults =
            self.unread.with_untracked(|unread| unread.values().map(|(_, fault)| fault.clone()).collect());
        self.lead_to_first(&faults)
    }

    /// Whether nothing is wrong with these fields. What is wrong with them is shown from now on, and the first fault gets the
    /// focus.
    pub fn check_part(self, fields: &[String]) -> bool {
        let mut faults = untrack(|| self.faults());
        faults
            .retain(|fault| fields.iter().any(|field| Some(field.as_str()) == fault.path.split('.').next()));
        self.visited.update(|visited| visited.extend(faults.iter().map(|fault| fault.path.clone())));
        self.lead_to_first(&faults)
    }

    /// Whether there is no fault; the first one gets the focus.
    fn lead_to_first(self, faults: &Faults) -> bool {
        let Some(first) = self.first_shown(faults) else { return faults.is_empty() };
        self.turn_to(&first);
        request_animation_frame(move || {
            crate::browser::focus_inside(&anchor(&first));
        });
        false
    }

    /// Turns to the page on which a path stands, where there are pages. Gives whether there are.
    pub(super) fn turn_to(self, path: &str) -> bool {
        let turning = self.turning.get_value();
        turning.is_some_and(|turn| {
            turn.run(path.to_string());
            true
        })
    }

    /// The fault that stands first in the form.
    fn first_shown(self, faults: &Faults) -> Option<String> {
        let place = |fault: &Fault| {
            let top = fault.path.split('.').next().unwrap_or_default().to_string();
            self.draft.with_untracked(|draft| draft.form().fields().position(|column| column.path == top))
        };
        faults.iter().min_by_key(|fault| place(fault).unwrap_or(usize::MAX)).map(|fault| fault.path.clone())
    }

    /// The sentence to show at a path, once somebody was there or tried to save; that of a check once all that it reads is
    /// entered.
    pub fn fault_at(self, path: String) -> Signal<Option<String>> {
        let is_checked = self.is_checked(&path);
        let fault = Memo::new(move |_| {
            let is_shown = self.strict.get() || self.visited.with(|visited| visited.contains(&path));
            let own =
                || is_shown.then(|| self.faults().into_iter().find(|fault| fault.path == path)).flatten();
            own().or_else(|| is_checked.then(|| self.due_fault(&path)).flatten())
        });
        Signal::derive(move || fault.get().map(|fault| sentence(&fault)))
    }
}

/// Whether what the server refused is mended at its field alone. What was refused at none, and a limit on a sum, may be
/// mended by any change.
pub(super) fn is_of_one_field(fault: &Fault) -> bool {
    !fault.path.is_empty() && fault.code != "constraint"
}

/// A fault in the reader's language.
pub fn sentence(fault: &Fault) -> String {
    let language = i18n::language();
    Texts::of(language).fault(fault, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_on_a_sum_may_be_mended_anywhere() {
        assert!(is_of_one_field(&Fault::new("lines.0.qty", "not_unique")));
        assert!(!is_of_one_field(&Fault::new("lines.0.qty", "constraint")));
        assert!(!is_of_one_field(&Fault::new("", "linked")));
    }
}
