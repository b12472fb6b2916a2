//! Phrases of one's own, for opinions.

use engine::value::Id;
use wire::List;
use wire::flows::{Phrase, PhraseInput};

use super::{Call, Problem};

/// The reader's, oldest first.
pub async fn list() -> Result<Vec<Phrase>, Problem> {
    let list: List<Phrase> = Call::get("/phrases").send().await?;
    Ok(list.items)
}

/// Keeps one more; one that is there already stays as it is.
pub async fn keep(text: &str) -> Result<Phrase, Problem> {
    Call::post("/phrases").json(&PhraseInput { text: text.to_string() }).send().await
}

/// Forgets one.
pub async fn forget(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/phrases/{id}")).send_unit().await
}
