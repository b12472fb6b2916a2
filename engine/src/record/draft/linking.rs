//! Defaults that other forms give. The engine can't ask them: it says what is to be asked, and takes the answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Draft;
use super::changes::{Changes, Extent};
use super::fit::fit;
use super::place::cell_path;
use crate::condition::{Checked, Source};
use crate::field::MAX_ROWS;
use crate::form::{CheckedLinkage, Column, Node};
use crate::value::{Row, Value, get};

/// What other forms answered, by question. Copies share it until one of them hears another answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LinkedAnswers(Arc<BTreeMap<String, Value>>);

/// A question that a default asks of another form, and nobody has answered yet.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenQuestion {
    /// Tells it from others: the same for every row that asks the same.
    pub key: String,
    /// The field or column that gets the answer, and the row in which it stands.
    pub path: String,
    pub row: Option<usize>,
    /// Which records are meant, with the values of the record that asks.
    pub filter: Checked,
}

impl Draft {
    /// What is to be asked of other forms, each question once. Ask again after [`Draft::answer_questions`]: what they answer may
    /// lead to further questions.
    pub fn open_questions(&self) -> Vec<OpenQuestion> {
        let mut open: BTreeMap<String, OpenQuestion> = BTreeMap::new();
        for column in self.form.all_columns() {
            let Some(linkage) = column.linkage() else { continue };
            for row in self.places(column, &Extent::All) {
                let path = cell_path(column, row);
                if self.is_hidden(&path) || !self.takes_default(column, row, &path) {
                    continue;
                }
                let Some(key) = self.question_of(column, linkage, row) else { continue };
                if self.linked_answers.0.contains_key(&key) || open.contains_key(&key) {
                    continue;
                }
                let source = self.reader(row);
                let filter = linkage.question.filter.bound(&|reach| source.value(reach));
                open.insert(key.clone(), OpenQuestion { key, path: column.path.clone(), row, filter });
            }
        }
        open.into_values().collect()
    }

    /// Takes answers by the keys of their questions; empty where nothing was found. What they are answers to is computed
    /// again.
    pub fn answer_questions(&mut self, answers: impl IntoIterator<Item = (String, Value)>) {
        Arc::make_mut(&mut self.linked_answers.0).extend(answers);
        let mut changes = Changes::default();
        for column in self.form.all_columns().filter(|column| column.linkage().is_some()) {
            changes.mark(Node::Value(column.path.clone()), Extent::All);
        }
        self.settle(changes);
    }

    /// What tells a question from others: its field, and what it reads of the record. `None` where some of that is empty:
    /// no record is meant then, and nobody need be asked.
    fn question_of(&self, column: &Column, linkage: &CheckedLinkage, row: Option<usize>) -> Option<String> {
        let source = self.reader(row);
        let mut key = column.path.clone();
        for reach in linkage.question.filter.asker_reaches() {
            let value = source.value(&reach);
            if value.is_empty() || matches!(value, Value::Error(_)) {
                return None;
            }
            key.push_str(&format!("\u{1f}{value:?}"));
        }
        Some(key)
    }

    /// The default of a field or column by what another form answered; `None` while that is not known.
    pub(super) fn linked_default(
        &self,
        column: &Column,
        linkage: &CheckedLinkage,
        row: Option<usize>,
    ) -> Option<Value> {
        let Some(key) = self.question_of(column, linkage, row) else {
            return Some(fit(Value::Empty, column));
        };
        let answer = self.linked_answers.0.get(&key)?;
        Some(match answer {
            Value::Rows(rows) => self.fitted_rows(column, rows),
            answer => fit(answer.clone(), column),
        })
    }

    /// Rows that were answered, each cell as its column can hold it.
    fn fitted_rows(&self, subform: &Column, rows: &[Row]) -> Value {
        let mut fitted = Vec::with_capacity(rows.len());
        for row in rows.iter().take(MAX_ROWS) {
            let columns = self.form.columns_of(&subform.path);
            let cells = columns.filter_map(|column| {
                let value = fit(get(&row.values, &column.field.key).clone(), column);
                (!value.is_empty()).then(|| (column.field.key.clone(), value))
            });
            fitted.push(Row { id: None, values: cells.collect() });
        }
        if fitted.is_empty() { Value::Empty } else { Value::Rows(fitted) }
    }

    /// Whether the rows of a column's sub-form are those that another form gave, and its cells among what it gave.
    pub(super) fn is_linked_cell(&self, column: &Column) -> bool {
        let Some(subform) = column.subform().filter(|subform| self.linked_rows.contains(*subform)) else {
            return false;
        };
        let linkage = self.form.column(subform).and_then(Column::linkage);
        let key = column.field.key.as_str();
        linkage.is_some_and(|linkage| linkage.copies.iter().any(|copied| copied.to.as_deref() == Some(key)))
    }
}
