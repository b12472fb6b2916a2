//! The page of a flow's figures.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wire::flow_figures::FlowFigures;

use super::charts::{Slowest, Trend};
use super::requests::RequestsDrawer;
use super::scope::{Question, choose, period, scope};
use super::tables::{PeriodTable, PersonTable, StepTable, step_name};
use super::totals::Totals;
use crate::api::flow_figures;
use crate::records::{app_param, form_param};
use crate::report::address::Address;
use crate::report::period::{Period, PeriodPicker};
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, Choice, ControlSize, Crumb, IconButton, Loaded, Select};
use crate::{i18n, t, text};

#[component]
pub fn FlowFiguresPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let (app, form) = (app_param(), form_param());
    let address = Address::here();
    let meant = Memo::new(move |_| scope(address));
    let asked = Memo::new(move |_| {
        let mut asked = meant.get();
        for name in ["compare", "unit"] {
            asked.extend(address.get(name).map(|value| (name, value)));
        }
        asked
    });
    let answer = LocalResource::new(move || {
        let (form, asked) = (form.get(), asked.get());
        async move { flow_figures::figures(&form, &asked).await }
    });
    let known = Memo::new(move |_| answer.get().and_then(Result::ok));
    let question = RwSignal::new(None::<Question>);
    // What was pressed, which has the focus back when the drawer is closed.
    let pressed = StoredValue::new_local(None::<web_sys::HtmlElement>);
    // Another period, step or version has other numbers.
    Effect::new(move |before: Option<()>| {
        asked.track();
        form.track();
        if before.is_some() {
            question.set(None);
        }
    });
    let crumbs = Signal::derive(move || {
        let form_name = known.with(|known| {
            known.as_ref().map(|known| known.form_label.get(i18n::language()).to_string()).unwrap_or_default()
        });
        let (app, form) = (app.get(), form.get());
        vec![
            shell.app_crumb(&app),
            Crumb::link(form_name, format!("/apps/{app}/forms/{form}")),
            Crumb::link(text!("flows-flow"), format!("/apps/{app}/forms/{form}/flow")),
            Crumb::here(text!("flow-figures-title")),
        ]
    });
    let as_of = move || {
        let at = known.with(|known| known.as_ref().and_then(|known| parse_timestamp(&known.as_of)));
        at.map(|at| text!("report-as-of", at = i18n::date_time(at)))
    };
    let ask = Callback::new(move |asked: Question| {
        pressed.set_value(document().active_element().and_then(|focused| focused.dyn_into().ok()));
        question.set(Some(asked));
    });
    let close = Callback::new(move |()| {
        question.set(None);
        if let Some(control) = pressed.try_update_value(Option::take).flatten() {
            let _ = control.focus();
        }
    });
    let body = move |found: FlowFigures| {
        let scope = meant.get_untracked();
        let (steps, people, periods) = (found.steps.clone(), found.people.clone(), found.periods.clone());
        let compared = found.compared.clone();
        view! {
            <div class="board-parts">
                <Totals found=found scope=scope.clone() ask=ask/>
                <div class="dash">
                    <Trend periods=periods.clone() scope=scope.clone() ask=ask/>
                    <Slowest steps=steps.clone() scope=scope.clone() ask=ask/>
                </div>
                <div class="dash">
                    <StepTable steps=steps compared=compared scope=scope.clone() choose=choose(address, "step") ask=ask/>
                    <PersonTable people=people scope=scope.clone() choose=choose(address, "person") ask=ask/>
                    <PeriodTable periods=periods scope=scope ask=ask/>
                </div>
                <p class="note muted">{t!("flow-figures-note")}</p>
            </div>
        }
    };
    let drawer = move || {
        let question = question.get()?;
        Some(
            view! { <RequestsDrawer app=app.get_untracked() form=form.get_untracked() question=question on_close=close/> },
        )
    };
    let again = move |_| {
        question.set(None);
        answer.refetch();
    };
    view! {
        <Top crumbs=crumbs>
            <span class="note muted nowrap phone-hide">{as_of}</span>
            <IconButton icon="refresh" label=t!("report-again") on_press=again/>
        </Top>
        <Filters address=address known=known/>
        <div class="data" class:with-drawer=move || question.with(Option::is_some)>
            <main class="page"><div class="page-in wide"><Loaded answer=answer view=body/></div></main>
            {drawer}
        </div>
    }
}

/// What the figures are narrowed to.
#[component]
fn Filters(address: Address, known: Memo<Option<FlowFigures>>) -> impl IntoView {
    let now = Signal::derive(move || period(address));
    let change = move |period: Period| {
        address.set("period", (period != Period::All).then(|| period.written()));
    };
    let versions = Signal::derive(move || {
        let versions = known.with(|known| known.as_ref().map(|known| known.versions.clone()));
        let choice = |one: wire::flow_figures::FlowVersionMade| {
            let choice = Choice::new(one.version.to_string(), text!("flows-version", version = one.version));
            if one.active { choice.note(text!("flow-figures-active")) } else { choice }
        };
        versions.unwrap_or_default().into_iter().map(choice).collect::<Vec<_>>()
    });
    let units = Signal::derive(move || {
        let words = [
            ("day", text!("flow-figures-unit-day")),
            ("week", text!("flow-figures-unit-week")),
            ("month", text!("flow-figures-unit-month")),
            ("quarter", text!("flow-figures-unit-quarter")),
            ("year", text!("flow-figures-unit-year")),
        ];
        words.map(|(key, label)| Choice::new(key, label)).to_vec()
    });
    let chosen = move |name: &'static str| Signal::derive(move || address.get(name));
    let unit = Signal::derive(move || Some(address.get("unit").unwrap_or_else(|| "month".to_string())));
    let (all, none) =
        (Signal::derive(t!("flow-figures-all-versions")), Signal::derive(t!("flow-figures-compare-none")));
    let version_label = Signal::derive(t!("flow-figures-version"));
    let compare_label = Signal::derive(t!("flow-figures-compare"));
    let unit_label = Signal::derive(t!("flow-figures-unit"));
    let step = move || {
        let key = address.get("step")?;
        let name = known.with(|known| {
            let steps = known.as_ref().map(|known| known.steps.as_slice()).unwrap_or_default();
            steps.iter().find(|step| step.step == key).map(step_name)
        });
        let label = text!("flow-figures-only-step", name = name.unwrap_or(key));
        Some(view! { <Narrowed label=label clear=choose(address, "step")/> })
    };
    let person = move || {
        let id = address.get("person")?;
        let name = known.with(|known| {
            let people = known.as_ref().map(|known| known.people.as_slice()).unwrap_or_default();
            people.iter().find(|person| person.member.to_string() == id).map(|person| person.name.clone())
        });
        let label = text!("flow-figures-only-person", name = name.unwrap_or(id));
        Some(view! { <Narrowed label=label clear=choose(address, "person")/> })
    };
    view! {
        <section class="filters" aria-label=t!("grid-filter")>
            <PeriodPicker value=now on_change=change/>
            <span class="filter-select">
                <Select choices=versions value=chosen("version") on_change=choose(address, "version") placeholder=all clearable=true label=version_label size=ControlSize::Small/>
            </span>
            <span class="filter-select">
                <Select choices=versions value=chosen("compare") on_change=choose(address, "compare") placeholder=none clearable=true label=compare_label size=ControlSize::Small/>
            </span>
            <span class="filter-select narrow">
                <Select choices=units value=unit on_change=choose(address, "unit") label=unit_label size=ControlSize::Small/>
            </span>
            {step}
            {person}
        </section>
    }
}

/// Something that the figures are narrowed to, with a press that takes it away.
#[component]
fn Narrowed(label: String, clear: Callback<Option<String>>) -> impl IntoView {
    let press = move |_| clear.run(None);
    view! { <Button size=ControlSize::Small icon="close" on=Signal::stored(true) on_press=press>{label}</Button> }
}
