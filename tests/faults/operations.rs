//! Everything at once while PostgreSQL is restarted: what was acknowledged, and nothing else, is in the books.
use crate::{
    sized,
    support::{
        Shop,
        database::TestDatabase,
        operations::{Stage, operations},
        process::signal,
    },
};
use std::{rc::Rc, time::Duration};

#[actix_web::test]
async fn whatever_is_done_while_postgresql_restarts_the_books_equal_the_model() {
    let database = TestDatabase::durable();
    let way = database.url.clone();
    let shop = Rc::new(Shop::on(database, &way, &[("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "false")]).await);
    let stage = Rc::new(Stage::set(&shop).await);
    for how in ["INT", "QUIT"].into_iter().cycle().take(sized(2, 20)) {
        let (all, seed) = operations(120);
        let playing = {
            let stage = stage.clone();
            actix_web::rt::spawn(async move { stage.play(all).await })
        };
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert!(!playing.is_finished(), "nothing was going on when PostgreSQL was restarted");
        signal(shop.database.postmaster(), how);
        playing.await.unwrap();
        stage.check(&seed).await;
    }
}
