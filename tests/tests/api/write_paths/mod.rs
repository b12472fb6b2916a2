//! Every way in which a record comes to be or changes: none of them stores what another refuses (semantics.md 1).
//!
//! [`Way`] is the list of them. What a write must meet is said once, and each way is asked for it; a route or a path of the
//! server that is not on the list fails [`listed`].

mod by_itself;
mod listed;
mod locked;
mod refused;
mod stored;
mod triggered;
mod ways;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};
use tests::design::{Design, Field, approve, form, group, link, number, select, serial, test, text};
use tests::workspace::{id_of, items};
use tests::{Client, Form, Person, Workspace};

pub use ways::Way;

/// One form with every sort of rule, the same again with a flow, and people who write.
pub struct Story {
    pub admin: Client,
    /// Without a flow.
    pub plain: Form,
    /// With one, whose only step lets `boss` change what the form lets anybody change.
    pub flowed: Form,
    /// Whose flow makes records of `plain`.
    pub starter: Form,
    /// With the same rules, and a flow that each write gives it: what flows do by themselves is shown with it.
    pub driven: Form,
    /// With the same fields and no rules; its flow lets `boss` fill them in, and gives them back to who has started it.
    pub asked: Form,
    /// Whose script makes records of `plain`.
    pub scripted: Form,
    /// The app of them all.
    pub app: String,
    /// A member whose group may not set `closed` and does not know of `secret`.
    pub mei: Person,
    /// A program of the same member.
    pub robot: Client,
    pub boss: Person,
    /// A public link of the plain form, which leaves out what `mei` may not set.
    pub open: Value,
    /// The record of the plain form that is there from the start; no link offers it.
    pub taken: String,
    next: AtomicU32,
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The record as an administrator sees it afterwards.
    Stored(Value),
    /// The codes of what was wrong. Nothing was stored.
    Refused(BTreeSet<String>),
    /// What was to happen by itself was refused: administrators are told why, in words. Nothing was stored, and it is tried again.
    Stuck(String),
}

/// The rules that a write must meet.
pub fn design(key: &str) -> Design {
    let when = || test("kind", "eq", "other");
    let fields: [Field; 13] = [
        text("code").required().unique().option("pattern", "[A-Z0-9-]+"),
        text("slot").unique(),
        number("amount", 2).required().option("min", "0").option("max", "1000"),
        select("kind", &["usual", "other"]),
        text("reason").with("visible_when", when()).with("default", "usually"),
        text("kept").with("visible_when", when()).with("when_hidden", "keep"),
        text("note").with("default", "none"),
        number("double", 2).computed("amount * 2"),
        serial("no", "D-"),
        text("lot"),
        text("closed"),
        text("secret"),
        link("after", "plain").option("filter", test("amount", "lt", "500")),
    ];
    let lucky = json!({"key": "lucky", "formula": "amount <> 13", "message": "Not thirteen"});
    form(key, fields).with("validate", json!([lucky])).with("title", "{code}")
}

/// The same fields, without what they must meet.
fn without_rules(key: &str) -> Design {
    let texts = ["code", "slot", "reason", "kept", "note", "no", "lot", "closed", "secret"].map(text);
    let others = [
        number("amount", 2),
        number("double", 2),
        select("kind", &["usual", "other"]),
        link("after", "plain"),
    ];
    form(key, texts.into_iter().chain(others))
}

/// No lot holds more than fifteen hundred.
pub fn limits(form: &str) -> Value {
    json!({
        "format": 1, "key": format!("{form}_lots"), "label": "Lots", "dimensions": [{"key": "lot", "label": "Lot"}],
        "sources": [{"form": form, "group": {"lot": "lot"}, "measures": {"total": {"fn": "sum", "field": "amount"}}}],
        "measures": [],
        "constraints": [{"key": "room", "check": {"field": "total", "op": "lte", "value": "1500"}, "message": "Full"}],
    })
}

/// What is there from the start: a code that is taken, and a lot that is nearly full.
pub fn taken() -> Value {
    json!({"code": "TAKEN", "amount": "900", "kind": "usual", "lot": "full"})
}

impl Story {
    pub async fn new(workspace: &Workspace) -> Story {
        let app = workspace.app("Ways").await;
        let (plain, flowed) = (app.form(design("plain")).await, app.form(design("flowed")).await);
        let driven = app.form(design("driven")).await;
        for key in ["plain", "flowed", "driven"] {
            app.aggregate(limits(key)).await;
        }
        let asked = app.form(without_rules("asked")).await;
        let starter = app.form(form("starter", [text("go")])).await;
        let script = json!({"key": "make", "source": ""});
        workspace.admin.post(&format!("/apps/{}/scripts", app.id), script).await.created();
        let bound = json!([{"on": "submit", "script": "make"}]);
        let scripted = app.form(form("scripted", [text("go")]).with("scripts", bound)).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let rights =
            group("writers", &[&mei.id]).may(&["view", "create", "edit", "delete", "import", "bulk_edit"]);
        plain.allow(rights.field("closed", "read").field("secret", "none")).await;
        plain.allow(group("readers", &[&boss.id]).may(&["view"])).await;
        let rights = group("writers", &[&mei.id]).may(&["view", "create", "edit", "edit_running"]);
        flowed.allow(rights).await;
        let fields = json!({"*": "edit", "closed": "read", "secret": "hidden"});
        flowed.flow(json!([approve("boss", &[&boss.id], json!({"fields": fields}))])).await;
        let fill = json!({"kind": "fill", "key": "give", "label": "give", "who": [{"members": [boss.id]}],
            "fields": {"*": "edit"}});
        asked.flow(json!([fill])).await;
        let taken_one = id_of(&plain.add(taken()).await);
        flowed.add(taken()).await;
        driven.add(taken()).await;
        let token = mei.post("/tokens", json!({"name": "robot"})).await.created();
        let robot = Client::with_token(workspace.admin.url(), token["token"].as_str().unwrap());
        let (admin, next) = (workspace.admin.clone(), AtomicU32::new(1));
        let app = app.id.clone();
        let taken = taken_one;
        let fields = ["code", "slot", "amount", "kind", "reason", "kept", "note", "double", "lot", "after"];
        let open = plain.public(json!({"name": "Everybody", "fields": fields, "lookups": ["after"]})).await;
        Story {
            admin,
            plain,
            flowed,
            driven,
            asked,
            starter,
            scripted,
            app,
            mei,
            robot,
            boss,
            open,
            taken,
            next,
        }
    }

    /// A code that nobody has.
    pub fn fresh(&self) -> String {
        format!("N-{}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// A right record, with what a story is about on top.
    pub fn right(&self, fields: &Value) -> Value {
        let mut all = json!({"code": self.fresh(), "amount": "10", "kind": "usual"});
        merge(&mut all, fields);
        all
    }

    /// What a record holds before it is changed: nothing of it is hidden, and nothing stands where a default would.
    pub fn before(&self, fields: &Value) -> Value {
        let mut all = self.right(&json!({"kind": "other", "reason": "why", "kept": "this", "note": null}));
        merge(&mut all, fields);
        all
    }

    /// The records of a form with this code.
    pub async fn with_code(&self, form: &Form, code: &str) -> Vec<Value> {
        let asked = json!({"filter": test("code", "eq", code), "limit": 500});
        items(&form.query(&self.admin, asked).await.ok()).clone()
    }

    /// The record as an administrator sees it now.
    pub async fn seen(&self, form: &Form, record: &Value) -> Value {
        form.read(&self.admin, record).await.ok()
    }

    /// How the record came to its newest version, as its history tells it.
    pub async fn path_of(&self, form: &str, record: &Value) -> String {
        let history = format!("/forms/{form}/records/{}/history", id_of(record));
        let history = self.admin.get(&history).await.ok();
        items(&history)[0]["path"].as_str().unwrap().to_owned()
    }
}

/// Puts the members of one object into another.
pub fn merge(all: &mut Value, more: &Value) {
    let more: Map<String, Value> = more.as_object().cloned().unwrap_or_default();
    for (member, value) in more {
        all[member] = value;
    }
}

/// The codes of a problem: those of its faults, or its own where it has none.
pub fn codes(problem: &Value) -> BTreeSet<String> {
    let of = |value: &Value| value["code"].as_str().map(str::to_owned);
    let faults: BTreeSet<String> =
        problem["errors"].as_array().into_iter().flatten().filter_map(of).collect();
    if faults.is_empty() { of(problem).into_iter().collect() } else { faults }
}
