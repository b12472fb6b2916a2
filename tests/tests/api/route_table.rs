//! T15: no route without a policy, and each of them tried by each kind of principal.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};
use tests::workspace::{UNKNOWN, id_of};
use tests::{Client, Workspace, on_both, on_both_shared};

use crate::permissions::see_as::READING;

/// Where the routes are declared.
const ROUTES: &str = include_str!("../../../server/src/api/routes.rs");

/// A declared route.
struct Route {
    method: Method,
    path: String,
    policy: String,
}

fn declared() -> Vec<Route> {
    let lines = ROUTES.lines().map(str::trim);
    let routes = lines.filter_map(|line| {
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let (path, rest) = rest.trim().strip_prefix('"')?.split_once('"')?;
        let policy = rest.split_whitespace().next()?.to_owned();
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        known.then(|| Route { method, path: path.to_owned(), policy })
    });
    routes.collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The table is the only way into the router, and each of its rows names one of the policies.
#[test]
fn t15_c08_no_route_is_without_a_policy() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src/api"), &mut files);
    let mut doors = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        // What a test puts together is not served.
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        for way in [".route(", ".nest(", ".merge(", ".route_service(", ".nest_service(", ".fallback("] {
            let count = source.matches(way).count();
            if count > 0 {
                doors.push((file.file_name().unwrap().to_string_lossy().into_owned(), way, count));
            }
        }
    }
    doors.sort();
    assert_eq!(
        doors,
        [
            // On an address of its own, where there is nothing else.
            ("metrics.rs".to_owned(), ".route(", 1),
            ("mod.rs".to_owned(), ".fallback(", 1),
            ("mod.rs".to_owned(), ".route(", 1),
        ],
        "a handler is reached by the table of routes alone"
    );
    let routes = declared();
    let table = ROUTES.split("#[cfg(test)]").next().unwrap_or_default();
    let rows = table.lines().filter(|line| line.contains("\"/") && line.trim_end().ends_with(';')).count();
    // The paths of uploads stand by themselves, and what takes one apart names how it begins.
    let is_elsewhere = |line: &&str| {
        line.starts_with("pub const") && line.contains("UPLOADS: &str")
            || line.contains("= path.strip_prefix(\"/")
    };
    let paths_elsewhere = ROUTES.lines().filter(is_elsewhere).count();
    assert_eq!(routes.len() + paths_elsewhere, rows, "a row of the table is written in another way");
    for route in &routes {
        let known =
            ["Open", "Public", "Entering", "Oneself", "SignedIn", "Read", "Write", "Design", "Administer"];
        assert!(known.contains(&route.policy.as_str()), "{} {}", route.path, route.policy);
    }
    let open: Vec<&str> =
        routes.iter().filter(|route| route.policy == "Open").map(|route| route.path.as_str()).collect();
    // Whoever adds one here says why anybody may come in.
    assert_eq!(
        open,
        [
            "/live",
            "/ready",
            // What is told of the product itself is the same for everybody.
            "/api/docs",
            "/api/docs/style.css",
            "/api/v1/openapi.json",
            "/api/v1/schemas/{document}",
            "/api/v1/setup",
            "/api/v1/setup",
            "/api/v1/auth/login",
            // How one can sign in here; the way to an identity provider and back, which ends with signing in.
            "/api/v1/auth/ways",
            "/api/v1/auth/provider/start",
            "/api/v1/auth/provider/callback",
            // Who has forgotten their password can't sign in; the link that they get is what lets them set another.
            "/api/v1/auth/reset",
            "/api/v1/auth/reset/redeem",
            // Who is invited has no account yet; the link is what lets them in.
            "/api/v1/auth/invitation",
            "/api/v1/auth/invitation/accept",
            "/api/v1/templates/{key}/picture",
        ]
    );
    // A public link, or the address and the secret of a hook, is all that these ask for; each looks it up.
    let public: Vec<&str> =
        routes.iter().filter(|route| route.policy == "Public").map(|route| route.path.as_str()).collect();
    assert!(
        public.len() > 4
            && public
                .iter()
                .all(|path| path.starts_with("/api/v1/public/{token}") || *path == "/api/v1/hooks/{token}"),
        "{public:?}"
    );
}

/// Somebody who comes to a door.
struct Principal {
    name: String,
    who: Client,
    /// Nobody whom the installation knows.
    is_stranger: bool,
    is_administrator: bool,
    /// What a token is limited to.
    scope: Option<&'static str>,
    /// An administrator who looks as a member, and is one as long as they do.
    looks: bool,
}

const SCOPES: [(&str, &str); 4] =
    [("Read", "read"), ("Write", "write"), ("Design", "design"), ("Administer", "administer")];

async fn principals(workspace: &Workspace) -> Vec<Principal> {
    let admin = &workspace.admin;
    let (mei, ana) = (workspace.person("mei").await, workspace.person("ana").await);
    let app = workspace.app("Hers").await;
    admin.patch(&format!("/apps/{}", app.id), 1, json!({"admins": [{"members": [ana.id]}]})).await.ok();
    let url = admin.url();
    let stranger = |name: &str, who: Client| Principal {
        name: name.to_owned(),
        who,
        is_stranger: true,
        is_administrator: false,
        scope: None,
        looks: false,
    };
    let member = |name: &str, who: Client, is_administrator: bool| Principal {
        name: name.to_owned(),
        who,
        is_stranger: false,
        is_administrator,
        scope: None,
        looks: false,
    };
    let fay = workspace.person("fay").await;
    let form = workspace.form(tests::design::form("hers", [tests::design::text("name")])).await;
    admin.put(&form.path("/admins"), "*", json!({"admins": [{"members": [fay.id]}]})).await.ok();
    let looking = Principal {
        looks: true,
        ..member("who looks as a member", looking(workspace, &mei.id).await, false)
    };
    let gone = workspace.person("gone").await;
    admin.delete(&format!("/members/{}", gone.id), 1).await.ok();
    let mut all = vec![
        stranger("nobody", admin.stranger()),
        stranger("a wrong token", Client::with_token(url, "fwk_000000000000000000000000000000")),
        stranger("a token that is none", Client::with_token(url, "administrator")),
        stranger("who was disabled", (*gone).clone()),
        member("a member", (*mei).clone(), false),
        member("an app's administrator", (*ana).clone(), false),
        member("a form's administrator", (*fay).clone(), false),
        member("an administrator", admin.clone(), true),
        looking,
    ];
    for (owner, who, is_administrator) in [("a member", &*mei, false), ("an administrator", admin, true)] {
        for (_, scope) in SCOPES {
            let token = who.post("/tokens", json!({"name": scope, "scopes": [scope]})).await.created();
            let who = Client::with_token(url, token["token"].as_str().unwrap());
            let name = format!("a token of {owner} for {scope}");
            let limited = Principal { scope: Some(scope), ..member(&name, who, is_administrator) };
            all.push(limited);
        }
    }
    // A token that was taken back.
    let token = mei.post("/tokens", json!({"name": "short"})).await.created();
    mei.send(mei.request(Method::DELETE, &format!("/tokens/{}", id_of(&token)))).await.with_status(204);
    all.push(stranger("a token that ended", Client::with_token(url, token["token"].as_str().unwrap())));
    all
}

/// An administrator of their own, who looks as a member: what others end is not theirs.
async fn looking(workspace: &Workspace, member: &str) -> Client {
    let admin = &workspace.admin;
    let root = workspace.person("root").await;
    admin.patch(&format!("/members/{}", root.id), 1, json!({"administrator": true})).await.ok();
    let cookie = |answer: &tests::Answer| {
        let mut cookies =
            answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        cookies.next().and_then(|cookie| cookie.split(';').next()).unwrap().to_owned()
    };
    let login = json!({"email": root.email, "password": tests::server::ADMIN_PASSWORD});
    let session = cookie(&admin.stranger().post("/auth/login", login).await);
    let began = Client::with_cookie(admin.url(), &session).post("/see-as", json!({"member": member})).await;
    assert_eq!(began.status, 200, "{:?}", began.body);
    Client::with_cookie(admin.url(), &format!("{session}; {}", cookie(&began)))
}

/// Status and code of a knock. What is named in the path does not exist.
async fn knock(http: &reqwest::Client, who: &Client, method: &Method, path: &str) -> (u16, String) {
    let filled: Vec<_> =
        path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part }).collect();
    let url = format!("{}{}", who.url(), filled.join("/"));
    let mut request = who.request(method.clone(), "").header("if-match", "*").build().unwrap();
    *request.url_mut() = url.parse().unwrap();
    if *method != Method::GET && *method != Method::HEAD {
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        *request.body_mut() = Some("{}".into());
    }
    let answer = http.execute(request).await.unwrap();
    let status = answer.status().as_u16();
    // A stream stays open: that it has begun is enough.
    let body = if status < 400 { Value::Null } else { answer.json().await.unwrap_or_default() };
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// What the table says about somebody at a route; none where it lets them in, to whatever is behind.
fn verdict(route: &Route, by: &Principal) -> Option<(u16, &'static str)> {
    if ["Open", "Public"].contains(&route.policy.as_str()) {
        return None;
    }
    if by.is_stranger {
        return Some((401, "sign_in_required"));
    }
    let only_reads = route.method == Method::GET
        || READING.iter().any(|path| route.path.strip_prefix("/api/v1") == Some(*path));
    if by.looks && !only_reads && route.policy != "Oneself" {
        return Some((403, "see_as_reads_only"));
    }
    let needed = SCOPES.iter().find(|(policy, _)| *policy == route.policy).map(|(_, scope)| *scope);
    if needed.is_some() && by.scope.is_some() && by.scope != needed {
        return Some((403, "scope_too_narrow"));
    }
    (route.policy == "Administer" && !by.is_administrator).then_some((403, "forbidden"))
}

#[tokio::test]
async fn t15_each_route_is_tried_by_each_kind_of_principal() {
    on_both_shared(async |workspace| {
        let (principals, http) = (principals(&workspace).await, reqwest::Client::new());
        let (mut refused, mut let_in) = (0, 0);
        for route in declared() {
            // It would end the session that the next route is tried with; a story of its own tells of it.
            if route.path == "/api/v1/auth/logout" {
                continue;
            }
            for by in &principals {
                let place = format!("{} {} by {}", route.method, route.path, by.name);
                let (status, code) = knock(&http, &by.who, &route.method, &route.path).await;
                assert!(status < 500, "{place}: {status} {code}");
                match verdict(&route, by) {
                    Some(expected) => {
                        refused += 1;
                        assert_eq!((status, code.as_str()), expected, "{place}");
                    }
                    None => {
                        let_in += 1;
                        let is_told_by_the_table =
                            ["sign_in_required", "scope_too_narrow"].contains(&code.as_str());
                        assert!(!is_told_by_the_table, "{place}: {status} {code}");
                        let is_one_thing = route.path.contains('{') && !route.path.ends_with("/{action}");
                        assert!(!is_one_thing || status >= 400, "{place}: {status}, of what does not exist");
                    }
                }
                // HEAD is a GET without a body, and no way around.
                if route.method == Method::GET && verdict(&route, by).is_some() {
                    let (status, _) = knock(&http, &by.who, &Method::HEAD, &route.path).await;
                    assert_eq!(Some(status), verdict(&route, by).map(|(status, _)| status), "HEAD {place}");
                }
            }
        }
        assert!(refused > 700 && let_in > 500, "{refused} {let_in}");
    })
    .await;
}

/// Who must still set up a second step comes as far as setting it up, and to nothing else.
#[tokio::test]
async fn t15_who_must_set_up_a_second_step_comes_to_nothing_else() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        admin.put("/auth/policy", "*", json!({"second_factor": "everybody"})).await.ok();
        let (routes, http) = (declared(), reqwest::Client::new());
        let is_closed =
            |route: &&Route| !["Open", "Public", "Entering", "Oneself"].contains(&route.policy.as_str());
        let closed: Vec<&Route> = routes.iter().filter(is_closed).collect();
        assert!(closed.len() > 150, "{}", closed.len());
        for route in closed {
            for (name, who) in [("an administrator", &admin), ("a member", &mei)] {
                let (status, code) = knock(&http, who, &route.method, &route.path).await;
                let place = format!("{} {} by {name}", route.method, route.path);
                assert_eq!((status, code.as_str()), (403, "second_factor_required"), "{place}");
            }
        }
    })
    .await;
}

/// T14: what a path looks like does not change who is let in.
#[tokio::test]
async fn t14_no_spelling_of_a_path_is_a_way_around_its_policy() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let form = workspace.form(tests::design::form("order", [tests::design::text("name")])).await;
        let record = form.add(json!({"name": "canary-t14"})).await;
        let path = format!("/api/v1{}", form.at(&record));
        let tries = [
            format!("{path}?/api/v1/setup"),
            format!("{path}?x=/live"),
            format!("{path}/"),
            path.replace("/api/v1", "//api/v1"),
            path.replace("/api/v1", "/api//v1"),
            path.replace("/api/v1/", "/api/v1/setup/../"),
            path.replace("/api/v1/", "/api/v1/setup/%2e%2e/"),
            path.replace("/api/v1/", "/api/v1/openapi.json/..;/"),
            path.replace("/records/", "/records%2f"),
            path.replace("/api/v1", "/API/V1"),
            path.replace("/forms", "/Forms"),
            format!("/live/..{path}"),
        ];
        let http = reqwest::Client::new();
        for to in tries {
            for (name, value) in
                [("x-nothing", "x"), ("x-http-method-override", "GET"), ("x-original-url", "/live")]
            {
                let url = format!("{}{to}", admin.url());
                let answer = http.get(url).header(name, value).send().await.unwrap();
                let (status, body) = (answer.status().as_u16(), answer.text().await.unwrap());
                assert!(!body.contains("canary-t14"), "{to}: {status}");
                let is_page = body.starts_with("<!") || body.to_lowercase().contains("<html");
                assert!([401, 404].contains(&status) || is_page, "{to}: {status} {body}");
            }
        }
        // Unknown overrides of the method are no method.
        let delete = http.post(format!("{}{path}", admin.url())).header("x-http-method-override", "DELETE");
        assert_eq!(delete.send().await.unwrap().status(), 405);
        form.read(admin, &record).await.ok();
    })
    .await;
}
