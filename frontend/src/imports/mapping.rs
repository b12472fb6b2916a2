//! Which column of a file goes into which field.

use std::collections::BTreeMap;

use engine::field::{FieldKind, Reference};
use engine::form::{Column, system_label};
use leptos::prelude::*;
use wire::{ImportColumn, ImportMode};

use crate::api::forms::OpenForm;
use crate::ui::{Choice, Select};
use crate::{i18n, t, text};

/// The key under which 「leave out」 stands in a select.
const LEFT_OUT: &str = "";

/// The state of a record in its flow, as a column may bring it.
pub(super) const FLOW_STATE: &str = "$flow_state";

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
        if fields.is_empty() {
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

/// The fields that a file may fill in this mode, labelled in the reader's language. Serial numbers find records to
/// update; to new ones only who administers the app may give them, or the state of an approved record.
pub(super) fn targets(form: &OpenForm, mode: ImportMode, administers: bool) -> Vec<Target> {
    let editable = form.editable();
    let language = i18n::language();
    let from_files = |column: &&Column| {
        let kind = &column.field.kind;
        let is_file = kind.reference() == Some(Reference::File);
        column.field.is_input() && !matches!(kind, FieldKind::Subform(_)) && !is_file
    };
    let may_number = administers || mode != ImportMode::Create;
    let is_open = |column: &&Column| match column.field.kind {
        FieldKind::Serial(_) => may_number && form.info.may.fields.contains_key(&column.path),
        _ => from_files(column) && editable.contains(&column.path),
    };
    let may_approve = administers && mode == ImportMode::Create && form.info.flow.is_some();
    let state = may_approve.then(|| Target {
        key: FLOW_STATE.to_string(),
        label: system_label(FLOW_STATE, language),
        kind: "select",
        required: false,
    });
    let fields = form.form.fields().filter(is_open);
    fields
        .map(|column| Target {
            key: column.path.clone(),
            label: column.field.label.get(language).to_string(),
            kind: column.field.kind.name(),
            required: column.field.is_input() && column.field.required && column.field.default.is_none(),
        })
        .chain(state)
        .collect()
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
    let places = move || 0..mapping.with(|mapping| mapping.columns().len());
    view! {
        <div class="frame sheet-table">
            <table class="grid plain auto">
                <thead><tr><th>{t!("import-column")}</th><th class="phone-hide">{t!("import-samples")}</th><th>{t!("import-field")}</th></tr></thead>
                <tbody><For each=places key=|place| *place children=line/></tbody>
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
