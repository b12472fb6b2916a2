//! How linked records and people are called.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::field::{FieldKind, Reference};
use engine::form::{Column, pattern_paths};
use engine::record::title;
use engine::text::Language;
use engine::value::{Id, Value, Values, get};
use serde_json::Value as Json;
use store::Reader;
use store::file::File;
use store::record::Record;
use wire::records::Fields;

use super::live::Eyes;
use super::{FieldRights, Order};
use crate::service::Refusal;

/// The name under which titles of people are given.
const PEOPLE: &str = "member";
/// The name under which names of departments are given.
pub const DEPARTMENTS: &str = "department";
/// The name under which names of files are given.
pub const FILES: &str = "file";

pub type Titles = BTreeMap<String, BTreeMap<String, String>>;

impl Order {
    /// Titles of what these fields of these records refer to, as far as the caller may see it.
    pub async fn titles(
        &self,
        db: &mut Reader,
        records: &[Record],
        fields: &[String],
    ) -> Result<Titles, Refusal> {
        let mut wanted: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        let mut people: BTreeSet<Id> = BTreeSet::new();
        let mut departments: BTreeSet<Id> = BTreeSet::new();
        let columns = self.compiled.form.all_columns().filter(|column| {
            let field = column.subform().unwrap_or(&column.path);
            fields.iter().any(|name| *name == column.path || name == field)
        });
        let columns: Vec<(&Column, Reference)> =
            columns.filter_map(|column| Some((column, column.field.kind.reference()?))).collect();
        let paths: Vec<String> = columns.iter().map(|(column, _)| column.path.clone()).collect();
        for (record, open) in records.iter().zip(self.open_on(db, records, &paths).await?) {
            for (column, reference) in columns.iter().filter(|(column, _)| open.contains(&column.path)) {
                let ids = referred(record, &column.path);
                match (*reference, column.target) {
                    (Reference::Record, Some(target)) => wanted.entry(target).or_default().extend(ids),
                    (Reference::Member, _) => people.extend(ids),
                    (Reference::Department, _) => departments.extend(ids),
                    (Reference::Record, None) | (Reference::File, _) => {}
                }
            }
        }
        for record in records {
            let system = &record.system;
            people.extend(system.created_by.into_iter().chain(system.updated_by).chain(system.owner));
            people.extend(system.collaborators.iter().copied());
            departments.extend(system.department);
        }
        let mut titles = Titles::new();
        for (form, ids) in wanted {
            let ids: Vec<Id> = ids.into_iter().collect();
            titles.insert(form.to_string(), self.titles_in(db, form, &ids).await?);
        }
        let names = people.into_iter().map(|id| (id.to_string(), self.caller.people.name(id).to_string()));
        titles.insert(PEOPLE.to_string(), names.filter(|(_, name)| !name.is_empty()).collect());
        let directory = &self.caller.people;
        let names =
            departments.into_iter().map(|id| (id.to_string(), directory.department_name(id).to_string()));
        let names: BTreeMap<String, String> = names.filter(|(_, name)| !name.is_empty()).collect();
        if !names.is_empty() {
            titles.insert(DEPARTMENTS.to_string(), names);
        }
        Ok(titles)
    }

    /// Names of the files that the caller sees in these records.
    pub async fn file_names(
        &self,
        db: &mut Reader,
        seen: &[wire::records::Record],
        titles: &mut Titles,
    ) -> Result<(), Refusal> {
        let mut wanted: BTreeSet<Id> = BTreeSet::new();
        for column in self.compiled.form.all_columns() {
            if column.field.kind.reference() == Some(Reference::File) {
                wanted.extend(seen.iter().flat_map(|record| ids_shown(&record.fields, &column.path)));
            }
        }
        let wanted: Vec<Id> = wanted.into_iter().collect();
        let files = File::find_all(db, self.caller.workspace_id(), &wanted).await?;
        let names =
            files.into_iter().map(|file| (file.id.to_string(), file.name)).collect::<BTreeMap<_, _>>();
        if !names.is_empty() {
            titles.insert(FILES.to_string(), names);
        }
        Ok(())
    }

    /// Titles of records of another form that the caller may see.
    pub async fn titles_in(
        &self,
        db: &mut Reader,
        form: Id,
        ids: &[Id],
    ) -> Result<BTreeMap<String, String>, Refusal> {
        if self.designs.published(form).is_err() {
            return Ok(BTreeMap::new());
        }
        let there = self.with_form(form, self.path)?;
        let found = store::record::get_many(db, &there.access, there.table(), ids, &there.context).await?;
        let records: Vec<Record> = found.into_values().filter(|record| record.system.is_live()).collect();
        let titles = there.seen_titles(db, &records).await?;
        Ok(records.iter().map(|record| record.id.to_string()).zip(titles).collect())
    }

    /// What the caller sees each of these records of the form called: by its own fields, without those that they may
    /// not read on it.
    pub async fn seen_titles(&self, db: &mut Reader, records: &[Record]) -> Result<Vec<String>, Refusal> {
        let paths: Vec<String> = self.compiled.form.fields().map(|column| column.path.clone()).collect();
        let open = self.open_on(db, records, &paths).await?;
        Ok(records.iter().zip(open).map(|(record, open)| self.title_with(record, &open)).collect())
    }

    /// What a record of the form is called for whom these fields of it are open to.
    pub fn title_with(&self, record: &Record, open: &BTreeSet<String>) -> String {
        let mut values = record.values.clone();
        values.retain(|path, _| open.contains(path));
        title(&self.compiled.form, &values, self.caller.language(), &|_| String::new())
    }

    /// Those of `paths` that the caller may read on each of these records.
    async fn open_on(
        &self,
        db: &mut Reader,
        records: &[Record],
        paths: &[String],
    ) -> Result<Vec<BTreeSet<String>>, Refusal> {
        if paths.iter().all(|path| self.access.is_uniform(path)) {
            let open = paths.iter().filter(|path| self.access.right(path) >= FieldRight::Read);
            let open: BTreeSet<String> = open.cloned().collect();
            return Ok(vec![open; records.len()]);
        }
        let rights = self.rights_on(db, records).await?;
        let open = |rights: &FieldRights| -> BTreeSet<String> {
            let open = |path: &&String| rights.get(*path).is_some_and(|right| *right >= FieldRight::Read);
            paths.iter().filter(open).cloned().collect()
        };
        Ok(records.iter().map(|record| rights.get(&record.id).map(open).unwrap_or_default()).collect())
    }
}

impl Order {
    /// What the names of a pattern say that lead through a link of the record, such as `customer.name`: to the product, or to
    /// the caller, as far as they may see the linked record and that field of it.
    pub async fn linked_texts(
        &self,
        db: &mut Reader,
        values: &Values,
        pattern: &str,
        language: Language,
        eyes: Eyes,
    ) -> Result<BTreeMap<String, String>, Refusal> {
        let found = self.linked_values(db, values, &pattern_paths(pattern), eyes).await?;
        Ok(found.into_iter().map(|(path, (kind, value))| (path, kind.display(&value, language))).collect())
    }

    /// The values at paths that lead through a link of the record, such as `customer.name`, as [`Order::linked_texts`] finds
    /// them.
    pub async fn linked_values(
        &self,
        db: &mut Reader,
        values: &Values,
        paths: &[String],
        eyes: Eyes,
    ) -> Result<BTreeMap<String, (FieldKind, Value)>, Refusal> {
        let mut found_there = BTreeMap::new();
        for path in paths {
            let Some((link, field)) = path.split_once('.') else { continue };
            let target = self.compiled.form.column(link).and_then(|column| column.target);
            let (Some(target), Some(id)) = (target, get(values, link).as_ref_id()) else { continue };
            if self.designs.published(target).is_err() {
                continue;
            }
            let mut there = self.with_form(target, self.path)?;
            if eyes == Eyes::System {
                there.access = Access::system("what a record is called");
            }
            let Some(column) = there.compiled.form.column(field) else { continue };
            let found =
                store::record::get_many(db, &there.access, there.table(), &[id], &there.context).await?;
            let Some(linked) = found.get(&id) else { continue };
            let open = there.open_on(db, std::slice::from_ref(linked), &[field.to_string()]).await?;
            let value = linked.value(field);
            if !value.is_empty() && open.iter().any(|open| open.contains(field)) {
                found_there.insert(path.clone(), (column.read_kind.clone(), value));
            }
        }
        Ok(found_there)
    }
}

/// The ids in a field, or in a column of a sub-form, as the wire has them.
fn ids_shown(fields: &Fields, path: &str) -> Vec<Id> {
    let ids = |cell: Option<&Json>| -> Vec<Id> {
        let one = cell.and_then(Json::as_str).into_iter();
        let items = cell.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        one.chain(items).filter_map(|item| item.parse().ok()).collect()
    };
    match path.split_once('.') {
        None => ids(fields.get(path)),
        Some((subform, column)) => {
            let rows = fields.get(subform).and_then(Json::as_array).into_iter().flatten();
            rows.flat_map(|row| ids(row.get(column))).collect()
        }
    }
}

fn referred(record: &Record, path: &str) -> Vec<Id> {
    let ids = |value: &Value| value.items().iter().filter_map(Value::as_ref_id).collect::<Vec<Id>>();
    match path.split_once('.') {
        None => ids(get(&record.values, path)),
        Some((subform, column)) => {
            let rows = get(&record.values, subform).rows();
            rows.iter().flat_map(|row| ids(get(&row.values, column))).collect()
        }
    }
}
