//! Formulas that count the records of other forms: SUMOF and its kin.

use serde_json::{Value, json};
use tests::design::{Field, date, form, formula, group, number, select, subform, text};
use tests::dice::{cases, seed_of_this_run};
use tests::workspace::{faults, id_of, values_of};
use tests::{App, Dice, Form, Workspace, on_both_shared};

/// Payments for orders, which they name by their number.
async fn payments(app: &App) -> Form {
    let lines = subform("lines", [text("item"), number("qty", 0)]);
    let fields = [text("no"), select("state", &["done", "open"]), number("amount", 2), date("day"), lines];
    app.form(form("payment", fields)).await
}

const PAID: &str = "SUMOF(payment, payment.no = no and payment.state = \"done\", payment.amount)";

async fn orders(app: &App) -> Form {
    let order = form(
        "order",
        [
            text("no"),
            number("amount", 2),
            number("paid", 2).computed(PAID),
            number("left", 2).computed("amount - paid"),
            Field::new("last", "formula")
                .option("type", "date")
                .option("formula", "MAXOF(payment, payment.no = no, payment.day)"),
            subform(
                "lines",
                [
                    text("item"),
                    number("shipped", 0)
                        .computed("SUMOF(payment, payment.lines.item = item, payment.lines.qty)"),
                ],
            ),
        ],
    );
    app.form(order).await
}

async fn evaluated(form: &Form, record: Value) -> Value {
    let body = json!({"record": record});
    form.admin.post(&form.path("/evaluate"), body).await.ok()["values"].clone()
}

#[tokio::test]
async fn a_formula_counts_the_records_of_another_form() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Sales").await;
        let payment = payments(&app).await;
        let order = orders(&app).await;
        let pay = |no: &str, state: &str, amount: u32, day: &str| json!({"no": no, "state": state, "amount": amount, "day": day});
        payment.add(pay("A", "done", 30, "2026-01-05")).await;
        let second = payment.add(pay("A", "done", 12, "2026-03-05")).await;
        payment.add(pay("A", "open", 99, "2026-02-05")).await;
        payment.add(pay("B", "done", 7, "2026-02-01")).await;
        payment.create(admin, json!({"no": "A"})).await.created();

        let a = order.add(json!({"no": "A", "amount": 100})).await;
        assert_eq!((&a["fields"]["paid"], &a["fields"]["left"]), (&json!("42.00"), &json!("58.00")));
        assert_eq!(a["fields"]["last"], json!("2026-03-05"));
        order.add(json!({"no": "B", "amount": 10})).await;
        order.add(json!({"no": "C", "amount": 10})).await;
        // Many records ask together, and each has its own.
        let listed = order.query(admin, json!({"sort": [{"field": "no"}]})).await.ok();
        assert_eq!(values_of(&listed, "paid"), ["42.00", "7.00", "0.00"]);
        assert_eq!(values_of(&listed, "last"), ["2026-03-05", "2026-02-01", ""]);

        // What is computed at a save stays as it was; what is live follows.
        admin.delete(&payment.at(&second), 1).await.with_status(204);
        let now = order.read(admin, &a).await.ok();
        assert_eq!((&now["fields"]["paid"], &now["fields"]["last"]), (&json!("42.00"), &json!("2026-02-05")));
        let saved = order.edit(admin, &now, json!({"amount": 50})).await.ok();
        assert_eq!((&saved["fields"]["paid"], &saved["fields"]["left"]), (&json!("30.00"), &json!("20.00")));

        // While somebody types, nothing being stored.
        let tried = evaluated(&order, json!({"no": "B", "amount": 10})).await;
        assert_eq!((&tried["paid"], &tried["left"], &tried["last"]), (&json!("7.00"), &json!("3.00"), &json!("2026-02-01")));
    })
    .await;
}

#[tokio::test]
async fn rows_are_counted_row_by_row() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Goods").await;
        let payment = payments(&app).await;
        let order = orders(&app).await;
        let lines = |lines: &[(&str, u32)]| -> Value {
            lines.iter().map(|(item, qty)| json!({"item": item, "qty": qty})).collect()
        };
        payment.add(json!({"no": "A", "lines": lines(&[("pen", 3), ("ink", 5), ("pen", 4)])})).await;
        payment.add(json!({"no": "B", "lines": lines(&[("ink", 1)])})).await;
        let made =
            order.add(json!({"no": "A", "lines": [{"item": "pen"}, {"item": "cap"}, {"item": "ink"}]})).await;
        let shipped: Vec<&Value> =
            made["fields"]["lines"].as_array().unwrap().iter().map(|row| &row["shipped"]).collect();
        assert_eq!(shipped, [&json!("7"), &json!("0"), &json!("6")]);

        let figure = |key: &str, source: &str| number(key, 2).computed(source);
        let all = form(
            "all",
            [
                text("item"),
                figure("rows", "COUNTOF(payment, payment.lines.item = item, payment.lines.qty)"),
                figure("records", "COUNTOF(payment, payment.lines.item = item)"),
                figure(
                    "most",
                    "MAXOF(payment, payment.lines.item = item and payment.no = \"A\", payment.lines.qty)",
                ),
                figure("least", "MINOF(payment, payment.lines.qty > 1, payment.lines.qty)"),
                figure("mean", "AVGOF(payment, payment.lines.item = item, payment.lines.qty)"),
                figure("first", "FIRSTOF(payment, payment.lines.item = item, payment.lines.qty)"),
                figure("last", "LASTOF(payment, payment.lines.item = item, payment.lines.qty)"),
                text("whose").computed("LASTOF(payment, payment.lines.item = item, payment.no)"),
            ],
        );
        let all = app.form(all).await;
        let found = all.add(json!({"item": "ink"})).await["fields"].clone();
        assert_eq!(
            found,
            json!({"item": "ink", "rows": "2.00", "records": "2.00", "most": "5.00", "least": "3.00",
            "mean": "3.00", "first": "5.00", "last": "1.00", "whose": "B"})
        );
        let found = all.add(json!({"item": "cap"})).await["fields"].clone();
        assert_eq!(
            (&found["rows"], &found["most"], &found["first"]),
            (&json!("0.00"), &Value::Null, &Value::Null)
        );
    })
    .await;
}

/// A payment as it is counted in memory.
struct Paid {
    no: Option<&'static str>,
    state: Option<&'static str>,
    cents: Option<i64>,
}

#[tokio::test]
async fn figures_are_those_that_one_counts_oneself() {
    on_both_shared(async |workspace| {
        let mut dice = Dice::new(seed_of_this_run());
        let app = workspace.app("Sums").await;
        let payment = payments(&app).await;
        type Holds = fn(&Paid, &str, i64) -> bool;
        let conditions: [(&str, Holds); 6] = [
            ("payment.no = no", |paid, no, _| paid.no == Some(no)),
            ("payment.no <> no", |paid, no, _| paid.no != Some(no)),
            ("payment.amount > amount", |paid, _, cents| paid.cents.is_some_and(|paid| paid > cents)),
            ("not payment.amount > amount", |paid, _, cents| paid.cents.is_none_or(|paid| paid <= cents)),
            ("payment.no = no and payment.state = \"done\"", |paid, no, _| {
                paid.no == Some(no) && paid.state == Some("done")
            }),
            ("ISEMPTY(payment.state) or payment.amount <= amount and no = \"A\"", |paid, no, cents| {
                paid.state.is_none() || (paid.cents.is_some_and(|paid| paid <= cents) && no == "A")
            }),
        ];
        let mut fields = vec![text("no"), number("amount", 2)];
        for (place, (condition, _)) in conditions.iter().enumerate() {
            fields.push(
                number(&format!("s{place}"), 2)
                    .computed(&format!("SUMOF(payment, {condition}, payment.amount)")),
            );
            fields.push(number(&format!("c{place}"), 0).computed(&format!("COUNTOF(payment, {condition})")));
            fields.push(
                number(&format!("m{place}"), 2)
                    .computed(&format!("MAXOF(payment, {condition}, payment.amount)")),
            );
            fields
                .push(formula(&format!("f{place}"), &format!("MINOF(payment, {condition}, payment.amount)")));
        }
        fields.push(number("mapped", 2).computed("MAPX(\"sum\", no, payment.no, payment.amount)"));
        let order = app.form(form("sums", fields)).await;
        let some = |dice: &mut Dice, from: &[&'static str]| (dice.roll(4) > 0).then(|| *dice.pick(from));
        let mut all = Vec::new();
        let mut rows = Vec::new();
        for _ in 0..cases(120) {
            let cents = (dice.roll(5) > 0).then(|| dice.roll(2_000) as i64 - 700);
            let paid = Paid {
                no: some(&mut dice, &["A", "B", "C"]),
                state: some(&mut dice, &["done", "open"]),
                cents,
            };
            rows.push(json!({"no": paid.no, "state": paid.state, "amount": paid.cents.map(money)}));
            all.push(paid);
        }
        // As many at once as an unoptimised server makes before its answer is given up.
        for some in rows.chunks(500) {
            payment.add_all(some.to_vec()).await;
        }
        for no in ["A", "B", "D"] {
            for cents in [-100, 0, 250] {
                let fields = json!({"no": no, "amount": money(cents)});
                let made = order.add(fields).await;
                assert_eq!(made["fields"]["mapped"], made["fields"]["s0"], "{made}");
                for (place, (condition, holds)) in conditions.iter().enumerate() {
                    let counted: Vec<&Paid> = all.iter().filter(|paid| holds(paid, no, cents)).collect();
                    let amounts: Vec<i64> = counted.iter().filter_map(|paid| paid.cents).collect();
                    let or_null =
                        |cents: Option<&i64>| cents.map_or(Value::Null, |cents| json!(money(*cents)));
                    let fields = &made["fields"];
                    let told = format!("{condition} for {no} {cents}");
                    assert_eq!(fields[format!("s{place}")], json!(money(amounts.iter().sum())), "{told}");
                    assert_eq!(fields[format!("c{place}")], json!(counted.len().to_string()), "{told}");
                    assert_eq!(fields[format!("m{place}")], or_null(amounts.iter().max()), "{told}");
                    assert_eq!(fields[format!("f{place}")], or_null(amounts.iter().min()), "{told}");
                }
            }
        }
    })
    .await;
}

fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

#[tokio::test]
async fn a_figure_is_designed_by_those_who_administer_what_it_counts_and_read_by_the_right_on_its_field() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let app = workspace.app("Pay").await;
        payments(&app).await;
        // Who does not administer the other app designs no figure over it.
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let counted = format!("SUMOF([{}/payment], TRUE, [{}/payment].amount)", app.key, app.key);
        let forms = format!("/apps/{}/forms", id_of(&own));
        let design = |source: &str| form("order", [number("sum", 2).computed(source)]).document();
        let told = mei.post(&forms, design(&counted)).await.refused(422, "validation");
        assert!(faults(&told)[0].ends_with(": unknown_form"), "{told}");
        mei.post(&forms, design("COUNTOF(order, TRUE)")).await.created();

        // Who reads the field reads the figure, and nothing else of what it counts.
        let order = orders(&app).await;
        app_payment_of(
            &workspace,
            &app,
            json!({"no": "A", "state": "done", "amount": 5, "day": "2026-01-01"}),
        )
        .await;
        order.allow(group("clerks", &[&mei.id])).await;
        let made = order.create(&mei, json!({"no": "A", "amount": 20})).await.created();
        assert_eq!(
            (&made["fields"]["paid"], &made["fields"]["last"]),
            (&json!("5.00"), &json!("2026-01-01"))
        );
        let seen = mei.get(&order.path("")).await.ok();
        assert!(!seen.to_string().contains("payment"), "{seen}");
        assert_eq!(seen["asked"], json!(["paid", "last", "lines.shipped"]));
        assert_eq!(seen["may"]["fields"]["paid"], "read");
        let all = order.admin.get(&order.path("")).await.ok();
        assert!(all["definition"].to_string().contains("SUMOF(payment"), "{all}");
        assert!(all["related"].as_array().unwrap().iter().any(|form| form["definition"]["key"] == "payment"));
    })
    .await;
}

async fn app_payment_of(workspace: &Workspace, app: &App, fields: Value) {
    let path = format!("/forms/{}.payment/records", app.key);
    workspace.admin.post(&path, json!({"fields": fields})).await.created();
}

#[tokio::test]
async fn what_is_wrong_with_a_figure_is_told_with_its_place_and_what_is_counted_stays() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Faults").await;
        let payment = payments(&app).await;
        let refused = async |source: &str| {
            let design = form("order", [text("no"), number("sum", 2).computed(source)]);
            let problem = app.refused_form(design).await.refused(422, "validation");
            let args = problem["errors"][0]["args"].clone();
            (faults(&problem).remove(0), args["at"].clone(), args["length"].clone())
        };
        let place = |code: &str, at: &str, length: &str| {
            (format!("/fields/1/compute/formula: {code}"), json!(at), json!(length))
        };
        assert_eq!(
            refused("SUMOF(payment, payment.amount = no, payment.amount)").await,
            place("formula_operands", "32", "2")
        );
        assert_eq!(refused("SUMOF(gone, TRUE, gone.amount)").await, place("unknown_form", "6", "4"));
        assert_eq!(refused("1 + SUMOF(payment)").await, place("formula_arity", "4", "14"));

        // A label is changed, and the figure goes on; a field that is counted can't be taken away.
        let order = orders(&app).await;
        payment.extend(json!([{"do": "set", "key": "amount", "member": "label", "value": "Sum"}])).await;
        payment.add(json!({"no": "A", "state": "done", "amount": 3})).await;
        assert_eq!(order.add(json!({"no": "A"})).await["fields"]["paid"], "3.00");
        let base = admin.get(&payment.path("/draft")).await.ok()["base"].clone();
        let edits = json!({"base": base, "edits": [{"do": "remove_field", "key": "amount"}]});
        admin.post(&payment.path("/draft/edits"), edits).await.ok();
        admin.post(&payment.path("/publish"), json!({})).await.refused(409, "form_in_use");
    })
    .await;
}

#[tokio::test]
async fn a_check_may_count_other_records() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Budget").await;
        let spent = "amount + SUMOF(expense, expense.no = no and expense.$id <> $id, expense.amount) <= 100";
        let expense = form("expense", [text("no"), number("amount", 2)])
            .with("validate", json!([{"key": "budget", "formula": spent, "message": "over the budget"}]));
        let expense = app.form(expense).await;
        let first = expense.add(json!({"no": "A", "amount": 60})).await;
        let over = expense.create(&expense.admin, json!({"no": "A", "amount": 41})).await;
        assert_eq!(faults(&over.refused(422, "validation")), ["fields.amount: validation"]);
        expense.add(json!({"no": "A", "amount": 40})).await;
        expense.add(json!({"no": "B", "amount": 100})).await;
        // A record that is changed does not count itself twice.
        expense.edit(&expense.admin, &first, json!({"amount": 50})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn records_know_names_numbers_and_chance() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let fields = [
            text("by").computed("TEXTUSER($owner)"),
            text("me").computed("GETUSERNAME()"),
            text("code").default_to("UUID()"),
            number("place", 0).default_to("RECNO()"),
        ];
        let ticket = workspace.form(form("ticket", fields)).await;
        ticket.allow(group("all", &[&mei.id])).await;
        let first = ticket.create(&mei, json!({})).await.created();
        assert_eq!((&first["fields"]["by"], &first["fields"]["me"]), (&json!("mei"), &json!("mei")));
        let second = ticket.add(json!({})).await;
        let code = |record: &Value| record["fields"]["code"].as_str().unwrap().to_owned();
        assert_eq!((code(&first).len(), code(&first) == code(&second)), (36, false));
        assert_eq!((&first["fields"]["place"], &second["fields"]["place"]), (&json!("1"), &json!("2")));
        let always = form("always", [text("code").computed("UUID()")]);
        let refused = workspace.app("Else").await.refused_form(always).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/fields/0/compute/formula: random_value"]);
    })
    .await;
}
