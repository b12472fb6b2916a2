//! T01: for the people of one workspace the things of another are as if they were not there.

use reqwest::Method;
use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::UNKNOWN;
use tests::{Answer, Client, Dice, Workspace, on_both, together};

use super::told;
use crate::canary::world::{Canary, World};

/// Keys that every workspace has alike, and what has no id of anything in its path.
fn names_something(path: &str) -> bool {
    // The addresses of public links and hooks are for whoever has them, of whichever workspace.
    let shared = ["/templates/", "/reports/", "/regions/", "/schemas/", "/public/", "/hooks/{token}"];
    path.contains('{') && !shared.iter().any(|shared| path.contains(shared))
}

/// The paths that an operation's may become with what a world holds, and with what nobody has.
fn filled(world: &World, path: &str) -> (Vec<String>, String) {
    let mut paths = vec![String::new()];
    let mut none = String::new();
    for part in path.split('/').skip(1) {
        let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
        let mut candidates = name.map_or_else(|| vec![part.to_owned()], |name| world.candidates(path, name));
        candidates.truncate(2);
        let is_id = name.is_some_and(|name| !["field", "action", "key", "version"].contains(&name));
        let missing = if is_id { UNKNOWN.to_owned() } else { candidates[0].clone() };
        none = format!("{none}/{missing}");
        // What is no id stands as it does in the other path: it is the same that is asked.
        if !is_id {
            candidates.truncate(1);
        }
        let longer =
            paths.iter().flat_map(|path| candidates.iter().map(move |next| format!("{path}/{next}")));
        paths = longer.collect();
    }
    (paths, none)
}

async fn ask(who: &Client, method: &Method, path: &str) -> Answer {
    let mut request = who.request(method.clone(), "").header("if-match", "*");
    if *method != Method::GET {
        request = request.json(&json!({}));
    }
    let mut request = request.build().unwrap();
    *request.url_mut() = format!("{}{path}", who.url()).parse().unwrap();
    who.execute(request).await
}

#[tokio::test]
async fn t01_another_workspace_is_as_if_it_were_not_there() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let canary = Canary::new(&mut Dice::new(1));
        let world = World::new(&workspace, &canary).await;
        let branch = server.command(&["workspace", "create", "--name", "Branch"]).await;
        let branch = String::from_utf8(branch.stdout).unwrap().trim().to_owned();
        let of = [
            "admin",
            "create",
            "--password-stdin",
            "--name",
            "Boss",
            "--email",
            "boss@example.com",
            "--workspace",
        ];
        let made = server.command_with(&[&of[..], &[branch.as_str()]].concat(), ADMIN_PASSWORD).await;
        assert!(made.status.success(), "{made:?}");
        let boss = server.sign_in("boss@example.com", ADMIN_PASSWORD).await;
        let before = world.patients.query(&world.admin, json!({"limit": 500})).await.ok();

        let document = boss.get("/openapi.json").await.ok();
        let mut asked = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            if !names_something(path) {
                continue;
            }
            let (paths, none) = filled(&world, path);
            for method in item.as_object().unwrap().keys() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let missing = told(&ask(&boss, &method, &none).await, UNKNOWN);
                assert!(missing.0 >= 400, "{method} {none}: {missing:?}");
                let answers = together(paths.iter().map(|path| ask(&boss, &method, path))).await;
                for (path, answer) in paths.iter().zip(answers) {
                    assert_eq!(told(&answer, UNKNOWN), missing, "{method} {path}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 150, "{asked}");
        let after = world.patients.query(&world.admin, json!({"limit": 500})).await.ok();
        assert_eq!(after["items"], before["items"]);
        // What was tried is in no trail but that of who tried it, and theirs tells nothing of the other.
        let trail = world.admin.get("/audit?limit=500").await.ok();
        assert!(!trail.to_string().contains("Boss"), "{trail}");
        let own = boss.get("/audit?limit=500").await.ok().to_string();
        assert!(own.contains("Boss") && !own.contains(&canary.0), "{own}");
        // Their own lists hold nothing of it either.
        for path in ["/apps", "/jobs", "/search?q=Ann", "/tasks?box=todo", "/departments"] {
            assert_eq!(boss.get(path).await.ok()["items"], json!([]), "{path}");
        }
        assert_eq!(boss.get("/members").await.ok()["items"].as_array().unwrap().len(), 1);
    })
    .await;
}
