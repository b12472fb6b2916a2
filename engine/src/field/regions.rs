//! Lists of regions: what a country is divided into, as data of a package.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{Fault, Faults, Label};

/// A list of regions, as a package has it (`regions/KEY.json`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    pub label: Label,
    /// Where the names come from, and of when they are.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Provinces with their cities with their districts.
    pub regions: Vec<Region>,
}

/// A region with what it is divided into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Region {
    /// One that is not divided further.
    Name(String),
    Divided(Division),
}

/// A region that is divided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Division {
    pub name: String,
    pub regions: Vec<Region>,
}

/// Provinces, cities, districts.
pub const LEVELS: usize = 3;
/// Longest name, in characters.
pub const LONGEST_NAME: usize = 64;

impl Region {
    pub fn name(&self) -> &str {
        match self {
            Region::Name(name) => name,
            Region::Divided(division) => &division.name,
        }
    }

    /// What it is divided into.
    pub fn regions(&self) -> &[Region] {
        match self {
            Region::Name(_) => &[],
            Region::Divided(division) => &division.regions,
        }
    }
}

impl Regions {
    /// What lies below a path of names; nothing where there is no such region, or it is not divided.
    pub fn below(&self, path: &[&str]) -> &[Region] {
        path.iter().fold(self.regions.as_slice(), |regions, name| {
            regions.iter().find(|region| region.name() == *name).map(Region::regions).unwrap_or_default()
        })
    }

    /// The first name of a path that is none where it stands.
    pub fn unknown<'p>(&self, path: &[&'p str]) -> Option<&'p str> {
        let mut regions = self.regions.as_slice();
        for name in path {
            match regions.iter().find(|region| region.name() == *name) {
                Some(region) => regions = region.regions(),
                None => return Some(*name),
            }
        }
        None
    }

    /// The regions that a text begins with, and what is left of it: `广东省深圳市南山区科技园` is three regions and a place.
    /// A region between may be left out where one below it follows.
    pub fn split<'t>(&self, text: &'t str) -> (Vec<String>, &'t str) {
        let mut path = Vec::new();
        let mut regions = self.regions.as_slice();
        let mut rest = text.trim();
        while path.len() < LEVELS {
            let next = longest(regions, rest).map(|region| (None, region));
            let below = || {
                regions.iter().find_map(|between| Some((Some(between), longest(between.regions(), rest)?)))
            };
            let Some((between, region)) = next.or_else(below) else { break };
            path.extend(between.map(|between| between.name().to_string()));
            path.push(region.name().to_string());
            rest = rest.strip_prefix(region.name()).unwrap_or(rest).trim_start();
            regions = region.regions();
        }
        path.truncate(LEVELS);
        (path, rest)
    }

    /// What is wrong with the list; paths are JSON pointers into it.
    pub fn faults(&self) -> Faults {
        let mut faults = Faults::new();
        if self.regions.is_empty() {
            faults.push(Fault::new("/regions", "no_choices"));
        }
        check(&self.regions, "/regions", 1, &mut faults);
        faults
    }
}

/// The region with the longest name that a text begins with.
fn longest<'r>(regions: &'r [Region], text: &str) -> Option<&'r Region> {
    regions.iter().filter(|region| text.starts_with(region.name())).max_by_key(|region| region.name().len())
}

fn check(regions: &[Region], at: &str, level: usize, faults: &mut Faults) {
    if level > LEVELS {
        return faults.push(Fault::new(at, "too_deep").arg("max", LEVELS));
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, region) in regions.iter().enumerate() {
        let at = format!("{at}/{place}");
        let name = region.name();
        if name.trim().is_empty() {
            faults.push(Fault::new(at.as_str(), "label_missing"));
        } else if name.chars().count() > LONGEST_NAME {
            faults.push(Fault::new(at.as_str(), "too_long").arg("max", LONGEST_NAME));
        } else if name.contains('/') || name.trim() != name {
            faults.push(Fault::new(at.as_str(), "pattern"));
        }
        if seen.insert(name, place).is_some() {
            faults.push(Fault::new(at.as_str(), "duplicate_key").arg("key", name));
        }
        if !region.regions().is_empty() {
            check(region.regions(), &format!("{at}/regions"), level + 1, faults);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    pub(crate) fn some() -> Regions {
        serde_json::from_value(json!({"label": "China", "regions": [
            {"name": "广东省", "regions": [
                {"name": "深圳市", "regions": ["南山区", "福田区"]}, {"name": "东莞市", "regions": []}, "中山市"]},
            {"name": "北京市", "regions": [{"name": "北京市", "regions": ["朝阳区"]}]},
            "台湾省"]}))
        .unwrap()
    }

    #[test]
    fn a_path_leads_as_far_as_it_is_known() {
        let regions = some();
        assert_eq!(
            regions.below(&["广东省", "深圳市"]).iter().map(Region::name).collect::<Vec<_>>(),
            ["南山区", "福田区"]
        );
        assert!(regions.below(&["广东省", "珠海市"]).is_empty());
        assert_eq!(regions.unknown(&["广东省", "深圳市", "南山区"]), None);
        assert_eq!(regions.unknown(&["广东省", "珠海市", "南山区"]), Some("珠海市"));
        assert_eq!(regions.unknown(&["广东省", "中山市", "东区"]), Some("东区"));
        assert!(regions.faults().is_empty());
    }

    #[test]
    fn a_written_address_is_taken_apart() {
        let regions = some();
        let split = |text| {
            let (path, rest) = regions.split(text);
            (path.join("/"), rest.to_string())
        };
        for (text, path, rest) in [
            ("广东省深圳市南山区科技园1号", "广东省/深圳市/南山区", "科技园1号"),
            ("广东省 深圳市 南山区 科技园 1号", "广东省/深圳市/南山区", "科技园 1号"),
            ("北京市朝阳区建国路", "北京市/北京市/朝阳区", "建国路"),
            ("深圳市福田区", "广东省/深圳市/福田区", ""),
            ("广东省东莞市长安镇", "广东省/东莞市", "长安镇"),
            ("台湾省台北市", "台湾省", "台北市"),
            ("Main Street", "", "Main Street"),
        ] {
            assert_eq!(split(text), (path.to_string(), rest.to_string()), "{text}");
        }
    }

    #[test]
    fn a_list_that_no_address_could_be_kept_by_is_refused() {
        let faults = |regions| {
            let list = Regions { regions: serde_json::from_value(regions).unwrap(), ..some() };
            list.faults()
                .into_iter()
                .map(|fault| format!("{} {}", fault.path, fault.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(faults(json!([])), ["/regions no_choices"]);
        assert_eq!(faults(json!(["a", "a"])), ["/regions/1 duplicate_key"]);
        assert_eq!(
            faults(json!([{"name": "a", "regions": ["b/c", " "]}])),
            ["/regions/0/regions/0 pattern", "/regions/0/regions/1 label_missing"]
        );
        let deep =
            json!([{"name": "a", "regions": [{"name": "b", "regions": [{"name": "c", "regions": ["d"]}]}]}]);
        assert_eq!(faults(deep), ["/regions/0/regions/0/regions/0/regions too_deep"]);
    }
}
