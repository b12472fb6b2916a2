//! Signing in by an identity provider that is started for it: one of ours, which can be told to say anything, and one that others
//! have made.

use reqwest::header::{LOCATION, SET_COOKIE};
use serde_json::json;
use tests::identity_provider::{CLIENT_ID, CLIENT_SECRET};
use tests::server::ADMIN_EMAIL;
use tests::{Client, Database, IdentityProvider, PublishedProvider, Server};

/// A port that is free now: the provider has to be told where it sends people back to.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn server(database: Database, provider: &IdentityProvider) -> Server {
    let base = format!("http://127.0.0.1:{}", free_port());
    server_of(database, &base, provider.issuer(), CLIENT_ID, CLIENT_SECRET).await
}

async fn server_of(database: Database, base: &str, issuer: &str, client: &str, secret: &str) -> Server {
    let options = [
        "--base-url",
        base,
        "--oidc-issuer",
        issuer,
        "--oidc-client-id",
        client,
        "--oidc-client-secret",
        secret,
        "--oidc-label",
        "Example ID",
    ];
    Server::start_with(database, &options).await
}

/// A browser that follows no redirect by itself.
struct Visitor {
    http: reqwest::Client,
    server: String,
    /// What the server had it remember.
    visit: String,
}

impl Visitor {
    /// Begins at the product; gives the provider's address that it is sent to.
    async fn depart(server: &Server, next: &str) -> (Self, String) {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let start = format!("{}/api/v1/auth/provider/start?next={next}", server.url());
        let answer = http.get(start).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("visit=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        let visit = cookie.split(';').next().unwrap().to_owned();
        let to = answer.headers()[LOCATION].to_str().unwrap().to_owned();
        (Self { http, server: server.url().to_owned(), visit }, to)
    }

    /// Begins at the product and is let in by the provider; gives the address that it is sent back to.
    async fn go(server: &Server, next: &str) -> (Self, String) {
        let (visitor, to) = Self::depart(server, next).await;
        let back = visitor.http.get(&to).send().await.unwrap();
        assert_eq!(back.status(), 303, "{to}");
        let back = back.headers()[LOCATION].to_str().unwrap().to_owned();
        (visitor, back)
    }

    /// Comes back; gives where it is sent on to, and the session's cookie.
    async fn arrive(&self, back: &str) -> (String, Option<String>) {
        let (_, query) = back.split_once('?').unwrap();
        let url = format!("{}/api/v1/auth/provider/callback?{query}", self.server);
        let answer = self.http.get(url).header("cookie", &self.visit).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let cookies = answer.headers().get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap());
        let session = cookies.filter(|cookie| cookie.starts_with("sid=")).map(str::to_owned).next();
        let to = answer.headers()[LOCATION].to_str().unwrap().to_owned();
        (to, session.map(|cookie| cookie.split(';').next().unwrap().to_owned()))
    }
}

#[tokio::test]
async fn a_member_signs_in_by_the_provider() {
    for database in [Database::Sqlite, Database::Postgres] {
        let provider = IdentityProvider::start().await;
        let server = server(database, &provider).await;
        let admin = server.set_up().await;
        let ways = server.client().get("/auth/ways").await.ok();
        assert_eq!(ways, json!({"reset": false, "provider": "Example ID"}));

        provider.let_in(json!({"sub": "ada", "email": ADMIN_EMAIL, "email_verified": true}));
        let (visitor, back) = Visitor::go(&server, "/apps/crm").await;
        let (to, session) = visitor.arrive(&back).await;
        assert_eq!(to, "/apps/crm");
        let ada = Client::with_cookie(server.url(), &session.unwrap());
        assert_eq!(ada.get("/me").await.ok()["email"], ADMIN_EMAIL);
        // What came back is good once: the provider takes its code no second time.
        assert_eq!(visitor.arrive(&back).await, ("/sign-in?problem=provider_unreachable".to_owned(), None));

        // Known by the provider's name for them from now on, whatever their address is there.
        provider.let_in(json!({"sub": "ada", "email": "ada@elsewhere.example", "email_verified": true}));
        let (visitor, back) = Visitor::go(&server, "//evil.example").await;
        let (to, session) = visitor.arrive(&back).await;
        assert_eq!(to, "/", "nobody is sent elsewhere");
        Client::with_cookie(server.url(), &session.unwrap()).get("/me").await.ok();
        // Somebody else of the provider with the same address does not become the same member.
        provider.let_in(json!({"sub": "eve", "email": ADMIN_EMAIL, "email_verified": true}));
        let (visitor, back) = Visitor::go(&server, "/").await;
        assert_eq!(visitor.arrive(&back).await.0, "/sign-in?problem=unknown_at_provider");

        // Who was invited has arrived by it.
        let invited = json!({"email": "lin@example.com", "name": "Lin"});
        admin.post("/members", invited).await.created();
        provider.let_in(json!({"sub": "lin", "email": "lin@example.com", "email_verified": true}));
        let (visitor, back) = Visitor::go(&server, "/").await;
        let lin = Client::with_cookie(server.url(), &visitor.arrive(&back).await.1.unwrap());
        assert_eq!(lin.get("/me").await.ok()["state"], "active");
        server.close().await;
    }
}

#[tokio::test]
async fn what_does_not_fit_lets_nobody_in() {
    let provider = IdentityProvider::start().await;
    let server = server(Database::Sqlite, &provider).await;
    server.set_up().await;
    let ada = json!({"sub": "ada", "email": ADMIN_EMAIL, "email_verified": true});
    for (member, value, problem) in [
        ("email_verified", json!(false), "unknown_at_provider"),
        ("email", json!("nobody@example.com"), "unknown_at_provider"),
        ("iss", json!("https://evil.example"), "provider_refused"),
        ("aud", json!("another"), "provider_refused"),
        ("nonce", json!("another"), "provider_refused"),
        ("exp", json!(1_000_000), "provider_refused"),
    ] {
        let mut claims = ada.clone();
        claims[member] = value;
        provider.let_in(claims);
        let (visitor, back) = Visitor::go(&server, "/").await;
        let (to, session) = visitor.arrive(&back).await;
        assert_eq!((to, session), (format!("/sign-in?problem={problem}"), None), "{member}");
    }
    provider.let_in(ada);
    // A browser that did not begin the visit, as when a link with somebody else's code is sent to it.
    let (mut visitor, back) = Visitor::go(&server, "/").await;
    let (other, _) = Visitor::go(&server, "/").await;
    visitor.visit = other.visit;
    assert_eq!(visitor.arrive(&back).await.0, "/sign-in?problem=visit_over");
    visitor.visit = "visit=00".to_owned();
    assert_eq!(visitor.arrive(&back).await.0, "/sign-in?problem=visit_over");
    server.close().await;
}

/// What an address asks for under this name.
fn asked<'u>(url: &'u str, name: &str) -> &'u str {
    let pairs = url.split_once('?').unwrap().1.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("{name} in {url}")).1
}

/// The address with something else under this name.
fn asking(url: &str, name: &str, value: &str) -> String {
    url.replace(&format!("{name}={}", asked(url, name)), &format!("{name}={value}"))
}

/// Discovery, PKCE, RS256, the nonce and a code's one use, held against what others have made of the standard.
#[tokio::test]
async fn a_provider_that_others_have_made_lets_members_in_and_nobody_else() {
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(provider) = PublishedProvider::start().await else { return };
        let base = format!("http://127.0.0.1:{}", free_port());
        let (client, secret) = provider.register(&format!("{base}/api/v1/auth/provider/callback")).await;
        let server = server_of(database, &base, provider.issuer(), &client, &secret).await;
        let admin = server.set_up().await;
        provider.know("ada", json!({"email": ADMIN_EMAIL, "email_verified": true})).await;

        let (visitor, to) = Visitor::depart(&server, "/apps/crm").await;
        assert!(to.starts_with(&format!("{}/oauth2/authorize?", provider.issuer())), "{to}");
        assert_eq!(asked(&to, "code_challenge_method"), "S256");
        let back = provider.let_in(&to, "ada").await;
        let (on, session) = visitor.arrive(&back).await;
        assert_eq!(on, "/apps/crm");
        let ada = Client::with_cookie(server.url(), &session.unwrap());
        assert_eq!(ada.get("/me").await.ok()["email"], ADMIN_EMAIL);
        let unreachable = ("/sign-in?problem=provider_unreachable".to_owned(), None);
        // The code a second time, from the same browser.
        assert_eq!(visitor.arrive(&back).await, unreachable);

        // A code that was given for somebody else's visit: the provider holds it against its own challenge.
        let (thief, to) = Visitor::depart(&server, "/").await;
        let own = provider.let_in(&to, "ada").await;
        let (_, to) = Visitor::depart(&server, "/").await;
        let others = provider.let_in(&to, "ada").await;
        assert_eq!(thief.arrive(&asking(&own, "code", asked(&others, "code"))).await, unreachable);
        let (visitor, to) = Visitor::depart(&server, "/").await;
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let back = provider.let_in(&asking(&to, "code_challenge", challenge), "ada").await;
        assert_eq!(visitor.arrive(&back).await, unreachable);
        // A token that was made for another visit.
        let (visitor, to) = Visitor::depart(&server, "/").await;
        let back = provider.let_in(&asking(&to, "nonce", "another"), "ada").await;
        assert_eq!(visitor.arrive(&back).await, ("/sign-in?problem=provider_refused".to_owned(), None));

        // An address counts when the provider has made sure of it.
        let invited = json!({"email": "lin@example.com", "name": "Lin"});
        admin.post("/members", invited).await.created();
        for (verified, problem) in [(false, Some("unknown_at_provider")), (true, None)] {
            provider.know("lin", json!({"email": "lin@example.com", "email_verified": verified})).await;
            let (visitor, to) = Visitor::depart(&server, "/").await;
            let (on, session) = visitor.arrive(&provider.let_in(&to, "lin").await).await;
            let expected = problem.map_or("/".to_owned(), |problem| format!("/sign-in?problem={problem}"));
            assert_eq!((on, session.is_some()), (expected, verified));
        }
        server.close().await;
    }
}
