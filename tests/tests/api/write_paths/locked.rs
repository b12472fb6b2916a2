//! What a form locks once it is approved: nobody changes it, whatever way they come by; what flows keep in it goes on.

use reqwest::Method;
use serde_json::{Value, json};
use tests::design::{self, Design, approve, group, number, test, text};
use tests::workspace::{id_of, version_of};
use tests::{Client, Form, Person, Sender, Workspace, on_both_shared};

use super::codes;
use super::ways::task_of;

const LOCKED: &str = "locked_after_approval";

/// A bill that `mei` asks for and `boss` approves.
struct Bills {
    form: Form,
    /// Whose flow pays the bill `B-1`.
    payment: Form,
    mei: Person,
    boss: Person,
}

fn bill() -> Design {
    let fields = [text("code").unique(), text("note"), number("paid", 2)];
    design::form("bill", fields).with("settings", json!({"lock_approved": true}))
}

impl Bills {
    async fn build(workspace: &Workspace) -> Bills {
        let app = workspace.app("Bills").await;
        let form = app.form(bill()).await;
        let pay = json!({"kind": "update", "form": "bill", "filter": test("code", "eq", "B-1"), "set": {"paid": "5"}});
        let step = json!({"kind": "action", "key": "pay", "label": "Pay", "action": pay});
        let payment = app.form(design::form("payment", [text("go")])).await;
        payment.flow(json!([step])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        form.allow(group("askers", &[&mei.id]).may(&[
            "view",
            "create",
            "edit",
            "delete",
            "import",
            "bulk_edit",
        ]))
        .await;
        payment.allow(group("payers", &[&mei.id])).await;
        form.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        Bills { form, payment, mei, boss }
    }

    /// One that is approved.
    async fn approved(&self) -> Value {
        let asked = self.form.create(&self.mei, json!({"code": "B-1", "note": "as asked"})).await.created();
        self.decide(&asked).await;
        self.form.read(&self.mei, &asked).await.ok()
    }

    async fn decide(&self, record: &Value) {
        let task = task_of(&self.boss, record).await;
        self.boss.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();
    }

    /// The codes with which each way refuses to change the record, or to delete it.
    async fn tried(&self, who: &Client, known: &Value) -> Vec<(&'static str, Vec<String>)> {
        let (form, id) = (&self.form, id_of(known));
        let (bulk, fields) = (form.path("/records/bulk"), json!({"note": "changed"}));
        let keyed = json!({"code": "B-1", "note": "changed"});
        let update = |atomic: bool| json!({"update": [{"id": id, "fields": fields}], "atomic": atomic});
        let upsert = json!({"upsert": {"key": ["code"], "rows": [{"fields": keyed}]}});
        let mut each = who.post(&bulk, update(false)).await.ok();
        let restore = who
            .request(Method::POST, &format!("{}/restore", form.at(known)))
            .header("if-match", "*")
            .json(&json!({"version": 1}));
        let told = [
            ("edit", form.edit(who, known, fields.clone()).await.body),
            ("bulk update", who.post(&bulk, update(true)).await.body),
            ("update of each", each["results"][0]["problem"].take()),
            ("upsert", who.post(&bulk, upsert).await.body),
            ("bulk edit", self.bulk_edited(who, &id).await),
            ("import", self.imported(who).await),
            ("earlier version", who.send(restore).await.body),
            ("delete", who.delete(&form.at(known), version_of(known)).await.body),
            ("bulk delete", who.post(&bulk, json!({"delete": [id]})).await.body),
        ];
        told.into_iter().map(|(way, told)| (way, codes(&told).into_iter().collect())).collect()
    }

    async fn bulk_edited(&self, who: &Client, id: &str) -> Value {
        let input = json!({"filter": test("$id", "in", json!([id])), "set": {"note": "changed"}});
        let started = who.post(&self.form.path("/bulk-edit"), input).await;
        let job = who.job(started).await;
        json!({"errors": job["result"]["reasons"]})
    }

    async fn imported(&self, who: &Client) -> Value {
        let file = who.upload("one.csv", "text/csv", b"code,note\nB-1,changed\n".to_vec()).await;
        let mapping = json!({"code": "code", "note": "note"});
        let input = json!({"file": file, "mapping": mapping, "mode": "update", "key": ["code"]});
        let started = who.post(&self.form.path("/import"), input).await;
        let job = who.job(started).await;
        json!({"errors": job["result"]["faults"]})
    }

    async fn hooked(&self) -> Value {
        let map = json!([{"from": "/code", "to": "code"}, {"from": "/note", "to": "note"}]);
        let hook = self.form.hook(json!({"name": "Shop", "mode": "update", "key": "code", "map": map})).await;
        Sender::of(&self.form.admin, &hook).send(json!({"code": "B-1", "note": "changed"})).await.body
    }
}

#[tokio::test]
async fn what_is_locked_once_it_is_approved_is_changed_by_nobody_in_any_way() {
    on_both_shared(async |workspace| {
        let bills = Bills::build(&workspace).await;
        let (form, admin) = (&bills.form, &workspace.admin);
        let known = bills.approved().await;
        assert_eq!(known["may"]["operations"], json!([]), "{known}");
        for who in [&*bills.mei, admin] {
            for (way, told) in bills.tried(who, &known).await {
                assert_eq!(told, [LOCKED], "{way}");
            }
        }
        assert_eq!(codes(&bills.hooked().await).into_iter().collect::<Vec<_>>(), [LOCKED]);
        let same = form.read(admin, &known).await.ok();
        assert_eq!((&same["version"], &same["fields"]["note"]), (&known["version"], &json!("as asked")));
        assert_eq!(same["may"]["operations"], json!(["change_owner"]));

        // Whose it is may change, and what flows keep in it goes on.
        let to_boss = json!({"system": {"owner": bills.boss.id}});
        let given = admin.patch(&form.at(&same), version_of(&same), to_boss).await.ok();
        assert_eq!(given["system"]["owner"], json!(bills.boss.id));
        bills.payment.create(&bills.mei, json!({"go": "now"})).await.created();
        let paid = form.read(admin, &known).await.ok();
        assert_eq!(paid["fields"]["paid"], "5.00");
    })
    .await;
}

#[tokio::test]
async fn a_lock_is_opened_with_the_approval_or_taken_from_the_form() {
    on_both_shared(async |workspace| {
        let bills = Bills::build(&workspace).await;
        let (form, admin) = (&bills.form, &workspace.admin);
        let asked = bills.approved().await;
        let flow = asked["system"]["flow"]["instance"].as_str().unwrap().to_owned();
        admin.post(&format!("/instances/{flow}/reactivate"), json!({"step": "boss"})).await.ok();
        let open = form.read(admin, &asked).await.ok();
        form.edit(admin, &open, json!({"note": "mended"})).await.ok();
        bills.decide(&asked).await;
        let again = form.read(admin, &asked).await.ok();
        form.edit(admin, &again, json!({"note": "x"})).await.refused(409, LOCKED);

        // What is not approved is not locked.
        let other = form.create(&bills.mei, json!({"code": "B-2"})).await.created();
        let task = task_of(&bills.boss, &other).await;
        bills.boss.post(&format!("/tasks/{task}/reject"), json!({"opinion": "No"})).await.ok();
        let rejected = form.read(&bills.mei, &other).await.ok();
        form.edit(&bills.mei, &rejected, json!({"note": "never mind"})).await.ok();

        let unlocked = json!({"do": "set_form", "member": "settings", "value": {"lock_approved": false}});
        form.extend(json!([unlocked])).await;
        form.edit(&bills.mei, &again, json!({"note": "free"})).await.ok();
    })
    .await;
}

/// A save that changes none of its values, by which whose it is changes or which only computes anew, leaves what was approved as it was.
#[tokio::test]
async fn what_is_locked_is_not_computed_anew_by_a_save_that_changes_nothing() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Bills").await;
        let price = app.form(design::form("price", [text("name"), number("price", 2)])).await;
        let cost = number("cost", 2).computed("item.price");
        let fields = [text("code"), design::link("item", "price"), cost];
        let bill = design::form("bill", fields).with("settings", json!({"lock_approved": true}));
        let bill = app.form(bill).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        price.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        let operations = ["view", "create", "edit", "bulk_edit", "change_owner"];
        bill.allow(group("askers", &[&mei.id]).may(&operations)).await;
        bill.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let item = price.add(json!({"name": "Chair", "price": "100"})).await;
        let asked = bill.create(&mei, json!({"code": "B-1", "item": item["id"]})).await.created();
        let task = task_of(&boss, &asked).await;
        boss.post(&format!("/tasks/{task}/approve"), json!({})).await.ok();
        let cost = async || bill.read(admin, &asked).await.ok()["fields"]["cost"].clone();
        assert_eq!(cost().await, "100.00");
        price.edit(admin, &item, json!({"price": "999"})).await.ok();

        for who in [&*mei, admin] {
            for body in [
                json!({"fields": {}}),
                json!({"system": {"owner": boss.id}}),
                json!({"system": {"collaborators": [boss.id]}}),
                json!({"system": {"owner": mei.id, "collaborators": []}}),
            ] {
                let patch = who.request(Method::PATCH, &bill.at(&asked)).header("if-match", "*").json(&body);
                who.send(patch).await.ok();
                assert_eq!(cost().await, "100.00", "{body}");
            }
            let each = json!({"update": [{"id": asked["id"], "fields": {}}]});
            who.post(&bill.path("/records/bulk"), each).await;
            assert_eq!(cost().await, "100.00");
            let anew = json!({"filter": test("$id", "in", json!([asked["id"]])), "recompute": true});
            who.job(who.post(&bill.path("/bulk-edit"), anew).await).await;
            assert_eq!(cost().await, "100.00");
        }
        assert_eq!(bill.read(admin, &asked).await.ok()["system"]["owner"], json!(mei.id));

        // Once the approval is opened again it is computed as any other.
        let flow = bill.read(admin, &asked).await.ok()["system"]["flow"]["instance"].clone();
        let reactivate = format!("/instances/{}/reactivate", flow.as_str().unwrap());
        admin.post(&reactivate, json!({"step": "boss"})).await.ok();
        let open = bill.read(admin, &asked).await.ok();
        bill.edit(admin, &open, json!({"code": "B-2"})).await.ok();
        assert_eq!(cost().await, "999.00");
    })
    .await;
}
