//! That every test which `docs/rules.md` and `docs/hardening.md` name has run.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::cache;

const PAGES: [&str; 2] = ["docs/rules.md", "docs/hardening.md"];

/// Fails with the tests that a rule names and that no program has run.
pub fn check(ran: &BTreeSet<String>) -> Result<()> {
    let mut missed = Vec::new();
    for page in PAGES {
        let page = cache::checkout().join(page);
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        missed.extend(missed_of(&text, ran));
    }
    if !missed.is_empty() {
        bail!("rules name tests that did not run: {}", missed.join(", "));
    }
    Ok(())
}

/// The tests of the page that are not among those that ran; which program a test is in is not told where it runs.
fn missed_of(page: &str, ran: &BTreeSet<String>) -> Vec<String> {
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let named = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).filter(|name| name.contains("::"));
    let missed = named.filter(|name| name.split_once("::").is_none_or(|(_, test)| !ran.contains(test)));
    missed.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_did_not_run_is_named() {
        let page = "A name is `engine::x`.\n| 1.1 | says `and` | `engine::a::b`, `store::c` |\n| 1.2 | x | not yet shown |\n";
        let ran = BTreeSet::from(["a::b".to_owned()]);
        assert_eq!(missed_of(page, &ran), ["store::c"]);
    }
}
