//! Which arms the newest records would take: an arm that none of them takes was never tried out.

use engine::flow::document::{ArmName, Part};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flow_design::{FlowCoverage, MissedArm};

use super::problems::jump;
use super::state::FlowDesigner;
use crate::api::flows;
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, ControlSize, Icon};
use crate::{i18n, t, text};

/// The part of the trial that walks many records at once.
#[component]
pub fn CoverageSection(designer: FlowDesigner) -> impl IntoView {
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let go = move |_| {
        busy.set(true);
        spawn_local(async move {
            let found = cover(designer).await;
            if busy.is_disposed() {
                return;
            }
            match found {
                Ok(found) => {
                    designer.coverage.set(Some(found));
                    wrong.set(None);
                }
                Err(why) => wrong.set(Some(why)),
            }
            busy.set(false);
        });
    };
    view! {
        <section class="stack g3 coverage">
            <h3>{t!("flows-coverage")}</h3>
            <span class="help">{t!("flows-coverage-help")}</span>
            <div><Button icon="chart" size=ControlSize::Small busy=busy on_press=go>{t!("flows-coverage-go")}</Button></div>
            {move || wrong.get().map(|why| view! { <p class="bad-text" role="alert">{why}</p> })}
            <div role="status">{move || designer.coverage.get().map(|found| told(designer, found))}</div>
        </section>
    }
}

async fn cover(designer: FlowDesigner) -> Result<FlowCoverage, String> {
    if !designer.save_now().await {
        return Err(text!("flows-trial-not-saved"));
    }
    flows::coverage(&designer.form_id().to_string()).await.map_err(|problem| problem.sentence())
}

fn told(designer: FlowDesigner, found: FlowCoverage) -> impl IntoView {
    let all = found.records;
    let end = |(state, count): (&String, &u32)| {
        let state = i18n::lookup(&format!("flows-outcome-{state}"), &[]);
        text!("flows-coverage-end", state = state, count = *count)
    };
    let ends = i18n::listed(found.ends.iter().map(end));
    let missed = |arm: &MissedArm| {
        let name = ArmName { step: arm.step.clone(), arm: arm.arm.clone() };
        let words = untrack(|| {
            text!(
                "flows-coverage-missed",
                arm = designer.name_of(&Part::Arm(name.clone())),
                step = designer.name_of(&Part::Step(name.step.clone()))
            )
        });
        view! {
            <li class="row">
                <span class="warn"><Icon name="warning"/></span>
                <span class="grow">{words}</span>
                <button type="button" class="link" on:click=move |_| jump(designer, &Part::Arm(name.clone()))>{t!("designer-go")}</button>
            </li>
        }
    };
    let nothing_missed = found.missed.is_empty() && all > 0;
    view! {
        <div class="stack g2">
            <span>{text!("flows-coverage-walked", count = all)}{(!ends.is_empty()).then(|| format!(" {ends}"))}</span>
            {(found.refused > 0).then(|| view! { <span class="bad-text">{text!("flows-coverage-refused", count = found.refused)}</span> })}
            {nothing_missed.then(|| view! { <span class="ok-text">{t!("flows-coverage-all")}</span> })}
            <ul class="stack g1">{found.missed.iter().map(missed).collect_view()}</ul>
        </div>
    }
}
