//! What somebody enters and does not save lies in this browser until it is saved or thrown away, and goes when they sign out. A
//! session that ends by itself leaves it: whoever signs in again goes on with it, unless they are somebody else.

use engine::value::Id;

use super::{session, unsent};
use crate::browser;

/// The beginnings of the names under which it lies: of records, behind it whose it is; at tasks; about records.
pub const RECORDS: &str = "formwork.draft";
pub const TASKS: &str = "formwork.task";
pub const COMMENTS: &str = "formwork.comment";
/// What was chosen last in each field, and fields and steps that were copied: nobody misses them.
const BESIDE: [&str; 3] = ["formwork.chosen.", "formwork.flow-clip", "copied-fields"];

/// The beginnings of what a member has entered here.
fn beginnings(member: Option<Id>) -> [String; 3] {
    let whose = member.map(|member| member.to_string()).unwrap_or_default();
    [format!("{RECORDS}.{whose}."), format!("{TASKS}."), format!("{COMMENTS}.")]
}

/// The names of all that the reader has entered here, and of when it was kept on the server.
fn entered() -> Vec<String> {
    let names = beginnings(session::me_now()).into_iter();
    names.flat_map(|beginning| browser::names_remembered(&beginning)).collect()
}

/// Whether the reader has entered something here that they have not saved, or that has no answer yet.
pub fn is_unsaved() -> bool {
    !unsent::cut_off().is_empty() || entered().iter().any(|name| !is_mark(name))
}

/// Whether a name is that of when something was kept on the server, and not of what was entered.
fn is_mark(name: &str) -> bool {
    name.ends_with(".at")
}

/// Forgets all of it. What the server has kept of it is offered again to whoever entered it.
pub fn forget() {
    unsent::forget_own();
    for name in entered() {
        browser::forget(&name);
    }
    forget_of_others();
}

/// Forgets what lies here under nobody's name, once somebody else reads here: they would find it as if they had entered and chosen
/// it. Records that somebody has begun have a name, and wait for them.
pub fn forget_of_others() {
    let entered = [format!("{TASKS}."), format!("{COMMENTS}.")];
    let beginnings = entered.iter().map(String::as_str).chain(BESIDE);
    for name in beginnings.flat_map(browser::names_remembered) {
        browser::forget(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_goes_and_the_drafts_of_others_stay() {
        let of = |number| beginnings(Id::from_i64(number));
        let is_of = |number, name: &str| of(number).iter().any(|beginning| name.starts_with(beginning));
        let one = Id::from_i64(1).map(|id| format!("{RECORDS}.{id}.7")).unwrap();
        assert!(is_of(1, &one) && !is_of(2, &one));
        assert!(is_of(1, "formwork.task.7") && is_of(1, "formwork.comment.7"));
        assert!(!is_of(1, "formwork.theme") && !is_of(1, "formwork.recent"));
        assert!(is_mark(&crate::api::entries::mark(&one)) && !is_mark(&one));
    }
}
