//! What a field is compared with, by its kind and the operator.

use engine::condition::{Operand, Operator, Relative, Unit};
use engine::field::{FieldKind, Reference, Shape};
use engine::value::{Date, Decimal, parse_timestamp};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::reference::{Place, ReferenceOperand};
use crate::fill::choices;
use crate::i18n;
use crate::t;
use crate::ui::{
    Choice, DateInput, DateRange, MomentInput, MultiSelect, NamedRange, NumberInput, NumberRange, Select,
    TextInput, TimeInput,
};

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

/// Those of which a range begins and ends on days that somebody may want to change afterwards.
const RANGES: [Relative; 9] = [
    Relative::Today,
    Relative::ThisWeek,
    Relative::ThisMonth,
    Relative::ThisQuarter,
    Relative::ThisYear,
    Relative::PreviousWeek,
    Relative::PreviousMonth,
    Relative::PreviousQuarter,
    Relative::PreviousYear,
];

fn name_of(relative: Relative) -> String {
    serde_json::to_value(relative).ok().and_then(|json| json.as_str().map(str::to_string)).unwrap_or_default()
}

/// The input for a condition's value. It says nothing until the value is whole.
#[component]
pub fn OperandInput(
    place: Place,
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
    let is_department = kind.reference() == Some(Reference::Department);
    if op == Operator::Within && !is_department && kind.shape() != Shape::Key {
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
    // Choices that another form gives are written as they are.
    let is_listed = kind.choices_from().is_none();
    match kind.shape() {
        Shape::Key | Shape::Keys if is_listed && op.takes_list() => {
            let chosen = RwSignal::new(texts);
            let options = Signal::derive(move || choices(&kind, i18n::language()));
            let choose = move |keys: Vec<String>| {
                chosen.set(keys.clone());
                say((!keys.is_empty()).then(|| json!(keys)));
            };
            view! { <MultiSelect choices=options value=chosen on_change=choose label=label/> }.into_any()
        }
        Shape::Key | Shape::Keys if is_listed => {
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
            let of = kind.reference();
            let many = op.takes_list() || op == Operator::Within;
            view! { <ReferenceOperand place=place of=of many=many start=start on_change=on_change/> }
                .into_any()
        }
        shape @ (Shape::Decimal(_) | Shape::Day | Shape::Instant | Shape::TimeOfDay)
            if op == Operator::Between =>
        {
            let start = [0, 1].map(|end| texts.get(end).cloned().unwrap_or_default());
            let enter = move |ends: [String; 2]| {
                // One end alone is kept, and no condition yet.
                say(match ends.iter().filter(|end| !end.is_empty()).count() {
                    0 => None,
                    1 => Some(json!(ends)),
                    _ => Some(json!(in_order(ends, shape))),
                });
            };
            two_values(shape, start, Callback::new(enter))
        }
        shape @ (Shape::Decimal(_) | Shape::Day | Shape::Instant | Shape::TimeOfDay) if !op.takes_list() => {
            let enter = move |entered: String| say((!entered.is_empty()).then_some(Json::String(entered)));
            one_value(shape, texts.first().cloned().unwrap_or_default(), label, Callback::new(enter))
        }
        Shape::Nothing
        | Shape::Key
        | Shape::Keys
        | Shape::Text
        | Shape::LongText
        | Shape::Markup
        | Shape::Parts
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

/// Two ends, the lower one first: who turns them round means the same.
fn in_order(ends: [String; 2], shape: Shape) -> [String; 2] {
    let [from, to] = &ends;
    let turned = match shape {
        Shape::Decimal(_) => {
            matches!((from.parse::<Decimal>(), to.parse::<Decimal>()), (Ok(from), Ok(to)) if from > to)
        }
        Shape::Instant => {
            matches!((parse_timestamp(from), parse_timestamp(to)), (Some(from), Some(to)) if from > to)
        }
        // Days and months are written so that their texts have their order.
        _ => from > to,
    };
    let [from, to] = ends;
    if turned { [to, from] } else { [from, to] }
}

/// The input for the ends of a range.
fn two_values(shape: Shape, start: [String; 2], on_enter: Callback<[String; 2]>) -> AnyView {
    let ends = RwSignal::new(start);
    let enter = move |entered: [String; 2]| {
        ends.set(entered.clone());
        on_enter.run(entered);
    };
    match shape {
        Shape::Day => {
            view! { <DateRange value=ends on_change=enter named=named_ranges(i18n::today())/> }.into_any()
        }
        Shape::Decimal(_) => view! { <NumberRange value=ends on_input=enter/> }.into_any(),
        _ => {
            let input = move |end: usize, label: Signal<String>| {
                let start = ends.with_untracked(|ends| ends.get(end).cloned().unwrap_or_default());
                let enter_one = move |entered: String| {
                    let mut both = ends.get_untracked();
                    if let Some(end) = both.get_mut(end) {
                        *end = entered;
                    }
                    enter(both);
                };
                one_value(shape, start, label, Callback::new(enter_one))
            };
            view! {
                <div class="row grow">
                    {input(0, Signal::derive(t!("ui-range-from")))}
                    <span aria-hidden="true">"–"</span>
                    {input(1, Signal::derive(t!("ui-range-to")))}
                </div>
            }
            .into_any()
        }
    }
}

/// The periods around a day that people call by name, with their ends as they are on that day.
pub fn named_ranges(today: Date) -> Vec<NamedRange> {
    let named = |relative: &Relative| {
        let (from, after) = relative.range(today, 1);
        let key = format!("period-{}", name_of(*relative).replace('_', "-"));
        let name = Signal::derive(move || i18n::lookup(&key, &[]));
        NamedRange { name, from, to: Unit::Day.step(after, -1) }
    };
    RANGES.iter().map(named).collect()
}

/// The input for one number, day or moment.
fn one_value(shape: Shape, start: String, label: Signal<String>, on_enter: Callback<String>) -> AnyView {
    let text = RwSignal::new(start);
    let enter = move |entered: String| {
        text.set(entered.clone());
        on_enter.run(entered);
    };
    match shape {
        Shape::Day => view! { <DateInput value=text on_change=enter label=label/> }.into_any(),
        Shape::Instant => view! { <MomentInput value=text on_change=enter label=label/> }.into_any(),
        Shape::TimeOfDay => view! { <TimeInput value=text on_change=enter label=label/> }.into_any(),
        _ => view! { <NumberInput value=text on_input=enter label=label/> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_are_put_in_order() {
        let ordered =
            |from: &str, to: &str, shape| in_order([from.to_string(), to.to_string()], shape).join(" ");
        assert_eq!(ordered("100", "20", Shape::Decimal(2)), "20 100");
        assert_eq!(ordered("20", "100", Shape::Decimal(2)), "20 100");
        assert_eq!(ordered("2026-12-31", "2026-10-01", Shape::Day), "2026-10-01 2026-12-31");
    }

    #[test]
    fn periods_have_their_first_and_their_last_day() {
        Owner::new().with(|| {
            let ranges = named_ranges(engine::value::parse_date("2026-11-22").unwrap());
            let ends = |at: usize| (ranges[at].from.to_string(), ranges[at].to.to_string());
            assert_eq!(ends(0), ("2026-11-22".to_string(), "2026-11-22".to_string()));
            assert_eq!(ends(2), ("2026-11-01".to_string(), "2026-11-30".to_string()));
            assert_eq!(ends(7), ("2026-07-01".to_string(), "2026-09-30".to_string()));
        });
    }
}
