//! Defaults that other forms give: asked for while the form is filled, one question at a time for each that is new.

use engine::record::{Draft, OpenQuestion};
use engine::value::{Value, Values};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json};

use super::loaders::Judged;
use super::paths::value_at;
use super::state::FormState;

impl FormState {
    /// Asks what other forms give as defaults, as far as nobody has asked yet, and computes anew with that.
    pub fn load_answers(self) {
        let open = self.draft.with_untracked(Draft::open_questions);
        let open: Vec<OpenQuestion> = self
            .questions
            .try_update_value(|asked| {
                open.into_iter().filter(|question| asked.insert(question.key.clone())).collect()
            })
            .unwrap_or_default();
        if open.is_empty() {
            return;
        }
        let mut fields = self.changed_fields();
        for question in &open {
            leave_out(&mut fields, question);
        }
        self.awaits_values();
        spawn_local(async move {
            self.take_answers(open, fields).await;
            self.has_values();
        });
    }

    async fn take_answers(self, open: Vec<OpenQuestion>, fields: Map<String, Json>) {
        // The page may be gone by now.
        let record = self.record.try_get_value().flatten();
        let Some(answer) = self.loaders.evaluated.try_run((record, fields)) else {
            return;
        };
        let Some(Judged { values, .. }) = answer.await else {
            // Nobody answered: it is asked again with the next change.
            let _ = self.questions.try_update_value(|asked| {
                for question in &open {
                    asked.remove(&question.key);
                }
            });
            return;
        };
        let answers: Vec<(String, Value)> =
            open.into_iter().map(|question| (question.key.clone(), answered(&question, &values))).collect();
        let untouched = untrack(|| self.draft.try_with_untracked(|_| ()).is_some() && !self.is_changed());
        if self.draft.try_update(|draft| draft.answer_questions(answers)).is_some() {
            // What defaults bring with them is nobody's entry.
            if untouched {
                self.start_from_now();
            }
            self.load_links();
        }
    }
}

/// Takes a field that is asked for out of what is said to be entered: what it has now is an answer to another question.
fn leave_out(fields: &mut Map<String, Json>, question: &OpenQuestion) {
    let (Some((subform, column)), Some(row)) = (question.path.split_once('.'), question.row) else {
        fields.remove(&question.path);
        return;
    };
    let row = fields.get_mut(subform).and_then(Json::as_array_mut).and_then(|rows| rows.get_mut(row));
    if let Some(cells) = row.and_then(Json::as_object_mut) {
        cells.remove(column);
    }
}

/// What was answered to a question. Rows are given as new ones.
fn answered(question: &OpenQuestion, values: &Values) -> Value {
    let path = match (question.path.split_once('.'), question.row) {
        (Some((subform, column)), Some(row)) => format!("{subform}.{row}.{column}"),
        _ => question.path.clone(),
    };
    match value_at(values, &path) {
        Value::Rows(mut rows) => {
            rows.iter_mut().for_each(|row| row.id = None);
            Value::Rows(rows)
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use engine::condition::Checked;
    use engine::value::{Id, Row};
    use serde_json::json;

    use super::*;

    fn question(path: &str, row: Option<usize>) -> OpenQuestion {
        OpenQuestion { key: path.to_string(), path: path.to_string(), row, filter: Checked::always() }
    }

    #[test]
    fn what_is_asked_for_is_not_said_to_be_entered() {
        let mut fields = json!({"tier": "old", "name": "A", "lines": [{"price": 1}, {"price": 2, "qty": 3}]});
        let fields = fields.as_object_mut().unwrap();
        leave_out(fields, &question("tier", None));
        leave_out(fields, &question("lines.price", Some(1)));
        leave_out(fields, &question("lines.price", Some(7)));
        assert_eq!(json!(fields), json!({"name": "A", "lines": [{"price": 1}, {"qty": 3}]}));
    }

    #[test]
    fn an_answer_is_found_at_its_place() {
        let row = Row { id: Id::from_i64(7), values: [("price".to_string(), Value::number(2))].into() };
        let values: Values = [
            ("tier".to_string(), Value::text("gold")),
            ("lines".to_string(), Value::Rows(vec![row.clone()])),
        ]
        .into();
        assert_eq!(answered(&question("tier", None), &values), Value::text("gold"));
        assert_eq!(answered(&question("lines.price", Some(0)), &values), Value::number(2));
        assert_eq!(answered(&question("lines", None), &values), Value::Rows(vec![Row { id: None, ..row }]));
        assert_eq!(answered(&question("none", None), &values), Value::Empty);
    }
}
