//! T04, T64: nobody forges a message, sends one again with effect, finds a hook by trying, or reaches further with one than it says.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{form, group, link, select, test, text};
use tests::sender::{seconds, signature};
use tests::workspace::{faults, id_of, items};
use tests::{
    Answer, Client, Database, Form, Person, Sender, Server, Workspace, on_both, on_both_shared, together,
};

use super::{deliveries, order, orders, records, upsert};

#[tokio::test]
async fn t64_a_forged_or_stale_message_has_no_effect() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let (body, now) = (order("A-1", "Ann"), seconds(0));
        let good = signature(&shop.secret, ("forged", &now), &body.to_string());
        let with = |headers: &[(&'static str, &str)], body: &Value| {
            let request = shop.unproven(body);
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        };
        let (id, at, signed) = ("webhook-id", "webhook-timestamp", "webhook-signature");
        let other = Sender { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), ..shop.clone() };
        let forged = [
            with(&[], &body),
            with(&[(id, "forged"), (at, &now)], &body),
            with(&[(id, "forged"), (signed, &good)], &body),
            with(&[(at, &now), (signed, &good)], &body),
            // Of another message, at another time, under another name.
            with(&[(id, "forged"), (at, &now), (signed, &good)], &order("A-1", "Eve")),
            with(&[(id, "forged"), (at, &seconds(1)), (signed, &good)], &body),
            with(&[(id, "other"), (at, &now), (signed, &good)], &body),
            with(&[(id, "forged"), (at, &now), (signed, "v1,AAAA")], &body),
            with(&[("authorization", &format!("Bearer {}", shop.secret))], &body),
            other.signed(("forged", &now), &body),
        ];
        for request in forged {
            shop.who.send(request).await.refused(401, "bad_signature");
        }
        for minutes in [-6, 6, -60 * 24] {
            let late = shop.signed(("late", &seconds(minutes * 60)), &body);
            shop.who.send(late).await.refused(401, "stale_message");
        }
        assert_eq!(records(&form).await.len(), 0);
        let told = deliveries(&form, &hook).await;
        assert!(told.iter().all(|(outcome, _)| outcome == "refused") && told.len() == 13, "{told:?}");
        for minutes in [-4, 4] {
            let name = format!("near {minutes}").replace(' ', "_");
            shop.who.send(shop.signed((&name, &seconds(minutes * 60)), &body)).await.ok();
        }
        assert_eq!(records(&form).await.len(), 1);
    })
    .await;
}

/// The same message again gets the first answer and has no effect, one after the other and at once; another one under its name
/// is none.
#[tokio::test]
async fn t64_a_message_is_taken_once_however_often_it_is_sent() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let mut create = upsert();
        create["mode"] = json!("create");
        create["key"] = Value::Null;
        // Nothing but its name keeps a message from having an effect again.
        create["map"] = json!([{"from": "/order/who", "to": "name"}, {"from": "/order/id", "to": "code"}]);
        let hook = form.hook(create).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let at = seconds(0);
        let sent = |name: &'static str, body: Value| {
            let (shop, at) = (shop.clone(), at.clone());
            async move { shop.who.send(shop.signed((name, &at), &body)).await }
        };
        let first = sent("once", order("A-1", "Ann")).await.with_status(200);
        assert_eq!(first["outcome"], "created");
        for _ in 0..3 {
            assert_eq!(sent("once", order("A-1", "Ann")).await.with_status(200), first);
        }
        // Its sender tries again with another time, and the record may have changed since.
        let record = records(&form).await.remove(0);
        form.edit(&workspace.admin, &record, json!({"name": "Bea"})).await.ok();
        assert_eq!(shop.send_as("once", order("A-1", "Ann")).await.with_status(200), first);
        assert_eq!(records(&form).await[0]["fields"]["name"], "Bea");
        sent("once", order("A-2", "Eve")).await.refused(422, "idempotency_key_reused");

        let at_once = together((0..12).map(|_| sent("at_once", order("A-3", "Cat")))).await;
        let answers: Vec<Value> = at_once.into_iter().map(|answer: Answer| answer.with_status(200)).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(records(&form).await.len(), 2);
        let outcomes = deliveries(&form, &hook).await;
        let count = |wanted: &str| outcomes.iter().filter(|(outcome, _)| outcome == wanted).count();
        assert_eq!((count("created"), count("repeated")), (2, 4 + 11), "{outcomes:?}");

        // What was refused has no effect that could be had twice: it may come again, mended.
        let mut wrong = order("A-4", "Dan");
        wrong["order"]["who"] = Value::Null;
        shop.send_as("mended", wrong).await.refused(422, "validation");
        shop.send_as("mended", order("A-4", "Dan")).await.ok();
        // Each hook has names of its own.
        let other = Sender::of(&workspace.admin, &form.hook(upsert()).await);
        assert_eq!(other.send_as("once", order("A-5", "Eva")).await.ok()["outcome"], "created");
    })
    .await;
}

/// A guess is answered like every other one, whatever it looks like, and whatever it shows.
#[tokio::test]
async fn t64_hooks_are_not_found_by_trying() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let mut told = Vec::new();
        let shorter = shop.token[..shop.token.len() - 1].to_owned();
        let near = [
            shorter,
            format!("{}a", shop.token),
            shop.token.to_uppercase(),
            id_of(&hook),
            "%20".to_owned(),
            "a".repeat(200),
        ];
        for token in near {
            let guess = Sender { token, ..shop.clone() };
            let mut answer = guess.send(order("A-1", "Ann")).await;
            assert_eq!(answer.status, 404, "{}", guess.token);
            answer.body.as_object_mut().unwrap().remove("request_id");
            told.push(answer.body);
        }
        assert!(told.iter().all(|body| *body == told[0]), "{told:?}");
        // Nothing reads there.
        let read = workspace.admin.get(&format!("/hooks/{}", shop.token)).await;
        assert_eq!(read.status, 405);
        assert_eq!(records(&form).await.len(), 0);
    })
    .await;
}

/// T09, T16: with the address and the secret one sends messages, and does nothing else; and what the hook does not name is
/// neither set nor told.
#[tokio::test]
async fn t64_a_hook_opens_its_form_and_nothing_else() {
    on_both_shared(async |workspace| {
        let (form, customers) = orders(&workspace).await;
        let (admin, hook) = (&workspace.admin, form.hook(upsert()).await);
        let secret = customers.add(json!({"code": "C-1", "name": "canary-t64", "state": "there"})).await;
        let shop = Sender::of(admin, &hook);
        let keys = [
            Client::with_token(admin.url(), &shop.token),
            Client::with_token(admin.url(), &shop.secret),
            Client::with_token(admin.url(), &format!("fwk_{}", shop.token)),
            Client::with_cookie(admin.url(), &format!("sid={}", shop.token)),
        ];
        let (whole, listed) = (form.path(""), form.path("/records"));
        for who in &keys {
            for path in
                ["/members", "/apps", "/events", "/search?q=canary", "/me", whole.as_str(), listed.as_str()]
            {
                assert_eq!(who.get(path).await.status, 401, "{path}");
            }
            assert_eq!(who.post(&listed, json!({"fields": {"name": "x"}})).await.status, 401);
            assert_eq!(who.get(&form.path("/hooks")).await.status, 401);
        }
        let mut message = order("A-1", "Ann");
        let strange =
            json!({"state": "approved", "no": "O-1", "$owner": id_of(&secret), "system": {"owner": "x"}});
        for (member, value) in strange.as_object().unwrap() {
            message[member] = value.clone();
        }
        let answer = shop.send(message).await.ok();
        assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
        let record = records(&form).await.remove(0);
        assert_eq!((&record["fields"]["state"], &record["system"]["owner"]), (&json!("new"), &Value::Null));
        // A link by its name tells nothing of what is linked to.
        let mut message = order("A-2", "Bea");
        message["order"]["customer"] = json!("C-1");
        let linked = shop.send(message).await.ok();
        assert!(!linked.to_string().contains("canary"), "{linked}");
        // An administrator's own cookie makes no difference to a message, and no page of another site sends one with it.
        let request = shop.unproven(&order("A-3", "Eve")).header("cookie", "sid=x");
        assert_eq!(shop.who.send(request).await.status, 403);
        assert_eq!(records(&form).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn t64_a_message_is_so_large_at_most_and_so_deep() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let shop = Sender::of(&workspace.admin, &form.hook(upsert()).await);
        let large = |bytes: usize| {
            let mut message = order("A-1", "Ann");
            message["filled"] = json!("");
            let rest = bytes - message.to_string().len();
            message["filled"] = json!("x".repeat(rest));
            message
        };
        shop.send(large(256 << 10)).await.ok();
        shop.send(large((256 << 10) + 1)).await.refused(413, "too_large");
        let deep = (0..40).fold(json!(1), |inner, _| json!({"a": inner}));
        shop.send(json!({"order": deep})).await.refused(422, "too_deep");
        let nul = json!({"order": {"id": "A-\u{0}", "who": "x"}});
        shop.send(nul).await.refused(400, "malformed_json");
        // Without the secret one learns nothing of how a message has to look.
        let request = shop.unproven(&json!([1]));
        shop.who.send(request).await.refused(401, "bad_signature");
    })
    .await;
}

/// Programs send more than people fill in; who does not have the secret is slowed down like a visitor.
#[tokio::test]
async fn t64_a_flood_of_messages_is_slowed_down() {
    let server = Server::start_with(Database::Sqlite, &["--public-per-minute", "4"]).await;
    let workspace = Workspace { admin: server.set_up().await };
    let (form, _) = orders(&workspace).await;
    let hook = form.hook(upsert()).await;
    let shop = Sender::of(&workspace.admin, &hook);
    let begun = Instant::now();
    let forger = Sender { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), ..shop.clone() };
    let mut forged = Vec::new();
    for _ in 0..3 {
        let answer = forger.send(order("A-1", "Eve")).await;
        assert!(answer.status == 401 || answer.headers.contains_key("retry-after"), "{}", answer.body);
        forged.push(answer.status);
    }
    assert_eq!(forged, [401, 401, 429]);
    // What is refused so is not written down either.
    assert_eq!(deliveries(&form, &hook).await.len(), 2);
    let mut taken = 0;
    for n in 0..125 {
        let answer = shop.send(order(&format!("A-{n}"), "Ann")).await;
        assert!([200, 429].contains(&answer.status), "{}", answer.body);
        taken += usize::from(answer.status == 200);
    }
    // A hundred a second, and thirty times as many as answers of a minute, of which three were forged; more where that is over
    // meanwhile.
    assert!((100..=125).contains(&taken), "{taken}");
    if begun.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        shop.send(order("A-200", "Ann")).await.refused(429, "too_many_requests");
    }
    assert_eq!(items(&form.query(&workspace.admin, json!({"limit": 500})).await.ok()).len(), taken);
    server.close().await;
}

/// T04: a hook answers by every record that a message may name, so whoever makes it, or gets its secret, has to see all of them.
#[tokio::test]
async fn t04_a_hook_finds_nothing_that_its_maker_may_not_see() {
    on_both_shared(async |workspace| {
        let app = workspace.app("People").await;
        let fields = [text("name"), text("card").unique(), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "Ann", "card": "canary", "region": "south"})).await;
        let (mei, fay, zoe) =
            (workspace.person("mei").await, workspace.person("fay").await, workspace.person("zoe").await);
        let reading = |key: &str, who: &Person| group(key, &[&who.id]).may(&["view"]).field("*", "read");
        person.allow(reading("north", &mei).rows(test("region", "eq", "north"))).await;
        person.allow(reading("cardless", &fay).field("card", "none")).await;
        person.allow(reading("all", &zoe)).await;
        let target = format!("{}/person", app.key);
        let by = |card: &str| {
            json!([{"from": "/what", "to": "note"}, {"from": "/who", "to": "of", "by": card, "optional": true}])
        };
        let plain = json!([{"from": "/what", "to": "note"}]);
        for (who, code) in [(&mei, "reads_hidden_records"), (&fay, "reads_hidden_field"), (&zoe, "")] {
            let own = id_of(&who.post("/apps", json!({"label": "Own"})).await.created());
            let of = link("of", &target).option("on_target_delete", "clear");
            let ask = who.post(&format!("/apps/{own}/forms"), form("ask", [text("note"), of]).document()).await;
            let hooks = format!("/forms/{}/hooks", id_of(&ask.created()));
            let hook = json!({"name": "Desk", "map": by("card")});
            if code.is_empty() {
                let shop = Sender::of(&workspace.admin, &who.post(&hooks, hook).await.created());
                shop.send(json!({"what": "a", "who": "canary"})).await.ok();
                continue;
            }
            who.post(&hooks, hook.clone()).await.refused(403, code);
            let made = who.post(&hooks, json!({"name": "Desk", "map": plain})).await.created();
            let made = format!("{hooks}/{}", id_of(&made));
            who.patch(&made, 1, json!({"map": by("card")})).await.refused(403, code);
            who.patch(&made, 1, json!({"name": "Till"})).await.ok();
            // One that somebody else has made goes on; its secret is for those who see what it asks, and so is letting it in again.
            let theirs = workspace.admin.post(&hooks, hook).await.created();
            let path = format!("{hooks}/{}", id_of(&theirs));
            let renew = who.request(Method::POST, &format!("{path}/secret")).header("if-match", "\"1\"");
            who.send(renew).await.refused(403, code);
            who.patch(&path, 1, json!({"on": false})).await.ok();
            who.patch(&path, 2, json!({"on": true})).await.refused(403, code);
            workspace.admin.patch(&path, 2, json!({"on": true})).await.ok();
            let shop = Sender::of(&workspace.admin, &theirs);
            shop.send(json!({"what": "a", "who": "canary"})).await.ok();
        }
    })
    .await;
}

/// A form that is published anew opens no more by its hooks than whoever publishes it may see.
#[tokio::test]
async fn t04_publishing_a_form_widens_no_hook() {
    on_both_shared(async |workspace| {
        let app = workspace.app("People").await;
        let fields = [text("name"), text("card").unique(), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "Ann", "card": "canary", "region": "south"})).await;
        let mei = workspace.person("mei").await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        let of = link("of", &format!("{}/person", app.key)).option("on_target_delete", "clear");
        let of = of.option("filter", test("region", "eq", "north"));
        let ask = form("ask", [text("note"), of]).document();
        let ask = mei.post(&format!("/apps/{own}/forms"), ask).await.created();
        let ask = format!("/forms/{}", id_of(&ask));
        let map = json!([{"from": "/what", "to": "note"}, {"from": "/who", "to": "of", "by": "card"}]);
        let hook = json!({"name": "Desk", "map": map});
        let hook = workspace.admin.post(&format!("{ask}/hooks"), hook).await.created();
        let shop = Sender::of(&workspace.admin, &hook);
        let message = json!({"what": "a", "who": "canary"});
        let refused = shop.send(message.clone()).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/who: not_offered"]);
        let change = async |key: &str, member: &str, value: Value| {
            let base = mei.get(&format!("{ask}/draft")).await.ok()["base"].clone();
            let edits = json!([{"do": "set", "key": key, "member": member, "value": value}]);
            mei.post(&format!("{ask}/draft/edits"), json!({"base": base, "edits": edits})).await.ok();
            mei.post(&format!("{ask}/publish"), json!({})).await
        };
        change("note", "label", json!("Remark")).await.ok();
        let wide = test("region", "ne", "north");
        change("of", "options.filter", wide).await.refused(403, "reads_hidden_records");
        shop.send(message).await.refused(422, "validation");
    })
    .await;
}

/// A hook of a form of `mei`'s, by which people are found by their cards.
struct Desk {
    admin: Client,
    mei: Person,
    /// Of the people of whom she sees those in the north.
    person: Form,
    /// Her app, and the form in it.
    own: String,
    ask: String,
    hook: String,
    shop: Sender,
}

impl Desk {
    /// Made by an administrator; or by `mei`, who sees all of the people at that time.
    async fn build(workspace: &Workspace, is_hers: bool) -> Desk {
        let (admin, mei) = (&workspace.admin, workspace.person("mei").await);
        let app = workspace.app("People").await;
        let fields = [text("name"), text("card").unique(), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "Ann", "card": "canary", "region": "south"})).await;
        let reading = |key: &str| group(key, &[&mei.id]).may(&["view"]).field("*", "read");
        person.allow(reading("north").rows(test("region", "eq", "north"))).await;
        let all = admin.post(&person.path("/permissions"), reading("all").document()).await.created();
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        let of = link("of", &format!("{}/person", app.key)).option("on_target_delete", "clear");
        let ask = form("ask", [text("note"), of]).document();
        let ask = mei.post(&format!("/apps/{own}/forms"), ask).await.created();
        let ask = format!("/forms/{}", id_of(&ask));
        let map = json!([
            {"from": "/what", "to": "note"}, {"from": "/who", "to": "of", "by": "card", "optional": true},
        ]);
        let maker = if is_hers { &*mei } else { admin };
        let hook = json!({"name": "Desk", "map": map});
        let hook = maker.post(&format!("{ask}/hooks"), hook).await.created();
        let gone = format!("/permissions/{}", id_of(&all));
        admin.delete(&person.path(&gone), 1).await.with_status(204);
        let shop = Sender::of(admin, &hook);
        let hook = format!("{ask}/hooks/{}", id_of(&hook));
        Desk { admin: admin.clone(), mei, person, own: format!("/apps/{own}"), ask, hook, shop }
    }

    /// Asks by the secret whether somebody has the card.
    async fn asked(&self) -> Answer {
        self.shop.send(json!({"what": "a", "who": "canary"})).await
    }

    async fn switched(&self, who: &Client, on: bool) -> Answer {
        let asked = who.request(Method::PATCH, &self.hook).header("if-match", "*");
        who.send(asked.json(&json!({"on": on}))).await
    }
}

async fn put_away(who: &Client, thing: &str) {
    who.send(who.request(Method::DELETE, thing).header("if-match", "*")).await.with_status(204);
}

/// Whoever has the secret of a hook was kept out when it was switched off: who sees no more what it opens lets nobody in again, themselves
/// least of all.
#[tokio::test]
async fn t04_a_hook_is_switched_on_by_whoever_sees_what_it_opens() {
    on_both_shared(async |workspace| {
        let desk = Desk::build(&workspace, true).await;
        // What was opened goes on until somebody ends it.
        desk.asked().await.ok();
        desk.switched(&desk.admin, false).await.ok();
        desk.asked().await.refused(409, "hook_off");
        desk.switched(&desk.mei, true).await.refused(403, "reads_hidden_records");
        desk.asked().await.refused(409, "hook_off");
        desk.switched(&desk.admin, true).await.ok();
        desk.asked().await.ok();
        // Switching it off is for everybody who administers its form; and on again for those who see all of it.
        desk.switched(&desk.mei, false).await.ok();
        desk.person.allow(group("all", &[&desk.mei.id]).may(&["view"]).field("*", "read")).await;
        desk.switched(&desk.mei, true).await.ok();
    })
    .await;
}

/// A form that lies in the bin takes no message: whoever brings it back, or its app, lets nobody find what they do not see themselves.
#[tokio::test]
async fn t04_a_hook_comes_back_with_its_form_by_whoever_sees_what_it_opens() {
    on_both_shared(async |workspace| {
        let desk = Desk::build(&workspace, true).await;
        let plain = json!({"name": "Notes", "map": [{"from": "/what", "to": "note"}]});
        let plain = desk.mei.post(&format!("{}/hooks", desk.ask), plain).await.created();
        let plain = Sender::of(&desk.admin, &plain);
        for thing in [&desk.ask, &desk.own] {
            desk.asked().await.ok();
            put_away(&desk.mei, thing).await;
            plain.send(json!({"what": "a"})).await.refused(409, "hook_off");
            desk.mei.post(&format!("{thing}/restore"), json!({})).await.ok();
            plain.send(json!({"what": "a"})).await.ok();
            desk.asked().await.refused(409, "hook_off");
            desk.switched(&desk.mei, true).await.refused(403, "reads_hidden_records");
            desk.switched(&desk.admin, true).await.ok();
        }
        // Whoever sees all of it brings it back as it was.
        put_away(&desk.admin, &desk.ask).await;
        desk.admin.post(&format!("{}/restore", desk.ask), json!({})).await.ok();
        desk.asked().await.ok();
    })
    .await;
}

/// While a form does not fit what it links to, nothing comes in by its hooks, and nobody gets a secret by which it would once that is back.
#[tokio::test]
async fn t04_no_secret_of_a_hook_while_its_form_is_broken() {
    on_both_shared(async |workspace| {
        let desk = Desk::build(&workspace, false).await;
        let renewed = async |who: &Client| {
            let asked = who.request(Method::POST, &format!("{}/secret", desk.hook));
            who.send(asked.header("if-match", "*")).await
        };
        // She gives it a link to a form of another app of hers, and puts that away while this one lies in the bin.
        let near = desk.mei.post("/apps", json!({"label": "Near"})).await.created();
        let thing = form("thing", [text("name")]).with("title", "{name}").document();
        desk.mei.post(&format!("/apps/{}/forms", id_of(&near)), thing).await.created();
        let target = format!("{}/thing", near["key"].as_str().unwrap());
        let more = link("more", &target).option("on_target_delete", "clear");
        let base = desk.mei.get(&format!("{}/draft", desk.ask)).await.ok()["base"].clone();
        let edits = json!({"base": base, "edits": [{"do": "add_field", "field": more.value()}]});
        desk.mei.post(&format!("{}/draft/edits", desk.ask), edits).await.ok();
        desk.mei.post(&format!("{}/publish", desk.ask), json!({})).await.ok();
        let near = format!("/apps/{}", id_of(&near));
        desk.mei
            .send(desk.mei.request(Method::DELETE, &near).header("if-match", "*"))
            .await
            .refused(409, "app_in_use");
        put_away(&desk.admin, &desk.own).await;
        put_away(&desk.mei, &near).await;
        // By somebody who sees everything the hook comes back as it was.
        desk.admin.post(&format!("{}/restore", desk.own), json!({})).await.ok();
        desk.asked().await.refused(409, "hook_broken");
        renewed(&desk.mei).await.refused(409, "form_broken");
        desk.mei.post(&format!("{near}/restore"), json!({})).await.ok();
        renewed(&desk.mei).await.refused(403, "reads_hidden_records");
        desk.asked().await.ok();
        renewed(&desk.admin).await.ok();
    })
    .await;
}

/// C27: what somebody has tried at a hook without its secret stays in the trail, however much comes after it.
#[tokio::test]
async fn c27_messages_without_a_proof_are_in_the_trail() {
    on_both_shared(async |workspace| {
        let (form, _) = orders(&workspace).await;
        let hook = form.hook(upsert()).await;
        let shop = Sender::of(&workspace.admin, &hook);
        let forger = Sender { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(), ..shop.clone() };
        for _ in 0..3 {
            forger.send(order("A-1", "Eve")).await.refused(401, "bad_signature");
        }
        let late = shop.signed(("late", &seconds(-600)), &order("A-1", "Ann"));
        shop.who.send(late).await.refused(401, "stale_message");
        let trail = workspace.admin.get("/audit?kind=access&path=hook&limit=200").await.ok();
        let count = |code: &str| {
            let of = |entry: &&Value| entry["who"] == hook["id"] && entry["changes"]["code"] == code;
            let times =
                items(&trail).iter().filter(of).map(|entry| entry["changes"]["count"].as_u64().unwrap());
            times.sum::<u64>()
        };
        assert_eq!((count("bad_signature"), count("stale_message")), (3, 1), "{trail}");
        let first = items(&trail).iter().find(|entry| entry["who"] == hook["id"]).unwrap();
        assert_eq!((&first["action"], &first["who_name"]), (&json!("access.refuse"), &json!("Web shop")));
        let told = trail.to_string();
        assert!(!told.contains(&shop.token) && !told.contains(&shop.secret), "{trail}");
    })
    .await;
}
