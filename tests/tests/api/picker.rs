//! What a picker finds of what somebody types.

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, link, number, select, test, text};
use tests::workspace::{UNKNOWN, faults, items};
use tests::{Client, Form, Workspace, on_both_shared};

/// Products with a code, and orders that link to them.
async fn products(workspace: &Workspace, display: Value) -> (Form, Form) {
    let app = workspace.app("Shop").await;
    let product =
        [text("name"), text("code"), number("price", 2), date("since"), select("colour", &["red", "green"])];
    let product = app.form(form("product", product).with("title", "{name}")).await;
    let order = app.form(form("order", [link("product", "product").option("display", display)])).await;
    (product, order)
}

async fn offered(who: &Client, form: &Form, field: &str, typed: &str) -> Vec<String> {
    let typed: String = typed.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let list = who.get(&form.path(&format!("/fields/{field}/options?q={typed}"))).await.ok();
    items(&list).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn titles_are_found_by_their_initials_and_spelled_out() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (product, order) = products(&workspace, json!([])).await;
        let names = ["重庆长安汽车", "重庆火锅", "张三", "张三丰", "工商银行", "Chair 重", "Cq"];
        product.add_all(names.map(|name| json!({"name": name}))).await;
        let found = async |typed: &str| offered(admin, &order, "product", typed).await;
        assert_eq!(found("cq").await, ["Cq", "重庆长安汽车", "重庆火锅"], "what is called so comes first");
        assert_eq!(found("CQH").await, ["重庆火锅"]);
        assert_eq!(found("zhangsan").await, ["张三", "张三丰"]);
        assert_eq!(found("zhang san f").await, ["张三丰"]);
        assert_eq!(found("gsyh").await, ["工商银行"]);
        assert_eq!(found("yinhang").await, Vec::<String>::new(), "a sound is looked for from its beginning");
        assert_eq!(found("银行").await, ["工商银行"], "and a text anywhere");
        assert_eq!(found("三丰").await, ["张三丰"]);
        // A change is followed.
        let list = product.query(admin, json!({"limit": 10})).await.ok();
        let record = items(&list).iter().find(|record| record["fields"]["name"] == "张三").unwrap();
        product.edit(admin, record, json!({"name": "李四"})).await.ok();
        assert_eq!(found("ls").await, ["李四"]);
        assert_eq!(found("zs").await, ["张三丰"]);
        // People are found in the same way.
        let member = json!({"email": "wu@picker.example", "name": "吴小明"});
        admin.post("/members", member).await.created();
        order.extend(json!([{"do": "add_field", "field": Field::new("seller", "member").value()}])).await;
        for typed in ["wxm", "wuxiao"] {
            assert_eq!(offered(admin, &order, "seller", typed).await, ["吴小明"], "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_link_offers_is_held_against_the_record_that_links() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Visits").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let contact = app.form(form("contact", [text("name"), link("customer", "customer")])).await;
        let of_customer = json!({"field": "customer", "op": "eq", "value": {"field": "customer"}});
        let contacts = || link("contact", "contact").option("filter", of_customer.clone());
        let inner = [link("customer", "customer").value(), contacts().value()];
        let lines = Field::new("lines", "subform").option("fields", inner);
        let fields = [link("customer", "customer"), contacts(), lines, text("note")];
        let visit = app.form(form("visit", fields)).await;
        let customers = customer.add_all(["Ann", "Bob"].map(|name| json!({"name": name}))).await;
        let (ann, bob) = (customers[0].clone(), customers[1].clone());
        for (name, of) in [("Mei", &ann), ("Kai", &ann), ("Lin", &bob)] {
            contact.add(json!({"name": name, "customer": of})).await;
        }
        let found = async |field: &str, about: &str| {
            let path = visit.path(&format!("/fields/{field}/options?q={about}"));
            let list = admin.get(&path).await.ok();
            let mut names: Vec<String> =
                items(&list).iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        let with = |values: Value| {
            let text: String = values.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("&values={text}")
        };
        let of_ann = with(json!({"customer": ann}));
        assert_eq!(found("contact", &of_ann).await, ["Kai", "Mei"]);
        assert_eq!(found("contact", &format!("Me{of_ann}")).await, ["Mei"], "what is typed narrows it");
        let in_row = with(json!({"customer": ann, "lines": [{"customer": bob}]}));
        assert_eq!(found("lines.contact", &in_row).await, ["Lin"], "the row's own column comes first");
        assert_eq!(found("contact", &with(json!({"customer": null}))).await, [""; 0], "nobody is alike yet");
        assert_eq!(
            found("contact", "").await,
            ["Kai", "Lin", "Mei"],
            "for a filter of a list all are offered"
        );
        // A stored record says it by itself, and what is entered there comes before.
        let stored = visit.add(json!({"customer": bob})).await;
        let of_stored = format!("&record={}", stored["id"].as_str().unwrap());
        assert_eq!(found("contact", &of_stored).await, ["Lin"]);
        assert_eq!(found("contact", &format!("{of_stored}{of_ann}")).await, ["Kai", "Mei"]);
        let path = visit.path("/fields/contact/options");
        admin.get(&format!("{path}?record={UNKNOWN}")).await.refused(404, "not_found");
        let refused = admin.get(&format!("{path}?values=x")).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["values: not_json"]);
        // What is not offered is not taken either.
        let list = contact.query(admin, json!({"limit": 10})).await.ok();
        let called =
            |name: &str| items(&list).iter().find(|record| record["fields"]["name"] == name).unwrap().clone();
        let (mei, lin) = (called("Mei"), called("Lin"));
        let refused =
            async |fields: Value| faults(&visit.create(admin, fields).await.refused(422, "validation"));
        let not_offered = ["fields.contact: not_offered"];
        assert_eq!(refused(json!({"customer": ann, "contact": lin["id"]})).await, not_offered);
        assert_eq!(refused(json!({"contact": mei["id"]})).await, not_offered, "nobody is alike yet");
        let rows = json!([{"customer": bob, "contact": lin["id"]}, {"customer": bob, "contact": mei["id"]}]);
        let rows = json!({"customer": ann, "lines": rows});
        assert_eq!(refused(rows).await, ["fields.lines.1.contact: not_offered"]);
        let made = visit.add(json!({"customer": ann, "contact": mei["id"]})).await;
        let other = visit.edit(admin, &made, json!({"customer": bob})).await.refused(422, "validation");
        assert_eq!(faults(&other), not_offered, "the contact of one customer is none of the next");
        let other = json!({"customer": bob, "contact": lin["id"]});
        let moved = visit.edit(admin, &made, other.clone()).await.ok();
        // What has been chosen stays when it is offered no more, and is not chosen anew.
        contact.edit(admin, &lin, json!({"customer": ann})).await.ok();
        let kept = visit.edit(admin, &moved, json!({"note": "called"})).await.ok();
        assert_eq!(kept["fields"]["contact"], lin["id"]);
        assert_eq!(refused(other).await, not_offered);
        // What it is held against must be there.
        let wrong = json!({"field": "customer", "op": "eq", "value": {"field": "nothing"}});
        let fields = [text("day"), link("contact", "contact").option("filter", wrong)];
        let refused = app.refused_form(form("other", fields)).await.refused(422, "unknown_field");
        assert_eq!(faults(&refused), ["/fields/1/options/filter: unknown_field"]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_that_is_tried_out_offers_what_its_own_fields_offer() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (product, order) = products(&workspace, json!([])).await;
        product
            .add_all(
                [("Desk", "red"), ("Chair", "green")]
                    .map(|(name, colour)| json!({"name": name, "colour": colour})),
            )
            .await;
        let draft = admin.get(&order.path("/draft")).await.ok();
        let red = link("red", "product").option("filter", test("colour", "eq", "red"));
        let edits = json!([{"do": "add_field", "field": red.value()}]);
        admin.post(&order.path("/draft/edits"), json!({"base": draft["base"], "edits": edits})).await.ok();
        let path = order.path("/fields/red/options");
        admin.get(&path).await.refused(404, "not_found");
        let tried = admin.get(&format!("{path}?draft=true")).await.ok();
        assert_eq!(items(&tried).len(), 1);
        assert_eq!(items(&tried)[0]["title"], "Desk");
        // What is published is offered by the draft as well; nobody else asks by it.
        assert_eq!(items(&admin.get(&order.path("/fields/product/options?draft=true")).await.ok()).len(), 2);
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id])).await;
        product.allow(group("all", &[&mei.id])).await;
        mei.get(&format!("{path}?draft=true")).await.refused(403, "forbidden");
        admin.get(&format!("{path}?draft=1")).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn a_form_says_of_which_others_its_reader_may_make_records() {
    on_both_shared(async |workspace| {
        let (product, order) = products(&workspace, json!([])).await;
        let (mei, bo) = (workspace.person("mei").await, workspace.person("bo").await);
        product.allow(group("sellers", &[&mei.id])).await;
        product.allow(group("readers", &[&bo.id]).may(&["view"])).await;
        order.allow(group("all", &[&mei.id, &bo.id])).await;
        let may_make = async |who: &Client| {
            let form = who.get(&order.path("")).await.ok();
            let related = form["related"].as_array().unwrap().clone();
            let product = related.into_iter().find(|one| one["id"] == product.id.as_str()).unwrap();
            product["create"] == true
        };
        assert!(may_make(&workspace.admin).await && may_make(&mei).await);
        assert!(!may_make(&bo).await, "who may not is offered nothing");
    })
    .await;
}

#[tokio::test]
async fn records_that_were_there_before_the_link_are_found_too() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Later").await;
        let product = app.form(form("product", [text("name")])).await;
        product.add_all(["长沙臭豆腐", "长城"].map(|name| json!({"name": name}))).await;
        let order = app.form(form("order", [text("no")])).await;
        order.extend(json!([{"do": "add_field", "field": link("product", "product").value()}])).await;
        assert_eq!(offered(admin, &order, "product", "cscdf").await, ["长沙臭豆腐"]);
        product.add(json!({"name": "长沙米粉"})).await;
        assert_eq!(offered(admin, &order, "product", "changsha").await, ["长沙臭豆腐", "长沙米粉"]);
    })
    .await;
}

#[tokio::test]
async fn every_shown_column_is_searched() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let display = json!(["code", "price", "since", "colour"]);
        let (product, order) = products(&workspace, display).await;
        product
            .add_all([
                json!({"name": "Chair", "code": "X-100", "price": "12.50", "since": "2026-01-05", "colour": "red"}),
                json!({"name": "Table", "code": "Y-200", "price": "99", "since": "2025-12-31", "colour": "green"}),
            ])
            .await;
        for (typed, expected) in [
            ("x-1", "Chair"),
            ("200", "Table"),
            ("12.5", "Chair"),
            ("2025-12-31", "Table"),
            ("gree", "Table"),
            ("RED", "Chair"),
        ] {
            assert_eq!(offered(admin, &order, "product", typed).await, [expected], "{typed}");
        }
        // What may not be read is not searched.
        let mei = workspace.person("mei").await;
        order.allow(group("all", &[&mei.id])).await;
        let shown = group("some", &[&mei.id]).may(&["view"]).field("code", "none").field("price", "none");
        product.allow(shown).await;
        assert_eq!(offered(&mei, &order, "product", "cha").await, ["Chair"]);
        for typed in ["x-1", "12.5"] {
            assert_eq!(offered(&mei, &order, "product", typed).await, Vec::<String>::new(), "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_are_sorted_by_sound_where_the_field_says_so() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Names").await;
        let people = app.form(form("person", [text("name").option("sort", "pinyin"), text("plain")])).await;
        let names = ["先生", "西安", "章三", "张三", "张", "Zebra", "重庆", "abc"];
        people.add_all(names.map(|name| json!({"name": name, "plain": name}))).await;
        people.add(json!({"plain": "~"})).await;
        let sorted = async |field: &str, desc: bool| {
            let query = json!({"sort": [{"field": field, "desc": desc}], "limit": 500});
            let page = people.query(admin, query).await.ok();
            let name = |record: &Value| record["fields"][field].as_str().unwrap_or("").to_owned();
            items(&page).iter().map(name).collect::<Vec<_>>()
        };
        let by_sound = ["abc", "重庆", "西安", "先生", "Zebra", "张", "张三", "章三"];
        let mut backwards: Vec<&str> = by_sound.into_iter().rev().collect();
        backwards.push("");
        assert_eq!(sorted("name", false).await, [&by_sound[..], &[""]].concat());
        assert_eq!(sorted("name", true).await, backwards, "what is empty comes last");
        let by_letters = ["abc", "Zebra", "~", "先生", "张", "张三", "章三", "西安", "重庆"];
        assert_eq!(sorted("plain", false).await, by_letters);
        // Through a link, too.
        let visit = app.form(form("visit", [link("who", "person")])).await;
        let list = people.query(admin, json!({"limit": 500})).await.ok();
        visit.add_all(items(&list).iter().map(|person| json!({"who": person["id"]}))).await;
        let visits = json!({"sort": [{"field": "who.name"}], "titles": true, "limit": 500});
        let visits = visit.query(admin, visits).await.ok();
        let titles = &visits["titles"][&people.id];
        let named = |visit: &Value| {
            let title = visit["fields"]["who"].as_str().and_then(|who| titles[who].as_str());
            title.unwrap_or_default().to_owned()
        };
        let found: Vec<String> = items(&visits).iter().map(named).collect();
        assert_eq!(found[..8], by_sound);
        let refused = app.refused_form(form("other", [text("name").option("sort", "stroke")])).await;
        refused.refused(422, "validation");
    })
    .await;
}
