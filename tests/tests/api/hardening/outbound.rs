//! Where the product goes to by itself: not where somebody leads it who is not its operator.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::get;
use axum::{Json, Router};
use reqwest::header::{LOCATION, SET_COOKIE};
use serde_json::json;
use tests::{Database, Server};
use tokio::net::TcpListener;

/// Counts who connects.
async fn listener() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, count)
}

/// A provider whose document leads to another place on this machine.
async fn provider(leads_to: SocketAddr) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("http://{leads_to}/token"),
        "jwks_uri": format!("http://{leads_to}/keys"),
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(move || async move { Json(document.clone()) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    issuer
}

/// Comes back from the provider with a code, which the server changes there; gives where that leads.
async fn come_back(server: &Server) -> String {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let start = format!("{}/api/v1/auth/provider/start", server.url());
    let answer = http.get(start).send().await.unwrap();
    let visit = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let to = answer.headers()[LOCATION].to_str().unwrap().to_owned();
    let state = to.split("&state=").nth(1).unwrap().split('&').next().unwrap();
    let back = format!("{}/api/v1/auth/provider/callback?code=x&state={state}", server.url());
    let answer = http.get(back).header("cookie", visit).send().await.unwrap();
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn t58_a_provider_leads_the_server_to_no_private_address_that_was_not_allowed() {
    let (inside, hits) = listener().await;
    let issuer = provider(inside).await;
    let options =
        ["--base-url", "http://127.0.0.1", "--oidc-issuer", &issuer, "--oidc-client-id", "formwork"];
    let server = Server::start_with(Database::Sqlite, &options).await;
    server.set_up().await;
    assert_eq!(come_back(&server).await, "/sign-in?problem=provider_unreachable");
    assert_eq!(hits.load(Ordering::SeqCst), 0);
    server.close().await;

    let options = [&options[..], &["--allow-private", "127.0.0.0/8"]].concat();
    let server = Server::start_with(Database::Sqlite, &options).await;
    server.set_up().await;
    assert_eq!(come_back(&server).await, "/sign-in?problem=provider_unreachable");
    assert!(hits.load(Ordering::SeqCst) > 0);
    server.close().await;
}
