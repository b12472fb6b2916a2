//! What publishing would do to the records that are there.

use engine::value::Id;
use leptos::prelude::*;
use wire::{FieldPreview, FieldRemoved, PublishPreview, ValueFate, ValueSample};

use super::state::kind_name;
use super::uses::Uses;
use crate::ui::{Banner, Checkbox, Tone};
use crate::{i18n, t, text};

/// The values that change, are lost or come back; fields that go; formulas that may be computed at once.
#[component]
pub fn Preview(
    preview: PublishPreview,
    form: Id,
    /// Whether records that are there are computed anew after publishing.
    recompute: RwSignal<bool>,
    /// What was decided about it here.
    decided: RwSignal<Option<bool>>,
) -> impl IntoView {
    let PublishPreview { fields, removed, computed, recomputed, records, complete } = preview;
    let loses = fields.iter().any(|field| field.lost + field.changed > 0) || !removed.is_empty();
    let has_computed = !computed.is_empty();
    let names = move || {
        let names = computed.iter().map(|field| field.label.get(i18n::language()).to_string());
        i18n::listed(names)
    };
    let again = (!recomputed.is_empty()).then(|| {
        let names = move || {
            let names = recomputed.iter().map(|field| field.label.get(i18n::language()).to_string());
            i18n::listed(names)
        };
        view! { <p class="muted">{t!("designer-recomputed", fields = names())}</p> }
    });
    let computes = has_computed.then(|| {
        view! {
            <Checkbox checked=recompute on_change=move |on| decided.set(Some(on))>
                {move || text!("designer-compute-now", fields = names(), count = records)}
            </Checkbox>
            <p class="muted">{t!("designer-formula-note")}</p>
        }
    });
    view! {
        {(!complete).then(|| view! { <Banner tone=Tone::Warning>{t!("designer-preview-cut")}</Banner> })}
        {fields.into_iter().map(|field| view! { <FieldView field=field/> }).collect_view()}
        {removed.into_iter().map(|field| view! { <RemovedView field=field form=form/> }).collect_view()}
        {loses.then(|| view! { <p class="muted">{t!("designer-aside-note")}</p> })}
        {again}
        {computes}
    }
}

/// What becomes of the values of one field.
#[component]
fn FieldView(field: FieldPreview) -> impl IntoView {
    let label = field.label.clone();
    let (before, after) = (field.before.clone(), field.after.clone());
    let name = move || {
        let name = label.get(i18n::language()).to_string();
        match before == after {
            true => name,
            false => text!(
                "designer-preview-kind",
                name = name,
                before = kind_name(&before),
                after = kind_name(&after)
            ),
        }
    };
    let FieldPreview { kept, changed, lost, returned, missing, duplicates, unfit, samples, .. } = field;
    let unfit = unfit.into_iter().map(|unfit| {
        view! { <li class="warn-text">{move || text!("designer-preview-unfit", count = unfit.count, why = unfit.message.clone())}</li> }
    });
    let unfit = unfit.collect_view();
    view! {
        <section class="stack g1" data-field=field.path>
            <b>{name}</b>
            <ul class="stack g1">
                {(lost > 0).then(|| view! { <li class="bad-text">{t!("designer-preview-lost", count = lost)}</li> })}
                {(changed > 0).then(|| view! { <li class="warn-text">{t!("designer-preview-changed", count = changed)}</li> })}
                {(kept > 0).then(|| view! { <li>{t!("designer-preview-kept", count = kept)}</li> })}
                {(returned > 0).then(|| view! { <li>{t!("designer-preview-returned", count = returned)}</li> })}
                {unfit}
                {(missing > 0).then(|| view! { <li class="warn-text">{t!("designer-preview-missing", count = missing)}</li> })}
                {(duplicates > 0).then(|| view! { <li class="bad-text">{t!("designer-preview-duplicates", count = duplicates)}</li> })}
            </ul>
            {(!samples.is_empty()).then(|| view! { <Samples samples=samples/> })}
        </section>
    }
}

/// Some values before and after.
#[component]
fn Samples(samples: Vec<ValueSample>) -> impl IntoView {
    let line = |sample: ValueSample| {
        let fate = sample.fate;
        let new = sample.new;
        let becomes = move || match fate {
            ValueFate::Lost => text!("designer-fate-lost"),
            ValueFate::Unfit => text!("designer-fate-unfit"),
            ValueFate::Duplicate => text!("designer-fate-duplicate"),
            ValueFate::Changed | ValueFate::Returned => new.clone(),
        };
        view! { <tr><td class="wrap">{sample.old}</td><td class="wrap">{becomes}</td></tr> }
    };
    view! {
        <div class="frame fault-table" tabindex="0">
            <table class="grid plain auto">
                <thead><tr><th>{t!("designer-preview-now")}</th><th>{t!("designer-preview-then")}</th></tr></thead>
                <tbody>{samples.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A field that goes, with what uses it.
#[component]
fn RemovedView(field: FieldRemoved, form: Id) -> impl IntoView {
    let FieldRemoved { path, label, values, uses } = field;
    let name = move || text!("designer-preview-removed", name = label.get(i18n::language()), count = values);
    view! {
        <section class="stack g1" data-field=path>
            <b>{name}</b>
            {(!uses.is_empty()).then(|| view! {
                <p class="warn-text">{t!("designer-remove-used")}</p>
                <Uses uses=uses form=form/>
            })}
        </section>
    }
}
