//! How the reader has arranged the columns of a list outside of any view, kept in this browser until the next time.

use std::collections::BTreeMap;

use engine::value::Id;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::state::GridState;
use crate::api::session;
use crate::browser;

/// What of the address is kept: neither what is looked for nor in which order.
const KEPT: [&str; 4] = ["columns", "widths", "frozen", "height"];

/// Parts of the address by their names.
type Parts = BTreeMap<String, String>;

/// Each who signs in here has arranged them for themselves.
fn place(form: Id) -> String {
    let whose = session::me_now().map(|member| member.to_string()).unwrap_or_default();
    format!("formwork.columns.{whose}.{form}")
}

/// What happens as the address becomes another one.
#[derive(Debug, PartialEq)]
enum Step {
    /// What was kept is said by the address from now on.
    TakeUp(Parts),
    Keep,
    Forget,
    Nothing,
}

/// `was_here` is whether all records were shown before, and `said` what the address says of their columns.
fn step(names_view: bool, was_here: bool, said: &Parts, kept: Option<Parts>) -> Step {
    match (names_view, said.is_empty(), was_here) {
        (true, ..) => Step::Nothing,
        (false, true, false) => kept.map_or(Step::Nothing, Step::TakeUp),
        (false, true, true) => Step::Forget,
        (false, false, _) => Step::Keep,
    }
}

/// Keeps it for as long as the list is there, and begins with what was kept where the address says nothing.
pub fn keep(form: Id, state: GridState) {
    let query = use_query_map();
    let said = Memo::new(move |_| {
        let part = |name: &&str| {
            let text = query.with(|query| query.get(name)).filter(|text| !text.is_empty())?;
            Some(((*name).to_string(), text))
        };
        (state.names_view.get(), KEPT.iter().filter_map(part).collect::<Parts>())
    });
    Effect::new(move |was_here: Option<bool>| {
        let (names_view, said) = said.get();
        let place = place(form);
        let kept = browser::remembered(&place).and_then(|text| serde_json::from_str(&text).ok());
        match step(names_view, was_here == Some(true), &said, kept) {
            Step::TakeUp(kept) => {
                let parts = KEPT.iter().filter_map(|name| Some((*name, Some(kept.get(*name)?.clone()))));
                state.take_up(parts.collect());
            }
            Step::Keep => {
                if let Ok(text) = serde_json::to_string(&said) {
                    browser::remember(&place, &text);
                }
            }
            Step::Forget => browser::forget(&place),
            Step::Nothing => {}
        }
        !names_view
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_arranged_comes_back_until_it_is_undone() {
        let parts = |text: &str| Parts::from([("columns".to_string(), text.to_string())]);
        let none = Parts::new();
        assert_eq!(step(false, false, &none, Some(parts("a,b"))), Step::TakeUp(parts("a,b")));
        assert_eq!(step(false, false, &none, None), Step::Nothing);
        // A pasted address says more than what was kept.
        assert_eq!(step(false, false, &parts("a"), Some(parts("a,b"))), Step::Keep);
        assert_eq!(step(false, true, &parts("b"), Some(parts("a"))), Step::Keep);
        assert_eq!(step(false, true, &none, Some(parts("a"))), Step::Forget);
        // A view has columns of its own; whoever comes back from it finds theirs.
        assert_eq!(step(true, true, &parts("a"), None), Step::Nothing);
        assert_eq!(step(false, false, &none, Some(parts("b"))), Step::TakeUp(parts("b")));
    }
}
