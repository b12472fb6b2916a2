//! A small identity provider: it lets in whoever it is told to, and checks what a relying party has to show (PKCE, client
//! secret, redirect address).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const CLIENT_ID: &str = "formwork";
pub const CLIENT_SECRET: &str = "secret of the test";

/// A running provider.
#[derive(Clone)]
pub struct IdentityProvider(Arc<Inner>);

struct Inner {
    issuer: String,
    pair: EcdsaKeyPair,
    /// Who is let in next, as claims that are added to a token.
    person: Mutex<Value>,
    /// What somebody asked for, by the code they got for it.
    asked: Mutex<HashMap<String, HashMap<String, String>>>,
}

impl IdentityProvider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let provider =
            Self(Arc::new(Inner { issuer, pair, person: Mutex::default(), asked: Mutex::default() }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Says who is let in from now on: claims such as `sub` and `email`. They may also replace what a token usually says.
    pub fn let_in(&self, claims: Value) {
        *self.0.person.lock().unwrap() = claims;
    }

    fn signed(&self, claims: &Value) -> String {
        let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let message = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "k1"})), part(claims));
        let signature = self.0.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

async fn discovery(State(provider): State<IdentityProvider>) -> Json<Value> {
    let issuer = provider.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
    }))
}

async fn keys(State(provider): State<IdentityProvider>) -> Json<Value> {
    let point = provider.0.pair.public_key().as_ref();
    Json(json!({"keys": [{
        "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "alg": "ES256",
        "x": BASE64URL_NOPAD.encode(&point[1..33]), "y": BASE64URL_NOPAD.encode(&point[33..]),
    }]}))
}

async fn authorize(
    State(provider): State<IdentityProvider>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let is = |name: &str, value: &str| asked.get(name).is_some_and(|given| given == value);
    let sound = is("response_type", "code")
        && is("client_id", CLIENT_ID)
        && is("code_challenge_method", "S256")
        && asked.get("scope").is_some_and(|scope| scope.split(' ').any(|one| one == "openid"));
    if !sound {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let mut known = provider.0.asked.lock().unwrap();
    let code = format!("code-{}", known.len());
    let back = format!("{}?code={code}&state={}", asked["redirect_uri"], asked["state"]);
    known.insert(code, asked);
    Redirect::to(&back).into_response()
}

async fn token(
    State(provider): State<IdentityProvider>,
    headers: HeaderMap,
    Form(given): Form<HashMap<String, String>>,
) -> Response {
    let pair = format!("{CLIENT_ID}:{}", CLIENT_SECRET.replace(' ', "%20"));
    let basic = format!("Basic {}", BASE64.encode(pair.as_bytes()));
    let is_client =
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == basic.as_bytes());
    // A code is good once.
    let asked = provider.0.asked.lock().unwrap().remove(given.get("code").map_or("", String::as_str));
    let Some(asked) = asked.filter(|_| is_client) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    };
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(given["code_verifier"].as_bytes()));
    if asked["code_challenge"] != challenge || asked["redirect_uri"] != given["redirect_uri"] {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut claims = json!({
        "iss": provider.issuer(), "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
    });
    for (name, value) in provider.0.person.lock().unwrap().as_object().unwrap() {
        claims[name] = value.clone();
    }
    Json(json!({"access_token": "x", "token_type": "Bearer", "id_token": provider.signed(&claims)}))
        .into_response()
}
