//! What a kind of view is arranged by, chosen from the fields of the form.

use engine::field::{FieldKind, Shape};
use engine::form::Form;
use engine::view::{ViewKind, ViewOptions};

use super::super::column::GridColumn;
use crate::ui::Choice;

/// Why a form has no view of a kind; nothing where it has.
pub fn lack_of(form: &Form, kind: ViewKind) -> Option<&'static str> {
    match kind {
        ViewKind::Table | ViewKind::Gallery => None,
        ViewKind::Kanban => boards(form).is_empty().then_some("view-lacks-choice"),
        ViewKind::Calendar => days(form).is_empty().then_some("view-lacks-day"),
        ViewKind::Gantt => (own_days(form).len() < 2).then_some("view-lacks-days"),
    }
}

/// The fields whose values can be the columns of a board.
pub fn boards(form: &Form) -> Vec<Choice> {
    let parts =
        |kind: &FieldKind| matches!(kind, FieldKind::Select(_) | FieldKind::Switch(_) | FieldKind::Member(_));
    choices(form, &["$owner", "$flow_state"], parts)
}

/// The fields that say on which day something is.
pub fn days(form: &Form) -> Vec<Choice> {
    choices(form, &["$created_at"], is_day)
}

/// Those of them that are of the form itself.
pub fn own_days(form: &Form) -> Vec<Choice> {
    choices(form, &[], is_day)
}

/// The fields that may be the end of what begins with `start`: days go with days, moments with moments.
pub fn ends(form: &Form, start: Option<&str>) -> Vec<Choice> {
    let shape = |field: &str| GridColumn::of(form, field).map(|column| column.kind.shape());
    let wanted = start.and_then(shape);
    let mut found = own_days(form);
    found.retain(|choice| {
        Some(choice.key.as_str()) != start && wanted.is_some() && shape(&choice.key) == wanted
    });
    found
}

/// The fields that hold pictures.
pub fn covers(form: &Form) -> Vec<Choice> {
    choices(form, &[], |kind| matches!(kind, FieldKind::Images(_) | FieldKind::Files(_)))
}

/// What a view of a kind is arranged by unless something else is chosen.
pub fn usual(form: &Form, kind: ViewKind) -> ViewOptions {
    let first = |choices: Vec<Choice>| choices.into_iter().next().map(|choice| choice.key);
    let mut options = ViewOptions::default();
    match kind {
        ViewKind::Table => {}
        ViewKind::Kanban => options.by = first(boards(form)),
        ViewKind::Gallery => options.cover = first(covers(form)),
        ViewKind::Calendar => options.start = first(days(form)),
        ViewKind::Gantt => {
            // The first day that another one can be the end of.
            let mut starts = own_days(form).into_iter().map(|choice| choice.key);
            options.start = starts.find(|start| !ends(form, Some(start)).is_empty());
            options.end = first(ends(form, options.start.as_deref()));
        }
    }
    options
}

fn is_day(kind: &FieldKind) -> bool {
    matches!(kind.shape(), Shape::Day | Shape::Instant) && !matches!(kind, FieldKind::Month(_))
}

fn choices(form: &Form, system: &[&str], fits: impl Fn(&FieldKind) -> bool) -> Vec<Choice> {
    let own =
        form.fields().filter(|column| column.shape != Shape::Nothing).map(|column| column.path.as_str());
    let all = own.chain(system.iter().copied());
    all.filter_map(|key| {
        let column = GridColumn::of(form, key)?;
        fits(&column.kind).then(|| Choice::new(key, column.label))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    fn keys(choices: Vec<Choice>) -> Vec<String> {
        choices.into_iter().map(|choice| choice.key).collect()
    }

    #[test]
    fn every_kind_offers_the_fields_that_it_can_be_arranged_by() {
        let choices = json!([{"key": "open", "label": "Open"}]);
        let form = form_of(json!([
            {"key": "name", "label": "x", "kind": "text"},
            {"key": "stage", "label": "x", "kind": "select", "options": {"choices": choices}},
            {"key": "begins", "label": "x", "kind": "date"}, {"key": "at", "label": "x", "kind": "datetime"},
            {"key": "ends", "label": "x", "kind": "date"}, {"key": "photos", "label": "x", "kind": "images"}]));
        assert_eq!(keys(boards(&form)), ["stage", "$owner", "$flow_state"]);
        assert_eq!(keys(ends(&form, Some("begins"))), ["ends"]);
        assert!(ends(&form, Some("at")).is_empty() && ends(&form, None).is_empty());
        let gantt = usual(&form, ViewKind::Gantt);
        assert_eq!((gantt.start.as_deref(), gantt.end.as_deref()), (Some("begins"), Some("ends")));
        assert_eq!(usual(&form, ViewKind::Gallery).cover.as_deref(), Some("photos"));
        assert!(ViewKind::ALL.into_iter().all(|kind| lack_of(&form, kind).is_none()));
        let bare = form_of(json!([{"key": "name", "label": "x", "kind": "text"}]));
        assert_eq!(lack_of(&bare, ViewKind::Gantt), Some("view-lacks-days"));
        assert_eq!(lack_of(&bare, ViewKind::Calendar), None, "every record was made on some day");
    }
}
