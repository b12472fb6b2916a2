//! Field kinds: what can be put into a form, one file a kind; and [`Field`], a kind with a name and the rules on it.
//!
//! # One more kind
//! Write `field/KIND.rs` with a struct of its options and an implementation of [`Kind`] (every method is
//! required on purpose), and add one line to the list at the end of this file. Nothing else in the engine,
//! the server or the store asks which kind a field has: they ask the kind. Its input is
//! an arm in `frontend/src/fill/input.rs`.

mod address;
mod barcode;
mod cascader;
mod choice;
mod currency;
mod dataless;
mod date;
mod datetime;
mod definition;
mod department;
mod departments;
mod email;
mod files;
mod formula;
mod id_card;
mod images;
mod json;
mod layout;
mod link;
mod linkage;
mod links;
mod location;
mod long_text;
mod lookup;
mod member;
mod members;
mod moment;
mod money;
mod month;
mod multi_select;
mod number;
#[cfg(test)]
mod option_tests;
mod origin;
mod parts;
mod pattern;
mod percent;
mod phone;
mod query;
mod rating;
mod reference;
mod regions;
mod rich_text;
mod rollup;
mod select;
mod serial;
mod shape;
mod shown;
mod signature;
mod subform;
mod switch;
mod text;
mod time;
mod url;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{ErrorValue, Id, Value, fold, format_date, format_time, format_timestamp};

pub use address::AddressLevel;
pub use barcode::BarcodeFormat;
pub use cascader::Branch;
pub use choice::{Choice, ChoicesFrom, choices_twice};
pub use currency::is_currency;
pub use email::is_well_formed as is_email;
pub use files::LARGEST_FILE;
pub mod options {
    //! The option structs of the kinds, for callers that build or read definitions.
    pub use super::address::Address;
    pub use super::barcode::Barcode;
    pub use super::cascader::Cascader;
    pub use super::date::Date;
    pub use super::datetime::DateTime;
    pub use super::department::Department;
    pub use super::departments::Departments;
    pub use super::email::Email;
    pub use super::files::Files;
    pub use super::formula::Formula;
    pub use super::id_card::IdCard;
    pub use super::images::Images;
    pub use super::json::Json;
    pub use super::layout::{Divider, Note, Tabs};
    pub use super::link::Link;
    pub use super::links::Links;
    pub use super::location::Location;
    pub use super::long_text::LongText;
    pub use super::lookup::Lookup;
    pub use super::member::Member;
    pub use super::members::Members;
    pub use super::money::Money;
    pub use super::month::Month;
    pub use super::multi_select::MultiSelect;
    pub use super::number::Number;
    pub use super::pattern::Pattern;
    pub use super::percent::Percent;
    pub use super::phone::Phone;
    pub use super::query::Query;
    pub use super::rating::Rating;
    pub use super::rich_text::RichText;
    pub use super::rollup::Rollup;
    pub use super::select::Select;
    pub use super::serial::Serial;
    pub use super::signature::Signature;
    pub use super::subform::Subform;
    pub use super::switch::Switch;
    pub use super::text::Text;
    pub use super::time::Time;
    pub use super::url::Url;
}
pub use crate::criteria::Operator;
pub use definition::{ComputeRule, DefaultValue, Field, WhenHidden};
pub use formula::{ResultType, ShownAs};
pub use layout::TabFields;
pub use link::{Fill, FillMode, Link, OnTargetDelete};
pub use linkage::{Linkage, LinkageColumn, Take};
pub use location::Position;
pub use moment::Precision;
pub use origin::{Origin, SortRule};
pub(crate) use reference::MAX_REFS;
pub use reference::{MY_DEPARTMENTS, MY_SUBORDINATES};
pub use regions::{Division, Region, Regions};
pub use rollup::RollupFn;
pub use serial::{Counter, ResetPeriod, SerialPart};
pub use shape::Shape;
pub use signature::SIGNATURE_TYPE;
pub use subform::MAX_ROWS;
pub(crate) use switch::read as switch_word;
pub use text::TextFormat;

/// What a kind must answer.
pub trait Kind {
    fn shape(&self) -> Shape;

    /// The type that formulas see.
    fn formula_type(&self) -> Type;

    /// Reads a value from the wire form or from what a person typed, normalised: full-width digits, dates with
    /// slashes, surrounding blanks. `null` and blank text are empty. The fault has no path yet.
    ///
    /// # Errors
    /// One fault saying why the JSON is no value of this kind.
    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault>;

    /// Reads a value from its wire form, in an answer or in a condition: kinds that nobody may set have one, too.
    ///
    /// # Errors
    /// One fault saying why the JSON is no value of this kind.
    fn parse_wire(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        self.parse(json)
    }

    /// The wire form; `null` where empty. An error value is `{"error": "#DIV/0!"}`.
    fn to_json(&self, value: &Value) -> serde_json::Value;

    /// Checks a non-empty value against the options: range, length, choices. Faults have no path yet.
    fn check(&self, value: &Value) -> Faults;

    /// The value as people read it, without units and thousands separators where those are the screen's.
    fn display(&self, value: &Value, language: Language) -> String;

    /// The order of two non-empty values in a sorted list.
    fn order(&self, a: &Value, b: &Value) -> Ordering;

    /// The operators that a condition may use.
    fn operators(&self) -> &'static [Operator];

    /// Whether a person or program may set it. Computed kinds may not.
    fn is_input(&self) -> bool;

    /// Checks the options themselves, when a form is published. Paths are members of the options.
    fn check_options(&self) -> Faults;

    /// The value that `value` (of any kind, displayed as `display`) becomes when a field is changed to this
    /// kind; `None` if it would be lost.
    fn convert_from(&self, value: &Value, display: &str) -> Option<Value>;

    /// The JSON Schema (2020-12) of a value on the wire, where its shape does not say it.
    fn schema(&self) -> Option<serde_json::Value> {
        None
    }
}

/// JSON of an error value, the same for every kind.
pub(crate) fn error_json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Error(error) => Some(serde_json::json!({ "error": error.code() })),
        _ => None,
    }
}

/// Order of values that compare by themselves.
pub(crate) fn plain_order(a: &Value, b: &Value) -> Ordering {
    a.compare(b).unwrap_or(Ordering::Equal)
}

/// Order of texts: by the folded form's code points, then by their bytes.
pub(crate) fn text_order(a: &Value, b: &Value) -> Ordering {
    let (a, b) = (a.as_text().unwrap_or_default(), b.as_text().unwrap_or_default());
    fold(a).cmp(&fold(b)).then_with(|| a.cmp(b))
}

/// JSON of a value whose kind is not known here: what a formula, lookup or rollup gave.
pub(crate) fn any_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Empty => Json::Null,
        Value::Bool(on) => Json::Bool(*on),
        Value::Number(number) => Json::String(number.normalize().to_string()),
        Value::Text(text) => Json::String(text.clone()),
        Value::Date(date) => Json::String(format_date(*date)),
        Value::DateTime(instant) => Json::String(format_timestamp(*instant)),
        Value::Time(time) => Json::String(format_time(*time)),
        Value::Ref(id) => Json::String(id.to_string()),
        Value::List(items) => items.iter().map(any_json).collect(),
        Value::Rows(rows) => rows
            .iter()
            .map(|row| row.values.iter().map(|(key, value)| (key.clone(), any_json(value))).collect::<Json>())
            .collect(),
        Value::Error(error) => serde_json::json!({ "error": error.code() }),
    }
}

/// Text of a value whose kind is not known here.
pub(crate) fn any_text(value: &Value) -> String {
    match any_json(value) {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// `null`, or text that is blank once trimmed.
pub(crate) fn is_blank(json: &serde_json::Value) -> bool {
    json.is_null() || json.as_str().is_some_and(|text| text.trim().is_empty())
}

macro_rules! kinds {
    ($($variant:ident = $name:literal in $module:ident),* $(,)?) => {
        /// A field's kind with its options. This list is the only one.
        #[derive(Clone, Debug, PartialEq)]
        pub enum FieldKind {
            $($variant($module::$variant),)*
        }

        impl FieldKind {
            /// The names of all kinds, as in documents.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The name of the kind in documents.
            pub fn name(&self) -> &'static str {
                match self { $(FieldKind::$variant(_) => $name,)* }
            }

            fn kind(&self) -> &(dyn Kind + 'static) {
                match self { $(FieldKind::$variant(kind) => kind,)* }
            }

            /// The options as in documents, without members that have their default.
            pub fn options(&self) -> serde_json::Value {
                match self {
                    $(FieldKind::$variant(kind) => serde_json::to_value(kind).unwrap_or_default(),)*
                }
            }

            /// The kind `name` with `options` (`null` for none).
            ///
            /// # Errors
            /// `unknown_kind`, or `invalid_options` with what is wrong with them.
            pub fn from_parts(name: &str, options: serde_json::Value) -> Result<FieldKind, Fault> {
                let options = if options.is_null() { serde_json::json!({}) } else { options };
                let invalid = |error: serde_json::Error| Fault::new("options", "invalid_options").arg("detail", error);
                match name {
                    $($name => serde_json::from_value(options).map(FieldKind::$variant).map_err(invalid),)*
                    _ => Err(Fault::new("kind", "unknown_kind").arg("kind", name)),
                }
            }
        }
    };
}

/// What an id in a field stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    Record,
    Member,
    Department,
    File,
}

impl FieldKind {
    /// The JSON form of what records are grouped by: where a record has several values, one of them.
    pub fn group_json(&self, value: &Value) -> serde_json::Value {
        let is_one = !matches!(value, Value::List(_) | Value::Empty | Value::Error(_));
        if !is_one || !matches!(self.shape(), Shape::Keys | Shape::Refs) {
            return self.to_json(value);
        }
        let mut list = self.to_json(&Value::List(vec![value.clone()]));
        list.get_mut(0).map(serde_json::Value::take).unwrap_or_default()
    }

    /// The value as it is read in a list or in a record: as [`Kind::display`], but of a percentage two decimals, however
    /// exactly it is kept (domain.md 0.2), and of a number its unit.
    pub fn reading(&self, value: &Value, language: Language) -> String {
        match self {
            FieldKind::Percent(percent) if value.as_number().is_some() => percent.reading(value),
            FieldKind::Number(number) if value.as_number().is_some() => number.reading(value),
            kind => kind.display(value, language),
        }
    }

    /// The value in a cell of a file, as an import reads it back: as [`Kind::display`], but for kinds that keep more than
    /// people read of them.
    pub fn cell_text(&self, value: &Value, language: Language) -> String {
        match self {
            FieldKind::RichText(_) | FieldKind::Address(_) | FieldKind::Location(_) => {
                value.as_text().unwrap_or_default().to_string()
            }
            kind => kind.display(value, language),
        }
    }

    /// The value that stands in an answer, error values among them; empty where it is none of this kind.
    pub fn read(&self, json: &serde_json::Value) -> Value {
        if let Some(code) = json.get("error").and_then(serde_json::Value::as_str) {
            let known = ErrorValue::ALL.into_iter().find(|error| error.code() == code);
            return known.map_or(Value::Empty, Value::Error);
        }
        self.parse_wire(json).unwrap_or_default()
    }

    /// The kind that its values are read as: that of a computed number which is shown as a percentage or as money.
    pub fn read_as(self) -> FieldKind {
        let shown = if let FieldKind::Formula(formula) = &self { formula.shown_as() } else { None };
        shown.unwrap_or(self)
    }

    /// Whether lists are sorted by how the text sounds.
    pub fn sorts_by_sound(&self) -> bool {
        matches!(self, FieldKind::Text(text) if text.sorts_by_sound())
    }

    /// The choices that it offers, in order; none for kinds without.
    pub fn choices(&self) -> &[Choice] {
        match self {
            FieldKind::Select(select) => &select.choices,
            FieldKind::MultiSelect(select) => &select.choices,
            FieldKind::Cascader(cascader) => cascader.ways(),
            _ => &[],
        }
    }

    /// The form that gives its choices, where one does.
    pub fn choices_from(&self) -> Option<&ChoicesFrom> {
        match self {
            FieldKind::Select(select) => select.from.as_ref(),
            FieldKind::MultiSelect(select) => select.from.as_ref(),
            _ => None,
        }
    }

    /// What a computed or copied value becomes in a field of this kind: moments as fine as it keeps them, texts with a
    /// form of their own in that form. A text that has not that form is an error value.
    pub fn computed(&self, value: Value) -> Value {
        match (self, &value) {
            (FieldKind::Date(date), _) => date.cut(value),
            (FieldKind::DateTime(moment), _) => moment.cut(value),
            (FieldKind::Month(month), _) => month.cut(value),
            (FieldKind::Time(time), _) => time.cut(value),
            (
                FieldKind::RichText(_)
                | FieldKind::Url(_)
                | FieldKind::IdCard(_)
                | FieldKind::Barcode(_)
                | FieldKind::Address(_)
                | FieldKind::Location(_)
                | FieldKind::Cascader(_)
                | FieldKind::Json(_),
                Value::Text(text),
            ) => self
                .parse(&serde_json::Value::String(text.clone()))
                .unwrap_or(Value::Error(ErrorValue::Value)),
            _ => value,
        }
    }

    /// The choices at and below the one that `json` names, for a condition `within` it; nothing for kinds without a tree.
    pub(crate) fn at_or_below(&self, json: &serde_json::Value) -> Option<Vec<Value>> {
        let FieldKind::Cascader(cascader) = self else { return None };
        let chosen = cascader.parse(json).ok()?;
        let below = cascader.below(chosen.as_text()?).map(Value::text);
        Some(below.collect())
    }

    /// What the ids of this kind stand for; `None` for kinds that hold no ids.
    pub fn reference(&self) -> Option<Reference> {
        match self {
            FieldKind::Link(_) | FieldKind::Links(_) => Some(Reference::Record),
            FieldKind::Member(_) | FieldKind::Members(_) => Some(Reference::Member),
            FieldKind::Department(_) | FieldKind::Departments(_) => Some(Reference::Department),
            FieldKind::Files(_) | FieldKind::Images(_) | FieldKind::Signature(_) => Some(Reference::File),
            FieldKind::Text(_)
            | FieldKind::LongText(_)
            | FieldKind::Number(_)
            | FieldKind::Money(_)
            | FieldKind::Percent(_)
            | FieldKind::Date(_)
            | FieldKind::DateTime(_)
            | FieldKind::Month(_)
            | FieldKind::Switch(_)
            | FieldKind::Select(_)
            | FieldKind::MultiSelect(_)
            | FieldKind::Phone(_)
            | FieldKind::Email(_)
            | FieldKind::Lookup(_)
            | FieldKind::Rollup(_)
            | FieldKind::Formula(_)
            | FieldKind::Serial(_)
            | FieldKind::Subform(_)
            | FieldKind::Time(_)
            | FieldKind::Rating(_)
            | FieldKind::Url(_)
            | FieldKind::IdCard(_)
            | FieldKind::Barcode(_)
            | FieldKind::RichText(_)
            | FieldKind::Location(_)
            | FieldKind::Address(_)
            | FieldKind::Cascader(_)
            | FieldKind::Json(_)
            | FieldKind::Query(_)
            | FieldKind::Divider(_)
            | FieldKind::Note(_)
            | FieldKind::Tabs(_) => None,
        }
    }

    /// The options of a link, of one that leads to several records too.
    pub fn as_link(&self) -> Option<&Link> {
        match self {
            FieldKind::Link(link) => Some(link),
            FieldKind::Links(links) => Some(&links.0),
            _ => None,
        }
    }

    /// As [`FieldKind::as_link`], to be changed.
    pub fn as_link_mut(&mut self) -> Option<&mut Link> {
        match self {
            FieldKind::Link(link) => Some(link),
            FieldKind::Links(links) => Some(&mut links.0),
            _ => None,
        }
    }

    /// Whose members, or which departments, may be chosen; none where all may.
    pub fn within(&self) -> &[String] {
        match self {
            FieldKind::Member(member) => &member.within,
            FieldKind::Members(members) => &members.within,
            FieldKind::Department(department) => &department.within,
            FieldKind::Departments(departments) => &departments.within,
            _ => &[],
        }
    }

    /// Whether a file may be put into a field of this kind; none may into one that holds no files.
    ///
    /// # Errors
    /// `file_too_large`, `file_type`; without a path.
    pub fn admit(&self, name: &str, media_type: &str, bytes: u64) -> Result<(), Fault> {
        match self {
            FieldKind::Files(limits) => limits.admit(name, media_type, bytes),
            FieldKind::Images(images) => images.admit(name, media_type, bytes),
            FieldKind::Signature(signature) => signature.admit(name, media_type, bytes),
            _ => Err(Fault::new("", "not_an_id")),
        }
    }

    /// Whether fields of this kind hold or show a value. Parts of the layout do not, nor does a list that is asked for
    /// by itself.
    pub fn holds_data(&self) -> bool {
        !matches!(self, FieldKind::Query(_) | FieldKind::Divider(_) | FieldKind::Note(_) | FieldKind::Tabs(_))
    }

    /// Whether a new record starts with who makes it.
    pub fn is_of_maker(&self) -> bool {
        match self {
            FieldKind::Member(member) => member.default_me,
            FieldKind::Members(members) => members.default_me,
            FieldKind::Department(department) => department.default_me,
            FieldKind::Departments(departments) => departments.default_me,
            _ => false,
        }
    }

    /// What a new record starts with since it is theirs who makes it; `None` where the options do not say so.
    pub fn of_maker(&self, maker: &Context) -> Option<Value> {
        let one = |id: Option<&Id>| id.copied().map(Value::Ref).unwrap_or_default();
        let all = |ids: &[Id]| match ids {
            [] => Value::Empty,
            ids => Value::List(ids.iter().copied().map(Value::Ref).collect()),
        };
        match self {
            FieldKind::Member(member) if member.default_me => Some(one(maker.user.as_ref())),
            FieldKind::Members(members) if members.default_me => Some(all(maker.user.as_slice())),
            FieldKind::Department(department) if department.default_me => {
                Some(one(maker.own_departments.first()))
            }
            FieldKind::Departments(departments) if departments.default_me => {
                Some(all(&maker.own_departments))
            }
            _ => None,
        }
    }
}

impl std::ops::Deref for FieldKind {
    type Target = dyn Kind;

    fn deref(&self) -> &(dyn Kind + 'static) {
        self.kind()
    }
}

/// A file and how a field limits it; kept here because two kinds share it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileLimits {
    /// At most so many files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_count: Option<u32>,
    /// At most so many bytes each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// Allowed endings or media types; empty allows all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
}

kinds! {
    Text = "text" in text,
    LongText = "long_text" in long_text,
    Number = "number" in number,
    Money = "money" in money,
    Percent = "percent" in percent,
    Date = "date" in date,
    DateTime = "datetime" in datetime,
    Month = "month" in month,
    Switch = "switch" in switch,
    Select = "select" in select,
    MultiSelect = "multi_select" in multi_select,
    Phone = "phone" in phone,
    Email = "email" in email,
    Member = "member" in member,
    Files = "files" in files,
    Link = "link" in link,
    Lookup = "lookup" in lookup,
    Rollup = "rollup" in rollup,
    Formula = "formula" in formula,
    Serial = "serial" in serial,
    Subform = "subform" in subform,
    Time = "time" in time,
    Rating = "rating" in rating,
    Url = "url" in url,
    IdCard = "id_card" in id_card,
    Barcode = "barcode" in barcode,
    RichText = "rich_text" in rich_text,
    Location = "location" in location,
    Address = "address" in address,
    Cascader = "cascader" in cascader,
    Json = "json" in json,
    Members = "members" in members,
    Department = "department" in department,
    Departments = "departments" in departments,
    Links = "links" in links,
    Images = "images" in images,
    Signature = "signature" in signature,
    Query = "query" in query,
    Divider = "divider" in layout,
    Note = "note" in layout,
    Tabs = "tabs" in layout,
}
