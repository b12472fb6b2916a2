//! What filling in needs, for a visitor: of other forms they are offered what their link says, and nothing else.

use std::pin::Pin;

use engine::value::Id;
use leptos::prelude::*;
use serde_json::Map;
use wire::Problem;

use crate::api::public_forms::{self, FilledBy, OpenLink, Visit};
use crate::fill::{Judged, Listed, Loaders, Making, Sought, Titled, Titles, column_path};
use crate::text;
use crate::ui::{Found, learn_sounds};

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Signs that have to be typed before anything is offered.
const LEAST_TYPED: usize = 2;

pub fn loaders(open: &OpenLink, visit: StoredValue<Visit>, titles: Titles) -> Loaders {
    learn_sounds(&open.form.info.sounds);
    let texts = texts_offered(open);
    let options =
        Callback::new(move |Sought { path, text, .. }: Sought| -> Later<Result<Vec<Found>, Problem>> {
            let column = column_path(&path);
            let is_text = texts.with_value(|texts| texts.contains(&column));
            Box::pin(async move {
                if text.trim().chars().count() < LEAST_TYPED {
                    return Err(too_little());
                }
                let items = public_forms::options(&visit.get_value(), &column, text.trim()).await?;
                let found = items.into_iter().map(|item| {
                    if !is_text {
                        titles.learn_one(item.id, item.title.clone());
                    }
                    let facts =
                        item.fields.values().filter_map(|value| value.as_str().map(str::to_string)).collect();
                    Found { id: item.id.to_string(), title: item.title, facts, person: false }
                });
                Ok(found.collect())
            })
        });
    Loaders {
        options,
        linked: Callback::new(|_: Vec<(Id, Id)>| -> Later<crate::fill::LinkedValues> {
            Box::pin(async { Vec::new() })
        }),
        titles: Callback::new(|_: Vec<Titled>| -> Later<Vec<Id>> { Box::pin(async { Vec::new() }) }),
        address: Callback::new(|_: (Id, Id)| None),
        asked: StoredValue::default(),
        evaluated: Callback::new(|_| -> Later<Option<Judged>> { Box::pin(async { None }) }),
        list: Callback::new(|_| -> Later<Result<Listed, Problem>> {
            Box::pin(async { Ok(Listed::default()) })
        }),
        viewed: Callback::new(|_: Id| false),
        makes: StoredValue::default(),
        maker: Callback::new(|_: Making| ().into_any()),
        filled_by: FilledBy::Visitor(visit),
        currency: StoredValue::new(Some(open.said.currency.clone()).filter(|currency| !currency.is_empty())),
    }
}

/// The fields and columns whose offer is a text, not a record.
fn texts_offered(open: &OpenLink) -> StoredValue<Vec<String>> {
    let columns = open.form.form.all_columns();
    let texts = columns.filter(|column| column.field.kind.choices_from().is_some());
    StoredValue::new(texts.map(|column| column.path.clone()).collect())
}

/// Nothing is offered to whoever types nothing: a list to walk through would give away the records of the other form.
fn too_little() -> Problem {
    Problem {
        kind: "urn:formwork:problem:too_little".to_string(),
        title: text!("public-type-more"),
        status: 0,
        code: "too_little".to_string(),
        detail: text!("public-type-more"),
        request_id: String::new(),
        errors: Vec::new(),
        members: Map::new(),
    }
}
