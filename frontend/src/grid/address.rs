//! How records are shown, in the words of the address; and a saved view in the same words.

use std::collections::BTreeMap;

use engine::aggregate::GroupBy;
use engine::condition::Unit;
use engine::field::SortRule;
use engine::view::{RowHeight, ViewColumn, ViewDocument};
use wire::records::SortBy;

use super::state::Total;

/// What the address says of how records are shown; what it does not say, the open view says.
pub const SHOWN: [&str; 8] = ["filter", "sort", "columns", "widths", "frozen", "totals", "by", "height"];

/// Stands in the address in place of what the open view has, where the reader took that away.
pub const NOTHING: &str = "none";

/// Columns that stay where nothing is said.
pub const FROZEN: usize = 1;

/// What a view says under a name of the address.
pub fn text_of(view: &ViewDocument, name: &str) -> Option<String> {
    let columns = &view.columns;
    let text = match name {
        "filter" => serde_json::to_string(view.filter.as_ref()?).ok()?,
        "sort" => written_sort(&view.sort.iter().map(sort_by).collect::<Vec<_>>()),
        "columns" => columns.iter().map(|column| column.field.as_str()).collect::<Vec<_>>().join(","),
        "widths" => {
            let widths = columns.iter().filter_map(|column| Some((column.field.clone(), column.width?)));
            written_widths(&widths.collect())
        }
        "frozen" if columns.is_empty() => return None,
        "frozen" => {
            let frozen = columns.iter().take_while(|column| column.frozen).count();
            return written_frozen(frozen);
        }
        "totals" => {
            let totals = view.sums.iter().map(|(field, sum)| format!("{field}:{}", sum.name()));
            totals.collect::<Vec<_>>().join(",")
        }
        "by" => view.group.first().map(written_group)?,
        "height" => return written_height(view.row_height),
        _other => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The columns of a view, of what is on the screen.
pub fn columns_of(fields: &[String], widths: &BTreeMap<String, u32>, frozen: usize) -> Vec<ViewColumn> {
    let column = |(place, field): (usize, &String)| ViewColumn {
        field: field.clone(),
        width: widths.get(field).copied(),
        frozen: place < frozen,
    };
    fields.iter().enumerate().map(column).collect()
}

fn sort_by(rule: &SortRule) -> SortBy {
    SortBy { field: rule.field.clone(), desc: rule.desc }
}

/// `-date,amount`
pub fn written_sort(sort: &[SortBy]) -> String {
    let part = |by: &SortBy| format!("{}{}", if by.desc { "-" } else { "" }, by.field);
    sort.iter().map(part).collect::<Vec<_>>().join(",")
}

pub fn read_sort(text: &str) -> Vec<SortBy> {
    text.split(',')
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_prefix('-') {
            Some(field) => SortBy { field: field.to_string(), desc: true },
            None => SortBy { field: part.to_string(), desc: false },
        })
        .collect()
}

/// `amount:sum,qty:avg`
pub fn written_totals(totals: &BTreeMap<String, Total>) -> String {
    totals.iter().map(|(field, total)| format!("{field}:{}", total.name())).collect::<Vec<_>>().join(",")
}

pub fn read_totals(text: &str) -> BTreeMap<String, Total> {
    let part = |part: &str| {
        let (field, name) = part.rsplit_once(':')?;
        Some((field.to_string(), Total::from_name(name)?))
    };
    text.split(',').filter_map(part).collect()
}

/// `amount:120,name:300`
pub fn written_widths(widths: &BTreeMap<String, u32>) -> String {
    widths.iter().map(|(field, width)| format!("{field}:{width}")).collect::<Vec<_>>().join(",")
}

pub fn read_widths(text: &str) -> BTreeMap<String, u32> {
    let part = |part: &str| {
        let (field, width) = part.rsplit_once(':')?;
        Some((field.to_string(), width.parse().ok()?))
    };
    text.split(',').filter_map(part).collect()
}

/// How many columns stay; nothing for as many as always do.
pub fn written_frozen(frozen: usize) -> Option<String> {
    (frozen != FROZEN).then(|| frozen.to_string())
}

/// `stage`, `begins:month`
pub fn written_group(by: &GroupBy) -> String {
    match by.unit {
        Some(unit) => format!("{}:{}", by.field, unit_name(unit)),
        None => by.field.clone(),
    }
}

pub fn read_group(text: &str) -> Option<GroupBy> {
    let (field, unit) = match text.rsplit_once(':') {
        Some((field, unit)) => (field, Some(unit_named(unit)?)),
        None => (text, None),
    };
    (!field.is_empty()).then(|| GroupBy { field: field.to_string(), unit })
}

pub const UNITS: [Unit; 5] = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year];

/// A unit as the server calls it.
pub fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    }
}

pub fn unit_named(name: &str) -> Option<Unit> {
    UNITS.into_iter().find(|unit| unit_name(*unit) == name)
}

/// Nothing for the usual height.
pub fn written_height(height: RowHeight) -> Option<String> {
    (height != RowHeight::default()).then(|| height.name().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn view(members: serde_json::Value) -> ViewDocument {
        let mut document = json!({"key": "v", "label": "V"});
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn a_view_is_said_in_the_words_of_the_address() {
        let view = view(json!({
            "columns": [{"field": "name", "width": 300, "frozen": true}, {"field": "stage", "frozen": true}, {"field": "amount"}],
            "filter": {"field": "stage", "op": "eq", "value": "won"}, "sort": [{"field": "day", "desc": true}, {"field": "name"}],
            "group": [{"field": "day", "unit": "month"}], "sums": {"amount": "avg"}, "row_height": "tall"}));
        let said = SHOWN.map(|name| text_of(&view, name).unwrap_or_default());
        let filter = r#"{"field":"stage","op":"eq","value":"won"}"#;
        let wanted =
            [filter, "-day,name", "name,stage,amount", "name:300", "2", "amount:avg", "day:month", "tall"];
        assert_eq!(said, wanted.map(str::to_string));
        let group = read_group("day:month").unwrap();
        assert_eq!((&group, written_group(&group)), (&view.group[0], "day:month".to_string()));
        let columns =
            columns_of(&["name".into(), "stage".into(), "amount".into()], &read_widths("name:300"), 2);
        assert_eq!(columns, view.columns);
    }

    #[test]
    fn a_view_that_says_nothing_leaves_everything_as_it_usually_is() {
        assert!(SHOWN.iter().all(|name| text_of(&view(json!({})), name).is_none()));
        let one = view(json!({"columns": [{"field": "name", "frozen": true}]}));
        assert_eq!(text_of(&one, "frozen"), None, "the first column stays always");
        let loose = view(json!({"columns": [{"field": "name"}]}));
        assert_eq!(text_of(&loose, "frozen").as_deref(), Some("0"));
    }

    #[test]
    fn what_makes_no_sense_in_the_address_is_passed_over() {
        assert_eq!(read_group("day:century"), None);
        assert_eq!(read_widths("a:12,b:wide,:,c"), BTreeMap::from([("a".to_string(), 12)]));
        let totals = read_totals("amount:sum,qty:avg,note:what,:");
        let wanted = [("amount".to_string(), Total::Sum), ("qty".to_string(), Total::Average)];
        assert_eq!(totals, BTreeMap::from(wanted));
        assert_eq!(written_totals(&totals), "amount:sum,qty:avg");
        let sort = read_sort("-date,amount,");
        assert_eq!(sort.len(), 2);
        assert!(sort[0].desc && sort[0].field == "date" && !sort[1].desc);
        assert_eq!(written_sort(&sort), "-date,amount");
    }
}
