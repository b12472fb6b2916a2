//! The departments of the workspace as a tree; one is chosen to see its people.

use std::collections::BTreeSet;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Department, DepartmentInput, DepartmentPatch, List};

use super::Known;
use super::dragging::{Dragging, Landing};
use crate::api::{Problem, people};
use crate::ui::{
    Banner, Button, ButtonKind, ControlSize, Dialog, Field, Icon, IconButton, Loaded, Select, TextInput,
    Tone, TreeSelect, toast,
};
use crate::{t, text};

/// A department and all its parts.
pub fn with_parts(all: &[Department], chosen: Id) -> BTreeSet<Id> {
    let mut found = BTreeSet::from([chosen]);
    loop {
        let known = found.len();
        let parts = all.iter().filter(|part| part.parent.is_some_and(|parent| found.contains(&parent)));
        let parts: Vec<Id> = parts.map(|part| part.id).collect();
        found.extend(parts);
        if found.len() == known {
            return found;
        }
    }
}

/// The departments in the order of the tree, each with how deep it lies.
fn in_order(all: &[Department]) -> Vec<(usize, Department)> {
    fn add(all: &[Department], parent: Option<Id>, depth: usize, tree: &mut Vec<(usize, Department)>) {
        for department in all.iter().filter(|department| department.parent == parent) {
            tree.push((depth, department.clone()));
            add(all, Some(department.id), depth + 1, tree);
        }
    }
    let mut tree = Vec::new();
    add(all, None, 0, &mut tree);
    tree
}

/// What the dialog is about.
#[derive(Clone)]
enum Changing {
    /// A new one, in this one.
    New(Option<Id>),
    Department(Department),
}

#[component]
pub(super) fn Departments(
    known: Known,
    chosen: RwSignal<Option<Id>>,
    may_change: Memo<bool>,
) -> impl IntoView {
    let changing = RwSignal::new(None::<Changing>);
    let dragging = Dragging::new(known);
    let tree = move |page: List<Department>| {
        if page.items.is_empty() {
            return view! { <p class="muted">{t!("departments-none")}</p> }.into_any();
        }
        let lines = in_order(&page.items);
        let heads = known.all_members();
        let lines = lines.into_iter().map(|(depth, department)| {
            let head = heads.iter().find(|member| Some(member.id) == department.head);
            let head = head.map(|member| member.name.clone());
            let (id, whole) = (department.id, StoredValue::new(department.clone()));
            let is_chosen = move || (chosen.get() == Some(id)).then_some("true");
            let name = department.name.clone();
            let choose = move |_| chosen.update(|chosen| *chosen = (*chosen != Some(id)).then_some(id));
            let here = Landing::Within(id);
            view! {
                <li
                    class="row"
                    data-department=name
                    data-dragged=move || dragging.is_dragged(id).then_some("true")
                    data-lands=move || dragging.is_over(here).then_some("inside")
                    draggable=move || if may_change.get() { "true" } else { "false" }
                    on:dragstart=move |event| dragging.begin(id, &event)
                    on:dragend=move |_| dragging.end()
                    on:dragover=move |event| dragging.hover(here, &event)
                    on:drop=move |event| dragging.drop_here(here, &event)
                >
                    <button
                        type="button"
                        class="tree-item grow"
                        style:margin-left=format!("{}px", depth * 20)
                        aria-current=is_chosen
                        on:click=choose
                    >
                        <Icon name="dept"/>
                        <span>{department.name}</span>
                        {head.map(|head| view! { <span class="note muted">{head}</span> })}
                        <span class="note muted end">{department.members}</span>
                    </button>
                    {move || may_change.get().then(|| view! {
                        <IconButton
                            icon="edit"
                            label=t!("department-edit")
                            size=ControlSize::Small
                            on_press=move |_| changing.set(Some(Changing::Department(whole.get_value())))
                        />
                    })}
                </li>
            }
        });
        let lines = lines.collect_view();
        let top = move || {
            dragging.may_come_up().then(|| {
                view! {
                    <li
                        class="row"
                        data-lands=move || dragging.is_over(Landing::Top).then_some("inside")
                        on:dragover=move |event| dragging.hover(Landing::Top, &event)
                        on:drop=move |event| dragging.drop_here(Landing::Top, &event)
                    >
                        <span class="tree-item grow">{t!("department-top")}</span>
                    </li>
                }
            })
        };
        view! { <ul class="tree">{lines}{top}</ul> }.into_any()
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("departments-title")}</h2>
                {move || may_change.get().then(|| view! {
                    <Button
                        size=ControlSize::Small
                        icon="plus"
                        on_press=move |_| changing.set(Some(Changing::New(chosen.get_untracked())))
                    >
                        {t!("department-add")}
                    </Button>
                })}
            </div>
            <div class="card-body"><Loaded answer=known.departments view=tree lines=2/></div>
        </section>
        <DepartmentDialog changing=changing known=known/>
    }
}

#[component]
fn DepartmentDialog(changing: RwSignal<Option<Changing>>, known: Known) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let parent = RwSignal::new(None::<String>);
    let head = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        let Some(what) = changing.get() else { return };
        let (given, above, leads) = match what {
            Changing::New(parent) => (String::new(), parent, None),
            Changing::Department(known) => (known.name, known.parent, known.head),
        };
        name.set(given);
        parent.set(above.map(|id| id.to_string()));
        head.set(leads.map(|id| id.to_string()));
        problem.set(None);
        open.set(true);
    });
    Effect::new(move || {
        if !open.get() {
            changing.set(None);
        }
    });
    let id = Signal::derive(move || match changing.get() {
        Some(Changing::Department(department)) => Some(department.id),
        Some(Changing::New(_)) | None => None,
    });
    let fault = move |path: &'static str| {
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at(path).map(str::to_string)))
    };
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let finish = move |answer: Result<(), Problem>| {
        let _ = busy.try_set(false);
        match answer {
            Ok(()) => {
                let _ = open.try_set(false);
                known.refetch();
            }
            Err(found) => drop(problem.try_set(Some(found))),
        }
    };
    let read = |text: Option<String>| text.and_then(|text| text.parse::<Id>().ok());
    let save = move || {
        busy.set(true);
        problem.set(None);
        let (name, parent, head) =
            (name.get_untracked(), read(parent.get_untracked()), read(head.get_untracked()));
        let id = id.get_untracked();
        spawn_local(async move {
            let answer = match id {
                Some(id) => {
                    let (name, parent, head) = (Some(name), Some(parent), Some(head));
                    let patch = DepartmentPatch { name, parent, head, members: None };
                    people::update_department(id, &patch).await
                }
                None => {
                    let new = DepartmentInput { name, parent, head, members: Vec::new() };
                    people::create_department(&new).await
                }
            };
            finish(answer.map(drop));
        });
    };
    let delete = move |_| {
        let Some(id) = id.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = people::delete_department(id).await;
            if answer.is_ok() {
                toast::show(text!("department-deleted"));
            }
            finish(answer);
        });
    };
    let foot = move || {
        view! {
            {move || id.get().map(|_| view! {
                <Button kind=ButtonKind::Danger busy=busy on_press=delete>{t!("department-delete")}</Button>
            })}
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>{t!("ui-save")}</Button>
        }
    };
    let title = Signal::derive(move || match id.get() {
        Some(_) => text!("department-edit"),
        None => text!("department-add"),
    });
    // A department is no part of itself or of what is in it.
    let parents = Signal::derive(move || {
        let all = known.all_departments();
        let own = id.get().map(|id| with_parts(&all, id)).unwrap_or_default();
        let mut branches = known.department_branches();
        branches.retain(|branch| branch.choice.key.parse::<Id>().is_ok_and(|id| !own.contains(&id)));
        branches
    });
    let within = Signal::derive(move || parent.get().into_iter().collect::<Vec<_>>());
    let choose_parent = move |keys: Vec<String>| parent.set(keys.into_iter().next());
    let heads = known.member_choices(Signal::stored(None));
    view! {
        <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>
            <form
                class="stack g4"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Field label=t!("department-name") required=true error=fault("name")>
                    <TextInput value=name on_input=move |text| name.set(text) name="department-name" autofocus=true/>
                </Field>
                <Field label=t!("department-parent") error=fault("parent")>
                    <TreeSelect branches=parents value=within on_change=choose_parent/>
                </Field>
                <Field label=t!("department-head") error=fault("head")>
                    <Select choices=heads value=head on_change=move |key| head.set(key) clearable=true/>
                </Field>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: i64) -> Id {
        Id::from_i64(number).unwrap()
    }

    fn department(number: i64, parent: Option<i64>) -> Department {
        let (name, parent) = (number.to_string(), parent.map(id));
        Department { id: id(number), name, parent, head: None, members: 0 }
    }

    #[test]
    fn the_tree_is_walked_from_the_top_and_parts_belong_to_what_is_above() {
        let all = [department(3, Some(1)), department(1, None), department(4, Some(3)), department(2, None)];
        let walked: Vec<(usize, String)> =
            in_order(&all).into_iter().map(|(depth, department)| (depth, department.name)).collect();
        let expected = [(0, "1"), (1, "3"), (2, "4"), (0, "2")];
        assert_eq!(walked, expected.map(|(depth, name)| (depth, name.to_string())));
        assert_eq!(with_parts(&all, id(1)), BTreeSet::from([id(1), id(3), id(4)]));
    }
}
