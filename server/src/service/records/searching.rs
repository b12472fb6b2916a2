//! The search of a list: records in which somebody's words stand, by the rule and the indexes of the pickers
//! ([`super::options`]). A list has its counts, sums and groups of the same records, so what is found is a condition.

use std::collections::BTreeSet;

use engine::access::FieldRight;
use engine::condition::{Checked, Operator, Reach};
use engine::field::{FieldKind, Shape};
use engine::form::{Column, Form, SYSTEM_FIELDS, system_kind};
use engine::text::Fault;
use engine::value::{Id, typed_sound};
use store::Reader;
use store::query::{Beginning, By, Newest, Shelf, beginning, is_indexed, newest_ids};

use super::Order;
use super::live::among;
use super::options::{check_length, mentions_all, title_fields};
use crate::service::Refusal;

/// Records that are named one by one at most. Where more are found each is looked at: a list of them is soon full.
const MOST: u32 = 1_000;
/// The newest records, in which the words may stand anywhere; in older ones a text has to begin with them, which an index tells.
const LOOKED_AT: u64 = 100_000;
/// Fields that are looked into at most.
const MOST_FIELDS: usize = 30;

/// What is searched for in a list, and where.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'s> {
    pub words: Option<&'s str>,
    pub fields: Option<&'s [String]>,
}

impl<'s> Search<'s> {
    pub fn new(words: Option<&'s String>, fields: Option<&'s Vec<String>>) -> Search<'s> {
        Search { words: words.map(String::as_str), fields: fields.map(Vec::as_slice) }
    }

    fn words(&self) -> &'s str {
        self.words.unwrap_or_default().trim()
    }
}

impl Order {
    /// Whether this can be searched for.
    ///
    /// # Errors
    /// Words that are too long; fields that the caller does not know.
    pub fn check_search(&self, search: &Search<'_>) -> Result<(), Refusal> {
        check_length(search.words())?;
        self.check_known(search.fields.unwrap_or_default(), "q_fields")
    }

    /// The records in which the words stand, of those that the caller sees and in the fields that they may read; all where
    /// nothing is searched for.
    ///
    /// # Errors
    /// As [`Order::check_search`].
    pub async fn searched(
        &self,
        db: &mut Reader,
        shelf: Shelf,
        search: &Search<'_>,
    ) -> Result<Checked, Refusal> {
        self.check_search(search)?;
        let words = search.words();
        if words.is_empty() {
            return Ok(Checked::always());
        }
        let mentions = mentions_all(self, &self.looked_into(search.fields), words);
        if shelf != Shelf::Live {
            // One's drafts and the bin are few, and no index has them.
            return Ok(mentions);
        }
        let (access, table) = (&self.access, self.table());
        let Newest { ids, is_cut, is_all } =
            newest_ids(db, access, table, &mentions, (MOST, LOOKED_AT), &self.context).await?;
        let mut found: BTreeSet<Id> = ids.into_iter().collect();
        self.add_sounding(db, words, &mut found).await?;
        if !is_all {
            self.add_beginning(db, words, &mut found).await?;
        }
        let kind = system_kind("$id").ok_or_else(Refusal::missing)?;
        let found: Vec<Id> = found.into_iter().collect();
        let named = among(Reach::own("$id"), kind, &found);
        Ok(if is_cut { Checked::Any(vec![mentions, named]) } else { named })
    }

    /// Records whose title sounds so.
    async fn add_sounding(
        &self,
        db: &mut Reader,
        words: &str,
        found: &mut BTreeSet<Id>,
    ) -> Result<(), Refusal> {
        let Some(typed) = typed_sound(words) else { return Ok(()) };
        let titles = title_fields(&self.compiled.form);
        let open = titles.iter().filter(|path| self.access.right(path) >= FieldRight::Read);
        for path in open {
            for by in [By::Initials, By::Sound] {
                self.add_by(db, path, (by, typed.as_str()), found).await?;
            }
        }
        Ok(())
    }

    /// Records whose title or serial number begins so, where an index tells that.
    async fn add_beginning(
        &self,
        db: &mut Reader,
        words: &str,
        found: &mut BTreeSet<Id>,
    ) -> Result<(), Refusal> {
        let form = &self.compiled.form;
        let paths: BTreeSet<String> = title_fields(form).into_iter().chain(serial_fields(form)).collect();
        let open = paths.iter().filter(|path| self.access.right(path) >= FieldRight::Read);
        for path in open {
            if is_indexed(db, self.table(), path, By::Text).await? {
                self.add_by(db, path, (By::Text, words), found).await?;
            }
        }
        Ok(())
    }

    async fn add_by(
        &self,
        db: &mut Reader,
        field: &str,
        (by, text): (By, &str),
        found: &mut BTreeSet<Id>,
    ) -> Result<(), Refusal> {
        let wanted = Beginning { filter: Checked::always(), field, by, text, limit: MOST };
        let records = beginning(db, &self.access, self.table(), &wanted, &self.context).await?;
        found.extend(records.into_iter().map(|record| record.id));
        Ok(())
    }

    /// What is looked into besides the title: serial numbers, and of the named fields, or of all, those that hold text, one of
    /// several choices, or a record that is called so.
    fn looked_into(&self, named: Option<&[String]>) -> Vec<String> {
        let is_asked =
            |column: &&Column| is_serial(column) || named.is_none_or(|named| named.contains(&column.path));
        let columns = self.compiled.form.fields().filter(is_asked);
        columns.flat_map(|column| self.texts_of(column)).take(MOST_FIELDS).collect()
    }

    /// The paths by which the text of a field is read; none for one without.
    fn texts_of(&self, column: &Column) -> Vec<String> {
        let is_text = column.shape.is_text() && column.read_kind.operators().contains(&Operator::Contains);
        if is_text || (column.shape == Shape::Key && !column.read_kind.choices().is_empty()) {
            return vec![column.path.clone()];
        }
        let is_link = column.shape == Shape::Ref && column.field.kind.as_link().is_some();
        let Some(target) = column.target.filter(|_| is_link) else { return Vec::new() };
        let there = self.designs.published(target).and_then(|design| self.designs.compiled(design));
        let Ok(there) = there else { return Vec::new() };
        let is_stored =
            |path: &String| there.form.column(path).is_some_and(|title| title.shape == Shape::Text);
        let titles = title_fields(&there.form).into_iter().filter(is_stored);
        titles.map(|title| format!("{}.{title}", column.path)).collect()
    }

    /// Fields that a question names have to be there for the caller: those of the form that they may read, and those of the
    /// system, which every record has.
    ///
    /// # Errors
    /// `unknown_field` under `at`.
    pub fn check_known(&self, named: &[String], at: &str) -> Result<(), Refusal> {
        for (place, path) in named.iter().enumerate() {
            let known = SYSTEM_FIELDS.contains(&path.as_str())
                || self.compiled.form.column(path).is_some() && self.access.right(path) >= FieldRight::Read;
            if !known {
                let fault = Fault::new(format!("{at}.{place}"), "unknown_field").arg("field", path);
                return Err(Refusal::invalid(vec![fault]));
            }
        }
        Ok(())
    }
}

fn is_serial(column: &Column) -> bool {
    matches!(column.field.kind, FieldKind::Serial(_))
}

/// The form's serial numbers, by which its records are found as by their titles.
pub fn serial_fields(form: &Form) -> Vec<String> {
    form.fields().filter(|column| is_serial(column)).map(|column| column.path.clone()).collect()
}
