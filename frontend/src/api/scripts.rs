//! Transaction scripts of an app: reading and writing them, and trying them out.

use wire::{List, Script, ScriptInput, ScriptSource, ScriptTestInput, ScriptTested, Trial, TrialInput};

use super::{Call, Problem, segment};

pub async fn all(app: &str) -> Result<Vec<Script>, Problem> {
    let list: List<Script> = Call::get(format!("/apps/{}/scripts", segment(app))).send().await?;
    Ok(list.items)
}

pub async fn create(app: &str, input: &ScriptInput) -> Result<Script, Problem> {
    Call::post(format!("/apps/{}/scripts", segment(app))).json(input).send().await
}

pub async fn replace(app: &str, key: &str, version: i64, input: &ScriptSource) -> Result<Script, Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::put(path(app, key)).if_match(version).json(input).send().await
}

pub async fn delete(app: &str, key: &str, version: i64) -> Result<(), Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::delete(path(app, key)).if_match(version).send_unit().await
}

/// Runs a script in a save of which nothing stays.
pub async fn try_out(app: &str, input: &TrialInput) -> Result<Trial, Problem> {
    Call::post(format!("/apps/{}/try-script", segment(app))).json(input).send().await
}

/// Runs the cases of a script.
pub async fn test(app: &str, key: &str, input: &ScriptTestInput) -> Result<ScriptTested, Problem> {
    Call::post(format!("{}/test", path(app, key))).json(input).send().await
}

fn path(app: &str, key: &str) -> String {
    format!("/apps/{}/scripts/{}", segment(app), segment(key))
}
