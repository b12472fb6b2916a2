//! The navigation of an app, and what the reader wants at hand.

use engine::value::Id;
use wire::{
    AppOrder, AppTree, AppTreeInput, Favourite, FavouriteInput, FirstSteps, Hint, List, PutAway, TreeEntry,
};

use super::{Call, Problem, segment};

/// The navigation of an app as the reader sees it.
pub async fn tree(app: &str) -> Result<AppTree, Problem> {
    Call::get(format!("/apps/{}/tree", segment(app))).send().await
}

/// Arranges it for everybody, if nobody has arranged it since `version`.
pub async fn arrange(app: &str, version: i64, entries: Vec<TreeEntry>) -> Result<AppTree, Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    let input = AppTreeInput { entries };
    Call::put(format!("/apps/{}/tree", segment(app))).if_match(version).json(&input).send().await
}

/// Puts the apps into another order, for the reader alone.
pub async fn arrange_apps(order: &[Id]) -> Result<AppOrder, Problem> {
    Call::put("/me/app-order").json(&AppOrder { apps: order.to_vec() }).send().await
}

/// What the reader wants at hand, oldest first.
pub async fn favourites() -> Result<Vec<Favourite>, Problem> {
    let list: List<Favourite> = Call::get("/favourites").send().await?;
    Ok(list.items)
}

pub async fn keep(input: &FavouriteInput) -> Result<Favourite, Problem> {
    Call::post("/favourites").json(input).send().await
}

pub async fn forget(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/favourites/{id}")).send_unit().await
}

/// The hints of the pages that the reader has put away.
pub async fn put_away() -> Result<PutAway, Problem> {
    Call::get("/me/put-away").send().await
}

/// Puts a hint away for the reader, wherever they sign in.
pub async fn put_hint_away(hint: Hint) -> Result<PutAway, Problem> {
    let mut input = put_away().await?;
    input.hints.insert(hint);
    Call::put("/me/put-away").json(&input).send().await
}

/// Shows a hint again that the reader had put away.
pub async fn bring_hint_back(hint: Hint) -> Result<(), Problem> {
    let mut input = put_away().await?;
    if input.hints.remove(&hint) {
        let _: PutAway = Call::put("/me/put-away").json(&input).send().await?;
    }
    Ok(())
}

/// What the reader has done of the first steps.
pub async fn first_steps() -> Result<FirstSteps, Problem> {
    Call::get("/me/first-steps").send().await
}
