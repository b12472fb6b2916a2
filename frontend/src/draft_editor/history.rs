//! What was done to a document, and how to take it back.

use engine::flow::FlowDocument;
use engine::form::FormDocument;
use engine::text::Fault;
use engine::{flow, form};

/// A document that is changed by commands of the engine.
pub trait Editable: Clone + PartialEq + Send + Sync + 'static {
    type Edit: Clone + Send + Sync + 'static;

    /// Carries a command out and gives the commands that take it back, in order.
    ///
    /// # Errors
    /// The command does not fit the document, which is unchanged then.
    fn carry_out(&mut self, edit: &Self::Edit) -> Result<Vec<Self::Edit>, Fault>;
}

impl Editable for FormDocument {
    type Edit = form::edit::Edit;

    fn carry_out(&mut self, edit: &Self::Edit) -> Result<Vec<Self::Edit>, Fault> {
        edit.apply(self)
    }
}

impl Editable for FlowDocument {
    type Edit = flow::document::Edit;

    fn carry_out(&mut self, edit: &Self::Edit) -> Result<Vec<Self::Edit>, Fault> {
        edit.apply(self).map(|undo| vec![undo])
    }
}

/// Something that was done in one go, by its name on the screen.
struct Step<E> {
    name: String,
    edits: Vec<E>,
    undo: Vec<E>,
    /// What is typed without a break is one step under one name.
    typing: Option<String>,
}

/// The steps that were done and those that were taken back, the last one at the end.
///
/// Each of its moves carries commands out on the document and gives them, so that they can be sent; none where there is
/// no step to move by.
pub struct History<D: Editable> {
    done: Vec<Step<D::Edit>>,
    undone: Vec<Step<D::Edit>>,
}

impl<D: Editable> Default for History<D> {
    fn default() -> History<D> {
        History { done: Vec::new(), undone: Vec::new() }
    }
}

impl<D: Editable> History<D> {
    /// Carries out commands as one step.
    ///
    /// # Errors
    /// One of them does not fit: none is carried out.
    pub fn run(
        &mut self,
        document: &mut D,
        name: String,
        edits: Vec<D::Edit>,
    ) -> Result<Vec<D::Edit>, Fault> {
        let undo = all_or_none(document, &edits)?;
        self.done.push(Step { name, edits: edits.clone(), undo, typing: None });
        self.undone.clear();
        Ok(edits)
    }

    /// Carries out commands that take in what somebody has typed so far. Those of one typing are one step as long as
    /// nothing else is done in between.
    ///
    /// # Errors
    /// As for [`History::run`].
    pub fn take_in(
        &mut self,
        document: &mut D,
        name: String,
        edits: Vec<D::Edit>,
        typing: &str,
    ) -> Result<Vec<D::Edit>, Fault> {
        let undo = all_or_none(document, &edits)?;
        let goes_on = self.undone.is_empty();
        match self.done.last_mut() {
            Some(step) if goes_on && step.typing.as_deref() == Some(typing) => {
                step.edits.extend(edits.iter().cloned());
                step.undo.splice(0..0, undo).for_each(drop);
            }
            _ => {
                let typing = Some(typing.to_string());
                self.done.push(Step { name, edits: edits.clone(), undo, typing });
            }
        }
        self.undone.clear();
        Ok(edits)
    }

    /// Takes the last step back.
    ///
    /// # Errors
    /// It can't be taken back any more, since somebody else has changed the document. The step is forgotten.
    pub fn undo(&mut self, document: &mut D) -> Result<Vec<D::Edit>, Fault> {
        let Some(step) = self.done.pop() else { return Ok(Vec::new()) };
        all_or_none(document, &step.undo)?;
        let edits = step.undo.clone();
        self.undone.push(step);
        Ok(edits)
    }

    /// Does again what was taken back last.
    ///
    /// # Errors
    /// As for [`History::undo`].
    pub fn redo(&mut self, document: &mut D) -> Result<Vec<D::Edit>, Fault> {
        let Some(step) = self.undone.pop() else { return Ok(Vec::new()) };
        let undo = all_or_none(document, &step.edits)?;
        let edits = step.edits.clone();
        self.done.push(Step { undo, ..step });
        Ok(edits)
    }

    /// What [`History::undo`] would take back.
    pub fn undo_name(&self) -> Option<&str> {
        self.done.last().map(|step| step.name.as_str())
    }

    /// What [`History::redo`] would do again.
    pub fn redo_name(&self) -> Option<&str> {
        self.undone.last().map(|step| step.name.as_str())
    }
}

/// Carries out all commands or none; gives what takes them back.
fn all_or_none<D: Editable>(document: &mut D, edits: &[D::Edit]) -> Result<Vec<D::Edit>, Fault> {
    let mut changed = document.clone();
    let mut undo = Vec::new();
    for edit in edits {
        // What was done last is taken back first.
        undo.splice(0..0, changed.carry_out(edit)?).for_each(drop);
    }
    *document = changed;
    Ok(undo)
}

#[cfg(test)]
mod tests {
    use engine::form::edit::Edit;
    use serde_json::json;

    use super::*;

    fn form() -> FormDocument {
        serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "text"}]}))
        .unwrap()
    }

    fn renamed(key: &str, label: &str) -> Edit {
        Edit::Set { key: key.into(), member: "label".into(), value: json!(label) }
    }

    #[test]
    fn steps_are_taken_back_and_done_again() {
        let (mut document, mut history) = (form(), History::default());
        let edits = vec![renamed("a", "Ant"), renamed("a", "Ape")];
        assert_eq!(history.run(&mut document, "first".into(), edits.clone()).unwrap(), edits);
        let after = document.clone();
        assert_eq!(history.undo_name(), Some("first"));
        let sent = history.undo(&mut document).unwrap();
        assert_eq!(document, form());
        // What was given to be sent does the same on the server.
        let mut elsewhere = after.clone();
        for edit in &sent {
            edit.apply(&mut elsewhere).unwrap();
        }
        assert_eq!(elsewhere, document);
        assert_eq!((history.undo_name(), history.redo_name()), (None, Some("first")));
        assert_eq!(history.redo(&mut document).unwrap(), edits);
        assert_eq!(document, after);
        assert!(history.redo(&mut document).unwrap().is_empty());
    }

    #[test]
    fn what_is_typed_in_one_go_is_one_step() {
        let (mut document, mut history) = (form(), History::default());
        let type_in =
            |history: &mut History<FormDocument>, document: &mut FormDocument, text: &str, typing: &str| {
                history.take_in(document, text.into(), vec![renamed("a", text)], typing).unwrap();
            };
        type_in(&mut history, &mut document, "An", "one");
        type_in(&mut history, &mut document, "Ant", "one");
        let after = document.clone();
        assert_eq!(history.undo_name(), Some("An"));
        history.undo(&mut document).unwrap();
        assert_eq!((&document, history.undo_name()), (&form(), None));
        history.redo(&mut document).unwrap();
        assert_eq!(document, after);
        // Another typing, or something else in between, begins a step of its own.
        type_in(&mut history, &mut document, "Ape", "two");
        history.run(&mut document, "other".into(), vec![renamed("b", "Bee")]).unwrap();
        type_in(&mut history, &mut document, "Apes", "two");
        history.undo(&mut document).unwrap();
        assert_eq!(history.undo_name(), Some("other"));
        type_in(&mut history, &mut document, "Asp", "two");
        assert_eq!((history.undo_name(), history.redo_name()), (Some("Asp"), None));
    }

    #[test]
    fn a_new_step_forgets_what_was_taken_back() {
        let (mut document, mut history) = (form(), History::default());
        history.run(&mut document, "first".into(), vec![renamed("a", "Ant")]).unwrap();
        history.undo(&mut document).unwrap();
        history.run(&mut document, "second".into(), vec![renamed("b", "Bee")]).unwrap();
        assert_eq!((history.undo_name(), history.redo_name()), (Some("second"), None));
    }

    #[test]
    fn a_step_that_fits_in_part_changes_nothing() {
        let (mut document, mut history) = (form(), History::default());
        let edits = vec![renamed("a", "Ant"), renamed("nobody", "Bee")];
        assert!(history.run(&mut document, "wrong".into(), edits).is_err());
        assert_eq!(document, form());
        assert_eq!(history.undo_name(), None);
    }

    #[test]
    fn a_step_that_others_made_impossible_is_forgotten() {
        let (mut document, mut history) = (form(), History::default());
        history.run(&mut document, "first".into(), vec![renamed("b", "Bee")]).unwrap();
        document.fields.truncate(1);
        let theirs = document.clone();
        assert!(history.undo(&mut document).is_err());
        assert_eq!(document, theirs);
        assert_eq!((history.undo_name(), history.redo_name()), (None, None));
    }
}
