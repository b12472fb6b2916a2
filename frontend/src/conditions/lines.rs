//! A condition while somebody makes it: lines, some of them in groups, half-typed ones too.

use engine::condition::{Condition, Operand, Operator, Test};
use leptos::prelude::*;
use serde_json::Value as Json;

/// One line of the builder while it is made; it becomes part of the condition once it is whole.
#[derive(Clone, PartialEq)]
pub(super) struct Line {
    pub(super) number: u32,
    /// The group that it stands in; nothing for the condition itself.
    pub(super) group: Option<u32>,
    pub(super) field: Option<String>,
    pub(super) op: Option<Operator>,
    pub(super) value: Option<Operand>,
}

impl Line {
    fn test(&self) -> Option<Condition> {
        let (field, op) = (self.field.clone()?, self.op?);
        let value = if op.is_unary() { None } else { Some(self.value.clone().filter(is_whole)?) };
        Some(Condition::Test(Test { field, op, value, matching: None }))
    }

    /// Whether it is begun and not whole yet.
    fn is_half(&self) -> bool {
        self.field.is_some() && self.test().is_none()
    }
}

/// A line that somebody left half-written. No condition can hold it.
#[derive(Clone, PartialEq)]
pub struct HalfLine(Line);

/// Lines that are joined in their own way.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Group {
    pub(super) number: u32,
    pub(super) any: bool,
}

/// The lines that a part of a condition is made of, and how they are joined, where it is made of nothing deeper.
fn group_of(part: &Condition) -> Option<(bool, Vec<Test>)> {
    let (any, parts) = match part {
        Condition::Any(parts) => (true, parts),
        Condition::All(parts) => (false, parts),
        Condition::Not(_) | Condition::Test(_) => return None,
    };
    let test = |part: &Condition| match part {
        Condition::Test(test) => Some(test.clone()),
        _deeper => None,
    };
    let tests: Option<Vec<Test>> = parts.iter().map(test).collect();
    tests.filter(|tests| !tests.is_empty()).map(|tests| (any, tests))
}

fn joined(any: bool, parts: Vec<Condition>) -> Condition {
    if any { Condition::Any(parts) } else { Condition::All(parts) }
}

/// Whether a value is not half-typed: of two ends, both are there.
fn is_whole(value: &Operand) -> bool {
    let Operand::Literal(Json::Array(items)) = value else { return true };
    items.iter().all(|item| item.as_str() != Some(""))
}

/// A condition while it is made: its lines, half-typed ones too. It lives as long as whoever made it, so that a builder
/// in a box that closes finds them again.
#[derive(Clone, Copy)]
pub struct Lines {
    pub(super) any: RwSignal<bool>,
    pub(super) lines: RwSignal<Vec<Line>>,
    pub(super) groups: RwSignal<Vec<Group>>,
    /// Deeper parts, which are kept as they are.
    pub(super) kept: RwSignal<Vec<Condition>>,
    next: StoredValue<u32>,
}

impl Lines {
    pub fn of(condition: Option<Condition>) -> Lines {
        let lines = Lines {
            any: RwSignal::new(false),
            lines: RwSignal::default(),
            groups: RwSignal::default(),
            kept: RwSignal::default(),
            next: StoredValue::new(0),
        };
        lines.set(condition);
        lines
    }

    /// Starts again from a condition.
    pub fn set(self, condition: Option<Condition>) {
        let (any, parts) = match condition {
            None => (false, Vec::new()),
            Some(Condition::Any(parts)) => (true, parts),
            Some(Condition::All(parts)) => (false, parts),
            Some(other) => (false, vec![other]),
        };
        let (mut kept, mut start, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let line = |test: Test, group: Option<u32>| Line {
            number: self.take_number(),
            group,
            field: Some(test.field),
            op: Some(test.op),
            value: test.value,
        };
        for part in parts {
            match (group_of(&part), part) {
                (_, Condition::Test(test)) => start.push(line(test, None)),
                (Some((any, tests)), _) => {
                    let group = Group { number: self.take_number(), any };
                    groups.push(group);
                    start.extend(tests.into_iter().map(|test| line(test, Some(group.number))));
                }
                (None, deeper) => kept.push(deeper),
            }
        }
        if start.is_empty() {
            start.push(self.blank(None));
        }
        self.any.set(any);
        self.kept.set(kept);
        self.groups.set(groups);
        self.lines.set(start);
    }

    /// The condition that the whole lines make; nothing without one.
    pub fn condition(self) -> Option<Condition> {
        let tests = |group: Option<u32>| -> Vec<Condition> {
            self.lines.with(|lines| {
                lines.iter().filter(|line| line.group == group).filter_map(Line::test).collect()
            })
        };
        let groups = self.groups.get().into_iter().filter_map(|group| {
            let tests = tests(Some(group.number));
            (!tests.is_empty()).then(|| joined(group.any, tests))
        });
        let parts: Vec<Condition> = self.kept.get().into_iter().chain(tests(None)).chain(groups).collect();
        let any = self.any.get();
        (!parts.is_empty()).then(|| joined(any, parts))
    }

    /// Goes on from a condition, where it is another one than the whole lines make. Half-typed lines stay.
    pub fn follow(self, condition: Option<Condition>) {
        if untrack(|| self.condition()) == condition {
            return;
        }
        let half = untrack(|| self.half());
        self.set(condition);
        self.go_on_with(half);
    }

    /// The lines that are begun and not whole yet; tracked.
    pub fn half(self) -> Vec<HalfLine> {
        self.lines.with(|lines| {
            lines.iter().filter(|line| line.is_half()).map(|line| HalfLine(line.clone())).collect()
        })
    }

    /// Goes on with lines that were left half-written.
    pub fn go_on_with(self, half: Vec<HalfLine>) {
        if half.is_empty() {
            return;
        }
        self.lines.update(|lines| {
            lines.retain(|line| line.field.is_some());
            // The groups are other ones now.
            let again = |HalfLine(line): HalfLine| Line { group: None, number: self.take_number(), ..line };
            lines.extend(half.into_iter().map(again));
        });
    }

    /// Whether the line with a number is begun and not whole yet; tracked.
    pub(super) fn is_half(self, number: u32) -> bool {
        self.lines.with(|lines| lines.iter().any(|line| line.number == number && line.is_half()))
    }

    /// Sees to it that there is a line to begin with.
    pub fn begin(self) {
        if self.lines.with_untracked(Vec::is_empty) {
            self.add(None);
        }
    }

    /// Whether nothing is said yet.
    pub fn is_blank(self) -> bool {
        self.kept.with(Vec::is_empty)
            && self.lines.with(|lines| lines.iter().all(|line| line.field.is_none()))
    }

    fn add(self, group: Option<u32>) -> u32 {
        let line = self.blank(group);
        let number = line.number;
        self.lines.update(|lines| lines.push(line));
        number
    }

    /// Begins a group that is joined in the other way; gives its first line.
    pub(super) fn add_group(self) -> u32 {
        let group = Group { number: self.take_number(), any: !self.any.get_untracked() };
        self.groups.update(|groups| groups.push(group));
        self.add(Some(group.number))
    }

    /// Takes out a line, and its group with the last one.
    pub(super) fn remove(self, number: u32) {
        self.lines.update(|lines| lines.retain(|line| line.number != number));
        let is_used = |group: &Group| {
            self.lines.with_untracked(|lines| lines.iter().any(|line| line.group == Some(group.number)))
        };
        if !self.groups.with_untracked(|groups| groups.iter().all(is_used)) {
            self.groups.update(|groups| groups.retain(is_used));
        }
    }

    /// The line that a further condition is written into: one that is empty still, else a new one.
    pub(super) fn line_to_write(self, group: Option<u32>) -> u32 {
        let is_free = |line: &&Line| line.field.is_none() && line.group == group;
        let empty = self.lines.with_untracked(|lines| lines.iter().find(is_free).map(|line| line.number));
        empty.unwrap_or_else(|| self.add(group))
    }

    fn blank(self, group: Option<u32>) -> Line {
        Line { number: self.take_number(), group, field: None, op: None, value: None }
    }

    /// A number that no line had before: an input is never taken for another line's.
    fn take_number(self) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_line_is_the_one_to_write() {
        Owner::new().with(|| {
            let lines = Lines::of(None);
            let first = lines.lines.with_untracked(|lines| lines[0].number);
            assert_eq!(lines.line_to_write(None), first);
            lines.lines.update(|lines| lines[0].field = Some("a".into()));
            let second = lines.line_to_write(None);
            assert_ne!(second, first);
            assert_eq!(lines.line_to_write(None), second);
            assert_eq!(lines.lines.with_untracked(Vec::len), 2);
        });
    }

    #[test]
    fn a_line_that_was_left_half_written_is_gone_on_with() {
        Owner::new().with(|| {
            let test = Condition::test("a", Operator::Eq, "1");
            let left = Lines::of(Some(test.clone()));
            assert!(untrack(|| left.half()).is_empty());
            let number = left.line_to_write(None);
            left.lines.update(|lines| {
                let line = lines.iter_mut().find(|line| line.number == number).unwrap();
                (line.field, line.op) = (Some("b".into()), Some(Operator::Gt));
            });
            assert!(untrack(|| left.is_half(number)));
            let half = untrack(|| left.half());
            // Elsewhere the blank line that one begins with gives way to it.
            for before in [None, Some(test)] {
                let again = Lines::of(before.clone());
                again.go_on_with(half.clone());
                assert_eq!(untrack(|| again.condition().is_some()), before.is_some());
                assert_eq!(untrack(|| again.half()).len(), 1);
                let fields: Vec<_> =
                    again.lines.with_untracked(|lines| lines.iter().map(|line| line.field.clone()).collect());
                assert_eq!(fields.last(), Some(&Some("b".to_string())));
                assert_eq!(fields.len(), 1 + usize::from(before.is_some()));
            }
        });
    }

    #[test]
    fn groups_of_lines_are_a_condition_and_come_again_from_it() {
        Owner::new().with(|| {
            let test = |field: &str| Condition::test(field, Operator::Eq, "1");
            let against = Condition::Test(Test {
                field: "a".into(),
                op: Operator::Gt,
                value: Some(Operand::Field("b".into())),
                matching: None,
            });
            let deeper = Condition::Not(Box::new(test("d")));
            let whole = Condition::All(vec![deeper, against, Condition::Any(vec![test("b"), test("c")])]);
            let lines = Lines::of(Some(whole.clone()));
            assert_eq!(untrack(|| lines.condition()), Some(whole));
            // With its last line a group is gone.
            let of_group = lines.lines.with_untracked(|lines| {
                lines.iter().filter(|line| line.group.is_some()).map(|line| line.number).collect::<Vec<_>>()
            });
            assert_eq!(of_group.len(), 2);
            of_group.into_iter().for_each(|number| lines.remove(number));
            assert!(lines.groups.with_untracked(Vec::is_empty));
            // A new one is joined in the other way, and says nothing while it is empty.
            lines.set(Some(test("a")));
            let first = lines.add_group();
            assert!(lines.groups.with_untracked(|groups| groups[0].any));
            assert_eq!(untrack(|| lines.condition()), Some(Condition::All(vec![test("a")])));
            lines.lines.update(|lines| {
                let line = lines.iter_mut().find(|line| line.number == first).unwrap();
                (line.field, line.op) = (Some("e".into()), Some(Operator::IsEmpty));
            });
            let empty = Condition::Test(Test {
                field: "e".into(),
                op: Operator::IsEmpty,
                value: None,
                matching: None,
            });
            let grouped = Condition::All(vec![test("a"), Condition::Any(vec![empty])]);
            assert_eq!(untrack(|| lines.condition()), Some(grouped));
        });
    }
}
