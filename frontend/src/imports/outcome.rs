//! What an import did, or would do: counts, and the lines that are refused with the reasons.

use leptos::prelude::*;
use wire::{FaultGroup, Imported, KeptRecord, RowFault, Undone};

use super::encoding_note::EncodingNote;
use crate::api::files;
use crate::ui::Icon;
use crate::{i18n, t, text};

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
    let groups = groups_of(outcome.groups, outcome.faults);
    let (shown, told) = (groups.len() as u64, groups.iter().map(|group| group.count).sum::<u64>());
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
        {(shown > 0).then(|| view! { <FaultTable groups=groups label=label/> })}
        {(outcome.failed > told).then(|| view! { <p class="note muted">{t!("import-first-faults", count = shown)}</p> })}
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

/// The faults as they are shown: the same one once. What a job of an earlier version told has them row by row.
fn groups_of(groups: Vec<FaultGroup>, faults: Vec<RowFault>) -> Vec<FaultGroup> {
    let one = |fault: RowFault| {
        let RowFault { line, path, column, value, code, message } = fault;
        FaultGroup { path, column, value, code, message, count: 1, lines: vec![line] }
    };
    if groups.is_empty() { faults.into_iter().map(one).collect() } else { groups }
}

/// The lines of the file that a fault is on: `3`, or 「120 行：2、5、9 …」.
fn lines_of(group: &FaultGroup) -> String {
    let known = i18n::listed(group.lines.iter().map(|line| i18n::whole(*line)));
    let is_all = group.lines.len() as u64 >= group.count;
    match group.count {
        1 => known,
        count if is_all => text!("import-lines-all", count = count, lines = known),
        count => text!("import-lines-first", count = count, lines = known),
    }
}

#[component]
fn FaultTable(groups: Vec<FaultGroup>, label: Callback<String, String>) -> impl IntoView {
    let line = move |group: FaultGroup| {
        let path = group.path.strip_prefix("fields.").unwrap_or(&group.path).to_string();
        view! {
            <tr>
                <td class="num">{lines_of(&group)}</td>
                <td title=group.column>{move || label.run(path.clone())}</td>
                <td class="wrap">{group.value}</td>
                <td class="wrap">{group.message}</td>
            </tr>
        }
    };
    view! {
        <div class="frame fault-table" tabindex="0">
            <table class="grid plain auto">
                <thead><tr><th class="num">{t!("import-line")}</th><th>{t!("import-field")}</th><th>{t!("import-value")}</th><th>{t!("import-reason")}</th></tr></thead>
                <tbody>{groups.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
