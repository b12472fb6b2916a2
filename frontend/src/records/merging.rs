//! Two people changed one record: what becomes of it. Fields are merged one by one, sub-forms by the ids of their rows
//! and cell by cell; only where both changed the same thing, each to something else, somebody must choose.

use engine::field::Shape;
use engine::form::{Column, Form};
use engine::value::{Id, Row, Value, Values, get};

use crate::fill::same;

/// What both changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A field, by its path.
    Field(String),
    /// A cell of a row: the path of its column.
    Cell { row: Id, column: String },
    /// A row of a sub-form that one took out and the other changed.
    Row { subform: String, row: Id },
}

/// A question: whose value stays. A row that was taken out is empty on that side.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub place: Place,
    /// The row as both found it; without values where the question is about a field.
    pub row: Row,
    pub mine: Value,
    pub theirs: Value,
}

/// A record as both found it, as one has it on the screen, and as the other stored it.
#[derive(Clone, Copy)]
pub struct Sides<'v> {
    pub base: &'v Values,
    pub mine: &'v Values,
    pub theirs: &'v Values,
}

/// The record with the changes of both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    pub values: Values,
    pub clashes: Vec<Clash>,
}

/// Merges the changes of both. `own` says which columns one may have changed; where both changed the same, `yields` says
/// whether the other's value stays.
pub fn merge(
    form: &Form,
    sides: Sides,
    own: &dyn Fn(&Column) -> bool,
    yields: &dyn Fn(&Place) -> bool,
) -> Merged {
    let mut merging = Merging { form, own, yields, clashes: Vec::new() };
    let mut values = sides.theirs.clone();
    for column in form.fields() {
        let path = &column.path;
        let (was, mine, theirs) = (get(sides.base, path), get(sides.mine, path), get(sides.theirs, path));
        let merged = if column.shape == Shape::Rows {
            let rows = merging.rows(path, was.rows(), mine.rows(), theirs.rows());
            if rows.is_empty() { Value::Empty } else { Value::Rows(rows) }
        } else if own(column) {
            merging.value(Place::Field(path.clone()), &Row::default(), (was, mine, theirs)).clone()
        } else {
            continue;
        };
        put(&mut values, path, merged);
    }
    Merged { values, clashes: merging.clashes }
}

fn put(values: &mut Values, key: &str, value: Value) {
    if value.is_empty() {
        values.remove(key);
    } else {
        values.insert(key.to_string(), value);
    }
}

fn with_id(rows: &[Row], id: Option<Id>) -> Option<&Row> {
    id.and_then(|id| rows.iter().find(|row| row.id == Some(id)))
}

struct Merging<'a> {
    form: &'a Form,
    own: &'a dyn Fn(&Column) -> bool,
    yields: &'a dyn Fn(&Place) -> bool,
    clashes: Vec<Clash>,
}

impl Merging<'_> {
    fn value<'v>(
        &mut self,
        place: Place,
        row: &Row,
        (was, mine, theirs): (&'v Value, &'v Value, &'v Value),
    ) -> &'v Value {
        if same(mine, was) || same(mine, theirs) {
            return theirs;
        }
        if same(theirs, was) {
            return mine;
        }
        let yields = (self.yields)(&place);
        let (mine_too, theirs_too) = (mine.clone(), theirs.clone());
        self.clashes.push(Clash { place, row: row.clone(), mine: mine_too, theirs: theirs_too });
        if yields { theirs } else { mine }
    }

    fn rows(&mut self, subform: &str, was: &[Row], mine: &[Row], theirs: &[Row]) -> Vec<Row> {
        let mine_kept: Vec<Row> =
            mine.iter().filter_map(|row| self.of_mine(subform, row, was, theirs)).collect();
        let mut theirs_kept = Vec::with_capacity(theirs.len());
        for row in theirs {
            let kept = match with_id(mine, row.id) {
                Some(_) => with_id(&mine_kept, row.id).cloned(),
                None => self.without_mine(subform, row, was),
            };
            theirs_kept.extend(kept);
        }
        // The rows stand as the one has them who moved them.
        if in_both(was, theirs) == in_both(theirs, was) {
            woven(mine_kept, &theirs_kept)
        } else {
            woven(theirs_kept, &mine_kept)
        }
    }

    /// What becomes of a row that one has on the screen.
    fn of_mine(&mut self, subform: &str, mine: &Row, was: &[Row], theirs: &[Row]) -> Option<Row> {
        let Some(id) = mine.id else { return Some(mine.clone()) };
        let before = with_id(was, mine.id);
        if let Some(theirs) = with_id(theirs, mine.id) {
            return Some(self.cells(subform, before.unwrap_or(theirs), mine, theirs));
        }
        // They took it out. What is kept of it is a new row: the old one is gone.
        let anew = Row { id: None, values: mine.values.clone() };
        let Some(before) = before else { return Some(anew) };
        if !self.is_changed(subform, before, mine) {
            return None;
        }
        let place = Place::Row { subform: subform.to_string(), row: id };
        let yields = (self.yields)(&place);
        self.clashes.push(Clash {
            place,
            row: before.clone(),
            mine: Value::Rows(vec![mine.clone()]),
            theirs: Value::Empty,
        });
        (!yields).then_some(anew)
    }

    /// What becomes of a row of theirs that one does not have: they added it, or one took it out.
    fn without_mine(&mut self, subform: &str, theirs: &Row, was: &[Row]) -> Option<Row> {
        let Some((before, id)) = with_id(was, theirs.id).zip(theirs.id) else { return Some(theirs.clone()) };
        if !self.is_changed(subform, before, theirs) {
            return None;
        }
        let place = Place::Row { subform: subform.to_string(), row: id };
        let yields = (self.yields)(&place);
        self.clashes.push(Clash {
            place,
            row: before.clone(),
            mine: Value::Empty,
            theirs: Value::Rows(vec![theirs.clone()]),
        });
        yields.then(|| theirs.clone())
    }

    fn cells(&mut self, subform: &str, was: &Row, mine: &Row, theirs: &Row) -> Row {
        let (form, own) = (self.form, self.own);
        let mut merged = theirs.clone();
        let Some(id) = theirs.id else { return merged };
        for column in form.columns_of(subform).filter(|column| own(column)) {
            let key = &column.field.key;
            let place = Place::Cell { row: id, column: column.path.clone() };
            let sides = (get(&was.values, key), get(&mine.values, key), get(&theirs.values, key));
            let value = self.value(place, was, sides).clone();
            put(&mut merged.values, key, value);
        }
        merged
    }

    /// Whether somebody entered something else in a row; what a formula gives is nobody's entry.
    fn is_changed(&self, subform: &str, was: &Row, is: &Row) -> bool {
        changed_cells(self.form, subform, was, is).next().is_some()
    }
}

/// The columns in which somebody entered something else than was there.
pub fn changed_cells<'f>(
    form: &'f Form,
    subform: &str,
    was: &'f Row,
    is: &'f Row,
) -> impl Iterator<Item = &'f Column> {
    form.columns_of(subform)
        .filter(|column| column.field.is_input())
        .filter(move |column| !same(get(&was.values, &column.field.key), get(&is.values, &column.field.key)))
}

/// The ids of the rows that the others have too, in their order here.
fn in_both(rows: &[Row], others: &[Row]) -> Vec<Option<Id>> {
    rows.iter().map(|row| row.id).filter(|id| with_id(others, *id).is_some()).collect()
}

/// The first rows in their order, and what only the second ones have, each after the row that stands before it there.
fn woven(mut rows: Vec<Row>, others: &[Row]) -> Vec<Row> {
    let mut place = 0;
    for other in others {
        match other.id.and_then(|id| rows.iter().position(|row| row.id == Some(id))) {
            Some(found) => place = found + 1,
            None => {
                rows.insert(place.min(rows.len()), other.clone());
                place += 1;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::testing::form_of;

    fn form() -> Form {
        form_of(json!([
            {"key": "a", "label": "a", "kind": "text"}, {"key": "b", "label": "b", "kind": "text"},
            {"key": "c", "label": "c", "kind": "text"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "item", "kind": "text"},
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "qty * 2"}}]}}]))
    }

    fn id(number: i64) -> String {
        Id::from_i64(number).unwrap().to_string()
    }

    /// Rows with an id (0 for a new one), an item and a quantity.
    fn lines(rows: &[(i64, &str, i64)]) -> Json {
        let row = |(number, item, qty): &(i64, &str, i64)| {
            let mut row = json!({"item": item, "qty": qty.to_string(), "twice": (qty * 2).to_string()});
            if *number > 0 {
                row["id"] = json!(id(*number));
            }
            row
        };
        json!({"lines": rows.iter().map(row).collect::<Vec<_>>()})
    }

    fn merged(base: Json, mine: Json, theirs: Json, yields: bool) -> Merged {
        let form = form();
        let values = |json: Json| engine::record::read_values(&form, json.as_object().unwrap());
        let (base, mine, theirs) = (values(base), values(mine), values(theirs));
        let sides = Sides { base: &base, mine: &mine, theirs: &theirs };
        merge(&form, sides, &|column| column.field.is_input(), &|_| yields)
    }

    /// The rows after a merge as `item quantity`, and how many questions there are.
    fn rows(
        base: &[(i64, &str, i64)],
        mine: &[(i64, &str, i64)],
        theirs: &[(i64, &str, i64)],
    ) -> (String, usize) {
        said(merged(lines(base), lines(mine), lines(theirs), false))
    }

    fn said(merged: Merged) -> (String, usize) {
        let row = |row: &Row| {
            let qty = get(&row.values, "qty").as_number().map(|qty| engine::value::to_fixed(qty, 0));
            let item = get(&row.values, "item").as_text().unwrap_or_default();
            format!("{item} {}", qty.unwrap_or_default())
        };
        let rows: Vec<String> = get(&merged.values, "lines").rows().iter().map(row).collect();
        (rows.join(", "), merged.clashes.len())
    }

    const BASE: &[(i64, &str, i64)] = &[(11, "desk", 1), (12, "lamp", 2)];

    #[test]
    fn only_fields_that_both_changed_differently_are_asked_for() {
        let values = |a: &str, b: &str, c: &str| json!({"a": a, "b": b, "c": c});
        let found = merged(values("1", "1", "1"), values("2", "2", "1"), values("3", "2", "9"), false);
        let places: Vec<&Place> = found.clashes.iter().map(|clash| &clash.place).collect();
        assert_eq!(places, [&Place::Field("a".into())]);
        assert_eq!(get(&found.values, "a"), &Value::text("2"));
        assert_eq!(get(&found.values, "c"), &Value::text("9"));
        let yielding = merged(values("1", "1", "1"), values("2", "2", "1"), values("3", "2", "9"), true);
        assert_eq!(get(&yielding.values, "a"), &Value::text("3"));
    }

    #[test]
    fn different_rows_and_cells_need_no_question() {
        let (mine, theirs) = ([(11, "desk", 9), (12, "lamp", 2)], [(11, "desk", 1), (12, "lamp", 5)]);
        assert_eq!(rows(BASE, &mine, &theirs), ("desk 9, lamp 5".into(), 0));
        let theirs = [(11, "table", 1), (12, "lamp", 2)];
        assert_eq!(rows(BASE, &mine, &theirs), ("table 9, lamp 2".into(), 0));
    }

    #[test]
    fn one_cell_with_two_values_is_asked_for() {
        let (mine, theirs) =
            (lines(&[(11, "desk", 9), (12, "lamp", 2)]), lines(&[(11, "desk", 7), (12, "lamp", 2)]));
        let found = merged(lines(BASE), mine.clone(), theirs.clone(), false);
        let place = Place::Cell { row: Id::from_i64(11).unwrap(), column: "lines.qty".into() };
        assert_eq!(found.clashes.iter().map(|clash| &clash.place).collect::<Vec<_>>(), [&place]);
        assert_eq!(get(&found.clashes[0].row.values, "item"), &Value::text("desk"));
        assert_eq!(said(found).0, "desk 9, lamp 2");
        assert_eq!(said(merged(lines(BASE), mine, theirs, true)).0, "desk 7, lamp 2");
    }

    #[test]
    fn rows_that_were_added_stay_where_they_were_put() {
        let mine = [(11, "desk", 1), (0, "chair", 4), (12, "lamp", 2)];
        let theirs = [(11, "desk", 1), (12, "lamp", 2), (13, "shelf", 3)];
        assert_eq!(rows(BASE, &mine, &theirs), ("desk 1, chair 4, lamp 2, shelf 3".into(), 0));
        // The same new row twice is two rows.
        let theirs = [(11, "desk", 1), (13, "chair", 4), (12, "lamp", 2)];
        assert_eq!(rows(BASE, &mine, &theirs).0.matches("chair").count(), 2);
    }

    #[test]
    fn a_row_that_one_took_out_goes_unless_the_other_changed_it() {
        let only_desk = [(11, "desk", 1)];
        assert_eq!(rows(BASE, &only_desk, BASE), ("desk 1".into(), 0));
        assert_eq!(rows(BASE, BASE, &only_desk), ("desk 1".into(), 0));
        let changed = [(11, "desk", 1), (12, "lamp", 8)];
        assert_eq!(rows(BASE, &only_desk, &changed), ("desk 1".into(), 1));
        assert_eq!(rows(BASE, &changed, &only_desk), ("desk 1, lamp 8".into(), 1));
        let yields = |mine: &[(i64, &str, i64)], theirs: &[(i64, &str, i64)]| {
            said(merged(lines(BASE), lines(mine), lines(theirs), true)).0
        };
        assert_eq!(yields(&only_desk, &changed), "desk 1, lamp 8");
        assert_eq!(yields(&changed, &only_desk), "desk 1");
        // What is kept of a row that is gone has no id any more.
        let kept = merged(lines(BASE), lines(&changed), lines(&only_desk), false);
        assert_eq!(get(&kept.values, "lines").rows()[1].id, None);
    }

    #[test]
    fn who_moved_rows_says_how_they_stand() {
        let moved = [(12, "lamp", 2), (11, "desk", 1)];
        let changed = [(11, "desk", 9), (12, "lamp", 2)];
        assert_eq!(rows(BASE, &moved, &changed), ("lamp 2, desk 9".into(), 0));
        assert_eq!(rows(BASE, &changed, &moved), ("lamp 2, desk 9".into(), 0));
    }
}
