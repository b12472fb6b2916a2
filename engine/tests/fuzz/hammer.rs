//! Hammers what reads the input of strangers: inputs are made from a saved corpus by changing bytes, words and whole
//! branches, and none may end in a panic, go on for long, or be read in two ways. What did lies in the corpus from then on,
//! and comes first in every later run. Tests of the server include this file, too.

use std::fs;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

/// Inputs of a run of one target, unless `FORMWORK_FUZZ_CASES` says otherwise.
const CASES: usize = 3_000;
/// An input is no longer.
const LONGEST: usize = 96 << 10;
/// What takes longer hangs, also without optimisation on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(10);

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides.max(1) as u64).unwrap_or_default()
    }

    fn pick<'v, T>(&mut self, from: &'v [T]) -> &'v T {
        &from[self.roll(from.len())]
    }
}

/// A seed that is another in every run, or the one that `FORMWORK_SEED` says.
fn seed() -> u64 {
    let told = std::env::var("FORMWORK_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = told.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    eprintln!("FORMWORK_SEED={seed} gives this run again");
    seed
}

fn cases() -> usize {
    std::env::var("FORMWORK_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

/// What a target begins with.
pub struct Corpus {
    /// Where its inputs lie. A name that begins with `good` is read, one with `bad` is refused.
    pub folder: PathBuf,
    /// Further inputs, which lie elsewhere and are read.
    pub more: Vec<Vec<u8>>,
    /// Texts that mean something to the target.
    pub words: &'static [&'static str],
}

/// An input of the corpus, and whether it is to be read.
struct Seed {
    name: String,
    bytes: Vec<u8>,
    is_read: Option<bool>,
}

impl Corpus {
    fn seeds(&self) -> Vec<Seed> {
        let entries = fs::read_dir(&self.folder).unwrap_or_else(|error| panic!("{:?}: {error}", self.folder));
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let mut seeds: Vec<Seed> = paths.iter().map(|path| saved(path)).collect();
        seeds.extend(self.more.iter().map(|bytes| Seed {
            name: "from elsewhere".to_owned(),
            bytes: bytes.clone(),
            is_read: Some(true),
        }));
        assert!(!seeds.is_empty(), "{:?} is empty", self.folder);
        seeds
    }

    /// Tries a target with the whole corpus, and with what is made from it. The target says whether it has read its input, and
    /// panics where that went wrong.
    pub fn hammer(&self, target: impl Fn(&[u8]) -> bool) {
        let seeds = self.seeds();
        for seed in &seeds {
            let is_read = self.once(&seed.bytes, &target);
            assert!(seed.is_read.is_none_or(|told| told == is_read), "{} is read: {is_read}", seed.name);
        }
        let (mut dice, cases) = (Dice(seed()), cases());
        let documents: Vec<Json> =
            seeds.iter().filter_map(|seed| serde_json::from_slice(&seed.bytes).ok()).collect();
        let is_json = documents.len() * 2 > seeds.len();
        let mut read = 0;
        for _ in 0..cases {
            let input = match is_json && dice.roll(4) > 0 {
                true => changed_document(&mut dice, &documents, self.words).to_string().into_bytes(),
                false => {
                    let seed = dice.pick(&seeds).bytes.clone();
                    changed(&mut dice, seed, &seeds, self.words)
                }
            };
            if input.len() <= LONGEST {
                read += usize::from(self.once(&input, &target));
            }
        }
        eprintln!("{read} of {cases} inputs were read");
        // Where all is refused, no more than the first check was hammered.
        assert!(cases < 500 || read * 100 > cases, "{read} of {cases} inputs were read");
    }

    fn once(&self, input: &[u8], target: impl Fn(&[u8]) -> bool) -> bool {
        // An input that ends the whole process is found here.
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        let last = std::env::temp_dir().join(format!("formwork-fuzz-{name}-{}", std::process::id()));
        fs::write(&last, input).unwrap();
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(input)));
        let took = started.elapsed();
        fs::remove_file(&last).unwrap();
        if outcome.is_err() || took > PATIENCE {
            let mut hasher = DefaultHasher::new();
            input.hash(&mut hasher);
            let kept = self.folder.join(format!("found-{:016x}", hasher.finish()));
            fs::write(&kept, input).unwrap();
            eprintln!("after {took:?}, {}: {}", kept.display(), String::from_utf8_lossy(input));
        }
        assert!(took <= PATIENCE, "an input takes {took:?}");
        outcome.unwrap_or_else(|panicked| resume_unwind(panicked))
    }
}

fn saved(path: &Path) -> Seed {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_read = match name.split('-').next() {
        Some("good") => Some(true),
        Some("bad") => Some(false),
        _ => None,
    };
    Seed { bytes: fs::read(path).unwrap(), name, is_read }
}

/// The same with some bytes, words or parts changed.
fn changed(dice: &mut Dice, mut bytes: Vec<u8>, seeds: &[Seed], words: &[&str]) -> Vec<u8> {
    const SIGNS: [&str; 12] =
        ["\0", "\u{feff}", "é", "😀", "\u{202e}", "\r\n", "\"", "'", "(", "[", "9223372036854775808", "-0.0"];
    for _ in 0..1 + dice.roll(4) {
        let place = dice.roll(bytes.len() + 1);
        let until = (place + 1 + dice.roll(16)).min(bytes.len());
        match dice.roll(9) {
            0 if place < bytes.len() => bytes[place] ^= 1 << dice.roll(8),
            1 if place < bytes.len() => bytes[place] = u8::try_from(dice.roll(256)).unwrap_or_default(),
            2 if place < until => drop(bytes.drain(place..until)),
            3 if place < until => {
                let part = bytes[place..until].repeat(1 + dice.roll(40));
                drop(bytes.splice(place..place, part));
            }
            4 => bytes.truncate(place),
            5 => drop(bytes.splice(place..place, dice.pick(&SIGNS).bytes())),
            6 if !seeds.is_empty() => {
                let other = &dice.pick(seeds).bytes;
                let from = dice.roll(other.len() + 1);
                let until = (from + dice.roll(200)).min(other.len());
                drop(bytes.splice(place..place, other[from..until].iter().copied()));
            }
            _ => drop(bytes.splice(place..place, dice.pick(words).bytes())),
        }
    }
    bytes
}

/// A document with some branches changed.
fn changed_document(dice: &mut Dice, documents: &[Json], words: &[&str]) -> Json {
    let mut document = dice.pick(documents).clone();
    for _ in 0..1 + dice.roll(3) {
        let branch = match dice.roll(4) {
            0 => {
                let mut other = dice.pick(documents).clone();
                let place = dice.roll(count(&other));
                at(&mut other, &mut { place }).cloned().unwrap_or_default()
            }
            1 => json!(dice.pick(words)),
            _ => leaf(dice),
        };
        let place = dice.roll(count(&document));
        if let Some(found) = at(&mut document, &mut { place }) {
            change(dice, found, branch, words);
        }
    }
    document
}

fn change(dice: &mut Dice, found: &mut Json, branch: Json, words: &[&str]) {
    match (dice.roll(6), found) {
        (0, Json::Object(members)) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            members.remove(dice.pick(&names));
        }
        (1, Json::Object(members)) => drop(members.insert((*dice.pick(words)).to_owned(), branch)),
        (0, Json::Array(items)) if !items.is_empty() => drop(items.remove(dice.roll(items.len()))),
        (1, Json::Array(items)) if !items.is_empty() => {
            let item = dice.pick(items.as_slice()).clone();
            items.extend(vec![item; 1 + dice.roll(30)]);
        }
        (2 | 3, Json::String(text)) => {
            let changed = changed(dice, text.clone().into_bytes(), &[], words);
            *text = String::from_utf8_lossy(&changed).into_owned();
        }
        (4, found) => {
            let inside = found.take();
            *found = if dice.roll(2) == 0 { json!([inside]) } else { json!({ (*dice.pick(words)): inside }) };
        }
        (_, found) => *found = branch,
    }
}

/// A value without parts, most often one that something could stumble over.
fn leaf(dice: &mut Dice) -> Json {
    let numbers =
        ["0", "-1", "1.5", "1e400", "1e-400", "18446744073709551616", "999999999999999999.99999999"];
    match dice.roll(6) {
        0 => Json::Null,
        1 => json!(dice.roll(2) == 0),
        2 => json!([]),
        3 => Json::Object(Map::new()),
        4 => serde_json::from_str(dice.pick::<&str>(&numbers)).unwrap(),
        _ => json!("x".repeat(dice.roll(3000))),
    }
}

/// The branches of a document, itself included.
fn count(document: &Json) -> usize {
    1 + match document {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The branch at a place, as they are counted.
fn at<'v>(document: &'v mut Json, place: &mut usize) -> Option<&'v mut Json> {
    if *place == 0 {
        return Some(document);
    }
    *place -= 1;
    match document {
        Json::Array(items) => items.iter_mut().find_map(|item| at(item, place)),
        Json::Object(members) => members.values_mut().find_map(|member| at(member, place)),
        _ => None,
    }
}
