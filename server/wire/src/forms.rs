//! Apps and forms.

use std::collections::BTreeMap;

use engine::package::Parameter;
use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::flows::StepToChoose;
use crate::{NamedGroup, ProblemError};

/// An app: a set of forms with what belongs to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct App {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub icon: Option<String>,
    /// Who administers it, as `Who` of documents.md.
    #[schema(value_type = Vec<Object>)]
    pub admins: Vec<Json>,
    pub created_at: String,
    /// Whether the caller administers it.
    pub administrator: bool,
    /// How many forms of it the caller may use.
    #[serde(default)]
    pub forms: u32,
    /// How many dashboards and reports of it have the caller among their readers.
    #[serde(default)]
    pub dashboards: u32,
    /// The keys of the apps that it builds on, near ones first, as far as the caller sees them: a template needs the forms of
    /// others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppInput {
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Made from the label when absent.
    #[serde(default)]
    pub key: Option<String>,
    #[serde(default)]
    pub icon: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = crate::Wording)]
    pub label: Option<Label>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub icon: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub admins: Option<Vec<Json>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormState {
    Draft,
    Published,
    /// Published, and it names something that is gone: nobody does anything with its records until that is back or the form is
    /// changed. Told to those who design it.
    Resting,
}

/// A form as the caller may see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Form {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub app: Id,
    /// The key of the app, by which documents name forms of another one.
    #[serde(default)]
    pub app_key: String,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// The name of its icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// The published version; 0 before the first.
    pub version: i64,
    pub state: FormState,
    /// The Form document of documents.md; lists of forms leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub definition: Option<Json>,
    /// The active version of its flow.
    pub flow: Option<i64>,
    /// The steps of its flow whose people the submitter names. Given with the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choose: Vec<StepToChoose>,
    pub may: May,
    /// The active permission groups that name the caller, where there are several: a list can show what one of them alone
    /// lets them see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<NamedGroup>,
    /// The forms that its links lead to, as far as the caller may see them: what formulas read through links is found
    /// in them. Outlines: fields and their kinds, without rules and formulas. Given with the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedForm>,
    /// Its rollups whose figures are not kept, because their conditions depend on the time, on who asks, or on what is
    /// itself read live: they are computed whenever they are read, and no list is sorted or filtered by them. Given with the
    /// definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub live: Vec<String>,
    /// The parameters of its app, which formulas read. Given with the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub parameters: Vec<Parameter>,
    /// The fields whose formulas count the records of other forms. Who fills in the form has none of them: meanwhile
    /// `POST /forms/{form}/evaluate` tells the values of these fields. Given with the definition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// How the labels of its choices sound, by label: the initials of the syllables and the syllables, for those who type
    /// pinyin. Given with the definition.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sounds: BTreeMap<String, String>,
}

/// A form that another one links to or asks, or an aggregate table that it asks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RelatedForm {
    #[schema(value_type = String)]
    pub id: Id,
    /// The key of its app. Empty for what stands for a form that the caller does not see, where they read a figure over its
    /// records: it holds the figure's kind alone, and is no form to link to. `APP/aggregates` for a table: its dimensions and
    /// measures are the fields.
    pub app: String,
    #[schema(value_type = Object)]
    pub definition: Json,
    /// Whether the caller may make records of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
    /// Whether the caller may view records of it; else asking for some is refused, and a link to one shows its id alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub view: bool,
}

/// `GET /forms/{form}/linking`: a field that links to records of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LinkingForm {
    /// The form that has the field.
    #[schema(value_type = String)]
    pub form: Id,
    /// The key of its app.
    pub app: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub field: String,
    #[schema(value_type = crate::Wording)]
    pub field_label: Label,
    /// Whether the field links to several records at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// Whether the caller may make records with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create: bool,
}

/// What the caller may do with some record of a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct May {
    pub operations: Vec<String>,
    /// `read` or `edit` by field path; fields that can't be seen are absent.
    pub fields: BTreeMap<String, String>,
}

/// A form while it is designed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    #[schema(value_type = Object)]
    pub definition: Json,
    /// The version of the draft itself, raised by every change of it: the `base` of the next edits.
    pub base: i64,
    /// Whether it differs from the published version.
    pub changed: bool,
    /// How many edits were applied since it was last published.
    pub edits: i64,
    /// What stands in the way of publishing it.
    #[serde(default)]
    pub problems: Vec<ProblemError>,
    /// What is worth a look and stands in no way, such as a list with one choice.
    #[serde(default)]
    pub warnings: Vec<ProblemError>,
}

/// Editor commands on a draft.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    /// The `base` of the draft that they were made on.
    pub base: i64,
    #[schema(value_type = Vec<Object>)]
    pub edits: Vec<Json>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Published {
    pub version: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FormVersion {
    pub version: i64,
    pub published_at: String,
    #[schema(value_type = Option<String>)]
    pub published_by: Option<Id>,
}

/// A record that is tried without being stored.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluateInput {
    #[schema(value_type = Object)]
    pub record: Map<String, Json>,
    /// The stored record that it is an edit of.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
}

/// What a save would make of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Evaluated {
    #[schema(value_type = Object)]
    pub values: Map<String, Json>,
    pub visible: BTreeMap<String, bool>,
    pub required: BTreeMap<String, bool>,
    pub faults: Vec<ProblemError>,
}

/// A thing that was made: its id, and the key it is known by in documents.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Made {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
}

/// A permission group of a form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PermissionGroup {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    /// The Permission group document of documents.md.
    #[schema(value_type = Object)]
    pub document: Json,
    /// How many active members it names, by themselves, their departments or their roles.
    #[serde(default)]
    pub people: u32,
}
