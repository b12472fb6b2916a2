//! The tree of choices of a cascader as lines that one writes: a choice a line, what lies below another two blanks further
//! in. A choice keeps its key while its name or its place among the others stays.

use engine::field::Branch;
use engine::text::{Label, Language};

/// Blanks of one level.
const STEP: usize = 2;

/// A line and those below it.
#[derive(Debug, Default, PartialEq)]
struct Written {
    name: String,
    below: Vec<Written>,
}

/// The choices as lines.
pub fn lines_of(branches: &[Branch], language: Language) -> String {
    let mut lines = Vec::new();
    write(branches, language, 0, &mut lines);
    lines.join("\n")
}

fn write(branches: &[Branch], language: Language, level: usize, lines: &mut Vec<String>) {
    for branch in branches {
        lines.push(format!("{}{}", " ".repeat(level * STEP), branch.label.get(language)));
        write(&branch.children, language, level + 1, lines);
    }
}

/// The choices that lines say, where `before` was there.
pub fn branches_of(text: &str, before: &[Branch], language: Language) -> Vec<Branch> {
    let lines: Vec<(usize, &str)> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let blanks = line.chars().take_while(|c| c.is_whitespace());
            (blanks.map(|c| if c == '\t' { STEP } else { 1 }).sum(), line.trim())
        })
        .collect();
    named(read(&lines), before, language)
}

/// The lines of one level: each with those after it that stand further in.
fn read(lines: &[(usize, &str)]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some(((indent, name), after)) = rest.split_first() {
        let end = after.iter().position(|(other, _)| other <= indent).unwrap_or(after.len());
        let (below, next) = after.split_at_checked(end).unwrap_or((after, &[]));
        found.push(Written { name: name.to_string(), below: read(below) });
        rest = next;
    }
    found
}

fn named(written: Vec<Written>, before: &[Branch], language: Language) -> Vec<Branch> {
    let is_called = |branch: &Branch, name: &str| branch.label.get(language) == name;
    let names: Vec<String> = written.iter().map(|line| line.name.clone()).collect();
    let same_count = names.len() == before.len();
    let mut taken: Vec<String> = Vec::new();
    let mut branches = Vec::with_capacity(written.len());
    for (place, line) in written.into_iter().enumerate() {
        let by_name =
            before.iter().find(|branch| is_called(branch, &line.name) && !taken.contains(&branch.key));
        // Renamed where it stands: nobody else has its old name.
        let renamed = || {
            let old = before.get(place).filter(|_| same_count)?;
            let is_free = !taken.contains(&old.key) && !names.iter().any(|name| is_called(old, name));
            is_free.then_some(old)
        };
        let old = by_name.or_else(renamed);
        let key = old.map_or_else(|| free_key(before, &taken), |old| old.key.clone());
        taken.push(key.clone());
        branches.push(Branch {
            key,
            label: old.map_or_else(
                || Label::Plain(line.name.clone()),
                |old| relabelled(&old.label, &line.name, language),
            ),
            color: old.and_then(|old| old.color.clone()),
            children: named(line.below, old.map(|old| old.children.as_slice()).unwrap_or_default(), language),
        });
    }
    branches
}

fn free_key(before: &[Branch], taken: &[String]) -> String {
    let is_free = |key: &String| !taken.contains(key) && before.iter().all(|branch| branch.key != *key);
    (1..).map(|number| format!("c{number}")).find(is_free).unwrap_or_default()
}

/// The same label with another text in one language.
fn relabelled(label: &Label, text: &str, language: Language) -> Label {
    match label {
        _ if label.get(language) == text => label.clone(),
        Label::Plain(_) => Label::Plain(text.to_string()),
        Label::Translated(texts) => {
            let mut texts = texts.clone();
            texts.insert(language, text.to_string());
            Label::Translated(texts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(key: &str, name: &str) -> Branch {
        Branch { key: key.into(), label: Label::Plain(name.into()), color: None, children: Vec::new() }
    }

    fn keys(branches: &[Branch]) -> String {
        let own = |branch: &Branch| match branch.children.as_slice() {
            [] => branch.key.clone(),
            below => format!("{}({})", branch.key, keys(below)),
        };
        branches.iter().map(own).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_tree_is_written_and_read_back() {
        let tree = vec![
            Branch { children: vec![leaf("a", "Apple"), leaf("b", "Pear")], ..leaf("fruit", "Fruit") },
            leaf("rest", "Other"),
        ];
        let lines = lines_of(&tree, Language::En);
        assert_eq!(lines, "Fruit\n  Apple\n  Pear\nOther");
        assert_eq!(branches_of(&lines, &tree, Language::En), tree);
        let keys = |text: &str| keys(&branches_of(text, &tree, Language::En));
        assert_eq!(keys("Other\nFruit\n  Pear\n  Apple"), "rest fruit(b a)", "in another order");
        assert_eq!(keys("Fruits\n  Apple\n  Pears\nOther"), "fruit(a b) rest", "renamed");
        assert_eq!(keys("Fruit\n\tApple\n\tPear\n\tPlum\nOther"), "fruit(a b c1) rest", "one more");
        assert_eq!(keys("\nFruit\n      Apple\n\nOther\n"), "fruit(a) rest", "one less");
        assert_eq!(keys("Tools\n  Saw\n    Blade"), "c1(c1(c1))");
    }

    #[test]
    fn other_languages_keep_their_names() {
        let label = Label::each(|language| language.tag().to_string());
        let tree = vec![Branch { label, ..leaf("a", "") }];
        let renamed = branches_of("Name", &tree, Language::En);
        assert_eq!((renamed[0].key.as_str(), renamed[0].label.get(Language::ZhCn)), ("a", "zh-CN"));
        assert_eq!(renamed[0].label.get(Language::En), "Name");
    }
}
