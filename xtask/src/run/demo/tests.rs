//! First starts of the built server (`FORMWORK_BIN`): whole, again, and broken off.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

/// `FORMWORK_BIN`, else the binary beside the test's own.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("FORMWORK_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("formwork");
    assert!(path.is_file(), "{} is missing: build it with `cargo build -p server`", path.display());
    path
}

/// A folder as `--data` names it, and the servers that are started on it one after the other.
struct Machine {
    data: TempDir,
    language: &'static str,
}

impl Machine {
    fn new(language: &'static str) -> Self {
        Self { data: tempfile::Builder::new().prefix("formwork-run-").tempdir().unwrap(), language }
    }

    fn data(&self) -> &Path {
        self.data.path()
    }

    fn start(&self) -> Server {
        // What else fills the disk of this machine, and how much is asked to look at what was made, is none of the story.
        let more = ["--disk-reserve", "0", "--costly-per-minute", "1000000"].map(str::to_owned);
        Server::start(&binary(), self.data(), ([127, 0, 0, 1], 0).into(), &more).unwrap()
    }

    fn fill(&self, server: &Server) -> Result<String> {
        fill(server, self.data(), self.language)
    }

    fn people(&self) -> Vec<SignIn> {
        assert!(sign_ins::exist(self.data()), "the sign-ins are kept");
        sign_ins::read_or_make(self.data()).unwrap()
    }

    /// What is done on a start that is then broken off as by a power cut.
    fn broken_off(&self, work: impl FnOnce(&Server, &Api)) {
        let server = self.start();
        let mut api = Api::new(&server.url, self.language);
        if server.set_up_code.is_none() {
            let people = self.people();
            api.sign_in(&people[0].email, &people[0].password).unwrap();
        }
        work(&server, &api);
        drop(server);
    }
}

fn by<'a>(list: &'a [Value], member: &str, value: &str) -> &'a Value {
    let mut found = list.iter().filter(|one| one[member] == value);
    let one = found.next().unwrap_or_else(|| panic!("no {member} {value} in {list:?}"));
    assert!(found.next().is_none(), "{member} {value} is there twice");
    one
}

/// The people, roles and managers, by everybody's own sign-in, and that what was told leads them in.
fn check_people(server: &Server, machine: &Machine, told: &str) -> Api {
    let people = machine.people();
    let roles: Vec<_> = people.iter().map(|person| person.role.as_str()).collect();
    assert_eq!(roles, ["", "REP", "MGR", "DIR", "FIN", "WH"]);
    assert!(told.contains(&server.url), "{told}");
    let mut admin = Api::new(&server.url, machine.language);
    admin.sign_in(&people[0].email, &people[0].password).unwrap();
    let members = items(admin.get("/members?limit=500").unwrap());
    assert_eq!(members.len(), people.len(), "{members:?}");
    let roles = items(admin.get("/roles?limit=500").unwrap());
    for person in &people {
        let line = told.lines().find(|line| line.contains(&person.email)).unwrap();
        assert!(line.ends_with(&person.password), "{line}");
        let mut api = Api::new(&server.url, machine.language);
        api.sign_in(&person.email, &person.password).unwrap();
        let me = api.get("/me").unwrap();
        assert_eq!(me["email"], person.email.as_str());
        assert_eq!(me["administrator"], person.role.is_empty(), "{me}");
        assert_eq!(me["language"], machine.language, "{me}");
        assert_eq!(me["name"], name(&person.role, machine.language), "{me}");
        if !person.role.is_empty() {
            assert_eq!(me["roles"], json!([by(&roles, "key", &person.role)["id"]]), "{}", person.email);
        }
    }
    for (role, manager) in [("rep", "mgr"), ("mgr", "dir")] {
        let of = |role: &str| by(&members, "email", &format!("{role}@example.com"));
        assert_eq!(of(role)["manager"], of(manager)["id"], "{role}");
    }
    admin
}

/// How many records each form of an app has.
fn records(api: &Api, app: &str) -> BTreeMap<String, u64> {
    let forms = items(api.get(&format!("/apps/{app}/forms")).unwrap());
    let of = |form: &Value| {
        let path = format!("/forms/{}/records/query", form["id"].as_str().unwrap());
        let answer = api.post(&path, &json!({"count": "exact", "limit": 1})).unwrap();
        (form["key"].as_str().unwrap().to_owned(), answer["count"]["value"].as_u64().unwrap())
    };
    forms.iter().map(of).collect()
}

/// The templates with their demo, each once; how many records each form has, by template.
fn check_templates(admin: &Api) -> BTreeMap<&'static str, BTreeMap<String, u64>> {
    let templates = items(admin.get("/templates").unwrap());
    let of = |template: &'static str| {
        let apps = by(&templates, "key", template)["installed"].as_array().unwrap();
        assert_eq!(apps.len(), 1, "{template}: {apps:?}");
        (template, records(admin, apps[0].as_str().unwrap()))
    };
    let found: BTreeMap<_, _> = ["base", "crm", "inventory", "loyalty"].map(of).into();
    let demo = [
        ("base", "customer", 200),
        ("base", "order", 600),
        ("crm", "follow_up", 400),
        ("inventory", "shipment", 1),
        ("loyalty", "ledger", 1),
    ];
    for (template, form, least) in demo {
        assert!(found[template][form] >= least, "{template} {form}: {found:?}");
    }
    found
}

#[test]
fn the_first_start_makes_people_and_templates_and_the_second_keeps_them() {
    let machine = Machine::new("zh-CN");
    let mut server = machine.start();
    let told = machine.fill(&server).unwrap();
    let admin = check_people(&server, &machine, &told);
    let records = check_templates(&admin);
    let (people, roles) = (machine.people(), items(admin.get("/roles?limit=500").unwrap()));
    server.stop().unwrap();

    let mut server = machine.start();
    assert_eq!(server.set_up_code, None);
    let told = machine.fill(&server).unwrap();
    assert_eq!(machine.people(), people, "the passwords are those of the first start");
    let admin = check_people(&server, &machine, &told);
    assert_eq!(check_templates(&admin), records);
    assert_eq!(items(admin.get("/roles?limit=500").unwrap()), roles);
    server.stop().unwrap();
}

#[test]
fn a_first_start_that_was_broken_off_goes_on_where_it_stopped() {
    let machine = Machine::new("en");
    // Before the administrator is made: the sign-ins are known by then.
    machine.broken_off(|server, _| {
        let mistaken = Api::new(&server.url, "en");
        let administrator = &sign_ins::read_or_make(machine.data()).unwrap()[0];
        assert!(set_up(&mistaken, "no code", administrator, "en").is_err());
    });
    let people = machine.people();
    machine.broken_off(|server, api| {
        let code = server.set_up_code.as_ref().unwrap();
        set_up(api, code, &people[0], "en").unwrap();
    });
    machine.broken_off(|server, api| {
        assert_eq!(server.set_up_code, None, "the administrator is there");
        api.post("/roles", &json!({"key": "MGR", "name": "Sales manager"})).unwrap();
    });
    // Finance and the warehouse are there, and nobody of sales.
    machine.broken_off(|_, api| {
        make_roles(api, "en").unwrap();
        make_members(api, &people[4..], "en").unwrap();
    });
    // The first template, and a second one that was under way.
    machine.broken_off(|_, api| {
        install(api, "crm", "en").unwrap();
        api.post("/templates/inventory/install", &json!({"locale": "en", "demo": true})).unwrap();
    });

    let mut server = machine.start();
    let told = machine.fill(&server).unwrap();
    assert_eq!(machine.people(), people, "the passwords are those of the first start");
    let admin = check_people(&server, &machine, &told);
    check_templates(&admin);
    server.stop().unwrap();
}

#[test]
fn the_sign_ins_are_kept_before_anybody_is_made() {
    let machine = Machine::new("en");
    let mut server = machine.start();
    let code = server.set_up_code.replace("no code".into());
    assert!(machine.fill(&server).is_err());
    assert!(sign_ins::exist(machine.data()));
    server.set_up_code = code;
    server.stop().unwrap();
}

#[test]
fn a_folder_that_others_filled_is_left_as_it_is() {
    let machine = Machine::new("en");
    machine.broken_off(|server, api| {
        let administrator = SignIn {
            role: String::new(),
            email: "ada@example.org".into(),
            password: "correct horse battery staple".into(),
        };
        set_up(api, server.set_up_code.as_ref().unwrap(), &administrator, "en").unwrap();
    });
    let mut server = machine.start();
    let told = machine.fill(&server).unwrap();
    assert!(told.contains(&server.url) && !told.contains("ada@example.org"), "{told}");
    assert!(!sign_ins::exist(machine.data()));
    server.stop().unwrap();
}
