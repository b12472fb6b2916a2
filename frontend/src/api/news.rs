//! What the server tells by itself while somebody looks on: records that were made, changed or deleted, forms with a new
//! version.

use engine::value::Id;
use futures::StreamExt;
use gloo_net::eventsource::futures::EventSource;
use serde::Deserialize;

/// Where a stream that broke is opened anew, so many milliseconds later.
const AGAIN: u32 = 3_000;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Record(RecordNews),
    /// A form has a new version.
    Form(Id),
    /// Nobody knows what happened meanwhile: everything is to be looked at anew.
    Lost,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RecordNews {
    pub form: Id,
    pub record: Id,
    pub version: i64,
    /// `create`, `update`, `submit`, `delete`, `restore` or `act`.
    pub what: String,
}

#[derive(Deserialize)]
struct FormNews {
    form: Id,
}

/// Listens for as long as `heard` says so. After each break it says once that something may be lost.
pub async fn listen(heard: impl Fn(News) -> bool) {
    loop {
        if !stream(&heard).await {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(AGAIN).await;
        if !heard(News::Lost) {
            return;
        }
    }
}

/// Hears one stream to its end. Whether to go on with another.
async fn stream(heard: &impl Fn(News) -> bool) -> bool {
    let Ok(mut events) = EventSource::new("/api/v1/events") else { return true };
    let mut names = Vec::new();
    for name in ["open", "record", "form", "lost"] {
        match events.subscribe(name) {
            Ok(named) => names.push(named),
            Err(_) => return true,
        }
    }
    let mut all = futures::stream::select_all(names);
    // The browser goes on by itself after a short break, and says only that it is connected again.
    let mut is_first = true;
    while let Some(Ok((name, event))) = all.next().await {
        let data = event.data().as_string().unwrap_or_default();
        let news = match name.as_str() {
            "open" => (!std::mem::take(&mut is_first)).then_some(News::Lost),
            "record" => serde_json::from_str(&data).ok().map(News::Record),
            "form" => serde_json::from_str(&data).ok().map(|FormNews { form }| News::Form(form)),
            _lost => Some(News::Lost),
        };
        if let Some(news) = news
            && !heard(news)
        {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_of_a_record_is_read_with_more_in_it_than_is_needed() {
        let id = Id::from_i64(7).unwrap();
        let told =
            format!(r#"{{"kind":"record","form":"{id}","record":"{id}","version":3,"what":"update"}}"#);
        let news: RecordNews = serde_json::from_str(&told).unwrap();
        assert_eq!((news.record, news.version, news.what.as_str()), (id, 3, "update"));
    }
}
