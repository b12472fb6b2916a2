//! What of an order stays when some of it moves.

use std::collections::BTreeSet;

/// The names of `after` that stand in the same order in `before`, as many as can be: the others have moved or are new.
/// Each name is there once.
pub(in crate::form) fn stayed<'n>(before: &[&str], after: &[&'n str]) -> BTreeSet<&'n str> {
    let place = |name: &str| before.iter().position(|known| *known == name);
    let known: Vec<(usize, &str)> = after.iter().filter_map(|name| Some((place(name)?, *name))).collect();
    // For each the length of the longest run that ends with it, and the one before it in that.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(known.len());
    for (place, _) in &known {
        let earlier = known.iter().zip(&runs).enumerate().filter(|(_, ((other, _), _))| other < place);
        let longest = earlier.max_by_key(|(_, (_, (length, _)))| *length);
        let run = longest.map_or((1, None), |(at, (_, (length, _)))| (length + 1, Some(at)));
        runs.push(run);
    }
    let mut at = runs.iter().enumerate().max_by_key(|(_, (length, _))| *length).map(|(at, _)| at);
    let mut found = BTreeSet::new();
    while let Some(place) = at {
        found.extend(known.get(place).map(|(_, name)| *name));
        at = runs.get(place).and_then(|(_, before)| *before);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::stayed;

    #[test]
    fn as_few_as_can_be_have_moved() {
        let of = |before: &[&str], after: &[&'static str]| -> Vec<&'static str> {
            stayed(before, after).into_iter().collect()
        };
        assert_eq!(of(&["a", "b", "c"], &["a", "b", "c"]), ["a", "b", "c"]);
        assert_eq!(of(&["a", "b", "c", "d"], &["b", "c", "d", "a"]), ["b", "c", "d"]);
        assert_eq!(of(&["a", "b", "c"], &["new", "a", "c"]), ["a", "c"]);
        assert_eq!(of(&["a", "b"], &[]), Vec::<&str>::new());
    }
}
