//! Who is asked, as a document says it. [`people`](super::people) finds the members behind it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::value::Id;

/// One source of people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "WhoForm", into = "WhoForm")]
pub enum Who {
    Members(Vec<Id>),
    Departments {
        departments: Vec<Id>,
        with_children: bool,
    },
    /// Roles by key or id.
    Roles(Vec<String>),
    /// The members in a field of the record.
    Field(String),
    /// The heads of the departments in a field of the record.
    HeadOfField(String),
    Submitter,
    /// The submitter's manager this many levels up; 1 is the direct one.
    Manager(u32),
    /// All managers of the submitter upward.
    ManagersUpTo(UpTo),
    ChosenBy(Chooser),
    /// The head of the previous approver's department.
    HeadOfPrevious,
}

/// Where a chain of managers ends, itself included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Json", into = "Json")]
pub enum UpTo {
    Level(u32),
    /// The first manager who has this role.
    Role(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chooser {
    /// Whoever submits the request names them then.
    Submitter,
    /// Whoever decides the step before names them then.
    Previous,
}

/// Who is asked when the sources find nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nobody {
    /// The step passes by itself.
    AutoApprove,
    #[default]
    Admins,
    /// A task without assignee waits for an administrator to assign it.
    Hold,
    Member(#[schemars(with = "String")] Id),
}

/// The members of the JSON form, of which exactly one source is there.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WhoForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    members: Option<Vec<Id>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    departments: Option<Vec<Id>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    with_children: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head_of_field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submitter: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managers_up_to: Option<UpTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_by: Option<Chooser>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head_of_previous: Option<bool>,
}

impl TryFrom<WhoForm> for Who {
    type Error = &'static str;

    fn try_from(form: WhoForm) -> Result<Who, &'static str> {
        if form.with_children.is_some() && form.departments.is_none() {
            return Err("`with_children` belongs to `departments`");
        }
        if form.submitter == Some(false) || form.head_of_previous == Some(false) {
            return Err("leave a source out in place of setting it to false");
        }
        let with_children = form.with_children.unwrap_or(false);
        let sources = [
            form.members.map(Who::Members),
            form.departments.map(|departments| Who::Departments { departments, with_children }),
            form.roles.map(Who::Roles),
            form.field.map(Who::Field),
            form.head_of_field.map(Who::HeadOfField),
            form.submitter.map(|_| Who::Submitter),
            form.manager.map(Who::Manager),
            form.managers_up_to.map(Who::ManagersUpTo),
            form.chosen_by.map(Who::ChosenBy),
            form.head_of_previous.map(|_| Who::HeadOfPrevious),
        ];
        let mut sources = sources.into_iter().flatten();
        match (sources.next(), sources.next()) {
            (Some(who), None) => Ok(who),
            _ => Err("an entry of `who` names exactly one source of people"),
        }
    }
}

impl From<Who> for WhoForm {
    fn from(who: Who) -> WhoForm {
        let mut form = WhoForm::default();
        match who {
            Who::Members(members) => form.members = Some(members),
            Who::Departments { departments, with_children } => {
                form.departments = Some(departments);
                form.with_children = with_children.then_some(true);
            }
            Who::Roles(roles) => form.roles = Some(roles),
            Who::Field(field) => form.field = Some(field),
            Who::HeadOfField(field) => form.head_of_field = Some(field),
            Who::Submitter => form.submitter = Some(true),
            Who::Manager(level) => form.manager = Some(level),
            Who::ManagersUpTo(end) => form.managers_up_to = Some(end),
            Who::ChosenBy(chooser) => form.chosen_by = Some(chooser),
            Who::HeadOfPrevious => form.head_of_previous = Some(true),
        }
        form
    }
}

impl TryFrom<Json> for UpTo {
    type Error = &'static str;

    fn try_from(json: Json) -> Result<UpTo, &'static str> {
        const EXPECTED: &str = "`managers_up_to` is a number of levels or {\"role\": …}";
        match json {
            Json::Number(level) => {
                let level = level.as_u64().and_then(|level| u32::try_from(level).ok());
                level.map(UpTo::Level).ok_or(EXPECTED)
            }
            Json::Object(mut members) if members.len() == 1 => match members.remove("role") {
                Some(Json::String(role)) => Ok(UpTo::Role(role)),
                _ => Err(EXPECTED),
            },
            _ => Err(EXPECTED),
        }
    }
}

impl From<UpTo> for Json {
    fn from(end: UpTo) -> Json {
        match end {
            UpTo::Level(level) => Json::from(level),
            UpTo::Role(role) => serde_json::json!({ "role": role }),
        }
    }
}
