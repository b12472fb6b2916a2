//! Why a formula gives no value: the field where it begins, what that is computed from, and the function that refused.

use super::Draft;
use crate::condition::{Reach, Source};
use crate::form::{Column, Compiled, Form};
use crate::formula::Budget;
use crate::text::Fault;
use crate::value::{ErrorValue, Value, get};

/// Fields that a sentence names at most.
const MOST_NAMED: usize = 5;
/// Computed fields through which an error is followed back.
const MOST_STEPS: usize = 64;

impl Draft {
    /// That the value of a field or cell can't be computed, and why, for whoever fills in what it is computed from. Looking
    /// for it takes no more work than `budget` has.
    pub(super) fn not_computed(
        &self,
        path: String,
        (column, row): (&Column, Option<usize>),
        error: ErrorValue,
        budget: &mut Budget,
    ) -> Fault {
        let (mut at, mut at_row) = (column, row);
        for _ in 0..MOST_STEPS {
            let Some((behind, row)) = self.behind(at, at_row, error) else { break };
            (at, at_row) = (behind, row);
        }
        match at.formulas().next() {
            Some(formula) => self.told_of(path, (formula, at_row), error, budget),
            None => Fault::not_computed(path, error),
        }
    }

    /// The same for a check over the record.
    pub(super) fn not_checked(
        &self,
        path: String,
        formula: &Compiled,
        error: ErrorValue,
        budget: &mut Budget,
    ) -> Fault {
        self.told_of(path, (formula, None), error, budget)
    }

    fn told_of(
        &self,
        path: String,
        (formula, row): (&Compiled, Option<usize>),
        error: ErrorValue,
        budget: &mut Budget,
    ) -> Fault {
        let fault = Fault::not_computed(path, error);
        // Other errors say the same whichever function gave them.
        let is_of_function = error == ErrorValue::Num;
        let source = self.source(row);
        let origin = is_of_function
            .then(|| formula.origin(error, &source, &self.context, budget, &self.answers))
            .flatten();
        let fault = match origin {
            Some("DATEDIF") => fault.arg("why", "ends_before"),
            Some(function) => fault.arg("why", "domain").arg("function", function),
            None => fault,
        };
        self.form().read_by(fault, formula)
    }

    /// A field that a computed one reads and that has the same error itself.
    fn behind(
        &self,
        column: &Column,
        row: Option<usize>,
        error: ErrorValue,
    ) -> Option<(&Column, Option<usize>)> {
        let formula = column.formulas().next()?;
        let is_it = |value: &Value| *value == Value::Error(error);
        formula.reaches().filter(|reach| reach.hops.is_empty()).find_map(|reach| {
            let read = self.form.column(&reach.own_path()).filter(|read| read.path != column.path)?;
            read.formulas().next()?;
            match &reach.rows {
                Some(subform) => {
                    let rows = get(&self.values, subform).rows();
                    let at = rows.iter().position(|row| is_it(get(&row.values, &reach.field)))?;
                    Some((read, Some(at)))
                }
                None => {
                    let in_row = row.filter(|_| reach.in_row.is_some());
                    is_it(&self.source(row).value(reach)).then_some((read, in_row))
                }
            }
        })
    }
}

impl Form {
    /// That the value of a field can't be computed, where nothing but the error is at hand, such as in a list.
    pub fn not_computed(&self, path: &str, error: ErrorValue) -> Fault {
        let fault = Fault::not_computed(path, error);
        match self.column(path).and_then(|column| column.formulas().next()) {
            Some(formula) => self.read_by(fault, formula),
            None => fault,
        }
    }

    /// A fault with the fields that a formula reads.
    fn read_by(&self, fault: Fault, formula: &Compiled) -> Fault {
        let mut keys: Vec<String> = formula.reaches().map(Reach::own_path).collect();
        keys.dedup();
        keys.truncate(MOST_NAMED);
        let names = self.sketch.document.called(&keys);
        fault.computed_from(&keys, names)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::{context, publish};
    use crate::record::Draft;
    use crate::text::{Fault, Language, Texts};
    use crate::value::{Row, Value, Values, parse_date};

    fn said(fault: &Fault, language: Language) -> String {
        Texts::of(language).fault(fault, language)
    }

    fn leave() -> Draft {
        let label = |zh: &str, en: &str| json!({"zh-CN": zh, "en": en});
        let form = publish(&[json!({"key": "leave", "label": "Leave", "fields": [
            {"key": "from", "label": label("开始日期", "From"), "kind": "date"},
            {"key": "to", "label": label("结束日期", "To"), "kind": "date"},
            {"key": "days", "label": label("天数", "Days"), "kind": "number",
             "compute": {"formula": "DATEDIF(from, to, \"d\") + 1"}},
            {"key": "cost", "label": "Cost", "kind": "number", "compute": {"formula": "days * 100"}},
            {"key": "rows", "label": "Rows", "kind": "subform", "options": {"fields": [
                {"key": "n", "label": "N", "kind": "number"},
                {"key": "root", "label": "Root", "kind": "number", "compute": {"formula": "SQRT(n)"}},
                {"key": "part", "label": "Part", "kind": "number", "compute": {"formula": "1 / n"}}]}},
            {"key": "whole", "label": "Whole", "kind": "number", "compute": {"formula": "SUM(rows.root)"}}]})]);
        Draft::new(form.unwrap(), context())
    }

    #[test]
    fn who_enters_an_end_before_its_start_is_told_so_in_words() {
        let mut draft = leave();
        draft.set("from", Value::Date(parse_date("2026-03-05").unwrap()));
        draft.set("to", Value::Date(parse_date("2026-03-01").unwrap()));
        let faults = draft.faults(&|_| true);
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["days", "cost"]);
        // What follows from it names the same dates.
        for fault in &faults {
            assert_eq!(fault.args["error"], "#NUM!");
            assert_eq!(
                said(fault, Language::En),
                "This can't be computed: the end is before the start. It is computed from “From”, “To”."
            );
            assert_eq!(
                said(fault, Language::ZhCn),
                "无法计算：结束早于开始。它由「开始日期」、「结束日期」算出。"
            );
            assert_eq!(fault.read_keys(), ["from", "to"]);
            // Who may not know of the dates learns nothing of what is done with them.
            let short = said(&fault.clone().without_cause(), Language::En);
            assert_eq!(short, "This can't be computed: a number or date is outside of what is possible.");
        }
    }

    #[test]
    fn an_error_of_a_row_is_told_with_what_the_row_holds() {
        let mut draft = leave();
        let row = |n: i64| Row { id: None, values: Values::from([("n".to_string(), Value::number(n))]) };
        draft.apply(Values::from([("rows".to_string(), Value::Rows(vec![row(4), row(-1), row(0)]))]));
        let faults = draft.faults(&|_| true);
        let of = |path: &str| said(faults.iter().find(|fault| fault.path == path).unwrap(), Language::En);
        let domain = "This can't be computed: SQRT takes no such number or date. It is computed from “N”.";
        assert_eq!(of("rows.1.root"), domain);
        assert_eq!(of("whole"), domain);
        assert_eq!(
            of("rows.2.part"),
            "This can't be computed: it would divide by zero or by nothing. It is computed from “N”."
        );
        // In a list nothing but the error is known.
        let form = draft.form().clone();
        let told = form.not_computed("days", crate::value::ErrorValue::Num);
        assert!(said(&told, Language::En).ends_with("It is computed from “From”, “To”."));
    }
}
