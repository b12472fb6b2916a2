//! In which encoding a file is.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Decoder, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use engine::text::Language;

const CHUNK: usize = 64 << 10;
/// After the first bytes that are no UTF-8, so much more is looked at.
const MORE: usize = 1 << 20;

/// Of the bytes beyond ASCII so many to one have to be UTF-8 where some are not.
const NEARLY_ALL: usize = 10;

/// The file's encoding: by its mark, else UTF-8 where all of it is, else by how its bytes are distributed; `reader`
/// decides between those that look alike. Where nearly all is UTF-8 it is that, with something broken in it: nothing else
/// looks so, and would make other signs of everything.
pub fn of(path: &Path, reader: Language) -> io::Result<&'static Encoding> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    let mut read = fill(&mut file, &mut chunk)?;
    let head = chunk.get(..read).unwrap_or_default();
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = unmarked_utf16(head) {
        return Ok(encoding);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut utf8 = Utf8::new();
    let mut left = None;
    let mut sample = Vec::new();
    while read > 0 {
        let bytes = chunk.get(..read).unwrap_or_default();
        detector.feed(bytes, false);
        utf8.feed(bytes);
        left = match left {
            None => {
                let is_other = utf8.broken > 0;
                if is_other {
                    sample.extend_from_slice(bytes);
                }
                is_other.then_some(MORE)
            }
            Some(left) if left <= read => break,
            Some(left) => Some(left - read),
        };
        read = fill(&mut file, &mut chunk)?;
    }
    detector.feed(&[], true);
    if utf8.broken * NEARLY_ALL <= utf8.beyond_ascii {
        return Ok(UTF_8);
    }
    let country: &[u8] = match reader {
        Language::ZhCn => b"cn",
        Language::ZhTw => b"tw",
        Language::En => b"com",
    };
    let local = detector.guess(Some(country), Utf8Detection::Deny);
    let anywhere = detector.guess(None, Utf8Detection::Deny);
    Ok(likeliest([local, anywhere], &sample))
}

/// How much of what was read is UTF-8.
struct Utf8 {
    decoder: Decoder,
    text: Vec<u8>,
    beyond_ascii: usize,
    /// Bytes that are no part of a sign.
    broken: usize,
}

impl Utf8 {
    fn new() -> Utf8 {
        let decoder = UTF_8.new_decoder_without_bom_handling();
        Utf8 { decoder, text: vec![0; CHUNK * 3], beyond_ascii: 0, broken: 0 }
    }

    fn feed(&mut self, mut bytes: &[u8]) {
        self.beyond_ascii += bytes.iter().filter(|byte| !byte.is_ascii()).count();
        loop {
            let (outcome, read, _) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, false);
            bytes = bytes.get(read..).unwrap_or_default();
            match outcome {
                DecoderResult::Malformed(length, _) => self.broken += usize::from(length),
                DecoderResult::OutputFull => {}
                DecoderResult::InputEmpty => return,
            }
        }
    }
}

/// Of the guesses, the one that reads the sample best; where one is Chinese, both scripts are tried.
fn likeliest(guesses: [&'static Encoding; 2], sample: &[u8]) -> &'static Encoding {
    let chinese = |encoding: &&'static Encoding| [GBK, GB18030, BIG5].contains(encoding);
    let guesses = guesses.map(|guess| if guess == GBK { GB18030 } else { guess });
    if !guesses.iter().any(chinese) {
        return guesses[0];
    }
    let tried = guesses.into_iter().chain([GB18030, BIG5]);
    tried.min_by_key(|encoding| oddity(encoding, sample)).unwrap_or(guesses[0])
}

/// How many signs in the sample nobody writes: broken ones, and those for private use.
fn oddity(encoding: &'static Encoding, sample: &[u8]) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    text.chars().filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{80}'..='\u{9f}')).count()
}

/// Text of mostly western letters has every second byte empty.
fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    if pairs < 4 {
        return None;
    }
    match (zeros(0), zeros(1)) {
        (0, odd) if odd * 3 > pairs => Some(UTF_16LE),
        (even, 0) if even * 3 > pairs => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads until the chunk is full or the file ends.
fn fill(file: &mut File, chunk: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while let Some(rest) = chunk.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}
