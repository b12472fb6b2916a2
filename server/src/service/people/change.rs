//! What changes of departments and of roles share: both name people.

use engine::text::Fault;
use engine::value::Id;
use serde_json::Value as Json;
use store::Tx;

use super::{Caller, Directory};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::{Installation, Refusal};

/// Letters of what a department or role is called.
const LONGEST_NAME: usize = 200;

/// A name as it was given, in one line: it goes into letters, headers and lists.
pub fn in_one_line(name: &str) -> String {
    let is_break = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    name.replace(is_break, " ").trim().to_string()
}

/// What is wrong with the name and the members of a department or role.
pub(super) fn faults(people: &Directory, name: &str, members: &[Id]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if name.is_empty() {
        faults.push(Fault::new("name", "required"));
    } else if name.chars().count() > LONGEST_NAME {
        faults.push(Fault::new("name", "too_long").arg("max", LONGEST_NAME));
    }
    if members.iter().any(|member| !people.members.contains_key(member)) {
        faults.push(Fault::new("members", "not_an_id"));
    }
    faults
}

/// Notes a change and makes it known; gives the people as they are with it.
pub(super) async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    note: Note<'_>,
    described: impl Fn(&Directory) -> Json,
) -> Result<Directory, Refusal> {
    installation.directories.changed(tx, caller.workspace_id()).await?;
    let people = Directory::load(tx, caller.workspace_id()).await?;
    let changes = audit::difference(&described(&caller.people), &described(&people));
    audit::note(tx, caller, Note { changes: Some(changes), ..note }).await?;
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(in_one_line("  Lin  Wei "), "Lin  Wei");
        assert_eq!(in_one_line("Lin\r\nBcc: all\u{2028}x\u{7}"), "Lin  Bcc: all x");
        assert_eq!(in_one_line("\n\t"), "");
    }
}
