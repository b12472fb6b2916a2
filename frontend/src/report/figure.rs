//! A figure: its value or why there is none, and on asking its definition, inputs and records.

use leptos::prelude::*;

use crate::api::reports::Figure;
use crate::i18n::{self, group_digits};
use crate::t;
use crate::ui::{Icon, IconSize, Popover};

/// The words for a reason that a figure has no value.
pub fn reason_text(code: &str) -> String {
    let key = format!("reason-{}", code.to_lowercase().replace('_', "-"));
    let words = i18n::lookup(&key, &[]);
    // A code without a sentence, such as a formula's error, is shown as it is.
    if words == key { code.to_string() } else { words }
}

/// One figure. `on_records` is called with the input whose records are asked for.
#[component]
pub fn FigureCard(figure: Figure, #[prop(into)] on_records: Callback<(String, String)>) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = StoredValue::new(figure.clone());
    let value = match &figure.value {
        Some(value) => {
            let unit = figure.unit.clone().filter(|unit| unit != "CNY");
            view! { <div class="big">{group_digits(value)}{unit.map(|unit| view! { <small>{unit}</small> })}</div> }.into_any()
        }
        None => {
            let reason = figure.reason.clone().unwrap_or_default();
            view! {
                <div class="big muted">"—"</div>
                <div class="sub-line">{move || reason_text(&reason)}</div>
            }
            .into_any()
        }
    };
    let details = move || {
        shown.with_value(|figure| {
            let key = figure.key.clone();
            let inputs = figure
                .inputs
                .iter()
                .map(|(name, value)| {
                    let (figure, input) = (key.clone(), name.clone());
                    let ask = move |_| {
                        open.set(false);
                        on_records.run((figure.clone(), input.clone()));
                    };
                    let value = value.as_deref().map_or("—".to_string(), group_digits);
                    view! {
                        <dt>{name.clone()}</dt>
                        <dd class="num"><button type="button" class="link" on:click=ask>{value}</button></dd>
                    }
                })
                .collect_view();
            view! {
                <h4>{figure.label.clone()}</h4>
                <div class="soft-text">{figure.definition.clone()}</div>
                <dl>
                    {inputs}
                    <dt>{t!("report-records")}</dt>
                    <dd class="num">{group_digits(&figure.records.to_string())}</dd>
                </dl>
            }
        })
    };
    view! {
        <section class="card figure w6 pos" data-figure=figure.key.clone()>
            <button
                type="button"
                class="name"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {figure.label.clone()}
                <Icon name="info" size=IconSize::Small/>
            </button>
            {value}
            <Popover open=open class="popover definition">{details}</Popover>
        </section>
    }
}
