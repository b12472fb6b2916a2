//! A look at JSON before it is read: how deep it is nested, how much one object says, and whether it holds a NUL, which one of
//! the two databases can't store.

/// What is wrong with a text before anybody has parsed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    TooDeep,
    TooManyMembers,
    Nul,
}

/// The deepest nesting of a body. Flow documents may be [`DEEPEST_DESIGN`] deep.
pub const DEEPEST: usize = 32;
/// The deepest nesting of a design document.
pub const DEEPEST_DESIGN: usize = 100;

/// The members that one object may have: more than a form has fields.
pub const MOST_MEMBERS: u32 = 1_000;

/// Checks `json` without allocating. It may be broken JSON; the parser says so afterwards.
pub fn check(json: &[u8], deepest: usize) -> Result<(), Unfit> {
    let mut depth = 0usize;
    // Of the object that is open at each depth; what is deeper than a design is refused before it is counted.
    let mut members = [0u32; DEEPEST_DESIGN + 1];
    let mut in_text = false;
    let mut bytes = json.iter().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (in_text, byte) {
            (_, 0) => return Err(Unfit::Nul),
            (true, b'\\') => {
                if json.get(at + 1..at + 6) == Some(b"u0000") {
                    return Err(Unfit::Nul);
                }
                bytes.next();
            }
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > deepest {
                    return Err(Unfit::TooDeep);
                }
                if let Some(count) = members.get_mut(depth) {
                    *count = 0;
                }
            }
            (false, b':') => {
                if let Some(count) = members.get_mut(depth) {
                    *count += 1;
                    if *count > MOST_MEMBERS {
                        return Err(Unfit::TooManyMembers);
                    }
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (_, _) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_count() {
        assert_eq!(check(br#"{"a":"[[[[[\"[[[["}"#, 1), Ok(()));
        assert_eq!(check(b"[[1],[2],[3]]", 2), Ok(()));
        assert_eq!(check(b"[[[1]]]", 2), Err(Unfit::TooDeep));
    }

    #[test]
    fn an_object_says_so_much_and_not_more() {
        let object = |members: u32| {
            let all: Vec<String> = (0..members).map(|n| format!("\"k{n}\": \":::{n}\"")).collect();
            format!("{{{}}}", all.join(","))
        };
        let fits = object(MOST_MEMBERS);
        assert_eq!(check(fits.as_bytes(), 9), Ok(()));
        assert_eq!(check(object(MOST_MEMBERS + 1).as_bytes(), 9), Err(Unfit::TooManyMembers));
        // Each object for itself, in whatever it stands.
        assert_eq!(check(format!("[{fits},{fits}]").as_bytes(), 9), Ok(()));
        assert_eq!(check(format!("{{\"a\":{fits},\"b\":{fits}}}").as_bytes(), 9), Ok(()));
        let inside = format!("{{\"a\":[{}]}}", object(MOST_MEMBERS + 1));
        assert_eq!(check(inside.as_bytes(), 9), Err(Unfit::TooManyMembers));
    }

    #[test]
    fn a_nul_is_found_in_both_spellings() {
        assert_eq!(check(br#"["a\u0000"]"#, 9), Err(Unfit::Nul));
        assert_eq!(check(br#"["a\\u0000"]"#, 9), Ok(()));
        assert_eq!(check(b"[\"\0\"]", 9), Err(Unfit::Nul));
    }
}
