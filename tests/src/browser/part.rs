//! What a person sees and does on a page, or on a part of it: things are found by what they say.

use std::time::Duration;

use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;
use tokio::time::{Instant, sleep};

/// How long something may take to appear, where nobody says otherwise: also on a machine that is busy with other stories.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(40);

/// Elements that one presses.
const CONTROLS: &str = "self::button or self::a or self::summary or @role='button' or @role='tab' \
     or starts-with(@role,'menuitem') or @role='option' or @role='radio'";
/// Elements that one types into.
const INPUTS: &str = "self::input or self::select or self::textarea or @contenteditable='true'";

/// The whole page, or the part of it that a CSS selector names: a dialog, a pane, a table.
///
/// Every question waits until the page answers it, for pages are drawn anew at any moment.
#[derive(Clone, Debug)]
pub struct Part {
    pub driver: WebDriver,
    within: Option<String>,
    patience: Duration,
}

impl Part {
    pub(super) fn whole(driver: WebDriver) -> Self {
        Self { driver, within: None, patience: PATIENCE }
    }

    /// The first displayed part for a CSS selector. A part of a part is looked for inside it.
    pub fn part(&self, css: &str) -> Self {
        let within = match &self.within {
            Some(outer) => format!("{outer} {css}"),
            None => css.to_owned(),
        };
        Self { within: Some(within), ..self.clone() }
    }

    /// The dialog that is open.
    pub fn dialog(&self) -> Self {
        Self { within: Some("dialog[open]".to_owned()), ..self.clone() }
    }

    /// Leaves the formula that a computed field is asked for as soon as it is made.
    pub async fn leave_formula(&self) {
        let dialog = self.dialog();
        dialog.find(".formula").await;
        dialog.click("Cancel").await;
        self.gone("dialog[open]").await;
    }

    /// The same, for something that takes longer than pages do.
    pub fn patient(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// The first displayed element for a CSS selector.
    pub async fn find(&self, css: &str) -> WebElement {
        self.wait_for(By::Css(css), css).await
    }

    /// The button, link, tab or menu item that says this, alone or in its first words: a card says more below its name.
    pub async fn control(&self, says: &str) -> WebElement {
        self.wait_for(saying(says), says).await
    }

    /// Presses the button, link, tab or menu item that says this.
    pub async fn click(&self, says: &str) {
        self.press(async || self.control(says).await).await;
    }

    /// Presses the first displayed element for a CSS selector.
    pub async fn click_at(&self, css: &str) {
        self.press(async || self.find(css).await).await;
    }

    /// Moves the pointer to the middle of the first displayed element for a CSS selector, and leaves it there. It has to be
    /// in the window.
    pub async fn rest_on(&self, css: &str) {
        let deadline = Instant::now() + self.patience;
        loop {
            let element = self.find(css).await;
            let moved = self.driver.action_chain().move_to_element_center(&element).perform().await;
            let Err(error) = moved else { return };
            assert!(is_passing(&error) && Instant::now() < deadline, "{css}: {error}");
            sleep(PAUSE).await;
        }
    }

    /// The input that a label with this text belongs to.
    pub async fn input(&self, label: &str) -> WebElement {
        self.wait_for(By::XPath(labelled(INPUTS, label)), label).await
    }

    /// Types into a labelled input, in place of what it held. The input keeps the focus.
    pub async fn fill(&self, label: &str, text: &str) {
        let deadline = Instant::now() + self.patience;
        loop {
            let input = self.input(label).await;
            let keys = if text.is_empty() { Key::Delete + "" } else { text.into() };
            let typed = match input.send_keys(Key::Control + "a").await {
                Ok(()) => input.send_keys(keys).await,
                refused => refused,
            };
            let Err(error) = typed else { return };
            assert!(
                is_passing(&error) && Instant::now() < deadline,
                "{label}: {error}\n{}",
                self.described().await
            );
            sleep(PAUSE).await;
        }
    }

    /// Types into a labelled input, in place of what it held, and goes on to the next one.
    pub async fn enter(&self, label: &str, text: &str) {
        self.fill(label, text).await;
        self.type_in(label, Key::Tab).await;
    }

    /// Presses the labelled input itself: a box, a switch.
    pub async fn tick(&self, label: &str) {
        self.press(async || self.input(label).await).await;
    }

    /// Types into a labelled input, behind what it holds.
    pub async fn type_in(&self, label: &str, keys: impl Into<TypingData>) {
        self.type_into(async || self.input(label).await, keys).await;
    }

    /// Types into the first displayed element for a CSS selector, behind what it holds.
    pub async fn type_at(&self, css: &str, keys: impl Into<TypingData>) {
        self.type_into(async || self.find(css).await, keys).await;
    }

    /// Types to the button, link, tab or menu item that says this.
    pub async fn type_to(&self, says: &str, keys: impl Into<TypingData>) {
        self.type_into(async || self.control(says).await, keys).await;
    }

    /// Where the link that says this leads.
    pub async fn address(&self, says: &str) -> String {
        self.read(async || self.control(says).await.attr("href").await).await.unwrap_or_default()
    }

    /// What the first displayed element for a CSS selector says, once it is there.
    pub async fn text_at(&self, css: &str) -> String {
        self.read(async || self.find(css).await.text().await).await
    }

    /// What the button, link, tab or menu item that says this says altogether.
    pub async fn text_of(&self, says: &str) -> String {
        self.read(async || self.control(says).await.text().await).await
    }

    /// What a labelled input holds now, once it is there.
    pub async fn held(&self, label: &str) -> String {
        self.read(async || self.input(label).await.prop("value").await).await.unwrap_or_default()
    }

    /// Waits until a labelled input holds a text, and nothing else.
    pub async fn holds(&self, label: &str, text: impl AsRef<str>) {
        let text = text.as_ref();
        let same = self.until(async || self.held(label).await == text).await;
        assert!(same, "{label} holds `{}`, not `{text}`", self.held(label).await);
    }

    /// Opens the select or picker that a label belongs to and presses the option that starts with a text.
    pub async fn choose(&self, label: &str, option: &str) {
        let picker = By::XPath(labelled("self::button[@aria-haspopup='listbox']", label));
        self.press(async || self.wait_for(picker.clone(), label).await).await;
        self.pick(option).await;
    }

    /// Presses the option that starts with a text, in the list that is open.
    pub async fn pick(&self, option: &str) {
        let list = Self { within: Some(":popover-open:not(.toasts, .tooltip)".to_owned()), ..self.clone() };
        let says = format!(".//*[@role='option'][starts-with(normalize-space(.),{})]", xpath_text(option));
        list.press(async || list.wait_for(By::XPath(says.clone()), option).await).await;
    }

    /// Waits until this says a text.
    pub async fn sees(&self, text: &str) {
        let shown = self.until(async || self.shows(text).await).await;
        assert!(shown, "`{text}` is not said\n{}", self.described().await);
    }

    /// Waits until this no longer says a text.
    pub async fn sees_no_more(&self, text: &str) {
        let hidden = self.until(async || !self.shows(text).await).await;
        assert!(hidden, "`{text}` is still said\n{}", self.described().await);
    }

    /// Whether this says a text now. How it is broken into lines does not matter.
    pub async fn shows(&self, text: &str) -> bool {
        let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        in_one_line(&self.text().await).contains(&in_one_line(text))
    }

    /// The text that is displayed; nothing where the part is not there.
    pub async fn text(&self) -> String {
        let css = self.within.as_deref().unwrap_or("body");
        let text = "return [...document.querySelectorAll(arguments[0])]\
             .filter(part => part.checkVisibility() || getComputedStyle(part).display === 'contents').slice(0, 1).map(part => part.innerText).join()";
        let answer = self.driver.execute(text, vec![css.into()]).await.unwrap();
        answer.json().as_str().unwrap_or_default().to_owned()
    }

    /// Waits until nothing displayed matches a CSS selector.
    pub async fn gone(&self, css: &str) {
        let gone = self.until(async || self.displayed(By::Css(css)).await.is_none()).await;
        assert!(gone, "`{css}` is still there\n{}", self.described().await);
    }

    /// Waits until something holds; false when it does not come to hold.
    pub async fn until(&self, holds: impl AsyncFn() -> bool) -> bool {
        let deadline = Instant::now() + self.patience;
        while !holds().await {
            if Instant::now() > deadline {
                return false;
            }
            sleep(PAUSE).await;
        }
        true
    }

    /// Gives a file to the page's file input, as a person would through the system's dialog.
    pub async fn choose_file(&self, path: &std::path::Path) {
        let path = path.to_str().unwrap();
        let given = self.until(async || {
            // The input itself is not seen: what one clicks or drops on lies around it.
            let inputs = self.driver.find_all(By::Css("input[type=file]")).await.unwrap();
            match inputs.first() {
                Some(input) => input.send_keys(path).await.is_ok(),
                None => false,
            }
        });
        assert!(given.await, "no file is asked for\n{}", self.described().await);
    }

    /// Runs JavaScript and gives its result.
    pub async fn script(&self, body: &str) -> serde_json::Value {
        self.driver.execute(body, Vec::new()).await.unwrap().json().clone()
    }

    /// Waits until JavaScript gives this: of what comes at its own time.
    pub async fn gives(&self, body: &str, wanted: impl Into<serde_json::Value>) {
        let wanted = wanted.into();
        let same = self.until(async || self.script(body).await == wanted).await;
        assert!(same, "{}, not {wanted}\n{}", self.script(body).await, self.described().await);
    }

    /// Types keys where the focus is.
    pub async fn keys(&self, keys: impl Into<TypingData>) {
        let focused = async || self.read(async || self.driver.active_element().await).await;
        self.type_into(focused, keys).await;
    }

    /// Types into what is found. What leaves the page before it takes a key is looked for again.
    async fn type_into(&self, find: impl AsyncFn() -> WebElement, keys: impl Into<TypingData>) {
        let keys = keys.into().to_string();
        let deadline = Instant::now() + self.patience;
        loop {
            let Err(error) = find().await.send_keys(keys.as_str()).await else { return };
            assert!(is_passing(&error) && Instant::now() < deadline, "{error}\n{}", self.described().await);
            sleep(PAUSE).await;
        }
    }

    /// Reads something of an element. One that was drawn anew meanwhile is looked for again.
    async fn read<T>(&self, ask: impl AsyncFn() -> WebDriverResult<T>) -> T {
        let deadline = Instant::now() + self.patience;
        loop {
            match ask().await {
                Ok(found) => return found,
                Err(error) => assert!(is_stale(&error) && Instant::now() < deadline, "{error}"),
            }
            sleep(PAUSE).await;
        }
    }

    /// Presses what is found. What is covered or has left the page meanwhile is looked for again.
    async fn press(&self, find: impl AsyncFn() -> WebElement) {
        let deadline = Instant::now() + self.patience;
        loop {
            let Err(error) = find().await.click().await else { return };
            assert!(is_passing(&error) && Instant::now() < deadline, "{error}\n{}", self.described().await);
            sleep(PAUSE).await;
        }
    }

    async fn wait_for(&self, by: By, what: &str) -> WebElement {
        let deadline = Instant::now() + self.patience;
        loop {
            if let Some(element) = self.displayed(by.clone()).await {
                return element;
            }
            assert!(Instant::now() < deadline, "there is no `{what}`\n{}", self.described().await);
            sleep(PAUSE).await;
        }
    }

    /// The first match that is displayed now. A match that left the page before it was looked at is none.
    pub(super) async fn displayed(&self, by: By) -> Option<WebElement> {
        let Some(within) = &self.within else {
            return first_displayed(self.driver.find_all(by).await).await;
        };
        let part = first_displayed(self.driver.find_all(By::Css(within)).await).await?;
        first_displayed(part.find_all(by).await).await
    }

    /// Where one is and what is there, for the message of a failed test.
    async fn described(&self) -> String {
        let address = self.script("return location.pathname + location.search").await;
        let place = self.within.as_ref().map(|css| format!(", {css}")).unwrap_or_default();
        let page = Self::whole(self.driver.clone()).text().await;
        format!("on {}{place}; the page reads:\n{page}", address.as_str().unwrap_or_default())
    }
}

/// Whether what was asked had left the page: it was drawn anew.
fn is_stale(error: &WebDriverError) -> bool {
    matches!(**error, WebDriverErrorInner::StaleElementReference(_))
}

/// Whether an element cannot be used at this moment: it was drawn anew, something lies over it, or it is not shown yet.
pub(super) fn is_passing(error: &WebDriverError) -> bool {
    matches!(
        **error,
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
    )
}

async fn first_displayed(found: WebDriverResult<Vec<WebElement>>) -> Option<WebElement> {
    let found = match found {
        Err(error) if is_stale(&error) => return None,
        found => found.unwrap(),
    };
    for element in found {
        match element.is_displayed().await {
            Ok(true) => return Some(element),
            Ok(false) => {}
            Err(error) if is_stale(&error) => {}
            Err(error) => panic!("{error}"),
        }
    }
    None
}

/// The button, link, tab or menu item that says something, alone or in its first words.
pub(super) fn saying(says: &str) -> By {
    let text = xpath_text(says);
    let first = "normalize-space((.//text()[normalize-space()])[1])";
    let said = format!("{first}={text} or normalize-space(.)={text} or @aria-label={text} or @title={text}");
    By::XPath(format!(".//*[{CONTROLS}][{said}]"))
}

/// The elements of some kinds that a label with a text belongs to. The label's first words count: a star or a note may follow.
fn labelled(kinds: &str, label: &str) -> String {
    let text = xpath_text(label);
    let says = format!("normalize-space((.//text()[normalize-space()])[1])={text}");
    format!(".//*[{kinds}][@aria-label={text} or @id=//label[{says}]/@for or ancestor::label[{says}]]")
}

/// A text as an XPath literal, which has no escapes.
fn xpath_text(text: &str) -> String {
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<_> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    format!("concat({})", parts.join(", '\"', "))
}
