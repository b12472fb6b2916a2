//! Charts, open calendars, and what stands in the place of something that can't be shown.

use jiff::civil::Date;
use leptos::prelude::*;
use wire::Problem;

use super::{Cell, Section};
use crate::chart::{BarList, ColumnChart, Donut, LineChart, Picture, Series};
use crate::ui::{
    BesideTabs, Calendar, Menu, MenuItem, MenuTitle, MonthGrid, ProblemCode, ProblemView, Stars,
};
use crate::{i18n, t, text};

/// Two numbers for each of some groups; the last one of the second is not there.
fn picture() -> Picture {
    let names = (1..=6).map(|number: u32| text!("gallery-option", number = number)).collect();
    let series = |colour: usize, values: [Option<i32>; 6]| Series {
        label: text!("gallery-option", number = colour),
        unit: None,
        colour,
        values: values.iter().map(|value| value.map(f64::from)).collect(),
        texts: values
            .iter()
            .map(|value| value.map_or("—".to_string(), |value| i18n::group_digits(&value.to_string())))
            .collect(),
    };
    let first = series(1, [Some(1200), Some(980), Some(1460), Some(1710), Some(1320), Some(1890)]);
    let second = series(2, [Some(700), Some(-120), Some(820), Some(940), Some(610), None]);
    Picture { names, series: vec![first, second] }
}

fn alone() -> Picture {
    let mut picture = picture();
    picture.series.truncate(1);
    picture
}

#[component]
pub fn Charts() -> impl IntoView {
    let label = || text!("gallery-charts");
    view! {
        <Section title=t!("gallery-charts")>
            {move || view! {
                <div class="demo"><div class="w-full"><ColumnChart picture=picture() label=label()/></div></div>
                <div class="demo"><div class="w-full"><LineChart picture=picture() label=label()/></div></div>
                <div class="demo">
                    <div class="w-320"><Donut picture=alone() label=label()/></div>
                    <div class="w-320"><BarList picture=alone() coloured=true/></div>
                </div>
            }}
        </Section>
    }
}

#[component]
pub fn Calendars() -> impl IntoView {
    let day = RwSignal::new(Date::new(2024, 11, 18).ok());
    let until = RwSignal::new(Date::new(2024, 11, 22).ok());
    let menu = RwSignal::new(false);
    view! {
        <Section title=t!("gallery-calendars")>
            <div class="demo">
                <Cell name=t!("gallery-day")>
                    <div class="calendar"><Calendar value=day on_pick=move |picked| day.set(Some(picked))/></div>
                </Cell>
                <Cell name=t!("gallery-day-range")>
                    <div class="calendar"><Calendar value=day until=until on_pick=move |picked| until.set(Some(picked))/></div>
                </Cell>
                <Cell name=t!("gallery-month")>
                    <div class="calendar"><MonthGrid value=day on_pick=move |picked| day.set(Some(picked))/></div>
                </Cell>
                <Cell name=t!("gallery-menu")>
                    <button type="button" class="btn" aria-expanded=move || menu.get().to_string() on:click=move |_| menu.update(|open| *open = !*open)>
                        {t!("gallery-menu")}
                    </button>
                    <Menu open=menu>
                        <MenuTitle>{t!("gallery-menu")}</MenuTitle>
                        <MenuItem checked=Signal::stored(true) on_choose=|()| ()>{t!("gallery-on")}</MenuItem>
                    </Menu>
                </Cell>
            </div>
        </Section>
    }
}

#[component]
pub fn Beside() -> impl IntoView {
    let beside = RwSignal::new(false);
    let problem = |status: u16| Problem {
        kind: String::new(),
        title: text!("gallery-problem"),
        status,
        code: "busy".to_string(),
        detail: text!("gallery-sentence"),
        request_id: String::new(),
        errors: Vec::new(),
        members: serde_json::Map::new(),
    };
    let troubles = move || {
        view! {
            <div class="card w-280"><ProblemView problem=problem(403)/></div>
            <div class="card w-280"><ProblemView problem=problem(503) on_retry=|()| ()/></div>
            <div class="card w-280"><ProblemCode problem=problem(503)/></div>
        }
    };
    view! {
        <Section title=t!("gallery-beside")>
            <div class="demo">{troubles}</div>
            <div class="demo">
                <Stars given=3 max=5/>
                <BesideTabs beside=beside thing=Signal::derive(t!("gallery-rest")) side=Signal::derive(t!("gallery-notes"))/>
            </div>
        </Section>
    }
}
