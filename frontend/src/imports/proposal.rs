//! The form that a file would become, as somebody changes it before it is made.

use std::collections::{BTreeMap, BTreeSet};

use engine::field::FieldKind;
use engine::form::{Field, FormDocument, LayoutItem};
use engine::text::Label;
use serde_json::json;
use wire::{Misfits, Proposal};

/// The kinds that a column of texts can become without anything else being said.
const SIMPLE: [&str; 11] = [
    "text",
    "long_text",
    "number",
    "money",
    "percent",
    "date",
    "datetime",
    "month",
    "switch",
    "phone",
    "email",
];

/// The most digits after the point that a number can have.
const MOST_DIGITS: usize = 8;

/// The columns of a file, each as the field that it will be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    pub label: String,
    pub rows: u64,
    pub columns: Vec<PlannedField>,
    document: FormDocument,
}

/// One column and its field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlannedField {
    pub header: String,
    pub samples: Vec<String>,
    /// Left out: neither a field nor imported.
    pub left_out: bool,
    pub label: String,
    pub kind: String,
    /// The field as it was proposed.
    proposed: Field,
    /// The cells that are no value of the proposed kind.
    misfits: Option<Misfits>,
}

impl PlannedField {
    /// The kinds to choose from: the guessed one, and what every text can be read as.
    pub fn kinds(&self) -> Vec<String> {
        let guessed = self.proposed.kind.name();
        let others = SIMPLE.into_iter().filter(|kind| *kind != guessed);
        std::iter::once(guessed).chain(others).map(str::to_string).collect()
    }

    /// The cells that do not fit the field as it is now, as far as they are known: those of another kind are found
    /// when its rows come in.
    pub fn misfits(&self) -> Option<&Misfits> {
        let is_as_proposed = !self.left_out && self.kind == self.proposed.kind.name();
        self.misfits.as_ref().filter(|_| is_as_proposed)
    }

    fn field(&self) -> Field {
        let mut field = self.proposed.clone();
        if self.label.trim() != self.header {
            field.label = Label::Plain(self.label.trim().to_string());
        }
        if self.kind != field.kind.name()
            && let Ok(kind) = FieldKind::from_parts(&self.kind, self.options())
        {
            field.kind = kind;
            field.unique = false;
        }
        field
    }

    /// The options of a kind that was chosen by hand: as many digits as the file has.
    fn options(&self) -> serde_json::Value {
        let digits = |text: &String| text.trim().rsplit_once('.').map_or(0, |(_, fraction)| fraction.len());
        let scale = self.samples.iter().map(digits).max().unwrap_or_default().min(MOST_DIGITS);
        match self.kind.as_str() {
            "number" => json!({ "scale": scale }),
            "money" => json!({ "scale": scale.max(2) }),
            _ => json!({}),
        }
    }
}

impl Plan {
    pub fn new(document: FormDocument, proposal: Proposal, name: String) -> Plan {
        let Proposal { rows, sample, columns, .. } = proposal;
        let samples = |place: usize| sample.iter().filter_map(|row| row.get(place).cloned()).collect();
        let planned = columns.into_iter().enumerate().filter_map(|(place, column)| {
            let proposed = document.fields.iter().find(|field| field.key == column.key)?.clone();
            Some(PlannedField {
                label: column.header.clone(),
                header: column.header,
                samples: samples(place),
                left_out: false,
                kind: proposed.kind.name().to_string(),
                proposed,
                misfits: column.misfits,
            })
        });
        let planned = planned.collect();
        Plan { label: name, rows, columns: planned, document }
    }

    fn kept(&self) -> impl Iterator<Item = &PlannedField> {
        self.columns.iter().filter(|column| !column.left_out)
    }

    pub fn is_empty(&self) -> bool {
        self.kept().next().is_none()
    }

    /// Whether a field that is kept has no name.
    pub fn has_nameless_field(&self) -> bool {
        self.kept().any(|column| column.label.trim().is_empty())
    }

    /// The form to be made.
    pub fn document(&self) -> FormDocument {
        let mut document = self.document.clone();
        document.label = Label::Plain(self.label.trim().to_string());
        document.fields = self.kept().map(PlannedField::field).collect();
        let keys: BTreeSet<String> = document.fields.iter().map(|field| field.key.clone()).collect();
        let names_what_is_left_out = |title: &String| {
            self.columns.iter().any(|column| column.left_out && title.contains(&braced(&column.proposed.key)))
        };
        if document.title.as_ref().is_some_and(names_what_is_left_out) {
            document.title = document.fields.first().map(|field| braced(&field.key));
        }
        document.layout = keep_places(document.layout, &keys);
        document.unique.retain(|set| set.iter().all(|key| keys.contains(key)));
        document
    }

    /// Which column goes into which field, for the import that follows.
    pub fn mapping(&self) -> BTreeMap<String, String> {
        self.kept().map(|column| (column.header.clone(), column.proposed.key.clone())).collect()
    }

    /// The label of the field with this key.
    pub fn label_of(&self, key: &str) -> String {
        let column = self.columns.iter().find(|column| column.proposed.key == key);
        column.map_or_else(|| key.to_string(), |column| column.label.clone())
    }
}

fn braced(key: &str) -> String {
    format!("{{{key}}}")
}

/// A layout without the places of fields that are gone.
fn keep_places(items: Vec<LayoutItem>, keys: &BTreeSet<String>) -> Vec<LayoutItem> {
    let keep = |mut item: LayoutItem| {
        if let Some(row) = &mut item.row {
            row.retain(|place| keys.contains(&place.field));
        }
        for tab in item.tabs.iter_mut().flatten() {
            tab.rows = keep_places(std::mem::take(&mut tab.rows), keys);
        }
        item
    };
    let is_empty = |item: &LayoutItem| item.row.as_ref().is_some_and(Vec::is_empty);
    items.into_iter().map(keep).filter(|item| !is_empty(item)).collect()
}

/// The name of a form made from a file: the file's, without its ending.
pub(super) fn name_of(file: &str) -> String {
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    name.replace(['_', '-'], " ").trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let proposal = json!({
            "definition": {"format": 1, "key": "orders", "label": "Orders", "title": "{name}", "fields": [
                {"key": "name", "label": "Name", "kind": "text"},
                {"key": "qty", "label": "Qty", "kind": "number", "options": {"scale": 0}},
                {"key": "tier", "label": "Tier", "kind": "select", "options": {"choices": [{"key": "a", "label": "A"}]}}],
                "layout": [{"row": [{"field": "name", "width": 6}, {"field": "qty", "width": 6}]}]},
            "mapping": {"Name": "name", "Qty": "qty", "Tier": "tier"},
            "rows": 2, "sample": [["x", "1.250", "A"], ["y", "2", "A"]],
            "columns": [{"header": "Name", "key": "name", "kind": "text"},
                        {"header": "Qty", "key": "qty", "kind": "number",
                         "misfits": {"count": 2, "line": 31, "value": "many", "message": "This is not a number."}},
                        {"header": "Tier", "key": "tier", "kind": "select"}]});
        let document = serde_json::from_value(proposal["definition"].clone()).unwrap();
        Plan::new(document, serde_json::from_value(proposal).unwrap(), name_of("my_orders.2024.csv"))
    }

    #[test]
    fn a_proposal_that_is_left_alone_becomes_the_form_as_proposed() {
        let plan = plan();
        let document = plan.document();
        assert_eq!(document.label, Label::Plain("my orders.2024".into()));
        assert_eq!(
            (document.fields, document.layout),
            (plan.document.fields.clone(), plan.document.layout.clone())
        );
        assert_eq!(plan.mapping().len(), 3);
        assert_eq!(plan.columns[1].samples, ["1.250", "2"]);
    }

    #[test]
    fn cells_that_do_not_fit_are_told_for_the_kind_that_was_proposed() {
        let mut plan = plan();
        assert_eq!(plan.columns[1].misfits().map(|misfits| misfits.line), Some(31));
        assert_eq!(plan.columns[0].misfits(), None);
        plan.columns[1].kind = "text".into();
        assert_eq!(plan.columns[1].misfits(), None, "a text takes them all");
        plan.columns[1].kind = "number".into();
        plan.columns[1].left_out = true;
        assert_eq!(plan.columns[1].misfits(), None);
    }

    #[test]
    fn what_is_left_out_is_gone_from_title_layout_and_mapping() {
        let mut plan = plan();
        plan.columns[0].left_out = true;
        let document = plan.document();
        assert_eq!(document.title.as_deref(), Some("{qty}"));
        assert_eq!(document.layout.iter().flat_map(|item| item.row.iter().flatten()).count(), 1);
        assert!(!plan.mapping().contains_key("Name"));
        plan.columns.iter_mut().for_each(|column| column.left_out = true);
        assert!(plan.is_empty());
    }

    #[test]
    fn another_kind_takes_its_digits_from_the_file_and_can_be_taken_back() {
        let mut plan = plan();
        plan.columns[2].kind = "text".into();
        plan.columns[1].kind = "money".into();
        let changed = plan.document();
        assert_eq!(changed.fields[2].kind.name(), "text");
        assert_eq!(changed.fields[1].kind.options(), json!({"scale": 3}));
        plan.columns[2].kind = "select".into();
        assert_eq!(plan.document().fields[2], plan.document.fields[2]);
        assert_eq!(plan.columns[2].kinds()[0], "select");
    }
}
