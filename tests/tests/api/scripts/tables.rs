//! Scripts that read aggregate tables: groups as they are, behind their links, and unchanged until the save ends.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{form, link, number, text};
use tests::{Answer, App, Client, Form, Workspace, on_both_shared, together};

const CLIENTS: usize = 16;

/// Seats of rooms, counted by a table that a script looks at before it lets one more in.
struct Hall {
    app: App,
    rooms: Form,
    seats: Form,
    table: String,
    admin: Client,
}

impl Hall {
    async fn build(workspace: &Workspace, source: &str) -> Self {
        let app = workspace.app("Hall").await;
        let admin = workspace.admin.clone();
        let rooms = app.form(form("room", [text("name"), number("most", 0)])).await;
        let left = number("left", 0).with("by_script", true);
        let seats = app.form(form("seat", [link("room", "room"), number("persons", 0), left])).await;
        let table = app
            .aggregate(json!({"format": 1, "key": "taken", "label": "Taken",
                "dimensions": [{"key": "room", "label": "Room"}],
                "sources": [{"form": "seat", "group": {"room": "room"},
                    "measures": {"persons": {"fn": "sum", "field": "persons"}}}],
                "measures": [{"key": "doubled", "formula": "persons * 2", "scale": 0}]}))
            .await;
        let script = json!({"key": "let_in", "source": source});
        admin.post(&app.path("/scripts"), script).await.created();
        let bound = json!([{"on": "submit", "script": "let_in"}]);
        seats.extend(json!([{"do": "set_form", "member": "scripts", "value": bound}])).await;
        Self { app, rooms, seats, table, admin }
    }

    async fn room(&self, name: &str, most: i64) -> Value {
        self.rooms.add(json!({"name": name, "most": most})).await["id"].clone()
    }

    async fn seat(&self, room: &Value, persons: i64) -> Answer {
        self.seats.create(&self.admin, json!({"room": room, "persons": persons})).await
    }
}

const LET_IN: &str = r#"
let taken = aggregate("taken", #{room: record.room});
let before = if taken == () { 0 } else { taken.persons };
let most = if taken == () { get("room", record.room).most } else { taken["room.most"] };
if before + record.persons > most { refuse("full", #{left: most - before}); }
record.left = most - before - record.persons;
"#;

#[tokio::test]
async fn a_script_reads_a_group_and_what_lies_behind_its_link() {
    on_both_shared(async |workspace: Workspace| {
        let hall = Hall::build(&workspace, LET_IN).await;
        let (blue, red) = (hall.room("blue", 5).await, hall.room("red", 2).await);
        // The group is as it was before the save.
        let left = async |room: &Value, persons: i64| {
            hall.seat(room, persons).await.created()["fields"]["left"].clone()
        };
        assert_eq!(left(&blue, 2).await, "3");
        assert_eq!(left(&blue, 2).await, "1");
        assert_eq!(left(&red, 2).await, "0");
        hall.seat(&blue, 2).await.refused(409, "full");
        assert_eq!(left(&blue, 1).await, "0");
        let verified = hall.admin.post(&format!("/aggregates/{}/verify", hall.table), json!({})).await.ok();
        assert_eq!(verified["right"], true);
    })
    .await;
}

#[tokio::test]
async fn tables_are_searched_sorted_counted_and_summed_like_forms() {
    on_both_shared(async |workspace: Workspace| {
        let hall = Hall::build(&workspace, "let a = 1;").await;
        for (name, most, persons) in [("a", 9, 1), ("b", 1, 3), ("c", 9, 2)] {
            let room = hall.room(name, most).await;
            hall.seat(&room, persons).await.created();
        }
        let told = async |source: &str| {
            let tried = json!({"form": "seat", "on": "submit", "fields": {"persons": 1}});
            let input = json!({"source": source, "tried": tried});
            let told = hall.admin.post(&hall.app.path("/try-script"), input).await.ok();
            assert_eq!(told["problem"], Value::Null, "{source}: {told}");
            told["log"][0]["text"].as_str().unwrap().to_string()
        };
        let all = "find(#{aggregate: \"taken\"}, #{}, #{sort: \"-persons\", limit: 2})";
        assert_eq!(told(&format!("let all = {all}; log(all[0].persons + all[1].doubled);")).await, "7");
        assert_eq!(told("log(sum(#{aggregate: \"taken\"}, #{}, \"persons\"));").await, "6");
        assert_eq!(told("log(count(#{aggregate: \"taken\"}, #{\"room.most\": 9}));").await, "2");
        let over = "first(#{aggregate: \"taken\"}, #{field: \"persons\", op: \"gt\", value: 2})";
        assert_eq!(told(&format!("log({over}[\"room.name\"]);")).await, "b");
        assert_eq!(told("log(aggregate(\"taken\", #{room: ()}) == ());").await, "true");
    })
    .await;
}

/// Asks again where the server is busy: that is never the answer to what was asked.
async fn patiently(hall: &Hall, who: &Client, room: &Value) -> Answer {
    for _ in 0..100 {
        let answer = hall.seats.create(who, json!({"room": room, "persons": 1})).await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server is busy for good");
}

#[tokio::test]
async fn a_group_that_was_read_does_not_grow_before_the_save_ends() {
    on_both_shared(async |workspace: Workspace| {
        let hall = Hall::build(&workspace, LET_IN).await;
        let rooms = [hall.room("one", 5).await, hall.room("two", 3).await];
        let clients: Vec<Client> = (0..CLIENTS).map(|_| workspace.admin.reconnected()).collect();
        let all = clients.iter().enumerate().map(|(place, who)| patiently(&hall, who, &rooms[place % 2]));
        let mut taken = 0;
        for answer in together(all).await {
            match answer.status {
                201 => taken += 1,
                _ => drop(answer.refused(409, "full")),
            }
        }
        assert_eq!(taken, 8, "five and three");
    })
    .await;
}

#[tokio::test]
async fn a_table_that_a_script_reads_stays_and_one_that_is_not_there_is_not_read() {
    on_both_shared(async |workspace: Workspace| {
        let hall = Hall::build(&workspace, LET_IN).await;
        hall.admin.delete(&format!("/aggregates/{}", hall.table), 1).await.refused(409, "aggregate_scripted");
        let script = json!({"key": "astray", "source": "aggregate(\"nobody\", #{a: 1});"});
        let refused = hall.admin.post(&hall.app.path("/scripts"), script).await.refused(422, "validation");
        assert_eq!(tests::workspace::faults(&refused), ["source: unknown_table"]);
        // Another app's table is read by who administers both.
        let mei = workspace.person("mei").await;
        let theirs = workspace.app("Theirs").await;
        let admins = json!({"admins": [{"members": [mei.id]}]});
        hall.admin.patch(&theirs.path(""), 1, admins).await.ok();
        let source = format!("aggregate(\"{}/taken\", #{{room: 1}});", hall.app.key);
        let script = json!({"key": "peek", "source": source});
        let refused = mei.post(&theirs.path("/scripts"), script.clone()).await.refused(422, "validation");
        assert_eq!(tests::workspace::faults(&refused), ["source: unknown_table"]);
        hall.admin.post(&theirs.path("/scripts"), script).await.created();
    })
    .await;
}
