//! Search over everything the reader may see.

use serde::Deserialize;

use super::{Call, Page, Problem};

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Hit {
    pub kind: String,
    pub id: String,
    #[serde(default)]
    pub form: Option<String>,
    pub title: String,
    #[serde(default)]
    pub snippet: Option<String>,
}

pub async fn search(query: &str) -> Result<Vec<Hit>, Problem> {
    let page: Page<Hit> = Call::get("/search").query("q", query).send().await?;
    Ok(page.items)
}
