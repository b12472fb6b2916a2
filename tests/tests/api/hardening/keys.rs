//! The key that seals secrets in the database: where it lies, how it is changed, and what happens without it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::json;
use sha2::{Digest, Sha256};
use tests::authenticator::Authenticator;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, KEY_FILE, binary};
use tests::workspace::items;
use tests::{Client, Inside, Server, on_both};
use tokio::process::Command;

/// A key as an operator may make it.
fn key_of(seed: &str) -> String {
    Sha256::digest(seed.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A second step, whose secret is sealed in the database; a code of the past is used up for it.
async fn second_step(who: &Client) -> Authenticator {
    let offer = who.post("/auth/second-factor", json!({})).await.ok();
    let authenticator = Authenticator::scan(offer["uri"].as_str().unwrap());
    who.post("/auth/second-factor/enable", json!({"code": authenticator.code(-1)})).await.ok();
    authenticator
}

async fn open_stopped(server: &Server) -> Output {
    server.command(&["token", "create", "--email", ADMIN_EMAIL, "--name", "robot"]).await
}

#[tokio::test]
async fn secrets_open_with_a_key_that_is_not_in_the_database_and_can_be_changed() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let authenticator = second_step(&admin).await;
        let file = server.data().join(KEY_FILE);
        let first = fs::read_to_string(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let within = Inside::of(server).await.settings().await;
        assert!(within.iter().all(|(_, value)| !value.contains(first.trim())), "{within:?}");

        // While somebody uses the key it stays.
        assert!(!server.command(&["key", "rotate"]).await.status.success());
        server.stop().await;
        let rotated = server.command(&["key", "rotate"]).await;
        assert!(rotated.status.success(), "{}", said(&rotated));
        let second = fs::read_to_string(&file).unwrap();
        assert!(second != first && second.trim().len() == 64, "{second}");
        server.restart().await;
        let mut browser = server.client();
        browser.sign_in_with(ADMIN_EMAIL, ADMIN_PASSWORD, &authenticator.code(0)).await.ok();

        // The former one, another one, a made-up one, none: nothing is served, and nothing is lost.
        server.stop().await;
        for wrong in [first.clone(), key_of("another"), "test-key".to_owned(), "0".repeat(64)] {
            fs::write(&file, &wrong).unwrap();
            let refused = open_stopped(server).await;
            assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        }
        fs::remove_file(&file).unwrap();
        let refused = open_stopped(server).await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains(KEY_FILE) && !file.exists(), "{}", said(&refused));
        fs::write(&file, &second).unwrap();
        assert!(open_stopped(server).await.status.success());

        // As a database of an earlier version has it: it is taken out, and what it sealed gets another.
        Inside::of(server).await.put_key_within(second.trim()).await;
        fs::remove_file(&file).unwrap();
        server.restart().await;
        let third = fs::read_to_string(&file).unwrap();
        assert_ne!(third, second);
        let within = Inside::of(server).await.settings().await;
        assert!(within.iter().all(|(name, _)| name != "seal_key"), "{within:?}");
        let mut browser = server.client();
        browser.sign_in_with(ADMIN_EMAIL, ADMIN_PASSWORD, &authenticator.code(1)).await.ok();

        // Nor is it left where it was.
        server.stop().await;
        for name in ["formwork.db", "formwork.db-wal"] {
            let file = fs::read(server.data().join(name)).unwrap_or_default();
            let key = second.trim().as_bytes();
            assert!(!file.windows(key.len()).any(|part| part == key), "{name} holds the former key");
        }

        // Who has lost it says so; then the second step is gone, and everything else is there.
        fs::remove_file(&file).unwrap();
        let forgotten = server.command(&["key", "forget"]).await;
        assert!(said(&forgotten).contains("1 members"), "{}", said(&forgotten));
        server.restart().await;
        let admin = server.sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let trail = admin.get("/audit?action=second_factor.remove").await.ok();
        assert_eq!(items(&trail)[0]["path"], "operator", "{trail}");
    })
    .await;
}

/// A command on a data folder of its own, with a key from the environment.
async fn with_key(folder: &Path, key: Option<&str>) -> Output {
    let mut command = Command::new(binary());
    command
        .args(["workspace", "create", "--name", "Branch", "--data"])
        .arg(folder)
        .env_remove("FORMWORK_KEY");
    command.envs(key.map(|key| ("FORMWORK_KEY", key)));
    command.output().await.unwrap()
}

#[tokio::test]
async fn t49_a_key_from_the_environment_is_on_no_disk_and_no_example() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for example in ["test-key", "changeme", &"0".repeat(64), &"deadbeef".repeat(8)] {
        let refused = with_key(folder, Some(example)).await;
        assert_eq!(refused.status.code(), Some(1), "{example}");
    }
    let (old, new) = (key_of("old"), key_of("new"));
    let done = with_key(folder, Some(&old)).await;
    assert!(done.status.success(), "{}", said(&done));
    assert!(!folder.join(KEY_FILE).exists());
    // Neither without it nor with another, but with a newer one before it, and then with that alone.
    assert!(!with_key(folder, None).await.status.success());
    assert!(!with_key(folder, Some(&new)).await.status.success());
    assert!(with_key(folder, Some(&format!("{new},{old}"))).await.status.success());
    assert!(with_key(folder, Some(&new)).await.status.success());
    assert!(!with_key(folder, Some(&old)).await.status.success());
}
