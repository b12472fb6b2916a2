//! The page of a dashboard.

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use wire::{Dashboard, DashboardFilter, TileFrame};

use super::arrange::closed_up;
use super::filter::{FilterControl, chosen};
use super::tile::TileCard;
use crate::api::dashboards;
use crate::i18n;
use crate::records::app_param;
use crate::recycle_bin::{DeleteQuestion, Doomed};
use crate::report::address::Address;
use crate::report::behind::{Answer, Asked};
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, Crumb, Empty, IconButton, Loaded, MenuButton, MenuItem, Placement};
use crate::{recent, t};

#[component]
pub fn DashboardPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let route = use_params_map();
    let id = Memo::new(move |_| route.with(|route| route.get("dashboard")).unwrap_or_default());
    let address = Address::here();
    let answer = LocalResource::new(move || {
        let id = id.get();
        async move { dashboards::get(&id).await }
    });
    let again = RwSignal::new(0u32);
    let name = move || match answer.get() {
        Some(Ok(dashboard)) => dashboard.label.get(i18n::language()).to_string(),
        _ => String::new(),
    };
    let crumbs = Signal::derive(move || vec![shell.app_crumb(&app.get()), Crumb::here(name())]);
    Effect::new(move || {
        if let Some(Ok(dashboard)) = answer.get() {
            let path = format!("/apps/{}/dashboards/{}", app.get(), id.get());
            recent::visit(path, Some(dashboard.label), "", "trend");
        }
    });
    let asked = Asked::nothing();
    asked.goes_with(move || {
        id.track();
        address.all.track();
        again.track();
        i18n::language()
    });
    let tiles = move |dashboard: Dashboard| {
        if dashboard.tiles.is_empty() {
            return view! { <Empty icon="trend" title=t!("dashboard-empty")/> }.into_any();
        }
        let known = dashboard.filters.clone();
        let chosen = Memo::new(move |_| chosen(&known, address));
        let id = dashboard.id.to_string();
        let all = dashboard.tiles.len();
        let mut frames: Vec<TileFrame> = dashboard.tiles;
        frames.retain(|frame| frame.withheld.is_none());
        let left_out = all - frames.len();
        if frames.is_empty() {
            return view! { <Empty icon="lock" title=t!("dashboard-all-withheld")/> }.into_any();
        }
        if left_out > 0 {
            frames = closed_up(frames);
        }
        // On a phone tiles follow each other as they are read: from the top, from the left.
        frames.sort_by_key(|frame| (frame.at[1], frame.at[0]));
        let tiles = frames.into_iter().map(|frame| {
            view! {
                <TileCard
                    dashboard=id.clone()
                    frame=frame
                    filters=chosen
                    again=again
                    on_ask=move |question| asked.ask(question)
                />
            }
        });
        view! {
            <div class="dash board">{tiles.collect_view()}</div>
            {(left_out > 0).then(|| view! { <p class="note muted left-out">{t!("dashboard-withheld", count = left_out)}</p> })}
        }
        .into_any()
    };
    // The filters come with what lies below them: none pushes it down.
    let page = move |dashboard: Dashboard| {
        let id = dashboard.id.to_string();
        let control = move |filter: DashboardFilter| view! { <FilterControl dashboard=id.clone() filter=filter address=address/> };
        let filters: Vec<_> = dashboard.filters.iter().cloned().map(control).collect();
        view! {
            {(!filters.is_empty()).then(|| view! {
                <section class="filters" aria-label=t!("grid-filter")>{filters}</section>
            })}
            <div class="data" class:with-drawer=move || asked.is_open()>
                <main class="page"><div class="page-in wide">{tiles(dashboard)}</div></main>
                <Answer asked=asked/>
            </div>
        }
    };
    // The document is for those who administer the app.
    let doomed = Signal::derive(move || {
        let page = answer.get().and_then(Result::ok).filter(|page| page.document.is_some())?;
        let name = page.label.get(i18n::language()).to_string();
        Some(Doomed { name, path: format!("/dashboards/{}", page.id), app: None })
    });
    let deleting = RwSignal::new(false);
    let go = StoredValue::new(use_navigate());
    let deleted = move |()| {
        shell.dashboards.refetch();
        let to = format!("/apps/{}", app.get_untracked());
        go.with_value(|go| go(&to, Default::default()));
    };
    let delete = move || {
        doomed.with(Option::is_some).then(|| {
            view! {
                <span class="anchor">
                    <MenuButton icon="more" label=Signal::derive(t!("record-more")) placement=Placement::End>
                        <MenuItem icon="trash" danger=true on_choose=move |()| deleting.set(true)>{t!("bin-delete-dashboard")}</MenuItem>
                    </MenuButton>
                </span>
            }
        })
    };
    view! {
        <Top crumbs=crumbs>
            <IconButton icon="refresh" label=t!("report-again") on_press=move |_| again.update(|number| *number += 1)/>
            <Button icon="print" class="phone-hide" on_press=move |_| { let _ = window().print(); }>{t!("report-print")}</Button>
            {delete}
        </Top>
        <Loaded answer=answer view=page/>
        <DeleteQuestion open=deleting thing=doomed on_deleted=deleted/>
    }
}
