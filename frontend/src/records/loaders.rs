//! What filling needs from the server.

use std::pin::Pin;
use std::sync::Arc;

use engine::form::Form;
use engine::value::{Id, Values};
use leptos::prelude::*;

use crate::api::forms::OpenForm;
use crate::api::{Problem, forms, records};
use crate::fill::{Loaders, Titles};
use crate::i18n;
use crate::ui::Found;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Loaders for a form's inputs.
pub fn loaders(form: &OpenForm, titles: Titles) -> Loaders {
    loaders_of(form.info.id, form.form.clone(), titles)
}

/// Loaders for the inputs of a form that may not be published yet.
pub fn loaders_of(id: Id, form: Arc<Form>, titles: Titles) -> Loaders {
    let shown = StoredValue::new(form);
    let options =
        Callback::new(move |(path, text): (String, String)| -> Later<Result<Vec<Found>, Problem>> {
            let column = crate::fill::column_path(&path);
            let person = shown.with_value(|form| {
                form.column(&column).is_some_and(|column| column.field.kind.name() == "member")
            });
            Box::pin(async move {
                let items = records::options(id, &column, &text).await?;
                Ok(items
                    .into_iter()
                    .map(|item| {
                        titles.learn_one(item.id, item.title.clone());
                        let facts = item
                            .fields
                            .values()
                            .filter_map(|value| value.as_str())
                            .map(str::to_string)
                            .collect();
                        Found { id: item.id.to_string(), title: item.title, facts, person }
                    })
                    .collect())
            })
        });
    let linked = Callback::new(move |(form, record): (Id, Id)| -> Later<Option<Values>> {
        Box::pin(async move {
            let open = forms::open(&form.to_string()).await.ok()?;
            let record = records::get(form, &record.to_string()).await.ok()?;
            let values = records::values(&open, &record);
            let title = engine::record::title(&open.form, &values, i18n::language_now(), &|_| String::new());
            if !title.is_empty() {
                titles.learn_one(record.id, title);
            }
            Some(values)
        })
    });
    Loaders { options, linked }
}
