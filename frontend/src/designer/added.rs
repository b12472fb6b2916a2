//! Fields that come and go while a form is designed: what is asked of one that was just made, and what one was called that is
//! gone.

use std::collections::BTreeMap;

use engine::form::FormDocument;
use engine::text::{Fault, Label};
use leptos::prelude::*;

use super::column_heads::column_at;
use super::keys::name_it;
use super::palette::FORMULA;
use super::state::{Designer, Selected};

impl Designer {
    /// Selects the field or column at a path, which was just made, and goes to its name; where it was made to be computed, to
    /// its formula.
    pub(super) fn go_to_added(self, path: String, kind: &str) {
        let member = if column_at(&path).is_some() { "compute" } else { "options.formula" };
        let is_computed = kind == FORMULA;
        self.added.set_value(is_computed.then(|| (path.clone(), member)));
        self.selected.set(Selected::Field(path));
        if !is_computed {
            request_animation_frame(name_it);
        }
    }

    /// Whether the field at a path was just made to be computed by this member, and its formula is still to be asked for.
    pub(super) fn is_added(self, path: &str, member: &str) -> bool {
        self.added.with_value(|added| added.as_ref().is_some_and(|(at, of)| at == path && *of == member))
    }

    /// As [`Designer::is_added`]; its formula is then asked for, once.
    pub(super) fn takes_added(self, path: &str, member: &str) -> bool {
        let is_it = self.is_added(path, member);
        if is_it {
            self.added.set_value(None);
        }
        is_it
    }

    /// The fault, where it names a field that was removed on this page: that it was, by what it was called.
    pub(super) fn told_removed(self, fault: Fault, rows: Option<&str>) -> Fault {
        self.document.with(|document| {
            self.called
                .with_value(|called| document.told_removed(fault, rows, &|path| called.get(path).cloned()))
        })
    }

    /// Keeps what every field is called now.
    pub(super) fn learn_labels(self) {
        let now = self.document.with_untracked(labels_of);
        self.called.update_value(|called| called.extend(now));
    }
}

/// What the fields and columns of a form are called, by their paths.
pub(super) fn labels_of(document: &FormDocument) -> BTreeMap<String, Label> {
    document.all_fields().filter_map(|(path, _)| Some((path.clone(), document.label_at(&path)?))).collect()
}
