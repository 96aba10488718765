//! What the requests of one connection share: the peer, its deadlines, and what the strict front found.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;

use adoption::{ClientClass, KeyKind};
use meter::ClientNumber;

use crate::front::Violation;

/// Why the bytes of a request were not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Violation(Violation),
    /// It did not arrive within its deadline.
    TooSlow,
}

/// One connection of a consumer; lives on its worker's thread.
pub struct Connection {
    /// The address of the peer.
    pub peer: String,
    pub tls: bool,
    /// The peer's own forwarding headers are kept.
    pub trusted: bool,
    /// Requests whose response has not ended.
    in_flight: Cell<u32>,
    /// Why a head was refused that no parser got to see.
    head_refused: Cell<Option<Refused>>,
    /// Why the body of the request that is under way was refused.
    body_refused: Cell<Option<Refused>>,
    client: RefCell<Option<KnownClient>>,
}

/// The last `User-Agent` of this connection, already looked up.
struct KnownClient {
    user_agent: Option<Vec<u8>>,
    kind: Option<KeyKind>,
    number: ClientNumber,
    class: ClientClass,
}

impl Connection {
    pub fn new(peer_ip: IpAddr, tls: bool, trusted: bool) -> Self {
        Self {
            peer: peer_ip.to_string(),
            tls,
            trusted,
            in_flight: Cell::new(0),
            head_refused: Cell::new(None),
            body_refused: Cell::new(None),
            client: RefCell::new(None),
        }
    }

    pub fn begin_request(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
    }

    pub fn end_request(&self) {
        self.in_flight.set(self.in_flight.get() - 1);
    }

    pub fn is_idle(&self) -> bool {
        self.in_flight.get() == 0
    }

    pub fn note_head_refused(&self, refused: Refused) {
        self.head_refused.set(Some(refused));
    }

    pub fn note_body_refused(&self, refused: Refused) {
        self.body_refused.set(Some(refused));
    }

    pub fn take_head_refused(&self) -> Option<Refused> {
        self.head_refused.take()
    }

    pub fn take_body_refused(&self) -> Option<Refused> {
        self.body_refused.take()
    }

    /// The client of this `User-Agent`; looked up again only when it differs from the last request's.
    pub fn client(
        &self,
        user_agent: Option<&[u8]>,
        kind: Option<KeyKind>,
        look_up: impl FnOnce() -> (ClientNumber, ClientClass),
    ) -> (ClientNumber, ClientClass) {
        let mut known = self.client.borrow_mut();
        if let Some(known) = known.as_ref()
            && known.kind == kind
            && known.user_agent.as_deref() == user_agent
        {
            return (known.number, known.class);
        }
        let (number, class) = look_up();
        *known = Some(KnownClient {
            user_agent: user_agent.map(<[u8]>::to_vec),
            kind,
            number,
            class,
        });
        (number, class)
    }
}
