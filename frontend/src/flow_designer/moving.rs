//! Moving running requests to the newest version: which step becomes which, a trial, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::FlowDocument;
use engine::flow::document::Step;
use engine::text::Label;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::migration::{MigrateInput, Migrated, NotMigrated};

use super::state::FlowDesigner;
use crate::api::{Problem, files, flows};
use crate::draft_editor::Version;
use crate::imports::{Run, RunProgress};
use crate::records::app_param;
use crate::ui::{Banner, Button, ButtonKind, Choice, Field, Loaded, Select, Tone};
use crate::{i18n, t, text};

/// What stands for every older version.
const ALL: &str = "all";

/// A step of a version, by its key.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    key: String,
    kind: &'static str,
    label: Label,
}

impl Known {
    fn name(&self) -> String {
        let own = self.label.get(i18n::language()).to_string();
        if own.is_empty() { self.key.clone() } else { own }
    }
}

/// Every step of a document, also those inside of blocks.
fn steps(document: &FlowDocument) -> Vec<Known> {
    let mut found = Vec::new();
    collect(&document.steps, &mut found);
    found
}

fn collect(steps: &[Step], found: &mut Vec<Known>) {
    for step in steps {
        found.push(Known { key: step.key().to_string(), kind: step.kind(), label: step.label().clone() });
        for (_, inner) in step.arms() {
            collect(inner, found);
        }
    }
}

/// The steps of older versions that the newest does not have, each once.
fn gone(older: &[FlowDocument], newest: &FlowDocument) -> Vec<Known> {
    let there: BTreeSet<String> = steps(newest).into_iter().map(|step| step.key).collect();
    let mut seen = BTreeSet::new();
    let all = older.iter().flat_map(steps);
    all.filter(|step| !there.contains(&step.key) && seen.insert(step.key.clone())).collect()
}

/// What is mapped: the steps that are gone, and what they can become.
#[derive(Clone)]
struct Steps {
    gone: Vec<Known>,
    newest: Vec<Known>,
}

async fn load(form: String, older: Vec<i64>, newest: i64) -> Result<Steps, Problem> {
    let document = flows::version(&form, newest).await?;
    let mut documents = Vec::new();
    for version in older {
        documents.push(flows::version(&form, version).await?);
    }
    Ok(Steps { gone: gone(&documents, &document), newest: steps(&document) })
}

/// Moves requests that run an older version, after a trial.
#[component]
pub fn Moving(designer: FlowDesigner, versions: Vec<Version>) -> impl IntoView {
    let newest = versions.iter().find(|version| version.active).map_or(0, |version| version.number);
    let mut older: Vec<i64> = versions.iter().map(|version| version.number).collect();
    older.retain(|version| *version < newest);
    (!older.is_empty()).then(|| view! { <Body designer=designer older=older newest=newest/> })
}

#[component]
fn Body(designer: FlowDesigner, older: Vec<i64>, newest: i64) -> impl IntoView {
    let form = designer.form_id().to_string();
    let from = RwSignal::new(Some(ALL.to_string()));
    let map = RwSignal::new(BTreeMap::<String, String>::new());
    let report = RwSignal::new(None::<Migrated>);
    let run = Run::new();
    let older = StoredValue::new(older);
    let chosen = move || from.get().and_then(|key| key.parse::<i64>().ok());
    let choices = Signal::derive(move || {
        let one =
            |version: &i64| Choice::new(version.to_string(), text!("flows-version", version = *version));
        let all = Choice::new(ALL, text!("flows-moving-all"));
        let single = older.with_value(|older| older.iter().map(one).collect::<Vec<_>>());
        std::iter::once(all).chain(single).collect::<Vec<_>>()
    });
    let asked = StoredValue::new(form);
    let mapped = LocalResource::new(move || {
        let versions = chosen().map_or_else(|| older.get_value(), |one| vec![one]);
        load(asked.get_value(), versions, newest)
    });
    // Whatever is chosen otherwise has to be tried again.
    let choose = move |key: Option<String>| {
        from.set(key);
        map.set(BTreeMap::new());
        report.set(None);
    };
    let begin = move |dry_run: bool| {
        let input = MigrateInput {
            version: Some(newest),
            from: untrack(chosen),
            steps: map.get_untracked(),
            dry_run,
        };
        let form = asked.get_value();
        report.set(None);
        spawn_local(async move {
            let started = flows::migrate(&form, &input);
            let done = run.follow::<Migrated>(started, "flows-moving-cancelled").await;
            let _ = report.try_set(done.map(|(_, done)| done));
        });
    };
    let untried = Signal::derive(move || {
        let is_tried = report.with(|report| report.as_ref().is_some_and(|report| report.dry_run));
        (!is_tried).then(|| text!("flows-moving-try-first"))
    });
    let rows = move |found: Steps| view! { <Map steps=found map=map report=report/> };
    view! {
        <h3 class="prop-top">{t!("flows-moving")}</h3>
        <p class="soft-text">{t!("flows-moving-text", version = newest)}</p>
        {move || run.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
        <Field label=t!("flows-moving-from")>
            <Select choices=choices value=from on_change=choose/>
        </Field>
        <Loaded answer=mapped view=rows lines=2/>
        {move || run.running.get().then(|| view! {
            <RunProgress run=run label=Signal::derive(t!("flows-moving-running")) refused="flows-moving-left-so-far"/>
        })}
        <div class="row">
            <Button busy=run.running on_press=move |_| begin(true)>{t!("flows-moving-try")}</Button>
            <Button kind=ButtonKind::Primary busy=run.running disabled_reason=untried on_press=move |_| begin(false)>
                {t!("flows-moving-move")}
            </Button>
        </div>
        {move || report.get().map(|report| view! { <Report designer=designer report=report/> })}
    }
}

/// A line for each step that the newest version does not have.
#[component]
fn Map(
    steps: Steps,
    map: RwSignal<BTreeMap<String, String>>,
    report: RwSignal<Option<Migrated>>,
) -> impl IntoView {
    if steps.gone.is_empty() {
        return view! { <p class="muted">{t!("flows-moving-same-steps")}</p> }.into_any();
    }
    let Steps { gone, newest } = steps;
    let row = |step: Known| {
        let name = step.name();
        // A step becomes one of its own kind.
        let kind = step.kind;
        let fitting: Vec<Known> = newest.iter().filter(|other| other.kind == kind).cloned().collect();
        let key = StoredValue::new(step.key);
        let choices = Signal::derive(move || {
            fitting.iter().map(|other| Choice::new(other.key.clone(), other.name())).collect::<Vec<_>>()
        });
        let value = Signal::derive(move || map.with(|map| map.get(&key.get_value()).cloned()));
        let choose = move |chosen: Option<String>| {
            report.set(None);
            map.update(|map| match chosen {
                Some(chosen) => drop(map.insert(key.get_value(), chosen)),
                None => drop(map.remove(&key.get_value())),
            });
        };
        let label = Signal::stored(name.clone());
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>
                    <Select choices=choices value=value on_change=choose clearable=true label=label placeholder=Signal::derive(t!("flows-moving-no-place"))/>
                </td>
            </tr>
        }
    };
    let rows = gone.into_iter().map(row).collect_view();
    view! {
        <table class="grid plain auto">
            <thead><tr>
                <th scope="col">{t!("flows-moving-step")}</th>
                <th scope="col">{t!("flows-moving-becomes")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// What a trial found, or a move did.
#[component]
fn Report(designer: FlowDesigner, report: Migrated) -> impl IntoView {
    let app = app_param();
    let form = designer.form_id();
    let Migrated { dry_run, moved, failed, failures, reasons, error_file, .. } = report;
    let told = move || match dry_run {
        true => text!("flows-moving-tried", moved = moved, failed = failed),
        false => text!("flows-moving-moved", moved = moved, failed = failed),
    };
    let tone = if failed > 0 { Tone::Warning } else { Tone::Success };
    let reason = |reason: wire::migration::MigrationReason| {
        view! { <li>{reason.message}" ("{i18n::whole(reason.count)}")"</li> }
    };
    let line = move |one: NotMigrated| {
        let href = move || format!("/apps/{}/forms/{form}/records/{}", app.get(), one.record);
        view! {
            <tr>
                <td class="title"><a class="link" href=href>{one.title}</a></td>
                <td>{one.message}</td>
            </tr>
        }
    };
    let reasons = reasons.into_iter().map(reason).collect_view();
    let lines: Vec<_> = failures.into_iter().map(line).collect();
    let table = (!lines.is_empty()).then(|| {
        view! { <div class="sub-scroll"><table class="grid plain auto"><tbody>{lines}</tbody></table></div> }
    });
    view! {
        <div class="stack g2" role="status">
            <Banner tone=tone>{told}</Banner>
            <ul>{reasons}</ul>
            {table}
            {error_file.map(|file| view! {
                <a class="link" href=files::address(file) download="">{t!("flows-moving-table")}</a>
            })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(steps: Value) -> FlowDocument {
        FlowDocument::read(json!({"format": 1, "label": "f", "steps": steps})).unwrap()
    }

    fn approve(key: &str) -> Value {
        json!({"kind": "approve", "key": key, "label": key, "who": []})
    }

    #[test]
    fn what_the_newest_version_lacks_is_asked_for_also_inside_of_blocks() {
        let arm = |key: &str, steps: Value| json!({"key": key, "label": key, "steps": steps});
        let block = json!({"kind": "parallel", "key": "both", "label": "both",
            "arms": [arm("x", json!([approve("b")])), arm("y", json!([approve("c")]))]});
        let older = [document(json!([approve("a"), block])), document(json!([approve("b"), approve("d")]))];
        let newest = document(json!([approve("a"), approve("c")]));
        let keys: Vec<String> = gone(&older, &newest).into_iter().map(|step| step.key).collect();
        assert_eq!(keys, ["both", "b", "d"]);
        assert!(gone(&older[..0], &newest).is_empty());
    }
}
