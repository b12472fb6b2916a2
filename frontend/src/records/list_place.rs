//! Where somebody was in a list, for as long as the program runs: who comes back from one of its records finds the filter, the
//! search and the place as they were left.

use std::cell::RefCell;
use std::collections::BTreeMap;

use engine::value::Id;

thread_local! {
    static LISTS: RefCell<BTreeMap<Id, Left>> = const { RefCell::new(BTreeMap::new()) };
}

/// How far a list was scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListPlace {
    /// In pixels.
    pub top: i32,
    /// Cards that were there, on a phone.
    pub cards: usize,
}

/// A list as it was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Left {
    /// What its address said, without the record beside it.
    query: String,
    place: ListPlace,
    /// Whether a record of it was opened since.
    is_left: bool,
}

impl Left {
    /// Another list of the same form begins at its beginning.
    fn shows(&mut self, query: &str) {
        if self.query != query {
            *self = Left { query: query.to_string(), ..Left::default() };
        }
    }

    /// The place, for whoever comes back to the same list from a record. Told once.
    fn come_back(&mut self, query: &str) -> Option<ListPlace> {
        let is_left = std::mem::take(&mut self.is_left);
        (is_left && self.query == query && self.place.top > 0).then_some(self.place)
    }
}

fn with<T>(form: Id, turn: impl FnOnce(&mut Left) -> T) -> T {
    LISTS.with_borrow_mut(|lists| turn(lists.entry(form).or_default()))
}

/// A form's list is shown as the address says.
pub fn note_list(form: Id, query: &str) {
    with(form, |left| left.shows(query));
}

/// The list was scrolled.
pub fn note_place(form: Id, place: ListPlace) {
    with(form, |left| left.place = place);
}

/// One of its records is opened as a page.
pub fn leave_list(form: Id) {
    with(form, |left| left.is_left = true);
}

/// Where somebody was who comes back from a record to the list that is so addressed.
pub fn come_back(form: Id, query: &str) -> Option<ListPlace> {
    with(form, |left| left.come_back(query))
}

/// What the address of the list said last, with the question mark before it; nothing where it said nothing.
pub fn query_of(form: Id) -> String {
    with(form, |left| if left.query.is_empty() { String::new() } else { format!("?{}", left.query) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_from_a_record_finds_the_place_once() {
        let form = Id::from_i64(7).unwrap();
        let place = ListPlace { top: 400, cards: 100 };
        note_list(form, "q=desk");
        note_place(form, place);
        assert_eq!(come_back(form, "q=desk"), None, "nobody was away");
        leave_list(form);
        assert_eq!(query_of(form), "?q=desk");
        assert_eq!(come_back(form, "q=desk"), Some(place));
        assert_eq!(come_back(form, "q=desk"), None);
        leave_list(form);
        assert_eq!(come_back(form, ""), None, "another list begins at its beginning");
        note_list(form, "");
        leave_list(form);
        assert_eq!((come_back(form, ""), query_of(form)), (None, String::new()));
    }
}
