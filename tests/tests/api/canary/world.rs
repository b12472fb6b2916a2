//! A workspace full of what some may not see, each with a canary in it, and the people who look.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, link, number, select, subform, test, text};
use tests::workspace::{id_of, items};
use tests::{Client, Dice, Form, Person, Sender, Visit, Workspace};

/// A secret of the app, which nobody reads.
pub const APP_SECRET: &str = "secret-of-an-app-90417";
static WORLDS: AtomicU32 = AtomicU32::new(0);

/// What must not come out: every canary has it inside, and no request.
pub struct Canary(pub String);

impl Canary {
    pub fn new(dice: &mut Dice) -> Canary {
        let letters: Vec<char> = "bcdfghjkmnpqrstvwxz".chars().collect();
        Canary((0..16).map(|_| *dice.pick(&letters)).collect())
    }

    /// A text that holds it. All begin alike, so that they can be asked for without telling them.
    pub fn text(&self, of: &str) -> String {
        format!("canary {of} {}", self.0)
    }
}

pub struct World {
    pub admin: Client,
    /// Sees the patients of the north without their secrets, and all visits.
    pub mei: Person,
    /// Is in no group.
    pub tom: Person,
    /// Administers another app, and has nothing to do with this one.
    pub eva: Person,
    pub patients: Form,
    pub visits: Form,
    /// Nobody but administrators has to do with it.
    pub vault: Form,
    pub apps: Vec<String>,
    pub forms: Vec<String>,
    /// Records, files, tables, pages, jobs, tasks …: whatever stands in a path.
    pub ids: Vec<String>,
    /// Some of these and more, each with the part of a path that its kind stands behind.
    pub kinds: Vec<(&'static str, String)>,
    pub tasks: Vec<String>,
    pub instances: Vec<String>,
    pub jobs: Vec<String>,
    pub files: Vec<String>,
    pub people: Vec<String>,
    pub views: Vec<String>,
    /// Of public links.
    pub tokens: Vec<String>,
    /// A public form that a visitor has opened, in which a record of another form is chosen.
    pub choosing: Visit,
    /// What knows the address and the secret of a hook.
    pub hook: Sender,
    /// The record in the south, which `mei` does not see.
    pub south: Value,
    pub north: Value,
}

/// The notices of somebody who is told something soon.
async fn notices_of(who: &Client) -> Value {
    for _ in 0..100 {
        let told = who.get("/notices").await.ok();
        if !items(&told).is_empty() {
            return told;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody is told of the task that waits for them");
}

impl World {
    pub async fn new(workspace: &Workspace, canary: &Canary) -> World {
        let admin = &workspace.admin;
        let app = workspace.app("Clinic").await;
        let (mei, tom, ana) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("ana").await);
        let patient = [
            text("name"),
            select("region", &["north", "south"]),
            number("amount", 2),
            text("secret").with("label", canary.text("label")).with("help", canary.text("help")),
            Field::new("scan", "files"),
            // Closed in part, and computed of what is closed.
            subform("lines", [text("item"), text("price").with("label", canary.text("column"))]),
            Field::new("derived", "formula").option("formula", "secret").option("type", "text"),
        ];
        let patients = app.form(form("patient", patient).with("title", "{name} {secret}")).await;
        let seen = Field::new("seen", "lookup").option("link", "who").option("field", "secret");
        // The patients that are called as a visit's note says.
        let alike = test("name", "eq", json!({"field": "note"}));
        let past = Field::new("past", "query")
            .option("form", "patient")
            .option("filter", alike)
            .option("columns", json!(["name", "secret"]));
        let visit = [text("note"), link("who", "patient"), seen, text("private"), past];
        let visits = app.form(form("visit", visit).with("title", "{note}")).await;
        let contents = text("contents").with("label", canary.text("field"));
        let choices = json!([{"key": "a", "label": canary.text("choice")}]);
        let choice = Field::new("sort", "select").option("choices", choices);
        let vault = form("vault", [contents, choice, Field::new("papers", "files")]);
        let vault = app.form(vault.with("label", canary.text("form"))).await;
        vault.flow(json!([approve("boss", &[&ana.id], json!({"label": canary.text("step")}))])).await;

        // What it offers and begins with lies in other forms, where mei sees none of it.
        let reason = json!({"form": "vault", "field": "contents"});
        let named = test("name", "eq", json!({"field": "name"}));
        let begins = json!({"linkage": {"form": "patient", "filter": named, "field": "secret"}});
        let referral = [
            text("name"),
            Field::new("reason", "select").option("from", reason),
            text("begins").with("default", begins),
        ];
        let referrals = app.form(form("referral", referral)).await;
        referrals.allow(group("clerks", &[&mei.id]).may(&["view", "create"])).await;

        let north_rows = test("region", "eq", "north");
        let clerks = group("clerks", &[&mei.id]).may(&["view", "export", "print"]).field("secret", "none");
        let clerks = clerks.field("lines.price", "none").field("derived", "none");
        patients.allow(clerks.field("scan", "none").rows(north_rows)).await;
        visits.allow(group("clerks", &[&mei.id]).may(&["view", "export"]).field("private", "none")).await;
        let others =
            group("others", &[&ana.id]).rows(test("secret", "contains", canary.text("rows"))).document();
        admin.post(&patients.path("/permissions"), others).await.created();

        let mut files = Vec::new();
        for name in ["scan.txt", "papers.txt"] {
            let name = format!("{} {name}", canary.0);
            files.push(admin.upload(&name, "text/plain", canary.text("body").into_bytes()).await);
        }
        let row = |name: &str, region: &str| json!({"name": name, "region": region, "amount": 5, "secret": canary.text("secret")});
        let mut hidden = row("Ann", "north");
        hidden["scan"] = json!([(files[0])]);
        hidden["lines"] = json!([{"item": "bed", "price": canary.text("price")}]);
        let north = patients.add(hidden).await;
        let mut away = row(&canary.text("name"), "south");
        away["amount"] = json!("1234567.89");
        let south = patients.add(away).await;
        let south = patients.edit(admin, &south, json!({"secret": canary.text("later")})).await.ok();
        let deleted = patients.add(row(&canary.text("deleted"), "north")).await;
        admin.delete(&patients.at(&deleted), 1).await.with_status(204);
        let draft = json!({"fields": row(&canary.text("draft"), "north"), "draft": true});
        let draft = admin.post(&patients.path("/records"), draft).await.created();
        let visited =
            visits.add(json!({"note": "a", "who": north["id"], "private": canary.text("private")})).await;
        let called = visits.add(json!({"note": "Ann", "who": north["id"]})).await;
        let unseen = visits.add(json!({"note": "b", "who": south["id"]})).await;
        let kept = vault
            .add(json!({"contents": canary.text("contents"), "sort": "a", "papers": [(files[1])]}))
            .await;
        let kept_at = vault.at(&kept);

        let count = json!([{"key": "n", "fn": "count"}]);
        let table = json!({"format": 1, "key": "secrets", "label": canary.text("table"),
            "dimensions": [{"key": "secret", "label": canary.text("dimension")}],
            "sources": [{"form": "patient", "group": {"secret": "secret"}, "measures": {"n": {"fn": "count"}}}]});
        let table = app.aggregate(table).await;
        let tile = |key: &str, source: &str, by: &str| {
            json!({"key": key, "label": key, "at": [0, 0, 6, 4],
            "kind": "bar", "source": source, "group": [{"field": by}], "measures": count})
        };
        let page = |key: &str, label: String, read: Value| {
            json!({"format": 1, "key": key, "label": label, "read": read,
            "filters": [{"key": "why", "kind": "values", "binds": {"vault": "sort"}}],
            "tiles": [tile("secrets", "patient", "secret"), tile("vault", "vault", "contents"), tile("regions", "patient", "region")]})
        };
        let mut ids: Vec<String> =
            [&north, &south, &deleted, &draft, &visited, &called, &unseen, &kept].map(id_of).to_vec();
        let mut kinds: Vec<(&'static str, String)> =
            vec![("records", id_of(&north)), ("records", id_of(&south))];
        let pages = [
            page("open", "Open".to_owned(), json!({"everyone": true})),
            page("shut", canary.text("page"), json!({"members": [ana.id]})),
        ];
        for page in pages {
            ids.push(id_of(&admin.post(&app.path("/dashboards"), page).await.created()));
            kinds.push(("dashboards", ids[ids.len() - 1].clone()));
        }
        kinds.push(("aggregates", table.clone()));
        ids.push(table);

        let eva = workspace.person("eva").await;
        let elsewhere = format!("/apps/{}", workspace.app("Elsewhere").await.id);
        admin.patch(&elsewhere, 1, json!({"admins": [{"members": [eva.id]}]})).await.ok();

        // Another app, and a form in the bin.
        let other = workspace.app(&canary.text("app")).await;
        admin.patch(&format!("/apps/{}", other.id), 1, json!({"admins": [{"members": [ana.id]}]})).await.ok();
        let gone = other.form(form("gone", [text("x")]).with("label", canary.text("gone"))).await;
        admin.delete(&gone.path(""), 1).await.ok();

        // Work of the administrator.
        let export = admin.job(admin.post(&patients.path("/export"), json!({"format": "json"})).await).await;
        files.push(export["result"]["file"].as_str().unwrap().to_owned());
        let todo = ana.get("/tasks?box=todo").await.ok();
        let tasks: Vec<String> = items(&todo).iter().map(id_of).collect();
        let instances =
            items(&todo).iter().map(|task| task["instance"].as_str().unwrap().to_owned()).collect();
        assert!(!tasks.is_empty(), "{todo}");
        let groups = admin.get(&patients.path("/permissions")).await.ok();
        ids.extend(items(&groups).iter().map(id_of));
        kinds.extend(items(&groups).iter().map(|group| ("permissions", id_of(group))));
        let views = [
            json!({"label": canary.text("own view"), "filter": test("secret", "contains", canary.text("own"))}),
            json!({"label": "Shared", "scope": "shared", "columns": [{"field": "secret"}],
                "filter": test("secret", "contains", canary.text("shared"))}),
        ];
        let mut kept = Vec::new();
        for view in views {
            kept.push(id_of(&admin.post(&patients.path("/views"), view).await.created()));
        }
        let sheet = json!({"key": "sheet", "label": "Sheet", "blocks": [
            {"kind": "heading", "text": "{name} {secret} {derived}"},
            {"kind": "fields", "fields": ["name", "region", "secret", "scan", "derived"]},
            {"kind": "rows", "subform": "lines", "fields": ["item", "price"]}]});
        kinds.push(("prints", id_of(&admin.post(&patients.path("/prints"), sheet).await.created())));
        // Stories share workspaces, and keys of roles are there once.
        let number = WORLDS.fetch_add(1, Ordering::Relaxed);
        for (kind, made) in [
            ("phrases", json!({"text": canary.text("phrase")})),
            ("departments", json!({"name": format!("Ward {number}")})),
            ("roles", json!({"key": format!("nurse{number}"), "name": format!("Nurses {number}")})),
            ("role-groups", json!({"name": format!("Care {number}")})),
            ("favourites", json!({"kind": "app", "app": other.key})),
            ("tokens", json!({"name": canary.text("token")})),
        ] {
            kinds.push((kind, id_of(&admin.post(&format!("/{kind}"), made).await.created())));
        }
        let secret = json!({"name": "erp", "purpose": "bearer", "hosts": ["erp.example.com"],
            "value": format!("{APP_SECRET} {}", canary.text("secret"))});
        kinds.push(("secrets", id_of(&admin.post(&app.path("/secrets"), secret).await.created())));
        let entered = json!({"fields": {"name": canary.text("entry")}});
        admin.put(&patients.path("/entries/new"), "*", entered).await.ok();
        let said = format!("/instances/{}/comment", items(&todo)[0]["instance"].as_str().unwrap());
        admin.post(&said, json!({"text": canary.text("said")})).await.ok();
        // What is said of records, who stands in for whom, and what somebody was told of: `ana` has a task, and a notice of it.
        for path in [patients.at(&south), kept_at] {
            let comment = json!({"text": canary.text("comment")});
            let said = admin.post(&format!("{path}/comments"), comment).await.created();
            kinds.push(("comments", id_of(&said)));
        }
        let script = json!({"key": "hidden", "source": format!("// {}\nlet n = 1;", canary.text("script"))});
        admin.post(&app.path("/scripts"), script).await.created();
        // What anybody may fill in of the patients.
        let public = patients.public(json!({"name": "Desk", "fields": ["name", "region"]})).await;
        kinds.push(("links", id_of(&public)));
        // And what they choose from visits, by their notes and by nothing else of them.
        let arrivals = app.form(form("arrival", [text("name"), link("visit", "visit")])).await;
        let choosing = json!({"name": "Door", "fields": ["name", "visit"], "lookups": ["visit"]});
        let choosing = arrivals.public(choosing).await;
        kinds.push(("links", id_of(&choosing)));
        let choosing = Visit::open(&admin.stranger(), &choosing).await;
        let hook = json!({"name": "Till", "map": [{"from": "/who", "to": "name"}]});
        let hook = patients.hook(hook).await;
        kinds.push(("hooks", id_of(&hook)));
        let hook = Sender::of(admin, &hook);
        let leo = workspace.person("leo").await;
        let stands_in = json!({"from": ana.id, "to": leo.id, "forms": [vault.id]});
        kinds.push(("delegations", id_of(&admin.post("/delegations", stands_in).await.created())));
        let told = notices_of(&ana).await;
        assert!(told.to_string().contains(&canary.0), "{told}");
        ids.extend(items(&told).iter().map(id_of));
        let forms = [&patients, &visits, &vault, &gone, &referrals].map(|form| form.id.clone()).to_vec();
        World {
            admin: admin.clone(),
            apps: vec![app.id.clone(), other.id],
            jobs: vec![export["id"].as_str().unwrap().to_owned()],
            people: vec![tom.id.clone(), ana.id.clone()],
            views: kept,
            tokens: vec![public["token"].as_str().unwrap().to_owned(), choosing.token.clone()],
            choosing,
            hook,
            mei,
            tom,
            eva,
            patients,
            visits,
            vault,
            forms,
            ids,
            kinds,
            tasks,
            instances,
            files,
            south,
            north,
        }
    }

    /// What may stand for a part of a path.
    pub fn candidates(&self, path: &str, part: &str) -> Vec<String> {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match part {
            "app" => self.apps.clone(),
            "form" => self.forms.clone(),
            // Alone it prints nothing, and leaves nothing in the trail; then with what is printed.
            "template" => {
                let (north, south) = (id_of(&self.north), id_of(&self.south));
                [
                    "".to_owned(),
                    format!("?records={north}"),
                    format!("?records={south}"),
                    format!("?records={north},{south}"),
                ]
                .map(|records| format!("sheet{records}"))
                .to_vec()
            }
            "task" => self.tasks.clone(),
            "instance" => self.instances.clone(),
            "field" if path.contains("/public/") => named(&["visit", "private"]),
            "field" => named(&[
                "secret",
                "scan",
                "who",
                "seen",
                "private",
                "contents",
                "name",
                "lines",
                "lines.price",
                "derived",
                "past",
                "reason",
            ]),
            "action" => named(&["approve", "withdraw", "comment"]),
            "key" if path.contains("/filters/") => named(&["why"]),
            "key" if path.contains("/scripts/") => named(&["hidden"]),
            "key" if path.contains("/reports/") => named(&["roi.yearly"]),
            "key" if path.contains("/dashboards/") => named(&["secrets", "vault", "regions"]),
            "key" if path.ends_with("/demo") => named(&["roi"]),
            "key" => named(&["crm"]),
            "package" => named(&["base"]),
            "document" => named(&["form", "flow"]),
            "version" => named(&["1"]),
            // Visitors may ask so many questions of a minute, and all come from one address.
            "token" if path.contains("/fields/") => vec![self.choosing.token.clone()],
            "token" if path.contains("/hooks/") => vec![self.hook.token.clone()],
            "token" => self.tokens.clone(),
            "id" if path.starts_with("/api/v1/jobs") => self.jobs.clone(),
            "id" if path.starts_with("/api/v1/members") => self.people.clone(),
            "id" if path.starts_with("/api/v1/views") => self.views.clone(),
            "id" if path.starts_with("/api/v1/files") => self.files.clone(),
            // Things of the right kind first, and then all the others.
            "id" => {
                let kind = path.split("/{id}").next().and_then(|before| before.rsplit('/').next());
                let of_kind = self.kinds.iter().filter(|(of, _)| Some(*of) == kind).map(|(_, id)| id.clone());
                of_kind.chain(self.ids.iter().cloned()).collect()
            }
            other => panic!("say here what {{{other}}} may be in {path}"),
        }
    }
}
