//! What must come to the same however often it comes, each alone.

use adoption::NoticeId;
use adoption::rollout::{Event, NoticeKind, Recipient};
use store::notice::NoticeRow;

use super::base::Base;
use super::course::Course;
use super::order::{Order, What, perform};
use crate::jobs::deliver::deliver_due;

#[tokio::test]
async fn an_edit_of_a_draft_that_comes_again_takes_nothing_back() {
    let base = Base::new().await;
    let mut course = Course::new(&base, 1).await;
    let plan = course.camera.picture().await.rollout.plan;
    let named = |name: &str| {
        let mut plan = Box::new(plan.clone());
        plan.name = name.to_owned();
        Order {
            id: name.to_owned(),
            what: What::Ask(Event::Edit { plan }),
        }
    };
    for name in ["first", "second", "first"] {
        let done = perform(&course.control, base.rollout, &named(name)).await;
        done.unwrap();
    }
    let picture = course.camera.picture().await;
    assert_eq!(picture.rollout.plan.name, "second");
}

/// Two notices to the status page, which are sent at once.
async fn told_twice(course: &Course<'_>) {
    let mut tx = course.control.store().write().await.unwrap();
    let row = store::rollout::by_id(&mut tx, course.base.rollout).await;
    let row = row.unwrap().unwrap();
    let notices = [NoticeKind::Announced, NoticeKind::Deprecated].map(|kind| {
        let recipient = Recipient::Status.key();
        NoticeRow {
            id: NoticeId::of(row.id, kind.as_str(), &recipient, 1),
            rollout: row.id,
            surface: row.surface,
            kind: kind.as_str().to_owned(),
            recipient,
            revision: 1,
            created_at: row.created_at,
        }
    });
    store::notice::append(&mut tx, &notices).await.unwrap();
    tx.commit().await.unwrap();
    course.net.heal();
}

#[tokio::test]
async fn two_notices_at_once_make_a_date_once_on_a_status_page() {
    let base = Base::new().await;
    let course = Course::new(&base, 1).await;
    told_twice(&course).await;
    deliver_due(&course.control).await.unwrap();
    assert_eq!(course.net.incidents().len(), 1);
}

#[tokio::test]
async fn a_date_whose_sender_died_is_found_again_on_a_status_page() {
    let base = Base::new().await;
    // The first request asks what is there, the second makes the incident.
    for requests in 1..=2 {
        let mut course = Course::new(&base, 1).await;
        told_twice(&course).await;
        course.net.kill_at(requests);
        deliver_due(&course.control).await.unwrap_err();
        course.crash().await;
        // Until the first is tried again.
        course.clock.advance_seconds(60);
        deliver_due(&course.control).await.unwrap();
        assert_eq!(course.net.crashes(), 1);
        assert_eq!(course.net.incidents().len(), 1);
    }
}
