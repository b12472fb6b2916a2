//! Dashboards that count all records, whoever looks (semantics.md 4: `run_as: all`).

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Design, Field, form, group, link, number, select, test, text};
use tests::workspace::{id_of, items};
use tests::{Answer, App, Client, Form, Person, Workspace, on_both_shared};

/// A figure, a chart by shop and one by buyer, over the sales; and a filter by shop.
fn page(key: &str) -> Value {
    let sum = json!([{"key": "sum", "fn": "sum", "field": "amount"}]);
    let chart = |key: &str, row: u32| {
        json!({"key": key, "label": key, "at": [0, row, 12, 6], "kind": "bar", "source": "sale",
               "group": [{"field": key}], "measures": sum})
    };
    json!({"format": 1, "key": key, "label": key, "read": {"everyone": true},
    "filters": [{"key": "where", "kind": "values", "binds": {"sale": "shop"}}],
    "tiles": [
        {"key": "total", "label": "Total", "at": [0, 0, 6, 3], "kind": "figure", "source": "sale", "measures": sum},
        chart("shop", 3), chart("buyer", 9),
    ]})
}

fn of_all(key: &str) -> Value {
    let mut page = page(key);
    page["run_as"] = json!("all");
    page
}

async fn make(who: &Client, app: &App, page: Value) -> String {
    let made = who.post(&app.path("/dashboards"), page).await.created();
    format!("/dashboards/{}", id_of(&made))
}

/// What a tile shows somebody, as pairs of a group's name and its sum.
async fn shown(who: &Client, page: &str, tile: &str, filters: Value) -> Vec<(String, String)> {
    let data = who.post(&format!("{page}/tiles/{tile}/data"), json!({ "filters": filters })).await.ok();
    let rows = data["rows"].as_array().unwrap().iter();
    let mut pairs: Vec<(String, String)> = rows
        .map(|row| {
            let name = row["labels"][tile].as_str().unwrap_or_default();
            (name.to_owned(), row["sum"].as_str().unwrap_or("withheld").to_owned())
        })
        .collect();
    pairs.sort();
    pairs
}

fn pairs<const N: usize>(of: [(&str, &str); N]) -> Vec<(String, String)> {
    of.map(|(name, sum)| (name.to_owned(), sum.to_owned())).to_vec()
}

#[tokio::test]
async fn what_runs_as_all_counts_all_records_and_leads_to_none() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Till").await;
        let shops = app.form(form("shop", [text("name")]).with("title", "{name}")).await;
        let sales = app.form(form("sale", [link("shop", "shop"), number("amount", 0), text("buyer")])).await;
        let [north, south] =
            [shops.add(json!({"name": "North"})).await, shops.add(json!({"name": "South"})).await];
        for (shop, amount, buyer) in [(&north, 3, "Ann"), (&south, 4, "Bob"), (&south, 5, "Ann")] {
            sales.add(json!({"shop": shop["id"], "amount": amount, "buyer": buyer})).await;
        }
        // She sees no buyer, of the sales one, and of the shops none.
        let mei = workspace.person("mei").await;
        let own = group("small", &[&mei.id]).may(&["view"]).rows(test("amount", "lt", "4"));
        sales.allow(own.field("buyer", "none")).await;

        let hers = make(admin, &app, page("hers")).await;
        assert_eq!(shown(&mei, &hers, "total", json!({})).await, pairs([("", "3")]));
        let all = make(admin, &app, of_all("all")).await;
        for who in [admin, &*mei] {
            assert_eq!(shown(who, &all, "total", json!({})).await, pairs([("", "12")]));
            assert_eq!(shown(who, &all, "shop", json!({})).await, pairs([("North", "3"), ("South", "9")]));
            assert_eq!(shown(who, &all, "buyer", json!({})).await, pairs([("Ann", "8"), ("Bob", "4")]));
            // What narrows it is chosen from what is counted, not from records.
            let told = who.get(&all).await.ok();
            let filter = &told["filters"][0];
            assert_eq!((&filter["has_options"], &filter["form"]), (&json!(true), &Value::Null), "{told}");
            let offered = who.get(&format!("{all}/filters/where/options")).await.ok();
            assert_eq!(items(&offered)[1]["key"], south["id"]);
            let in_south = json!({"where": [south["id"]]});
            assert_eq!(shown(who, &all, "total", in_south).await, pairs([("", "9")]));

            // And it leads to no record, not even whom all is open to.
            let tiles = told["tiles"].as_array().unwrap();
            assert!(tiles.iter().all(|tile| tile["has_records"] == false), "{told}");
            assert!(tiles.iter().all(|tile| tile.get("withheld").is_none()), "{told}");
            for (tile, asked) in [("total", json!({})), ("shop", json!({"row": {"shop": north["id"]}}))] {
                who.post(&format!("{all}/tiles/{tile}/records"), asked).await.refused(403, "forbidden");
            }
            let data = who.post(&format!("{all}/tiles/total/data"), json!({})).await.ok();
            assert_eq!(data["scope"], "all", "{data}");
        }
        // Beside it she sees what she saw before.
        let listed = sales.query(&mei, json!({})).await.ok();
        assert_eq!(items(&listed).len(), 1);
        assert!(items(&listed)[0]["fields"].get("buyer").is_none(), "{listed}");
        let behind = mei.post(&format!("{hers}/tiles/total/records"), json!({})).await.ok();
        assert_eq!(items(&behind).len(), 1);
    })
    .await;
}

/// The card of an app tells how many dashboards there are in it for its reader.
#[tokio::test]
async fn an_app_counts_the_dashboards_that_its_reader_may_read() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Till").await;
        let sale = form("sale", [text("shop"), number("amount", 0), text("buyer")]);
        app.form(sale).await;
        let mei = workspace.person("mei").await;
        let counted = async |who: &Client| who.get(&app.path("")).await.ok()["dashboards"].clone();
        assert_eq!(counted(admin).await, 0);
        make(admin, &app, page("open")).await;
        let mut closed = page("closed");
        closed["read"] = json!({"members": []});
        make(admin, &app, closed).await;
        assert_eq!((counted(admin).await, counted(&mei).await), (json!(2), json!(1)));
        let listed = mei.get("/apps").await.ok();
        let own = items(&listed).iter().find(|one| one["id"] == app.id.as_str()).unwrap();
        assert_eq!(own["dashboards"], 1, "{own}");
    })
    .await;
}

/// Who marks a page so shows others what they may see; so it is for those alone who see everything. It widens nobody's right to read
/// the page.
#[tokio::test]
async fn t04_who_does_not_see_everything_marks_nothing_to_run_as_all() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Till").await;
        app.form(form("sale", [text("shop"), number("amount", 0), text("buyer")])).await;
        let (tom, li) = (workspace.person("tom").await, workspace.person("li").await);
        // He administers an app of his own, and what is not his he reads no more than before.
        let own = tom.post("/apps", json!({"label": "Own"})).await.created();
        let sale = form("sale", [text("shop"), number("amount", 0), text("buyer")]).document();
        tom.post(&format!("/apps/{}/forms", id_of(&own)), sale).await.created();
        let dashboards = format!("/apps/{}/dashboards", id_of(&own));
        tom.post(&dashboards, of_all("all")).await.refused(403, "forbidden");
        tom.post(&dashboards, page("mine")).await.created();

        let mut closed = of_all("closed");
        closed["read"] = json!({"members": [tom.id]});
        let closed = make(admin, &app, closed).await;
        tom.get(&closed).await.ok();
        li.get(&closed).await.refused(404, "not_found");
        li.post(&format!("{closed}/tiles/total/data"), json!({})).await.refused(404, "not_found");
        let mut wrong = page("wrong");
        wrong["run_as"] = json!("anybody");
        let refused = admin.post(&app.path("/dashboards"), wrong).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
    })
    .await;
}

/// What an administrator of the workspace has put away is put before its readers again by nobody who does not see everything.
#[tokio::test]
async fn t04_what_counts_all_records_comes_back_by_those_who_may_mark_it_so() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Till").await;
        app.form(form("sale", [text("shop"), number("amount", 0), text("buyer")])).await;
        let tom = workspace.person("tom").await;
        admin.patch(&app.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();
        let (all, own) = (make(admin, &app, of_all("all")).await, make(admin, &app, page("own")).await);
        for page in [&all, &own] {
            admin.delete(page, 1).await.with_status(204);
        }
        let ids = [&all, &own].map(|page| page.trim_start_matches("/dashboards/").to_owned());
        let asked = json!({"items": ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()});
        let came = tom.post("/bin/restore", asked).await.ok();
        let [first, second] = came["results"].as_array().unwrap().as_slice() else { panic!("{came}") };
        assert_eq!(first["problem"]["code"], "forbidden", "{came}");
        assert!(second["problem"].is_null(), "{came}");
        tom.get(&all).await.refused(404, "not_found");
        tom.get(&own).await.ok();
        let asked = json!({"items": [{"id": ids[0]}]});
        let came = admin.post("/bin/restore", asked).await.ok();
        assert!(came["results"][0]["problem"].is_null(), "{came}");
        tom.get(&all).await.ok();
    })
    .await;
}

/// An app comes back whole, and whoever takes it back need not see everything: its pages that counted all records show each reader
/// what that one may see from then on.
#[tokio::test]
async fn t04_an_app_comes_back_without_the_mark_of_its_pages_by_who_may_not_mark_them() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Till that comes back").await;
        app.form(form("sale", [text("shop"), number("amount", 0), text("buyer")])).await;
        let tom = workspace.person("tom").await;
        admin.patch(&app.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();
        let page = make(admin, &app, of_all("all")).await;
        for (who, is_marked) in [(admin, true), (&*tom, false)] {
            admin.delete(&app.path(""), 1).await.with_status(204);
            who.post(&app.path("/restore"), json!({})).await.ok();
            let document = tom.get(&page).await.ok()["document"].clone();
            assert_eq!(document["run_as"] == "all", is_marked, "{document}");
        }
        let id = page.trim_start_matches("/dashboards/");
        let told = admin.get(&format!("/audit?action=dashboard.update&object={id}")).await.ok();
        assert_eq!(told["items"][0]["changes"]["run_as"], json!({"old": "all", "new": "viewer"}), "{told}");
    })
    .await;
}

/// What a form shows of others is read with the eyes of who looks. Where a page counts it with eyes for every record, whoever changes
/// what it shows has to see every record there, also by what it reads already.
#[tokio::test]
async fn t04_a_form_that_is_counted_for_all_shows_nothing_that_its_designer_does_not_see() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let pay = workspace.app("Pay").await;
        let rows = [text("name"), select("region", &["north", "south"]), number("cost", 0)];
        let person = pay.form(form("person", rows)).await;
        let till = workspace.app("Till").await;
        let of = link("of", &format!("{}/person", pay.key)).option("on_target_delete", "clear");
        let sale = till.form(form("sale", [text("shop"), text("buyer"), number("amount", 0), of])).await;
        let tom = workspace.person("tom").await;
        let north = group("north", &[&tom.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        admin.patch(&till.path(""), 1, json!({"admins": [{"members": [tom.id]}]})).await.ok();

        let add = async |key: &str| {
            let seen = Field::new(key, "lookup").option("link", "of").option("field", "cost");
            let draft = tom.get(&sale.path("/draft")).await.ok();
            let edits = json!({"base": draft["base"], "edits": [{"do": "add_field", "field": seen.value()}]});
            tom.post(&sale.path("/draft/edits"), edits).await.ok();
            tom.post(&sale.path("/publish"), json!({})).await
        };
        add("first").await.ok();
        // From now on others see sums over all of it. What was there before was there when it was marked.
        make(admin, &till, of_all("all")).await;
        add("second").await.refused(403, "reads_hidden_records");
        person.allow(group("all", &[&tom.id]).may(&["view"]).field("*", "read")).await;
        tom.post(&sale.path("/publish"), json!({})).await.ok();
    })
    .await;
}

/// A till, which `tom` administers; and people of whom he sees those in the north.
struct Till {
    app: App,
    tom: Person,
    person: Form,
    /// The form of the people, as links name it.
    people: String,
}

impl Till {
    async fn build(workspace: &Workspace) -> Till {
        let pay = workspace.app("Pay").await;
        let rows = [text("name"), select("region", &["north", "south"]), number("cost", 0)];
        let person = pay.form(form("person", rows).with("title", "{name}")).await;
        person.add(json!({"name": "canary", "region": "south", "cost": 7777})).await;
        let tom = workspace.person("tom").await;
        let north = group("north", &[&tom.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let app = workspace.app("Till").await;
        let admins = json!({"admins": [{"members": [tom.id]}]});
        workspace.admin.patch(&app.path(""), 1, admins).await.ok();
        Till { app, tom, person, people: format!("{}/person", pay.key) }
    }

    /// Sales with a link to the people, whose amount is as it says.
    fn sale(&self, key: &str, amount: Field) -> Design {
        let of = link("of", &self.people).option("on_target_delete", "clear");
        form(key, [text("shop"), text("buyer"), of, amount])
    }

    async fn edit(&self, form: &Form, edit: Value) -> Answer {
        let base = self.tom.get(&form.path("/draft")).await.ok()["base"].clone();
        let edits = json!({"base": base, "edits": [edit]});
        self.tom.post(&form.path("/draft/edits"), edits).await.ok();
        self.tom.post(&form.path("/publish"), json!({})).await
    }

    /// With whose eyes a page is read.
    async fn runs_as_all(&self, page: &str) -> bool {
        self.tom.get(page).await.ok()["document"]["run_as"] == "all"
    }

    async fn put_away(&self, form: &str) {
        let gone = self.tom.request(Method::DELETE, &format!("/forms/{form}")).header("if-match", "*");
        self.tom.send(gone).await.with_status(204);
    }
}

/// Seen through the link of [`Till::sale`], or another one.
fn seen_through(link: &str) -> Field {
    Field::new("amount", "lookup").option("link", link).option("field", "cost")
}

/// A page that does not fit its forms counts nothing, and so nothing is asked of who changes these; whoever makes it fit again, and may
/// not mark it, has it show each reader what that one may see.
#[tokio::test]
async fn t04_a_page_of_all_that_was_broken_comes_whole_without_its_mark() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        for way in ["in two versions", "out of the bin", "anew", "as it was"] {
            let till = Till::build(&workspace).await;
            let sale = till.app.form(till.sale("sale", number("amount", 0))).await;
            let page = make(admin, &till.app, of_all("all")).await;
            assert!(till.runs_as_all(&page).await, "{way}");
            match way {
                "in two versions" => {
                    till.edit(&sale, json!({"do": "remove_field", "key": "amount"})).await.ok();
                    let field = seen_through("of").value();
                    till.edit(&sale, json!({"do": "add_field", "field": field})).await.ok();
                }
                "out of the bin" => {
                    let other = till.sale("other", seen_through("of")).document();
                    let other = till.tom.post(&till.app.path("/forms"), other).await.created();
                    till.put_away(&id_of(&other)).await;
                    till.put_away(&sale.id).await;
                    let asked = json!({"items": [{"id": other["id"], "key": "sale"}]});
                    let came = till.tom.post("/bin/restore", asked).await.ok();
                    assert!(came["results"][0]["problem"].is_null(), "{came}");
                }
                "anew" => {
                    till.put_away(&sale.id).await;
                    let other = till.sale("sale", seen_through("of")).document();
                    till.tom.post(&till.app.path("/forms"), other).await.created();
                }
                // Whoever sees everything brings back what a page of all counts, with its mark.
                _ => {
                    till.put_away(&sale.id).await;
                    admin.post(&sale.path("/restore"), json!({})).await.ok();
                }
            }
            assert_eq!(till.runs_as_all(&page).await, way == "as it was", "{way}");
        }
    })
    .await;
}

/// What a page of all adds up through a link, and what the records are called by which it groups, are other ones where the link is led to
/// another form.
#[tokio::test]
async fn t04_a_link_that_is_counted_for_all_leads_elsewhere_by_who_sees_what_is_there() {
    on_both_shared(async |workspace| {
        for amount in [number("amount", 0), seen_through("shop")] {
            let till = Till::build(&workspace).await;
            let shop = form("shop", [text("name"), number("cost", 0)]).with("title", "{name}");
            till.app.form(shop).await;
            let shop = link("shop", "shop").option("on_target_delete", "clear");
            let sale = till.app.form(form("sale", [shop, amount, text("buyer")])).await;
            let page = make(&workspace.admin, &till.app, of_all("all")).await;
            let led = json!({"do": "set", "key": "shop", "member": "options.form", "value": till.people});
            till.edit(&sale, led).await.refused(403, "reads_hidden_records");
            // By who sees all of them it is led there, and the page counts on.
            till.person.allow(group("all", &[&till.tom.id]).may(&["view"]).field("*", "read")).await;
            till.tom.post(&sale.path("/publish"), json!({})).await.ok();
            assert!(till.runs_as_all(&page).await);
        }
    })
    .await;
}
