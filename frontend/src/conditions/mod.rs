//! The condition builder: filters, rules, permissions and branches are made with it.

mod operand;
mod reference;
mod words;

use std::sync::Arc;

use engine::condition::{Condition, Operand, Operator, Test};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Form, system_kind};
use engine::text::Label;
use leptos::prelude::*;
use serde_json::Value as Json;

use operand::OperandInput;
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

/// One line of the builder while it is made; it becomes part of the condition once it is whole.
#[derive(Clone, PartialEq)]
struct Line {
    number: u32,
    field: Option<String>,
    op: Option<Operator>,
    value: Option<Operand>,
}

impl Line {
    fn test(&self) -> Option<Condition> {
        let (field, op) = (self.field.clone()?, self.op?);
        let value = if op.is_unary() { None } else { Some(self.value.clone().filter(is_whole)?) };
        Some(Condition::Test(Test { field, op, value, matching: None }))
    }
}

/// Whether a value is not half-typed: of two ends, both are there.
fn is_whole(value: &Operand) -> bool {
    let Operand::Literal(Json::Array(items)) = value else { return true };
    items.iter().all(|item| item.as_str() != Some(""))
}

/// A condition while it is made: its lines, half-typed ones too. It lives as long as whoever made it, so that a builder
/// in a box that closes finds them again.
#[derive(Clone, Copy)]
pub struct Lines {
    any: RwSignal<bool>,
    lines: RwSignal<Vec<Line>>,
    /// Deeper parts, which are kept as they are.
    kept: RwSignal<Vec<Condition>>,
    next: StoredValue<u32>,
}

impl Lines {
    pub fn of(condition: Option<Condition>) -> Lines {
        let lines = Lines {
            any: RwSignal::new(false),
            lines: RwSignal::default(),
            kept: RwSignal::default(),
            next: StoredValue::new(0),
        };
        lines.set(condition);
        lines
    }

    /// Starts again from a condition.
    pub fn set(self, condition: Option<Condition>) {
        let (any, parts) = match condition {
            None => (false, Vec::new()),
            Some(Condition::Any(parts)) => (true, parts),
            Some(Condition::All(parts)) => (false, parts),
            Some(other) => (false, vec![other]),
        };
        let (mut kept, mut start) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Condition::Test(test) => start.push(Line {
                    number: self.take_number(),
                    field: Some(test.field),
                    op: Some(test.op),
                    value: test.value,
                }),
                deeper => kept.push(deeper),
            }
        }
        if start.is_empty() {
            start.push(self.blank());
        }
        self.any.set(any);
        self.kept.set(kept);
        self.lines.set(start);
    }

    /// The condition that the whole lines make; nothing without one.
    pub fn condition(self) -> Option<Condition> {
        let tests: Vec<Condition> = self.lines.with(|lines| lines.iter().filter_map(Line::test).collect());
        let parts: Vec<Condition> = self.kept.get().into_iter().chain(tests).collect();
        match parts.len() {
            0 => None,
            _ if self.any.get() => Some(Condition::Any(parts)),
            _ => Some(Condition::All(parts)),
        }
    }

    /// Goes on from a condition, where it is another one than the whole lines make. Half-typed lines stay.
    pub fn follow(self, condition: Option<Condition>) {
        if untrack(|| self.condition()) == condition {
            return;
        }
        let is_half = |line: &&Line| line.field.is_some() && line.test().is_none();
        let half: Vec<Line> =
            self.lines.with_untracked(|lines| lines.iter().filter(is_half).cloned().collect());
        self.set(condition);
        if !half.is_empty() {
            self.lines.update(|lines| {
                lines.retain(|line| line.field.is_some());
                lines.extend(half);
            });
        }
    }

    /// Sees to it that there is a line to begin with.
    pub fn begin(self) {
        if self.lines.with_untracked(Vec::is_empty) {
            self.add();
        }
    }

    /// Whether nothing is said yet.
    pub fn is_blank(self) -> bool {
        self.kept.with(Vec::is_empty)
            && self.lines.with(|lines| lines.iter().all(|line| line.field.is_none()))
    }

    fn add(self) -> u32 {
        let line = self.blank();
        let number = line.number;
        self.lines.update(|lines| lines.push(line));
        number
    }

    /// The line that a further condition is written into: one that is empty still, else a new one.
    fn line_to_write(self) -> u32 {
        let empty = self
            .lines
            .with_untracked(|lines| lines.iter().find(|line| line.field.is_none()).map(|line| line.number));
        empty.unwrap_or_else(|| self.add())
    }

    fn blank(self) -> Line {
        Line { number: self.take_number(), field: None, op: None, value: None }
    }

    /// A number that no line had before: an input is never taken for another line's.
    fn take_number(self) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        number
    }
}

/// Whether a path is that of a field or of one of its columns.
fn is_of(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Lines of field, operator and value, joined by all or any. Deeper trees are kept as they are and shown as one line.
#[component]
pub fn ConditionBuilder(
    #[prop(into)] form: Signal<Arc<Form>>,
    /// A field that is not to be compared: what the condition decides about.
    #[prop(optional, into)]
    without: String,
    /// What can be compared besides the fields of the form.
    #[prop(optional, into)]
    more: Signal<Vec<Subject>>,
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
    view! { <ConditionLines form=form without=without more=more lines=lines/> }
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
    let made = lines;
    let Lines { any, lines, kept, .. } = made;
    let subjects = Memo::new_with_compare(
        move |_| {
            let mut all = form.with(|form| subjects(form));
            all.extend(more.get());
            Arc::new(all.into_iter().filter(|subject| !is_of(&subject.path, &without)).collect::<Vec<_>>())
        },
        |_, _| true,
    );
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
        let remove = move |_| lines.update(|lines| lines.retain(|line| line.number != number));
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
                        let form = form.with_untracked(|form| form.sketch.id);
                        let place = Place { form, path: field.get_untracked().unwrap_or_default() };
                        view! { <OperandInput place=place kind=kind op=op start=start on_change=set_value/> }.into_any()
                    }
                    _ => view! { <span></span> }.into_any(),
                }}
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=remove/>
            </div>
        }
    };
    let add = move |_| {
        let place = place_of(made.line_to_write());
        // Once it is there.
        request_animation_frame(move || {
            browser::focus_inside(&place);
        });
    };
    let numbers = move || lines.with(|lines| lines.iter().map(|line| line.number).collect::<Vec<_>>());
    view! {
        <div class="cond stack g2">
            <Segmented
                segments=vec![Segment::new("all", t!("condition-all")), Segment::new("any", t!("condition-any"))]
                selected=Signal::derive(move || if any.get() { "any".to_string() } else { "all".to_string() })
                on_select=move |key: &'static str| any.set(key == "any")
                label=Signal::derive(t!("condition-joined"))
            />
            <For each=numbers key=|number| *number children=line/>
            {move || (!kept.with(Vec::is_empty)).then(|| view! { <span class="note muted">{t!("condition-kept")}</span> })}
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("condition-add")}</Button></div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_is_the_one_to_write() {
        Owner::new().with(|| {
            let lines = Lines::of(None);
            let first = lines.lines.with_untracked(|lines| lines[0].number);
            assert_eq!(lines.line_to_write(), first);
            lines.lines.update(|lines| lines[0].field = Some("a".into()));
            let second = lines.line_to_write();
            assert_ne!(second, first);
            assert_eq!(lines.line_to_write(), second);
            assert_eq!(lines.lines.with_untracked(Vec::len), 2);
        });
    }

    #[test]
    fn a_field_has_its_columns() {
        assert!(is_of("lines", "lines") && is_of("lines.qty", "lines"));
        assert!(!is_of("lines_2", "lines") && !is_of("a", "") && !is_of("$owner", ""));
    }
}
