//! Going through a list that is too long to lie on the page: by the wheel, and in jumps over all of it.

use std::time::Duration;

use serde_json::json;
use tests::measured::{Figure, Unit};
use tests::{Browser, Server};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::forms::address;
use crate::{at_a_desk, frames};

/// Turns of the wheel, one with each frame, and how many pixels each goes.
const TURNS: usize = 300;
const TURN: u32 = 100;
const TICK: Duration = Duration::from_micros(16_667);
/// Jumps over the whole list, as by a press on its scroll bar.
const JUMPS: usize = 20;
/// After a jump one looks around.
const LOOK: Duration = Duration::from_millis(600);
const LIMIT_BLANK: f64 = 150.0;

pub async fn measure(server: &Server, form: &str, records: u64) -> Vec<Figure> {
    let browser = at_a_desk(Browser::open(server).await).await;
    browser.go(&address(form)).await;
    browser.part("[role=grid]").sees("Order").await;
    browser.part(".status-line").sees("records").await;
    sleep(LOOK).await;

    frames::watch(&browser).await;
    wheel(&browser).await;
    sleep(LOOK).await;
    let walked = frames::noted(&browser).await;

    frames::watch(&browser).await;
    for jump in 0..JUMPS {
        // Up and down, and nowhere twice.
        let share = (jump * 7 + 3) % JUMPS;
        let to = format!(
            "const list = document.querySelector('.grid-box'); \
             list.scrollTop = (list.scrollHeight - list.clientHeight) * {share} / {JUMPS}"
        );
        browser.script(&to).await;
        sleep(LOOK).await;
    }
    let jumped = frames::noted(&browser).await;
    browser.close().await;

    let mut figures = walked.figures(&format!("scroll {records} records")).to_vec();
    for (how, noted, samples) in [("by the wheel", &walked, TURNS), ("in jumps", &jumped, JUMPS)] {
        let name = format!("longest blank row, {how}");
        figures.push(Figure::new(name, noted.blank, Unit::Ms, samples).at_most(LIMIT_BLANK));
    }
    figures
}

async fn wheel(browser: &Browser) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..TURNS {
        ticks.tick().await;
        let turn = json!({"type": "mouseWheel", "x": 700, "y": 500, "deltaX": 0, "deltaY": TURN});
        browser.developer_tools("Input.dispatchMouseEvent", turn).await;
    }
}
