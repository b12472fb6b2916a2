//! Lists of regions, which addresses are chosen from. One changes only with its package, so each is asked for once a page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::Regions;
use wire::{List, RegionList};

use super::{Call, Problem, segment};

thread_local! {
    static KNOWN: RefCell<BTreeMap<String, Arc<Regions>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The lists that a field can name.
pub async fn lists() -> Result<Vec<RegionList>, Problem> {
    let list: List<RegionList> = Call::get("/regions").send().await?;
    Ok(list.items)
}

/// The list with a name, `PACKAGE/KEY`.
pub async fn regions(name: &str) -> Result<Arc<Regions>, Problem> {
    by(name, Call::get).await
}

/// The same by another call: it is given the path of the list.
pub(super) async fn by(name: &str, call: impl Fn(String) -> Call) -> Result<Arc<Regions>, Problem> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(name).cloned()) {
        return Ok(known);
    }
    let (package, key) = name.split_once('/').unwrap_or((name, ""));
    let path = format!("/regions/{}/{}", segment(package), segment(key));
    let wire::Regions { label, source, regions, .. } = call(path).send().await?;
    let found = Arc::new(Regions { label, source, regions });
    KNOWN.with_borrow_mut(|known| known.insert(name.to_string(), found.clone()));
    Ok(found)
}
