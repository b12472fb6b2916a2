//! How names sound that the browser searches by itself: it has no table of pinyin.

use engine::text::Fault;

use super::Refusal;
use super::forms::sounds::typed_as;

/// Names that are asked for at once.
const MOST: usize = 2_000;

/// How each of the texts sounds that has Chinese characters.
///
/// # Errors
/// Too many texts.
pub fn sounds(input: &wire::SoundsInput) -> Result<wire::Sounds, Refusal> {
    if input.texts.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new("texts", "too_many").arg("max", MOST)]));
    }
    let sounds = input.texts.iter().filter_map(|text| Some((text.clone(), typed_as(text)?))).collect();
    Ok(wire::Sounds { sounds })
}
