//! Trying the condition of an arm on a record: whether it holds, and which part of it made it so.

use engine::condition::Condition;
use leptos::prelude::*;
use wire::ExplainedLine;
use wire::flow_design::{TriedCondition, TryConditionInput};
use wire::records::{Query, Record};

use super::state::FlowDesigner;
use crate::api::{Problem, flows, records};
use crate::records::name_of;
use crate::ui::{Badge, Button, ButtonKind, Choice, ControlSize, Field, Icon, Loaded, Select, Tone};
use crate::{t, text};

/// How many of the newest records are offered.
pub const RECORDS: u32 = 50;

/// The newest records of the form.
pub async fn newest(designer: FlowDesigner) -> Result<Vec<Record>, Problem> {
    let query = Query { limit: Some(RECORDS), ..Query::default() };
    Ok(records::query(designer.form_id(), &query).await?.items)
}

/// Records as choices of a list.
pub fn record_choices(designer: FlowDesigner, records: &[Record]) -> Vec<Choice> {
    let form = designer.published_form();
    records.iter().map(|record| Choice::new(record.id.to_string(), name_of(&form, record))).collect()
}

/// A condition part by part, with what the record has there.
pub fn explained(lines: Vec<ExplainedLine>) -> impl IntoView {
    let line = |line: ExplainedLine| {
        let ExplainedLine { depth, holds, decides, text, found } = line;
        let indent = format!("{}px", depth * 12);
        let mark = if holds { "ok" } else { "close" };
        let said = if holds { text!("flows-holds") } else { text!("flows-holds-not") };
        view! {
            <li class="row note" class:strong=decides class:muted=!decides style:padding-left=indent>
                <span title=said><Icon name=mark/></span>
                <span class="grow">{text}</span>
                {found.map(|found| view! { <span class="muted">{found}</span> })}
            </li>
        }
    };
    view! { <ul class="stack g1 explained">{lines.into_iter().map(line).collect_view()}</ul> }
}

/// The button below a condition, and what it opens.
#[component]
pub fn TryOut(designer: FlowDesigner, when: Signal<Option<Condition>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let missing = Signal::derive(move || when.with(Option::is_none).then(t!("flows-no-condition")));
    view! {
        <div class="stack g2">
            <div>
                <Button
                    kind=ButtonKind::Ghost
                    size=ControlSize::Small
                    icon="play"
                    expanded=Signal::derive(move || open.get())
                    disabled_reason=missing
                    on_press=move |_| open.update(|open| *open = !*open)
                >
                    {t!("flows-try-condition")}
                </Button>
            </div>
            <Show when=move || open.get() && when.with(Option::is_some)>
                <Attempt designer=designer when=when/>
            </Show>
        </div>
    }
}

#[component]
fn Attempt(designer: FlowDesigner, when: Signal<Option<Condition>>) -> impl IntoView {
    let newest = LocalResource::new(move || newest(designer));
    let shown = move |records| view! { <OnRecord designer=designer when=when records=records/> };
    view! { <Loaded answer=newest view=shown/> }
}

#[component]
fn OnRecord(designer: FlowDesigner, when: Signal<Option<Condition>>, records: Vec<Record>) -> impl IntoView {
    let chosen = RwSignal::new(records.first().map(|record| record.id.to_string()));
    let is_empty = records.is_empty();
    let records = StoredValue::new(records);
    let choices = Signal::derive(move || records.with_value(|records| record_choices(designer, records)));
    let found = LocalResource::new(move || {
        let (when, id) = (when.get(), chosen.get().and_then(|id| id.parse().ok()));
        async move {
            let Some(when) = when else { return Ok(None) };
            let input = TryConditionInput { when, id };
            flows::try_condition(&designer.form_id().to_string(), &input).await.map(Some)
        }
    });
    let shown = |tried: Option<TriedCondition>| tried.map(told);
    if is_empty {
        return view! { <span class="help">{t!("flows-try-no-record")}</span> }.into_any();
    }
    let choose = move |key: Option<String>| chosen.set(key);
    view! {
        <Field label=t!("flows-trial-record")>
            <Select choices=choices value=chosen on_change=choose/>
        </Field>
        <div role="status"><Loaded answer=found lines=2 view=shown/></div>
    }
    .into_any()
}

fn told(tried: TriedCondition) -> impl IntoView {
    let (tone, words) = match tried.holds {
        true => (Tone::Success, text!("flows-holds")),
        false => (Tone::Danger, text!("flows-holds-not")),
    };
    let counted = text!("flows-matching", count = tried.matching, all = tried.records);
    view! {
        <div class="stack g2">
            <div class="row"><Badge tone=tone>{words}</Badge><span class="note muted">{counted}</span></div>
            {explained(tried.lines)}
        </div>
    }
}
