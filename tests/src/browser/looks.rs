//! What a page looks like and says of itself, asked of every element of it by a script.

use std::time::Duration;

use tokio::time::sleep;

use super::Browser;

/// Gives a sentence for each text that is cut, runs over its box or lies on another, and for each target that is too small.
const LOOKS: &str = include_str!("looks.js");
/// Waits until no colour is on its way to another one: what has an end has ended. What goes with scrolling stands still.
const AT_REST: &str = "const done = arguments[arguments.length - 1]; \
    requestAnimationFrame(() => { \
      const ending = document.getAnimations().filter(one => \
        one.timeline === document.timeline && one.effect.getComputedTiming().endTime !== Infinity); \
      Promise.allSettled(ending.map(one => one.finished)).then(() => done()); \
    });";
/// The rules of accessibility, as `axe-core` has them.
const AXE: &str = include_str!("../../data/axe/axe.min.js");
/// Runs them and gives a sentence for each place that breaks one.
const RUN_AXE: &str = "const done = arguments[arguments.length - 1]; \
    const rules = { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }; \
    axe.run(document, rules).then( \
        found => done(found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node => \
            `${rule.id} (${rule.impact}): ${node.target.join(' ')} ${node.html.slice(0, 160)}`))), \
        error => done([`axe: ${error}`]))";
/// Everything that the page says, to the eye or to a screen reader, text by text.
const SAID: &str = "const said = [document.title]; \
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); \
    while (walker.nextNode()) { \
        const element = walker.currentNode.parentElement; \
        if (element && !element.closest('script, style, noscript, #load-failed, [translate=no]')) said.push(walker.currentNode.data); \
    } \
    for (const element of document.querySelectorAll('[aria-label], [title], [data-tip], [placeholder]')) \
        for (const name of ['aria-label', 'title', 'data-tip', 'placeholder']) said.push(element.getAttribute(name) ?? ''); \
    return [...new Set(said.map(text => text.trim().replace(/\\s+/g, ' ')).filter(text => text))]";

/// The least height and width of what a finger presses.
pub const FINGER: u32 = 44;

impl Browser {
    /// Waits until the page shows content and says nowhere that it is busy. The gallery shows for ever what loading looks
    /// like.
    pub async fn loaded(&self, page: &str) {
        let loading = if page == "gallery" { "#none" } else { ".skeleton, [aria-busy=true]" };
        let still = format!(
            "return document.querySelector('{loading}') !== null || (document.body?.innerText.trim() ?? '') === ''"
        );
        let is_still = self.until(async || self.script(&still).await == false).await;
        assert!(is_still, "{page} goes on loading");
    }

    /// Waits until the page is loaded, and its transitions have ended.
    pub async fn settled(&self, page: &str) {
        self.loaded(page).await;
        sleep(Duration::from_millis(350)).await;
    }

    /// What is wrong with how the page looks; targets are to be `least` pixels large, or of any size for 0.
    pub async fn looks(&self, least: u32) -> Vec<String> {
        let answer = self.driver.execute(LOOKS, vec![least.into()]).await.unwrap();
        texts(answer.json())
    }

    /// What keeps people from using the page who can't see it, or use no mouse.
    pub async fn barriers(&self) -> Vec<String> {
        self.driver.execute_async(AT_REST, Vec::new()).await.unwrap();
        self.driver.execute(AXE, Vec::new()).await.unwrap();
        let answer = self.driver.execute_async(RUN_AXE, Vec::new()).await.unwrap();
        texts(answer.json())
    }

    /// Every text of the page, also what is only read aloud.
    pub async fn said(&self) -> Vec<String> {
        texts(&self.script(SAID).await)
    }
}

fn texts(list: &serde_json::Value) -> Vec<String> {
    let list = list.as_array().expect("the script gives a list");
    list.iter().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
}
