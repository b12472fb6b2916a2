//! How far long work is, as a page showed it while one did not look.

use super::Part;

/// Notes what the bars of the page show whenever one of them comes or moves. Kept until the page is loaded anew.
const NOTE: &str = "window.barsShown = [];\
     const note = () => document.querySelectorAll('progress').forEach(bar => {\
     const shown = [Number(bar.value), Number(bar.max)];\
     if (bar.checkVisibility() && String(window.barsShown.at(-1)) !== String(shown)) window.barsShown.push(shown);\
     });\
     window.barsWatched?.disconnect();\
     window.barsWatched = new MutationObserver(note);\
     window.barsWatched.observe(document.body, {subtree: true, childList: true, attributes: true, \
     attributeFilter: ['value', 'max']});";

impl Part {
    /// From now on it is noted what the bars of the page show.
    pub async fn watch_progress(&self) {
        self.script(NOTE).await;
    }

    /// What was done of how much, from one change to the next, since [`Part::watch_progress`].
    pub async fn progress_shown(&self) -> Vec<(u64, u64)> {
        let shown = self.script("return window.barsShown").await;
        serde_json::from_value(shown).expect("the bars are watched")
    }

    /// A bar was seen on its way, and grew.
    pub async fn saw_progress(&self) {
        let shown = self.progress_shown().await;
        let on_its_way = |(done, of): (u64, u64)| 0 < done && done < of;
        assert!(shown.iter().copied().any(on_its_way), "{shown:?}");
        let grows = |pair: &[(u64, u64)]| pair[0].1 == pair[1].1 && pair[0].0 < pair[1].0;
        assert!(shown.windows(2).any(grows), "{shown:?}");
    }
}
