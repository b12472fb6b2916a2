//! `POST /sounds`

use super::doc::Doc;
use super::extract::{Body, Signed};
use super::reply::{Reply, found};
use crate::service::sounds;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How Chinese names sound, for who types pinyin")
        .takes::<wire::SoundsInput>()
        .answers::<wire::Sounds>(200)
        .refuses(422, &["validation"])
}

pub async fn handler(_: Signed, Body(input): Body<wire::SoundsInput>) -> Reply {
    found(&sounds::sounds(&input)?)
}
