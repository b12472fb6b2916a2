//! Moving the lines of an app's navigation: by dragging, and by keys.
//!
//! A tree is one list from top to bottom in which each group is followed by what stands in it.

use wire::{TreeEntry, TreeKind};

/// By what a line is known.
pub(super) type Name = (TreeKind, String);

/// Where a line that is dragged would land.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Landing {
    Before(Name),
    After(Name),
    /// At the end of a group.
    Inside(String),
}

pub(super) fn name_of(entry: &TreeEntry) -> Name {
    (entry.kind, entry.id.clone())
}

/// What there is, in the order that is kept; what is not named there stands at the end.
pub(super) fn whole(kept: &[TreeEntry], there: &[TreeEntry]) -> Vec<TreeEntry> {
    let is_there = |entry: &&TreeEntry| {
        entry.kind == TreeKind::Group || there.iter().any(|known| name_of(known) == name_of(entry))
    };
    let mut all: Vec<TreeEntry> = kept.iter().filter(is_there).cloned().collect();
    for entry in there {
        if all.iter().all(|known| name_of(known) != name_of(entry)) {
            all.push(entry.clone());
        }
    }
    all
}

/// The tree with a line where it was let go; nothing where it stays.
pub(super) fn put(entries: &[TreeEntry], moved: &Name, landing: &Landing) -> Option<Vec<TreeEntry>> {
    let (mut block, mut rest) = taken(entries, moved)?;
    let (at, within) = match landing {
        Landing::Inside(group) => (end_of(&rest, group)?, Some(group.clone())),
        Landing::Before(name) => (place_of(&rest, name)?, within_of(&rest, name)),
        Landing::After(name) if name.0 == TreeKind::Group => (end_of(&rest, &name.1)?, None),
        Landing::After(name) => (place_of(&rest, name)? + 1, within_of(&rest, name)),
    };
    let at = match (moved.0, within) {
        // A group stands in none: it lands before the one in which it was let go, or after it.
        (TreeKind::Group, Some(group)) if matches!(landing, Landing::Before(_)) => {
            place_of(&rest, &(TreeKind::Group, group))?
        }
        (TreeKind::Group, Some(group)) => end_of(&rest, &group)?,
        (TreeKind::Group, None) => at,
        (_, within) => {
            block.iter_mut().for_each(|entry| entry.within.clone_from(&within));
            at
        }
    };
    rest.splice(at..at, block).for_each(drop);
    (rest != entries).then_some(rest)
}

/// The tree with a line one place on (`down`) or back, into groups and out of them; nothing at either end.
pub(super) fn step(entries: &[TreeEntry], moved: &Name, down: bool) -> Option<Vec<TreeEntry>> {
    let at = place_of(entries, moved)?;
    if moved.0 == TreeKind::Group {
        return step_of_group(entries, moved, down);
    }
    let own = entries.get(at)?;
    let beside = if down { entries.get(at + 1) } else { at.checked_sub(1).and_then(|at| entries.get(at)) };
    let mut all = entries.to_vec();
    let set = |all: &mut Vec<TreeEntry>, place: usize, within: Option<String>| {
        if let Some(entry) = all.get_mut(place) {
            entry.within = within;
        }
    };
    match (beside, &own.within) {
        (None, None) => return None,
        // The last line of the last group comes out of it.
        (None, Some(_)) => set(&mut all, at, None),
        (Some(beside), within) if beside.kind == TreeKind::Group => match (down, within) {
            (true, None) => {
                set(&mut all, at, Some(beside.id.clone()));
                all.swap(at, at + 1);
            }
            (true, Some(_)) => set(&mut all, at, None),
            (false, Some(_)) => {
                set(&mut all, at, None);
                all.swap(at - 1, at);
            }
            (false, None) => set(&mut all, at, Some(beside.id.clone())),
        },
        (Some(beside), within) if beside.within == *within => {
            let other = if down { at + 1 } else { at - 1 };
            all.swap(at, other);
        }
        // Out of a group at its end, or into the one above.
        (Some(beside), _) => set(&mut all, at, if down { None } else { beside.within.clone() }),
    }
    Some(all)
}

fn step_of_group(entries: &[TreeEntry], group: &Name, down: bool) -> Option<Vec<TreeEntry>> {
    let tops: Vec<&TreeEntry> = entries.iter().filter(|entry| entry.within.is_none()).collect();
    let at = tops.iter().position(|entry| name_of(entry) == *group)?;
    let other = if down { at + 1 } else { at.checked_sub(1)? };
    let beside = name_of(tops.get(other)?);
    put(entries, group, &if down { Landing::After(beside) } else { Landing::Before(beside) })
}

/// The tree without a group; what stood in it stands where it was.
pub(super) fn dissolved(entries: &[TreeEntry], group: &str) -> Vec<TreeEntry> {
    let kept = entries.iter().filter(|entry| entry.kind != TreeKind::Group || entry.id != group);
    let out = |entry: &TreeEntry| match entry.within.as_deref() == Some(group) {
        true => TreeEntry { within: None, ..entry.clone() },
        false => entry.clone(),
    };
    kept.map(out).collect()
}

/// A line with what stands in it, and the rest.
fn taken(entries: &[TreeEntry], moved: &Name) -> Option<(Vec<TreeEntry>, Vec<TreeEntry>)> {
    let is_part = |entry: &TreeEntry| {
        let is_inside = moved.0 == TreeKind::Group && entry.within.as_ref() == Some(&moved.1);
        name_of(entry) == *moved || is_inside
    };
    let (block, rest): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(is_part);
    (!block.is_empty()).then_some((block, rest))
}

fn place_of(entries: &[TreeEntry], name: &Name) -> Option<usize> {
    entries.iter().position(|entry| name_of(entry) == *name)
}

fn within_of(entries: &[TreeEntry], name: &Name) -> Option<String> {
    entries.iter().find(|entry| name_of(entry) == *name)?.within.clone()
}

/// The place behind a group and what stands in it.
fn end_of(entries: &[TreeEntry], group: &str) -> Option<usize> {
    let head = place_of(entries, &(TreeKind::Group, group.to_string()))?;
    let inside = entries.iter().skip(head + 1).take_while(|entry| entry.within.as_deref() == Some(group));
    Some(head + 1 + inside.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> TreeEntry {
        let (within, id) = text.split_once('/').map_or((None, text), |(group, id)| (Some(group), id));
        let (kind, id) = (name(id).0, id.to_string());
        TreeEntry { kind, id, label: None, within: within.map(str::to_string) }
    }

    fn name(id: &str) -> Name {
        let kind = if id.starts_with('G') { TreeKind::Group } else { TreeKind::Form };
        (kind, id.to_string())
    }

    fn tree(text: &str) -> Vec<TreeEntry> {
        text.split(' ').map(entry).collect()
    }

    fn said(entries: &[TreeEntry]) -> String {
        let word = |entry: &TreeEntry| match &entry.within {
            Some(group) => format!("{group}/{}", entry.id),
            None => entry.id.clone(),
        };
        entries.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    fn after_put(before: &str, moved: &str, landing: Landing) -> Option<String> {
        put(&tree(before), &name(moved), &landing).map(|all| said(&all))
    }

    #[test]
    fn a_line_lands_where_it_is_let_go() {
        let tree = "a G1 G1/b G1/c d";
        let put = |moved: &str, landing: Landing| after_put(tree, moved, landing).unwrap_or_default();
        assert_eq!(put("d", Landing::Before(name("a"))), "d a G1 G1/b G1/c");
        assert_eq!(put("a", Landing::After(name("b"))), "G1 G1/b G1/a G1/c d");
        assert_eq!(put("a", Landing::Inside("G1".into())), "G1 G1/b G1/c G1/a d");
        assert_eq!(put("b", Landing::After(name("d"))), "a G1 G1/c d b");
        assert_eq!(put("c", Landing::Before(name("G1"))), "a c G1 G1/b d");
        assert_eq!(put("a", Landing::Before(name("G1"))), "", "it stays where it is");
        assert_eq!(put("unknown", Landing::Before(name("a"))), "");
    }

    #[test]
    fn a_group_takes_along_what_stands_in_it_and_never_lands_in_another() {
        let tree = "a G1 G1/b G2 G2/c d";
        let put = |moved: &str, landing: Landing| after_put(tree, moved, landing).unwrap_or_default();
        assert_eq!(put("G1", Landing::After(name("d"))), "a G2 G2/c d G1 G1/b");
        assert_eq!(put("G1", Landing::After(name("c"))), "a G2 G2/c G1 G1/b d");
        assert_eq!(put("G2", Landing::Before(name("b"))), "a G2 G2/c G1 G1/b d");
        assert_eq!(put("G1", Landing::Inside("G2".into())), "a G2 G2/c G1 G1/b d");
        assert_eq!(put("G2", Landing::After(name("G1"))), "", "it stays where it is");
    }

    #[test]
    fn by_keys_a_line_walks_through_the_whole_tree_and_back() {
        let mut now = tree("a G1 G1/b G2 c");
        let mut seen = Vec::new();
        while let Some(next) = step(&now, &name("a"), true) {
            seen.push(said(&next));
            now = next;
        }
        let wanted = [
            "G1 G1/a G1/b G2 c",
            "G1 G1/b G1/a G2 c",
            "G1 G1/b a G2 c",
            "G1 G1/b G2 G2/a c",
            "G1 G1/b G2 a c",
            "G1 G1/b G2 c a",
        ];
        assert_eq!(seen, wanted);
        while let Some(next) = step(&now, &name("a"), false) {
            now = next;
        }
        assert_eq!(said(&now), "a G1 G1/b G2 c");
    }

    #[test]
    fn by_keys_a_group_goes_past_its_neighbours() {
        let moved = |down: bool| step(&tree("a G1 G1/b G2 G2/c"), &name("G1"), down).map(|all| said(&all));
        assert_eq!(moved(true).as_deref(), Some("a G2 G2/c G1 G1/b"));
        assert_eq!(moved(false).as_deref(), Some("G1 G1/b a G2 G2/c"));
        assert_eq!(step(&tree("G1 a"), &name("G1"), false), None);
    }

    #[test]
    fn what_stood_in_a_group_stays_when_it_goes() {
        assert_eq!(said(&dissolved(&tree("a G1 G1/b c"), "G1")), "a b c");
    }

    #[test]
    fn what_is_not_in_the_tree_yet_stands_at_its_end() {
        let all = whole(&tree("b G1 G1/gone"), &tree("a b"));
        assert_eq!(said(&all), "b G1 a");
    }
}
