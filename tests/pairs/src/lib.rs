//! Random forms and records from a seed, and what the engine makes of them, as text. The same crate is compiled natively
//! and for the browser: whatever the seed, both say the same, byte for byte.
//!
//! [`sheet`] is a form whose speed is measured in the browser.

#![allow(clippy::indexing_slicing, reason = "a test: members of documents are written by their names")]

mod dice;
mod form;
mod kinds;
mod limits;
pub mod sheet;
mod story;

use std::fmt::Write;
use std::sync::Arc;

use dice::Dice;

/// Records that are tried with one form.
const RECORDS: u32 = 10;

/// What the engine makes of `count` pairs of a form and a record, from the pair `first` on; one line each.
pub fn told(seed: u64, first: u32, count: u32) -> String {
    let mut lines = String::new();
    let mut known: Option<(u32, form::Published)> = None;
    for pair in first..first.saturating_add(count) {
        let number = pair / RECORDS;
        let published = match known.take() {
            Some((of, published)) if of == number => published,
            _ => form::published(&mut Dice::new(seed, "form", number)),
        };
        let story = match &published.form {
            Some(form) => story::told(Arc::clone(form), &mut Dice::new(seed, "record", pair)),
            None => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{pair} {} {story}", published.faults);
        known = Some((number, published));
    }
    lines
}

#[cfg(target_arch = "wasm32")]
mod browser {
    //! What the page calls.

    use wasm_bindgen::prelude::wasm_bindgen;

    use super::sheet::{Shape, Sheet};

    /// See [`told`](super::told); the seed in two halves, since numbers of scripts are no whole ones.
    #[wasm_bindgen]
    pub fn told(upper: u32, lower: u32, first: u32, count: u32) -> String {
        super::told((u64::from(upper) << 32) | u64::from(lower), first, count)
    }

    /// A form with a record in it, to be timed.
    #[wasm_bindgen]
    pub struct Timed(Sheet);

    #[wasm_bindgen]
    impl Timed {
        /// A thousand rows, or a hundred fields.
        #[wasm_bindgen(constructor)]
        pub fn new(rows: bool) -> Timed {
            Timed(Sheet::new(if rows { Shape::ThousandRows } else { Shape::HundredFields }))
        }

        /// One edit, the computing included; how many formulas were evaluated.
        pub fn edit(&mut self, turn: u32) -> u32 {
            self.0.edit(turn)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_says_the_same_wherever_one_begins() {
        let all = super::told(7, 0, 40);
        let parts: String =
            [(0, 13), (13, 7), (20, 20)].map(|(first, count)| super::told(7, first, count)).concat();
        assert!(all == parts);
        assert!(all != super::told(8, 0, 40));
    }

    /// Of departments and files any id is right: that they are there is the server's to say.
    fn takes_anything(key: &str) -> bool {
        ["of_members", "of_department", "of_departments", "of_images", "of_signature"].contains(&key)
    }

    #[test]
    fn most_pairs_compute_something() {
        let all = super::told(3, 0, 2_000);
        let stories: Vec<&str> = all.lines().filter(|line| line.contains("\"values\"")).collect();
        assert!(stories.len() > 1_200, "{}", stories.len());
        let different: BTreeSet<&str> =
            stories.iter().map(|line| line.split_once(' ').unwrap_or_default().1).collect();
        assert!(different.len() > 1_200, "{}", different.len());
        // Error values, faults and figures are among what is compared.
        for key in super::kinds::keys() {
            assert!(all.contains(&format!("\"{key}\":")), "{key} is in no form");
            let wrong = [format!("[{key}:"), format!("\"path\":\"{key}\"")];
            assert!(wrong.iter().any(|wrong| all.contains(wrong)) || takes_anything(&key), "{key}");
        }
        // Links fill and show what is known of other records, in rows too, and defaults of another form come in.
        for part in [
            "\"copied\":\"won\"",
            "\"deal_tags\":[\"vip\"",
            "\"team\":[\"",
            "\"deal_day\":\"2028-02-29\"",
            "\"part_day\":\"2028-02-29\"",
            "\"given\":\"given ",
            // What is unique is too long now and then; numbers, figures and titles are those of both.
            "\"code\":\"too_long\",\"path\":\"code\"",
            "\"counted\":null",
            "\"numbers\":[[\"N-",
            "\"called\":[\"流程 ",
        ] {
            assert!(all.contains(part), "{part}");
        }
        for part in ["#DIV/0!", "#VALUE!", "\"faults\":[{", "SUMOF(", "unknown_field", "formula_"] {
            assert!(all.contains(part), "{part}");
        }
        // Limits that are broken, in rows too; cells that a condition hides or asks for.
        for code in [
            "too_small",
            "too_large",
            "too_short",
            "pattern",
            "too_few",
            "too_many",
            "other_currency",
            "unknown_region",
            "required",
        ] {
            assert!(
                all.contains(&format!("\"code\":\"{code}\"")) || all.contains(&format!(":{code}:")),
                "{code}"
            );
        }
        for part in ["\"hidden_cells\":[\"lines.", "\"required_cells\":[\"lines.", "\"path\":\"lines.0.qty\""]
        {
            assert!(all.contains(part), "{part}");
        }
    }
}
