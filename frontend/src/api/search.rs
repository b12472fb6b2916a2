//! Search over everything the reader may see.

use std::collections::BTreeMap;

use wire::{List, SearchHit, Sounds, SoundsInput};

use super::{Call, Problem};

pub async fn search(query: &str) -> Result<Vec<SearchHit>, Problem> {
    let list: List<SearchHit> = Call::get("/search").query("q", query).send().await?;
    Ok(list.items)
}

/// How names sound that have Chinese characters.
pub async fn sounds(texts: Vec<String>) -> Result<BTreeMap<String, String>, Problem> {
    let answer: Sounds = Call::post("/sounds").json(&SoundsInput { texts }).send().await?;
    Ok(answer.sounds)
}
