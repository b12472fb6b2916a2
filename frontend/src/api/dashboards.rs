//! Dashboards: their frames, what tiles show, and the records behind them.

use serde_json::{Map, Value as Json};
use wire::{Behind, Dashboard, DashboardSummary, FilterChoice, List, TileBehindInput, TileData, TileInput};

use super::{Call, Problem, segment};

pub async fn dashboards(app: &str) -> Result<Vec<DashboardSummary>, Problem> {
    let list: List<DashboardSummary> = Call::get(format!("/apps/{}/dashboards", segment(app))).send().await?;
    Ok(list.items)
}

pub async fn get(id: &str) -> Result<Dashboard, Problem> {
    Call::get(format!("/dashboards/{}", segment(id))).send().await
}

/// The values that a filter may be set to, by a part of what they are called.
pub async fn options(id: &str, filter: &str, text: &str) -> Result<Vec<FilterChoice>, Problem> {
    let path = format!("/dashboards/{}/filters/{}/options", segment(id), segment(filter));
    let list: List<FilterChoice> = Call::get(path).query("q", text).send().await?;
    Ok(list.items)
}

pub async fn tile(id: &str, tile: &str, filters: &Map<String, Json>) -> Result<TileData, Problem> {
    let path = format!("/dashboards/{}/tiles/{}/data", segment(id), segment(tile));
    Call::post(path).json(&TileInput { filters: filters.clone() }).send().await
}

pub async fn behind(id: &str, tile: &str, input: &TileBehindInput) -> Result<Behind, Problem> {
    let path = format!("/dashboards/{}/tiles/{}/records", segment(id), segment(tile));
    Call::post(path).json(input).send().await
}
