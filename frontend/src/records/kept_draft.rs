//! What somebody typed and did not save, kept in this browser and offered again.

use engine::value::Id;
use serde_json::{Map, Value as Json};

use crate::api::kept_here::RECORDS;
use crate::api::{entries, session};
use crate::browser;
use crate::fill::FormState;

/// Where the draft of a record (or of a new one, without `record`) is kept: each who signs in here has drafts of their own.
pub fn place(form: Id, record: Option<Id>) -> String {
    place_of(session::me_now(), form, record)
}

fn place_of(member: Option<Id>, form: Id, record: Option<Id>) -> String {
    let whose = member.map(|member| member.to_string()).unwrap_or_default();
    match record {
        Some(record) => format!("{RECORDS}.{whose}.{form}.{record}"),
        None => format!("{RECORDS}.{whose}.{form}"),
    }
}

/// Throws away what is kept of a record (or of a new one) here, and what this browser has kept of it on the server.
pub fn forget(form: Id, record: Option<Id>) {
    let place = place(form, record);
    browser::forget(&place);
    entries::forget_own(form, record, &place);
}

/// Keeps what differs from the start; forgets it when nothing does. Gives whether this browser keeps it.
pub fn keep(place: &str, state: FormState) -> bool {
    let fields = state.kept_fields();
    if fields.is_empty() {
        browser::forget(place);
        return true;
    }
    serde_json::to_string(&fields).is_ok_and(|text| browser::remember(place, &text))
}

/// What was kept, if it says anything else than what is there.
pub fn kept(place: &str, state: FormState) -> Option<Map<String, Json>> {
    let fields: Map<String, Json> = serde_json::from_str(&browser::remembered(place)?).ok()?;
    if state.says_more(&fields) {
        return Some(fields);
    }
    browser::forget(place);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_in_on_the_same_browser_finds_no_draft_of_somebody_else() {
        let id = |number: i64| Id::from_i64(number);
        let (form, record) = (id(7).unwrap(), id(8));
        let places = [
            place_of(id(1), form, None),
            place_of(id(2), form, None),
            place_of(id(1), form, record),
            place_of(id(2), form, record),
        ];
        let all: std::collections::BTreeSet<&String> = places.iter().collect();
        assert_eq!(all.len(), places.len());
    }
}
