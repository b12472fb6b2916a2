//! What a draft's formulas ask of other records. The draft can't count them: whoever holds it looks what is asked, finds
//! the answers, and tells them.

#[cfg(test)]
mod tests;

use super::Draft;
use super::changes::{Changes, Extent};
use crate::context::KnownNames;
use crate::field::FieldKind;
use crate::form::{Ask, Compiled, Node, split_row};
use crate::formula::{Answers, Budget};
use crate::value::{Value, Values};

impl Draft {
    /// What is asked and not known, each once. Until it is known, what depends on it keeps the value that it had.
    pub fn asks(&self) -> Vec<&Ask> {
        let mut found: Vec<&Ask> = self.asked.values().flatten().collect();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found.dedup_by(|a, b| a.key == b.key);
        found
    }

    /// What is known of other records.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Takes the answers to what is asked from what is known of other records, and computes again what asks for it. What
    /// others asked is not kept here: of many drafts each would hold the answers of all.
    pub fn answer(&mut self, known: &Answers) {
        for ask in self.asked.values().flatten() {
            if let Some(value) = known.get(&ask.key) {
                self.answers.insert(ask.key.clone(), value.clone());
            }
        }
        self.compute_again(&Compiled::asks);
        self.ask_checks_that(&|_| true);
    }

    /// Tells values that only somebody with the other records can compute, by path (`total`, `lines.3.total`), and computes
    /// again what reads them. They stand until they are told anew.
    pub fn tell(&mut self, told: Values) {
        let form = self.form.clone();
        let mut changes = Changes::default();
        for (path, value) in told {
            let (column_path, row) = split_row(&path);
            let Some(column) = form.column(&column_path) else { continue };
            let is_computed = column.asks() || matches!(column.field.kind, FieldKind::Rollup(_));
            if is_computed {
                self.given.insert(path, value);
                changes.mark(Node::Value(column_path), Extent::of(row));
            } else if self.assign(&column_path, row, value) {
                self.touched.insert(path);
                changes.mark(Node::Value(column_path), Extent::of(row));
            }
        }
        self.settle(changes);
    }

    /// What was told of a field or cell whose formula asks for what is not known.
    pub(super) fn told(&self, path: &str) -> Option<Value> {
        self.given.get(path).cloned()
    }

    /// Has the names of people and departments from somebody, and computes again what says them.
    pub fn call_by(&mut self, names: KnownNames) {
        self.context.names = names;
        self.hear_names();
    }

    /// Computes again what says what people and departments are called: more of their names are known.
    pub fn hear_names(&mut self) {
        self.compute_again(&Compiled::reads_names);
    }

    fn compute_again(&mut self, meant: &dyn Fn(&Compiled) -> bool) {
        let form = self.form.clone();
        let mut changes = Changes::default();
        for column in form.all_columns().filter(|column| column.formulas().any(meant)) {
            changes.mark(Node::Value(column.path.clone()), Extent::All);
        }
        self.settle(changes);
    }

    /// A field, a cell or a check asks for nothing that is not known.
    pub(super) fn asks_nothing(&mut self, path: &str) {
        if !self.asked.is_empty() {
            self.asked.remove(path);
        }
    }

    pub(super) fn asks_for(&mut self, path: &str, asks: Vec<Ask>) {
        self.asked.insert(path.to_string(), asks);
    }

    /// The rows of a sub-form are other ones: what its cells asked is forgotten; all of them are computed again.
    pub(super) fn rows_ask_anew(&mut self, subform: &str) {
        let of_row = |path: &str| path.split_once('.').is_some_and(|(head, _)| head == subform);
        self.asked.retain(|path, _| !of_row(path));
    }

    /// What the checks ask that read something which changed, or nothing of this record.
    pub(super) fn ask_checks(&mut self, changes: &Changes) {
        self.ask_checks_that(&|formula| {
            let mut reaches = formula.reaches().peekable();
            reaches.peek().is_none() || reaches.any(|reach| changes.has(&Node::Value(reach.own_path())))
        });
    }

    fn ask_checks_that(&mut self, meant: &dyn Fn(&Compiled) -> bool) {
        let form = self.form.clone();
        let checks = form.validations.iter().enumerate();
        for (place, check) in checks.filter(|(_, check)| check.formula.asks() && meant(&check.formula)) {
            let path = format!("/validate/{place}");
            let mut budget = Budget::for_record();
            let (_, asks) = check.formula.ask(&self.reader(None), &self.context, &mut budget, &self.answers);
            self.asks_nothing(&path);
            if !asks.is_empty() {
                self.asks_for(&path, asks);
            }
        }
    }
}
