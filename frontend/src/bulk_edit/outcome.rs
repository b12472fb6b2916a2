//! What a bulk edit did, or would do, and what taking it back did.

use engine::field::Shape;
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::bulk_edit::{BulkEdited, BulkFailure, BulkReason, BulkSample, Undone};

use crate::api::forms::OpenForm;
use crate::fill::{Titles, value_text};
use crate::{i18n, t, text};

/// Whether it has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// A preview: nothing is stored.
    Would,
    Did,
}

fn fact(name: Signal<String>, value: u64, is_bad: bool) -> impl IntoView {
    let class = if is_bad && value > 0 { "num bad-text" } else { "num" };
    view! { <div><dt>{name}</dt><dd class=class>{i18n::whole(value)}</dd></div> }
}

/// Counts, what changes of the first records, and why others fail.
#[component]
pub(super) fn Outcome(
    edited: BulkEdited,
    tense: Tense,
    form: StoredValue<OpenForm>,
    titles: Titles,
) -> impl IntoView {
    let (changed, failed) = match tense {
        Tense::Would => {
            (Signal::derive(t!("bulk-edit-would-change")), Signal::derive(t!("bulk-edit-would-fail")))
        }
        Tense::Did => (Signal::derive(t!("bulk-edit-changed")), Signal::derive(t!("bulk-edit-failed"))),
    };
    view! {
        <dl class="facts boxed">
            {fact(Signal::derive(t!("bulk-edit-matched")), edited.matched, false)}
            {fact(changed, edited.changed, false)}
            {fact(Signal::derive(t!("bulk-edit-unchanged")), edited.unchanged, false)}
            {fact(failed, edited.failed, true)}
        </dl>
        {(!edited.sample.is_empty()).then(|| view! { <Samples samples=edited.sample form=form titles=titles/> })}
        {(!edited.reasons.is_empty()).then(|| view! { <Reasons reasons=edited.reasons form=form/> })}
        {(!edited.failures.is_empty()).then(|| view! { <Failures failures=edited.failures all=edited.failed/> })}
    }
}

/// The first records that change, field by field.
#[component]
fn Samples(samples: Vec<BulkSample>, form: StoredValue<OpenForm>, titles: Titles) -> impl IntoView {
    let lines = samples.into_iter().flat_map(move |sample| {
        let title = sample.title;
        let changes = sample.changes.into_iter().enumerate();
        changes.map(move |(place, (path, change))| {
            // A record is named once.
            let title = if place == 0 { title_or_none(&title) } else { String::new() };
            let (old, new) =
                (text_at(form, titles, &path, change.old), text_at(form, titles, &path, change.new));
            view! {
                <tr>
                    <td>{title}</td>
                    <td>{move || label_of(form, &path)}</td>
                    <td class="wrap muted">{old}</td>
                    <td class="wrap">{new}</td>
                </tr>
            }
        })
    });
    let lines = lines.collect_view();
    view! {
        <div class="frame fault-table" tabindex="0">
            <table class="grid plain auto">
                <caption class="sr">{t!("bulk-edit-samples")}</caption>
                <thead><tr><th>{t!("bulk-edit-record")}</th><th>{t!("bulk-edit-field")}</th><th>{t!("bulk-edit-before")}</th><th>{t!("bulk-edit-after")}</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

/// Why records fail, each reason once.
#[component]
fn Reasons(reasons: Vec<BulkReason>, form: StoredValue<OpenForm>) -> impl IntoView {
    let line = move |reason: BulkReason| {
        let field = reason.field;
        let name = move || field.as_ref().map(|path| label_of(form, path)).unwrap_or_default();
        view! { <tr><td class="num">{i18n::whole(reason.count)}</td><td>{name}</td><td class="wrap">{reason.message}</td></tr> }
    };
    view! {
        <div class="frame fault-table" tabindex="0">
            <table class="grid plain auto">
                <thead><tr><th class="num">{t!("bulk-edit-records")}</th><th>{t!("bulk-edit-field")}</th><th>{t!("bulk-edit-reason")}</th></tr></thead>
                <tbody>{reasons.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The first records that fail.
#[component]
fn Failures(failures: Vec<BulkFailure>, all: u64) -> impl IntoView {
    let shown = failures.len() as u64;
    let line = |failure: BulkFailure| {
        view! { <tr><td>{title_or_none(&failure.title)}</td><td class="wrap">{failure.message}</td></tr> }
    };
    view! {
        <details>
            <summary class="link">{t!("bulk-edit-failures", count = shown)}</summary>
            <div class="frame fault-table" tabindex="0">
                <table class="grid plain auto">
                    <thead><tr><th>{t!("bulk-edit-record")}</th><th>{t!("bulk-edit-reason")}</th></tr></thead>
                    <tbody>{failures.into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            {(all > shown).then(|| view! { <p class="note muted">{t!("bulk-edit-first-failures", count = shown)}</p> })}
        </details>
    }
}

/// What became of the records when the change was taken back.
#[component]
pub(super) fn TakenBack(undone: Undone) -> impl IntoView {
    let left = undone.skipped + undone.failed;
    view! {
        <dl class="facts boxed">
            {fact(Signal::derive(t!("bulk-edit-restored")), undone.restored, false)}
            {fact(Signal::derive(t!("bulk-edit-skipped")), undone.skipped, false)}
            {fact(Signal::derive(t!("bulk-edit-failed")), undone.failed, true)}
        </dl>
        {(!undone.failures.is_empty()).then(|| view! { <Failures failures=undone.failures all=left/> })}
    }
}

fn title_or_none(title: &str) -> String {
    if title.is_empty() { text!("record-untitled") } else { title.to_string() }
}

fn label_of(form: StoredValue<OpenForm>, path: &str) -> String {
    let label = |form: &OpenForm| {
        form.form.column(path).map(|column| column.field.label.get(i18n::language()).to_string())
    };
    form.with_value(label).unwrap_or_else(|| path.to_string())
}

/// A value of a field as people read it; of rows, how many there are.
fn text_at(form: StoredValue<OpenForm>, titles: Titles, path: &str, json: Json) -> Signal<String> {
    let path = path.to_string();
    Signal::derive(move || {
        form.with_value(|form| match form.form.column(&path) {
            None => String::new(),
            Some(column) if column.shape == Shape::Rows => {
                text!("bulk-edit-rows", count = json.as_array().map_or(0, Vec::len))
            }
            Some(column) => value_text(column, &column.read_kind.read(&json), titles, i18n::language()),
        })
    })
}
