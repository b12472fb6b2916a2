//! Making a department a part of another one by dragging it there.

use engine::value::Id;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Department, DepartmentPatch};

use super::Known;
use super::departments::with_parts;
use crate::api::people;
use crate::text;
use crate::ui::toast;

/// Where what is dragged would come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Landing {
    Top,
    Within(Id),
}

/// Whether a department may be put there: not into itself or a part of it, and not where it is already.
fn takes(all: &[Department], dragged: Id, landing: Landing) -> bool {
    let known = all.iter().find(|department| department.id == dragged);
    let now = known.and_then(|department| department.parent);
    match landing {
        Landing::Top => now.is_some(),
        Landing::Within(id) => now != Some(id) && !with_parts(all, dragged).contains(&id),
    }
}

/// A drag in the tree of departments.
#[derive(Clone, Copy)]
pub(super) struct Dragging {
    known: Known,
    dragged: RwSignal<Option<Id>>,
    over: RwSignal<Option<Landing>>,
}

impl Dragging {
    pub(super) fn new(known: Known) -> Dragging {
        Dragging { known, dragged: RwSignal::new(None), over: RwSignal::new(None) }
    }

    pub(super) fn begin(self, department: Id, event: &DragEvent) {
        // Without data some browsers do not drag at all.
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &department.to_string());
            data.set_effect_allowed("move");
        }
        // The browser takes its picture of the line first.
        request_animation_frame(move || {
            let _ = self.dragged.try_set(Some(department));
        });
    }

    pub(super) fn end(self) {
        self.dragged.set(None);
        self.over.set(None);
    }

    /// What is dragged, where it may be put there.
    fn may_land(self, landing: Landing) -> Option<Id> {
        let dragged = self.dragged.get_untracked()?;
        let all = self.known.departments.get_untracked().and_then(Result::ok)?.items;
        takes(&all, dragged, landing).then_some(dragged)
    }

    pub(super) fn hover(self, landing: Landing, event: &DragEvent) {
        let lands = self.may_land(landing).map(|_| landing);
        if lands.is_some() {
            event.prevent_default();
        }
        if self.over.get_untracked() != lands {
            self.over.set(lands);
        }
    }

    pub(super) fn drop_here(self, landing: Landing, event: &DragEvent) {
        let dragged = self.may_land(landing);
        self.end();
        let Some(dragged) = dragged else { return };
        event.prevent_default();
        let parent = match landing {
            Landing::Top => None,
            Landing::Within(id) => Some(id),
        };
        let known = self.known;
        spawn_local(async move {
            let patch = DepartmentPatch { parent: Some(parent), ..DepartmentPatch::default() };
            match people::update_department(dragged, &patch).await {
                Ok(_) => {
                    toast::show(text!("department-moved"));
                    known.refetch();
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    }

    pub(super) fn is_dragged(self, department: Id) -> bool {
        self.dragged.get() == Some(department)
    }

    pub(super) fn is_over(self, landing: Landing) -> bool {
        self.over.get() == Some(landing)
    }

    /// Whether something is dragged that is a part of another department.
    pub(super) fn may_come_up(self) -> bool {
        self.dragged.track();
        self.may_land(Landing::Top).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_lands_everywhere_but_in_itself_and_where_it_is() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let department = |number: i64, parent: Option<i64>| Department {
            id: id(number),
            name: number.to_string(),
            parent: parent.map(id),
            head: None,
            members: 0,
        };
        // 1 has 2, which has 3; 4 stands apart.
        let all = [department(1, None), department(2, Some(1)), department(3, Some(2)), department(4, None)];
        let lands = |dragged: i64, landing: Landing| takes(&all, id(dragged), landing);
        let within = |number: i64| Landing::Within(id(number));
        assert!(lands(2, within(4)) && lands(3, within(1)) && lands(1, within(4)) && lands(3, Landing::Top));
        for closed in [within(2), within(3), within(1)] {
            assert!(!lands(2, closed), "{closed:?}");
        }
        assert!(!lands(1, Landing::Top) && !lands(1, within(3)));
    }
}
