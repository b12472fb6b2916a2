//! The record beside the grid, and the way to the records above and below it.

use leptos::prelude::*;
use wire::records::Record;

use super::rows::Rows;
use super::state::GridState;
use crate::api::forms::OpenForm;
use crate::fill::Titles;
use crate::inbox::{FlowBadge, FlowTimeline, asking_page};
use crate::records::{
    Comments, History, LinkedLists, OwnerLine, RecordMenu, RecordPanel, app_param, open_record, title_of,
    why_locked,
};
use crate::ui::{ControlSize, Drawer, Icon, IconButton, Loaded, Tab, Tabs, Together};
use crate::{i18n, t};

#[component]
pub fn RecordDrawer(
    form: StoredValue<OpenForm>,
    record: String,
    state: GridState,
    titles: Titles,
    rows: Rows,
) -> impl IntoView {
    provide_context(state.leaving());
    let app = app_param();
    let id = form.with_value(|form| form.info.id);
    let key = StoredValue::new(record);
    let answer = LocalResource::new(move || {
        let (form, record) = (form.get_value(), key.get_value());
        async move { open_record(&form, &record, titles).await }
    });
    let current = RwSignal::new(None::<Record>);
    Effect::new(move |_| {
        if let Some(Ok(record)) = answer.get() {
            current.set(Some(record));
        }
    });
    let title = Signal::derive(move || {
        let Some(record) = current.get() else { return String::new() };
        let name = form.with_value(|form| {
            let values = crate::api::records::values(form, &record);
            title_of(&form.form, &values, titles, i18n::language())
        });
        if name.is_empty() { t!("record-untitled")() } else { name }
    });
    let close = move |()| state.open(None);
    let beside = move |step: isize| {
        let place = key.with_value(|key| rows.place_of(key))?;
        rows.at(place.checked_add_signed(step)?).map(|record| record.id.to_string())
    };
    let walk = move |step: isize| {
        if let Some(record) = untrack(|| beside(step)) {
            state.open(Some(record));
        }
    };
    let nowhere = move |step: isize, reason: fn() -> String| {
        Signal::derive(move || beside(step).is_none().then(reason))
    };
    let gone = move |()| {
        state.close();
        rows.refresh();
    };
    // What is on the screen starts again from what is stored now.
    let again = Callback::new(move |()| {
        answer.refetch();
        rows.refresh();
    });
    let restored = Callback::new(move |_: Record| again.run(()));
    let actions = move || {
        let page = format!("/apps/{}/forms/{id}/records/{}", app.get_untracked(), key.get_value());
        view! {
            <IconButton icon="up" label=Signal::derive(t!("grid-record-before")) size=ControlSize::Small
                disabled_reason=nowhere(-1, || t!("grid-no-record-before")()) on_press=move |_| walk(-1)/>
            <IconButton icon="down" label=Signal::derive(t!("grid-record-after")) size=ControlSize::Small
                disabled_reason=nowhere(1, || t!("grid-no-record-after")()) on_press=move |_| walk(1)/>
            <a class="btn ghost icon-only small" href=page aria-label=t!("grid-open") data-tip=t!("grid-open")><Icon name="open"/></a>
            {move || current.get().map(|record| view! {
                <RecordMenu form=form.get_value() record=Signal::stored(record) titles=titles size=ControlSize::Small on_gone=gone on_back=move |_: Record| rows.refresh() on_changed=again/>
            })}
        }
    };
    let tab = RwSignal::new("details");
    let round = RwSignal::new(0u32);
    let saved = move |record: Record| {
        current.set(Some(record));
        round.update(|round| *round += 1);
        rows.refresh();
    };
    let flow = Memo::new(move |_| current.with(|record| record.as_ref()?.system.flow.clone()));
    let has_flow = Memo::new(move |_| flow.with(Option::is_some));
    let has_comments = form.with_value(|form| form.form.sketch.document.settings.comments);
    let tabs = move || {
        let flow = has_flow.get().then(|| Tab::new("flow", t!("record-flow")));
        let comments = has_comments.then(|| Tab::new("comments", t!("record-comments")));
        let tabs = std::iter::once(Tab::new("details", t!("grid-record-details")))
            .chain(flow)
            .chain(comments)
            .chain([Tab::new("history", t!("record-history"))]);
        view! { <Tabs tabs=tabs.collect() selected=Signal::derive(move || tab.get().to_string()) on_select=move |key| tab.set(key)/> }
    };
    let body = move |record: Record| {
        let record_id = record.id;
        let may_edit = form.with_value(|form| why_locked(form, &record).is_none());
        let restored = may_edit.then_some(restored);
        let beside_it = move || {
            match (tab.get(), flow.get()) {
            ("flow", Some(flow)) => view! {
                <div class="drawer-body stack g4">
                    <div class="row"><FlowBadge state=flow.state/></div>
                    <FlowTimeline instance=Signal::stored(flow.instance.to_string()) round=round new_page=form.with_value(asking_page) on_changed=again/>
                </div>
            }
            .into_any(),
            ("comments", _) => view! {
                <div class="drawer-body"><Comments form=id record=record_id titles=titles/></div>
            }
            .into_any(),
            ("history", _) => view! {
                <div class="drawer-body"><History form=form.get_value() record=record_id titles=titles round=round on_restored=restored/></div>
            }
            .into_any(),
            _ => ().into_any(),
        }
        };
        let below = move || view! { <LinkedLists form=id record=record_id/> };
        let owned = Signal::stored(record.clone());
        let head = move || view! { <OwnerLine record=owned titles=titles/> };
        view! {
            {tabs}
            // What is typed stays while one looks at the history.
            <div class="contents" hidden=move || tab.get() != "details">
                <Together>
                    <RecordPanel form=form.get_value() record=record titles=titles body_class="drawer-body" head=head below=below on_saved=saved/>
                </Together>
            </div>
            {beside_it}
        }
    };
    view! {
        <Drawer title=title on_close=close actions=actions bare=true>
            <Loaded answer=answer view=body/>
        </Drawer>
    }
}
