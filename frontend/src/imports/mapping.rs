//! Which column of a file goes into which field.

use std::collections::BTreeMap;

use engine::field::FieldKind;
use engine::form::{Column, system_label};
use engine::import::RECORD_ID;
use leptos::prelude::*;
use wire::{ImportColumn, ImportMode};

use crate::api::forms::OpenForm;
use crate::ui::{Choice, Select};
use crate::{i18n, t, text};

/// The key under which 「leave out」 stands in a select.
const LEFT_OUT: &str = "";

/// The state of a record in its flow, as a column may bring it.
pub(super) const FLOW_STATE: &str = "$flow_state";

/// What stands between a sub-form and its column.
const WITHIN: &str = " › ";

/// The columns of a file, each with its field or left out. No field is filled by two columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Mapping(Vec<ImportColumn>);

impl Mapping {
    /// The columns as the server matched them, as far as `targets` may be filled.
    pub fn new(columns: Vec<ImportColumn>, targets: &[Target]) -> Mapping {
        let mut mapping = Mapping(columns);
        let mut taken: Vec<String> = Vec::new();
        for column in &mut mapping.0 {
            let known =
                |key: &String| targets.iter().any(|target| target.key == *key) && !taken.contains(key);
            column.field = column.field.take().filter(known);
            taken.extend(column.field.clone());
        }
        mapping
    }

    /// Takes columns out of fields that can't be filled any more.
    pub fn keep(&mut self, targets: &[Target]) {
        let is_known = |key: &String| targets.iter().any(|target| target.key == *key);
        for column in &mut self.0 {
            column.field = column.field.take().filter(is_known);
        }
    }

    pub fn columns(&self) -> &[ImportColumn] {
        &self.0
    }

    /// Puts the column at `place` into a field, or leaves it out. A column that had the field before loses it.
    pub fn put(&mut self, place: usize, field: Option<String>) {
        for column in &mut self.0 {
            if column.field.is_some() && column.field == field {
                column.field = None;
            }
        }
        if let Some(column) = self.0.get_mut(place) {
            column.field = field;
        }
    }

    /// The fields that are filled, in the order of the file.
    pub fn fields(&self) -> Vec<String> {
        self.0.iter().filter_map(|column| column.field.clone()).collect()
    }

    /// As the server takes it: field by header.
    pub fn by_header(&self) -> BTreeMap<String, String> {
        let pair = |column: &ImportColumn| Some((column.header.clone(), column.field.clone()?));
        self.0.iter().filter_map(pair).collect()
    }

    /// Why this can't be imported in this mode, if it can't.
    pub fn obstacle(&self, mode: ImportMode, key: &[String], targets: &[Target]) -> Option<Obstacle> {
        let fields = self.fields();
        if fields.iter().all(|field| field == RECORD_ID) {
            return Some(Obstacle::Nothing);
        }
        if mode != ImportMode::Create && !key.iter().any(|field| fields.contains(field)) {
            return Some(Obstacle::NoKey);
        }
        let missing: Vec<String> = targets
            .iter()
            .filter(|target| target.required && !fields.contains(&target.key))
            .map(|target| target.label.clone())
            .collect();
        (mode != ImportMode::Update && !missing.is_empty()).then_some(Obstacle::Required(missing))
    }
}

/// What stands in the way of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Every column is left out.
    Nothing,
    /// Records can't be found again without a key.
    NoKey,
    /// These required fields have no column.
    Required(Vec<String>),
}

impl Obstacle {
    pub fn sentence(&self) -> String {
        match self {
            Obstacle::Nothing => text!("import-nothing-mapped"),
            Obstacle::NoKey => text!("import-no-key"),
            Obstacle::Required(labels) => {
                text!("import-required-missing", fields = i18n::listed(labels))
            }
        }
    }
}

/// A field that a column may go into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub key: String,
    pub label: String,
    pub kind: &'static str,
    /// A record without it is refused.
    pub required: bool,
}

/// The fields that a file may fill in this mode, labelled in the reader's language: those of sub-forms column by column, or
/// whole where the file `is_list`. Serial numbers find records to update; to new ones only who administers the app may
/// give them, or the state of an approved record.
pub(super) fn targets(form: &OpenForm, mode: ImportMode, administers: bool, is_list: bool) -> Vec<Target> {
    let editable = form.editable();
    let language = i18n::language();
    let may_number = administers || mode != ImportMode::Create;
    let is_open = |column: &&Column| {
        let may_edit = column.field.is_input() && editable.contains(&column.path);
        match column.field.kind {
            FieldKind::Serial(_) => may_number && form.info.may.fields.contains_key(&column.path),
            FieldKind::Subform(_) => is_list && may_edit,
            // Nobody signs by a file.
            FieldKind::Signature(_) => false,
            _ => may_edit,
        }
    };
    let system = |key: &str| Target {
        key: key.to_string(),
        label: system_label(key, language),
        kind: "text",
        required: false,
    };
    let may_approve = administers && mode == ImportMode::Create && form.info.flow.is_some();
    let state = may_approve.then(|| Target { kind: "select", ..system(FLOW_STATE) });
    let own = form.form.fields().filter(is_open).map(|column| Target {
        key: column.path.clone(),
        label: column.field.label.get(language).to_string(),
        kind: column.field.kind.name(),
        required: column.field.is_input() && column.field.required && column.field.default.is_none(),
    });
    let inner = form.form.fields().filter(|_| !is_list).flat_map(|subform| {
        let outer = subform.field.label.get(language).to_string();
        let columns = form.form.columns_of(&subform.path).filter(is_open);
        columns.map(move |column| Target {
            key: column.path.clone(),
            label: format!("{outer}{WITHIN}{}", column.field.label.get(language)),
            kind: column.field.kind.name(),
            required: false,
        })
    });
    own.chain(inner).chain(state).chain([system(RECORD_ID)]).collect()
}

/// The field, or the column of a sub-form, that a fault is about: `lines.2.qty` is `lines.qty`.
pub(super) fn column_at(path: &str) -> String {
    let parts = path.split('.').filter(|part| part.parse::<usize>().is_err());
    parts.collect::<Vec<_>>().join(".")
}

/// The table of columns: header, first values, field.
#[component]
pub(super) fn MappingTable(
    mapping: RwSignal<Mapping>,
    #[prop(into)] targets: Signal<Vec<Target>>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let left_out = Choice::new(LEFT_OUT, text!("import-leave-out"));
        let field = |target: Target| Choice::new(target.key, target.label).note(kind_name(target.kind));
        std::iter::once(left_out).chain(targets.get().into_iter().map(field)).collect::<Vec<_>>()
    });
    let line = move |place: usize| {
        let column = mapping.with_untracked(|mapping| mapping.columns().get(place).cloned());
        let ImportColumn { header, samples, .. } = column?;
        let field = Memo::new(move |_| {
            mapping.with(|mapping| mapping.columns().get(place).and_then(|column| column.field.clone()))
        });
        let choose = move |key: Option<String>| {
            let field = key.filter(|key| key != LEFT_OUT);
            mapping.update(|mapping| mapping.put(place, field));
        };
        let name = header.clone();
        Some(view! {
            <tr class:off=move || field.with(Option::is_none)>
                <td class="clip" title=header.clone()>{header.clone()}</td>
                <td class="phone-hide"><Samples samples=samples/></td>
                <td>
                    <Select
                        choices=choices
                        value=Signal::derive(move || Some(field.get().unwrap_or_default()))
                        on_change=choose
                        label=Signal::derive(t!("import-field-of", column = name))
                    />
                </td>
            </tr>
        })
    };
    // Another sheet has other lines, in the same places.
    let lines = move || {
        let known = |(place, column): (usize, &ImportColumn)| {
            (place, column.header.clone(), column.samples.first().cloned())
        };
        mapping.with(|mapping| mapping.columns().iter().enumerate().map(known).collect::<Vec<_>>())
    };
    view! {
        <div class="frame sheet-table">
            <table class="grid plain auto">
                <thead><tr><th>{t!("import-column")}</th><th class="phone-hide">{t!("import-samples")}</th><th>{t!("import-field")}</th></tr></thead>
                <tbody><For each=lines key=|line| line.clone() children=move |(place, ..)| line(place)/></tbody>
            </table>
        </div>
    }
}

/// The first values of a column, on one line.
#[component]
pub(super) fn Samples(samples: Vec<String>) -> impl IntoView {
    const SHOWN: usize = 3;
    let shown: Vec<String> = samples.into_iter().filter(|text| !text.trim().is_empty()).take(SHOWN).collect();
    let all = shown.join("\n");
    view! { <span class="samples muted" title=all>{shown.into_iter().map(|text| view! { <span>{text}</span> }).collect_view()}</span> }
}

/// The name of a kind for people.
pub(super) fn kind_name(kind: &str) -> String {
    i18n::lookup(&format!("designer-kind-{}", kind.replace('_', "-")), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(header: &str, field: Option<&str>) -> ImportColumn {
        ImportColumn { header: header.into(), field: field.map(str::to_string), samples: Vec::new() }
    }

    fn target(key: &str, required: bool) -> Target {
        Target { key: key.into(), label: key.into(), kind: "text", required }
    }

    #[test]
    fn a_field_is_filled_by_one_column_only() {
        let targets = [target("name", true), target("qty", false)];
        let columns = vec![column("A", Some("name")), column("B", Some("name")), column("C", Some("gone"))];
        let mut mapping = Mapping::new(columns, &targets);
        assert_eq!(mapping.fields(), ["name"]);
        mapping.put(2, Some("name".into()));
        assert_eq!(mapping.by_header(), BTreeMap::from([("C".to_string(), "name".to_string())]));
        mapping.put(0, None);
        assert_eq!(mapping.fields(), ["name"]);
        mapping.keep(&targets[..1]);
        assert_eq!(mapping.fields(), ["name"]);
        mapping.keep(&targets[1..]);
        assert!(mapping.fields().is_empty(), "what can't be filled any more is left out");
    }

    #[test]
    fn an_id_alone_is_nothing_to_import_and_rows_lead_to_their_columns() {
        let mapping = Mapping::new(vec![column("A", Some("$id"))], &[target("$id", false)]);
        assert_eq!(mapping.obstacle(ImportMode::Create, &[], &[]), Some(Obstacle::Nothing));
        assert_eq!((column_at("lines.2.qty"), column_at("qty")), ("lines.qty".into(), "qty".into()));
    }

    #[test]
    fn what_stands_in_the_way_is_said_before_anything_is_sent() {
        let targets = [target("name", true), target("qty", false)];
        let mapping = Mapping::new(vec![column("A", Some("qty"))], &targets);
        let required = Some(Obstacle::Required(vec!["name".to_string()]));
        let key = ["qty".to_string()];
        assert_eq!(mapping.obstacle(ImportMode::Create, &[], &targets), required);
        assert_eq!(mapping.obstacle(ImportMode::Update, &[], &targets), Some(Obstacle::NoKey));
        assert_eq!(mapping.obstacle(ImportMode::Update, &key, &targets), None);
        assert_eq!(mapping.obstacle(ImportMode::Upsert, &key, &targets), required);
        assert_eq!(Mapping::default().obstacle(ImportMode::Create, &[], &targets), Some(Obstacle::Nothing));
    }
}
