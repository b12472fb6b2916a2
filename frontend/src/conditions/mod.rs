//! The condition builder: filters, rules, permissions and branches are made with it.

mod compared;
mod lines;
mod operand;
mod reference;
mod words;

use std::sync::Arc;

use engine::condition::{Condition, Operand, Operator};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Form, system_kind};
use engine::text::Label;
use leptos::prelude::*;

use compared::ComparedWith;
use lines::Line;
pub use lines::{HalfLine, Lines};
pub use operand::named_ranges;
use reference::Place;
pub use words::Words;

use crate::inbox::flow_state_name;
use crate::ui::{Button, ButtonKind, Choice, ControlSize, IconButton, Segment, Segmented, Select, unique_id};
use crate::{browser, i18n, t, text};

/// A field that a condition may name.
#[derive(Clone)]
pub struct Subject {
    pub path: String,
    pub label: String,
    pub kind: FieldKind,
}

/// The fields of a form, its sub-forms' columns and the system fields that people filter by.
pub(crate) fn subjects(form: &Form) -> Vec<Subject> {
    let language = i18n::language();
    let of = |label: &Label| label.get(language).to_string();
    let mut found: Vec<Subject> = Vec::new();
    for column in form.fields().filter(|column| column.field.kind.holds_data()) {
        let inner: Vec<_> = form.columns_of(&column.path).collect();
        if inner.is_empty() {
            let (path, label) = (column.path.clone(), of(&column.field.label));
            found.push(Subject { path, label, kind: column.read_kind.clone() });
        }
        for cell in inner {
            let label = format!("{} / {}", of(&column.field.label), of(&cell.field.label));
            found.push(Subject { path: cell.path.clone(), label, kind: cell.read_kind.clone() });
        }
    }
    found.extend(SYSTEM_SUBJECTS.iter().chain(&PEOPLE_SUBJECTS).filter_map(|path| system_subject(path)));
    found
}

/// What a condition on a row of a sub-form may name: the columns beside it by their own names, and the fields of the record. A
/// field that is called as a column is names the record before it.
pub(crate) fn subjects_of_row(form: &Form, subform: &str) -> Vec<Subject> {
    let language = i18n::language();
    let columns = form.columns_of(subform).filter(|column| column.field.kind.holds_data());
    let columns: Vec<Subject> = columns
        .map(|column| Subject {
            path: column.field.key.clone(),
            label: column.field.label.get(language).to_string(),
            kind: column.read_kind.clone(),
        })
        .collect();
    let is_taken = |path: &str| columns.iter().any(|column| is_of(path, &column.path));
    let has_record = form.column(RECORD).is_some();
    let around = subjects(form).into_iter().filter_map(|subject| {
        if !is_taken(&subject.path) {
            return Some(subject);
        }
        let path = format!("{RECORD}.{}", subject.path);
        // A field of that name stands for itself: then there is no way to say what the column hides.
        (!has_record).then_some(Subject { path, ..subject })
    });
    let around: Vec<Subject> = around.collect();
    columns.into_iter().chain(around).collect()
}

/// Where in the form a field is that a condition on a row of `subform` names, or on the record where that is empty.
fn place_in_form(form: &Form, subform: &str, named: &str) -> String {
    let column = format!("{subform}.{named}");
    if !subform.is_empty() && form.column(&column).is_some() {
        return column;
    }
    let whole = named.strip_prefix(RECORD).and_then(|rest| rest.strip_prefix('.'));
    whole.filter(|_| !subform.is_empty()).unwrap_or(named).to_string()
}

/// How a row says that it means its record.
const RECORD: &str = "record";

/// What every record has besides its fields, as far as people filter by it and show it.
pub(crate) const SYSTEM_SUBJECTS: [&str; 6] =
    ["$owner", "$created_by", "$created_at", "$updated_by", "$updated_at", "$flow_state"];

/// What besides is compared: whose record it is.
const PEOPLE_SUBJECTS: [&str; 2] = ["$department", "$collaborators"];

/// One of them in the reader's language; nothing for another name.
pub(crate) fn system_subject(path: &str) -> Option<Subject> {
    let label = match path {
        "$owner" => t!("condition-owner")(),
        "$created_by" => t!("condition-created-by")(),
        "$created_at" => t!("condition-created-at")(),
        "$updated_by" => t!("condition-updated-by")(),
        "$updated_at" => t!("condition-updated-at")(),
        "$flow_state" => t!("condition-flow-state")(),
        "$department" => t!("condition-department")(),
        "$collaborators" => t!("condition-collaborators")(),
        _ => return None,
    };
    let mut kind = system_kind(path)?;
    if let FieldKind::Select(states) = &mut kind {
        for choice in &mut states.choices {
            choice.label = Label::from(flow_state_name(&choice.key).as_str());
        }
    }
    Some(Subject { path: path.to_string(), label, kind })
}

/// The words for an operator of a kind: a day is before another one, an amount below.
pub fn operator_of(operator: Operator, kind: &FieldKind) -> String {
    if operator == Operator::Within && kind.reference() == Some(Reference::Department) {
        return i18n::lookup("operator-within-departments", &[]);
    }
    let is_time = matches!(kind.shape(), Shape::Day | Shape::Instant);
    let compares = matches!(operator, Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte);
    if is_time && compares {
        return i18n::lookup(&format!("operator-date-{}", operator.name()), &[]);
    }
    if operator == Operator::Within && kind.shape() == Shape::Key {
        return text!("operator-choice-within");
    }
    operator_name(operator)
}

/// The words for an operator.
pub fn operator_name(operator: Operator) -> String {
    i18n::lookup(&format!("operator-{}", operator.name().replace('_', "-")), &[])
}

fn named_in(form: &Form, subform: &str) -> Vec<Subject> {
    if subform.is_empty() { subjects(form) } else { subjects_of_row(form, subform) }
}

/// Whether a path is that of a field or of one of its columns.
fn is_of(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Lines of field, operator and value or other field, joined by all or any, and groups of such lines. Deeper trees are kept as
/// they are and shown as one line.
#[component]
pub fn ConditionBuilder(
    #[prop(into)] form: Signal<Arc<Form>>,
    /// A field that is not to be compared: what the condition decides about.
    #[prop(optional, into)]
    without: String,
    /// The sub-form in whose rows it is asked; empty where it is asked of records.
    #[prop(optional, into)]
    row_of: String,
    /// What can be compared besides the fields of the form.
    #[prop(optional, into)]
    more: Signal<Vec<Subject>>,
    /// The fields that a value is held against, where these are not those of the same record.
    #[prop(optional, into)]
    beside: Option<Signal<Vec<Subject>>>,
    /// The condition; nothing while there is no whole line.
    condition: RwSignal<Option<Condition>>,
) -> impl IntoView {
    let lines = Lines::of(condition.get_untracked());
    Effect::new(move |before: Option<()>| {
        let now = lines.condition();
        if before.is_some() {
            condition.set(now);
        }
    });
    view! { <HeldLines form=form without=without row_of=row_of more=more beside=beside lines=lines/> }
}

/// The lines of a condition that somebody else holds.
#[component]
pub fn ConditionLines(
    #[prop(into)] form: Signal<Arc<Form>>,
    /// A field that is not offered, nor are its columns.
    #[prop(optional, into)]
    without: String,
    /// What can be compared besides the fields of the form.
    #[prop(optional, into)]
    more: Signal<Vec<Subject>>,
    lines: Lines,
) -> impl IntoView {
    view! { <HeldLines form=form without=without row_of=String::new() more=more beside=None lines=lines/> }
}

#[component]
fn HeldLines(
    form: Signal<Arc<Form>>,
    without: String,
    row_of: String,
    more: Signal<Vec<Subject>>,
    beside: Option<Signal<Vec<Subject>>>,
    lines: Lines,
) -> impl IntoView {
    let made = lines;
    let Lines { any, lines, groups, kept, .. } = made;
    let row_of = StoredValue::new(row_of);
    let subjects = Memo::new_with_compare(
        move |_| {
            let mut all = form.with(|form| row_of.with_value(|subform| named_in(form, subform)));
            all.extend(more.get());
            let is_it = |subject: &Subject| {
                let place = form.with_untracked(|form| {
                    row_of.with_value(|subform| place_in_form(form, subform, &subject.path))
                });
                is_of(&place, &without)
            };
            Arc::new(all.into_iter().filter(|subject| !is_it(subject)).collect::<Vec<_>>())
        },
        |_, _| true,
    );
    let same = beside.is_none();
    let beside = Signal::derive(move || match beside {
        Some(beside) => beside.get(),
        None => subjects.get().to_vec(),
    });
    let list = StoredValue::new(unique_id("conditions"));
    let place_of = move |number: u32| list.with_value(|list| format!("{list}-{number}"));
    let change = move |number: u32, change: &dyn Fn(&mut Line)| {
        lines.update(|lines| lines.iter_mut().filter(|line| line.number == number).for_each(change));
    };
    let line = move |number: u32| {
        let of = move || lines.with(|lines| lines.iter().find(|line| line.number == number).cloned());
        // Known by their own changes alone: an input that is made anew at every key loses what it holds.
        let field = Memo::new(move |_| of().and_then(|line| line.field));
        let op = Memo::new(move |_| of().and_then(|line| line.op));
        let kind = Memo::new_with_compare(
            move |_| {
                let field = field.get()?;
                subjects.with(|all| {
                    all.iter().find(|subject| subject.path == field).map(|subject| subject.kind.clone())
                })
            },
            |a, b| a != b,
        );
        let fields = Signal::derive(move || {
            subjects.with(|all| {
                all.iter().map(|subject| Choice::new(&subject.path, &subject.label)).collect::<Vec<_>>()
            })
        });
        let operators = Signal::derive(move || {
            let Some(kind) = kind.get() else { return Vec::new() };
            let choice = |op: &Operator| Choice::new(op.name(), operator_of(*op, &kind));
            kind.operators().iter().map(choice).collect::<Vec<_>>()
        });
        let choose_field = move |path: Option<String>| {
            let first = subjects.with_untracked(|all| {
                let subject = all.iter().find(|subject| Some(&subject.path) == path.as_ref());
                subject.and_then(|subject| subject.kind.operators().first().copied())
            });
            change(number, &|line| {
                line.field = path.clone();
                line.op = first;
                line.value = None;
            });
        };
        let choose_op = move |name: Option<String>| {
            let op = Operator::ALL.iter().copied().find(|op| Some(op.name()) == name.as_deref());
            change(number, &|line| {
                let same_shape =
                    line.op.zip(op).is_some_and(|(old, new)| old.takes_list() == new.takes_list());
                line.op = op;
                if !same_shape {
                    line.value = None;
                }
            });
        };
        let set_value = move |value: Option<Operand>| change(number, &|line| line.value = value.clone());
        let remove = move |_| made.remove(number);
        let is_half = Memo::new(move |_| made.is_half(number));
        view! {
            <div class="cond-row" id=place_of(number)>
                <Select choices=fields value=field on_change=choose_field label=Signal::derive(t!("condition-field"))/>
                <Select
                    choices=operators
                    value=Signal::derive(move || op.get().map(|op| op.name().to_string()))
                    on_change=choose_op
                    label=Signal::derive(t!("condition-operator"))
                />
                {move || match (kind.get(), op.get()) {
                    (Some(kind), Some(op)) if !op.is_unary() => {
                        let start = untrack(of).and_then(|line| line.value);
                        let named = field.get_untracked().unwrap_or_default();
                        let place = form.with_untracked(|form| Place {
                            form: form.sketch.id,
                            path: row_of.with_value(|subform| place_in_form(form, subform, &named)),
                        });
                        view! { <ComparedWith named=named place=place kind=kind op=op start=start beside=beside same=same on_change=set_value/> }.into_any()
                    }
                    _ => view! { <span></span> }.into_any(),
                }}
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=remove/>
                {move || is_half.get().then(|| view! { <p class="note muted half">{t!("condition-half")}</p> })}
            </div>
        }
    };
    let go_to = move |number: u32| {
        let place = place_of(number);
        // Once it is there.
        request_animation_frame(move || {
            browser::focus_inside(&place);
        });
    };
    let add = move |_| go_to(made.line_to_write(None));
    let add_group = move |_| go_to(made.add_group());
    let numbers = move |group: Option<u32>| {
        lines.with(|lines| {
            let of_group = lines.iter().filter(|line| line.group == group);
            of_group.map(|line| line.number).collect::<Vec<_>>()
        })
    };
    let group = move |number: u32| {
        let is_any =
            move || groups.with(|groups| groups.iter().any(|group| group.number == number && group.any));
        let set_any = move |any: bool| {
            groups.update(|groups| {
                groups.iter_mut().filter(|group| group.number == number).for_each(|group| group.any = any);
            });
        };
        let add = move |_| go_to(made.line_to_write(Some(number)));
        view! {
            <div class="cond-group stack g2" role="group" aria-label=t!("condition-group")>
                <Joined any=Signal::derive(is_any) on_change=set_any/>
                <For each=move || numbers(Some(number)) key=|number| *number children=line/>
                <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("condition-add")}</Button></div>
            </div>
        }
    };
    let group_numbers =
        move || groups.with(|groups| groups.iter().map(|group| group.number).collect::<Vec<_>>());
    view! {
        <div class="cond stack g2">
            <Joined any=any on_change=move |is_any: bool| any.set(is_any)/>
            <For each=move || numbers(None) key=|number| *number children=line/>
            <For each=group_numbers key=|number| *number children=group/>
            {move || (!kept.with(Vec::is_empty)).then(|| view! { <span class="note muted">{t!("condition-kept")}</span> })}
            <div class="row wrap">
                <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("condition-add")}</Button>
                <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add_group>{t!("condition-add-group")}</Button>
            </div>
        </div>
    }
}

/// How lines are joined: all of them hold, or any.
#[component]
fn Joined(#[prop(into)] any: Signal<bool>, #[prop(into)] on_change: Callback<bool>) -> impl IntoView {
    view! {
        <Segmented
            segments=vec![Segment::new("all", t!("condition-all")), Segment::new("any", t!("condition-any"))]
            selected=Signal::derive(move || if any.get() { "any".to_string() } else { "all".to_string() })
            on_select=move |key: &'static str| on_change.run(key == "any")
            label=Signal::derive(t!("condition-joined"))
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_its_columns_and_the_record_around_it() {
        let number =
            |key: &str, label: &str| serde_json::json!({"key": key, "label": label, "kind": "number"});
        let lines = serde_json::json!({"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            number("qty", "Pieces"), number("price", "Price")]}});
        let form = crate::testing::form_of(serde_json::json!([
            number("qty", "All"),
            number("total", "Total"),
            lines
        ]));
        let named: Vec<String> =
            subjects_of_row(&form, "lines").into_iter().map(|subject| subject.path).collect();
        assert_eq!(named[..5], ["qty", "price", "record.qty", "total", "lines.qty"]);
        // Each of them is what the engine finds under that name in a row.
        let at = |named: &str| place_in_form(&form, "lines", named);
        assert_eq!(
            [at("qty"), at("record.qty"), at("total"), at("lines.qty")],
            ["lines.qty", "qty", "total", "lines.qty"]
        );
        assert_eq!(place_in_form(&form, "", "qty"), "qty");
        for path in named.iter().filter(|path| !path.starts_with('$')) {
            let mut rule = serde_json::json!({"field": path, "op": "gt", "value": 1});
            if path.starts_with("lines.") {
                rule["match"] = "any".into();
            }
            let mut note = serde_json::json!({"key": "note", "label": "Note", "kind": "text"});
            note["visible_when"] = rule;
            let lines = serde_json::json!({"key": "lines", "label": "Lines", "kind": "subform",
                "options": {"fields": [number("qty", "Pieces"), number("price", "Price"), note]}});
            let form = crate::testing::form_of(serde_json::json!([
                number("qty", "All"),
                number("total", "Total"),
                lines
            ]));
            assert!(form.column("lines.note").is_some_and(|column| column.visible_when.is_some()), "{path}");
        }
    }

    #[test]
    fn a_field_has_its_columns() {
        assert!(is_of("lines", "lines") && is_of("lines.qty", "lines"));
        assert!(!is_of("lines_2", "lines") && !is_of("a", "") && !is_of("$owner", ""));
    }
}
