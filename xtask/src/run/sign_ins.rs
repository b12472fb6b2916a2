//! The people of the demo and their passwords, kept in a file that only its owner reads.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

const FILE: &str = "demo-sign-ins.txt";

/// What it is called until it is whole.
const UNFINISHED: &str = ".demo-sign-ins-new";

/// Letters that nobody confuses with others, in reading or in typing.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";

/// One who can sign in; the role is empty for the administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub role: String,
    pub email: String,
    pub password: String,
}

/// The sign-ins of an earlier start, else new ones.
pub fn read_or_make(data: &Path) -> Result<Vec<SignIn>> {
    let file = data.join(FILE);
    if let Ok(text) = fs::read_to_string(&file) {
        return parse(&text).with_context(|| format!("{} is not as it was written", file.display()));
    }
    let mut people =
        vec![SignIn { role: String::new(), email: "admin@example.com".into(), password: password()? }];
    for role in super::demo::ROLES {
        let email = format!("{}@example.com", role.to_lowercase());
        people.push(SignIn { role: role.into(), email, password: password()? });
    }
    // Before anybody is made: a password that is in no file would lock everybody out. And whole or not at all: half a file
    // would stop every later start.
    let beside = data.join(UNFINISHED);
    // One that was left there keeps the mode that it has: it is made anew, with that of its owner alone.
    if let Err(error) = fs::remove_file(&beside)
        && error.kind() != ErrorKind::NotFound
    {
        return Err(error.into());
    }
    let mut written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    written.write_all(table(&people).as_bytes())?;
    written.sync_all()?;
    fs::rename(&beside, &file)?;
    Ok(people)
}

/// Whether an earlier start has made people here.
pub fn exist(data: &Path) -> bool {
    data.join(FILE).is_file()
}

/// One line for each person.
pub fn table(people: &[SignIn]) -> String {
    people.iter().fold(String::new(), |mut text, person| {
        let role = if person.role.is_empty() { "administrator" } else { &person.role };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{role:<14} {:<20} {}", person.email, person.password);
        text
    })
}

fn parse(text: &str) -> Option<Vec<SignIn>> {
    let person = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let role = words.next()?.replace("administrator", "");
        Some(SignIn { role, email: words.next()?, password: words.next()? })
    };
    text.lines().map(person).collect()
}

/// 80 random bits.
#[expect(clippy::indexing_slicing, reason = "below 32 is always a place in an alphabet of 32")]
fn password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn sign_ins_are_read_as_they_were_written() {
        let people = ["", "REP"].map(|role| SignIn {
            role: role.into(),
            email: "a@example.com".into(),
            password: password().unwrap(),
        });
        assert_eq!(parse(&table(&people)).unwrap(), people);
        assert_eq!(parse("broken"), None);
    }

    #[test]
    fn sign_ins_are_made_once_and_only_their_owner_reads_them() {
        let data = tempfile::tempdir().unwrap();
        // As a start left it that was broken off while it wrote.
        fs::write(data.path().join(UNFINISHED), "administ").unwrap();
        assert!(!exist(data.path()));
        let people = read_or_make(data.path()).unwrap();
        assert!(exist(data.path()));
        assert_eq!(read_or_make(data.path()).unwrap(), people);
        let roles: Vec<_> = people.iter().map(|person| person.role.as_str()).collect();
        assert_eq!(roles, ["", "REP", "MGR", "DIR", "FIN", "WH"]);
        let passwords: BTreeSet<_> = people.iter().map(|person| &person.password).collect();
        assert_eq!(passwords.len(), people.len(), "everybody has a password of their own");
        assert!(passwords.iter().all(|password| password.len() == 16));
        let mode = fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
