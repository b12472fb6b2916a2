//! Sorts: empty values last in both directions, ties by id.

use engine::access::Access;
use engine::condition::computed::computed_of;
use engine::condition::{Checked, Reach};
use engine::field::{FieldKind, Shape};
use sea_query::{CaseStatement, Expr, ExprTrait};

use super::condition::Conditions;
use super::locate::{Place, Reading};
use crate::error::{Error, Result};

/// One field that a list is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    pub reach: Reach,
    pub kind: FieldKind,
    pub descending: bool,
}

impl Sort {
    /// How it looks at texts.
    pub(super) fn reading(&self) -> Reading {
        if self.kind.sorts_by_sound() { Reading::Sound } else { Reading::Folded }
    }
}

/// A sort in SQL.
pub(super) struct SortKey {
    pub(super) value: Expr,
    /// How its values are read for a cursor.
    pub(super) shape: Shape,
    pub(super) nullable: bool,
    pub(super) descending: bool,
}

impl Conditions<'_> {
    /// A sort as this access may ask it: a field that is closed on a record is empty there.
    pub(super) fn sort_key(&self, sort: &Sort, access: &Access) -> Result<SortKey> {
        let path = sort.reach.own_path();
        let not_sortable = || Error::NotAskable { path: path.clone() };
        let place = match self.computed(&sort.reach, &sort.kind, sort.reading())? {
            // What is closed to somebody orders nothing for them.
            Some(_) if has_closed_parts(access, &sort.kind) => return Err(not_sortable()),
            Some(place) => place,
            None => self.placed(&sort.reach, sort.reading())?,
        };
        let Place::One { value, shape } = place else { return Err(not_sortable()) };
        if matches!(shape, Shape::LongText | Shape::Markup) || sort.reach.rows.is_some() {
            return Err(not_sortable());
        }
        let own = sort.reach.hops.is_empty();
        let never_null = own
            && (shape == Shape::Bool
                || ["$id", "$version", "$created_at", "$updated_at"].contains(&sort.reach.field.as_str()));
        let mut key = SortKey { value, shape, nullable: !never_null, descending: sort.descending };
        if shape == Shape::Key {
            key = ranked(key, &sort.kind);
        }
        if let Some(readable) = closed_on_some(access, &sort.reach) {
            let readable = self.holds(&readable)?;
            key.value = CaseStatement::new().case(readable, key.value).finally(Expr::null()).into();
            key.nullable = true;
        }
        Ok(key)
    }
}

/// The condition under which what a path leads to is readable, unless it is everywhere.
pub(super) fn closed_on_some(access: &Access, reach: &Reach) -> Option<Checked> {
    if access.is_all_open() {
        return None;
    }
    Some(access.readable_at(reach)).filter(|readable| *readable != Checked::always())
}

/// Whether some of what a live formula reads is closed on some record.
pub(super) fn has_closed_parts(access: &Access, kind: &FieldKind) -> bool {
    computed_of(kind).iter().any(|field| closed_on_some(access, &Reach::own(field)).is_some())
}

/// Choices sort by the order of their options; what is no option any more comes after them.
fn ranked(key: SortKey, kind: &FieldKind) -> SortKey {
    let choices = kind.choices();
    if choices.is_empty() {
        return key;
    }
    let mut rank = CaseStatement::new().case(key.value.clone().is_null(), Expr::null());
    for (place, choice) in choices.iter().enumerate() {
        rank = rank.case(key.value.clone().eq(choice.key.as_str()), place as i64);
    }
    let rank = rank.finally(choices.len() as i64);
    SortKey { value: rank.into(), shape: Shape::Day, ..key }
}
