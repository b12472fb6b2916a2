//! What a change of a definition does to what is there, and what uses what is designed.

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

/// Something that uses a field, or another thing that is designed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dependent {
    /// What it is: `form`, `flow`, `group`, `aggregate`, `report`, `dashboard`, `view`, `print` or `automation`; of other things that are
    /// designed also `favourite` (members have it at hand), `running` and `ended` (requests that go or went by it).
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
    /// Which of several rules it is, counted from one; of members and requests how many they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Whether the form can't be published without the field because of it, or the thing not be deleted.
    pub blocks: bool,
}

/// `GET /forms/{form}/fields/{field}/dependents`, and the same of a dashboard, a report, an aggregate table and a version of a
/// flow.
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
