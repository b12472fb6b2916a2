//! What of a message goes into which field, line by line.

use std::sync::Arc;

use engine::access::{Openness, openness};
use engine::form::{Catalogue, Column, Form};
use engine::hook::takes;
use leptos::prelude::*;
use wire::HookMapping;

use crate::api::forms::OpenForm;
use crate::ui::{Button, ButtonKind, Checkbox, Choice, ControlSize, Field, IconButton, Select, TextInput};
use crate::{i18n, t, text};

/// A line while it is entered. Its number is its own, however the lines move.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    number: u32,
    mapping: HookMapping,
}

/// The lines of a hook. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    form: StoredValue<OpenForm>,
    all: RwSignal<Vec<Line>>,
    next: StoredValue<u32>,
}

/// What a new hook begins with: each field that tells of nothing but its form, from a member of the same name.
fn usual(form: &Form) -> Vec<HookMapping> {
    let is_usual = |column: &&Column| takes(column) && openness(column) == Openness::Open;
    let mapping = |column: &Column, from: &str| HookMapping {
        from: format!("/{from}"),
        to: column.path.clone(),
        by: None,
        optional: !column.field.required,
    };
    let mut all = Vec::new();
    for field in form.fields().filter(is_usual) {
        let columns: Vec<&Column> = form.columns_of(&field.path).filter(is_usual).collect();
        let is_empty_subform = columns.is_empty() && form.columns_of(&field.path).next().is_some();
        if is_empty_subform {
            continue;
        }
        all.push(mapping(field, &field.path));
        all.extend(columns.into_iter().map(|column| mapping(column, &column.field.key)));
    }
    all
}

/// The fields that something can go into, with the columns of a sub-form under its name.
fn choices(form: &Form) -> Vec<Choice> {
    let label = |column: &Column| column.field.label.get(i18n::language()).to_string();
    let mut all = Vec::new();
    for field in form.fields().filter(|field| takes(field)) {
        all.push(Choice::new(field.path.clone(), label(field)));
        let columns = form.columns_of(&field.path).filter(|column| takes(column));
        all.extend(
            columns.map(|column| {
                Choice::new(column.path.clone(), format!("{} · {}", label(field), label(column)))
            }),
        );
    }
    all
}

/// The fields by which the records that a field links to can be named: those with different values in all of them. Nothing for
/// what is no link.
fn names_of(form: &OpenForm, path: &str) -> Option<Vec<Choice>> {
    let column = form.form.column(path).filter(|column| column.field.kind.as_link().is_some())?;
    let target = column.target?;
    let there = form.catalogue.forms().into_iter().find(|sketch| sketch.id == target)?;
    let unique = there.document.fields.iter().filter(|field| field.unique);
    let by_field =
        unique.map(|field| Choice::new(field.key.clone(), field.label.get(i18n::language()).to_string()));
    Some(std::iter::once(Choice::new("", text!("hooks-by-id"))).chain(by_field).collect())
}

impl Lines {
    pub fn of(form: StoredValue<OpenForm>) -> Lines {
        Lines { form, all: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    fn numbered(self, mapping: HookMapping) -> Line {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        Line { number, mapping }
    }

    /// Begins with what a hook says, or with what is usual.
    pub fn begin(self, map: Option<Vec<HookMapping>>) {
        let map = map.unwrap_or_else(|| self.form.with_value(|form| usual(&form.form)));
        let lines = map.into_iter().map(|mapping| self.numbered(mapping)).collect();
        self.all.set(lines);
    }

    pub fn map(self) -> Vec<HookMapping> {
        self.all.with_untracked(|all| all.iter().map(|line| line.mapping.clone()).collect())
    }

    /// The fields that a record can be found by: those with different values in all records, as far as they come with messages.
    pub fn keys(self) -> Vec<Choice> {
        let mapped: Vec<String> =
            self.all.with(|all| all.iter().map(|line| line.mapping.to.clone()).collect());
        self.form.with_value(|form| {
            let can_be = |column: &&Column| column.field.unique && mapped.contains(&column.path);
            let label = |column: &Column| column.field.label.get(i18n::language()).to_string();
            let fields = form.form.fields().filter(can_be);
            fields.map(|column| Choice::new(column.path.clone(), label(column))).collect()
        })
    }

    fn add(self) {
        let line = self.numbered(HookMapping { from: "/".to_string(), ..HookMapping::default() });
        self.all.update(|all| all.push(line));
    }

    fn remove(self, number: u32) {
        self.all.update(|all| all.retain(|line| line.number != number));
    }

    fn change(self, number: u32, change: impl FnOnce(&mut HookMapping)) {
        self.all.update(|all| {
            if let Some(line) = all.iter_mut().find(|line| line.number == number) {
                change(&mut line.mapping);
            }
        });
    }

    /// What a line says; what stands in it by now.
    fn read<T: PartialEq + Clone + Send + Sync + 'static>(
        self,
        number: u32,
        read: impl Fn(&HookMapping) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| {
            self.all.with(|all| all.iter().find(|line| line.number == number).map(|line| read(&line.mapping)))
        })
    }

    fn place(self, number: u32) -> Option<usize> {
        self.all.with(|all| all.iter().position(|line| line.number == number))
    }
}

/// The lines, and a button for one more.
#[component]
pub(super) fn MappingLines(
    lines: Lines,
    /// What is wrong at a path, such as `map.2.from`.
    fault: Arc<dyn Fn(String) -> Option<String> + Send + Sync>,
) -> impl IntoView {
    let fault = StoredValue::new(fault);
    let numbers = move || lines.all.with(|all| all.iter().map(|line| line.number).collect::<Vec<u32>>());
    let line = move |number: u32| view! { <MappingLine lines=lines number=number fault=fault/> };
    view! {
        <div class="stack g3" data-lines="hook">
            <For each=numbers key=|number| *number children=line/>
            <div>
                <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=move |_| lines.add()>{t!("hooks-add-line")}</Button>
            </div>
        </div>
    }
}

type Told = StoredValue<Arc<dyn Fn(String) -> Option<String> + Send + Sync>>;

#[component]
fn MappingLine(lines: Lines, number: u32, fault: Told) -> impl IntoView {
    let from = lines.read(number, |mapping| mapping.from.clone());
    let to = lines.read(number, |mapping| mapping.to.clone());
    let by = lines.read(number, |mapping| mapping.by.clone());
    let optional = lines.read(number, |mapping| mapping.optional);
    let at = move |member: &'static str| {
        Signal::derive(move || {
            let place = lines.place(number)?;
            fault.with_value(|fault| fault(format!("map.{place}.{member}")))
        })
    };
    let fields = Signal::derive(move || lines.form.with_value(|form| choices(&form.form)));
    let names = Memo::new(move |_| {
        let to = to.get()?;
        lines.form.with_value(|form| names_of(form, &to))
    });
    let choose = move |key: Option<String>| {
        lines.change(number, |mapping| {
            mapping.to = key.unwrap_or_default();
            mapping.by = None;
        });
    };
    let name_by = move |key: Option<String>| {
        lines.change(number, |mapping| mapping.by = key.filter(|key| !key.is_empty()));
    };
    let chosen = Signal::derive(move || to.get().filter(|to| !to.is_empty()));
    let chosen_name = Signal::derive(move || Some(by.get().flatten().unwrap_or_default()));
    let named = Signal::derive(move || names.get().unwrap_or_default());
    let is_link = move || names.with(Option::is_some);
    let pointer = Signal::derive(move || from.get().unwrap_or_default());
    let may_be_absent = Signal::derive(move || optional.get().unwrap_or_default());
    let remove_label =
        Signal::derive(move || text!("hooks-remove-line", from = from.get().unwrap_or_default()));
    let enter = move |text: String| lines.change(number, |mapping| mapping.from = text);
    let turn = move |on: bool| lines.change(number, |mapping| mapping.optional = on);
    view! {
        <div class="form" data-line=number.to_string()>
            <Field label=t!("hooks-from") class="q2" error=at("from")>
                <TextInput value=pointer on_input=enter name="hook-from"/>
            </Field>
            <Field label=t!("hooks-to") class="q2" error=at("to")>
                <Select choices=fields value=chosen on_change=choose/>
            </Field>
            <Show when=is_link>
                <Field label=t!("hooks-by") class="q2" error=at("by")>
                    <Select choices=named value=chosen_name on_change=name_by/>
                </Field>
            </Show>
            <div class="row q2">
                <Checkbox checked=may_be_absent on_change=turn>{t!("hooks-optional")}</Checkbox>
                <span class="push">
                    <IconButton icon="trash" label=remove_label size=ControlSize::Small on_press=move |_| lines.remove(number)/>
                </span>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn a_hook_begins_with_what_can_be_sent_under_its_own_names() {
        let form = form_of(json!([
            {"key": "name", "label": "Name", "kind": "text", "required": true},
            {"key": "boss", "label": "Boss", "kind": "member"},
            {"key": "paper", "label": "Paper", "kind": "files"},
            {"key": "twice", "label": "Twice", "kind": "formula", "options": {"formula": "1 + 1"}},
            {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
                {"key": "sku", "label": "SKU", "kind": "text"}]}}]));
        let map: Vec<(String, String, bool)> =
            usual(&form).into_iter().map(|one| (one.from, one.to, one.optional)).collect();
        let line = |from: &str, to: &str, optional: bool| (from.to_string(), to.to_string(), optional);
        assert_eq!(
            map,
            [line("/name", "name", false), line("/lines", "lines", true), line("/sku", "lines.sku", true)]
        );
        // Whoever wants to, maps people by their ids, too.
        let keys: Vec<String> = choices(&form).into_iter().map(|choice| choice.key).collect();
        assert_eq!(keys, ["name", "boss", "lines", "lines.sku"]);
    }
}
