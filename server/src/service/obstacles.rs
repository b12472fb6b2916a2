//! What would not work any more after a change, as it is told: by name what the one who asked may know of, the rest as a number.

use std::collections::BTreeMap;

use engine::text::{Label, Language};
use engine::value::Id;
use serde_json::{Value as Json, json};

use crate::texts::texts;

/// What stands in the way of a change. Who may know of what is decided by [`crate::service::designs::InTheWay`].
#[derive(Clone, Debug, Default)]
pub struct Obstacles {
    pub known: Vec<Obstacle>,
    /// How many more there are.
    pub unseen: usize,
}

/// One thing that would not work any more.
#[derive(Clone, Debug)]
pub struct Obstacle {
    /// `form`, `aggregate`, `dashboard`, `report` or `script`.
    pub object: &'static str,
    /// Absent for a script, which has none.
    pub id: Option<Id>,
    pub app: Label,
    pub label: Label,
}

impl Obstacles {
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.unseen == 0
    }

    /// What the sentence of the refusal says of them.
    pub fn told(&self, language: Language) -> String {
        let names = self.known.iter().map(|one| one.name(language));
        let between = if language == Language::En { ", " } else { "、" };
        let uses = names.collect::<Vec<String>>().join(between);
        let known = match (self.known.len(), self.unseen) {
            (0, _) => "none",
            (_, 0) => "all",
            _ => "some",
        };
        let args = [("known", known.to_string()), ("uses", uses), ("unseen", self.unseen.to_string())];
        let args: BTreeMap<String, String> =
            args.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        texts(language).get("in-the-way", &args).unwrap_or_default()
    }

    /// The members of the problem document that say it to a program.
    pub fn members(&self, language: Language) -> [(String, Json); 2] {
        let known = self.known.iter().map(|one| {
            json!({
                "object": one.object, "id": one.id, "app": one.app.get(language), "label": one.label.get(language),
            })
        });
        [("uses".to_string(), known.collect()), ("unseen".to_string(), self.unseen.into())]
    }
}

impl Obstacle {
    fn name(&self, language: Language) -> String {
        format!("{}: {}", self.app.get(language), self.label.get(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_may_not_know_of_is_a_number() {
        let order =
            Obstacle { object: "form", id: None, app: Label::from("Shop"), label: Label::from("Order") };
        let told = |known: &[&Obstacle], unseen, language| {
            let known = known.iter().map(|one| (*one).clone()).collect();
            Obstacles { known, unseen }.told(language)
        };
        let en = Language::En;
        assert_eq!(told(&[&order], 0, en), "Shop: Order");
        assert_eq!(told(&[&order, &order], 1, en), "Shop: Order, Shop: Order and 1 more that you don't see");
        assert_eq!(told(&[&order], 2, en), "Shop: Order and 2 more that you don't see");
        assert_eq!(told(&[], 1, en), "1 thing that you don't see");
        assert_eq!(told(&[], 2, en), "2 things that you don't see");
        assert_eq!(
            told(&[&order, &order], 2, Language::ZhCn),
            "Shop: Order、Shop: Order，以及你看不到的 2 项"
        );
        assert_eq!(told(&[], 2, Language::ZhTw), "你看不到的 2 項內容");
        let members = Obstacles { known: vec![order], unseen: 2 }.members(en);
        let uses = json!([{"object": "form", "id": null, "app": "Shop", "label": "Order"}]);
        assert_eq!(members, [("uses".to_string(), uses), ("unseen".to_string(), json!(2))]);
    }
}
