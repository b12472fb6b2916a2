//! The public links of a form, for whoever administers it.

use engine::value::Id;
use wire::{Link, LinkInput, LinkPatch, List};

use super::{Call, Problem};

/// The links of a form, the newest first.
pub async fn links(form: Id) -> Result<Vec<Link>, Problem> {
    let list: List<Link> = Call::get(format!("/forms/{form}/links")).send().await?;
    Ok(list.items)
}

pub async fn create(form: Id, input: &LinkInput) -> Result<Link, Problem> {
    Call::post(format!("/forms/{form}/links")).json(input).send().await
}

pub async fn change(link: &Link, patch: &LinkPatch) -> Result<Link, Problem> {
    Call::patch(format!("/links/{}", link.id)).if_match(version(link)).json(patch).send().await
}

/// Revokes a link for good.
pub async fn revoke(link: &Link) -> Result<(), Problem> {
    Call::delete(format!("/links/{}", link.id)).if_match(version(link)).send_unit().await
}

/// Gives a link another address; the old one leads nowhere from then on.
pub async fn renew(link: &Link) -> Result<Link, Problem> {
    Call::post(format!("/links/{}/renew", link.id)).if_match(version(link)).send().await
}

fn version(link: &Link) -> u64 {
    u64::try_from(link.version).unwrap_or_default()
}
