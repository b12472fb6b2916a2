//! `formwork key …`: the key that seals secrets in the database. The server has to stand still for it.

use engine::text::Language;

use super::{Outcome, operator};
use crate::data_folder::DataFolder;
use crate::service::{Refusal, open_store, seal};
use crate::settings::{Options, Settings};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
}

pub fn rotate(arguments: Arguments) -> Outcome {
    standing_still(arguments, async |settings| {
        seal::rotate(settings).await?;
        Ok("Everything is sealed with a new key. Keep a copy of its file apart from the database."
            .to_string())
    })
}

pub fn forget(arguments: Arguments) -> Outcome {
    standing_still(arguments, async |settings| {
        let store = open_store(&settings).await?;
        let forgotten = seal::forget(&store).await;
        store.close().await;
        let seal::Forgotten { second_factors, letters, secrets } = forgotten?;
        Ok(format!(
            "{second_factors} members have no second step any more, {letters} letters will not be sent, \
             {secrets} secrets of apps have to be given anew."
        ))
    })
}

/// Does something with the data folder for itself alone.
fn standing_still(
    arguments: Arguments,
    work: impl AsyncFnOnce(Settings) -> Result<String, Refusal>,
) -> Outcome {
    let settings = Settings::read(arguments.options)?;
    let _folder = DataFolder::lock(&settings.data)?;
    let runtime = super::runtime()?;
    let said = runtime.block_on(work(settings)).map_err(|refusal| operator::words(refusal, Language::En))?;
    println!("{said}");
    Ok(())
}
