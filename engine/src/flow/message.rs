//! A message of a flow: whom it goes to, by which ways, and what it says (automations.md, `notify`).

use serde::Deserialize;

use super::who::Who;
use crate::condition::Reach;
use crate::form::{Catalogue, Form, pattern_paths};
use crate::text::{Fault, Faults, Label};

/// Letters of a title and of a body at most, in each language.
const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 4_000;

/// How a message reaches people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In the product, among what they were told of.
    App,
    Mail,
}

/// A message as it was designed: names of fields of the flow's record stand in braces.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub to: Vec<Who>,
    #[serde(default = "every_channel")]
    pub channels: Vec<Channel>,
    pub title: Label,
    #[serde(default)]
    pub body: Label,
}

fn every_channel() -> Vec<Channel> {
    vec![Channel::App, Channel::Mail]
}

impl Message {
    pub fn is_by(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }

    /// Every text with names of fields in braces.
    pub fn templates(&self) -> Vec<&str> {
        self.title.texts().into_iter().chain(self.body.texts()).collect()
    }

    /// What is wrong with what it says, at JSON pointers into the action; who gets it is the analyser's to check.
    pub fn faults(&self, form: &Form, catalogue: &dyn Catalogue) -> Faults {
        let mut faults = Faults::new();
        if self.title.is_blank() {
            faults.push(Fault::new("/title", "label_missing"));
        }
        if self.channels.is_empty() {
            faults.push(Fault::new("/channels", "required"));
        }
        for (at, text, longest) in
            [("/title", &self.title, LONGEST_TITLE), ("/body", &self.body, LONGEST_BODY)]
        {
            if text.texts().iter().any(|text| text.chars().count() > longest) {
                faults.push(Fault::new(at, "too_long").arg("max", longest));
            }
            let unknown = text.texts().into_iter().flat_map(|text| unknown_in(text, form, catalogue));
            let mut told = Vec::new();
            for path in unknown {
                if !told.contains(&path) {
                    faults.push(Fault::new(at, "unknown_field").arg("field", &path));
                    told.push(path);
                }
            }
        }
        faults
    }

    /// The paths through links that its texts read.
    pub fn link_reads(&self, form: &Form, catalogue: &dyn Catalogue) -> Vec<Reach> {
        reads_of(self.templates(), form, catalogue)
    }
}

/// The names in a template that are no fields of the form.
pub(super) fn unknown_in(template: &str, form: &Form, catalogue: &dyn Catalogue) -> Vec<String> {
    pattern_paths(template).into_iter().filter(|path| form.find(path, catalogue).is_err()).collect()
}

/// The paths through links that templates read.
pub(super) fn reads_of<'t>(
    templates: impl IntoIterator<Item = &'t str>,
    form: &Form,
    catalogue: &dyn Catalogue,
) -> Vec<Reach> {
    let paths = templates.into_iter().flat_map(pattern_paths);
    let found = paths.filter_map(|path| form.find(&path, catalogue).ok()).map(|(reach, _)| reach);
    form.reads_behind(found).into_iter().collect()
}
