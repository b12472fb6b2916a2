//! Sixty-four at once for the last of something, over every way in: single records, bulks, imports and decisions.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{approve, form, link, number, serial, test, text};
use tests::dice::cases;
use tests::workspace::{faults, id_of, items};
use tests::{Answer, App, Client, Form, Inside, Person, Server, Workspace, on_both, together};

use crate::import::{import, upload};

/// How many want something at once.
const CLIENTS: usize = 64;
/// How many pieces there are for them.
const PIECES: i64 = 100;

/// Pieces come in, are taken out, and are granted to requests; there are never fewer than none.
struct Depot {
    app: App,
    arrivals: Form,
    takes: Form,
    requests: Form,
    boss: Person,
    stock: String,
}

fn stock() -> Value {
    let of = |form: &str, measure: &str| json!({"form": form, "group": {"item": "item"}, "measures": {measure: {"fn": "sum", "field": "qty"}}});
    let mut granted = of("request", "granted");
    granted["filter"] = test("$flow_state", "eq", "approved");
    json!({"format": 1, "key": "stock", "label": "Stock", "dimensions": [{"key": "item", "label": "Item"}],
        "sources": [of("arrival", "arrived"), of("take", "taken"), granted],
        "measures": [{"key": "on_hand", "label": "On hand", "formula": "arrived - taken - granted", "scale": 0}],
        "constraints": [{"key": "enough", "check": test("on_hand", "gte", "0"), "message": "Not enough"}]})
}

impl Depot {
    async fn build(workspace: &Workspace, pieces: i64) -> Self {
        let app = workspace.app("Depot").await;
        let fields = || [text("item"), number("qty", 0).option("min", "1")];
        let arrivals = app.form(form("arrival", fields())).await;
        let takes = app.form(form("take", fields().into_iter().chain([serial("no", "T-")]))).await;
        let requests = app.form(form("request", fields())).await;
        let boss = workspace.person("boss").await;
        requests.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let stock = app.aggregate(stock()).await;
        arrivals.add(json!({"item": "A", "qty": pieces})).await;
        Self { app, arrivals, takes, requests, boss, stock }
    }

    async fn on_hand(&self, who: &Client) -> i64 {
        let rows = who.get(&format!("/aggregates/{}/rows", self.stock)).await.ok();
        items(&rows)[0]["values"]["on_hand"].as_str().unwrap().parse().unwrap()
    }

    async fn single(&self, who: &Client) -> i64 {
        let answer = patiently(async || self.takes.create(who, one()).await).await;
        if answer.status == 201 { 1 } else { refused(answer) }
    }

    /// So many in one bulk: each for itself, or all or none.
    async fn bulk(&self, who: &Client, count: usize, atomic: bool) -> i64 {
        let rows: Vec<_> = (0..count).map(|_| json!({"fields": one()})).collect();
        let asked = json!({"create": rows, "atomic": atomic});
        let path = self.takes.path("/records/bulk");
        let answer = patiently(async || who.post(&path, asked.clone()).await).await;
        if answer.status != 200 {
            return refused(answer);
        }
        let done = answer.body["results"].as_array().unwrap().iter();
        let done = done.filter(|one| {
            assert!(one["id"].is_string() || one["problem"]["code"] == "constraint", "{one}");
            one["id"].is_string()
        });
        done.count() as i64
    }

    async fn import(&self, who: &Client, count: usize) -> i64 {
        let file = upload(who, &format!("item,qty\n{}", "A,1\n".repeat(count))).await;
        let job =
            import(who, &self.takes.id, json!({"file": file, "mapping": {"item": "item", "qty": "qty"}}))
                .await;
        assert_eq!(job["state"], "done", "{job}");
        let (created, failed) = (&job["result"]["created"], &job["result"]["failed"]);
        assert_eq!(created.as_u64().unwrap() + failed.as_u64().unwrap(), count as u64, "{job}");
        for fault in job["result"]["faults"].as_array().unwrap() {
            assert_eq!(fault["code"], "constraint", "{job}");
        }
        created.as_i64().unwrap()
    }

    /// A request that waits for the boss; gives its task.
    async fn waiting_request(&self, who: &Client) -> String {
        self.requests.create(who, one()).await.created();
        let waiting = self.boss.get("/tasks?box=todo&limit=1").await.ok();
        items(&waiting).first().map(id_of).unwrap()
    }

    async fn approval(&self, task: &str) -> i64 {
        let path = format!("/tasks/{task}/approve");
        let answer = patiently(async || self.boss.post(&path, json!({})).await).await;
        if answer.status == 200 { 1 } else { refused(answer) }
    }
}

/// The numbers of those who got something begin so, have no gap, and none is there twice; gives how many there are.
async fn numbers_have_no_gap(form: &Form, prefix: &str) -> usize {
    let (mut numbers, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut query = json!({"limit": 500, "fields": ["no"]});
        if !cursor.is_null() {
            query["cursor"] = cursor;
        }
        let page = form.query(&form.admin, query).await.ok();
        let told = items(&page).iter().map(|record| record["fields"]["no"].as_str().unwrap().to_owned());
        numbers.extend(told);
        cursor = page["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    let count = numbers.len();
    let expected: BTreeSet<String> = (1..=count).map(|n| format!("{prefix}{n:04}")).collect();
    assert_eq!(numbers.into_iter().collect::<BTreeSet<_>>(), expected);
    count
}

fn one() -> Value {
    json!({"item": "A", "qty": 1})
}

/// What came of it at last: whoever is told that there is too much to do tries again, as the answer says.
async fn patiently(ask: impl AsyncFn() -> Answer) -> Answer {
    const TRIES: usize = 100;
    for _ in 0..TRIES {
        let answer = ask().await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server is busy for good");
}

/// Whoever gets nothing is told that there is not enough, and nothing else.
#[track_caller]
fn refused(answer: Answer) -> i64 {
    answer.refused(409, "constraint");
    0
}

/// The sixty-four, each with connections of their own.
fn clients(workspace: &Workspace) -> Vec<Client> {
    (0..CLIENTS).map(|_| workspace.admin.reconnected()).collect()
}

/// Locks have one order: whoever waits for somebody is waited for by nobody who came before them (semantics.md 8).
async fn nobody_met_a_deadlock(server: &mut Server) {
    let mut inside = Inside::of(server).await;
    server.stop().await;
    assert_eq!(inside.deadlocks().await, 0, "locks are taken in another order somewhere");
}

#[tokio::test]
async fn t76_the_last_pieces_are_taken_once_whichever_way_they_are_taken() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let depot = Depot::build(&workspace, PIECES).await;
        for _ in 0..8 {
            depot.requests.create(&workspace.admin, one()).await.created();
        }
        let waiting = depot.boss.get("/tasks?box=todo&limit=100").await.ok();
        let tasks: Vec<String> = items(&waiting).iter().map(id_of).collect();
        assert_eq!(tasks.len(), 8);
        let clients = clients(&workspace);
        let (over, admin, depot) = (AtomicBool::new(false), &workspace.admin, &depot);
        let taking = async {
            let all = clients.iter().enumerate().map(|(place, who)| {
                let tasks = &tasks;
                async move {
                    match place % 8 {
                        0 => depot.bulk(who, 4, false).await,
                        1 => depot.bulk(who, 2, true).await,
                        2 => depot.import(who, 4).await,
                        3 => depot.approval(&tasks[place / 8]).await,
                        _ => depot.single(who).await + depot.single(who).await,
                    }
                }
            });
            let taken: i64 = together(all).await.into_iter().sum();
            over.store(true, Ordering::Relaxed);
            taken
        };
        // Whoever looks meanwhile never sees less than nothing.
        let looking = async {
            while !over.load(Ordering::Relaxed) {
                assert!(depot.on_hand(admin).await >= 0);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let (mut taken, ()) = tokio::join!(taking, looking);
        // One piece may be left where the last ones to come wanted two together.
        while depot.on_hand(admin).await > 0 {
            assert_eq!(depot.single(admin).await, 1, "while pieces are left nobody goes without");
            taken += 1;
        }
        assert_eq!(taken, PIECES);
        assert_eq!(depot.single(admin).await, 0);
        let verify = format!("/aggregates/{}/verify", depot.stock);
        let verified = admin.post(&verify, json!({})).await.ok();
        assert_eq!(verified["right"], true, "{verified}");
        let all = admin.post(&depot.app.path("/aggregates/verify"), json!({})).await.ok();
        assert_eq!(items(&all)[0], verified);

        numbers_have_no_gap(&depot.takes, "T-").await;
        nobody_met_a_deadlock(server).await;
    })
    .await;
}

/// Rounds of every run.
const FEW_ROUNDS: usize = 8;
/// Rounds of `cargo xtask test --long` (product.md Z08).
const MANY_ROUNDS: usize = 1_000;

#[tokio::test]
async fn the_last_piece_goes_to_one_of_sixty_four_round_after_round() {
    rounds_for_the_last_piece(FEW_ROUNDS).await;
}

#[tokio::test]
#[ignore = "a thousand rounds"]
async fn the_last_piece_goes_to_one_of_sixty_four_a_thousand_times() {
    rounds_for_the_last_piece(MANY_ROUNDS).await;
}

/// One piece comes in, the sixty-four want it over every way in, and one of them gets it: so many times.
async fn rounds_for_the_last_piece(rounds: usize) {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let depot = Depot::build(&workspace, 1).await;
        let clients = clients(&workspace);
        let (admin, depot) = (&workspace.admin, &depot);
        let mut task = depot.waiting_request(admin).await;
        for round in 0..rounds {
            if round > 0 {
                depot.arrivals.add(one()).await;
            }
            // Who comes first is another one each time.
            let all = clients.iter().enumerate().map(|(place, who)| {
                let (way, task) = ((place + round) % CLIENTS, &task);
                async move {
                    match way {
                        0 => ("approval", depot.approval(task).await),
                        1..4 => ("import", depot.import(who, 1).await),
                        4..16 => ("atomic bulk", depot.bulk(who, 1, true).await),
                        16..28 => ("bulk", depot.bulk(who, 1, false).await),
                        _ => ("single", depot.single(who).await),
                    }
                }
            });
            let came = together(all).await;
            let winners: Vec<&str> =
                came.iter().filter(|(_, taken)| *taken > 0).map(|(way, _)| *way).collect();
            assert_eq!(winners.len(), 1, "round {round}: {came:?}");
            assert_eq!(depot.on_hand(admin).await, 0, "round {round}");
            if winners == ["approval"] {
                task = depot.waiting_request(admin).await;
            }
        }
        let verify = format!("/aggregates/{}/verify", depot.stock);
        let verified = admin.post(&verify, json!({})).await.ok();
        assert_eq!(verified["right"], true, "{verified}");
        numbers_have_no_gap(&depot.takes, "T-").await;
        nobody_met_a_deadlock(server).await;
    })
    .await;
}

#[tokio::test]
async fn of_sixty_four_who_want_sixteen_values_sixteen_get_one() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [text("code").unique(), serial("no", "O-")])).await;
        let clients = clients(&workspace);
        let order = &order;
        let all = clients.iter().enumerate().map(|(place, who)| async move {
            let code = format!("C{}", place % 16);
            match place / 16 {
                0 | 1 => {
                    let fields = json!({"code": code});
                    let answer = patiently(async || order.create(who, fields.clone()).await).await;
                    if answer.status == 201 {
                        return 1;
                    }
                    let problem = answer.refused(409, "not_unique");
                    assert_eq!(faults(&problem), ["fields.code: not_unique"]);
                    0
                }
                2 => {
                    let rows = json!({"create": [{"fields": {"code": code}}]});
                    let path = order.path("/records/bulk");
                    let answer = patiently(async || who.post(&path, rows.clone()).await).await;
                    if answer.status == 200 {
                        return 1;
                    }
                    let problem = answer.refused(409, "not_unique");
                    assert_eq!(faults(&problem), ["create.0.fields.code: not_unique"]);
                    0
                }
                _ => {
                    let file = upload(who, &format!("code\n{code}\n")).await;
                    let job =
                        import(who, &order.id, json!({"file": file, "mapping": {"code": "code"}})).await;
                    let created = job["result"]["created"].as_i64().unwrap();
                    assert!(created == 1 || job["result"]["faults"][0]["code"] == "not_unique", "{job}");
                    created
                }
            }
        });
        let made: i64 = together(all).await.into_iter().sum();
        assert_eq!(made, 16);
        let found = order.query(&workspace.admin, json!({"limit": 100})).await.ok();
        let numbers: BTreeSet<&str> =
            items(&found).iter().map(|record| record["fields"]["no"].as_str().unwrap()).collect();
        let expected: Vec<String> = (1..=16).map(|n| format!("O-{n:04}")).collect();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), expected, "whoever got no value took no number");
        nobody_met_a_deadlock(server).await;
    })
    .await;
}

/// Rounds in which a hundred want one value: a few usually, two hundred in a long run.
const RACES: (usize, usize) = (2, 200);
/// Numbers that each of the sixty-four takes: a few usually, a thousand in a long run.
const NUMBERS: (usize, usize) = (3, 1_000);

#[tokio::test]
async fn of_a_hundred_who_want_one_value_one_gets_it_and_its_number() {
    const MANY: usize = 100;
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [text("code").unique(), serial("no", "O-")])).await;
        let clients = clients(&workspace);
        let (order, rounds) = (&order, cases(RACES.0).min(RACES.1));
        for round in 0..rounds {
            let all = (0..MANY).map(|place| {
                let who = &clients[place % CLIENTS];
                async move {
                    let code = json!({"code": format!("C{round}")});
                    let answer = patiently(async || order.create(who, code.clone()).await).await;
                    if answer.status != 201 {
                        let problem = answer.refused(409, "not_unique");
                        assert_eq!(faults(&problem), ["fields.code: not_unique"]);
                        return 0;
                    }
                    1
                }
            });
            assert_eq!(together(all).await.into_iter().sum::<usize>(), 1, "round {round}");
        }
        assert_eq!(numbers_have_no_gap(order, "O-").await, rounds);
        nobody_met_a_deadlock(server).await;
    })
    .await;
}

#[tokio::test]
async fn sixty_four_who_take_numbers_leave_no_gap_whatever_is_refused_between() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let amount = number("amount", 0).option("max", "100");
        let order = workspace.form(form("order", [serial("no", "O-"), amount])).await;
        let clients = clients(&workspace);
        let (order, each) = (&order, cases(NUMBERS.0).min(NUMBERS.1));
        let all = clients.iter().enumerate().map(|(place, who)| async move {
            for turn in 0..each {
                // Every fourth one asks for more than there may be first, which takes no number.
                if (place + turn).is_multiple_of(4) {
                    let answer = patiently(async || order.create(who, json!({"amount": 101})).await).await;
                    answer.refused(422, "validation");
                }
                patiently(async || order.create(who, json!({"amount": turn % 100})).await).await.created();
            }
        });
        together(all).await;
        assert_eq!(numbers_have_no_gap(order, "O-").await, each * CLIENTS);
        nobody_met_a_deadlock(server).await;
    })
    .await;
}

/// Whoever comes first, no link leads to what is gone, and what is linked to stays.
#[tokio::test]
async fn a_link_meets_the_deletion_of_what_it_leads_to() {
    const AHEAD: Duration = Duration::from_millis(250);
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let app = workspace.app("Links").await;
        let customers = app.form(form("customer", [text("name")])).await;
        let to = link("customer", "customer").option("on_target_delete", "restrict");
        let orders = app.form(form("order", [text("what"), to])).await;
        for links_first in [true, false] {
            let customer = customers.add(json!({"name": "Li"})).await;
            let (one, two) = (workspace.admin.reconnected(), workspace.admin.reconnected());
            let links = orders.create(&one, json!({"what": "Chairs", "customer": customer["id"]}));
            let path = customers.at(&customer);
            let goes = two.delete(&path, 1);
            let mut inside = Inside::of(server).await;
            inside.hold_saves().await;
            let release = async {
                tokio::time::sleep(AHEAD * 3).await;
                inside.let_saves_go().await;
            };
            let later = || tokio::time::sleep(AHEAD);
            if links_first {
                let goes = async {
                    later().await;
                    goes.await
                };
                let (linked, gone, ()) = tokio::join!(links, goes, release);
                linked.created();
                gone.refused(409, "linked");
            } else {
                let links = async {
                    later().await;
                    links.await
                };
                let (gone, linked, ()) = tokio::join!(goes, links, release);
                gone.with_status(204);
                let refused = linked.refused(422, "validation");
                assert_eq!(faults(&refused), ["fields.customer: dead_link"]);
            }
        }
    })
    .await;
}

/// A save that is broken off is run again five times; then its sender is told to come back, and nothing of it is there.
#[tokio::test]
async fn a_save_that_meets_a_deadlock_each_time_is_told_to_come_back() {
    on_both(async |server| {
        if server.postgres_url().is_none() {
            return;
        }
        let workspace = Workspace { admin: server.set_up().await };
        let order = workspace.form(form("order", [text("what")])).await;
        let mut inside = Inside::of(server).await;
        inside.break_saves_off().await;
        let answer = order.create(&workspace.admin, json!({"what": "Chairs"})).await;
        let wait: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..60).contains(&wait), "{wait}");
        answer.refused(503, "busy");
        assert_eq!(inside.break_off_no_more().await, 6);
        let list = order.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&list).len(), 0);
        order.add(json!({"what": "Chairs"})).await;
    })
    .await;
}
