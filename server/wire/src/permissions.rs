//! Permission groups: what they would show, what changes with them, and why somebody may or may not do something.

use std::collections::BTreeMap;

use engine::access::Operation;
use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::records::{Count, Record};

/// A permission group as those see it whom it names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NamedGroup {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// The fields that they may see by another group and not by this one: a list that is narrowed to it does not name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
}

/// Somebody, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
}

/// `POST /forms/{form}/permissions/preview`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupPreviewInput {
    /// The Permission group document, stored or not.
    #[schema(value_type = Object)]
    pub document: Json,
    /// As whom to look, where the rows depend on it; the first of the group's people when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub member: Option<Id>,
}

/// What a permission group alone lets its people see.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GroupPreview {
    /// How many active members it names.
    pub members: u32,
    /// The first of them by name.
    pub people: Vec<Person>,
    /// As whom it was looked; nobody where the group names nobody.
    pub seen_by: Option<Person>,
    /// Whether another member of the group may see other records.
    pub depends_on_member: bool,
    /// The records of the form.
    pub records: Count,
    /// Those that can be seen, edited and deleted.
    pub view: Count,
    pub edit: Count,
    pub delete: Count,
    /// The fields of the form, and those of them that can be read and edited.
    pub fields: u32,
    pub readable: u32,
    pub editable: u32,
    /// The newest records with the fields that are shown.
    pub sample: Vec<Record>,
    /// What these refer to, as in lists.
    pub titles: BTreeMap<String, BTreeMap<String, String>>,
}

/// `POST /forms/{form}/permissions/dry-run`: a change that is not made. With `id` and `document` the group would be
/// replaced, with `id` alone deleted, with `document` alone made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChangeInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Json>,
}

/// Who would gain and lose what.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GroupChange {
    /// Those for whom something changes, by name.
    pub members: Vec<MemberChange>,
    /// How many of those whom the group names, before or after, gain and lose nothing.
    pub unchanged: u32,
    /// How many were not looked at, because there are too many.
    pub left_out: u32,
    /// How many of those whom the group names administer the form: they may do everything with it anyway, and are not looked at.
    #[serde(default)]
    pub administrators: u32,
    /// Whether the group names everybody, before or after.
    #[serde(default)]
    pub everyone: bool,
}

/// `POST /roles/{id}/dry-run`: a change of a role that is not made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChangeInput {
    /// Who would have it, and nobody else; absent where the role would be deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub members: Option<Vec<Id>>,
}

/// `POST /members/{id}/dry-run`: other roles of a member, which they are not given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRolesInput {
    /// The roles that they would have, by id or key, and no others.
    pub roles: Vec<String>,
}

/// What a change of people means in an app, or in a form of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PeopleChange {
    #[schema(value_type = String)]
    pub app: Id,
    #[schema(value_type = crate::Wording)]
    pub app_label: Label,
    /// The form that it is about; none where it is the app.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<crate::Wording>)]
    pub form_label: Option<Label>,
    /// Who administers it from then on.
    pub administer: Vec<Person>,
    /// Who no longer does.
    pub administer_no_more: Vec<Person>,
    /// What others may do more or less with the records of the form.
    pub rights: GroupChange,
}

/// What one member would gain and lose.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberChange {
    pub member: Person,
    pub gains: Vec<RightChange>,
    pub losses: Vec<RightChange>,
}

/// A right that somebody gains or loses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RightChange {
    /// The operation; absent for a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The path of a field, with `right`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `read` or `edit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    /// The same in the reader's language: “view records”.
    pub text: String,
    /// On how many records; absent for what is about records yet to be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Count>,
}

/// The query of `GET /forms/{form}/records/{id}/explain`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainInput {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub member: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub operation: Option<Operation>,
    #[serde(default)]
    pub field: Option<String>,
}

/// Why a member may or may not do something with a record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    pub member: Person,
    pub answers: Vec<ExplainedRight>,
}

/// One question and its answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExplainedRight {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `read` or `edit`, of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    pub allowed: bool,
    /// The answer in a sentence.
    pub text: String,
    /// What decides besides groups, each in a sentence.
    pub notes: Vec<String>,
    /// What each group of the form has to do with it, those that allow it first.
    pub groups: Vec<ExplainedGroup>,
}

/// What one group has to do with an answer.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExplainedGroup {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// `allows`, `outside_rows`, `lacks_operation`, `lacks_field`, `broken`, `disabled` or `not_named`.
    pub finding: String,
    /// The same in a sentence.
    pub text: String,
    /// Its rows part by part, held against the record.
    pub rows: Vec<ExplainedLine>,
}

/// A part of the rows of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExplainedLine {
    /// How many other parts it lies in.
    pub depth: u32,
    pub holds: bool,
    /// Whether the whole is what it is because of it.
    pub decides: bool,
    pub text: String,
    /// What the record has there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// `POST /see-as`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeeAsInput {
    #[schema(value_type = String)]
    pub member: Id,
}
