//! A figure: its value or why there is none, and on asking its definition, inputs and records.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wire::Figure;

use super::table::with_unit;
use crate::chart::unit_text;
use crate::i18n::{self, group_digits};
use crate::ui::{Icon, IconSize, Popover};
use crate::{t, text};

/// Why a figure has no value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reason {
    pub code: String,
    /// The forms of which the reader sees nothing that counts.
    pub unseen: Vec<String>,
}

impl Reason {
    pub fn of(code: &str, unseen: &[String]) -> Reason {
        Reason { code: code.to_string(), unseen: unseen.to_vec() }
    }

    /// Whether it is about what the reader does not see.
    pub fn is_of_sight(&self) -> bool {
        matches!(self.code.as_str(), "NOT_READABLE" | "NONE_VISIBLE")
    }

    /// In words: with the forms, where it is about what the reader does not see, and they may know of them.
    pub fn text(&self) -> String {
        let forms = (!self.unseen.is_empty()).then(|| i18n::listed(&self.unseen));
        match (self.code.as_str(), forms) {
            ("NOT_READABLE", Some(forms)) => text!("reason-not-readable-of", forms = forms),
            ("NONE_VISIBLE", Some(forms)) => text!("reason-none-visible-of", forms = forms),
            (code, _) => {
                let key = format!("reason-{}", code.to_lowercase().replace('_', "-"));
                let words = i18n::lookup(&key, &[]);
                // A code without a sentence, such as a formula's error, is shown as it is.
                if words == key { code.to_string() } else { words }
            }
        }
    }
}

/// That the reader sees a part, of what where they may know of it.
pub fn scope_words(narrowed: &[String]) -> String {
    match narrowed {
        [] => text!("dashboard-scope-part"),
        forms => text!("report-scope-part", forms = i18n::listed(forms)),
    }
}

/// What stands at numbers that count what the reader sees, which is a part; nothing where they see all of it, or where the
/// reason that there is no number says it already.
pub fn part_note(narrowed: &[String]) -> Option<impl IntoView + use<>> {
    let forms = narrowed.to_vec();
    (!forms.is_empty()).then(|| {
        let words = move || text!("report-scope-part", forms = i18n::listed(&forms));
        view! { <p class="part-note"><Icon name="eye" size=IconSize::Small/><span>{words}</span></p> }
    })
}

/// What is said of a number in a line: its digits with the unit, or a dash and the reason that there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Value(String),
    /// With the reason, where one is known.
    Undefined(Option<Reason>),
}

impl Told {
    pub fn of(value: Option<&str>, unit: Option<&str>, reason: Option<Reason>) -> Told {
        match value {
            Some(value) => Told::Value(with_unit(value, unit)),
            None => Told::Undefined(reason),
        }
    }

    pub fn line(self) -> impl IntoView {
        let (class, number, reason) = match self {
            Told::Value(number) => ("num", number, None),
            Told::Undefined(reason) => ("num muted", "—".to_string(), reason),
        };
        let reason = reason.map(|why| view! { <span class="soft-text">{move || why.text()}</span> });
        view! { <div class="told"><b class=class>{number}</b>{reason}</div> }
    }
}

/// A number of more letters is written smaller where there is little room.
const LONG: usize = 9;

/// A number in large type with its unit, or a dash with the reason.
pub fn big(value: Option<&str>, unit: Option<&str>, reason: Option<Reason>) -> AnyView {
    match value {
        Some(value) => {
            let unit = unit.map(str::to_string);
            let unit = unit.map(|unit| view! { <small>{move || unit_text(&unit)}</small> });
            let class = if value.len() > LONG { "big long" } else { "big" };
            view! { <div class=class>{group_digits(value)}{unit}</div> }.into_any()
        }
        None => {
            let reason = reason.unwrap_or_default();
            view! {
                <div class="big muted">"—"</div>
                <div class="sub-line">{move || reason.text()}</div>
            }
            .into_any()
        }
    }
}

/// Opens and closes a note as the pointer comes and goes; a press keeps it open.
#[derive(Clone, Copy)]
pub struct Hover {
    pub open: RwSignal<bool>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

impl Hover {
    const COMING: Duration = Duration::from_millis(500);
    const GOING: Duration = Duration::from_millis(250);

    pub fn new() -> Hover {
        let hover = Hover { open: RwSignal::new(false), waiting: StoredValue::new(None) };
        on_cleanup(move || hover.forget());
        hover
    }

    fn forget(self) {
        if let Some(handle) = self.waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }

    fn later(self, open: bool, after: Duration) {
        self.forget();
        let handle = set_timeout_with_handle(
            move || {
                let _ = self.open.try_set(open);
            },
            after,
        );
        self.waiting.set_value(handle.ok());
    }

    /// A finger has no hover: it presses.
    pub fn comes(self, event: &leptos::ev::PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.later(true, Hover::COMING);
        }
    }

    pub fn goes(self, event: &leptos::ev::PointerEvent) {
        if event.pointer_type() == "mouse" {
            self.later(false, Hover::GOING);
        }
    }

    pub fn turn(self) {
        self.forget();
        self.open.update(|open| *open = !*open);
    }

    pub fn close(self) {
        self.forget();
        self.open.set(false);
    }
}

/// One figure. `on_records` is called with the input whose records are asked for.
#[component]
pub fn FigureCard(
    figure: Figure,
    /// Its class on the grid of 24 columns.
    width: &'static str,
    #[prop(into)] on_records: Callback<(Figure, String)>,
    #[prop(into)] as_of: String,
    #[prop(into)] period: Signal<String>,
) -> impl IntoView {
    let hover = Hover::new();
    let shown = StoredValue::new(figure.clone());
    let as_of = StoredValue::new(as_of);
    let details = move || {
        shown.with_value(|figure| {
            let inputs = figure.inputs.iter().map(|(name, value)| {
                let (asked, input) = (figure.clone(), name.clone());
                let ask = move |_| {
                    hover.close();
                    on_records.run((asked.clone(), input.clone()));
                };
                let label = figure.input_labels.get(name).unwrap_or(name).clone();
                match value {
                    Some(value) => view! {
                        <dt>{label}</dt>
                        <dd class="num"><button type="button" class="link" data-input=name.clone() on:click=ask>{group_digits(value)}</button></dd>
                    }
                    .into_any(),
                    None => view! { <dt>{label}</dt><dd class="num">"—"</dd> }.into_any(),
                }
            });
            let inputs = inputs.collect_view();
            view! {
                <h2>{figure.label.clone()}</h2>
                {Told::of(figure.value.as_deref(), figure.unit.as_deref(), reason_for(figure)).line()}
                <div class="soft-text">{figure.definition.clone()}</div>
                <dl>
                    {inputs}
                    <dt>{t!("report-period")}</dt>
                    <dd class="num">{period}</dd>
                    <dt>{t!("report-records")}</dt>
                    <dd class="num">{i18n::whole(figure.records)}</dd>
                    <dt>{t!("report-at")}</dt>
                    <dd class="num">{as_of.get_value()}</dd>
                </dl>
                {part_note(&figure.narrowed)}
            }
        })
    };
    let value = big(figure.value.as_deref(), figure.unit.as_deref(), reason_for(&figure));
    let note = figure.unseen.is_empty().then(|| part_note(&figure.narrowed)).flatten();
    // The number itself leads to its records, those of its first input before the others.
    let first = figure.inputs.iter().find(|(_, value)| value.is_some()).map(|(name, _)| name.clone());
    let value = match first {
        None => value,
        Some(first) => {
            let asked = figure.clone();
            let ask = move |_| {
                hover.close();
                on_records.run((asked.clone(), first.clone()));
            };
            let label = t!("report-show-records");
            view! { <button type="button" class="number" title=label on:click=ask>{value}</button> }
                .into_any()
        }
    };
    let named = Signal::stored(figure.label.clone());
    view! {
        <section
            class=format!("card figure {width} pos")
            data-figure=figure.key.clone()
            on:pointerenter=move |event| hover.comes(&event)
            on:pointerleave=move |event| hover.goes(&event)
        >
            <button type="button" class="name" aria-expanded=move || hover.open.get().to_string() on:click=move |_| hover.turn()>
                {figure.label.clone()}
                <Icon name="info" size=IconSize::Small/>
            </button>
            {value}
            {note}
            <Popover open=hover.open class="popover definition" label=named>{details}</Popover>
        </section>
    }
}

fn reason_for(figure: &Figure) -> Option<Reason> {
    Some(Reason::of(figure.reason.as_deref()?, &figure.unseen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_defined_is_told_with_its_reason() {
        assert_eq!(Told::of(Some("1234.50"), None, None), Told::Value("1,234.50".to_string()));
        let why = Some(Reason::of("NOT_WITHIN_HORIZON", &[]));
        assert_eq!(Told::of(None, Some("months"), why.clone()), Told::Undefined(why));
        i18n::set_language(i18n::Language::En);
        assert_eq!(Reason::of("NOT_WITHIN_HORIZON", &[]).text(), "Not paid back within the period");
        assert_eq!(Reason::of("OVERFLOW", &[]).text(), "OVERFLOW");
    }

    #[test]
    fn what_the_reader_does_not_see_is_named() {
        i18n::set_language(i18n::Language::En);
        let costs = ["Cost entry".to_string()];
        assert_eq!(Reason::of("NOT_READABLE", &costs).text(), "You may not see: Cost entry");
        assert_eq!(Reason::of("NONE_VISIBLE", &costs).text(), "None that you may see: Cost entry");
        assert_eq!(Reason::of("COST_ZERO", &costs).text(), "There is no cost");
    }
}
