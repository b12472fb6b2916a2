//! How Chinese text sounds, in pinyin: lists are sorted by it, and pickers find what is typed by it.
//!
//! Made here alone, so that both databases have the same order. The browser's build does not have the table of sounds
//! (feature `pinyin`), and takes no text for Chinese.

use std::cmp::Ordering;

use super::fold;

/// Characters of a text that are looked at: what comes after them decides no order and is not typed to find it.
const MOST: usize = 60;
/// Whether this build knows how characters sound.
const IS_KNOWN: bool = cfg!(feature = "pinyin");
/// Stands between the sound and the text itself, below everything that is in either.
const BETWEEN: char = '\u{1}';

/// The sound of a text with Chinese characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The first letter of each syllable, and other letters and digits as they are: `zsf`.
    pub initials: String,
    /// The syllables with a blank between each two, then the folded text: `zhang san feng` and `张三丰`. Its order is that
    /// of dictionaries: by syllable, and where all sound alike by the characters.
    pub syllables: String,
}

impl Sound {
    /// The syllables without blanks, as they are typed: `zhangsanfeng`. A sign that no syllable has stands before the text.
    pub fn spelled(&self) -> String {
        let syllables = self.syllables.split(BETWEEN).next().unwrap_or_default();
        syllables.split_whitespace().collect()
    }

    /// Whether the text begins with what was typed, by its initials or spelled out ([`typed_sound`]).
    pub fn begins_with(&self, typed: &str) -> bool {
        self.initials.starts_with(typed) || self.spelled().starts_with(typed)
    }
}

/// What was typed as the sound of a Chinese text, where it may be one: letters and digits without blanks.
pub fn typed_sound(typed: &str) -> Option<String> {
    let typed: String = fold(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let is_spelled = typed.chars().all(|c| c.is_ascii_alphanumeric());
    (is_spelled && typed.contains(|c: char| c.is_ascii_alphabetic())).then_some(typed)
}

/// The sound of a text; `None` for one without Chinese characters, which is sorted and found by its folded form.
pub fn sound(text: &str) -> Option<Sound> {
    if text.is_ascii() || !IS_KNOWN {
        return None;
    }
    let folded: Vec<char> = fold(text).chars().take(MOST).collect();
    let (mut initials, mut syllables) = (String::new(), String::new());
    let (mut at, mut is_chinese) = (0, false);
    while let Some(rest) = folded.get(at..).filter(|rest| !rest.is_empty()) {
        let (spoken, read) = spoken(rest);
        at += read;
        if spoken.is_empty() {
            let other = rest.iter().take(read);
            other.clone().filter(|c| c.is_alphanumeric()).for_each(|c| initials.push(*c));
            syllables.extend(other);
            continue;
        }
        is_chinese = true;
        for syllable in spoken {
            initials.extend(syllable.chars().next());
            if !syllables.is_empty() && !syllables.ends_with(' ') {
                syllables.push(' ');
            }
            syllables.push_str(&syllable);
            syllables.push(' ');
        }
    }
    if !is_chinese {
        return None;
    }
    syllables.truncate(syllables.trim_end().len());
    syllables.push(BETWEEN);
    syllables.extend(folded);
    Some(Sound { initials, syllables })
}

/// The order of two texts by their sound; texts without Chinese characters stand among them by their letters.
pub fn order_by_sound(a: &str, b: &str) -> Ordering {
    let key = |text: &str| sound(text).map_or_else(|| fold(text), |sound| sound.syllables);
    key(a).cmp(&key(b)).then_with(|| fold(a).cmp(&fold(b))).then_with(|| a.cmp(b))
}

/// The syllables that a text begins with, and how many characters they are of; none for one other character.
fn spoken(text: &[char]) -> (Vec<String>, usize) {
    let begins = |characters: &str| {
        let mut rest = text.iter();
        characters.chars().all(|character| rest.next() == Some(&character))
    };
    let phrases = PHRASES.iter().filter(|(characters, _)| begins(characters));
    if let Some((characters, syllables)) = phrases.max_by_key(|(characters, _)| characters.len()) {
        return (syllables.split(' ').map(str::to_string).collect(), characters.chars().count());
    }
    let syllable = text.first().and_then(|character| syllable(*character));
    (syllable.into_iter().collect(), 1)
}

/// As it is typed: `ü` is `v`.
#[cfg(feature = "pinyin")]
fn syllable(character: char) -> Option<String> {
    use pinyin::ToPinyin;
    let plain = character.to_pinyin()?.plain();
    Some(plain.replace('ü', "v").replace('ê', "e"))
}

#[cfg(not(feature = "pinyin"))]
fn syllable(_: char) -> Option<String> {
    None
}

/// What does not sound as its characters do alone, or as the first of their sounds: words of trade, places, names. The
/// longest that fits is taken.
const PHRASES: &[(&str, &str)] = &[
    ("长", "chang"),
    ("長", "chang"),
    ("校长", "xiao zhang"),
    ("校長", "xiao zhang"),
    ("部长", "bu zhang"),
    ("部長", "bu zhang"),
    ("局长", "ju zhang"),
    ("局長", "ju zhang"),
    ("处长", "chu zhang"),
    ("處長", "chu zhang"),
    ("科长", "ke zhang"),
    ("科長", "ke zhang"),
    ("组长", "zu zhang"),
    ("組長", "zu zhang"),
    ("店长", "dian zhang"),
    ("店長", "dian zhang"),
    ("院长", "yuan zhang"),
    ("院長", "yuan zhang"),
    ("会长", "hui zhang"),
    ("會長", "hui zhang"),
    ("市长", "shi zhang"),
    ("市長", "shi zhang"),
    ("班长", "ban zhang"),
    ("班長", "ban zhang"),
    ("厂长", "chang zhang"),
    ("廠長", "chang zhang"),
    ("董事长", "dong shi zhang"),
    ("董事長", "dong shi zhang"),
    ("家长", "jia zhang"),
    ("家長", "jia zhang"),
    ("成长", "cheng zhang"),
    ("成長", "cheng zhang"),
    ("增长", "zeng zhang"),
    ("增長", "zeng zhang"),
    ("银行", "yin hang"),
    ("銀行", "yin hang"),
    ("分行", "fen hang"),
    ("支行", "zhi hang"),
    ("总行", "zong hang"),
    ("總行", "zong hang"),
    ("商行", "shang hang"),
    ("洋行", "yang hang"),
    ("车行", "che hang"),
    ("車行", "che hang"),
    ("行业", "hang ye"),
    ("行業", "hang ye"),
    ("行情", "hang qing"),
    ("同行", "tong hang"),
    ("工行", "gong hang"),
    ("农行", "nong hang"),
    ("建行", "jian hang"),
    ("中行", "zhong hang"),
    ("招行", "zhao hang"),
    ("重庆", "chong qing"),
    ("重慶", "chong qing"),
    ("重阳", "chong yang"),
    ("重陽", "chong yang"),
    ("重复", "chong fu"),
    ("重複", "chong fu"),
    ("重新", "chong xin"),
    ("厦门", "xia men"),
    ("廈門", "xia men"),
    ("六安", "lu an"),
    ("六合", "lu he"),
    ("乐清", "yue qing"),
    ("樂清", "yue qing"),
    ("音乐", "yin yue"),
    ("音樂", "yin yue"),
    ("乐器", "yue qi"),
    ("樂器", "yue qi"),
    ("蚌埠", "beng bu"),
    ("番禺", "pan yu"),
    ("东莞", "dong guan"),
    ("東莞", "dong guan"),
    ("西藏", "xi zang"),
    ("大厦", "da sha"),
    ("大夫", "dai fu"),
    ("都", "du"),
    ("曾", "zeng"),
    ("曾经", "ceng jing"),
    ("曾經", "ceng jing"),
    ("朴", "piao"),
    ("翟", "zhai"),
    ("覃", "qin"),
    ("仇", "qiu"),
    ("薄", "bo"),
    ("单县", "shan xian"),
    ("單縣", "shan xian"),
    ("会计", "kuai ji"),
    ("會計", "kuai ji"),
    ("调整", "tiao zheng"),
    ("調整", "tiao zheng"),
    ("调节", "tiao jie"),
    ("調節", "tiao jie"),
    ("空调", "kong tiao"),
    ("空調", "kong tiao"),
    ("协调", "xie tiao"),
    ("協調", "xie tiao"),
    ("调料", "tiao liao"),
    ("調料", "tiao liao"),
    ("调味", "tiao wei"),
    ("調味", "tiao wei"),
    ("人参", "ren shen"),
    ("人參", "ren shen"),
    ("海参", "hai shen"),
    ("海參", "hai shen"),
    ("汽车", "qi che"),
    ("校对", "jiao dui"),
    ("校對", "jiao dui"),
    ("校准", "jiao zhun"),
    ("校準", "jiao zhun"),
    ("传记", "zhuan ji"),
    ("傳記", "zhuan ji"),
    ("出差", "chu chai"),
    ("差旅", "chai lv"),
    ("还款", "huan kuan"),
    ("還款", "huan kuan"),
    ("归还", "gui huan"),
    ("歸還", "gui huan"),
    ("应付", "ying fu"),
    ("應付", "ying fu"),
    ("弹簧", "tan huang"),
    ("彈簧", "tan huang"),
    ("弹性", "tan xing"),
    ("彈性", "tan xing"),
    ("着装", "zhuo zhuang"),
    ("著裝", "zhuo zhuang"),
    ("率领", "shuai ling"),
    ("率領", "shuai ling"),
    ("朝阳", "chao yang"),
    ("朝陽", "chao yang"),
    ("便宜", "pian yi"),
    ("咖喱", "ga li"),
    ("数据", "shu ju"),
    ("似的", "shi de"),
];

#[cfg(all(test, feature = "pinyin"))]
mod tests {
    use super::*;

    fn initials(text: &str) -> String {
        sound(text).map(|sound| sound.initials).unwrap_or_default()
    }

    #[test]
    fn texts_sound_as_people_say_them() {
        for (text, expected) in [
            ("张三丰", "zsf"),
            ("重庆长安汽车", "cqcaqc"),
            ("重量", "zl"),
            ("工商银行杭州分行", "gsyhhzfh"),
            ("董事长", "dsz"),
            ("长沙", "cs"),
            ("ＡＢＣ 公司 3号", "abcgs3h"),
            ("绿豆", "ld"),
            ("臺北市", "tbs"),
            ("abc", ""),
            ("Straße", ""),
        ] {
            assert_eq!(initials(text), expected, "{text}");
        }
        let spelled = |text: &str| sound(text).map(|sound| sound.syllables).unwrap_or_default();
        assert_eq!(spelled("张三"), "zhang san\u{1}张三");
        assert_eq!(spelled("A公司b"), "a gong si b\u{1}a公司b");
        assert_eq!(spelled("旅店"), "lv dian\u{1}旅店");
        assert_eq!(sound("A公司b").map(|sound| sound.spelled()).as_deref(), Some("agongsib"));
    }

    #[test]
    fn what_is_typed_for_a_sound_is_letters_and_digits() {
        assert_eq!(typed_sound("Bao Jia Ｄ").as_deref(), Some("baojiad"));
        for other in ["报价", "12", "", "bao-jia"] {
            assert_eq!(typed_sound(other), None, "{other}");
        }
    }

    #[test]
    fn the_order_is_that_of_dictionaries() {
        let mut names =
            ["先生", "西安", "张三", "章三", "张", "Zebra", "阿里", "abc", "夏", "张飞", "1号", "西北"];
        names.sort_by(|a, b| order_by_sound(a, b));
        assert_eq!(
            names,
            ["1号", "阿里", "abc", "西安", "西北", "夏", "先生", "Zebra", "张", "张飞", "张三", "章三"]
        );
    }

    #[test]
    fn a_long_text_has_a_short_sound() {
        let long = "长".repeat(500);
        let found = sound(&long).unwrap();
        assert_eq!(found.initials.len(), MOST);
        assert!(found.syllables.len() < 1000);
    }
}
