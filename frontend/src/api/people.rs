//! The people of the workspace.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::value::Id;
use wire::{
    Department, DepartmentInput, DepartmentPatch, HandOver, Holdings, Invitation, JobStarted, List, MePatch,
    Member, MemberImportInput, MemberImportPreview, MemberInput, MemberPatch, MemberRolesInput, MemberState,
    PeopleChange, Role, RoleChangeInput, RoleGroup, RoleGroupInput, RoleInput, RolePatch, RoleUse,
};

use super::{Call, Problem};

/// All members, by name: the pages of the list one after the other.
pub async fn members() -> Result<List<Member>, Problem> {
    let mut all = Vec::new();
    let mut from = String::new();
    loop {
        let page: List<Member> = Call::get(format!("/members?limit=500{from}")).send().await?;
        all.extend(page.items);
        match page.next {
            Some(next) => from = format!("&cursor={next}"),
            None => return Ok(List::all(all)),
        }
    }
}

/// Administrators who are named at most.
const NAMED: usize = 3;

/// The names of administrators who can still sign in: whom somebody asks who may not do a thing.
pub fn whom_to_ask(members: &[Member]) -> Vec<String> {
    let administer =
        members.iter().filter(|member| member.administrator && member.state == MemberState::Active);
    administer.take(NAMED).map(|member| member.name.clone()).collect()
}

pub async fn create_member(new: &MemberInput) -> Result<Member, Problem> {
    Call::post("/members").json(new).send().await
}

pub async fn update_member(id: Id, patch: MemberPatch) -> Result<Member, Problem> {
    Call::patch(format!("/members/{id}")).if_match_any().json(&patch).send().await
}

/// Lets a member sign in, or no longer.
pub async fn set_member_state(id: Id, state: MemberState) -> Result<Member, Problem> {
    update_member(id, MemberPatch { state: Some(state), ..MemberPatch::default() }).await
}

/// What other roles would mean for a member, app by app; nothing is stored.
pub async fn member_dry_run(id: Id, input: &MemberRolesInput) -> Result<Vec<PeopleChange>, Problem> {
    let list: List<PeopleChange> = Call::post(format!("/members/{id}/dry-run")).json(input).send().await?;
    Ok(list.items)
}

/// Makes a link by which a member joins.
pub async fn invite(id: Id) -> Result<Invitation, Problem> {
    Call::post(format!("/members/{id}/invitation")).send().await
}

/// Has such a link sent to the member's address; it makes an earlier one worthless.
pub async fn send_invitation(id: Id) -> Result<(), Problem> {
    Call::post(format!("/members/{id}/invitation/letter")).send_unit().await
}

/// What a member would hand over.
pub async fn holdings(id: Id) -> Result<Holdings, Problem> {
    Call::get(format!("/members/{id}/holdings")).send().await
}

/// Begins to hand over what a member has; answers the id of the job that does.
pub async fn hand_over(id: Id, input: &HandOver) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/members/{id}/hand-over")).json(input).send().await?;
    Ok(started.job.to_string())
}

/// What a file would make of the members.
pub async fn preview_import(input: &MemberImportInput) -> Result<MemberImportPreview, Problem> {
    Call::post("/members/import/preview").json(input).send().await
}

/// Begins to bring in the members of a file; answers the id of the job that does.
pub async fn import(input: &MemberImportInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post("/members/import").json(input).send().await?;
    Ok(started.job.to_string())
}

/// Changes what members may change about themselves.
pub async fn change_me(patch: &MePatch) -> Result<Member, Problem> {
    Call::patch("/me").if_match_any().json(patch).send().await
}

pub async fn roles() -> Result<List<Role>, Problem> {
    Call::get("/roles").send().await
}

pub async fn create_role(name: &str, group: Option<Id>) -> Result<Role, Problem> {
    let new = RoleInput { key: None, name: name.to_string(), group, members: Vec::new() };
    Call::post("/roles").json(&new).send().await
}

pub async fn update_role(id: Id, patch: &RolePatch) -> Result<Role, Problem> {
    Call::patch(format!("/roles/{id}")).if_match_any().json(patch).send().await
}

pub async fn delete_role(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/roles/{id}")).if_match_any().send_unit().await
}

/// Where a role is named.
pub async fn role_uses(id: Id) -> Result<List<RoleUse>, Problem> {
    Call::get(format!("/roles/{id}/uses")).send().await
}

/// What a change of a role would mean, app by app; nothing is stored.
pub async fn role_dry_run(id: Id, input: &RoleChangeInput) -> Result<Vec<PeopleChange>, Problem> {
    let list: List<PeopleChange> = Call::post(format!("/roles/{id}/dry-run")).json(input).send().await?;
    Ok(list.items)
}

pub async fn role_groups() -> Result<List<RoleGroup>, Problem> {
    Call::get("/role-groups").send().await
}

pub async fn create_role_group(name: &str) -> Result<RoleGroup, Problem> {
    Call::post("/role-groups").json(&RoleGroupInput { name: name.to_string() }).send().await
}

pub async fn rename_role_group(id: Id, name: &str) -> Result<RoleGroup, Problem> {
    let input = RoleGroupInput { name: name.to_string() };
    Call::patch(format!("/role-groups/{id}")).if_match_any().json(&input).send().await
}

pub async fn delete_role_group(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/role-groups/{id}")).if_match_any().send_unit().await
}

pub async fn create_department(new: &DepartmentInput) -> Result<Department, Problem> {
    Call::post("/departments").json(new).send().await
}

pub async fn update_department(id: Id, patch: &DepartmentPatch) -> Result<Department, Problem> {
    Call::patch(format!("/departments/{id}")).if_match_any().json(patch).send().await
}

pub async fn delete_department(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/departments/{id}")).if_match_any().send_unit().await
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn administrators_who_are_there_are_asked() {
        let member = |name: &str, state: &str, administrator: bool| -> Member {
            let member = json!({"id": Id::from_i64(1).unwrap().to_string(), "email": "m@example.com",
                "name": name, "state": state, "manager": null, "departments": [], "roles": [], "language": "en",
                "zone": null, "administrator": administrator});
            serde_json::from_value(member).unwrap()
        };
        let members = [
            member("Mei", "active", false),
            member("Gone", "disabled", true),
            member("Ada", "active", true),
            member("Bob", "active", true),
        ];
        assert_eq!(whom_to_ask(&members), ["Ada", "Bob"]);
    }
}
