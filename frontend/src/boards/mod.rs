//! The records of a form as something else than a table: a kanban, a calendar, a gallery, a gantt.
//!
//! What they show is what the list shows: its filter, its order, its columns on the cards. What is dragged is saved as
//! everywhere, with a way back.

mod calendar;
mod cards;
mod days;
mod gallery;
mod gantt;
mod kanban;
mod moving;
mod piles;

use engine::condition::Condition;
use engine::value::{Id, Value};
use engine::view::ViewKind;
use leptos::html::Div;
use leptos::prelude::*;
use wire::records::Record;

use crate::api::forms::OpenForm;
use crate::fill::Titles;
use crate::grid::{GridState, Rows, value_in};
use crate::records::{editable, title_of, why_locked};
use crate::text;
use crate::{browser, i18n};

use calendar::CalendarBoard;
use gallery::GalleryBoard;
use gantt::GanttBoard;
use kanban::KanbanBoard;

/// What a board shows.
#[derive(Clone, Copy)]
pub struct Board {
    pub form: StoredValue<OpenForm>,
    pub state: GridState,
    pub titles: Titles,
    /// The fields that are shown of each record.
    pub columns: Signal<Vec<String>>,
    /// All records that the filter leaves.
    pub rows: Rows,
}

impl Board {
    fn id(self) -> Id {
        self.form.with_value(|form| form.info.id)
    }

    /// The fields that are asked for.
    fn fields(self) -> Vec<String> {
        let columns = self.columns.get();
        let mut fields = self.form.with_value(|form| self.state.asked_for(&form.form, columns));
        fields.retain(|field| !field.starts_with('$'));
        fields
    }

    /// The filter of the list and one more.
    fn narrowed(self, more: Condition) -> Condition {
        match self.state.filter.get() {
            Some(filter) => Condition::All(vec![filter, more]),
            None => more,
        }
    }

    /// The value of a field, or of a system field.
    fn value(self, record: &Record, field: &str) -> Value {
        self.form.with_value(|form| value_in(&form.form, record, field))
    }

    /// What a record is called.
    fn title(self, record: &Record) -> String {
        let title = self.form.with_value(|form| {
            let values = crate::api::records::values(form, record);
            title_of(&form.form, &values, self.titles, i18n::language())
        });
        if title.is_empty() { text!("record-untitled") } else { title }
    }

    /// Whether the reader may set all of these fields of a record.
    fn may_set(self, record: &Record, fields: &[&str]) -> bool {
        self.form.with_value(|form| {
            let open = editable(form, record);
            let is_input =
                |field: &&str| form.form.column(field).is_some_and(|column| column.field.is_input());
            why_locked(form, record).is_none()
                && fields.iter().all(|field| open.contains(*field) && is_input(field))
        })
    }

    /// Opens a record beside the board.
    fn open(self, record: Id) {
        self.state.open(Some(record.to_string()));
    }

    /// Whether a record is the one that is open.
    fn is_open(self, record: Id) -> bool {
        self.state.record.with(|open| open.as_deref() == Some(record.to_string().as_str()))
    }
}

/// The record that keys have moved, or that has the focus: where it is drawn anew, the focus goes with it.
#[derive(Clone, Copy)]
pub struct Followed(StoredValue<Option<Id>>);

impl Followed {
    fn new() -> Followed {
        Followed(StoredValue::new(None))
    }

    fn follow(self, record: Id) {
        self.0.set_value(Some(record));
    }

    /// What is drawn of the record takes the focus, if that is the one, and leaves it to what is drawn of it next: others may
    /// have changed it, or put another one before it.
    fn attend(self, record: Id, node: NodeRef<Div>) {
        node.on_load(move |drawn| {
            // What was drawn of it before may go after this has come.
            request_animation_frame(move || {
                if self.0.try_get_value().flatten() == Some(record) {
                    let _ = self.0.try_set_value(None);
                    // Whoever types elsewhere meanwhile goes on there.
                    if !browser::keys_are_taken() {
                        let _ = drawn.focus();
                    }
                }
            });
        });
        on_cleanup(move || {
            let drawn = node.try_get_untracked().flatten().map(web_sys::Element::from);
            if drawn.is_some() && drawn == document().active_element() {
                let _ = self.0.try_set_value(Some(record));
            }
        });
    }
}

/// The records as the open view arranges them.
#[component]
pub fn BoardView(board: Board) -> impl IntoView {
    let kind = Memo::new(move |_| board.state.kind());
    let options = Memo::new(move |_| board.state.options());
    move || {
        let options = options.get();
        match (kind.get(), options.by, options.start, options.end) {
            (ViewKind::Kanban, Some(by), _, _) => view! { <KanbanBoard board=board by=by/> }.into_any(),
            (ViewKind::Calendar, _, Some(start), end) => {
                view! { <CalendarBoard board=board start=start end=end/> }.into_any()
            }
            (ViewKind::Gantt, _, Some(start), Some(end)) => {
                view! { <GanttBoard board=board start=start end=end/> }.into_any()
            }
            (ViewKind::Gallery, ..) => view! { <GalleryBoard board=board cover=options.cover/> }.into_any(),
            // A table is shown elsewhere, and a view that lacks something is not opened.
            _ => ().into_any(),
        }
    }
}
