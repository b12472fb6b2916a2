//! Two forms whose speed is measured: a sub-form of a thousand rows with twenty formulas, and a hundred fields.

use std::sync::Arc;

use engine::context::Context;
use engine::form::{Catalogue, Form, FormDocument, Sketch};
use engine::record::Draft;
use engine::value::{Id, Row, Timestamp, Value, Values};
use serde_json::{Value as Json, json};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    ThousandRows,
    HundredFields,
}

/// A form with a record in it.
pub struct Sheet {
    draft: Option<Draft>,
    shape: Shape,
}

struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

impl Sheet {
    pub fn new(shape: Shape) -> Sheet {
        let document = match shape {
            Shape::ThousandRows => rows(),
            Shape::HundredFields => fields(),
        };
        Sheet { draft: drafted(document, shape), shape }
    }

    /// Changes one cell, or one field; how many formulas were evaluated.
    pub fn edit(&mut self, turn: u32) -> u32 {
        let Some(draft) = &mut self.draft else { return 0 };
        let before = draft.evaluations();
        let path = match self.shape {
            Shape::ThousandRows => {
                format!(
                    "lines.{}.{}",
                    turn.wrapping_mul(37) % 1_000,
                    if turn.is_multiple_of(2) { "a" } else { "d" }
                )
            }
            Shape::HundredFields => format!("f{}", turn % 60),
        };
        draft.set(&path, Value::number(turn + 1));
        u32::try_from(draft.evaluations() - before).unwrap_or(u32::MAX)
    }
}

fn drafted(document: Json, shape: Shape) -> Option<Draft> {
    let document: FormDocument = serde_json::from_value(document).ok()?;
    let sketch = Sketch { id: Id::from_i64(1)?, app: "pairs".into(), document };
    let form = Form::publish(Arc::new(sketch), 1, &Alone).ok()?;
    let now = Timestamp::from_second(1_790_000_000).ok()?;
    let mut draft = Draft::new(Arc::new(form), Context::system(now, jiff::tz::TimeZone::UTC));
    let cell = |key: &str, value: u32| (key.to_string(), Value::number(value));
    if shape == Shape::HundredFields {
        draft.apply((0..60).map(|number| cell(&format!("f{number}"), number)).collect::<Values>());
    } else {
        let row = |place: u32| Row {
            id: None,
            values: Values::from([cell("a", place), cell("b", 2), cell("c", 3), cell("d", place % 10)]),
        };
        draft.apply(Values::from([("lines".to_string(), Value::Rows((0..1_000).map(row).collect()))]));
    }
    Some(draft)
}

fn input(key: &str) -> Json {
    json!({"key": key, "label": key, "kind": "number"})
}

fn formula(key: &str, formula: &str) -> Json {
    json!({"key": key, "label": key, "kind": "number", "compute": {"formula": formula}})
}

/// Twelve formulas in every row, eight over the rows.
fn rows() -> Json {
    json!({"key": "sheet", "label": "sheet", "fields": [
        input("rate"),
        {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
            input("a"), input("b"), input("c"), input("d"),
            formula("ab", "a + b"), formula("ab2", "ab * 2"), formula("ab3", "ab2 + 1"), formula("bc", "b * c"),
            formula("bc2", "bc + 1"), formula("both", "ab + bc"), formula("cd", "c + d"), formula("cd2", "cd - 1"),
            formula("d2", "d * 2"), formula("d4", "d2 * 2"), formula("rated", "d * rate"),
            formula("large", "IF(c > 2, c, 0)")]}},
        formula("sum_ab", "SUM(lines.ab)"), formula("sum_bc", "SUM(lines.bc)"), formula("sum_cd", "SUM(lines.cd2)"),
        formula("most", "MAX(lines.d4)"), formula("many", "COUNTIF(lines.d, \">5\")"),
        formula("total", "sum_ab + sum_bc"), formula("billed", "sum_cd * rate"), formula("over", "total - 100")]})
}

/// Sixty that are filled in, forty that are computed: chains of sums, and one over all.
fn fields() -> Json {
    let mut fields: Vec<Json> = (0..60).map(|number| input(&format!("f{number}"))).collect();
    for number in 0..39 {
        let source = format!("f{number} * 2 + f{} - ROUND(f{} / 3, 2)", number + 10, number + 20);
        fields.push(formula(&format!("c{number}"), &source));
    }
    let all: Vec<String> = (0..39).map(|number| format!("c{number}")).collect();
    fields.push(formula("total", &format!("SUM({})", all.join(", "))));
    json!({"key": "fields", "label": "fields", "fields": fields})
}

#[cfg(test)]
mod tests {
    use super::{Shape, Sheet};

    #[test]
    fn an_edit_computes_what_depends_on_it_and_nothing_else() {
        let mut rows = Sheet::new(Shape::ThousandRows);
        // In the row ab, ab2, ab3 and both; of the record sum_ab, total and over.
        assert_eq!(rows.edit(2), 7);
        // In the row cd, cd2, d2, d4 and rated; of the record sum_cd, most, many and billed.
        assert_eq!(rows.edit(11), 9);
        let mut fields = Sheet::new(Shape::HundredFields);
        assert_eq!(fields.edit(0), 2);
        assert_eq!(fields.edit(25), 4);
    }
}
