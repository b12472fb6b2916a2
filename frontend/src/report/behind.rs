//! The records behind a number.

use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use crate::api::reports;
use crate::t;
use crate::ui::{Drawer, Empty, Loaded};

/// Which number is asked about.
#[derive(Clone, PartialEq)]
pub struct Question {
    pub figure: String,
    pub input: String,
}

/// A drawer with the records that were added up.
#[component]
pub fn BehindDrawer(
    app: String,
    report: String,
    question: Question,
    params: Map<String, Json>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let asked = StoredValue::new((app, report, question, params));
    let answer = LocalResource::new(move || {
        let (app, report, question, params) = asked.get_value();
        async move { reports::behind(&app, &report, &question.figure, &question.input, &params).await }
    });
    let list = move |behind: reports::Behind| {
        if behind.items.is_empty() {
            return view! { <Empty icon="table" title=t!("report-no-records")/> }.into_any();
        }
        let app = asked.with_value(|(app, ..)| app.clone());
        let lines = behind
            .items
            .iter()
            .map(|record| {
                let href = format!("/apps/{app}/forms/{}/records/{}", behind.form, record.id);
                let title = behind.titles.get(&record.id.to_string()).cloned().unwrap_or_else(|| record.id.to_string());
                view! { <a class="list-card" href=href><span class="line"><b class="grow clip">{title}</b></span></a> }
            })
            .collect_view();
        view! { <div class="stack g1">{lines}</div> }.into_any()
    };
    view! { <Drawer title=Signal::derive(t!("report-behind")) on_close=on_close><Loaded answer=answer view=list/></Drawer> }
}
