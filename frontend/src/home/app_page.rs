//! The page of one app: its forms, dashboards and reports.

use leptos::prelude::*;
use leptos_router::components::A;
use wire::{DashboardSummary, FavouriteKind, Form, FormState, ReportSummary};

use super::next_steps::NextSteps;
use crate::parts::{self, DialogPart};
use crate::shell::{Related, ShellContext, Star, Top};
use crate::ui::{
    Badge, Button, ButtonKind, Crumb, Empty, Icon, IconButton, Loaded, Tile, Together, Tone, icon_or,
    wait_for,
};
use crate::{i18n, t};

#[component]
pub fn AppPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let name = move || {
        let label = shell.current_app().map(|app| app.label);
        label.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
    };
    let may_design = Memo::new(move |_| shell.current_app().is_some_and(|app| app.administrator));
    let has_flows = Memo::new(move |_| {
        let forms = shell.forms.get().and_then(Result::ok).unwrap_or_default();
        forms.iter().any(|form| form.flow.is_some())
    });
    let looking_in_bin = RwSignal::new(false);
    let new_form = move || {
        view! {
            <Button icon="table" class="phone-hide" on_press=move |_| shell.ask_for_form(true)>
                {t!("app-form-from-sheet")}
            </Button>
            <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| shell.ask_for_form(false)>
                {t!("app-new-form")}
            </Button>
            {settings_link(shell)}
            <IconButton icon="trash" label=Signal::derive(t!("grid-bin")) on_press=move |_| looking_in_bin.set(true)/>
        }
    };
    let bin = move || {
        let app = shell.current_app().filter(|app| app.administrator)?;
        let restored = move |()| {
            shell.forms.refetch();
            shell.dashboards.refetch();
            shell.reports.refetch();
            shell.aggregates.refetch();
        };
        let load = move || parts::app_bin(looking_in_bin, app.id, Callback::new(restored));
        Some(view! { <DialogPart open=looking_in_bin title=t!("grid-bin") load=load/> })
    };
    // Who designs nothing here may see no form, though there are some.
    let title = move || if may_design.get() { t!("app-no-forms")() } else { t!("app-no-forms-reader")() };
    let text =
        move || if may_design.get() { t!("app-no-forms-text")() } else { t!("app-no-forms-reader-text")() };
    let cards = move |forms: Vec<Form>| {
        if forms.is_empty() {
            view! {
                <div class="card">
                    <Empty icon="form" title=Signal::derive(title) text=Signal::derive(text)>
                        {move || may_design.get().then(|| view! {
                            <div class="row wrap">
                                <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| shell.ask_for_form(false)>{t!("app-new-form")}</Button>
                                <Button icon="table" on_press=move |_| shell.ask_for_form(true)>{t!("app-form-from-sheet")}</Button>
                            </div>
                        })}
                    </Empty>
                </div>
            }
            .into_any()
        } else {
            let app = shell.app_key.get_untracked().unwrap_or_default();
            let cards = forms.into_iter().map(|form| form_card(&app, form)).collect_view();
            view! { <div class="cards-3">{cards}</div> }.into_any()
        }
    };
    let knows_forms =
        Memo::new(move |_| shell.apps.with(Option::is_some) && shell.forms.with(Option::is_some));
    view! {
        <Top crumbs=Signal::derive(move || vec![Crumb::here(name())])>
            // All of them at once: none moves another one.
            {move || knows_forms.get().then(|| view! {
                {move || shell.current_app().map(|app| view! { <Star kind=FavouriteKind::App target=app.id.to_string()/> })}
                {move || has_flows.get().then(|| inbox_link(shell))}
                {move || may_design.get().then(new_form)}
            })}
        </Top>
        <main class="page">
            <div class="page-in wide stack g6">
                <Together>
                    <NextSteps goes=true/>
                    <Loaded answer=shell.forms view=cards/>
                    <Analysis/>
                    <RelatedForms/>
                </Together>
            </div>
        </main>
        {bin}
    }
}

/// The dashboards and reports of the app.
#[component]
fn Analysis() -> impl IntoView {
    let shell = ShellContext::expect();
    wait_for(move || shell.dashboards.with(Option::is_some) && shell.reports.with(Option::is_some));
    move || {
        let app = shell.app_key.get().unwrap_or_default();
        let dashboards = shell.dashboards.get().and_then(Result::ok).unwrap_or_default();
        let reports = shell.reports.get().and_then(Result::ok).unwrap_or_default();
        (!reports.is_empty() || !dashboards.is_empty()).then(|| {
            let pages = dashboards.into_iter().map(|page| dashboard_card(&app, page)).collect_view();
            let cards = reports.into_iter().map(|report| report_card(&app, report)).collect_view();
            view! {
                <section>
                    <h2>{t!("nav-analysis")}</h2>
                    <div class="cards-3 gap-top">{pages}{cards}</div>
                </section>
            }
        })
    }
}

/// The forms of the apps that this one builds on, app by app.
#[component]
fn RelatedForms() -> impl IntoView {
    let shell = ShellContext::expect();
    let of_app = |related: Related| {
        let href = format!("/apps/{}", related.app.key);
        let label = related.app.label;
        let cards = related.forms.into_iter().map(|form| form_card(&related.app.key, form)).collect_view();
        view! {
            <div class="stack g2">
                <h3><A href=href attr:class="link">{move || label.get(i18n::language()).to_string()}</A></h3>
                <div class="cards-3">{cards}</div>
            </div>
        }
    };
    move || {
        let all = shell.related.get().unwrap_or_default();
        (!all.is_empty()).then(|| {
            view! {
                <section class="stack g4">
                    <h2>{t!("nav-related")}</h2>
                    {all.into_iter().map(of_app).collect_view()}
                </section>
            }
        })
    }
}

/// The way to what waits in the app's approvals; on a phone the navigation of the app is folded away.
fn inbox_link(shell: ShellContext) -> impl IntoView + use<> {
    let href = move || format!("/inbox?app={}", shell.app_key.get().unwrap_or_default());
    view! {
        <a href=href class="btn ghost icon-only" aria-label=t!("nav-app-inbox") data-tip=t!("nav-app-inbox")>
            <Icon name="inbox"/>
        </a>
    }
}

/// The way to the settings of the app.
fn settings_link(shell: ShellContext) -> impl IntoView + use<> {
    let href = move || format!("/apps/{}/settings", shell.app_key.get().unwrap_or_default());
    view! {
        <a href=href class="btn ghost icon-only" aria-label=t!("app-settings") data-tip=t!("app-settings")>
            <Icon name="settings"/>
        </a>
    }
}

fn form_card(app: &str, form: Form) -> impl IntoView + use<> {
    let href = match form.state {
        FormState::Published => format!("/apps/{app}/forms/{}", form.id),
        FormState::Draft | FormState::Resting => format!("/apps/{app}/forms/{}/design", form.id),
    };
    let state = match form.state {
        FormState::Published => None,
        FormState::Draft => Some(view! { <Badge>{t!("app-draft")}</Badge> }.into_any()),
        FormState::Resting => {
            Some(view! { <Badge tone=Tone::Warning>{t!("app-form-rests")}</Badge> }.into_any())
        }
    };
    view! {
        <A href=href attr:class="card click">
            <span class="card-body row gap-4">
                <Tile icon=icon_or(form.icon.as_deref(), "table") colour=1 size="l"/>
                <span class="grow strong clip">{move || form.label.get(i18n::language()).to_string()}</span>
                {state}
            </span>
        </A>
    }
}

fn dashboard_card(app: &str, page: DashboardSummary) -> impl IntoView + use<> {
    let href = format!("/apps/{app}/dashboards/{}", page.id);
    view! {
        <A href=href attr:class="card click">
            <span class="card-body row gap-4">
                <Tile icon="trend" colour=7 size="l"/>
                <span class="grow strong clip">{move || page.label.get(i18n::language()).to_string()}</span>
            </span>
        </A>
    }
}

fn report_card(app: &str, report: ReportSummary) -> impl IntoView + use<> {
    let href = format!("/apps/{app}/reports/{}", report.key);
    view! {
        <A href=href attr:class="card click">
            <span class="card-body row gap-4">
                <Tile icon="chart" colour=9 size="l"/>
                <span class="grow strong clip">{move || report.label.get(i18n::language()).to_string()}</span>
            </span>
        </A>
    }
}
