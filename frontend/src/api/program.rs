//! The files of the program that runs in the browser.

use gloo_net::http::RequestBuilder;

use super::connection;

/// Whether the server still has the file at `address`, which changes with its content; none when it does not answer. What
/// the browser keeps does not count.
pub async fn is_served(address: &str) -> Option<bool> {
    let request = RequestBuilder::new(address).cache(web_sys::RequestCache::NoStore);
    match request.send().await {
        Ok(answer) => {
            connection::held();
            Some(answer.status() != 404)
        }
        Err(_) => {
            connection::lost();
            None
        }
    }
}
