//! Public links of forms: how administrators make them, and what a visitor with one gets.
//!
//! Whoever administers a form:
//! - `GET  /forms/{form}/links` lists its links, the newest first, the revoked ones too: `List<Link>`.
//! - `POST /forms/{form}/links` takes a [`LinkInput`] and answers 201 with the [`Link`].
//! - `PATCH /links/{id}` takes a [`LinkPatch`] with `If-Match`, and answers with the [`Link`].
//! - `DELETE /links/{id}` with `If-Match` revokes it for good: 204. Its address answers 410 from then on.
//! - `POST /links/{id}/renew` with `If-Match` gives it another address; the old one answers 404: [`Link`].
//!
//! A visitor, who has no account. The page itself is `/f/{token}`; it is put into frames by the pages on the link's `embed`
//! list alone.
//! - `GET  /public/{token}` answers the [`PublicForm`]; 403 `password_required` where the link has a password.
//! - `POST /public/{token}/open` takes a [`PublicOpen`] and answers the [`PublicForm`]; 403 `wrong_password`.
//! - `GET  /public/{token}/fields/{field}/options?q=` answers `List<OptionItem>` for a field that `lookups` names (`lines.product`
//!   for a column): at most 20, by two characters or more. 30 a minute from one address.
//! - `GET  /public/{token}/regions/{package}/{key}` answers the `Regions` that an address of the form is chosen from, as
//!   `GET /regions/{package}/{key}` does.
//! - `POST /public/{token}/files` takes a file of up to 20 MiB, as `POST /files` does, and answers 201 with the `StoredFile`.
//!   One that no answer takes is removed after 60 minutes.
//! - `POST /public/{token}/answers` takes a [`PublicAnswer`] and answers 201 with [`PublicTaken`].
//!
//! The last four carry the header `X-Ticket` with the `ticket` of the [`PublicForm`]. A ticket is for one answer: the same answer
//! sent again gets the first reply, another one under it 422 `idempotency_key_reused`; for another answer the form is asked for
//! again. One that is a day old, or of a link whose password has changed, is refused with 410 `ticket_expired`. An answer that
//! comes sooner than [`PublicForm::wait`] seconds after the form was given out, and more than 10 at once and 20 a minute from one
//! address, get 429 with `Retry-After`.
//!
//! What is refused: 404 for a token that is none; 410 `link_closed` for a link that is switched off, has expired, is full or was
//! revoked, or whose form is gone; 422 `validation` with faults at `fields.KEY`, as everywhere; 409 `not_accepted` for whatever
//! else stands in the way: it says nothing of other records.

use engine::text::{Label, Language};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::Fields;
use crate::{Form, Person};

/// What a link is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Filling in the form.
    #[default]
    Fill,
}

/// Whether a link lets anybody in, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    Open,
    /// Switched off for a while.
    Off,
    /// Its time is over.
    Expired,
    /// It has had as many answers as it may.
    Full,
    /// Revoked for good.
    Revoked,
}

/// A public link as the administrators of its form see it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Link {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    #[schema(value_type = String)]
    pub form: Id,
    pub kind: LinkKind,
    /// What history and the audit trail call who came by it.
    pub name: String,
    /// Absent once it is revoked, and where its key was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The whole address, where the server knows its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    pub state: LinkState,
    /// Whether it is switched on.
    pub on: bool,
    /// Whether a password is asked for.
    pub password: bool,
    /// When it ends, as an instant.
    pub expires: Option<String>,
    /// How many answers it takes.
    pub limit: Option<u32>,
    /// How many it has had.
    pub answers: u32,
    /// The fields that a visitor fills in, by key.
    pub fields: Vec<String>,
    /// Those of them, and of their columns, that show records of another form: each was confirmed.
    pub lookups: Vec<String>,
    /// What fields begin with. Those that the visitor does not see have it for good.
    #[schema(value_type = Object)]
    pub values: Fields,
    /// What stands above the form in place of its name.
    #[schema(value_type = Option<crate::Wording>)]
    pub heading: Option<Label>,
    /// What stands under the heading.
    #[schema(value_type = Option<crate::Wording>)]
    pub intro: Option<Label>,
    /// What a visitor reads who has answered.
    #[schema(value_type = Option<crate::Wording>)]
    pub thanks: Option<Label>,
    /// Whether they are offered to fill it in once more.
    pub again: bool,
    /// The language of the page; the visitor's own without any.
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// The origins of the pages that may show it in a frame, such as `https://www.example.com`.
    pub embed: Vec<String>,
    pub created_at: String,
    pub created_by: Person,
    /// When the last answer came.
    pub answered_at: Option<String>,
}

/// Without its address, whoever prints it.
impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// `POST /forms/{form}/links`
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    #[serde(default)]
    pub kind: LinkKind,
    pub name: String,
    /// All that anybody may fill in, in the form's order, without any: of those that ask other forms or name members none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    #[serde(default)]
    pub lookups: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub heading: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub intro: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub thanks: Option<Label>,
    #[serde(default = "yes")]
    pub again: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    #[serde(default)]
    pub embed: Vec<String>,
}

fn yes() -> bool {
    true
}

/// `PATCH /links/{id}`: the members that are given. `null` takes away what may be absent.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookups: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub values: Option<Fields>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub password: Option<Option<String>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires: Option<Option<String>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Option<u32>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub heading: Option<Option<Label>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub intro: Option<Option<Label>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub thanks: Option<Option<Label>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<bool>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<Language>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embed: Option<Vec<String>>,
}

/// A form as a visitor with a link sees it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PublicForm {
    /// The form with the fields of the link alone: `may` says that they are edited, and that records are made and nothing else.
    pub form: Form,
    #[schema(value_type = Option<crate::Wording>)]
    pub heading: Option<Label>,
    #[schema(value_type = Option<crate::Wording>)]
    pub intro: Option<Label>,
    /// What the fields that are seen begin with.
    #[schema(value_type = Object)]
    pub values: Fields,
    /// The fields and columns that are chosen from another form's records.
    pub lookups: Vec<String>,
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// Whose form it is: the name of the workspace.
    #[serde(default)]
    pub workspace: String,
    /// The currency of amounts that name none.
    #[serde(default)]
    pub currency: String,
    /// The time zone of the workspace, in which formulas count days.
    #[serde(default)]
    pub zone: String,
    /// What goes with whatever is asked or sent for this answer.
    pub ticket: String,
    /// Seconds that filling it in takes at the least.
    pub wait: u32,
    /// Bytes of a file at most.
    pub largest_file: u64,
}

/// `POST /public/{token}/open`
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicOpen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// `POST /public/{token}/answers`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicAnswer {
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: Fields,
    /// An input that no person sees, and programs that fill in whatever there is do. It stays empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub leave_empty: String,
}

/// What a visitor gets whose answer was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PublicTaken {
    #[schema(value_type = Option<crate::Wording>)]
    pub thanks: Option<Label>,
    /// Whether another one may be filled in.
    pub again: bool,
}
