//! How the labels of a form's choices sound, and other texts that the browser searches by itself: the table of pinyin is too
//! large for it.

use std::collections::BTreeMap;

use engine::value::sound;
use serde_json::Value as Json;

/// The sounds of all labels of choices in a definition that have any, by label: `zb zhibo` for `直播`.
pub fn sounds_of_choices(definition: &Json) -> BTreeMap<String, String> {
    let mut sounds = BTreeMap::new();
    walk(definition, &mut sounds);
    sounds
}

fn walk(json: &Json, sounds: &mut BTreeMap<String, String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| walk(item, sounds)),
        Json::Object(members) => {
            for (name, inside) in members {
                if matches!(name.as_str(), "choices" | "children") {
                    let choices = inside.as_array().into_iter().flatten();
                    choices.filter_map(|choice| choice.get("label")).for_each(|label| note(label, sounds));
                }
                walk(inside, sounds);
            }
        }
        _ => {}
    }
}

/// How a text sounds, for who types its initials or spells it: `zb zhibo` for `直播`. None where nothing of it is Chinese.
pub fn typed_as(text: &str) -> Option<String> {
    sound(text).map(|sound| format!("{} {}", sound.initials, sound.spelled()))
}

/// Notes a label, in each of its languages.
fn note(label: &Json, sounds: &mut BTreeMap<String, String>) {
    match label {
        Json::String(text) => {
            if let Some(sound) = typed_as(text) {
                sounds.insert(text.clone(), sound);
            }
        }
        Json::Object(languages) => languages.values().for_each(|text| note(text, sounds)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_of_choices_sound_wherever_they_stand() {
        let definition = json!({"label": "表单", "fields": [
            {"key": "way", "label": "渠道", "kind": "select", "options": {"choices": [
                {"key": "a", "label": {"zh-CN": "直播", "en": "Live"}}, {"key": "b", "label": "VIP"}]}},
            {"key": "lines", "kind": "subform", "options": {"fields": [
                {"key": "place", "kind": "cascader", "options": {"choices": [
                    {"key": "c", "label": "华东", "children": [{"key": "d", "label": "上海"}]}]}}]}}]});
        let sounds = sounds_of_choices(&definition);
        let told: Vec<(&str, &str)> =
            sounds.iter().map(|(label, sound)| (label.as_str(), sound.as_str())).collect();
        assert_eq!(told, [("上海", "sh shanghai"), ("华东", "hd huadong"), ("直播", "zb zhibo")]);
    }
}
