//! What people may do with each field at a step: a table with one right in a row.

use engine::flow::StepFields;
use engine::flow::document::{FieldRight, Fields};
use engine::form::Column;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::state::FlowDesigner;
use crate::ui::{ControlSize, Icon, IconButton, IconSize};
use crate::{i18n, t};

/// The rights of the columns, from most to least.
const RIGHTS: [FieldRight; 4] =
    [FieldRight::Required, FieldRight::Edit, FieldRight::Read, FieldRight::Hidden];

/// The path that stands for all fields that are not named.
const REST: &str = "*";

/// A row of the table.
#[derive(Clone)]
struct Line {
    path: String,
    label: Signal<String>,
    /// A column of a sub-form.
    is_column: bool,
    /// Whether people can set it at all.
    is_input: bool,
}

fn word(right: FieldRight) -> &'static str {
    match right {
        FieldRight::Hidden => "hidden",
        FieldRight::Read => "read",
        FieldRight::Edit => "edit",
        FieldRight::Required => "required",
    }
}

/// What a field gets that is not named, and `*` neither.
fn otherwise(kind: &str) -> FieldRight {
    if kind == "start" { FieldRight::Edit } else { FieldRight::Read }
}

/// The right that holds for a path.
fn effective(fields: &Fields, path: &str, otherwise: FieldRight) -> FieldRight {
    if path == REST {
        return fields.get(REST).copied().unwrap_or(otherwise);
    }
    StepFields::new(fields, otherwise).right(path)
}

fn lines(designer: FlowDesigner) -> Vec<Line> {
    let form = designer.published_form();
    let line = |column: &Column, is_column: bool| {
        let label = column.field.label.clone();
        Line {
            path: column.path.clone(),
            label: Signal::derive(move || label.get(i18n::language()).to_string()),
            is_column,
            is_input: column.field.is_input(),
        }
    };
    let mut found = vec![Line {
        path: REST.into(),
        label: Signal::derive(t!("flows-rest")),
        is_column: false,
        is_input: true,
    }];
    for field in form.fields() {
        found.push(line(field, false));
        found.extend(form.columns_of(&field.path).map(|column| line(column, true)));
    }
    found
}

/// What people may do with fields at a step, the most first: the right in words, and the fields that have it. What can
/// only be read is left out.
pub fn rights_at(designer: FlowDesigner, step: &str, kind: &str) -> Vec<(String, String)> {
    let fields = untrack(|| serde_json::from_value::<Fields>(designer.member(step, "fields").get()));
    let (fields, otherwise) = (fields.unwrap_or_default(), otherwise(kind));
    let all: Vec<(FieldRight, String)> = untrack(|| {
        let lines = lines(designer).into_iter().filter(|line| line.path != REST && line.is_input);
        lines.map(|line| (effective(&fields, &line.path, otherwise), line.label.get())).collect()
    });
    let with = |right: FieldRight| {
        let names = all.iter().filter(|(own, _)| *own == right).map(|(_, name)| name);
        let names = i18n::listed(names);
        let word = i18n::lookup(&format!("flows-right-{}", word(right)), &[]);
        (!names.is_empty()).then_some((word, names))
    };
    [FieldRight::Required, FieldRight::Edit, FieldRight::Hidden].into_iter().filter_map(with).collect()
}

#[component]
pub fn FieldRights(designer: FlowDesigner, step: String, kind: &'static str) -> impl IntoView {
    let member = designer.member(&step, "fields");
    let fields = Memo::new(move |_| serde_json::from_value::<Fields>(member.get()).unwrap_or_default());
    let at = StoredValue::new(step.clone());
    let otherwise = otherwise(kind);
    // Whoever is informed changes nothing.
    let rights: &'static [FieldRight] = if kind == "cc" { &RIGHTS[2..] } else { &RIGHTS };
    let set = move |path: &str, right: Option<FieldRight>| {
        let mut fields = fields.get_untracked();
        match right {
            Some(right) => drop(fields.insert(path.to_string(), right)),
            None => drop(fields.remove(path)),
        }
        let value = match fields.is_empty() {
            true => Json::Null,
            false => serde_json::to_value(fields).unwrap_or_default(),
        };
        at.with_value(|step| designer.set(step, "fields", value));
    };
    let row = move |line: Line| {
        let path = StoredValue::new(line.path.clone());
        let is_rest = line.path == REST;
        let named =
            Memo::new(move |_| fields.with(|fields| path.with_value(|path| fields.contains_key(path))));
        let now = Memo::new(move |_| {
            fields.with(|fields| path.with_value(|path| effective(fields, path, otherwise)))
        });
        let label = line.label;
        let group = format!("right-{step}-{}", line.path);
        let cell = |right: FieldRight| {
            let name = move || {
                format!("{}: {}", label.get(), i18n::lookup(&format!("flows-right-{}", word(right)), &[]))
            };
            // A computed field can only be seen; everything at once can't be demanded.
            let impossible =
                (right >= FieldRight::Edit && !line.is_input) || (right == FieldRight::Required && is_rest);
            view! {
                <td class="center">
                    {(!impossible).then(|| view! {
                        <span class="check">
                            <input
                                type="radio"
                                name=group.clone()
                                aria-label=name
                                title=name
                                prop:checked=move || now.get() == right
                                on:change=move |_| path.with_value(|path| set(path, Some(right)))
                            />
                        </span>
                    })}
                </td>
            }
        };
        let cells = rights.iter().map(|right| cell(*right)).collect_view();
        let clear = move || {
            named.get().then(|| view! {
                <IconButton icon="close" label=t!("flows-right-clear") size=ControlSize::Small on_press=move |_| path.with_value(|path| set(path, None))/>
            })
        };
        view! {
            <tr class:dim=move || !named.get()>
                <th scope="row" class:inner=line.is_column title=label>
                    <span class="whole">{line.is_column.then(|| view! { <Icon name="subform" size=IconSize::Tiny/> })}{label}</span>
                </th>
                {cells}
                <td class="end">{clear}</td>
            </tr>
        }
    };
    let head = rights
        .iter()
        .map(|right| {
            let word = word(*right);
            view! { <th scope="col" class="center">{move || i18n::lookup(&format!("flows-right-{word}"), &[])}</th> }
        })
        .collect_view();
    view! {
        <div class="stack g2 prop-top">
            <span class="help">{t!("flows-rights-help")}</span>
            <table class="rights">
                <thead><tr><th scope="col">{t!("condition-field")}</th>{head}<th><span class="sr">{t!("flows-right-clear")}</span></th></tr></thead>
                <tbody>{lines(designer).into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_what_holds() {
        let fields: Fields = serde_json::from_str(r#"{"*": "hidden", "amount": "required"}"#).unwrap();
        let right = |path| effective(&fields, path, otherwise("approve"));
        assert_eq!(right("amount"), FieldRight::Required);
        assert_eq!(right("note"), FieldRight::Hidden);
        assert_eq!(right(REST), FieldRight::Hidden);
        assert_eq!(effective(&Fields::new(), REST, otherwise("start")), FieldRight::Edit);
        assert_eq!(effective(&Fields::new(), "note", otherwise("cc")), FieldRight::Read);
    }
}
