//! What a layout has between the fields: the titles of sections, and the heads of tabs.

use std::collections::{BTreeMap, BTreeSet};

use engine::form::edit::Edit;
use engine::form::{FormDocument, LayoutItem, Tab};
use engine::text::Label;

/// Which tab is open in an item of the layout, by the places of the item; the first one where none is named.
pub type OpenTabs = BTreeMap<Vec<usize>, usize>;

/// The tabs that are open once the layout is another one: those that were, wherever they stand.
pub fn still_open(open: &OpenTabs, before: &[LayoutItem], now: &[LayoutItem]) -> OpenTabs {
    let follow = |(item, tab): (&Vec<usize>, &usize)| {
        let heading = Heading::at(item, *tab).followed(before, now)?;
        let (tab, item) = heading.0.split_last()?;
        Some((item.to_vec(), *tab))
    };
    open.iter().filter_map(follow).collect()
}

/// Where a heading stands: the place of its item in the layout; with one more place, which tab of that item it is. Inside
/// a tab the places go on the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading(Vec<usize>);

impl Heading {
    /// The one at a place among the items of the form or of a tab, or among the tabs of an item; `around` are the places
    /// of that tab or item.
    pub fn at(around: &[usize], place: usize) -> Heading {
        Heading(around.iter().copied().chain([place]).collect())
    }

    pub fn is_tab(&self) -> bool {
        self.0.len().is_multiple_of(2)
    }

    /// Its place and the places around it.
    pub fn places(&self) -> &[usize] {
        &self.0
    }

    /// What it says; nothing where no heading stands any more.
    pub fn label(&self, document: &FormDocument) -> Option<Label> {
        let mut layout = document.layout.clone();
        label_at(&mut layout, &self.0).cloned()
    }

    /// The command that gives it another text.
    pub fn renamed(&self, document: &FormDocument, label: Label) -> Option<Edit> {
        let mut layout = document.layout.clone();
        *label_at(&mut layout, &self.0)? = label;
        Some(Edit::SetLayout { layout })
    }

    /// The command that takes it out; the fields under it stay. Those of a tab go to the tab beside it, and into the form
    /// with the last one.
    pub fn removed(&self, document: &FormDocument) -> Option<Edit> {
        let mut layout = document.layout.clone();
        label_at(&mut layout, &self.0)?;
        let (place, around) = self.0.split_last()?;
        if self.is_tab() {
            let (item, within) = around.split_last()?;
            let items = items_at(&mut layout, within)?;
            let tabs = items.get_mut(*item)?.tabs.as_mut()?;
            let rows = tabs.remove(*place).rows;
            if let Some(before) = place.checked_sub(1).and_then(|before| tabs.get_mut(before)) {
                before.rows.extend(rows);
            } else if let Some(next) = tabs.first_mut() {
                next.rows.splice(0..0, rows).for_each(drop);
            } else {
                items.splice(*item..=*item, rows).for_each(drop);
            }
        } else {
            items_at(&mut layout, around)?.remove(*place);
        }
        Some(Edit::SetLayout { layout })
    }

    /// The command that adds a tab after this one, and where that is; `label` says what the so manieth tab is called.
    pub fn with_another(
        &self,
        document: &FormDocument,
        label: impl FnOnce(usize) -> Label,
    ) -> Option<(Edit, Heading)> {
        let mut layout = document.layout.clone();
        let (place, around) = self.0.split_last().filter(|_| self.is_tab())?;
        let (item, within) = around.split_last()?;
        let tabs = items_at(&mut layout, within)?.get_mut(*item)?.tabs.as_mut()?;
        let to = place + 1;
        let label = label(tabs.len() + 1);
        (to <= tabs.len()).then(|| tabs.insert(to, Tab { label, rows: Vec::new() }))?;
        Some((Edit::SetLayout { layout }, Heading::at(around, to)))
    }

    /// The command that moves it one place on (`by` 1) or back (-1) among what it stands beside, and where it is then. A
    /// tab takes its fields along.
    pub fn moved(&self, document: &FormDocument, by: isize) -> Option<(Edit, Heading)> {
        let mut layout = document.layout.clone();
        let (from, around) = self.0.split_last()?;
        let to = from.checked_add_signed(by)?;
        if self.is_tab() {
            let (item, within) = around.split_last()?;
            let tabs = items_at(&mut layout, within)?.get_mut(*item)?.tabs.as_mut()?;
            swap(tabs, *from, to)?;
        } else {
            swap(items_at(&mut layout, around)?, *from, to)?;
        }
        Some((Edit::SetLayout { layout }, Heading::at(around, to)))
    }

    /// The places of what stands first under it.
    pub fn first_place(&self) -> Vec<usize> {
        match self.0.split_last() {
            Some((place, around)) if !self.is_tab() => around.iter().copied().chain([place + 1]).collect(),
            _ => self.0.iter().copied().chain([0]).collect(),
        }
    }

    /// Where it stands once the layout is another one. A heading is known by what it says, and where several say the same,
    /// by the field below it or by which of them it is. One that alone says something else now was renamed.
    pub fn followed(&self, before: &[LayoutItem], now: &[LayoutItem]) -> Option<Heading> {
        let (old, new) = (standing(before, &[]), standing(now, &[]));
        let at = old.iter().position(|(heading, _)| heading == self)?;
        if is_renamed(at, &old, &new) {
            return Some(self.clone());
        }
        let (_, label) = old.get(at)?;
        let alike = |(heading, said): &&Standing| heading.is_tab() == self.is_tab() && said == label;
        let were: Vec<&Standing> = old.iter().filter(alike).collect();
        let are: Vec<&Standing> = new.iter().filter(alike).collect();
        if let ([_], [(only, _)]) = (were.as_slice(), are.as_slice()) {
            return Some(only.clone());
        }
        let in_turn = || {
            let turn = were.iter().position(|(heading, _)| heading == self)?;
            are.get(turn).filter(|_| were.len() == are.len())
        };
        let over_field = || {
            let field = self.first_field_in(before)?;
            are.iter().find(|(heading, _)| heading.first_field_in(now).as_ref() == Some(&field))
        };
        // Where a field was dragged from one to another it says nothing of them.
        let is_told_by_field = were.len() != are.len() || fields(&were, before) == fields(&are, now);
        let found = if is_told_by_field { over_field().or_else(in_turn) } else { in_turn() };
        found.map(|(heading, _)| heading.clone())
    }

    /// The first field that stands under it.
    fn first_field_in(&self, layout: &[LayoutItem]) -> Option<String> {
        let mut layout = layout.to_vec();
        let (place, around) = self.0.split_last()?;
        let below = if self.is_tab() {
            items_at(&mut layout, &self.0)?.as_slice()
        } else {
            items_at(&mut layout, around)?.get(place + 1..)?
        };
        let fields = |item: &LayoutItem| item.row.iter().flatten().map(|cell| cell.field.clone()).next();
        below.iter().take_while(|item| item.divider.is_none()).find_map(fields)
    }
}

/// A heading with what it says.
type Standing = (Heading, Label);

/// All headings of a form with what they say, in its order.
pub fn all(document: &FormDocument) -> Vec<(Heading, Label)> {
    standing(&document.layout, &[])
}

/// The headings among these items, in the order of the form; `around` are the places of the tab that the items are in.
fn standing(items: &[LayoutItem], around: &[usize]) -> Vec<Standing> {
    let mut found = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let own = Heading::at(around, place);
        for (tab_place, tab) in item.tabs.iter().flatten().enumerate() {
            let head = Heading::at(own.places(), tab_place);
            let inside = standing(&tab.rows, head.places());
            found.push((head, tab.label.clone()));
            found.extend(inside);
        }
        if let Some(label) = &item.divider {
            found.push((own, label.clone()));
        }
    }
    found
}

/// The first fields below headings of a layout.
fn fields(headings: &[&Standing], layout: &[LayoutItem]) -> BTreeSet<Option<String>> {
    headings.iter().map(|(heading, _)| heading.first_field_in(layout)).collect()
}

/// Whether all that changed between both is what the heading at `at` says.
fn is_renamed(at: usize, old: &[Standing], new: &[Standing]) -> bool {
    let mut pairs = old.iter().zip(new).enumerate();
    old.len() == new.len()
        && pairs.all(|(place, (old, new))| old.0 == new.0 && (place == at) == (old.1 != new.1))
}

/// Puts an item at a place of a layout, before what stands there; nothing where there is no such place.
pub fn insert_at(layout: &mut Vec<LayoutItem>, places: &[usize], item: LayoutItem) -> Option<()> {
    let (place, within) = places.split_last()?;
    let items = items_at(layout, within)?;
    (*place <= items.len()).then(|| items.insert(*place, item))
}

fn swap<T>(list: &mut [T], from: usize, to: usize) -> Option<()> {
    (from.max(to) < list.len()).then(|| list.swap(from, to))
}

/// The items of the tab at a place; those of the form itself at none.
fn items_at<'l>(layout: &'l mut Vec<LayoutItem>, places: &[usize]) -> Option<&'l mut Vec<LayoutItem>> {
    match places {
        [] => Some(layout),
        [item, tab, rest @ ..] => {
            let tabs = layout.get_mut(*item)?.tabs.as_mut()?;
            items_at(&mut tabs.get_mut(*tab)?.rows, rest)
        }
        [_] => None,
    }
}

fn label_at<'l>(layout: &'l mut Vec<LayoutItem>, places: &[usize]) -> Option<&'l mut Label> {
    match places {
        [.., item, tab] if places.len().is_multiple_of(2) => {
            let within = places.get(..places.len() - 2)?;
            let tabs = items_at(layout, within)?.get_mut(*item)?.tabs.as_mut()?;
            Some(&mut tabs.get_mut(*tab)?.label)
        }
        [within @ .., item] => items_at(layout, within)?.get_mut(*item)?.divider.as_mut(),
        [] => None,
    }
}

/// The places of the item in whose row a field stands.
pub fn places_of(items: &[LayoutItem], field: &str) -> Option<Vec<usize>> {
    items.iter().enumerate().find_map(|(place, item)| {
        if item.row.iter().flatten().any(|cell| cell.field == field) {
            return Some(vec![place]);
        }
        item.tabs.iter().flatten().enumerate().find_map(|(tab, inside)| {
            let rest = places_of(&inside.rows, field)?;
            Some([place, tab].into_iter().chain(rest).collect())
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> FormDocument {
        let field = |key: &str| json!({"key": key, "label": key, "kind": "text"});
        let row = |key: &str| json!({"row": [{"field": key, "width": 12}]});
        serde_json::from_value(json!({"key": "f", "label": "F",
            "fields": [field("a"), field("b"), field("c"), field("d")],
            "layout": [{"divider": "First"}, row("a"), {"divider": "Second"},
                {"tabs": [{"label": "One", "rows": [row("b"), {"divider": "Inside"}, row("c")]},
                    {"label": "Two", "rows": [row("d")]}]}]}))
        .unwrap()
    }

    fn at(places: &[usize]) -> Heading {
        Heading(places.to_vec())
    }

    fn says(heading: &Heading, document: &FormDocument) -> Option<String> {
        heading.label(document).map(|label| label.get(engine::text::Language::En).to_string())
    }

    #[test]
    fn headings_are_found_where_they_stand() {
        let document = document();
        let expected: [(&[usize], Option<&str>); 9] = [
            (&[0], Some("First")),
            (&[2], Some("Second")),
            (&[3, 0], Some("One")),
            (&[3, 1], Some("Two")),
            (&[3, 0, 1], Some("Inside")),
            (&[1], None),
            (&[3], None),
            (&[9, 9], None),
            (&[], None),
        ];
        for (places, label) in expected {
            assert_eq!(says(&at(places), &document).as_deref(), label, "{places:?}");
        }
        assert_eq!(places_of(&document.layout, "a"), Some(vec![1]));
        assert_eq!(places_of(&document.layout, "c"), Some(vec![3, 0, 2]));
        assert_eq!(places_of(&document.layout, "gone"), None);
        let first = |places: &[usize]| at(places).first_place();
        assert_eq!((first(&[0]), first(&[3, 1])), (vec![1], vec![3, 1, 0]));
        assert_eq!((first(&[3, 0]), first(&[3, 0, 1])), (vec![3, 0, 0], vec![3, 0, 2]));
    }

    /// The layout with these sections, each over a field.
    fn sections(labels: &[(&str, &str)]) -> Vec<LayoutItem> {
        let items = labels.iter().flat_map(|(label, field)| {
            [json!({"divider": label}), json!({"row": [{"field": field, "width": 12}]})]
        });
        serde_json::from_value(items.collect()).unwrap()
    }

    #[test]
    fn a_heading_is_followed_and_never_taken_for_another() {
        let before = sections(&[("First", "a"), ("Second", "b"), ("Third", "c")]);
        let second = |now: &[LayoutItem]| at(&[2]).followed(&before, now);
        assert_eq!(second(&before), Some(at(&[2])));
        assert_eq!(second(&sections(&[("Second", "b"), ("Third", "c")])), Some(at(&[0])));
        assert_eq!(second(&sections(&[("First", "a"), ("Third", "c")])), None, "another stands there");
        assert_eq!(second(&sections(&[("Third", "c"), ("First", "a"), ("Second", "b")])), Some(at(&[4])));
        let renamed = sections(&[("First", "a"), ("New", "b"), ("Third", "c")]);
        assert_eq!(second(&renamed), Some(at(&[2])));
        assert_eq!(at(&[2]).followed(&renamed, &before), Some(at(&[2])), "renaming is taken back");
        // Several say the same.
        let alike = sections(&[("More", "a"), ("More", "b"), ("More", "c")]);
        let moved = sections(&[("More", "b"), ("More", "c"), ("More", "a")]);
        assert_eq!(at(&[2]).followed(&alike, &moved), Some(at(&[0])));
        assert_eq!(at(&[2]).followed(&alike, &alike), Some(at(&[2])));
        let dragged = sections(&[("More", "a"), ("More", "c"), ("More", "b")]);
        assert_eq!(at(&[2]).followed(&alike, &dragged), Some(at(&[4])));
        let mut emptied = alike.clone();
        let row = emptied.remove(3);
        emptied.insert(1, row);
        assert_eq!(
            at(&[2]).followed(&alike, &emptied),
            Some(at(&[3])),
            "its field was dragged over the one before"
        );
        assert_eq!(at(&[2]).followed(&alike, &sections(&[("More", "a"), ("More", "c")])), None);
        assert_eq!(
            at(&[2]).followed(&alike, &sections(&[("More", "a"), ("Other", "b"), ("More", "c")])),
            Some(at(&[2]))
        );
    }

    #[test]
    fn a_tab_stays_open_wherever_it_stands() {
        let document = document();
        let (edit, _) = at(&[3, 0]).moved(&document, 1).unwrap();
        let (mut moved, mut lower) = (document.clone(), document.clone());
        edit.apply(&mut moved).unwrap();
        at(&[0]).removed(&document).unwrap().apply(&mut lower).unwrap();
        let open = OpenTabs::from([(vec![3], 1)]);
        assert_eq!(still_open(&open, &document.layout, &moved.layout), OpenTabs::from([(vec![3], 0)]));
        assert_eq!(still_open(&open, &document.layout, &lower.layout), OpenTabs::from([(vec![2], 1)]));
        assert_eq!(still_open(&open, &document.layout, &sections(&[("Two", "a")])), OpenTabs::new());
    }

    #[test]
    fn headings_are_renamed_moved_and_taken_out() {
        let mut document = document();
        at(&[3, 0, 1]).renamed(&document, "New".into()).unwrap().apply(&mut document).unwrap();
        assert_eq!(says(&at(&[3, 0, 1]), &document).as_deref(), Some("New"));
        let (edit, now) = at(&[0]).moved(&document, 1).unwrap();
        edit.apply(&mut document).unwrap();
        assert_eq!((now, says(&at(&[1]), &document).as_deref()), (at(&[1]), Some("First")));
        let (edit, now) = at(&[3, 0]).moved(&document, 1).unwrap();
        edit.apply(&mut document).unwrap();
        assert_eq!((says(&now, &document).as_deref(), now), (Some("One"), at(&[3, 1])));
        assert_eq!(places_of(&document.layout, "b"), Some(vec![3, 1, 0]));
        assert!(at(&[3, 1]).moved(&document, 1).is_none());
        at(&[2]).removed(&document).unwrap().apply(&mut document).unwrap();
        assert_eq!(document.layout.len(), 3);
        assert!(at(&[0]).removed(&document).is_none(), "a row is no heading");
    }

    #[test]
    fn tabs_come_and_go_and_their_fields_stay() {
        let mut document = document();
        let label = |number: usize| Label::from(format!("Tab {number}").as_str());
        let (edit, new) = at(&[3, 0]).with_another(&document, label).unwrap();
        let undo = edit.apply(&mut document).unwrap();
        assert_eq!((says(&new, &document).as_deref(), &new), (Some("Tab 3"), &at(&[3, 1])));
        for edit in &undo {
            edit.apply(&mut document).unwrap();
        }
        assert_eq!(document, self::document());
        assert!(at(&[0]).with_another(&document, label).is_none(), "a title is no tab");
        // What is in the first tab goes before what the next one has, what is in another after that of the one before.
        at(&[3, 0]).removed(&document).unwrap().apply(&mut document).unwrap();
        assert_eq!(says(&at(&[3, 0]), &document).as_deref(), Some("Two"));
        let places = |document: &FormDocument| ["b", "c", "d"].map(|key| places_of(&document.layout, key));
        assert_eq!(places(&document), [vec![3, 0, 0], vec![3, 0, 2], vec![3, 0, 3]].map(Some));
        at(&[3, 0]).removed(&document).unwrap().apply(&mut document).unwrap();
        assert_eq!(places(&document), [vec![3], vec![5], vec![6]].map(Some));
        let mut document = self::document();
        at(&[3, 1]).removed(&document).unwrap().apply(&mut document).unwrap();
        assert_eq!(places(&document), [vec![3, 0, 0], vec![3, 0, 2], vec![3, 0, 3]].map(Some));
    }
}
