//! Choices of a select that another form gives.

use serde_json::{Value, json};
use tests::design::{Field, form, group, subform, test, text};
use tests::workspace::{faults, items, values_of};
use tests::{App, Client, Form, on_both_shared};

use crate::import::{import, upload};

fn alike(field: &str) -> Value {
    json!({"field": field, "op": "eq", "value": {"field": field}})
}

/// Cities, and trips to those that are open: through those of one country.
async fn trips(app: &App) -> (Form, Form) {
    let city = [text("name"), text("land"), Field::new("open", "switch")];
    let city = app.form(form("city", city).with("title", "{name}")).await;
    let cities = [
        ("Basel", "CH", true),
        ("Bern", "CH", true),
        ("Berlin", "DE", true),
        ("Basel", "CH", true),
        ("Bonn", "DE", false),
    ];
    let cities = cities.map(|(name, land, open)| json!({"name": name, "land": land, "open": open}));
    city.add_all(cities).await;
    let open = test("open", "eq", true);
    let from = |filter: Value| json!({"form": "city", "field": "name", "filter": filter});
    let choice = |key: &str| Field::new(key, "select").option("from", from(open.clone()));
    let through = from(json!({"all": [open.clone(), alike("land")]}));
    let trip = [
        text("land"),
        choice("to"),
        Field::new("through", "multi_select").option("from", through),
        subform("legs", [choice("at")]),
        text("note"),
    ];
    (city, app.form(form("trip", trip)).await)
}

async fn offered(who: &Client, form: &Form, field: &str, rest: &str) -> Vec<String> {
    let list = who.get(&form.path(&format!("/fields/{field}/options?q=b{rest}"))).await.ok();
    items(&list).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn choices_are_texts_of_another_form_and_stay_what_was_chosen() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (city, trip) = trips(&workspace.app("Travel").await).await;
        assert_eq!(offered(admin, &trip, "to", "").await, ["Basel", "Berlin", "Bern"], "each once");
        assert_eq!(offered(admin, &trip, "legs.at", "").await, ["Basel", "Berlin", "Bern"]);
        let in_land: String =
            json!({"land": "CH"}).to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
        let of_land = offered(admin, &trip, "through", &format!("&values={in_land}")).await;
        assert_eq!(of_land, ["Basel", "Bern"]);

        let fields =
            json!({"land": "CH", "to": "Basel", "through": ["Bern", "Basel"], "legs": [{"at": "Berlin"}]});
        let made = trip.add(fields).await;
        assert_eq!(
            (&made["fields"]["to"], &made["fields"]["through"]),
            (&json!("Basel"), &json!(["Basel", "Bern"]))
        );
        let refused =
            async |fields: Value| faults(&trip.create(admin, fields).await.refused(422, "validation"));
        for (fields, told) in [
            (json!({"to": "Bonn"}), "fields.to"),
            (json!({"to": "basel"}), "fields.to"),
            (json!({"land": "CH", "through": ["Bern", "Berlin"]}), "fields.through"),
            (json!({"through": ["Bern"]}), "fields.through"),
            (json!({"legs": [{"at": "Bern"}, {"at": "Nowhere"}]}), "fields.legs.1.at"),
        ] {
            assert_eq!(refused(fields.clone()).await, [format!("{told}: unknown_choice")], "{fields}");
        }
        // Both cities lie in the former country.
        let other = trip.edit(admin, &made, json!({"land": "DE"})).await.refused(422, "validation");
        assert_eq!(faults(&other), ["fields.through: unknown_choice"; 2]);
        let found = trip.query(admin, json!({"filter": test("to", "eq", "Basel")})).await.ok();
        assert_eq!(items(&found).len(), 1);

        // What was chosen is no link: it stays when the other form changes, and is not chosen anew.
        let list = city.query(admin, json!({"filter": test("name", "eq", "Basel")})).await.ok();
        for record in items(&list) {
            city.edit(admin, record, json!({"name": "Basle"})).await.ok();
        }
        let kept = trip.edit(admin, &made, json!({"note": "by train"})).await.ok();
        assert_eq!(kept["fields"]["to"], "Basel");
        assert_eq!(refused(json!({"to": "Basel"})).await, ["fields.to: unknown_choice"]);

        // A file is held to it line by line.
        let file = upload(admin, "to,note\nBasle,one\nBasel,two\n").await;
        let job =
            import(admin, &trip.id, json!({"file": file, "mapping": {"to": "to", "note": "note"}})).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(1), &json!(1)), "{job}");
        assert_eq!(job["result"]["faults"][0]["code"], "unknown_choice", "{job}");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_the_other_form_chooses_nothing_of_it_and_reads_what_was_chosen() {
    on_both_shared(async |workspace| {
        let (city, trip) = trips(&workspace.app("Travel").await).await;
        let mei = workspace.person("mei").await;
        trip.allow(group("travellers", &[&mei.id])).await;
        trip.add(json!({"to": "Basel"})).await;
        let seen = mei.get(&trip.path("")).await.ok();
        let options = &seen["definition"]["fields"][1]["options"];
        assert!(options["from"].is_null() && options["allow_other"] == true, "{options}");
        assert!(offered(&mei, &trip, "to", "").await.is_empty());
        let refused = trip.create(&mei, json!({"to": "Basel"})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.to: unknown_choice"]);
        let list = trip.query(&mei, json!({})).await.ok();
        assert_eq!(values_of(&list, "to"), ["Basel"]);
        // With the right to see it, and the field that gives the choices.
        city.allow(group("lookers", &[&mei.id]).may(&["view"]).rows(test("land", "eq", "DE"))).await;
        assert_eq!(offered(&mei, &trip, "to", "").await, ["Berlin"]);
        trip.create(&mei, json!({"to": "Berlin"})).await.created();
        trip.create(&mei, json!({"to": "Basel"})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn choices_come_from_a_text_of_a_form_that_is_there() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Travel").await;
        trips(&app).await;
        for (from, code, fault) in [
            (json!({"form": "nowhere", "field": "name"}), "validation", "from/form: unknown_form"),
            (json!({"form": "city", "field": "nothing"}), "unknown_field", "from/field: unknown_field"),
            (json!({"form": "city", "field": "open"}), "validation", "from/field: bad_operand"),
        ] {
            let field = Field::new("x", "select").option("from", from.clone());
            let refused = app.refused_form(form("bad", [field])).await.refused(422, code);
            assert_eq!(faults(&refused), [format!("/fields/0/options/{fault}")], "{from}");
        }
    })
    .await;
}
