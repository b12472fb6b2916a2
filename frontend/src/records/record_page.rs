//! A record as a page of its own.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use wire::records::Record;

use super::made::{MadeBanner, take_made};
use super::{
    LinkedLists, OwnerLine, RecordMenu, RecordPanel, RecordSide, app_param, form_param, list_place,
    open_record, title_of,
};
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::fill::Titles;
use crate::inbox::FlowBadge;
use crate::shell::{ShellContext, Top};
use crate::ui::{BesideTabs, Crumb, Loaded, Together, icon_or};
use crate::{i18n, recent, t};

#[component]
pub fn RecordPage() -> impl IntoView {
    let form = form_param();
    let params = use_params_map();
    let record = Memo::new(move |_| params.with(|params| params.get("record")).unwrap_or_default());
    let titles = Titles::default();
    let opened = LocalResource::new(move || {
        let (form, record) = (form.get(), record.get());
        async move {
            let form = forms::open(&form).await?;
            let record = open_record(&form, &record, titles).await?;
            Ok((form, record))
        }
    });
    let restored = move |_: Record| opened.refetch();
    let outdated = move |()| opened.refetch();
    let page = move |(form, record): (OpenForm, Record)| {
        view! { <Page form=form record=record titles=titles on_outdated=outdated on_restored=restored/> }
    };
    view! { <Loaded answer=opened view=page/> }
}

#[component]
fn Page(
    form: OpenForm,
    record: Record,
    titles: Titles,
    /// Opens it again with its form: that has become another one, or it stands otherwise in its approval.
    #[prop(into)]
    on_outdated: Callback<()>,
    /// Hears that it holds an earlier version's values again.
    #[prop(into)]
    on_restored: Callback<Record>,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let label = form.info.label.clone();
    let form_id = form.info.id;
    let shared = StoredValue::new(form.clone());
    let current = RwSignal::new(record.clone());
    let title = Signal::derive(move || {
        let name = shared.with_value(|form| {
            let values = current.with(|record| records::values(form, record));
            title_of(&form.form, &values, titles, i18n::language())
        });
        if name.is_empty() { t!("record-untitled")() } else { name }
    });
    let list = move || format!("/apps/{}/forms/{form_id}", app.get());
    list_place::leave_list(form_id);
    // To the list as it was left.
    let way_back = move || format!("{}{}", list(), list_place::query_of(form_id));
    let crumbs = Signal::derive(move || {
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(label.get(i18n::language()).to_string(), way_back()),
            Crumb::here(title.get()),
        ]
    });
    Effect::new(move |_| {
        let icon = shared.with_value(|form| icon_or(form.info.icon.as_deref(), "table"));
        let name = shared.with_value(|form| form.info.label.clone());
        let path = untrack(|| format!("{}/records/{}", list(), current.with(|record| record.id)));
        recent::visit(path, Some(name), title.get(), icon);
    });
    let gone = move |()| {
        let to = untrack(way_back);
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    let (here, show_again) = (untrack(|| format!("{}/records/{}", list(), record.id)), use_navigate());
    let back = move |_: Record| show_again(&here, Default::default());
    let rounds = RwSignal::new(0u32);
    let saved = move |record: Record| {
        current.set(record);
        rounds.update(|rounds| *rounds += 1);
    };
    let made = take_made(record.id);
    let (may_create, has_list) = (form.may("create"), form.may("view"));
    let record_id = record.id;
    let below = move || view! { <LinkedLists form=form_id record=record_id/> };
    let head = move || {
        // Until it is changed.
        let is_new = rounds.get_untracked() == 0;
        view! {
            {made.filter(|_| is_new).map(|is_submitted| view! {
                <MadeBanner is_submitted=is_submitted list=untrack(list) may_create=may_create has_list=has_list/>
            })}
            <div class="row">
                <h1 class="clip phone-hide" title=title>{title}</h1>
                {move || current.with(|record| record.system.flow.as_ref().map(|flow| flow.state.clone())).map(|state| view! { <FlowBadge state=state/> })}
            </div>
            <OwnerLine record=current titles=titles/>
        }
    };
    let (opened, stored) = (form.clone(), record.clone());
    let beside = RwSignal::new(false);
    let in_flow = Memo::new(move |_| current.with(|record| record.system.flow.is_some()));
    let side_name =
        Signal::derive(move || if in_flow.get() { t!("record-way")() } else { t!("record-history")() });
    view! {
        <Top crumbs=crumbs>
            <RecordMenu form=shared.get_value() record=current.into() titles=titles on_gone=gone on_back=back on_changed=on_outdated/>
        </Top>
        <div class="record-page" class:shows-side=move || beside.get()>
            <main class="record">
                <BesideTabs beside=beside thing=Signal::derive(t!("record-tab")) side=side_name/>
                <Together lines=12>
                    <RecordPanel form=opened record=stored titles=titles head=head below=below on_outdated=on_outdated on_saved=saved/>
                </Together>
            </main>
            <aside class="side">
                <RecordSide form=form record=current titles=titles round=rounds on_restored=on_restored on_changed=on_outdated/>
            </aside>
        </div>
    }
}
