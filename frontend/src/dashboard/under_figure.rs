//! What stands under a figure: how it went in the last periods, and how it stands to its target.

use leptos::prelude::*;
use wire::{SparkPoint, TargetReached};

use crate::chart::{SparkLine, unit_text};
use crate::i18n::{self, group_digits};
use crate::text;
use crate::ui::{Icon, Progress, Tone};

/// The last periods as a line; nothing where there are not two values to draw one between.
#[component]
pub fn Spark(points: Vec<SparkPoint>, unit: Option<String>) -> impl IntoView {
    let values: Vec<Option<f64>> =
        points.iter().map(|point| point.value.as_ref().and_then(|value| value.parse().ok())).collect();
    let known: Vec<&SparkPoint> = points.iter().filter(|point| point.value.is_some()).collect();
    let told = match known.as_slice() {
        [first, .., last] => Some((said(first, unit.as_deref()), said(last, unit.as_deref()))),
        _ => None,
    };
    told.map(|(first, last)| {
        let count = points.len();
        let label = Signal::derive(move || {
            text!("dashboard-spark", count = count, first = first.clone(), last = last.clone())
        });
        view! { <SparkLine values=values label=label/> }
    })
}

/// A period with its value.
fn said(point: &SparkPoint, unit: Option<&str>) -> String {
    let value = point.value.as_deref().map(group_digits).unwrap_or_default();
    let unit = unit.map(|unit| format!("\u{a0}{}", unit_text(unit))).unwrap_or_default();
    format!("{}: {value}{unit}", point.period)
}

/// The target, how much of it is reached, and in words whether that is enough: a colour alone tells nobody.
#[component]
pub fn Target(target: TargetReached) -> impl IntoView {
    let TargetReached { value, better, percent, met } = target;
    let is_limit = better == "lower";
    let wanted = group_digits(&i18n::trimmed(&value, 0));
    let words = move || match (met, is_limit) {
        (Some(true), false) => text!("dashboard-target-reached"),
        (Some(false), false) => text!("dashboard-target-not-reached"),
        (Some(true), true) => text!("dashboard-target-kept"),
        (Some(false), true) => text!("dashboard-target-passed"),
        (None, _) => text!("dashboard-target-unknown"),
    };
    let (class, icon) = match met {
        Some(true) => ("target met", "ok"),
        Some(false) => ("target missed", "warning"),
        None => ("target", "info"),
    };
    let tone = if met == Some(true) { Tone::Success } else { Tone::Warning };
    let part = percent.as_ref().and_then(|percent| percent.parse::<f64>().ok());
    let shown = percent.map(|percent| i18n::trimmed(&percent, 0));
    let line = move || match &shown {
        Some(percent) => text!("dashboard-target-percent", percent = percent.clone(), value = wanted.clone()),
        None => text!("dashboard-target", value = wanted.clone()),
    };
    let label = Signal::derive(words);
    let bar = part.map(|part| {
        let done = part.clamp(0.0, 100.0).round() as u64;
        view! { <Progress value=Signal::stored(done) max=Signal::stored(100) tone=tone label=label/> }
    });
    view! {
        <div class=class>
            {bar}
            <div class="sub-line"><span class="verdict"><Icon name=icon/>{words}</span><span>{line}</span></div>
        </div>
    }
}
