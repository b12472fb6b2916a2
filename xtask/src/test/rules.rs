//! That every test which `docs/rules.md`, `docs/approvals-rules.md`, `docs/security.md` and `docs/reliability.md` name has run.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::cache;

/// The pages that say what holds, and which tests hold it.
const PAGES: [&str; 4] =
    ["docs/rules.md", "docs/approvals-rules.md", "docs/security.md", "docs/reliability.md"];

/// Fails with the tests that a rule names and that no program has run.
pub fn check(ran: &BTreeSet<String>) -> Result<()> {
    for name in PAGES {
        let path = cache::checkout().join(name);
        let page = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let missed = missed(&page, ran);
        if !missed.is_empty() {
            bail!("{name} names tests that did not run: {}", missed.join(", "));
        }
    }
    Ok(())
}

/// The tests of the page that are not among those that ran; which program a test is in is not told where it runs.
fn missed(page: &str, ran: &BTreeSet<String>) -> Vec<String> {
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
        assert_eq!(missed(page, &ran), ["store::c"]);
    }
}
