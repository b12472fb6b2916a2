//! Who may use a form, by its permission groups: said where something of it is put in force, for without a group nobody but
//! administrators does.

use engine::access::{Operation, PermissionGroup, Who};
use engine::text::{Label, Language};
use engine::value::Id;
use leptos::prelude::*;
use wire::{Department, Member, MemberState, Role};

use crate::api::{Problem, people, permissions};
use crate::records::app_param;
use crate::ui::{Banner, Tone};
use crate::{i18n, t, text};

/// A permission group in force, with its people.
#[derive(Clone, Debug, PartialEq)]
pub struct Users {
    label: Label,
    may_submit: bool,
    may_edit: bool,
    everyone: bool,
    /// The members, roles and departments that it names, by name.
    names: Vec<String>,
    /// Whether somebody is behind what it names: a role may be nobody's.
    is_anybody: bool,
}

/// The people of the workspace, by whom groups name them.
#[derive(Default)]
struct Known {
    members: Vec<Member>,
    roles: Vec<Role>,
    departments: Vec<Department>,
}

impl Known {
    async fn ask() -> Result<Known, Problem> {
        let members = people::members().await?.items;
        let roles = people::roles().await?.items;
        Ok(Known { members, roles, departments: people::departments().await?.items })
    }

    fn users(&self, group: PermissionGroup) -> Users {
        let Who { everyone, members, departments, roles } = group.who;
        let roles: Vec<&Role> = self
            .roles
            .iter()
            .filter(|known| roles.contains(&known.key) || roles.contains(&known.id.to_string()))
            .collect();
        let departments: Vec<&Department> =
            self.departments.iter().filter(|known| departments.contains(&known.id.to_string())).collect();
        let members: Vec<&Member> = self
            .members
            .iter()
            .filter(|known| members.contains(&known.id.to_string()))
            .filter(|known| known.state != MemberState::Disabled)
            .collect();
        let is_anybody = everyone
            || !members.is_empty()
            || !departments.is_empty()
            || roles.iter().any(|role| role.members > 0);
        let names = roles.iter().map(|role| &role.name);
        let names = names.chain(departments.iter().map(|department| &department.name));
        let names = names.chain(members.iter().map(|member| &member.name)).cloned().collect();
        let may_submit = group.operations.contains(&Operation::Create);
        let may_edit = group.operations.contains(&Operation::Edit);
        Users { label: group.label, may_submit, may_edit, everyone, names, is_anybody }
    }
}

impl Users {
    /// The group with whom it names; once where it is called as they are.
    fn line(&self, language: Language) -> String {
        let (name, who) = (self.label.get(language).to_string(), self.who());
        if name == who { name } else { text!("designer-may-use-group", name = name, who = who) }
    }

    fn who(&self) -> String {
        match (self.everyone, self.names.is_empty()) {
            (true, _) => text!("designer-may-use-everyone"),
            (false, true) => text!("designer-may-use-no-names"),
            (false, false) => i18n::listed(&self.names),
        }
    }
}

/// The groups of a form that are in force.
///
/// # Errors
/// What the server says where it does not tell.
pub async fn users_of(form: Id) -> Result<Vec<Users>, Problem> {
    let read =
        |stored: wire::PermissionGroup| serde_json::from_value::<PermissionGroup>(stored.document).ok();
    let groups = permissions::groups(form).await?.into_iter().filter_map(read);
    let groups: Vec<PermissionGroup> = groups.filter(|group| group.enabled).collect();
    let known = if groups.is_empty() { Known::default() } else { Known::ask().await? };
    Ok(groups.into_iter().map(|group| known.users(group)).collect())
}

/// Those of them that may edit records, as they are named; each once.
fn editors(users: &[Users]) -> Vec<String> {
    let mut named = Vec::new();
    for who in users.iter().filter(|users| users.may_edit && users.is_anybody).map(Users::who) {
        if !named.contains(&who) {
            named.push(who);
        }
    }
    named
}

/// Whether these are nobody at all.
pub fn is_nobody(users: &[Users]) -> bool {
    !users.iter().any(|users| users.is_anybody)
}

/// Where it is said who may do what with the records of a form.
pub fn permissions_of(app: &str, form: Id) -> String {
    format!("/apps/{app}/forms/{form}/permissions")
}

/// What is put in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    Form,
    /// A flow, which begins with a record that somebody submits.
    Flow,
}

/// Who may use the form, in the dialog before something of it is put in force.
#[component]
pub fn MayUse(
    form: Id,
    what: InForce,
    /// Whether it can be said already who may: a form that was never published has no page for that.
    #[prop(into)]
    leads: Signal<bool>,
    /// Whether what a flow has approved stays open to who may edit records: they are named then.
    #[prop(optional)]
    unlocked: bool,
) -> impl IntoView {
    let app = app_param();
    let found = LocalResource::new(move || async move { users_of(form).await.ok() });
    let link = move || {
        let to = move || permissions_of(&app.get(), form);
        leads.get().then(|| view! { <a class="act" href=to>{t!("designer-may-use-set")}</a> })
    };
    let to_settings = move || {
        let to = move || format!("/apps/{}/forms/{form}/design", app.get());
        view! { <a class="act" href=to>{t!("designer-still-changed-lock")}</a> }
    };
    let still_changed = move |who: String| {
        let action = ViewFn::from(to_settings);
        let said = t!("designer-still-changed", who = who);
        view! { <Banner tone=Tone::Warning action=action>{said}</Banner> }
    };
    let shown = move |mut users: Vec<Users>| {
        let editors = if unlocked { editors(&users) } else { Vec::new() };
        let open = (!editors.is_empty()).then(|| still_changed(i18n::listed(&editors)));
        let nobody = match what {
            InForce::Form => t!("designer-may-use-nobody")(),
            InForce::Flow => {
                users.retain(|users| users.may_submit);
                t!("designer-may-use-nobody-submits")()
            }
        };
        if is_nobody(&users) {
            let more = (!leads.get()).then(t!("designer-may-use-later"));
            let action = ViewFn::from(link);
            return view! { <Banner tone=Tone::Warning action=action>{nobody}" "{more}</Banner> {open} }
                .into_any();
        }
        let title = match what {
            InForce::Form => t!("designer-may-use")(),
            InForce::Flow => t!("designer-may-submit")(),
        };
        let language = i18n::language();
        let line = |users: Users| view! { <li>{users.line(language)}</li> };
        view! {
            <section class="stack g1 may-use">
                <div class="row between"><b class="strong">{title}</b>{link}</div>
                <ul class="stack g1">{users.into_iter().map(line).collect_view()}</ul>
            </section>
            {open}
        }
        .into_any()
    };
    move || found.get().flatten().map(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn users(who: Json, operations: &[&str], members_of_role: u32) -> Users {
        let group = json!({"format": 1, "key": "g", "label": "Sales", "who": who, "operations": operations,
            "fields": {"*": "edit"}, "rows": null, "enabled": true});
        let id = Id::from_i64(7).unwrap();
        let role = Role { id, key: "REP".into(), name: "Reps".into(), members: members_of_role, group: None };
        Known { roles: vec![role], ..Known::default() }.users(serde_json::from_value(group).unwrap())
    }

    #[test]
    fn a_role_that_nobody_has_lets_nobody_in() {
        let reps = users(json!({"roles": ["REP"]}), &["view"], 2);
        assert_eq!((reps.names.clone(), reps.may_submit), (vec!["Reps".to_string()], false));
        assert!(!is_nobody(&[reps]));
        assert!(is_nobody(&[users(json!({"roles": ["REP"]}), &["view"], 0)]));
        assert!(is_nobody(&[users(json!({}), &["view"], 2)]) && is_nobody(&[]));
    }

    #[test]
    fn a_group_that_is_called_as_its_role_is_named_once() {
        i18n::set_language(Language::En);
        let mut reps = users(json!({"roles": ["REP"]}), &["view"], 2);
        assert_eq!(reps.line(Language::En), "Sales: Reps");
        reps.label = serde_json::from_value(json!("Reps")).unwrap();
        assert_eq!(reps.line(Language::En), "Reps");
    }

    #[test]
    fn who_may_edit_is_named_once() {
        i18n::set_language(Language::En);
        let all = [
            users(json!({"roles": ["REP"]}), &["view", "edit"], 2),
            users(json!({"roles": ["REP"]}), &["edit"], 2),
            users(json!({"everyone": true}), &["view", "create"], 0),
            users(json!({}), &["edit"], 0),
        ];
        assert_eq!(editors(&all), ["Reps"]);
        assert_eq!(editors(&all[2..]), [""; 0]);
    }

    #[test]
    fn everyone_is_somebody() {
        let all = users(json!({"everyone": true}), &["view", "create"], 0);
        assert!(all.may_submit && !is_nobody(&[all]));
    }
}
