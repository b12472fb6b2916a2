//! What flows send to other systems, and the secrets of apps that they prove themselves with.

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecretPurpose {
    /// Calls are signed with it (Standard Webhooks); it is never sent.
    Sign,
    /// It is sent as `Authorization: Bearer …`.
    Bearer,
    /// It is sent as the value of a header.
    Header,
}

impl SecretPurpose {
    pub const ALL: [SecretPurpose; 3] = [SecretPurpose::Sign, SecretPurpose::Bearer, SecretPurpose::Header];

    /// The word in the API.
    pub fn key(self) -> &'static str {
        match self {
            SecretPurpose::Sign => "sign",
            SecretPurpose::Bearer => "bearer",
            SecretPurpose::Header => "header",
        }
    }

    pub fn from_key(key: &str) -> Option<SecretPurpose> {
        SecretPurpose::ALL.into_iter().find(|purpose| purpose.key() == key)
    }
}

/// A secret of an app, without what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Secret {
    #[schema(value_type = String)]
    pub id: Id,
    /// What calls name it by.
    pub name: String,
    pub purpose: SecretPurpose,
    /// The header that it is sent in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The hosts that may get it, or what it has signed.
    pub hosts: Vec<String>,
    pub created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub created_by: Option<Id>,
    /// The key that was made, once and never again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// `POST /apps/{app}/secrets`
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretInput {
    pub name: String,
    pub purpose: SecretPurpose,
    /// For `header`: which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    pub hosts: Vec<String>,
    /// What it is. A key that signs is made where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Without the value, whoever prints it.
impl std::fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretInput").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A call of a flow to another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowCall {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = String)]
    pub record: Id,
    #[schema(value_type = String)]
    pub instance: Id,
    pub step: String,
    pub method: String,
    pub url: String,
    /// The name of the secret that it proves itself with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// `waiting`, `sent`, `dead`, or `held` where the calls of its step are switched off.
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    pub created_at: String,
    /// When it was tried last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<String>,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
    /// The status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The beginning of the last answer, or why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}
