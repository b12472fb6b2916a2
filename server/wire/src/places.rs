//! Where things stand: the navigation of an app, and what somebody wants at hand.

use std::collections::BTreeSet;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What can stand in the navigation of an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TreeKind {
    Group,
    Form,
    Dashboard,
    Report,
}

/// A line of the navigation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TreeEntry {
    pub kind: TreeKind,
    /// The id of a form or dashboard, the key of a report; a name of its own for a group.
    pub id: String,
    /// What a group is called; everything else has a label already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub label: Option<Label>,
    /// The group that it stands in. Groups stand in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
}

/// `GET /apps/{app}/tree`: the navigation of an app, as far as the caller may use what stands in it. What nobody has put
/// anywhere stands at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AppTree {
    /// 0 until somebody arranges it.
    pub version: i64,
    pub entries: Vec<TreeEntry>,
}

/// `PUT /apps/{app}/tree`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppTreeInput {
    pub entries: Vec<TreeEntry>,
}

/// `PUT /me/app-order`: the apps in the order in which the caller wants them. What is not named stands behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppOrder {
    #[schema(value_type = Vec<String>)]
    pub apps: Vec<Id>,
}

/// A hint of the pages that goes away when its reader wants so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// The first steps in a new workspace.
    Checklist,
    /// What comes next after a template was installed.
    NextSteps,
}

/// `PUT /me/put-away`: the hints that the caller has put away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutAway {
    #[schema(value_type = Vec<Hint>)]
    pub hints: BTreeSet<Hint>,
}

/// What somebody has done of the first steps in a workspace; what came with a template does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FirstSteps {
    /// There is an app that they see.
    pub app: bool,
    /// Somebody has changed a form that they administer, and published it.
    pub form: bool,
    /// Others are members too.
    pub people: bool,
    /// They have started an approval.
    pub approval: bool,
}

/// What a member can want at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FavouriteKind {
    App,
    Form,
    Dashboard,
    Report,
}

/// Something that a member wants at hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Favourite {
    #[schema(value_type = String)]
    pub id: Id,
    pub kind: FavouriteKind,
    /// The key of the app that it is opened in.
    pub app: String,
    /// Its id; a report's key.
    pub target: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub icon: Option<String>,
}

/// `POST /favourites`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FavouriteInput {
    pub kind: FavouriteKind,
    /// The app that it is opened in, by id or key.
    pub app: String,
    /// Its id, or a report's key; not needed for the app itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}
