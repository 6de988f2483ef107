//! Everything at once against a model that only adds up.
use crate::support::{
    Shop,
    operations::{Stage, operations},
};
use std::rc::Rc;

#[actix_web::test]
async fn whatever_sixteen_people_do_the_books_equal_the_model() {
    let shop = Rc::new(Shop::open_for_long().await);
    let stage = Rc::new(Stage::set(&shop).await);
    let mut last = String::new();
    for _ in 0..3 {
        let (all, seed) = operations(120);
        stage.play(all).await;
        stage.check(&seed).await;
        last = seed;
    }
    stage.require_every_kind(&last);
    stage.let_years_pass().await;
    stage.check(&last).await;
}
