//! The log, on stderr: one line for each event, whatever is in it, so that nobody writes lines of their own into it.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

/// Begins to log; `FORMWORK_LOG` chooses what, as in `info,server=debug`. Without colours: a terminal obeys what
/// makes them, and then also what somebody else writes.
pub fn begin() {
    let filter = EnvFilter::try_from_env("FORMWORK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let events = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    events.with_writer(|| Lines(io::stderr())).init();
}

/// Takes an event with each write, and gives it on as one line.
struct Lines<W>(W);

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = event.strip_suffix(b"\n").unwrap_or(event);
        let mut line = Vec::with_capacity(event.len());
        for byte in text {
            match byte {
                b'\n' => line.extend_from_slice(b"\\n"),
                b'\r' => line.extend_from_slice(b"\\r"),
                // A terminal would obey it.
                b'\x1b' => line.extend_from_slice(b"\\x1b"),
                _ => line.push(*byte),
            }
        }
        line.extend_from_slice(event.get(text.len()..).unwrap_or_default());
        self.0.write_all(&line)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn t36_an_event_is_one_line_whatever_is_in_it() {
        let written = Written::default();
        let into = written.clone();
        let events = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Lines(into.clone()));
        tracing::subscriber::with_default(events.finish(), || {
            let name = "x\n2026-01-01T00:00:00Z  INFO forged\r\x1b[2J";
            tracing::info!(%name, other = ?name, "of\nsomebody");
            tracing::info!("the next");
        });
        let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("forged") && log.ends_with("the next\n"), "{log}");
        assert!(!log.contains(['\r', '\x1b']), "{log:?}");
    }
}
