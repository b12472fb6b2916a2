//! A form is changed whose records are there: what becomes of their values is said before it happens, and can be taken back.

use serde_json::{Value, json};
use tests::design::{Design, Field, approve, date, form, group, link, number, select, subform, test, text};
use tests::workspace::{UNKNOWN, faults, items, values_of};
use tests::{Answer, Client, Form, on_both_shared};

/// Replaces the draft.
async fn redesign(form: &Form, design: Design) {
    form.admin.put(&form.path("/draft"), "*", design.document()).await.ok();
}

async fn preview(form: &Form) -> Value {
    form.admin.post(&form.path("/publish/preview"), json!({})).await.ok()
}

async fn publish(form: &Form) -> Answer {
    form.admin.post(&form.path("/publish"), json!({})).await
}

/// The field of a preview, or of a list of what was removed.
fn of<'v>(list: &'v Value, path: &str) -> &'v Value {
    let found = list.as_array().unwrap().iter().find(|one| one["path"] == path);
    found.unwrap_or_else(|| panic!("no {path} in {list}"))
}

/// Values, kept, changed, lost, returned.
fn counts(field: &Value) -> [i64; 5] {
    ["values", "kept", "changed", "lost", "returned"]
        .map(|name| field[name].as_i64().unwrap_or_else(|| panic!("no {name} in {field}")))
}

async fn codes(form: &Form) -> Vec<String> {
    let list = form.query(&form.admin, json!({"sort": [{"field": "$id"}]})).await.ok();
    values_of(&list, "code").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn who_changes_a_kind_is_told_what_becomes_of_each_value_and_can_take_it_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let thing = workspace.form(form("thing", [text("name"), text("code")])).await;
        assert_eq!(preview(&thing).await["fields"], json!([]), "nothing is changed, nothing is told");
        let mut made = Vec::new();
        for code in ["12.00", "abc", "3.456", "7"] {
            made.push(thing.add(json!({"name": code, "code": code})).await);
        }
        thing.add(json!({"name": "none"})).await;

        redesign(&thing, form("thing", [text("name"), number("code", 2)])).await;
        let told = preview(&thing).await;
        assert_eq!((&told["records"], &told["complete"]), (&json!(5), &json!(true)));
        let code = of(&told["fields"], "code");
        assert_eq!((&code["before"], &code["after"]), (&json!("text"), &json!("number")));
        assert_eq!(counts(code), [4, 1, 2, 1, 0], "{code}");
        let samples = code["samples"].as_array().unwrap();
        let sample = |fate: &str, old: &str, new: &str, record: &Value| {
            json!({"fate": fate, "old": old, "new": new, "record": record["id"]})
        };
        assert_eq!(
            *samples,
            [
                sample("lost", "abc", "", &made[1]),
                sample("changed", "3.456", "3.46", &made[2]),
                sample("changed", "7", "7.00", &made[3]),
            ]
        );
        assert_eq!(codes(&thing).await[1], "abc", "a preview changes nothing");

        publish(&thing).await.ok();
        assert_eq!(codes(&thing).await, ["12.00", "", "3.46", "7.00", ""]);
        let removed = admin.get(&thing.path("/removed")).await.ok();
        let aside = of(&removed["items"], "code");
        assert_eq!(
            (&aside["kind"], &aside["is_changed"], &aside["values"]),
            (&json!("text"), &json!(true), &json!(4))
        );
        assert!(aside["purged_at"].as_str() > aside["removed_at"].as_str(), "{aside}");
        // Whoever opens the record that lost it is told of it, and of nothing else.
        let former = async |record: &Value| thing.read(admin, record).await.ok()["former"].clone();
        let told = former(&made[1]).await;
        assert_eq!(told, json!({"code": {"text": "abc", "until": aside["purged_at"]}}));
        for kept in [0, 2, 3] {
            assert_eq!(former(&made[kept]).await, Value::Null, "{kept}");
        }

        // What somebody has changed since goes back as it is now.
        thing.edit(admin, &thing.read(admin, &made[3]).await.ok(), json!({"code": 9})).await.ok();
        let draft = admin.post(&thing.path("/fields/code/restore"), json!({})).await.ok();
        assert_eq!(draft["definition"]["fields"][1]["kind"], "text", "{draft}");
        let told = preview(&thing).await;
        let code = of(&told["fields"], "code");
        assert_eq!((&code["lost"], &code["unfit"]), (&json!(0), &json!([])), "{code}");
        assert!(code["returned"].as_i64().unwrap() >= 1, "{code}");
        publish(&thing).await.ok();
        assert_eq!(codes(&thing).await, ["12.00", "abc", "3.456", "9.00", ""]);
        for record in &made {
            assert_eq!(former(record).await, Value::Null, "all of it is back");
        }
    })
    .await;
}

/// What a field held is told to those who read the field, as long as nothing else is in it and it is not purged.
#[tokio::test]
async fn z19_a_value_that_was_lost_is_told_of_to_who_reads_its_field() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, lin) = (workspace.person("mei").await, workspace.person("lin").await);
        let thing = workspace.form(form("told_of", [text("name"), text("code")])).await;
        thing.allow(group("all", &[&mei.id]).field("code", "read")).await;
        thing.allow(group("some", &[&lin.id]).field("code", "none")).await;
        let made = thing.add(json!({"name": "one", "code": "x".repeat(300)})).await;
        let other = thing.add(json!({"name": "two", "code": "abc"})).await;
        redesign(&thing, form("told_of", [text("name"), number("code", 2)])).await;
        publish(&thing).await.ok();

        let told = thing.read(&mei, &made).await.ok();
        assert_eq!(told["former"]["code"]["text"].as_str().unwrap().chars().count(), 201, "{told}");
        let told = thing.read(&lin, &made).await.ok();
        assert!(told["former"].is_null() && told["fields"].get("code").is_none(), "{told}");
        thing.edit(admin, &other, json!({"code": 5})).await.ok();
        assert!(thing.read(&mei, &other).await.ok()["former"].is_null());
        admin.post(&thing.path("/fields/code/purge"), json!({})).await.with_status(204);
        assert!(thing.read(&mei, &made).await.ok()["former"].is_null());
    })
    .await;
}

/// A history tells what there was, also of a field that has another kind now, or is gone; and with the former kind all of it is
/// told as before.
#[tokio::test]
async fn what_a_record_was_is_told_whatever_became_of_its_field() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let as_text = || form("told", [text("name"), text("code")]);
        let thing = workspace.form(as_text()).await;
        let made = thing.add(json!({"name": "one", "code": "first"})).await;
        thing.edit(admin, &made, json!({"code": "second"})).await.ok();
        let history = async || admin.get(&format!("{}/history", thing.at(&made))).await.ok();
        let before = history().await;
        assert_eq!(items(&before)[0]["changes"]["code"], json!({"old": "first", "new": "second"}));

        redesign(&thing, form("told", [text("name"), number("code", 2)])).await;
        publish(&thing).await.ok();
        let told = history().await;
        assert_eq!(items(&told).len(), 2, "the takeover is no change of the record: {told}");
        assert_eq!(items(&told)[0]["changes"]["code"]["old"], "first", "{told}");
        redesign(&thing, as_text()).await;
        publish(&thing).await.ok();
        assert_eq!(history().await, before);
    })
    .await;
}

/// A field that was taken out was open to others than one that gets its key later: who reads the later one is told nothing of it.
#[tokio::test]
async fn a_field_with_the_key_of_another_tells_nothing_of_what_that_held() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let thing = workspace.form(form("again", [text("name"), text("code")])).await;
        thing.allow(group("all", &[&mei.id])).await;
        let made = thing.add(json!({"name": "one", "code": "first"})).await;
        thing.edit(admin, &made, json!({"code": "second"})).await.ok();
        let history = async |who: &Client| who.get(&format!("{}/history", thing.at(&made))).await.ok();
        assert_eq!(
            items(&history(&mei).await)[0]["changes"]["code"],
            json!({"old": "first", "new": "second"})
        );
        redesign(&thing, form("again", [text("name")])).await;
        publish(&thing).await.ok();
        redesign(&thing, form("again", [text("name"), number("code", 2)])).await;
        publish(&thing).await.ok();

        let told = thing.read(&mei, &made).await.ok();
        assert!(told["former"].is_null() && told["fields"]["code"].is_null(), "{told}");
        let hers = history(&mei).await;
        assert_eq!(items(&hers).len(), 2, "{hers}");
        assert_eq!(items(&hers)[1]["changes"]["name"]["new"], "one", "{hers}");
        assert!(!["first", "second"].iter().any(|text| hers.to_string().contains(text)), "{hers}");
        // Who administers the form knows what there was.
        assert_eq!(thing.read(admin, &made).await.ok()["former"]["code"]["text"], "second");
        assert_eq!(items(&history(admin).await)[0]["changes"]["code"]["old"], "first");

        // What becomes of the field from then on is told, also when its kind is changed.
        thing.edit(&mei, &told, json!({"code": 5})).await.ok();
        assert_eq!(items(&history(&mei).await)[0]["changes"]["code"]["new"], "5.00");
        redesign(&thing, form("again", [text("name"), date("code")])).await;
        publish(&thing).await.ok();
        let told = thing.read(&mei, &made).await.ok();
        assert_eq!(told["former"]["code"]["text"], "5.00", "{told}");
        let hers = history(&mei).await.to_string();
        assert!(!["first", "second"].iter().any(|text| hers.contains(text)), "{hers}");
    })
    .await;
}

/// What becomes of a text in a number of two decimals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Changed,
    Lost,
}

/// One of many texts, with what it becomes and what is stored of it then.
fn mixed(n: usize) -> (String, Fate, Option<String>) {
    let (text, fate, number) = match n % 13 {
        0 => (format!("{n}.50"), Fate::Kept, format!("{n}.50")),
        1 => (format!("-{n}.25"), Fate::Kept, format!("-{n}.25")),
        2 => (format!("{n}"), Fate::Changed, format!("{n}.00")),
        3 => (format!("{n}.456"), Fate::Changed, format!("{n}.46")),
        4 => (format!("{n}.004"), Fate::Changed, format!("{n}.00")),
        5 => (format!("1,{:03}.5", n % 1_000), Fate::Changed, format!("1{:03}.50", n % 1_000)),
        6 => (format!("１２．{}", n % 10), Fate::Changed, format!("12.{}0", n % 10)),
        7 => (format!("{n}e2"), Fate::Changed, format!("{n}00.00")),
        8 => (
            format!("98765432109.{:03}", n % 10),
            Fate::Changed,
            ["98765432109.00", "98765432109.01"][usize::from(n % 10 > 4)].to_owned(),
        ),
        9 => (format!("9999999999999999{n}"), Fate::Lost, String::new()),
        10 => (format!("1,2,{n}"), Fate::Lost, String::new()),
        11 => (format!("about {n}"), Fate::Lost, String::new()),
        _ => (format!("2026-01-{:02}", n % 28 + 1), Fate::Lost, String::new()),
    };
    (text, fate, (fate != Fate::Lost).then_some(number))
}

/// Texts of every run.
const FEW_TEXTS: usize = 2_600;
/// Texts of `cargo xtask test --long` (product.md Z19).
const MANY_TEXTS: usize = 100_000;

#[tokio::test]
async fn of_thousands_of_mixed_texts_each_is_counted_by_what_becomes_of_it() {
    mixed_texts_become_numbers(FEW_TEXTS).await;
}

#[tokio::test]
#[ignore = "a hundred thousand texts"]
async fn of_a_hundred_thousand_mixed_texts_each_is_counted_by_what_becomes_of_it() {
    mixed_texts_become_numbers(MANY_TEXTS).await;
}

/// The preview counts as the texts were made; whoever thinks better of it has every byte as it was, and so has who takes the
/// change back.
async fn mixed_texts_become_numbers(count: usize) {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let as_text = || form("mixed", [number("place", 0), text("code")]);
        let thing = workspace.form(as_text()).await;
        let places: Vec<usize> = (0..count).collect();
        for some in places.chunks(500) {
            thing.add_all(some.iter().map(|n| json!({"place": n, "code": mixed(*n).0}))).await;
        }
        let texts = |number_of: fn(usize) -> Option<String>| -> Vec<Option<String>> {
            places.iter().map(|n| number_of(*n)).collect()
        };
        let were = texts(|n| Some(mixed(n).0));
        assert_eq!(all_codes(&thing, count).await, were);

        redesign(&thing, form("mixed", [number("place", 0), number("code", 2)])).await;
        let told = preview(&thing).await;
        assert_eq!(told["complete"], true, "{told}");
        let of_fate = |fate: Fate| places.iter().filter(|n| mixed(**n).1 == fate).count() as i64;
        let code = of(&told["fields"], "code");
        let expected = [count as i64, of_fate(Fate::Kept), of_fate(Fate::Changed), of_fate(Fate::Lost), 0];
        assert_eq!(counts(code), expected, "{code}");
        for fate in ["changed", "lost"] {
            let shown =
                code["samples"].as_array().unwrap().iter().filter(|sample| sample["fate"] == fate).count();
            assert!((1..=6).contains(&shown), "{fate}: {code}");
        }
        redesign(&thing, as_text()).await;
        assert_eq!(preview(&thing).await["fields"], json!([]));
        assert_eq!(all_codes(&thing, count).await, were);

        // The rest is told of a thousand as of a hundred thousand.
        if count > FEW_TEXTS {
            return;
        }
        redesign(&thing, form("mixed", [number("place", 0), number("code", 2)])).await;
        publish(&thing).await.ok();
        assert_eq!(all_codes(&thing, count).await, texts(|n| mixed(n).2));
        admin.post(&thing.path("/fields/code/restore"), json!({})).await.ok();
        publish(&thing).await.ok();
        assert_eq!(all_codes(&thing, count).await, were);
    })
    .await;
}

/// The codes of all records, in the order in which they were made.
async fn all_codes(form: &Form, count: usize) -> Vec<Option<String>> {
    let (mut found, mut cursor) = (Vec::with_capacity(count), Value::Null);
    loop {
        let mut asked = json!({"limit": 500, "fields": ["code"], "sort": [{"field": "$id"}]});
        if !cursor.is_null() {
            asked["cursor"] = cursor;
        }
        let page = form.query(&form.admin, asked).await.ok();
        found.extend(items(&page).iter().map(|record| record["fields"]["code"].as_str().map(str::to_owned)));
        cursor = page["next"].clone();
        if cursor.is_null() {
            return found;
        }
    }
}

fn stock(states: &[&str], amount: Field, name: Field, note: Field, code: Field) -> Design {
    form("stock", [select("state", states), amount, name, note, code, subform("lines", [text("n")])])
}

#[tokio::test]
async fn tighter_options_tell_what_is_lost_what_is_rounded_and_what_does_not_fit() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let before = || stock(&["a", "b"], number("amount", 2), text("name"), text("note"), text("code"));
        let stock_of = workspace.form(before()).await;
        let first = json!({"state": "a", "amount": "2.00", "name": "short", "note": "n", "code": "X"});
        let first = stock_of.add(first).await;
        let second = json!({"state": "b", "amount": "1.26", "name": "a long name", "code": "X"});
        let second = stock_of.add(second).await;
        let name = || text("name").option("max_length", 5);
        let after = |code: Field| stock(&["a"], number("amount", 1), name(), text("note").required(), code);
        redesign(&stock_of, after(text("code").unique())).await;

        let told = preview(&stock_of).await;
        let fields = &told["fields"];
        assert_eq!(counts(of(fields, "state")), [2, 1, 0, 1, 0]);
        assert_eq!(of(fields, "state")["samples"][0]["old"], "b");
        assert_eq!(counts(of(fields, "amount")), [2, 1, 1, 0, 0]);
        assert_eq!(of(fields, "amount")["samples"][0]["new"], "1.3");
        let long = of(fields, "name");
        assert_eq!((counts(long), &long["unfit"][0]["code"]), ([2, 2, 0, 0, 0], &json!("too_long")));
        assert_eq!((&long["unfit"][0]["count"], &long["samples"][0]["fate"]), (&json!(1), &json!("unfit")));
        assert_eq!(long["samples"][0]["record"], second["id"]);
        assert_eq!(of(fields, "note")["missing"], 1);
        let twice = of(fields, "code");
        assert_eq!((&twice["duplicates"], &twice["samples"][0]["old"]), (&json!(1), &json!("X")));

        let refused = publish(&stock_of).await.refused(409, "not_unique");
        assert!(faults(&refused)[0].ends_with("held_twice"), "{refused}");
        assert_eq!(stock_of.read(admin, &second).await.ok()["fields"], second["fields"], "nothing half-done");
        redesign(&stock_of, after(text("code"))).await;
        publish(&stock_of).await.ok();
        let now = stock_of.read(admin, &second).await.ok();
        assert_eq!((&now["fields"]["state"], &now["fields"]["amount"]), (&Value::Null, &json!("1.3")));
        assert_eq!(now["fields"]["name"], "a long name", "it stays until somebody mends it");
        let told = faults(&stock_of.edit(admin, &now, json!({"amount": 5})).await.refused(422, "validation"));
        assert!(told.contains(&"fields.note: required".to_owned()), "{told:?}");

        redesign(&stock_of, before()).await;
        let told = preview(&stock_of).await;
        assert_eq!(of(&told["fields"], "state")["returned"], 1);
        publish(&stock_of).await.ok();
        for one in [&first, &second] {
            assert_eq!(stock_of.read(admin, one).await.ok()["fields"], one["fields"]);
        }
    })
    .await;
}

#[tokio::test]
async fn t80_a_field_that_is_taken_out_lies_aside_until_it_is_put_back_or_purged() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let mei = workspace.person("mei").await;
        let whole = || form("note", [text("name"), text("remark"), subform("lines", [text("item"), number("n", 0)])]);
        let note = workspace.form(whole()).await;
        note.allow(group("all", &[&mei.id]).field("remark", "read")).await;
        let made = json!({"name": "a", "remark": "mine", "lines": [{"item": "pen", "n": 1}, {"item": "ink", "n": 2}]});
        let made = note.add(made).await;
        let other = note.add(json!({"name": "b"})).await;

        redesign(&note, form("note", [text("name")])).await;
        let told = preview(&note).await;
        assert_eq!(told["removed"].as_array().unwrap().len(), 2, "columns go with their rows: {told}");
        assert_eq!(of(&told["removed"], "lines")["values"], 1);
        let remark = of(&told["removed"], "remark");
        assert_eq!((&remark["values"], &remark["uses"][0]["object"]), (&json!(1), &json!("group")), "{remark}");
        publish(&note).await.ok();
        assert_eq!(note.read(admin, &made).await.ok()["fields"], json!({"name": "a"}));
        let removed = admin.get(&note.path("/removed")).await.ok();
        assert_eq!(items(&removed).len(), 2);
        let lines = of(&removed["items"], "lines");
        assert_eq!((&lines["label"], &lines["is_changed"], &lines["values"]), (&json!("lines"), &json!(false), &json!(1)));

        for path in ["remark", "lines"] {
            admin.post(&note.path(&format!("/fields/{path}/restore")), json!({})).await.ok();
        }
        publish(&note).await.ok();
        assert_eq!(note.read(admin, &made).await.ok()["fields"], made["fields"], "the rows have their ids");
        assert!(items(&admin.get(&note.path("/removed")).await.ok()).is_empty());

        redesign(&note, form("note", [text("name"), subform("lines", [text("item")])])).await;
        publish(&note).await.ok();
        closed_to(&note, &mei).await;
        let purge = async |path: &str| admin.post(&note.path(&format!("/fields/{path}/purge")), json!({})).await;
        purge("remark").await.with_status(204);
        purge("lines.n").await.with_status(204);
        purge("remark").await.refused(404, "not_found");
        purge("name").await.refused(404, "not_found");
        admin.post(&note.path("/fields/remark/restore"), json!({})).await.refused(404, "not_found");
        redesign(&note, whole()).await;
        publish(&note).await.ok();
        let now = note.read(admin, &made).await.ok();
        assert_eq!((&now["fields"]["remark"], &now["fields"]["lines"][0]["n"]), (&Value::Null, &Value::Null));
        assert_eq!(now["fields"]["lines"][1]["item"], "ink");
        note.edit(admin, &note.read(admin, &other).await.ok(), json!({"remark": "still works"})).await.ok();
    })
    .await;
}

/// None of it is for somebody who only fills the form in.
async fn closed_to(form: &Form, who: &Client) {
    who.get(&form.path("/removed")).await.refused(403, "forbidden");
    who.get(&form.path("/fields/name/dependents")).await.refused(403, "forbidden");
    for path in ["/publish/preview", "/fields/remark/restore", "/fields/remark/purge"] {
        who.post(&form.path(path), json!({})).await.refused(403, "forbidden");
    }
}

/// What uses a field, as `object used_in place`.
async fn dependents(form: &Form, path: &str) -> Vec<String> {
    let list = form.admin.get(&form.path(&format!("/fields/{path}/dependents"))).await.ok();
    let word = |one: &Value, member: &str| one[member].as_str().unwrap_or_default().to_owned();
    let said = |one: &Value| {
        format!("{} {} {}", word(one, "object"), word(one, "used_in"), word(one, "place"))
            .trim_end()
            .to_owned()
    };
    let mut said: Vec<_> = items(&list).iter().map(said).collect();
    said.sort();
    said
}

#[tokio::test]
async fn everything_that_uses_a_field_is_found() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let order = form(
            "order",
            [
                number("amount", 2),
                number("double", 2).computed("amount * 2"),
                number("tax", 2).default_to("amount / 10"),
                text("why").with("visible_when", test("amount", "gt", "100")),
                text("alone"),
            ],
        );
        let order = app.form(order.with("title", "{amount} {why}")).await;
        app.form(form(
            "payment",
            [
                link("order", "order"),
                Field::new("owed", "lookup").option("link", "order").option("field", "amount"),
            ],
        ))
        .await;
        let mei = workspace.person("mei").await;
        order.allow(group("small", &[&mei.id]).rows(test("amount", "lt", "10"))).await;
        let large = approve("boss", &[&mei.id], json!({}));
        order
            .flow(json!([{"kind": "branch", "key": "large", "label": "Large?", "arms": [
                {"key": "yes", "label": "Yes", "when": test("amount", "gt", "100"), "steps": [large]}],
                "default": {"steps": []}}]))
            .await;
        app.aggregate(json!({
            "format": 1, "key": "sums", "label": "Sums", "dimensions": [{"key": "by", "label": "By"}],
            "sources": [{"form": "order", "group": {"by": "$owner"}, "measures": {"sum": {"fn": "sum", "field": "amount"}}}],
            "measures": [], "constraints": [],
        }))
        .await;
        let board = json!({"format": 1, "key": "board", "label": "Board", "tiles": [
            {"key": "net", "label": "Net", "at": [0, 0, 6, 3], "kind": "figure", "source": "order",
             "measures": [{"key": "net", "fn": "sum", "field": "amount"}]}]});
        admin.post(&app.path("/dashboards"), board).await.created();

        assert_eq!(
            dependents(&order, "amount").await,
            [
                "aggregate aggregate",
                "dashboard dashboard Net",
                "flow flow Large?",
                "form default tax",
                "form formula double",
                "form lookup owed",
                "form title",
                "form visible_when why",
                "group group",
            ]
        );
        assert_eq!(dependents(&order, "alone").await, Vec::<String>::new());
        assert_eq!(dependents(&order, "why").await, ["form title"]);
        admin.get(&order.path("/fields/ghost/dependents")).await.refused(404, "not_found");
        admin.get(&format!("/forms/{UNKNOWN}/fields/amount/dependents")).await.refused(404, "not_found");

        // A field that is only designed yet has them too.
        edit_draft(&order, json!([{"do": "add_field", "field": number("third", 2).computed("double + 1").value()}])).await;
        assert_eq!(dependents(&order, "double").await, ["form formula third"]);
    })
    .await;
}

async fn edit_draft(form: &Form, edits: Value) {
    let base = form.admin.get(&form.path("/draft")).await.ok()["base"].clone();
    form.admin.post(&form.path("/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
}
