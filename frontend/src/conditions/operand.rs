//! What a field is compared with, by its kind and the operator.

use engine::condition::{Operand, Operator, Relative, Variable};
use engine::field::{FieldKind, Shape};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use crate::fill::choices;
use crate::i18n;
use crate::t;
use crate::ui::{Choice, DateInput, MultiSelect, NumberInput, Select, TextInput};

/// Relative periods that people choose from.
const PERIODS: [Relative; 12] = [
    Relative::Today,
    Relative::Yesterday,
    Relative::Tomorrow,
    Relative::ThisWeek,
    Relative::ThisMonth,
    Relative::ThisQuarter,
    Relative::ThisYear,
    Relative::PreviousWeek,
    Relative::PreviousMonth,
    Relative::PreviousQuarter,
    Relative::PreviousYear,
    Relative::NextMonth,
];

fn name_of(relative: Relative) -> String {
    serde_json::to_value(relative).ok().and_then(|json| json.as_str().map(str::to_string)).unwrap_or_default()
}

/// The input for a condition's value. It says nothing until the value is whole.
#[component]
pub fn OperandInput(
    kind: FieldKind,
    op: Operator,
    start: Option<Operand>,
    #[prop(into)] on_change: Callback<Option<Operand>>,
) -> impl IntoView {
    let literal = match &start {
        Some(Operand::Literal(json)) => Some(json.clone()),
        _ => None,
    };
    let label = Signal::derive(t!("condition-value"));
    let say = move |json: Option<Json>| on_change.run(json.map(Operand::Literal));
    if op == Operator::Within {
        let chosen = RwSignal::new(match start {
            Some(Operand::Relative(relative, _)) => Some(name_of(relative)),
            _ => None,
        });
        let options = Signal::derive(move || {
            let choice = |relative: &Relative| {
                let name = name_of(*relative);
                let words = i18n::lookup(&format!("period-{}", name.replace('_', "-")), &[]);
                Choice::new(name, words)
            };
            PERIODS.iter().map(choice).collect::<Vec<_>>()
        });
        let choose = move |name: Option<String>| {
            chosen.set(name.clone());
            let relative = PERIODS.into_iter().find(|relative| Some(name_of(*relative)) == name);
            on_change.run(relative.map(|relative| Operand::Relative(relative, None)));
        };
        return view! { <Select choices=options value=chosen on_change=choose label=label/> }.into_any();
    }
    let texts: Vec<String> = match &literal {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).map(str::to_string).collect(),
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Bool(on)) => vec![on.to_string()],
        Some(Json::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    };
    match kind.shape() {
        Shape::Key | Shape::Keys if op.takes_list() => {
            let chosen = RwSignal::new(texts);
            let options = Signal::derive(move || choices(&kind, i18n::language()));
            let choose = move |keys: Vec<String>| {
                chosen.set(keys.clone());
                say((!keys.is_empty()).then(|| json!(keys)));
            };
            view! { <MultiSelect choices=options value=chosen on_change=choose label=label/> }.into_any()
        }
        Shape::Key | Shape::Keys => {
            let chosen = RwSignal::new(texts.first().cloned());
            let options = Signal::derive(move || choices(&kind, i18n::language()));
            let choose = move |key: Option<String>| {
                chosen.set(key.clone());
                say(key.map(Json::String));
            };
            view! { <Select choices=options value=chosen on_change=choose label=label/> }.into_any()
        }
        Shape::Bool => {
            let chosen = RwSignal::new(texts.first().cloned());
            let options = Signal::derive(move || {
                vec![Choice::new("true", t!("condition-yes")()), Choice::new("false", t!("condition-no")())]
            });
            let choose = move |key: Option<String>| {
                chosen.set(key.clone());
                say(key.map(|key| Json::Bool(key == "true")));
            };
            view! { <Select choices=options value=chosen on_change=choose label=label/> }.into_any()
        }
        Shape::Ref | Shape::Refs => {
            let me = matches!(start, Some(Operand::Var(Variable::Me)));
            let chosen = RwSignal::new(me.then(|| "me".to_string()));
            let options = Signal::derive(move || vec![Choice::new("me", t!("condition-me")())]);
            let choose = move |key: Option<String>| {
                chosen.set(key.clone());
                on_change.run(key.map(|_| Operand::Var(Variable::Me)));
            };
            view! { <Select choices=options value=chosen on_change=choose label=label/> }.into_any()
        }
        Shape::Day if !op.takes_list() => {
            let text = RwSignal::new(texts.first().cloned().unwrap_or_default());
            let entered = move |entered: String| {
                text.set(entered.clone());
                say((!entered.is_empty()).then_some(Json::String(entered)));
            };
            view! { <DateInput value=text on_change=entered label=label/> }.into_any()
        }
        Shape::Decimal(_) if !op.takes_list() => {
            let text = RwSignal::new(texts.first().cloned().unwrap_or_default());
            let entered = move |entered: String| {
                text.set(entered.clone());
                say((!entered.is_empty()).then_some(Json::String(entered)));
            };
            view! { <NumberInput value=text on_input=entered label=label/> }.into_any()
        }
        Shape::Nothing
        | Shape::Text
        | Shape::LongText
        | Shape::Decimal(_)
        | Shape::Day
        | Shape::Instant
        | Shape::TimeOfDay
        | Shape::Rows => {
            let list = op.takes_list();
            let text = RwSignal::new(texts.join(", "));
            let entered = move |entered: String| {
                text.set(entered.clone());
                let parts: Vec<String> = entered
                    .split([',', '，', '、'])
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .map(str::to_string)
                    .collect();
                let whole = match (list, parts.is_empty()) {
                    (_, true) => None,
                    (true, false) => Some(json!(parts)),
                    (false, false) => Some(Json::String(entered)),
                };
                say(whole);
            };
            view! { <TextInput value=text on_input=entered label=label/> }.into_any()
        }
    }
}
