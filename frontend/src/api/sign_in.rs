//! How one signs in: second steps, sessions, tokens, forgotten passwords, what the workspace asks for.

use engine::value::Id;
use wire::{
    CodeInput, Confirmation, List, PasswordLink, RecoveryCodes, ResetInput, ResetRedemption, SecondFactor,
    SecondFactorDemand, SecondFactorOffer, Session, SignInPolicy, SignInPolicyRead, SignInWays, Token,
    TokenInput,
};

use super::{Call, Problem, segment};

/// How one can sign in here.
pub async fn ways() -> Result<SignInWays, Problem> {
    Call::get("/auth/ways").without_renewal().send().await
}

/// Where the identity provider is gone to, and back from to `next`.
pub fn provider_address(next: &str) -> String {
    format!("/api/v1/auth/provider/start?next={}", segment(next))
}

/// Asks for a letter with a link for a new password.
pub async fn ask_for_reset(email: &str) -> Result<(), Problem> {
    let body = ResetInput { email: email.to_string() };
    Call::post("/auth/reset").json(&body).without_renewal().send_unit().await
}

/// Makes such a link for a member, to be handed to them; it makes earlier ones worthless.
pub async fn make_password_link(member: Id) -> Result<PasswordLink, Problem> {
    Call::post(format!("/members/{member}/password-link")).send().await
}

/// Sets a new password by such a link.
pub async fn redeem_reset(token: &str, password: &str) -> Result<(), Problem> {
    let body = ResetRedemption { token: token.to_string(), password: password.to_string() };
    Call::post("/auth/reset/redeem").json(&body).without_renewal().send_unit().await
}

/// Shows anew who one is.
pub async fn confirm(confirmation: &Confirmation) -> Result<(), Problem> {
    Call::post("/auth/confirm").json(confirmation).send_unit().await
}

pub async fn second_factor() -> Result<SecondFactor, Problem> {
    Call::get("/auth/second-factor").send().await
}

pub async fn offer_second_factor() -> Result<SecondFactorOffer, Problem> {
    Call::post("/auth/second-factor").send().await
}

pub async fn enable_second_factor(code: &str) -> Result<RecoveryCodes, Problem> {
    let body = CodeInput { code: code.to_string() };
    Call::post("/auth/second-factor/enable").json(&body).send().await
}

pub async fn renew_recovery_codes() -> Result<RecoveryCodes, Problem> {
    Call::post("/auth/second-factor/recovery-codes").send().await
}

pub async fn remove_second_factor() -> Result<(), Problem> {
    Call::delete("/auth/second-factor").send_unit().await
}

/// Takes the second step of a member away who has lost it.
pub async fn reset_second_factor(member: Id) -> Result<(), Problem> {
    Call::delete(format!("/members/{member}/second-factor")).send_unit().await
}

pub async fn sessions() -> Result<List<Session>, Problem> {
    Call::get("/auth/sessions").send().await
}

pub async fn end_session(id: &str) -> Result<(), Problem> {
    Call::delete(format!("/auth/sessions/{id}")).send_unit().await
}

pub async fn end_other_sessions() -> Result<(), Problem> {
    Call::delete("/auth/sessions").send_unit().await
}

pub async fn tokens() -> Result<List<Token>, Problem> {
    Call::get("/tokens").send().await
}

pub async fn create_token(new: &TokenInput) -> Result<Token, Problem> {
    Call::post("/tokens").json(new).send().await
}

pub async fn end_token(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/tokens/{id}")).send_unit().await
}

pub async fn policy() -> Result<SignInPolicyRead, Problem> {
    Call::get("/auth/policy").send().await
}

pub async fn replace_policy(second_factor: SecondFactorDemand) -> Result<SignInPolicy, Problem> {
    Call::put("/auth/policy").if_match_any().json(&SignInPolicy { second_factor }).send().await
}
