//! The people of the workspace.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::value::Id;
use wire::{Department, List, MePatch, Member, MemberInput, MemberPatch, MemberState, Role, RoleInput};

use super::{Call, Problem};

pub async fn members() -> Result<List<Member>, Problem> {
    Call::get("/members").send().await
}

pub async fn create_member(new: &MemberInput) -> Result<Member, Problem> {
    Call::post("/members").json(new).send().await
}

async fn update_member(id: Id, patch: MemberPatch) -> Result<Member, Problem> {
    Call::patch(format!("/members/{id}")).if_match_any().json(&patch).send().await
}

/// Gives a member other roles: ids or keys.
pub async fn set_member_roles(id: Id, roles: Vec<String>) -> Result<Member, Problem> {
    update_member(id, MemberPatch { roles: Some(roles), ..MemberPatch::default() }).await
}

/// Lets a member sign in, or no longer.
pub async fn set_member_state(id: Id, state: MemberState) -> Result<Member, Problem> {
    update_member(id, MemberPatch { state: Some(state), ..MemberPatch::default() }).await
}

/// Changes what members may change about themselves.
pub async fn change_me(patch: &MePatch) -> Result<Member, Problem> {
    Call::patch("/me").if_match_any().json(patch).send().await
}

pub async fn roles() -> Result<List<Role>, Problem> {
    Call::get("/roles").send().await
}

pub async fn create_role(name: &str) -> Result<Role, Problem> {
    let new = RoleInput { key: None, name: name.to_string(), group: None, members: Vec::new() };
    Call::post("/roles").json(&new).send().await
}

pub async fn departments() -> Result<List<Department>, Problem> {
    let list: List<Department> = Call::get("/departments").send().await?;
    let above = list.items.iter().filter_map(|department| Some((department.id, department.parent?)));
    ABOVE.set(Some(Arc::new(above.collect())));
    Ok(list)
}

thread_local! {
    /// The department that each department is a part of, as it was last heard.
    static ABOVE: RefCell<Option<Arc<BTreeMap<Id, Id>>>> = const { RefCell::new(None) };
}

/// Which departments are parts of others, as far as that was asked for; see [`know_departments`].
pub fn above() -> Arc<BTreeMap<Id, Id>> {
    ABOVE.with_borrow(|above| above.clone().unwrap_or_default())
}

/// Asks which departments are parts of others, once in the life of the page: conditions look at it.
pub async fn know_departments() {
    if ABOVE.with_borrow(Option::is_none) {
        // Who can't be told goes on without: the server looks again.
        let _ = departments().await;
    }
}
