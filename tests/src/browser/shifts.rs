//! What moves on a page by itself, as the browser measures it: things that were shown and then lie elsewhere, though nobody
//! pressed or typed in the half second before.

use serde_json::Value;

use super::Browser;

/// Keeps every shift from the start of each page on.
const OBSERVE: &str = "window.formworkShifts = []; \
    const named = node => { \
        const element = node instanceof Element ? node : node?.parentElement; \
        const classes = typeof element?.className === 'string' ? element.className.trim().split(/\\s+/).filter(Boolean) : []; \
        return element ? [element.tagName.toLowerCase(), ...classes.slice(0, 3)].join('.') : '?'; \
    }; \
    new PerformanceObserver(list => { \
        for (const shift of list.getEntries()) { \
            if (shift.hadRecentInput) continue; \
            window.formworkShifts.push([shift.value, shift.sources.map(source => named(source.node)).join(', ')]); \
        } \
    }).observe({ type: 'layout-shift', buffered: true });";
/// Gives what was kept, and forgets it.
const TAKE: &str = "return (window.formworkShifts ?? []).splice(0)";

/// How far a page may move by itself: the part of the window that moves, times how far it goes.
const MOST_SHIFT: f64 = 0.02;

impl Browser {
    /// From now on each page keeps what moves on it.
    pub async fn watch_shifts(&self) {
        self.on_every_page(OBSERVE).await;
    }

    /// What has moved on this page since it was asked before: how far in all, and what. Nothing where it is little.
    pub async fn shifts(&self) -> Option<String> {
        let kept = self.script(TAKE).await;
        let kept = kept.as_array().cloned().unwrap_or_default();
        let far = |shift: &Value| shift[0].as_f64().unwrap_or_default();
        let all: f64 = kept.iter().map(far).sum();
        let what = |shift: &Value| format!("{:.3} {}", far(shift), shift[1].as_str().unwrap_or_default());
        (all > MOST_SHIFT)
            .then(|| format!("moves by {all:.3}: {}", kept.iter().map(what).collect::<Vec<_>>().join("; ")))
    }
}
