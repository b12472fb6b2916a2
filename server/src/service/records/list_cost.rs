//! What a list costs, counted: how often it asks the database. Times depend on the machine, turns do not.

use engine::access::Access;
use engine::value::Id;
use serde_json::json;
use store::Tx;

use super::Order;
use crate::service::flows::design;
use crate::service::testing::{app, create, form, on_an_installation};
use crate::service::{Installation, Refusal};

/// The records as a list shows them, and how often the database was asked for what the list adds to them. Only the
/// writing connection counts, so it is that one that looks.
async fn looked_at(
    tx: &mut Tx,
    installation: &Installation,
    order: &Order,
    ids: &[Id],
) -> Result<(u64, Vec<wire::records::Record>), Refusal> {
    let access = Access::system("a page of a list");
    let found = store::record::get_many(tx, &access, order.table(), ids, &order.context).await?;
    let records: Vec<_> = found.into_values().collect();
    let before = installation.store.turns();
    let views = order.view_all(tx, &records, None, None).await?;
    Ok((installation.store.turns() - before, views))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flows_of_a_page_are_looked_for_together() {
    on_an_installation("cost_of_lists", async |installation, caller| {
        let app = app(installation, caller).await;
        let requests =
            json!({"key": "requests", "label": "r", "fields": [{"key": "what", "label": "w", "kind": "text"}]});
        let requests = form(installation, caller, &app, requests).await;
        let boss = json!({"key": "boss", "label": "b", "kind": "approve", "who": [{"members": [caller.id()]}]});
        let flow = json!({"format": 1, "label": "f", "start": {"fields": {"*": "edit"}}, "steps": [boss]});
        design::replace(installation, caller, requests.clone(), None, flow).await.unwrap();
        design::publish(installation, caller, None, requests.clone()).await.unwrap();
        let mut ids = Vec::new();
        for number in 0..12 {
            let fields = json!({"what": format!("request {number}")});
            ids.push(create(installation, caller, &requests, fields, None).await);
        }
        let order = Order::to_read(installation, caller, &requests).await.unwrap();
        let mut spent = Vec::new();
        for page in [&ids[..2], &ids[..]] {
            let (installation_there, order, page) = (installation.clone(), order.clone(), page.to_vec());
            let look = installation.write(move |tx| {
                Box::pin(async move { looked_at(tx, &installation_there, &order, &page).await })
            });
            let (turns, views) = look.await.unwrap();
            for view in &views {
                let flow = view.system.flow.as_ref().unwrap();
                assert_eq!((flow.state.as_str(), &flow.steps[..]), ("running", &["boss".to_string()][..]));
                assert_eq!(flow.assignees, [caller.id()]);
            }
            spent.push((turns, views.len()));
        }
        assert_eq!(spent, [(2, 2), (2, 12)]);
    })
    .await;
}
