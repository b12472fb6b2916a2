//! MT-1: what somebody may not see is in no byte of any answer: every operation of the OpenAPI document, asked by every role
//! with everything that can stand in its path; exports unpacked, and what events tell.

pub mod world;

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use tests::design::{Field, approve, form, link, test, text};
use tests::dice::seed_of_this_run;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items};
use tests::{Client, Dice, News, Workspace, on_both, on_both_shared, together};
use tokio::time::{Instant, timeout_at};
use zip::ZipArchive;

use world::{Canary, World};

/// Requests that are under way at once.
const AT_ONCE: usize = 12;

/// Whether bytes hold a text: as it is, in UTF-16, in base 64 wherever it begins, or in a zip.
fn holds(bytes: &[u8], text: &str) -> bool {
    let within = |needle: &[u8]| bytes.windows(needle.len().max(1)).any(|window| window == needle);
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    if within(text.as_bytes()) || within(&wide(u16::to_le_bytes)) || within(&wide(u16::to_be_bytes)) {
        return true;
    }
    if (0..3).any(|skipped| within(&base64(&text.as_bytes()[skipped..]))) {
        return true;
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    (0..archive.len()).any(|place| {
        let mut part = Vec::new();
        let mut file = archive.by_index(place).unwrap();
        file.read_to_end(&mut part).unwrap();
        let name = file.name().unwrap().into_owned();
        holds(&part, text) || name.contains(text)
    })
}

/// The digits of base 64 that whole groups of three bytes give.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks_exact(3);
    let digits = groups.flat_map(|three| {
        let number = three.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        [18, 12, 6, 0].map(|shift| DIGITS[(number >> shift) as usize & 63])
    });
    digits.collect()
}

#[test]
fn a_canary_is_found_however_it_is_dressed() {
    let needle = "bcdfghjkmnpqrstv";
    assert!(holds(format!("x{needle}y").as_bytes(), needle));
    for before in ["", "a", "ab"] {
        let whole = format!("{before}{needle}zzz");
        assert!(holds(&base64(whole.as_bytes()), needle), "{before}");
    }
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(holds(&wide, needle));
    let zip = tests::sheet::zipped(&[("a.txt".to_owned(), needle.as_bytes().to_vec())]);
    assert!(holds(&zip, needle));
    assert!(!holds(b"nothing of it", needle));
}

/// Somebody who looks, and what must not be in what they get.
struct Role {
    name: &'static str,
    who: Client,
    http: reqwest::Client,
    /// A cookie beside that of the session.
    cookie: Option<String>,
    /// That of a public form, for what visitors ask.
    ticket: String,
    needles: Vec<String>,
}

async fn roles(world: &World, canary: &Canary) -> Vec<Role> {
    let url = world.admin.url();
    let token = world.mei.post("/tokens", json!({"name": "reader", "scopes": ["read"]})).await.created();
    let secret = token["token"].as_str().unwrap().to_owned();
    let http = reqwest::Client::new();
    let ticket = world.choosing.form["ticket"].as_str().unwrap().to_owned();
    // An address of a public form or a hook is told to those who administer its form.
    let mut closed = vec![canary.0.clone(), world.hook.token.clone(), world.hook.secret.clone()];
    closed.extend(world.tokens.iter().cloned());
    let role = |name, who: &Client| {
        let (who, http, ticket, needles) = (who.clone(), http.clone(), ticket.clone(), closed.clone());
        Role { name, who, http, cookie: None, ticket, needles }
    };
    let looks = world.admin.post("/see-as", json!({"member": world.mei.id})).await;
    let cookies = looks.headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
    let looking = pairs.find(|pair| pair.starts_with("see-as=")).map(str::to_owned);
    assert!(looking.is_some(), "{:?}", looks.headers);
    // Who may see everything sees no secret of anybody.
    let secrets = [secret.as_str(), ADMIN_PASSWORD, "$argon2", world::APP_SECRET, world.hook.secret.as_str()];
    let secrets = secrets.map(str::to_owned).to_vec();
    vec![
        role("nobody", &world.admin.stranger()),
        role("a member who sees some", &world.mei),
        role("their program", &Client::with_token(url, &secret)),
        role("a member of no group", &world.tom),
        role("an administrator of another app", &world.eva),
        Role { cookie: looking, ..role("who looks as the member who sees some", &world.admin) },
        Role { needles: secrets, ..role("an administrator", &world.admin) },
    ]
}

/// The operations of the description: method and path.
async fn operations(world: &World) -> Vec<(Method, String)> {
    let document = world.admin.get("/openapi.json").await.ok();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
        methods
            .map(move |method| (Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(), path.clone()))
    });
    operations.collect()
}

/// Bodies for a path that takes one: what it needs to answer something, and what it may leak by refusing.
fn bodies(path: &str) -> Vec<Value> {
    let count = json!([{"key": "n", "fn": "count"}]);
    let mut bodies = vec![json!({})];
    if path.ends_with("/records/query") {
        bodies.push(json!({"titles": true, "count": "exact", "limit": 500}));
        bodies.push(json!({"deleted": true, "titles": true}));
        for field in ["secret", "scan", "private", "contents", "seen", "who.secret", "name"] {
            bodies.push(json!({"filter": test(field, "contains", "canary")}));
            bodies.push(json!({"sort": [{"field": field}], "fields": [field]}));
        }
    } else if path.ends_with("/forms/{form}/aggregate") {
        for field in ["secret", "private", "contents", "who.secret", "name", "seen"] {
            bodies.push(json!({"group": [{"field": field}], "measures": count}));
            bodies.push(json!({"measures": [{"key": "m", "fn": "max", "field": field}]}));
        }
    } else if path.ends_with("/reports/{key}/run") {
        bodies.push(json!({"app": "roi", "params": {}}));
    } else if path.ends_with("/reports/{key}/export") {
        bodies.push(json!({"app": "roi", "format": "csv"}));
    } else if path.ends_with("/reports/{key}/records") {
        bodies.push(json!({"app": "roi", "params": {}, "figure": "M01", "input": "cost"}));
    } else if path.ends_with("/evaluate") {
        bodies.push(json!({"record": {"name": "x", "note": "x"}}));
        // What a new record begins with is found by its name.
        bodies.push(json!({"record": {"name": "Ann"}}));
    } else if path.ends_with("/data") || (path.ends_with("/records") && !path.contains("/forms/")) {
        bodies.push(json!({"filters": {}}));
        bodies.push(json!({"group": []}));
    }
    bodies
}

/// Every path that a pattern may become.
fn filled(world: &World, pattern: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    for part in pattern.split('/').skip(1) {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let candidates = name.map_or_else(|| vec![part.to_owned()], |name| world.candidates(pattern, name));
        let longer =
            paths.iter().flat_map(|path| candidates.iter().map(move |next| format!("{path}/{next}")));
        paths = longer.collect();
    }
    paths
}

/// Requests that a member may make with an empty body and that would end the story, or fill it with their own things.
const LEFT_OUT: [&str; 4] =
    ["POST /api/v1/auth/logout", "POST /api/v1/tokens", "DELETE /api/v1/tokens/{id}", "POST /api/v1/setup"];

/// What reads and is answered well by nobody here, each with the reason.
const NOT_ANSWERED: [(&str, &str); 6] = [
    ("GET /api/v1/auth/provider/start", "no identity provider is set up"),
    ("GET /api/v1/auth/provider/callback", "no identity provider is set up"),
    ("GET /api/v1/regions/{package}/{key}", "lists of places, the same for everybody"),
    ("GET /api/v1/public/{token}/regions/{package}/{key}", "lists of places, the same for everybody"),
    ("POST /api/v1/aggregates/{id}/records", "it asks for a group by its value, which no request may hold"),
    (
        "POST /api/v1/dashboards/{id}/tiles/{key}/records",
        "it asks for a row by its value, which no request may hold",
    ),
];

/// What holds a canary for who may see it: where an administrator finds none, a silence of others says nothing.
const HELD: [&str; 36] = [
    "GET /api/v1/apps",
    "GET /api/v1/apps/{app}",
    "GET /api/v1/apps/{app}/forms",
    "GET /api/v1/apps/{app}/aggregates",
    "GET /api/v1/apps/{app}/dashboards",
    "GET /api/v1/apps/{app}/scripts",
    "GET /api/v1/aggregates/{id}",
    "GET /api/v1/aggregates/{id}/rows",
    "GET /api/v1/bin",
    "GET /api/v1/dashboards/{id}",
    "GET /api/v1/dashboards/{id}/filters/{key}/options",
    "POST /api/v1/dashboards/{id}/tiles/{key}/data",
    "GET /api/v1/favourites",
    "GET /api/v1/files/{id}",
    "GET /api/v1/forms/{form}",
    "GET /api/v1/forms/{form}/draft",
    "GET /api/v1/forms/{form}/versions/{version}",
    "GET /api/v1/forms/{form}/permissions",
    "GET /api/v1/forms/{form}/views",
    "GET /api/v1/forms/{form}/prints/{template}",
    "GET /api/v1/forms/{form}/flow/draft",
    "GET /api/v1/forms/{form}/flow/versions/{version}",
    "GET /api/v1/forms/{form}/fields/{field}/options",
    "POST /api/v1/forms/{form}/evaluate",
    "GET /api/v1/forms/{form}/records",
    "POST /api/v1/forms/{form}/records/query",
    "POST /api/v1/forms/{form}/aggregate",
    "GET /api/v1/forms/{form}/records/{id}",
    "GET /api/v1/forms/{form}/records/{id}/comments",
    "GET /api/v1/forms/{form}/records/{id}/fields/{field}",
    "GET /api/v1/forms/{form}/records/{id}/history",
    "GET /api/v1/instances/{instance}",
    "GET /api/v1/phrases",
    "GET /api/v1/search",
    "GET /api/v1/tokens",
    "POST /api/v1/reports/{key}/records",
];

/// A report over costs, each of which is called by its category: the canary is in what the categories are called.
async fn a_report(admin: &Client, canary: &Canary) {
    let input = json!({"locale": "en", "demo": true});
    let job = admin.job(admin.post("/templates/roi/install", input).await).await;
    let costs = format!("/forms/{}", job["result"]["forms"]["cost_entry"].as_str().unwrap());
    let mut document = admin.get(&format!("{costs}/draft")).await.ok()["definition"].clone();
    let mut fields = document["fields"].as_array_mut().unwrap().iter_mut();
    let category = fields.find(|field| field["key"] == "category").unwrap();
    for (place, choice) in category["options"]["choices"].as_array_mut().unwrap().iter_mut().enumerate() {
        choice["label"] = json!(format!("{} {place}", canary.text("category")));
    }
    admin.put(&format!("{costs}/draft"), "*", document).await.ok();
    admin.post(&format!("{costs}/publish"), json!({})).await.ok();
}

/// What was asked in a sweep, by the names of operations.
#[derive(Default)]
struct Swept {
    asked_for: BTreeSet<String>,
    /// What somebody was answered well.
    well: BTreeSet<String>,
    /// What held a canary for who may see it.
    held: BTreeSet<String>,
    /// What only reads.
    reading: BTreeSet<String>,
}

/// Has everybody ask everything, and looks through each answer.
async fn sweep(world: &World, canary: &Canary, operations: &[(Method, String)], roles: Vec<Role>) -> Swept {
    let mut swept = Swept::default();
    for role in roles {
        for (method, pattern) in operations {
            let name = format!("{method} {pattern}");
            // An administrator's own requests would change the world under the others.
            let is_reading = *method == Method::GET || bodies(pattern).len() > 1;
            if is_reading {
                swept.reading.insert(name.clone());
            }
            if LEFT_OUT.contains(&name.as_str()) || (role.name == "an administrator" && !is_reading) {
                continue;
            }
            let mut requests = Vec::new();
            for path in filled(world, pattern) {
                let queries: &[&str] = match pattern.as_str() {
                    "/api/v1/search" => &["?q=canary", "?q=Ann"],
                    path if path.starts_with("/api/v1/public/") && path.ends_with("/options") => {
                        &["?q=canary", "?q=Ann"]
                    }
                    path if path.ends_with("/options") => &["", "?q=canary"],
                    path if path.ends_with("/figures/requests") => &["", "?which=running"],
                    path if path.ends_with("/{form}/records") && *method == Method::GET => {
                        &["", "?count=exact&limit=500"]
                    }
                    _ => &[""],
                };
                for query in queries {
                    let bodies = if *method == Method::GET { vec![json!(null)] } else { bodies(pattern) };
                    requests.extend(bodies.into_iter().map(|body| (format!("{path}{query}"), body)));
                }
            }
            for part in requests.chunks(AT_ONCE) {
                let asked = part.iter().map(|(path, body)| ask(&role, canary, method, path, body));
                for (status, is_held) in together(asked).await {
                    swept.asked_for.insert(name.clone());
                    if (200..300).contains(&status) {
                        swept.well.insert(name.clone());
                    }
                    if is_held && role.name == "an administrator" {
                        swept.held.insert(name.clone());
                    }
                }
            }
        }
    }
    swept
}

#[tokio::test]
async fn mt1_no_answer_holds_what_its_reader_may_not_see() {
    let seed = seed_of_this_run();
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let canary = Canary::new(&mut Dice::new(seed));
        let world = World::new(&workspace, &canary).await;
        a_report(&world.admin, &canary).await;
        let operations = operations(&world).await;
        assert!(operations.len() > 60);
        let Swept { asked_for, well, held, reading } =
            sweep(&world, &canary, &operations, roles(&world, &canary).await).await;
        let silent: Vec<String> = operations
            .iter()
            .map(|(method, path)| format!("{method} {path}"))
            .filter(|name| !asked_for.contains(name) && !LEFT_OUT.contains(&name.as_str()))
            .collect();
        assert!(silent.is_empty(), "not asked: {silent:?}");
        let is_excused = |name: &str| NOT_ANSWERED.iter().any(|(excused, _)| *excused == name);
        let refused: Vec<&String> =
            reading.iter().filter(|name| !well.contains(*name) && !is_excused(name)).collect();
        assert!(refused.is_empty(), "nobody is answered, so that nothing is shown: {refused:?}");
        let empty: Vec<&&str> = HELD.iter().filter(|name| !held.contains(**name)).collect();
        assert!(empty.is_empty(), "there is nothing in them to be seen: {empty:?}");
    })
    .await;
}

/// Who decides a step that hides a field from them, and who administers one form that links to what is closed to them: neither is
/// named by a permission group.
async fn by_the_way(workspace: &Workspace, world: &mut World, canary: &Canary) -> Vec<Role> {
    let admin = &workspace.admin;
    let (lea, fay) = (workspace.person("lea").await, workspace.person("fay").await);
    let clinic = admin.get(&format!("/apps/{}", world.apps[0])).await.ok();
    let patient = format!("{}/patient", clinic["key"].as_str().unwrap());
    let who = || link("who", &patient).option("on_target_delete", "clear");
    let seen = || Field::new("seen", "lookup").option("link", "who").option("field", "secret");
    let ward = workspace.app("Ward").await;
    let secret = text("secret").with("label", canary.text("hidden label"));
    let claim = ward.form(form("claim", [text("name"), secret, who(), seen()]).with("title", "{name}")).await;
    let hides = json!({"fields": {"*": "read", "secret": "hidden"}});
    claim.flow(json!([approve("boss", &[&lea.id], hides)])).await;
    let south = json!({"name": "Bed", "secret": canary.text("claim"), "who": world.south["id"]});
    let claimed = claim.add(south).await;
    let door = ward.form(form("door", [text("name"), who(), seen()]).with("title", "{name}")).await;
    admin.put(&door.path("/admins"), "*", json!({"admins": [{"members": [fay.id]}]})).await.ok();
    let entered = door.add(json!({"name": "Ann", "who": world.north["id"]})).await;

    let todo = lea.get("/tasks?box=todo").await.ok();
    assert_eq!(items(&todo).len(), 1, "{todo}");
    world.tasks.extend(items(&todo).iter().map(id_of));
    world.instances.extend(items(&todo).iter().map(|task| task["instance"].as_str().unwrap().to_owned()));
    // Of all that there is, what is near to them.
    world.forms = [&claim, &door, &world.patients].map(|form| form.id.clone()).to_vec();
    world.apps.push(ward.id.clone());
    world.ids = [&claimed, &entered, &world.south, &world.north].map(id_of).to_vec();
    world.kinds.extend(world.ids.iter().map(|id| ("records", id.clone())));
    let http = reqwest::Client::new();
    let ticket = world.choosing.form["ticket"].as_str().unwrap().to_owned();
    let role = |name, who: &Client| {
        let (who, http, ticket, needles) =
            (who.clone(), http.clone(), ticket.clone(), vec![canary.0.clone()]);
        Role { name, who, http, cookie: None, ticket, needles }
    };
    vec![role("who decides a step", &lea), role("an administrator of one form", &fay)]
}

#[tokio::test]
async fn mt1_who_decides_a_step_and_who_administers_one_form_see_no_more_than_that() {
    let seed = seed_of_this_run();
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let canary = Canary::new(&mut Dice::new(seed));
        let mut world = World::new(&workspace, &canary).await;
        let roles = by_the_way(&workspace, &mut world, &canary).await;
        let operations = operations(&world).await;
        let swept = sweep(&world, &canary, &operations, roles).await;
        // What they have to do with is answered.
        for read in [
            "GET /api/v1/tasks",
            "GET /api/v1/tasks/{task}",
            "GET /api/v1/instances/{instance}",
            "GET /api/v1/forms/{form}/records/{id}",
            "GET /api/v1/forms/{form}/records",
            "POST /api/v1/forms/{form}/records/query",
            "GET /api/v1/forms/{form}/draft",
            "GET /api/v1/notices",
        ] {
            assert!(swept.well.contains(read), "{read}");
        }
    })
    .await;
}

/// What a stream says at once. It has no end, and later news has a story of its own.
const AT_ONCE_SAID: Duration = Duration::from_millis(400);

/// All that comes of an answer, or what a stream says at first.
async fn heard(mut answer: reqwest::Response, is_stream: bool) -> Vec<u8> {
    if !is_stream {
        return answer.bytes().await.map(|bytes| bytes.to_vec()).unwrap_or_default();
    }
    let (mut heard, until) = (Vec::new(), Instant::now() + AT_ONCE_SAID);
    while let Ok(Ok(Some(chunk))) = timeout_at(until, answer.chunk()).await {
        heard.extend_from_slice(&chunk);
    }
    heard
}

/// Asks, looks through the answer, and gives its status, and whether it holds the canary.
async fn ask(role: &Role, canary: &Canary, method: &Method, path: &str, body: &Value) -> (u16, bool) {
    let url = format!("{}{path}", role.who.url());
    let mut request = role.who.request(method.clone(), "").header("if-match", "*");
    if *method == Method::GET && path.starts_with("/api/v1/public/") {
        request = request.header("x-ticket", &role.ticket);
    }
    if let Some(cookie) = &role.cookie {
        request = request.header("cookie", cookie);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    let mut request = request.build().unwrap();
    *request.url_mut() = url.parse().unwrap();
    let place = format!("{method} {path} {body} by {}", role.name);
    let answer = role.http.execute(request).await.unwrap_or_else(|error| panic!("{place}: {error}"));
    let status = answer.status().as_u16();
    let headers = format!("{:?}", answer.headers());
    let bytes = heard(answer, path.ends_with("/events")).await;
    assert!(status < 500, "{place}: {status} {}", String::from_utf8_lossy(&bytes));
    for needle in &role.needles {
        let told = String::from_utf8_lossy(&bytes);
        assert!(!holds(&bytes, needle) && !headers.contains(needle), "{place}: {status} {told}");
    }
    (status, holds(&bytes, &canary.0))
}

#[tokio::test]
async fn mt1_no_export_holds_what_its_reader_may_not_see() {
    let seed = seed_of_this_run();
    on_both_shared(async |workspace| {
        let canary = Canary::new(&mut Dice::new(seed));
        let world = World::new(&workspace, &canary).await;
        for form in [&world.patients, &world.visits] {
            for format in ["xlsx", "csv", "json"] {
                for labels in [true, false] {
                    let export = json!({"format": format, "labels": labels});
                    let job = world.mei.job(world.mei.post(&form.path("/export"), export).await).await;
                    assert_eq!(job["state"], "done", "{job}");
                    assert!(!holds(job.to_string().as_bytes(), &canary.0), "{job}");
                    let file = job["result"]["file"].as_str().unwrap();
                    let file = world.mei.get(&format!("/files/{file}")).await;
                    assert_eq!(file.status, 200);
                    assert!(!holds(&file.bytes, &canary.0), "{format} {labels}");
                    assert!(holds(&file.bytes, "Ann") || form.id != world.patients.id, "it is no empty file");
                }
            }
        }
        let fields = json!({"format": "csv", "fields": ["name", "secret"]});
        world.mei.post(&world.patients.path("/export"), fields).await.refused(422, "unknown_field");
        world
            .mei
            .post(&world.vault.path("/export"), json!({"format": "csv"}))
            .await
            .refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn mt1_events_tell_nothing_of_what_their_reader_may_not_see() {
    let seed = seed_of_this_run();
    on_both_shared(async |workspace| {
        let canary = Canary::new(&mut Dice::new(seed));
        let world = World::new(&workspace, &canary).await;
        let mut hers = News::open(&world.mei, "/events").await;
        let mut his = News::open(&world.tom, "/events").await;
        let south = world.patients.edit(&world.admin, &world.south, json!({"amount": 9})).await.ok();
        let kept = world.vault.add(json!({"contents": canary.text("news")})).await;
        let draft = json!({"fields": {"name": canary.text("draft")}, "draft": true});
        let draft = world.admin.post(&world.patients.path("/records"), draft).await.created();
        // The last: what she may see comes, so that what came before it would have come, too.
        world.patients.edit(&world.admin, &world.north, json!({"amount": 6})).await.ok();
        let mut hidden = [&south, &kept, &draft].map(id_of).to_vec();
        // It waits for somebody, who is told so.
        hidden.push(kept["instance"]["id"].as_str().unwrap().to_owned());
        let mut heard = Vec::new();
        while let Some((name, data)) = hers.next(Duration::from_millis(1500)).await {
            let is_last = data["record"] == world.north["id"];
            heard.push(format!("{name} {data}"));
            if is_last {
                break;
            }
        }
        assert!(heard.iter().any(|news| news.contains(&id_of(&world.north))), "{heard:?}");
        for news in &heard {
            assert!(!holds(news.as_bytes(), &canary.0), "{news}");
            assert!(!hidden.iter().any(|id| news.contains(id.as_str())), "{news}");
        }
        while let Some((name, data)) = his.next(Duration::from_millis(300)).await {
            let news = format!("{name} {data}");
            assert!(!hidden.iter().any(|id| news.contains(id.as_str())), "{news}");
            assert!(!news.contains(&id_of(&world.north)) && !news.contains(&canary.0), "{news}");
            assert!(!news.starts_with("notice") && !news.starts_with("task"), "{news}");
        }
    })
    .await;
}

/// Counts, sums, groups and pages are the same whether or not there is more that one may not see.
#[tokio::test]
async fn mt1_numbers_are_the_same_with_and_without_what_is_hidden() {
    let seed = seed_of_this_run();
    on_both_shared(async |workspace| {
        let canary = Canary::new(&mut Dice::new(seed));
        let world = World::new(&workspace, &canary).await;
        let before = numbers(&world).await;
        for n in 0..30 {
            let row = json!({"name": canary.text("more"), "region": "south", "amount": 1000 + n,
                "secret": canary.text("more")});
            world.patients.add(row).await;
            world.vault.add(json!({"contents": canary.text("more")})).await;
        }
        let after = numbers(&world).await;
        for ((path, before), (_, after)) in before.iter().zip(&after) {
            assert_eq!(before, after, "{path}");
        }
    })
    .await;
}

/// What `mei` is told in numbers, by what was asked.
async fn numbers(world: &World) -> Vec<(String, Value)> {
    let measures = json!([{"key": "n", "fn": "count"}, {"key": "sum", "fn": "sum", "field": "amount"},
        {"key": "max", "fn": "max", "field": "amount"}]);
    let asked = [
        ("/records/query", json!({"count": "exact"})),
        ("/records/query", json!({"count": "estimate"})),
        ("/records/query", json!({"limit": 1, "sort": [{"field": "amount", "desc": true}]})),
        ("/aggregate", json!({"measures": measures})),
        ("/aggregate", json!({"measures": measures, "group": [{"field": "region"}]})),
    ];
    let mut told = Vec::new();
    for (path, body) in asked {
        let mut answer = world.mei.post(&world.patients.path(path), body.clone()).await.ok();
        // Where the next page starts is sealed anew each time.
        let has_next = !answer["next"].is_null();
        answer["next"] = json!(has_next);
        told.push((format!("{path} {body}"), answer));
    }
    for path in ["/search?q=canary", "/search?q=Ann", "/tasks?box=todo", "/apps", "/bin"] {
        told.push((path.to_owned(), world.mei.get(path).await.ok()));
    }
    for id in &world.ids {
        for tile in ["secrets", "vault", "regions"] {
            let path = format!("/dashboards/{id}/tiles/{tile}/data");
            let answer = world.mei.post(&path, json!({"filters": {}})).await;
            let mut body = answer.body;
            for of_this_moment in ["request_id", "as_of"] {
                body[of_this_moment] = json!(null);
            }
            told.push((path, json!([answer.status, body])));
        }
    }
    told
}
