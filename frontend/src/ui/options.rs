//! The options of a select: what they are and how a list of them is searched and walked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use engine::value::fold;
use leptos::prelude::*;

use super::chip::chip_class;

/// One option of a select.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is stored.
    pub key: String,
    /// What is shown, in the reader's language.
    pub label: String,
    /// Option colour 1–12; none shows plain text.
    pub colour: Option<u8>,
    /// A quiet text at the right; for an option that can't be chosen, why.
    pub note: Option<String>,
    /// The heading that it stands under in the list. Those of one heading follow each other.
    pub group: Option<String>,
    /// A picture before it in the list.
    pub icon: Option<String>,
    pub disabled: bool,
}

impl Choice {
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { key: key.into(), label: label.into(), ..Choice::default() }
    }

    pub fn colour(mut self, colour: u8) -> Choice {
        self.colour = Some(colour);
        self
    }

    pub fn group(mut self, group: impl Into<String>) -> Choice {
        self.group = Some(group.into());
        self
    }

    pub fn icon(mut self, icon: impl Into<String>) -> Choice {
        self.icon = Some(icon.into());
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Choice {
        self.note = Some(note.into());
        self
    }
}

/// An option as it is shown: a chip where it has a colour.
#[component]
pub fn ChoiceChip(choice: Choice) -> impl IntoView {
    match choice.colour {
        Some(colour) => {
            let words = choice.label.clone();
            view! { <span class=chip_class(colour) title=words><span class="clip">{choice.label}</span></span> }
                .into_any()
        }
        None => {
            let words = choice.label.clone();
            view! { <span class="clip" title=words>{choice.label}</span> }.into_any()
        }
    }
}

thread_local! {
    /// How labels of options sound, by label.
    static SOUNDS: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// Learns how labels of options sound: from now on they are found by pinyin too.
pub fn learn_sounds(sounds: &BTreeMap<String, String>) {
    SOUNDS.with_borrow_mut(|known| {
        known.extend(sounds.iter().map(|(label, sound)| (label.clone(), sound.clone())))
    });
}

/// Whether a label may sound, and nobody has told yet how.
pub fn may_sound(label: &str) -> bool {
    let is_chinese = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    label.chars().any(is_chinese) && SOUNDS.with_borrow(|known| !known.contains_key(label))
}

/// Whether a label sounds like what was typed: `zb`, `zhibo` and `zhi bo` for `直播`.
pub fn sounds_like(label: &str, query: &str) -> bool {
    let typed: String = query.split_whitespace().collect();
    SOUNDS.with_borrow(|known| {
        known.get(label).is_some_and(|sound| sound.split(' ').any(|part| part.contains(&typed)))
    })
}

/// The options whose label, note or heading contains `query`, without regard to case and width, or whose label sounds like it.
pub(crate) fn matching(choices: &[Choice], query: &str) -> Vec<Choice> {
    let query = fold(query.trim());
    let says = |words: &Option<String>| words.as_deref().is_some_and(|words| fold(words).contains(&query));
    let hit = |choice: &&Choice| {
        query.is_empty()
            || fold(&choice.label).contains(&query)
            || sounds_like(&choice.label, &query)
            || says(&choice.note)
            || says(&choice.group)
    };
    let mut found: Vec<Choice> = choices.iter().filter(hit).cloned().collect();
    // What is found only somewhere within how it is spelled comes last: `gzh` is meant for 公众号, and in 网站 (wangzhan) by chance.
    found.sort_by_key(|choice| is_by_chance(choice, &query));
    found
}

/// Whether an option has what was typed neither in its words nor in its initials.
fn is_by_chance(choice: &Choice, query: &str) -> bool {
    let typed: String = query.split_whitespace().collect();
    let by_initials = SOUNDS.with_borrow(|known| {
        known
            .get(&choice.label)
            .and_then(|sound| sound.split(' ').next())
            .is_some_and(|part| part.contains(&typed))
    });
    choice.group.is_none()
        && !by_initials
        && sounds_like(&choice.label, query)
        && !fold(&choice.label).contains(query)
}

/// The headings of options in their order; none where an option stands under no heading.
pub(super) fn headings(choices: &[Choice]) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::new();
    for choice in choices {
        if !found.contains(&choice.group) {
            found.push(choice.group.clone());
        }
    }
    found
}

/// From how many options on a list has a search box.
pub(crate) const SEARCH_FROM: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_under_headings_are_found_by_these_too() {
        let choices = [
            Choice::new("a", "Mia").group("Members"),
            Choice::new("b", "Buyers").group("Roles"),
            Choice::new("c", "None"),
        ];
        let headed = |query| headings(&matching(&choices, query));
        assert_eq!(headed(""), [Some("Members".to_string()), Some("Roles".to_string()), None]);
        assert_eq!(headed("role"), [Some("Roles".to_string())]);
    }

    #[test]
    fn options_are_found_by_label_and_note_in_any_case_and_width() {
        let choices =
            [Choice::new("a", "VIP"), Choice::new("b", "直播").note("zhibo"), Choice::new("c", "普通")];
        let found = |query| matching(&choices, query).into_iter().map(|c| c.key).collect::<Vec<_>>();
        assert_eq!(found("ｖip"), ["a"]);
        assert_eq!(found("zhi"), ["b"]);
        assert_eq!(found("pt"), Vec::<String>::new());
        learn_sounds(&BTreeMap::from([("普通".to_string(), "pt putong".to_string())]));
        assert!(!may_sound("普通") && may_sound("直播") && !may_sound("VIP"));
        for typed in ["pt", "putong", "Pu tong", "ｐｕ"] {
            assert_eq!(found(typed), ["c"], "{typed}");
        }
        assert_eq!(found(" "), ["a", "b", "c"]);
    }
}
