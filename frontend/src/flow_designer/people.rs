//! Who is asked: the sources of people as choices of one list, and back.
//!
//! A choice has a key such as `role:MGR`, `member:12`, `manager:2`; the order of the keys is the order in which people
//! are asked.

use engine::flow::who::{Chooser, UpTo, Who};
use engine::flow::{FormInfo, Holds, InForm};
use leptos::prelude::*;
use serde_json::json;

use super::directory::Workspace;
use super::state::FlowDesigner;
use crate::ui::{Choice, Field, MultiSelect};
use crate::{i18n, t, text};

/// How many levels of managers are offered.
const LEVELS: u32 = 5;

/// The keys that stand for the sources of a document.
pub fn keys_of(who: &[Who]) -> Vec<String> {
    let mut keys = Vec::new();
    for source in who {
        match source {
            Who::Members(members) => keys.extend(members.iter().map(|member| format!("member:{member}"))),
            Who::Departments { departments, with_children } => {
                let kind = if *with_children { "department-below" } else { "department" };
                keys.extend(departments.iter().map(|department| format!("{kind}:{department}")));
            }
            Who::Roles(roles) => keys.extend(roles.iter().map(|role| format!("role:{role}"))),
            Who::Field(field) => keys.push(format!("field:{field}")),
            Who::HeadOfField(field) => keys.push(format!("head:{field}")),
            Who::Submitter => keys.push("submitter".to_string()),
            Who::Manager(level) => keys.push(format!("manager:{level}")),
            Who::ManagersUpTo(UpTo::Level(level)) => keys.push(format!("managers:{level}")),
            Who::ManagersUpTo(UpTo::Role(role)) => keys.push(format!("managers-to-role:{role}")),
            Who::ChosenBy(Chooser::Submitter) => keys.push("chosen-by-submitter".to_string()),
            Who::ChosenBy(Chooser::Previous) => keys.push("chosen-by-previous".to_string()),
            Who::HeadOfPrevious => keys.push("head-of-previous".to_string()),
        }
    }
    keys
}

/// The sources behind keys; neighbours of one kind become one source.
pub fn who_of(keys: &[String]) -> Vec<Who> {
    let mut who: Vec<Who> = Vec::new();
    for source in keys.iter().filter_map(|key| source_of(key)) {
        match (who.last_mut(), source) {
            (Some(Who::Members(known)), Who::Members(more)) => known.extend(more),
            (Some(Who::Roles(known)), Who::Roles(more)) => known.extend(more),
            (
                Some(Who::Departments { departments: known, with_children: below }),
                Who::Departments { departments: more, with_children },
            ) if *below == with_children => known.extend(more),
            (_, source) => who.push(source),
        }
    }
    who
}

fn source_of(key: &str) -> Option<Who> {
    let (kind, name) = key.split_once(':').unwrap_or((key, ""));
    Some(match kind {
        "member" => Who::Members(vec![name.parse().ok()?]),
        "department" => Who::Departments { departments: vec![name.parse().ok()?], with_children: false },
        "department-below" => Who::Departments { departments: vec![name.parse().ok()?], with_children: true },
        "role" => Who::Roles(vec![name.to_string()]),
        "field" => Who::Field(name.to_string()),
        "head" => Who::HeadOfField(name.to_string()),
        "submitter" => Who::Submitter,
        "manager" => Who::Manager(name.parse().ok()?),
        "managers" => Who::ManagersUpTo(UpTo::Level(name.parse().ok()?)),
        "managers-to-role" => Who::ManagersUpTo(UpTo::Role(name.to_string())),
        "chosen-by-submitter" => Who::ChosenBy(Chooser::Submitter),
        "chosen-by-previous" => Who::ChosenBy(Chooser::Previous),
        "head-of-previous" => Who::HeadOfPrevious,
        _ => return None,
    })
}

/// What a source is called: `销售总监`, `直属上级`, `字段「负责人」的成员`.
pub fn source_name(designer: FlowDesigner, key: &str) -> String {
    let (kind, name) = key.split_once(':').unwrap_or((key, ""));
    let id = name.parse().ok();
    let level = || name.parse::<u32>().unwrap_or(1);
    designer.people.with_value(|people| match kind {
        "member" => id.map(|id| people.member(id)).unwrap_or_default(),
        "department" => id.map(|id| people.department(id)).unwrap_or_default(),
        "department-below" => {
            text!("flows-who-below", name = id.map(|id| people.department(id)).unwrap_or_default())
        }
        "role" => people.role(name),
        "field" => text!("flows-who-field", name = field_name(designer, name)),
        "head" => text!("flows-who-head", name = field_name(designer, name)),
        "submitter" => text!("flows-who-submitter"),
        "manager" if level() == 1 => text!("flows-who-manager"),
        "manager" => text!("flows-who-manager-level", level = level()),
        "managers" => text!("flows-who-managers", level = level()),
        "managers-to-role" => text!("flows-who-managers-to", name = people.role(name)),
        "chosen-by-submitter" => text!("flows-who-chosen-by-submitter"),
        "chosen-by-previous" => text!("flows-who-chosen-by-previous"),
        "head-of-previous" => text!("flows-who-head-of-previous"),
        other => other.to_string(),
    })
}

/// The people of a step in words; empty where nobody is named.
pub fn who_words(designer: FlowDesigner, who: &[Who]) -> String {
    let names: Vec<String> = keys_of(who).iter().map(|key| source_name(designer, key)).collect();
    names.join(&text!("flows-and"))
}

pub fn field_name(designer: FlowDesigner, path: &str) -> String {
    let language = i18n::language();
    if path.starts_with('$') {
        return engine::form::system_label(path, language);
    }
    let form = designer.published_form();
    form.column(path).map_or_else(|| path.to_string(), |column| column.field.label.get(language).to_string())
}

/// Everything that a step may ask: besides those who can be named anywhere, whom others choose.
fn sources(designer: FlowDesigner) -> Vec<Choice> {
    let mut all = choices(designer);
    let heading = text!("flows-group-flow");
    let chosen = ["chosen-by-previous", "chosen-by-submitter"];
    let chosen = chosen.map(|key| Choice::new(key, source_name(designer, key)).group(heading.clone()));
    // With the others that the flow itself gives.
    let behind = all.iter().rposition(|choice| choice.group.as_ref() == Some(&heading));
    let at = behind.map_or(all.len(), |last| last + 1);
    all.splice(at..at, chosen).for_each(drop);
    all
}

/// Everybody who may be named, under headings, what is used most on top.
pub fn choices(designer: FlowDesigner) -> Vec<Choice> {
    let mut found = Vec::new();
    let mut under = |heading: &str, keys: Vec<String>| {
        let choice = |key: String| Choice::new(&key, source_name(designer, &key)).group(heading);
        found.extend(keys.into_iter().map(choice));
    };
    let mut relations = vec!["manager:1".to_string(), "submitter".to_string()];
    relations.extend((2..=LEVELS).map(|level| format!("managers:{level}")));
    relations.extend((2..=LEVELS).map(|level| format!("manager:{level}")));
    under(&text!("flows-group-submitter"), relations);
    let (roles, members, departments) = designer.people.with_value(|people: &Workspace| {
        let roles: Vec<String> = people.roles.iter().map(|known| known.key.clone()).collect();
        let can_be_asked = people.members.iter().filter(|known| known.state != wire::MemberState::Disabled);
        let members: Vec<String> = can_be_asked.map(|known| format!("member:{}", known.id)).collect();
        let mut departments = Vec::new();
        for known in &people.departments {
            departments.push(format!("department:{}", known.id));
            if people.departments.iter().any(|child| child.parent == Some(known.id)) {
                departments.push(format!("department-below:{}", known.id));
            }
        }
        (roles, members, departments)
    });
    under(&text!("flows-group-role"), roles.iter().map(|key| format!("role:{key}")).collect());
    under(&text!("flows-group-member"), members);
    under(&text!("flows-group-department"), departments);
    under(&text!("flows-group-field"), people_fields(designer));
    under(&text!("flows-group-flow"), vec!["head-of-previous".to_string()]);
    under(&text!("flows-group-up-to"), roles.iter().map(|key| format!("managers-to-role:{key}")).collect());
    found
}

/// The fields of the record that hold people, or departments with a head.
fn people_fields(designer: FlowDesigner) -> Vec<String> {
    let (form, catalogue) = (designer.published_form(), designer.catalogue.get());
    let about = InForm { form: &form, catalogue: &*catalogue };
    let paths = form.fields().map(|column| column.path.clone());
    let system = ["$owner", "$collaborators", "$department"].map(String::from);
    let key = |path: String| match about.holds(&path)? {
        Holds::Members => Some(format!("field:{path}")),
        Holds::Departments => Some(format!("head:{path}")),
        Holds::Moments | Holds::Other => None,
    };
    paths.chain(system).filter_map(key).collect()
}

/// The people that are behind the sources now, as far as that does not depend on a record.
fn people_now(designer: FlowDesigner, who: &[Who]) -> Option<String> {
    use engine::flow::People;
    designer.people.with_value(|people| {
        let directory = &people.directory;
        let mut found = Vec::new();
        for source in who {
            match source {
                Who::Members(members) => {
                    found.extend(members.iter().copied().filter(|member| directory.is_active(*member)));
                }
                Who::Roles(roles) => found.extend(roles.iter().flat_map(|role| directory.in_role(role))),
                Who::Departments { departments, with_children } => {
                    let of = |department: &_| directory.in_department(*department, *with_children);
                    found.extend(departments.iter().flat_map(of));
                }
                _ => return None,
            }
        }
        let mut names: Vec<String> = Vec::new();
        for member in &found {
            let name = people.member(*member);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let count = names.len();
        Some(match count {
            0 => text!("flows-nobody-now"),
            _ => text!("flows-people-now", names = names.join(&text!("flows-and")), count = count),
        })
    })
}

/// Chooses who is asked at a step.
#[component]
pub fn WhoInput(
    designer: FlowDesigner,
    /// The key of the step.
    key: String,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let at = StoredValue::new(key.clone());
    let member = designer.member(&key, "who");
    let who = Memo::new(move |_| serde_json::from_value::<Vec<Who>>(member.get()).unwrap_or_default());
    let value = Signal::derive(move || who.with(|who| keys_of(who)));
    let options = Signal::derive(move || {
        let mut all = sources(designer);
        // A source that is not offered (any more) is still shown by its name.
        for key in value.get() {
            if all.iter().all(|choice| choice.key != key) {
                all.push(Choice::new(&key, source_name(designer, &key)));
            }
        }
        all
    });
    let change = move |keys: Vec<String>| {
        at.with_value(|at| designer.set(at, "who", json!(who_of(&keys))));
    };
    let nobody = Signal::derive(move || who.with(Vec::is_empty).then(t!("flows-nobody-named")));
    let help = Signal::derive(move || who.with(|who| people_now(designer, who)).unwrap_or_default());
    view! {
        <Field label=label error=nobody help=help>
            <MultiSelect choices=options value=value on_change=change label=label/>
        </Field>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_go_to_choices_and_back() {
        let json = json!([{"roles": ["MGR", "FIN"]}, {"members": ["0000000000005"]}, {"departments": ["0000000000007"], "with_children": true},
            {"departments": ["0000000000008"]}, {"field": "$owner"}, {"head_of_field": "dept"}, {"submitter": true}, {"manager": 2},
            {"managers_up_to": 3}, {"managers_up_to": {"role": "DIR"}}, {"chosen_by": "submitter"},
            {"chosen_by": "previous"}, {"head_of_previous": true}]);
        let who: Vec<Who> = serde_json::from_value(json).unwrap();
        let keys = keys_of(&who);
        assert_eq!(keys[..3], ["role:MGR", "role:FIN", "member:0000000000005"]);
        assert_eq!(who_of(&keys), who);
    }

    #[test]
    fn the_order_of_sources_is_kept() {
        let keys = ["role:A", "submitter", "role:B"].map(String::from);
        assert_eq!(
            who_of(&keys),
            [Who::Roles(vec!["A".into()]), Who::Submitter, Who::Roles(vec!["B".into()])]
        );
    }
}
