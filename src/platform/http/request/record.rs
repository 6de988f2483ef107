//! Routes of one record: `RecordRead` shows it, `RecordStep` takes it a step further without a body.
use super::{
    body::Nothing,
    change::Change,
    etag::{IfMatch, versioned},
    idempotency_key::OptionalKey,
    params::PathOf,
};
use crate::{
    kernel::{Actor, Error, Locations, Result, actor::Permission},
    platform::{
        db::{Db, Read},
        group_commit::Versioned,
        idempotency::Caller,
    },
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, web};
use futures_util::future::LocalBoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};

/// A request to show the record that the path names.
pub struct RecordRead<Id> {
    /// The one who asks.
    pub actor: Actor,
    id: Id,
    db: web::Data<Db>,
    request: HttpRequest,
}

impl<Id: Send + 'static> RecordRead<Id> {
    /// The record as `read` finds it at the locations where the caller has a permission, or 304 if the caller has it.
    /// 403 if the permission is theirs nowhere.
    pub async fn answer<T: Versioned + Serialize + Send + 'static>(
        self,
        permission: Permission,
        read: impl FnOnce(&mut Read, &Locations, Id) -> Result<T> + Send + 'static,
    ) -> Result<HttpResponse> {
        self.actor.require_anywhere(permission)?;
        let (locations, id) = (self.actor.places(permission), self.id);
        let found = self.db.read(move |db| read(db, &locations, id)).await?;
        versioned(&self.request, found.version(), &found)
    }
}

impl<Id: DeserializeOwned + 'static> FromRequest for RecordRead<Id> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = req.clone();
        Box::pin(async move {
            let actor = Actor::extract(&request).await?;
            let id = PathOf::<Id>::extract(&request).await?.0;
            let db = web::Data::<Db>::extract(&request).await.map_err(|e| anyhow::anyhow!("{e}"))?;
            Ok(Self { actor, id, db, request })
        })
    }
}

/// The refusals of a change of a draft, for the documentation.
#[derive(utoipa::IntoResponses)]
pub enum DraftRefusals {
    /// The record is no longer a draft.
    #[response(status = 409, description = "No longer a draft")]
    NoDraft,
    /// The version that `If-Match` names is not the present one.
    #[response(status = 412, description = "Stale version")]
    Stale,
    /// `If-Match` was not sent.
    #[response(status = 428, description = "If-Match is missing")]
    NoCondition,
}

/// A request to take the record that the path names a step further. It has no body; `Idempotency-Key` and `If-Match`
/// may be sent.
#[derive(Debug)]
pub struct RecordStep<Id> {
    /// The one who asks, with key and condition.
    pub caller: Caller,
    /// Identifies the record.
    pub id: Id,
}

impl<Id: DeserializeOwned + 'static> FromRequest for RecordStep<Id> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let id = PathOf::<Id>::extract(&req).await?.0;
            let change = Change::<Nothing, OptionalKey, IfMatch>::from_request(&req, &mut payload).await?;
            Ok(Self { caller: change.caller, id })
        })
    }
}

impl<Id> IntoParams for RecordStep<Id> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut headers = IfMatch::into_params(&place);
        headers.extend(OptionalKey::into_params(&place));
        headers
    }
}
