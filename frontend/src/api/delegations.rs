//! Who decides in whose place.

use engine::value::Id;
use wire::{Delegation, DelegationInput, List};

use super::{Call, Problem};

/// What the reader has given and received; all for an administrator.
pub async fn delegations() -> Result<List<Delegation>, Problem> {
    Call::get("/delegations").send().await
}

pub async fn delegate(input: &DelegationInput) -> Result<Delegation, Problem> {
    Call::post("/delegations").json(input).send().await
}

/// Ends one.
pub async fn end(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/delegations/{id}")).if_match_any().send_unit().await
}
