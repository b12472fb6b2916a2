//! How many there are, on each shelf.

use engine::access::Access;
use engine::condition::Checked;
use serde_json::json;

use super::world::{Dice, World};
use super::{asking, ids};
use crate::query::{Count, Query, Shelf, count};
use crate::testing::{insert, on_both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_exact_and_shelves_apart() {
    on_both(async |store| {
        let world = World::new(store, &mut Dice(4), 40).await;
        let (access, form) = (Access::system("test"), world.form_ref());
        let mut draft = world.forms.record("orders", json!({"title": "稿"}));
        draft.system.flow_state = Some("draft".into());
        draft.system.created_by = Some(world.people[0]);
        let mut binned = world.forms.record("orders", json!({"title": "废"}));
        binned.system.deleted_at = Some(binned.system.created_at);
        let mut thrown = world.forms.record("orders", json!({"title": "弃"}));
        thrown.system = draft.system.clone();
        thrown.system.deleted_at = binned.system.deleted_at;
        insert(store, form, &[draft.clone(), binned.clone(), thrown.clone()]).await.unwrap();
        let mut db = store.read().await.unwrap();
        let all = Checked::always();
        for (shelf, expected) in [
            (Shelf::Live, 40),
            (Shelf::Drafts(world.people[0]), 1),
            (Shelf::Drafts(world.people[1]), 0),
            (Shelf::Bin(world.people[0]), 2),
            (Shelf::Bin(world.people[1]), 1),
        ] {
            for how in [Count::Exact, Count::Estimate] {
                let counted = count(&mut db, &access, form, shelf, &all, how, &world.context).await.unwrap();
                assert_eq!((counted.value, counted.exact), (expected, true), "{shelf:?}");
            }
        }
        drop(db);
        let bin = |member| Query { shelf: Shelf::Bin(member), ..asking(Checked::always()) };
        assert_eq!(ids(store, &world, &bin(world.people[1])).await, [binned.id]);
        assert_eq!(ids(store, &world, &bin(world.people[0])).await.len(), 2);
    })
    .await;
}
