//! What stands beside a record: how its flow goes, what people say about it, and its history.

use leptos::prelude::*;
use wire::records::Record;

use super::rights::why_locked;
use super::{Comments, History};
use crate::api::forms::OpenForm;
use crate::fill::Titles;
use crate::inbox::{FlowTimeline, asking_page};
use crate::t;
use crate::ui::{Tab, Tabs};

/// The flow, the comments and the history of a record, as tabs. Raise `round` after each save.
#[component]
pub fn RecordSide(
    form: OpenForm,
    #[prop(into)] record: Signal<Record>,
    titles: Titles,
    #[prop(into)] round: Signal<u32>,
    /// Hears that the record holds an earlier version's values again.
    #[prop(into)]
    on_restored: Callback<Record>,
    /// Hears that its approval stands otherwise now.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let id = record.with_untracked(|record| record.id);
    let instance = Memo::new(move |_| {
        record.with(|record| record.system.flow.as_ref().map(|flow| flow.instance.to_string()))
    });
    let chosen = RwSignal::new(None::<&'static str>);
    let shown = Memo::new(move |_| match (chosen.get(), instance.get()) {
        (Some("flow") | None, Some(_)) => "flow",
        (Some("comments"), _) => "comments",
        _ => "history",
    });
    let form_id = form.info.id;
    let has_comments = form.form.sketch.document.settings.comments;
    let tabs = move || {
        let flow = instance.get().map(|_| Tab::new("flow", t!("record-flow")));
        let comments = has_comments.then(|| Tab::new("comments", t!("record-comments")));
        let tabs = flow.into_iter().chain([Tab::new("history", t!("record-history"))]).chain(comments);
        view! {
            <Tabs
                tabs=tabs.collect()
                selected=Signal::derive(move || shown.get().to_string())
                on_select=move |tab| chosen.set(Some(tab))
            />
        }
    };
    let form = StoredValue::new(form);
    let body = move || match shown.get() {
        "flow" => {
            let id = Signal::derive(move || instance.get().unwrap_or_default());
            let new_page = form.with_value(asking_page);
            view! { <FlowTimeline instance=id round=round new_page=new_page on_changed=on_changed/> }
                .into_any()
        }
        "comments" => view! { <Comments form=form_id record=id titles=titles/> }.into_any(),
        _ => {
            let may_edit =
                form.with_value(|form| record.with_untracked(|record| why_locked(form, record).is_none()));
            let restored = may_edit.then_some(on_restored);
            view! { <History form=form.get_value() record=id titles=titles round=round on_restored=restored/> }
                .into_any()
        }
    };
    view! {
        {tabs}
        <div class="side-body">{body}</div>
    }
}
