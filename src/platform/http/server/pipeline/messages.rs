//! The borders of the messages in the bytes of a connection (RFC 9112).
use super::{LONGEST_HEAD, Turns};

/// The place in the messages of a connection that has been reached (RFC 9112 §6).
#[derive(Default)]
pub(super) struct Messages {
    at: At,
    /// The head, or the line of a chunked body, as far as it has come.
    text: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
pub(super) enum At {
    /// Before a message.
    #[default]
    Start,
    Head,
    /// In a body, with so many bytes to come.
    Body(u64),
    ChunkSize,
    /// In a chunk and the line end behind it.
    Chunk(u64),
    Trailer,
    /// Messages are not followed any more.
    Opaque,
}

impl Messages {
    /// The count of these bytes that may go on, and if what follows must wait for earlier answers.
    pub(super) fn pass(&mut self, bytes: &[u8], turns: &Turns) -> (usize, bool) {
        let mut passed = 0;
        while let Some(rest) = bytes.get(passed..).filter(|rest| !rest.is_empty()) {
            match self.at {
                At::Opaque => return (bytes.len(), false),
                At::Start => match starts(rest) {
                    Start::LineEnd => passed += 1,
                    Start::Unclear => return (passed, false),
                    Start::Request { is_head } if !turns.begin(is_head) => return (passed, true),
                    Start::Request { .. } => self.at = At::Head,
                },
                At::Body(left) | At::Chunk(left) => {
                    let some = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                    passed += some;
                    let left = left.saturating_sub(u64::try_from(some).unwrap_or(u64::MAX));
                    self.at = match self.at {
                        At::Body(_) if left == 0 => At::Start,
                        At::Body(_) => At::Body(left),
                        _ if left == 0 => At::ChunkSize,
                        _ => At::Chunk(left),
                    };
                }
                At::Head | At::ChunkSize | At::Trailer => {
                    let end = rest.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
                    let some = end.unwrap_or(rest.len());
                    self.text.extend_from_slice(rest.get(..some).unwrap_or_default());
                    passed += some;
                    if end.is_some() {
                        self.line_ended();
                    } else if self.text.len() > LONGEST_HEAD {
                        self.at = At::Opaque;
                    }
                }
            }
        }
        (passed, false)
    }

    fn line_ended(&mut self) {
        let is_empty_line = self.text.ends_with(b"\n\r\n") || self.text.ends_with(b"\n\n");
        self.at = match self.at {
            At::Head if is_empty_line => after_head(&self.text),
            At::Head if self.text.len() > LONGEST_HEAD => At::Opaque,
            At::Head => return,
            At::ChunkSize => after_chunk_size(&self.text),
            _ if self.text == b"\r\n" || self.text == b"\n" => At::Start,
            _ => At::Trailer,
        };
        self.text.clear();
    }
}

pub(super) enum Start {
    LineEnd,
    /// It may still become a HEAD.
    Unclear,
    Request {
        is_head: bool,
    },
}

pub(super) fn starts(bytes: &[u8]) -> Start {
    const HEAD: &[u8] = b"HEAD ";
    if bytes.first().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
        return Start::LineEnd;
    }
    match bytes.starts_with(HEAD) {
        false if HEAD.starts_with(bytes) => Start::Unclear,
        is_head => Start::Request { is_head },
    }
}

/// The place of the bytes after a head: in its body, before the next message, or where messages cannot be followed.
pub(super) fn after_head(head: &[u8]) -> At {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut request = httparse::Request::new(&mut headers);
    if !request.parse(head).is_ok_and(|status| status.is_complete()) {
        return At::Opaque;
    }
    let of = |name: &str| request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    if of("upgrade").is_some() || request.method == Some("CONNECT") {
        return At::Opaque;
    }
    match (of("transfer-encoding"), of("content-length")) {
        (Some(_), _) => At::ChunkSize,
        (None, Some(length)) => {
            match std::str::from_utf8(length.value).ok().and_then(|text| text.trim().parse().ok()) {
                Some(0) => At::Start,
                Some(length) => At::Body(length),
                None => At::Opaque,
            }
        }
        (None, None) => At::Start,
    }
}

pub(super) fn after_chunk_size(line: &[u8]) -> At {
    let size =
        line.split(|byte| matches!(byte, b';' | b'\r' | b'\n')).next().and_then(|size| std::str::from_utf8(size).ok());
    match size.and_then(|size| u64::from_str_radix(size.trim(), 16).ok()) {
        Some(0) => At::Trailer,
        Some(size) => At::Chunk(size.saturating_add(2)),
        None => At::Opaque,
    }
}
