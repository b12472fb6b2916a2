//! Who administers something: members, departments with their parts, and roles.

use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wire::MemberState;

use crate::api::{Problem, people};
use crate::t;
use crate::ui::{Choice, Field, MultiSelect, wait_for};

/// Those who are named now, by ids and by the keys of roles.
#[derive(Clone, Copy)]
pub struct Administrators {
    members: RwSignal<Vec<String>>,
    departments: RwSignal<Vec<String>>,
    roles: RwSignal<Vec<String>>,
}

impl Administrators {
    /// As the entries of a document name them.
    pub fn of(admins: &[Json]) -> Administrators {
        let named = |member: &str| RwSignal::new(named_in(admins, member));
        Administrators { members: named("members"), departments: named("departments"), roles: named("roles") }
    }

    /// Names those of these entries in place of the ones before.
    pub fn take_over(self, admins: &[Json]) {
        self.members.set(named_in(admins, "members"));
        self.departments.set(named_in(admins, "departments"));
        self.roles.set(named_in(admins, "roles"));
    }

    /// The entry that names them all.
    pub fn entry(self) -> Json {
        json!({
            "members": self.members.get_untracked(),
            "departments": self.departments.get_untracked(),
            "roles": self.roles.get_untracked(),
        })
    }
}

/// The ids, or keys, that entries of administrators name under a member.
fn named_in(admins: &[Json], member: &str) -> Vec<String> {
    let lists = admins.iter().filter_map(|who| who.get(member)?.as_array());
    let mut all: Vec<String> = lists.flatten().filter_map(|id| id.as_str().map(str::to_string)).collect();
    all.sort();
    all.dedup();
    all
}

/// What they are chosen with.
#[component]
pub fn AdministratorInputs(named: Administrators) -> impl IntoView {
    let known = LocalResource::new(|| async {
        let members = people::members().await?.items;
        let (departments, roles) = (people::departments().await?.items, people::roles().await?.items);
        let active = members.into_iter().filter(|member| member.state == MemberState::Active);
        let members: Vec<Choice> = active.map(|one| Choice::new(one.id.to_string(), one.name)).collect();
        let departments: Vec<Choice> =
            departments.into_iter().map(|one| Choice::new(one.id.to_string(), one.name)).collect();
        let roles: Vec<Choice> = roles.into_iter().map(|role| Choice::new(role.key, role.name)).collect();
        Ok::<_, Problem>([members, departments, roles])
    });
    // What they are called makes their chips as wide as they are.
    wait_for(move || known.with(Option::is_some));
    let choices = move |place: usize| {
        Signal::derive(move || {
            let known = known.get().and_then(Result::ok).unwrap_or_default();
            known.into_iter().nth(place).unwrap_or_default()
        })
    };
    let row = move |label: Signal<String>, value: RwSignal<Vec<String>>, place: usize| {
        view! {
            <Field label=label>
                <MultiSelect choices=choices(place) value=value on_change=move |keys| value.set(keys)/>
            </Field>
        }
    };
    view! {
        {row(Signal::derive(t!("permissions-members")), named.members, 0)}
        {row(Signal::derive(t!("permissions-departments")), named.departments, 1)}
        {row(Signal::derive(t!("permissions-roles")), named.roles, 2)}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_of_several_entries_are_shown_together() {
        let admins = [json!({"members": ["b"], "roles": ["boss"]}), json!({"members": ["a", "b"]})];
        Owner::new().with(|| {
            let named = Administrators::of(&admins);
            assert_eq!(named.entry(), json!({"members": ["a", "b"], "departments": [], "roles": ["boss"]}));
            named.take_over(&[]);
            assert_eq!(named.entry(), json!({"members": [], "departments": [], "roles": []}));
        });
    }
}
