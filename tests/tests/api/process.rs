//! The server as a process: it starts, answers, stops in order, and survives being killed.

use tests::{Server, on_both};

async fn assert_live(server: &Server) {
    let answer = reqwest::get(format!("{}/live", server.url())).await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[tokio::test]
async fn a_server_starts_again_after_a_stop_and_after_a_kill() {
    on_both(async |server| {
        assert_live(server).await;
        server.stop().await;
        server.restart().await;
        assert_live(server).await;
        server.kill().await;
        server.restart().await;
        assert_live(server).await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_is_a_problem_document() {
    on_both(async |server| {
        let answer = server.client().get("/no-such-thing").await;
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        answer.refused(404, "not_found");
    })
    .await;
}
