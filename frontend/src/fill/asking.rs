//! What formulas need from the server while somebody types: figures over the records of other forms, and the names of
//! people.

use std::time::Duration;

use engine::condition::{Reach, Source};
use engine::form::Compiled;
use engine::record::Draft;
use engine::value::{Id, Values, get};
use leptos::prelude::*;

use super::loaders::Judged;
use super::state::FormState;
use crate::api::session;

/// How long nothing is typed before the server is asked.
const PAUSE: Duration = Duration::from_millis(400);

impl FormState {
    /// Has the server compute what counts other records: of a new record at the start, and of every one whenever typing
    /// pauses.
    pub(super) fn ask_server(self) {
        let asks = self.loaders.asked.with_value(|asked| !asked.is_empty());
        if !asks && !self.has_checks_of_others() {
            return;
        }
        // Nothing is wrong with a record that nobody has begun.
        let begins = asks && self.draft.with_untracked(Draft::is_new);
        let turn = StoredValue::new(0u32);
        Effect::new(move |before: Option<()>| {
            self.changes.track();
            if before.is_none() && !begins {
                return;
            }
            let now = turn.try_update_value(|turn| {
                *turn += 1;
                *turn
            });
            set_timeout(
                move || {
                    if now.is_some() && turn.try_get_value() == now {
                        self.ask_now(turn);
                    }
                },
                PAUSE,
            );
        });
    }

    /// Asks, and takes the answer if nothing was typed meanwhile.
    fn ask_now(self, turn: StoredValue<u32>) {
        let entered = self.draft.try_with_untracked(|draft| (stored_id(draft), self.fields_made(draft)));
        let Some(entered) = entered else { return };
        let now = turn.try_get_value();
        leptos::task::spawn_local(async move {
            // The page may be gone by now.
            let Some(answer) = self.loaders.evaluated.try_run(entered) else { return };
            let answer = answer.await;
            if now.is_none() || turn.try_get_value() != now {
                return;
            }
            // What nobody says is not shown any more.
            let Judged { values, faults } = answer.clone().unwrap_or_default();
            let of_checks = faults.into_iter().filter(|fault| fault.code == "validation").collect();
            let _ = self.told.try_set(of_checks);
            if answer.is_none() || self.loaders.asked.try_with_value(Vec::is_empty) != Some(false) {
                return;
            }
            let asked = self.loaders.asked.try_with_value(|asked| told(&values, asked));
            let untouched = untrack(|| !self.is_changed());
            let Some(asked) = asked else { return };
            if self.draft.try_update(|draft| draft.tell(asked)).is_some() && untouched {
                // What defaults bring with them is nobody's entry.
                self.start.set_value(self.draft.with_untracked(|draft| draft.values().clone()));
            }
        });
    }

    /// Computes anew what says how people are called, whenever more of their names are known.
    pub(super) fn hear_names(self) {
        let reads_names = self.draft.with_untracked(|draft| {
            draft.form().all_columns().any(|column| column.formulas().any(Compiled::reads_names))
        });
        if !reads_names {
            return;
        }
        if let Some(me) = session::me() {
            self.titles.learn_one(me.member.id, me.member.name);
        }
        Effect::new(move |before: Option<()>| {
            self.titles.follow();
            if before.is_some() {
                self.draft.update(Draft::hear_names);
            }
        });
    }
}

/// The stored record that a draft is an edit of.
fn stored_id(draft: &Draft) -> Option<Id> {
    draft.source(None).value(&Reach::own("$id")).as_ref_id().filter(|_| !draft.is_new())
}

/// The values at these paths; of columns those in every row.
fn told(values: &Values, asked: &[String]) -> Values {
    let mut found = Values::new();
    for path in asked {
        let Some((subform, column)) = path.split_once('.') else {
            found.insert(path.clone(), get(values, path).clone());
            continue;
        };
        for (place, row) in get(values, subform).rows().iter().enumerate() {
            found.insert(format!("{subform}.{place}.{column}"), get(&row.values, column).clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use engine::value::{Row, Value};

    use super::*;

    #[test]
    fn columns_are_told_row_by_row() {
        let row =
            |paid: u32| Row { id: None, values: Values::from([("paid".to_string(), Value::number(paid))]) };
        let values = Values::from([
            ("sum".to_string(), Value::number(7)),
            ("other".to_string(), Value::number(1)),
            ("lines".to_string(), Value::Rows(vec![row(1), row(2)])),
        ]);
        let asked = ["sum", "lines.paid", "gone"].map(String::from);
        let expected = [
            ("gone".to_string(), Value::Empty),
            ("lines.0.paid".to_string(), Value::number(1)),
            ("lines.1.paid".to_string(), Value::number(2)),
            ("sum".to_string(), Value::number(7)),
        ];
        assert_eq!(told(&values, &asked), Values::from(expected));
    }
}
