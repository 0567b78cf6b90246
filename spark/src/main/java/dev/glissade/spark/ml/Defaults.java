package dev.glissade.spark.ml;

/** The defaults of the params, of estimators and of models alike. */
final class Defaults {
  private Defaults() {}

  static void set(GlissadeParams owner) {
    owner.setDefault(owner.optimizer(), "prodigy");
    owner.setDefault(owner.schedule(), Choice.COSINE);
    owner.setDefault(owner.hidden(), new int[0]);
    owner.setDefault(owner.activation(), "relu");
    owner.setDefault(owner.maxIter(), 50);
    owner.setDefault(owner.batchSize(), 128);
    owner.setDefault(owner.standardization(), true);
    owner.setDefault(owner.seed(), 0L);
    owner.setDefault(owner.weightCol(), "");
    owner.setDefault(owner.engine(), Choice.AUTO);
    owner.setDefault(owner.numPartitions(), 0);
    owner.setDefault(owner.checkpointDir(), "");
    owner.setDefault(owner.checkpointInterval(), 10);
  }
}
