//! The footer: a figure for each number column over everything that matches the filter, not just what is seen.

use std::collections::BTreeMap;

use engine::field::{FieldKind, Shape};
use engine::form::Form;
use engine::text::Language;
use engine::value::{Rounding, Value, parse_decimal, round};
use leptos::prelude::*;
use wire::records::{AggregateInput, MeasureInput};

use super::rows::Rows;
use super::state::{GridState, Total};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::{fewest_decimals, number_text};
use crate::i18n;
use crate::ui::{Menu, MenuItem};
use crate::{t, text};

/// The totals of the columns on the screen.
#[derive(Clone, Copy)]
pub struct Totals {
    /// What each number column shows.
    chosen: Memo<BTreeMap<String, Total>>,
    values: Signal<BTreeMap<String, String>>,
    /// Whether the figures have come once.
    is_answered: Memo<bool>,
    form: StoredValue<OpenForm>,
    state: GridState,
}

impl Totals {
    pub fn new(
        form: StoredValue<OpenForm>,
        state: GridState,
        columns: Signal<Vec<String>>,
        rows: Rows,
    ) -> Totals {
        let chosen = Memo::new(move |_| {
            let asked = state.totals.get();
            let total = |key: String| Some((form.with_value(|form| start_of(form, &key))?, key));
            let of_columns = columns.get().into_iter().filter_map(total);
            of_columns.map(|(start, key)| (key.clone(), asked.get(&key).copied().unwrap_or(start))).collect()
        });
        let id = form.with_value(|form| form.info.id);
        let answer = LocalResource::new(move || {
            let search = state.searched();
            let input = AggregateInput {
                filter: state.filter.get(),
                q: search.words,
                q_fields: search.fields,
                measures: if state.is_ready() { asked_of(form, state, chosen) } else { Vec::new() },
                permission_group: state.group.get(),
                ..AggregateInput::default()
            };
            rows.count.track();
            async move { (!input.measures.is_empty(), ask(id, input).await) }
        });
        // Where nothing was asked for, as before a view is here, nothing is answered either.
        let is_answered =
            Memo::new(move |_| answer.with(|answer| answer.as_ref().is_some_and(|(asked, _)| *asked)));
        let values = Signal::derive(move || {
            let (_, answer) = answer.get().unwrap_or_default();
            chosen.with(|chosen| form.with_value(|form| shown(&form.form, chosen, &answer)))
        });
        Totals { chosen, values, is_answered, form, state }
    }

    /// No figures at all: nothing is asked for.
    pub fn none(form: StoredValue<OpenForm>, state: GridState) -> Totals {
        let (chosen, is_answered) = (Memo::new(|_| BTreeMap::new()), Memo::new(|_| true));
        Totals { chosen, values: Signal::stored(BTreeMap::new()), is_answered, form, state }
    }

    /// What is asked for to have the same figures of a part of the records.
    pub fn measures(self) -> Vec<MeasureInput> {
        asked_of(self.form, self.state, self.chosen)
    }

    /// The figures of the columns as people read them, from what was answered.
    pub fn texts(self, answered: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        self.chosen.with(|chosen| self.form.with_value(|form| shown(&form.form, chosen, answered)))
    }

    pub fn is_number(self, column: &str) -> bool {
        self.chosen.with(|chosen| chosen.contains_key(column))
    }
}

/// What a column shows unless something else was chosen; `None` for columns that don't add up. Money is added; the
/// sum of ages or ratings would mean nothing.
fn start_of(form: &OpenForm, key: &str) -> Option<Total> {
    let column = form.form.column(key)?;
    let number = matches!(column.shape, Shape::Decimal(_));
    number.then(|| if column.read_kind.name() == "money" { Total::Sum } else { Total::Nothing })
}

fn asked_of(
    form: StoredValue<OpenForm>,
    state: GridState,
    chosen: Memo<BTreeMap<String, Total>>,
) -> Vec<MeasureInput> {
    let mut asked = chosen.with(|chosen| form.with_value(|form| measures(&form.form, chosen)));
    // The currency of an amount may be hidden where the amount is not.
    asked.retain(|measure| measure.field.as_ref().is_none_or(|field| state.shows(field)));
    asked
}

fn measures(form: &Form, chosen: &BTreeMap<String, Total>) -> Vec<MeasureInput> {
    let shown = chosen.iter().filter(|(_, total)| **total != Total::Nothing);
    let measure = |key: String, function: &str, field: &str| MeasureInput {
        key,
        function: Some(function.to_string()),
        field: Some(field.to_string()),
        formula: None,
        scale: None,
    };
    let both = |(key, total): (&String, &Total)| {
        let currencies = currency_field(form, key, *total);
        let currencies = currencies.map(|field| measure(currencies_key(key), "distinct", field));
        [measure(key.clone(), total.name(), key)].into_iter().chain(currencies)
    };
    shown.flat_map(both).collect()
}

/// Stands among the measures for the number of currencies of a column; no field is called so.
fn currencies_key(column: &str) -> String {
    format!("{column} currencies")
}

/// The field that says in which currency the amounts of a column are, where their figure says nothing over several of them.
fn currency_field<'f>(form: &'f Form, column: &str, total: Total) -> Option<&'f str> {
    let FieldKind::Money(money) = &form.column(column)?.read_kind else { return None };
    let field = money.currency_field.as_deref().filter(|_| total != Total::Count)?;
    // Who may not see it is told nothing of it.
    form.column(field)?;
    Some(field)
}

/// The figures as people read them: of amounts in several currencies there is none.
fn shown(
    form: &Form,
    chosen: &BTreeMap<String, Total>,
    answered: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let figure = |(key, total): (&String, &Total)| {
        let digits = answered.get(key)?;
        let currencies = answered.get(&currencies_key(key)).and_then(|count| count.parse::<u64>().ok());
        if currency_field(form, key, *total).is_some() && currencies.is_some_and(|count| count > 1) {
            return Some((key.clone(), text!("grid-total-mixed")));
        }
        let kind = &form.column(key)?.read_kind;
        Some((key.clone(), total_text(kind, *total, digits, i18n::language())))
    };
    chosen.iter().filter_map(figure).collect()
}

async fn ask(form: engine::value::Id, input: AggregateInput) -> BTreeMap<String, String> {
    if input.measures.is_empty() {
        return BTreeMap::new();
    }
    let answer = records::aggregate(form, &input).await;
    let row = answer.ok().and_then(|answer| answer.rows.into_iter().next());
    let values = row.map(|row| row.values).unwrap_or_default();
    values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// A total as the numbers over it are written. An average, which has more digits than any of them, is rounded: to what they
/// show at least where it is money or a share, unless nothing would be left of it, and to their scale otherwise.
fn total_text(kind: &FieldKind, total: Total, digits: &str, language: Language) -> String {
    if total == Total::Count {
        return i18n::group_digits(digits);
    }
    // More digits than a value can have: as they came.
    let Ok(number) = parse_decimal(digits) else { return i18n::group_digits(digits) };
    let Shape::Decimal(scale) = kind.shape() else { return i18n::group_digits(digits) };
    let rounded = |scale: u32| round(number, scale, Rounding::HalfUp).normalize();
    let number = match fewest_decimals(kind).filter(|least| *least > 0).map(|least| rounded(least as u32)) {
        _ if total != Total::Average => number,
        Some(read) if !read.is_zero() => read,
        Some(_) | None => rounded(scale),
    };
    number_text(kind, &Value::Number(number), language)
}

/// The footer's cell of a number column: the figure, and a menu to choose another.
#[component]
pub fn TotalCell(totals: Totals, column: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let key = StoredValue::new(column);
    let now = Memo::new(move |_| {
        totals.chosen.with(|chosen| key.with_value(|key| chosen.get(key).copied())).unwrap_or(Total::Nothing)
    });
    let value = move || totals.values.with(|values| key.with_value(|key| values.get(key).cloned()));
    // Its name has in it what is to be seen of it.
    let said = move || match now.get() {
        Total::Nothing => text!("grid-total"),
        total => text!("grid-total-of", total = name_of(total), value = value().unwrap_or_default()),
    };
    let item = move |total: Total| {
        let choose = move |()| key.with_value(|key| totals.state.set_total(key, total));
        view! {
            <MenuItem checked=Signal::derive(move || now.get() == total) on_choose=choose>{move || name_of(total)}</MenuItem>
        }
    };
    view! {
        <button
            type="button"
            class="total"
            data-shortens=""
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=said
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {move || match now.get() {
                Total::Nothing => view! { <span class="stat faint">{t!("grid-total")}</span> }.into_any(),
                // The name stands beside the figure: before that is there it has no place yet.
                total => view! { <span class="stat" class:coming=move || !totals.is_answered.get()>{name_of(total)}</span>" "{value} }.into_any(),
            }}
        </button>
        <Menu open=open>{Total::ALL.map(item).collect_view()}</Menu>
    }
}

fn name_of(total: Total) -> String {
    match total {
        Total::Nothing => text!("grid-total-none"),
        Total::Sum => text!("grid-total-sum"),
        Total::Average => text!("grid-total-avg"),
        Total::Least => text!("grid-total-min"),
        Total::Most => text!("grid-total-max"),
        Total::Count => text!("grid-total-count"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn amounts_of_several_currencies_are_not_added_up() {
        let form = form_of(json!([
            {"key": "currency", "label": "x", "kind": "text"},
            {"key": "payable", "label": "x", "kind": "money", "options": {"currency_field": "currency"}},
            {"key": "revenue", "label": "x", "kind": "money", "options": {"currency": "CNY"}}]));
        let chosen = |total: Total| -> BTreeMap<String, Total> {
            ["payable", "revenue"].map(|key| (key.to_string(), total)).into()
        };
        let asked: Vec<String> =
            measures(&form, &chosen(Total::Sum)).into_iter().map(|measure| measure.key).collect();
        assert_eq!(asked, ["payable", "payable currencies", "revenue"]);
        assert_eq!(measures(&form, &chosen(Total::Count)).len(), 2);
        assert!(measures(&form, &chosen(Total::Nothing)).is_empty());
        i18n::set_language(Language::En);
        let answered = |currencies: &str| -> BTreeMap<String, String> {
            [("payable", "5.00"), ("payable currencies", currencies), ("revenue", "7.00")]
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .into()
        };
        let texts = |currencies: &str| -> Vec<String> {
            shown(&form, &chosen(Total::Sum), &answered(currencies)).into_values().collect()
        };
        assert_eq!(texts("1"), ["5.00", "7.00"]);
        assert_eq!(texts("2"), ["several currencies", "7.00"]);
    }

    #[test]
    fn totals_are_written_as_the_numbers_over_them() {
        let form = form_of(json!([
            {"key": "price", "label": "x", "kind": "money", "options": {"scale": 6}},
            {"key": "amount", "label": "x", "kind": "money"},
            {"key": "qty", "label": "x", "kind": "number", "options": {"scale": 3}},
            {"key": "share", "label": "x", "kind": "percent"},
            {"key": "double", "label": "x", "kind": "formula", "options": {"formula": "qty * 2"}}]));
        for (key, total, digits, wanted) in [
            ("price", Total::Sum, "34081.500000", "34,081.50"),
            ("price", Total::Most, "0.003500", "0.0035"),
            ("price", Total::Average, "668.2647058824", "668.26"),
            ("price", Total::Average, "0.0035171234", "0.003517"),
            ("amount", Total::Sum, "1500.00", "1,500.00"),
            ("amount", Total::Average, "1398.550725", "1,398.55"),
            ("qty", Total::Average, "2.5000000", "2.5"),
            ("qty", Total::Average, "3.3333333", "3.333"),
            ("share", Total::Average, "12.345678", "12.35\u{a0}%"),
            ("double", Total::Sum, "602.00000000", "602"),
            ("amount", Total::Count, "12040", "12,040"),
            ("double", Total::Average, "0.333333333333", "0.33333333"),
        ] {
            let kind = &form.column(key).unwrap().read_kind;
            assert_eq!(total_text(kind, total, digits, Language::En), wanted, "{key} {digits}");
        }
    }
}
