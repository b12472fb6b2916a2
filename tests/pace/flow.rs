//! A flow of 100 steps with branches in its designer: it is opened, steps are chosen, one is dragged and let go, that is undone
//! and done again, and the drawing is made smaller and larger.

use std::time::Duration;

use serde_json::Value;
use tests::measured::{Figure, Unit, percentile, worst};
use tests::{Browser, Server};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::dragging::carry;
use crate::forms::address;
use crate::{at_a_desk, frames};

/// How often the page is opened, after the first time.
const TIMES: usize = 5;
/// Steps that are chosen one after another.
const CHOSEN: usize = 40;
/// How often a move is undone and done again.
const UNDONE: usize = 10;
/// Turns of the wheel, one with each frame.
const TURNS: u32 = 120;
const TICK: Duration = Duration::from_micros(16_667);
/// As the other pages.
const LIMIT_OPEN: f64 = 1500.0;
/// An answer to a press that seems to come at once.
const LIMIT_PRESS: f64 = 100.0;
const LIMIT_RATE: f64 = 59.0;

/// Calls `done` with the time once what was drawn is painted.
const PAINTED: &str = "const painted = done => { \
        const channel = new MessageChannel(); \
        channel.port1.onmessage = () => done(performance.now()); \
        channel.port2.postMessage(0); \
    };";
/// On each page: milliseconds until all parts of the flow were painted, from the beginning of the document.
const OPENED: &str = "window.benchOpened = null; \
    const look = () => { \
        if (document.querySelectorAll('.flow .step[data-part=step], .flow [data-part=block]').length < STEPS) return requestAnimationFrame(look); \
        painted(now => { window.benchOpened = now; }); \
    }; \
    requestAnimationFrame(look);";
/// Milliseconds from the press on a step until its settings were painted.
const CHOOSE: &str = "window.benchChosen = null; \
    const card = document.querySelectorAll('.flow .step[data-part=step]')[PLACE]; \
    const began = performance.now(); \
    card.click(); \
    const look = () => { \
        if (document.querySelector('.flow-side [name=step-label]')?.value !== card.title) return requestAnimationFrame(look); \
        painted(now => { window.benchChosen = now - began; }); \
    }; \
    requestAnimationFrame(look);";
/// From then on, for each letting go and each key: milliseconds until the steps were painted in another order.
const MOVED: &str = "window.benchMoved = []; \
    const order = () => [...document.querySelectorAll('.flow .step')].map(step => step.title).join(); \
    const watch = event => { \
        if (event.type === 'keydown' && event.key === 'Control') return; \
        const before = order(); \
        const look = () => { \
            if (order() === before) return requestAnimationFrame(look); \
            painted(now => window.benchMoved.push(now - event.timeStamp)); \
        }; \
        requestAnimationFrame(look); \
    }; \
    addEventListener('drop', watch, true); \
    addEventListener('keydown', watch, true);";
/// Where the first step is, and the line behind the second one of its arm.
const PLACES: &str = "const card = document.querySelector('.flow .arm > .step'); \
    const line = card.parentElement.querySelectorAll(':scope > .wire:not(.short, .rest)')[2]; \
    const middle = box => [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2)]; \
    return [...middle(card.getBoundingClientRect()), ...middle(line.getBoundingClientRect())]";
const IS_DRAGGED: &str = "return document.querySelector('.flow .step.gap') !== null";
/// One turn of the wheel with Ctrl, as a browser tells it.
const TURN: &str = "document.querySelector('.flow-canvas').dispatchEvent(new WheelEvent('wheel', \
    {deltaY: BY, ctrlKey: true, bubbles: true, cancelable: true}))";

/// Measures the designer of a form's flow that has so many steps.
pub async fn measure(server: &Server, form: &str, steps: usize) -> Vec<Figure> {
    let browser = at_a_desk(Browser::open(server).await).await;
    browser.on_every_page(&format!("{{ {PAINTED}{} }}", OPENED.replace("STEPS", &steps.to_string()))).await;
    let mut figures = vec![opening(&browser, form, steps).await];
    sleep(Duration::from_millis(500)).await;
    figures.push(choosing(&browser).await);
    figures.extend(moving(&browser).await);
    figures.extend(zooming(&browser).await);
    browser.close().await;
    figures
}

/// Waits for a figure that a page notes.
async fn noted(browser: &Browser, name: &str) -> f64 {
    let read = format!("return window.{name} ?? null");
    assert!(browser.until(async || browser.script(&read).await.is_number()).await, "no {name}");
    browser.script(&read).await.as_f64().unwrap()
}

async fn opening(browser: &Browser, form: &str, steps: usize) -> Figure {
    let page = format!("{}/flow", address(form));
    let mut took = Vec::new();
    for _ in 0..=TIMES {
        browser.go(&page).await;
        took.push(noted(browser, "benchOpened").await);
    }
    // What the first time fetches is kept then.
    let took = took.split_off(1);
    let name = format!("open a flow of {steps} steps, cached, slowest");
    Figure::new(name, worst(&took), Unit::Ms, took.len()).at_most(LIMIT_OPEN)
}

async fn choosing(browser: &Browser) -> Figure {
    let mut took = Vec::new();
    for place in 0..CHOSEN {
        browser.script(&format!("{PAINTED}{}", CHOOSE.replace("PLACE", &place.to_string()))).await;
        took.push(noted(browser, "benchChosen").await);
    }
    let name = "choose a step of the flow, to its painted settings, p95";
    Figure::new(name, percentile(&took, 0.95), Unit::Ms, took.len()).at_most(LIMIT_PRESS)
}

/// A step is carried to and fro, let go in another place; that is undone, and done again.
async fn moving(browser: &Browser) -> Vec<Figure> {
    browser.script("document.querySelector('.flow-canvas').scrollTop = 0").await;
    let places = browser.script(PLACES).await;
    let number = |at: usize| places[at].as_u64().unwrap() as u32;
    browser.take_up((number(0), number(1)), IS_DRAGGED).await;
    frames::watch(browser).await;
    carry(browser, number(0)).await;
    let [between, work, rate] = frames::noted(browser).await.figures("drag over a flow of 100 steps");

    browser.script(&format!("{PAINTED}{MOVED}")).await;
    browser.let_go((number(2), number(3))).await;
    let dropped = moved(browser, 1).await;
    for time in 0..2 * UNDONE {
        let key = if time % 2 == 0 { "z" } else { "y" };
        browser.keys(thirtyfour::Key::Control + key).await;
        moved(browser, 2 + time).await;
    }
    let took: Vec<f64> = all_moved(browser).await.split_off(1);
    let undone = Figure::new(
        "undo and redo in a flow of 100 steps, to the painted flow, p95",
        percentile(&took, 0.95),
        Unit::Ms,
        took.len(),
    );
    let dropped = Figure::new("let go in a flow of 100 steps, to the painted flow", dropped, Unit::Ms, 1);
    vec![between, work, rate.at_least(LIMIT_RATE), dropped, undone.at_most(LIMIT_PRESS)]
}

async fn all_moved(browser: &Browser) -> Vec<f64> {
    let noted = browser.script("return window.benchMoved").await;
    noted.as_array().unwrap().iter().filter_map(Value::as_f64).collect()
}

/// Waits until so many moves were painted, and gives how long the last one took.
async fn moved(browser: &Browser, times: usize) -> f64 {
    let came = browser.until(async || all_moved(browser).await.len() == times).await;
    assert!(came, "the step stays where it was at move {times}");
    all_moved(browser).await.pop().unwrap()
}

/// The wheel makes the drawing smaller and larger, a step with each frame.
async fn zooming(browser: &Browser) -> Vec<Figure> {
    frames::watch(browser).await;
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for turn in 0..TURNS {
        ticks.tick().await;
        // Ten smaller, ten larger.
        let by = if turn / 10 % 2 == 0 { "100" } else { "-100" };
        browser.script(&TURN.replace("BY", by)).await;
    }
    let [between, work, rate] = frames::noted(browser).await.figures("zoom a flow of 100 steps");
    vec![between, work, rate.at_least(LIMIT_RATE)]
}
