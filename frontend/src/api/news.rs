//! What the server tells by itself while somebody is at the window. All parts of the page hear it from one stream: a browser
//! has few connections for a server (docs/decisions/0050).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use engine::value::Id;
use futures::StreamExt;
use futures::future::{AbortHandle, abortable};
use futures::stream::select_all;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use crate::presence;

/// The events that are listened to; `open` is the browser's own.
const NAMES: [&str; 8] = ["open", "record", "records", "form", "draft", "task", "notice", "lost"];
/// A stream that the browser gave up is opened anew after this time, and after twice the time with each further failure, …
const AGAIN: Duration = Duration::from_secs(3);
/// … up to this.
const AGAIN_AT_LAST: Duration = Duration::from_secs(30);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Record(RecordNews),
    /// So many records of a form changed at once that it is not told which.
    Records(Id),
    /// A form has a new version.
    Form(Id),
    /// Somebody changed the draft of a form that the reader designs too.
    Draft(DraftNews),
    /// A task came for the reader, or went.
    Task,
    /// The reader was told of something, or has read of it.
    Notice,
    /// Nobody knows what happened until now: everything is to be looked at anew.
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

/// What happened to a draft.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DraftNews {
    pub form: Id,
    /// The version of the draft from then on.
    pub base: i64,
    pub by: Id,
    /// What the member is called.
    pub name: String,
}

#[derive(Deserialize)]
struct FormNews {
    form: Id,
}

impl News {
    /// What an event with this name and these data tells.
    fn read(name: &str, data: &str) -> Option<News> {
        match name {
            "record" => serde_json::from_str(data).ok().map(News::Record),
            "records" => serde_json::from_str(data).ok().map(|FormNews { form }| News::Records(form)),
            "form" => serde_json::from_str(data).ok().map(|FormNews { form }| News::Form(form)),
            "draft" => serde_json::from_str(data).ok().map(News::Draft),
            "task" => Some(News::Task),
            "notice" => Some(News::Notice),
            // What happened before a stream was open came by none, be it the first one or the next after a break.
            "open" | "lost" => Some(News::Lost),
            _ => None,
        }
    }
}

/// Tells `heard` of all news, for as long as the part of the page is there that calls this. While nobody is at the window
/// there are none; once somebody is, [`News::Lost`] comes first.
pub fn hear(heard: impl Fn(&News) + 'static) {
    let number = WINDOW.with(|window| window.audience.add(Rc::new(heard)));
    Effect::new(move || {
        presence::track();
        WINDOW.with(Window::turn);
    });
    on_cleanup(move || {
        WINDOW.with(|window| {
            window.audience.remove(number);
            window.turn();
        });
    });
}

/// Who hears in this window, and what by; outside any owner, because it lives as long as the page.
#[derive(Default)]
struct Window {
    audience: Audience,
    stream: RefCell<Option<Stream>>,
}

thread_local! {
    static WINDOW: Window = Window::default();
}

impl Window {
    /// Opens the stream where it is wanted, and closes it where it is not.
    fn turn(&self) {
        let is_wanted = !self.audience.is_empty() && presence::is_here();
        let mut stream = self.stream.borrow_mut();
        if !is_wanted {
            *stream = None;
        } else if stream.is_none() {
            *stream = Some(Stream::open());
        }
    }
}

/// The stream; closed when it is dropped.
struct Stream(AbortHandle);

impl Stream {
    fn open() -> Stream {
        let (hearing, handle) = abortable(hear_on());
        spawn_local(async move {
            // It ends when it is closed.
            let _ = hearing.await;
        });
        Stream(handle)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Passes on what the server tells, by one connection after the other.
async fn hear_on() {
    let mut failures = 0;
    loop {
        failures = if hear_one().await { 0 } else { failures + 1 };
        gloo_timers::future::sleep(pause(failures)).await;
    }
}

/// How long one waits for the next connection after so many that could not be opened.
fn pause(failures: u32) -> Duration {
    AGAIN.saturating_mul(2_u32.saturating_pow(failures)).min(AGAIN_AT_LAST)
}

/// Passes on what comes until the browser gives up; short breaks it mends by itself. Whether it was ever connected.
async fn hear_one() -> bool {
    let Ok(mut events) = EventSource::new("/api/v1/events") else { return false };
    let Ok(named) = NAMES.into_iter().map(|name| events.subscribe(name)).collect::<Result<Vec<_>, _>>()
    else {
        return false;
    };
    let mut all = select_all(named);
    let mut was_open = false;
    while let Some(Ok((name, event))) = all.next().await {
        was_open = true;
        if let Some(news) = News::read(&name, &event.data().as_string().unwrap_or_default()) {
            WINDOW.with(|window| window.audience.tell(&news));
        }
    }
    was_open
}

type Hearer = Rc<dyn Fn(&News)>;

/// All who hear, each with a number to take them out by.
#[derive(Default)]
struct Audience {
    hearers: RefCell<Vec<(u64, Hearer)>>,
    last: Cell<u64>,
}

impl Audience {
    fn add(&self, hearer: Hearer) -> u64 {
        let number = self.last.get() + 1;
        self.last.set(number);
        self.hearers.borrow_mut().push((number, hearer));
        number
    }

    fn remove(&self, number: u64) {
        self.hearers.borrow_mut().retain(|(listed, _)| *listed != number);
    }

    fn is_empty(&self) -> bool {
        self.hearers.borrow().is_empty()
    }

    fn find(&self, number: u64) -> Option<Hearer> {
        let hearers = self.hearers.borrow();
        hearers.iter().find(|(listed, _)| *listed == number).map(|(_, hearer)| Rc::clone(hearer))
    }

    fn tell(&self, news: &News) {
        let numbers: Vec<u64> = self.hearers.borrow().iter().map(|(number, _)| *number).collect();
        for number in numbers {
            // Whoever went while others were told hears nothing more.
            if let Some(hearer) = self.find(number) {
                hearer(news);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn news_of_a_record_is_read_with_more_in_it_than_is_needed() {
        let id = Id::from_i64(7).unwrap();
        let told =
            format!(r#"{{"kind":"record","form":"{id}","record":"{id}","version":3,"what":"update"}}"#);
        let what = "update".to_string();
        let news = RecordNews { form: id, record: id, version: 3, what };
        assert_eq!(News::read("record", &told), Some(News::Record(news)));
        assert_eq!(News::read("record", "{}"), None);
        let many = format!(r#"{{"kind":"records","form":"{id}"}}"#);
        assert_eq!(News::read("records", &many), Some(News::Records(id)));
    }

    #[test]
    fn everything_that_is_listened_to_is_read() {
        let id = Id::from_i64(7).unwrap();
        let told = json!({"form": id, "record": id, "version": 2, "what": "create", "base": 3, "by": id, "name": "Mei"});
        for name in NAMES {
            assert!(News::read(name, &told.to_string()).is_some(), "{name}");
        }
        assert_eq!(News::read("open", ""), Some(News::Lost), "nobody knows what happened before");
    }

    #[test]
    fn each_failure_makes_the_next_pause_longer_until_it_is_long_enough() {
        assert_eq!([0, 1, 2, 3, 4].map(|failures| pause(failures).as_secs()), [3, 6, 12, 24, 30]);
        assert_eq!(pause(u32::MAX), AGAIN_AT_LAST);
    }

    #[test]
    fn who_goes_while_others_are_told_hears_nothing_more() {
        let audience = Rc::new(Audience::default());
        let heard = Rc::new(RefCell::new(Vec::new()));
        let (first, second) = (audience.last.get() + 1, audience.last.get() + 2);
        let (of_first, goes) = (Rc::clone(&heard), Rc::clone(&audience));
        audience.add(Rc::new(move |news| {
            of_first.borrow_mut().push((first, news.clone()));
            goes.remove(second);
        }));
        let of_second = Rc::clone(&heard);
        let added = audience.add(Rc::new(move |news| of_second.borrow_mut().push((second, news.clone()))));
        assert_eq!(added, second);
        audience.tell(&News::Task);
        audience.remove(first);
        audience.tell(&News::Notice);
        assert_eq!(*heard.borrow(), [(first, News::Task)]);
        assert!(audience.is_empty());
    }
}
