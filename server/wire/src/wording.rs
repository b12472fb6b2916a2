//! How a label looks on the wire, for the description of the API: the engine reads and writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A label: one text, or one for each language that somebody has written it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Wording {
    /// In the workspace's language.
    Plain(String),
    /// By language tag: `zh-CN`, `zh-TW`, `en`.
    Languages(BTreeMap<String, String>),
}

#[cfg(test)]
mod tests {
    use engine::text::Label;
    use serde_json::json;

    use super::Wording;

    #[test]
    fn what_is_described_is_what_labels_are() {
        for written in [json!("Name"), json!({"en": "Name", "zh-CN": "名称"})] {
            let label: Label = serde_json::from_value(written).unwrap();
            let sent = serde_json::to_value(&label).unwrap();
            let told: Wording = serde_json::from_value(sent.clone()).unwrap();
            assert_eq!(serde_json::to_value(&told).unwrap(), sent);
        }
    }
}
