//! Frames, noted by the page itself while something moves.

use tests::Browser;
use tests::measured::{Figure, Unit, percentile};

/// Notes every frame until it is asked for what it noted.
const WATCH: &str = include_str!("frames.js");

/// A display shows 60 frames a second.
const BEAT: f64 = 1000.0 / 60.0;
/// The page's clock goes in steps of a tenth.
const STEP: f64 = 0.2;
/// A frame may take as long as the display waits for it.
const LIMIT: f64 = 16.7;

/// What was noted.
pub struct Noted {
    /// Milliseconds from one frame to the next, in whole beats.
    between: Vec<f64>,
    /// Milliseconds of work for a frame: from its beginning until it was handed over.
    work: Vec<f64>,
    /// Milliseconds for which the row was in sight that stayed blank longest.
    pub blank: f64,
}

pub async fn watch(browser: &Browser) {
    browser.script(WATCH).await;
}

pub async fn noted(browser: &Browser) -> Noted {
    let noted = browser.script("return window.benchStop()").await;
    let numbers = |name: &str| -> Vec<f64> {
        noted[name].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let began = numbers("frames");
    let between = began.windows(2).map(|pair| in_beats(pair[1] - pair[0])).collect();
    Noted { between, work: numbers("work"), blank: noted["blank"].as_f64().unwrap() }
}

/// What was shown late was shown at the next beat.
fn in_beats(passed: f64) -> f64 {
    ((passed - STEP) / BEAT).ceil().max(1.0) * BEAT
}

impl Noted {
    /// How far frames lay apart, how long they took, and how many came in a second.
    pub fn figures(&self, what: &str) -> [Figure; 3] {
        let seconds = self.between.iter().sum::<f64>() / 1000.0;
        let rate = if seconds > 0.0 { self.between.len() as f64 / seconds } else { 0.0 };
        let samples = self.between.len();
        [
            Figure::new(
                format!("{what}, from frame to frame, p95"),
                percentile(&self.between, 0.95),
                Unit::Ms,
                samples,
            )
            .at_most(LIMIT),
            Figure::new(
                format!("{what}, work for a frame, p95"),
                percentile(&self.work, 0.95),
                Unit::Ms,
                self.work.len(),
            )
            .at_most(LIMIT),
            Figure::new(format!("{what}, frames a second"), rate, Unit::PerSecond, samples),
        ]
    }
}
