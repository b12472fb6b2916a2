//! Pages of a list that follow each other: a page begins where the one before it ended, so that no record is shown twice or missed
//! where others come or go above. Whoever jumps to a place gets what stands there.

use std::collections::{BTreeMap, BTreeSet};

/// Where a page of a list begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// After the page before it, by the cursor that came with that one.
    After(String),
    /// By how many records stand before it.
    Page(usize),
}

/// What is known of the pages of one question.
#[derive(Clone, Debug, Default)]
pub struct Following {
    /// Where the page behind each one begins.
    next: BTreeMap<usize, String>,
    on_way: BTreeSet<usize>,
    /// Pages that are asked for once the one before them has come.
    waiting: BTreeSet<usize>,
}

impl Following {
    /// Where a page that is asked for now begins; nothing as long as the page before it is on its way.
    pub fn ask(&mut self, page: usize) -> Option<Begin> {
        let is_coming = |before: usize| self.on_way.contains(&before) || self.waiting.contains(&before);
        if page.checked_sub(1).is_some_and(is_coming) {
            self.waiting.insert(page);
            return None;
        }
        self.on_way.insert(page);
        Some(self.begin(page))
    }

    /// Where a page begins, as far as is known.
    pub fn begin(&self, page: usize) -> Begin {
        let cursor = page.checked_sub(1).and_then(|before| self.next.get(&before));
        cursor.map_or(Begin::Page(page), |cursor| Begin::After(cursor.clone()))
    }

    /// Takes in what was found out of other pages.
    pub fn take(&mut self, other: Following) {
        self.next.extend(other.next);
    }

    /// A page has come, with where the one behind it begins, or comes no more. Whether that one waits for it.
    pub fn came(&mut self, page: usize, next: Option<String>) -> bool {
        self.on_way.remove(&page);
        match next {
            Some(next) => drop(self.next.insert(page, next)),
            None => drop(self.next.remove(&page)),
        }
        self.waiting.remove(&(page + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cursor: &str) -> Begin {
        Begin::After(cursor.to_string())
    }

    #[test]
    fn a_page_begins_where_the_one_before_it_ended() {
        let mut pages = Following::default();
        assert_eq!(pages.ask(0), Some(Begin::Page(0)));
        assert!(!pages.came(0, Some("a".into())));
        assert_eq!(pages.ask(1), Some(after("a")));
        assert!(!pages.came(1, Some("b".into())));
        assert_eq!(pages.begin(2), after("b"));
    }

    #[test]
    fn a_jump_goes_by_its_place() {
        let mut pages = Following::default();
        pages.came(0, Some("a".into()));
        assert_eq!(pages.ask(7), Some(Begin::Page(7)));
        assert!(!pages.came(7, None));
        // Behind the end there is nothing to follow.
        assert_eq!(pages.ask(8), Some(Begin::Page(8)));
    }

    #[test]
    fn a_page_waits_for_the_one_before_it() {
        let mut pages = Following::default();
        assert_eq!(pages.ask(3), Some(Begin::Page(3)));
        assert_eq!(pages.ask(4), None);
        assert_eq!(pages.ask(5), None, "so does the one behind it");
        assert!(pages.came(3, Some("c".into())), "the next one waits");
        assert_eq!(pages.ask(4), Some(after("c")));
        // One that does not come keeps nobody waiting either.
        assert!(pages.came(4, None));
        assert_eq!(pages.ask(5), Some(Begin::Page(5)));
    }
}
