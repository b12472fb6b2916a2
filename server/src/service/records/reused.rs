//! Keys that one field had and another one has by now.
//!
//! Who may read a field is told what was in it before, of whatever kind it was then. Where it was taken out and another one was
//! added later under its key, that was another field, open to others: nothing of it is told or put back by the rights of the
//! one of now. One that comes back as what it was, by its label and its kind, is the same: its values come back with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use engine::form::{Field, FormDocument};
use engine::value::{Id, Timestamp};
use serde_json::Value as Json;
use store::Reader;

use super::Order;
use crate::service::Refusal;
use crate::service::forms::removed;

/// The first version that a field can be added to again: one had it, the next had not.
const FIRST: i64 = 3;

/// The fields of a form that took the place of others, by path, each with when that was.
#[derive(Debug)]
pub struct Reused(BTreeMap<String, Timestamp>);

/// Of a form of which no field took the place of another.
static NONE: Reused = Reused(BTreeMap::new());

impl Reused {
    /// Those of the form that an order is for.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn of<'o>(db: &mut Reader, order: &'o Order) -> Result<&'o Reused, Refusal> {
        let design = order.design()?;
        if design.row.version < FIRST {
            return Ok(&NONE);
        }
        if let Some(known) = design.reused.get() {
            return Ok(known);
        }
        let found = Reused::read(db, order.caller.workspace_id(), order.form).await?;
        Ok(design.reused.get_or_init(|| found))
    }

    /// Those of whose past the caller is told nothing: none for who administers the form.
    ///
    /// # Errors
    /// As [`Reused::of`].
    pub async fn closed_to_caller<'o>(db: &mut Reader, order: &'o Order) -> Result<&'o Reused, Refusal> {
        if order.is_administrator() { Ok(&NONE) } else { Reused::of(db, order).await }
    }

    async fn read(db: &mut Reader, workspace: Id, form: Id) -> Result<Reused, Refusal> {
        Ok(Reused::among(&removed::versions(db, workspace, form).await?))
    }

    /// By the documents of a form as they were published, the newest first.
    pub fn among(versions: &[(Timestamp, FormDocument)]) -> Reused {
        let fields = versions.first().into_iter().flat_map(|(_, now)| now.all_fields());
        Reused(fields.filter_map(|(path, _)| Some((path.clone(), began(versions, &path)?))).collect())
    }

    /// Whether what was at a path at a moment was in the field that has the path now.
    pub fn is_same(&self, path: &str, at: Timestamp) -> bool {
        self.0.get(path).is_none_or(|since| at >= *since)
    }

    /// Those of the paths at which was then what is there now.
    pub fn same_of<'p>(&self, paths: &'p BTreeSet<String>, at: Timestamp) -> Cow<'p, BTreeSet<String>> {
        if self.0.values().all(|since| at >= *since) {
            return Cow::Borrowed(paths);
        }
        Cow::Owned(paths.iter().filter(|path| self.is_same(path, at)).cloned().collect())
    }

    /// Gives the rows of a sub-form as they were at a moment the cells of now, in columns that were others then.
    pub fn keep_cells(&self, then: &mut Json, now: &Json, subform: &str, at: Timestamp) {
        let others = self.0.iter().filter(|(_, since)| at < **since);
        let columns: Vec<&str> = others
            .filter_map(|(path, _)| path.split_once('.'))
            .filter_map(|(rows, column)| (rows == subform).then_some(column))
            .collect();
        if columns.is_empty() {
            return;
        }
        let known: BTreeMap<&str, &Json> = now
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| Some((row.get("id")?.as_str()?, row)))
            .collect();
        for row in then.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
            let now = row.get("id").and_then(Json::as_str).and_then(|id| known.get(id));
            for column in &columns {
                match now.and_then(|now| now.get(*column)) {
                    Some(cell) => drop(row.insert((*column).to_string(), cell.clone())),
                    None => drop(row.remove(*column)),
                }
            }
        }
    }
}

/// When the field at a path took the place of another one.
fn began(versions: &[(Timestamp, FormDocument)], path: &str) -> Option<Timestamp> {
    // The oldest of the versions that have the field of now, as far as they were gone through.
    let mut oldest: Option<(Timestamp, &Field)> = None;
    let mut is_gone = false;
    for (at, document) in versions {
        let Some(field) = document.field(path) else {
            is_gone = true;
            continue;
        };
        if let Some((since, known)) = oldest
            && is_gone
            && (&field.kind, &field.label) != (&known.kind, &known.label)
        {
            return Some(since);
        }
        (oldest, is_gone) = (Some((*at, field)), false);
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn text() -> Json {
        json!({"key": "code", "label": "Code", "kind": "text"})
    }

    fn number() -> Json {
        json!({"key": "code", "label": "Code", "kind": "number"})
    }

    /// Versions with these fields, the oldest first, published at 1, 2 and so on.
    fn reused(versions: &[Json]) -> Reused {
        let document = |fields: &Json| -> FormDocument {
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap()
        };
        let mut documents: Vec<_> = (1..).map(at).zip(versions.iter().map(document)).collect();
        documents.reverse();
        Reused::among(&documents)
    }

    #[test]
    fn a_field_that_was_gone_in_between_is_another_one_unless_it_comes_back_as_what_it_was() {
        let began = |versions: &[Json]| reused(versions).0.get("code").copied();
        let none = json!([]);
        assert_eq!(began(&[json!([text()])]), None);
        assert_eq!(began(&[none.clone(), json!([text()])]), None, "there was none before");
        assert_eq!(began(&[json!([text()]), json!([number()])]), None, "it became another kind");
        let other = [json!([text()]), none.clone(), json!([number()])];
        assert_eq!(began(&other), Some(at(3)));
        // It is so however it is changed since.
        let later = [&other[..], &[json!([text()]), json!([number()])]].concat();
        assert_eq!(began(&later), Some(at(3)));
        assert_eq!(began(&[json!([text()]), none.clone(), json!([text()])]), None, "it was put back");
        let renamed = json!([{"key": "code", "label": "Salary", "kind": "text"}]);
        assert_eq!(began(&[json!([text()]), none.clone(), renamed]), Some(at(3)));
        let back = [json!([text()]), json!([number()]), none, json!([number()])];
        assert_eq!(began(&back), None, "what it had become is what it was");
    }

    #[test]
    fn what_is_told_of_a_moment_is_told_of_the_fields_of_now() {
        let found = reused(&[json!([text()]), json!([]), json!([number()])]);
        assert!(
            !found.is_same("code", at(2)) && found.is_same("code", at(3)) && found.is_same("name", at(1))
        );
        let paths = BTreeSet::from(["code".to_string(), "name".to_string()]);
        assert_eq!(*found.same_of(&paths, at(2)), BTreeSet::from(["name".to_string()]));
        assert_eq!(*found.same_of(&paths, at(3)), paths);
    }

    #[test]
    fn rows_of_before_keep_the_cells_of_now_in_columns_that_were_others() {
        let lines = |column: Json| {
            json!([{"key": "lines", "label": "L", "kind": "subform", "options": {"fields": [
                {"key": "item", "label": "Item", "kind": "text"}, column]}}])
        };
        let found = reused(&[
            lines(text()),
            lines(json!({"key": "x", "label": "X", "kind": "text"})),
            lines(number()),
        ]);
        let then =
            json!([{"id": "a", "item": "pen", "code": "old"}, {"id": "b", "item": "ink", "code": "old"}]);
        let now = json!([{"id": "a", "item": "PEN", "code": "3"}]);
        let mut rows = then.clone();
        found.keep_cells(&mut rows, &now, "lines", at(2));
        assert_eq!(rows, json!([{"id": "a", "item": "pen", "code": "3"}, {"id": "b", "item": "ink"}]));
        let mut rows = then.clone();
        found.keep_cells(&mut rows, &now, "lines", at(3));
        assert_eq!(rows, then);
    }
}
