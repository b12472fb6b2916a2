//! Before a change of a group is stored: who gains and who loses what.

use std::cmp::Reverse;

use leptos::prelude::*;
use wire::records::Count;
use wire::{GroupChange, MemberChange, RightChange};

use crate::ui::{Badge, Button, ButtonKind, Dialog, DialogSize, Tone};
use crate::{i18n, t, text};

/// Shows what a change means, and stores it when that is wanted.
#[component]
pub fn ChangeDialog(
    open: RwSignal<bool>,
    change: RwSignal<Option<GroupChange>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
) -> impl IntoView {
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| on_confirm.run(())>{t!("permissions-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("permissions-change")) size=DialogSize::Normal foot=Some(ViewFn::from(foot))>
            {move || change.get().map(|change| view! { <Told change=change/> })}
        </Dialog>
    }
}

/// Who gains and who loses what: people for whom it is the same are told of together.
#[component]
pub fn Told(change: GroupChange) -> impl IntoView {
    let GroupChange { members, unchanged, left_out, administrators, everyone } = change;
    let bundles = bundled(members);
    // Everybody is told of as such only where the same holds for all of them.
    let is_all = everyone && unchanged == 0 && bundles.len() == 1;
    let nobody = bundles.is_empty();
    let people =
        bundles.into_iter().map(|bundle| view! { <People bundle=bundle is_all=is_all/> }).collect_view();
    view! {
        <div class="stack g4">
            {nobody.then(|| view! { <p>{t!("permissions-change-nothing")}</p> })}
            {people}
            {(unchanged > 0).then(|| view! { <p class="note muted">{t!("permissions-change-unchanged", count = unchanged)}</p> })}
            {(administrators > 0).then(|| view! { <p class="note muted">{t!("permissions-change-administrators", count = administrators)}</p> })}
            {(left_out > 0).then(|| view! { <p class="note muted">{t!("permissions-change-left-out", count = left_out)}</p> })}
        </div>
    }
}

/// People who gain and lose the same.
#[derive(Clone, Debug, PartialEq)]
struct Bundle {
    names: Vec<String>,
    gains: Vec<Change>,
    losses: Vec<Change>,
}

/// A right that they gain or lose, and on how many records the one with the fewest and the one with the most.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    text: String,
    records: Option<(Count, Count)>,
}

impl Change {
    fn of(right: &RightChange) -> Change {
        Change { text: right.text.clone(), records: right.records.map(|count| (count, count)) }
    }

    /// Takes in that it is so many records for one more.
    fn widen(&mut self, right: &RightChange) {
        self.records = self.records.zip(right.records).map(|((least, most), count)| {
            let least = if count.value < least.value { count } else { least };
            let most = if count.value > most.value { count } else { most };
            (least, most)
        });
    }
}

/// Members whose changes read the same, those of the most people first.
fn bundled(members: Vec<MemberChange>) -> Vec<Bundle> {
    let is_same = |known: &[Change], rights: &[RightChange]| {
        known.len() == rights.len() && known.iter().zip(rights).all(|(known, right)| known.text == right.text)
    };
    let mut bundles: Vec<Bundle> = Vec::new();
    for MemberChange { member, gains, losses } in members {
        let known =
            bundles.iter_mut().find(|known| is_same(&known.gains, &gains) && is_same(&known.losses, &losses));
        match known {
            Some(known) => {
                known.names.push(member.name);
                known.gains.iter_mut().zip(&gains).for_each(|(known, right)| known.widen(right));
                known.losses.iter_mut().zip(&losses).for_each(|(known, right)| known.widen(right));
            }
            None => bundles.push(Bundle {
                names: vec![member.name],
                gains: gains.iter().map(Change::of).collect(),
                losses: losses.iter().map(Change::of).collect(),
            }),
        }
    }
    bundles.sort_by_key(|bundle| Reverse(bundle.names.len()));
    bundles
}

fn number(count: Count) -> String {
    let number = i18n::whole(count.value);
    if count.exact { number } else { text!("permissions-about", count = number) }
}

/// One person by name; of several their number, and the names for who wants to know.
#[component]
fn People(bundle: Bundle, is_all: bool) -> impl IntoView {
    let Bundle { names, gains, losses } = bundle;
    let line = |tone: Tone, sign: &'static str, change: Change| {
        let count = change.records.map(|(least, most)| {
            let count =
                if least == most { number(most) } else { format!("{} – {}", number(least), number(most)) };
            view! { <span class="note muted">{t!("permissions-change-records", count = count)}</span> }
        });
        view! { <li class="row"><Badge tone=tone>{sign}</Badge><span class="grow">{change.text}</span>{count}</li> }
    };
    let gains = gains.into_iter().map(|change| line(Tone::Success, "+", change)).collect_view();
    let losses = losses.into_iter().map(|change| line(Tone::Danger, "−", change)).collect_view();
    let count = names.len();
    let head = match names.as_slice() {
        [name] if !is_all => view! { <h3>{name.clone()}</h3> }.into_any(),
        _several => {
            let listed = i18n::listed(names);
            let title = move || match is_all {
                true => text!("permissions-change-everyone", count = count),
                false => text!("permissions-change-people", count = count),
            };
            view! {
                <h3>{title}</h3>
                <details class="names">
                    <summary class="link">{t!("permissions-change-names")}</summary>
                    <p class="note">{listed}</p>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <section class="stack g2">
            {head}
            <ul class="stack g1">{gains}{losses}</ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Somebody who may view so many records from now on, and loses what is named.
    fn member(name: &str, records: u64, loses: &[&str]) -> MemberChange {
        let losses: Vec<_> = loses.iter().map(|text| json!({"text": text})).collect();
        let view = json!({"operation": "view", "text": "view records", "records": {"value": records, "exact": true}});
        serde_json::from_value(
            json!({"member": {"id": "0000000000001", "name": name}, "gains": [view], "losses": losses}),
        )
        .unwrap()
    }

    #[test]
    fn people_who_gain_and_lose_the_same_are_told_of_together() {
        let members = vec![
            member("Ana", 7, &["edit records"]),
            member("Bo", 3, &[]),
            member("Cai", 5, &[]),
            member("Di", 3, &[]),
        ];
        let bundles = bundled(members);
        let told: Vec<_> = bundles
            .iter()
            .map(|bundle| {
                let (least, most) = bundle.gains[0].records.unwrap();
                (bundle.names.join(" "), least.value, most.value, bundle.losses.len())
            })
            .collect();
        assert_eq!(told, [("Bo Cai Di".to_string(), 3, 5, 0), ("Ana".to_string(), 7, 7, 1)]);
        assert!(bundled(Vec::new()).is_empty());
    }
}
