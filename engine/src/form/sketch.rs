//! A document with its identity: what other forms need to know of a form.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::system::system_kind;
use super::{Field, FormDocument};
use crate::condition::{Fields, Reach};
use crate::field::{FieldKind, Regions, RollupFn, options};
use crate::script::Script;
use crate::text::Fault;
use crate::value::Id;

/// A form document as others see it: its id, its app, its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    pub id: Id,
    /// The key of its app.
    pub app: String,
    pub document: FormDocument,
}

impl Sketch {
    /// The shortest name by which documents of the app `app` mean the form: its key, with its own app before it elsewhere.
    pub fn called_in(&self, app: &str) -> String {
        let key = &self.document.key;
        if self.app == app { key.clone() } else { format!("{}/{key}", self.app) }
    }

    /// The kind of what is read at a path of its records: a lookup's is that of the field it shows.
    pub fn kind_of(&self, path: &str, catalogue: &dyn Catalogue) -> Option<FieldKind> {
        let around = Surroundings { sketch: self, catalogue, row_of: None };
        around.find(path).ok().map(|(_, kind)| kind)
    }
}

/// Finds forms by the names that documents use.
pub trait Catalogue {
    /// The form that `name` means in app `app`: a key, `app/key` of another app, or an id.
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>>;

    /// Every form that can be named, where somebody has to choose one.
    fn forms(&self) -> Vec<Arc<Sketch>> {
        Vec::new()
    }

    /// The list of regions that a name means, `PACKAGE/KEY`; nothing where lists of regions are not at hand.
    ///
    /// # Errors
    /// There is no such list.
    fn regions(&self, _name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        Ok(None)
    }

    /// The transaction script that `name` means in app `app`: a key, or `app/key` of another app; nothing where scripts are
    /// not at hand.
    ///
    /// # Errors
    /// There is no such script.
    fn script(&self, _app: &str, _name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        Ok(None)
    }

    /// The aggregate table that `name` means in app `app`, with its dimensions and measures as the fields of a form.
    fn table(&self, _app: &str, _name: &str) -> Option<Arc<Sketch>> {
        None
    }

    /// What is known of the secrets of app `app`, by their names; nothing where secrets are not at hand.
    fn secrets(&self, _app: &str) -> Option<&Secrets> {
        None
    }
}

/// The secrets of an app by their names, without what they are.
pub type Secrets = BTreeMap<String, SecretUse>;

/// What a secret is good for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretUse {
    /// Whether it goes with the request; else it signs it and stays here.
    pub is_sent: bool,
    /// The hosts that may get it, or what it has signed.
    pub hosts: Vec<String>,
}

/// There is no list of regions of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRegions;

/// There is no script of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoScript;

/// Links that a path may follow, and lookups of lookups.
const MAX_HOPS: usize = 5;

/// Where a path leads.
struct End {
    reach: Reach,
    field: Field,
    /// The form that has the field, where links lead to it.
    there: Option<Arc<Sketch>>,
}

/// A form with the forms around it, as paths are resolved.
pub(crate) struct Surroundings<'a> {
    pub sketch: &'a Sketch,
    pub catalogue: &'a dyn Catalogue,
    /// The sub-form whose columns are plain names, when resolving for a row.
    pub row_of: Option<&'a str>,
}

impl Surroundings<'_> {
    /// The form that `name` means here.
    pub fn form(&self, name: &str) -> Option<Arc<Sketch>> {
        self.catalogue.form(&self.sketch.app, name)
    }

    pub(super) fn unknown(path: &str) -> Fault {
        Fault::new("", "unknown_field").arg("field", path)
    }

    /// The first name of a path: a column of the row, a field, a system field.
    fn first(&self, name: &str) -> Option<(Option<String>, Field)> {
        if let Some(subform) = self.row_of
            && let Some(column) = self.sketch.document.field(&format!("{subform}.{name}"))
        {
            return Some((Some(subform.to_string()), column.clone()));
        }
        if let Some(kind) = system_kind(name) {
            return Some((None, Field::new(name, name, kind)));
        }
        self.sketch.document.field(name).map(|field| (None, field.clone()))
    }

    /// Resolves a path, with the field at its end.
    pub fn resolve(&self, path: &str) -> Result<(Reach, Field), Fault> {
        self.follow(path).map(|end| (end.reach, end.field))
    }

    /// Every field that a path names on its way, and what a lookup at its end shows, each with its form. Nothing for a path
    /// that leads nowhere.
    pub fn named_by(&self, path: &str) -> Vec<(Id, String)> {
        let Ok(end) = self.walk(path) else { return Vec::new() };
        let mut named = fields_on(self.sketch.id, &end.reach);
        if let Ok(end) = self.see_through(end, MAX_HOPS) {
            named.extend(fields_on(self.sketch.id, &end.reach));
        }
        named
    }

    fn follow(&self, path: &str) -> Result<End, Fault> {
        self.walk(path).and_then(|end| self.see_through(end, MAX_HOPS))
    }

    /// Where a path leads by its own names: a lookup at its end is not seen through.
    fn walk(&self, path: &str) -> Result<End, Fault> {
        let mut names = path.split('.').peekable();
        let mut first = names.next().unwrap_or_default();
        let mut row_of = self.row_of;
        if first == "record" && names.peek().is_some() && self.sketch.document.field("record").is_none() {
            first = names.next().unwrap_or_default();
            row_of = None;
        }
        let start = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of };
        let (in_row, mut field) = start.first(first).ok_or_else(|| Surroundings::unknown(path))?;
        let mut rows = None;
        if !field.columns().is_empty() && names.peek().is_some() {
            let column = names.next().unwrap_or_default();
            rows = Some(field.key.clone());
            field = field
                .columns()
                .iter()
                .find(|known| known.key == column)
                .cloned()
                .ok_or_else(|| Surroundings::unknown(path))?;
        }
        let mut hops = Vec::new();
        let mut there: Option<Arc<Sketch>> = None;
        for name in names {
            let FieldKind::Link(link) = &field.kind else {
                return Err(Fault::new("", "not_a_link").arg("field", &field.key));
            };
            let target = self.linked(there.as_deref(), &link.form)?;
            hops.push((field.key.clone(), target.id));
            if hops.len() > MAX_HOPS {
                return Err(Surroundings::unknown(path));
            }
            field = match system_kind(name) {
                Some(kind) => Field::new(name, name, kind),
                None => target.document.field(name).cloned().ok_or_else(|| Surroundings::unknown(path))?,
            };
            there = Some(target);
        }
        let reach = Reach { rows, in_row, hops, field: field.key.clone() };
        Ok(End { reach, field, there })
    }

    /// The form that a link of the form `there`, or of this one, leads to.
    fn linked(&self, there: Option<&Sketch>, name: &str) -> Result<Arc<Sketch>, Fault> {
        let from = there.unwrap_or(self.sketch);
        let found = self.catalogue.form(&from.app, name);
        found.ok_or_else(|| Fault::new("", "unknown_form").arg("form", name))
    }

    /// A lookup reads as the field that it shows: one more hop.
    fn see_through(&self, end: End, depth: usize) -> Result<End, Fault> {
        let FieldKind::Lookup(lookup) = &end.field.kind else { return Ok(end) };
        let unknown = || Surroundings::unknown(&lookup.field);
        if depth == 0 {
            return Err(unknown());
        }
        let document = &end.there.as_deref().unwrap_or(self.sketch).document;
        let mut reach = end.reach.clone();
        let column = reach
            .subform()
            .filter(|_| reach.hops.is_empty())
            .map(|subform| format!("{subform}.{}", lookup.link));
        let in_row = column.and_then(|path| document.field(&path));
        let stays = in_row.is_some() || !reach.hops.is_empty();
        let link_field = in_row.or_else(|| document.field(&lookup.link)).ok_or_else(unknown)?;
        let FieldKind::Link(link) = &link_field.kind else {
            return Err(Fault::new("", "not_a_link").arg("field", &lookup.link));
        };
        if !stays {
            (reach.rows, reach.in_row) = (None, None);
        }
        let target = self.linked(end.there.as_deref(), &link.form)?;
        reach.hops.push((lookup.link.clone(), target.id));
        let field = target.document.field(&lookup.field).cloned().ok_or_else(unknown)?;
        reach.field.clone_from(&field.key);
        self.see_through(End { reach, field, there: Some(target) }, depth - 1)
    }

    /// The kind of a rollup's value: a count, or what the aggregated field has.
    pub fn rollup_kind(&self, rollup: &options::Rollup) -> Result<FieldKind, Fault> {
        let number =
            |scale| FieldKind::Number(options::Number { scale: Some(scale), ..options::Number::default() });
        let source = self
            .form(&rollup.form)
            .ok_or_else(|| Fault::new("form", "unknown_form").arg("form", &rollup.form))?;
        let field = match &rollup.field {
            Some(path) => {
                let inside = Surroundings { sketch: &source, catalogue: self.catalogue, row_of: None };
                Some(inside.resolve(path).map_err(|fault| Fault { path: "field".into(), ..fault })?.1)
            }
            None => None,
        };
        Ok(match (rollup.function, field) {
            (RollupFn::Count | RollupFn::Distinct, _) | (_, None) => number(0),
            (RollupFn::Avg, Some(field)) => match field.kind.shape() {
                crate::field::Shape::Decimal(scale) => number(scale.saturating_add(4).min(8)),
                _ => return Err(Fault::new("fn", "bad_operand").arg("field", &field.key)),
            },
            (RollupFn::Sum, Some(field)) => match field.kind.shape() {
                crate::field::Shape::Decimal(_) => field.kind,
                _ => return Err(Fault::new("fn", "bad_operand").arg("field", &field.key)),
            },
            (RollupFn::Min | RollupFn::Max | RollupFn::First | RollupFn::Last, Some(field)) => field.kind,
        })
    }
}

/// The fields on a path that starts in the form `start`, each with its form.
pub(super) fn fields_on(start: Id, reach: &Reach) -> Vec<(Id, String)> {
    let further = reach.hops.iter().enumerate().map(|(place, (_, form))| {
        let next = reach.hops.get(place + 1).map_or(&reach.field, |(link, _)| link);
        (*form, next.clone())
    });
    std::iter::once((start, reach.own_path())).chain(further).collect()
}

impl Fields for Surroundings<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        let End { reach, field, there } = self.follow(path)?;
        let kind = match (&field.kind, &there) {
            (FieldKind::Rollup(rollup), None) => self.rollup_kind(rollup)?,
            // An outline does not tell of what a rollup is made, nor is everybody shown the form that it is made of.
            (FieldKind::Rollup(rollup), Some(there)) if !rollup.link.is_empty() => {
                let inside = Surroundings { sketch: there, catalogue: self.catalogue, row_of: None };
                inside.rollup_kind(rollup).unwrap_or(field.kind)
            }
            _ => field.kind,
        };
        Ok((reach, kind))
    }
}
