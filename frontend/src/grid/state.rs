//! What the grid shows: filter, sort, columns; all of it in the address.

use engine::condition::Condition;
use engine::field::Shape;
use engine::form::Form;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_query_map};
use wire::records::SortBy;

/// The state of a grid, read from and written to the address.
#[derive(Clone, Copy)]
pub struct GridState {
    pub filter: Memo<Option<Condition>>,
    pub sort: Memo<Vec<SortBy>>,
    /// The shown columns, if they were chosen.
    pub columns: Memo<Option<Vec<String>>>,
    /// The record in the drawer.
    pub record: Memo<Option<String>>,
    write: Callback<(&'static str, Option<String>)>,
}

impl GridState {
    pub fn from_address() -> GridState {
        let query = use_query_map();
        let navigate = StoredValue::new(use_navigate());
        let of = move |name: &'static str| {
            move || query.with(|query| query.get(name)).filter(|text| !text.is_empty())
        };
        let filter = of("filter");
        let sort = of("sort");
        let columns = of("columns");
        let record = of("record");
        let write = Callback::new(move |(name, value): (&'static str, Option<String>)| {
            let mut parts = Vec::new();
            for known in ["filter", "sort", "columns", "record"] {
                let text = if known == name { value.clone() } else { untrack(of(known)) };
                if let Some(text) = text {
                    parts.push(format!("{known}={}", crate::api::segment(&text)));
                }
            }
            let to = format!("?{}", parts.join("&"));
            navigate.with_value(|navigate| navigate(&to, Default::default()));
        });
        GridState {
            filter: Memo::new(move |_| serde_json::from_str(&filter()?).ok()),
            sort: Memo::new(move |_| sort().map(|text| read_sort(&text)).unwrap_or_default()),
            columns: Memo::new(move |_| columns().map(|text| text.split(',').map(str::to_string).collect())),
            record: Memo::new(move |_| record()),
            write,
        }
    }

    pub fn set_filter(self, filter: Option<&Condition>) {
        let text = filter.and_then(|filter| serde_json::to_string(filter).ok());
        self.write.run(("filter", text));
    }

    pub fn set_columns(self, columns: &[String]) {
        self.write.run(("columns", Some(columns.join(",")).filter(|text| !text.is_empty())));
    }

    pub fn open(self, record: Option<String>) {
        self.write.run(("record", record));
    }

    /// A press on a column's head: ascending, descending, not at all.
    pub fn turn_sort(self, field: &str) {
        let now = self.sort.with_untracked(|sort| sort.iter().find(|by| by.field == field).map(|by| by.desc));
        let text = match now {
            None => Some(field.to_string()),
            Some(false) => Some(format!("-{field}")),
            Some(true) => None,
        };
        self.write.run(("sort", text));
    }
}

/// `-date,amount`
fn read_sort(text: &str) -> Vec<SortBy> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_prefix('-') {
            Some(field) => SortBy { field: field.to_string(), desc: true },
            None => SortBy { field: part.to_string(), desc: false },
        })
        .collect()
}

/// The columns of a grid that nobody chose: what fits a row, sub-forms and long texts left out.
pub fn default_columns(form: &Form) -> Vec<String> {
    const MOST: usize = 14;
    form.fields()
        .filter(|column| !matches!(column.shape, Shape::Rows | Shape::LongText))
        .map(|column| column.path.clone())
        .take(MOST)
        .collect()
}

/// The width of a column by what is in it.
pub fn width_of(shape: Shape, title: bool) -> u32 {
    match shape {
        _ if title => 220,
        Shape::Bool => 80,
        Shape::Decimal(_) => 128,
        Shape::Day => 116,
        Shape::Instant => 152,
        Shape::Key => 116,
        Shape::Ref => 160,
        Shape::Nothing
        | Shape::Text
        | Shape::LongText
        | Shape::TimeOfDay
        | Shape::Keys
        | Shape::Refs
        | Shape::Rows => 160,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_read_from_the_address() {
        let sort = read_sort("-date,amount,");
        assert_eq!(sort.len(), 2);
        assert!(sort[0].desc && sort[0].field == "date" && !sort[1].desc);
    }
}
