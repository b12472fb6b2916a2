//! The sources of an aggregate table while it is designed: which form, which of its records, what tells them apart and
//! what is added up.

use std::sync::Arc;

use engine::aggregate::{AggregateFn, Dimension, GroupBy, SourceMeasure, SourceRule};
use engine::condition::Unit;
use engine::form::Form;
use leptos::prelude::*;

use super::called;
use super::fields::{
    Editor, FUNCTIONS, RemoveButton, TextField, choices_of, free_key, function_choices, is_single, is_time,
    read_key, takes, with_text_or_none,
};
use crate::conditions::ConditionBuilder;
use crate::i18n;
use crate::t;
use crate::ui::{Button, ButtonKind, Choice, ControlSize, Field, Select, wait_for};

const UNITS: [(Unit, &str); 5] = [
    (Unit::Year, "year"),
    (Unit::Quarter, "quarter"),
    (Unit::Month, "month"),
    (Unit::Week, "week"),
    (Unit::Day, "day"),
];

/// All sources, each in a card.
#[component]
pub fn Sources(editor: Editor, #[prop(into)] forms: Signal<Vec<Choice>>) -> impl IntoView {
    let cards = move || {
        editor.parts.track();
        let count = editor.document.with_untracked(|document| document.sources.len());
        (0..count).map(|place| view! { <SourceCard editor=editor place=place forms=forms/> }).collect_view()
    };
    let add = move |_| {
        let Some(form) = forms.with_untracked(|forms| forms.first().map(|form| form.key.clone())) else {
            return;
        };
        editor.reshape(|document| {
            let (group, measures) = Default::default();
            document.sources.push(SourceRule { form, rows: None, filter: None, group, measures });
        });
    };
    view! {
        <div class="stack g4">
            {cards}
            <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add>{t!("aggregate-add-source")}</Button></div>
        </div>
    }
}

#[component]
fn SourceCard(editor: Editor, place: usize, forms: Signal<Vec<Choice>>) -> impl IntoView {
    let source = move || editor.document.with(|document| document.sources.get(place).cloned());
    let change = move |change: &dyn Fn(&mut SourceRule)| {
        editor.set(|document| document.sources.get_mut(place).into_iter().for_each(change));
    };
    let form_key = Memo::new(move |_| source().map(|source| source.form).unwrap_or_default());
    wait_for(move || editor.knows_form(&form_key.get()));
    let choose_form = move |key: Option<String>| {
        let Some(form) = key else { return };
        // Nothing of another form fits this one.
        editor.reshape(|document| {
            if let Some(source) = document.sources.get_mut(place) {
                let (group, measures) = Default::default();
                *source = SourceRule { form: form.clone(), rows: None, filter: None, group, measures };
            }
        });
    };
    let remove = move |()| {
        editor.reshape(|document| {
            if place < document.sources.len() {
                document.sources.remove(place);
            }
        });
    };
    let inside = move || {
        let form = editor.form(&form_key.get())?;
        Some(
            view! { <SourceFields editor=editor place=place form=form change=Callback::new(move |rule: Change| change(&*rule.0))/> },
        )
    };
    view! {
        <section class="card">
            <div class="card-body stack g3" data-source=place>
                <div class="row">
                    <div class="grow">
                        <Select choices=forms value=Signal::derive(move || Some(form_key.get())) on_change=choose_form label=Signal::derive(t!("aggregate-form"))/>
                    </div>
                    <RemoveButton on_remove=remove/>
                </div>
                {inside}
            </div>
        </section>
    }
}

/// A change of a source.
#[derive(Clone)]
struct Change(Arc<dyn Fn(&mut SourceRule) + Send + Sync>);

impl Change {
    fn new(change: impl Fn(&mut SourceRule) + Send + Sync + 'static) -> Change {
        Change(Arc::new(change))
    }
}

/// What is read of a source's form.
#[component]
fn SourceFields(editor: Editor, place: usize, form: Arc<Form>, change: Callback<Change>) -> impl IntoView {
    let of = move || editor.document.with(|document| document.sources.get(place).cloned());
    let rows = Memo::new(move |_| of().and_then(|source| source.rows));
    let kept = StoredValue::new(form.clone());
    // Each record, or the rows of one of its sub-forms.
    let row_choices: Vec<Choice> =
        std::iter::once(Choice::new("", i18n::lookup("aggregate-each-record", &[])))
            .chain(form.fields().filter(|column| !column.field.columns().is_empty()).map(|column| {
                Choice::new(column.path.clone(), column.field.label.get(i18n::language()).to_string())
            }))
            .collect();
    let has_rows = row_choices.len() > 1;
    let choose_rows = move |key: Option<String>| {
        let rows = key.filter(|key| !key.is_empty());
        change.run(Change::new(move |source| source.rows = rows.clone()));
    };
    let filter = RwSignal::new(of().and_then(|source| source.filter));
    Effect::new(move |before: Option<()>| {
        let filter = filter.get();
        if before.is_some() {
            change.run(Change::new(move |source| source.filter = filter.clone()));
        }
    });
    let dimensions = move || {
        let known = editor.document.with_untracked(|document| document.dimensions.clone());
        let line = |dimension: Dimension| {
            view! { <GroupLine editor=editor place=place form=kept rows=rows dimension=dimension.key change=change/> }
        };
        known.into_iter().map(line).collect_view()
    };
    let measures = move || {
        let keys: Vec<String> = editor.document.with_untracked(|document| {
            document
                .sources
                .get(place)
                .map(|source| source.measures.keys().cloned().collect())
                .unwrap_or_default()
        });
        let line = |key: String| {
            view! { <MeasureLine editor=editor place=place form=kept rows=rows measure=key change=change/> }
        };
        keys.into_iter().map(line).collect_view()
    };
    let add_measure = move |_| {
        editor.reshape(|document| {
            let taken: Vec<String> = document
                .sources
                .iter()
                .flat_map(|source| source.measures.keys().cloned())
                .chain(document.measures.iter().map(|measure| measure.key.clone()))
                .chain(document.dimensions.iter().map(|dimension| dimension.key.clone()))
                .collect();
            let key = free_key("measure", taken.iter().map(String::as_str));
            if let Some(source) = document.sources.get_mut(place) {
                let measure = SourceMeasure { label: None, function: AggregateFn::Count, field: None };
                source.measures.insert(key, measure);
            }
        });
    };
    view! {
        {has_rows.then(|| view! {
            <Field label=t!("aggregate-rows")>
                <Select
                    choices=Signal::stored(row_choices)
                    value=Signal::derive(move || Some(rows.get().unwrap_or_default()))
                    on_change=choose_rows
                />
            </Field>
        })}
        <h3>{t!("aggregate-by")}</h3>
        {dimensions}
        <h3>{t!("aggregate-measures")}</h3>
        {measures}
        <div><Button kind=ButtonKind::Ghost size=ControlSize::Small icon="plus" on_press=add_measure>{t!("aggregate-add-measure")}</Button></div>
        <h3>{t!("aggregate-filter")}</h3>
        <ConditionBuilder form=Signal::stored(form) condition=filter/>
    }
}

/// What gives one dimension of a source.
#[component]
fn GroupLine(
    editor: Editor,
    place: usize,
    form: StoredValue<Arc<Form>>,
    rows: Memo<Option<String>>,
    dimension: String,
    change: Callback<Change>,
) -> impl IntoView {
    let key = StoredValue::new(dimension);
    let name = Signal::derive(move || {
        editor.document.with(|document| {
            let key = key.get_value();
            let known = document.dimensions.iter().find(|known| known.key == key);
            called(known.map(|known| &known.label), &key)
        })
    });
    let of = Memo::new(move |_| {
        editor.document.with(|document| {
            let source = document.sources.get(place)?;
            key.with_value(|key| source.group.get(key).cloned())
        })
    });
    let fields = Signal::derive(move || {
        let rows = rows.get();
        form.with_value(|form| choices_of(form, rows.as_deref(), |subject| is_single(subject.kind.shape())))
    });
    let has_days = Memo::new(move |_| {
        let path = of.get().map(|by| by.field).unwrap_or_default();
        let time = form.with_value(|form| {
            choices_of(form, rows.get().as_deref(), |subject| is_time(subject.kind.shape()))
        });
        time.iter().any(|choice| choice.key == path)
    });
    let set = move |by: Option<GroupBy>| {
        let key = key.get_value();
        change.run(Change::new(move |source| {
            match &by {
                Some(by) => source.group.insert(key.clone(), by.clone()),
                None => source.group.remove(&key),
            };
        }));
    };
    let choose_field = move |path: Option<String>| set(path.map(|field| GroupBy { field, unit: None }));
    let choose_unit = move |name: Option<String>| {
        let unit = UNITS.iter().find(|(_, key)| Some(*key) == name.as_deref()).map(|(unit, _)| *unit);
        set(of.get_untracked().map(|by| GroupBy { unit, ..by }));
    };
    let units = Signal::derive(|| {
        let choice =
            |(_, key): &(Unit, &str)| Choice::new(*key, i18n::lookup(&format!("aggregate-unit-{key}"), &[]));
        UNITS.iter().map(choice).collect::<Vec<_>>()
    });
    let unit = Signal::derive(move || {
        let unit = of.get()?.unit?;
        UNITS.iter().find(|(known, _)| *known == unit).map(|(_, key)| (*key).to_string())
    });
    view! {
        <div class="row">
            <span class="grow clip">{name}</span>
            <div class="grow">
                <Select
                    choices=fields
                    value=Signal::derive(move || of.get().map(|by| by.field))
                    on_change=choose_field
                    label=name
                />
            </div>
            {move || has_days.get().then(|| view! {
                <div class="grow">
                    <Select choices=units value=unit on_change=choose_unit clearable=true label=Signal::derive(t!("aggregate-unit"))/>
                </div>
            })}
        </div>
    }
}

/// One measure of a source.
#[component]
fn MeasureLine(
    editor: Editor,
    place: usize,
    form: StoredValue<Arc<Form>>,
    rows: Memo<Option<String>>,
    measure: String,
    change: Callback<Change>,
) -> impl IntoView {
    let key = StoredValue::new(measure.clone());
    let of = Memo::new(move |_| {
        editor.document.with(|document| {
            let source = document.sources.get(place)?;
            key.with_value(|key| source.measures.get(key).cloned())
        })
    });
    let set = move |edit: Arc<dyn Fn(&mut SourceMeasure) + Send + Sync>| {
        let key = key.get_value();
        change.run(Change::new(move |source| {
            if let Some(measure) = source.measures.get_mut(&key) {
                edit(measure);
            }
        }));
    };
    let function = Memo::new(move |_| of.get().map_or(AggregateFn::Count, |measure| measure.function));
    let fields = Signal::derive(move || {
        let rows = rows.get();
        let function = function.get();
        form.with_value(|form| {
            choices_of(form, rows.as_deref(), |subject| takes(function, subject.kind.shape()))
        })
    });
    let choose_function = move |name: Option<String>| {
        let chosen = FUNCTIONS.iter().find(|(_, key)| Some(*key) == name.as_deref());
        let Some((function, _)) = chosen.copied() else { return };
        set(Arc::new(move |measure: &mut SourceMeasure| {
            measure.function = function;
            measure.field = None;
        }));
    };
    let choose_field = move |path: Option<String>| {
        set(Arc::new(move |measure: &mut SourceMeasure| measure.field = path.clone()))
    };
    let rename = move |text: String| {
        let Some(new) = read_key(&text) else { return };
        let old = key.get_value();
        editor.reshape(|document| {
            let Some(source) = document.sources.get_mut(place) else { return };
            if !source.measures.contains_key(&new)
                && let Some(measure) = source.measures.remove(&old)
            {
                source.measures.insert(new, measure);
            }
        });
    };
    let label = move |text: String| {
        set(Arc::new(move |measure: &mut SourceMeasure| {
            measure.label = with_text_or_none(measure.label.as_ref(), &text)
        }));
    };
    let remove = move |()| {
        let key = key.get_value();
        editor.reshape(|document| {
            if let Some(source) = document.sources.get_mut(place) {
                source.measures.remove(&key);
            }
        });
    };
    let named = of.get_untracked().and_then(|measure| measure.label);
    let named = named.map(|label| label.get(i18n::language_now()).to_string()).unwrap_or_default();
    view! {
        <div class="row wrap">
            <TextField label=t!("aggregate-label") value=named on_change=label name="measure_label"/>
            <TextField label=t!("aggregate-key") value=measure on_change=rename name="measure_key"/>
            <Field label=t!("aggregate-fn") class="grow">
                <Select
                    choices=Signal::derive(function_choices)
                    value=Signal::derive(move || {
                        let function = function.get();
                        FUNCTIONS.iter().find(|(known, _)| *known == function).map(|(_, key)| (*key).to_string())
                    })
                    on_change=choose_function
                />
            </Field>
            <Field label=t!("aggregate-of") class="grow">
                <Select
                    choices=fields
                    value=Signal::derive(move || of.get().and_then(|measure| measure.field))
                    on_change=choose_field
                    clearable=true
                    placeholder=Signal::derive(t!("aggregate-of-all"))
                />
            </Field>
            <RemoveButton on_remove=remove/>
        </div>
    }
}
