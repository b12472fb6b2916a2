//! A file's bytes as UTF-8, whatever they were.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

use super::fault::TableFault;
use super::guard::Guard;

const CHUNK: usize = 64 << 10;

/// Reads text from a source in some encoding, watched by a [`Guard`]. A mark at the beginning is left out.
pub struct Decoded<R> {
    source: R,
    decoder: Decoder,
    guard: Guard,
    bytes: Vec<u8>,
    /// What of `bytes` is still to be decoded.
    from: usize,
    to: usize,
    text: Vec<u8>,
    /// What of `text` is still to be given.
    given: usize,
    made: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    pub fn new(source: R, encoding: &'static Encoding, delimiter: u8) -> Decoded<R> {
        Decoded {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            guard: Guard::new(delimiter),
            bytes: vec![0; CHUNK],
            from: 0,
            to: 0,
            text: vec![0; CHUNK],
            given: 0,
            made: 0,
            is_over: false,
        }
    }

    /// The line on which the record begins that the reader gives next.
    pub fn next_start(&mut self) -> Option<u64> {
        self.guard.next_start()
    }

    /// Decodes the next piece; whether there is any.
    fn advance(&mut self) -> io::Result<bool> {
        while self.given == self.made && !self.is_over {
            let mut last = false;
            if self.from == self.to {
                (self.from, self.to) = (0, self.source.read(&mut self.bytes)?);
                last = self.to == 0;
            }
            let bytes = self.bytes.get(self.from..self.to).unwrap_or_default();
            let (outcome, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, last);
            self.from += read;
            (self.given, self.made) = (0, written);
            self.guard.follow(self.text.get(..written).unwrap_or_default()).map_err(io::Error::other)?;
            match outcome {
                DecoderResult::Malformed(..) => {
                    return Err(io::Error::other(TableFault::NotText { line: self.guard.line() }));
                }
                DecoderResult::InputEmpty if last => {
                    self.is_over = true;
                    self.guard.end().map_err(io::Error::other)?;
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
        Ok(self.given < self.made)
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.advance()? {
            return Ok(0);
        }
        let text = self.text.get(self.given..self.made).unwrap_or_default();
        let count = text.len().min(into.len());
        if let (Some(into), Some(text)) = (into.get_mut(..count), text.get(..count)) {
            into.copy_from_slice(text);
        }
        self.given += count;
        Ok(count)
    }
}
