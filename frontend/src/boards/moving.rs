//! Saving what a drag or a key has moved, with a way back.

use engine::value::Id;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json};
use wire::records::Record;

use super::Board;
use crate::api::{Problem, records};
use crate::text;
use crate::ui::toast;

type Fields = Map<String, Json>;

/// What these fields of a record hold.
fn held(record: &Record, fields: &Fields) -> Fields {
    let value = |name: &String| (name.clone(), record.fields.get(name).cloned().unwrap_or_default());
    fields.keys().map(value).collect()
}

/// Sets fields of a record, and says so with a way back. The board looks again whatever came of it.
pub fn save(board: Board, record: &Record, fields: Fields, told: String) {
    let (form, id, version) = (board.id(), record.id, record.version);
    let before = held(record, &fields);
    if before == fields {
        return;
    }
    spawn_local(async move {
        match set(form, id, version, &fields, &before).await {
            Ok(saved) => {
                let back = move || {
                    let (before, now) = (before.clone(), held(&saved, &fields));
                    let version = saved.version;
                    spawn_local(async move {
                        match set(form, id, version, &before, &now).await {
                            Ok(_) => board.rows.refresh(),
                            Err(problem) => toast::show(sentence(&problem)),
                        }
                    });
                };
                toast::show_with(told, text!("ui-undo"), back);
            }
            Err(problem) => toast::show(sentence(&problem)),
        }
        board.rows.refresh();
    });
}

/// Sets the fields of a record that holds `seen`. Where somebody has changed other fields of it meanwhile, that is no
/// hindrance.
async fn set(form: Id, id: Id, version: i64, fields: &Fields, seen: &Fields) -> Result<Record, Problem> {
    let first = records::change(form, id, version, fields.clone()).await;
    let stale = match first {
        Err(problem) if problem.status == 412 => problem,
        other => return other,
    };
    let now = records::get(form, &id.to_string()).await?;
    if held(&now, seen) != *seen {
        return Err(stale);
    }
    records::change(form, id, now.version, fields.clone()).await
}

/// Why something could not be saved: of a single fault what is wrong and where.
fn sentence(problem: &Problem) -> String {
    match problem.errors.as_slice() {
        [error] => match &error.label {
            Some(label) => format!("{label}: {}", error.message),
            None => error.message.clone(),
        },
        _ => problem.sentence(),
    }
}
