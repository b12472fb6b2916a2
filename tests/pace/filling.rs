//! How soon a form of 100 fields is there, and how soon one sees what one types into it.

use std::time::Duration;

use serde_json::json;
use tests::measured::{Figure, Unit, percentile, worst};
use tests::{Browser, Server};
use tokio::time::sleep;

use crate::at_a_desk;
use crate::forms::{WIDE, address};

/// How often the form is opened.
const TIMES: usize = 10;
/// How often a number of five digits is typed and taken away again.
const NUMBERS: usize = 24;
const DIGITS: usize = 5;
/// Between two keys, as a quick writer presses them.
const PAUSE: Duration = Duration::from_millis(40);
const LIMIT_OPEN: f64 = 200.0;
const LIMIT_KEY: f64 = 16.0;

/// From each press on: milliseconds until the frame with all fields was painted.
const OPENED: &str = "window.bench = []; \
    addEventListener('click', event => { \
        const look = () => { \
            if (document.querySelectorAll('.record-body .form > .field').length < FIELDS) return requestAnimationFrame(look); \
            const channel = new MessageChannel(); \
            channel.port1.onmessage = () => bench.push(performance.now() - event.timeStamp); \
            channel.port2.postMessage(0); \
        }; \
        if (event.target.closest('.top .btn.primary')) requestAnimationFrame(look); \
    }, true);";
/// From each key: milliseconds until the frame after its input was handled was painted.
const TYPED: &str = "window.bench = []; \
    let pressed = 0; \
    addEventListener('keydown', event => { pressed = event.timeStamp; }, true); \
    addEventListener('input', () => { \
        const began = pressed; \
        requestAnimationFrame(() => { \
            const channel = new MessageChannel(); \
            channel.port1.onmessage = () => bench.push(performance.now() - began); \
            channel.port2.postMessage(0); \
        }); \
    });";

/// From the press on the button in the list to the painted form.
pub async fn opening(server: &Server, form: &str) -> Figure {
    let browser = at_a_desk(Browser::open(server).await).await;
    browser.go(&address(form)).await;
    browser.find(".top .btn.primary").await;
    browser.script(&OPENED.replace("FIELDS", &WIDE.to_string())).await;
    for time in 1..=TIMES {
        browser.click_at(".top .btn.primary").await;
        let is_open = browser.until(async || samples(&browser).await.len() == time).await;
        assert!(is_open, "the form does not open");
        browser.driver.back().await.unwrap();
        browser.gone(".save-bar").await;
        browser.find(".top .btn.primary").await;
    }
    let took = samples(&browser).await;
    browser.close().await;
    Figure::new("open a form of 100 fields, slowest", worst(&took), Unit::Ms, took.len()).at_most(LIMIT_OPEN)
}

/// From the key to the painted digit, and to what ten formulas make of it.
pub async fn typing(server: &Server, form: &str) -> Figure {
    let browser = at_a_desk(Browser::open_unpaced(server).await).await;
    browser.go(&format!("{}/new", address(form))).await;
    browser.input("n1").await.click().await.unwrap();
    browser.script(TYPED).await;
    for number in 0..NUMBERS {
        let digit = char::from(b'1' + (number % 9) as u8);
        for _ in 0..DIGITS {
            press(&browser, &digit.to_string(), u32::from(digit), Some(digit)).await;
        }
        if number == 0 {
            // A wrong answer is no fast answer.
            let body = browser.part(".record-body");
            let is_right = body.until(async || body.text().await.replace(',', "").contains("22222")).await;
            assert!(is_right, "the formulas are not shown\n{}", body.text().await);
        }
        for _ in 0..DIGITS {
            press(&browser, "Backspace", 8, None).await;
        }
    }
    let took = samples(&browser).await;
    browser.close().await;
    assert!(took.len() >= NUMBERS * DIGITS, "only {} keys were heard", took.len());
    Figure::new("key to painted result, 100 fields, p95", percentile(&took, 0.95), Unit::Ms, took.len())
        .at_most(LIMIT_KEY)
}

async fn press(browser: &Browser, key: &str, code: u32, types: Option<char>) {
    let mut down = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code});
    if let Some(text) = types {
        down["text"] = json!(text.to_string());
    }
    let up = json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code});
    browser.developer_tools("Input.dispatchKeyEvent", down).await;
    browser.developer_tools("Input.dispatchKeyEvent", up).await;
    sleep(PAUSE).await;
}

async fn samples(browser: &Browser) -> Vec<f64> {
    let samples = browser.script("return window.bench").await;
    samples.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}
