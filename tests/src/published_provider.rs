//! An identity provider that others have made and published, in a process of its own: `oidc-provider-mock` on Authlib, which signs
//! with RS256 and checks client, redirect address, PKCE, and that a code comes once (`tests/data/oidc`).

use std::path::Path;
use std::process::Stdio;

use reqwest::header::LOCATION;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The Python in which it is installed; `cargo xtask test` makes one.
const PYTHON: &str = "FORMWORK_TEST_OIDC";

/// A running provider. Dropping it kills the process.
pub struct PublishedProvider {
    issuer: String,
    http: reqwest::Client,
    _process: Child,
    /// It goes on writing there.
    _printed: Lines<BufReader<ChildStdout>>,
}

impl PublishedProvider {
    /// Starts it; `None` where nobody has said which Python has it.
    pub async fn start() -> Option<Self> {
        let Some(python) = std::env::var_os(PYTHON) else {
            crate::left_out(&format!("{PYTHON} names no Python with oidc-provider-mock"));
            return None;
        };
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/oidc/provider.py");
        let mut process = Command::new(python)
            .args(["-W", "ignore"])
            .arg(program)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the provider starts");
        let mut printed = BufReader::new(process.stdout.take().unwrap()).lines();
        let issuer = printed.next_line().await.unwrap().expect("the provider says where it is");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Some(Self { issuer, http, _process: process, _printed: printed })
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Makes a client known that sends people back to this address; gives its name and its secret.
    pub async fn register(&self, redirect: &str) -> (String, String) {
        let client = self.http.post(format!("{}/oauth2/clients", self.issuer));
        let answer = client.json(&json!({"redirect_uris": [redirect]})).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let client: Value = answer.json().await.unwrap();
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        (text("client_id"), text("client_secret"))
    }

    /// Says what it tells of somebody from now on.
    pub async fn know(&self, sub: &str, claims: Value) {
        let answer =
            self.http.put(format!("{}/users/{sub}", self.issuer)).json(&claims).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// Somebody arrives at its door as this person; gives the address that they are sent back to.
    pub async fn let_in(&self, door: &str, sub: &str) -> String {
        let entry = self.http.post(door).header("content-type", "application/x-www-form-urlencoded");
        let answer = entry.body(format!("sub={sub}")).send().await.unwrap();
        assert_eq!(answer.status(), 302, "{door}");
        answer.headers()[LOCATION].to_str().unwrap().to_owned()
    }
}
