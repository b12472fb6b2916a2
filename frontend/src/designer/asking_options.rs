//! What a field asks of another form: the list of a query, and a default that is copied from there.

use engine::condition::Condition;
use engine::field::{FieldKind, Reference, Shape};
use engine::form::Field as FormField;
use leptos::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::further_options::other_form;
use super::kind_options::{
    chosen_form, count_option, fields_of, form_option, forms, several_option, texts_of,
};
use super::state::Designer;
use crate::conditions::{ConditionBuilder, Subject};
use crate::ui::{Button, ButtonKind, Choice, ControlSize, Field, IconButton, Select, Switch};
use crate::{i18n, t};

/// The options of a query: the form, which of its records, what is shown of them.
#[component]
pub fn QueryOptions(designer: Designer, path: String) -> impl IntoView {
    let form = designer.member(&path, "options.form");
    let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
    let columns = Signal::derive(move || fields_of(designer, &other.get()));
    let filter = designer.member(&path, "options.filter");
    let at = StoredValue::new(path.clone());
    let set = move |filter: Json| at.with_value(|path| designer.set(path, "options.filter", filter));
    let set_sort = move |sort: Json| at.with_value(|path| designer.set(path, "options.sort", sort));
    view! {
        {form_option(designer, path.clone(), || t!("designer-listed-form")())}
        <Matches designer=designer path=path.clone() other=other filter=filter on_change=set/>
        {several_option(designer, path.clone(), "options.columns", || t!("designer-listed-columns")(), columns)}
        <SortOptions sort=designer.member(&path, "options.sort") other=other designer=designer on_change=set_sort/>
        {count_option(designer, path, "options.limit", || t!("designer-listed-most")())}
    }
}

/// Which records of the other form a link offers: without any condition all.
#[component]
pub fn OfferOptions(designer: Designer, path: String) -> impl IntoView {
    let form = designer.member(&path, "options.form");
    let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
    let filter = designer.member(&path, "options.filter");
    let at = StoredValue::new(path.clone());
    let set = move |filter: Json| {
        let filter =
            if pairs_of(&filter).is_some_and(|pairs| pairs.is_empty()) { Json::Null } else { filter };
        at.with_value(|path| designer.set(path, "options.filter", filter));
    };
    view! { <Matches designer=designer path=path other=other filter=filter on_change=set/> }
}

/// The choices of a select: where another form gives them, which form and which of its texts; else those that are listed.
#[component]
pub fn TakenOptions(designer: Designer, path: String) -> impl IntoView {
    let stored = designer.member(&path, "options.from");
    let listed = designer.member(&path, "options.choices");
    let at = StoredValue::new(path);
    let part = move |name: &'static str| {
        Memo::new(move |_| stored.with(|from| from.get(name).cloned().unwrap_or_default()))
    };
    let set = move |from: Json| at.with_value(|path| designer.set(path, "options.from", from));
    let (form, field, filter) = (part("form"), part("field"), part("filter"));
    let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
    let chosen = move |of: Memo<Json>| {
        Signal::derive(move || of.get().as_str().map(str::to_string).filter(|name| !name.is_empty()))
    };
    let choose_form = move |key: Option<String>| {
        let Some(key) = key else { return set(Json::Null) };
        // What is listed would stand beside what the other form gives.
        if listed.with_untracked(|listed| listed.as_array().is_some_and(|listed| !listed.is_empty())) {
            at.with_value(|path| designer.set(path, "options.choices", Json::Null));
        }
        // Another form has other fields.
        set(json!({ "form": key }));
    };
    let change = move |name: &'static str, value: Json| {
        let mut from: Map<String, Json> = stored.get_untracked().as_object().cloned().unwrap_or_default();
        match value {
            Json::Null => drop(from.remove(name)),
            value => drop(from.insert(name.to_string(), value)),
        }
        set(Json::Object(from));
    };
    let choose_field = move |key: Option<String>| change("field", key.map_or(Json::Null, Json::String));
    let take_filter = move |filter: Json| {
        let is_nothing = pairs_of(&filter).is_some_and(|pairs| pairs.is_empty());
        change("filter", if is_nothing { Json::Null } else { filter });
    };
    let fields = Signal::derive(move || texts_of(designer, &other.get()));
    let details = move || {
        let path = at.get_value();
        view! {
            <Field label=t!("designer-choices-field")>
                <Select choices=fields value=chosen(field) on_change=choose_field/>
            </Field>
            <Matches designer=designer path=path other=other filter=filter on_change=take_filter/>
        }
    };
    let is_taken = Memo::new(move |_| stored.with(|from| !from.is_null()));
    view! {
        <Field label=t!("designer-choices-from")>
            <Select choices=forms(designer, chosen_form(designer, form)) value=chosen_form(designer, form) clearable=true on_change=choose_form/>
        </Field>
        {move || is_taken.get().then(details)}
    }
}

/// A default that is copied from the record of another form that says the same.
#[component]
pub fn LinkageOptions(designer: Designer, path: String) -> impl IntoView {
    let stored = designer.member(&path, "default.linkage");
    let at = StoredValue::new(path.clone());
    let part = move |name: &'static str| {
        Memo::new(move |_| stored.with(|linkage| linkage.get(name).cloned().unwrap_or_default()))
    };
    let set = move |name: &'static str, value: Json| {
        let mut linkage: Map<String, Json> = stored.get_untracked().as_object().cloned().unwrap_or_default();
        if name == "form" {
            // Another form has other fields.
            linkage.clear();
        }
        match value {
            Json::Null if matches!(name, "sort" | "take") => drop(linkage.remove(name)),
            value => drop(linkage.insert(name.to_string(), value)),
        }
        // A default without a condition would be anybody's record: it is one once all is said.
        linkage.entry("filter").or_insert_with(|| json!({ "all": [] }));
        at.with_value(|path| designer.set(path, "default", json!({ "linkage": linkage })));
    };
    let (form, field) = (part("form"), part("field"));
    let other = Signal::derive(move || form.get().as_str().unwrap_or_default().to_string());
    let chosen = move |of: Memo<Json>| {
        Signal::derive(move || of.get().as_str().map(str::to_string).filter(|name| !name.is_empty()))
    };
    let fields = Signal::derive(move || fields_of(designer, &other.get()));
    let holds_several = designer.document.with_untracked(|document| {
        let shape = at.with_value(|path| document.field(path).map(|field| field.kind.shape()));
        matches!(shape, Some(Shape::Refs | Shape::Keys))
    });
    let whole = part("take");
    let taken = Signal::derive(move || Some(whole.get().as_str().unwrap_or("first").to_string()));
    let take = move |key: Option<String>| {
        // The first one is what is not said.
        set("take", key.filter(|key| key != "first").map_or(Json::Null, Json::String));
    };
    let choose =
        move |name: &'static str| move |key: Option<String>| set(name, key.map_or(Json::Null, Json::String));
    view! {
        <Field label=t!("designer-linkage-form")>
            <Select choices=forms(designer, chosen_form(designer, form)) value=chosen_form(designer, form) on_change=choose("form")/>
        </Field>
        <Matches designer=designer path=path other=other filter=part("filter") on_change=move |filter: Json| set("filter", filter)/>
        <Field label=t!("designer-linkage-field")>
            <Select choices=fields value=chosen(field) on_change=choose("field")/>
        </Field>
        <SortOptions sort=part("sort") other=other designer=designer on_change=move |sort: Json| set("sort", sort)/>
        {holds_several.then(|| view! {
            <Field label=t!("designer-linkage-take")>
                <Select choices=takes() value=taken on_change=take/>
            </Field>
        })}
    }
}

/// Which records come first: by a field of theirs, up or down; without one the newest.
#[component]
fn SortOptions(
    designer: Designer,
    sort: Memo<Json>,
    other: Signal<String>,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    let first = move || sort.with(first_sort);
    let fields = Signal::derive(move || fields_of(designer, &other.get()));
    let field = Signal::derive(move || first().map(|(field, _)| field));
    let desc = Signal::derive(move || first().is_some_and(|(_, desc)| desc));
    let choose = move |key: Option<String>| {
        on_change.run(key.map_or(Json::Null, |key| sort_of(&key, desc.get_untracked())));
    };
    let turn = move |desc: bool| {
        if let Some(key) = field.get_untracked() {
            on_change.run(sort_of(&key, desc));
        }
    };
    view! {
        <Field label=t!("designer-sorted-by")><Select choices=fields value=field clearable=true on_change=choose/></Field>
        {move || field.with(Option::is_some).then(|| view! {
            <Field label=t!("designer-sorted-down")><Switch checked=desc on_change=turn/></Field>
        })}
    }
}

/// The field that a list is sorted by first, and whether down.
fn first_sort(sort: &Json) -> Option<(String, bool)> {
    let first = sort.as_array()?.first()?;
    let desc = first.get("desc").and_then(Json::as_bool).unwrap_or_default();
    Some((first.get("field")?.as_str()?.to_string(), desc))
}

fn sort_of(field: &str, desc: bool) -> Json {
    if desc { json!([{"field": field, "desc": true}]) } else { json!([{ "field": field }]) }
}

/// What is taken where several records are meant.
fn takes() -> Signal<Vec<Choice>> {
    Signal::derive(|| {
        let take = |key: &str| Choice::new(key, i18n::lookup(&format!("designer-take-{key}"), &[]));
        ["first", "all"].map(take).to_vec()
    })
}

/// One line: a field of the other form that has to be what a field of this one is.
type Pair = (String, String);

/// The records of the other form that are meant: those whose fields say what fields of this form say. A condition that says
/// more is kept as it is.
#[component]
fn Matches(
    designer: Designer,
    path: String,
    other: Signal<String>,
    filter: Memo<Json>,
    #[prop(into)] on_change: Callback<Json>,
) -> impl IntoView {
    // Half a line is no condition yet, and stays on the screen.
    let half = RwSignal::new(Vec::<Pair>::new());
    let pairs = move || {
        let mut pairs = filter.with(pairs_of).unwrap_or_default();
        pairs.extend(half.get());
        pairs
    };
    // Whoever needs more than alike fields goes on with all that a condition can say.
    let says_more = move || filter.with(|filter| !filter.is_null() && pairs_of(filter).is_none());
    let is_wide = RwSignal::new(untrack(says_more));
    let is_other = Memo::new(move |_| is_wide.get() || says_more());
    let take = move |pairs: Vec<Pair>| {
        let (whole, rest): (Vec<Pair>, Vec<Pair>) =
            pairs.into_iter().partition(|(there, here)| !there.is_empty() && !here.is_empty());
        half.set(rest);
        on_change.run(filter_of(&whole));
    };
    let subform = path.split_once('.').map(|(subform, _)| subform.to_string());
    let beside = wide_subjects(designer, subform.clone());
    let without = StoredValue::new(path);
    let own = Signal::derive(move || own_fields(designer, subform.as_deref(), &without.get_value()));
    let theirs = Signal::derive(move || fields_of(designer, &other.get()));
    let line = move |(place, (there, here)): (usize, Pair)| {
        let change = move |change: &dyn Fn(&mut Pair)| {
            let mut all = untrack(pairs);
            if let Some(pair) = all.get_mut(place) {
                change(pair);
            }
            take(all);
        };
        let set_there = move |key: Option<String>| change(&|pair| pair.0 = key.clone().unwrap_or_default());
        let set_here = move |key: Option<String>| change(&|pair| pair.1 = key.clone().unwrap_or_default());
        let remove = move |_| {
            let mut all = untrack(pairs);
            if place < all.len() {
                all.remove(place);
            }
            take(all);
        };
        let filled = |key: String| Signal::stored(Some(key).filter(|key| !key.is_empty()));
        view! {
            <div class="row">
                <Select choices=theirs value=filled(there) on_change=set_there label=Signal::derive(t!("designer-match-there"))/>
                <span>"="</span>
                <Select choices=own value=filled(here) on_change=set_here label=Signal::derive(t!("designer-match-here"))/>
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) size=ControlSize::Small on_press=remove/>
            </div>
        }
    };
    let add = move |_| half.update(|half| half.push(Pair::default()));
    view! {
        <Field label=t!("designer-match")>
            {move || if is_other.get() {
                view! { <WideMatches designer=designer other=other filter=filter beside=beside on_change=on_change/> }.into_any()
            } else {
                view! {
                    <div class="stack g1">
                        {move || pairs().into_iter().enumerate().map(line).collect_view()}
                        <div class="row wrap">
                            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("designer-add-match")}</Button>
                            <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="filter" on_press=move |_| is_wide.set(true)>{t!("designer-match-more")}</Button>
                        </div>
                    </div>
                }
                .into_any()
            }}
        </Field>
    }
}

/// Any condition over the other form: with values, with fields of this form, with groups.
#[component]
fn WideMatches(
    designer: Designer,
    other: Signal<String>,
    filter: Memo<Json>,
    beside: Signal<Vec<Subject>>,
    on_change: Callback<Json>,
) -> impl IntoView {
    let start = serde_json::from_value::<Condition>(filter.get_untracked()).ok();
    let condition = RwSignal::new(start.filter(|start| *start != Condition::always()));
    Effect::new(move |before: Option<Option<Condition>>| {
        let now = condition.get();
        if before.is_some_and(|before| before != now) {
            let written = now.as_ref().and_then(|now| serde_json::to_value(now).ok());
            on_change.run(written.unwrap_or_else(|| filter_of(&[])));
        }
        now
    });
    let form = other_form(designer, other);
    move || {
        let form = form.get()?;
        Some(view! { <ConditionBuilder form=Signal::stored(form) beside=beside condition=condition/> })
    }
}

/// What fields of another form can be held against here, as a condition names it: in a sub-form the columns of the row, and the
/// fields of the record behind its name.
fn wide_subjects(designer: Designer, subform: Option<String>) -> Signal<Vec<Subject>> {
    Signal::derive(move || {
        let language = i18n::language();
        let Some(form) = designer.form.get() else { return Vec::new() };
        let columns = form.columns_of(subform.as_deref().unwrap_or_default()).map(|column| Subject {
            path: column.field.key.clone(),
            label: column.field.label.get(language).to_string(),
            kind: column.read_kind.clone(),
        });
        let in_row: Vec<Subject> = if subform.is_some() { columns.collect() } else { Vec::new() };
        let fields = form.fields().filter(|column| column.field.kind.holds_data()).map(|column| Subject {
            path: match subform {
                Some(_) => format!("record.{}", column.path),
                None => column.path.clone(),
            },
            label: column.field.label.get(language).to_string(),
            kind: column.read_kind.clone(),
        });
        in_row.into_iter().chain(fields).collect()
    })
}

/// The fields of this form that another one can be held against: in a sub-form those of its row first.
fn own_fields(designer: Designer, subform: Option<&str>, without: &str) -> Vec<Choice> {
    let language = i18n::language();
    designer.document.with(|document| {
        let columns = subform.and_then(|subform| document.field(subform)).map(|field| field.columns());
        let columns = columns.unwrap_or_default().iter();
        let is_own =
            |key: &str| subform.map_or_else(|| key == without, |rows| format!("{rows}.{key}") == without);
        let choice = |key: String, field: &FormField| Choice::new(key, field.label.get(language));
        let in_row =
            columns.filter(|field| !is_own(&field.key)).map(|field| choice(field.key.clone(), field));
        let fields = document.fields.iter().filter(|field| {
            let holds_one = field.kind.holds_data() && field.kind.shape() != Shape::Rows;
            holds_one && (subform.is_some() || !is_own(&field.key))
        });
        let key = |field: &FormField| match subform {
            Some(_) => format!("record.{}", field.key),
            None => field.key.clone(),
        };
        let fields = fields.map(|field| choice(key(field), field));
        in_row.chain(fields).collect()
    })
}

/// The lines of a filter that says nothing else than that fields are alike; nothing for another one.
fn pairs_of(filter: &Json) -> Option<Vec<Pair>> {
    if filter.is_null() {
        return Some(Vec::new());
    }
    let pair = |test: &Json| {
        let test = test.as_object()?;
        let is_plain = test.len() == 3 && test.get("op")?.as_str()? == "eq";
        let value = test.get("value")?.as_object().filter(|value| value.len() == 1)?;
        let here = value.get("field")?.as_str()?;
        is_plain.then(|| Some((test.get("field")?.as_str()?.to_string(), here.to_string())))?
    };
    let parts = filter.as_object().filter(|filter| filter.len() == 1)?.get("all")?.as_array()?;
    parts.iter().map(pair).collect()
}

fn filter_of(pairs: &[Pair]) -> Json {
    let test = |(there, here): &Pair| json!({"field": there, "op": "eq", "value": {"field": here}});
    json!({ "all": pairs.iter().map(test).collect::<Vec<_>>() })
}

/// Whether a field can be given a default from another form.
pub fn takes_linkage(kind: &FieldKind) -> bool {
    let is_file = kind.reference() == Some(Reference::File);
    kind.is_input() && !is_file && kind.shape() != Shape::Rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        for desc in [false, true] {
            assert_eq!(first_sort(&sort_of("day", desc)), Some(("day".to_string(), desc)));
        }
        assert_eq!((first_sort(&Json::Null), first_sort(&json!([]))), (None, None));
    }

    #[test]
    fn lines_are_a_condition_and_a_condition_of_lines_is_lines_again() {
        let pairs =
            vec![("name".to_string(), "customer".to_string()), ("day".to_string(), "record.day".to_string())];
        assert_eq!(pairs_of(&filter_of(&pairs)), Some(pairs));
        assert_eq!(pairs_of(&filter_of(&[])), Some(Vec::new()));
        assert_eq!(pairs_of(&Json::Null), Some(Vec::new()));
        for other in [
            json!({"any": []}),
            json!({"all": [{"field": "a", "op": "gt", "value": {"field": "b"}}]}),
            json!({"all": [{"field": "a", "op": "eq", "value": "x"}]}),
            json!({"field": "a", "op": "eq", "value": {"field": "b"}}),
        ] {
            assert_eq!(pairs_of(&other), None, "{other}");
        }
    }
}
