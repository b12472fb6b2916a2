//! What a change of a definition does to what is there, and what lies in the recycle bin.

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A field with what it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NamedField {
    /// `amount`, or `lines.qty`.
    pub path: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// `POST /forms/{form}/publish/preview`: what publishing the draft would do to the records that are there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublishPreview {
    /// Fields whose values change, or no longer fit.
    pub fields: Vec<FieldPreview>,
    /// Fields that are taken out.
    pub removed: Vec<FieldRemoved>,
    /// Fields that a new formula computes: records that are there get its value when they are next saved, or by a bulk
    /// edit that computes anew.
    pub computed: Vec<NamedField>,
    /// Fields that publishing computes again in every record, since values that they are computed from become others.
    #[serde(default)]
    pub recomputed: Vec<NamedField>,
    /// How many records there are; at least so many where there are thousands.
    pub records: u64,
    /// Whether there was time to look at every value.
    pub complete: bool,
}

/// What becomes of the values of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldPreview {
    pub path: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// The kind that it has, and the one that it would have.
    pub before: String,
    pub after: String,
    /// Values that were looked at.
    pub values: u64,
    /// Values that people go on seeing as they are.
    pub kept: u64,
    /// Values that become others.
    pub changed: u64,
    /// Values that have no place any more. They lie aside until they are purged.
    pub lost: u64,
    /// Values from before an earlier change that come back.
    pub returned: u64,
    /// Values that stay though the field would refuse them: their records can't be saved until they are mended.
    pub unfit: Vec<Unfit>,
    /// Records without a value, where one would be required.
    pub missing: u64,
    /// Values that several records have, where none may be there twice: they stand in the way of publishing.
    pub duplicates: u64,
    /// The first values that become others or are lost, and the first that do not fit.
    pub samples: Vec<ValueSample>,
}

/// Values that a field would refuse, by reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Unfit {
    pub code: String,
    pub message: String,
    pub count: u64,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueFate {
    Changed,
    Lost,
    Returned,
    Unfit,
    Duplicate,
}

/// One value before and after, as people read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ValueSample {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub record: Option<Id>,
    pub fate: ValueFate,
    pub old: String,
    pub new: String,
}

/// A field that is taken out, with what would not work any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldRemoved {
    pub path: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Records that have a value in it.
    pub values: u64,
    pub uses: Vec<Dependent>,
}

/// Something that uses a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dependent {
    /// What it is: `form`, `flow`, `group`, `aggregate`, `report`, `dashboard`, `view` or `automation`.
    pub object: String,
    /// How the field is used there: in a form `formula`, `default`, `visible_when`, `required_when`, `rule`, `validation`,
    /// `title`, `unique`, `link`, `lookup`, `rollup`, `serial`, `currency` or `script`; elsewhere the same as `object`.
    pub used_in: String,
    /// Absent where the caller may not know what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub label: Option<Label>,
    /// Where in it: the field, the step, the tile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub place: Option<Label>,
    /// Which of several rules it is, counted from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Whether the form can't be published without the field because of it.
    pub blocks: bool,
}

/// `GET /forms/{form}/fields/{field}/dependents`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dependents {
    pub items: Vec<Dependent>,
}

/// Values that lie aside because their field was taken out or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RemovedField {
    pub path: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// The kind that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether the form has a field of this path all the same: it was changed, not taken out.
    pub is_changed: bool,
    pub removed_at: String,
    /// When it is purged by itself.
    pub purged_at: String,
    /// How many values there are.
    pub values: u64,
}

/// `GET /bin`: what the caller can take back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Bin {
    /// For how many days things lie there.
    pub days: u32,
    pub apps: Vec<BinnedApp>,
    pub forms: Vec<BinnedForm>,
}

/// An app in the recycle bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BinnedApp {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub deleted_at: String,
    pub purged_at: String,
}

/// A form in the recycle bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BinnedForm {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub app: Id,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub deleted_at: String,
    pub purged_at: String,
}

/// For how many days what was deleted lies in the recycle bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub days: u32,
}

/// `POST /forms/{form}/records/purge`: these records of the recycle bin, or all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PurgeInput {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Id>,
    #[serde(default)]
    pub all: bool,
}

/// What a purge removed for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Purged {
    pub records: u64,
}
