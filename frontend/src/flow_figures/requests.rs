//! The requests behind a number, in a drawer beside the page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flow_figures::FlowCase;

use super::scope::Question;
use super::words::lasting;
use crate::api::{Problem, flow_figures};
use crate::i18n;
use crate::inbox::FlowBadge;
use crate::t;
use crate::ui::{Button, ControlSize, Drawer, Empty, ProblemView, Skeleton};

/// What a figure counts, a page at a time, newest requests first. Each line opens the record.
#[component]
pub fn RequestsDrawer(
    app: String,
    form: String,
    question: Question,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let Question { title, told, which, scope } = question;
    let (form_id, scope) = (StoredValue::new(form.clone()), StoredValue::new(scope));
    let found = RwSignal::new(None::<Vec<FlowCase>>);
    let next = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        let (form, scope) = (form_id.get_value(), scope.get_value());
        spawn_local(async move {
            let answer = flow_figures::requests(&form, which, &scope, cursor.as_deref()).await;
            // The drawer may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    found.update(|found| found.get_or_insert_with(Vec::new).extend(page.items));
                    next.set(page.next);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let place = StoredValue::new(format!("/apps/{app}/forms/{form}/records"));
    let list = move || match (problem.get(), found.get()) {
        (Some(problem), _) => view! { <ProblemView problem=problem/> }.into_any(),
        (None, None) => view! { <Skeleton lines=6/> }.into_any(),
        (None, Some(cases)) if cases.is_empty() => {
            view! { <Empty icon="inbox" title=t!("flow-figures-no-requests")/> }.into_any()
        }
        (None, Some(cases)) => {
            let lines = cases.into_iter().map(|case| place.with_value(|place| line(place, case)));
            view! { <div class="behind">{lines.collect_view()}</div> }.into_any()
        }
    };
    let more = move || {
        next.get().map(|cursor| {
            let press = move |_| load(Some(cursor.clone()));
            view! { <Button size=ControlSize::Small busy=busy on_press=press>{t!("report-more")}</Button> }
        })
    };
    view! {
        <Drawer title=Signal::stored(title) class="behind-drawer" answers=true on_close=on_close>
            <div class="behind-head">
                <span class="muted">{t!("flow-figures-behind")}</span>
                <div class="told"><b class="num">{told}</b></div>
            </div>
            {list}
            {more}
        </Drawer>
    }
}

fn line(place: &str, case: FlowCase) -> impl IntoView + use<> {
    let who = case.assignee_name.or(case.submitter_name).unwrap_or_default();
    let ended = case.ended.as_deref().and_then(engine::value::parse_timestamp);
    let at = move || {
        let ended = ended.map(i18n::date_time);
        ended.unwrap_or_else(|| i18n::lookup("flow-figures-still", &[]))
    };
    let took = case.took;
    view! {
        <a class="behind-line flow-case" href=format!("{place}/{}", case.record) data-instance=case.instance.to_string()>
            <span class="grow flow-case-name">
                <span class="clip">{case.title}</span>
                <span class="note muted clip">{who}" · "{at}</span>
            </span>
            <FlowBadge state=case.state/>
            <span class="num amount">{move || lasting(took)}</span>
        </a>
    }
}
