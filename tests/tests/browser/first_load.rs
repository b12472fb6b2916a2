//! What happens before anybody signs in.

use tests::{Browser, Database, Server};

#[tokio::test]
async fn the_program_starts_under_the_content_security_policy() {
    let server = Server::start(Database::Sqlite).await;
    let browser = Browser::open(&server).await;
    browser.go("/").await;
    // Only the program writes into the body; without it the page holds the hint alone.
    browser.find("body > :not(noscript):not(#load-failed)").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
    browser.close().await;
    server.close().await;
}
