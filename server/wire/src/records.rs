//! Records: creating, changing, finding and adding them up.

use std::borrow::Cow;
use std::collections::BTreeMap;

use engine::condition::Condition;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

/// Values by field key, in their wire form.
pub type Fields = Map<String, Json>;

/// `POST /forms/{form}/records`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordInput {
    #[schema(value_type = Object)]
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemInput>,
    /// Store it unchecked and unsubmitted, for its creator alone.
    #[serde(default)]
    pub draft: bool,
    /// Whether the form's flow starts; yes when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_flow: Option<bool>,
    /// People for the steps of the flow that let the submitter choose, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub chosen: BTreeMap<String, Vec<Id>>,
}

/// The system fields that people may set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemInput {
    /// Who gets the record takes it into their department, unless another one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub owner: Option<Id>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub department: Option<Option<Id>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub collaborators: Option<Vec<Id>>,
}

/// `PATCH /forms/{form}/records/{id}`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Fields>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemInput>,
}

/// `PUT /forms/{form}/entries/{id}`: what the caller has entered and not saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryInput {
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Fields,
}

/// What the caller has entered and not saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeptEntry {
    /// Empty where nothing is kept.
    #[schema(value_type = Object)]
    pub fields: Fields,
    /// When it was kept.
    pub at: Option<String>,
}

/// `POST /forms/{form}/records/{id}/submit`: last changes to the draft.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitInput {
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Fields,
    /// People for the steps of the flow that let the submitter choose, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub chosen: BTreeMap<String, Vec<Id>>,
}

/// `POST /forms/{form}/records/{id}/void`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidInput {
    /// Why; it stands in the history from then on.
    pub reason: String,
}

/// `POST /forms/{form}/records/{id}/restore`
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// The version whose values the record is to have again, as a new version; without it the record is taken out of the
    /// recycle bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A record as the caller may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    #[schema(value_type = Object)]
    pub fields: Fields,
    /// The true number of rows of a sub-form that a list cut.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub row_counts: BTreeMap<String, u64>,
    pub system: System,
    /// What the caller may do with it now.
    #[serde(default)]
    pub may: RecordMay,
    /// The instance of the flow that this write started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceState>,
    /// Where it came back from the recycle bin: how many of the records that its deletion touched could not be made as
    /// they were, because something else stands in their way.
    #[serde(default, skip_serializing_if = "is_none_left")]
    pub left_behind: u64,
    /// Where one record is read: what lies aside of fields that are empty since they became others, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub former: BTreeMap<String, Former>,
}

/// What a field of a record held before it became another, which cannot hold it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Former {
    /// As people read it; of a long one how it begins.
    pub text: String,
    /// Until when it lies aside.
    pub until: String,
}

impl Record {
    /// A system field by its name, in its wire form.
    pub fn system_value(&self, name: &str) -> Json {
        let system = &self.system;
        let text = |text: Option<String>| text.map_or(Json::Null, Json::String);
        let id = |id: Option<Id>| text(id.map(|id| id.to_string()));
        match name {
            "$id" => id(Some(self.id)),
            "$version" => Json::from(self.version),
            "$created_at" => text(Some(system.created_at.clone())),
            "$created_by" => id(system.created_by),
            "$updated_at" => text(Some(system.updated_at.clone())),
            "$updated_by" => id(system.updated_by),
            "$owner" => id(system.owner),
            "$department" => id(system.department),
            "$collaborators" => system.collaborators.iter().map(|one| id(Some(*one))).collect(),
            "$flow_state" => text(system.flow_state.clone()),
            "$voided_at" => text(system.voided_at.clone()),
            "$deleted_at" => text(system.deleted_at.clone()),
            _ => Json::Null,
        }
    }
}

fn is_none_left(count: &u64) -> bool {
    *count == 0
}

/// What the caller may do with one record as it is now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecordMay {
    /// By the names of permission groups. `edit` says that a change would be taken, while a flow runs too; `create` that a
    /// stored draft may be submitted; `delete`, of a record in the recycle bin, that it may be taken back.
    #[schema(value_type = Vec<String>)]
    pub operations: Vec<Cow<'static, str>>,
    /// Where it may be edited: `read` or `none` for fields on which groups give less here than the form's `may` says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

impl RecordMay {
    pub fn has(&self, operation: &str) -> bool {
        self.operations.iter().any(|name| name == operation)
    }
}

/// The system fields of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct System {
    pub created_at: String,
    #[schema(value_type = Option<String>)]
    pub created_by: Option<Id>,
    pub updated_at: String,
    #[schema(value_type = Option<String>)]
    pub updated_by: Option<Id>,
    #[schema(value_type = Option<String>)]
    pub owner: Option<Id>,
    #[schema(value_type = Option<String>)]
    pub department: Option<Id>,
    #[schema(value_type = Vec<String>)]
    pub collaborators: Vec<Id>,
    pub flow_state: Option<String>,
    pub voided_at: Option<String>,
    pub deleted_at: Option<String>,
    pub flow: Option<RecordFlow>,
}

/// Where a record is in its flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecordFlow {
    #[schema(value_type = String)]
    pub instance: Id,
    pub state: String,
    pub steps: Vec<String>,
    #[schema(value_type = Vec<String>)]
    pub assignees: Vec<Id>,
}

/// The instance that a write started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct InstanceState {
    #[schema(value_type = String)]
    pub id: Id,
    pub state: String,
    pub steps: Vec<String>,
}

/// Whether a list says how many records it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountMode {
    #[default]
    None,
    /// Exactly, where that takes no longer than people notice, and about otherwise.
    Estimate,
    /// Exactly, however long it takes; about only where the database gave up.
    Exact,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SortBy {
    pub field: String,
    #[serde(default)]
    pub desc: bool,
}

/// `POST /forms/{form}/records/query`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Condition>,
    /// Words that stand in a record: in its title and its serial numbers, and in what `q_fields` names. A title is found by
    /// how it sounds as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Where `q` is looked for besides: the fields of these that hold text, are one of several choices or link to a record.
    /// All such fields when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_fields: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortBy>,
    /// The fields to give; all but sub-forms when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    #[serde(default)]
    pub count: CountMode,
    /// Whether to give titles of linked records.
    #[serde(default)]
    pub titles: bool,
    /// Only what this permission group shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group: Option<String>,
    /// A saved view: what its filter leaves of the records that `filter` leaves, in its order and with its columns where
    /// `sort` and `fields` say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub view: Option<Id>,
    /// Records in the recycle bin in place of the others.
    #[serde(default)]
    pub deleted: bool,
    /// The drafts that the caller stored and has not submitted, in place of the others.
    #[serde(default)]
    pub drafts: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct QueryAnswer {
    pub items: Vec<Record>,
    pub next: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Titles of linked records and members, by form id (`member` for people) and id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub titles: Option<BTreeMap<String, BTreeMap<String, String>>>,
}

/// `GET /forms/{form}/records/{id}/fields/{field}`: a page of what a query field lists.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ListAnswer {
    pub items: Vec<ListItem>,
    pub next: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
    /// Titles of the listed records, and of the records and people in them, as in [`QueryAnswer`].
    pub titles: BTreeMap<String, BTreeMap<String, String>>,
}

/// One of a list: a record, or a group of an aggregate table, which has no id and nothing of the system.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ListItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    /// The columns of the list.
    #[schema(value_type = Object)]
    pub fields: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    pub value: u64,
    pub exact: bool,
}

/// `POST /forms/{form}/aggregate`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregateInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Condition>,
    /// Words that stand in the records, as in [`Query`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_fields: Option<Vec<String>>,
    #[serde(default)]
    pub group: Vec<GroupBy>,
    pub measures: Vec<MeasureInput>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub having: Option<Condition>,
    #[serde(default)]
    pub sort: Vec<SortBy>,
    #[serde(default)]
    pub limit: Option<u32>,
    /// Over what this permission group alone shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupBy {
    pub field: String,
    /// `year`, `quarter`, `month`, `week` or `day`, for dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A measure over records (`fn`), or over the other measures (`formula`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeasureInput {
    pub key: String,
    #[serde(default, rename = "fn", skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateAnswer {
    pub rows: Vec<AggregateRow>,
    /// How many groups there are, the cut ones included.
    pub total: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateRow {
    pub group: Vec<Json>,
    /// Decimal strings; `null` where there is no figure.
    pub values: BTreeMap<String, Option<String>>,
    /// Why a measure has no figure, by its key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, String>,
}

/// `POST /forms/{form}/records/bulk`: exactly one of the four.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<Vec<RecordInput>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<Vec<BulkUpdate>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upsert: Option<BulkUpsert>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub delete: Option<Vec<Id>>,
    /// All or nothing, or an answer for each row.
    #[serde(default = "yes")]
    pub atomic: bool,
}

pub(crate) fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkUpdate {
    #[schema(value_type = String)]
    pub id: Id,
    /// The version it started from; any when absent.
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Fields,
    #[serde(default)]
    pub system: Option<SystemInput>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkUpsert {
    /// The fields that say which record a row is.
    pub key: Vec<String>,
    pub rows: Vec<RecordInput>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkAnswer {
    pub results: Vec<BulkResult>,
    #[schema(value_type = String)]
    pub batch: Id,
}

/// What became of one row: an id with a version, or a problem.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct BulkResult {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Json>,
    /// As of a [`Record`] that came back.
    #[serde(default, skip_serializing_if = "is_none_left")]
    pub left_behind: u64,
}

/// One save in the history of a record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HistoryEntry {
    pub version: i64,
    pub at: String,
    #[schema(value_type = Option<String>)]
    pub who: Option<Id>,
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    /// How it came: `web`, `public_form` (`who` is the link then), `api`, `import`, `bulk_edit`, `restore`, `task`, `script`, `consequence` …
    pub path: String,
    /// What was saved together carries the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub batch: Option<Id>,
    pub changes: BTreeMap<String, Change>,
    /// Why, where somebody had to say so: of a record that was voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub old: Json,
    pub new: Json,
}

/// A choice of a link or member field, or of a select that takes its choices from another form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OptionItem {
    #[schema(value_type = String)]
    pub id: Id,
    /// What it is called; for a select this text is what is chosen, and `id` a record that has it.
    pub title: String,
    /// The columns that the link shows.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub fields: Fields,
}

/// `POST /forms/{form}/records/restore`: records of the recycle bin, up to 5,000.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreManyInput {
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Id>,
}
