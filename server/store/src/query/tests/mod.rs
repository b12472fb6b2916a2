//! SQL and memory agree: on conditions over random records and trees, on sorts and pages, on groups.

mod conditions;
mod counts;
mod groups;
mod many;
mod pages;
mod plans;
mod random_condition;
mod rights;
mod world;

use engine::access::Access;
use engine::condition::Checked;
use engine::value::Id;

use self::world::World;
use super::{From, Query, Shelf, Sort, page};
use crate::Store;

fn asking(filter: Checked) -> Query {
    Query {
        shelf: Shelf::Live,
        filter,
        sort: Vec::new(),
        limit: 500,
        from: From::Start,
        fields: Some(Vec::new()),
    }
}

async fn ids(store: &Store, world: &World, query: &Query) -> Vec<Id> {
    let mut db = store.read().await.unwrap();
    let access = Access::system("test");
    let page = page(&mut db, &access, world.form_ref(), query, &world.context).await;
    page.unwrap_or_else(|error| panic!("{error}: {query:?}")).records.iter().map(|record| record.id).collect()
}

fn sort(world: &World, path: &str, descending: bool) -> Sort {
    let (reach, kind) = world.form().find(path, &world.forms).unwrap();
    Sort { reach, kind, descending }
}
