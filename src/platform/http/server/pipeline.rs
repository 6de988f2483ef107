//! Requests that a client sends on one connection without waiting for answers. actix-http notes for the connection, not
//! for the request, that a HEAD has been read: one that is read before an earlier answer is written takes that answer's
//! body away, and what follows is taken for it. So a request waits in the connection while earlier ones are unanswered,
//! if it or one of them is a HEAD. Nothing else is read ahead or judged here: what cannot be understood is left to
//! actix-http.
mod messages;
use messages::Messages;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    rt::net::TcpStream,
};
use std::{
    cell::RefCell,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes read at once.
const PIECE: usize = 8 * 1024;

/// Longer heads are refused by actix-http.
const LONGEST_HEAD: usize = 256 * 1024;

/// The state of a connection's requests: shared by the connection and the application, within one worker.
#[derive(Clone, Default)]
pub struct Turns(Rc<RefCell<Standing>>);

#[derive(Default)]
struct Standing {
    unanswered: usize,
    /// The last request that was read is a HEAD.
    is_head: bool,
    waiting: Option<Waker>,
}

impl Turns {
    /// Lets a request go on, unless it must wait for its turn.
    fn begin(&self, is_head: bool) -> bool {
        let mut standing = self.0.borrow_mut();
        if standing.unanswered > 0 && (is_head || standing.is_head) {
            return false;
        }
        standing.unanswered += 1;
        standing.is_head = is_head;
        true
    }

    fn wait(&self, waker: &Waker) {
        self.0.borrow_mut().waiting = Some(waker.clone());
    }

    fn answered(&self) {
        let mut standing = self.0.borrow_mut();
        standing.unanswered = standing.unanswered.saturating_sub(1);
        if standing.unanswered == 0
            && let Some(waiting) = standing.waiting.take()
        {
            waiting.wake();
        }
    }
}

/// Notes that a request has its answer, whose head is written before anything more is read. The outermost middleware.
pub async fn answered(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let turns = req.conn_data::<Turns>().cloned();
    let answer = next.call(req).await;
    turns.iter().for_each(Turns::answered);
    answer
}

/// A connection of a client.
pub struct Connection {
    stream: TcpStream,
    /// Bytes that have come and are not handed on, the first `free` of which may be.
    came: Vec<u8>,
    free: usize,
    messages: Messages,
    turns: Turns,
}

impl Connection {
    /// Of a socket.
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, came: vec![], free: 0, messages: Messages::default(), turns: Turns::default() }
    }

    /// The state of its requests.
    pub fn turns(&self) -> Turns {
        self.turns.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let mut waits = false;
            if this.free == 0 && !this.came.is_empty() {
                (this.free, waits) = this.messages.pass(&this.came, &this.turns);
            }
            if this.free > 0 {
                let count = this.free.min(out.remaining());
                out.put_slice(this.came.get(..count).unwrap_or_default());
                this.came.drain(..count);
                this.free -= count;
                return Poll::Ready(Ok(()));
            }
            if waits {
                this.turns.wait(cx.waker());
                return Poll::Pending;
            }
            let mut piece = [0; PIECE];
            let mut piece = ReadBuf::new(&mut piece);
            ready!(Pin::new(&mut this.stream).poll_read(cx, &mut piece))?;
            match (piece.filled().is_empty(), this.came.is_empty()) {
                (true, true) => return Poll::Ready(Ok(())),
                // A word was begun and nothing more comes.
                (true, false) => this.free = this.came.len(),
                (false, _) => this.came.extend_from_slice(piece.filled()),
            }
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The requests that pass at once, cut into pieces of so many bytes; each is answered once all of it that may has
    /// passed.
    fn rounds(bytes: &[u8], piece: usize) -> Vec<String> {
        let (mut messages, turns, mut rounds, mut held, mut round) =
            (Messages::default(), Turns::default(), vec![], vec![], vec![]);
        for piece in bytes.chunks(piece) {
            held.extend_from_slice(piece);
            loop {
                let (passed, waits) = messages.pass(&held, &turns);
                round.extend(held.drain(..passed));
                if !waits {
                    break;
                }
                rounds.push(String::from_utf8(std::mem::take(&mut round)).unwrap());
                while turns.0.borrow().unanswered > 0 {
                    turns.answered();
                }
            }
        }
        rounds.push(String::from_utf8(round).unwrap());
        rounds
    }

    const GET: &str = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    const HEAD: &str = "HEAD /b HTTP/1.1\r\nHost: x\r\n\r\n";
    const POST: &str = "POST /c HTTP/1.1\r\nContent-Length: 17\r\n\r\nHEAD / HTTP/1.1\r\n";
    const CHUNKED: &str =
        "POST /d HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=1\r\nHEAD \r\n0\r\nX: HEAD \r\n\r\n";

    #[test]
    fn a_head_waits_for_earlier_answers_and_others_wait_for_its_answer() {
        let all = [GET, HEAD, GET, POST, HEAD, HEAD, CHUNKED, GET, HEAD].concat();
        let expected =
            [GET, HEAD, &[GET, POST].concat(), HEAD, HEAD, &[CHUNKED, GET].concat(), HEAD].map(str::to_owned).to_vec();
        for piece in [1, 2, 3, 7, 64, 4096] {
            assert_eq!(rounds(all.as_bytes(), piece), expected, "{piece}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_handed_on_as_it_is() {
        for strange in [
            "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\nHEAD / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\nHEAD ",
            "\0\r\n\r\nHEAD ",
        ] {
            assert_eq!(rounds(strange.as_bytes(), 5), [strange], "{strange:?}");
        }
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_or_added(texts in prop::collection::vec("(GET|HEAD|POST) [ -~]{0,9}[\r\n]{0,4}[ \
            -~\r\n]{0,30}", 0..6), piece in 1usize..40) {
            let all = texts.concat();
            let passed = rounds(all.as_bytes(), piece).concat();
            prop_assert!(all.starts_with(&passed) && "HEAD ".starts_with(&all[passed.len()..]), "{all:?} {passed:?}");
        }
    }
}
