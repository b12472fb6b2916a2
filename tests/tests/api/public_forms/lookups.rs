//! T04, T23: what a public form offers of another one is what was confirmed by somebody who sees it, and nobody takes that form away with it.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{Design, form, group, link, select, subform, test, text};
use tests::workspace::{faults, id_of, items};
use tests::{Form, Person, Visit, Workspace, on_both, on_both_shared};

/// A form that links to shops, whose codes are nobody's business.
async fn shops(workspace: &Workspace) -> (Form, Form) {
    let app = workspace.app("Shops").await;
    let fields = [text("name"), text("city"), text("code"), select("state", &["open", "shut"])];
    let shop = app.form(form("shop", fields).with("title", "{name}")).await;
    let to_open = |key: &str| {
        link(key, "shop").option("display", json!(["city"])).option("filter", test("state", "eq", "open"))
    };
    let line = subform("lines", [text("what"), to_open("from")]);
    let near = link("near", "shop").option("filter", test("city", "eq", "Taipei"));
    let ask = app.form(form("ask", [text("name"), to_open("shop"), line, near])).await;
    shop.add_all((0..40).map(|n| {
        json!({"name": format!("Shop {n:02}"), "city": "Taipei", "code": format!("secret-{n}"), "state": "open"})
    }))
    .await;
    shop.add(json!({"name": "Shop shut", "city": "Tainan", "code": "secret-x", "state": "shut"})).await;
    (shop, ask)
}

#[tokio::test]
async fn t23_a_lookup_shows_what_was_confirmed_and_twenty_of_it() {
    on_both_shared(async |workspace| {
        let (shop, ask) = shops(&workspace).await;
        let unconfirmed = json!({"name": "Box", "fields": ["name", "shop"]});
        let refused = workspace.admin.post(&ask.path("/links"), unconfirmed).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.1: not_confirmed"]);
        let made = json!({"name": "Box", "fields": ["name", "shop", "lines"], "lookups": ["shop"]});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        assert_eq!(visit.form["lookups"], json!(["shop"]));
        // A column that was not confirmed is not there.
        let said = visit.form.to_string();
        assert!(
            !said.contains("\"from\"") && !said.contains("secret") && !said.contains("\"code\""),
            "{said}"
        );

        let found = visit.choices("shop", "Shop").await.ok();
        assert_eq!(items(&found).len(), 20);
        for item in items(&found) {
            assert_eq!(item["fields"], json!({"city": "Taipei"}), "{item}");
            assert!(item["title"].as_str().unwrap().starts_with("Shop"), "{item}");
        }
        assert!(!found.to_string().contains("secret"));
        // What it shuts out, what it is not called by, and what means more to a database than to people.
        for typed in ["shut", "secret-1", "%%", "__", "Tainan"] {
            assert_eq!(items(&visit.choices("shop", typed).await.ok()).len(), 0, "{typed}");
        }
        for typed in ["", " ", "S", "%"] {
            let refused = visit.choices("shop", typed).await.refused(422, "validation");
            assert_eq!(faults(&refused), ["q: too_short"], "{typed}");
        }
        for field in ["lines.from", "name", "$owner", "$created_by", "gone"] {
            visit.choices(field, "Shop").await.refused(404, "not_found");
        }
        let more = visit.request(Method::GET, "/fields/shop/options?q=Shop&offset=20");
        visit.who.send(more).await.refused(422, "unknown_member");
        let without = visit.who.get(&visit.path("/fields/shop/options?q=Shop")).await;
        without.refused(410, "ticket_expired");

        let chosen = items(&found)[0]["id"].clone();
        let all = shop.query(&workspace.admin, json!({"filter": test("state", "eq", "shut")})).await.ok();
        let shut = items(&all)[0]["id"].clone();
        let refused = visit.answer(json!({"name": "Ann", "shop": shut})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.shop: not_offered"]);
        visit.send(json!({"name": "Ann", "shop": "0sbqd00000001"})).await.refused(422, "validation");
        visit.send(json!({"name": "Ann", "shop": chosen})).await.created();
        let records = ask.query(&workspace.admin, json!({})).await.ok();
        assert_eq!(items(&records)[0]["fields"]["shop"], chosen);
    })
    .await;
}

/// A link that leads to one record tells its visitors nothing of it, and neither may they name another.
#[tokio::test]
async fn what_a_link_leads_to_is_set_and_not_shown() {
    on_both_shared(async |workspace| {
        let (shop, ask) = shops(&workspace).await;
        let found = shop.query(&workspace.admin, json!({"filter": test("name", "eq", "Shop 07")})).await.ok();
        let seventh = items(&found)[0]["id"].clone();
        // Each field lets other ones through, and both lead to the same.
        let values = json!({"shop": seventh, "near": seventh});
        let made = json!({"name": "Box", "fields": ["name"], "values": values});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        assert!(!visit.form.to_string().contains("Shop 07"), "{}", visit.form);
        assert_eq!(visit.form["values"], json!({}));
        visit.answer(json!({"name": "Ann", "shop": null})).await.refused(422, "unknown_field");
        visit.send(json!({"name": "Ann"})).await.created();
        let records = ask.query(&workspace.admin, json!({})).await.ok();
        let fields = &items(&records)[0]["fields"];
        assert_eq!((&fields["shop"], &fields["near"]), (&seventh, &seventh));
    })
    .await;
}

/// Half a minute's questions, and no more in it.
#[tokio::test]
async fn t23_a_form_is_not_taken_away_question_by_question() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let (_, ask) = shops(&workspace).await;
        let made = json!({"name": "Box", "fields": ["name", "shop"], "lookups": ["shop"]});
        let visit = Visit::open(&workspace.admin.stranger(), &ask.public(made).await).await;
        let mut refused: Vec<Value> = Vec::new();
        for n in 0..40 {
            let answer = visit.choices("shop", &format!("Shop {n:02}")).await;
            if answer.status == 429 {
                assert!(answer.headers.contains_key("retry-after"));
                refused.push(answer.body);
            }
        }
        assert_eq!(refused.len(), 10);
    })
    .await;
}

/// T04: what a link shows it shows to anybody, so whoever makes it has to see it, in every record; and so has whoever publishes
/// its form anew.
#[tokio::test]
async fn t04_a_public_link_offers_nothing_that_its_maker_may_not_see() {
    on_both_shared(async |workspace| {
        let app = workspace.app("People").await;
        let fields = [text("name"), text("phone"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        let north = person.add(json!({"name": "Nora", "phone": "555", "region": "north"})).await;
        let south = person.add(json!({"name": "canary", "region": "south"})).await;
        let (mei, fay, zoe) =
            (workspace.person("mei").await, workspace.person("fay").await, workspace.person("zoe").await);
        let reading = |key: &str, who: &Person| group(key, &[&who.id]).may(&["view"]).field("*", "read");
        person.allow(reading("north", &mei).rows(test("region", "eq", "north"))).await;
        person.allow(reading("nameless", &fay).field("name", "none")).await;
        person.allow(reading("all", &zoe)).await;
        let target = format!("{}/person", app.key);
        let make = async |who: &Person| {
            let own = id_of(&who.post("/apps", json!({"label": "Own"})).await.created());
            let to = |key: &str| link(key, &target).option("on_target_delete", "clear");
            let near = to("near").option("filter", test("region", "eq", "north"));
            let ask = form("ask", [text("note"), to("of"), near]).document();
            let ask = who.post(&format!("/apps/{own}/forms"), ask).await.created();
            format!("/forms/{}", id_of(&ask))
        };
        let shown = json!({"fields": ["note", "of"], "lookups": ["of"]});
        let mut named = shown.clone();
        named["name"] = json!("Box");
        let mut hers = String::new();
        for (who, code) in [(&mei, "reads_hidden_records"), (&fay, "reads_hidden_field")] {
            let ask = make(who).await;
            let links = format!("{ask}/links");
            who.post(&links, named.clone()).await.refused(403, code);
            let plain = json!({"name": "Box", "fields": ["note"], "lookups": ["of"]});
            let plain = format!("/links/{}", id_of(&who.post(&links, plain).await.created()));
            who.patch(&plain, 1, shown.clone()).await.refused(403, code);
            // Of what a link leads to only its filter is asked.
            let given = json!({"values": {"near": id_of(&south)}});
            if code == "reads_hidden_records" {
                who.patch(&plain, 1, given).await.refused(403, code);
                hers = ask;
            } else {
                who.patch(&plain, 1, given).await.ok();
            }
        }
        let ask = make(&zoe).await;
        let open = zoe.post(&format!("{ask}/links"), named.clone()).await.created();
        let visit = Visit::open(&workspace.admin.stranger(), &open).await;
        assert_eq!(items(&visit.choices("of", "canary").await.ok()).len(), 1);

        // What somebody else has confirmed stays as it was confirmed, and its form can be changed all the same.
        let near = json!({"name": "Near", "fields": ["note", "near"], "lookups": ["near"]});
        let near = workspace.admin.post(&format!("{hers}/links"), near).await.created();
        let change = async |edits: Value| {
            let base = mei.get(&format!("{hers}/draft")).await.ok()["base"].clone();
            mei.post(&format!("{hers}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
            mei.post(&format!("{hers}/publish"), json!({})).await
        };
        let set = |key: &str, member: &str, value: Value| json!([{"do": "set", "key": key, "member": member, "value": value}]);
        change(set("note", "label", json!("Remark"))).await.ok();
        let wide = set("near", "options.filter", test("region", "ne", "north"));
        change(wide).await.refused(403, "reads_hidden_records");
        let phones = json!([
            {"do": "set", "key": "near", "member": "options.filter", "value": test("region", "eq", "north")},
            {"do": "set", "key": "near", "member": "options.display", "value": ["phone"]},
        ]);
        change(phones).await.refused(403, "reads_hidden_records");
        let visit = Visit::open(&workspace.admin.stranger(), &near).await;
        let found = visit.choices("near", "Nora").await.ok();
        assert_eq!(id_of(&items(&found)[0]), id_of(&north));
        assert!(!found.to_string().contains("555"), "{found}");
        assert_eq!(items(&visit.choices("near", "canary").await.ok()).len(), 0);
    })
    .await;
}

/// What was closed by whoever sees it is not opened again by who does not: they have the address, and would read by it.
#[tokio::test]
async fn t04_a_link_is_opened_again_by_whoever_sees_what_it_shows() {
    on_both_shared(async |workspace| {
        let (admin, mei) = (&workspace.admin, workspace.person("mei").await);
        let app = workspace.app("People").await;
        let fields = [text("name"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "canary", "region": "south"})).await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        let of = link("of", &format!("{}/person", app.key)).option("on_target_delete", "clear");
        let ask = mei.post(&format!("/apps/{own}/forms"), form("ask", [text("note"), of]).document()).await;
        let links = format!("/forms/{}/links", id_of(&ask.created()));
        let closed = json!({
            "name": "Partners", "fields": ["note", "of"], "lookups": ["of"], "limit": 5,
            "password": "for partners alone", "expires": "2099-01-01T00:00:00Z",
        });
        let made = admin.post(&links, closed).await.created();
        let path = format!("/links/{}", id_of(&made));
        // Whoever administers its form has its address, closes it further, and calls it what they like.
        assert_eq!(mei.get(&links).await.ok()["items"][0]["token"], made["token"]);
        mei.patch(&path, 1, json!({"limit": 4, "expires": "2098-01-01T00:00:00Z", "name": "Friends"}))
            .await
            .ok();
        for wide in [
            json!({"password": null}),
            json!({"password": "known to mei alone"}),
            json!({"expires": null}),
            json!({"expires": "2099-01-01T00:00:00Z"}),
            json!({"limit": 5}),
            json!({"limit": null}),
        ] {
            mei.patch(&path, 2, wide.clone()).await.refused(403, "reads_hidden_records");
        }
        mei.patch(&path, 2, json!({"on": false})).await.ok();
        mei.patch(&path, 3, json!({"on": true})).await.refused(403, "reads_hidden_records");
        let token = made["token"].as_str().unwrap();
        admin.stranger().get(&format!("/public/{token}")).await.refused(410, "link_closed");
        admin.patch(&path, 3, json!({"on": true, "password": null, "limit": null})).await.ok();
        admin.stranger().get(&format!("/public/{token}")).await.ok();

        // One that shows nothing of others is theirs altogether.
        let plain = json!({"name": "Notes", "fields": ["note"], "password": "for partners alone"});
        let plain = format!("/links/{}", id_of(&mei.post(&links, plain).await.created()));
        mei.patch(&plain, 1, json!({"on": false})).await.ok();
        mei.patch(&plain, 2, json!({"on": true, "password": null})).await.ok();
    })
    .await;
}

/// A form that lies in the bin lets nobody in by its links: whoever brings it back lets in nobody to what they do not see themselves.
#[tokio::test]
async fn t04_a_link_comes_back_with_its_form_by_whoever_sees_what_it_shows() {
    on_both_shared(async |workspace| {
        let (admin, mei) = (&workspace.admin, workspace.person("mei").await);
        let app = workspace.app("People").await;
        let fields = [text("name"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        let of = link("of", &format!("{}/person", app.key)).option("on_target_delete", "clear");
        let ask = mei.post(&format!("/apps/{own}/forms"), form("ask", [text("note"), of]).document()).await;
        let ask = format!("/forms/{}", id_of(&ask.created()));
        let shows = json!({"name": "Partners", "fields": ["note", "of"], "lookups": ["of"]});
        let shows = admin.post(&format!("{ask}/links"), shows).await.created();
        let plain = json!({"name": "Notes", "fields": ["note"]});
        let plain = mei.post(&format!("{ask}/links"), plain).await.created();
        let visit = async |link: &Value| {
            admin.stranger().get(&format!("/public/{}", link["token"].as_str().unwrap())).await
        };
        visit(&shows).await.ok();
        for thing in [ask.clone(), format!("/apps/{own}")] {
            mei.send(mei.request(Method::DELETE, &thing).header("if-match", "*")).await.with_status(204);
            visit(&plain).await.refused(410, "link_closed");
            mei.post(&format!("{thing}/restore"), json!({})).await.ok();
            visit(&plain).await.ok();
            visit(&shows).await.refused(410, "link_closed");
            // Whoever sees all of it opens it again.
            let on = admin.request(Method::PATCH, &format!("/links/{}", id_of(&shows)));
            admin.send(on.header("if-match", "*").json(&json!({"on": true}))).await.ok();
            visit(&shows).await.ok();
        }
        // They bring it back as it was, too.
        admin.send(admin.request(Method::DELETE, &ask).header("if-match", "*")).await.with_status(204);
        admin.post(&format!("{ask}/restore"), json!({})).await.ok();
        visit(&shows).await.ok();
    })
    .await;
}

/// By a form that does not fit what it links to nothing is open; so what a link of it shows once it leads elsewhere is new, and for whoever
/// leads it there to see.
#[tokio::test]
async fn t04_a_link_of_a_form_that_was_broken_opens_nothing_new() {
    on_both_shared(async |workspace| {
        let (admin, mei) = (&workspace.admin, workspace.person("mei").await);
        let app = workspace.app("People").await;
        let fields = [text("name"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "canary", "region": "south"})).await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        // A link to a form of her own, in another app of hers.
        let near = mei.post("/apps", json!({"label": "Near"})).await.created();
        let own = mei.post("/apps", json!({"label": "Own"})).await.created();
        let to = |key: &str, app: &Value, form: &str| {
            let target = format!("{}/{form}", app["key"].as_str().unwrap());
            link(key, &target).option("on_target_delete", "clear")
        };
        let made = async |app: &Value, design: Design| {
            id_of(&mei.post(&format!("/apps/{}/forms", id_of(app)), design.document()).await.created())
        };
        // What links to hers in turn does not keep it from going.
        made(&own, form("base", [text("name")])).await;
        let thing = form("thing", [text("name"), to("back", &own, "base")]);
        made(&near, thing.with("title", "{name}")).await;
        let ask = made(&own, form("ask", [text("note"), to("of", &near, "thing")])).await;
        let ask = format!("/forms/{ask}");
        let shows = json!({"name": "Box", "fields": ["note", "of"], "lookups": ["of"]});
        let shows = mei.post(&format!("{ask}/links"), shows).await.created();

        // That app goes, though the form links to it; then the form is led to the people.
        let gone = mei.request(Method::DELETE, &format!("/apps/{}", id_of(&near)));
        mei.send(gone.header("if-match", "*")).await.with_status(204);
        let base = mei.get(&format!("{ask}/draft")).await.ok()["base"].clone();
        let target = format!("{}/person", app.key);
        let edits = json!([{"do": "set", "key": "of", "member": "options.form", "value": target}]);
        mei.post(&format!("{ask}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
        mei.post(&format!("{ask}/publish"), json!({})).await.refused(403, "reads_hidden_records");
        let token = shows["token"].as_str().unwrap();
        let read = admin.stranger().get(&format!("/public/{token}")).await;
        assert!(read.status >= 400, "{}", read.body);

        // Whoever sees all of them leads it there.
        admin.post(&format!("{ask}/publish"), json!({})).await.ok();
        let visit = Visit::open(&admin.stranger(), &shows).await;
        assert_eq!(items(&visit.choices("of", "canary").await.ok()).len(), 1);
    })
    .await;
}

/// What a link will show whose form comes back before that which it links to nobody knows yet: it comes back switched off.
#[tokio::test]
async fn t04_a_link_of_a_broken_form_comes_back_switched_off() {
    on_both_shared(async |workspace| {
        let (admin, mei) = (&workspace.admin, workspace.person("mei").await);
        let app = workspace.app("People of broken asks").await;
        let fields = [text("name"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "canary", "region": "south"})).await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = id_of(&mei.post("/apps", json!({"label": "Asking while broken"})).await.created());
        let of = link("of", &format!("{}/person", app.key)).option("on_target_delete", "clear");
        let ask = mei.post(&format!("/apps/{own}/forms"), form("ask", [text("note"), of]).document()).await;
        let links = format!("/forms/{}/links", id_of(&ask.created()));
        let shows = json!({"name": "Partners", "fields": ["note", "of"], "lookups": ["of"]});
        let shows = admin.post(&links, shows).await.created();
        let token = shows["token"].as_str().unwrap();
        let visit = async || admin.stranger().get(&format!("/public/{token}")).await;
        visit().await.ok();

        let own = format!("/apps/{own}");
        for (who, gone) in [(&*mei, &own), (admin, &app.path(""))] {
            who.send(who.request(Method::DELETE, gone).header("if-match", "*")).await.with_status(204);
        }
        mei.post(&format!("{own}/restore"), json!({})).await.ok();
        admin.post(&app.path("/restore"), json!({})).await.ok();
        visit().await.refused(410, "link_closed");
        let on = mei.request(Method::PATCH, &format!("/links/{}", id_of(&shows)));
        let on = on.header("if-match", "*").json(&json!({"on": true}));
        mei.send(on).await.refused(403, "reads_hidden_records");
        let on = admin.request(Method::PATCH, &format!("/links/{}", id_of(&shows)));
        admin.send(on.header("if-match", "*").json(&json!({"on": true}))).await.ok();
        visit().await.ok();
    })
    .await;
}
