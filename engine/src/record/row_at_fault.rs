//! The row that breaks a check over all rows of a sub-form.

use super::Draft;
use crate::condition::{Reach, Source};
use crate::form::{CheckedValidation, Column};
use crate::formula::Budget;
use crate::value::{Value, get};

/// Rows that are looked through at most.
const MOST_ROWS: usize = 200;

impl Draft {
    /// Where a check that does not hold is told: at the cell of the first row that breaks it alone, where it holds without such
    /// rows; otherwise at the field that it reads first. What no single row breaks, such as a sum, is at no row.
    pub(super) fn place_of(&self, validation: &CheckedValidation, budget: &mut Budget) -> String {
        let at_row = self.row_at_fault(validation, budget).and_then(|row| {
            let (subform, column) = validation.at.split_once('.')?;
            Some(format!("{subform}.{row}.{column}"))
        });
        at_row.unwrap_or_else(|| validation.at.clone())
    }

    fn row_at_fault(&self, validation: &CheckedValidation, budget: &mut Budget) -> Option<usize> {
        let subform = self.form().column(&validation.at).and_then(Column::subform)?;
        let is_other = |reach: &Reach| reach.rows.as_ref().is_some_and(|rows| rows != subform);
        let count = get(&self.values, subform).rows().len();
        if count > MOST_ROWS || validation.formula.asks() || validation.formula.reaches().any(is_other) {
            return None;
        }
        let reader = self.source(None);
        let mut breaks = |keeps: &dyn Fn(usize) -> bool| {
            let source = KeptRows { source: &reader, keeps };
            validation.formula.evaluate(&source, &self.context, budget) == Value::Bool(false)
        };
        let broken: Vec<usize> = (0..count).filter(|row| breaks(&|place| place == *row)).collect();
        let holds_without = !breaks(&|place| !broken.contains(&place));
        broken.first().copied().filter(|_| holds_without)
    }
}

/// A record with some of its rows.
struct KeptRows<'a> {
    source: &'a dyn Source,
    keeps: &'a dyn Fn(usize) -> bool,
}

impl Source for KeptRows<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.source.value(reach)
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        let all = self.source.row_values(reach).into_iter().enumerate();
        all.filter(|(place, _)| (self.keeps)(*place)).map(|(_, value)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::{context, publish};
    use crate::record::Draft;
    use crate::value::{Row, Value, Values};

    /// Where a check over rows with these quantities is told.
    fn told(check: &str, quantities: &[i64]) -> Vec<String> {
        let number = |key: &str| -> Json { json!({"key": key, "label": key, "kind": "number"}) };
        let form = publish(&[json!({"key": "f", "label": "f",
            "fields": [number("limit"), {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [number("qty")]}}],
            "validate": [{"key": "check", "formula": check, "message": "Too much"}]})]);
        let mut draft = Draft::new(form.unwrap(), context());
        let row =
            |qty: &i64| Row { id: None, values: Values::from([("qty".to_string(), Value::number(*qty))]) };
        draft.apply(Values::from([("lines".to_string(), Value::Rows(quantities.iter().map(row).collect()))]));
        draft.faults(&|_| true).into_iter().map(|fault| fault.path).collect()
    }

    #[test]
    fn a_check_over_rows_is_told_at_the_row_that_breaks_it() {
        assert_eq!(told("MAX(lines.qty) < 10", &[3, 12, 4, 15]), ["lines.1.qty"]);
        assert_eq!(told("MAX(lines.qty) < 10", &[3, 4]), Vec::<String>::new());
        // One row is too much for the sum; two are so together alone.
        assert_eq!(told("SUM(lines.qty) <= 100", &[10, 120]), ["lines.1.qty"]);
        assert_eq!(told("SUM(lines.qty) <= 100", &[60, 60]), ["lines.qty"]);
        // Without any row it would not hold either.
        assert_eq!(told("SUM(lines.qty) = 5", &[1, 1]), ["lines.qty"]);
    }
}
