//! Of which requests figures are shown, as the address keeps it and as the server is asked.

use leptos::prelude::*;

use crate::api::flow_figures::Asked;
use crate::report::address::Address;
use crate::report::period::Period;

/// What a number counts, for the drawer that lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub title: String,
    /// The number as people read it.
    pub told: String,
    /// `running`, `done` and the others of the API.
    pub which: &'static str,
    pub scope: Asked,
}

/// The period that was chosen; tracked.
pub fn period(address: Address) -> Period {
    address.get("period").map(|text| Period::read(&text)).unwrap_or_default()
}

/// What the address narrows figures to; tracked.
pub fn scope(address: Address) -> Asked {
    let mut asked = period_asked(&period(address));
    for name in ["version", "step", "person"] {
        asked.extend(address.get(name).map(|value| (name, value)));
    }
    asked
}

fn period_asked(period: &Period) -> Asked {
    let (from, to) = match period {
        Period::All => return Vec::new(),
        Period::Relative(name, n) => {
            let n = n.map(|n| ("n", n.to_string()));
            return std::iter::once(("relative", name.clone())).chain(n).collect();
        }
        Period::Between(from, to) => (from, to),
    };
    let from = from.iter().map(|from| ("from", from.clone()));
    from.chain(to.iter().map(|to| ("to", to.clone()))).collect()
}

/// The same for one step, member or version.
pub fn narrowed(scope: &[(&'static str, String)], name: &'static str, value: impl ToString) -> Asked {
    let others = scope.iter().filter(|(known, _)| *known != name).cloned();
    others.chain(std::iter::once((name, value.to_string()))).collect()
}

/// The same within a part of the period.
pub fn within(scope: &[(&'static str, String)], from: &str, to: &str) -> Asked {
    let is_end = |name: &str| ["from", "to", "relative", "n"].contains(&name);
    let others = scope.iter().filter(|(known, _)| !is_end(known)).cloned();
    others.chain([("from", from.to_string()), ("to", to.to_string())]).collect()
}

/// Takes what narrows the figures out of the address, or puts something else there.
pub fn choose(address: Address, name: &'static str) -> Callback<Option<String>> {
    Callback::new(move |value: Option<String>| address.set(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_asked_for_by_its_name_or_its_ends() {
        let asked = |text: &str| period_asked(&Period::read(text));
        let pair = |name: &'static str, value: &str| (name, value.to_string());
        assert!(asked("all").is_empty());
        assert_eq!(asked("this_year"), [pair("relative", "this_year")]);
        assert_eq!(asked("last_n_days:30"), [pair("relative", "last_n_days"), pair("n", "30")]);
        assert_eq!(asked("2026-01..2026-03"), [pair("from", "2026-01"), pair("to", "2026-03")]);
        assert_eq!(asked("..2026-03"), [pair("to", "2026-03")]);
    }

    #[test]
    fn a_scope_is_narrowed_without_asking_twice() {
        let scope = vec![("relative", "this_year".to_string()), ("step", "head".to_string())];
        let other = narrowed(&scope, "step", "finance");
        assert_eq!(other, [("relative", "this_year".to_string()), ("step", "finance".to_string())]);
        let part = within(&scope, "2026-01-01", "2026-01-31");
        let ends = [("from", "2026-01-01".to_string()), ("to", "2026-01-31".to_string())];
        assert_eq!(part, [vec![("step", "head".to_string())], ends.to_vec()].concat());
    }
}
