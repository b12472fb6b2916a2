//! What a group shows: how many records and fields, and the newest of them.

use std::sync::Arc;

use engine::access::{Operation, PermissionGroup};
use engine::field::{Reference, Shape};
use engine::form::{Column, Form};
use engine::text::Label;
use engine::value::{Id, Value};
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::Count;
use wire::{GroupPreview, GroupPreviewInput};

use super::editor::Editor;
use super::people::chosen;
use crate::api::permissions;
use crate::fill::Titles;
use crate::ui::{Banner, Choice, Field, Loaded, Select, Tone};
use crate::{i18n, t, text};

/// Fields of a sample that are shown.
const COLUMNS: usize = 6;

/// Looks at the group as it is on the screen, stored or not.
#[component]
pub fn SeenCard(editor: Editor, id: Id, form: StoredValue<Arc<Form>>) -> impl IntoView {
    let member = RwSignal::new(None::<Id>);
    let answer = LocalResource::new(move || {
        let document = serde_json::to_value(editor.group.get()).unwrap_or_default();
        let input = GroupPreviewInput { document, member: member.get() };
        async move { permissions::preview(id, &input).await }
    });
    let seen = move |preview: GroupPreview| {
        let unmet = editor.group.with_untracked(|group| unmet(&preview, group));
        view! { <Seen preview=preview form=form member=member unmet=unmet/> }
    };
    view! {
        <section class="card">
            <div class="card-head">
                <h2>{t!("permissions-seen")}</h2>
                <span class="note muted">{t!("permissions-seen-text")}</span>
            </div>
            <Loaded answer=answer view=seen/>
        </section>
    }
}

/// What is said where a condition lets somebody see nothing: that is more often a slip than what is wanted.
fn unmet(preview: &GroupPreview, group: &PermissionGroup) -> Option<String> {
    let is_narrow = group.rows.is_some() && group.operations.contains(&Operation::View);
    if !is_narrow || preview.records.value == 0 || preview.view.value > 0 {
        return None;
    }
    match (&preview.seen_by, preview.depends_on_member) {
        (Some(person), true) => Some(text!("permissions-nothing-met-by", name = person.name)),
        // It depends on somebody, and there is nobody yet.
        (None, true) => None,
        (_, false) => Some(text!("permissions-nothing-met")),
    }
}

fn number(count: Count) -> String {
    let number = i18n::whole(count.value);
    if count.exact { number } else { text!("permissions-about", count = number) }
}

#[component]
fn Seen(
    preview: GroupPreview,
    form: StoredValue<Arc<Form>>,
    member: RwSignal<Option<Id>>,
    unmet: Option<String>,
) -> impl IntoView {
    let GroupPreview { members, people, seen_by, depends_on_member, records, view, edit, delete, .. } =
        preview.clone();
    let (fields, readable, editable) = (preview.fields, preview.readable, preview.editable);
    let choices: Vec<Choice> =
        people.iter().map(|person| Choice::new(person.id.to_string(), person.name.clone())).collect();
    let now = seen_by.map(|person| person.id.to_string());
    let choose = move |key: Option<String>| member.set(chosen(key));
    let moves = depends_on_member && !choices.is_empty();
    view! {
        <div class="card-body stack g3">
            <dl class="facts boxed">
                <div><dt>{t!("permissions-members")}</dt><dd class="num">{members}</dd></div>
                <div><dt>{t!("permissions-can-view")}</dt><dd class="num">{move || format!("{} / {}", number(view), number(records))}</dd></div>
                <div><dt>{t!("permissions-can-edit")}</dt><dd class="num">{move || number(edit)}</dd></div>
                <div><dt>{t!("permissions-can-delete")}</dt><dd class="num">{move || number(delete)}</dd></div>
                <div><dt>{t!("permissions-readable")}</dt><dd class="num">{format!("{readable} / {fields}")}</dd></div>
                <div><dt>{t!("permissions-editable")}</dt><dd class="num">{editable}</dd></div>
            </dl>
            {moves.then(|| view! {
                <Field label=t!("permissions-seen-by")>
                    <Select choices=Signal::stored(choices) value=Signal::stored(now) on_change=choose/>
                </Field>
            })}
            {unmet.map(|unmet| view! { <Banner tone=Tone::Warning>{unmet}</Banner> })}
            <Sample preview=preview form=form/>
        </div>
    }
}

/// The newest records with the first fields that are shown of them.
#[component]
fn Sample(preview: GroupPreview, form: StoredValue<Arc<Form>>) -> impl IntoView {
    let titles = use_context::<Titles>().unwrap_or_default();
    titles.learn(&preview.titles);
    let is_shown = |column: &&Column| {
        let is_short = !matches!(column.read_kind.shape(), Shape::Rows | Shape::LongText | Shape::Markup);
        let is_there = preview.sample.iter().any(|record| record.fields.contains_key(&column.path));
        is_short && is_there && column.field.kind.holds_data()
    };
    let columns: Vec<(String, Label)> = form.with_value(|form| {
        let shown = form.fields().filter(is_shown).take(COLUMNS);
        shown.map(|column| (column.path.clone(), column.field.label.clone())).collect()
    });
    if columns.is_empty() || preview.sample.is_empty() {
        return view! { <span class="note muted">{t!("permissions-sample-empty")}</span> }.into_any();
    }
    let head = columns.iter().map(|(_, label)| {
        let label = label.clone();
        view! { <th scope="col">{move || label.get(i18n::language()).to_string()}</th> }
    });
    let head = head.collect_view();
    let rows = preview.sample.into_iter().map(|record| {
        let cell = |(path, _): &(String, Label)| {
            let text =
                form.with_value(|form| Some(cell(form.column(path)?, record.fields.get(path), titles)));
            view! { <td class="clip">{text.unwrap_or_default()}</td> }
        };
        let cells = columns.iter().map(cell).collect_view();
        view! { <tr>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <div class="sub-scroll" tabindex="0">
            <table class="grid plain auto"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// What somebody reads in a cell; a field that is hidden on this record has nothing.
fn cell(column: &Column, json: Option<&Json>, titles: Titles) -> String {
    let Some(json) = json else { return "—".to_string() };
    let value = column.read_kind.read(json);
    match column.read_kind.reference() {
        Some(Reference::Record | Reference::Member | Reference::Department | Reference::File) => {
            i18n::listed(value.items().iter().filter_map(Value::as_ref_id).map(|id| titles.of(id)))
        }
        None => column.read_kind.display(&value, i18n::language_now()),
    }
}

#[cfg(test)]
mod tests {
    use engine::condition::{Condition, Operator};
    use serde_json::json;

    use super::*;
    use crate::permissions::editor::blank;

    /// What is seen of three records, by somebody or nobody.
    fn preview(view: u64, seen_by: Option<&str>, depends_on_member: bool) -> GroupPreview {
        let count = |value: u64| json!({"value": value, "exact": true});
        let person = seen_by.map(|name| json!({"id": Id::from_i64(1).unwrap(), "name": name}));
        let preview = json!({"members": 1, "people": [], "seen_by": person, "depends_on_member": depends_on_member,
            "records": count(3), "view": count(view), "edit": count(0), "delete": count(0),
            "fields": 1, "readable": 1, "editable": 0, "sample": [], "titles": {}});
        serde_json::from_value(preview).unwrap()
    }

    #[test]
    fn a_condition_that_nothing_meets_is_told() {
        i18n::set_language(i18n::Language::En);
        let rows = Some(Condition::test("amount", Operator::Gt, "100"));
        let narrow = PermissionGroup { rows, ..blank("Readers".to_string()) };
        let told = |preview: GroupPreview| unmet(&preview, &narrow).unwrap_or_default();
        assert!(told(preview(0, Some("Mei"), false)).starts_with("No record meets the condition now"));
        assert!(told(preview(0, Some("Mei"), true)).contains("for Mei"));
        assert_eq!(told(preview(0, None, true)), "", "nobody is there whom it depends on");
        assert_eq!(told(preview(1, Some("Mei"), true)), "");
        let wide = PermissionGroup { rows: None, ..narrow.clone() };
        assert_eq!(unmet(&preview(0, Some("Mei"), false), &wide), None);
        let adding = PermissionGroup { operations: vec![Operation::Create], ..narrow };
        assert_eq!(unmet(&preview(0, Some("Mei"), false), &adding), None);
    }
}
