//! c
use crate::{commit::Head, record::Record, request::RequestId};
use engine::{event::Event, identity::PlaceId, member::Caller, moment::Moment};
/// A record.
pub fn sample(head: Head, request: &str) -> Record {
    let event = Event::PlaceRenamed { place: PlaceId::new(1), name: request.to_owned() };
    let request = RequestId::new(request).expect("samples have valid ids");
    Record::seal(head, Moment::from_millis(0), Caller::System, request, vec![event])
        .expect("samples are plain")
}
