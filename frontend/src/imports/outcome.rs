//! What an import did, or would do: counts, and the lines that are refused with the reasons.

use leptos::prelude::*;
use wire::{Imported, KeptRecord, RowFault, Undone};

use super::encoding_note::EncodingNote;
use crate::api::files;
use crate::ui::Icon;
use crate::{i18n, t};

/// Whether it has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    /// A dry run: nothing is stored yet.
    Would,
    Did,
}

/// Counts and faults of an import.
#[component]
pub(super) fn Outcome(
    outcome: Imported,
    tense: Tense,
    /// The label of the field at a path.
    #[prop(into)]
    label: Callback<String, String>,
) -> impl IntoView {
    let count = |name: Signal<String>, value: u64, class: &'static str| {
        view! { <div><dt>{name}</dt><dd class=format!("num {}", if value > 0 { class } else { "" })>{i18n::whole(value)}</dd></div> }
    };
    let error_file = outcome.error_file.map(|id| {
        view! {
            <a class="btn" href=files::address(id) download="">
                <Icon name="download"/>
                {t!("import-error-file")}
            </a>
        }
    });
    let shown = outcome.faults.len() as u64;
    let (created, updated) = match tense {
        Tense::Would => {
            (Signal::derive(t!("import-would-create")), Signal::derive(t!("import-would-update")))
        }
        Tense::Did => (Signal::derive(t!("import-created")), Signal::derive(t!("import-updated"))),
    };
    view! {
        <dl class="facts boxed">
            {count(created, outcome.created, "")}
            {count(updated, outcome.updated, "")}
            {count(Signal::derive(t!("import-unchanged")), outcome.unchanged, "")}
            {count(Signal::derive(t!("import-refused")), outcome.failed, "bad-text")}
        </dl>
        <EncodingNote encoding=Signal::stored(outcome.encoding)/>
        {(!outcome.faults.is_empty()).then(|| view! { <FaultTable faults=outcome.faults label=label/> })}
        {(outcome.failed > shown).then(|| view! { <p class="note muted">{t!("import-first-faults", count = shown)}</p> })}
        {error_file.map(|link| view! { <div class="row">{link}</div> })}
    }
}

/// What taking an import back came to.
#[component]
pub(super) fn UndoneView(undone: Undone) -> impl IntoView {
    let count = |name: Signal<String>, value: u64| {
        view! { <div><dt>{name}</dt><dd class="num">{i18n::whole(value)}</dd></div> }
    };
    // The same reason is told once, with how many records it is about.
    let mut reasons: Vec<(String, u64)> = Vec::new();
    for KeptRecord { message, .. } in undone.rows {
        match reasons.iter_mut().find(|(known, _)| *known == message) {
            Some((_, count)) => *count += 1,
            None => reasons.push((message, 1)),
        }
    }
    let reason = |(message, count): (String, u64)| {
        view! { <tr><td class="num">{i18n::whole(count)}</td><td class="wrap">{message}</td></tr> }
    };
    view! {
        <dl class="facts boxed">
            {count(Signal::derive(t!("import-undone-deleted")), undone.deleted)}
            {count(Signal::derive(t!("import-undone-restored")), undone.restored)}
            {count(Signal::derive(t!("import-undone-kept")), undone.kept)}
        </dl>
        {(!reasons.is_empty()).then(|| view! {
            <div class="frame fault-table" tabindex="0">
                <table class="grid plain auto">
                    <thead><tr><th class="num">{t!("import-undone-kept")}</th><th>{t!("import-reason")}</th></tr></thead>
                    <tbody>{reasons.into_iter().map(reason).collect_view()}</tbody>
                </table>
            </div>
        })}
    }
}

#[component]
fn FaultTable(faults: Vec<RowFault>, label: Callback<String, String>) -> impl IntoView {
    let line = move |fault: RowFault| {
        let path = fault.path.strip_prefix("fields.").unwrap_or(&fault.path).to_string();
        view! {
            <tr>
                <td class="num">{i18n::whole(fault.line)}</td>
                <td title=fault.column>{move || label.run(path.clone())}</td>
                <td class="wrap">{fault.value}</td>
                <td class="wrap">{fault.message}</td>
            </tr>
        }
    };
    view! {
        <div class="frame fault-table" tabindex="0">
            <table class="grid plain auto">
                <thead><tr><th class="num">{t!("import-line")}</th><th>{t!("import-field")}</th><th>{t!("import-value")}</th><th>{t!("import-reason")}</th></tr></thead>
                <tbody>{faults.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
