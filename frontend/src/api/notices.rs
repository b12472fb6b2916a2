//! What the reader is told of, and how they want to be told.

use engine::value::Id;
use wire::{List, Notice, NoticeCount, NoticeSettings, NoticeSettingsInput, NoticesRead};

use super::{Call, Problem};

/// The newest, read or not; or those that are not read.
pub async fn notices(unread: bool, limit: u32) -> Result<List<Notice>, Problem> {
    Call::get("/notices").query("unread", unread).query("limit", limit).send().await
}

/// How many are not read.
pub async fn count() -> Result<u64, Problem> {
    Call::get("/notices/count").send::<NoticeCount>().await.map(|count| count.unread)
}

/// Marks one as read or as not read; how many are not read then.
pub async fn mark(notice: Id, read: bool) -> Result<u64, Problem> {
    let input = NoticesRead { notices: vec![notice], until: None, read };
    Call::post("/notices/read").json(&input).send::<NoticeCount>().await.map(|count| count.unread)
}

/// Marks this one and all before it as read; how many are not read then.
pub async fn mark_all(newest: Id) -> Result<u64, Problem> {
    let input = NoticesRead { notices: Vec::new(), until: Some(newest), read: true };
    Call::post("/notices/read").json(&input).send::<NoticeCount>().await.map(|count| count.unread)
}

pub async fn settings() -> Result<NoticeSettings, Problem> {
    Call::get("/notices/settings").send().await
}

pub async fn change_settings(input: &NoticeSettingsInput) -> Result<NoticeSettings, Problem> {
    Call::put("/notices/settings").if_match_any().json(input).send().await
}
