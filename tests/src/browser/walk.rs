//! The way to a state of a page. What is not found on it is said, so that one wrong step does not end the whole walk.

use std::time::Duration;

use thirtyfour::prelude::*;
use tokio::time::{Instant, sleep};

use super::Browser;
use super::part::{is_passing, saying};
use crate::pages::Page;
use crate::states::{State, Step, Words};

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(40);
/// What is typed on the way is not meant to stay: no page asks before it is left.
const GOES_UNASKED: &str =
    "window.addEventListener('beforeunload', event => event.stopImmediatePropagation(), true);";

impl Browser {
    /// From now on pages are left without being asked about what was typed.
    pub async fn leave_unasked(&self) {
        self.on_every_page(GOES_UNASKED).await;
    }

    /// Brings a page into a state, and waits until it has come to rest.
    ///
    /// # Errors
    /// What is not there on the way.
    pub async fn bring(&self, page: &Page, state: &State, words: &Words) -> Result<(), String> {
        self.go(&(page.path.clone() + state.query)).await;
        self.settled(&page.name).await;
        for step in state.steps {
            match *step {
                Step::Press(key) => self.reach(saying(words.get(key)), key, Doing::Press).await?,
                Step::At(css) => self.reach(By::Css(css), css, Doing::Press).await?,
                Step::Type(css, text) => self.reach(By::Css(css), css, Doing::Type(text)).await?,
                Step::Keys(keys) => self.keys(keys).await,
                Step::Give(name, content) => self.give(name, content).await?,
                Step::Run(script) => drop(self.script(script).await),
            }
        }
        self.reach(By::Css(state.shows), state.shows, Doing::Look).await?;
        self.settled(&page.name).await;
        Ok(())
    }

    /// Chooses a file with this content where a dialog asks for one.
    async fn give(&self, name: &str, content: &str) -> Result<(), String> {
        let file = self.profile.path().join(name);
        std::fs::write(&file, content).unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            // The input itself is not seen: what one clicks or drops on lies around it.
            let inputs = self.driver.find_all(By::Css("dialog[open] input[type=file]")).await.unwrap();
            if let Some(input) = inputs.first()
                && input.send_keys(file.to_str().unwrap()).await.is_ok()
            {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("`{name}`: no file is asked for"));
            }
            sleep(PAUSE).await;
        }
    }

    /// Does something with the first displayed element, as soon as that can be done.
    async fn reach(&self, by: By, what: &str, doing: Doing<'_>) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let done = match (self.displayed(by.clone()).await, &doing) {
                (None, _) => None,
                (Some(_), Doing::Look) => Some(Ok(())),
                (Some(element), Doing::Press) => Some(element.click().await),
                (Some(element), Doing::Type(text)) => Some(element.send_keys(*text).await),
            };
            let said = match done {
                Some(Ok(())) => return Ok(()),
                Some(Err(error)) if !is_passing(&error) => return Err(format!("`{what}`: {error}")),
                Some(Err(error)) => error.to_string(),
                None => "it is not there".to_owned(),
            };
            if Instant::now() > deadline {
                return Err(format!("`{what}`: {said}"));
            }
            sleep(PAUSE).await;
        }
    }
}

/// What is done with an element.
enum Doing<'a> {
    Press,
    Type(&'a str),
    Look,
}
