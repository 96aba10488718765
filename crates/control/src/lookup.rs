//! Things by name or id, and what a name may be.

use adoption::{ConsumerId, ConsumerName, Micros, SurfaceId};
use store::Tx;
use store::consumer::ConsumerRow;
use store::surface::SurfaceRow;

use crate::error::ControlError;

/// The row of this name or `surf_` id.
pub(crate) async fn find_surface(tx: &mut Tx, surface: &str) -> Result<SurfaceRow, ControlError> {
    let row = match surface.parse() {
        Ok(id) => store::surface::by_id(tx, id).await?,
        Err(_) => store::surface::by_name(tx, surface).await?,
    };
    row.ok_or_else(|| ControlError::NotFound {
        noun: "surface",
        name: surface.to_owned(),
    })
}

/// The row of this name or `cons_` id.
pub(crate) async fn find_consumer(
    tx: &mut Tx,
    consumer: &str,
) -> Result<ConsumerRow, ControlError> {
    let row = match consumer.parse() {
        Ok(id) => store::consumer::by_id(tx, id).await?,
        Err(_) => store::consumer::by_name(tx, consumer).await?,
    };
    row.ok_or_else(|| ControlError::NotFound {
        noun: "consumer",
        name: consumer.to_owned(),
    })
}

/// A name that is not an id of any kind, so that "name or id" has one meaning.
pub(crate) fn checked_name(
    field: &'static str,
    name: String,
) -> Result<ConsumerName, ControlError> {
    let invalid = |message| ControlError::Invalid { field, message };
    if name.parse::<ConsumerId>().is_ok() || name.parse::<SurfaceId>().is_ok() {
        return Err(invalid("a name may not look like an id".to_owned()));
    }
    ConsumerName::new(name).map_err(|error| invalid(error.to_string()))
}

/// The start of a minute of the roll-ups.
pub(crate) const fn minute_start(minute: i64) -> Micros {
    Micros::from_seconds(minute * 60)
}
