//! How people sign in: second steps, sessions, forgotten passwords, what a workspace asks for.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// `GET /auth/ways`: how one can sign in here, for the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInWays {
    /// Whether a forgotten password can be replaced by a letter.
    pub reset: bool,
    /// How the identity provider is called, where there is one; `GET /auth/provider/start` goes there.
    pub provider: Option<String>,
    /// Whether people come over plain HTTP where others could read along: the pages say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain_http: bool,
    /// What the workspace is called, where it lets strangers know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
}

/// Shows anew who somebody is: the password, or a code of their authenticator.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    pub created_at: String,
    /// When it was last used, to within some minutes.
    pub seen_at: String,
    pub expires_at: String,
    pub ip: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// The caller's second step of signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    pub enabled: bool,
    /// Whether the workspace asks the caller for one.
    pub required: bool,
    pub since: Option<String>,
    pub recovery_codes_left: u32,
}

/// What is to be taken into an authenticator; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorOffer {
    /// In Base32, for who types it.
    pub secret: String,
    /// `otpauth://totp/…`
    pub uri: String,
    /// The same as a QR code: SVG.
    pub picture: String,
}

/// A code of an authenticator.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    pub code: String,
}

/// Codes for who has lost their authenticator; shown once, each good for one sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

/// From whom a workspace asks a second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorDemand {
    /// From those who have set one up.
    Nobody,
    Administrators,
    Everybody,
}

/// What a workspace asks of those who sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInPolicy {
    pub second_factor: SecondFactorDemand,
}

/// `GET /auth/policy`: what a workspace asks, and of how many that would be new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignInPolicyRead {
    pub second_factor: SecondFactorDemand,
    /// Who has no second step; told to administrators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<WithoutSecondFactor>,
}

/// How many of those who can sign in have no second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WithoutSecondFactor {
    pub administrators: u32,
    /// With the administrators.
    pub everybody: u32,
    /// Whether the one who asks is among them.
    pub oneself: bool,
}

/// Whose password was forgotten.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    pub email: String,
}

/// A new password, by the link of a letter.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetRedemption {
    /// What stands in the link.
    pub token: String,
    pub password: String,
}

/// Who administers a form without administering its app, in the shape of an app's administrators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormAdmins {
    /// Members, departments and roles.
    #[schema(value_type = Vec<Object>)]
    pub admins: Vec<Json>,
}
