//! The recycle bin of forms and apps, and for how long things lie there.

use engine::value::Id;
use wire::{Bin, Retention};

use super::jobs::JobStarted;
use super::{Call, Problem};

/// The apps and forms that the caller can take back.
pub async fn bin() -> Result<Bin, Problem> {
    Call::get("/bin").send().await
}

pub async fn retention() -> Result<Retention, Problem> {
    Call::get("/retention").send().await
}

pub async fn set_retention(retention: Retention) -> Result<Retention, Problem> {
    Call::put("/retention").json(&retention).send().await
}

/// Puts a form into the bin, with all its records.
pub async fn delete_form(form: Id) -> Result<(), Problem> {
    Call::delete(format!("/forms/{form}")).send_unit().await
}

pub async fn restore_form(form: Id) -> Result<(), Problem> {
    Call::post(format!("/forms/{form}/restore")).send_unit().await
}

/// Begins to remove a form for good; answers the job's id.
pub async fn purge_form(form: Id) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/forms/{form}/purge")).send().await?;
    Ok(started.job.to_string())
}

pub async fn restore_app(app: Id) -> Result<(), Problem> {
    Call::post(format!("/apps/{app}/restore")).send_unit().await
}

/// Begins to remove an app for good; answers the job's id.
pub async fn purge_app(app: Id) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/apps/{app}/purge")).send().await?;
    Ok(started.job.to_string())
}
