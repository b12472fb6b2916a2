//! Faults that are the same in many rows, told once: an unknown choice in 300 rows is one thing to mend.

use std::collections::HashMap;

use super::failures::bare;

/// Groups that are told, the largest first.
const TOLD: usize = 50;
/// Groups that are counted: where every row has a value of its own, the first ones show it as well as all.
const COUNTED: usize = 2_000;
/// Lines that are told of a group.
const LINES: usize = 5;

/// Faults by column, value and reason.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<wire::FaultGroup>,
    places: HashMap<Name, usize>,
}

/// What the faults of a group have in common: field, column, value and sentence.
type Name = (String, Option<String>, Option<String>, String);

impl Groups {
    /// Takes in one more fault; they come in the order of the file.
    pub fn take(&mut self, fault: wire::RowFault) {
        let wire::RowFault { line, path, column, value, code, message } = fault;
        let path = bare(&path);
        let name = (path.clone(), column.clone(), value.clone(), message.clone());
        let known = self.places.get(&name).and_then(|place| self.groups.get_mut(*place));
        if let Some(group) = known {
            // Two rows of a sub-form that stand on one line are two.
            group.count += 1;
            if group.lines.len() < LINES && !group.lines.contains(&line) {
                group.lines.push(line);
            }
        } else if self.groups.len() < COUNTED {
            self.places.insert(name, self.groups.len());
            self.groups.push(wire::FaultGroup {
                path,
                column,
                value,
                code,
                message,
                count: 1,
                lines: vec![line],
            });
        }
    }

    /// The largest groups, those of one size in the order of the file.
    pub fn told(mut self) -> Vec<wire::FaultGroup> {
        self.groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        self.groups.truncate(TOLD);
        self.groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64, path: &str, value: &str) -> wire::RowFault {
        let (code, message) = ("unknown_choice".to_string(), format!("{value} is no choice"));
        wire::RowFault { line, path: path.into(), column: None, value: Some(value.into()), code, message }
    }

    fn told(faults: impl IntoIterator<Item = wire::RowFault>) -> Vec<(String, u64, Vec<u64>)> {
        let mut groups = Groups::default();
        faults.into_iter().for_each(|fault| groups.take(fault));
        let group = |group: wire::FaultGroup| (group.value.unwrap_or_default(), group.count, group.lines);
        groups.told().into_iter().map(group).collect()
    }

    #[test]
    fn the_same_fault_is_told_once_with_its_first_lines() {
        let many = (2..302).map(|line| fault(line, "kind", if line == 7 { "x" } else { "病假x" }));
        assert_eq!(
            told(many),
            [("病假x".to_string(), 299, vec![2, 3, 4, 5, 6]), ("x".to_string(), 1, vec![7])]
        );
    }

    #[test]
    fn rows_of_a_sub_form_are_one_column_and_other_fields_are_another() {
        let faults = [fault(2, "lines.0.qty", "a"), fault(3, "lines.1.qty", "a"), fault(4, "amount", "a")];
        assert_eq!(told(faults), [("a".to_string(), 2, vec![2, 3]), ("a".to_string(), 1, vec![4])]);
    }

    #[test]
    fn rows_that_differ_are_told_in_the_order_of_the_file_and_not_without_end() {
        let found = told((0..5_000).map(|line| fault(line, "kind", &line.to_string())));
        assert_eq!(found.len(), TOLD);
        assert_eq!(found.first().map(|(_, count, lines)| (*count, lines.clone())), Some((1, vec![0])));
    }
}
