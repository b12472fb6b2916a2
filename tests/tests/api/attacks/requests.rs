//! T18, T33, T36, T44, T53, T54, T69: what is sent, from where, and what it may do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::workspace::id_of;
use tests::{Dice, Workspace, on_both, on_both_shared};

use crate::canary::world::{Canary, World};

#[tokio::test]
async fn t33_what_could_run_is_given_out_to_be_kept_and_not_to_be_shown() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let page = b"<html><script>alert(1)</script></html>".to_vec();
        let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#.to_vec();
        let strict =
            br#"<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script/></html>"#.to_vec();
        for (name, kind, content) in [
            ("a.html", "text/html", page.clone()),
            ("a.html.png", "image/png", page),
            ("a.svg", "image/svg+xml", drawing.clone()),
            ("a.png", "image/png", drawing),
            ("a.xhtml", "application/xhtml+xml", strict),
            ("a.js", "text/javascript", b"alert(1)".to_vec()),
        ] {
            let id = mei.upload(name, kind, content).await;
            let answer = mei.get(&format!("/files/{id}")).await;
            let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
            assert!(header("content-disposition").starts_with("attachment; filename*=UTF-8''"), "{name}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{name}");
            let policy = header("content-security-policy");
            assert!(policy.starts_with("sandbox; default-src 'none'"), "{name}: {policy}");
            assert!(header("cache-control").starts_with("private"), "{name}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{name}");
        }
        // What is a picture and a program at once is a picture, in its sandbox.
        let both = mei.upload("a.gif", "text/javascript", b"GIF89a\x01\0\x01\0=1;alert(1)".to_vec()).await;
        let answer = mei.get(&format!("/files/{both}")).await;
        assert_eq!(answer.headers["content-type"], "image/gif");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().starts_with("sandbox;"));
        // No name breaks out of its header.
        let id = mei.upload("a%0d%0aX-Evil: 1.txt", "text/plain", b"x".to_vec()).await;
        let answer = mei.get(&format!("/files/{id}")).await;
        assert!(answer.headers.get("x-evil").is_none());
    })
    .await;
}

/// In the log, in answers and in the trail a request is called as the server calls it.
#[tokio::test]
async fn t36_nobody_chooses_the_id_of_their_request() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let request = mei.request(Method::GET, "/audit").header("x-request-id", "chosen-by-mei");
        let answer = mei.send(request).await;
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        let told = answer.refused(403, "forbidden");
        assert_ne!(id, "chosen-by-mei");
        assert_eq!(told["request_id"], id);
    })
    .await;
}

#[tokio::test]
async fn t44_no_reading_changes_anything() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let world = World::new(&workspace, &Canary::new(&mut Dice::new(44))).await;
        let document = admin.get("/openapi.json").await.ok();
        // The trail is sealed within a second; what was done until then is in it.
        let state = async || {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let mut state: Vec<Value> = Vec::new();
            for path in [
                "/audit?limit=500",
                "/apps",
                "/jobs",
                "/members",
                "/departments",
                "/roles",
                "/workspace",
                "/bin",
            ] {
                state.push(admin.get(path).await.ok());
            }
            for form in [&world.patients, &world.visits, &world.vault] {
                state.push(form.query(admin, json!({"limit": 500})).await.ok()["items"].clone());
            }
            state
        };
        let before = state().await;
        let mut asked = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let leaves_the_house = path.contains("/auth/provider/");
            if item.get("get").is_none() || path.ends_with("/events") || leaves_the_house {
                continue;
            }
            let mut filled = String::new();
            for part in path.split('/').skip(1) {
                let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
                let part =
                    name.map_or_else(|| part.to_owned(), |name| world.candidates(path, name)[0].clone());
                filled = format!("{filled}/{part}");
            }
            let mut request = admin.request(Method::GET, "").build().unwrap();
            *request.url_mut() = format!("{}{filled}", admin.url()).parse().unwrap();
            let answer = admin.execute(request).await;
            assert!(answer.status < 500, "{filled}: {}", answer.status);
            asked += 1;
        }
        assert!(asked > 50, "{asked}");
        for (before, after) in before.iter().zip(state().await) {
            assert_eq!(*before, after);
        }
        // What is printed changes nothing either, and stands in the trail; nobody's page but ours has a browser print.
        let printed = async |site: &str| {
            let path = world.patients.path(&format!("/prints/sheet?records={}", id_of(&world.north)));
            let mut request = admin.request(Method::GET, &path).build().unwrap();
            request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
            admin.execute(request).await
        };
        printed("cross-site").await.refused(403, "cross_site");
        printed("same-origin").await.with_status(200);
        let after = state().await;
        let trail = |state: &[Value]| -> Vec<Value> { state[0]["items"].as_array().unwrap().clone() };
        let (was, is) = (trail(&before), trail(&after));
        let new: Vec<&Value> = is.iter().filter(|entry| !was.contains(entry)).collect();
        let mut told: Vec<&str> = new.iter().filter_map(|entry| entry["action"].as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["access.refuse", "form.print"], "{new:?}");
        for (before, after) in before.iter().zip(&after).skip(1) {
            assert_eq!(before, after);
        }
    })
    .await;
}

/// Sends two requests on one connection, the body of the first a moment after its head; gives both answers' first lines.
fn on_one_connection(address: &str) -> [String; 2] {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let body = r#"{"label": "x"}"#;
    let head = format!(
        "POST /api/v1/apps HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    connection.write_all(body.as_bytes()).unwrap();
    let first_line = |connection: &mut TcpStream| {
        let mut buffer = vec![0; 16 << 10];
        let read = connection.read(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..read]).lines().next().unwrap_or_default().to_owned()
    };
    let refused = first_line(&mut connection);
    thread::sleep(Duration::from_millis(300));
    connection.write_all(format!("GET /live HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes()).unwrap();
    [refused, first_line(&mut connection)]
}

#[tokio::test]
async fn t69_a_refusal_does_not_close_the_connection_under_the_next_request() {
    on_both_shared(async |workspace| {
        let address = workspace.admin.url().trim_start_matches("http://").to_owned();
        let answers = tokio::task::spawn_blocking(move || on_one_connection(&address)).await.unwrap();
        assert!(answers[0].starts_with("HTTP/1.1 401"), "{answers:?}");
        assert!(answers[1].starts_with("HTTP/1.1 2"), "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn t18_t53_headers_of_the_sender_do_not_say_where_they_are() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let guesser = server.client();
        let mut refused = 0;
        for n in 0..40 {
            let there = format!("203.0.113.{n}");
            let guess = json!({"email": format!("nobody{n}@example.com"), "password": "wrong wrong wrong"});
            let request = guesser.request(Method::POST, "/auth/login").json(&guess);
            let request = request
                .header("x-forwarded-for", &there)
                .header("x-real-ip", &there)
                .header("client-ip", &there)
                .header("forwarded", format!("for={there}"))
                .header("user-agent", format!("browser {n}"));
            refused += usize::from(guesser.send(request).await.status == 429);
        }
        assert!(refused >= 15, "{refused} of 40 guesses were slowed down");
        // Nor do they get into the trail.
        let trail = admin.get("/audit?limit=500").await.ok().to_string();
        assert!(!trail.contains("203.0.113."), "{trail}");
    })
    .await;
}

#[tokio::test]
async fn t54_no_other_site_reads_an_answer() {
    on_both_shared(async |workspace| {
        let url = workspace.admin.url();
        let http = reqwest::Client::new();
        for path in ["/api/v1/setup", "/api/v1/apps", "/api/v1/openapi.json", "/live", "/"] {
            for method in [Method::GET, Method::OPTIONS, Method::POST] {
                let request = http.request(method.clone(), format!("{url}{path}"));
                let request = request
                    .header("origin", "https://evil.example")
                    .header("access-control-request-method", "POST")
                    .header("access-control-request-headers", "authorization");
                let answer = request.send().await.unwrap();
                let allowed =
                    answer.headers().keys().find(|name| name.as_str().starts_with("access-control-"));
                assert_eq!(allowed, None, "{method} {path}");
                assert_eq!(
                    answer.headers()["cross-origin-resource-policy"],
                    "same-origin",
                    "{method} {path}"
                );
            }
        }
    })
    .await;
}
