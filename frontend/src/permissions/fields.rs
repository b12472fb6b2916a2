//! What the people of a group may do with each field.

use std::sync::Arc;

use engine::access::FieldRight;
use engine::form::{Column, Form};
use leptos::prelude::*;

use super::editor::Editor;
use crate::ui::{ControlSize, Icon, IconButton, IconSize};
use crate::{i18n, t};

/// The rights of the columns, from most to least.
const RIGHTS: [FieldRight; 3] = [FieldRight::Edit, FieldRight::Read, FieldRight::None];

/// The path that stands for all fields that are not named.
const REST: &str = "*";

/// A row of the table.
#[derive(Clone)]
struct Line {
    path: String,
    label: Signal<String>,
    is_column: bool,
    is_input: bool,
}

fn word(right: FieldRight) -> &'static str {
    match right {
        FieldRight::Edit => "edit",
        FieldRight::Read => "read",
        FieldRight::None => "none",
    }
}

fn lines(form: &Form) -> Vec<Line> {
    let line = |column: &Column, is_column: bool| {
        let label = column.field.label.clone();
        Line {
            path: column.path.clone(),
            label: Signal::derive(move || label.get(i18n::language()).to_string()),
            is_column,
            is_input: column.field.is_input(),
        }
    };
    let rest = Signal::derive(t!("permissions-rest"));
    let mut found = vec![Line { path: REST.to_string(), label: rest, is_column: false, is_input: true }];
    for field in form.fields().filter(|column| column.field.kind.holds_data()) {
        found.push(line(field, false));
        found.extend(form.columns_of(&field.path).map(|column| line(column, true)));
    }
    found
}

/// A table with one right in a row.
#[component]
pub fn FieldsCard(editor: Editor, form: StoredValue<Arc<Form>>) -> impl IntoView {
    let set = move |path: &str, right: Option<FieldRight>| {
        editor.change(|group| match right {
            Some(right) => drop(group.fields.insert(path.to_string(), right)),
            None => drop(group.fields.remove(path)),
        });
    };
    let row = move |line: Line| {
        let path = StoredValue::new(line.path.clone());
        let now = Memo::new(move |_| editor.group.with(|group| path.with_value(|path| group.right(path))));
        let named = Memo::new(move |_| {
            editor.group.with(|group| path.with_value(|path| path == REST || group.fields.contains_key(path)))
        });
        let label = line.label;
        let group = format!("permission-{}", line.path);
        let cell = |right: FieldRight| {
            let name = move || {
                let right = i18n::lookup(&format!("permissions-right-{}", word(right)), &[]);
                format!("{}: {right}", label.get())
            };
            // What is computed can only be seen.
            let is_possible = right != FieldRight::Edit || line.is_input;
            let is_now = move || {
                let shown = now.get();
                let shown = if line.is_input { shown } else { shown.min(FieldRight::Read) };
                shown == right
            };
            view! {
                <td class="center">
                    {is_possible.then(|| view! {
                        <label class="check">
                            <input
                                type="radio"
                                name=group.clone()
                                aria-label=name
                                title=name
                                prop:checked=is_now
                                on:change=move |_| path.with_value(|path| set(path, Some(right)))
                            />
                        </label>
                    })}
                </td>
            }
        };
        let cells = RIGHTS.iter().map(|right| cell(*right)).collect_view();
        let is_rest = line.path == REST;
        let clear = move || {
            (named.get() && !is_rest).then(|| view! {
                <IconButton icon="close" label=t!("permissions-right-clear") size=ControlSize::Small on_press=move |_| path.with_value(|path| set(path, None))/>
            })
        };
        let note =
            (!line.is_input).then(|| view! { <span class="note muted">{t!("permissions-computed")}</span> });
        view! {
            <tr class:dim=move || !named.get()>
                <th scope="row" class:inner=line.is_column title=label>
                    <span class="whole">{line.is_column.then(|| view! { <Icon name="subform" size=IconSize::Tiny/> })}{label}</span>
                    {note}
                </th>
                {cells}
                <td class="end">{clear}</td>
            </tr>
        }
    };
    let head = RIGHTS
        .iter()
        .map(|right| {
            let word = word(*right);
            view! { <th scope="col" class="center">{move || i18n::lookup(&format!("permissions-right-{word}"), &[])}</th> }
        })
        .collect_view();
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("permissions-fields")}</h2>
                <span class="note muted">{t!("permissions-fields-text")}</span>
            </div>
            <div class="sub-scroll">
                <table class="rights">
                    <thead><tr><th scope="col">{t!("condition-field")}</th>{head}<th><span class="sr">{t!("permissions-right-clear")}</span></th></tr></thead>
                    <tbody>{form.with_value(|form| lines(form)).into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
