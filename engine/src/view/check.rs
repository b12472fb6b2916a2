//! A view held against its form: when somebody saves it, and for each who reads it.

use super::document::{ViewColumn, ViewDocument, ViewKind};
use crate::condition::{Condition, Reach};
use crate::field::{FieldKind, Shape};
use crate::form::{Catalogue, Form, SeenForm, is_key};
use crate::text::{Fault, Faults};

/// Columns of one view at most.
const MOST_COLUMNS: usize = 300;
/// Fields that a view is sorted by at most, and groups within groups.
const MOST_SORTS: usize = 10;
const MOST_GROUPS: usize = 1;
/// Comparisons of its filter at most: as many as a list takes.
const MOST_TESTS: usize = 50;
/// Characters of what it is called.
const LONGEST_LABEL: usize = 100;
/// Pixels that a column is wide at least and at most.
const NARROWEST: u32 = 40;
const WIDEST: u32 = 1_000;

/// The form that a view is of, and what its reader may see of it.
pub struct Sees<'s> {
    pub form: &'s Form,
    pub catalogue: &'s dyn Catalogue,
    /// Whether they may see a field, and everything on the way to it.
    pub may_see: &'s dyn Fn(&Reach) -> bool,
}

/// A view as one reader can have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    pub document: ViewDocument,
    /// Why it can't be opened, with pointers; none where it can.
    pub faults: Faults,
}

impl ViewDocument {
    /// Everything that is wrong with the view, for whoever saves it.
    pub fn check(&self, sees: &Sees<'_>) -> Faults {
        let mut faults = self.shape_faults();
        let columns = self.columns.iter().enumerate();
        faults.extend(columns.filter_map(|(place, column)| {
            sees.own_misfit(&column.field, &format!("/columns/{place}/field"), is_shown)
        }));
        let sorts = self.sort.iter().enumerate();
        faults.extend(
            sorts.filter_map(|(place, by)| {
                sees.misfit(&by.field, &format!("/sort/{place}/field"), is_ordered)
            }),
        );
        let groups = self.group.iter().enumerate();
        faults.extend(
            groups.filter_map(|(place, by)| {
                sees.misfit(&by.field, &format!("/group/{place}/field"), is_ordered)
            }),
        );
        let sums = self.sums.keys();
        faults.extend(sums.filter_map(|field| sees.own_misfit(field, &format!("/sums/{field}"), is_number)));
        faults.extend(sees.filter_faults(self.filter.as_ref()));
        faults.extend(self.option_faults(sees));
        faults.extend(self.cover_fault(sees));
        faults
    }

    /// The view with what its reader may see and the form still has.
    pub fn fitted(mut self, sees: &Sees<'_>) -> Fitted {
        let mut faults = sees.filter_faults(self.filter.as_ref());
        if !faults.is_empty() {
            // Which records it means is told to nobody who may not ask for them.
            self.filter = None;
        }
        if self.kind == ViewKind::Calendar {
            // Without its end a record stands on one day.
            self.options.end = self.options.end.filter(|field| sees.sees(field));
        }
        faults.extend(self.option_faults(sees));
        // Nor is the name of a field.
        let mut faults: Faults =
            faults.into_iter().map(|fault| Fault::new(fault.path, "view_out_of_reach")).collect();
        faults.dedup();
        self.options.by = self.options.by.filter(|field| sees.sees(field));
        self.options.start = self.options.start.filter(|field| sees.sees(field));
        self.options.end = self.options.end.filter(|field| sees.sees(field));
        self.options.cover =
            self.options.cover.filter(|field| sees.own_misfit(field, "", is_picture).is_none());
        self.columns.retain(|column| sees.own_misfit(&column.field, "", is_shown).is_none());
        self.sort.retain(|by| sees.misfit(&by.field, "", is_ordered).is_none());
        self.group.retain(|by| sees.misfit(&by.field, "", is_ordered).is_none());
        self.sums.retain(|field, _| sees.own_misfit(field, "", is_number).is_none());
        Fitted { document: self, faults }
    }

    /// What is wrong with it whatever the form is.
    fn shape_faults(&self) -> Faults {
        let mut faults = Faults::new();
        if !is_key(&self.key) {
            faults.push(Fault::new("/key", "invalid_key"));
        }
        if self.label.is_blank() {
            faults.push(Fault::new("/label", "label_missing"));
        }
        if self.label.texts().iter().any(|text| text.chars().count() > LONGEST_LABEL) {
            faults.push(Fault::new("/label", "too_long").arg("max", LONGEST_LABEL));
        }
        let lengths = [
            ("/columns", self.columns.len(), MOST_COLUMNS),
            ("/sort", self.sort.len(), MOST_SORTS),
            ("/group", self.group.len(), MOST_GROUPS),
        ];
        for (path, length, most) in lengths {
            if length > most {
                faults.push(Fault::new(path, "too_many").arg("max", most));
            }
        }
        for (place, column) in self.columns.iter().enumerate() {
            let is_twice = self.columns.iter().take(place).any(|before| before.field == column.field);
            if is_twice {
                faults.push(Fault::new(format!("/columns/{place}/field"), "twice"));
            }
            faults.extend(width_fault(column, place));
        }
        faults
    }

    /// What it needs to be arranged by, and has not.
    fn option_faults(&self, sees: &Sees<'_>) -> Faults {
        let options = &self.options;
        let needed = |field: &Option<String>, path: &str, fits: fn(&FieldKind) -> bool| match field {
            None => Some(Fault::new(path, "required")),
            Some(field) => sees.own_misfit(field, path, fits),
        };
        let day = |field: &Option<String>| sees.shape(field.as_deref()?);
        let mut faults = Faults::new();
        match self.kind {
            ViewKind::Table | ViewKind::Gallery => {}
            ViewKind::Kanban => faults.extend(needed(&options.by, "/options/by", parts_a_board)),
            ViewKind::Calendar => {
                faults.extend(needed(&options.start, "/options/start", is_day));
                let end = options.end.as_ref();
                faults.extend(end.and_then(|field| sees.own_misfit(field, "/options/end", is_day)));
            }
            ViewKind::Gantt => {
                faults.extend(needed(&options.start, "/options/start", is_day));
                faults.extend(needed(&options.end, "/options/end", is_day));
            }
        }
        let is_timed = matches!(self.kind, ViewKind::Calendar | ViewKind::Gantt);
        if is_timed && faults.is_empty() && options.end.is_some() && day(&options.start) != day(&options.end)
        {
            let field = options.end.as_deref().unwrap_or_default();
            faults.push(Fault::new("/options/end", "not_for_view").arg("field", field));
        }
        faults
    }

    fn cover_fault(&self, sees: &Sees<'_>) -> Option<Fault> {
        let cover = self.options.cover.as_ref().filter(|_| self.kind == ViewKind::Gallery)?;
        sees.own_misfit(cover, "/options/cover", is_picture)
    }
}

impl Sees<'_> {
    /// As [`Sees::misfit`], for a place where the record's own fields are named: nothing is shown of linked ones.
    fn own_misfit(&self, field: &str, path: &str, fits: fn(&FieldKind) -> bool) -> Option<Fault> {
        if field.contains('.') {
            return Some(Fault::new(path, "unknown_field").arg("field", field));
        }
        self.misfit(field, path, fits)
    }

    /// Why a field is not one for its place; nothing where it is.
    fn misfit(&self, field: &str, path: &str, fits: fn(&FieldKind) -> bool) -> Option<Fault> {
        let unknown = || Fault::new(path, "unknown_field").arg("field", field);
        match self.form.find(field, self.catalogue) {
            Err(_) => Some(unknown()),
            // A record is listed once, whatever rows it has.
            Ok((reach, _)) if reach.rows.is_some() || !(self.may_see)(&reach) => Some(unknown()),
            Ok((_, kind)) if !fits(&kind) => Some(Fault::new(path, "not_for_view").arg("field", field)),
            Ok(_) => None,
        }
    }

    fn sees(&self, field: &str) -> bool {
        self.misfit(field, "", |_| true).is_none()
    }

    fn shape(&self, field: &str) -> Option<Shape> {
        self.form.find(field, self.catalogue).ok().map(|(_, kind)| kind.shape())
    }

    fn filter_faults(&self, filter: Option<&Condition>) -> Faults {
        let Some(filter) = filter else { return Faults::new() };
        if filter.tests().len() > MOST_TESTS {
            return vec![Fault::new("/filter", "too_many").arg("max", MOST_TESTS)];
        }
        let at = |fault: Fault| Fault { path: "/filter".to_string(), ..fault };
        let seen = SeenForm { form: self.form, catalogue: self.catalogue, sees: self.may_see };
        match seen.check(filter) {
            Ok(_) => Faults::new(),
            Err(faults) => faults.into_iter().map(at).collect(),
        }
    }
}

fn width_fault(column: &ViewColumn, place: usize) -> Option<Fault> {
    let path = format!("/columns/{place}/width");
    match column.width? {
        width if width < NARROWEST => Some(Fault::new(path, "too_small").arg("min", NARROWEST)),
        width if width > WIDEST => Some(Fault::new(path, "too_large").arg("max", WIDEST)),
        _ => None,
    }
}

/// Rows of a sub-form are no column of a list.
fn is_shown(kind: &FieldKind) -> bool {
    kind.holds_data() && !matches!(kind, FieldKind::Subform(_))
}

fn is_ordered(kind: &FieldKind) -> bool {
    is_shown(kind) && !matches!(kind.shape(), Shape::LongText | Shape::Markup | Shape::Keys | Shape::Refs)
}

fn is_number(kind: &FieldKind) -> bool {
    matches!(kind.shape(), Shape::Decimal(_))
}

/// Whether there are few values of it, each with a name.
fn parts_a_board(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Select(_) | FieldKind::Switch(_) | FieldKind::Member(_))
}

fn is_day(kind: &FieldKind) -> bool {
    matches!(kind.shape(), Shape::Day | Shape::Instant) && !matches!(kind, FieldKind::Month(_))
}

fn is_picture(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Images(_) | FieldKind::Files(_))
}
