//! Search over everything the reader may see.

use wire::{List, SearchHit};

use super::{Call, Problem};

pub async fn search(query: &str) -> Result<Vec<SearchHit>, Problem> {
    let list: List<SearchHit> = Call::get("/search").query("q", query).send().await?;
    Ok(list.items)
}
