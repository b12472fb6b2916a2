//! A field of a form of 300 is dragged up and down over the others, and let go.

use std::time::Duration;

use tests::measured::{Figure, Unit};
use tests::{Browser, Server};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::forms::{LARGE, address};
use crate::{at_a_desk, frames};

/// Moves of the mouse, one with each frame.
const MOVES: u32 = 240;
const TICK: Duration = Duration::from_micros(16_667);
/// Where fields are in sight, from the top of the window: the mouse goes to and fro between.
const FROM: u32 = 200;
const TO: u32 = 760;
/// Pixels between two moves.
const STEP: u32 = 9;
/// Less than one frame a second is lost.
const LIMIT: f64 = 59.0;
/// Where the label of the fourth field is.
const GRIP: &str = "const label = document.querySelectorAll('.canvas .slot')[3].querySelector('.label'); \
    const box = label.getBoundingClientRect(); return [Math.round(box.left + 6), Math.round(box.top + box.height / 2)]";
/// Whether the browser has begun to drag.
const IS_DRAGGED: &str = "return document.querySelector('.canvas .slot.gap') !== null";
/// Notes how long it takes from letting go until the form is painted with its fields in another order.
const DROPPED: &str = "window.benchDropped = null; \
    const order = () => [...document.querySelectorAll('.canvas .slot .label')].slice(0, 40).map(label => label.textContent).join(); \
    const before = order(); \
    addEventListener('drop', event => { \
        const look = () => { \
            if (order() === before) return requestAnimationFrame(look); \
            const channel = new MessageChannel(); \
            channel.port1.onmessage = () => { window.benchDropped = performance.now() - event.timeStamp; }; \
            channel.port2.postMessage(0); \
        }; \
        requestAnimationFrame(look); \
    }, true)";

pub async fn measure(server: &Server, form: &str) -> Vec<Figure> {
    let browser = at_a_desk(Browser::open(server).await).await;
    browser.go(&format!("{}/design", address(form))).await;
    let count = "return document.querySelectorAll('.canvas .slot').length";
    assert!(browser.until(async || browser.script(count).await == LARGE).await, "fields are missing");
    sleep(Duration::from_millis(500)).await;
    let (x, y) = grip(&browser).await;
    browser.take_up((x, y), IS_DRAGGED).await;

    frames::watch(&browser).await;
    carry(&browser, x).await;
    let [between, work, rate] = frames::noted(&browser).await.figures("drag over 300 fields");

    browser.script(DROPPED).await;
    browser.let_go((x, TO)).await;
    let dropped = "return window.benchDropped";
    assert!(
        browser.until(async || !browser.script(dropped).await.is_null()).await,
        "the field stays where it was"
    );
    let dropped = browser.script(dropped).await.as_f64().unwrap();
    browser.close().await;
    let dropped = Figure::new("let go in a form of 300 fields, to the painted form", dropped, Unit::Ms, 1);
    vec![between, work, rate.at_least(LIMIT), dropped]
}

async fn grip(browser: &Browser) -> (u32, u32) {
    let place = browser.script(GRIP).await;
    let number = |at: usize| place[at].as_u64().unwrap() as u32;
    (number(0), number(1))
}

/// To and fro over the fields in sight.
pub async fn carry(browser: &Browser, x: u32) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let way = TO - FROM;
    for n in 0..MOVES {
        ticks.tick().await;
        let gone = n * STEP % (2 * way);
        let y = FROM + if gone < way { gone } else { 2 * way - gone };
        browser.carry("dragOver", (x, y)).await;
    }
}
