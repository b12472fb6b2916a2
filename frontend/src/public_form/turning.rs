//! The pages of a public form, one after the other. A page of which the rules of the form hide everything is left out.

use engine::text::Label;
use leptos::prelude::*;

use crate::browser;
use crate::fill::{FormPage, FormState, pages_of};

/// The pages of the form that is filled in, and the one that is shown. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Pages {
    pub all: StoredValue<Vec<FormPage>>,
    /// The places of those that are not left out.
    open: Memo<Vec<usize>>,
    /// The place that was turned to.
    turned: RwSignal<usize>,
}

impl Pages {
    pub fn of(state: FormState) -> Pages {
        let all = StoredValue::new(state.draft.with_untracked(|draft| pages_of(draft.form())));
        let open = Memo::new(move |_| {
            state.draft.with(|draft| {
                let is_open = |page: &FormPage| page.fields.iter().any(|field| !draft.is_hidden(field));
                all.with_value(|pages| places(pages.iter().map(is_open)))
            })
        });
        let pages = Pages { all, open, turned: RwSignal::new(0) };
        state.turning.set_value(Some(Callback::new(move |path: String| {
            let place = all.with_value(|pages| pages.iter().position(|page| page.holds(&path)));
            if let Some(place) = place {
                pages.turned.set(place);
            }
        })));
        pages
    }

    /// The place of the page that is shown; tracked.
    pub fn here(self) -> usize {
        let turned = self.turned.get();
        self.open.with(|open| shown(open, turned))
    }

    /// Which page that is of those that are not left out, counted from one; tracked.
    pub fn number(self) -> usize {
        let here = self.here();
        self.open.with(|open| open.iter().position(|place| *place == here).unwrap_or_default() + 1)
    }

    /// How many are not left out; tracked.
    pub fn count(self) -> usize {
        self.open.with(Vec::len).max(1)
    }

    pub fn is_last(self) -> bool {
        self.number() >= self.count()
    }

    /// The fields of the page that is shown.
    pub fn fields(self) -> Vec<String> {
        let here = untrack(|| self.here());
        self.all.with_value(|pages| pages.get(here).map(|page| page.fields.clone())).unwrap_or_default()
    }

    /// What the page at a place is called.
    pub fn label(self, place: usize) -> Option<Label> {
        self.all.with_value(|pages| pages.get(place).and_then(|page| page.label.clone()))
    }

    /// Turns on or back, and shows the page from its top.
    pub fn turn(self, on: bool) {
        let next = untrack(|| {
            let here = self.here();
            self.open.with(|open| {
                let mut others = open.iter().copied();
                if on { others.find(|place| *place > here) } else { others.rfind(|place| *place < here) }
            })
        });
        if let Some(next) = next {
            self.turned.set(next);
            request_animation_frame(|| browser::focus_at(".public-card h1"));
        }
    }
}

/// The places of what holds.
fn places(holds: impl Iterator<Item = bool>) -> Vec<usize> {
    holds.enumerate().filter_map(|(place, holds)| holds.then_some(place)).collect()
}

/// The page to show where this place was turned to: that, or the next one that is not left out.
fn shown(open: &[usize], turned: usize) -> usize {
    let next = open.iter().copied().find(|place| *place >= turned);
    next.or_else(|| open.last().copied()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_left_out_is_gone_past() {
        let open = places([true, false, true].into_iter());
        assert_eq!(open, [0, 2]);
        assert_eq!((shown(&open, 0), shown(&open, 1), shown(&open, 2)), (0, 2, 2));
        // The last one has gone since it was turned to.
        assert_eq!((shown(&[0, 1], 2), shown(&[], 2)), (1, 0));
    }
}
