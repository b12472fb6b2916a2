//! What a script did when it was tried out.

use engine::script::{Effect, MAX_OPERATIONS, MAX_READS, MAX_WRITES, Verb};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use wire::{Trial, TrialLine, TrialRead};

use super::page::Refused;
use crate::i18n::{group_digits, lookup};
use crate::ui::{Badge, Banner, Tone};
use crate::{t, text};

#[component]
pub fn Outcome(trial: Trial) -> impl IntoView {
    let Trial { effects, problem, ended, reads, log, used, unseen } = trial;
    let refused = problem.map(|problem| {
        let place = ended.map(|place| {
            view! { <p class="note">{text!("scripts-ended", script = place.script, line = place.line, column = place.column)}</p> }
        });
        view! { <Refused problem=problem/>{place} }
    });
    let done = refused.is_none().then(|| view! { <Banner tone=Tone::Success>{t!("scripts-done")}</Banner> });
    let sets = (!effects.sets.is_empty()).then(|| {
        view! { <section class="stack g2"><h2>{t!("scripts-sets")}</h2>{held(effects.sets)}</section> }
    });
    let nothing = effects.effects.is_empty();
    let lines = effects.effects.into_iter().map(effect_line).collect_view();
    let unseen =
        (unseen > 0).then(|| view! { <p class="note muted">{text!("scripts-unseen", count = unseen)}</p> });
    let log_lines = log.into_iter().map(|TrialLine { script, line, text, .. }| {
        view! { <li class="note code" translate="no"><span class="muted">{format!("{script}:{line} ")}</span>{text}</li> }
    });
    let log_lines: Vec<_> = log_lines.collect();
    let logged = (!log_lines.is_empty()).then(
        || view! { <section class="stack g2"><h2>{t!("scripts-log")}</h2><ul>{log_lines}</ul></section> },
    );
    let read_lines: Vec<_> = reads.into_iter().map(read_line).collect();
    let read = (!read_lines.is_empty()).then(
        || view! { <section class="stack g2"><h2>{t!("scripts-reads")}</h2><ul>{read_lines}</ul></section> },
    );
    let of = |used: u64, most: u64| {
        format!("{} / {}", group_digits(&used.to_string()), group_digits(&most.to_string()))
    };
    view! {
        <div class="stack g4" data-trial="true">
            {refused}{done}
            {sets}
            <section class="stack g2">
                <h2>{t!("scripts-effects")}</h2>
                {nothing.then(|| view! { <p class="note muted">{t!("scripts-effects-none")}</p> })}
                <ul class="stack g2">{lines}</ul>
                {unseen}
            </section>
            {logged}
            {read}
            <dl class="result">
                <dt>{t!("scripts-used-operations")}</dt><dd>{of(used.operations, MAX_OPERATIONS)}</dd>
                <dt>{t!("scripts-used-reads")}</dt><dd>{of(used.reads, MAX_READS)}</dd>
                <dt>{t!("scripts-used-writes")}</dt><dd>{of(used.writes, MAX_WRITES)}</dd>
                <dt>{t!("scripts-used-calls")}</dt><dd>{group_digits(&used.calls.to_string())}</dd>
                <dt>{t!("scripts-used-time")}</dt><dd>{text!("scripts-milliseconds", count = used.milliseconds)}</dd>
            </dl>
        </div>
    }
}

/// One record that was made, changed or removed.
pub fn effect_line(effect: Effect) -> impl IntoView {
    let Effect { verb, form, fields } = effect;
    let (key, tone) = match verb {
        Verb::Create => ("scripts-do-create", Tone::Success),
        Verb::Update => ("scripts-do-update", Tone::Info),
        Verb::Remove => ("scripts-do-remove", Tone::Danger),
    };
    let does = move || lookup(key, &[]);
    let shown = form.clone();
    view! {
        <li class="stack g1" data-effect=form>
            <div class="row"><Badge tone=tone>{does}</Badge><b class="code" translate="no">{shown}</b></div>
            {held(fields)}
        </li>
    }
}

/// Fields with what they hold, by their keys, as a script names them.
fn held(fields: Map<String, Json>) -> impl IntoView {
    let line = |(field, value): (String, Json)| {
        view! { <dt class="code">{field}</dt><dd class="code">{shown(&value)}</dd> }
    };
    let lines = fields.into_iter().map(line).collect_view();
    view! { <dl class="result" translate="no">{lines}</dl> }
}

/// A value as a script shows it.
pub fn shown(value: &Json) -> String {
    match value {
        Json::Null => "()".to_string(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn read_line(read: TrialRead) -> impl IntoView {
    let TrialRead { what, of, found } = read;
    let found = found.map(|found| format!(" → {found}"));
    view! { <li class="note code" translate="no">{format!("{what}(\"{of}\")")}<span class="muted">{found}</span></li> }
}
