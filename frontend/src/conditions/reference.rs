//! Records and members that a condition compares with.

use engine::condition::{Operand, Variable};
use engine::field::Reference;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};

use crate::api::records;
use crate::fill::Titles;
use crate::ui::{Found, Icon, IconSize, Picker, Popover, Searching};
use crate::{i18n, t, text};

/// Whoever looks, their departments, those below them; they stand among the ids, alone.
const ME: &str = "me";
const MY_DEPARTMENTS: &str = "my_departments";
const MY_OWN_DEPARTMENTS: &str = "my_own_departments";
const MY_SUBORDINATES: &str = "my_subordinates";

/// The field that is compared, which the server knows the choices of.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    pub form: Id,
    pub path: String,
}

/// A picker over what the field may hold. Titles are shared with the page around it, which shows them in its chips.
#[component]
pub fn ReferenceOperand(
    place: Place,
    /// What is picked: records, members, departments.
    of: Option<Reference>,
    /// Several may be picked.
    many: bool,
    start: Option<Operand>,
    on_change: Callback<Option<Operand>>,
) -> impl IntoView {
    let titles = use_context::<Titles>().unwrap_or_default();
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(ids_of(start.as_ref()));
    let place = StoredValue::new(place);
    let search = Callback::new(move |query: String| -> Searching {
        let place = place.get_value();
        Box::pin(async move {
            let items = records::options(place.form, &place.path, &query).await?;
            let offered = if query.is_empty() { moving(of, many) } else { &[] };
            let me = offered.iter().map(|id| Found {
                id: id.to_string(),
                title: moving_name(id),
                ..Found::default()
            });
            let found = items.into_iter().map(|item| {
                titles.learn_one(item.id, item.title.clone());
                let person = of == Some(Reference::Member);
                Found { id: item.id.to_string(), title: item.title, facts: Vec::new(), person }
            });
            Ok(me.chain(found).collect())
        })
    });
    let unknown = move |id: &String| id.parse().is_ok_and(|id| titles.known(id).is_none());
    if chosen.with_untracked(|ids| untrack(|| ids.iter().any(unknown))) {
        // A condition that was kept brings ids alone.
        spawn_local(async move { drop(search.run(String::new()).await) });
    }
    let pick = move |found: Found| {
        chosen.update(|ids| {
            let is_moving = found.id.parse::<Id>().is_err();
            ids.retain(|id| is_moving || id.parse::<Id>().is_ok());
            match ids.iter().position(|id| *id == found.id) {
                Some(place) if many => drop(ids.remove(place)),
                _ if many && !is_moving => ids.push(found.id),
                _ => *ids = vec![found.id],
            }
        });
        if !many {
            open.set(false);
        }
        on_change.run(operand(&chosen.get_untracked(), many));
    };
    let name = move |id: &String| match id.parse() {
        Ok(id) => titles.of(id),
        Err(_) => moving_name(id),
    };
    let shown = move || {
        let names = i18n::listed(chosen.with(|ids| ids.iter().map(name).collect::<Vec<_>>()));
        if names.is_empty() {
            view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any()
        } else {
            view! { <span class="clip" title=names.clone()>{names.clone()}</span> }.into_any()
        }
    };
    view! {
        <button
            type="button"
            class="input"
            aria-haspopup="listbox"
            aria-expanded=move || open.get().to_string()
            aria-label=t!("condition-value")
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group">
            <Picker search=search on_pick=pick placeholder=t!("ui-search") picked=chosen/>
        </Popover>
    }
}

/// What moves with whoever looks, where a field may be compared with it.
fn moving(of: Option<Reference>, many: bool) -> &'static [&'static str] {
    match (of, many) {
        (Some(Reference::Member), false) => &[ME],
        (Some(Reference::Member), true) => &[ME, MY_SUBORDINATES],
        (Some(Reference::Department), true) => &[MY_DEPARTMENTS, MY_OWN_DEPARTMENTS],
        _ => &[],
    }
}

fn moving_name(id: &str) -> String {
    match id {
        MY_DEPARTMENTS => text!("condition-my-departments"),
        MY_OWN_DEPARTMENTS => text!("condition-my-own-departments"),
        MY_SUBORDINATES => text!("condition-my-subordinates"),
        _ => text!("condition-me"),
    }
}

fn ids_of(operand: Option<&Operand>) -> Vec<String> {
    match operand {
        Some(Operand::Literal(Json::Array(items))) => {
            items.iter().filter_map(Json::as_str).map(str::to_string).collect()
        }
        Some(Operand::Literal(Json::String(id))) => vec![id.clone()],
        Some(Operand::Var(Variable::Me)) => vec![ME.to_string()],
        Some(Operand::Var(Variable::MyDepartments)) => vec![MY_DEPARTMENTS.to_string()],
        Some(Operand::Var(Variable::MyOwnDepartments)) => vec![MY_OWN_DEPARTMENTS.to_string()],
        Some(Operand::Var(Variable::MySubordinates)) => vec![MY_SUBORDINATES.to_string()],
        _ => Vec::new(),
    }
}

/// Nothing while nothing is picked.
fn operand(ids: &[String], many: bool) -> Option<Operand> {
    match ids {
        [] => None,
        [id] if id == ME => Some(Operand::Var(Variable::Me)),
        [id] if id == MY_DEPARTMENTS => Some(Operand::Var(Variable::MyDepartments)),
        [id] if id == MY_OWN_DEPARTMENTS => Some(Operand::Var(Variable::MyOwnDepartments)),
        [id] if id == MY_SUBORDINATES => Some(Operand::Var(Variable::MySubordinates)),
        ids if many => Some(Operand::Literal(json!(ids))),
        [id, ..] => Some(Operand::Literal(json!(id))),
    }
}
