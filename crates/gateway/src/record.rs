//! The usage record of one call: reserved before the response head leaves, settled when the body has ended or broken off.

use std::rc::Rc;
use std::time::Instant;

use adoption::{ConsumerId, ContractId, KeyId, OperationId, Origin, Outcome, SurfaceId};
use http::Method;
use meter::{Call, JournalFull, NotDurable, Reservation, Settlement};

use crate::connection::Connection;
use crate::event::{self, Ended};
use crate::ids::RequestId;
use crate::request_body::RequestSource;
use crate::sight::Sight;
use crate::worker::Worker;

/// Nginx's name for a consumer that left before we could answer.
const CLIENT_CLOSED_REQUEST: u16 = 499;

/// What is known of a call. Dropping it settles it, so no path can forget.
pub struct Record {
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    pub request_id: u64,
    pub method: Method,
    pub call: Call,
    pub source: Option<Rc<RequestSource>>,
    /// Requests handed to an upstream, retries included.
    pub attempts: u16,
    pub upstream_us: u64,
    pub code: Option<&'static str>,
    /// Watches what is sent and delivered; `None` where nothing of the contract can be.
    pub sight: Option<Sight>,
    started: Instant,
    status: u16,
    origin: Origin,
    bytes_out: u64,
    stage: Stage,
}

/// How far the record has come.
enum Stage {
    /// No answer yet.
    Open,
    Answered(Option<Reservation>),
    Settled,
}

impl Record {
    /// Boxed: it goes from hand to hand, from the request to the end of the response body.
    pub fn begin(worker: &Rc<Worker>, connection: &Rc<Connection>, method: Method) -> Box<Self> {
        connection.begin_request();
        worker.request_began();
        let started = worker.now();
        Box::new(Self {
            call: Call {
                surface: SurfaceId::NONE,
                operation: OperationId::UNMATCHED,
                consumer: ConsumerId::ANONYMOUS,
                key: KeyId::NONE,
                contract: ContractId::NONE,
                client: meter::ClientNumber::OTHER,
                client_class: adoption::ClientClass::Unknown,
                started_at: worker.time_at(started),
            },
            worker: Rc::clone(worker),
            connection: Rc::clone(connection),
            request_id: worker.next_request_id(),
            method,
            source: None,
            attempts: 0,
            upstream_us: 0,
            code: None,
            sight: None,
            started,
            status: 0,
            origin: Origin::Gateway,
            bytes_out: 0,
            stage: Stage::Open,
        })
    }

    /// Whether no answer has been decided on.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open)
    }

    /// Microseconds from the request's arrival to this turn of its task.
    pub fn elapsed_us(&self) -> u64 {
        self.worker.now().duration_since(self.started).as_micros() as u64
    }

    /// Reserves the call in the journal; from here on it counts.
    pub fn answer(&mut self, status: u16, origin: Origin) -> Result<(), JournalFull> {
        let reservation = self
            .worker
            .lane
            .reserve(&self.call, status, origin, self.attempts)?;
        self.answered(status, origin, Some(reservation));
        Ok(())
    }

    /// Lets the call go on without a record; only by the owner's choice, and counted as such.
    pub fn answer_uncounted(&mut self, status: u16, origin: Origin) {
        self.worker.stats.add_uncounted();
        self.answered(status, origin, None);
    }

    /// The call is refused because it cannot be recorded.
    pub fn answer_unrecorded(&mut self, status: u16) {
        self.answered(status, Origin::Gateway, None);
    }

    fn answered(&mut self, status: u16, origin: Origin, reservation: Option<Reservation>) {
        self.worker.request_answered();
        self.status = status;
        self.origin = origin;
        self.stage = Stage::Answered(reservation);
    }

    /// Resolves when the reservation has reached the disk, or never will.
    pub async fn durable(&self) -> Result<(), NotDurable> {
        match &self.stage {
            Stage::Answered(Some(reservation)) => self.worker.lane.durable(reservation).await,
            Stage::Answered(None) | Stage::Open | Stage::Settled => Ok(()),
        }
    }

    pub fn count_out(&mut self, bytes: usize) {
        self.bytes_out += bytes as u64;
    }

    /// Bytes of the upstream's body on their way to the consumer.
    pub fn pass_out(&mut self, data: &[u8]) {
        self.count_out(data.len());
        if let Some(sight) = &mut self.sight {
            sight.pass(data);
        }
    }

    /// The consumer has been given everything.
    pub fn complete(&mut self) {
        self.settle(Outcome::Complete);
    }

    pub fn upstream_aborted(&mut self) {
        self.settle(Outcome::UpstreamAborted);
    }

    /// Ends a tunnel: bytes of both directions, however it ended.
    pub fn close_tunnel(&mut self, bytes_in: u64, bytes_out: u64, outcome: Outcome) {
        self.bytes_out = bytes_out;
        self.settle_with(bytes_in, outcome);
    }

    fn settle(&mut self, outcome: Outcome) {
        let bytes_in = self.source.as_ref().map_or(0, |source| source.bytes());
        self.settle_with(bytes_in, outcome);
    }

    fn settle_with(&mut self, bytes_in: u64, outcome: Outcome) {
        let Stage::Answered(reservation) = std::mem::replace(&mut self.stage, Stage::Settled)
        else {
            return;
        };
        let shapes = match (self.sight.take(), &reservation) {
            (Some(sight), Some(_)) => {
                let is_whole = outcome == Outcome::Complete;
                sight.shapes(self.source.as_ref(), is_whole, &self.worker.lane)
            }
            _ => meter::Shapes::default(),
        };
        let settlement = Settlement {
            bytes_in,
            bytes_out: self.bytes_out,
            latency_us: self.elapsed_us(),
            upstream_us: self.upstream_us,
            units: 1,
            outcome,
            shapes,
        };
        if let Some(reservation) = reservation {
            self.worker.lane.settle(reservation, &settlement);
        }
        self.connection.end_request();
        self.worker.stats.add_request();
        event::log(&self.ended(&settlement), self.worker.config.request_log);
    }

    fn ended<'a>(&'a self, settlement: &'a Settlement) -> Ended<'a> {
        Ended {
            request_id: RequestId(self.request_id),
            method: &self.method,
            call: &self.call,
            status: self.status,
            origin: self.origin,
            code: self.code,
            attempts: self.attempts,
            settlement,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let outcome = if self.worker.is_aborting() {
            Outcome::Interrupted
        } else {
            Outcome::ConsumerAborted
        };
        if matches!(self.stage, Stage::Open) {
            let (status, origin) = match (std::thread::panicking(), outcome) {
                (true, _) => (500, Origin::Gateway),
                (false, Outcome::Interrupted) => (503, Origin::Gateway),
                (false, _) => (CLIENT_CLOSED_REQUEST, Origin::Consumer),
            };
            if self.answer(status, origin).is_err() {
                self.answer_uncounted(status, origin);
            }
        }
        self.settle(outcome);
    }
}
