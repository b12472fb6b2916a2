//! Records that are called alike: their ids stand behind their titles, by which an import finds them again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::field::Reference;
use engine::value::Id;
use store::Reader;

use super::columns::Column;
use crate::service::Refusal;
use crate::service::imports::SharedTitles;
use crate::service::records::Order;
use crate::service::records::titles::Titles;

/// Titles that are kept with what is known of them for the pages to come.
const MOST_KNOWN: usize = 50_000;

/// What is known of the forms that an export names records of.
pub struct Alike {
    /// By their ids, as titles are given.
    forms: BTreeMap<String, (Order, SharedTitles)>,
    /// Whether several records have a title, by form and title.
    known: HashMap<(String, String), bool>,
}

impl Alike {
    /// # Errors
    /// When the database can't be read.
    pub async fn of(order: &Order, columns: &[Column]) -> Result<Alike, Refusal> {
        let mut forms = BTreeMap::new();
        for column in columns {
            let field = order.compiled.form.column(&column.place.path());
            let linked = field.filter(|field| field.field.kind.reference() == Some(Reference::Record));
            let Some(form) = linked.and_then(|field| field.target) else { continue };
            if forms.contains_key(&form.to_string()) || order.designs.published(form).is_err() {
                continue;
            }
            let there = order.with_form(form, order.path)?;
            let shared = SharedTitles::of(&there).await?;
            forms.insert(form.to_string(), (there, shared));
        }
        Ok(Alike { forms, known: HashMap::new() })
    }

    /// Puts ids behind the titles that would not tell which record is meant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn mark(&mut self, db: &mut Reader, titles: &mut Titles) -> Result<(), Refusal> {
        for (form, (there, shared)) in &self.forms {
            let Some(named) = titles.get_mut(form) else { continue };
            if self.known.len() > MOST_KNOWN {
                self.known.clear();
            }
            let is_new = |title: &&String| !self.known.contains_key(&(form.clone(), (*title).clone()));
            let new: BTreeSet<String> = named.values().filter(is_new).cloned().collect();
            if !new.is_empty() {
                let alike = shared.among(db, there, new.clone()).await?;
                let known = new.into_iter().map(|title| {
                    let is_shared = alike.contains(&title);
                    ((form.clone(), title), is_shared)
                });
                self.known.extend(known);
            }
            for (id, title) in named {
                let is_shared = self.known.get(&(form.clone(), title.clone())).copied().unwrap_or(true);
                // An empty one is written as its id alone, and blanks around a title do not come through a file.
                if !title.trim().is_empty() && (is_shared || title.trim() != title.as_str() || is_id(title)) {
                    *title = with_id(title, id);
                }
            }
        }
        Ok(())
    }
}

/// Whether a title would be taken for the id of a record.
fn is_id(title: &str) -> bool {
    title.parse::<Id>().is_ok()
}

/// A name and the id behind it, as an import reads it.
pub fn with_id(name: &str, id: &str) -> String {
    format!("{name} ({id})")
}
